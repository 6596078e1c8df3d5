"""backward(): reverse accumulation from one Tensor, added to the grad of every leaf behind it."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from autograd_lab.core.accumulate import Watch, reverse
from autograd_lab.core.modes import set_grad_enabled, thread
from autograd_lab.core.node import Constant, Extra, Record, extra_of, value_of
from autograd_lab.core.recording import Handle, handle, normal, real_array


def backward(output: Handle, gradient: Any, retain_graph: bool, create_graph: bool) -> None:
    """Add the gradient of `output` to the grad of every leaf it depends on: see Tensor.backward."""
    node = output._node
    if node.__class__ is not Record:
        raise RuntimeError(
            "element 0 of tensors does not require grad and does not have a grad_fn: make an input with "
            "lab.tensor(..., requires_grad=True), outside no_grad() and without detach()"
        )
    kind = output.__class__
    seed = _seed(output, gradient, create_graph)
    with np.errstate(all="ignore"), set_grad_enabled(create_graph):  # an infinite derivative is a value, no warning
        leaves = reverse(
            [(node, seed)],
            lift=lift_to(kind) if create_graph else value_of,
            watch=listeners(),
            free=not (retain_graph or create_graph),
            on_adjoint=lambda record, adjoint: _finish(kind, record, adjoint),
        )
        for record, adjoint in leaves.items():
            _add_grad(kind, extra_of(record), adjoint)


def lift_to(kind: type[Handle]) -> Any:
    """What makes handles of operands, so that rules applied to them record themselves; constants as their values."""

    def lift(operand: Any) -> Any:
        return handle(kind, operand) if operand.__class__ is Record else value_of(operand)

    return lift


def listeners() -> Watch | None:
    """One watcher that tells all that this thread has, or None where nobody watches."""
    watchers = thread.on_visit
    if not watchers:
        return None

    def tell(visit: Any) -> None:
        for watcher in watchers:
            watcher(visit)

    return tell


def _seed(output: Handle, gradient: Any, create_graph: bool) -> Any:
    kind, like = output.__class__, output._node.value
    shape, dtype = np.shape(like), np.asarray(like).dtype
    if gradient is None:
        if np.size(like) != 1:
            raise RuntimeError(
                f"grad can be implicitly created only for scalar outputs, got shape {shape}: reduce it first "
                "(output.sum()), or give gradient= with that shape"
            )
        value: Any = 1.0 if like.__class__ is float else np.ones(shape, dtype)[()]
        return handle(kind, Constant(value, "seed")) if create_graph else value
    given = np.shape(gradient)
    if given != shape:
        raise RuntimeError(f"Mismatch in shape: grad_output[0] has a shape of {given} and output[0] has a shape of {shape}")
    if isinstance(gradient, Handle):
        return gradient if create_graph else normal(np.asarray(gradient._node.value, dtype), "gradient")
    value = normal(real_array(gradient, "gradient").astype(dtype), "gradient")
    return handle(kind, Constant(value, "seed")) if create_graph else value


def _finish(kind: type[Handle], record: Record, adjoint: Any) -> Any:
    """Run a record's hooks on its finished adjoint, and keep it where retain_grad() asked."""
    extra = cast("Extra", record.extra)
    if extra.hooks:
        given = adjoint if isinstance(adjoint, Handle) else handle(kind, Constant(adjoint, "grad"))
        for hook in list(extra.hooks.values()):
            replaced = hook(given)
            if replaced is None:
                continue
            if not isinstance(replaced, Handle):
                raise TypeError(
                    f"a hook returns a Tensor or None, got {type(replaced).__name__}: compute it from the gradient given"
                )
            shapes = np.shape(replaced._node.value), np.shape(record.value)
            if shapes[0] != shapes[1]:
                raise RuntimeError(f"a hook has changed the size of a gradient: it returned shape {shapes[0]}, not {shapes[1]}")
            given = replaced
        adjoint = given if isinstance(adjoint, Handle) else given._node.value
    if extra.retains_grad and record.primitive is not None:
        _add_grad(kind, extra, adjoint)
    return adjoint


def _add_grad(kind: type[Handle], extra: Extra, adjoint: Any) -> None:
    if isinstance(adjoint, Handle):
        extra.grad = adjoint if extra.grad is None else extra.grad + adjoint
        return
    old = extra.grad
    if old is None:
        # A copy: the same adjoint may be on its way to several leaves, or be the caller's own array.
        extra.grad = handle(kind, Constant(adjoint.copy() if isinstance(adjoint, np.ndarray) else adjoint, "grad"))
    elif isinstance(old._node, Record):
        extra.grad = handle(kind, Constant(old._node.value + adjoint, "grad"))
    elif not isinstance(old._node.value, np.ndarray):
        old._node = Constant(old._node.value + adjoint, "grad")  # who holds the grad sees it grow, as with an array
    else:
        old._node.value += adjoint
