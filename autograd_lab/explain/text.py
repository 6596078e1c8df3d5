"""Prints an expression as one line of NumPy: `text(e)`; fits a line to the picture: `elide`, `wrap`.

    text(call("divide", call("negative", w3), w2))     -w3/w2
    text(Derivative(f, w1), subscripts=True)           ∂f/∂w₁      the same, for eyes rather than for Python
    elide("∂f/∂w₁ = 2.584", 8)                         ∂f/∂w₁…
    wrap("∂f/∂w₁ = 2.584", 8)                          ∂f/∂w₁ =, 2.584

Parentheses are Python's: `text` of a formula of operations, evaluated, gives the formula's value to the last bit.
Minus signs are ASCII, as in code.
"""

from __future__ import annotations

import unicodedata
from typing import Final, assert_never

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
    right_to_left,
    split_label,
    times_sign,
)
from autograd_lab.explain.numbers import number
from autograd_lab.language import gettext as _

# How tightly a form binds, loosest first. An operand that binds less than its place asks gets parentheses.
_CLAUSE, _EQUATION, _COMPARISON, _SUM, _REMAINDER, _PRODUCT, _SIGN, _POWER, _ATOM = range(9)

# Sign, precedence, what the left operand must bind at least, what the right one must.
# The right operand of a product may not itself be one (a/(b*c)), nor start with a minus sign. Nor may a remainder be one
# of its operands: a % b * c has a value, and no reader knows which.
_BINARY: Final = {
    "less": (" < ", _COMPARISON, _SUM, _SUM),
    "less_equal": (" <= ", _COMPARISON, _SUM, _SUM),
    "greater": (" > ", _COMPARISON, _SUM, _SUM),
    "greater_equal": (" >= ", _COMPARISON, _SUM, _SUM),
    "equal": (" == ", _COMPARISON, _SUM, _SUM),
    "not_equal": (" != ", _COMPARISON, _SUM, _SUM),
    "add": (" + ", _SUM, _SUM, _PRODUCT),
    "subtract": (" - ", _SUM, _SUM, _PRODUCT),
    "multiply": ("*", _PRODUCT, _PRODUCT, _POWER),
    "divide": ("/", _PRODUCT, _PRODUCT, _POWER),
    "remainder": (" % ", _REMAINDER, _PRODUCT, _POWER),
    "floor_divide": (" // ", _REMAINDER, _PRODUCT, _POWER),
    "matmul": (" @ ", _PRODUCT, _PRODUCT, _POWER),
}

_SHORT_NAMES: Final = {"absolute": "abs"}
_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def text(e: Expression, *, subscripts: bool = False) -> str:
    """The expression on one line, in NumPy's syntax; with `subscripts` w1 reads w₁."""
    return _Printer(subscripts).print(e)[0]


def unicode(e: Expression) -> str:
    """The expression as the picture shows it: ∂f/∂w₁, cos(w₁)."""
    return text(e, subscripts=True)


def elide(line: str, width: int) -> str:
    """The line in at most `width` characters, its end replaced by … where it is longer.

    Hangul, Chinese and emoji take the room of two. No letter loses its accent.
    """
    if columns(line) <= width:
        return line
    end, used = 0, 1  # 1: the ellipsis
    for cluster in _clusters(line):
        used += columns(cluster)
        if used > width:
            break
        end += len(cluster)
    return line[:end].rstrip() + "…" if width > 0 else ""


def wrap(line: str, width: int) -> list[str]:
    """The line as lines of at most `width` characters, broken at spaces, and within a word only where it is longer.

    Hangul, Chinese and emoji take the room of two.
    """
    lines, room = [""], width
    for word in line.split():
        for i, piece in enumerate(_pieces(word, width)):
            gap = " " if lines[-1] and i == 0 else ""
            if columns(gap + piece) > room and lines[-1]:
                lines.append("")
                gap, room = "", width
            lines[-1] += gap + piece
            room -= columns(gap + piece)
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces that fit."""
    if columns(word) <= width:
        return [word]
    pieces = [""]
    for cluster in _clusters(word):
        if pieces[-1] and columns(pieces[-1] + cluster) > width:
            pieces.append("")
        pieces[-1] += cluster
    return pieces


def columns(line: str) -> int:
    """The room that a line takes in a monospaced type, in characters; Hangul, Chinese and emoji take that of two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def _clusters(line: str) -> list[str]:
    """The line in pieces that belong together: a letter with its marks, emoji joined by a joiner."""
    pieces: list[str] = []
    for c in line:
        joined = pieces and (unicodedata.category(c).startswith("M") or c == "\u200d" or pieces[-1].endswith("\u200d"))
        if joined:
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


