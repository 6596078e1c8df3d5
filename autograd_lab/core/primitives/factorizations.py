"""Factorizations of matrices: cholesky, eigh, svd, qr, each one row whose rules read the factors alone.

A record holds one array, so a row with several factors packs them, and the NumPy function is composed of the row and of
slices that take the factors out again. The packing keeps together what belongs together, as a column:

    eigh    (..., n+1, n)     column j is the eigenvalue w_j on top of its eigenvector
    svd     (..., m+1+n, k)   column j is u_j on s_j on v_j, a term u_j s_j v_j^T of the sum that A is
    qr      (..., m+n, n)     column j is q_j on row j of R, a term of A = Q R

eigh and cholesky belong to symmetric matrices. As in NumPy and PyTorch their value is read off one triangle, and as in
PyTorch the derivative is that along symmetric directions, spread evenly over both triangles: an adjoint is symmetric.
A difference quotient in one element alone sees a triangle only: check gradients of f((a + a.T) / 2), as in PyTorch.

Where eigenvalues (singular values) coincide, the vectors have no derivative, and 1 / 0 gives inf or nan as in PyTorch;
derivatives of the values alone stay finite there, in the first order. Signs of vectors are LAPACK's choice: only what
does not depend on them has a meaning.

Sources: Murray, Differentiation of the Cholesky decomposition (2016); Giles, An extended collection
of matrix derivative results (2008), section 3; Townsend, Differentiating the singular value decomposition (2016);
Seeger, Hetzel, Dai, Meissner and Lawrence, Auto-differentiating linear algebra (2017), for qr.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.linalg._linalg import EighResult, QRResult, SVDResult  # NumPy's own classes: public as results only

from autograd_lab.core.primitives.linalg import matrices, transposed
from autograd_lab.core.primitives.row import Partial, Primitive
from autograd_lab.core.primitives.table import composed, own


def _symmetric(a: Any) -> Any:
    return (a + transposed(a)) * 0.5


def _times(s: Any, a: Any) -> Any:
    """diag(s) A: row i times s_i."""
    return np.expand_dims(s, -1) * a


def _over(x: Any, y: Any) -> Any:
    """x / y, with 0 / 0 = 0: where nothing comes in, nothing goes out, whatever the gap."""
    if np.any(y == 0):
        y = np.where(np.logical_and(x == 0, y == 0), 1.0, y)
    return x / y


def _off_diagonal(x: Any) -> Any:
    return np.where(np.eye(np.shape(x)[-1], dtype=bool), 0.0, x)


def _over_gaps(x: Any, w: Any) -> Any:
    """x_ij / (w_j - w_i) for an x whose diagonal is 0, and stays so."""
    gaps = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    return _over(x, gaps + np.eye(np.shape(x)[-1], dtype=w.dtype))


# -- cholesky ---------------------------------------------------------------------------------------------------------


def _lower_half(x: Any) -> Any:
    """The lower triangle with its diagonal halved: Murray's Φ, since x = Φ(x) + Φ(x)^T for a symmetric x."""
    return np.tril(x) - np.where(np.eye(np.shape(x)[-1], dtype=bool), x * 0.5, 0.0)


def _cholesky_push(t: Any, out: Any, a: Any) -> Any:
    inverse = np.linalg.inv(out)
    return np.matmul(out, _lower_half(np.matmul(np.matmul(inverse, _symmetric(t)), transposed(inverse))))


def _cholesky_pull(v: Any, out: Any, a: Any) -> Any:
    inverse = np.linalg.inv(out)
    inner = _lower_half(np.matmul(transposed(out), v))
    return _symmetric(np.matmul(np.matmul(transposed(inverse), inner), inverse))


def _cholesky_count(out: Any, a: Any) -> int:
    """An inverse and three products; the halves of the symmetric part and of the diagonal."""
    count, n, _ = matrices(a)
    return count * (4 * n**3 + 2 * n**2)


CHOLESKY = own(
    Primitive(
        "cholesky",
        lambda a: np.linalg.cholesky(a),
        (Partial(push=_cholesky_push, pull=_cholesky_pull, multiplications=_cholesky_count),),
    )
)


@composed(np.linalg.cholesky)
def cholesky(a: Any, *, upper: bool = False) -> Any:
    """The lower-triangular L with L L^T = A, or the upper-triangular L^T, read off the upper triangle."""
    return transposed(CHOLESKY(transposed(a))) if upper else CHOLESKY(a)


