"""What a picture shows of everything in it at each step: static/picture.js and boxes.js in Python.

`looks_of(picture, story, sweep)` gives each group of the picture that a step can change, with its looks in turn. It serves
SVG files, which are made where no JavaScript runs; a test compares it with the frontend at every step.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from autograd_lab.views.histories import BoxState, EdgeState, History, NodeState, histories
from autograd_lab.views.node_box import filled

UNSEEN: Final = "unevaluated"
"""The class of what an evaluation has not come to yet."""

_T = TypeVar("_T")


class Look(NamedTuple):
    """What a group of the picture shows: its classes besides its own, and what stands in its slots."""

    classes: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]


def looks_of(root: ET.Element, story: dict[str, Any], sweep: dict[str, Any]) -> Iterator[tuple[ET.Element, History[Look]]]:
    """Each group of the picture that a step can change, with its looks from the first step to the last."""
    found = histories(story, sweep)
    last = len(sweep["steps"])
    texts, symbols = story["texts"], sweep["symbols"]
    evaluating = sweep["mode"] == "evaluation"
    for group in list(root.iter("g")):
        if (label := group.get("data-node")) is not None:
            look = partial(_node_look, symbol=symbols.get(label, ""), texts=texts)
            yield group, _looked(found.nodes.get(label, []), NodeState(), last, look)
        elif (identity := group.get("data-edge")) is not None:
            yield group, _looked(found.edges.get(identity, []), EdgeState(), last, _edge_look)
        elif (feeds := group.get("data-feeds")) is not None:
            yield group, _looked(_first_of(feeds.split(), found.nodes), EdgeState(), last, _line_look)
        elif (key := group.get("data-scope")) is not None:
            box_look = partial(_box_look, texts=texts, evaluating=evaluating)
            yield group, _looked(found.boxes.get(key, []), BoxState(), last, box_look)
        elif (link := group.get("data-link")) is not None:
            yield group, _looked(found.links.get(link, []), EdgeState(), last, _line_look)


def _first_of(fed: list[str], nodes: dict[str, History[NodeState]]) -> History[EdgeState]:
    """A cut appears with the first operation that reads it."""
    known = [start for label in fed for start, state in nodes.get(label, []) if state.evaluated]
    unseen = any(not state.evaluated for label in fed for _, state in nodes.get(label, []))
    return [(1, EdgeState(evaluated=False)), (min(known), EdgeState())] if unseen and known else []


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


def _classes(*kinds: str) -> tuple[str, ...]:
    return tuple(kind for kind in kinds if kind not in ("waiting", ""))


def _node_look(state: NodeState, *, symbol: str, texts: dict[str, str]) -> Look:
    derived = (f"{symbol} = {state.total}" if state.array is None else symbol) if state.total else ""
    slots = (("derivative", derived), ("arrived", _arrival(state, texts)), *filled(state.array, texts))
    return Look(_classes(state.status, "current" if state.current else "", "" if state.evaluated else UNSEEN), slots)


def _arrival(state: NodeState, texts: dict[str, str]) -> str:
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


def _edge_look(state: EdgeState) -> Look:
    local = state.local or {"text": "", "number": ""}
    number = f"= {local['number']}" if local["number"] else local.get("change", "")
    unreached = "" if state.reached else "unreached-source"
    slots = (("local", local["text"]), ("number", number))
    return Look(_classes(state.status, unreached, "" if state.evaluated else UNSEEN), slots)


def _line_look(state: EdgeState) -> Look:
    return Look(_classes(state.status, "" if state.evaluated else UNSEEN), ())


def _box_look(state: BoxState, *, texts: dict[str, str], evaluating: bool) -> Look:
    progress = "" if evaluating or not state.visited else "partial" if state.visited < state.of else "complete"
    count = texts["boxNodes" if evaluating else "boxEdges"].format(visited=state.visited, of=state.of) if state.visited else ""
    kinds = _classes(progress, "current" if state.current else "", "" if state.evaluated else UNSEEN)
    return Look(kinds, (("visited", count),))
