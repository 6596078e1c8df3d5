"""The primitive table: one row an operation, in files by kind.

`row` says what a row is, `table` where rows are looked up. `pointwise` holds ufuncs and their like, `ranges` evenly spaced
values; `reductions`, `scans`, `statistics`, `quantiles` and `missing` (without nan) what goes over axes; `selection` sorts
and chooses; `shapes`, `copying`, `joining` and `diagonals` move elements, `assignment` writes to a part; `products`,
`contractions`, `einsum`, `linalg`, `norms` and `factorizations` are linear algebra.
"""

from autograd_lab.core.primitives import (
    contractions,
    copying,
    diagonals,
    einsum,
    factorizations,
    joining,
    linalg,
    missing,
    norms,
    pointwise,
    products,
    quantiles,
    ranges,
    reductions,
    scans,
    selection,
    shapes,
    statistics,
)

__all__ = [
    "contractions",
    "copying",
    "diagonals",
    "einsum",
    "factorizations",
    "joining",
    "linalg",
    "missing",
    "norms",
    "pointwise",
    "products",
    "quantiles",
    "ranges",
    "reductions",
    "scans",
    "selection",
    "shapes",
    "statistics",
]
