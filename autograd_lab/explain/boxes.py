"""Sets an expression as mathematics: the boxes (fractions, powers, fences) that LaTeX and MathML both write down.

    layout(call("divide", w3, w2))      Fraction(Sub(Identifier("w"), Numeral("3")), Sub(...))

What needs parentheses, where a product shows its dot, how sin is squared: all that is decided here, once, so that
the two notations cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias, assert_never

from autograd_lab.explain.expression import (
    Call,
    Derivative,
    Equation,
    Expression,
    Literal,
    Number,
    Sum,
    Symbol,
    Template,
    Times,
    clean,
    split_label,
    times_sign,
)
from autograd_lab.explain.numbers import number


@dataclass(frozen=True, slots=True)
class Identifier:
    """A variable; of one letter in italics, longer upright."""

    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function's name, upright, with the space that belongs before it."""

    name: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as numbers.number writes it, ASCII minus included."""

    digits: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text that stands for a value: an array, a shape, an index."""

    text: str


@dataclass(frozen=True, slots=True)
class Operator:
    """A sign, by a name that both notations have a table for."""

    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """Boxes side by side."""

    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Fraction:
    """One box over another."""

    above: Box
    below: Box


@dataclass(frozen=True, slots=True)
class Sub:
    """A base with an index."""

    base: Box
    index: Box


@dataclass(frozen=True, slots=True)
class Super:
    """A base with an exponent."""

    base: Box
    exponent: Box


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    body: Box


@dataclass(frozen=True, slots=True)
class Fence:
    """A box between two delimiters, "(" and ")", "[" and "]", "|" and "|", that grow with it."""

    left: str
    body: Box
    right: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A user's own LaTeX, with a box for each operand that is set in parentheses where the place asks for them."""

    latex: str
    operands: tuple[tuple[str, Box, Box], ...]  # key, as it is, in parentheses if it is more than one symbol


Box: TypeAlias = Identifier | Function | Numeral | Words | Operator | Row | Fraction | Sub | Super | Root | Fence | Filled


class _Set(NamedTuple):
    """A box, how tightly it binds, and whether it starts with a sign."""

    box: Box
    binding: int
    signed: bool = False


# Loosest first. A fraction is a factor without parentheses and a base of powers only with them.
_EQUATION, _COMPARISON, _SUM, _PRODUCT, _FRACTION, _POWER, _ATOM = range(7)

_COMPARISONS: Final = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})

# Functions whose powers are written sin²(x), as textbooks do. Never with -1, which reads as the inverse.
_POWERED: Final = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})

_NAMES: Final = {"maximum": "max", "minimum": "min"}
_BASES: Final = {"log2": "2", "log10": "10"}


def layout(e: Expression) -> Box:
    """The boxes of an expression."""
    return _set(e).box


def _set(e: Expression) -> _Set:
    match e:
        case Symbol(label):
            return _Set(_symbol(label), _ATOM)
        case Number(value):
            shown = number(value)
            signed = shown.startswith("-")
            return _Set(Numeral(shown), _PRODUCT if signed else _ATOM, signed)
        case Literal(text):
            atom = text.startswith(("[", "(")) or text.isalnum()
            return _Set(Words(clean(text)), _ATOM if atom else _EQUATION)
        case Derivative(of, wrt):
            above, below = (Row((Operator("partial"), _symbol(s.label))) for s in (of, wrt))
            return _Set(Fraction(above, below), _FRACTION)
        case Call():
            return _call(e)
        case Template(latex, operands, _):
            laid = tuple((key, arg.box, _fenced(arg, _ATOM)) for key, arg in ((key, _set(arg)) for key, arg in operands))
            return _Set(Filled(latex, laid), _SUM if _has_sum(latex) else _PRODUCT, latex.lstrip().startswith("-"))
        case Times(factors):
            names = {"×": "times", "·": "dot"}
            signs = [names[times_sign(a, b)] for a, b in pairwise(factors)]
            return _joined(factors, signs, _PRODUCT)
        case Sum(terms):
            return _joined(terms, ["plus"] * (len(terms) - 1), _SUM)
        case Equation(stages):
            items: list[Box] = []
            for stage in stages:
                items += [Operator("equals"), layout(stage)] if items else [layout(stage)]
            return _Set(Row(tuple(items)), _EQUATION)
    assert_never(e)


