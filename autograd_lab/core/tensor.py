"""Tensor: a handle on a record, with PyTorch's names and meanings; `tensor()` makes one.

Operators, indexing, NumPy's methods (`operators`) and plain NumPy calls on a Tensor compute at once and record
themselves. `backward()` adds to `grad`. An in-place operation puts a new record under the handle: the object stays the
same, its history is rewritten.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from autograd_lab.core import dispatch, in_place
from autograd_lab.core.backward import lift_to
from autograd_lab.core.gradients import Gradients, check_floating
from autograd_lab.core.methods import Methods
from autograd_lab.core.modes import thread
from autograd_lab.core.node import (
    NO_KEYWORDS,
    UNREQUIRED,
    Extra,
    Record,
    Vertex,
    Why,
    constant,
    extra_of,
    leaf,
)
from autograd_lab.core.operators import Operators
from autograd_lab.core.primitives import shapes
from autograd_lab.core.primitives.table import COMPOSED
from autograd_lab.core.recording import apply, handle, normal, real_array
from autograd_lab.core.visits import plain


class Tensor(Operators, Methods, Gradients):
    """A real NumPy value that knows how it was made: what is computed with it records itself. Make one with `lab.tensor`.

    Args:
        data: a number, a list, an array, or a Tensor, whose values are copied.
        requires_grad: whether operations on it are recorded.

    >>> x = tensor([1.0, 2.0], requires_grad=True)
    >>> np.sum(x * x).backward()
    >>> x.grad
    tensor([2., 4.])
    """

    __slots__ = ()
    __array_priority__: ClassVar[float] = 1000.0
    _apply = staticmethod(apply)

    def __init__(self, data: Any, requires_grad: bool = False) -> None:
        self._node = tensor(data, requires_grad)._node

    # -- NumPy's protocols --------------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if "dtype" in kwargs and np.dtype(kwargs["dtype"]).kind == "f":
            inputs = _cast(inputs, np.dtype(kwargs.pop("dtype")))  # NumPy computes in the dtype that operands are cast to
        return apply(dispatch.ufunc_call(ufunc, method, kwargs), inputs, NO_KEYWORDS)

    def __array_function__(self, function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if function in COMPOSED:
            return COMPOSED[function](*args, **kwargs)
        if function in dispatch.ASKED:
            return function(*_plain_tree(args), **{key: _plain_tree(value) for key, value in kwargs.items()})
        row, operands, keywords = dispatch.function_call(function, args, kwargs)
        for operand in operands:
            if isinstance(operand, Tensor):
                return apply(row, operands, keywords)
        raise TypeError(f"np.{row.name} got a Tensor among {', '.join(keywords)}: give plain numbers there (x.item())")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        array = self.numpy()
        return np.array(array, dtype=dtype, copy=copy)

    # -- what it is ---------------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape; () for a scalar."""
        return np.shape(self._node.value)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The NumPy dtype."""
        value = self._node.value
        return np.dtype(np.float64) if value.__class__ is float else value.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return np.ndim(self._node.value)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(np.size(self._node.value))

    @property
    def T(self) -> Tensor:  # noqa: N802 - NumPy's name
        """The transpose: all axes in reverse order."""
        return self.transpose()

    @property
    def name(self) -> str | None:
        """The name given to a leaf, or None."""
        return None if self._node.extra is None else self._node.extra.name

    @property
    def data(self) -> Tensor:
        """The same values without history; arrays share memory, as in PyTorch."""
        return _handle(constant(self._node.value, Why("data")))

    @data.setter
    def data(self, value: Any) -> None:
        in_place.set_data(self, value._node.value if isinstance(value, Tensor) else normal(real_array(value, "data"), "data"))

    # -- leaving the graph --------------------------------------------------------------------------------------------

    def detach(self) -> Tensor:
        """The same values cut from the graph: no gradient flows through the result. Arrays share memory."""
        node = self._node
        detached = node.index if isinstance(node, Record) else node.why.detached
        return _handle(constant(node.value, Why("detach", detached)))

    def detach_(self) -> Tensor:
        """Cut this Tensor itself from the graph: it becomes a leaf that requires no gradient. It keeps its name and its grad.

        Raises:
            RuntimeError: it is a view, which shares its history with what it is a view of.
        """
        if getattr(self, "_base", None) is not None:
            raise RuntimeError("Can't detach views in-place, as their history is that of a whole: use detach() instead")
        extra = self._node.extra
        self._node = self.detach()._node
        if extra is not None:
            kept = extra_of(self._node)
            kept.name, kept.grad = extra.name, extra.grad
        return self

    def numpy(self) -> np.ndarray[Any, Any]:
        """The values as a NumPy array, sharing memory (a scalar's does not).

        Raises:
            RuntimeError: the Tensor requires a gradient, which an array could not carry on.
        """
        if self.requires_grad:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad, as an array leaves the graph: use tensor.detach().numpy() to "
                "leave it on purpose, np.stack to join Tensors, or a NumPy function on the Tensor itself"
            )
        return np.asarray(self._node.value)

    def item(self) -> Any:
        """The one element as a plain Python number, outside the graph.

        Raises:
            RuntimeError: there is not exactly one element.
        """
        if self.size != 1:
            raise RuntimeError(f"a Tensor with {self.size} elements cannot be converted to a scalar: index one of them first")
        return np.asarray(self._node.value).item()

    def tolist(self) -> Any:
        """The values as nested lists of plain Python numbers, outside the graph."""
        return np.asarray(self._node.value).tolist()

    def __float__(self) -> float:
        if self.requires_grad and thread.recording:
            warnings.warn(
                "float() of a Tensor that requires grad leaves the graph, so no gradient flows through it: call NumPy's "
                "function on the Tensor itself (np.sin(x), not math.sin(x)), or x.item() if a plain number is meant",
                stacklevel=2,
            )
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __bool__(self) -> bool:
        if self.size != 1:
            raise RuntimeError(
                f"Boolean value of a Tensor with {self.size} elements is ambiguous: use np.any(...) or np.all(...)"
            )
        return bool(self.item())

    def __index__(self) -> int:
        if self.requires_grad or self.dtype.kind not in "iu":
            raise TypeError(
                f"a {self.dtype} Tensor{f' ({self.name})' if self.name else ''} cannot be an index or a count, as "
                "derivatives with respect to it do not exist: bind the integer beforehand (by functools.partial, or a lambda)"
            )
        return int(self.item())

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if self.ndim == 0:
            raise TypeError("iteration over a 0-d tensor")
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(np.asarray(self._node.value) == plain(value)))

    # -- in place -------------------------------------------------------------------------------------------------------

    def zero_(self) -> Tensor:
        """Set every element to 0 in place."""
        return self.fill_(0.0)

    def fill_(self, value: Any) -> Tensor:
        """Set every element to one value in place."""
        in_place.assign(self, ..., value)
        return self

    def copy_(self, source: Any) -> Tensor:
        """Take over the values of another Tensor or array in place, broadcast to this shape.

        Raises:
            RuntimeError: the source has more axes than this Tensor.
        """
        if np.ndim(source) > self.ndim:
            raise RuntimeError(
                f"output with shape {list(self.shape)} doesn't match the broadcast shape {list(np.shape(source))}: give a "
                "source of at most this Tensor's axes (source.reshape(...))"
            )
        in_place.assign(self, ..., source)
        return self

    def __delitem__(self, index: Any) -> None:
        raise TypeError("Tensor does not support deleting items: use np.delete(x, index), or index what is to stay")

    # -- copies -----------------------------------------------------------------------------------------------------------

    def __copy__(self) -> Tensor:
        """A leaf of its own on the same memory, without grad and hooks, as PyTorch's copy.copy."""
        return _new(type(self), self._node.value, self.requires_grad, self.name)

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        """A leaf with values and grad of its own; hooks are left behind, as in PyTorch.

        Raises:
            RuntimeError: the Tensor is no leaf, so that a copy would need all of its history.
        """
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol: use x.detach() for "
                "the values, or np.copy(x) for a copy that stays in the graph"
            )
        value = self._node.value
        copied = memo[id(self)] = _new(
            type(self), value.copy() if isinstance(value, np.ndarray) else value, self.requires_grad, self.name
        )
        if self.grad is not None:
            extra_of(copied._node).grad = copy.deepcopy(self.grad, memo)
        return copied

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        """Pickle values, requires_grad and name; the history, grad and hooks stay behind, as in PyTorch."""
        return _new, (type(self), self._node.value, self.requires_grad, self.name)

    # -- casts and text -------------------------------------------------------------------------------------------------

    def astype(self, dtype: Any) -> Tensor:
        """The values in another dtype; gradients pass between floating dtypes.

        Raises:
            TypeError: the dtype is complex, or no numbers or bools.
        """
        target = _real_dtype(dtype)
        if target.kind == "f":
            return apply(shapes.ASTYPE, (self,), {"dtype": target})
        return _handle(constant(np.asarray(self._node.value).astype(target), Why(f"astype({target})")))

    def __repr__(self) -> str:
        text = np.array2string(np.asarray(self._node.value), separator=", ", prefix="tensor(")
        default = self.dtype == np.float64 or self.dtype.kind == "b" or self.dtype == np.int64
        parts = [text, *([] if default else [f"dtype={self.dtype}"])]
        if self.grad_fn is not None:
            parts.append(f"grad_fn={self.grad_fn!r}")
        elif self.requires_grad:
            parts.append("requires_grad=True")
        return f"tensor({', '.join(parts)})"

    def __format__(self, spec: str) -> str:
        if self.ndim and spec:
            raise TypeError(f"a Tensor of shape {self.shape} has no format {spec!r}: index an element, or use np.array2string")
        return format(self.item(), spec) if self.ndim == 0 else repr(self)


