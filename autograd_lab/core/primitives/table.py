"""The table of primitives, and how a row gets into it.

`ufunc(np.sin, ...)` and `function(np.sum, ...)` add a row under the NumPy callable that it differentiates;
`composed(np.vstack)` adds a NumPy function that is other functions put together, and records these. `UFUNCS`,
`FUNCTIONS` and `COMPOSED` are what dispatch looks up, `ROWS` lists every row for whoever wants to walk the whole table.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
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
        FUNCTIONS[synonym] = row, bind or by_signature(row, synonym)
    return row


def composed(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Define NumPy functions (synonyms) by others: the decorated function is called with Tensors among its arguments.

    Where it has NumPy's names for its arguments, NumPy's other ones are refused by a TypeError, unless at their defaults.
    """

    def register(definition: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            COMPOSED[function] = _by_its_names(definition, function)
        return definition

    return register


def _by_its_names(definition: Callable[..., Any], function: Any) -> Callable[..., Any]:
    """The definition, called by NumPy's names where it has them."""

    @cache  # on first use: reading the signatures of all functions takes half of the import
    def named() -> Callable[..., dict[str, Any]] | None:
        parameters = inspect.signature(definition).parameters
        kinds = {parameter.kind for parameter in parameters.values()}
        takes_any = not kinds.isdisjoint({inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD})
        if takes_any or not set(parameters) <= set(inspect.signature(function).parameters):
            return None
        return by_name(function, tuple(parameters))

    def call(*args: Any, **kwargs: Any) -> Any:
        by_names = named()
        return definition(*args, **kwargs) if by_names is None else definition(**by_names(args, kwargs))

    return call


def own(row: Primitive) -> Primitive:
    """Add a row that NumPy has no function for (indexing, casts)."""
    ROWS[row.name] = row
    return row


def by_signature(row: Primitive, function: Any) -> Binder:
    """Split a call of a NumPy function by names: the first `arity` of the row's value are operands, the others keywords."""
    arity = row.arity
    assert arity is not None

    @cache  # on first use, as above
    def plan() -> tuple[frozenset[str], tuple[str, ...], Callable[..., dict[str, Any]]]:
        names = tuple(inspect.signature(row.value).parameters)
        return frozenset(names[arity:]), names[:arity], by_name(function, names)

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        keyword_names, operand_names, named = plan()
        if len(args) == arity and keyword_names.issuperset(kwargs):  # nearly always, and at a sixth of the time
            return args, kwargs
        given = named(args, kwargs)
        return tuple(given.pop(name, None) for name in operand_names), given

    return bind


def by_name(function: Any, supported: tuple[str, ...]) -> Callable[[tuple[Any, ...], dict[str, Any]], dict[str, Any]]:
    """The arguments of a call under NumPy's own names, in NumPy's own order; what is not supported may have its default.

    The function that this gives raises TypeError, naming the argument, for any other.
    """
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:  # written in C, and silent about its arguments
        order, defaults = supported, {}
    else:
        order = tuple(parameters)
        defaults = {name: parameter.default for name, parameter in parameters.items()}
    known = frozenset(supported)

    def named(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        given = dict(zip(order, args, strict=False))
        given.update(kwargs)
        surplus = ["one argument more"] if len(args) > len(order) else []
        for keyword in [*(name for name in given if name not in known), *surplus]:
            if keyword not in defaults or given.pop(keyword) is not defaults[keyword]:
                taken = ", ".join(supported)
                name = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
                raise TypeError(f"{name} on a Tensor has no derivative rule for {keyword!r}: it takes {taken}")
        return given

    return named


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
