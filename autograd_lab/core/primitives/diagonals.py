"""Diagonals and triangles of matrices: diagonal and its transpose, trace, tril, triu; diag and diagflat by these."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.reductions import floating
from autograd_lab.core.primitives.row import Primitive, linear
from autograd_lab.core.primitives.table import composed, function, own


def _places(shape: tuple[int, ...], offset: int = 0, axis1: int = 0, axis2: int = 1) -> tuple[Any, Any]:
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
            push=lambda t, out, a, **where: np.diagonal(t, **where),
            pull=lambda v, out, a, **where: DIAGONAL_MATRIX(v, shape=np.shape(a), **where),
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


def _trace_pull(v: Any, out: Any, a: Any, *, dtype: Any = None, **where: int) -> Any:
    shape = np.shape(a)
    length = len(_places(shape, **where)[0])
    along = np.broadcast_to(np.expand_dims(v, -1), (*np.shape(v), length))
    return DIAGONAL_MATRIX(along, shape=shape, **where)


TRACE = function(
    np.trace,
    lambda a, offset=0, axis1=0, axis2=1, dtype=None: np.trace(a, offset, axis1, axis2, floating(dtype, a)),
    (linear(push=lambda t, out, a, dtype=None, **where: np.trace(t, **where), pull=_trace_pull),),
)


def _triangle(keep: Any) -> None:
    function(
        keep,
        lambda m, k=0: keep(m, k),
        (linear(push=lambda t, out, m, k=0: keep(t, k), pull=lambda v, out, m, k=0: keep(v, k)),),
    )


_triangle(np.tril)
_triangle(np.triu)


def _off(offset: int) -> dict[str, Any]:
    """The keyword for a diagonal beside the main one: a formula names what is not as usual, nothing else."""
    return {"offset": offset} if offset else {}


@composed(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """The matrix with a vector on its diagonal, or the diagonal of a matrix.

    Raises:
        ValueError: neither a vector nor a matrix.
    """
    match np.ndim(v):
        case 1:
            side = np.shape(v)[0] + abs(k)
            return DIAGONAL_MATRIX(v, shape=(side, side), **_off(k))
        case 2:
            return np.diagonal(v, **_off(k))
        case ndim:
            raise ValueError(f"np.diag takes a vector or a matrix, got {ndim} dimensions: use np.diagonal")


@composed(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """The matrix with all elements, flat, on its diagonal."""
    return diag(np.ravel(v), k)


@composed(np.linalg.diagonal)
def linalg_diagonal(x: Any, *, offset: int = 0) -> Any:
    """The diagonals of the last two axes."""
    return np.diagonal(x, axis1=-2, axis2=-1, **_off(offset))


@composed(np.linalg.trace)
def linalg_trace(x: Any, *, offset: int = 0, dtype: Any = None) -> Any:
    """The sums along the diagonals of the last two axes."""
    return np.trace(x, axis1=-2, axis2=-1, dtype=dtype, **_off(offset))
