r"""One tree for a formula; text, LaTeX and MathML are three ways to print it.

    w1, w2 = Symbol("w1"), Symbol("w2")
    call("multiply", w1, w2)          w1*w2         `call` tidies as it builds: x*1 is x, a + (-b) is a - b
    call("sum", w1, axis=0)           sum(w1, axis=0)
    subscript(w1, slice(1, 3))        w1[1:3]
    Derivative(Symbol("f"), w1)       ∂f/∂w1
    quantity(3.0)                     3             Number of a scalar, Literal of an array
    template(r"\sigma({0})", (w1,), call("sigmoid", w1))                     a user's own LaTeX
    Equation((Times((Number(1.0), Number(3.0))), Number(3.0)))               1 × 3 = 3

The classes are plain records and say exactly what they are given; only `call` simplifies. What it does keeps
the value to the last bit and keeps the order: it never distributes and never reorders.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autograd_lab.explain import numbers
from autograd_lab.language import gettext as _


@dataclass(frozen=True, slots=True)
class Symbol:
    """A variable: a label such as w3, printed with a subscript, or any name a person gave."""

    label: str


@dataclass(frozen=True, slots=True)
class Number:
    """A scalar."""

    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for a value as it is: `[1 2 3]`, `64×128`, an index `1:3`."""

    text: str


@dataclass(frozen=True, slots=True)
class Matrix(Literal):
    """A small array: on a line its text, set as mathematics its rows in brackets. A vector is one row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Derivative:
    """∂of/∂wrt, the name of a derivative and not an operation."""

    of: Symbol
    wrt: Symbol


@dataclass(frozen=True, slots=True)
class Call:
    """An operation by NumPy's name for it. `params` are keyword arguments, already text."""

    kind: str
    args: tuple[Expression, ...]
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A user's own LaTeX; `base` is the same thing in plain notation, which text prints. Made by `template`."""

    latex: str
    operands: tuple[tuple[str, Expression], ...]
    base: Expression


@dataclass(frozen=True, slots=True)
class Times:
    """A product that shows its sign: × between values, ⊙ between arrays (element by element), · where a symbol takes part."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of what was there and what came: before + contribution. A negative term keeps its sign."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """Stages joined by equals signs."""

    stages: tuple[Expression, ...]


Expression: TypeAlias = Symbol | Number | Literal | Derivative | Call | Template | Times | Sum | Equation

# Other names of the kinds that have a notation of their own.
_ALIASES = {"true_divide": "divide", "abs": "absolute", "getitem": "subscript"}

# Folding stops here: a reader sees at a glance that 3 - 1 is 2, and ints of this size are exact in every dtype.
_SMALL = 1000

_MATRIX, _MATRIX_SIDE = 9, 4  # elements, and elements in a row or column, that are set as a matrix

_SMALL_MASK = 4  # elements that are written out, each as True or False


def call(kind: str, /, *operands: Expression, **params: object) -> Expression:
    """The operation on these operands, tidied: x*1, x+0, x**1, x**0, -(-x), a + (-b), 3 - 1."""
    name = _ALIASES.get(kind, kind)
    if params:
        return Call(name, operands, tuple((key, parameter(value)) for key, value in params.items()))
    match name, operands:
        case "negative", (x,):
            return _opposite(x) or Call(name, operands)
        case (("add" | "subtract"), (x, y)):
            return _sum(name, x, y)
        case "multiply", (x, y):
            return _product(x, y)
        case (("divide" | "power"), (x, Number(1))):
            return x
        case "power", (_, Number(0)):
            return Number(1)
        case _:
            return Call(name, operands)


def subscript(base: Expression, index: object) -> Call:
    """base[index]; the index as Python writes it, arrays in it shortened."""
    return Call("subscript", (base, Literal(index if isinstance(index, str) else _index(index))))


def quantity(value: object, *, long: bool = False) -> Expression:
    """A value as it stands in an equation: a Number, or for an array the text of numbers.number (long: describe)."""
    scalar = value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
    if isinstance(scalar, (int, float, np.integer, np.floating)) and not isinstance(scalar, bool):
        try:
            return Number(numbers.rounded(scalar))
        except OverflowError:
            return Literal(numbers.number(scalar))
    return Literal(numbers.describe(value) if long else numbers.number(value))


def displayed(value: object) -> Expression:
    """A value in an equation that stands by itself, where there is room for the elements of a small array."""
    plain = quantity(value)
    if not isinstance(plain, Literal) or not isinstance(value, np.ndarray):
        return plain
    small = 0 < value.size <= _MATRIX and value.ndim <= 2 and max(value.shape) <= _MATRIX_SIDE
    return Matrix(plain.text, tuple(tuple(map(numbers.number, row)) for row in np.atleast_2d(value))) if small else plain


def template(latex: str, operands: Sequence[Expression] | Mapping[str, Expression], base: Expression) -> Template:
    """A notation in LaTeX where {0}, {1} stand for operands, {out}, {tangent}, {adjoint} for what the mapping names so.

    Every other brace is LaTeX's, {2} among them where there is no third operand: `{0}^{2}` is a square.
    ValueError for {out}, {tangent} or {adjoint} without an operand of that name.
    """
    named = operands.items() if isinstance(operands, Mapping) else ((str(i), e) for i, e in enumerate(operands))
    result = Template(latex, tuple(named), base)
    known = [key for key, _ in result.operands]
    for name in re.findall(r"\{(out|tangent|adjoint)\}", latex):
        if name not in known:
            unknown = _("the LaTeX template {template!r} uses {name}; here it can use {choices}")
            raise ValueError(unknown.format(template=latex, name=f"{{{name}}}", choices=", ".join(known)))
    return result


def operations(e: Expression) -> int:
    """How many operations a formula has."""
    match e:
        case Call(_, args):
            return 1 + sum(map(operations, args))
        case Times(parts) | Sum(parts) | Equation(parts):
            return sum(map(operations, parts))
        case Template(_, _, base):
            return operations(base)
        case _:
            return 0


def split_label(label: str) -> tuple[str, str, str] | None:
    """("w", "3", "") of w3 and ("w", "3", "[0,2]") of w3[0,2]; None of any other name."""
    found = re.fullmatch(r"([A-Za-z])([0-9]+)((?:\[[^\[\]\n]*\])?)", label)
    return (found[1], found[2], found[3]) if found else None


def clean(name: str) -> str:
    """The name with what cannot be shown (newlines, controls, bidirectional overrides) as Python escapes.

    Joiners stay: Persian words and emoji are spelled with them.
    """
    return "".join(c if c.isprintable() or c in "\u200c\u200d" else c.encode("unicode_escape").decode("ascii") for c in name)


def right_to_left(name: str) -> bool:
    """Whether the name has letters that run from right to left and would carry the operators beside it along."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in name)


