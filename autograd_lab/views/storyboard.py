"""The storyboard: everything that a view shows, as plain JSON, made once in Python.

`story` is what stays the same (the picture, the nodes, the code, the choices, the words), `sweep` one phase step by step: an
evaluation, or an accumulation forward or reverse. `transcript` is the same as text. The widget, the exported page and the
fallbacks read these and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from autograd_lab.explain import evaluation
from autograd_lab.explain.expression import Literal, Symbol
from autograd_lab.explain.formulas import accumulation, derivative, equation, local, of_node
from autograd_lab.explain.mathml import mathml, wrapping
from autograd_lab.explain.numbers import number
from autograd_lab.explain.paths import counted, counted_to, sums_of
from autograd_lab.explain.sentences import sentence, stop, titled
from autograd_lab.explain.sentences import transcript as transcript_of
from autograd_lab.explain.source import passages
from autograd_lab.explain.text import elide, text
from autograd_lab.graph import Graph, Node, Step, Sweep
from autograd_lab.graph.patience import patiently
from autograd_lab.language import gettext as _
from autograd_lab.language import language
from autograd_lab.views.picture import LOCAL_COLUMNS, NODE_LIMIT, GraphTooLarge, svg
from autograd_lab.views.settings import PHASES, Phase
from autograd_lab.views.texts import texts

EDITED_ELEMENTS = 12
"""Elements of an array that are offered for editing, each in a field of its own; a larger one is shown by its shape."""

MOST_ENDS = 12
"""Inputs or outputs whose paths are counted one by one."""

MOST_DIRECTIONS = 64
"""Unit directions offered for arrays: beyond them a sweep takes a seed of one's own."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What a sweep can be about: a node, and for an array the element whose unit direction is the seed."""

    key: str
    text: str
    node: Node
    index: tuple[int, ...] | None

    @property
    def seed(self) -> Any:
        """The unit direction, of the node's shape; None for a scalar, whose seed is 1."""
        if self.index is None:
            return None
        seed = np.zeros(np.shape(self.node.value))
        seed[self.index] = 1.0
        return seed


def choices(graph: Graph, mode: Phase) -> list[Choice]:
    """The inputs (forward) or outputs (reverse), arrays element by element, up to MOST_DIRECTIONS; none for evaluation."""
    return [] if mode == "evaluation" else list(islice(_every_choice(graph, mode), MOST_DIRECTIONS))


def _every_choice(graph: Graph, mode: Phase) -> Iterator[Choice]:
    for node in graph.inputs if mode == "forward" else graph.outputs:
        if np.ndim(node.value) == 0:
            yield Choice(str(node.label), titled(node) if node.name is None else text(Symbol(node.name)), node, None)
            continue
        called = text(Symbol(node.name or str(node.label)))
        for index in np.ndindex(np.shape(node.value)):
            place = ",".join(map(str, index))
            yield Choice(f"{node.label}[{place}]", f"{called}[{place}]", node, index)


def key_of(graph: Graph, mode: Phase, about: str | Node | None) -> str:
    """The key of the choice that a person means: by name, label, Node or key; the first one if None; "" for evaluation.

    Raises:
        ValueError: it is none of the choices, which the message lists, or there is none (an empty array).
    """
    if mode == "evaluation":
        if about:
            raise ValueError(_("evaluation is about the whole graph: leave {value!r} out").format(value=about))
        return ""
    offered = choices(graph, mode)
    if not offered:
        if mode == "forward":
            raise ValueError(_("there is nothing to sweep forward from: the graph's inputs are empty arrays"))
        raise ValueError(_("there is nothing to sweep reverse from: the graph's outputs are empty arrays"))
    if about is None:
        return offered[0].key
    wanted = about.label if isinstance(about, Node) else about
    for candidates in (
        [c for c in offered if wanted in (c.node.name, c.text)],
        [c for c in offered if wanted in (c.key, c.node.label)],
    ):
        if len({c.node.label for c in candidates}) > 1:
            several = _("{value!r} names several nodes: use one of {choices}")
            raise ValueError(several.format(value=wanted, choices=", ".join(c.key for c in candidates)))
        if candidates:
            return candidates[0].key
    shown = ", ".join(f"{c.text!r}" if c.text == c.key else f"{c.text!r} ({c.key})" for c in offered)
    raise ValueError(_("{value!r} is not one of the choices: {choices}").format(value=wanted, choices=shown))


