"""The box of a node that holds an array: its shape and dtype, its elements or a heat map, and the same room for a derivative.

    form(shape)              Form of a shape; None for scalars, whose box picture.py draws
    array_rows(node, ...)    what stands in the box, as SVG
    told(value)              an array for the storyboard: elements as text, or the cells and numbers of a heat map

The size follows from the shape and the format of numbers, never from values. What a step brings goes into elements that
stand there from the start, each marked by data-slot: cell0, cell1, ... or heat, min, mean, max, scale, odd.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from autograd_lab.explain.numbers import WIDTH, number
from autograd_lab.graph import Node
from autograd_lab.views.heat import drawn, grid, heat
from autograd_lab.views.layout import Point
from autograd_lab.views.shapes import px, safe, slot, text

MOST_ROWS, MOST_COLUMNS = 4, 4
"""The largest array whose elements are written out."""

STATS: Final = ("min", "mean", "max", "scale", "odd")
"""Slots beside a heat map, in the order of Heat.stats; texts "heatMin", ... say how each is put."""

# Pixels. A cell holds a number of WIDTH characters of 12 px, which are 7.3 wide at most.
_CELL: Final = (round(WIDTH * 7.3) + 5, 16)
_NARROWEST = 188
_HEAD, _SYMBOL, _FOOT = 44, 26, 27  # above what is shown, between it and its derivative, below
_LABEL, _SHAPE, _SYMBOL_BASELINE, _ARRIVED = 19, 35, 18, 10
_MAP: Final = (96, 80)  # the room of a heat map
_STRIP = 24  # the height of a vector's
_LINE, _LINES = 14, 6
_BESIDE = 8
_WIDEST_STAT = 16 * 7.3
_PADDING = 10


class Form(NamedTuple):
    """How an array of a shape is shown: "values", "heat" or "empty"; rows and columns of cells; the size of its box."""

    kind: str
    rows: int
    columns: int
    size: tuple[int, int]


def form(shape: tuple[int, ...]) -> Form | None:
    """The form of arrays of this shape; None for a scalar."""
    if not shape:
        return None
    if 0 in shape:
        return Form("empty", 0, 0, (_NARROWEST, _height(_CELL[1])))
    rows, columns = (1, *shape)[-2:]
    if len(shape) <= 2 and rows <= MOST_ROWS and columns <= MOST_COLUMNS:
        return Form("values", rows, columns, (max(_NARROWEST, columns * _CELL[0] + 2 * _PADDING), _height(rows * _CELL[1])))
    width = round(2 * _PADDING + _MAP[0] + _BESIDE + _WIDEST_STAT)
    return Form("heat", *grid(shape), (width, _height(_LINE * _LINES)))


def size_of(node: Node) -> tuple[int, int] | None:
    """The size of a node's box; None for the common one."""
    shown = form(np.shape(node.value))
    return None if shown is None else shown.size


def has_heat(node: Node) -> bool:
    """Whether a node's box shows a heat map."""
    shown = form(np.shape(node.value))
    return shown is not None and shown.kind == "heat"


def told(value: Any) -> dict[str, Any] | None:
    """An array as the storyboard tells it; None for a scalar and for an array without elements."""
    shown = form(np.shape(value))
    if shown is None or shown.kind == "empty":
        return None
    if shown.kind == "values":
        return {"cells": [number(element) for element in np.ravel(value)]}
    found = heat(value)
    return {"heat": found.cells, "stats": list(found.stats)}


