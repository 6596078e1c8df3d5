"""Diagonals and triangles of matrices: diagonal and its transpose, trace, tril, triu; diag and diagflat by these."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Primitive, linear
from autograd_lab.core.primitives.table import composed, function, own


def _places(shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> tuple[Any, Any]:
    """The indices of a diagonal along its two axes."""
    rows, columns = shape[axis1], shape[axis2]
    along = np.arange(max(min(rows + min(offset, 0), columns - max(offset, 0)), 0))
    return along + max(-offset, 0), along + max(offset, 0)


def _embedded(a: Any, shape: tuple[int, ...], offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    out = np.zeros(shape, dtype=np.asarray(a).dtype)
    rows, columns = _places(shape, offset, axis1, axis2)
    np.moveaxis(out, (axis1, axis2), (-2, -1))[..., rows, columns] = a
    return out


DIAGONAL = function(
    np.diagonal,
    lambda a, offset=0, axis1=0, axis2=1: np.diagonal(a, offset, axis1, axis2),
    (
        linear(
            push=lambda t, out, a, offset=0, axis1=0, axis2=1: np.diagonal(t, offset, axis1, axis2),
            pull=lambda v, out, a, offset=0, axis1=0, axis2=1: DIAGONAL_MATRIX(
                v, shape=np.shape(a), offset=offset, axis1=axis1, axis2=axis2
            ),
        ),
    ),
    view=True,
)

DIAGONAL_MATRIX: Primitive = own(
    Primitive(
        "diagonal_matrix",
        _embedded,
        (
            linear(
                push=lambda t, out, a, shape, **where: DIAGONAL_MATRIX(t, shape=shape, **where),
                pull=lambda v, out, a, shape, **where: np.diagonal(v, **where),
            ),
        ),
    )
)


def _trace_pull(v: Any, out: Any, a: Any, *, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    shape = np.shape(a)
    length = len(_places(shape, offset, axis1, axis2)[0])
    along = np.broadcast_to(np.expand_dims(v, -1), (*np.shape(v), length))
    return DIAGONAL_MATRIX(along, shape=shape, offset=offset, axis1=axis1, axis2=axis2)


TRACE = own(
    Primitive(
        "trace",
        lambda a, offset=0, axis1=0, axis2=1: np.trace(a, offset, axis1, axis2),
        (
            linear(
                push=lambda t, out, a, offset=0, axis1=0, axis2=1: np.trace(t, offset, axis1, axis2),
                pull=_trace_pull,
            ),
        ),
    )
)


@composed(np.trace)
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sum along a diagonal of two axes."""
    return TRACE(a if dtype is None else a.astype(dtype), offset=offset, axis1=axis1, axis2=axis2)


def _triangle(keep: Any) -> None:
    function(
        keep,
        lambda m, k=0: keep(m, k),
        (linear(push=lambda t, out, m, k=0: keep(t, k), pull=lambda v, out, m, k=0: keep(v, k)),),
    )


_triangle(np.tril)
_triangle(np.triu)


@composed(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """The matrix with a vector on its diagonal, or the diagonal of a matrix.

    Raises:
        ValueError: neither a vector nor a matrix.
    """
    match np.ndim(v):
        case 1:
            side = np.shape(v)[0] + abs(k)
            return DIAGONAL_MATRIX(v, shape=(side, side), offset=k)
        case 2:
            return np.diagonal(v, k)
        case ndim:
            raise ValueError(f"np.diag takes a vector or a matrix, got {ndim} dimensions: use np.diagonal")


@composed(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """The matrix with all elements, flat, on its diagonal."""
    return diag(np.ravel(v), k)


@composed(np.linalg.diagonal)
def linalg_diagonal(x: Any, *, offset: int = 0) -> Any:
    """The diagonals of the last two axes."""
    return np.diagonal(x, offset, -2, -1)


@composed(np.linalg.trace)
def linalg_trace(x: Any, *, offset: int = 0, dtype: Any = None) -> Any:
    """The sums along the diagonals of the last two axes."""
    return trace(x, offset, -2, -1, dtype)