class _Printer:
    """Prints each form as its text and how tightly that binds."""

    def __init__(self, subscripts: bool) -> None:
        self._subscripts = subscripts

    def print(self, e: Expression) -> tuple[str, int]:
        match e:
            case Symbol(label):
                return self._symbol(label), _ATOM
            case Number(value):
                shown = number(value)
                return shown, _SIGN if shown.startswith("-") else _ATOM
            case Literal(words):
                shown = clean(words)
                return shown, _ATOM if shown.startswith(("[", "(")) or shown.isalnum() else _EQUATION
            case Derivative(of, wrt):
                return f"∂{self._symbol(of.label)}/∂{self._symbol(wrt.label)}", _PRODUCT
            case Call():
                return self._call(e)
            case Template():
                return self.print(e.base)
            case Times(factors):
                return self._joined(factors, _PRODUCT), _PRODUCT
            case Sum(terms):
                return self._joined(terms, _SUM), _SUM
            case Equation(stages):
                return " = ".join(self._at(stage, _EQUATION) for stage in stages), _EQUATION
        assert_never(e)

    def _symbol(self, label: str) -> str:
        parts = split_label(label)
        if parts is None:
            # Isolated, or two Hebrew names would trade places around the minus sign between them.
            return f"\u2068{clean(label)}\u2069" if right_to_left(label) else clean(label)
        letter, digits, index = parts
        return letter + (digits.translate(_SUBSCRIPTS) if self._subscripts else digits) + index

    def _call(self, e: Call) -> tuple[str, int]:
        if not e.params:
            match e.kind, e.args:
                case kind, (x, y) if kind in _BINARY:
                    sign, precedence, left, right = _BINARY[kind]
                    return self._at(x, left) + sign + self._at(y, right, unsigned=True), precedence
                case "negative", (x,):
                    return self._signed("-", x)
                case "positive", (x,):
                    return self._signed("+", x)
                case "reciprocal", (x,):
                    return "1/" + self._at(x, _POWER), _PRODUCT
                case "square", (x,):
                    return self._at(x, _ATOM) + "**2", _POWER
                case "power", (x, y):
                    exponent = self.print(y)[0] if isinstance(y, Number) else self._at(y, _ATOM)
                    return f"{self._at(x, _ATOM)}**{exponent}", _POWER
                case "transpose", (x,):
                    return self._postfix(x) + ".T", _ATOM
                case "matrix_transpose", (x,):
                    return self._postfix(x) + ".mT", _ATOM
                case "field", (x, name):
                    return f"{self._postfix(x)}.{self.print(name)[0]}", _ATOM
                case ("replaced" | "increased") as kind, (x, place, y):
                    sign = "=" if kind == "replaced" else "+="
                    change = f"{self.print(place)[0]} {sign} {self._at(y, _COMPARISON)}"
                    return _("{array} with {change}").format(array=self._at(x, _COMPARISON), change=change), _CLAUSE
                case "subscript", (x, index):
                    return f"{self._postfix(x)}[{self.print(index)[0]}]", _ATOM
        shown = [self.print(arg)[0] for arg in e.args] + [f"{key}={value}" for key, value in e.params]
        return f"{clean(_SHORT_NAMES.get(e.kind, e.kind))}({', '.join(shown)})", _ATOM

    def _signed(self, sign: str, x: Expression) -> tuple[str, int]:
        """-a*b for -(a*b): the sign of a product is exact wherever it stands."""
        shown, precedence = self.print(x)
        bare = precedence >= _PRODUCT and not shown.startswith(("-", "+"))
        return sign + (shown if bare else f"({shown})"), _PRODUCT if precedence == _PRODUCT else _SIGN

    def _postfix(self, x: Expression) -> str:
        return f"({self.print(x)[0]})" if isinstance(x, Number) else self._at(x, _ATOM)

    def _at(self, e: Expression, needed: int, *, unsigned: bool = False) -> str:
        shown, precedence = self.print(e)
        bare = precedence >= needed and not (unsigned and shown.startswith(("-", "+")))
        return shown if bare else f"({shown})"

    def _joined(self, parts: tuple[Expression, ...], precedence: int) -> str:
        sign = times_sign(parts) if precedence == _PRODUCT else "+"
        return f" {sign} ".join(self._at(part, precedence, unsigned=i > 0) for i, part in enumerate(parts))
