"""What everything in a picture is at each step of a phase: static/fold.js and many.js in Python, where no JavaScript runs."""

from __future__ import annotations

from collections.abc import Mapping
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
    evaluated: bool = True


class EdgeState(NamedTuple):
    """An edge at a step; a link of a box and the line of a constant have no more than a status, and whether it is there yet."""

    status: str = "waiting"
    local: dict[str, str] | None = None
    reached: bool = True
    evaluated: bool = True


class BoxState(NamedTuple):
    """A closed box at a step: how many of its edges or nodes are visited."""

    visited: int = 0
    of: int = 0
    current: bool = False
    evaluated: bool = True


class Histories(NamedTuple):
    """Of everything by its name; what a phase does not touch waits to the end."""

    nodes: dict[str, History[NodeState]]
    edges: dict[str, History[EdgeState]]
    boxes: dict[str, History[BoxState]]
    links: dict[str, History[EdgeState]]


def histories(story: Mapping[str, Any], sweep: Mapping[str, Any]) -> Histories:
    """The states of everything that the phase touches, in turn."""
    if sweep["mode"] == "evaluation":
        return _evaluated(story, sweep)
    nodes, edges = _accumulated(sweep)
    return Histories(nodes, edges, _boxes(story, sweep), _visited_links(sweep))


def _evaluated(story: Mapping[str, Any], sweep: Mapping[str, Any]) -> Histories:
    """A node appears with the step that computes it, and the edges into it."""
    made: dict[str, int] = {}
    for number, step in enumerate(sweep["steps"], start=1):
        made.setdefault(step["node"], number)
        made.setdefault(step.get("box", step["node"]), number)
    nodes: dict[str, History[NodeState]] = {}
    for label, start in made.items():
        here = NodeState(current=True)
        nodes[label] = [(1, NodeState(evaluated=False)), (start, here), (start + 1, NodeState())]
    edges, links = (
        {line["id"]: [(1, EdgeState(evaluated=False)), (made[line["target"]], EdgeState())] for line in story[kind]}
        for kind in ("edges", "links")
    )
    return Histories(nodes, edges, _boxes(story, sweep), links)


def _accumulated(sweep: Mapping[str, Any]) -> tuple[dict[str, History[NodeState]], dict[str, History[EdgeState]]]:
    nodes: dict[str, History[NodeState]] = {}
    edges: dict[str, History[EdgeState]] = {}
    for number, visit in enumerate(sweep["steps"], start=1):
        if visit["kind"] == "box":
            for change in visit["received"]:
                _receive(nodes, change | {"kind": "box"}, number)
            continue
        if visit["edge"] is not None:
            seen = EdgeState("current", visit["local"], visit["reached"])
            edges.setdefault(visit["edge"], []).extend([(number, seen), (number + 1, seen._replace(status="visited"))])
        for label in visit["zeros"]:
            nodes.setdefault(label, []).append((number, NodeState("seed", "0")))
        state = _receive(nodes, visit, number)
        nodes[visit["node"]][-1:] = [(number, state._replace(current=True)), (number + 1, state)]
    return nodes, edges


def _receive(nodes: dict[str, History[NodeState]], visit: Mapping[str, Any], number: int) -> NodeState:
    """A node after one more contribution, which it has from this step on."""
    history = nodes.setdefault(visit["node"], [])
    reached = visit["reached"] or bool(history and history[-1][1].reached)
    if history and history[-1][0] == number:
        history.pop()  # what this step makes of it takes the place of its having been current before
    told = (visit["total"], visit.get("array"), visit["arrived"], visit["expected"])
    state = NodeState(_status(visit, reached=reached), *told, reached)
    history.append((number, state))
    return state


def _status(visit: Mapping[str, Any], *, reached: bool) -> str:
    if visit["kind"] == "seed":
        return "seed"
    if not visit["completes"]:
        return "partial"
    return "complete" if reached else "unreached"


def _boxes(story: Mapping[str, Any], sweep: Mapping[str, Any]) -> dict[str, History[BoxState]]:
    """The seed may lie in a box: it is current then, and nothing in it is visited yet."""
    evaluating = sweep["mode"] == "evaluation"
    untouched = {box["key"]: BoxState(of=sweep["boxes"].get(box["key"], 0), evaluated=not evaluating) for box in story["boxes"]}
    found: dict[str, History[BoxState]] = {key: [(1, state)] for key, state in untouched.items()}
    for number, step in enumerate(sweep["steps"], start=1):
        if "box" in step:
            history = found[step["box"]]
            before = history[-1][1]
            visited = step["visited"] if step["kind"] == "box" else before.visited
            state = before._replace(visited=visited, current=True, evaluated=not evaluating or visited > 0)
            if history[-1][0] == number:
                history.pop()
            history.extend([(number, state), (number + 1, state._replace(current=False))])
    return found


def _visited_links(sweep: Mapping[str, Any]) -> dict[str, History[EdgeState]]:
    found: dict[str, History[EdgeState]] = {}
    for number, step in enumerate(sweep["steps"], start=1):
        for link in step.get("links", []):
            history = found.setdefault(link, [])
            if history and history[-1][0] == number:
                history.pop()
            history.extend([(number, EdgeState("current")), (number + 1, EdgeState("visited"))])
    return found
