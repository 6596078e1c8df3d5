"""Norms of vectors and matrices: one row for the p-norm, the others by maxima, sums and singular values.

At 0 the subgradient is 0, as in PyTorch; several largest elements share a maximum norm's gradient evenly.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.reductions import spread
from autograd_lab.core.primitives.row import Partial, Primitive
from autograd_lab.core.primitives.table import composed, own


def _slope(out: Any, x: Any, ord: float, axis: Any) -> Any:
    """x / |x| for the 2-norm, sign(x) (|x_i| / |x|)^(p-1) for the p-norm; 0 where the norm is 0."""
    norm = spread(out, x, axis)
    if np.any(norm == 0):
        norm = np.where(norm == 0, 1.0, norm)
    if ord == 2:
        return x / norm
    size = np.absolute(x)
    if ord < 2:  # |x_i|^(p-1) or its slope is infinite at 0
        size = np.where(size == 0, 1.0, size)
    return np.sign(x) * (size / norm) ** (ord - 1.0)


def _norm(x: Any, *, ord: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    return np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)


def _norm_push(t: Any, out: Any, x: Any, *, ord: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    return np.sum(t * _slope(out, x, ord, axis), axis=axis, keepdims=keepdims)


def _norm_pull(v: Any, out: Any, x: Any, *, ord: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    return spread(v, x, axis) * _slope(out, x, ord, axis)


def _norm_count(out: Any, x: Any, *, ord: float = 2, axis: Any = None, keepdims: bool = False) -> int:
    """For each element a division by the norm and a product with what comes in; otherwise a sign and a power as well."""
    return (2 if ord == 2 else 4) * int(np.size(x))


NORM = own(Primitive("norm", _norm, (Partial(push=_norm_push, pull=_norm_pull, multiplications=_norm_count),)))


@composed(np.linalg.vector_norm)
def vector_norm(x: Any, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The p-norm along one axis or several, by default of all elements.

    Raises:
        ValueError: the order is no number.
    """
    if isinstance(ord, str):
        raise ValueError(  # noqa: TRY004 - NumPy's type for an order that is none
            f"Invalid norm order {ord!r} for vectors: give a number"
        )
    if axis is not None:
        axis = tuple(axis) if np.ndim(axis) else (axis,)
    if ord == np.inf:
        return np.max(np.absolute(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.absolute(x), axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(np.absolute(np.sign(x)), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.absolute(x), axis=axis, keepdims=keepdims)
    return NORM(x, axis=axis, keepdims=keepdims, **({} if ord == 2 else {"ord": ord}))


@composed(np.linalg.matrix_norm)
def matrix_norm(x: Any, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The norm of matrices, the last two axes: Frobenius, nuclear, 1, -1, inf, -inf, 2 or -2.

    Raises:
        ValueError: the order is none of these.
    """
    if ord in (None, "fro"):
        return vector_norm(x, axis=(-2, -1), keepdims=keepdims)
    match ord:
        case "nuc":
            norm = np.sum(np.linalg.svdvals(x), axis=-1)
        case 2:
            norm = np.max(np.linalg.svdvals(x), axis=-1)
        case -2:
            norm = np.min(np.linalg.svdvals(x), axis=-1)
        case _ if ord in (1, -1, np.inf, -np.inf):
            lengths = np.sum(np.absolute(x), axis=-2 if abs(ord) == 1 else -1)
            norm = np.max(lengths, axis=-1) if ord > 0 else np.min(lengths, axis=-1)
        case _:
            raise ValueError(f"Invalid norm order {ord!r} for matrices")
    return np.expand_dims(norm, (-2, -1)) if keepdims else norm


@composed(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The norm of a vector, a matrix, or of those along one or two axes; without an order of all elements.

    Raises:
        ValueError: an order without an axis for something that is neither vector nor matrix, or a wrong number of axes.
    """
    if axis is None:
        if ord is None or np.ndim(x) == 1:
            return vector_norm(x, keepdims=keepdims, ord=2 if ord is None else ord)
        if np.ndim(x) != 2:
            raise ValueError("Improper number of dimensions to norm.")
        axis = (0, 1)
    axes = tuple(axis) if np.ndim(axis) else (axis,)
    match len(axes):
        case 1:
            return vector_norm(x, axis=axes, keepdims=keepdims, ord=2 if ord is None else ord)
        case 2 if ord is None:
            return vector_norm(x, axis=axes, keepdims=keepdims)
        case 2:
            result = matrix_norm(np.moveaxis(x, axes, (-2, -1)), keepdims=keepdims, ord=ord)
            return np.moveaxis(result, (-2, -1), axes) if keepdims else result
        case _:
            raise ValueError("Improper number of dimensions to norm.")


@composed(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    """The condition number: largest over smallest singular value, or the norm of order p times that of the inverse."""
    if p is None or p in (2, -2):
        s = np.linalg.svdvals(x)
        largest, smallest = s[..., 0], s[..., -1]
        return smallest / largest if p == -2 else largest / smallest
    return matrix_norm(x, ord=p) * matrix_norm(np.linalg.inv(x), ord=p)
