"""backward(): reverse accumulation from one Tensor, added to the grad of every leaf behind it."""

from __future__ import annotations

import sys
from typing import Any, cast

import numpy as np

from autograd_lab.core.accumulate import reverse
from autograd_lab.core.modes import set_grad_enabled, thread
from autograd_lab.core.node import GRAD, Extra, Record, Why, constant, extra_of, live_hooks, value_of
from autograd_lab.core.recording import Handle, handle, normal, real_array
from autograd_lab.core.storage import write, writes
from autograd_lab.core.visits import Watch, plain


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
        hooks = _Backward(kind)
        leaves = reverse(
            [(node, seed)],
            lift=lift_to(kind) if create_graph else value_of,
            watch=listeners(),
            free=not (retain_graph or create_graph),
            hooks=hooks,
        )
        while leaves:
            record, adjoint = leaves.popitem()
            # An adjoint that nobody else holds becomes the grad as it is, which saves the copy of every weight's gradient:
            # what PyTorch's AccumulateGrad does (torch/csrc/autograd/functions/accumulate_grad.h), by the same count.
            _add_grad(record, adjoint, shared=sys.getrefcount(adjoint) > _SOLE)


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
    if gradient is None and like.__class__ is float and not create_graph:
        return 1.0
    shape, dtype = np.shape(like), np.asarray(like).dtype
    if gradient is None:
        if np.size(like) != 1:
            raise RuntimeError(
                f"grad can be implicitly created only for scalar outputs, got shape {shape}: reduce it first "
                "(output.sum()), or give gradient= with that shape"
            )
        value: Any = 1.0 if like.__class__ is float else np.ones(shape, dtype)[()]
        return handle(kind, constant(value, Why("seed"))) if create_graph else value
    given = np.shape(gradient)
    if given != shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[0] has a shape of {given} and output[0] has a shape of {shape}: "
            f"give gradient= of shape {shape}"
        )
    if isinstance(gradient, Handle):
        return gradient if create_graph else normal(np.asarray(gradient._node.value, dtype), "gradient")
    value = normal(real_array(gradient, "gradient").astype(dtype), "gradient")
    return handle(kind, constant(value, Why("seed"))) if create_graph else value


