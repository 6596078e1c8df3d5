"""Joining and splitting arrays: concatenate and stack are rows, the others are made of these and of indexing.

What gives several arrays (np.split and its family, np.meshgrid, np.broadcast_arrays, np.unstack) records one operation
for each of them, since a record holds one array.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Family, Partial, linear
from autograd_lab.core.primitives.shapes import atleast
from autograd_lab.core.primitives.table import composed, function, sequence_first

# -- the two rows ----------------------------------------------------------------------------------------------------------


def _nothing(a: Any, t: Any) -> Any:
    """The tangent 0 beside the tangent t."""
    return np.zeros(np.shape(a), dtype=getattr(t, "dtype", float))


def _concatenated(argument: int) -> Partial:
    def place(out: Any, args: tuple[Any, ...], axis: Any) -> tuple[Any, ...]:
        sizes = [np.size(a) if axis is None else np.shape(a)[axis] for a in args]
        start = sum(sizes[:argument])
        before = 0 if axis is None else axis % np.ndim(out)
        return (*[slice(None)] * before, slice(start, start + sizes[argument]))

    def push(t: Any, out: Any, *args: Any, axis: Any = 0) -> Any:
        parts = [t if i == argument else _nothing(a, t) for i, a in enumerate(args)]
        return np.concatenate(parts, axis=axis)

    def pull(v: Any, out: Any, *args: Any, axis: Any = 0) -> Any:
        return np.reshape(v[place(out, args, axis)], np.shape(args[argument]))

    return linear(push, pull)


def _stacked(argument: int) -> Partial:
    def push(t: Any, out: Any, *args: Any, axis: int = 0) -> Any:
        return np.stack([t if i == argument else _nothing(a, t) for i, a in enumerate(args)], axis=axis)

    def pull(v: Any, out: Any, *args: Any, axis: int = 0) -> Any:
        return v[(*[slice(None)] * (axis % np.ndim(out)), argument)]

    return linear(push, pull)


CONCATENATE = function(
    np.concatenate, lambda *args, axis=0: np.concatenate(args, axis=axis), Family(_concatenated), bind=sequence_first
)
STACK = function(np.stack, lambda *args, axis=0: np.stack(args, axis=axis), Family(_stacked), bind=sequence_first)

# -- joining ----------------------------------------------------------------------------------------------------------


@composed(np.vstack)
def vstack(tup: Any) -> Any:
    """The arrays below one another: vectors are rows."""
    return np.concatenate([atleast(a, 2) for a in tup], 0)


@composed(np.hstack)
def hstack(tup: Any) -> Any:
    """The arrays side by side: along their second axis, vectors along their only one."""
    parts = [atleast(a, 1) for a in tup]
    return np.concatenate(parts, 0 if np.ndim(parts[0]) == 1 else 1)


@composed(np.dstack)
def dstack(tup: Any) -> Any:
    """The arrays behind one another, along their third axis."""
    return np.concatenate([np.atleast_3d(a) for a in tup], 2)


@composed(np.column_stack)
def column_stack(tup: Any) -> Any:
    """The arrays side by side: vectors are columns."""
    return np.concatenate([np.reshape(a, (-1, 1)) if np.ndim(a) < 2 else a for a in tup], 1)


@composed(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """The values behind the array; flat where no axis is given."""
    return np.concatenate([np.ravel(arr), np.ravel(values)] if axis is None else [arr, values], axis)


@composed(np.block)
def block(arrays: Any) -> Any:
    """An array from nested lists of blocks: the innermost lists are joined along the last axis, the next along the one before.

    Raises:
        ValueError: lists are empty, or nested to different depths.
        TypeError: a tuple stands where NumPy wants a list.
    """
    depth = _depth(arrays)
    ndim = max(depth, _most_axes(arrays))

    def joined(part: Any, axis: int) -> Any:
        return np.concatenate([joined(p, axis + 1) for p in part], axis) if isinstance(part, list) else atleast(part, ndim)

    return joined(arrays, -depth)


def _depth(part: Any) -> int:
    if isinstance(part, tuple):
        raise TypeError("np.block takes nested lists of arrays, got a tuple: write a list")
    if not isinstance(part, list):
        return 0
    depths = {_depth(p) for p in part}
    if len(depths) != 1:
        raise ValueError(f"np.block takes lists nested to one depth, got depths {sorted(depths)} in one list")
    return 1 + depths.pop()


def _most_axes(part: Any) -> int:
    return max(map(_most_axes, part)) if isinstance(part, list) else np.ndim(part)


@composed(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """The values put before the given indices: both joined, then brought into order."""
    if axis is None:
        arr, axis = np.ravel(arr), 0
    axis %= np.ndim(arr)
    length = np.shape(arr)[axis]
    places = np.arange(length)[obj] if isinstance(obj, slice) else np.asarray(obj)
    places = np.flatnonzero(places) if places.dtype == bool else places
    values = atleast(values, np.ndim(arr))
    if places.ndim == 0:  # one place: NumPy reads the values along their first axis
        values = np.moveaxis(values, 0, axis)
    count = np.shape(values)[axis] if places.size == 1 else places.size
    shape = (*np.shape(arr)[:axis], count, *np.shape(arr)[axis + 1 :])
    joined = np.concatenate([arr, np.broadcast_to(values, shape)], axis)
    order = np.insert(np.arange(length), obj, np.arange(length, length + count))
    return joined[(slice(None),) * axis + (order,)].astype(np.result_type(arr))


# -- splitting --------------------------------------------------------------------------------------------------------


@composed(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """The array cut before the given indices, or into so many parts, the first ones longer where they cannot be equal.

    Raises:
        ValueError: fewer than one part.
    """
    length = np.shape(ary)[axis]
    if np.ndim(indices_or_sections):
        cuts = [0, *(int(i) for i in indices_or_sections), length]
    else:
        parts = int(indices_or_sections)
        if parts < 1:
            raise ValueError(f"number of sections must be larger than 0, got {parts}")
        size, longer = divmod(length, parts)
        cuts = [i * size + min(i, longer) for i in range(parts + 1)]
    before = (slice(None),) * (axis % np.ndim(ary))
    return [ary[(*before, slice(start, stop))] for start, stop in pairwise(cuts)]


@composed(np.split)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """The array cut before the given indices, or into so many equal parts.

    Raises:
        ValueError: the parts would not be equal.
    """
    length = np.shape(ary)[axis]
    if np.ndim(indices_or_sections) == 0 and length % int(indices_or_sections):
        raise ValueError(
            f"array split does not result in an equal division: {length} along axis {axis} into {indices_or_sections}; "
            "np.array_split makes unequal parts"
        )
    return array_split(ary, indices_or_sections, axis)


def _split_along(name: str, ary: Any, indices_or_sections: Any, axis: int, least: int) -> Any:
    if np.ndim(ary) < least:
        raise ValueError(f"np.{name} only works on arrays of {least} or more dimensions, got {np.ndim(ary)}")
    return split(ary, indices_or_sections, axis)


@composed(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Split along the second axis; a vector along its only one."""
    return _split_along("hsplit", ary, indices_or_sections, 1 if np.ndim(ary) > 1 else 0, 1)


