"""Primitives that only move elements: reshape, transpose, broadcast_to, concatenate, stack, indexing, casts."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Family, Partial, Primitive, linear, pointwise
from autograd_lab.core.primitives.table import function, own, sequence_first


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

# -- joining ----------------------------------------------------------------------------------------------------------


def _concatenated(argument: int) -> Partial:
    def place(out: Any, args: tuple[Any, ...], axis: Any) -> tuple[Any, ...]:
        sizes = [np.size(a) if axis is None else np.shape(a)[axis] for a in args]
        start = sum(sizes[:argument])
        before = 0 if axis is None else axis % np.ndim(out)
        return (*[slice(None)] * before, slice(start, start + sizes[argument]))

    def push(t: Any, out: Any, *args: Any, axis: Any = 0) -> Any:
        parts = [t if i == argument else np.zeros(np.shape(a)) for i, a in enumerate(args)]
        return np.concatenate(parts, axis=axis)

    def pull(v: Any, out: Any, *args: Any, axis: Any = 0) -> Any:
        return np.reshape(v[place(out, args, axis)], np.shape(args[argument]))

    return linear(push, pull)


def _stacked(argument: int) -> Partial:
    def push(t: Any, out: Any, *args: Any, axis: int = 0) -> Any:
        return np.stack([t if i == argument else np.zeros(np.shape(a)) for i, a in enumerate(args)], axis=axis)

    def pull(v: Any, out: Any, *args: Any, axis: int = 0) -> Any:
        return v[(*[slice(None)] * (axis % np.ndim(out)), argument)]

    return linear(push, pull)


CONCATENATE = function(
    np.concatenate, lambda *args, axis=0: np.concatenate(args, axis=axis), Family(_concatenated), bind=sequence_first
)
STACK = function(np.stack, lambda *args, axis=0: np.stack(args, axis=axis), Family(_stacked), bind=sequence_first)

# -- indexing and its transpose ---------------------------------------------------------------------------------------


def _scatter(a: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Zeros of `shape` with `a` added at `index`: an element indexed twice gets both."""
    out = np.zeros(shape, dtype=np.asarray(a).dtype)
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
