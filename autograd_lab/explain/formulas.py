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
from autograd_lab.core.node import Constant, Record, leaf, value_of
from autograd_lab.core.primitives.row import Partial, on_numpy
from autograd_lab.core.tensor import Tensor, lift_recorded
from autograd_lab.explain.expression import (
    Call,
    Derivative,
    Equation,
    Expression,
    Literal,
    Number,
    Sum,
    Symbol,
    Times,
    call,
    displayed,
    operations,
    quantity,
    template,
)
from autograd_lab.explain.operations import Named, constant, factor_map, written
from autograd_lab.graph import Edge, Graph, Node
from autograd_lab.graph.sweep import Step

MOST_OPERATIONS = 16  # of a formula that is read at a glance: beyond it a linear map is named, vjp_svd(adjoint)
MATRIX = 2  # axes from which a constant has a transpose worth reading
_CHOOSING = {"maximum": "greater", "fmax": "greater", "minimum": "less", "fmin": "less"}
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
    found = generic if formula is None else formula[0]
    return _noted(partial, record, graph, _compared(edge, found), {})


def _compared(edge: Edge, found: Expression) -> Expression:
    """The comparison that a mask of larger or smaller elements is, where none are equal; else the local derivative as it is."""
    record = edge.target.record
    sign = _CHOOSING.get(record.primitive.name) if record.primitive is not None else None
    if sign is None or not isinstance(found, Literal) or not np.ndim(record.value):
        return found
    own, other = (record.operands[i] for i in (edge.argument, 1 - edge.argument))
    if np.any(value_of(own) == value_of(other)):
        return found
    labels = {parent.record: _symbol(parent) for parent in edge.target.parents}
    return Call(sign, tuple(labels[o] if isinstance(o, Record) else constant(value_of(o)) for o in (own, other)))


def linear_map(step: Step, incoming: Expression, *, numbers: bool = False) -> Expression:
    """The contribution of a linear map: what its push or pull records, run on what comes in, and summed where it broadcast."""
    formula, shape = mapped(step, incoming, numbers=numbers)
    return _summed(formula, shape, np.shape(step.contribution))


def mapped(step: Step, incoming: Expression, *, numbers: bool = False) -> tuple[Expression, tuple[int, ...]]:
    """What a linear map makes of what comes in, and its shape, in which broadcasting is not yet undone."""
    assert step.edge is not None
    record, partial = step.edge.target.record, _partial(step.edge)
    half = partial.push if step.mode == "forward" else partial.pull
    symbol = leaf(step.incoming)
    named: Named = _values(step.graph) if numbers else _labels(step.graph)
    given = {symbol: incoming}
    matrices = {i: made for i, o in enumerate(record.operands) if (made := _matrix(o, given)) is not None}

    def run(out: Any, values: list[Any]) -> Any:
        return on_numpy(half, lift_recorded(symbol), out, *values, **record.keywords)

    def run_on_matrices(out: Any, values: list[Any]) -> Any:
        return run(out, [lift_recorded(matrices[i]) if i in matrices else value for i, value in enumerate(values)])

    found = _recorded(run_on_matrices, record, named, given, tidy=not numbers) if matrices else None
    if found is None:
        found = _recorded(run, record, named, given, tidy=not numbers)
    if found is None:
        generic = Times((incoming, Derivative(_symbol(step.edge.target), _symbol(step.edge.source))))
        return generic, np.shape(step.contribution)
    formula, shape = found
    if operations(formula) > MOST_OPERATIONS:
        assert record.primitive is not None
        formula = Call(f"{'jvp' if step.mode == 'forward' else 'vjp'}_{record.primitive.name}", (incoming,))
    formula = factor_map(record, incoming, step.mode) or formula
    what = "tangent" if step.mode == "forward" else "adjoint"
    if not numbers:
        formula = _noted(partial, record, step.graph, formula, {what: incoming})
    return formula, shape


def _matrix(operand: Any, given: dict[Record, Expression]) -> Record | None:
    """A constant matrix as a leaf, so that what a rule does with it (transposes it) is recorded and can be read."""
    if isinstance(operand, Record) or np.ndim(value_of(operand)) < MATRIX:
        return None
    made = leaf(value_of(operand))
    name = operand.extra.name if isinstance(operand, Constant) and operand.extra is not None else None
    given[made] = Symbol(name) if name else constant(value_of(operand))
    return made


def _summed(formula: Expression, given: tuple[int, ...], shape: tuple[int, ...]) -> Expression:
    """The formula, whose value has the shape `given`, summed to the shape that it had before broadcasting."""
    extra = len(given) - len(shape)
    stretched = tuple(axis for axis in added_axes(given, shape) if axis >= extra)
    if stretched:
        formula = call("sum", formula, axis=_one_or_all(stretched), keepdims=True)
    return call("sum", formula, axis=_one_or_all(tuple(range(extra)))) if extra > 0 else formula


def _one_or_all(axes: tuple[int, ...]) -> int | tuple[int, ...]:
    return axes[0] if len(axes) == 1 else axes


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
        return Equation((received, displayed(step.total)))
    giver = step.edge.source if step.mode == "forward" else step.edge.target
    incoming = derivative(giver, step.about, step.graph, step.mode)
    factor = Derivative(_symbol(step.edge.target), _symbol(step.edge.source))
    generic = _product(step, factor, incoming)
    if not step.reached:
        return Equation((generic, displayed(step.contribution)))
    if step.local is None:
        symbols = linear_map(step, incoming)
        values = linear_map(step, displayed(step.incoming), numbers=True)
    else:
        symbols = _product(step, local(step.edge, step.graph), incoming)
        values = _product(step, displayed(step.local), displayed(step.incoming))
        symbols, values = (_undone(step, stage) for stage in (symbols, values))
    return Equation((generic, symbols, values, displayed(step.contribution)))


def _undone(step: Step, product: Expression) -> Expression:
    """A pointwise step's product in the receiver's shape: reverse sums what broadcasting added, forward broadcasts."""
    assert step.edge is not None
    shape = np.shape(step.contribution)
    if step.mode == "reverse":
        return _summed(product, np.shape(step.edge.target.value), shape)
    constant_factor = isinstance(product, Times) and isinstance(product.factors[0], Number)
    broadcast = constant_factor and np.shape(step.incoming) != shape
    return call("broadcast_to", product, Literal(str(shape))) if broadcast else product


def accumulation(step: Step) -> Equation:
    """before + contribution = total, at the receiver."""
    return Equation((Sum((displayed(step.before), displayed(step.contribution))), displayed(step.total)))


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
        return None if node is None else displayed(node.value)

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
