"""One sentence for each step, one transcript for each sweep, one listing for each graph: plain text, always the same.

The status line of the stepper, text/plain in a saved notebook and print() all show these.
"""

from __future__ import annotations

import re

from autograd_lab.explain.expression import Equation, Expression, Literal, Symbol, clean
from autograd_lab.explain.formulas import derivative, linear_map, local, of_node
from autograd_lab.explain.maps import in_words, mask, undone
from autograd_lab.explain.numbers import describe
from autograd_lab.explain.text import text
from autograd_lab.graph import Constant, Graph, Node
from autograd_lab.graph.sweep import Step, Sweep
from autograd_lab.language import gettext as _
from autograd_lab.language import ngettext


def sentence(step: Step) -> str:
    """The step in one line: what was multiplied, what the receiver had, has now, and still waits for."""
    carried = _("tangent") if step.mode == "forward" else _("adjoint")
    if step.edge is None:
        seeded = _("seed: {carried} of {node} is {value}")
        said = [seeded.format(carried=carried, node=titled(step.node), value=describe(step.total))]
        return ", ".join(said + [_("of {node} 0").format(node=titled(node)) for node in step.zeros])
    if step.completes:
        received = _("{edge}: {contribution}; {node} {before} -> {total}, {arrived} of {expected}, complete")
    else:
        received = _("{edge}: {contribution}; {node} {before} -> {total}, {arrived} of {expected}")
    return received.format(
        edge=step.edge.id,
        contribution=_contribution(step, carried),
        node=step.node.label,
        before=describe(step.before),
        total=describe(step.total),
        arrived=step.arrived,
        expected=step.expected,
    )


def _contribution(step: Step, carried: str) -> str:
    assert step.edge is not None
    if not step.reached:
        return _("the seed does not reach {source}, so the contribution is 0").format(source=step.edge.source.label)
    result, incoming = describe(step.contribution), describe(step.incoming)
    if step.local is None:
        words = in_words(step)
        if words is not None:
            spoken = _("{map}, with {carried} {incoming} = {result}")
            return spoken.format(map=words, carried=carried, incoming=incoming, result=result)
        mapped = _("{map} with {carried} {incoming} = {result}")
        return mapped.format(map=_whole(linear_map(step, Symbol(carried))), carried=carried, incoming=incoming, result=result)
    shown, broadcast = _local(step), undone(step)
    if broadcast is not None:
        changed = _("local {local}, times {carried} {incoming}, {broadcast} = {result}")
        return changed.format(local=shown, carried=carried, incoming=incoming, broadcast=broadcast, result=result)
    multiplied = _("local {local}, times {carried} {incoming} = {result}")
    return multiplied.format(local=shown, carried=carried, incoming=incoming, result=result)


def _local(step: Step) -> str:
    """The local derivative as symbol and number; of a mask what its ones stand for."""
    assert step.edge is not None
    found, number = local(step.edge, step.graph), describe(step.local)
    symbol = mask(step) or text(found)
    said = symbol == number or (symbol == text(found) and isinstance(found, Literal))
    return number if said else f"{symbol} = {number}"


def _whole(formula: Expression) -> str:
    """A formula beside other words: what has words of its own, "w1 with [0] = w2", in parentheses."""
    return text(Equation((formula,)))


def titled(node: Node) -> str:
    """A node's label, and its name where it has one: "w1 (x)"."""
    return f"{node.label} ({text(Symbol(node.name))})" if node.name else str(node.label)


def transcript(sweep: Sweep) -> str:
    """All steps of a sweep, numbered, and what they add up to."""
    heading = _("Forward accumulation from {node}") if sweep.mode == "forward" else _("Reverse accumulation from {node}")
    width = len(str(len(sweep)))
    lines = [heading.format(node=titled(sweep.about))]
    lines += [f"{number:>{width}}. {sentence(step)}" for number, step in enumerate(sweep, start=1)]
    if sweep.stopped is not None:
        return "\n".join([*lines, stop(sweep)])
    graph = sweep.graph
    ends = graph.inputs if sweep.mode == "reverse" else graph.outputs
    results = [
        f"{text(derivative(node, sweep.about, graph, sweep.mode))} = {describe(sweep.result[str(node.label)])}" for node in ends
    ]
    return "\n".join([*lines, _("Result: {results}").format(results=", ".join(results))])


def stop(sweep: Sweep) -> str:
    """Why a sweep ends before its last step."""
    if sweep.mode == "forward":
        stopped = _("Here forward accumulation stops: {reason}")
    else:
        stopped = _("Here reverse accumulation stops: {reason}")
    return stopped.format(reason=sweep.stopped)


def listing(graph: Graph) -> str:
    """The evaluation trace of a graph: every node with its expression and its primal."""
    lines = [f"{text(Symbol(graph.name))}: {size(graph)}"]
    lines += [f"{node.label} = {_whole(of_node(node))} = {describe(node.value)}" for node in graph.nodes]
    cut = _("no gradient flows: {value} ({reason})")
    for constant in graph.constants:
        value = text(Symbol(constant.name)) if constant.name else describe(constant.value)
        lines.append(cut.format(value=value, reason=origin(constant)))
    return "\n".join(lines)


def size(graph: Graph) -> str:
    """How many nodes and edges a graph has."""
    nodes = ngettext("{count} node", "{count} nodes", len(graph.nodes)).format(count=len(graph.nodes))
    edges = ngettext("{count} edge", "{count} edges", len(graph.edges)).format(count=len(graph.edges))
    return f"{nodes}, {edges}"


def origin(constant: Constant) -> str:
    """Why no gradient flows to a Tensor, in words where it is no name of Python's: "detach of w3", "no_grad"."""
    return because(constant.origin)


def because(reason: str) -> str:
    """The reason of an origin, in words."""
    for known, said in (
        (r"detach of (?P<node>\w+)", _("detach of {node}")),
        (r"(?P<operation>\w+) has no derivative", _("{operation} has no derivative")),
        (r"(?P<operation>\w+) has no derivative in this argument", _("{operation} has no derivative in this argument")),
    ):
        found = re.fullmatch(known, reason)
        if found:
            return said.format(**found.groupdict())
    return clean(reason)
