"""Draws a graph as SVG: Graphviz says where, this says what stands there.

    svg(graph)                      a file of its own, with its style: to_svg(), an <img>
    svg(graph, standalone=False)    for a page that has static/picture.css already

Computation runs from left to right, so reverse accumulation walks from right to left. Every box and edge has room for
what any step will show there (numbers have at most 10 characters); the empty <text data-slot> elements mark the places.
The frontend fills them and sets classes, and nothing ever moves. There are no ids: several pictures share a page.
"""

from __future__ import annotations

import math
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from autograd_lab.explain.expression import clean
from autograd_lab.explain.numbers import number
from autograd_lab.explain.sentences import origin
from autograd_lab.explain.text import elide
from autograd_lab.graph import Constant, Graph, Node
from autograd_lab.language import gettext as _
from autograd_lab.views.dot import Room, boxes, constant_label, label_of, scopes
from autograd_lab.views.layout import Area, Layout, Line, Point, place
from autograd_lab.views.texts import texts

NODE_LIMIT: Final = 400
"""The largest graph that is drawn, in boxes; twice as many edges are drawn. Beyond it nobody reads a picture."""
EDGES_A_NODE: Final = 2
RANKS_A_NODE: Final = 4
"""Columns that all edges together may cross, a node of the limit: Graphviz's time grows with the square of them."""

LABEL_COLUMNS: Final = 22
"""Characters of a box's formula; the same room holds a derivative: a symbol of SYMBOL_COLUMNS, " = ", a number of 10."""
SYMBOL_COLUMNS: Final = 9
LOCAL_COLUMNS: Final = 12
"""Characters of a local derivative on an edge."""
SCOPE_COLUMNS: Final = 20

# Pixels. A monospaced character of 13 px is 7.9 wide at most; Graphviz takes 7.8 for Courier of that size.
_MARGIN = 12
_ROOM: Final = Room(node=(188, 88), constant=(168, 60), edge_label=(LOCAL_COLUMNS + 1, 2), scope_label=SCOPE_COLUMNS, mono=13)
_BASELINES: Final = {"label": -24, "primal": -5, "derivative": 16, "arrived": 34}
_CONSTANT_BASELINES: Final = (-13, 4, 21)
_LOCAL_BASELINES: Final = {"local": -6, "number": 10}
_ARROW_HALF_WIDTH = 4.5
_CUT_HALF_LENGTH = 6
_CUT_GAP = 2.5

# XML 1.0, production 2: Char is everything else.
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class GraphTooLarge(ValueError):
    """The graph has more boxes, edges or tangles than a picture can show; the message says what to read in its place."""


