"""Sequences between two ends that may be Tensors: linspace, logspace, geomspace, as compositions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.table import composed


def _array(a: Any) -> Any:
    return np.asarray(a) if isinstance(a, (tuple, list)) else a


def _fractions(start: Any, stop: Any, num: int, endpoint: bool, kind: Any = np.float64) -> Any:
    """How far from start to stop each element lies, along a new first axis."""
    rest = len(np.broadcast_shapes(np.shape(start), np.shape(stop)))
    return np.reshape(np.linspace(0.0, 1.0, num, endpoint=endpoint, dtype=kind), (-1, *[1] * rest))


def _laid(elements: Any, axis: int) -> Any:
    """The new axis moved to its place."""
    ndim = np.ndim(elements)
    order = [i for i in range(ndim) if i != 0]
    order.insert(axis % ndim, 0)
    return elements if axis % ndim == 0 else np.transpose(elements, tuple(order))


@composed(np.linspace)
def _linspace(start: Any, stop: Any, num: int = 50, *, endpoint: bool = True, retstep: bool = False, axis: int = 0) -> Any:
    start, stop = _array(start), _array(stop)
    share = _fractions(start, stop, num, endpoint, np.result_type(start, stop, 1.0))
    elements = _laid((1.0 - share) * start + share * stop, axis)
    steps = num - 1 if endpoint else num
    return (elements, (stop - start) / steps if steps else np.nan) if retstep else elements


@composed(np.logspace)
def _logspace(start: Any, stop: Any, num: int = 50, *, endpoint: bool = True, base: Any = 10.0, axis: int = 0) -> Any:
    return np.power(base, np.linspace(start, stop, num, endpoint=endpoint, axis=axis))


@composed(np.geomspace)
def _geomspace(start: Any, stop: Any, num: int = 50, *, endpoint: bool = True, axis: int = 0) -> Any:
    start, stop = _array(start), _array(stop)
    if np.any(start == 0) or np.any(stop == 0):
        raise ValueError("Geometric sequence cannot include zero")
    return _laid(start * (stop / start) ** _fractions(start, stop, num, endpoint), axis)
