"""Running sums and products along an axis, and differences between neighbours: cumsum, cumprod, diff, gradient, trapezoid.

A running sum is linear, and its transpose runs the other way. A running product is differentiated exactly at zeros too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.reductions import floating
from autograd_lab.core.primitives.row import Partial, Primitive, linear
from autograd_lab.core.primitives.table import composed, function, own


def part(a: Any, axis: int, start: int | None, stop: int | None, step: int | None = None) -> Any:
    """a[start:stop:step] along one axis."""
    return a[(*[slice(None)] * (axis % np.ndim(a)), slice(start, stop, step))]


def _summed_back(a: Any, axis: int) -> Any:
    """Running sums from the end."""
    return part(np.cumsum(part(a, axis, None, None, -1), axis=axis), axis, None, None, -1)


def _shaped(a: Any, shape: Any) -> Any:
    return a if np.shape(a) == shape else np.reshape(a, shape)


def _flat(a: Any, axis: Any) -> tuple[Any, int]:
    """What a scan runs over: NumPy takes all elements in order where no axis is named."""
    return (_shaped(a, (np.size(a),)), 0) if axis is None or np.ndim(a) == 0 else (a, axis)


def _last(a: Any, axis: int) -> Any:
    """The array with that axis last, or back again."""
    return a if axis in {-1, np.ndim(a) - 1} else np.swapaxes(a, axis, -1)


# -- running sums and products ----------------------------------------------------------------------------------------


def _cumsum_pull(v: Any, out: Any, a: Any, axis: Any = None, dtype: Any = None) -> Any:
    return _shaped(_summed_back(v, 0 if axis is None else axis), np.shape(a))


CUMSUM = function(
    np.cumsum,
    lambda a, axis=None, dtype=None: np.cumsum(a, axis=axis, dtype=floating(dtype, a)),
    (linear(push=lambda t, out, a, axis=None, dtype=None: np.cumsum(t, axis=axis, dtype=dtype), pull=_cumsum_pull),),
)


def _without_each(a: Any) -> Any:
    """For the last axis: at [i, k] the product of the first k + 1 elements without the i-th; 0 where k is before i."""
    count = np.shape(a)[-1]
    factors = np.where(np.eye(count, dtype=bool), 1.0, np.expand_dims(a, -2))
    return np.where(np.tri(count, dtype=bool).T, np.cumprod(factors, axis=-1), 0.0)


def _around_zero(a: Any, axis: int) -> tuple[Any, Any, Any, Any]:
    """What is before the first 0, where that is, the elements with 1 in place of each 0, and the products without the first."""
    zero = np.equal(a, 0)
    zeros = np.cumsum(zero, axis=axis)
    first = zero & (zeros == 1)
    return zeros == 0, first, np.where(zero, 1.0, a), np.cumprod(np.where(first, 1.0, a), axis=axis)


def _cumprod_push(t: Any, out: Any, a: Any, axis: Any = None, dtype: Any = None) -> Any:
    (t, _), (a, along) = _flat(t, axis), _flat(a, axis)
    if np.all(a != 0):
        return out * np.cumsum(t / a, axis=along)
    if not hasattr(a, "detach"):
        before, first, filled, rest = _around_zero(a, along)
        at_first = np.sum(np.where(first, t, 0.0), axis=along, keepdims=True)
        return np.where(before, out * np.cumsum(t / filled, axis=along), at_first * rest)
    # To be differentiated again, each product is formed by itself, as in PyTorch: the 0 after a 0 has a slope.
    return _last(np.sum(np.expand_dims(_last(t, along), -1) * _without_each(_last(a, along)), axis=-2), along)


def _cumprod_pull(v: Any, out: Any, a: Any, axis: Any = None, dtype: Any = None) -> Any:
    shape = np.shape(a)
    a, along = _flat(a, axis)
    if np.all(a != 0):
        return _shaped(_summed_back(v * out, along) / a, shape)
    if not hasattr(a, "detach"):
        before, first, filled, rest = _around_zero(a, along)
        at_first = np.where(first, _summed_back(v * rest, along), 0.0)
        return _shaped(np.where(before, _summed_back(v * out, along) / filled, at_first), shape)
    pulled = np.sum(np.expand_dims(_last(v, along), -2) * _without_each(_last(a, along)), axis=-1)
    return _shaped(_last(pulled, along), shape)


def _cumprod_count(out: Any, a: Any, **_kw: Any) -> int:
    """A product and a division an element; what is summed along the way costs none."""
    return 2 * int(np.size(a))


CUMPROD = function(
    np.cumprod,
    lambda a, axis=None, dtype=None: np.cumprod(a, axis=axis, dtype=floating(dtype, a)),
    (Partial(push=_cumprod_push, pull=_cumprod_pull, multiplications=_cumprod_count),),
)


def _with_initial(scan: Any, x: Any, axis: Any, dtype: Any, initial: float | None) -> Any:
    """The array API's form of a scan: an axis must be named where there are several, and a start may be asked for."""
    if axis is None and np.ndim(x) != 1:
        raise ValueError(
            f"For arrays which have more than one dimension ``axis`` argument is required, got shape {np.shape(x)}"
        )
    along = 0 if axis is None else axis
    result = scan(x, axis=along, dtype=dtype)
    if initial is None:
        return result
    start = np.full_like(part(x, along, 0, 1), initial, dtype=np.result_type(result))
    return np.concatenate([start, result], axis=along)


