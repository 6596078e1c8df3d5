"""Heat maps of arrays, in text and SVG alone: which cell is how strong, what the scale is, and how it is drawn.

    heat((64, 64) array)      Heat(cells="00a3...", rows=16, columns=16, stats=("-0.9", "0.01", "1.2", "1.2", ""), ...)
    drawn(cells, columns)     its cells as SVG paths, a unit square each; static/heat.js draws the same

Positive cells are filled in one hue, negative ones in another and with a bar across, as a minus sign has it, so that neither
colour nor light is needed to tell them apart; what is not finite is crossed out. Full strength is the largest magnitude.
More than 16 rows or columns are averaged in blocks; of more than two axes the first slice is shown.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lab.explain.numbers import mean, number

MOST: Final = 16
"""Rows and columns of cells; more are averaged in blocks."""

_LEVELS = 4  # of strength: as many as an eye tells apart in a small cell
_POSITIVE: Final = "01234"
_NEGATIVE: Final = "0abcd"
NAN, PLUS_INFINITY, MINUS_INFINITY = "x+-"

_BARRED: Final = {"weak": "ab", "strong": "cd-"}
_ODD: Final = NAN + PLUS_INFINITY + MINUS_INFINITY


class Heat(NamedTuple):
    """An array as cells, one character each, row by row.

    `stats` are minimum, mean and maximum of the finite elements, the magnitude that full strength stands for, and the number
    of elements that are not finite ("" for none). `block` is what each cell is the mean of, None where it is one element;
    `sliced` says that only the first slice of several is shown.
    """

    cells: str
    rows: int
    columns: int
    stats: tuple[str, str, str, str, str]
    block: tuple[int, int] | None
    sliced: bool


def heat(value: Any) -> Heat:
    """The heat map of an array with at least one element and one axis."""
    array = np.asarray(value)
    plane = np.atleast_2d(array[(0,) * max(array.ndim - 2, 0)]).astype(np.float64)
    rows, columns = grid(array.shape)
    averaged = _averaged(plane, rows, columns)
    finite = np.abs(averaged[np.isfinite(averaged)])
    scale = float(finite.max(initial=0.0))
    block = tuple(-(-n // m) for n, m in zip(plane.shape, (rows, columns), strict=True))
    return Heat(
        "".join(_cell(float(element), scale) for element in averaged.ravel()),
        rows,
        columns,
        (*_range(array), number(scale), _odd(array)),
        None if block == (1, 1) else (block[0], block[1]),
        array.ndim > 2,
    )


def grid(shape: tuple[int, ...]) -> tuple[int, int]:
    """The rows and columns of cells that an array of this shape is shown with."""
    rows, columns = (1, *shape)[-2:]
    return min(rows, MOST), min(columns, MOST)


def drawn(cells: str, columns: int) -> str:
    """The cells as SVG paths, one for each strength: strokes as high as a cell along its middle, in units of cells."""
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    solid = [row.replace(PLUS_INFINITY, _POSITIVE[-1]).replace(MINUS_INFINITY, _NEGATIVE[-1]) for row in rows]
    paths = [(f"h{strength}", _runs(solid, strength)) for strength in _POSITIVE[1:] + _NEGATIVE[1:]]
    paths += [(name, _runs(rows, strengths)) for name, strengths in _BARRED.items()]
    paths.append(("odd", "".join(f"M{x} {y}m.2-.3l.6 .6m0-.6l-.6 .6" for y, row in enumerate(rows) for x in _places(row))))
    return "".join(f'<path class="{name}" d="{line}"/>' for name, line in paths if line)


def _places(row: str) -> list[int]:
    return [x for x, cell in enumerate(row) if cell in _ODD]


def _runs(rows: list[str], strengths: str) -> str:
    """Cells of these strengths that stand side by side, as one stroke each."""
    strokes = []
    for y, row in enumerate(rows):
        x = 0
        for chosen, run in groupby(row, strengths.__contains__):
            length = len(list(run))
            if chosen:
                strokes.append(f"M{x} {y}h{length}")
            x += length
    return "".join(strokes)


def _averaged(plane: Any, rows: int, columns: int) -> Any:
    """The means of blocks that differ by one element at most; of a block with something that is not finite, that."""
    if plane.shape == (rows, columns):
        return plane
    blocks = [np.array_split(band, columns, axis=1) for band in np.array_split(plane, rows, axis=0)]
    with np.errstate(all="ignore"):
        return np.array([[block.mean() for block in band] for band in blocks])


def _cell(element: float, scale: float) -> str:
    if not np.isfinite(element):
        return NAN if np.isnan(element) else PLUS_INFINITY if element > 0 else MINUS_INFINITY
    strength = round(round(_LEVELS * abs(element / scale), 6)) if scale else 0  # first off with what differs between CPUs
    return (_POSITIVE if element > 0 else _NEGATIVE)[strength]


def _range(array: Any) -> tuple[str, str, str]:
    finite = array[np.isfinite(array)]
    if not finite.size:
        return "nan", "nan", "nan"
    return number(finite.min()), number(mean(finite)), number(finite.max())


def _odd(array: Any) -> str:
    count = int(np.size(array) - np.count_nonzero(np.isfinite(array)))
    return str(count) if count else ""
