"""Matrices as functions: inverse, determinant, linear systems, pseudo-inverse, each for stacks of matrices too.

The formulas are those of Giles, An extended collection of matrix derivative results for forward and reverse mode
algorithmic differentiation (2008), section 2.2, and for the pseudo-inverse Golub and Pereyra, SIAM J. Numer. Anal. 10
(1973). Products are in `products`, `contractions` and `einsum`, norms in `norms`, and factorizations in
`factorizations`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.linalg._linalg import SlogdetResult  # NumPy's own class: its public names have it only as a result

from autograd_lab.core.primitives.contractions import DOT
from autograd_lab.core.primitives.products import MATMUL
from autograd_lab.core.primitives.row import Partial, Primitive
from autograd_lab.core.primitives.table import composed, function, own

__all__ = ["DOT", "MATMUL"]


def transposed(a: Any) -> Any:
    """Each matrix transposed."""
    return np.transpose(a) if np.ndim(a) == 2 else np.swapaxes(a, -1, -2)


def on_matrices(s: Any) -> Any:
    """One number a matrix, laid out to multiply whole matrices."""
    return np.expand_dims(s, (-2, -1)) if np.ndim(s) else s


# -- what a visit of an edge costs, in scalar multiplications and divisions --------------------------------------------


def matrices(a: Any) -> tuple[int, int, int]:
    """How many matrices a stack has, and the rows and columns of each."""
    *stack, m, n = np.shape(a)
    return int(np.prod(stack, dtype=int)), m, n


def elimination(n: int) -> int:
    """Gaussian elimination of an n x n matrix: (n^3 - n) / 3 (Strang, Introduction to Linear Algebra, section 2.6)."""
    return (n**3 - n) // 3


def _inv_count(out: Any, a: Any) -> int:
    """Two products with the inverse, which is there already."""
    count, n, _ = matrices(a)
    return count * 2 * n**3


def _det_count(out: Any, a: Any) -> int:
    """An inverse, its scaling, and the product with what comes in."""
    count, n, _ = matrices(a)
    return count * (n**3 + 2 * n**2)


def _logabsdet_count(out: Any, a: Any) -> int:
    count, n, _ = matrices(a)
    return count * (n**3 + n**2)


def _solve_count(products: int) -> Callable[..., int]:
    """An elimination, n^2 for each right-hand side, and as many products of a matrix with these."""

    def count(out: Any, a: Any, b: Any) -> int:
        _, n, _ = matrices(a)
        columns = int(np.size(out)) // max(n, 1)
        stack = columns if _one_vector(out, a) else columns // max(np.shape(out)[-1], 1)
        return stack * elimination(n) + columns * (1 + products) * n**2

    return count


def _pinv_count(out: Any, a: Any, rtol: Any = None) -> int:
    """The products of its three terms: the mean of push and pull, 8 m n^2 + 2 m^2 n and 8 m^2 n + 2 m n^2."""
    count, m, n = matrices(a)
    return count * 5 * m * n * (m + n)


# -- inverse and determinant ------------------------------------------------------------------------------------------

INV = function(
    np.linalg.inv,
    lambda a: np.linalg.inv(a),
    (
        Partial(
            push=lambda t, out, a: -np.matmul(np.matmul(out, t), out),
            pull=lambda v, out, a: -np.matmul(np.matmul(transposed(out), v), transposed(out)),
            multiplications=_inv_count,
        ),
    ),
)


def _cofactors(out: Any, a: Any) -> Any:
    """The derivative of the determinant: det(A) inv(A) transposed, and for a singular A the limit, from its SVD.

    With A = U S V^T the cofactors are det(U V^T) U C V^T, where C holds for each singular value the product of all
    others: no division, so none by zero. PyTorch does the same. Only where the smallest two singular values are both 0 is
    the second derivative left undefined (nan).
    """
    singular = out == 0
    if not np.any(singular):
        return on_matrices(out) * transposed(np.linalg.inv(a))
    n = np.shape(a)[-1]
    here = on_matrices(singular)
    plain = np.eye(n, dtype=a.dtype)
    regular = on_matrices(out) * transposed(np.linalg.inv(np.where(here, plain, a)))
    u, s, vh = np.linalg.svd(np.where(here, a, plain))
    others = np.prod(np.where(np.eye(n, dtype=bool), 1.0, np.expand_dims(s, -2)), axis=-1)
    sign = np.sign(np.linalg.det(np.matmul(u, vh)))
    return np.where(here, on_matrices(sign) * np.matmul(u * np.expand_dims(others, -2), vh), regular)


def _on_each(product: Any) -> Any:
    return np.sum(product, axis=(-2, -1))


DET = function(
    np.linalg.det,
    lambda a: np.linalg.det(a),
    (
        Partial(
            push=lambda t, out, a: _on_each(_cofactors(out, a) * t),
            pull=lambda v, out, a: on_matrices(v) * _cofactors(out, a),
            multiplications=_det_count,
        ),
    ),
)

LOGABSDET = own(
    Primitive(
        "logabsdet",
        lambda a: np.linalg.slogdet(a).logabsdet,
        (
            Partial(
                push=lambda t, out, a: _on_each(transposed(np.linalg.inv(a)) * t),
                pull=lambda v, out, a: on_matrices(v) * transposed(np.linalg.inv(a)),
                multiplications=_logabsdet_count,
            ),
        ),
    )
)
SIGN_OF_DET = own(Primitive("sign_of_det", lambda a: np.linalg.slogdet(a).sign, (None,)))


@composed(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    """Sign and logarithm of the determinant; the sign is a constant."""
    return SlogdetResult(SIGN_OF_DET(a), LOGABSDET(a))


# -- linear systems ---------------------------------------------------------------------------------------------------


def _one_vector(out: Any, a: Any) -> bool:
    """Whether the right-hand side of solve was one vector (NumPy's rule: it has one axis): the solution lacks an axis."""
    return np.ndim(out) < np.ndim(a)


def _adjoint_of_b(v: Any, out: Any, a: Any) -> Any:
    if np.ndim(v) == 1 or not _one_vector(out, a):
        return np.linalg.solve(transposed(a), v)
    columns = np.linalg.solve(transposed(a), np.expand_dims(v, -1))
    return np.reshape(columns, np.shape(v))


def _solve_push(t: Any, out: Any, a: Any, b: Any) -> Any:
    if np.ndim(out) == 1 or not _one_vector(out, a):
        return -np.linalg.solve(a, np.matmul(t, out))
    columns = np.linalg.solve(a, np.matmul(t, np.expand_dims(out, -1)))
    return -np.reshape(columns, np.shape(out))


def _solve_pull(v: Any, out: Any, a: Any, b: Any) -> Any:
    w = _adjoint_of_b(v, out, a)
    if np.ndim(out) == 1:
        return -np.outer(w, out)
    if _one_vector(out, a):
        return -np.expand_dims(w, -1) * np.expand_dims(out, -2)
    return -np.matmul(w, transposed(out))


SOLVE = function(
    np.linalg.solve,
    lambda a, b: np.linalg.solve(a, b),
    (
        Partial(push=_solve_push, pull=_solve_pull, multiplications=_solve_count(products=1)),
        Partial(
            push=lambda t, out, a, b: np.linalg.solve(a, t),
            pull=lambda v, out, a, b: _adjoint_of_b(v, out, a),
            reads="others",  # of the solution the shape only
            multiplications=_solve_count(products=0),
        ),
    ),
)


@composed(np.linalg.tensorinv)
def tensorinv(a: Any, ind: int = 2) -> Any:
    """The inverse under np.tensordot over `ind` axes: that of the matrix which the axes make."""
    shape = np.shape(a)
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    rows = int(np.prod(shape[ind:], dtype=int))
    return np.reshape(np.linalg.inv(np.reshape(a, (-1, rows))), shape[ind:] + shape[:ind])


@composed(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """The x with np.tensordot(a, x, x.ndim) == b, by np.linalg.solve of the matrix which the axes make."""
    if axes is not None:
        last = [axis % np.ndim(a) for axis in axes]
        a = np.transpose(a, [i for i in range(np.ndim(a)) if i not in last] + last)
    shape = np.shape(a)[np.ndim(b) :]
    return np.reshape(np.linalg.solve(np.reshape(a, (-1, int(np.prod(shape, dtype=int)))), np.ravel(b)), shape)


# -- pseudo-inverse ---------------------------------------------------------------------------------------------------


def _complement(a: Any, p: Any) -> Any:
    """I - A P, the projection onto what A does not reach."""
    return np.eye(np.shape(a)[-2], dtype=a.dtype) - np.matmul(a, p)


def _pinv_push(t: Any, out: Any, a: Any, rtol: Any = None) -> Any:
    p, pt, tt = out, transposed(out), transposed(t)
    return (
        -p @ t @ p
        + p @ pt @ tt @ _complement(a, p)
        + _complement(p, a) @ tt @ pt @ p
    )  # fmt: skip


def _pinv_pull(v: Any, out: Any, a: Any, rtol: Any = None) -> Any:
    p, pt, vt = out, transposed(out), transposed(v)
    return (
        -pt @ v @ pt
        + _complement(a, p) @ vt @ p @ pt
        + pt @ p @ vt @ _complement(p, a)
    )  # fmt: skip


PINV = own(
    Primitive(
        "pinv",
        lambda a, rtol=None: np.linalg.pinv(a) if rtol is None else np.linalg.pinv(a, rcond=rtol),
        (Partial(push=_pinv_push, pull=_pinv_pull, multiplications=_pinv_count),),
    )
)


@composed(np.linalg.pinv)
def pinv(a: Any, rcond: Any = None, *, rtol: Any = None) -> Any:
    """The Moore-Penrose inverse. Its derivative holds where a small change keeps the rank; elsewhere pinv jumps."""
    return PINV(a, rtol=rcond if rtol is None else rtol)


# -- what has no real derivative, by name -----------------------------------------------------------------------------


@composed(np.linalg.eig, np.linalg.eigvals)
def eig(*_args: Any, **_kw: Any) -> Any:
    """No rule: a real matrix can have complex eigenvalues.

    Raises:
        TypeError: always.
    """
    raise TypeError(
        "np.linalg.eig and eigvals have no derivative rule, as eigenvalues of a real matrix can be complex: use "
        "np.linalg.eigh or eigvalsh for a symmetric matrix, np.linalg.svd for any other"
    )


@composed(np.linalg.lstsq)
def lstsq(*_args: Any, **_kw: Any) -> Any:
    """No rule: its four results are not one array.

    Raises:
        TypeError: always.
    """
    raise TypeError(
        "np.linalg.lstsq has no derivative rule: use np.linalg.pinv(a) @ b, or for a full-rank a "
        "np.linalg.solve(a.T @ a, a.T @ b)"
    )
