"""Python's operators on a Tensor: each names a row of the primitive table, nothing more."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Self

import numpy as np

from autograd_lab.core import in_place
from autograd_lab.core.node import NO_KEYWORDS, Record
from autograd_lab.core.primitives import linalg, pointwise, shapes
from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.recording import Handle, apply, operator_of


def _in_place(primitive: Primitive) -> Callable[[Any, Any], Any]:
    def operator(self: Any, other: Any) -> Any:
        in_place.operate(self, primitive, other)
        return self

    return operator


class Operators(Handle):
    """Tensor's operators and indexing."""

    __slots__ = ()
    __hash__ = object.__hash__

    __add__ = operator_of(pointwise.ADD, operator.add)
    __sub__ = operator_of(pointwise.SUBTRACT, operator.sub)
    __mul__ = operator_of(pointwise.MULTIPLY, operator.mul)
    __truediv__ = operator_of(pointwise.DIVIDE, operator.truediv)

    def __radd__(self, other: Any) -> Self:
        return apply(pointwise.ADD, (other, self), NO_KEYWORDS)

    def __rsub__(self, other: Any) -> Self:
        return apply(pointwise.SUBTRACT, (other, self), NO_KEYWORDS)

    def __rmul__(self, other: Any) -> Self:
        return apply(pointwise.MULTIPLY, (other, self), NO_KEYWORDS)

    def __rtruediv__(self, other: Any) -> Self:
        return apply(pointwise.DIVIDE, (other, self), NO_KEYWORDS)

    def __pow__(self, other: Any) -> Self:
        return apply(pointwise.POWER, (self, other), NO_KEYWORDS)

    def __rpow__(self, other: Any) -> Self:
        return apply(pointwise.POWER, (other, self), NO_KEYWORDS)

    def __floordiv__(self, other: Any) -> Self:
        return apply(pointwise.FLOOR_DIVIDE, (self, other), NO_KEYWORDS)

    def __rfloordiv__(self, other: Any) -> Self:
        return apply(pointwise.FLOOR_DIVIDE, (other, self), NO_KEYWORDS)

    def __mod__(self, other: Any) -> Self:
        return apply(pointwise.REMAINDER, (self, other), NO_KEYWORDS)

    def __rmod__(self, other: Any) -> Self:
        return apply(pointwise.REMAINDER, (other, self), NO_KEYWORDS)

    def __matmul__(self, other: Any) -> Self:
        return apply(linalg.MATMUL, (self, other), NO_KEYWORDS)

    def __rmatmul__(self, other: Any) -> Self:
        return apply(linalg.MATMUL, (other, self), NO_KEYWORDS)

    def __neg__(self) -> Self:
        return apply(pointwise.NEGATIVE, (self,), NO_KEYWORDS)

    def __pos__(self) -> Self:
        return apply(pointwise.POSITIVE, (self,), NO_KEYWORDS)

    def __abs__(self) -> Self:
        return apply(pointwise.ABSOLUTE, (self,), NO_KEYWORDS)

    def __lt__(self, other: Any) -> Self:
        return apply(pointwise.LESS, (self, other), NO_KEYWORDS)

    def __le__(self, other: Any) -> Self:
        return apply(pointwise.LESS_EQUAL, (self, other), NO_KEYWORDS)

    def __gt__(self, other: Any) -> Self:
        return apply(pointwise.GREATER, (self, other), NO_KEYWORDS)

    def __ge__(self, other: Any) -> Self:
        return apply(pointwise.GREATER_EQUAL, (self, other), NO_KEYWORDS)

    def __eq__(self, other: object) -> Any:
        return apply(pointwise.EQUAL, (self, other), NO_KEYWORDS) if _comparable(other) else NotImplemented

    def __ne__(self, other: object) -> Any:
        return apply(pointwise.NOT_EQUAL, (self, other), NO_KEYWORDS) if _comparable(other) else NotImplemented

    def __and__(self, other: Any) -> Self:
        return apply(pointwise.AND, (self, other), NO_KEYWORDS)

    def __or__(self, other: Any) -> Self:
        return apply(pointwise.OR, (self, other), NO_KEYWORDS)

    def __xor__(self, other: Any) -> Self:
        return apply(pointwise.XOR, (self, other), NO_KEYWORDS)

    __rand__ = __and__
    __ror__ = __or__
    __rxor__ = __xor__

    def __invert__(self) -> Self:
        return apply(pointwise.INVERT, (self,), NO_KEYWORDS)

    def __getitem__(self, index: Any) -> Self:
        return apply(shapes.GETITEM, (self,), {"index": plain_index(index)})

    # -- in place: the object stays the same ------------------------------------------------------------------------------

    def __setitem__(self, index: Any, value: Any) -> None:
        in_place.assign(self, plain_index(index), value)

    __iadd__ = _in_place(pointwise.ADD)
    __isub__ = _in_place(pointwise.SUBTRACT)
    __imul__ = _in_place(pointwise.MULTIPLY)
    __itruediv__ = _in_place(pointwise.DIVIDE)
    __ifloordiv__ = _in_place(pointwise.FLOOR_DIVIDE)
    __imod__ = _in_place(pointwise.REMAINDER)
    __ipow__ = _in_place(pointwise.POWER)
    __iand__ = _in_place(pointwise.AND)
    __ior__ = _in_place(pointwise.OR)
    __ixor__ = _in_place(pointwise.XOR)


def plain_index(index: Any) -> Any:
    """An index as the record keeps it: integer and bool Tensors as plain arrays, and what can be written to as a copy.

    A floating Tensor, or one that records, is refused.
    """
    if isinstance(index, Operators):
        value = index._node.value
        if isinstance(index._node, Record) or np.asarray(value).dtype.kind == "f":
            return index.__index__()  # type: ignore[attr-defined]  # Tensor's, which says what to do instead
        index = value
    if isinstance(index, (np.ndarray, list)):
        return index.copy()
    return tuple(plain_index(part) for part in index) if isinstance(index, tuple) else index


def _comparable(other: Any) -> bool:
    return isinstance(other, (Handle, int, float, np.ndarray, np.generic, list, tuple))
