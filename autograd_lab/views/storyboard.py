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
from autograd_lab.explain.maps import in_short, mask, undone_in_short
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
from autograd_lab.language import language, ngettext
from autograd_lab.views import boxes
from autograd_lab.views.grouping import Part, evaluation_parts, parts_of, totals
from autograd_lab.views.node_box import has_heat, told
from autograd_lab.views.picture import LOCAL_COLUMNS, svg
from autograd_lab.views.reduction import view_of, whole
from autograd_lab.views.settings import NODE_LIMIT, PHASES, Phase
from autograd_lab.views.texts import texts
from autograd_lab.views.view import View

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


def story(graph: Graph, *, limit: int = NODE_LIMIT, view: View | None = None) -> dict[str, Any]:
    """What stays the same through all steps: of `view`, or of what fits into `limit`, whose nodes and boxes it tells of."""
    view = view_of(graph, limit=limit) if view is None else view
    words = texts()
    return {
        "title": title(graph),
        "language": language(),
        "svg": svg(graph, standalone=False, view=view),
        "notices": _notices(view),
        "experiments": "kernel",
        "nodes": [_node(node) | {"scope": view.home(node)} for node in patiently(view.nodes, _nodes_prepared)],
        "inputs": [_input(node) for node in view.nodes if node.op is None],
        "live": graph.repeatable,
        "source": _source(view),
        "edges": [{"id": e.id, "source": e.source.label, "target": e.target.label} for e in view.edges],
        "choices": {phase: _offered(graph, phase) for phase in PHASES},
        "texts": words,
        "openable": True,
        **boxes.described(view),
        **({"legend": words["heatLegend"]} if any(map(has_heat, view.nodes)) else {}),
    }


def _notices(view: View) -> list[str]:
    """How much of the graph stands in boxes, where some does."""
    if view.whole:
        return []
    nodes, edges = len(view.graph.nodes), len(view.graph.edges)
    said = _("The graph has {nodes} nodes and {edges} edges. {shown} nodes are shown, the others stand in boxes.")
    return [said.format(nodes=f"{nodes:,}", edges=f"{edges:,}", shown=f"{len(view.nodes):,}")]


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


def _source(view: View) -> list[dict[str, Any]]:
    """The code that made the nodes, each shown one marked; empty where it is not to be had."""
    shown = {str(node.label) for node in view.nodes}
    found = []
    for passage in passages(view.graph):
        marks = [[span.start, span.end, [label for label in labels if label in shown]] for span, labels in passage.marks]
        found.append({"title": passage.title, "code": passage.code, "marks": [mark for mark in marks if mark[2]]})
    return found


def title(graph: Graph) -> str:
    """The function with its inputs: f(x, y)."""
    inputs = ", ".join(text(Symbol(node.name or str(node.label))) for node in graph.inputs[:8])
    return f"{text(Symbol(graph.name))}({inputs}{', …' if len(graph.inputs) > 8 else ''})"


def sweep(graph: Graph, mode: Phase, key: str, view: View | None = None) -> dict[str, Any]:
    """One phase, step by step as `view` shows it; where an accumulation cannot be finished, its last sentence says why."""
    view = whole(graph) if view is None else view
    if mode == "evaluation":
        parts = evaluation_parts(view)
        told = [
            _evaluation(graph.nodes[part.first - 1])
            if part.box is None
            else boxes.evaluated(view, part, graph.nodes[part.first - 1 : part.last])
            for part in patiently(parts, _steps_prepared)
        ]
        return {"mode": mode, "about": "", "symbols": {}, "boxes": totals(parts), "steps": told}
    steps = run(graph, mode, key)
    parts = parts_of(view, steps)
    told = [_part(view, part, steps[part.first - 1 : part.last]) for part in patiently(parts, _steps_prepared)]
    if steps.stopped is not None:
        told[-1]["sentence"] = _("{sentence}. {stop}").format(sentence=told[-1]["sentence"], stop=stop(steps))
    return {
        "mode": mode,
        "about": key,
        "symbols": {str(node.label): text(derivative(node, steps.about, graph, mode), subscripts=True) for node in view.nodes},
        "boxes": totals(parts),
        "steps": told,
        "paths": _paths(steps),
    }


def _steps_prepared(count: int) -> str:
    return ngettext("{count} step prepared so far", "{count} steps prepared so far", count).format(count=count)


def _nodes_prepared(count: int) -> str:
    return ngettext("{count} node prepared so far", "{count} nodes prepared so far", count).format(count=count)


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


def _part(view: View, part: Part, steps: tuple[Step, ...]) -> dict[str, Any]:
    if part.box is not None:
        return boxes.visited(view, part, steps)
    described = _step(steps[0])
    within = view.box_of(steps[0].node)  # a seed may lie in one
    return described if within is None else described | {"box": within.key, "visited": 0}


def parts_shown(graph: Graph, mode: Phase, key: str, view: View) -> list[Part]:
    """What the steps of `sweep` stand for in the true order."""
    return evaluation_parts(view) if mode == "evaluation" else parts_of(view, run(graph, mode, key))


def transcript(graph: Graph, mode: Phase, key: str, view: View | None = None) -> str:
    """The same as text; of a graph that is not shown whole, what its picture shows."""
    if view is not None and not view.whole:
        told = sweep(graph, mode, key, view)["steps"]
        width = len(str(len(told)))
        return "\n".join(f"{number:>{width}}. {step['sentence']}" for number, step in enumerate(told, start=1))
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
        **_array(node),
    }


def _array(node: Node) -> dict[str, Any]:
    """What is said of the array that a node holds; nothing of a scalar."""
    if np.ndim(node.value) == 0:
        return {}
    kind = {"shape": str(np.shape(node.value)), "dtype": str(np.asarray(node.value).dtype)}
    return {"array": kind | (told(node.value) or {})}


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
    if (array := told(step.total)) is not None:
        described["array"] = array
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
    """What stands on the edge, in its room: the local derivative as symbol and number; a linear map with the shapes.

    Where broadcasting is undone, or done forward, that stands in the place of the number, which could only be a shape.
    """
    assert step.edge is not None
    if step.local is None:
        op = str(step.edge.target.op)
        short, shapes = in_short(step) or (op, "")
        if op == "setitem" or op.startswith("set_"):  # the rest of the array stays, the value goes into its place
            short = _("written") if step.edge.argument else _("kept")
        return {"text": elide(short, LOCAL_COLUMNS), "number": "", **_change(shapes)}
    derivative_here = local(step.edge, step.graph)
    symbol, value = text(derivative_here, subscripts=True), number(step.local)
    said_already = symbol == value or isinstance(derivative_here, Literal)  # a constant array is its own value
    change = undone_in_short(step) or ""
    return {
        "text": elide(_("mask") if isinstance(derivative_here, Literal) and mask(step) else symbol, LOCAL_COLUMNS),
        "number": "" if said_already or change else value,
        **_change(change),
    }


def _change(words: str) -> dict[str, str]:
    return {"change": elide(words, LOCAL_COLUMNS)} if words else {}
