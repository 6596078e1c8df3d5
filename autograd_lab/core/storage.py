"""Who wrote into which memory, and when: what tells backward() that a value it needs was overwritten.

An in-place operation notes the index of its write for the array that owns the memory, so every alias of that memory
(detach(), a view, numpy()) is covered; a scalar, which owns no memory, is noted on its vertex. Recording an operation
costs nothing: accumulation compares a record's index with that of the last write, and looks closer only where a write
came later. PyTorch counts versions of a storage to the same end (torch/csrc/autograd/saved_variable.cpp).
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from autograd_lab.core.node import Record, Vertex, extra_of, next_index
from autograd_lab.core.primitives.row import OUT

OVERWRITTEN = (
    "one of the variables needed for gradient computation has been modified by an inplace operation, as {what} of "
    "{operation} was overwritten after {operation} was recorded: write a new value instead (y = y + 1, not y += 1), or "
    "compute the gradient first"
)


class _Writes:
    """The last write to each array that owns memory, and the last of all."""

    __slots__ = ("_owners", "last")

    def __init__(self) -> None:
        self.last = -1
        self._owners: dict[int, tuple[weakref.ref[Any], int]] = {}

    def note(self) -> int:
        """A write happens now: its index."""
        self.last = next_index()
        return self.last

    def note_memory(self, array: np.ndarray[Any, Any]) -> int:
        """A write into the memory of an array happens now: its index."""
        whole = owner(array)
        key = id(whole)  # an address, which the weak reference keeps from being mistaken for a later array's

        def forget(_: object, owners: dict[int, Any] = self._owners) -> None:
            owners.pop(key, None)

        index = self.note()
        known = self._owners.get(key)
        self._owners[key] = (known[0] if known is not None else weakref.ref(whole, forget)), index
        return index

    def to_memory(self, value: Any) -> int:
        """The index of the last write into the memory of a value; -1 if there was none."""
        if not isinstance(value, np.ndarray) or not self._owners:
            return -1
        known = self._owners.get(id(owner(value)))
        return -1 if known is None else known[1]


writes = _Writes()
"""Of all threads: memory is shared among them."""


def write(vertex: Vertex, value: Any) -> None:
    """Put a value into the place of another one of its shape, under all who hold it, and note the write."""
    old = vertex.value
    if isinstance(old, np.ndarray):
        old[...] = value
        writes.note_memory(old)
    else:
        vertex.value = value
        extra_of(vertex).overwritten = writes.note()


def check_unwritten(node: Record) -> None:
    """Raise RuntimeError if a value that the derivative of a record needs was overwritten since."""
    primitive = node.primitive
    assert primitive is not None
    in_place = node.extra is not None and node.extra.in_place
    for argument, operand in enumerate(node.operands):
        if operand.__class__ is not Record:
            continue
        partial = primitive.partials[argument]
        assert partial is not None
        for position in range(OUT, len(node.operands)):
            vertex = node if position == OUT else node.operands[position]
            kept = in_place and position == 0
            if not kept and partial.reads(argument, position) and _written(vertex) > node.index:
                what = "the result" if position == OUT else f"operand {position}"
                raise RuntimeError(OVERWRITTEN.format(what=what, operation=primitive.name))


def _written(vertex: Vertex | Any) -> int:
    extra = getattr(vertex, "extra", None)
    noted = -1 if extra is None else extra.overwritten
    return max(noted, writes.to_memory(getattr(vertex, "value", vertex)))


def owner(array: Any) -> Any:
    """The array at the bottom of a chain of views; what is no array, itself."""
    while isinstance(array, np.ndarray) and isinstance(array.base, np.ndarray):
        array = array.base
    return array
