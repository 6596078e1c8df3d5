"""Writes a record as an expression: its operation, on what its operands are called.

    written(record, named)      w3 % w4      w5[1:]      w2.U      w1 with [0] = w2      log(abs(det(w1)))

Most operations are calls in NumPy's order of arguments; a keyword that stands at its default is left out. Those that a
textbook, or NumPy itself, writes in another way have a function here that says so.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import numpy as np

from autograd_lab.core.node import Constant, Record, value_of
from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.primitives.table import ROWS
from autograd_lab.explain.expression import Call, Expression, Literal, Symbol, call, parameter, quantity, subscript, template

Named = Callable[[Record], Expression | None]
"""How a record of the graph is written; None for one that a rule itself recorded."""

Operands = list[Expression]
Values = list[Any]
Keywords = dict[str, Any]


def written(record: Record, named: Named, *, top: bool = False, rule: bool = False, tidy: bool = True) -> Expression:
    """A record in terms of those that have a name. Rules are a few operations deep, so this may recurse.

    Args:
        record: the operation.
        named: says what records are called.
        top: the record may be one that has a name itself.
        rule: it belongs to a derivative, not to what a person wrote: axes that only broadcasting asks for are left out.
        tidy: simplify on the way. Off where numbers stand in the symbols' places, so that 1*3 is seen to be 3.
    """
    known = named(record) if top else None
    if known is not None:
        return known
    primitive = record.primitive
    assert primitive is not None
    operands = [_operand(operand, named, rule=rule, tidy=tidy) for operand in record.operands]
    if primitive.name == "alias" or (rule and _changes_nothing(record)):
        return operands[0]
    keywords = _said(primitive, record.keywords)
    if rule and primitive.name in _BROADCASTING and "axis" not in keywords:
        keywords.pop("keepdims", None)
    base = operation(primitive, operands, [value_of(operand) for operand in record.operands], keywords, tidy=tidy)
    if (name := factor(record)) is not None:
        return Call("field", (operands[0], Literal(name)))
    return template(primitive.latex, operands, base) if primitive.latex else base


def _changes_nothing(record: Record) -> bool:
    """Whether a rule asked for the shape that was there already."""
    assert record.primitive is not None
    return record.primitive.name in ("reshape", "ravel") and np.shape(record.value) == np.shape(value_of(record.operands[0]))


def _operand(operand: Any, named: Named, *, rule: bool, tidy: bool) -> Expression:
    if isinstance(operand, Record):
        return named(operand) or written(operand, named, rule=rule, tidy=tidy)
    if operand is None:
        return Literal("None")
    name = operand.extra.name if isinstance(operand, Constant) and operand.extra is not None else None
    if name:
        return Symbol(name)
    return constant(value_of(operand), tidy=tidy, rule=rule)


def constant(value: Any, *, tidy: bool = True, rule: bool = False) -> Expression:
    """A value that stands in an operation. What was chosen is written with 1 and 0, the identity matrix by its name.

    In a rule a few weights are written out, as there is no other place where they can be read.
    """
    array = np.asarray(value)
    if array.dtype.kind == "b":
        return quantity(array * 1.0) if array.ndim or rule else Literal(str(bool(array)))
    if rule and tidy and array.ndim == 1 and len(array) <= _FEW:
        return quantity(value, long=True)
    if tidy and array.ndim == 2 and 1 < len(array) == array.shape[1] and array[0, 0] == 1 and not array[0, 1:].any():
        return Literal("I") if np.array_equal(array, np.eye(len(array))) else quantity(value)
    return quantity(value)


def operation(primitive: Primitive, operands: Operands, values: Values, keywords: Keywords, *, tidy: bool = True) -> Expression:
    """The operation on operands: by its own form where it has one, else as a call of its notation."""
    form = _FORMS.get(primitive.name)
    if form is not None:
        found = form(operands, values, keywords)
        if found is not None:
            return found
    if primitive.name.startswith("set_"):
        return _written_through(primitive, operands, values, keywords)
    return _call(primitive.notation, operands, keywords, _required(primitive), tidy=tidy)


def _call(kind: str, operands: Operands, keywords: Keywords, required: frozenset[str], *, tidy: bool = True) -> Expression:
    """A call: what must be given stands by position, what may be given by name."""
    positional = [_argument(value) for key, value in keywords.items() if key in required]
    named = {key: value for key, value in keywords.items() if key not in required}
    arguments = [*operands, *positional]
    return call(kind, *arguments, **named) if tidy or named else Call(kind, tuple(arguments))


def _argument(value: Any) -> Expression:
    return quantity(value) if type(value) in (int, float) else Literal(parameter(value))


# -- keywords ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _parameters(primitive: Primitive) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(primitive.value).parameters
    except (TypeError, ValueError):  # a ufunc, or another function that tells nothing about its arguments
        return {}


def _required(primitive: Primitive) -> frozenset[str]:
    by_position = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = _parameters(primitive).values()
    return frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty and p.kind is by_position)


def _said(primitive: Primitive, keywords: Mapping[str, Any]) -> Keywords:
    """The keywords that say something: none that is at its default, False or None; one axis as a number."""
    known = _parameters(primitive)
    said = {}
    for key, value in keywords.items():
        default = known[key].default if key in known else inspect.Parameter.empty
        if value is None or value is False or _same(value, default):
            continue
        alone = key == "axis" and isinstance(value, (tuple, list)) and len(value) == 1
        said[key] = value[0] if alone else value
    order = {key: place for place, key in enumerate(known)}
    return dict(sorted(said.items(), key=lambda item: order.get(item[0], len(order))))


def _same(value: Any, default: Any) -> bool:
    plain = (bool, int, float, str)
    return value is default or (isinstance(value, plain) and isinstance(default, plain) and value == default)


_FEW: Final = 4
"""Elements of a constant that are read at a glance."""

_BROADCASTING: Final = frozenset({"sum", "mean", "max", "min", "prod"})
"""Reductions whose result of a single element broadcasts like a number: keepdims=True changes nothing there."""

# -- forms of their own -----------------------------------------------------------------------------------------------


def _getitem(operands: Operands, _values: Values, keywords: Keywords) -> Expression:
    return subscript(operands[0], keywords["index"])


def _scatter(operands: Operands, _values: Values, keywords: Keywords) -> Expression:
    """Zeros with what came in at its place; += where a place may be named twice."""
    index = keywords["index"]
    parts = index if isinstance(index, tuple) else (index,)
    once = all(part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice)) for part in parts)
    zeros = Call("zeros", (Literal(parameter(keywords["shape"])),))
    return Call("replaced" if once else "increased", (zeros, _place(index), operands[0]))


def _setitem(operands: Operands, _values: Values, keywords: Keywords) -> Expression:
    return Call("replaced", (operands[0], _place(keywords["index"]), operands[1]))


def _place(index: Any) -> Literal:
    (_, shown) = subscript(Symbol("w"), index).args
    assert isinstance(shown, Literal)
    return Literal(f"[{shown.text}]")


def _written_through(primitive: Primitive, operands: Operands, values: Values, keywords: Keywords) -> Expression:
    """w1 with w1.T = w2: what a view showed of w1 was overwritten."""
    base, value = operands
    view = ROWS[primitive.name.removeprefix("set_")]
    return Call("replaced", (base, operation(view, [base], values[:1], _said(view, keywords)), value))


def _dot(operands: Operands, values: Values, _keywords: Keywords) -> Expression:
    """A product with a number, a matrix product, or for more axes dot, which is another product than matmul."""
    dims = [np.ndim(value) for value in values]
    if 0 in dims:
        return call("multiply", *operands)
    return call("matmul" if dims[1] <= 2 else "dot", *operands)


def _swapaxes(operands: Operands, values: Values, keywords: Keywords) -> Expression | None:
    ndim = np.ndim(values[0])
    if {keywords["axis1"] % ndim, keywords["axis2"] % ndim} != {ndim - 1, ndim - 2}:
        return None
    return Call("transpose" if ndim == 2 else "matrix_transpose", (operands[0],))


def _transpose(operands: Operands, values: Values, keywords: Keywords) -> Expression | None:
    if np.ndim(values[0]) == 2 and tuple(axis % 2 for axis in keywords.get("axes", (1, 0))) == (1, 0):
        return Call("transpose", (operands[0],))
    return None


def _expand_dims(operands: Operands, values: Values, keywords: Keywords) -> Expression:
    """x[..., None]: the axes of length 1 that an index of None puts in."""
    axis = keywords["axis"]
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    ndim = np.ndim(values[0]) + len(axes)
    new = {i % ndim for i in axes}
    parts: list[Any] = [None if i in new else slice(None) for i in range(ndim)]
    if all(i < 0 for i in axes):
        return subscript(operands[0], (..., *parts[min(new) :]))
    return subscript(operands[0], tuple(parts[: max(new) + 1]))


def _einsum(operands: Operands, _values: Values, keywords: Keywords) -> Expression:
    return Call("einsum", (Literal(repr(keywords["subscripts"])), *operands))


def _astype(operands: Operands, _values: Values, keywords: Keywords) -> Expression:
    return Call(str(np.dtype(keywords["dtype"])), (operands[0],))


def _logabsdet(operands: Operands, _values: Values, _keywords: Keywords) -> Expression:
    return Call("log", (Call("absolute", (Call("det", (operands[0],)),)),))


def _diagonal_matrix(operands: Operands, values: Values, keywords: Keywords) -> Expression | None:
    square = keywords["shape"] == np.shape(values[0]) * 2
    return Call("diag", (operands[0],)) if square and set(keywords) == {"shape"} else None


def _of_last_axes(kind: str) -> Callable[[Operands, Values, Keywords], Expression | None]:
    """A diagonal of the last two axes, where there are no others."""

    def form(operands: Operands, values: Values, keywords: Keywords) -> Expression | None:
        if np.ndim(values[0]) != 2 or (keywords.pop("axis1", -2), keywords.pop("axis2", -1)) != (-2, -1):
            return None
        return call(kind, *operands, **keywords)

    return form


def _sinc_derivative(operands: Operands, _values: Values, keywords: Keywords) -> Expression | None:
    order = keywords["order"]
    return Call("sinc" + "'" * order, (operands[0],)) if order <= 2 else None


_FORMS: Final[dict[str, Callable[[Operands, Values, Keywords], Expression | None]]] = {
    "getitem": _getitem,
    "scatter": _scatter,
    "setitem": _setitem,
    "dot": _dot,
    "swapaxes": _swapaxes,
    "transpose": _transpose,
    "expand_dims": _expand_dims,
    "einsum": _einsum,
    "astype": _astype,
    "logabsdet": _logabsdet,
    "diagonal": _of_last_axes("diagonal"),
    "trace": _of_last_axes("trace"),
    "diagonal_matrix": _diagonal_matrix,
    "sinc_derivative": _sinc_derivative,
}
"""By the row's name; a form that does not fit these operands gives None, and a call is written."""

