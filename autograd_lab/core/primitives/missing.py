"""Reductions and scans that leave nan out: nansum, nanmean, nanmax, nanvar, nancumsum and their like, as compositions.

The nan gives way to what changes nothing (0 in a sum, 1 in a product), by np.where: no gradient reaches it, not even an
infinite one. The graph shows it.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograd_lab.core.primitives.table import composed


def _filled(a: Any, neutral: float) -> Any:
    return np.where(np.isnan(a), neutral, a)


@composed(np.nansum)
def _nansum(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    return np.sum(_filled(a, 0.0), axis=axis, dtype=dtype, keepdims=_asked(keepdims))


@composed(np.nanprod)
def _nanprod(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    return np.prod(_filled(a, 1.0), axis=axis, dtype=dtype, keepdims=_asked(keepdims))


@composed(np.nancumsum)
def _nancumsum(a: Any, axis: Any = None, dtype: Any = None) -> Any:
    return np.cumsum(_filled(a, 0.0), axis=axis, dtype=dtype)


@composed(np.nancumprod)
def _nancumprod(a: Any, axis: Any = None, dtype: Any = None) -> Any:
    return np.cumprod(_filled(a, 1.0), axis=axis, dtype=dtype)


def _asked(keepdims: Any) -> bool:
    return keepdims is not np._NoValue and bool(keepdims)


def _count(a: Any, axis: Any, keepdims: bool) -> Any:
    """How many elements are there, plain numbers."""
    axes = tuple(axis) if isinstance(axis, list) else axis
    return np.count_nonzero(np.logical_not(np.isnan(a)), axis=axes, keepdims=keepdims)


@composed(np.nanmean)
def _nanmean(a: Any, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    count = _count(a, axis, _asked(keepdims))
    if np.any(count == 0):
        warnings.warn("Mean of empty slice", RuntimeWarning, stacklevel=2)
    with np.errstate(invalid="ignore"):
        return np.sum(_filled(a, 0.0), axis=axis, dtype=dtype, keepdims=_asked(keepdims)) / _like(count, a)


def _like(count: Any, a: Any) -> Any:
    """Counts in the dtype of the array, so that dividing by them promotes no float32."""
    kind = np.result_type(a)
    return np.asarray(count, dtype=kind if kind.kind == "f" else float)[()]


def _nan_extremum(extremum: Any, a: Any, axis: Any, keepdims: Any, neutral: float) -> Any:
    found = extremum(_filled(a, neutral), axis=axis, keepdims=_asked(keepdims))
    nothing = _count(a, axis, _asked(keepdims)) == 0
    if np.any(nothing):
        warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=3)
        return np.where(nothing, np.nan, found)
    return found


@composed(np.nanmax)
def _nanmax(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return _nan_extremum(np.max, a, axis, keepdims, -np.inf)


@composed(np.nanmin)
def _nanmin(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return _nan_extremum(np.min, a, axis, keepdims, np.inf)


@composed(np.nanvar)
def _nanvar(
    a: Any, *, axis: Any = None, dtype: Any = None, ddof: Any = 0, keepdims: bool = False, correction: Any = np._NoValue
) -> Any:
    if correction is not np._NoValue:
        if ddof != 0:
            raise ValueError("ddof and correction can't be provided simultaneously: they are two names of one number")
        ddof = correction
    count = _count(a, axis, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.sum(_filled(a, 0.0), axis=axis, dtype=dtype, keepdims=True) / _like(count, a)
        squares = np.sum(_filled(a - mean, 0.0) ** 2, axis=axis, dtype=dtype, keepdims=_asked(keepdims))
        freedom = _count(a, axis, _asked(keepdims)) - ddof
        if np.any(freedom <= 0):
            warnings.warn("Degrees of freedom <= 0 for slice.", RuntimeWarning, stacklevel=2)
            squares = np.where(freedom <= 0, np.nan, squares)
        return squares / _like(freedom, a)


@composed(np.nanstd)
def _nanstd(
    a: Any, *, axis: Any = None, dtype: Any = None, ddof: Any = 0, keepdims: bool = False, correction: Any = np._NoValue
) -> Any:
    """The root of nanvar; its slope is 0 where all elements are equal, as np.std has it here."""
    variance = np.nanvar(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, correction=correction)
    flat = variance == 0
    if not np.any(flat):
        return np.sqrt(variance)
    return np.where(flat, 0.0, np.sqrt(np.where(flat, 1.0, variance)))
