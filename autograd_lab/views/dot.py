"""Writes a graph as DOT text: `to_dot` for people and other tools, `boxes` for our own picture.

    print(graph.to_dot())           readable labels; `dot -Tpdf` and every other Graphviz tool takes it
    boxes(view, room)               what a view shows as empty boxes and labels of a chosen size, for layout.py

Both run from left to right unless the room says otherwise, inputs first and in order, one DOT edge a graph edge (x*x has two).
`boxes` holds no text that a person wrote, so its layout is the same whatever the names are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from graphviz.quoting import escape, nohtml, quote

from autograd_lab.explain.expression import Symbol, clean
from autograd_lab.explain.formulas import of_node
from autograd_lab.explain.numbers import number
from autograd_lab.explain.sentences import origin
from autograd_lab.explain.text import text
from autograd_lab.graph import Constant, Graph, Node
from autograd_lab.language import gettext as _
from autograd_lab.views.view import Place, View, around, scope_of, scopes_of

_INCH = 72  # points; one point of Graphviz is one pixel of the picture
_DENSE, _AIRY = 0.2, 1.0  # inches between a box and a label: a small graph fits a notebook cell, a large one needs room to turn
_AIRY_FROM = 12
_UNLABELLED = 0.45  # between boxes where no label keeps them apart: room for an arrow, or for the strokes of a cut
_QUICK_FROM = 100
# From _QUICK_FROM nodes on, fewer rounds of Graphviz's optimisation: 400 nodes at random take 1 s in place of 2.
_QUICK = "nslimit=0.5 nslimit1=0.5 mclimit=0.5"


class Room(NamedTuple):
    """The sizes that the picture reserves, in pixels; those of labels in characters, `mono` pixels high with their lead.

    `rankdir` is Graphviz's: "LR" for a computation from left to right, "TB" for one from top to bottom.
    """

    node: tuple[int, int]
    constant: tuple[int, int]
    edge_label: tuple[int, int]
    link_label: int
    scope_label: int
    mono: int
    rankdir: str = "LR"


def to_dot(graph: Graph) -> str:
    """The graph as DOT, with each node's formula and primal, scopes as clusters, constants dashed."""
    outputs = frozenset(graph.outputs)
    lines = [
        f"digraph {_quoted(clean(graph.name))} {{",
        "  graph [rankdir=LR]",
        "  node [shape=box fontname=Helvetica]",
        *_wrapped(
            scopes_of(graph), ((f"{_id(n)} [{_look(outputs, n)}]", around(scope_of(n))) for n in graph.nodes), _scope_label
        ),
        f"  {{ rank=same; {'; '.join(_id(node) for node in graph.inputs if not node.scope)} }}",
        *(f"  {_id(edge.source)} -> {_id(edge.target)}" for edge in graph.edges),
    ]
    for i, constant in enumerate(graph.constants):
        label = _quoted(constant_label(constant), _("no gradient flows"), origin(constant))
        lines.append(f"  constant{i} [label={label} style=dashed]")
        lines += [f"  constant{i} -> {_id(target)} [style=dashed arrowhead=none]" for target in constant.targets]
    return "\n".join([*lines, "}", ""])


