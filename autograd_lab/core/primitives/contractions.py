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


def _tensordot_pull_left(v: Any, out: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    left, right = _contracted(a, b, axes)
    free = _free(a, left)
    product = np.tensordot(v, b, axes=(list(range(len(free), np.ndim(v))), _free(b, right)))
    order = free + [left[right.index(axis)] for axis in sorted(right)]
    return np.transpose(product, tuple(int(i) for i in np.argsort(order)))


def _tensordot_pull_right(v: Any, out: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    left, right = _contracted(a, b, axes)
    free = _free(a, left)
    product = np.tensordot(a, v, axes=(free, list(range(len(free)))))
    order = [right[left.index(axis)] for axis in sorted(left)] + _free(b, right)
    return np.transpose(product, tuple(int(i) for i in np.argsort(order)))


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
    """The axes that np.dot contracts: the last of a with the last but one of b; none where one of them is a scalar."""
    return 0 if np.ndim(a) == 0 or np.ndim(b) == 0 else ([np.ndim(a) - 1], [max(np.ndim(b) - 2, 0)])


def _dot_pull_left(v: Any, out: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) <= 2 and np.ndim(b) <= 2 and np.ndim(a) and np.ndim(b):
        return matmul_pull_left(v, out, a, b)
    return _tensordot_pull_left(v, out, a, b, axes=_dot_axes(a, b))


def _dot_pull_right(v: Any, out: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) <= 2 and np.ndim(b) <= 2 and np.ndim(a) and np.ndim(b):
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

INNER = function(
    np.inner,
    lambda a, b: np.inner(a, b),
    (
        bilinear(
            push=lambda t, out, a, b: np.inner(t, b),
            pull=lambda v, out, a, b: _tensordot_pull_left(v, out, a, b, axes=_inner_axes(a, b)),
            multiplications=_dot_count,
        ),
        bilinear(
            push=lambda t, out, a, b: np.inner(a, t),
            pull=lambda v, out, a, b: _tensordot_pull_right(v, out, a, b, axes=_inner_axes(a, b)),
            multiplications=_dot_count,
        ),
    ),
)


def _inner_axes(a: Any, b: Any) -> Any:
    return 0 if np.ndim(a) == 0 or np.ndim(b) == 0 else ([-1], [-1])
