"""A small picture of a graph, labels alone, for beside other things: which edges a sweep visits is all that it tells."""

from __future__ import annotations

from html import escape
from typing import Final

from autograd_lab.explain.expression import Symbol
from autograd_lab.explain.text import elide, text
from autograd_lab.graph import Graph, Node
from autograd_lab.views.dot import Room, boxes
from autograd_lab.views.layout import Line, Point, place
from autograd_lab.views.reduction import whole

MOST_NODES: Final = 40
"""Beyond them a small picture shows nothing that a counter does not."""

_ROOM: Final = Room(node=(56, 30), constant=(1, 1), edge_label=(0, 1), link_label=0, scope_label=0, mono=1)
_COLUMNS = 6
_MARGIN = 6


def miniature(graph: Graph) -> str | None:
    """The picture as SVG for a page that has static/picture.css; None above MOST_NODES nodes or twice as many edges.

    Each node's group carries data-node, each edge's data-edge. An input is called by its name.
    """
    if len(graph.nodes) > MOST_NODES or len(graph.edges) > 2 * MOST_NODES:
        return None
    layout = place(boxes(whole(graph), _ROOM, lambda _: None))
    width, height = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="autograd-graph" viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f'<g transform="translate({_MARGIN} {_MARGIN})">',
        *(_edge(edge.id, layout.edges[f"e{i}"]) for i, edge in enumerate(graph.edges)),
        *(_node(node, layout.nodes[f"n{i}"]) for i, node in enumerate(graph.nodes)),
        "</g></svg>",
    ]
    return "".join(parts)


def _node(node: Node, centre: Point) -> str:
    x, y = centre
    width, height = _ROOM.node
    called = elide(text(Symbol(node.name or str(node.label)), subscripts=True), _COLUMNS)
    radius = 14 if node.op is None else 4
    return (
        f'<g class="node" data-node="{escape(str(node.label))}">'
        f'<rect class="box" x="{x - width / 2:.0f}" y="{y - height / 2:.0f}" width="{width}" height="{height}" rx="{radius}"/>'
        f'<text class="label" x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" direction="ltr">{escape(called)}</text></g>'
    )


def _edge(identity: str, line: Line) -> str:
    start, *rest = (f"{x:.1f},{y:.1f}" for x, y in (*line.points, line.tip or line.points[-1]))
    curve, tip = " ".join(rest[:-1]), rest[-1]
    return f'<g class="edge" data-edge="{escape(identity)}"><path class="line" d="M{start} C{curve} L{tip}"/></g>'
