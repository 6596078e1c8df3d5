"""Chooses what to show of a graph that is too large to be read whole: which scopes are open, or a cut around a node.

view = view_of(graph)                           small graphs whole; large ones with their scopes closed
view_of(graph, opened=["layer1"])               this scope open, the others closed
view_of(graph, focus="w17", depth=3)            w17 and what leads to it in up to 3 steps
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from autograd_lab.explain.expression import clean
from autograd_lab.graph import Graph, Node
from autograd_lab.language import gettext as _
from autograd_lab.views.settings import EDGES_A_NODE, NODE_LIMIT, RANKS_A_NODE
from autograd_lab.views.view import AFTER, BEFORE, BESIDE, Box, Place, View, around, homes, scopes_of

CUT_NODES: Final = 60
"""How far a cut reaches where no depth is given: about so many nodes are read in one sitting."""


def view_of(
    graph: Graph,
    *,
    limit: int = NODE_LIMIT,
    opened: Sequence[str] | None = None,
    focus: str | Node | None = None,
    depth: int | tuple[int, ...] | None = None,
) -> View:
    """What to show of a graph.

    Args:
        graph: any graph.
        limit: the largest picture, in nodes and boxes; twice as many edges; edges that cross four times as many columns.
        opened: the scopes that are open, the latest last; if left out all of the outer levels that fit.
        focus: the node that a cut is made around, by name, label or Node. If left out there is a cut only where the picture
            would be larger than `limit` with scopes closed: around the last node of the scope opened last, else the output.
        depth: how many steps a cut reaches to the ancestors of the focus, or a pair: to its ancestors, to its descendants.
            If left out, as far as about CUT_NODES are shown.

    Raises:
        ValueError: there is no such scope or node, or a depth is negative; the message lists what there is.
    """
    reach = reach_named(depth)
    chosen = None if focus is None else graph.node(focus)
    if opened is None:
        all_levels = _levels(scopes_of(graph))
        opened = next(levels for levels in all_levels if fits(closed(graph, levels), limit) or not levels)
    view = closed(graph, scopes_named(graph, opened))
    if chosen is None and reach is None and fits(view, limit):
        return view
    return _cut(view, _default_focus(view) if chosen is None else chosen, reach, limit)


def whole(graph: Graph) -> View:
    """All of a graph, whatever its size."""
    return View(graph, {}, scopes_of(graph))


def with_room(graph: Graph, opened: Sequence[str], limit: int) -> tuple[str, ...]:
    """These scopes, without the earliest ones where all are too many for a picture; the last one and those around it stay."""
    kept = list(opened)
    needed = around(kept[-1]) if kept else ()
    for scope in opened:
        if fits(closed(graph, kept), limit):
            break
        if scope not in needed:
            kept.remove(scope)
    return tuple(kept)


def scopes_named(graph: Graph, names: Sequence[str]) -> tuple[str, ...]:
    """These scopes, each once; ValueError where one is none of the graph's."""
    known = scopes_of(graph)
    found = tuple(dict.fromkeys(map(clean, names)))
    for scope in found:
        if scope not in known:
            listed = ", ".join(map(repr, known[:12])) + (", ..." if len(known) > 12 else "")
            raise ValueError(
                _("opened={scope} is not one of the choices: {choices}").format(scope=repr(scope), choices=listed or "-")
            )
    return found


def reach_named(depth: int | tuple[int, ...] | None) -> tuple[int, int] | None:
    """How far a cut reaches to ancestors and to descendants; None where that is not chosen."""
    if depth is None:
        return None
    both = (depth, 0) if isinstance(depth, int) else tuple(depth)
    if len(both) != 2 or any(isinstance(k, bool) or not isinstance(k, int) or k < 0 for k in both):
        raise ValueError(
            _("depth={depth} is not a number of steps from 0 on, or a pair of them: to ancestors, to descendants").format(
                depth=repr(depth)
            )
        )
    return both[0], both[1]


