"""Recording: compute a primitive on operands, and leave a record where a gradient may flow.

`apply` is what every operator, method and NumPy call on a Tensor comes down to. `Handle` is the bare handle on a
record that Tensor builds on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

from autograd_lab.core.modes import thread
from autograd_lab.core.node import NO_KEYWORDS, Constant, Record, Vertex, extra_of, operation
from autograd_lab.core.primitives.row import Primitive

_new = object.__new__
H = TypeVar("H", bound="Handle")


class Handle:
    """A handle on a record or a constant; an in-place operation puts another one under it."""

    __slots__ = ("__weakref__", "_node")

    _node: Vertex


def handle(kind: type[H], node: Vertex) -> H:
    """A new handle of this class on a node."""
    made = _new(kind)
    made._node = node
    return made


class Place(NamedTuple):
    """Where in the source an operation stands: a code object and its instruction, never the frame itself."""

    code: CodeType
    instruction: int


def apply(primitive: Primitive, operands: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Compute a primitive on operands of which at least one is a Tensor, and record it if a gradient may flow.

    Raises:
        TypeError: an operand or the result is complex or no array of numbers.
    """
    values: list[Any] = []
    arguments: list[Any] = []
    recorded = False
    partials = primitive.partials
    kind: type[Handle] = Handle
    for position, operand in enumerate(operands):
        if isinstance(operand, Handle):
            kind = operand.__class__
            node = operand._node
            values.append(node.value)
            if node.__class__ is Record:
                if primitive.differentiable and partials[position] is not None:
                    recorded = True
                else:
                    node = Constant(node.value, f"{primitive.name} has no derivative in this argument")
            arguments.append(node)
        else:
            operand = plain_operand(primitive, operand)  # noqa: PLW2901 - the plain form replaces it from here on
            values.append(operand)
            arguments.append(operand)
    value = normal(primitive.value(*values, **keywords), primitive.name)
    if value.__class__ is not float and value.ndim == 0 and value.dtype.kind == "f":
        value = _promoted(primitive, operands, values, keywords, value)
    if recorded and thread.recording:
        record = operation(primitive, tuple(arguments), keywords, value)
        if thread.observed:
            _observe(record)
        return handle(kind, record)
    return handle(kind, Constant(value, *_origin(primitive, operands)))


def _promoted(primitive: Primitive, operands: tuple[Any, ...], values: list[Any], keywords: dict[str, Any], value: Any) -> Any:
    """A scalar result in the dtype of its Tensors: beside a float32 NumPy takes a Python float for one, a float64 is none."""
    if not any(isinstance(o, Handle) and v.__class__ is float for o, v in zip(operands, values, strict=True)):
        return value
    wide = [
        np.float64(v) if isinstance(o, Handle) and v.__class__ is float else v for o, v in zip(operands, values, strict=True)
    ]
    return normal(primitive.value(*wide, **keywords), primitive.name)


def binary(primitive: Primitive, left: Any, right: Any) -> Any:
    """`apply` for the operators: two Python floats need neither NumPy nor the general walk over operands."""
    if isinstance(left, Handle) and isinstance(right, Handle):
        a, b = left._node, right._node
        if (
            a.__class__ is Record and b.__class__ is Record
            and a.value.__class__ is float and b.value.__class__ is float
            and thread.recording and not thread.observed
        ):  # fmt: skip
            # Half the time of apply() on scalars: what a scalar network spends its life in.
            value = cast("Callable[..., Any]", primitive.scalar)(a.value, b.value)
            return handle(left.__class__, operation(primitive, (a, b), NO_KEYWORDS, value))
    return apply(primitive, (left, right), NO_KEYWORDS)


def plain_operand(primitive: Primitive, operand: Any) -> Any:
    """A plain operand as rules can compute with it: numbers and arrays as they are, lists as arrays.

    Raises:
        TypeError: it is complex, or holds something that is not a number.
    """
    kind = operand.__class__
    if kind is float or kind is int or kind is bool or operand is None:
        return operand
    if isinstance(operand, np.ndarray) and operand.dtype.kind in "fiub":
        return operand
    if isinstance(operand, (list, tuple)):
        return real_array(operand, f"an operand of {primitive.name}")
    if isinstance(operand, (np.generic, np.ndarray)):
        return real_array(operand, f"an operand of {primitive.name}")[()]
    if isinstance(operand, complex):
        raise TypeError(f"{primitive.name} on a Tensor takes real numbers, got the complex {operand!r}")
    if isinstance(operand, (str, bytes)) or not hasattr(operand, "__array__"):
        raise TypeError(f"{primitive.name} on a Tensor takes numbers and arrays, got {type(operand).__name__} {operand!r:.60}")
    return real_array(operand, f"an operand of {primitive.name}")


def real_array(data: Any, what: str) -> np.ndarray[Any, Any]:
    """A fresh array of real numbers or bools.

    Raises:
        TypeError: data is complex, ragged, text, or a list with Tensors in it.
    """
    try:
        array = np.array(data)
    except ValueError as error:
        raise TypeError(f"{what} must be a number or a regular array, got {data!r:.60}: {error}") from error
    if array.dtype.kind == "c":
        raise TypeError(f"{what} must be real, got complex data {data!r:.60}: take real and imaginary parts by yourself")
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{what} must be numbers, got {type(data).__name__} {data!r:.60}")
    return array


def normal(value: Any, name: str) -> Any:
    """A result as records keep it: float64 scalars as Python floats, everything else as NumPy made it.

    Raises:
        TypeError: the result is complex or no array of numbers.
    """
    if value.__class__ is float or value.__class__ is np.float64:
        return float(value)
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if kind is None:
        value = np.asarray(value)
        kind = value.dtype.kind
    if kind not in "fiub":
        raise TypeError(f"{name} gave {value!r:.60}: only real numbers can be recorded")
    if value.ndim == 0 and value.dtype == np.float64:
        return value.item()
    return value


def _origin(primitive: Primitive, operands: tuple[Any, ...]) -> tuple[str, int | None]:
    """Why the result of an operation needs no gradient: recording is off, or the first operand says."""
    nodes = [operand._node for operand in operands if isinstance(operand, Handle)]
    if any(node.__class__ is Record for node in nodes):
        return ("no_grad" if primitive.differentiable else f"{primitive.name} has no derivative"), None
    constant = next(node for node in nodes if node.__class__ is Constant)
    return constant.origin, constant.detached


def _observe(record: Record) -> None:
    extra = extra_of(record)
    extra.scope = thread.scope
    if thread.locating:
        extra.source = thread.source or _place()
    for listener in thread.on_record:
        listener(record)


def _place() -> Place | None:
    """The nearest caller that belongs neither to this package nor to NumPy."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package not in {"autograd_lab", "numpy"}:
            return Place(frame.f_code, frame.f_lasti)
        frame = frame.f_back
    return None
