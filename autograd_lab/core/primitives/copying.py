"""Primitives that copy elements: copy, roll, tile, repeat, pad. What is copied several times gets the sum of its adjoints.

np.fft.fftshift and ifftshift are rolls, the only functions of np.fft that stay real.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import linear
from autograd_lab.core.primitives.shapes import SCATTER
from autograd_lab.core.primitives.table import composed, function

COPY = function(
    np.copy,
    lambda a: np.array(a),
    (linear(push=lambda t, out, a: t, pull=lambda v, out, a: v),),
)


def _back(shift: Any) -> Any:
    return -shift if np.ndim(shift) == 0 else tuple(-s for s in shift)


ROLL = function(
    np.roll,
    lambda a, shift, axis=None: np.roll(a, shift, axis),
    (
        linear(
            push=lambda t, out, a, shift, axis=None: np.roll(t, shift, axis),
            pull=lambda v, out, a, shift, axis=None: np.roll(v, _back(shift), axis),
        ),
    ),
)


def _untile(v: Any, out: Any, A: Any, reps: Any) -> Any:
    """The sum over the copies: every axis of the result is (copies, length)."""
    reps = tuple(np.atleast_1d(reps).tolist())
    shape = np.shape(A)
    ndim = max(len(reps), len(shape))
    counts = (1,) * (ndim - len(reps)) + reps
    lengths = (1,) * (ndim - len(shape)) + shape
    pairs = [n for pair in zip(counts, lengths, strict=True) for n in pair]
    return np.reshape(np.sum(np.reshape(v, tuple(pairs)), axis=tuple(range(0, 2 * ndim, 2))), shape)


TILE = function(
    np.tile, lambda A, reps: np.tile(A, reps), (linear(push=lambda t, out, A, reps: np.tile(t, reps), pull=_untile),)
)


def _unrepeat(v: Any, out: Any, a: Any, repeats: Any, axis: int | None = None) -> Any:
    """The sum over the copies of each element, which stand side by side."""
    shape = np.shape(a)
    flat = (int(np.size(a)),) if axis is None else shape
    along = 0 if axis is None else axis % len(shape)
    if np.size(repeats) == 1:
        each = int(np.reshape(repeats, ()))
        return np.reshape(np.sum(np.reshape(v, (*flat[: along + 1], each, *flat[along + 1 :])), axis=along + 1), shape)
    index = (*(slice(None),) * along, np.repeat(np.arange(flat[along]), repeats))
    return np.reshape(SCATTER(v, index=index, shape=flat), shape)


REPEAT = function(
    np.repeat,
    lambda a, repeats, axis=None: np.repeat(a, repeats, axis),
    (linear(push=lambda t, out, a, repeats, axis=None: np.repeat(t, repeats, axis), pull=_unrepeat),),
)

PADS = ("constant", "edge", "reflect", "symmetric", "wrap")


def _pad(array: Any, pad_width: Any, mode: Any = "constant", constant_values: Any = 0) -> Any:
    if mode not in PADS:
        raise TypeError(f"np.pad on a Tensor has a derivative rule for mode={', '.join(PADS)}, got mode={mode!r}")
    return np.pad(array, pad_width, mode, **({"constant_values": constant_values} if mode == "constant" else {}))


def _unpad(v: Any, out: Any, array: Any, *, pad_width: Any, mode: Any = "constant", constant_values: Any = 0) -> Any:
    """The sum over the copies of each element; constants came from nowhere, -1 in the array of where elements came from."""
    shape, size = np.shape(array), int(np.size(array))
    origin = _pad(np.arange(size).reshape(shape), pad_width, mode, -1)
    if mode == "constant":
        return np.reshape(v[origin >= 0], shape)
    return np.reshape(SCATTER(v, index=origin, shape=(size,)), shape)


PAD = function(
    np.pad,
    _pad,
    (
        linear(
            push=lambda t, out, array, pad_width, mode="constant", constant_values=0: _pad_tangent(t, pad_width, mode),
            pull=_unpad,
        ),
    ),
)


def _pad_tangent(t: Any, pad_width: Any, mode: Any) -> Any:
    return np.pad(t, pad_width, mode=mode)


def _shifted(x: Any, axes: Any, sign: int) -> Any:
    """Each axis rolled by half its length, rounded down: forward for fftshift, back for its inverse."""
    axes = tuple(range(np.ndim(x))) if axes is None else axes if np.ndim(axes) else (axes,)
    return np.roll(x, tuple(sign * (np.shape(x)[axis] // 2) for axis in axes), tuple(axes))


@composed(np.fft.fftshift)
def fftshift(x: Any, axes: Any = None) -> Any:
    """The halves of each axis swapped, so that what came first stands in the middle."""
    return _shifted(x, axes, 1)


@composed(np.fft.ifftshift)
def ifftshift(x: Any, axes: Any = None) -> Any:
    """The inverse of fftshift."""
    return _shifted(x, axes, -1)
