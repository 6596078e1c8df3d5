"""Draws a graph as SVG: Graphviz says where, this says what stands there.

    svg(graph)                      a file of its own, with its style: to_svg(), an <img>
    svg(graph, standalone=False)    for a page that has static/picture.css already
    svg(graph, still=True)          a narrow one, from top to bottom, to stand beside others: no step will fill it

Computation runs from left to right, so reverse accumulation walks from right to left. Every box and edge has room for
what any step will show there (numbers have at most 10 characters); the empty <text data-slot> elements mark the places.
The frontend fills them and sets classes, and nothing ever moves. There are no ids: several pictures share a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import numpy as np

from autograd_lab.explain.expression import clean
from autograd_lab.explain.numbers import number
from autograd_lab.explain.sentences import origin
from autograd_lab.explain.text import columns
from autograd_lab.graph import Constant, Graph, Node
from autograd_lab.views.dot import Room, boxes, constant_label, label_of
from autograd_lab.views.groups import COUNT_COLUMNS, closed_boxes, frames, links
from autograd_lab.views.layout import Layout, Line, Point, place
from autograd_lab.views.node_box import array_rows, form, size_of
from autograd_lab.views.reduction import view_of
from autograd_lab.views.settings import NODE_LIMIT
from autograd_lab.views.shapes import arrow as _arrow
from autograd_lab.views.shapes import cut as _cut
from autograd_lab.views.shapes import elided as _elided
from autograd_lab.views.shapes import path as _path
from autograd_lab.views.shapes import px as _px
from autograd_lab.views.shapes import rect as _rect
from autograd_lab.views.shapes import safe as _safe
from autograd_lab.views.shapes import slot as _slot
from autograd_lab.views.shapes import text as _text
from autograd_lab.views.texts import texts
from autograd_lab.views.view import Place, View

LABEL_COLUMNS: Final = 22
"""Characters of a box's formula; the same room holds a derivative: a symbol of SYMBOL_COLUMNS, " = ", a number of 10."""
SYMBOL_COLUMNS: Final = 9
LOCAL_COLUMNS: Final = 12
"""Characters of a local derivative on an edge."""
SCOPE_COLUMNS: Final = 20

# Pixels. A monospaced character of 13 px is 7.9 wide at most; Graphviz takes 7.8 for Courier of that size.
_CODE: Final = 7.9
_MARGIN = 12
_ROOM: Final = Room(
    node=(188, 88),
    constant=(168, 60),
    edge_label=(LOCAL_COLUMNS + 1, 2),
    link_label=COUNT_COLUMNS,
    scope_label=SCOPE_COLUMNS,
    mono=13,
)
_STILL: Final = _ROOM._replace(node=(0, 52), edge_label=(0, 0), rankdir="TB")  # as wide as what stands in it
_STILL_COLUMNS, _STILL_PADDING = 10, 20
_BASELINES: Final = {"label": -24, "primal": -5, "derivative": 16, "arrived": 34}
_STILL_BASELINES: Final = {"label": -5, "primal": 15}
_CONSTANT_BASELINES: Final = (-13, 4, 21)
_LOCAL_BASELINES: Final = {"local": -6, "number": 10}


def svg(
    graph: Graph,
    *,
    standalone: bool = True,
    still: bool = False,
    limit: int = NODE_LIMIT,
    view: View | None = None,
    engine: str | None = None,
) -> str:
    """The picture of a graph with its primals, and empty slots for what a sweep adds. The same graph gives the same bytes.

    Args:
        graph: what to draw; tensors that no gradient flows to are drawn as cuts.
        standalone: with the style inside, for a file or an <img>.
        still: without room for steps, and from top to bottom; not where boxes stand for many nodes.
        limit: the largest graph that is drawn whole, in boxes; of a larger one scopes are closed, or it is cut.
        view: what to show of it, where that is chosen.
        engine: the layout's, see `layout.place`.

    Raises:
        LayoutError: Graphviz could not lay it out.
    """
    view = view_of(graph, limit=limit) if view is None else view
    words = texts()
    still = still and not view.boxes  # what stands for many nodes says too much for a small box
    room = _still_room(view) if still else _ROOM
    layout = place(boxes(view, room, size_of), engine)
    size = f"{_px(layout.width + 2 * _MARGIN)} {_px(layout.height + 2 * _MARGIN)}"
    width, height = size.split()
    spoken = _safe(words["picture"].format(title=clean(graph.name)))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="autograd-graph" viewBox="0 0 {size}" width="{width}" height="{height}"'
        f' role="{"img" if standalone else "group"}" aria-label="{spoken}">'
    )
    lines = [head]
    if standalone:
        lines.append(f"<style>\n{_style(arrays=any(np.ndim(node.value) for node in view.nodes))}</style>")
    lines.append(f'<g transform="translate({_MARGIN} {_MARGIN})">')
    lines += frames(view, layout, SCOPE_COLUMNS)
    for i, (constant, readers) in enumerate(view.constants):
        lines.append(_constant(f"c{i}", constant, readers, layout, words["cut"]))
    lines += links(view, layout)
    lines += [_edge(edge.id, layout.edges[f"e{i}"], still=still) for i, edge in enumerate(view.edges)]
    outputs = frozenset(graph.outputs)
    for i, node in enumerate(view.nodes):
        lines.append(_node(node, layout.nodes[f"n{i}"], words, room.node, still=still, output=node in outputs))
    lines += closed_boxes(view, layout, room.node)
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _still_room(view: View) -> Room:
    """Room for the longest formula among the scalars, and for any number."""
    written = (columns(_labelled(node)) for node in view.nodes if not np.ndim(node.value))
    width = round(_CODE * max([_STILL_COLUMNS, *written])) + _STILL_PADDING
    return _STILL._replace(node=(width, _STILL.node[1]))


