"""Primitives that only move elements of one array: reshape, transpose, flip, broadcast_to, indexing, casts.

All are linear and read shapes only. Copies are in `copying`, joining and splitting in `joining`, diagonals
and triangles in `diagonals`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lab.core.primitives.pointwise import WHERE
from autograd_lab.core.primitives.row import Primitive, linear, pointwise
from autograd_lab.core.primitives.table import composed, function, own


def _only_c_order(order: Any) -> None:
    if order != "C":
        raise TypeError(f"on a Tensor only order='C' has a derivative rule, got order={order!r}: transpose first")


def _reshape(a: Any, shape: Any, order: Any = "C") -> Any:
    _only_c_order(order)
    return np.reshape(a, shape)


def _ravel(a: Any, order: Any = "C") -> Any:
    _only_c_order(order)
    return np.ravel(a)


_RESHAPED = linear(
    push=lambda t, out, a, *_args, **_kw: np.reshape(t, np.shape(out)),
    pull=lambda v, out, a, *_args, **_kw: np.reshape(v, np.shape(a)),
)

RESHAPE = function(np.reshape, _reshape, (_RESHAPED,), view=True)
RAVEL = function(np.ravel, _ravel, (_RESHAPED,), view=True)
function(np.expand_dims, lambda a, axis: np.expand_dims(a, axis), (_RESHAPED,), view=True)
SQUEEZE = function(np.squeeze, lambda a, axis=None: np.squeeze(a, axis), (_RESHAPED,), view=True)

TRANSPOSE = function(
    np.transpose,
    lambda a, axes=None: np.transpose(a, axes),
    (
        linear(
            push=lambda t, out, a, axes=None: np.transpose(t, axes),
            pull=lambda v, out, a, axes=None: np.transpose(v, None if axes is None else _inverse(axes)),
        ),
    ),
    view=True,
)


def _inverse(axes: Any) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argsort([axis % len(axes) for axis in axes]))


SWAPAXES = function(
    np.swapaxes,
    lambda a, axis1, axis2: np.swapaxes(a, axis1, axis2),
    (
        linear(
            push=lambda t, out, a, axis1, axis2: np.swapaxes(t, axis1, axis2),
            pull=lambda v, out, a, axis1, axis2: np.swapaxes(v, axis1, axis2),
        ),
    ),
    view=True,
)

MOVEAXIS = function(
    np.moveaxis,
    lambda a, source, destination: np.moveaxis(a, source, destination),
    (
        linear(
            push=lambda t, out, a, source, destination: np.moveaxis(t, source, destination),
            pull=lambda v, out, a, source, destination: np.moveaxis(v, destination, source),
        ),
    ),
    view=True,
)

FLIP = function(
    np.flip,
    lambda m, axis=None: np.flip(m, axis),
    (
        linear(
            push=lambda t, out, m, axis=None: np.flip(t, axis),
            pull=lambda v, out, m, axis=None: np.flip(v, axis),
        ),
    ),
    view=True,
)

function(
    np.broadcast_to,
    lambda array, shape: np.broadcast_to(array, shape),
    (
        linear(
            push=lambda t, out, array, shape: np.broadcast_to(t, shape),
            pull=lambda v, out, array, shape: v,  # accumulation undoes broadcasting, for every primitive alike
        ),
    ),
    view=True,
)

# -- indexing and its transpose ---------------------------------------------------------------------------------------


def _scatter(a: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with `a` added at `index`: an element indexed twice gets both."""
    out = np.zeros(shape, dtype=np.asarray(a).dtype)
    parts = index if isinstance(index, tuple) else (index,)
    if all(part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice)) for part in parts):
        out[index] = a  # no element twice, and many times as fast
    else:
        np.add.at(out, index, a)
    return out


GETITEM: Primitive = own(
    Primitive(
        "getitem",
        lambda a, index: np.asarray(a)[index],
        (
            linear(
                push=lambda t, out, a, index: t[index],
                pull=lambda v, out, a, index: SCATTER(v, index=index, shape=np.shape(a)),
            ),
        ),
        view=True,
    )
)
SCATTER: Primitive = own(
    Primitive(
        "scatter",
        _scatter,
        (
            linear(
                push=lambda t, out, a, index, shape: SCATTER(t, index=index, shape=shape),
                pull=lambda v, out, a, index, shape: v[index],
            ),
        ),
    )
)

# -- casts ------------------------------------------------------------------------------------------------------------

