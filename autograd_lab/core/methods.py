"""NumPy's methods on a Tensor: each names a row of the primitive table, or the NumPy function that it is, nothing more."""

from __future__ import annotations

from typing import Any, Self

from autograd_lab.core.node import NO_KEYWORDS
from autograd_lab.core.primitives import linalg, pointwise, reductions, shapes
from autograd_lab.core.recording import Handle, apply


class Methods(Handle):
    """Tensor's methods that ndarray has too, under NumPy's names and with NumPy's arguments."""

    __slots__ = ()

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
