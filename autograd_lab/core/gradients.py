"""What PyTorch code asks a Tensor about gradients: requires_grad, grad, grad_fn, hooks, backward()."""

from __future__ import annotations

import copy
import warnings
import weakref
from collections.abc import Callable
from typing import Any, Self, cast

import numpy as np

from autograd_lab.core.backward import backward
from autograd_lab.core.grad_fn import GradFn, RemovableHandle, grad_fn, register
from autograd_lab.core.node import GRAD, UNREQUIRED, Constant, HookTable, Record, constant, extra_of, leaf
from autograd_lab.core.recording import Handle, handle


class Gradients(Handle):
    """Tensor's gradient half."""

    __slots__ = ()

    @property
    def requires_grad(self) -> bool:
        """Whether operations on it are recorded."""
        return isinstance(self._node, Record)

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it: an input, or a value that needs no gradient."""
        return isinstance(self._node, Constant) or self._node.primitive is None

    @property
    def grad_fn(self) -> GradFn | None:
        """What made it, as PyTorch shows it; None for a leaf."""
        node = self._node
        return grad_fn(node, self.__class__) if isinstance(node, Record) and node.primitive is not None else None

    @property
    def grad(self) -> Self | None:
        """What backward() calls have added up, a Tensor of this shape; None before the first, or after `grad = None`."""
        extra = self._node.extra
        if extra is not None and extra.grad is not None:
            if not isinstance(extra.grad, Handle):
                extra.grad = handle(self.__class__, constant(extra.grad, GRAD))  # backward() left the plain value
            return cast("Self", extra.grad)
        if not self.is_leaf and not (extra is not None and extra.retains_grad):
            warnings.warn(
                "The .grad of a Tensor that is not a leaf is not kept by backward(): call .retain_grad() on it first, "
                "or read the .grad of a leaf",
                stacklevel=2,
            )
        return None

    @grad.setter
    def grad(self, value: Self | None) -> None:
        if value is not None:
            if not isinstance(value, Gradients):
                raise TypeError(f"grad must be a Tensor or None, got {type(value).__name__}: wrap it in lab.tensor(...)")
            own, given = _form(self._node.value), _form(value._node.value)
            if given != own:
                raise RuntimeError(
                    f"grad must have this Tensor's shape {own[0]} and dtype {own[1]}, got {given[0]} and {given[1]}: give a "
                    "Tensor like it, or None"
                )
        extra_of(self._node).grad = value

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Let this leaf require a gradient, or with `requires_grad=False` freeze it: then no graph gives it one any more.

        Raises:
            RuntimeError: the Tensor is not a leaf (use detach()), or not of a floating dtype.
        """
        node = self._node
        if requires_grad and isinstance(node, Constant):
            check_floating(_form(node.value)[1])
            self._node = leaf(node.value, node.extra)
        elif not requires_grad and isinstance(node, Record):
            if node.primitive is not None:
                raise RuntimeError(
                    "you can only change requires_grad flags of leaf variables: use x.detach() for the same values "
                    "without a gradient"
                )
            self._node = constant(node.value, UNREQUIRED, node.extra)
            if node.extra is not None:  # graphs recorded before go on with one of their own: a frozen leaf gets no grad
                node.extra = copy.copy(node.extra)
                node.extra.grad = None
        return self

    def retain_grad(self) -> None:
        """Keep the gradient of this intermediate result in backward().

        Raises:
            RuntimeError: it requires no gradient.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "can't retain_grad on Tensor that has requires_grad=False: make an input with requires_grad=True"
            )
        extra_of(self._node).retains_grad = True

    def register_hook(self, hook: Callable[[Self], Any]) -> RemovableHandle:
        """Call `hook(gradient)` when this Tensor's gradient is complete; what it returns, unless None, takes its place.

        Raises:
            RuntimeError: the Tensor requires no gradient.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "cannot register a hook on a Tensor that doesn't require gradient: make an input with requires_grad=True"
            )
        extra = extra_of(self._node)
        extra.hooks = HookTable() if extra.hooks is None else extra.hooks
        return register(extra.hooks, hook)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Self], Any]) -> RemovableHandle:
        """Call `hook(tensor)` whenever backward() has added to this leaf's `grad`.

        Raises:
            RuntimeError: the Tensor requires no gradient, or is no leaf.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "cannot register a hook on a Tensor that doesn't require gradient: make it with requires_grad=True"
            )
        if not self.is_leaf:
            raise RuntimeError(
                "post accumulate grad hooks cannot be registered on non-leaf tensors, which get no grad: register it on a "
                "leaf, or use register_hook"
            )
        extra = extra_of(self._node)
        extra.grad_hooks = HookTable() if extra.grad_hooks is None else extra.grad_hooks
        this, kind = weakref.ref(self), self.__class__

        def call(node: Record) -> None:
            tensor = this()
            returned = hook(handle(kind, node) if tensor is None else tensor)
            if returned is not None:
                raise TypeError(
                    f"post accumulate grad hooks should return None, got {type(returned).__name__} {returned!r:.60}: change "
                    "x.grad in place, or put another one there"
                )

        if not callable(hook):
            raise TypeError(f"a hook must be a function, got {hook!r:.60}: define it with def or lambda")
        return register(extra.grad_hooks, call)

    def backward(self, gradient: Any = None, retain_graph: bool = False, create_graph: bool = False) -> None:
        """Add the gradient of this Tensor to the `grad` of every leaf it depends on.

        Args:
            gradient: the adjoint to begin with, of this Tensor's shape; 1 for a scalar if left out.
            retain_graph: keep what the rules need, so that backward() can go through the same graph again.
            create_graph: record the gradients' own computation, so that they can be differentiated; retains the graph.

        Raises:
            RuntimeError: nothing here requires a gradient; the Tensor is no scalar and `gradient` is missing or of
                another shape; the graph was used up by an earlier backward().
        """
        backward(self, gradient, retain_graph, create_graph)


def _form(value: Any) -> tuple[tuple[int, ...], np.dtype[Any]]:
    array = np.asarray(value)
    return array.shape, array.dtype


def check_floating(dtype: np.dtype[Any]) -> None:
    """Raise RuntimeError for a dtype that no gradient belongs to."""
    if dtype.kind != "f":
        raise RuntimeError(
            f"only Tensors of floating point dtype can require gradients, got {dtype}: give floats (2.0, not 2) or dtype=float"
        )
