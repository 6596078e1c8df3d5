"""Tells of boxes: what a story says of them, and the step that stands for all edges visited in one, or all nodes evaluated.

Of the many steps behind it a box's step gives counts, one sentence, and what came of the nodes that are shown: no formulas,
since a network has thousands of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Final

from autograd_lab.explain.numbers import describe, number
from autograd_lab.explain.sentences import titled
from autograd_lab.graph import Node, Step
from autograd_lab.language import gettext as _
from autograd_lab.language import ngettext
from autograd_lab.views.grouping import Part
from autograd_lab.views.groups import called, operations_in, others_in
from autograd_lab.views.node_box import told
from autograd_lab.views.view import View, name_of

MOST_NAMED: Final = 3
"""Values that a sentence names of those that leave a box."""


def described(view: View) -> dict[str, Any]:
    """What a story says of its boxes: who they are, what links them, which scopes are open, where it is cut."""
    before = {place: i for i, place in enumerate(sorted(view.order, key=view.order.__getitem__))}
    boxes = {box: i for i, box in enumerate(view.boxes)}
    return {
        "boxes": [
            {
                "key": box.key,
                "name": called(view, box),
                "text": ", ".join(filter(None, [operations_in(box), others_in(box)])),
                "scope": box.is_scope,
                "after": before[box] - boxes[box],  # how many rows of nodes stand before its own
            }
            for box in view.boxes
        ],
        "links": [
            {"id": link.id, "source": name_of(link.source), "target": name_of(link.target), "count": len(link.edges)}
            for link in view.links
        ],
        "frames": list(view.scopes),
        "opened": list(view.opened),
        "focus": None if view.focus is None else view.focus.label,
        "depth": None if view.depth is None else list(view.depth),
    }


def visited(view: View, part: Part, steps: Sequence[Step]) -> dict[str, Any]:
    """The step of an accumulation that stands for all edges visited in a box in one go."""
    assert part.box is not None
    box = part.box
    latest: dict[Node, Step] = {}
    for step in steps:
        if view.box_of(step.node) is not box:
            latest[step.node] = step
    lines = dict.fromkeys(_link(view, step) for step in steps)
    counted = ngettext("{count} edge", "{count} edges", part.count).format(count=f"{part.count:,}")
    shown = {node: step for node, step in latest.items() if view.box_of(node) is None}
    return _step(view, part, counted) | {
        "node": steps[-1].node.label,
        "sentence": _sentence(view, part, counted, _leaving(list((shown | latest).values()))),
        "links": [line for line in lines if line is not None],
        "received": [_received(step) for step in shown.values()],
        "inside": _first_inside(view, part, steps),
    }


def evaluated(view: View, part: Part, nodes: Sequence[Node]) -> dict[str, Any]:
    """The step of an evaluation that stands for all nodes computed in a box in one go."""
    counted = ngettext("{count} node", "{count} nodes", part.count).format(count=f"{part.count:,}")
    return _step(view, part, counted) | {
        "node": nodes[-1].label,
        "sentence": _sentence(view, part, counted, ""),
        "links": [],
        "received": [],
        "inside": nodes[-1].label,
    }


def _step(view: View, part: Part, counted: str) -> dict[str, Any]:
    assert part.box is not None
    return {
        "kind": "box",
        "edge": None,
        "box": part.box.key,
        "count": part.count,
        "visited": part.visited,
        "formula": [f"{called(view, part.box)}: {counted}"],
        "equation": f'<p class="many">{escape(called(view, part.box))}: {escape(counted)}</p>',
        "term": None,
        "local": None,
        "zeros": [],
    }


def _sentence(view: View, part: Part, counted: str, leaving: str) -> str:
    assert part.box is not None
    said = _("{box}: {counted}").format(box=called(view, part.box), counted=counted)
    if part.parts > 1:
        said = _("{said} (part {number} of {parts})").format(said=said, number=part.number, parts=part.parts)
    return _("{said}; {leaving}").format(said=said, leaving=leaving) if leaving else said


def _leaving(steps: Sequence[Step]) -> str:
    """The values that pass out of a box: adjoint of w5 0.32, of w6 1.2, and of 3 more nodes."""
    if not steps:
        return ""
    first = (
        _("out of it: tangent of {node} {value}") if steps[0].mode == "forward" else _("out of it: adjoint of {node} {value}")
    )
    said = [first.format(node=titled(steps[0].node), value=describe(steps[0].total))]
    said += [_("of {node} {value}").format(node=titled(s.node), value=describe(s.total)) for s in steps[1:MOST_NAMED]]
    more = len(steps) - MOST_NAMED
    if more > 0:
        said.append(ngettext("of {count} more node", "of {count} more nodes", more).format(count=f"{more:,}"))
    return ", ".join(said)


def _first_inside(view: View, part: Part, steps: Sequence[Step]) -> str | None:
    """The operation of a box that is visited first; an input, where there is nothing else in it."""
    ends = [end for step in steps if step.edge is not None for end in (step.edge.target, step.edge.source)]
    inside = [end for end in ends if view.box_of(end) is part.box]
    return next((node for node in inside if node.op is not None), inside[0]).label


def _received(step: Step) -> dict[str, Any]:
    """What a shown node has after it."""
    array = told(step.total)
    return ({} if array is None else {"array": array}) | {
        "node": step.node.label,
        "total": number(step.total),
        "arrived": step.arrived,
        "expected": step.expected,
        "completes": step.completes,
        "reached": step.reached,
    }


def _link(view: View, step: Step) -> str | None:
    """The id of the link that the step's edge is part of; None inside a box."""
    assert step.edge is not None
    source, target = view.place(step.edge.source), view.place(step.edge.target)
    return None if source is target else f"{name_of(source)}->{name_of(target)}"