# -- eigh -------------------------------------------------------------------------------------------------------------


def _eigh(a: Any, UPLO: Any = "L") -> Any:
    w, vectors = np.linalg.eigh(a, UPLO)
    return np.concatenate([np.expand_dims(w, -2), vectors], -2)


def _eigh_push(t: Any, out: Any, a: Any, UPLO: Any = "L") -> Any:
    w, vectors = out[..., 0, :], out[..., 1:, :]
    inner = np.matmul(np.matmul(transposed(vectors), _symmetric(t)), vectors)
    of_values = np.expand_dims(np.diagonal(inner, 0, -2, -1), -2)
    return np.concatenate([of_values, np.matmul(vectors, _over_gaps(_off_diagonal(inner), w))], -2)


def _eigh_pull(v: Any, out: Any, a: Any, UPLO: Any = "L") -> Any:
    w, vectors = out[..., 0, :], out[..., 1:, :]
    turns = np.matmul(transposed(vectors), v[..., 1:, :])
    inner = _on_diagonal(v[..., 0, :]) + _over_gaps((turns - transposed(turns)) * 0.5, w)
    return np.matmul(np.matmul(vectors, inner), transposed(vectors))


def _on_diagonal(s: Any) -> Any:
    return np.where(np.eye(np.shape(s)[-1], dtype=bool), np.expand_dims(s, -1), 0.0)


def _eigh_count(out: Any, a: Any, UPLO: Any = "L") -> int:
    """Three products; a half and a gap for each element."""
    count, n, _ = matrices(a)
    return count * (3 * n**3 + 2 * n**2)


EIGH = own(Primitive("eigh", _eigh, (Partial(push=_eigh_push, pull=_eigh_pull, multiplications=_eigh_count),)))


def _eigen(a: Any, UPLO: Any) -> Any:
    return EIGH(a) if UPLO == "L" else EIGH(a, UPLO=UPLO)


@composed(np.linalg.eigh)
def eigh(a: Any, UPLO: Any = "L") -> Any:
    """Eigenvalues, ascending, and eigenvectors, as columns, of symmetric matrices."""
    packed = _eigen(a, UPLO)
    return EighResult(packed[..., 0, :], packed[..., 1:, :])


@composed(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: Any = "L") -> Any:
    """Eigenvalues, ascending, of symmetric matrices."""
    return _eigen(a, UPLO)[..., 0, :]


# -- svd --------------------------------------------------------------------------------------------------------------


def _svd(a: Any) -> Any:
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.concatenate([u, np.expand_dims(s, -2), transposed(vh)], -2)


def _triples(packed: Any, a: Any) -> tuple[Any, Any, Any]:
    """U, S and V, whose columns are the vectors, out of their packing."""
    m = np.shape(a)[-2]
    return packed[..., :m, :], packed[..., m, :], packed[..., m + 1 :, :]


def _beyond(u: Any, x: Any) -> Any:
    """(I - U U^T) X: what of X the columns of U do not reach; nothing where U is square."""
    return x - np.matmul(u, np.matmul(transposed(u), x))


def _svd_push(t: Any, out: Any, a: Any) -> Any:
    u, s, v = _triples(out, a)
    inner = np.matmul(np.matmul(transposed(u), t), v)
    turned = transposed(inner)
    of_u = np.matmul(u, _over_gaps(_off_diagonal(inner * np.expand_dims(s, -2) + _times(s, turned)), s * s))
    of_v = np.matmul(v, _over_gaps(_off_diagonal(_times(s, inner) + turned * np.expand_dims(s, -2)), s * s))
    m, n = np.shape(a)[-2:]
    if m > n:
        of_u = of_u + _over(_beyond(u, np.matmul(t, v)), np.expand_dims(s, -2))
    if n > m:
        of_v = of_v + _over(_beyond(v, np.matmul(transposed(t), u)), np.expand_dims(s, -2))
    return np.concatenate([of_u, np.expand_dims(np.diagonal(inner, 0, -2, -1), -2), of_v], -2)


