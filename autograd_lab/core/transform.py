"""One run of a function on fresh variables, and the two accumulations over what it recorded: what func is made of.

Each transform has variables of its own. A number, an array or a Tensor that nothing is recorded for becomes a fresh leaf
on the same memory; a Tensor with a record becomes an `alias` of it, a vertex of its own, so that what is recorded over the
variable stays connected to the outer record and is still told apart from it. An accumulation follows only edges
between records that depend on the variables: the tangents and adjoints of one transform never meet those of another
(perturbation confusion: Siskind and Pearlmutter, Nesting forward-mode AD in a functional framework, 2008, section 2).

Where the function used nothing recorded outside, rules run on plain values. Where it did, they run on Tensors, and the
derivative is itself recorded for the outer transform.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from autograd_lab.core import trees
from autograd_lab.core.accumulate import forward, reverse, topological
from autograd_lab.core.backward import TensorHooks, listeners
from autograd_lab.core.modes import OBSERVED, enable_grad, set_grad_enabled, thread
from autograd_lab.core.node import NO_KEYWORDS, Record, Why, constant, extra_of, leaf, next_index, value_of
from autograd_lab.core.primitives.shapes import ALIAS
from autograd_lab.core.recording import apply, handle, normal, refuse_masked
from autograd_lab.core.tensor import Tensor
from autograd_lab.core.visits import zero


class _Survey(NamedTuple):
    """What a run recorded that leads to some outputs, operands first.

    `dependent` is the part that depends on the variables, they themselves included, and `outer` the part that depends on
    records from outside.
    """

    order: list[Record]
    dependent: set[Record]
    outer: set[Record]


class Run:
    """`f(*args, **kwargs)`, run once with the leaves of some arguments as fresh variables.

    Args:
        who: what to call the transform in messages.
        f: the function; it gets Tensors for the variables, and every other argument as it is.
        positions: which positional arguments are variables, as nested tuples, lists and dicts of numbers, arrays, Tensors.
        has_aux: f returns (output, aux); `aux` is not differentiated.

    `variables` are the leaves, `outputs` those of what f returned; `output`, `aux` and all derivatives are given as
    Tensors if an argument is one or if the output depends on something recorded outside, and as plain values otherwise.

    Raises:
        RuntimeError: f returned something else than (nested) Tensors, or no pair with `has_aux`; a variable is a bool.
        ValueError: a variable is no number, array or Tensor.
        TypeError: a variable is complex.
    """

    def __init__(
        self,
        who: str,
        f: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        positions: Collection[int],
        *,
        has_aux: bool = False,
    ) -> None:
        self._connected = thread.recording
        self._since = next_index()
        self.arguments = tuple(args[position] for position in positions)
        self.variables: list[Record] = []
        names = trees.parameter_names(f, len(args)) if thread.on_visit or thread.level == OBSERVED else None
        with enable_grad():
            given = list(args)
            for position in positions:
                named = trees.named_leaves(args[position], names[position] if names else "")
                fresh = [self._variable(who, value, path) for path, value in named]
                given[position] = trees.rebuild(args[position], fresh)
            result = f(*given, **kwargs)
        aux = None
        if has_aux:
            if not isinstance(result, tuple) or len(result) != 2:
                raise RuntimeError(
                    f"{who}: output of function f should be a tuple: (output, aux) if has_aux is True, got {_shown(result)}"
                )
            result, aux = result
        others = [a for i, a in enumerate(args) if i not in positions]
        others_hold_numbers = any(map(_is_number, trees.leaves((others, list(kwargs.values())))))
        returned: list[Tensor] = []
        for value in trees.leaves(result):
            if isinstance(value, Tensor):
                returned.append(value)
            elif others_hold_numbers and _is_number(value):
                # y * y in f(x, y) = (x * y, y * y) by x: in PyTorch, where y is a Tensor too, it has derivative 0.
                returned.append(handle(Tensor, constant(normal(np.asarray(value), who), Why("lab.func"))))
            else:
                raise RuntimeError(
                    f"{who}: expected f to return a Tensor computed from its arguments with NumPy functions (or a nested "
                    f"tuple, list or dict of them), got {_shown(value)}: a plain value has no derivative"
                )
        if not returned:
            raise RuntimeError(f"{who}: expected f to return a non-empty output, got {_shown(result)}")
        self.result = result = trees.rebuild(result, returned)
        self.outputs: list[Any] = [value._node for value in returned]
        self._behind = self._survey(self.outputs)
        arguments = trees.leaves((args, list(kwargs.values())))
        self.tensors = bool(self._behind.outer) or any(isinstance(value, Tensor) for value in arguments)
        self.output = self._seen_from_outside(result, self._behind)
        beside = [value._node for value in trees.leaves(aux) if isinstance(value, Tensor)]
        self.aux = self._seen_from_outside(aux, self._survey(beside)) if beside else aux

    # -- the two accumulations ----------------------------------------------------------------------------------------

    def pull(self, adjoints: list[Any], tensors: bool | None = None) -> list[Any]:
        """Reverse accumulation: from an adjoint (or None) for each output to one for each variable."""
        seeds: dict[Record, Any] = {}
        for output, adjoint in zip(self.outputs, adjoints, strict=True):
            if adjoint is not None and self.depends(output):
                seeds[output] = seeds[output] + adjoint if output in seeds else adjoint
        found: dict[Record, Any] = {}
        if seeds:
            with np.errstate(all="ignore"), set_grad_enabled(thread.recording):
                found = reverse(
                    seeds.items(),
                    lift=self._lift(seeds.values()),
                    watch=listeners(),
                    within=self._within,
                    ends=self._reaching,
                    hooks=TensorHooks(Tensor),
                )
        return self._given([(variable, found.get(variable)) for variable in self.variables], adjoints, tensors)

    def push(self, tangents: list[Any], tensors: bool | None = None) -> list[Any]:
        """Forward accumulation: from a tangent (or None) for each variable to one for each output."""
        seeds = {v: t for v, t in zip(self.variables, tangents, strict=True) if t is not None and v in self._reaching}
        found: dict[Record, Any] = {}
        if seeds:
            with np.errstate(all="ignore"), set_grad_enabled(thread.recording):
                found = forward(
                    self._operations,
                    seeds,
                    lift=self._lift(seeds.values()),
                    watch=listeners(),
                    roots=tuple(dict.fromkeys(output for output in self.outputs if self.depends(output))),
                )
        return self._given([(output, found.get(output)) for output in self.outputs], tangents, tensors)

    def depends(self, output: Any) -> bool:
        """Whether an output depends on a variable."""
        return output in self._behind.dependent

    @cached_property
    def _reaching(self) -> set[Record]:
        """The variables that the outputs depend on."""
        return set(self.variables).intersection(self._behind.order)

    @cached_property
    def _operations(self) -> list[Record]:
        """What a forward accumulation visits. An alias is where one starts, whatever lies behind it."""
        return [r for r in self._behind.order if r in self._behind.dependent and r not in self._reaching]

    @cached_property
    def _within(self) -> set[Record] | None:
        """What a reverse accumulation may visit; None where nothing else lies behind the outputs."""
        dependent = self._behind.dependent
        inside = not self._behind.outer and all(record in dependent for record in self._behind.order)
        return None if inside else dependent

    # -- what is inside, and what is outside --------------------------------------------------------------------------

    def _variable(self, who: str, value: Any, name: str) -> Tensor:
        if isinstance(value, Tensor):
            node = value._node
            if self._connected and isinstance(node, Record):
                alias: Tensor = apply(ALIAS, (value,), NO_KEYWORDS)
                assert isinstance(alias._node, Record)
                self.variables.append(alias._node)
                extra_of(alias._node)  # what reverse accumulation ends at has one
                return alias
            value = node.value
        variable = leaf(floating(who, value))
        if name:
            extra_of(variable).name = name
        self.variables.append(variable)
        return handle(Tensor, variable)

    def _survey(self, outputs: list[Any]) -> _Survey:
        """Walk what was recorded since the variables were made and leads to the outputs, operands first."""
        since = self._since
        order = topological((output for output in outputs if output.__class__ is Record), since)
        dependent = set(self.variables)
        outer: set[Record] = set()
        for record in order:
            for operand in record.operands:
                if operand.__class__ is not Record:
                    continue
                if operand in dependent:
                    dependent.add(record)
                if operand.index < since or operand in outer:
                    outer.add(record)
        outer.update(output for output in outputs if output.__class__ is Record and output.index < since)
        return _Survey(order, dependent, outer if self._connected else set())

    def _lift(self, seeds: Collection[Any]) -> Callable[[Any], Any]:
        """What rules compute with: Tensors for what depends on records outside, where the derivative is to be recorded."""
        outer, since = self._behind.outer, self._since
        recorded = any(isinstance(seed, Tensor) for seed in seeds)
        if not (thread.recording and (outer or recorded)):
            return value_of

        def lift(operand: Any) -> Any:
            if operand.__class__ is Record and (operand in outer or operand.index < since):
                return handle(Tensor, operand)
            return value_of(operand)

        return lift

    def _seen_from_outside(self, tree: Any, behind: _Survey) -> Any:
        """Values without this transform's records; what depends on records outside stays connected to them."""

        def seen(value: Any) -> Any:
            if not isinstance(value, Tensor):
                return value
            node = value._node
            if node in behind.outer:
                return handle(Tensor, node)
            return self.outward(node.value)

        return trees.rebuild(tree, [seen(value) for value in trees.leaves(tree)])

    def _given(self, found: list[tuple[Any, Any]], seeds: list[Any], tensors: bool | None) -> list[Any]:
        """Derivatives as they are handed out: zeros where nothing arrived, each in memory of its own."""
        taken = {id(value_of(getattr(seed, "_node", seed))) for seed in seeds}
        results: list[Any] = []
        for vertex, derivative in found:
            node = getattr(derivative, "_node", derivative)
            if node.__class__ is Record:
                results.append(handle(Tensor, node))
                continue
            value = zero(vertex.value) if node is None else value_of(node)
            if isinstance(value, np.ndarray):
                if value.base is not None or id(value) in taken:
                    value = value.copy()
                taken.add(id(value))
            results.append(self.outward(value, tensors))
        return results

    def outward(self, value: Any, tensors: bool | None = None) -> Any:
        """A plain value in the form that this run's results have, or as asked."""
        if self.tensors if tensors is None else tensors:
            return handle(Tensor, constant(value, Why("lab.func")))
        return value


