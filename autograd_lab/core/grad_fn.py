"""The two small objects that PyTorch code asks a Tensor for: its `grad_fn`, and the handle of a hook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_lab.core.node import Record


class GradFn:
    """What `grad_fn` shows of a record: its name and the records behind it, as in PyTorch."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def name(self) -> str:
        """PyTorch's naming: MultiplyBackward for np.multiply."""
        primitive = self._record.primitive
        return "AccumulateGrad" if primitive is None else f"{primitive.name.title().replace('_', '')}Backward"

    @property
    def next_functions(self) -> tuple[tuple[GradFn | None, int], ...]:
        """One pair an operand: its GradFn (None where no gradient flows) and 0."""
        return tuple((GradFn(o) if o.__class__ is Record else None, 0) for o in self._record.operands)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GradFn) and other._record is self._record

    def __hash__(self) -> int:
        return hash(self._record)

    def __repr__(self) -> str:
        return f"<{self.name()}>"


class RemovableHandle:
    """What register_hook returns: `remove()` takes the hook out again."""

    def __init__(self, hooks: dict[int, Callable[[Any], Any]], key: int) -> None:
        self._hooks = hooks
        self._key = key

    def remove(self) -> None:
        """Take the hook out; a second time does nothing."""
        self._hooks.pop(self._key, None)
