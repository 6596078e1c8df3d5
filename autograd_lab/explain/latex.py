r"""Prints an expression as LaTeX: `latex(e)`, which MathJax, KaTeX and LaTeX itself all take.

    latex(call("divide", w3, w2))       \frac{w_{3}}{w_{2}}
    fill(template)                      a user's own LaTeX with its operands in place

Numbers keep the look they have everywhere else, 1e-05: one value, one spelling, in table, picture and formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, assert_never

from autograd_lab.explain.boxes import (
    Box,
    Cases,
    Fence,
    Filled,
    Fraction,
    Function,
    Grid,
    Identifier,
    Numeral,
    Operator,
    Phrase,
    Root,
    Row,
    Sub,
    Super,
    Words,
)
from autograd_lab.explain.expression import Expression
from autograd_lab.explain.notation import layout

_OPERATORS: Final = {
    "equals": " = ",
    "comma": ", ",
    "apply": "",
    "juxtapose": " ",
    "dot": r" \cdot ",
    "times": r" \times ",
    "elementwise": r" \odot ",
    "plus": " + ",
    "minus": " - ",
    "negate": "-",
    "affirm": "+",
    "partial": r"\partial ",
    "transpose": r"\top",
    "less": " < ",
    "less_equal": r" \le ",
    "greater": " > ",
    "greater_equal": r" \ge ",
    "equal": r" \mathrel{==} ",
    "not_equal": r" \ne ",
    "modulo": r" \bmod ",
    "tensor": r" \otimes ",
    "prime": r"\prime ",
    "point": ".",
    "increase": r" \mathrel{+}= ",
}

_DELIMITERS: Final = {
    "⌊": r"\lfloor ",
    "⌋": r"\rfloor",
    "⌈": r"\lceil ",
    "⌉": r"\rceil",
    "‖": r"\|",
    "⟨": r"\langle ",
    "⟩": r"\rangle",
}

_COMMANDS: Final = frozenset(
    {"sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "log", "max", "min", "det"}
)

_ESCAPES: Final = {
    **{c: f"\\{c}" for c in "_#%&${}"},
    " ": r"\ ",
    "\\": r"\backslash{}",
    "^": r"\wedge{}",
    "~": r"\sim{}",
    "<": r"\mathord{<}",  # in braces: a page that shows the source has no <script> in it
    ">": r"\mathord{>}",
}

_PLACEHOLDER: Final = re.compile(r"\{([0-9]+|out|tangent|adjoint)\}")

# What stands before a placeholder that is an argument: its braces are its parentheses.
_ARGUMENT: Final = re.compile(
    r"(\\([dt]?frac|binom|sqrt|hat|bar|vec|tilde|dot|ddot|overline|underline|widehat|widetilde|math[a-z]+|boldsymbol)"
    r"|\\([dt]?frac|binom)\{[^{}]*(\{[^{}]*\})?[^{}]*\}|\\sqrt\[[^\]]*\]|[\^_])$"
)


def latex(e: Expression) -> str:
    """The expression in LaTeX's mathematics, without dollar signs."""
    return _write(layout(e))


def fill(latex_template: str, operands: Mapping[str, tuple[str, str]]) -> str:
    r"""The template with each operand in place, given as it is and as it reads in parentheses.

    The braces of a placeholder stay where LaTeX needs them (\frac{0}{1}, x^{0}) and go elsewhere.
    """

    def replace(found: re.Match[str]) -> str:
        if found[1] not in operands:
            return found[0]
        plain, fenced = operands[found[1]]
        before, after = latex_template[: found.start()], latex_template[found.end() :]
        if after.startswith(("^", "_", "'")):
            return f"{{{fenced}}}"
        if _ARGUMENT.search(before):
            return f"{{{plain}}}"
        enclosed = before.endswith(("(", "[", "{", "|", ",")) and after.startswith((")", "]", "}", "|", ",", "\\right"))
        if enclosed or not (before or after):
            return plain
        return f"{{{fenced}}}" if re.search(r"(\\[A-Za-z]+|\})$", before) else fenced

    return _PLACEHOLDER.sub(replace, latex_template)


def _write(box: Box) -> str:  # noqa: C901, PLR0912  one case a kind of box
    match box:
        case Identifier(name):
            return name if len(name) == 1 and name.isascii() and name.isalpha() else f"\\mathrm{{{_upright(name)}}}"
        case Function(name):
            return f"\\{name}" if name in _COMMANDS else f"\\operatorname{{{_upright(name)}}}"
        case Numeral(digits):
            sign, unsigned = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
            plain = unsigned.replace(".", "").isdecimal()
            return sign + (unsigned if plain else f"\\mathrm{{{_value(unsigned)}}}")
        case Words(text):
            return f"\\mathrm{{{_value(text)}}}"
        case Operator(name):
            return _OPERATORS[name]
        case Row(items):
            return "".join(map(_write, items))
        case Fraction(above, below):
            return f"\\frac{{{_write(above)}}}{{{_write(below)}}}"
        case Sub(base, index):
            return f"{_write(base)}_{{{_write(index)}}}"
        case Super(base, exponent):
            return f"{_write(base)}^{{{_write(exponent)}}}"
        case Root(body, order):
            return f"\\sqrt{f'[{order}]' if order else ''}{{{_write(body)}}}"
        case Fence(left, body, right):
            return f"\\left{_DELIMITERS.get(left, left)}{_write(body)}\\right{_DELIMITERS.get(right, right)}"
        case Phrase(text):
            return f"\\text{{ {text} }}"
        case Cases(rows):
            lines = r" \\ ".join(f"{_write(value)} & {_write(holds)}" for value, holds in rows)
            return f"\\begin{{cases}} {lines} \\end{{cases}}"
        case Grid(rows):
            lines = r" \\ ".join(" & ".join(map(_write, row)) for row in rows)
            return f"\\begin{{matrix}} {lines} \\end{{matrix}}"
        case Filled(latex_template, operands):
            return fill(latex_template, {key: (_write(plain), _write(fenced)) for key, plain, fenced in operands})
    assert_never(box)


def _upright(text: str) -> str:
    r"""The text inside \mathrm: letters and digits as they are, every other character so that it means itself."""
    return "".join(
        run if re.fullmatch("[A-Za-z0-9]+", run) else _ESCAPES.get(run, f"\\text{{{run}}}")
        for run in re.findall(r"[A-Za-z0-9]+|[_#%&${} \\^~<>]|[^A-Za-z0-9_#%&${} \\^~<>]+", text)
    )


def _value(text: str) -> str:
    """A value's text: brackets and digits as they are, minus signs that are signs and not operations."""
    pieces = re.findall(r"[A-Za-z0-9.\[\]():]+|-(?=[0-9.]|inf)|[,×]|.", text, re.DOTALL)
    special = {"-": "{-}", ",": "{,}", "×": r"{\times}", ":": "{:}"}
    return "".join(
        piece.replace(":", "{:}") if re.fullmatch(r"[A-Za-z0-9.\[\]():]+", piece) else special.get(piece) or _upright(piece)
        for piece in pieces
    )