class TensorHooks:
    """The hooks of Tensors and of their grad_fn, as accumulation calls them.

    Where any hook is alive, contributions are counted, so that a leaf is told of its adjoint as soon as that is complete.
    It makes no difference to what is computed; but a hook that runs later, or raises, finds the same grads as in PyTorch,
    whose engine visits the AccumulateGrad of a leaf before anything else that is ready.
    """

    def __init__(self, kind: type[Handle]) -> None:
        self.kind = kind
        self.at_leaves = bool(live_hooks)

    def on_adjoint(self, node: Record, adjoint: Any) -> Any:
        """Run a record's hooks on its complete adjoint, and keep it where retain_grad() asked."""
        extra = cast("Extra", node.extra)
        if extra.hooks:
            given = self._tensor(adjoint)
            for hook in list(extra.hooks.values()):
                given = self._checked(hook(given), given, node)
            adjoint = self._like(given, adjoint)
        if extra.retains_grad and node.primitive is not None:
            _add_grad(node, adjoint, shared=True)
        if extra.pre_hooks:
            given = self._tensor(adjoint)
            for hook in list(extra.pre_hooks.values()):
                (given,) = self._all_checked(hook((given,)), (given,), (node,), "grad_outputs")
            adjoint = self._like(given, adjoint)
        return adjoint

    def on_leaf(self, node: Record, adjoint: Any) -> Any:
        """The adjoint of a leaf, after its hooks."""
        return adjoint if node.extra is None else self.on_adjoint(node, adjoint)

    def on_contributions(self, node: Record, adjoint: Any, contributions: dict[int, Any]) -> dict[int, Any]:
        """Run the hooks of a grad_fn on what it passes on: hook(grad_inputs, grad_outputs)."""
        extra = cast("Extra", node.extra)
        passed = {argument: self._tensor(c) for argument, c in contributions.items()}
        outputs = (self._tensor(adjoint),)
        for hook in list((extra.post_hooks or {}).values()):
            inputs = tuple(passed.get(argument) for argument in range(len(node.operands)))
            replaced = self._all_checked(hook(inputs, outputs), inputs, node.operands, "grad_inputs")
            passed = {argument: replaced[argument] for argument in passed}
        return {a: None if passed[a] is None else self._like(passed[a], c) for a, c in contributions.items()}

    def _tensor(self, adjoint: Any) -> Handle:
        return adjoint if isinstance(adjoint, Handle) else handle(self.kind, constant(adjoint, GRAD))

    @staticmethod
    def _like(given: Handle, adjoint: Any) -> Any:
        return given if isinstance(adjoint, Handle) else given._node.value

    def _all_checked(self, replaced: Any, given: tuple[Any, ...], nodes: tuple[Any, ...], what: str) -> tuple[Any, ...]:
        if replaced is None:
            return given
        if not isinstance(replaced, tuple):
            raise TypeError(f"expected tuple, but hook returned {type(replaced).__name__!r}: return None, or all {what} anew")
        if len(replaced) != len(given):
            raise RuntimeError(
                f"hook has returned an incorrect number of values (got {len(replaced)}, but expected {len(given)}): return "
                f"None, or all {what} anew"
            )
        pairs = zip(replaced, given, nodes, strict=True)
        return tuple(r if r is None or g is None else self._checked(r, g, node) for r, g, node in pairs)

    @staticmethod
    def _checked(replaced: Any, given: Handle, node: Record) -> Handle:
        if replaced is None:
            return given
        if not isinstance(replaced, Handle):
            raise TypeError(
                f"a hook returns a Tensor or None, got {type(replaced).__name__}: compute it from the gradient given"
            )
        shapes = np.shape(replaced._node.value), np.shape(node.value)
        if shapes[0] != shapes[1]:
            raise RuntimeError(
                f"a hook has changed the size of a gradient: it returned shape {shapes[0]}, not {shapes[1]}; return a "
                "Tensor of the shape it was given"
            )
        if replaced._node.value.__class__ is not float or node.value.__class__ is not float:
            dtypes = np.asarray(replaced._node.value).dtype, np.asarray(node.value).dtype
            if dtypes[0] != dtypes[1]:
                raise RuntimeError(
                    f"a hook has changed the type of a gradient: it returned {dtypes[0]}, not {dtypes[1]}; return a Tensor of "
                    "the dtype it was given"
                )
        return replaced


class _Backward(TensorHooks):
    """The hooks in backward(), which adds the adjoint of each leaf to its grad."""

    def on_leaf(self, node: Record, adjoint: Any) -> None:
        """Run a leaf's hooks, then add to its grad."""
        _add_grad(node, super().on_leaf(node, adjoint), shared=True)
        extra = cast("Extra", node.extra)
        for hook in list((extra.grad_hooks or {}).values()):
            hook(node)
        if extra.post_hooks:
            self.on_contributions(node, adjoint, {})


def _add_grad(record: Record, adjoint: Any, *, shared: bool) -> None:
    """Add an adjoint to the grad of a record. `shared` says that somebody else may hold the same array.

    What is put there first is the plain value: the Tensor that `grad` gives is made when a person asks for it.
    """
    extra = record.extra or extra_of(record)
    old = extra.grad
    if old is None and adjoint.__class__ is float:
        extra.grad = adjoint
    elif old is None:
        value = plain(adjoint)
        if isinstance(value, np.ndarray):
            extra.grad = np.copy(adjoint) if shared or value.base is not None else adjoint
        else:
            extra.grad = handle(adjoint.__class__, adjoint._node) if isinstance(adjoint, Handle) else adjoint
    elif not isinstance(old, Handle) or isinstance(adjoint, Handle):
        extra.grad = old + adjoint  # nobody holds what was there, or it is part of a graph
    elif isinstance(old._node.value, np.ndarray):
        old._node.value += adjoint  # who holds the grad sees it grow
        writes.note_memory(old._node.value)
    else:
        write(old._node, old._node.value + adjoint)


def _sole() -> int:
    """What the count of references to an array is that only one local variable holds: views of it hold it, too."""
    held = {None: np.empty(1)}
    _, array = held.popitem()
    return sys.getrefcount(array)


_SOLE = _sole()
"""The same everywhere in one version of Python, but not in all of them."""
