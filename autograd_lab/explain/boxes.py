"""The boxes that mathematics is set with (fractions, powers, fences); LaTeX and MathML both write these down.

    Fraction(Sub(Identifier("w"), Numeral("3")), Sub(Identifier("w"), Numeral("2")))      w3 over w2

`notation.layout` makes them of an expression.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias


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
    """A root: square, or of the order given."""

    body: Box
    order: str = ""


@dataclass(frozen=True, slots=True)
class Fence:
    """A box between two delimiters that grow with it: ( ), [ ], | |, ⌊ ⌋, ⌈ ⌉, ‖ ‖, ⟨ ⟩."""

    left: str
    body: Box
    right: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words between two formulas, with spaces around them: a with b = c."""

    text: str


@dataclass(frozen=True, slots=True)
class Cases:
    """Values beside what each holds for, behind one brace."""

    rows: tuple[tuple[Box, Box], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Boxes in rows and columns, without brackets."""

    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A user's own LaTeX, with a box for each operand that is set in parentheses where the place asks for them."""

    latex: str
    operands: tuple[tuple[str, Box, Box], ...]  # key, as it is, in parentheses if it is more than one symbol


Box: TypeAlias = (
    Identifier
    | Function
    | Numeral
    | Words
    | Operator
    | Row
    | Fraction
    | Sub
    | Super
    | Root
    | Fence
    | Phrase
    | Cases
    | Grid
    | Filled
)


def first(box: Box) -> Box:
    """What the box begins with."""
    match box:
        case Row(items) if items:
            return first(items[0])
        case Super(base, _) | Sub(base, _):
            return first(base)
        case _:
            return box


def last(box: Box) -> Box:
    """What the box ends with."""
    match box:
        case Row(items) if items:
            return last(items[-1])
        case _:
            return box


def phrased(words: str, **boxes: tuple[Box, ...]) -> Row:
    """Boxes with the words of a phrase around them, in the order that the language puts them in."""
    items: list[Box] = []
    for part in filter(None, map(str.strip, re.split(r"(\{\w+\})", words))):
        items += boxes[part[1:-1]] if part.startswith("{") else (Phrase(part),)
    return Row(tuple(items))


def collide(left: Box, right: Box) -> bool:
    """Whether two factors side by side read as one thing: 2 3, 2 ½, loss rate, or what a user's LaTeX ends with."""
    return (
        isinstance(right, Numeral)
        or (isinstance(left, Numeral) and isinstance(right, Fraction))
        or any(isinstance(box, (Words, Filled)) or _is_long(box) for box in (left, right))
    )


def _is_long(box: Box) -> bool:
    return isinstance(box, Identifier) and len(box.name) > 1