@composed(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Split along the first axis of two or more."""
    return _split_along("vsplit", ary, indices_or_sections, 0, 2)


@composed(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Split along the third axis."""
    return _split_along("dsplit", ary, indices_or_sections, 2, 3)


@composed(np.unstack)
def unstack(x: Any, *, axis: int = 0) -> tuple[Any, ...]:
    """The slices along an axis, without it.

    Raises:
        ValueError: a scalar has no axis.
    """
    if np.ndim(x) == 0:
        raise ValueError("Input array must be at least 1-d.")
    before = (slice(None),) * (axis % np.ndim(x))
    return tuple(x[(*before, i)] for i in range(np.shape(x)[axis]))


# -- to a common shape ------------------------------------------------------------------------------------------------


@composed(np.broadcast_arrays)
def broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    """Each array repeated to the shape that they have together."""
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple(a if np.shape(a) == shape else np.broadcast_to(a, shape) for a in args)


@composed(np.meshgrid)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    """The coordinates of a grid, one array an axis; "xy" has the first two axes swapped. `copy` makes no difference here.

    Raises:
        ValueError: `indexing` is neither "xy" nor "ij".
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"Valid values for `indexing` are 'xy' and 'ij', got {indexing!r}")
    axes = list(range(len(xi)))
    if indexing == "xy":
        axes[:2] = axes[:2][::-1]
    laid = [np.reshape(x, (*(1,) * axis, -1, *(1,) * (len(xi) - 1 - axis))) for x, axis in zip(xi, axes, strict=True)]
    return tuple(laid) if sparse else broadcast_arrays(*laid)
