# ruff: noqa: E501 - one line a function, however many samples it has
"""Operands for the rows of shapes and linear algebra, and calls of the NumPy functions that are composed of rows.

`SYMMETRIC` names the rows whose operand is a symmetric matrix: their derivative is one along symmetric directions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Sample = tuple[tuple[Any, ...], dict[str, Any]]

V = np.array([0.31, 0.52, 0.73])
W = np.array([0.64, 0.25, 0.46])
M = np.array([[0.3, 0.9, 0.5], [0.7, 0.2, 0.8]])
B = np.linspace(0.1, 1.2, 12).reshape(2, 2, 3)
C = np.linspace(1.3, 0.2, 12).reshape(2, 3, 2)
SQUARE = np.array([[1.3, 0.4, -0.2], [0.1, 0.9, 0.5], [-0.6, 0.3, 1.7]])
SQUARES = np.stack([SQUARE, SQUARE[::-1] + np.diag(V), SQUARE.T @ SQUARE])
SINGULAR = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [0.5, 0.3, 1.5]])  # LU gives exactly 0
POSITIVE = SQUARE @ SQUARE.T + np.diag([0.5, 1.5, 2.5])
POSITIVES = np.stack([POSITIVE, POSITIVE[::-1, ::-1] + np.diag(V)])
TALL = np.array([[0.9, 0.2], [-0.4, 1.1], [0.3, 0.7], [0.5, -0.8]])
TALLS = np.stack([TALL, TALL[::-1] * 1.5 + 0.1])

SYMMETRIC = frozenset({"cholesky", "eigh"})


def _wide(a: Any) -> Any:
    return np.swapaxes(a, -1, -2).copy()


def _of(*operands: Any, **keywords: Any) -> Sample:
    return operands, keywords


SAMPLES: dict[str, list[Sample]] = {
    # shapes
    "expand_dims": [_of(M, axis=1), _of(M, axis=(0, -1))],
    "squeeze": [_of(M[:, :, None]), _of(M[:, :, None], axis=-1), _of(M[None, :, :, None], axis=(0, 3))],
    "moveaxis": [_of(B, source=0, destination=-1), _of(B, source=(0, 1), destination=(-1, 0))],
    "flip": [_of(V), _of(B), _of(B, axis=1), _of(B, axis=(0, -1))],
    "copy": [_of(M), _of(0.3)],
    "roll": [_of(V, shift=1), _of(M, shift=-2), _of(M, shift=1, axis=1), _of(B, shift=(1, -2), axis=(0, 2))],
    "tile": [_of(V, reps=2), _of(V, reps=(2, 2)), _of(B, reps=(2, 1)), _of(0.3, reps=(2, 3))],
    "repeat": [_of(M, repeats=2), _of(M, repeats=3, axis=0), _of(M, repeats=[2, 0, 1], axis=-1), _of(V, repeats=np.array([1, 2, 3])), _of(0.3, repeats=2)],
    "pad": [
        _of(V, pad_width=2), _of(M, pad_width=((0, 1), (2, 0)), constant_values=0.7), _of(M, pad_width=((2, 1), (1, 4)), mode="wrap"),
        _of(M, pad_width=(1, 2), mode="edge"), _of(V, pad_width=(2, 5), mode="reflect"), _of(M, pad_width=((3, 0), (0, 4)), mode="symmetric"),
    ],
    "diagonal": [_of(M), _of(M, offset=1), _of(B, offset=-1, axis1=2, axis2=0), _of(M, offset=5)],
    "diagonal_matrix": [_of(V, shape=(3, 3)), _of(V, shape=(4, 5), offset=-1), _of(M, shape=(3, 2, 3), axis1=0, axis2=2)],
    "trace": [_of(SQUARE), _of(M, offset=1), _of(B, offset=-1, axis1=2, axis2=0)],
    "tril": [_of(SQUARE), _of(M, k=1), _of(B, k=-1)],
    "triu": [_of(SQUARE), _of(M, k=1), _of(B, k=-1)],
    # products
    "vecdot": [_of(V, W), _of(M, V), _of(B, M)],
    "matvec": [_of(M, V), _of(B, V), _of(M, B[:, 0]), _of(B, M)],
    "vecmat": [_of(V, M.T), _of(V, C), _of(M, C)],
    "inner": [_of(V, W), _of(M, V), _of(M, B), _of(0.3, M), _of(M, 0.4), _of(0.3, 0.4)],
    "cross": [_of(V, W), _of(M, V), _of(B, M)],
    # linear algebra
    "inv": [_of(SQUARE), _of(SQUARES)],
    "det": [_of(SQUARE), _of(SQUARES), _of(SINGULAR), _of(np.stack([SINGULAR, SQUARE])), _of(np.array([[2.5]]))],
    "logabsdet": [_of(SQUARE), _of(-SQUARES)],
    "solve": [_of(SQUARE, V), _of(SQUARE, M.T), _of(SQUARES, V), _of(SQUARES, M.T), _of(SQUARE, SQUARES), _of(SQUARES, SQUARES[1:2])],
    "pinv": [_of(SQUARE), _of(TALL), _of(_wide(TALL)), _of(TALLS), _of(TALLS, rtol=1e-8)],
    "norm": [_of(V - 0.4), _of(M - 0.4, axis=(0,)), _of(B - 0.43, axis=(0, -1), keepdims=True), _of(M - 0.4, ord=3), _of(M - 0.4, ord=1.5, axis=(1,)), _of(M, ord=-1, axis=(1,), keepdims=True)],
    "cholesky": [_of(POSITIVE), _of(POSITIVES)],
    "eigh": [_of(POSITIVE), _of(POSITIVES), _of(POSITIVE, UPLO="U")],
    "svd": [_of(SQUARE), _of(SQUARES), _of(TALL), _of(_wide(TALL)), _of(TALLS), _of(_wide(TALLS))],
    "qr": [_of(SQUARE), _of(SQUARES), _of(TALL), _of(TALLS)],
}  # fmt: skip
