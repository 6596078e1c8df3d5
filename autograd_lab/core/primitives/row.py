"""What a row of the primitive table says: a value, one partial an argument, a notation.

`pointwise(rule)` states a partial by its local derivative; push (JVP) and pull (VJP) are that derivative times what
comes in. `masked(rule)` is the same where a local derivative of 0 means "this argument was not chosen", so that not
even an infinite adjoint passes. `Partial(push, pull)` states a linear map by its two halves, side by side.
`linear(push, pull)` is a Partial whose halves read shapes only, never values; `bilinear(push, pull)` one whose halves read
the other operands only.

Every rule gets `out`, the result, then the operands, then the operation's keywords, and is written with NumPy
functions only: run on Tensors it records itself, which gives derivatives of any order and its own formula.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

import numpy as np

Rule = Callable[..., Any]
Reads = Literal["shapes", "others", "all"]

LARGE = 1000
"""Above how many elements a mask is sooner multiplied with than chosen by."""

OUT = -1
"""The position of the result, where positions of primals are asked for: operands count from 0."""


class Partial:
    """The derivative of a primitive in one argument, as a linear map and its transpose.

    Args:
        push: `push(tangent, out, *args, **kw)`, the JVP: a tangent of the argument's shape to one of the result's.
        pull: `pull(adjoint, out, *args, **kw)`, the VJP: an adjoint of the result's shape to one of the argument's.
            What broadcasting added may be left in: accumulation sums it out.
        latex: the linear map in LaTeX, {0}, {1} for operands, {out} for the result, {tangent}/{adjoint} for what
            comes in; None prints what the rule itself records.
        local: the rule of the local derivative where there is one.
        is_product: push and pull are no more than a multiplication by `local`.
        reads: on whose values the derivative depends: "shapes" (nobody's), "others" (the other operands'), "all"; left
            out, it is read off the code of the rules, as those arguments that they mention.
        multiplications: `multiplications(out, *args, **kw)`, how many scalar ones a visit takes; none if left out.

    `shortcut` is the local derivative where no rule need run to know it: a float (1.0 of a sum) or the position of a primal
    (the other factor of a product).

    >>> from autograd_lab import primitive
    >>> reverse = Partial(lambda tangent, out, a: tangent[::-1], lambda adjoint, out, a: adjoint[::-1])
    >>> flip = primitive("flip", lambda a: a[::-1], reverse, check=(np.array([1.0, 2.0]),))
    """

    def __init__(
        self,
        push: Rule,
        pull: Rule,
        latex: str | None = None,
        *,
        local: Rule | None = None,
        is_product: bool = False,
        reads: Reads | None = None,
        multiplications: Callable[..., int] | None = None,
    ) -> None:
        self.push = push
        self.pull = pull
        self.latex = latex
        self.local = local
        self.is_product = is_product
        self.multiplications = multiplications
        self._reads = reads
        self.shortcut = _shortcut(local) if local is not None and is_product else None

    def reads(self, argument: int, position: int) -> bool:
        """Whether this partial, in its place as that of `argument`, depends on the primal at a position (OUT, 0, 1, ...).

        What a rule reads is what backward() frees, and what may not be overwritten before it, as in PyTorch.
        """
        match self._reads:
            case "shapes":
                return False
            case "others":
                return position not in (argument, OUT)
            case "all":
                return True
        return self._mentioned is None or position in self._mentioned

    @cached_property
    def _mentioned(self) -> frozenset[int] | None:
        """The positions of the primals that the rules mention in their code; None where that cannot be told."""
        rules = [(self.push, 1), (self.pull, 1)] if self.local is None else [(self.local, 0)]
        found: set[int] = set()
        for rule, incoming in rules:
            if not inspect.isfunction(rule):  # a method's code has an argument more
                return None
            code = rule.__code__
            loaded = set(code.co_cellvars)
            for step in dis.get_instructions(code):
                if "LOAD" in step.opname:  # one name, or since Python 3.13 two
                    loaded.update(step.argval if isinstance(step.argval, tuple) else (step.argval,))
            if code.co_flags & inspect.CO_VARARGS and code.co_varnames[code.co_argcount + code.co_kwonlyargcount] in loaded:
                return None
            names = code.co_varnames[: code.co_argcount]
            found.update(place - incoming + OUT for place, name in enumerate(names) if name in loaded and place >= incoming)
        return frozenset(found)


_RETURNS = (lambda a: a, lambda a, b: b, lambda a, b, c: c, lambda a, b, c, d: d)
_POSITION = {rule.__code__.co_code: position for position, rule in enumerate(_RETURNS, start=OUT)}
_NUMBER = (lambda a: 0.5).__code__.co_code


def _shortcut(rule: Rule) -> float | int | None:
    """What a local derivative is that is no computation: a constant (float), or the primal at a position (int); else None.

    Such a rule has the same code as a function that returns a constant, or one of its arguments, and nothing else.
    """
    if not inspect.isfunction(rule) or rule.__defaults__:  # a method's code has an argument more; a default is a keyword's
        return None
    code = rule.__code__
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS) or code.co_kwonlyargcount:
        return None
    if code.co_code == _NUMBER:
        number = rule(*[None] * code.co_argcount)
        return float(number) if isinstance(number, (int, float)) else None
    return _POSITION.get(code.co_code)


def pointwise(rule: Rule, latex: str | None = None) -> Partial:
    """A partial by its local derivative, for what is computed element by element. Both halves are products with it.

    Args:
        rule: `rule(out, *args, **kw)`, the local derivative, of the result's shape or broadcasting to it. It gets the
            result, then the operands, then the keywords, and uses NumPy functions only.
        latex: the local derivative in LaTeX, {0}, {1} for operands, {out} for the result; None prints what the rule records.

    >>> from autograd_lab import primitive
    >>> cube = primitive("cube", lambda x: x**3, pointwise(lambda out, x: 3 * x**2), check=(2.0,))
    """

    def push(tangent: Any, out: Any, *args: Any, **kw: Any) -> Any:
        return tangent * rule(out, *args, **kw)

    def pull(adjoint: Any, out: Any, *args: Any, **kw: Any) -> Any:
        return adjoint * rule(out, *args, **kw)

    return Partial(push, pull, latex, local=rule, is_product=True)


def masked(rule: Rule, latex: str | None = None) -> Partial:
    """A pointwise partial that passes exactly 0 where its local derivative is 0, as torch.where and maximum do."""

    def pass_on(incoming: Any, out: Any, *args: Any, **kw: Any) -> Any:
        local = rule(out, *args, **kw)
        if local.__class__ is float or local.__class__ is bool:
            return incoming * local if local else 0.0
        if local.__class__ is np.ndarray and local.dtype == bool:
            if incoming.__class__ is np.ndarray and incoming.size > LARGE:
                # On 64x128 within a training step: 16 us where np.where takes 24 (float32), 22 and 25 (float64). On 8 elements
                # np.where takes half of this.
                passed = incoming * local
                if np.isfinite(passed).all():  # nothing infinite met a 0
                    return passed
            return np.where(local, incoming, 0.0)
        return np.where(local == 0, 0.0, incoming * local)

    return Partial(pass_on, pass_on, latex, local=rule)


def linear(push: Rule, pull: Rule, latex: str | None = None) -> Partial:
    """A linear map that reads no primal's value, only shapes (sum, reshape, ...): it survives backward() as in PyTorch."""
    return Partial(push, pull, latex, reads="shapes")


