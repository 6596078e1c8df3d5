"""Python's operators and NumPy's methods on a Tensor: each names a row of the primitive table, nothing more."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autograd_lab.core.node import NO_KEYWORDS, Record
from autograd_lab.core.primitives import linalg, pointwise, reductions, shapes
from autograd_lab.core.recording import Handle, apply, binary


class Operators(Handle):
    """The arithmetic half of Tensor."""

    __slots__ = ()
    __hash__ = object.__hash__

    # -- operators ----------------------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> Self:
        return binary(pointwise.ADD, self, other)

    def __radd__(self, other: Any) -> Self:
        return binary(pointwise.ADD, other, self)

    def __sub__(self, other: Any) -> Self:
        return binary(pointwise.SUBTRACT, self, other)

    def __rsub__(self, other: Any) -> Self:
        return binary(pointwise.SUBTRACT, other, self)

    def __mul__(self, other: Any) -> Self:
        return binary(pointwise.MULTIPLY, self, other)

    def __rmul__(self, other: Any) -> Self:
        return binary(pointwise.MULTIPLY, other, self)

    def __truediv__(self, other: Any) -> Self:
        return apply(pointwise.DIVIDE, (self, other), NO_KEYWORDS)

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

    # -- NumPy's methods ----------------------------------------------------------------------------------------------

    def sum(self, axis: Any = None, keepdims: bool = False) -> Self:
        """np.sum."""
        return apply(reductions.SUM, (self,), {"axis": axis, "keepdims": keepdims})

    def mean(self, axis: Any = None, keepdims: bool = False) -> Self:
        """np.mean."""
        return apply(reductions.MEAN, (self,), {"axis": axis, "keepdims": keepdims})

    def max(self, axis: Any = None, keepdims: bool = False) -> Self:
        """np.max: the gradient is shared evenly among several largest elements."""
        return apply(reductions.MAX, (self,), {"axis": axis, "keepdims": keepdims})

    def min(self, axis: Any = None, keepdims: bool = False) -> Self:
        """np.min: the gradient is shared evenly among several smallest elements."""
        return apply(reductions.MIN, (self,), {"axis": axis, "keepdims": keepdims})

    def prod(self, axis: Any = None, keepdims: bool = False) -> Self:
        """np.prod."""
        return apply(reductions.PROD, (self,), {"axis": axis, "keepdims": keepdims})

    def reshape(self, *shape: Any) -> Self:
        """np.reshape, with the shape as one tuple or as several numbers."""
        return apply(shapes.RESHAPE, (self,), {"shape": shape[0] if len(shape) == 1 else shape})

    def ravel(self) -> Self:
        """np.ravel."""
        return apply(shapes.RAVEL, (self,), NO_KEYWORDS)

    flatten = ravel

    def transpose(self, *axes: Any) -> Self:
        """np.transpose, with the axes as one tuple or as several numbers."""
        order = axes[0] if len(axes) == 1 else axes or None
        return apply(shapes.TRANSPOSE, (self,), {"axes": order} if order is not None else NO_KEYWORDS)

    def swapaxes(self, axis1: int, axis2: int) -> Self:
        """np.swapaxes."""
        return apply(shapes.SWAPAXES, (self,), {"axis1": axis1, "axis2": axis2})

    def squeeze(self, axis: Any = None) -> Self:
        """np.squeeze."""
        return apply(shapes.SQUEEZE, (self,), {"axis": axis})

    def clip(self, min: Any = None, max: Any = None) -> Self:
        """np.clip."""
        return apply(pointwise.CLIP, (self, min, max), NO_KEYWORDS)

    def dot(self, other: Any) -> Self:
        """np.dot."""
        return apply(linalg.DOT, (self, other), NO_KEYWORDS)


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