def tensor(data: Any, requires_grad: bool = False, name: str | None = None, dtype: Any = None) -> Tensor:
    """A new leaf Tensor with a copy of the data (torch.tensor, but Python floats become float64).

    Args:
        data: a number, a list, an array, or a Tensor (whose values are copied, without history).
        requires_grad: whether operations on it are recorded and backward() fills its `grad`.
        name: what graphs and pictures call it.
        dtype: the dtype of the copy; floats default to float64, ints and bools keep their kind.

    Raises:
        TypeError: the data is complex or no numbers, or a list with Tensors in it (use np.stack).
        RuntimeError: `requires_grad` for a dtype that is not floating.

    >>> tensor([1, 2, 3], dtype=np.float32)
    tensor([1., 2., 3.], dtype=float32)
    """
    if name is not None and not isinstance(name, str):
        raise TypeError(f"a Tensor's name is text, got {name!r}")
    if isinstance(data, (list, tuple)) and _holds_tensor(data):
        raise TypeError("lab.tensor of a list that holds Tensors would cut them from the graph: join them with np.stack(list)")
    array = real_array(data._node.value if isinstance(data, Tensor) else data, "data of a Tensor")
    if dtype is not None:
        array = array.astype(_real_dtype(dtype))
    if requires_grad:
        check_floating(array.dtype)
    return _new(Tensor, normal(array, "data"), requires_grad, name)


