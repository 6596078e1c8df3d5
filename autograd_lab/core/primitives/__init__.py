"""The primitive table: one row an operation, in files by kind.

`row` says what a row is, `table` where rows are looked up; `pointwise`, `reductions`, `shapes` and `linalg` hold them.
"""

from autograd_lab.core.primitives import linalg, pointwise, reductions, shapes

__all__ = ["linalg", "pointwise", "reductions", "shapes"]