@composed(np.cumulative_sum)
def _cumulative_sum(x: Any, axis: Any = None, dtype: Any = None, include_initial: bool = False) -> Any:
    return _with_initial(np.cumsum, x, axis, dtype, 0.0 if include_initial else None)


@composed(np.cumulative_prod)
def _cumulative_prod(x: Any, axis: Any = None, dtype: Any = None, include_initial: bool = False) -> Any:
    return _with_initial(np.cumprod, x, axis, dtype, 1.0 if include_initial else None)


# -- differences of neighbours ----------------------------------------------------------------------------------------


def _diff_pull(v: Any, out: Any, a: Any, n: int = 1, axis: int = -1) -> Any:
    """The transpose of the n-th difference: the n-th difference of v between n zeros on each side, its sign turned n times."""
    shape = list(np.shape(a))
    length = shape[axis]
    shape[axis] = n
    zeros = np.zeros(shape, dtype=np.result_type(v))
    pulled = np.diff(np.concatenate([zeros, v, zeros], axis=axis), n=n, axis=axis)
    pulled = part(pulled, axis, 0, length)  # where n is the length or more, nothing but zeros is there, and too many
    return -pulled if n % 2 else pulled


DIFF: Primitive = own(
    Primitive(
        "diff",
        lambda a, n=1, axis=-1: np.diff(a, n=n, axis=axis),
        (linear(push=lambda t, out, a, n=1, axis=-1: np.diff(t, n=n, axis=axis), pull=_diff_pull),),
    )
)


@composed(np.diff)
def _diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = np._NoValue, append: Any = np._NoValue) -> Any:
    ends = [None if end is np._NoValue else _end(end, a, axis) for end in (prepend, append)]
    if any(end is not None for end in ends):
        a = np.concatenate([end for end in (ends[0], a, ends[1]) if end is not None], axis=axis)
    if n == 0:
        return a
    return DIFF(a, **({} if n == 1 else {"n": n}), **({} if axis == -1 else {"axis": axis}))


def _end(end: Any, a: Any, axis: int) -> Any:
    """What diff puts before or after: a number is repeated along the other axes."""
    if np.ndim(end):
        return end
    shape = list(np.shape(a))
    shape[axis] = 1
    return np.broadcast_to(end, tuple(shape))


@composed(np.ediff1d)
def _ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    parts = [None if to_begin is None else _flat_end(to_begin, ary), DIFF(_flat(ary, None)[0])]
    parts.append(None if to_end is None else _flat_end(to_end, ary))
    present = [p for p in parts if p is not None]
    return present[0] if len(present) == 1 else np.concatenate(present)


