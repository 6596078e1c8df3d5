"""Formulas of nodes, edges and steps: read off the records, never written a second time.

`of_node` is the operation in the labels of its operands. `local` is the local derivative of an edge: its rule, run on
Tensors that stand on the operands' records, records itself, and that record is the formula (cos(w1) from np.cos(x)).
A linear map is run the same way on what comes in. `equation` is the line below the picture, in four stages: generic
symbol = symbol at this node = numbers = result; `accumulation` is before + contribution = total.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd_lab.core.modes import enable_grad, unwatched
from autograd_lab.core.node import Constant, Record, leaf
from autograd_lab.core.primitives.row import Partial, on_numpy
from autograd_lab.core.tensor import Tensor, lift_recorded
from autograd_lab.explain.expression import (
    Call,
    Derivative,
    Equation,
    Expression,
    Number,
    Sum,
    Symbol,
    Times,
    call,
    operations,
    quantity,
    template,
)
from autograd_lab.explain.operations import Named, constant, factor_map, written
from autograd_lab.graph.graph import Edge, Graph, Node
from autograd_lab.graph.sweep import Step

MOST_OPERATIONS = 16  # of a formula that is read at a glance: beyond it a linear map is named, vjp_svd(adjoint)
LONGEST_NAME = 4  # in ∂w₃/∂x, whose room is reserved: longer names give way to the label


def of_node(node: Node) -> Expression:
    """An input's name, or an operation in the labels of its operands."""
    if node.op is None:
        return Symbol(node.name or str(node.label))
    labels = {parent.record: Symbol(str(parent.label or "?")) for parent in node.parents}
    return written(node.record, labels.get)


def local(edge: Edge, graph: Graph) -> Expression:
    """The local derivative of an edge: the formula that its rule records; for a linear map ∂target/∂source."""
    record, partial = edge.target.record, _partial(edge)
    generic = Derivative(_symbol(edge.target), _symbol(edge.source))
    if partial.local is None:
        return generic
    rule = partial.local
    formula = _recorded(lambda out, values: on_numpy(rule, out, *values, **record.keywords), record, _labels(graph), {})
    return _noted(partial, record, graph, generic if formula is None else formula[0], {})


def linear_map(step: Step, incoming: Expression, *, numbers: bool = False) -> Expression:
    """The contribution of a linear map: what its push or pull records, run on what comes in."""
    assert step.edge is not None
    record, partial = step.edge.target.record, _partial(step.edge)
    half = partial.push if step.mode == "forward" else partial.pull
    symbol = leaf(step.incoming)
    named: Named = _values(step.graph) if numbers else _labels(step.graph)

    def run(out: Any, values: list[Any]) -> Any:
        return on_numpy(half, lift_recorded(symbol), out, *values, **record.keywords)

    found = _recorded(run, record, named, {symbol: incoming}, tidy=not numbers)
    if found is None:
        return Times((incoming, Derivative(_symbol(step.edge.target), _symbol(step.edge.source))))
    formula, shape = found
    if operations(formula) > MOST_OPERATIONS:
        assert record.primitive is not None
        formula = Call(f"{'jvp' if step.mode == 'forward' else 'vjp'}_{record.primitive.name}", (incoming,))
    formula = factor_map(record, incoming, step.mode) or formula
    what = "tangent" if step.mode == "forward" else "adjoint"
    if not numbers:
        formula = _noted(partial, record, step.graph, formula, {what: incoming})
    return _summed(formula, added_axes(shape, np.shape(step.contribution)))


def _summed(formula: Expression, axes: tuple[int, ...]) -> Expression:
    return call("sum", formula, axis=axes[0] if len(axes) == 1 else axes) if axes else formula


def derivative(node: Node, about: Node, graph: Graph, mode: str) -> Derivative:
    """What a sweep computes at a node: ∂node/∂x (a tangent), or ∂f/∂node (an adjoint; ∂w5/∂node among several outputs)."""
    if mode == "forward":
        name = about.name if about.name and len(about.name) <= LONGEST_NAME else str(about.label)
        return Derivative(_symbol(node), Symbol(name))
    return Derivative(Symbol("f") if len(graph.outputs) == 1 else _symbol(about), _symbol(node))