def svg(graph: Graph, *, standalone: bool = True, limit: int = NODE_LIMIT, engine: str | None = None) -> str:
    """The picture of a graph with its primals, and empty slots for what a sweep adds. The same graph gives the same bytes.

    Args:
        graph: what to draw; tensors that no gradient flows to are drawn as cuts.
        standalone: with the style inside, for a file or an <img>.
        limit: draw graphs up to this many boxes, twice as many edges, and edges that cross four times as many columns.
        engine: the layout's, see `layout.place`.

    Raises:
        GraphTooLarge: there are more.
        LayoutError: Graphviz could not lay it out.
    """
    _refuse_large(graph, limit)
    words = texts()
    layout = place(boxes(graph, _ROOM), engine)
    size = f"{_px(layout.width + 2 * _MARGIN)} {_px(layout.height + 2 * _MARGIN)}"
    width, height = size.split()
    spoken = _safe(words["picture"].format(title=clean(graph.name)))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="autograd-graph" viewBox="0 0 {size}" width="{width}" height="{height}"'
        f' role="{"img" if standalone else "group"}" aria-label="{spoken}">'
    )
    lines = [head]
    if standalone:
        lines.append(f"<style>\n{_style()}</style>")
    lines.append(f'<g transform="translate({_MARGIN} {_MARGIN})">')
    lines += _scopes(graph, layout)
    for i, constant in enumerate(graph.constants):
        lines.append(_constant(f"c{i}", constant, layout, words["cut"]))
    lines += [_edge(edge.id, layout.edges[f"e{i}"]) for i, edge in enumerate(graph.edges)]
    outputs = frozenset(graph.outputs)
    lines += [_node(node, layout.nodes[f"n{i}"], output=node in outputs) for i, node in enumerate(graph.nodes)]
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _refuse_large(graph: Graph, limit: int) -> None:
    constants = graph.constants
    count = len(graph.nodes) + len(constants)
    lines = len(graph.edges) + sum(len(constant.targets) for constant in constants)
    if count <= limit and lines <= EDGES_A_NODE * limit:
        crossed = _ranks_crossed(graph)
        if crossed <= RANKS_A_NODE * limit:
            return
        raise GraphTooLarge(
            _(
                "The graph's edges cross {crossed} columns of boxes in all, and a picture is drawn up to "
                "{most}: it would be a tangle. Read its evaluation trace or its "
                "transcript, print(graph.reverse()), or draw it all the same "
                "with limit={enough}."
            ).format(crossed=crossed, most=RANKS_A_NODE * limit, enough=math.ceil(crossed / RANKS_A_NODE))
        )
    most = _("{count} nodes").format(count=limit) if count > limit else _("{count} edges").format(count=EDGES_A_NODE * limit)
    raise GraphTooLarge(
        _(
            "The graph has {nodes} nodes and {edges} edges, and a picture is drawn up to {most}. Read its evaluation trace or "
            "its transcript, print(graph.reverse()), or draw it all the same with limit={enough}."
        ).format(nodes=count, edges=lines, most=most, enough=max(count, math.ceil(lines / EDGES_A_NODE)))
    )


def _ranks_crossed(graph: Graph) -> int:
    """How many columns all edges cross together: an edge to the next column crosses one."""
    column: dict[Node, int] = {}
    for node in graph.nodes:
        column[node] = 1 + max((column[parent] for parent in node.parents), default=-1)
    return sum(column[edge.target] - column[edge.source] for edge in graph.edges)


def _scopes(graph: Graph, layout: Layout) -> list[str]:
    """The frames around the nodes of a lab.scope, outer ones first."""
    drawn = []
    for i, scope in enumerate(scopes(graph)):
        area: Area = layout.clusters[f"cluster_{i}"]
        frame = _rect(area.left, area.top, (area.right - area.left, area.bottom - area.top), 8)
        x, y = area.label or (area.left, area.top)
        label = _elided(clean(scope.rpartition("/")[2]), SCOPE_COLUMNS)
        drawn.append(f'<g class="scope">{frame}{_text(x, y + 4, label, "scope-label")}</g>')
    return drawn


def _node(node: Node, centre: Point, *, output: bool) -> str:
    x, y = centre
    width, height = _ROOM.node
    kinds = ["node", "input" if node.op is None else "operation", *(["output"] if output else [])]
    radius = 20 if node.op is None else 5
    rows = [
        _rect(x - width / 2, y - height / 2, _ROOM.node, radius, "box"),
        _text(x, y + _BASELINES["label"], _elided(label_of(node, subscripts=True), LABEL_COLUMNS), "label"),
        _text(x, y + _BASELINES["primal"], number(node.value), "primal"),
        _slot(x, y + _BASELINES["derivative"], "derivative"),
        _slot(x, y + _BASELINES["arrived"], "arrived"),
    ]
    return f'<g class="{" ".join(kinds)}" data-node="{_safe(str(node.label))}">{"".join(rows)}</g>'


