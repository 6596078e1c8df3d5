"""Computes a recorded graph again with other values in some places: what nudging a node does to those behind it.

    again = Recomputation(graph, [graph.node("w1")])
    again({w1: 2.1})            the values of w1 and of all that depend on it, by record

Each operation is that of its record, with its own keywords and constants. So a branch that the function took, an index
or order that it chose, a mask, a number drawn at random and a value detached are what they were: it is the recorded graph
that moves, which is what its derivatives are about.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np

from autograd_lab.core.modes import set_grad_enabled
from autograd_lab.core.node import Constant, Record, Value, value_of
from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.recording import normal
from autograd_lab.graph.graph import Graph
from autograd_lab.graph.node import Node

REFUSALS = (ArithmeticError, ValueError, TypeError, RuntimeError)
"""What an operation may raise on other values than those it was recorded with: a singular matrix, a math domain."""


class Recomputation:
    """The operations that depend on some nodes, in the order in which they were recorded."""

    def __init__(self, graph: Graph, changed: Collection[Node], wanted: Collection[Node] | None = None) -> None:
        """Find what depends on the changed nodes; with `wanted`, only what these need."""
        needed = None if wanted is None else _behind(wanted)
        found = {node.record for node in changed}
        self.operations: list[Record] = []
        self._plan: list[_Operation] = []
        for node in graph.nodes:
            record = node.record
            if record in found or (needed is not None and record not in needed):
                continue
            moving = [i for i, operand in enumerate(record.operands) if operand.__class__ is Record and operand in found]
            if moving:
                found.add(record)
                self.operations.append(record)
                self._plan.append(_planned(record, moving))

    def __call__(self, values: Mapping[Record, Value]) -> dict[Record, Value]:
        """The values given, and with them those of all operations that depend on the changed nodes.

        Raises:
            ArithmeticError, ValueError, TypeError, RuntimeError: what an operation raises on these values.
        """
        computed = dict(values)
        with np.errstate(all="ignore"), set_grad_enabled(False):
            for operation in self._plan:
                computed[operation.record] = _computed(operation, computed)
        return computed


def changed_since(graph: Graph) -> Node | None:
    """The first node whose operation does not give the recorded value again; None if all do.

    That an operand was overwritten in place is one cause, a primitive that draws random numbers another. Derivatives
    and differences then speak of different functions.
    """
    with np.errstate(all="ignore"), set_grad_enabled(False):
        for node in graph.nodes:
            record = node.record
            if record.primitive is None:
                continue
            try:
                again = _computed(_planned(record, ()), {})
            except REFUSALS:
                return node
            if not _alike(again, record.value):
                return node
    return None


def _alike(again: Value, recorded: Value) -> bool:
    """Whether two values are the same but for their last bits."""
    if again.__class__ is float:
        return again == recorded or math.isclose(again, recorded, rel_tol=1e-8) or (again != again and recorded != recorded)  # noqa: PLR0124 - nan
    return np.allclose(again, recorded, rtol=precision(recorded) ** 0.5, atol=0.0, equal_nan=True)


def precision(value: Value) -> float:
    """The distance from 1 to the next number of a value's dtype."""
    return sys.float_info.epsilon if value.__class__ is float else float(np.finfo(value.dtype).eps)


def _behind(nodes: Collection[Node]) -> set[Record]:
    """The records of these nodes, and all that they depend on."""
    found = {node.record for node in nodes}
    waiting = list(found)
    while waiting:
        for operand in waiting.pop().operands:
            if operand.__class__ is Record and operand not in found:
                found.add(operand)
                waiting.append(operand)
    return found


class _Operation(NamedTuple):
    """A record, with what there is no need to find out each time it is computed again."""

    record: Record
    operands: list[Any]  # those that stay as they were
    moving: list[tuple[int, Record]]  # where the others stand
    scalar: bool


def _planned(record: Record, moving: Collection[int]) -> _Operation:
    scalar = np.ndim(record.value) == 0
    operands: list[Any] = []
    for operand in record.operands:
        value = value_of(operand)
        wide = scalar and value.__class__ is float and operand.__class__ in (Record, Constant)
        # A Tensor's float is a float64, beside a float32 too; and 1/0 is inf.
        operands.append(np.float64(value) if wide else value)
    return _Operation(record, operands, [(i, record.operands[i]) for i in moving], scalar)


def _computed(operation: _Operation, values: Mapping[Record, Value]) -> Value:
    """What an operation gives, with these values in the place of those recorded, kept as its value is kept."""
    record, operands, moving, scalar = operation
    if moving:
        operands = operands.copy()
        for i, operand in moving:
            value = values[operand]
            operands[i] = np.float64(value) if scalar and value.__class__ is float else value
    primitive: Primitive = record.primitive  # type: ignore[assignment]  # an operation has one
    result = primitive.value(*operands, **record.keywords)
    if record.value.__class__ is float:
        return float(result if result.__class__ is np.float64 else normal(result, primitive.name))
    return np.asarray(normal(result, primitive.name), dtype=record.value.dtype)[()]
