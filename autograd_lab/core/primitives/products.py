"""Products of matrices and vectors: matmul and its relatives, outer, cross, kron. Each is linear in each operand.

The transposes are those of Giles, Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic
Differentiation (2008), section 2.2: for C = A B, the adjoint of A is that of C times B transposed. tensordot, dot
and inner are in `contractions`, einsum in `einsum`.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Primitive, bilinear
from autograd_lab.core.primitives.table import composed, function, own, ufunc

# -- matmul -----------------------------------------------------------------------------------------------------------


def _column(v: Any) -> Any:
    return np.reshape(v, (*np.shape(v), 1))


def _row(v: Any) -> Any:
    shape = np.shape(v)
    return np.reshape(v, (*shape[:-1], 1, shape[-1]))


def _transposed(a: Any) -> Any:
    return a.T if a.ndim == 2 else np.swapaxes(a, -1, -2)


def matmul_pull_left(v: Any, out: Any, a: Any, b: Any) -> Any:
    """The adjoint of the left operand of a matrix product, by what vectors and matrices meet."""
    match np.ndim(a), np.ndim(b):
        case 1, 1:
            return v * b
        case 2, 1:
            return np.outer(v, b)
        case 1, 2:
            return np.matmul(b, v)
        case _, 1:
            return _column(v) * b
        case 1, _:
            product = np.matmul(b, _column(v))
            return np.reshape(product, np.shape(product)[:-1])
        case _:
            return np.matmul(v, _transposed(b))


def matmul_pull_right(v: Any, out: Any, a: Any, b: Any) -> Any:
    """The adjoint of the right operand of a matrix product."""
    match np.ndim(a), np.ndim(b):
        case 1, 1:
            return v * a
        case 1, 2:
            return np.outer(a, v)
        case 2, 1:
            return np.matmul(a.T, v)
        case 1, _:
            return _column(a) * _row(v)
        case _, 1:
            product = np.matmul(_transposed(a), _column(v))
            return np.reshape(product, np.shape(product)[:-1])
        case _:
            return np.matmul(_transposed(a), v)


def _matmul_count(out: Any, a: Any, b: Any) -> int:
    return int(np.size(out)) * int(np.shape(a)[-1])


MATMUL = ufunc(
    np.matmul,
    bilinear(push=lambda t, out, a, b: np.matmul(t, b), pull=matmul_pull_left, multiplications=_matmul_count),
    bilinear(push=lambda t, out, a, b: np.matmul(a, t), pull=matmul_pull_right, multiplications=_matmul_count),
)

# -- outer ------------------------------------------------------------------------------------------------------------

OUTER = function(
    np.outer,
    lambda a, b: np.outer(a, b),
    (
        bilinear(
            push=lambda t, out, a, b: np.outer(t, b),
            pull=lambda v, out, a, b: np.reshape(np.matmul(v, np.ravel(b)), np.shape(a)),
            multiplications=lambda out, a, b: int(np.size(out)),
        ),
        bilinear(
            push=lambda t, out, a, b: np.outer(a, t),
            pull=lambda v, out, a, b: np.reshape(np.matmul(np.ravel(a), v), np.shape(b)),
            multiplications=lambda out, a, b: int(np.size(out)),
        ),
    ),
)

# -- products of stacks of vectors: the last axes are the vectors' ----------------------------------------------------

ufunc(
    np.vecdot,
    bilinear(
        push=lambda t, out, a, b: np.vecdot(t, b),
        pull=lambda v, out, a, b: np.expand_dims(v, -1) * b,
        multiplications=_matmul_count,
    ),
    bilinear(
        push=lambda t, out, a, b: np.vecdot(a, t),
        pull=lambda v, out, a, b: np.expand_dims(v, -1) * a,
        multiplications=_matmul_count,
    ),
)
ufunc(
    np.matvec,
    bilinear(
        push=lambda t, out, a, x: np.matvec(t, x),
        pull=lambda v, out, a, x: _column(v) * _row(x),
        multiplications=_matmul_count,
    ),
    bilinear(
        push=lambda t, out, a, x: np.matvec(a, t),
        pull=lambda v, out, a, x: np.vecmat(v, a),
        multiplications=_matmul_count,
    ),
)
ufunc(
    np.vecmat,
    bilinear(
        push=lambda t, out, x, a: np.vecmat(t, a),
        pull=lambda v, out, x, a: np.matvec(a, v),
        multiplications=_matmul_count,
    ),
    bilinear(
        push=lambda t, out, x, a: np.vecmat(x, t),
        pull=lambda v, out, x, a: _column(x) * _row(v),
        multiplications=_matmul_count,
    ),
)


def _cross_count(out: Any, a: Any, b: Any) -> int:
    return 2 * int(np.size(out))


CROSS = own(
    Primitive(
        "cross",
        lambda a, b: np.cross(a, b),
        (
            bilinear(
                push=lambda t, out, a, b: np.cross(t, b),
                pull=lambda v, out, a, b: np.cross(b, v),  # a scalar triple product keeps its value when it is turned
                multiplications=_cross_count,
            ),
            bilinear(
                push=lambda t, out, a, b: np.cross(a, t),
                pull=lambda v, out, a, b: np.cross(v, a),
                multiplications=_cross_count,
            ),
        ),
    )
)

# -- definitions by the rows above ------------------------------------------------------------------------------------


@composed(np.cross)
def cross(  # noqa: PLR0917 - NumPy's signature
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """The cross product of vectors of three elements along the given axes.

    Raises:
        ValueError: the vectors have another length (NumPy's own use with two elements is deprecated).
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    if np.shape(a)[axisa] != 3 or np.shape(b)[axisb] != 3:
        raise ValueError(
            f"np.cross on Tensors takes vectors of 3 elements, got {np.shape(a)[axisa]} and {np.shape(b)[axisb]}: for two "
            "elements write a[..., 0]*b[..., 1] - a[..., 1]*b[..., 0]"
        )
    return _to(CROSS(_to(a, axisa, -1), _to(b, axisb, -1)), -1, axisc)


def _to(a: Any, source: int, destination: int) -> Any:
    return a if source == destination else np.moveaxis(a, source, destination)


@composed(np.vdot)
def vdot(a: Any, b: Any) -> Any:
    """The dot product of all elements, flat."""
    return np.dot(np.ravel(a), np.ravel(b))


@composed(np.kron)
def kron(a: Any, b: Any) -> Any:
    """The Kronecker product: every element of `a` times the whole of `b`, laid out as blocks."""
    ndim = max(np.ndim(a), np.ndim(b))
    left, right = ((1,) * (ndim - np.ndim(x)) + np.shape(x) for x in (a, b))
    outer = np.reshape(a, tuple(m for n in left for m in (n, 1))) * np.reshape(b, tuple(m for n in right for m in (1, n)))
    return np.reshape(outer, tuple(m * n for m, n in zip(left, right, strict=True)))


@composed(np.linalg.outer)
def linalg_outer(x1: Any, x2: Any) -> Any:
    """np.outer of two vectors.

    Raises:
        ValueError: one of them is no vector.
    """
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError(f"Input arrays must be one-dimensional, but they are x1.ndim={np.ndim(x1)} and x2.ndim={np.ndim(x2)}.")
    return np.outer(x1, x2)


@composed(np.linalg.matmul)
def linalg_matmul(x1: Any, x2: Any) -> Any:
    """np.matmul."""
    return np.matmul(x1, x2)


@composed(np.linalg.tensordot)
def linalg_tensordot(x1: Any, x2: Any, *, axes: Any = 2) -> Any:
    """np.tensordot."""
    return np.tensordot(x1, x2, axes=axes)


@composed(np.linalg.cross)
def linalg_cross(x1: Any, x2: Any, *, axis: int = -1) -> Any:
    """np.cross along one axis of both."""
    return cross(x1, x2, axis=axis)


@composed(np.linalg.vecdot)
def linalg_vecdot(x1: Any, x2: Any, *, axis: int = -1) -> Any:
    """np.vecdot along any axis of both."""
    return np.vecdot(_to(x1, axis, -1), _to(x2, axis, -1))


@composed(np.linalg.multi_dot)
def multi_dot(arrays: Any) -> Any:
    """The product of several matrices in the order that takes the fewest multiplications; vectors only at the ends.

    The order is found by the dynamic programme of Cormen et al., Introduction to Algorithms (matrix-chain multiplication).

    Raises:
        ValueError: fewer than two arrays.
    """
    arrays = list(arrays)
    if len(arrays) < 2:
        raise ValueError("Expecting at least two arrays.")
    sizes = [1 if np.ndim(arrays[0]) == 1 else np.shape(arrays[0])[0], *(np.shape(a)[0] for a in arrays[1:])]
    sizes.append(1 if np.ndim(arrays[-1]) == 1 else np.shape(arrays[-1])[-1])
    best: dict[tuple[int, int], tuple[int, int]] = {(i, i): (0, i) for i in range(len(arrays))}  # cost, and where to cut
    for length in range(1, len(arrays)):
        for i in range(len(arrays) - length):
            j = i + length
            best[i, j] = min(
                (best[i, k][0] + best[k + 1, j][0] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)
            )

    def product(i: int, j: int) -> Any:
        cut = best[i, j][1]
        return arrays[i] if i == j else np.dot(product(i, cut), product(cut + 1, j))

    return product(0, len(arrays) - 1)


@composed(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Any:
    """The n-th power of square matrices by repeated squaring; of the inverse for n < 0. n = 0 gives a plain identity.

    Raises:
        TypeError: n is no integer.
    """
    n = index(n)
    if n == 0:
        return np.broadcast_to(np.eye(np.shape(a)[-1], dtype=np.result_type(a)), np.shape(a)).copy()
    if n < 0:
        a, n = np.linalg.inv(a), -n
    result = None
    while True:
        if n % 2:
            result = a if result is None else np.matmul(result, a)
        n //= 2
        if not n:
            return result
        a = np.matmul(a, a)