def _labelled(node: Node) -> str:
    return _elided(label_of(node, subscripts=True), LABEL_COLUMNS)


def _node(node: Node, centre: Point, words: Mapping[str, str], size: tuple[int, int], *, still: bool, output: bool) -> str:
    x, y = centre
    shown = form(np.shape(node.value))
    size = size if shown is None else shown.size
    kinds = ["node", "input" if node.op is None else "operation", *(["output"] if output else [])]
    radius = 20 if node.op is None else 5
    label = _labelled(node)
    baselines = _STILL_BASELINES if still else _BASELINES
    rows = [_text(x, y + baselines["label"], label, "label"), _text(x, y + baselines["primal"], number(node.value), "primal")]
    if not still:
        rows += [_slot(x, y + baselines[name], name) for name in ("derivative", "arrived")]
    if shown is not None:
        rows = array_rows(node, centre, label, shown, words)
    rows.insert(0, _rect(x - size[0] / 2, y - size[1] / 2, size, radius, "box"))
    return f'<g class="{" ".join(kinds)}" data-node="{_safe(str(node.label))}">{"".join(rows)}</g>'


def _edge(identity: str, line: Line, *, still: bool) -> str:
    if still:
        return f'<g class="edge" data-edge="{_safe(identity)}">{_path(line)}{_arrow(line)}</g>'
    x, y = line.label or line.points[len(line.points) // 2]
    slots = _slot(x, y + _LOCAL_BASELINES["local"], "local", "local-symbol") + _slot(
        x, y + _LOCAL_BASELINES["number"], "number", "local-number"
    )
    return f'<g class="edge" data-edge="{_safe(identity)}">{_path(line)}{_arrow(line)}{slots}</g>'


def _constant(name: str, constant: Constant, readers: tuple[Place, ...], layout: Layout, cut: str) -> str:
    """A value that the operation reads and no gradient flows back to: a dashed box, and a line that is cut."""
    x, y = layout.nodes[name]
    width, height = _ROOM.constant
    rows = [_elided(constant_label(constant), LABEL_COLUMNS), cut, _elided(origin(constant), LABEL_COLUMNS)]
    parts = []
    for k, reader in enumerate(readers):
        line = layout.edges[f"{name}_{k}"]
        parts.append(f'<g data-feeds="{_fed((reader,))}">{_path(line)}{_cut(line)}</g>')
    parts.append(f'<g data-feeds="{_fed(readers)}">')
    parts.append(_rect(x - width / 2, y - height / 2, _ROOM.constant, 5, "box"))
    parts += [
        _text(x, y + dy, row, kind)
        for dy, row, kind in zip(_CONSTANT_BASELINES, rows, ("label", "cut-note", "origin"), strict=True)
    ]
    return f'<g class="constant">{"".join(parts)}</g></g>'


def _fed(readers: tuple[Place, ...]) -> str:
    """The labels of the nodes among them; what only boxes read is there from the start."""
    return " ".join(_safe(str(reader.label)) for reader in readers if isinstance(reader, Node))


@cache
def _style(*, arrays: bool) -> str:
    """The style inside a file; what only arrays need stays out where there are none."""
    static = Path(__file__).parent / "static"
    css = [
        (static / name).read_text(encoding="utf-8") for name in ("picture.css", "many.css", *(["heat.css"] if arrays else []))
    ]
    return escape("\n".join(css), quote=False)