def bilinear(push: Rule, pull: Rule, latex: str | None = None, *, multiplications: Callable[..., int] | None = None) -> Partial:
    """A linear map made of the other operands (matmul, einsum, ...): of its own operand it reads the shape only."""
    return Partial(push, pull, latex, reads="others", multiplications=multiplications)


_NUMPYS: dict[type, Callable[[Any], Any]] = {float: np.float64, int: np.int64}


def on_numpy(rule: Rule, *arguments: Any, **keywords: Any) -> Any:
    """A rule on NumPy's numbers in place of Python's, which raise where IEEE arithmetic has an answer: 1/0 is inf."""
    return rule(*(_NUMPYS[a.__class__](a) if a.__class__ in _NUMPYS else a for a in arguments), **keywords)


class _Never:
    """The shortcuts of a Family: whatever the argument, there is none."""

    __slots__ = ()

    def __getitem__(self, argument: int) -> None:
        return None


class Family:
    """One partial an argument for a primitive that takes any number of them; `make(argument)` makes each on first use."""

    __slots__ = ("_made", "make", "shortcuts")

    def __init__(self, make: Callable[[int], Partial]) -> None:
        self.make = make
        self.shortcuts = _Never()
        self._made: dict[int, Partial] = {}

    def __getitem__(self, argument: int) -> Partial:
        if argument not in self._made:
            self._made[argument] = self.make(argument)
        return self._made[argument]


class Primitive:
    """A row: `value(*operands, **keywords)` computes it, `partials` differentiate it, `notation` says how it is written.

    `arity` is the number of operands, None for any number. `view` says that the result may share memory with the operand, as
    NumPy's views do. `smooth` says that every operand has a partial. A primitive without any partial is a step function:
    its results need no gradient. Calling a primitive records it if an operand is a Tensor.
    """

    def __init__(
        self,
        name: str,
        value: Callable[..., Any],
        partials: tuple[Partial | None, ...] | Family,
        *,
        latex: str | None = None,
        notation: str | None = None,
        view: bool = False,
    ) -> None:
        self.name = name
        self.value = value
        self.partials = partials
        self.latex = latex
        self.notation = notation or name
        self.view = view
        self.arity = None if isinstance(partials, Family) else len(partials)
        self.differentiable = isinstance(partials, Family) or any(partials)
        self.smooth = isinstance(partials, Family) or all(partials)
        self.shortcuts: Any = partials.shortcuts if isinstance(partials, Family) else tuple(map(self._shortcut, partials))

    def _shortcut(self, partial: Partial | None) -> float | int | None:
        """A partial's shortcut; not what lies behind the operands, which is a keyword."""
        found = None if partial is None else partial.shortcut
        return None if isinstance(found, int) and self.arity is not None and found >= self.arity else found

    @cached_property
    def reads_values(self) -> bool:
        """Whether any derivative depends on primals: as in PyTorch, only such records are used up by backward()."""
        if isinstance(self.partials, Family):
            return any(self.partials[0].reads(0, position) for position in (OUT, 0, 1))
        positions = (OUT, *range(len(self.partials)))
        return any(p is not None and p.reads(i, position) for i, p in enumerate(self.partials) for position in positions)

    def __call__(self, *operands: Any, **keywords: Any) -> Any:
        """Compute the primitive on Tensors, which records it, or on plain values."""
        for operand in operands:
            apply = getattr(operand, "_apply", None)
            if apply is not None:
                return apply(self, operands, keywords)
        return self.value(*operands, **keywords)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"


Mode = Literal["forward", "reverse"]
