"""From a NumPy call on Tensors to the primitive table.

`ufunc_call` serves `__array_ufunc__`, `function_call` serves `__array_function__`. What the table has no rule for is a
TypeError that names it: never a value that silently left the graph. Questions about shapes and values (np.shape,
np.allclose, np.argmax, ...) need no rule: they are answered from the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.primitives.table import FUNCTIONS, UFUNCS

ASKED = frozenset(
    {
        np.shape, np.ndim, np.size, np.all, np.any, np.allclose, np.array_equal, np.array_equiv, np.isclose, np.isin,
        np.isreal, np.iscomplex, np.isrealobj, np.iscomplexobj, np.isposinf, np.isneginf, np.imag, np.angle,
        np.result_type, np.can_cast, np.common_type, np.min_scalar_type, np.may_share_memory, np.shares_memory,
        np.array_repr, np.array_str, np.array2string, np.count_nonzero, np.nonzero, np.argwhere, np.flatnonzero,
        np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort, np.argpartition, np.lexsort, np.searchsorted, np.digitize,
        np.zeros_like, np.ones_like, np.empty_like, np.diag_indices_from, np.tril_indices_from, np.triu_indices_from,
        np.einsum_path, np.linalg.matrix_rank,
    }
)  # fmt: skip
"""Functions that answer from values alone: their results are plain NumPy values, and no gradient belongs to them."""

INSTEAD = {
    np.put: "np.where, or x[index] = value", np.place: "np.where", np.putmask: "np.where", np.copyto: "np.where",
    np.put_along_axis: "np.where", np.fill_diagonal: "np.where(np.eye(n, dtype=bool), value, x)",
    np.divmod: "np.floor_divide and np.remainder", np.modf: "np.trunc(x) and x - np.trunc(x)",
    np.frexp: "np.floor(np.log2(np.abs(x))) + 1 for the exponent, and a division for the mantissa",
}  # fmt: skip
"""What to use for functions that write into their argument, and for ufuncs with two results."""

UFUNC_KEYWORDS = {
    "out": "write y = y + x for y += x, as the graph records new values",
    "where": "use np.where(condition, x, y)", "dtype": "give a floating dtype, or use astype on the result",
    "axis": "use np.moveaxis before, or np.linalg.vecdot", "axes": "use np.moveaxis before and after",
    "keepdims": "use np.expand_dims on the result",
}  # fmt: skip
"""What to do instead of giving a ufunc a keyword: the last three belong to np.matmul, np.vecdot and their like."""


def ufunc_call(ufunc: Any, method: str, kwargs: dict[str, Any]) -> Primitive:
    """The row of a ufunc call.

    Raises:
        TypeError: there is no rule for the ufunc, its method (`np.add.reduce`), or a keyword (`out=`, `where=`).
    """
    row = UFUNCS.get(ufunc)
    if row is not None and method == "__call__" and not kwargs:
        return row
    if method != "__call__":
        raise TypeError(f"np.{ufunc.__name__}.{method} has no derivative rule: use np.sum, np.prod or np.outer on Tensors")
    if row is None and ufunc in INSTEAD:
        raise TypeError(f"np.{ufunc.__name__} has two results, and no derivative rule: use {INSTEAD[ufunc]}")
    if row is None:
        raise TypeError(
            f"np.{ufunc.__name__} has no derivative rule: compose it from functions that have one, give it one with "
            "lab.primitive, or leave the graph on purpose with x.detach().numpy()"
        )
    keyword = next(iter(kwargs))
    hint = UFUNC_KEYWORDS.get(keyword, "leave it out")
    raise TypeError(f"np.{ufunc.__name__} on a Tensor takes no {keyword!r}: {hint}")


def function_call(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Primitive, tuple[Any, ...], dict[str, Any]]:
    """The row of a NumPy function call, its operands and its keywords.

    Raises:
        TypeError: there is no rule for the function or for one of its keywords.
    """
    entry = FUNCTIONS.get(function)
    if entry is None and function in INSTEAD:
        raise TypeError(f"np.{function.__name__} writes in place, where no graph follows: use {INSTEAD[function]}")
    if entry is None:
        name = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
        raise TypeError(
            f"{name} has no derivative rule: compose it from functions that have one, give it one with lab.primitive, "
            "or leave the graph on purpose with x.detach().numpy()"
        )
    row, bind = entry
    if "out" in kwargs:
        raise TypeError(
            f"np.{row.name} on a Tensor takes no 'out', as the graph records new values: write y = np.{row.name}(x)"
        )
    operands, keywords = bind(args, kwargs)
    return row, operands, keywords