def filled(array: Mapping[str, Any] | None, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The slots of a box and what stands in them once a step has told an array; static/heat.js fills them so too."""
    if array is None:
        return []
    if "cells" in array:
        return [(f"cell{i}", element) for i, element in enumerate(array["cells"])]
    stats = [(name, _said(words, name, value)) for name, value in zip(STATS, array["stats"], strict=True)]
    return [("heat", array["heat"]), *stats]


def _said(words: Mapping[str, str], name: str, value: str) -> str:
    return words[f"heat{name.title()}"].format(value=value) if value else ""


def array_rows(node: Node, centre: Point, label: str, shown: Form, words: Mapping[str, str]) -> list[str]:
    """Everything inside the box of an array, from top to bottom."""
    x, y = centre
    top = y - shown.size[1] / 2
    array = np.asarray(node.value)
    area = (shown.size[1] - _HEAD - _SYMBOL - _FOOT) / 2
    derivative = top + _HEAD + area
    return [
        text(x, top + _LABEL, label, "label"),
        text(x, top + _SHAPE, f"{_shape(array.shape)} {array.dtype}", "array-type"),
        *_primal(array, (x, top + _HEAD), area, shown, words),
        slot(x, derivative + _SYMBOL_BASELINE, "derivative"),
        *_room(array, (x, derivative + _SYMBOL), area, shown),
        slot(x, y + shown.size[1] / 2 - _ARRIVED, "arrived"),
    ]


def _height(area: float) -> int:
    return round(_HEAD + _SYMBOL + _FOOT + 2 * area)


def _shape(shape: tuple[int, ...]) -> str:
    """(2, 3); of very many axes the outer ones."""
    shown = str(shape)
    return shown if len(shown) <= _MOST_SHAPE else f"({shape[0]}, …, {shape[-1]})"


_MOST_SHAPE = 16


def _primal(array: Any, place: Point, area: float, shown: Form, words: Mapping[str, str]) -> list[str]:
    if shown.kind == "empty":
        return [text(place[0], place[1] + 12, words["emptyArray"], "primal")]
    if shown.kind == "values":
        shapes = [
            text(*at, number(element), "cell primal") for at, element in zip(_cells(place, shown), np.ravel(array), strict=True)
        ]
        return [_brackets(place, shown, "brackets"), *shapes]
    found = heat(array)
    lines = [_said(words, name, value) for name, value in zip(STATS, found.stats, strict=True) if value]
    if found.block is not None:
        lines.append(words["heatBlock"].format(rows=found.block[0], columns=found.block[1]))
    elif found.sliced:
        lines.append(words["heatSlice"])
    return [
        _frame(place, area, shown),
        _map(place, area, shown, 'class="heat primal"', drawn(found.cells, shown.columns)),
        *(_stat(place, i, shown, "primal", line) for i, line in enumerate(lines)),
    ]


def _room(array: Any, place: Point, area: float, shown: Form) -> list[str]:
    """Where a step writes the derivative."""
    if shown.kind == "empty":
        return []
    if shown.kind == "values":
        cells = [_slot(*at, f"cell{i}", "cell", "middle") for i, at in enumerate(_cells(place, shown))]
        return [_brackets(place, shown, "brackets derived"), *cells]
    stats = [_slot(*_beside(place, i, shown), name, "stat", "start") for i, name in enumerate(STATS)]
    attributes = f'class="heat" data-slot="heat" data-columns="{shown.columns}"'
    return [_frame(place, area, shown, " derived"), _map(place, area, shown, attributes), *stats]


def _cells(place: Point, shown: Form) -> list[Point]:
    """The baselines of the elements, row by row."""
    left = place[0] - (shown.columns - 1) / 2 * _CELL[0]
    return [(left + c * _CELL[0], place[1] + r * _CELL[1] + 12) for r in range(shown.rows) for c in range(shown.columns)]


def _brackets(place: Point, shown: Form, kind: str) -> str:
    half, height = shown.columns * _CELL[0] / 2, shown.rows * _CELL[1]
    sides = (
        f"M{px(place[0] + side * half - side * 4)},{px(place[1])}h{px(side * 4)}v{px(height)}h{px(-side * 4)}"
        for side in (-1, 1)
    )
    return f'<path class="{kind}" d="{" ".join(sides)}"/>'


def _rectangle(place: Point, area: float, shown: Form) -> tuple[float, float, float, float]:
    """Left, top, width and height of a heat map in its room: square cells, but a vector's are higher than wide."""
    side = min(_MAP[0] / shown.columns, _MAP[1] / shown.rows, _STRIP)
    width, height = shown.columns * side, _STRIP if shown.rows == 1 else shown.rows * side
    left = place[0] - shown.size[0] / 2 + _PADDING + (_MAP[0] - width) / 2
    return left, place[1] + (area - height) / 2, width, height


def _frame(place: Point, area: float, shown: Form, kind: str = "") -> str:
    left, top, width, height = _rectangle(place, area, shown)
    return f'<rect class="heat-frame{kind}" x="{px(left)}" y="{px(top)}" width="{px(width)}" height="{px(height)}"/>'


def _map(place: Point, area: float, shown: Form, attributes: str, cells: str = "") -> str:
    left, top, width, height = _rectangle(place, area, shown)
    across, down = width / shown.columns, height / shown.rows
    moved = f"translate({px(left)} {px(top + down / 2)}) scale({px(across)} {px(down)})"
    return f'<g {attributes} transform="{moved}">{cells}</g>'


def _beside(place: Point, line: int, shown: Form) -> Point:
    return place[0] - shown.size[0] / 2 + _PADDING + _MAP[0] + _BESIDE, place[1] + 11 + line * _LINE


def _stat(place: Point, line: int, shown: Form, kind: str, words: str) -> str:
    x, y = _beside(place, line, shown)
    return f'<text class="stat {kind}" x="{px(x)}" y="{px(y)}" text-anchor="start" direction="ltr">{safe(words)}</text>'


def _slot(x: float, y: float, name: str, kind: str, anchor: str) -> str:
    place = f'x="{px(x)}" y="{px(y)}" text-anchor="{anchor}" direction="ltr"'
    return f'<text class="{kind} derived" data-slot="{name}" {place}></text>'
