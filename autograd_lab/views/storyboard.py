"""The storyboard: everything that a view shows, as plain JSON, made once in Python.

`story` is what stays the same (the picture, the nodes, the code, the choices, the words), `sweep` one phase step by step: an
evaluation, or an accumulation forward or reverse. `transcript` is the same as text. The widget, the exported page and the
fallbacks read these and nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.explain import evaluation
from autograd_lab.explain.expression import Literal, Symbol
from autograd_lab.explain.formulas import accumulation, derivative, equation, local, of_node
from autograd_lab.explain.maps import in_short, mask, undone_in_short
from autograd_lab.explain.mathml import mathml, wrapping
from autograd_lab.explain.numbers import number
from autograd_lab.explain.paths import counted, counted_to, sums_of
from autograd_lab.explain.sentences import sentence, stop
from autograd_lab.explain.sentences import transcript as transcript_of
from autograd_lab.explain.source import passages
from autograd_lab.explain.text import elide, text
from autograd_lab.graph import Graph, Node, Step, Sweep
from autograd_lab.graph.patience import patiently
from autograd_lab.language import gettext as _
from autograd_lab.language import language, ngettext
from autograd_lab.views import boxes
from autograd_lab.views.choices import choices, run
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
