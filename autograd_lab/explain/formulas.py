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
    Derivative,
    Equation,
    Expression,
    Literal,
    Number,
    Sum,
    Symbol,
    Times,
    call,
    quantity,
    subscript,
    template,
)
from autograd_lab.graph.graph import Edge, Graph, Node
from autograd_lab.graph.sweep import Step

Named = Callable[[Record], Expression | None]
"""How a record of the graph is written; None for one that the rule itself recorded."""

LONGEST_NAME = 4  # in ∂w₃/∂x, whose room is reserved: longer names give way to the label


def of_node(node: Node) -> Expression:
    """An input's name, or an operation in the labels of its operands."""
    if node.op is None:
        return Symbol(node.name or str(node.label))
    labels = {parent.record: Symbol(str(parent.label or "?")) for parent in node.parents}
    return _written(node.record, labels.get)


def local(edge: Edge, graph: Graph) -> Expression:
    """The local derivative of an edge: the formula that its rule records; for a linear map ∂target/∂source."""
    record, partial = edge.target.record, _partial(edge)
    generic = Derivative(_symbol(edge.target), _symbol(edge.source))
    if partial.local is None:
        return generic
    rule = partial.local
    formula = _recorded(lambda out, values: on_numpy(rule, out, *values, **record.keywords), record, _labels(graph), {})
    return _noted(partial, record, graph, generic if formula is None else formula, {})


def linear_map(step: Step, incoming: Expression, *, numbers: bool = False) -> Expression:
    """The contribution of a linear map: what its push or pull records, run on what comes in."""
    assert step.edge is not None
    record, partial = step.edge.target.record, _partial(step.edge)
    half = partial.push if step.mode == "forward" else partial.pull
    symbol = leaf(step.incoming)
    named: Named = _values(step.graph) if numbers else _labels(step.graph)

    def run(out: Any, values: list[Any]) -> Any:
        return on_numpy(half, lift_recorded(symbol), out, *values, **record.keywords)

    formula = _recorded(run, record, named, {symbol: incoming})
    if formula is None:
        return Times((incoming, Derivative(_symbol(step.edge.target), _symbol(step.edge.source))))
    what = "tangent" if step.mode == "forward" else "adjoint"
    return formula if numbers else _noted(partial, record, step.graph, formula, {what: incoming})


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
    if axes:
        symbols, values = (call("sum", e, axis=axes) for e in (symbols, values))
    return Equation((generic, symbols, values, quantity(step.contribution)))


def accumulation(step: Step) -> Equation:
    """before + contribution = total, at the receiver."""
    return Equation((Sum((quantity(step.before), quantity(step.contribution))), quantity(step.total)))


def summed_axes(step: Step) -> tuple[int, ...]:
    """The axes that broadcasting added on the way up, and that this reverse step sums over; () for none."""
    if step.mode == "forward" or step.edge is None or step.local is None:
        return ()
    given, shape = np.shape(step.edge.target.value), np.shape(step.contribution)
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
    rule: Callable[[Any, list[Any]], Any], record: Record, named: Named, given: Mapping[Record, Expression]
) -> Expression | None:
    """The formula that a rule records when it is run on the record's operands; None where it cannot be recorded."""
    with unwatched(), enable_grad(), np.errstate(all="ignore"):
        try:
            result = rule(lift_recorded(record), [lift_recorded(operand) for operand in record.operands])
        except (TypeError, RuntimeError):
            return None  # a user's rule may use what has no rule itself: it computes, but has no formula
    if not isinstance(result, Tensor):
        return _constant(result)
    node = result._node
    if isinstance(node, Constant):
        return _constant(node.value)
    return _written(node, lambda r: given.get(r) or named(r), top=True)


def _constant(value: Any) -> Expression:
    """What a rule gives that reads no operand; what was chosen is a bool in a rule, and 1 or 0 as a local derivative."""
    return quantity(value * 1.0 if np.asarray(value).dtype.kind == "b" else value)


def _written(record: Record, named: Named, *, top: bool = False) -> Expression:
    """A record in terms of those that have a name. Rules are a few operations deep, so this may recurse."""
    if top:
        known = named(record)
        if known is not None:
            return known
    primitive = record.primitive
    assert primitive is not None
    operands: list[Expression] = []
    for operand in record.operands:
        if isinstance(operand, Record):
            operands.append(named(operand) or _written(operand, named))
        elif isinstance(operand, Constant):
            name = operand.extra.name if operand.extra is not None else None
            operands.append(Symbol(name) if name else quantity(operand.value))
        else:
            operands.append(Literal("None") if operand is None else quantity(operand))
    keywords = {key: value for key, value in record.keywords.items() if value is not None and value is not False}
    base = _call(primitive.notation, operands, keywords)
    return template(primitive.latex, operands, base) if primitive.latex else base


def _call(kind: str, operands: list[Expression], keywords: dict[str, Any]) -> Expression:
    if kind == "getitem":
        return subscript(operands[0], keywords["index"])
    if kind == "einsum":
        return call(kind, Literal(f"'{keywords['subscripts']}'"), *operands)
    if kind == "swapaxes" and {keywords.get("axis1"), keywords.get("axis2")} == {-1, -2}:
        return call("transpose", *operands)
    if "shape" in keywords:
        shape = keywords.pop("shape")
        operands = [*operands, Literal(str(shape).replace("np.int64", ""))]
    return call(kind, *operands, **keywords)


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