def _new(kind: type[Tensor], value: Any, requires_grad: bool, name: str | None) -> Tensor:
    """A new leaf, or a constant, on this value. Pickles name this function."""
    extra = None
    if name is not None:
        extra = Extra()
        extra.name = name
    return handle(kind, leaf(value, extra) if requires_grad else constant(value, UNREQUIRED, extra))


def _handle(node: Vertex) -> Tensor:
    return handle(Tensor, node)


lift_recorded = lift_to(Tensor)


def _real_dtype(dtype: Any) -> np.dtype[Any]:
    given = np.dtype(dtype)
    if given.kind not in "fiub":
        raise TypeError(f"a Tensor holds real numbers or bools, got dtype={given}: give a floating, integer or bool dtype")
    return given


def _cast(operands: tuple[Any, ...], dtype: np.dtype[Any]) -> tuple[Any, ...]:
    return tuple(
        (o if o.dtype == dtype else o.astype(dtype)) if isinstance(o, Tensor) else np.asarray(o).astype(dtype)[()]
        for o in operands
    )


def _plain_tree(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(_plain_tree(part) for part in value)
    return plain(value)


def _holds_tensor(data: Any) -> bool:
    return any(isinstance(item, Tensor) or (isinstance(item, (list, tuple)) and _holds_tensor(item)) for item in data)
