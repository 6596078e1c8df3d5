"""The table of primitives, and how a row gets into it.

`ufunc(np.sin, ...)` and `function(np.sum, ...)` add a row under the NumPy callable that it differentiates;
`composed(np.vstack)` adds a NumPy function that is other functions put together, and records these. `UFUNCS`,
`FUNCTIONS` and `COMPOSED` are what dispatch looks up, `ROWS` lists every row for whoever wants to walk the whole table.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from autograd_lab.core.primitives.row import Family, Partial, Primitive

Binder = Callable[[tuple[Any, ...], dict[str, Any]], tuple[tuple[Any, ...], dict[str, Any]]]

ROWS: dict[str, Primitive] = {}
UFUNCS: dict[Any, Primitive] = {}
FUNCTIONS: dict[Any, tuple[Primitive, Binder]] = {}
"""A NumPy function with its row and what splits a call of it into operands and keywords."""

COMPOSED: dict[Any, Callable[..., Any]] = {}
"""A NumPy function with its definition in terms of functions that have rows."""


def ufunc(
    function: Any,
    *partials: Partial | None,
    notation: str | None = None,
    latex: str | None = None,
) -> Primitive:
    """Add the row of a ufunc: its value is the ufunc itself."""
    row = Primitive(function.__name__, function, partials, notation=notation, latex=latex)
    UFUNCS[function] = ROWS[row.name] = row
    return row


def step_ufunc(function: Any, arity: int, notation: str | None = None) -> Primitive:
    """Add the row of a ufunc whose result does not change smoothly (comparisons, isnan, ...): it needs no gradient."""
    return ufunc(function, *([None] * arity), notation=notation)


def function(
    functions: Any | tuple[Any, ...],
    value: Callable[..., Any],
    partials: tuple[Partial | None, ...] | Family,
    *,
    bind: Binder | None = None,
    name: str | None = None,
    notation: str | None = None,
    view: bool = False,
) -> Primitive:
    """Add the row of a NumPy function (or of its synonyms). `value` has its parameters, those that the rules support."""
    synonyms = functions if isinstance(functions, tuple) else (functions,)
    row = Primitive(name or synonyms[0].__name__, value, partials, notation=notation, view=view)
    ROWS[row.name] = row
    for synonym in synonyms:
        FUNCTIONS[synonym] = row, bind or by_signature(row)
    return row


def composed(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Define NumPy functions (synonyms) by others: the decorated function is called with Tensors among its arguments."""

    def register(definition: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            COMPOSED[function] = definition
        return definition

    return register


def own(row: Primitive) -> Primitive:
    """Add a row that NumPy has no function for (indexing, casts)."""
    ROWS[row.name] = row
    return row


def by_signature(row: Primitive) -> Binder:
    """Split a call by the parameter names of the row's value: the first `arity` are operands, the others keywords."""
    names = tuple(inspect.signature(row.value).parameters)
    assert row.arity is not None
    arity = row.arity

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        given = dict(zip(names, args, strict=False))
        for keyword in [*kwargs, *(["one argument more"] if len(args) > len(names) else [])]:
            if keyword not in names:
                raise TypeError(
                    f"np.{row.name} on a Tensor has no derivative rule for {keyword!r}: it takes {', '.join(names)}"
                )
        given.update(kwargs)
        operands = tuple(given.pop(name, None) for name in names[:arity])
        return operands, given

    return bind


def sequence_first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Split a call whose first argument is the sequence of operands, its second the axis (concatenate, stack)."""
    sequence, *rest = args
    if len(rest) > 1:
        raise TypeError("on Tensors, give the sequence and the axis only: out, dtype and casting have no derivative rule")
    if rest:
        kwargs = {"axis": rest[0], **kwargs}
    for keyword in kwargs:
        if keyword != "axis":
            raise TypeError(f"{keyword!r} has no derivative rule on Tensors: give the sequence and the axis only")
    return tuple(sequence), kwargs
