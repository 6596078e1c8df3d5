"""The primitive table: one row an operation, in files by kind.

`row` says what a row is, `table` where rows are looked up. `pointwise` and `reductions` are what they say; `shapes`,
`copying`, `joining` and `diagonals` move elements; `products`, `contractions`, `einsum`, `linalg`, `norms` and
`factorizations` are linear algebra.
"""

from autograd_lab.core.primitives import (
    contractions,
    copying,
    diagonals,
    einsum,
    factorizations,
    joining,
    linalg,
    norms,
    pointwise,
    products,
    reductions,
    shapes,
)

__all__ = [
    "contractions",
    "copying",
    "diagonals",
    "einsum",
    "factorizations",
    "joining",
    "linalg",
    "norms",
    "pointwise",
    "products",
    "reductions",
    "shapes",
]
