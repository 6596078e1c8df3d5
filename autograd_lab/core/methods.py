"""NumPy's methods on a Tensor: each names a row of the primitive table, or the NumPy function that it is, nothing more."""

from __future__ import annotations

from typing import Any, NoReturn, Self

import numpy as np

from autograd_lab.core.node import NO_KEYWORDS
from autograd_lab.core.primitives import linalg, pointwise, reductions, scans, shapes, statistics
from autograd_lab.core.recording import Handle, apply


class Methods(Handle):
    """Tensor's methods that ndarray has too, under NumPy's names and with NumPy's arguments."""

    __slots__ = ()

    # -- reductions ---------------------------------------------------------------------------------------------------

    def sum(self, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Self:
        """np.sum."""
        return apply(reductions.SUM, (self,), _reduced(axis, dtype, keepdims))

    def mean(self, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Self:
        """np.mean."""
        return apply(reductions.MEAN, (self,), _reduced(axis, dtype, keepdims))

    def prod(self, axis: Any = None, dtype: Any = None, *, keepdims: bool = False) -> Self:
        """np.prod."""
        return apply(reductions.PROD, (self,), _reduced(axis, dtype, keepdims))

    def max(self, axis: Any = None, *, keepdims: bool = False) -> Self:
        """np.max: the gradient is shared evenly among several largest elements."""
        return apply(reductions.MAX, (self,), {"axis": axis, "keepdims": keepdims})

    def min(self, axis: Any = None, *, keepdims: bool = False) -> Self:
        """np.min: the gradient is shared evenly among several smallest elements."""
        return apply(reductions.MIN, (self,), {"axis": axis, "keepdims": keepdims})

    def var(self, axis: Any = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Self:
        """np.var: divides by n - ddof, and ddof is 0 (torch.var's correction is 1)."""
        return apply(statistics.VAR, (self,), _reduced(axis, dtype, keepdims) | {"ddof": ddof})

    def std(self, axis: Any = None, dtype: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Self:
        """np.std: divides by n - ddof, and ddof is 0 (torch.std's correction is 1). Its slope among equal elements is 0."""
        return apply(statistics.STD, (self,), _reduced(axis, dtype, keepdims) | {"ddof": ddof})

    def cumsum(self, axis: int | None = None, dtype: Any = None) -> Self:
        """np.cumsum."""
        return apply(scans.CUMSUM, (self,), {"axis": axis, "dtype": dtype})

    def cumprod(self, axis: int | None = None, dtype: Any = None) -> Self:
        """np.cumprod."""
        return apply(scans.CUMPROD, (self,), {"axis": axis, "dtype": dtype})

    def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Self:
        """np.trace."""
        return _computed(np.trace, self, offset=offset, axis1=axis1, axis2=axis2)

    # -- questions: plain NumPy answers, which no gradient belongs to -------------------------------------------------

    def all(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """np.all, a plain bool or array."""
        return _computed(np.all, self, axis=axis, keepdims=keepdims)

    def any(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """np.any, a plain bool or array."""
        return _computed(np.any, self, axis=axis, keepdims=keepdims)

    def argmax(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """np.argmax, a plain integer or array."""
        return _computed(np.argmax, self, axis=axis, keepdims=keepdims)

    def argmin(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """np.argmin, a plain integer or array."""
        return _computed(np.argmin, self, axis=axis, keepdims=keepdims)

    def argsort(self, axis: int | None = -1, kind: Any = None, *, stable: bool | None = None) -> Any:
        """np.argsort, a plain array of positions."""
        return _computed(np.argsort, self, axis=axis, kind=kind, stable=stable)

    def argpartition(self, kth: Any, axis: int | None = -1, kind: Any = "introselect") -> Any:
        """np.argpartition, a plain array of positions."""
        return _computed(np.argpartition, self, kth, axis=axis, kind=kind)

    def nonzero(self) -> tuple[Any, ...]:
        """np.nonzero, a tuple of plain arrays of positions."""
        return _computed(np.nonzero, self)

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """np.searchsorted, a plain integer or array."""
        return _computed(np.searchsorted, self, v, side=side, sorter=sorter)

    # -- choosing -----------------------------------------------------------------------------------------------------

    def take(self, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Self:
        """np.take."""
        return _computed(np.take, self, indices, axis=axis, mode=mode)

    def compress(self, condition: Any, axis: int | None = None) -> Self:
        """np.compress."""
        return _computed(np.compress, condition, self, axis=axis)

    def choose(self, choices: Any, *, mode: str = "raise") -> Self:
        """np.choose: this Tensor of integers says which of the choices stands at each place."""
        return _computed(np.choose, self, choices, mode=mode)

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Self:
        """np.diagonal."""
        return _computed(np.diagonal, self, offset=offset, axis1=axis1, axis2=axis2)

    def repeat(self, repeats: Any, axis: int | None = None) -> Self:
        """np.repeat."""
        return _computed(np.repeat, self, repeats, axis=axis)

    def copy(self) -> Self:
        """np.copy: the same values in memory of their own, still in the graph (PyTorch's clone)."""
        return _computed(np.copy, self)

    def sort(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused: ndarray's sorts in place and gives None, torch's gives a pair. Use np.sort, np.argsort."""
        raise TypeError(
            "Tensor.sort() is left out, as ndarray's sorts in place and gives None, torch's gives a pair: np.sort(x) is the "
            "sorted Tensor, np.argsort(x) the positions"
        )

    def partition(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused: ndarray's works in place and gives None. Use np.partition, np.argpartition."""
        raise TypeError(
            "Tensor.partition() is left out, as ndarray's works in place and gives None: np.partition(x, kth) is the new "
            "Tensor, np.argpartition(x, kth) the positions"
        )

    # -- shapes -------------------------------------------------------------------------------------------------------

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

    # -- elementwise, and products ------------------------------------------------------------------------------------

    def clip(self, min: Any = None, max: Any = None) -> Self:
        """np.clip."""
        return apply(pointwise.CLIP, (self, min, max), NO_KEYWORDS)

    def dot(self, other: Any) -> Self:
        """np.dot."""
        return apply(linalg.DOT, (self, other), NO_KEYWORDS)

    def round(self, decimals: int = 0) -> Self:
        """np.round: flat, its derivative is 0."""
        return apply(pointwise.ROUND, (self,), {"decimals": decimals})

    def conj(self) -> Self:
        """np.conjugate: a Tensor is real, so its values are the same."""
        return apply(pointwise.CONJUGATE, (self,), NO_KEYWORDS)

    conjugate = conj

    @property
    def real(self) -> Self:
        """np.real: the Tensor itself, as Tensors are real."""
        return self

    @property
    def imag(self) -> Any:
        """np.imag: a plain array of zeros, as Tensors are real."""
        return _computed(np.imag, self)


def _reduced(axis: Any, dtype: Any, keepdims: bool) -> dict[str, Any]:
    return {"axis": axis, "keepdims": keepdims} if dtype is None else {"axis": axis, "dtype": dtype, "keepdims": keepdims}


def _computed(function: Any, *args: Any, **keywords: Any) -> Any:
    """A NumPy function on a Tensor: NumPy's protocol gives a Tensor back, which its type hints do not know."""
    return function(*args, **keywords)
