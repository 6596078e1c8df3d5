"""The two records that a Tensor can stand for.

`Record` is one vertex of the recorded graph: a leaf that requires a gradient, or the result of one operation on such
vertices. `Constant` is a value that no gradient flows through. Records point to records, never to Tensors, so a graph
holds no cycle of references and is freed the moment its last handle goes.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from autograd_lab.core.primitives.row import Primitive

Value: TypeAlias = Any
"""A primal: a Python float (a float64 scalar), a NumPy scalar or a NumPy array."""

next_index: Callable[[], int] = count().__next__
"""The number of the next record: later records have higher numbers, in every thread."""


class Extra:
    """What few records have: a name, a gradient kept, hooks, and where in the source they came from."""

    __slots__ = ("grad", "hooks", "name", "retains_grad", "scope", "source")

    def __init__(self) -> None:
        self.name: str | None = None
        self.grad: Any = None
        self.retains_grad = False
        self.hooks: dict[int, Callable[[Any], Any]] | None = None
        self.source: Any = None
        self.scope = ""


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


class Constant:
    """A value that needs no gradient, and `origin`, why: "requires_grad=False", "no_grad", "detach", "greater", ...

    `detached` is the index of the record that detach() was called on, by number and not by reference, so that a
    detached value does not keep the graph behind it alive.
    """

    __slots__ = ("detached", "extra", "index", "origin", "value")

    def __init__(self, value: Value, origin: str, detached: int | None = None, extra: Extra | None = None) -> None:
        self.value = value
        self.origin = origin
        self.detached = detached
        self.extra = extra
        self.index = next_index()


Vertex: TypeAlias = "Record | Constant"

NO_KEYWORDS: dict[str, Any] = {}
_new = object.__new__  # a slot by slot start costs a third of a call of __init__


def operation(primitive: Primitive | None, operands: tuple[Any, ...], keywords: dict[str, Any], value: Value) -> Record:
    """A new record of one operation."""
    record = _new(Record)
    record.primitive = primitive
    record.operands = operands
    record.keywords = keywords
    record.value = value
    record.index = next_index()
    record.extra = None
    record.freed = False
    return record


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
