"""trace and graph_of: from a function and its arguments, or from Tensors that exist already, to a Graph."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

import numpy as np

from autograd_lab.core.modes import enable_grad, watching
from autograd_lab.core.node import Record
from autograd_lab.core.tensor import Tensor, tensor
from autograd_lab.core.trees import parameter_names
from autograd_lab.graph.graph import Graph
from autograd_lab.graph.patience import Patience
from autograd_lab.language import gettext as _
from autograd_lab.language import ngettext


def trace(f: Callable[..., Any], *args: Any, **kwargs: Any) -> Graph:
    """Run f once on fresh leaves named after its parameters, and return the graph that this recorded.

    Numbers and numeric arrays become leaves that require a gradient (ints become floats), also inside tuples, lists
    and dicts, where they are named like `params['W1']`. A Tensor becomes a fresh leaf that requires a gradient if it
    did. Bools, text, None and other objects are passed on as they are, and so are defaults that are not given.

    Args:
        f: computes with NumPy functions; returns a Tensor of any shape, or a tuple, list or dict of them.
        args: its positional arguments.
        kwargs: its keyword arguments.

    Raises:
        TypeError: f cannot be called with these arguments, or returned something else than Tensors computed from them.

    >>> print(trace(lambda x, y: x * y + x, 2.0, 3.0))
    f: 4 nodes, 4 edges
    w1 = x = 2
    w2 = y = 3
    w3 = w1*w2 = 6
    w4 = w3 + w1 = 8
    """
    if not callable(f):
        raise TypeError(
            _("trace needs a function first, got {type} {value!r:.60}: lab.trace(f, 2.0, 3.0)").format(
                type=type(f).__name__, value=f
            )
        )
    return _traced(f, args, kwargs, {})


def _recorded(count: int) -> str:
    return ngettext("{count} operation recorded so far", "{count} operations recorded so far", count).format(count=count)


def _traced(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], values: Mapping[str, Any]) -> Graph:
    """The graph of f at these arguments; inputs named in `values` get the value given there."""
    name = _name(f)
    leaves: list[Tensor] = []
    fresh_args, fresh_kwargs = _fresh_arguments(f, args, kwargs, leaves, values)
    patience = Patience(_recorded)
    with closing(patience), watching(patience), enable_grad():
        result = f(*fresh_args, **fresh_kwargs)
    outputs = list(_outputs(result, name))
    records = [t._node for t in outputs if isinstance(t._node, Record)]
    if not records:
        reasons = ", ".join(dict.fromkeys(t._node.why.origin for t in outputs))  # type: ignore[union-attr]
        raise TypeError(
            _(
                "{function} returned no Tensor that depends on an input that requires a gradient (it returned: {reasons}): "
                "compute the result from the arguments with NumPy functions"
            ).format(function=name, reasons=reasons or _("nothing"))
        )
    inputs = [leaf._node for leaf in leaves if isinstance(leaf._node, Record)]

    def again(values: Mapping[str, Any]) -> Graph:
        return _traced(f, args, kwargs, values)

    return Graph(records, inputs, "f" if name == "<lambda>" else name, again=again)


def graph_of(*outputs: Tensor) -> Graph:
    """The graph behind Tensors that exist already; its inputs are the leaves, in the order of their creation.

    Args:
        outputs: one Tensor or more. What none of them depends on is not in the graph.

    Raises:
        TypeError: an output is no Tensor, or none is given.
        RuntimeError: an output requires no gradient, so nothing was recorded behind it.

    >>> x = tensor(3.0, requires_grad=True, name="x")
    >>> graph_of(x * x)
    <Graph graph: 2 nodes, 2 edges>
    """
    if not outputs:
        raise TypeError(_("graph_of needs at least one Tensor: lab.graph_of(loss)"))
    records: list[Record] = []
    for output in outputs:
        if not isinstance(output, Tensor):
            raise TypeError(
                _("graph_of takes Tensors, got {type} {value!r:.60}: lab.trace(f, ...) takes functions").format(
                    type=type(output).__name__, value=output
                )
            )
        node = output._node
        if not isinstance(node, Record):
            raise RuntimeError(  # noqa: TRY004 - PyTorch's type for it
                _(
                    "this Tensor does not require grad and does not have a grad_fn ({origin}), so no graph was recorded "
                    "behind it: make an input with requires_grad=True"
                ).format(origin=node.why.origin)
            )
        records.append(node)
    return Graph(records)


def _fresh_arguments(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    leaves: list[Tensor],
    values: Mapping[str, Any],
) -> tuple[list[Any], dict[str, Any]]:
    try:
        signature = inspect.signature(f)
    except (TypeError, ValueError):  # some builtins have none
        pass
    else:
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            told = _("{function}{signature} cannot be called with the arguments given: {error}")
            raise TypeError(told.format(function=_name(f), signature=signature, error=error)) from None
    names = parameter_names(f, len(args))
    fresh_args = [_fresh(value, path, leaves, values) for value, path in zip(args, names, strict=True)]
    return fresh_args, {key: _fresh(value, key, leaves, values) for key, value in kwargs.items()}


def _name(f: Callable[..., Any]) -> str:
    return str(getattr(f, "__name__", type(f).__name__))


def _fresh(value: Any, path: str, leaves: list[Tensor], values: Mapping[str, Any]) -> Any:
    """The argument with fresh named leaves in place of its numbers, arrays and Tensors."""
    if isinstance(value, Tensor):
        requires_grad = value.requires_grad
        leaf = tensor(values.get(path, value) if requires_grad else value, requires_grad=requires_grad, name=path)
    elif isinstance(value, (bool, np.bool_)):
        return value
    elif isinstance(value, (int, float, complex, np.generic, np.ndarray)):
        dtype = getattr(value, "dtype", None)
        if dtype is not None and dtype.kind not in "fiuc":
            return value
        if isinstance(value, int) or (dtype is not None and dtype.kind in "iu"):
            value = np.asarray(value, dtype=np.float64)
        leaf = tensor(values.get(path, value), requires_grad=True, name=path)
    elif isinstance(value, dict):
        return {key: _fresh(part, f"{path}[{key!r}]", leaves, values) for key, part in value.items()}
    elif isinstance(value, (list, tuple)):
        parts = [_fresh(part, f"{path}[{i}]", leaves, values) for i, part in enumerate(value)]
        if isinstance(value, list):
            return parts
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    else:
        return value
    leaves.append(leaf)
    return leaf


def _outputs(result: Any, name: str) -> Iterator[Tensor]:
    if isinstance(result, Tensor):
        yield result
    elif isinstance(result, dict):
        for part in result.values():
            yield from _outputs(part, name)
    elif isinstance(result, (list, tuple)):
        for part in result:
            yield from _outputs(part, name)
    else:
        raise TypeError(
            _(
                "{function} returned {type} {value!r:.60}: a traced function returns a Tensor computed from its "
                "arguments with NumPy functions (or a tuple, list or dict of them)"
            ).format(function=name, type=type(result).__name__, value=result)
        )
