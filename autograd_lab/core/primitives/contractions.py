"""Contractions of axes: tensordot, and dot and inner as cases of it. Each is linear in each operand.

The adjoint of an operand is a contraction too: of the result's adjoint with the other operand, over the axes that the
other operand kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.products import matmul_pull_left, matmul_pull_right
from autograd_lab.core.primitives.row import bilinear
from autograd_lab.core.primitives.table import function

# -- tensordot, and dot as a case of it -------------------------------------------------------------------------------


def _contracted(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    if isinstance(axes, (int, np.integer)):
        first = list(range(np.ndim(a) - int(axes), np.ndim(a)))
        return first, list(range(int(axes)))
    left, right = axes
    lefts = [left] if isinstance(left, (int, np.integer)) else list(left)
    rights = [right] if isinstance(right, (int, np.integer)) else list(right)
    return [int(i) % np.ndim(a) for i in lefts], [int(i) % np.ndim(b) for i in rights]


def _free(a: Any, used: list[int]) -> list[int]:
    return [i for i in range(np.ndim(a)) if i not in used]


def _sorted(a: Any, order: list[int]) -> Any:
    """The axes in their order: axis i is the one that belongs at `order[i]`."""
    return a if order == sorted(order) else np.transpose(a, tuple(int(i) for i in np.argsort(order)))


def _tensordot_pull_left(v: Any, out: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    left, right = _contracted(a, b, axes)
    free = _free(a, left)
    product = np.tensordot(v, b, axes=(list(range(len(free), np.ndim(v))), _free(b, right)))
    order = free + [left[right.index(axis)] for axis in sorted(right)]
    return _sorted(product, order)


def _tensordot_pull_right(v: Any, out: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    left, right = _contracted(a, b, axes)
    free = _free(a, left)
    product = np.tensordot(a, v, axes=(free, list(range(len(free)))))
    order = [right[left.index(axis)] for axis in sorted(left)] + _free(b, right)
    return _sorted(product, order)


def _tensordot_count(out: Any, a: Any, b: Any, axes: Any = 2) -> int:
    left, _ = _contracted(a, b, axes)
    return int(np.size(out)) * int(np.prod([np.shape(a)[i] for i in left], dtype=int))


TENSORDOT = function(
    np.tensordot,
    lambda a, b, axes=2: np.tensordot(a, b, axes=axes),
    (
        bilinear(
            push=lambda t, out, a, b, axes=2: np.tensordot(t, b, axes=axes),
            pull=_tensordot_pull_left,
            multiplications=_tensordot_count,
        ),
        bilinear(
            push=lambda t, out, a, b, axes=2: np.tensordot(a, t, axes=axes),
            pull=_tensordot_pull_right,
            multiplications=_tensordot_count,
        ),
    ),
)


def _dot_axes(a: Any, b: Any) -> Any:
    """The axes that np.dot contracts: the last of a with the last but one of b."""
    return [np.ndim(a) - 1], [max(np.ndim(b) - 2, 0)]


def _dot_pull_left(v: Any, out: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return v * b
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return matmul_pull_left(v, out, a, b)
    return _tensordot_pull_left(v, out, a, b, axes=_dot_axes(a, b))


def _dot_pull_right(v: Any, out: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return v * a
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return matmul_pull_right(v, out, a, b)
    return _tensordot_pull_right(v, out, a, b, axes=_dot_axes(a, b))


def _dot_count(out: Any, a: Any, b: Any) -> int:
    return int(np.size(out)) * (int(np.shape(a)[-1]) if np.ndim(a) and np.ndim(b) else 1)


DOT = function(
    np.dot,
    lambda a, b: np.dot(a, b),
    (
        bilinear(push=lambda t, out, a, b: np.dot(t, b), pull=_dot_pull_left, multiplications=_dot_count),
        bilinear(push=lambda t, out, a, b: np.dot(a, t), pull=_dot_pull_right, multiplications=_dot_count),
    ),
    notation="matmul",
)


def _inner_pull_left(v: Any, out: Any, a: Any, b: Any) -> Any:
    match np.ndim(a), np.ndim(b):
        case (0, _) | (_, 0) | (1, 1):
            return v * b
        case (2, 2) | (1, 2):
            return np.matmul(v, b)
        case 2, 1:
            return np.outer(v, b)
        case _:
            return _tensordot_pull_left(v, out, a, b, axes=([-1], [-1]))


def _inner_pull_right(v: Any, out: Any, a: Any, b: Any) -> Any:
    match np.ndim(a), np.ndim(b):
        case (0, _) | (_, 0) | (1, 1):
            return v * a
        case 2, 2:
            return np.matmul(np.transpose(v), a)
        case 2, 1:
            return np.matmul(v, a)
        case 1, 2:
            return np.outer(v, a)
        case _:
            return _tensordot_pull_right(v, out, a, b, axes=([-1], [-1]))


INNER = function(
    np.inner,
    lambda a, b: np.inner(a, b),
    (
        bilinear(push=lambda t, out, a, b: np.inner(t, b), pull=_inner_pull_left, multiplications=_dot_count),
        bilinear(push=lambda t, out, a, b: np.inner(a, t), pull=_inner_pull_right, multiplications=_dot_count),
    ),
)