def _levels(scopes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All scopes, then all but the innermost level, and so on: (...), ("a", "b"), ()."""
    deepest = max((scope.count("/") + 1 for scope in scopes), default=0)
    for level in range(deepest, -1, -1):
        yield tuple(scope for scope in scopes if scope.count("/") < level)


def closed(graph: Graph, opened: Iterable[str]) -> View:
    """The graph with every scope closed but these; an open scope inside a closed one is not to be seen."""
    open_now = tuple(opened)
    is_open = frozenset(open_now)
    known = scopes_of(graph)
    if is_open.issuperset(known):
        return View(graph, {}, open_now)
    outermost: dict[str, str | None] = {}
    boxed: dict[Node, str] = {}
    for node, home in homes(graph).items():
        if home not in outermost:
            outermost[home] = next((scope for scope in around(home) if scope not in is_open), None)
        key = outermost[home]
        if key is not None:
            boxed[node] = key
    return View(graph, boxed, open_now)


def fits(view: View, limit: int) -> bool:
    """Whether the picture of a view keeps to the limit."""
    boxes, lines = size(view)
    if boxes > limit or lines > EDGES_A_NODE * limit:
        return False
    return ranks_crossed(view) <= RANKS_A_NODE * limit


def size(view: View) -> tuple[int, int]:
    """How many boxes and how many lines its picture has."""
    constants = view.constants
    return (
        len(view.nodes) + len(view.boxes) + len(constants),
        len(view.edges) + len(view.links) + sum(len(places) for _, places in constants),
    )


def ranks_crossed(view: View) -> int:
    """How many columns all lines cross together: a line to the next column crosses one; lines back to a box cross none."""
    column: dict[Place, int] = {}
    for node in view.graph.nodes:
        place = view.place(node)
        behind = (column[view.place(parent)] for parent in node.parents if view.place(parent) is not place)
        column[place] = max(column.get(place, 0), 1 + max(behind, default=-1))
    ends: list[tuple[Place, Place]] = [(edge.source, edge.target) for edge in view.edges]
    ends += [(link.source, link.target) for link in view.links]
    beside: dict[Place, int] = {}  # an input in a scope's frame stands beside its first reader, others in the first column
    for source, target in ends:
        if isinstance(source, Node) and source.op is None and view.home(source):
            beside[source] = min(beside.get(source, column[target] - 1), column[target] - 1)
    column |= beside
    return sum(max(column[target] - column[source], 0) for source, target in ends)


# -- a cut around a node ----------------------------------------------------------------------------------------------


def _default_focus(view: View) -> Node:
    """The last node of the scope opened last, whose inside someone wants to see; else the first output."""
    for scope in reversed(view.opened):
        inside = [node for node in view.nodes if scope in around(view.home(node)) and node.op is not None]
        if inside:
            return inside[-1]
    return view.graph.outputs[0]


def _cut(view: View, focus: Node, depth: tuple[int, int] | None, limit: int) -> View:
    """The places within reach of the focus; all others become up to three boxes."""
    start = view.place(focus)
    towards: dict[Place, dict[Place, None]] = {}  # operands, in order
    onwards: dict[Place, dict[Place, None]] = {}
    for edge in view.edges:
        towards.setdefault(edge.target, {})[edge.source] = None
        onwards.setdefault(edge.source, {})[edge.target] = None
    for link in view.links:
        towards.setdefault(link.target, {})[link.source] = None
        onwards.setdefault(link.source, {})[link.target] = None
    earlier, later = _levels_from(start, towards), _levels_from(start, onwards)
    reach = (_as_far_as_fits(earlier, min(CUT_NODES, limit)), 0) if depth is None else depth
    ancestors = {place for level in earlier[1:] for place in level}
    descendants = {place for level in later[1:] for place in level}
    room = max(limit - 3, 1)
    while True:
        nearest = [start, *(p for level in earlier[1 : reach[0] + 1] for p in level)]
        nearest += [p for level in later[1 : reach[1] + 1] for p in level if p not in ancestors]
        shown = set(nearest[:room])
        boxed: dict[Node, str] = {}
        for node in view.graph.nodes:
            place = view.place(node)
            if place not in shown:
                boxed[node] = BEFORE if place in ancestors else AFTER if place in descendants else BESIDE
            elif isinstance(place, Box):
                boxed[node] = place.key
        made = View(view.graph, boxed, view.opened, focus=focus, depth=reach)
        # Lines may be too many where nodes are not: then fewer nodes, the nearest.
        if room == 1 or fits(made, limit):
            return made
        room = min(room, len(shown)) * 3 // 4 or 1


def _levels_from(start: Place, neighbours: dict[Place, dict[Place, None]]) -> list[list[Place]]:
    """The places by their distance from the start: itself, then those one step away, and so on."""
    levels = [[start]]
    seen = {start}
    while levels[-1]:
        found = dict.fromkeys(n for place in levels[-1] for n in neighbours.get(place, ()) if n not in seen)
        seen.update(found)
        levels.append(list(found))
    return levels[:-1]


def _as_far_as_fits(levels: list[list[Place]], room: int) -> int:
    """How many levels beyond the first have up to so many places in all; one, if even that has more."""
    count = 0
    for reach, level in enumerate(levels):
        count += len(level)
        if count > room:
            return max(reach - 1, 1)
    return max(len(levels) - 1, 1)