def floating(who: str, value: Any, refusal: type[Exception] = ValueError) -> Any:
    """A number, an array or a Tensor's value as a record keeps it, of a floating dtype: ints become floats.

    Raises:
        RuntimeError: it is a bool, which no derivative exists for.
        TypeError: it is complex.
        ValueError (or `refusal`): it is something else.
    """
    value = value._node.value if isinstance(value, Tensor) else value
    if value.__class__ is float:
        return value
    refuse_masked(value, f"{who}: an argument")
    kind = np.asarray(value).dtype.kind if isinstance(value, (int, float, complex, np.generic, np.ndarray)) else "O"
    if kind == "f":
        return normal(value if value.__class__ is np.ndarray else np.asarray(value)[()], who)
    if kind in "iu":
        return normal(np.asarray(value, dtype=np.float64), who)
    if kind == "b":
        raise RuntimeError(
            f"{who}: only Tensors of floating point dtype can require gradients, got the bool {_shown(value)}: leave the "
            "argument out of argnums, or bind it beforehand (a lambda around f)"
        )
    if kind == "c":
        raise TypeError(f"{who}: takes real numbers, got the complex {_shown(value)}")
    raise refusal(
        f"{who}: a thing to differentiate must be a Tensor, a number or an array of numbers (or a nested tuple, list or "
        f"dict of them), got {_shown(value)}: leave the argument out of argnums, or bind it beforehand (a lambda around f)"
    )


def _is_number(value: Any) -> bool:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "fiu"
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    return f"{type(value).__name__} {value!r:.60}"
