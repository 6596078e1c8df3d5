"""The two small objects that PyTorch code asks a Tensor for: its `grad_fn`, and the handle of a hook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from autograd_lab.core.node import HookTable, Record, extra_of, live_hooks
from autograd_lab.core.recording import Handle, handle


class GradFn:
    """What `grad_fn` shows of a record: its name and the records behind it, as in PyTorch."""

    def __init__(self, record: Record, kind: type[Handle]) -> None:
        self._record = record
        self._kind = kind

    def name(self) -> str:
        """PyTorch's naming: MultiplyBackward for np.multiply."""
        primitive = self._record.primitive
        return "AccumulateGrad" if primitive is None else f"{primitive.name.title().replace('_', '')}Backward"

    @property
    def next_functions(self) -> tuple[tuple[GradFn | None, int], ...]:
        """One pair an operand: its GradFn (None where no gradient flows) and 0."""
        return tuple((grad_fn(o, self._kind) if o.__class__ is Record else None, 0) for o in self._record.operands)

    def register_hook(self, hook: Callable[[tuple[Any, ...], tuple[Any, ...]], Any]) -> RemovableHandle:
        """Call `hook(grad_inputs, grad_outputs)` when backward() has visited this node.

        `grad_inputs` has one gradient an operand (None where no gradient flows), `grad_outputs` the gradient that came
        in; what it returns, unless None, takes the place of `grad_inputs`.
        """
        extra = extra_of(self._record)
        extra.post_hooks = HookTable() if extra.post_hooks is None else extra.post_hooks
        return register(extra.post_hooks, hook)

    def register_prehook(self, hook: Callable[[tuple[Any, ...]], Any]) -> RemovableHandle:
        """Call `hook(grad_outputs)` before backward() visits this node; what it returns, unless None, is what comes in."""
        extra = extra_of(self._record)
        extra.pre_hooks = HookTable() if extra.pre_hooks is None else extra.pre_hooks
        return register(extra.pre_hooks, hook)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GradFn) and other._record is self._record

    def __hash__(self) -> int:
        return hash(self._record)

    def __repr__(self) -> str:
        return f"<{self.name()}>"


class AccumulateGrad(GradFn):
    """What adds to the grad of a leaf: the last of `next_functions`."""

    @property
    def variable(self) -> Handle:
        """A Tensor of the leaf."""
        return handle(self._kind, self._record)


def grad_fn(record: Record, kind: type[Handle]) -> GradFn:
    """The GradFn of a record; `kind` is the class of Tensors."""
    return (AccumulateGrad if record.primitive is None else GradFn)(record, kind)


class RemovableHandle:
    """What register_hook returns: `remove()` takes the hook out again."""

    def __init__(self, hooks: HookTable, key: int) -> None:
        self._hooks = hooks
        self._key = key

    def remove(self) -> None:
        """Take the hook out; a second time does nothing."""
        self._hooks.pop(self._key, None)
        if not self._hooks:
            live_hooks.pop(id(self._hooks), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def register(hooks: HookTable, hook: Callable[..., Any]) -> RemovableHandle:
    """Put a hook behind the others.

    Raises:
        TypeError: it cannot be called.
    """
    if not callable(hook):
        raise TypeError(f"a hook must be a function, got {hook!r:.60}: define it with def or lambda")
    key = max(hooks, default=-1) + 1
    hooks[key] = hook
    live_hooks[id(hooks)] = hooks
    return RemovableHandle(hooks, key)
