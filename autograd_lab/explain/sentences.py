"""One sentence for each step, one transcript for each sweep, one listing for each graph: plain text, always the same.

The status line of the stepper, text/plain in a saved notebook and print() all show these.
"""

from __future__ import annotations

from autograd_lab.explain.expression import Equation, Expression, Literal, Symbol
from autograd_lab.explain.formulas import derivative, linear_map, local, of_node, summed_axes
from autograd_lab.explain.numbers import describe
from autograd_lab.explain.text import text
from autograd_lab.graph.graph import Graph, Node
from autograd_lab.graph.sweep import Step, Sweep


def sentence(step: Step) -> str:
    """The step in one line: what was multiplied, what the receiver had, has now, and still waits for."""
    carried = "tangent" if step.mode == "forward" else "adjoint"
    if step.edge is None:
        zeros = "".join(f", of {titled(node)} 0" for node in step.zeros)
        return f"seed: {carried} of {titled(step.node)} is {describe(step.total)}{zeros}"
    label = step.node.label
    complete = ", complete" if step.completes else ""
    received = f"{label} {describe(step.before)} -> {describe(step.total)}, {step.arrived} of {step.expected}{complete}"
    return f"{step.edge.id}: {_contribution(step, carried)}; {received}"


def _contribution(step: Step, carried: str) -> str:
    assert step.edge is not None
    if not step.reached:
        return f"the seed does not reach {step.edge.source.label}, so the contribution is 0"
    result = describe(step.contribution)
    if step.local is None:
        return f"{_whole(linear_map(step, Symbol(carried)))} with {carried} {describe(step.incoming)} = {result}"
    derivative_here = local(step.edge, step.graph)
    symbol, number = text(derivative_here), describe(step.local)
    shown = number if symbol == number or isinstance(derivative_here, Literal) else f"{symbol} = {number}"
    axes = summed_axes(step)
    undone = f", summed over the axes {axes} that broadcasting added" if axes else ""
    return f"local {shown}, times {carried} {describe(step.incoming)}{undone} = {result}"


def _whole(formula: Expression) -> str:
    """A formula beside other words: what has words of its own, "w1 with [0] = w2", in parentheses."""
    return text(Equation((formula,)))


def titled(node: Node) -> str:
    """A node's label, and its name where it has one: "w1 (x)"."""
    return f"{node.label} ({text(Symbol(node.name))})" if node.name else str(node.label)


def transcript(sweep: Sweep) -> str:
    """All steps of a sweep, numbered, and what they add up to."""
    direction = "Forward accumulation from" if sweep.mode == "forward" else "Reverse accumulation from"
    width = len(str(len(sweep)))
    lines = [f"{direction} {titled(sweep.about)}"]
    lines += [f"{number:>{width}}. {sentence(step)}" for number, step in enumerate(sweep, start=1)]
    if sweep.stopped is not None:
        return "\n".join([*lines, stop(sweep)])
    graph = sweep.graph
    ends = graph.inputs if sweep.mode == "reverse" else graph.outputs
    results = [
        f"{text(derivative(node, sweep.about, graph, sweep.mode))} = {describe(sweep.result[str(node.label)])}" for node in ends
    ]
    return "\n".join([*lines, f"Result: {', '.join(results)}"])


def stop(sweep: Sweep) -> str:
    """Why a sweep ends before its last step."""
    return f"Here {sweep.mode} accumulation stops: {sweep.stopped}"


def listing(graph: Graph) -> str:
    """The evaluation trace of a graph: every node with its expression and its primal."""
    lines = [f"{text(Symbol(graph.name))}: {len(graph.nodes)} nodes, {len(graph.edges)} edges"]
    lines += [f"{node.label} = {_whole(of_node(node))} = {describe(node.value)}" for node in graph.nodes]
    lines += [
        f"no gradient flows: {text(Symbol(c.name)) if c.name else describe(c.value)} ({c.origin})" for c in graph.constants
    ]
    return "\n".join(lines)
