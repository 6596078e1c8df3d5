"""In-place operations: the object stays the same, its memory is written, its history is rewritten.

`operate` is `x += y` and its relatives, `assign` is `x[index] = value`, `set_data` is `x.data = value`. Where no history
is kept (under no_grad, among constants) they write and note the write, nothing more. Where it is, a new record goes under
the handle, and under every handle whose array shares the memory: its views, and what it is a view of. What lay there
keeps a copy of what it held, unless it is large; that it was overwritten is noted all the same, and backward() refuses
where a derivative needs what was there, as PyTorch does.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_lab.core.modes import OBSERVED, thread
from autograd_lab.core.node import NO_KEYWORDS, Constant, Record, Vertex, constant, extra_of, operation
from autograd_lab.core.primitives import shapes
from autograd_lab.core.primitives.assignment import SETITEM, written_through
from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.recording import Handle, plain_operand, record, views_of
from autograd_lab.core.storage import write, writes

SHOWN = 1000
"""How many elements an array has at most for its overwritten values to be kept in any case."""

LEAF = (
    "a {what} that requires grad is being used in an in-place operation: update it inside `with lab.no_grad():`, or make "
    "a new Tensor (x = x + ...)"
)


def operate(target: Handle, primitive: Primitive, other: Any) -> None:
    """`target = primitive(target, other)` under the same handle.

    Raises:
        RuntimeError: the target is a leaf that requires a gradient, or a view of one, while recording; or the result has
            another shape, or a dtype that does not fit.
    """
    operand = other._node if isinstance(other, Handle) else plain_operand(primitive, other)
    history = _keeps_history(target, operand)
    old = target._node.value
    value = primitive.value(old, getattr(operand, "value", operand))
    _check_fits(value, old)

    def store(held: Any) -> Any:
        if not isinstance(held, np.ndarray):
            return _like(value, held)
        held[...] = value
        return held

    _write(target, primitive, operand, NO_KEYWORDS, store, history=history)


def assign(target: Handle, index: Any, value: Any) -> None:
    """`target[index] = value`. Axes of length 1 that the value has in front of those of the place are left out.

    Raises:
        RuntimeError: as for `operate`.
        ValueError: the value does not fit into the place.
        IndexError: there is no such place.
    """
    operand = value._node if isinstance(value, Handle) else plain_operand(SETITEM, value)
    history = _keeps_history(target, operand, part=index is not Ellipsis)
    given: Any = getattr(operand, "value", operand)
    old = target._node.value
    _check_writeable(old)
    shape = np.shape(given)
    if shape:
        place = np.shape(np.asarray(old)[index])
        surplus = len(shape) - len(place)
        if surplus > 0 and shape[:surplus] == (1,) * surplus:  # as in PyTorch; NumPy refuses some of these
            assign(target, index, np.reshape(value, shape[surplus:]))
            return
        if surplus > 0 or any(n not in (1, m) for n, m in zip(shape[::-1], place[::-1], strict=False)):
            raise ValueError(
                f"could not broadcast a value of shape {shape} into the place of shape {place}: give a number, or a value of "
                "that shape"
            )

    def store(held: Any) -> Any:
        if not isinstance(held, np.ndarray):
            return _like(SETITEM.value(held, given, index=index), held)
        held[index] = given
        return held

    _write(target, SETITEM, operand, {"index": index}, store, history=history)


def set_data(target: Handle, value: Any) -> None:
    """Put another array (or number) under a handle, with the history that it has: what read the old one keeps that.

    Raises:
        RuntimeError: the target requires a gradient, and the value is of no floating dtype.
    """
    node = target._node
    if node.__class__ is Record and np.asarray(value).dtype.kind != "f":
        raise RuntimeError(
            f"data set to a tensor that requires gradients must be floating point, got {np.asarray(value).dtype}: give floats "
            "(2.0, not 2)"
        )
    if node.__class__ is Constant:
        target._node = constant(value, node.why, node.extra)
        return
    new = operation(node.primitive, node.operands, node.keywords, value)  # type: ignore[union-attr]  # a Record
    new.extra = extra_of(node)  # shared: backward() through the old one adds to the same grad
    if new.primitive is None:
        new.index = node.index  # type: ignore[union-attr]  # it keeps its place among the leaves
    target._node = new


def _keeps_history(target: Handle, operand: Any, part: bool = False) -> bool:
    """Whether an in-place operation is recorded.

    Raises:
        RuntimeError: it may not be: the target is a leaf that requires a gradient, or shares memory with one.
    """
    if not thread.recording:
        return False
    root = target
    while (base := getattr(root, "_base", None)) is not None:
        root = base[0]
    node = target._node
    if _is_variable(root._node) or _is_variable(node):
        raise RuntimeError(LEAF.format(what="leaf Variable" if _is_variable(node) and not part else "view of a leaf Variable"))
    if root is not target and root._node.__class__ is Record and node.__class__ is Constant:
        raise RuntimeError(
            "a view that was created in no_grad mode is being modified in place with grad mode enabled: make it outside of "
            "no_grad(), or update it inside"
        )
    return Record in (node.__class__, root._node.__class__, operand.__class__)


def _is_variable(vertex: Vertex) -> bool:
    """Whether a gradient is taken with respect to this vertex: a leaf, or func's alias of an outer value."""
    return vertex.__class__ is Record and vertex.primitive in (None, shapes.ALIAS)


