"""The primitive table: one row an operation, in files by kind.

`row` says what a row is, `table` where rows are looked up. `pointwise` holds ufuncs and their like; `reductions`, `scans`,
`statistics`, `quantiles` and `missing` (without nan) what goes over axes; `selection` sorts and chooses; `shapes` moves
elements, `ranges` makes sequences, `linalg` multiplies arrays.
"""

from autograd_lab.core.primitives import (
    linalg,
    missing,
    pointwise,
    quantiles,
    ranges,
    reductions,
    scans,
    selection,
    shapes,
    statistics,
)

__all__ = ["linalg", "missing", "pointwise", "quantiles", "ranges", "reductions", "scans", "selection", "shapes", "statistics"]