# -- factors: which part of a packed factorization an index takes out -------------------------------------------------


def factor_map(record: Record, incoming: Expression, mode: str) -> Expression | None:
    """What comes in, to or from the factor that a record takes out: tangent.U, or zeros with .U = adjoint; else None."""
    name = factor(record)
    if name is None or mode == "forward":
        return None if name is None else Call("field", (incoming, Literal(name)))
    zeros = Call("zeros", (Literal(parameter(np.shape(value_of(record.operands[0])))),))
    return Call("replaced", (zeros, Literal(f".{name}"), incoming))


def factor(record: Record) -> str | None:
    """The name of the factor that a record takes out of a factorization, as NumPy's result calls it; else None."""
    if record.primitive is None or record.primitive.name != "getitem":
        return None
    packed = record.operands[0]
    source = packed.primitive if isinstance(packed, Record) else None
    if source is None or source.name not in ("eigh", "svd", "qr"):
        return None
    rows, columns = np.shape(packed.value)[-2:]
    m = np.shape(value_of(packed.operands[0]))[-2]
    names: dict[str, list[tuple[str, Any]]] = {
        "eigh": [("eigenvalues", 0), ("eigenvectors", slice(1, None))],
        "svd": [("U", slice(None, m)), ("S", m), ("V", slice(m + 1, None))],
        "qr": [("Q", slice(None, rows - columns)), ("R.T", slice(rows - columns, None))],
    }
    found = [name for name, row in names[source.name] if record.keywords["index"] == (..., row, slice(None))]
    return found[0] if found else None
