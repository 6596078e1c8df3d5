# ruff: noqa: E501 - one line a function, however many samples it has
"""Operands for the rows of shapes and linear algebra, and calls of the NumPy functions that are composed of rows.

`SYMMETRIC` names the functions of symmetric matrices: their derivative is one along symmetric directions.
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

SYMMETRIC = frozenset({"cholesky", "eigh", "eigvalsh"})


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

COMPOSED_SAMPLES: dict[Any, list[Sample]] = {
    # shapes
    np.rollaxis: [_of(B, 2), _of(B, 0, 3), _of(B, -1, 1), _of(B, 1, -1)],
    np.matrix_transpose: [_of(B)],
    np.linalg.matrix_transpose: [_of(B)],
    np.fliplr: [_of(M)],
    np.flipud: [_of(B)],
    np.rot90: [_of(M, k) for k in (-1, 0, 1, 2, 3)] + [_of(B, 1, (2, 0))],
    np.atleast_1d: [_of(0.3), _of(V), _of(0.3, M)],
    np.atleast_2d: [_of(0.3), _of(V), _of(B, V)],
    np.atleast_3d: [_of(0.3), _of(V), _of(M), _of(B), _of(V, M)],
    np.resize: [_of(M, (3, 4)), _of(M, 2), _of(0.3, (2, 2))],
    np.delete: [_of(M, 1), _of(M, [0, 2], 1), _of(B, slice(1, 3), axis=-1), _of(V, np.array([True, False, True]))],
    np.where: [_of(M > 0.4, M, V)],
    np.fft.fftshift: [_of(V), _of(B, axes=(0, -1)), _of(M, axes=1)],
    np.fft.ifftshift: [_of(V), _of(B), _of(M, axes=-1)],
    np.full_like: [],  # constants: tested by themselves
    np.astype: [_of(V, float)],
    # joining and splitting
    np.vstack: [_of([V, M]), _of((M, V, M)), _of(B)],
    np.hstack: [_of([V, W]), _of((M, M)), _of([0.3, V])],
    np.dstack: [_of([V, W]), _of([M, M]), _of([B, B])],
    np.column_stack: [_of([V, SQUARE]), _of([V, W])],
    np.append: [_of(V, M), _of(M, SQUARE, axis=0), _of(V, 0.3)],
    np.block: [_of([[M, np.ones((2, 2))], [np.ones((1, 3)), np.ones((1, 2))]]), _of([V, W, 1.5]), _of(V), _of([[V], [M]])],
    np.insert: [_of(V, 1, 5.0), _of(V, [0, 2], W[:2]), _of(M, 1, V, axis=0), _of(M, 1, V[:2], axis=1), _of(M, [1], M, axis=1), _of(M, [0, 1], M, axis=0), _of(M, slice(0, 2), 9.0, axis=1), _of(B, 2, 9.0, axis=-1), _of(V, -1, W), _of(M, np.array([True, False]), 2.0, axis=0)],
    np.array_split: [_of(np.arange(10.0), 4), _of(np.arange(10.0), [2, 5, 20]), _of(B, 2, -1)],
    np.split: [_of(B, 3, axis=2), _of(V, [-1])],
    np.hsplit: [_of(M, 3), _of(V, 3), _of(M, [1])],
    np.vsplit: [_of(M, 2)],
    np.dsplit: [_of(B, [1])],
    np.unstack: [_of(M), _of(M, axis=-1)],
    np.broadcast_arrays: [_of(M, V), _of(M, 2.0, V), _of(V, W)],
    np.meshgrid: [_of(V, W[:2], np.arange(4.0), **kw) for kw in ({}, {"indexing": "ij"}, {"sparse": True}, {"sparse": True, "indexing": "ij"})] + [_of(V), _of(V, 0.5)],
    # diagonals
    np.diag: [_of(V), _of(V, -2), _of(M, 1)],
    np.diagflat: [_of(M, 1), _of(V)],
    np.trace: [_of(SQUARE), _of(B, 1, 2, 0), _of(M, dtype=float)],
    np.linalg.trace: [_of(B, offset=1)],
    np.linalg.diagonal: [_of(B, offset=-1)],
    # products
    np.vdot: [_of(M, SQUARE[:2]), _of(V, W)],
    np.kron: [_of(M, SQUARE), _of(V, M), _of(B, M), _of(0.3, M)],
    np.cross: [_of(V, M), _of(SQUARE, SQUARE.T, axis=0), _of(M.T, M, 0, 1, 0)],
    np.linalg.cross: [_of(M, V), _of(SQUARE, SQUARE.T, axis=0)],
    np.linalg.outer: [_of(V, W[:2])],
    np.linalg.matmul: [_of(M, SQUARE)],
    np.linalg.tensordot: [_of(M, SQUARE, axes=([1], [0]))],
    np.linalg.vecdot: [_of(SQUARE, SQUARE.T, axis=0), _of(M, V)],
    np.linalg.multi_dot: [_of([V, SQUARE, W]), _of([M, SQUARE, M.T, M]), _of([V, W])],
    np.linalg.matrix_power: [_of(SQUARE, n) for n in (-3, -1, 1, 2, 5)] + [_of(SQUARES, 4)],
    # linear algebra
    np.linalg.slogdet: [_of(SQUARE), _of(-SQUARES)],
    np.linalg.tensorinv: [_of(np.random.default_rng(1).normal(size=(2, 3, 6)), 2), _of(SQUARE, 1)],
    np.linalg.tensorsolve: [_of(np.random.default_rng(1).normal(size=(2, 3, 6)), M), _of(np.random.default_rng(1).normal(size=(6, 2, 3)), M, (0,))],
    np.linalg.pinv: [_of(TALL), _of(SQUARES, rcond=1e-10), _of(M, rtol=1e-10)],
    np.linalg.eig: [],  # refused by name, as is eigvals
    np.linalg.eigvals: [],
    np.linalg.lstsq: [],
    np.linalg.norm: [_of(M - 0.4, **kw) for kw in ({}, {"ord": "nuc"}, {"ord": 1}, {"ord": -np.inf}, {"axis": 0}, {"axis": 1, "ord": 3, "keepdims": True}, {"axis": 1, "ord": 1}, {"ord": 2, "keepdims": True}, {"axis": 1, "ord": 0})]
    + [_of(B, axis=(0, 2), ord="nuc", keepdims=True), _of(B, axis=(2, 0), ord=1), _of(B, axis=(0, 1)), _of(B, keepdims=True)],
    np.linalg.vector_norm: [_of(B - 0.4, **kw) for kw in ({}, {"axis": (0, 1)}, {"axis": (0, 1, 2), "ord": 3}, {"axis": 1, "keepdims": True}, {"ord": np.inf})],
    np.linalg.matrix_norm: [_of(B, **kw) for kw in ({}, {"ord": "nuc"}, {"ord": 1, "keepdims": True}, {"ord": -2})],
    np.linalg.cond: [_of(SQUARE, p=p) for p in (None, 2, -2, 1, np.inf, "fro")] + [_of(SQUARES)],
    np.linalg.cholesky: [_of(POSITIVE), _of(POSITIVES, upper=True)],
    np.linalg.eigh: [_of(POSITIVE), _of(POSITIVES, "U")],
    np.linalg.eigvalsh: [_of(POSITIVES)],
    np.linalg.svd: [_of(SQUARE), _of(TALL, False), _of(_wide(TALLS), full_matrices=False), _of(TALL, compute_uv=False)],
    np.linalg.svdvals: [_of(TALLS)],
    np.linalg.qr: [_of(SQUARE), _of(TALLS), _of(_wide(TALLS)), _of(TALL, "r")],
}  # fmt: skip


def direction(name: str, shape: tuple[int, ...], seed: int) -> Any:
    """A random direction to move an operand of a function in, among those that the function is for."""
    drawn = np.random.default_rng(seed).normal(size=shape)
    return (drawn + np.swapaxes(drawn, -1, -2)) / 2 if name in SYMMETRIC else drawn
