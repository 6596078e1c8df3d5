"""Order statistics: median, quantile, percentile, and the same without nan.

Each is a sum of few elements of the sorted array with fixed weights, so its derivative is those weights, laid where the
elements stand. A median shares the weight among equal elements, as torch.median does; a quantile gives it to the
element that a stable sort puts there, as torch.quantile does. A nan, where it is not left out, takes it all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.reductions import kept_shape, spread
from autograd_lab.core.primitives.row import Partial
from autograd_lab.core.primitives.table import composed, function


def _places(count: int, q: float, method: Any) -> float:
    """Where between the sorted elements a quantile stands, counted from 0: the quantile of 0, 1, 2, ..."""
    return float(np.quantile(np.arange(float(max(count, 1))), q, method=method))


def _weights(a: Any, axis: Any, q: float, method: Any, *, without_nan: bool, shared: bool) -> Any:
    """The derivative of one quantile in each element, in the shape of `a`: plain numbers, which change with the order only."""
    values = np.asarray(a.detach() if hasattr(a, "detach") else a)
    shape = values.shape
    axes = range(len(shape)) if axis is None else (axis if isinstance(axis, (tuple, list)) else (axis,))
    last = [i % len(shape) for i in axes]
    order = [i for i in range(len(shape)) if i not in last] + last
    moved = np.transpose(values, order)
    length = int(np.prod([shape[i] for i in last], dtype=int))
    if values.size == 0:
        return np.zeros_like(values)
    rows = moved.reshape(-1, length)
    missing = np.isnan(rows)
    present = length - np.count_nonzero(missing, axis=-1)
    counts, which = np.unique(present, return_inverse=True)
    places = np.array([_places(int(count) if without_nan else length, q, method) for count in counts])[which]
    if not without_nan:
        places[present < length] = length - 1  # a sort puts nan last
    low = places.astype(int)
    rest = places - low
    sorting = np.argsort(rows, axis=-1, kind="stable")
    result = np.zeros_like(rows)
    for position, weight in ((low, 1.0 - rest), (np.minimum(low + 1, length - 1), rest)):
        chosen = np.take_along_axis(sorting, position[:, None], axis=-1)
        if shared:
            value = np.take_along_axis(rows, chosen, axis=-1)
            equal = (rows == value) | (missing & np.isnan(value))
            result += weight[:, None] * equal / np.count_nonzero(equal, axis=-1, keepdims=True)
        else:
            result[np.arange(len(rows))[:, None], chosen] += weight[:, None]
    return np.transpose(result.reshape(moved.shape), tuple(np.argsort(order)))


def _order_statistic(*, without_nan: bool, shared: bool) -> Partial:
    """The partial of a median or quantile; several quantiles at once lie along the first axes of the result."""

    def weights(a: Any, q: Any, axis: Any, method: Any) -> Any:
        one = [_weights(a, axis, float(p), method, without_nan=without_nan, shared=shared) for p in np.ravel(q)]
        return np.reshape(np.stack(one), (*np.shape(q), *np.shape(a)))

    def push(
        t: Any, out: Any, a: Any, *, q: Any = 0.5, axis: Any = None, method: Any = "linear", keepdims: bool = False
    ) -> Any:
        own = range(np.ndim(a)) if axis is None else (axis if isinstance(axis, (tuple, list)) else (axis,))
        axes = tuple(i % max(np.ndim(a), 1) + np.ndim(q) for i in own)
        return np.sum(t * weights(a, q, axis, method), axis=axes, keepdims=keepdims)

    def pull(
        v: Any, out: Any, a: Any, *, q: Any = 0.5, axis: Any = None, method: Any = "linear", keepdims: bool = False
    ) -> Any:
        if np.ndim(q) == 0:
            return spread(v, a, axis) * weights(a, q, axis, method)
        laid = np.reshape(v, (*np.shape(q), *kept_shape(np.shape(a), axis)))
        return np.sum(laid * weights(a, q, axis, method), axis=tuple(range(np.ndim(q))))

    def count(out: Any, a: Any, *, q: Any = 0.5, **_kw: Any) -> int:
        """A weight for each element and each quantile."""
        return int(np.size(a)) * int(np.size(q))

    return Partial(push, pull, reads="all", multiplications=count)


MEDIAN = function(
    np.median,
    lambda a, axis=None, keepdims=False: np.median(a, axis=axis, keepdims=keepdims),
    (_order_statistic(without_nan=False, shared=True),),
)
function(
    np.nanmedian,
    lambda a, axis=None, keepdims=False: np.nanmedian(a, axis=axis, keepdims=bool(keepdims)),
    (_order_statistic(without_nan=True, shared=True),),
)
function(
    np.quantile,
    lambda a, q, axis=None, method="linear", keepdims=False: np.quantile(a, q, axis=axis, method=method, keepdims=keepdims),
    (_order_statistic(without_nan=False, shared=False),),
)
function(
    np.nanquantile,
    lambda a, q, axis=None, method="linear", keepdims=False: np.nanquantile(a, q, axis=axis, method=method, keepdims=keepdims),
    (_order_statistic(without_nan=True, shared=False),),
)


def _of_hundred(q: Any, a: Any) -> Any:
    return np.true_divide(q, np.result_type(a).type(100))


@composed(np.percentile)
def _percentile(a: Any, q: Any, axis: Any = None, method: Any = "linear", keepdims: bool = False) -> Any:
    return np.quantile(a, _of_hundred(q, a), axis=axis, method=method, keepdims=keepdims)


@composed(np.nanpercentile)
def _nanpercentile(a: Any, q: Any, axis: Any = None, method: Any = "linear", keepdims: bool = False) -> Any:
    return np.nanquantile(a, _of_hundred(q, a), axis=axis, method=method, keepdims=keepdims)
