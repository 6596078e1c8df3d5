"""Puts derivatives into formulas, numbers and words; draws nothing.

`expression.py` has the one tree for a formula; `text.py`, `latex.py` and `mathml.py` print it (`boxes.py` decides how
the latter two set it, `templates.py` converts a user's own LaTeX). `numbers.py` says how a value is shown.
"""
