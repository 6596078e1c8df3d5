"""In-place operations: the object stays the same, its memory is written, its history is rewritten.

`operate` is `x += y` and its relatives, `assign` is `x[index] = value`, `set_data` is `x.data = value`. Where no history
is kept (under no_grad, among constants) they write and note the write, nothing more. Where it is, a new record goes under
the handle, and under every handle whose array shares the memory: its views, and what it is a view of. What lay there
keeps a copy of what it held, for pictures; that it was overwritten is noted all the same, and backward() refuses where a
derivative needs what was there, as PyTorch does.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_lab.core.modes import thread
from autograd_lab.core.node import NO_KEYWORDS, Constant, Record, Vertex, constant, extra_of, operation
from autograd_lab.core.primitives import shapes
from autograd_lab.core.primitives.assignment import SETITEM, written_through
from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.recording import Handle, plain_operand, record, views_of
from autograd_lab.core.storage import write, writes

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
    if history:
        _rewrite(target, primitive, operand, NO_KEYWORDS, lambda held: _like(value, held))
    else:
        write(target._node, _like(value, old))


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
    if not np.can_cast(np.asarray(given).dtype, np.asarray(old).dtype, casting="unsafe"):
        raise TypeError(f"{given!r:.60} cannot be assigned to an element of dtype {np.asarray(old).dtype}: give numbers")
    _check_writeable(old)
    try:
        new = SETITEM.value(old, given, index=index)
    except (TypeError, ValueError) as error:
        # NumPy refuses some values with more axes than their place, however short; PyTorch leaves axes of length 1 out.
        place, shape = np.shape(np.asarray(old)[index]), np.shape(given)
        surplus = len(shape) - len(place)
        if surplus > 0 and shape[:surplus] == (1,) * surplus:
            assign(target, index, np.reshape(value, shape[surplus:]))
            return
        raise ValueError(
            f"could not broadcast a value of shape {shape} into the place of shape {place}: give a number, or a value of that "
            "shape"
        ) from error
    if history:
        _rewrite(target, SETITEM, operand, {"index": index}, lambda held: _like(new, held))
    else:
        write(target._node, _like(new, old))


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


def _rewrite(target: Handle, primitive: Primitive, operand: Any, keywords: dict[str, Any], new: Callable[[Any], Any]) -> None:
    """Write the new value, and put new records under all handles of the family of views."""
    before = target._node
    held = before.value
    value = new(held)
    root = target
    path = [target]
    while (base := getattr(root, "_base", None)) is not None:
        root = base[0]
        path.append(root)
    family = _with_views(root)
    arrays = {id(member): member._node.value for member in family}
    held_before = [member._node for member in family]
    for vertex in held_before:
        if isinstance(vertex.value, np.ndarray):
            vertex.value = vertex.value.copy()
    if isinstance(held, np.ndarray):
        held[...] = value
        writes.note_memory(held)
        value = held
    try:
        target._node = record(primitive, (before, operand), keywords, value)
        extra_of(target._node).in_place = True
        for view, base in pairwise(path):  # upwards: what the view now holds, in its place in the base
            _, row, how = view._base
            base._node = record(written_through(row), (base._node, view._node), how, arrays[id(base)])
        for member in family:  # downwards: the root comes first, each view after what it is a view of
            if all(member is not one for one in path):
                parent, row, how = member._base
                member._node = record(row, (parent._node,), how, arrays[id(member)])
    except BaseException:  # a listener raised: everything as it was
        if isinstance(held, np.ndarray):
            held[...] = before.value
        for member, vertex in zip(family, held_before, strict=True):
            member._node, vertex.value = vertex, arrays[id(member)]
        raise
    for member, vertex in zip(family, held_before, strict=True):
        _hand_over(vertex, member._node)
    for vertex in held_before:  # last: where y *= y reads y a second time, that is overwritten too, as in PyTorch
        extra_of(vertex).overwritten = writes.note()


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
