"""Choosing and sorting: sort and partition as rows; take, compress, select, choose and their like as compositions.

What is chosen gets the gradient, what is not gets none. Which is chosen (argsort, a condition, an index) is a constant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Partial
from autograd_lab.core.primitives.table import composed, function

# -- sorting: a permutation, whose transpose is its inverse -----------------------------------------------------------


def _permuted(order_of: Callable[..., Any]) -> Partial:
    """The partial of what puts elements in an order: `order_of(a, axis, **kw)` gives the positions that they come from."""

    def push(t: Any, out: Any, a: Any, axis: Any = -1, **kw: Any) -> Any:
        if axis is None:
            return push(np.reshape(t, -1), out, np.reshape(a, -1), **kw)
        return np.take_along_axis(t, order_of(a, axis, **kw), axis=axis)

    def pull(v: Any, out: Any, a: Any, axis: Any = -1, **kw: Any) -> Any:
        if axis is None:
            return np.reshape(pull(v, out, np.reshape(a, -1), **kw), np.shape(a))
        return np.take_along_axis(v, np.argsort(order_of(a, axis, **kw), axis=axis), axis=axis)

    return Partial(push, pull, reads="all")


SORT = function(
    np.sort,
    lambda a, axis=-1, kind=None, stable=None: np.sort(a, axis=axis, kind=kind, stable=stable),
    (_permuted(lambda a, axis, **_kw: np.argsort(a, axis=axis, kind="stable")),),
)


def _partition(a: Any, kth: Any, axis: Any = -1, kind: Any = "introselect") -> Any:
    """The elements in the order of argpartition: partition alone may leave others than the kth in another order."""
    if axis is None:
        return _partition(np.ravel(a), kth, kind=kind)
    return np.take_along_axis(np.asarray(a), np.argpartition(a, kth, axis=axis, kind=kind), axis=axis)


PARTITION = function(
    np.partition,
    _partition,
    (_permuted(lambda a, axis, **kw: np.argpartition(a, axis=axis, **kw)),),
)

# -- by index ---------------------------------------------------------------------------------------------------------


def _array(a: Any) -> Any:
    return np.asarray(a) if isinstance(a, (tuple, list)) else a


def _positions(index: Any) -> Any:
    """An index as a plain array of integers: which element is chosen has no derivative."""
    positions = np.asarray(index.detach() if hasattr(index, "detach") else index)
    if positions.size and positions.dtype.kind not in "iub":
        raise TypeError(f"an index must be integers, got {positions.dtype}")
    return positions if positions.size else positions.astype(int)


@composed(np.take)
def _take(a: Any, indices: Any, axis: Any = None, mode: str = "raise") -> Any:
    a = _array(a)
    if axis is None:
        a, axis = np.reshape(a, -1), 0
    count = np.shape(a)[axis]
    indices = _within(_positions(indices).astype(int), count, mode)
    return a[(*[slice(None)] * (axis % np.ndim(a)), indices)]


def _within(positions: Any, count: int, mode: str) -> Any:
    """Positions beyond the end as `mode` has them: wrapped around, clipped, or as they are, for the index to refuse."""
    if mode == "raise":
        return positions
    if mode == "wrap":
        return positions % count
    if mode == "clip":
        return np.clip(positions, 0, count - 1)
    raise ValueError(f"clipmode must be one of 'clip', 'raise', or 'wrap' (got {mode!r})")


@composed(np.take_along_axis)
def _take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Any:
    if axis is None:
        return np.reshape(arr, -1)[_positions(indices)]
    indices = _positions(indices)
    ndim = np.ndim(arr)
    if indices.ndim != ndim:
        raise ValueError(f"`indices` and `arr` must have the same number of dimensions, got {indices.ndim} and {ndim}")
    index: list[Any] = [np.reshape(np.arange(n), (-1, *[1] * (ndim - i - 1))) for i, n in enumerate(np.shape(arr))]
    index[axis] = indices
    return arr[tuple(index)]


@composed(np.compress)
def _compress(condition: Any, a: Any, axis: Any = None) -> Any:
    return np.take(a, np.flatnonzero(condition), axis=axis)


@composed(np.extract)
def _extract(condition: Any, arr: Any) -> Any:
    return np.take(arr, np.flatnonzero(condition))


@composed(np.unique)
def _unique(
    ar: Any,
    *,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    equal_nan: bool = True,
) -> Any:
    """Each value once, in order: the gradient goes to the element where it stands first."""
    if axis is not None:
        raise TypeError("np.unique on a Tensor has no derivative rule for 'axis': it takes all elements as one sequence")
    values = np.asarray(ar.detach())
    _, index, inverse, counts = np.unique(
        values, return_index=True, return_inverse=True, return_counts=True, equal_nan=equal_nan
    )
    asked = [(return_index, index), (return_inverse, inverse), (return_counts, counts)]
    others = [result for wanted, result in asked if wanted]
    chosen = np.reshape(ar, -1)[index]
    return (chosen, *others) if others else chosen


# -- by condition -----------------------------------------------------------------------------------------------------


@composed(np.select)
def _select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """The first choice whose condition holds: np.where inside np.where."""
    if len(condlist) != len(choicelist):
        raise ValueError(f"list of cases must be same length as list of conditions, got {len(choicelist)} and {len(condlist)}")
    if len(condlist) == 0:
        raise ValueError("select with an empty condition list is not possible")
    chosen = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        if np.result_type(condition) != np.bool_:
            raise TypeError(f"np.select takes conditions of bools, got {np.result_type(condition)}")
        chosen = np.where(condition, choice, chosen)
    return chosen


@composed(np.choose)
def _choose(a: Any, choices: Any, mode: str = "raise") -> Any:
    """At each place the choice of that number: np.where inside np.where."""
    options = list(choices)
    numbers = _positions(a)
    beyond = (numbers < 0) | (numbers >= len(options))
    if mode == "raise" and np.any(beyond):
        raise ValueError(f"invalid entry in choice array: {numbers[beyond].flat[0]} of {len(options)} choices")
    numbers = _within(numbers, len(options), mode)
    chosen = options[-1]
    for number in range(len(options) - 2, -1, -1):
        chosen = np.where(numbers == number, options[number], chosen)
    return np.broadcast_to(chosen, np.broadcast_shapes(np.shape(chosen), np.shape(numbers)))