def run(graph: Graph, mode: Phase, key: str) -> Sweep:
    """The accumulation that a choice's key stands for, as far as it goes."""
    assert mode != "evaluation"
    choice = next(c for c in choices(graph, mode) if c.key == key)
    return graph.attempt(mode, choice.node, choice.seed)


def story(graph: Graph, *, limit: int = NODE_LIMIT) -> dict[str, Any]:
    """What stays the same through all steps. Above `limit` nodes there is no picture, and a notice says so."""
    notices: list[str] = []
    picture: str | None = None
    try:
        picture = svg(graph, standalone=False, limit=limit)
    except GraphTooLarge as too_large:
        notices.append(str(too_large))
    return {
        "title": title(graph),
        "language": language(),
        "svg": picture,
        "notices": notices,
        "experiments": "kernel",
        "nodes": [_node(node) for node in patiently(graph.nodes, _nodes_prepared)],
        "inputs": [_input(node) for node in graph.inputs],
        "live": graph.repeatable,
        "source": _source(graph),
        "edges": [{"id": e.id, "source": e.source.label, "target": e.target.label} for e in graph.edges],
        "choices": {phase: _offered(graph, phase) for phase in PHASES},
        "texts": texts(),
    }


def _offered(graph: Graph, phase: Phase) -> list[dict[str, str]]:
    if phase == "evaluation":
        return [{"key": "", "text": ""}]
    return [{"key": c.key, "text": c.text} for c in choices(graph, phase)]


def _input(node: Node) -> dict[str, Any]:
    """An input as it can be edited: its elements as text, in C order; None for those of a large array."""
    array = np.asarray(node.value)
    small = array.size <= EDITED_ELEMENTS
    return {
        "label": node.label,
        "name": text(Symbol(node.name or str(node.label))),
        "shape": list(array.shape),
        "values": [_digits(element) for element in array.ravel()] if small else None,
        "primal": number(node.value),
    }


def _digits(value: Any) -> str:
    """All digits of an element, which a field holds in full: 2, 0.1, nan."""
    return str(value).removesuffix(".0")


def _source(graph: Graph) -> list[dict[str, Any]]:
    """The code that made the nodes; empty where it is not to be had."""
    return [
        {"title": p.title, "code": p.code, "marks": [[span.start, span.end, list(labels)] for span, labels in p.marks]}
        for p in passages(graph)
    ]


def title(graph: Graph) -> str:
    """The function with its inputs: f(x, y)."""
    inputs = ", ".join(text(Symbol(node.name or str(node.label))) for node in graph.inputs[:8])
    return f"{text(Symbol(graph.name))}({inputs}{', …' if len(graph.inputs) > 8 else ''})"


def sweep(graph: Graph, mode: Phase, key: str) -> dict[str, Any]:
    """One phase, step by step; where an accumulation cannot be finished, its last sentence says why."""
    if mode == "evaluation":
        return {
            "mode": mode,
            "about": "",
            "symbols": {},
            "steps": [_evaluation(node) for node in patiently(graph.nodes, _steps_prepared)],
        }
    steps = run(graph, mode, key)
    told = [_step(step) for step in patiently(steps, _steps_prepared)]
    if steps.stopped is not None:
        told[-1]["sentence"] = _("{sentence}. {stop}").format(sentence=told[-1]["sentence"], stop=stop(steps))
    return {
        "mode": mode,
        "about": key,
        "symbols": {str(node.label): text(derivative(node, steps.about, graph, mode), subscripts=True) for node in graph.nodes},
        "steps": told,
        "paths": _paths(steps),
    }


