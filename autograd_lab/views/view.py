"""A graph as it is shown: nodes as they are, and boxes that stand for many.

    view.nodes, view.boxes, view.edges, view.links  what is drawn
    view.box_of(node), view.owner(edge)             where everything else went

Nothing is dropped: each node is shown or belongs to exactly one box, each edge is shown, or counted in one link (it enters
or leaves a box) or inside one box. A parameter that only one scope reads belongs into that scope's box. What to show is
chosen in reduction.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeAlias

from autograd_lab.explain.expression import clean
from autograd_lab.graph import Constant, Edge, Graph, Node

BEFORE, AFTER, BESIDE = "/before", "/after", "/beside"
"""Keys of the boxes around a cut: what leads to the focus, what depends on it, and the rest. No scope begins with a slash."""


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Many nodes drawn as one: a closed scope by its full name, or what lies BEFORE, AFTER or BESIDE a cut.

    `inside` counts the edges with both ends in it, `edges` those that are visited with it: `inside`, what enters it, and what
    leaves it for a shown node. `constants` counts the tensors without gradient that only it reads.
    """

    key: str
    members: tuple[Node, ...]
    inside: int
    edges: int
    constants: int

    @property
    def is_scope(self) -> bool:
        """Whether it is a scope, which can be opened."""
        return not self.key.startswith("/")

    @property
    def inputs(self) -> int:
        """How many of its members are inputs."""
        return sum(node.op is None for node in self.members)

    @property
    def operations(self) -> int:
        """How many of its members are operations."""
        return len(self.members) - self.inputs


Place: TypeAlias = Node | Box


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """The edges from one place to another, drawn as one; at least one of the two is a box."""

    source: Place
    target: Place
    edges: tuple[Edge, ...]

    @property
    def id(self) -> str:
        """Both ends: "w3->layer2"."""
        return f"{name_of(self.source)}->{name_of(self.target)}"


def name_of(place: Place) -> str:
    """A node's label, or a box's key."""
    return place.key if isinstance(place, Box) else str(place.label)


class View:
    """A graph as it is shown. `boxed` maps each node that is not shown to the key of its box."""

    def __init__(
        self,
        graph: Graph,
        boxed: dict[Node, str],
        opened: tuple[str, ...],
        *,
        focus: Node | None = None,
        depth: tuple[int, int] | None = None,
    ) -> None:
        self.graph = graph
        self.opened = opened
        self.focus = focus
        self.depth = depth
        self._boxed = boxed
        self.nodes = tuple(node for node in graph.nodes if node not in boxed)

    @property
    def whole(self) -> bool:
        """Whether every node is shown."""
        return not self._boxed

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """In the order of their first members."""
        return tuple(self._boxes.values())

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges between shown nodes."""
        return tuple(edge for edge in self.graph.edges if edge.source not in self._boxed and edge.target not in self._boxed)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The other edges, but for those inside a box: one link from place to place."""
        if self.whole:
            return ()
        found: dict[tuple[Place, Place], list[Edge]] = {}
        for edge in self.graph.edges:
            ends = self.place(edge.source), self.place(edge.target)
            if ends[0] is not ends[1] and any(isinstance(end, Box) for end in ends):
                found.setdefault(ends, []).append(edge)
        return tuple(Link(*ends, tuple(edges)) for ends, edges in found.items())

    @cached_property
    def constants(self) -> tuple[tuple[Constant, tuple[Place, ...]], ...]:
        """The constants that are drawn, each with the places that read it: all but those of a single box."""
        drawn = []
        for constant in self.graph.constants:
            places = tuple(dict.fromkeys(map(self.place, constant.targets)))
            if not (len(places) == 1 and isinstance(places[0], Box)):
                drawn.append((constant, places))
        return tuple(drawn)

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that is shown as a frame: those that are open and have something in them, outer ones first."""
        found: dict[str, None] = {}
        for place in self.order:
            found.update(dict.fromkeys(self.around(place)))
        return tuple(found)

    def box_of(self, node: Node) -> Box | None:
        """The box that a node is in; None if it is shown."""
        key = self._boxed.get(node)
        return None if key is None else self._boxes[key]

    def place(self, node: Node) -> Place:
        """The node, or its box."""
        return self.box_of(node) or node

    def owner(self, edge: Edge) -> Box | None:
        """The box that an edge is visited with; None if it is shown.

        That of its target, whose operation is at work in both modes, else that of its source.
        """
        return self.box_of(edge.target) or self.box_of(edge.source)

    def home(self, node: Node) -> str:
        """The scope whose frame a node is drawn in. In a whole graph all unscoped inputs stand in one column instead."""
        return scope_of(node) if self.whole else self._homes[node]

    def around(self, place: Place) -> tuple[str, ...]:
        """The frames that a node or a box stands in, the outermost first."""
        if isinstance(place, Box):
            return around(place.key)[:-1] if place.is_scope else ()
        return around(self.home(place))

    @cached_property
    def order(self) -> dict[Place, int]:
        """Where nodes and boxes come in the graph, a box by its first member."""
        found: dict[Place, int] = {}
        for number, node in enumerate(self.graph.nodes):
            found.setdefault(self.place(node), number)
        return found

    @cached_property
    def _homes(self) -> dict[Node, str]:
        return homes(self.graph)

    @cached_property
    def _boxes(self) -> dict[str, Box]:
        boxed = self._boxed
        members: dict[str, list[Node]] = {}
        for node in self.graph.nodes:
            if node in boxed:
                members.setdefault(boxed[node], []).append(node)
        if not members:
            return {}
        inside, edges, constants = (dict.fromkeys(members, 0) for _ in range(3))
        for edge in self.graph.edges:
            source, target = boxed.get(edge.source), boxed.get(edge.target)
            owner = target or source
            if owner is not None:
                edges[owner] += 1
                inside[owner] += source == target
        for constant in self.graph.constants:
            keys = {boxed.get(target) for target in constant.targets}
            (key, *others) = keys
            if key is not None and not others:
                constants[key] += 1
        return {key: Box(key, tuple(nodes), inside[key], edges[key], constants[key]) for key, nodes in members.items()}


def around(scope: str) -> tuple[str, ...]:
    """("outer", "outer/inner") of "outer/inner"; () of ""."""
    parts = scope.split("/") if scope else []
    return tuple("/".join(parts[: i + 1]) for i in range(len(parts)))


def scope_of(node: Node) -> str:
    """A node's scope by a name that can travel and be shown: what cannot, as Python escapes."""
    return _cleaned(node.scope)


_cleaned = cache(clean)  # a few names, asked for once a node


def homes(graph: Graph) -> dict[Node, str]:
    """The scope of each node; for an input recorded in none the innermost one around all operations that read it."""
    found = {node: scope_of(node) for node in graph.nodes}
    readers: dict[Node, str] = {}
    for edge in graph.edges:
        source = edge.source
        if source.op is None and not source.scope:
            scope = found[edge.target]
            readers[source] = _common(readers[source], scope) if source in readers else scope
    return found | readers


def _common(one: str, other: str) -> str:
    if one == other:
        return one
    shared = ""
    for a, b in zip(around(one), around(other), strict=False):
        if a != b:
            break
        shared = a
    return shared


def scopes_of(graph: Graph) -> tuple[str, ...]:
    """Every scope with nodes in it and every scope around one, in order of first appearance, outer ones first."""
    found: dict[str, None] = {}
    for node in graph.nodes:
        if node.scope:
            found.update(dict.fromkeys(around(scope_of(node))))
    return tuple(found)