Store = Callable[[Any], Any]
"""Writes into an array and returns it, or returns the number that takes the place of one; raises before it has changed it."""


def _write(
    target: Handle, primitive: Primitive, operand: Any, keywords: dict[str, Any], store: Store, *, history: bool
) -> None:
    if history:
        _rewrite(target, primitive, operand, keywords, store)
        return
    held = target._node.value
    value = store(held)
    if isinstance(held, np.ndarray):
        writes.note_memory(held)
    else:
        write(target._node, value)


def _rewrite(target: Handle, primitive: Primitive, operand: Any, keywords: dict[str, Any], store: Store) -> None:
    """Write, and put new records under all handles of the family of views."""
    before = target._node
    held = before.value
    path = [target]
    while (base := getattr(path[-1], "_base", None)) is not None:
        path.append(base[0])
    family = _with_views(path[-1])
    vertices = [(member, member._node, member._node.value) for member in family]
    copies = [(v, v.value.copy()) for _, v, _ in vertices if _is_kept(v, primitive if v is before else None)]
    value = store(held)
    for vertex, copy in copies:
        vertex.value = copy
    if isinstance(held, np.ndarray):
        writes.note_memory(held)
    try:
        target._node = record(primitive, (before, operand), keywords, value)
        extra_of(target._node).in_place = True
        _relink(path, family, {id(member): array for member, _, array in vertices})
    except BaseException:  # a listener raised: everything as it was
        if isinstance(held, np.ndarray):
            held[...] = before.value
        for member, vertex, array in vertices:
            member._node, vertex.value = vertex, array
        raise
    for member, vertex, _ in vertices:
        _hand_over(vertex, member._node)
        # Only now: where y *= y reads y a second time, that is overwritten too, as in PyTorch.
        extra_of(vertex).overwritten = writes.note()


def _relink(path: list[Handle], family: list[Handle], arrays: dict[int, Any]) -> None:
    """New records for those who share memory with path[0], which has its own: its bases are the rest of the path."""
    for view, base in pairwise(path):  # upwards: what the view now holds, in its place in the base
        _, row, how = view._base
        base._node = record(written_through(row), (base._node, view._node), how, arrays[id(base)])
    for member in family:  # downwards: the root comes first, each view after what it is a view of
        if all(member is not one for one in path):
            parent, row, how = member._base
            member._node = record(row, (parent._node,), how, arrays[id(member)])


def _is_kept(vertex: Vertex, primitive: Primitive | None) -> bool:
    """Whether what a vertex holds is to be copied before it is written over by an operation on it (or on a view of it).

    Where the operation's own derivative needs it, where somebody watches, and where a picture could show it. Larger arrays
    are not: a loop that fills one element by element would keep as many copies of the whole.
    """
    if not isinstance(vertex.value, np.ndarray):
        return False
    if vertex.value.size <= SHOWN or thread.level == OBSERVED:
        return True
    partials = primitive.partials if primitive is not None else ()
    return any(p is not None and p.reads(argument, 0) for argument, p in enumerate(partials))  # type: ignore[arg-type]  # no Family writes in place


def _hand_over(before: Vertex, after: Vertex) -> None:
    """Let the new record under a handle have what belongs to the object, not to one of its values: grad and retain_grad()."""
    old = before.extra
    if old is not None and (old.retains_grad or old.grad is not None):
        new = extra_of(after)
        new.retains_grad, old.retains_grad = old.retains_grad, False
        new.grad, old.grad = old.grad, None


def _with_views(root: Handle) -> list[Handle]:
    """A handle and all live handles that are views of it, or views of its views: each after what it is a view of."""
    family = [root]
    for member in family:
        family.extend(views_of(member))
    return family


def _check_fits(value: Any, old: Any) -> None:
    shape, dtype = np.shape(value), np.asarray(value).dtype
    if shape != np.shape(old):
        raise RuntimeError(
            f"output with shape {list(np.shape(old))} doesn't match the broadcast shape {list(shape)}: an in-place "
            "operation cannot change a shape; make a new Tensor (x = x + ...)"
        )
    if not np.can_cast(dtype, np.asarray(old).dtype, casting="same_kind"):
        raise RuntimeError(
            f"result type {dtype} can't be cast to the desired output type {np.asarray(old).dtype}: make a new Tensor "
            "(x = x + ...), or give operands of that type"
        )
    _check_writeable(old)


def _check_writeable(old: Any) -> None:
    if isinstance(old, np.ndarray) and not old.flags.writeable:
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location, or "
            "its memory is read-only: copy it first (np.copy)"
        )


def _like(value: Any, old: Any) -> Any:
    """A new value as the old one was kept: a Python float, a NumPy scalar of its dtype, or an array."""
    if isinstance(old, np.ndarray):
        return value
    return float(value) if old.__class__ is float else old.dtype.type(value)
