"""What accumulation says and asks while it runs: visits to a watcher, and hooks on what passes by.

`Visit` is one step as a watcher is told of it. `Hooks` is what reverse accumulation asks of those who attached hooks. The
functions below give the values that a visit shows: plain numbers and arrays, whatever the loop computes with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from autograd_lab.core.node import Record, Value
from autograd_lab.core.primitives.row import Mode, Partial, on_numpy

Lift = Callable[[Any], Any]
"""From an operand to what rules compute with: its value, or a Tensor where derivatives are recorded themselves."""


class Visit(NamedTuple):
    """One step of an accumulation, as a watcher is told of it. A seed has `node` None.

    Reverse: the adjoint `incoming` of `node` gives `contribution` to its operand `receiver`. Forward: the tangent
    `incoming` of the operand gives `contribution` to `receiver`, which is `node`. `before` + `contribution` = `total`;
    `total` is the `arrived`-th of `expected` contributions. `reached` is False where no seed leads to the edge.
    """

    mode: Mode
    node: Record | None
    argument: int
    receiver: Record
    local: Any
    incoming: Any
    contribution: Any
    before: Any
    total: Any
    arrived: int
    expected: int
    reached: bool
    roots: tuple[Record, ...]
    """The results that the accumulation is about."""
    seeded: tuple[Record, ...] = ()
    """With a forward seed: all records that have one."""


Watch = Callable[[Visit], None]


class Hooks(Protocol):
    """What reverse accumulation asks about hooks. It calls nothing where a record has no Extra."""

    at_leaves: bool
    """Whether a leaf is to be told as soon as its adjoint is complete, which takes counting beforehand."""

    def on_adjoint(self, node: Record, adjoint: Any) -> Any:
        """What to go on with in place of a record's complete adjoint."""

    def on_leaf(self, node: Record, adjoint: Any) -> Any:
        """The same for a leaf, where `at_leaves` says so; None if its adjoint was taken over."""

    def on_contributions(self, node: Record, adjoint: Any, contributions: dict[int, Any]) -> dict[int, Any]:
        """What to go on with in place of what a record contributes to its operands, by argument."""


def primals_of(node: Record, lift: Lift) -> list[Any]:
    """What the rules of a record compute with: its result, then its operands."""
    return [lift(node), *map(lift, node.operands)]


def zero(like: Value) -> Value:
    """The 0 of a value's shape and dtype."""
    return 0.0 if like.__class__ is float else np.zeros_like(like)[()]


def plain(value: Any) -> Value:
    """The NumPy value of what may be a Tensor, when derivatives are recorded themselves."""
    node = getattr(value, "_node", None)
    return value if node is None else node.value


def local_derivatives(local: Any, node: Record, argument: int, lift: Lift) -> Value | None:
    """The local derivatives as an array of the result's shape, or a float; worked out here where the visit had no need to."""
    if local is None:
        partial: Partial = node.primitive.partials[argument]  # type: ignore[union-attr,assignment]  # an edge has one
        if partial.local is None:
            return None
        local = on_numpy(partial.local, *primals_of(node, lift), **node.keywords)
    local = plain(local)
    if node.value.__class__ is float:
        return float(local)
    return np.broadcast_to(np.asarray(local, dtype=node.value.dtype), np.shape(node.value))