def _call(e: Call) -> _Set:  # noqa: C901, PLR0912  one case a notation
    if e.params:
        return _named(e)
    match e.kind, e.args:
        case kind, (x, y) if kind in _COMPARISONS:
            return _Set(Row((_at(x, _SUM), Operator(kind), _at(y, _SUM))), _COMPARISON)
        case "add", (x, y):
            return _joined((x, y), ["plus"], _SUM)
        case "subtract", (x, y):
            head = _set(x)
            right = _at(y, _PRODUCT, unsigned=True)
            return _Set(Row((_fenced(head, _SUM), Operator("minus"), right)), _SUM, head.signed)
        case "multiply", (x, y):
            return _product(x, y, associative=True)
        case "matmul", (x, y):
            return _product(x, y, associative=False)
        case "divide", (x, y):
            return _fraction(x, y)
        case "reciprocal", (x,):
            return _fraction(Number(1), x)
        case "negative", (x,):
            return _Set(Row((Operator("negate"), _at(x, _PRODUCT, unsigned=True))), _PRODUCT, signed=True)
        case "positive", (x,):
            return _Set(Row((Operator("affirm"), _at(x, _PRODUCT, unsigned=True))), _PRODUCT, signed=True)
        case "power", (x, y):
            return _power(x, y)
        case "square", (x,):
            return _power(x, Number(2))
        case "sqrt", (x,):
            return _Set(Root(layout(x)), _ATOM)
        case "absolute", (x,):
            return _Set(Fence("|", layout(x), "|"), _ATOM)
        case "exp", (x,):
            return _Set(Super(Identifier("e"), layout(x)), _POWER)
        case "expm1", (x,):
            return _Set(Row((Super(Identifier("e"), layout(x)), Operator("minus"), Numeral("1"))), _SUM)
        case "log1p", (x,):
            return _applied(Function("log"), Row((Numeral("1"), Operator("plus"), _at(x, _SUM, unsigned=True))))
        case ("log2" | "log10") as kind, (x,):
            return _applied(Sub(Function("log"), Numeral(_BASES[kind])), layout(x))
        case "transpose", (x,):
            return _Set(Super(_at(x, _ATOM), Operator("transpose")), _POWER)
        case "subscript", (x, index):
            return _Set(Row((_at(x, _ATOM), Fence("[", layout(index), "]"))), _POWER)
        case _:
            return _named(e)


def _symbol(label: str) -> Box:
    parts = split_label(label)
    if parts is None:
        return Identifier(clean(label))
    letter, digits, index = parts
    name = Sub(Identifier(letter), Numeral(digits))
    return Row((name, Words(index))) if index else name


def _at(e: Expression, needed: int, *, unsigned: bool = False) -> Box:
    """The expression's box, in parentheses where it binds less than its place needs or starts with a sign there."""
    return _fenced(_set(e), needed, unsigned=unsigned)


def _fenced(s: _Set, needed: int, *, unsigned: bool = False) -> Box:
    return s.box if s.binding >= needed and not (unsigned and s.signed) else Fence("(", s.box, ")")


def _named(e: Call) -> _Set:
    """A function of its arguments: sin(x), sum(x, axis=0)."""
    items: list[Box] = []
    for box in (*map(layout, e.args), *(Words(f"{key}={value}") for key, value in e.params)):
        items += [Operator("comma"), box] if items else [box]
    return _applied(Function(clean(_NAMES.get(e.kind, e.kind))), Row(tuple(items)))


def _applied(function: Box, argument: Box) -> _Set:
    return _Set(Row((function, Operator("apply"), Fence("(", argument, ")"))), _POWER)


def _fraction(x: Expression, y: Expression) -> _Set:
    """x over y; a minus sign in front of x stands in front of the fraction."""
    match x:
        case Call("negative", (positive,), ()):
            pass
        case Number(value) if value < 0:
            positive = Number(-value)
        case _:
            return _Set(Fraction(layout(x), layout(y)), _FRACTION)
    return _Set(Row((Operator("negate"), Fraction(layout(positive), layout(y)))), _PRODUCT, signed=True)


def _power(x: Expression, y: Expression) -> _Set:
    match x, y:
        case Call(kind, (argument,), ()), Number(n) if kind in _POWERED and n >= 2 and n % 1 == 0:
            return _applied(Super(Function(kind), layout(y)), layout(argument))
        case _:
            return _Set(Super(_at(x, _ATOM), layout(y)), _POWER)


def _product(x: Expression, y: Expression, *, associative: bool) -> _Set:
    """Side by side, or with a dot where that would read as something else.

    A (B C) keeps its parentheses: which matrix product comes first is what it costs.
    """
    head = _set(x)
    left = _fenced(head, _PRODUCT)
    right = _at(y, _PRODUCT if associative else _FRACTION, unsigned=True)
    sign = Operator("dot" if _collide(_last(left), first(right)) else "juxtapose")
    return _Set(Row((left, sign, right)), _PRODUCT, head.signed and left is head.box)


def _joined(parts: tuple[Expression, ...], signs: list[str], binding: int) -> _Set:
    head, *others = map(_set, parts)
    items = [_fenced(head, binding)]
    for sign, other in zip(signs, others, strict=True):
        items += [Operator(sign), _fenced(other, binding, unsigned=True)]
    return _Set(Row(tuple(items)), binding, head.signed and items[0] is head.box)


def _collide(left: Box, right: Box) -> bool:
    """Whether two factors side by side read as one thing: 2 3, 2 ½, loss rate, or what a user's LaTeX ends with."""
    return (
        isinstance(right, Numeral)
        or (isinstance(left, Numeral) and isinstance(right, Fraction))
        or any(isinstance(box, (Words, Filled)) or _is_long(box) for box in (left, right))
    )


def _is_long(box: Box) -> bool:
    return isinstance(box, Identifier) and len(box.name) > 1


def first(box: Box) -> Box:
    """What the box begins with."""
    match box:
        case Row(items) if items:
            return first(items[0])
        case Super(base, _) | Sub(base, _):
            return first(base)
        case _:
            return box


def _last(box: Box) -> Box:
    match box:
        case Row(items) if items:
            return _last(items[-1])
        case _:
            return box


def _has_sum(latex: str) -> bool:
    """Whether a plus, minus or relation stands outside every group, after the first character."""
    depth = 0
    for i, c in enumerate(latex.strip()):
        depth += (c in "{([") - (c in "})]")
        if depth == 0 and i and c in "+-=<>":
            return True
    return False
