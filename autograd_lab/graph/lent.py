"""Leaves in place of a person's numbers while his code runs, and the numbers again afterwards.

`Lent()` keeps account: `lend` makes leaves, `note` takes over some that were made elsewhere, and `plain` gives for any
result what the code would have computed on plain numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd_lab.core.accumulate import topological
from autograd_lab.core.node import UNREQUIRED, Record
from autograd_lab.core.tensor import Tensor, tensor
from autograd_lab.core.trees import leaves, named_leaves, rebuild


class Lent:
    """The leaves that stand for plain numbers and arrays, with what they stand for. It is true if there are any."""

    def __init__(self) -> None:
        self._pairs: list[tuple[Tensor, Any]] = []

    def __bool__(self) -> bool:
        return bool(self._pairs)

    def lend(self, original: Any, name: str, values: Mapping[str, Any]) -> Any:
        """The value with named leaves in place of its numbers, which become floats; `values` are others for some, by name."""
        named = named_leaves(original, name)
        fresh = rebuild(original, [_leaf(values.get(n, part), n) if numeric(part) else part for n, part in named])
        self.note(fresh, original)
        return fresh

    def note(self, fresh: Any, original: Any) -> None:
        """Take over the leaves of a value that was made from another one of the same structure."""
        pairs = zip(leaves(fresh), leaves(original), strict=True)
        self._pairs += [(leaf, value) for leaf, value in pairs if isinstance(leaf, Tensor)]

    def plain(self, value: Any) -> Any:
        """The same without these leaves. Lists and dicts are changed in place: others may hold them too.

        A Tensor that depends on any other leaf is the person's own, and stays.
        """
        if isinstance(value, (list, dict)):
            for key, part in list(enumerate(value) if isinstance(value, list) else value.items()):
                value[key] = self.plain(part)
            return value
        if isinstance(value, tuple) and any(isinstance(part, Tensor) for part in leaves(value)):
            return rebuild(value, map(self.plain, leaves(value)))
        if not isinstance(value, Tensor):
            return value
        for leaf, original in self._pairs:
            if value is leaf:
                return original
        vertex = value._node
        if isinstance(vertex, Record):
            lent = {leaf._node for leaf, _ in self._pairs}
            own = any(record not in lent for record in topological([vertex]) if record.primitive is None)
        else:
            own = not self._pairs or vertex.why is UNREQUIRED
        if own:
            return value
        return np.float64(vertex.value) if isinstance(vertex.value, float) else vertex.value.copy()


def refilled(original: Any, changed: Any) -> Any:
    """The person's own list or dict with what was done to a copy of it; anything else as it was."""
    if isinstance(original, list):
        original[:] = changed
    elif isinstance(original, dict):
        original.clear()
        original.update(changed)
    return original


def numeric(value: Any) -> bool:
    """Whether a value is a real number, or an array of them, that can become a leaf."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "fiu"
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def floating(value: Any) -> bool:
    """Whether it is one that is no count either: not whole by its type."""
    return numeric(value) and not isinstance(value, int) and getattr(value, "dtype", np.dtype(float)).kind == "f"


def _leaf(value: Any, name: str) -> Tensor:
    array = np.asarray(value, dtype=None if floating(value) else np.float64)
    return tensor(array, requires_grad=True, name=name)
