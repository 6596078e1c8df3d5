"""The two records that a Tensor can stand for.

`Record` is one vertex of the recorded graph: a leaf that requires a gradient, or the result of one operation on such
vertices. `Constant` is a value that no gradient flows through. Records point to records, never to Tensors, so a graph
holds no cycle of references and is freed the moment its last handle goes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from autograd_lab.core.primitives.row import Primitive

Hooks: TypeAlias = dict[int, Callable[..., Any]]
"""Hooks in the order in which they were registered, each by the key of its handle."""

Value: TypeAlias = Any
"""A primal: a Python float (a float64 scalar), a NumPy scalar or a NumPy array."""

next_index: Callable[[], int] = count().__next__
"""The number of the next record: later records have higher numbers, in every thread."""


class Extra:
    """What few vertices have: a name, a gradient kept, hooks, where in the source they came from, and in-place history.

    `hooks` are the Tensor's, `pre_hooks` and `post_hooks` those of its grad_fn, `grad_hooks` those called after the grad
    of a leaf has grown. `overwritten` is the index at which an in-place operation wrote over the value (-1: never);
    `in_place` says that the record is such an operation, whose first operand kept a copy of what it held before.
    """

    __slots__ = (
        "grad", "grad_hooks", "hooks", "in_place", "name", "overwritten", "post_hooks", "pre_hooks", "retains_grad", "scope",
        "source",
    )  # fmt: skip

    def __init__(self) -> None:
        self.name: str | None = None
        self.grad: Any = None
        self.retains_grad = False
        self.hooks: Hooks | None = None
        self.pre_hooks: Hooks | None = None
        self.post_hooks: Hooks | None = None
        self.grad_hooks: Hooks | None = None
        self.source: Any = None
        self.scope = ""
        self.overwritten = -1
        self.in_place = False


class Record:
    """One vertex: `primitive(*operands, **keywords)` gave `value`; a leaf has no primitive and no operands.

    `operands` holds one entry an argument: a Record (an edge of the graph), a Constant, or a plain number or array.
    `index` numbers records in the order in which they were made, so operands come before results: it is the
    topological order that every sweep follows. `freed` is set by a backward() that did not retain the graph.
    """

    __slots__ = ("extra", "freed", "index", "keywords", "operands", "primitive", "value")

    primitive: Primitive | None
    operands: tuple[Any, ...]
    keywords: dict[str, Any]
    value: Value
    index: int
    extra: Extra | None
    freed: bool


class Why(NamedTuple):
    """Why a value needs no gradient: "requires_grad=False", "no_grad", "detach", "greater has no derivative", ...

    `detached` is the index of the record that detach() was called on, by number and not by reference, so that a
    detached value does not keep the graph behind it alive.
    """

    origin: str
    detached: int | None = None


NO_GRAD = Why("no_grad")
UNREQUIRED = Why("requires_grad=False")
GRAD = Why("grad")


class Constant:
    """A value that needs no gradient, and why."""

    __slots__ = ("extra", "value", "why")

    value: Value
    why: Why
    extra: Extra | None


Vertex: TypeAlias = "Record | Constant"

NO_KEYWORDS: dict[str, Any] = {}

# Both records are filled slot by slot: a call of an __init__ with these arguments costs three times as much.


def operation(primitive: Primitive | None, operands: tuple[Any, ...], keywords: dict[str, Any], value: Value) -> Record:
    """A new record of one operation."""
    record = Record()
    record.primitive = primitive
    record.operands = operands
    record.keywords = keywords
    record.value = value
    record.index = next_index()
    record.extra = None
    record.freed = False
    return record


def constant(value: Value, why: Why, extra: Extra | None = None) -> Constant:
    """A new value that needs no gradient."""
    made = Constant()
    made.value = value
    made.why = why
    made.extra = extra
    return made


def leaf(value: Value, extra: Extra | None = None) -> Record:
    """A new leaf that requires a gradient."""
    record = operation(None, (), NO_KEYWORDS, value)
    record.extra = extra
    return record


def extra_of(vertex: Vertex) -> Extra:
    """The vertex's Extra, made on first use."""
    if vertex.extra is None:
        vertex.extra = Extra()
    return vertex.extra


def value_of(operand: Any) -> Value:
    """The primal behind an operand, whatever it is."""
    return operand.value if operand.__class__ is Record or operand.__class__ is Constant else operand