def _svd_pull(v: Any, out: Any, a: Any) -> Any:
    u, s, w = _triples(out, a)
    of_u, of_s, of_w = _triples(v, a)
    turns_u = np.matmul(transposed(u), of_u)
    turns_w = np.matmul(transposed(w), of_w)
    inner = (
        _on_diagonal(of_s)
        + _over_gaps(turns_u - transposed(turns_u), s * s) * np.expand_dims(s, -2)
        + _times(s, _over_gaps(turns_w - transposed(turns_w), s * s))
    )
    result = np.matmul(np.matmul(u, inner), transposed(w))
    m, n = np.shape(a)[-2:]
    if m > n:
        result = result + np.matmul(_over(_beyond(u, of_u), np.expand_dims(s, -2)), transposed(w))
    if n > m:
        result = result + np.matmul(u, transposed(_over(_beyond(w, of_w), np.expand_dims(s, -2))))
    return result


def _svd_count(out: Any, a: Any) -> int:
    """The products of the pull, gaps and singular values; where the matrices are not square, those of what lies beyond."""
    count, m, n = matrices(a)
    k, larger = min(m, n), max(m, n)
    square = k**2 * (2 * m + n) + m * n * k + 4 * k**2
    beyond = 2 * larger * k**2 + larger * k + m * n * k if m != n else 0
    return count * (square + beyond)


SVD = own(Primitive("svd", _svd, (Partial(push=_svd_push, pull=_svd_pull, multiplications=_svd_count),)))


@composed(np.linalg.svd)
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """U, S, V^T with A = U diag(S) V^T, or S alone.

    Raises:
        TypeError: full_matrices=True and the matrices are not square: the further columns are any basis of the rest,
            and have no derivative.
    """
    m, n = np.shape(a)[-2:]
    if compute_uv and full_matrices and m != n:
        raise TypeError(
            f"np.linalg.svd on a Tensor of {m}×{n} matrices takes full_matrices=False: the vectors that full_matrices=True "
            "adds are any basis of the rest and have no derivative"
        )
    u, s, v = _triples(SVD(a), a)
    return SVDResult(u, s, transposed(v)) if compute_uv else s


@composed(np.linalg.svdvals)
def svdvals(x: Any) -> Any:
    """Singular values, descending."""
    return svd(x, compute_uv=False)


# -- qr ---------------------------------------------------------------------------------------------------------------


def _qr(a: Any) -> Any:
    q, r = np.linalg.qr(a)
    return np.concatenate([q, transposed(r)], -2)


def _factors(packed: Any) -> tuple[Any, Any]:
    rows, n = np.shape(packed)[-2:]
    m = rows - n
    return packed[..., :m, :], transposed(packed[..., m:, :])


def _qr_push(t: Any, out: Any, a: Any) -> Any:
    q, r = _factors(out)
    x = np.matmul(t, np.linalg.inv(r))
    inner = np.matmul(transposed(q), x)
    below = np.tril(inner, -1)
    turn = below - transposed(below)  # Q^T dQ, which is antisymmetric; the rest of the inner part is dR inv(R)
    of_q = x - np.matmul(q, inner - turn)
    of_r = np.matmul(inner - turn, r)
    return np.concatenate([of_q, transposed(of_r)], -2)


def _qr_pull(v: Any, out: Any, a: Any) -> Any:
    q, r = _factors(out)
    of_q, of_r = _factors(v)
    inner = np.triu(np.matmul(of_r, transposed(r)) - np.matmul(transposed(q), of_q))
    mirrored = inner + transposed(np.triu(inner, 1))
    return np.matmul(of_q + np.matmul(q, mirrored), transposed(np.linalg.inv(r)))


def _qr_count(out: Any, a: Any) -> int:
    """An inverse of R, a product of its size, and three of Q's."""
    count, m, n = matrices(a)
    return count * (2 * n**3 + 3 * m * n**2)


QR = own(Primitive("qr", _qr, (Partial(push=_qr_push, pull=_qr_pull, multiplications=_qr_count),)))


@composed(np.linalg.qr)
def qr(a: Any, mode: str = "reduced") -> Any:
    """Q and R of A = Q R, or R alone (mode="r"); A has as many independent columns as it can have.

    A wide matrix is the factorization of its square front part, with Q^T times the other columns beside R.

    Raises:
        TypeError: another mode than "reduced" and "r".
    """
    if mode not in ("reduced", "r"):
        raise TypeError(f"np.linalg.qr on a Tensor has a derivative rule for mode='reduced' and 'r', got mode={mode!r}")
    m, n = np.shape(a)[-2:]
    front = a[..., :m] if n > m else a
    q, r = _factors(QR(front))
    if n > m:
        r = np.concatenate([r, np.matmul(transposed(q), a[..., m:])], -1)
    return QRResult(q, r) if mode == "reduced" else r
