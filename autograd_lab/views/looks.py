"""What a picture shows of each node and edge at every step: static/fold.js and static/picture.js in Python.

`looks_of(picture, story, sweep)` gives each group of the picture that a step can change, with its looks in turn. It serves
SVG files, which are made where no JavaScript runs; a test compares it with the frontend at every step.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

UNSEEN: Final = "unevaluated"
"""The class of what an evaluation has not come to yet."""

_T = TypeVar("_T")
History = list[tuple[int, _T]]
"""States in turn, each with the step (from 1) from which it holds."""


class _NodeState(NamedTuple):
    status: str = "waiting"
    total: str = ""
    arrived: int = 0
    expected: int = 0
    reached: bool = False
    current: bool = False
    evaluated: bool = True


class _EdgeState(NamedTuple):
    status: str = "waiting"
    local: dict[str, str] | None = None
    reached: bool = True
    evaluated: bool = True


_Histories = tuple[dict[str, History[_NodeState]], dict[str, History[_EdgeState]]]


class Look(NamedTuple):
    """What a group of the picture shows: its classes besides its own, and the text of its slots."""

    classes: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]


# -- what is to be seen when: fold.js ----------------------------------------------------------------------------------


def _histories(story: dict[str, Any], sweep: dict[str, Any]) -> _Histories:
    """The states of every node and edge that a phase touches, in turn; the others wait to the end."""
    return _of_evaluation(story, sweep) if sweep["mode"] == "evaluation" else _of_accumulation(sweep)


def _of_evaluation(story: dict[str, Any], sweep: dict[str, Any]) -> _Histories:
    """A node appears with the step that computes it, and the edges into it."""
    made = {step["node"]: number for number, step in enumerate(sweep["steps"], start=1)}
    nodes: dict[str, History[_NodeState]] = {}
    for label, start in made.items():
        here = _NodeState(current=True)
        nodes[label] = [(1, _NodeState(evaluated=False)), (start, here), (start + 1, _NodeState())]
    edges = {edge["id"]: [(1, _EdgeState(evaluated=False)), (made[edge["target"]], _EdgeState())] for edge in story["edges"]}
    return nodes, edges


def _of_accumulation(sweep: dict[str, Any]) -> _Histories:
    nodes: dict[str, History[_NodeState]] = {}
    edges: dict[str, History[_EdgeState]] = {}
    for number, visit in enumerate(sweep["steps"], start=1):
        if visit["edge"] is not None:
            seen = _EdgeState("current", visit["local"], visit["reached"])
            edges.setdefault(visit["edge"], []).extend([(number, seen), (number + 1, seen._replace(status="visited"))])
        for label in visit["zeros"]:
            nodes.setdefault(label, []).append((number, _NodeState("seed", "0")))
        history = nodes.setdefault(visit["node"], [])
        reached = visit["reached"] or bool(history and history[-1][1].reached)
        if history and history[-1][0] == number:
            history.pop()  # the same node received at the step before: it has not stopped being current
        state = _NodeState(
            _status(visit, reached=reached), visit["total"], visit["arrived"], visit["expected"], reached, current=True
        )
        history.extend([(number, state), (number + 1, state._replace(current=False))])
    return nodes, edges


def _status(visit: dict[str, Any], *, reached: bool) -> str:
    if visit["kind"] == "seed":
        return "seed"
    if not visit["completes"]:
        return "partial"
    return "complete" if reached else "unreached"


# -- how that looks: picture.js ----------------------------------------------------------------------------------------


def looks_of(root: ET.Element, story: dict[str, Any], sweep: dict[str, Any]) -> Iterator[tuple[ET.Element, History[Look]]]:
    """Each group of the picture that a step can change, with its looks from the first step to the last."""
    nodes, edges = _histories(story, sweep)
    last = len(sweep["steps"])
    texts, symbols = story["texts"], sweep["symbols"]
    for group in list(root.iter("g")):
        label, identity = group.get("data-node"), group.get("data-edge")
        if label is not None:
            look = partial(_node_look, symbol=symbols.get(label, ""), texts=texts)
            yield group, _looked(nodes.get(label, []), _NodeState(), last, look)
        elif identity is not None:
            yield group, _looked(edges.get(identity, []), _EdgeState(), last, _edge_look)
        elif group.get("data-feeds") is not None:
            yield group, _looked(_first_of(group.get("data-feeds", "").split(), nodes), _EdgeState(), last, _edge_look)


def _first_of(fed: list[str], nodes: dict[str, History[_NodeState]]) -> History[_EdgeState]:
    """A cut appears with the first operation that reads it."""
    known = [start for label in fed for start, state in nodes.get(label, []) if state.evaluated]
    return [(1, _EdgeState(evaluated=False)), (min(known), _EdgeState())] if known else []


def _looked(history: History[_T], untouched: _T, last: int, look: Callable[[_T], Look]) -> History[Look]:
    looks: History[Look] = []
    for start, state in [(1, untouched), *history]:
        if start > last:
            break
        if looks and looks[-1][0] == start:
            looks.pop()
        shown = look(state)
        if not looks or looks[-1][1] != shown:
            looks.append((start, shown))
    return looks


def _node_look(state: _NodeState, *, symbol: str, texts: dict[str, str]) -> Look:
    kinds = (state.status, "current" if state.current else "", "" if state.evaluated else UNSEEN)
    classes = tuple(kind for kind in kinds if kind not in ("waiting", ""))
    derived = f"{symbol} = {state.total}" if state.total else ""
    return Look(classes, (("derivative", derived), ("arrived", _arrival(state, texts))))


def _arrival(state: _NodeState, texts: dict[str, str]) -> str:
    """How many contributions a node has; words.js says it so too."""
    match state.status:
        case "waiting":
            return ""
        case "seed":
            return texts["seed"]
        case "partial":
            return texts["arrived"].format(k=state.arrived, n=state.expected)
        case "unreached":
            return texts["notReached"]
        case _:
            return f"✓ {texts['complete']}"


def _edge_look(state: _EdgeState) -> Look:
    kinds = (state.status, "" if state.reached else "unreached-source", "" if state.evaluated else UNSEEN)
    classes = tuple(kind for kind in kinds if kind not in ("waiting", ""))
    local = state.local or {"text": "", "number": ""}
    number = f"= {local['number']}" if local["number"] else ""
    return Look(classes, (("local", local["text"]), ("number", number)))