ASTYPE = own(
    Primitive(
        "astype",
        lambda a, dtype: np.asarray(a).astype(dtype),
        (
            linear(
                push=lambda t, out, a, dtype: t.astype(dtype) if hasattr(t, "astype") else dtype.type(t),
                pull=lambda v, out, a, dtype: v,  # accumulation casts an adjoint to the dtype of its value
            ),
        ),
    )
)

# -- another name for the same value ------------------------------------------------------------------------------------

ALIAS = own(Primitive("alias", lambda a: a, (pointwise(lambda out, a: 1.0),)))
"""A vertex of its own for the same value: func's variables inside another transform, so that the two are told apart.
No view, though it shares memory: an in-place operation on the outer Tensor puts no new record under the variable."""

# -- definitions by the rows above ------------------------------------------------------------------------------------


@composed(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """The axis moved before the axis `start`: np.moveaxis, counted from where the axis stood."""
    axis %= np.ndim(a)
    start += np.ndim(a) if start < 0 else 0
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


@composed(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(x: Any) -> Any:
    """The last two axes swapped."""
    return np.swapaxes(x, -1, -2)


@composed(np.fliplr)
def fliplr(m: Any) -> Any:
    """The columns in reverse order."""
    return np.flip(m, 1)


@composed(np.flipud)
def flipud(m: Any) -> Any:
    """The rows in reverse order."""
    return np.flip(m, 0)


@composed(np.rot90)
def rot90(m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """k quarter turns in the plane of two axes: a flip and a transpose.

    Raises:
        ValueError: `axes` are not two different axes.
    """
    first, second = axes if len(axes) == 2 else (0, 0)
    if (first - second) % np.ndim(m) == 0:
        raise ValueError(f"np.rot90 turns in a plane of two different axes, got axes={axes}")
    match k % 4:
        case 0:
            return m
        case 1:
            return np.swapaxes(np.flip(m, second), first, second)
        case 2:
            return np.flip(m, (first, second))
        case _:
            return np.flip(np.swapaxes(m, first, second), second)


def atleast(x: Any, ndim: int) -> Any:
    """The array with axes of length 1 put in front, up to `ndim` of them."""
    missing = ndim - np.ndim(x)
    return np.reshape(x, (1,) * missing + np.shape(x)) if missing > 0 else x


def _each(upgrade: Callable[[Any], Any], arrays: tuple[Any, ...]) -> Any:
    upgraded = tuple(upgrade(a) for a in arrays)
    return upgraded[0] if len(upgraded) == 1 else upgraded


@composed(np.atleast_1d)
def atleast_1d(*arys: Any) -> Any:
    """Each array with at least one axis; one array for one, a tuple for several."""
    return _each(lambda a: atleast(a, 1), arys)


@composed(np.atleast_2d)
def atleast_2d(*arys: Any) -> Any:
    """Each array with at least two axes: a vector becomes a row."""
    return _each(lambda a: atleast(a, 2), arys)


@composed(np.atleast_3d)
def atleast_3d(*arys: Any) -> Any:
    """Each array with at least three axes: a vector becomes (1, n, 1), a matrix (m, n, 1)."""
    return _each(lambda a: atleast(a if np.ndim(a) > 2 else np.expand_dims(a, -1), 3), arys)


@composed(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    """The elements in a new shape, repeated from the beginning as often as it takes."""
    return np.ravel(a)[np.resize(np.arange(np.size(a)), new_shape)]


@composed(np.delete)
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """The elements that stay, in their order."""
    if axis is None:
        return np.ravel(arr)[np.delete(np.arange(np.size(arr)), obj)]
    stays = np.delete(np.arange(np.shape(arr)[axis]), obj)
    return arr[(slice(None),) * (axis % np.ndim(arr)) + (stays,)]


@composed(np.where)
def where(condition: Any, *choices: Any) -> Any:
    """x where the condition holds, else y; without x and y the indices where it holds, which are constants."""
    return WHERE(condition, *choices) if choices else np.nonzero(condition)


@composed(np.full_like)
def full_like(a: Any, fill_value: Any, dtype: Any = None) -> Any:
    """The value repeated to the shape of `a`; a plain value gives a plain array, a constant."""
    dtype = np.result_type(a) if dtype is None else np.dtype(dtype)
    if not hasattr(fill_value, "_apply"):
        return np.full(np.shape(a), fill_value, dtype)
    return np.broadcast_to(fill_value, np.shape(a)).astype(dtype)


@composed(np.astype)
def astype(x: Any, dtype: Any) -> Any:
    """The cast to another dtype."""
    return x.astype(dtype)