def times_sign(factors: Sequence[Expression]) -> str:
    """× in a product of values, where a dot would pass for a decimal point, ⊙ of arrays; · where a symbol takes part."""
    if all(isinstance(e, Literal) for e in factors):
        return "⊙"
    return "×" if all(isinstance(e, (Number, Literal)) for e in factors) else "·"


def _opposite(e: Expression) -> Expression | None:
    """-e where that is e without a minus sign at its front, or a Number; else None."""
    match e:
        case Number(value):
            return Number(-value)
        case Call("negative", (x,), ()):
            return x
        case _:
            return None


def _without_minus(e: Expression) -> Expression | None:
    """-e where e starts with a minus sign: b*c for (-b)*c. The sign of a product is exact wherever it stands."""
    match e:
        case Number(value) if value < 0:
            return Number(-value)
        case Call("negative", (x,), ()):
            return x
        case Call(("multiply" | "divide") as kind, (x, y), ()):
            positive = _without_minus(x)
            return None if positive is None else call(kind, positive, y)
        case _:
            return None


def _sum(kind: str, x: Expression, y: Expression) -> Expression:
    match x, y:
        case Number(a), Number(b) if _small(a, b):
            return Number(a + b if kind == "add" else a - b)
        case _, Number(0):
            return x
        case Number(0), _:
            return y if kind == "add" else call("negative", y)
    positive = _without_minus(y)
    if positive is not None:
        return Call("subtract" if kind == "add" else "add", (x, positive))
    return Call(kind, (x, y))


def _product(x: Expression, y: Expression) -> Expression:
    match x, y:
        case Number(a), Number(b) if _small(a, b):
            return Number(a * b)
        case (Number(1), other) | (other, Number(1)):
            return other
        case (Number(-1), other) | (other, Number(-1)):
            return call("negative", other)
    return Call("multiply", (x, y))


def _small(*values: float) -> bool:
    return all(abs(value) <= _SMALL and value == int(value) for value in values)


def parameter(value: object) -> str:
    """An argument that is no operand, as Python writes it: arrays shortened, no address, no np.int64(...)."""
    match value:
        case np.ndarray() | np.generic():
            return numbers.describe(value)
        case float() if value % 1 or not np.isfinite(value):
            return numbers.number(value)
        case type():
            return value.__name__
        case np.dtype():
            return str(value)
        case tuple() | list():
            left, right = ("(", ")") if isinstance(value, tuple) else ("[", "]")
            shown = ", ".join(map(parameter, value)) + ("," if isinstance(value, tuple) and len(value) == 1 else "")
            if len(shown) > numbers.LONG_WIDTH and _numeric(value):
                return numbers.describe(value)
            return left + shown + right
    return clean(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)))  # an address differs from run to run


def _numeric(values: Sequence[object]) -> bool:
    return all(isinstance(value, (int, float, np.integer, np.floating)) for value in values)


def _index(index: object) -> str:
    match index:
        case slice():
            parts = ["" if part is None else _index(part) for part in (index.start, index.stop, index.step)]
            return ":".join(parts if parts[2] else parts[:2])
        case tuple():
            return ", ".join(_index(part) for part in index) or "()"
        case np.ndarray() | np.generic() | list():
            array = np.asarray(index)
            mask = array.dtype.kind == "b" and array.size > _SMALL_MASK
            return _("mask {shape}").format(shape=numbers.number(array)) if mask else numbers.outline(array)
        case _:
            return "..." if index is Ellipsis else clean(repr(index))
