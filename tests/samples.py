# ruff: noqa: E501 - one row a primitive, however many samples it has
"""Operands for every row of the primitive table: a row without an entry gets the default, so a new row is tested at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.primitives.table import ROWS

from . import array_samples

Sample = tuple[tuple[Any, ...], dict[str, Any]]

V = np.array([0.31, 0.52, 0.73])
W = np.array([0.64, 0.25, 0.46])
M = np.array([[0.3, 0.9, 0.5], [0.7, 0.2, 0.8]])
N = np.array([[0.6, 0.1], [0.4, 1.3], [0.95, 0.35]])
B = np.linspace(0.1, 1.2, 12).reshape(2, 2, 3)
C = np.linspace(1.3, 0.2, 12).reshape(2, 3, 2)

SAMPLES: dict[str, list[Sample]] = {
    "arccosh": [((V + 1.5,), {})],
    "absolute": [((np.array([-0.4, 0.7]),), {})],
    "fabs": [((np.array([-0.4, 0.7]),), {})],
    "power": [((V, W), {}), ((V, 3), {}), ((-V, 2), {}), ((2.0, V), {}), ((0.7, 0.4), {}), ((M, V), {}), ((V, np.array([0.0, 1, 2])), {})],
    "add": [((V, W), {}), ((M, V), {}), ((0.3, M), {}), ((1.5, 2.5), {})],
    "multiply": [((V, W), {}), ((M, V), {}), ((0.3, M), {}), ((M[:, :1], V), {}), ((1.5, 2.5), {})],
    "divide": [((V, W), {}), ((M, V), {}), ((0.3, M), {}), ((1.5, 2.5), {})],
    "maximum": [((V, W), {}), ((M, 0.6), {}), ((0.3, 0.4), {})],
    "minimum": [((V, W), {}), ((M, 0.6), {}), ((0.3, 0.4), {})],
    "fmax": [((V, W), {}), ((M, 0.6), {}), ((np.array([np.nan, 0.3]), np.array([0.5, 0.2])), {}), ((0.3, 0.4), {})],
    "fmin": [((V, W), {}), ((M, 0.6), {}), ((np.array([np.nan, 0.3]), np.array([0.5, 0.2])), {}), ((0.3, 0.4), {})],
    "float_power": [((V, W), {}), ((M, 3), {}), ((0.7, 0.4), {})],
    "remainder": [((V * 7, W), {}), ((-M * 5, V), {}), ((5.3, -0.7), {})],
    "fmod": [((V * 7, W), {}), ((-M * 5, V), {}), ((5.3, -0.7), {})],
    "floor_divide": [((V * 7, W), {}), ((5.3, -0.7), {})],
    "copysign": [((V, -W), {}), ((-V, M), {}), ((0.3, -2.0), {})],
    "ldexp": [((V, 3), {}), ((M, np.array([0, -1, 4])), {}), ((0.3, 2), {})],
    "logaddexp": [((V, W), {}), ((M, V), {}), ((800.0, 1.5), {}), ((V, np.array([900.0, -900.0, 0.3])), {})],
    "logaddexp2": [((V, W), {}), ((M, V), {}), ((0.3, 0.4), {})],
    "heaviside": [((V, W), {}), ((V, 0.5), {}), ((np.array([-1.0, 2.0]), 0.5), {}), ((0.3, 0.4), {})],
    "sinc": [((V * 3,), {}), ((np.array([0.0, 1e-5, 0.03, -0.08, 2.0]),), {}), ((0.0,), {}), ((0.4,), {})],
    "sinc_derivative": [((np.array([0.0, 0.03, -0.8, 1.3]),), {"order": k}) for k in (1, 2, 3)],
    "nan_to_num": [((V,), {}), ((np.array([np.nan, 0.5, np.inf]),), {"nan": 2.0, "posinf": 3.0}), ((0.3,), {})],
    "unwrap": [((np.array([0.1, 2.0, 5.5, 0.2, 4.0]),), {}), ((M * 9,), {"axis": 0})],
    "round": [((V,), {}), ((M,), {"decimals": 1}), ((0.3,), {})],
    "where": [((np.array([True, False, True]), V, W), {}), ((M > 0.4, M, V), {}), ((True, 0.3, 0.4), {})],
    "clip": [((V, 0.4, 0.6), {}), ((V, None, 0.6), {}), ((M, 0.4, None), {}), ((V, W, W + 0.3), {})],
    "sum": [((M,), kw) for kw in ({}, {"axis": 0}, {"axis": 1, "dtype": float}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)})] + [((0.3,), {})],
    "mean": [((M,), kw) for kw in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": (0, 1)})],
    "max": [((M,), kw) for kw in ({}, {"axis": 0}, {"axis": -1, "keepdims": True})],
    "min": [((M,), kw) for kw in ({}, {"axis": 0}, {"axis": -1, "keepdims": True})],
    "prod": [((M,), kw) for kw in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)})]
    + [((np.array([[0.5, 0.0, 2.0], [1.5, 3.0, 0.7]]),), kw) for kw in ({}, {"axis": 0}, {"axis": 1}, {"axis": (1, 0)})],
    "var": [((M,), kw) for kw in ({}, {"axis": 0}, {"axis": -1, "keepdims": True, "ddof": 1}, {"axis": (0, 1)}, {"correction": 1.5})]
    + [((B,), {"axis": (0, 2)}), ((0.3,), {})],
    "std": [((M,), kw) for kw in ({}, {"axis": 0}, {"axis": -1, "keepdims": True, "ddof": 1}, {"axis": (0, 1)}, {"correction": 1.5})]
    + [((B,), {"axis": (0, 2)})],
    "cumsum": [((M,), {}), ((M,), {"axis": 0}), ((M,), {"axis": -1}), ((B,), {"axis": 1}), ((0.3,), {})],
    "cumprod": [((M,), {}), ((M,), {"axis": 0}), ((B,), {"axis": 1}), ((0.3,), {}), ((np.array([[0.5, 0.0, 2.0, 0.0, 3.0], [1.5, 3.0, 0.7, 0.2, 0.0]]),), {"axis": 1})]
    + [((np.array([[0.5, 0.0, 2.0], [0.0, 3.0, 0.7]]),), kw) for kw in ({}, {"axis": 0})],
    "diff": [((V,), {}), ((M,), {"axis": 0}), ((B,), {"n": 2}), ((M,), {"n": 2}), ((M,), {"n": 5}), ((B,), {"axis": 1})],
    "median": [((V,), {}), ((M,), {}), ((M,), {"axis": 0}), ((B,), {"axis": (0, 2), "keepdims": True}), ((0.3,), {})],
    "nanmedian": [((V,), {}), ((np.array([[0.3, np.nan, 0.5], [0.7, 0.2, 0.8]]),), {"axis": 1}), ((M,), {"axis": 0, "keepdims": True})],
    "quantile": [((M,), {"q": 0.3}), ((M,), {"q": 0.3, "axis": 0}), ((B,), {"q": [0.1, 0.5, 1.0], "axis": (0, 2), "keepdims": True})]
    + [((M,), {"q": [[0.2, 0.7]], "axis": -1}), ((V,), {"q": 0}), ((V,), {"q": 1})]
    + [((C,), {"q": 0.37, "axis": 1, "method": m}) for m in ("lower", "higher", "midpoint", "nearest", "hazen", "weibull", "inverted_cdf",
       "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "median_unbiased", "normal_unbiased")],
    "nanquantile": [((np.array([[0.3, np.nan, 0.5], [0.7, 0.2, 0.8]]),), {"q": [0.3, 0.9], "axis": 1}), ((M,), {"q": 0.3})],
    "sort": [((W,), {}), ((M,), {"axis": 0}), ((M,), {"axis": None}), ((B,), {"axis": 1}), ((M,), {"kind": "stable"})],
    "partition": [((W,), {"kth": 1}), ((M,), {"kth": 0, "axis": 0}), ((M,), {"kth": (1, 3), "axis": None}), ((B,), {"kth": 1})],
    "reshape": [((M,), {"shape": (3, 2)}), ((M,), {"shape": -1})],
    "transpose": [((M,), {}), ((B,), {"axes": (2, 0, 1)}), ((B,), {"axes": (-1, 0, 1)})],
    "swapaxes": [((B,), {"axis1": 0, "axis2": -1})],
    "broadcast_to": [((V,), {"shape": (2, 3)}), ((0.4,), {"shape": (2,)}), ((M[:, :1],), {"shape": (2, 2, 3)})],
    "concatenate": [((V, W), {}), ((M, M[:1]), {"axis": 0}), ((M, N.T, M), {"axis": -1}), ((M, V), {"axis": None})],
    "stack": [((V, W, V), {}), ((M, N.T), {"axis": -1}), ((0.3, 0.4), {})],
    "getitem": [
        ((M,), {"index": index})
        for index in (1, (0, 2), slice(None, None, -1), (slice(None), 1), (..., None), [0, 1, 0], (np.array([0, 0, 1]), 2), M > 0.5)
    ],
    "setitem": [
        ((M, v), {"index": index})
        for v, index in ((V, 1), (0.4, (0, 2)), (W, slice(None)), (V[:2], (slice(None), 1)), (V, [1, 1, 0]), (0.3, M > 0.5))
    ],
    "scatter": [((V,), {"index": [0, 3, 0], "shape": (5,)})],
    "astype": [((V,), {"dtype": np.dtype(np.float64)})],
    "matmul": [((V, W), {}), ((M, V), {}), ((V, N), {}), ((M, N), {}), ((B, C), {}), ((M, C), {}), ((B, N), {}), ((V, C), {}), ((B, V), {})],
    "dot": [((0.3, M), {}), ((M, 0.4), {}), ((V, W), {}), ((M, V), {}), ((V, N), {}), ((M, N), {}), ((B, C), {}), ((B, V), {}), ((M, C), {})],
    "outer": [((V, W), {}), ((M, W), {})],
    "tensordot": [((M, N), {"axes": 1}), ((B, C), {"axes": ([1, 2], [2, 1])}), ((B, C), {"axes": ((2, 0), (1, 0))}), ((V, M), {"axes": 0}), ((B, B), {"axes": 3})],
    "einsum": [
        ((M, N), {"subscripts": "ij,jk->ik"}), ((M, N), {"subscripts": "ij,jk"}), ((M,), {"subscripts": "ij->"}),
        ((M,), {"subscripts": "ij->j"}), ((np.outer(V, W),), {"subscripts": "ii->i"}), ((np.outer(V, W),), {"subscripts": "ii"}),
        ((B, C), {"subscripts": "bij,bjk->bik"}), ((B, C), {"subscripts": "...ij,...jk->...ik"}), ((M, C), {"subscripts": "...ij,...jk->...ik"}),
        ((V, W, V), {"subscripts": "i,j,k->jk"}), ((M, V), {"subscripts": "ij,j->i"}), ((B,), {"subscripts": "...j->..."}),
        ((M, N), {"subscripts": "ij,jk->ik", "optimize": True}),
    ],
    **array_samples.SAMPLES,
}  # fmt: skip


def samples_of(row: Primitive) -> list[Sample]:
    """The operands to try a row on: its own, or small numbers in (0, 1), where most functions are smooth."""
    return SAMPLES.get(row.name) or [((V, W)[: row.arity], {}), ((0.37, 0.58)[: row.arity], {})]


def cases() -> list[tuple[str, Sample]]:
    """Every differentiable row with every sample of its own."""
    return [(name, sample) for name, row in ROWS.items() if row.differentiable for sample in samples_of(row)]