def equation(step: Step) -> Equation:
    """Generic symbol = symbol at this node = numbers = result; the seed, and an edge not reached, in two stages."""
    received = derivative(step.node, step.about, step.graph, step.mode)
    if step.edge is None:
        return Equation((received, quantity(step.total)))
    giver = step.edge.source if step.mode == "forward" else step.edge.target
    incoming = derivative(giver, step.about, step.graph, step.mode)
    factor = Derivative(_symbol(step.edge.target), _symbol(step.edge.source))
    generic = _product(step, factor, incoming)
    if not step.reached:
        return Equation((generic, quantity(step.contribution)))
    if step.local is None:
        symbols = linear_map(step, incoming)
        values = linear_map(step, quantity(step.incoming), numbers=True)
    else:
        symbols = _product(step, local(step.edge, step.graph), incoming)
        values = _product(step, quantity(step.local), quantity(step.incoming))
    axes = summed_axes(step)
    return Equation((generic, _summed(symbols, axes), _summed(values, axes), quantity(step.contribution)))


def accumulation(step: Step) -> Equation:
    """before + contribution = total, at the receiver."""
    return Equation((Sum((quantity(step.before), quantity(step.contribution))), quantity(step.total)))


def summed_axes(step: Step) -> tuple[int, ...]:
    """The axes that broadcasting added on the way up, and that this reverse step sums over; () for none."""
    if step.mode == "forward" or step.edge is None or step.local is None:
        return ()
    return added_axes(np.shape(step.edge.target.value), np.shape(step.contribution))


def added_axes(given: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    """The axes that `given` has, or has longer than 1, and `shape` has not: those that broadcasting added."""
    extra = len(given) - len(shape)
    return (*range(extra), *(i + extra for i, n in enumerate(shape) if n == 1 and given[i + extra] != 1))


def _product(step: Step, factor: Expression, incoming: Expression) -> Times:
    """Tangents come in from the right, ∂w₃/∂w₁ · ∂w₁/∂x; adjoints from the left, ∂f/∂w₃ · ∂w₃/∂w₁."""
    return Times((factor, incoming) if step.mode == "forward" else (incoming, factor))


def _partial(edge: Edge) -> Partial:
    primitive = edge.target.record.primitive
    assert primitive is not None
    partial = primitive.partials[edge.argument]
    assert partial is not None
    return partial


def _symbol(node: Node) -> Symbol:
    return Symbol(str(node.label))


def _labels(graph: Graph) -> Named:
    def named(record: Record) -> Expression | None:
        node = graph.find(record)
        return None if node is None else _symbol(node)

    return named


def _values(graph: Graph) -> Named:
    def named(record: Record) -> Expression | None:
        node = graph.find(record)
        return None if node is None else quantity(node.value)

    return named


def _recorded(
    rule: Callable[[Any, list[Any]], Any],
    record: Record,
    named: Named,
    given: Mapping[Record, Expression],
    *,
    tidy: bool = True,
) -> tuple[Expression, tuple[int, ...]] | None:
    """The formula that a rule records when it is run on the record's operands, and the shape of what it gives.

    None where it cannot be recorded.
    """
    with unwatched(), enable_grad(), np.errstate(all="ignore"):
        try:
            result = rule(lift_recorded(record), [lift_recorded(operand) for operand in record.operands])
        except (TypeError, RuntimeError):
            return None  # a user's rule may use what has no rule itself: it computes, but has no formula
    shape = np.shape(result)
    if not isinstance(result, Tensor):
        return constant(result, rule=True, tidy=tidy), shape
    node = result._node
    if isinstance(node, Constant):
        return constant(node.value, rule=True, tidy=tidy), shape
    return written(node, lambda r: given.get(r) or named(r), top=True, rule=True, tidy=tidy), shape


def _noted(partial: Partial, record: Record, graph: Graph, base: Expression, extra: dict[str, Expression]) -> Expression:
    """The partial's own LaTeX where it has one, over the formula that it recorded."""
    if partial.latex is None:
        return base
    labels = _labels(graph)
    operands = {
        str(i): (labels(o) if isinstance(o, Record) else quantity(getattr(o, "value", o))) or Number(0.0)
        for i, o in enumerate(record.operands)
    }
    out = labels(record)
    assert out is not None
    return template(partial.latex, {**operands, "out": out, **extra}, base)
