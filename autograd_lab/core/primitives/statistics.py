"""Statistics: var and std as rows; average, cov and corrcoef as compositions.

The derivative of a variance in an element is 2 (a - mean) / (n - ddof): the mean moves too, but what it adds sums to 0.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograd_lab.core.primitives.reductions import floating, spread
from autograd_lab.core.primitives.row import Partial
from autograd_lab.core.primitives.table import composed, function

# -- spread around the mean -------------------------------------------------------------------------------------------


def _freedom(out: Any, a: Any, ddof: Any, correction: Any) -> Any:
    """The degrees of freedom, n - ddof, never below 0. NumPy's float: a division by 0 has IEEE's answer."""
    count = np.size(a) / max(np.size(out), 1)
    return max(count - (ddof if correction is None else correction), 0.0)


def _deviation(a: Any, axis: Any) -> Any:
    return a - np.mean(a, axis=axis, keepdims=True)


def _ddof(ddof: Any, correction: Any) -> Any:
    if correction is None:
        return ddof
    if ddof != 0:
        raise ValueError("ddof and correction can't be provided simultaneously: they are two names of one number")
    return correction


def _var_push(
    t: Any, out: Any, a: Any, *, axis: Any = None, ddof: Any = 0, keepdims: bool = False, correction: Any = None, **_kw: Any
) -> Any:
    return np.sum(t * (2.0 * _deviation(a, axis)), axis=axis, keepdims=keepdims) / _freedom(out, a, ddof, correction)


def _var_pull(v: Any, out: Any, a: Any, *, axis: Any = None, ddof: Any = 0, correction: Any = None, **_kw: Any) -> Any:
    return spread(v, a, axis) * (2.0 * _deviation(a, axis) / _freedom(out, a, ddof, correction))


def _count(out: Any, a: Any, **_kw: Any) -> int:
    """Two an element, and one for each result: the constants are 2 / (n - ddof), or 1 / (n - ddof) and 1 / out."""
    return 2 * int(np.size(a)) + int(np.size(out))


VAR = function(
    np.var,
    lambda a, axis=None, dtype=None, ddof=0, keepdims=False, correction=None: np.var(
        a, axis=axis, dtype=floating(dtype, a), ddof=_ddof(ddof, correction), keepdims=keepdims
    ),
    (Partial(push=_var_push, pull=_var_pull, multiplications=_count),),
)


def _per_spread(x: Any, out: Any) -> Any:
    """x / out, and 0 where all elements are equal: PyTorch's choice at the kink of a standard deviation."""
    if np.all(out != 0):
        return x / out
    return np.where(out == 0, 0.0, x / np.where(out == 0, 1.0, out))


def _std_push(
    t: Any, out: Any, a: Any, *, axis: Any = None, ddof: Any = 0, keepdims: bool = False, correction: Any = None, **_kw: Any
) -> Any:
    moved = np.sum(t * _deviation(a, axis), axis=axis, keepdims=keepdims) / _freedom(out, a, ddof, correction)
    return _per_spread(moved, out)


def _std_pull(v: Any, out: Any, a: Any, *, axis: Any = None, ddof: Any = 0, correction: Any = None, **_kw: Any) -> Any:
    return spread(_per_spread(v, out), a, axis) * (_deviation(a, axis) / _freedom(out, a, ddof, correction))


STD = function(
    np.std,
    lambda a, axis=None, dtype=None, ddof=0, keepdims=False, correction=None: np.std(
        a, axis=axis, dtype=floating(dtype, a), ddof=_ddof(ddof, correction), keepdims=keepdims
    ),
    (Partial(push=_std_push, pull=_std_pull, multiplications=_count),),
)

# -- weights ----------------------------------------------------------------------------------------------------------


@composed(np.average)
def _average(a: Any, *, axis: Any = None, weights: Any = None, returned: bool = False, keepdims: bool = False) -> Any:
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        total: Any = np.size(a) / max(np.size(mean), 1)
    else:
        weights = _laid_along(weights, a, axis)
        total = np.sum(weights, axis=axis, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        mean = np.sum(a * weights, axis=axis, keepdims=keepdims) / total
    return (mean, np.broadcast_to(total, np.shape(mean))) if returned else mean


def _laid_along(weights: Any, a: Any, axis: Any) -> Any:
    """Weights in the shape of `a`, or along the axes that the average goes over."""
    weights = np.asarray(weights) if isinstance(weights, (tuple, list)) else weights
    shape = np.shape(a)
    if np.shape(weights) == shape:
        return weights
    if axis is None:
        raise TypeError(f"Axis must be specified when shapes of a and weights differ: {shape} and {np.shape(weights)}")
    axes = [i % len(shape) for i in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    if np.shape(weights) != tuple(shape[i] for i in axes):
        raise ValueError(
            f"Shape of weights must be consistent with shape of a along specified axis: {np.shape(weights)}, {axes}"
        )
    weights = np.transpose(weights, tuple(int(i) for i in np.argsort(axes)))
    return np.broadcast_to(np.reshape(weights, tuple(n if i in axes else 1 for i, n in enumerate(shape))), shape)


# -- variables together -----------------------------------------------------------------------------------------------


def _variables(m: Any, rowvar: bool, dtype: Any) -> Any:
    """A matrix with one variable a row, in NumPy's dtype for it: float64 at least, unless another is asked for."""
    m = np.asarray(m) if isinstance(m, (tuple, list, float, int)) else m
    dtype = np.result_type(m, np.float64) if dtype is None else np.dtype(dtype)
    m = m if np.result_type(m) == dtype else m.astype(dtype)
    if np.ndim(m) < 2:
        return np.reshape(m, (1, -1))
    return m if rowvar else np.transpose(m)


@composed(np.cov)
def _cov(
    m: Any,
    y: Any = None,
    *,
    rowvar: bool = True,
    bias: bool = False,
    ddof: Any = None,
    fweights: Any = None,
    aweights: Any = None,
    dtype: Any = None,
) -> Any:
    rows = _variables(m, rowvar, dtype)
    if y is not None:
        rows = np.concatenate([rows, _variables(y, rowvar, dtype)], axis=0)
    ddof = (0 if bias else 1) if ddof is None else ddof
    given = [np.asarray(w) if isinstance(w, (tuple, list)) else w for w in (fweights, aweights) if w is not None]
    weights: Any = 1.0
    for w in given:
        weights = weights * w
    total: Any = np.sum(weights) if given else np.shape(rows)[1]
    freedom = total - (ddof if aweights is None else ddof * np.sum(weights * given[-1]) / total)
    centred = rows - np.sum(rows * weights, axis=1, keepdims=True) / total
    if freedom <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        freedom = np.float64(0.0)
    return np.squeeze(np.matmul(centred * weights, np.transpose(centred)) / freedom)


@composed(np.corrcoef)
def _corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    c = np.cov(x, y, rowvar, dtype=dtype)
    if np.ndim(c) == 0:
        return c / c
    deviations = np.sqrt(np.einsum("ii->i", c))
    return np.clip(c / np.reshape(deviations, (-1, 1)) / deviations, -1.0, 1.0)