def _steps_prepared(count: int) -> str:
    return _("{count} steps prepared so far").format(count=count)


def _nodes_prepared(count: int) -> str:
    return _("{count} nodes prepared so far").format(count=count)


def _paths(steps: Sweep) -> dict[str, Any] | None:
    """The sum over paths for each end, where they are few; else their numbers. None of a sweep that stopped."""
    if steps.stopped is not None:
        return None
    sums = sums_of(steps)
    if sums is not None:
        lines = [{"node": end.label, "mathml": wrapping(e), "text": text(e, subscripts=True)} for end, e in sums]
    elif len(steps.paths.ends) > 1:
        lines = [{"node": end.label, "mathml": "", "text": counted_to(steps, end)} for end in steps.paths.ends[:MOST_ENDS]]
    else:
        lines = []
    return {"summary": counted(steps.paths), "lines": lines}


def transcript(graph: Graph, mode: Phase, key: str) -> str:
    """The same as text."""
    if mode == "evaluation":
        return evaluation.transcript(graph.nodes)
    return transcript_of(run(graph, mode, key))


def _node(node: Node) -> dict[str, Any]:
    expression = of_node(node)
    return {
        "label": node.label,
        "name": None if node.name is None else text(Symbol(node.name)),
        "text": text(expression),
        "mathml": mathml(expression),
        "primal": number(node.value),
        "input": node.op is None,
    }


def _evaluation(node: Node) -> dict[str, Any]:
    """The step that computes a node."""
    return {
        "kind": "node",
        "edge": None,
        "node": node.label,
        "sentence": evaluation.sentence(node),
        "equation": mathml(evaluation.evaluated(node), display=True),
        "formula": [text(evaluation.evaluated(node), subscripts=True)],
    }


def _step(step: Step) -> dict[str, Any]:
    formula = equation(step)
    described: dict[str, Any] = {
        "kind": step.kind,
        "edge": None,
        "node": step.node.label,
        "sentence": sentence(step),
        "equation": mathml(formula, display=True),
        "formula": [text(formula, subscripts=True)],
        "term": None,
        "local": None,
        "incoming": None,
        "contribution": None,
        "before": number(step.before),
        "total": number(step.total),
        "arrived": step.arrived,
        "expected": step.expected,
        "completes": step.completes,
        "reached": step.reached,
        "zeros": [node.label for node in step.zeros],
    }
    if step.edge is not None:
        receiver = text(derivative(step.node, step.about, step.graph, step.mode), subscripts=True)
        described["formula"].append(f"{receiver}: {text(accumulation(step), subscripts=True)}")
        described |= {
            "edge": step.edge.id,
            "equation": described["equation"] + mathml(accumulation(step), display=True),
            "term": mathml(formula.stages[1]),
            "local": _local(step),
            "incoming": number(step.incoming),
            "contribution": number(step.contribution),
        }
    return described


def _local(step: Step) -> dict[str, str]:
    """What stands on the edge, in its room: the local derivative as symbol and number; a linear map by its operation."""
    assert step.edge is not None
    if step.local is None:
        op = str(step.edge.target.op)
        if op == "setitem" or op.startswith("set_"):  # the rest of the array stays, the value goes into its place
            op = _("written") if step.edge.argument else _("kept")
        return {"text": elide(op, LOCAL_COLUMNS), "number": ""}
    derivative_here = local(step.edge, step.graph)
    symbol, value = text(derivative_here, subscripts=True), number(step.local)
    said = symbol == value or isinstance(derivative_here, Literal)  # a constant array is its own value
    return {"text": elide(symbol, LOCAL_COLUMNS), "number": "" if said else value}
