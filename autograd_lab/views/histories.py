"""What every node and edge is at each step of a sweep: static/fold.js in Python, where no JavaScript runs."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

_T = TypeVar("_T")
History = list[tuple[int, _T]]
"""States in turn, each with the step (from 1) from which it holds."""


class NodeState(NamedTuple):
    """A node at a step; `array` is its total as the storyboard tells an array."""

    status: str = "waiting"
    total: str = ""
    array: dict[str, Any] | None = None
    arrived: int = 0
    expected: int = 0
    reached: bool = False
    current: bool = False


class EdgeState(NamedTuple):
    """An edge at a step."""

    status: str = "waiting"
    local: dict[str, str] | None = None
    reached: bool = True


def histories(sweep: dict[str, Any]) -> tuple[dict[str, History[NodeState]], dict[str, History[EdgeState]]]:
    """The states of every node and edge that the sweep touches, in turn; the others wait to the end."""
    nodes: dict[str, History[NodeState]] = {}
    edges: dict[str, History[EdgeState]] = {}
    for number, visit in enumerate(sweep["steps"], start=1):
        if visit["edge"] is not None:
            seen = EdgeState("current", visit["local"], visit["reached"])
            edges.setdefault(visit["edge"], []).extend([(number, seen), (number + 1, seen._replace(status="visited"))])
        for label in visit["zeros"]:
            nodes.setdefault(label, []).append((number, NodeState("seed", "0")))
        history = nodes.setdefault(visit["node"], [])
        reached = visit["reached"] or bool(history and history[-1][1].reached)
        if history and history[-1][0] == number:
            history.pop()  # the same node received at the step before: it has not stopped being current
        state = NodeState(
            _status(visit, reached=reached),
            visit["total"],
            visit.get("array"),
            visit["arrived"],
            visit["expected"],
            reached,
            current=True,
        )
        history.extend([(number, state), (number + 1, state._replace(current=False))])
    return nodes, edges


def _status(visit: dict[str, Any], *, reached: bool) -> str:
    if visit["kind"] == "seed":
        return "seed"
    if not visit["completes"]:
        return "partial"
    return "complete" if reached else "unreached"
