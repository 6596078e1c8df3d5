"""Python's operators on a Tensor: each names a row of the primitive table, nothing more."""

from __future__ import annotations

import operator
from typing import Any, Self

import numpy as np

from autograd_lab.core.node import NO_KEYWORDS, Record
from autograd_lab.core.primitives import linalg, pointwise, shapes
from autograd_lab.core.recording import Handle, apply, operator_of


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

    __rand__ = __and__
    __ror__ = __or__

    def __invert__(self) -> Self:
        return apply(pointwise.INVERT, (self,), NO_KEYWORDS)

    def __getitem__(self, index: Any) -> Self:
        return apply(shapes.GETITEM, (self,), {"index": plain_index(index)})


def plain_index(index: Any) -> Any:
    """An index with integer and bool Tensors in it as plain arrays; a floating one, or one that records, is refused."""
    if isinstance(index, Operators):
        value = index._node.value
        if isinstance(index._node, Record) or np.asarray(value).dtype.kind == "f":
            return index.__index__()  # type: ignore[attr-defined]  # Tensor's, which says what to do instead
        return value
    return tuple(plain_index(part) for part in index) if isinstance(index, tuple) else index


def _comparable(other: Any) -> bool:
    return isinstance(other, (Handle, int, float, np.ndarray, np.generic, list, tuple))