def _flat_end(end: Any, ary: Any) -> Any:
    """What ediff1d puts before or after, as a vector; plain numbers take the dtype of the array."""
    return np.reshape(end if hasattr(end, "detach") else np.asarray(end, dtype=np.result_type(ary)), -1)


@composed(np.trapezoid)
def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The trapezoidal rule: the sum of each width times the mean of the two heights beside it."""
    widths: Any = dx
    if x is not None:
        widths = np.diff(x) if np.ndim(x) == 1 else np.diff(x, axis=axis)
        if np.ndim(x) == 1:
            widths = _along(widths, np.ndim(y), axis)
    return np.sum(widths * (part(y, axis, 1, None) + part(y, axis, None, -1)) / 2.0, axis=axis)


def _along(a: Any, ndim: int, axis: int) -> Any:
    """A vector laid along one axis of several."""
    return np.reshape(a, tuple(-1 if i == axis % ndim else 1 for i in range(ndim)))


@composed(np.gradient)
def _gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Central differences of second order inside, one-sided ones of first or second order at the ends.

    The weights are those of Fornberg, Generation of Finite Difference Formulas on Arbitrarily Spaced Grids (1988).
    """
    ndim = np.ndim(f)
    axes = [a % ndim for a in (range(ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,))]
    spacings = list(varargs) or [1.0]
    if len(spacings) == 1 and np.ndim(spacings[0]) == 0:
        spacings *= len(axes)
    if len(spacings) != len(axes):
        raise TypeError(f"np.gradient takes one spacing, or one for each of {len(axes)} axes, got {len(spacings)}")
    if edge_order not in {1, 2}:
        raise ValueError(f"np.gradient has edge_order 1 or 2, got {edge_order}")
    results = tuple(_slope(f, spacing, along, edge_order) for spacing, along in zip(spacings, axes, strict=True))
    return results[0] if len(results) == 1 else results


def _slope(f: Any, spacing: Any, axis: int, edge_order: int) -> Any:
    count = np.shape(f)[axis]
    if count <= edge_order:
        raise ValueError(f"np.gradient needs {edge_order + 1} elements along axis {axis}, got {count}")
    if np.ndim(spacing) == 0:
        widths: list[Any] = [spacing] * (count - 1)
        inside = (part(f, axis, 2, None) - part(f, axis, None, -2)) / (2.0 * spacing)
    else:
        if np.shape(spacing) != (count,):
            raise ValueError(f"np.gradient needs {count} coordinates along axis {axis}, got shape {np.shape(spacing)}")
        widths = [spacing[i + 1] - spacing[i] for i in (0, 1, -3, -2) if -count <= i < count - 1]
        steps = _along(np.diff(spacing), np.ndim(f), axis)
        h, k = part(steps, axis, None, -1), part(steps, axis, 1, None)
        left, middle, right = (part(f, axis, i, count - 2 + i) for i in range(3))
        inside = -k / (h * (h + k)) * left + (k - h) / (h * k) * middle + h / (k * (h + k)) * right
    near, far = range(edge_order + 1), range(count - 1, count - 2 - edge_order, -1)
    first, last = (
        _end_slope([part(f, axis, i, i + 1) for i in places], steps)
        for places, steps in ((near, widths[:edge_order]), (far, widths[: -1 - edge_order : -1]))
    )
    return np.concatenate([first, inside, -last], axis=axis)


def _end_slope(ends: list[Any], widths: list[Any]) -> Any:
    """The one-sided slope at the first of two or three elements, with the widths between them."""
    if len(ends) == 2:
        return (ends[1] - ends[0]) / widths[0]
    h, k = widths
    return -(2.0 * h + k) / (h * (h + k)) * ends[0] + (h + k) / (h * k) * ends[1] - h / (k * (h + k)) * ends[2]