def boxes(view: View, room: Room, size_of: Callable[[Node], tuple[int, int] | None]) -> str:
    """What a view shows as DOT of empty boxes, named by their place in it.

    Node i is n{i}, box i is b{i}, constant i is c{i}; edge i has id=e{i}, link i id=l{i}, a constant's line id=c{i}_{k}; the
    frame of scope i is cluster_{i}. Graphviz sizes an edge label by its text alone, so the text is a placeholder in Courier,
    whose widths it knows. `size_of` gives the size of a node's box, None for the common one.
    """
    names: dict[Place, str] = {node: f"n{i}" for i, node in enumerate(view.nodes)}
    names |= {box: f"b{i}" for i, box in enumerate(view.boxes)}
    columns, rows = room.edge_label
    placeholder = "\\n".join(["M" * columns] * rows)
    lines_drawn = len(view.edges) + len(view.links)
    quick = _QUICK if len(names) >= _QUICK_FROM else ""
    small = _DENSE if rows else _UNLABELLED
    gap = _AIRY if lines_drawn > max(_AIRY_FROM, len(names)) else small
    scope_label = f'label="{"M" * room.scope_label}"'
    count = f'label="{"M" * room.link_label}"'
    places = sorted(names, key=lambda place: view.order[place])

    def sized(place: Place) -> str:
        size = size_of(place) if isinstance(place, Node) else None
        return "" if size is None else f" [{_size(size)}]"

    lines = [
        "digraph {",
        f"graph [rankdir={room.rankdir} nodesep=0.25 ranksep={gap} fontname=Courier fontsize={room.mono} labeljust=l {quick}]",
        f'node [shape=box fixedsize=true label="" {_size(room.node)}]',
        f'edge [label="{placeholder}" fontname=Courier fontsize={room.mono} arrowsize=0.9]',
        *_wrapped(
            view.scopes, ((f"{names[place]}{sized(place)}", view.around(place)) for place in places), lambda _: scope_label
        ),
        *_in_order([names[node] for node in view.nodes if node.op is None and not view.home(node)]),
        *(f"{names[edge.source]}->{names[edge.target]}[id=e{i}]" for i, edge in enumerate(view.edges)),
        *(f"{names[link.source]}->{names[link.target]}[id=l{i} {count}]" for i, link in enumerate(view.links)),
    ]
    for i, (_constant, readers) in enumerate(view.constants):
        lines.append(f"c{i} [{_size(room.constant)}]")
        lines += [f'c{i}->{names[reader]}[id=c{i}_{k} label="" arrowhead=none]' for k, reader in enumerate(readers)]
    return "\n".join([*lines, "}", ""])


def label_of(node: Node, *, subscripts: bool = False) -> str:
    """w3 = w1*w2, w1 = x; an input without a name by its label alone."""
    label, expression = Symbol(str(node.label)), of_node(node)
    shown = text(label, subscripts=subscripts)
    return shown if expression == label else f"{shown} = {text(expression, subscripts=subscripts)}"


def constant_label(constant: Constant) -> str:
    """c = 3, or the value alone; of an array too large to write its shape and dtype."""
    value = number(constant.value)
    if np.ndim(constant.value) and not value.startswith("["):
        value = f"{value} {np.asarray(constant.value).dtype}"
    return value if constant.name is None else f"{text(Symbol(constant.name))} = {value}"


def _wrapped(scopes: Sequence[str], statements: Iterable[tuple[str, Sequence[str]]], label: Callable[[str], str]) -> list[str]:
    """Each statement inside the scopes around it. A cluster may be opened again in DOT, so nothing here nests or recurses."""
    numbers = {scope: i for i, scope in enumerate(scopes)}
    labelled: set[str] = set()
    lines = []
    for statement, outer in statements:
        opened = ""
        for scope in outer:
            # A label written once; an inner cluster would inherit what its outer one says after it is made.
            once = "" if scope in labelled else f"graph [{label(scope)}] "
            labelled.add(scope)
            opened += f"subgraph cluster_{numbers[scope]} {{ {once}"
        lines.append(f"  {opened}{statement}{' }' * len(outer)}")
    return lines


def _scope_label(scope: str) -> str:
    return f"label={_quoted(scope.rpartition('/')[2])}"


def _in_order(free: list[str]) -> list[str]:
    """Inputs in one column, from top to bottom; those inside a scope stay with it. The edges between them are unseen."""
    return [f'{{ rank=same; {" -> ".join(free)} [style=invis label=""] }}'] if len(free) > 1 else []


def _look(outputs: frozenset[Node], node: Node) -> str:
    look = " style=rounded" if node.op is None else ""
    border = " peripheries=2" if node in outputs else ""
    return f"label={_quoted(label_of(node), number(node.value))}{look}{border}"


def _id(node: Node) -> str:
    return str(quote(str(node.label)))


def _quoted(*lines: str) -> str:
    """Lines of literal text as one DOT string: no escape, HTML label or quote of a name's own has any effect."""
    return str(quote(nohtml("\\n".join(escape(line) for line in lines))))


def _size(size: tuple[int, int]) -> str:
    return f"width={size[0] / _INCH:.6g} height={size[1] / _INCH:.6g}"