def _edge(identity: str, line: Line) -> str:
    x, y = line.label or line.points[len(line.points) // 2]
    slots = _slot(x, y + _LOCAL_BASELINES["local"], "local", "local-symbol") + _slot(
        x, y + _LOCAL_BASELINES["number"], "number", "local-number"
    )
    return f'<g class="edge" data-edge="{_safe(identity)}">{_path(line)}{_arrow(line)}{slots}</g>'


def _constant(name: str, constant: Constant, layout: Layout, cut: str) -> str:
    """A value that the operation reads and no gradient flows back to: a dashed box, and a line that is cut."""
    x, y = layout.nodes[name]
    width, height = _ROOM.constant
    rows = [_elided(constant_label(constant), LABEL_COLUMNS), cut, _elided(origin(constant), LABEL_COLUMNS)]
    parts = []
    for k, target in enumerate(constant.targets):
        line = layout.edges[f"{name}_{k}"]
        parts.append(f'<g data-feeds="{_safe(str(target.label))}">{_path(line)}{_cut(line)}</g>')
    parts.append(f'<g data-feeds="{_safe(" ".join(str(target.label) for target in constant.targets))}">')
    parts.append(_rect(x - width / 2, y - height / 2, _ROOM.constant, 5, "box"))
    parts += [
        _text(x, y + dy, row, kind)
        for dy, row, kind in zip(_CONSTANT_BASELINES, rows, ("label", "cut-note", "origin"), strict=True)
    ]
    return f'<g class="constant">{"".join(parts)}</g></g>'


def _path(line: Line) -> str:
    start, *rest = line.points
    curves = " ".join(_at(point) for point in rest)
    return f'<path class="line" d="M{_at(start)} C{curves}"/>'


def _arrow(line: Line) -> str:
    """A triangle from the curve's end to its tip; a polygon, since a marker would need an id."""
    base, tip = line.points[-1], line.tip or line.points[-1]
    dx, dy = _unit(base, tip)
    side = (-dy * _ARROW_HALF_WIDTH, dx * _ARROW_HALF_WIDTH)
    corners = (tip, (base[0] + side[0], base[1] + side[1]), (base[0] - side[0], base[1] - side[1]))
    return f'<polygon class="arrow" points="{" ".join(_at(corner) for corner in corners)}"/>'


def _cut(line: Line) -> str:
    """Two short strokes across the middle of a line."""
    piece = (len(line.points) - 1) // 3 // 2 * 3
    p0, p1, p2, p3 = line.points[piece : piece + 4]
    x, y = ((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(p0, p1, p2, p3, strict=True))  # Bézier's curve at 1/2
    dx, dy = _unit((p0[0] + p1[0], p0[1] + p1[1]), (p2[0] + p3[0], p2[1] + p3[1]))
    across = (-dy * _CUT_HALF_LENGTH, dx * _CUT_HALF_LENGTH)
    strokes = []
    for shift in (-_CUT_GAP, _CUT_GAP):
        middle = (x + dx * shift, y + dy * shift)
        ends = (middle[0] - across[0], middle[1] - across[1]), (middle[0] + across[0], middle[1] + across[1])
        strokes.append(f"M{_at(ends[0])} L{_at(ends[1])}")
    return f'<path class="cut" d="{" ".join(strokes)}"/>'


def _unit(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length else (1.0, 0.0)


def _rect(x: float, y: float, size: Point, radius: float, kind: str = "frame") -> str:
    width, height = size
    return f'<rect class="{kind}" x="{_px(x)}" y="{_px(y)}" width="{_px(width)}" height="{_px(height)}" rx="{_px(radius)}"/>'


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{_px(x)}" y="{_px(y)}" text-anchor="middle" direction="ltr">{_safe(words)}</text>'


def _slot(x: float, y: float, name: str, kind: str | None = None) -> str:
    return f'<text class="{kind or name}" data-slot="{name}" x="{_px(x)}" y="{_px(y)}" text-anchor="middle"></text>'


def _at(point: Point) -> str:
    return f"{_px(point[0])},{_px(point[1])}"


def _px(value: float) -> str:
    """At most two decimals, none that say nothing, and no minus before a zero."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def _safe(words: str) -> str:
    """Text for XML: what would be markup as entities, what XML cannot hold as Python escapes."""
    return escape(_ILLEGAL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), words), quote=True)


def _elided(words: str, columns: int) -> str:
    """The words in so many columns; a right-to-left name that is cut still ends its own direction there."""
    shown = elide(words, columns)
    return shown + "\u2069" * (shown.count("\u2068") - shown.count("\u2069"))


@cache
def _style() -> str:
    css = (Path(__file__).parent / "static" / "picture.css").read_text(encoding="utf-8")
    return escape(css, quote=False)
