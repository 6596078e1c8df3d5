"""Prints an expression as MathML, which browsers show natively and screen readers read: `mathml(e)`.

    mathml(w3)                         <math><msub><mi>w</mi><mn>3</mn></msub></math>
    mathml(equation, display=True)     <math display="block">...</math>, a row of its own

The result is well-formed XML whatever the names are, and has no element but MathML's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Final, assert_never

from autograd_lab.explain.boxes import (
    Box,
    Cases,
    Fence,
    Filled,
    Fraction,
    Function,
    Grid,
    Identifier,
    Numeral,
    Operator,
    Phrase,
    Root,
    Row,
    Sub,
    Super,
    Words,
    first,
)
from autograd_lab.explain.expression import Expression
from autograd_lab.explain.notation import layout
from autograd_lab.explain.templates import convert

_OPERATORS: Final = {
    "equals": "<mo>=</mo>",
    "comma": "<mo>,</mo>",
    "apply": "<mo>&#x2061;</mo>",
    "juxtapose": "<mo>&#x2062;</mo>",
    "dot": "<mo>⋅</mo>",
    "times": "<mo>×</mo>",
    "elementwise": "<mo>⊙</mo>",
    "plus": "<mo>+</mo>",
    "minus": "<mo>−</mo>",
    "negate": "<mo>−</mo>",
    "affirm": "<mo>+</mo>",
    "partial": "<mi>∂</mi>",
    "transpose": "<mi>⊤</mi>",
    "less": "<mo>&lt;</mo>",
    "less_equal": "<mo>≤</mo>",
    "greater": "<mo>&gt;</mo>",
    "greater_equal": "<mo>≥</mo>",
    "equal": "<mo>==</mo>",
    "not_equal": "<mo>≠</mo>",
    "modulo": "<mo>mod</mo>",
    "tensor": "<mo>⊗</mo>",
    "prime": "<mo>′</mo>",
    "point": '<mo lspace="0" rspace="0">.</mo>',
    "increase": "<mo>+=</mo>",
}

_BREAKS: Final = frozenset({"equals", "plus", "minus"})
_FACTORS: Final = frozenset({"dot", "times"})
_LONG_PRODUCT: Final = 15  # factors and signs: eight factors stay together


def mathml(e: Expression, *, display: bool = False) -> str:
    """The expression as a <math> element, inline or as a displayed row.

    ValueError, naming the template, if a user's LaTeX in it cannot be converted.
    """
    opening = '<math display="block">' if display else "<math>"
    return f"{opening}{_write(layout(e))}</math>"


def wrapping(e: Expression) -> str:
    """The expression as several <math> elements, which a browser sets on as many lines as it needs.

    A line may break before an equals sign, a plus or a minus, and in a long product before a factor: browsers break none
    inside of <math>.
    """
    pieces: list[list[Box]] = [[]]
    for box in _flat(layout(e)):
        if isinstance(box, Operator) and pieces[-1]:
            pieces.append([])
        pieces[-1].append(box)
    return "\u200b".join(f"<math>{_infix(_write(Row(tuple(piece))), piece[0])}</math>" for piece in pieces)


def _flat(box: Box) -> Iterator[Box]:
    """The boxes between which a line may break, with the operators that they are joined by."""
    breaking = isinstance(box, Row) and any(
        isinstance(item, Operator) and (item.name in _BREAKS or (item.name in _FACTORS and len(box.items) > _LONG_PRODUCT))
        for item in box.items[1:]
    )
    if not breaking:
        yield box
        return
    assert isinstance(box, Row)
    for item in box.items:
        yield from _flat(item)


def _infix(written: str, first_box: Box) -> str:
    """An operator in front keeps the space that it has between two operands."""
    return written.replace("<mo>", '<mo form="infix">', 1) if isinstance(first_box, Operator) else written


def _write(box: Box) -> str:  # noqa: C901, PLR0912  one case a kind of box
    match box:
        case Identifier(name) | Function(name):
            return f"<mi>{escape(name)}</mi>"
        case Numeral(digits):
            tag = "mn" if any(c.isdigit() for c in digits) else "mi"
            return f"<{tag}>{digits.replace('-', '−')}</{tag}>"
        case Words(text):
            # No <mtext>: it counts as a space, and the plus between two of them would lose its own.
            tag = "mn" if any(c.isdigit() for c in text) else "mi"
            return f"<{tag}>{escape(re.sub(r'-(?=[0-9.]|inf)', '−', text))}</{tag}>"
        case Operator(name):
            return _OPERATORS[name]
        case Row(items):
            return f"<mrow>{''.join(map(_write, items[:1]))}{''.join(map(_spaced, items, items[1:]))}</mrow>"
        case Fraction(above, below):
            return f"<mfrac>{_write(above)}{_write(below)}</mfrac>"
        case Super(Sub(base, index), exponent):
            return f"<msubsup>{_write(base)}{_write(index)}{_write(exponent)}</msubsup>"
        case Sub(base, index):
            return f"<msub>{_write(base)}{_write(index)}</msub>"
        case Super(base, exponent):
            return f"<msup>{_write(base)}{_write(exponent)}</msup>"
        case Root(body, order):
            return f"<mroot>{_write(body)}<mn>{order}</mn></mroot>" if order else f"<msqrt>{_write(body)}</msqrt>"
        case Phrase(text):
            return f"<mtext>&#xa0;{escape(text)}&#xa0;</mtext>"
        case Cases(rows):
            cells = "".join(f"<mtr><mtd>{_write(value)}</mtd><mtd>{_write(holds)}</mtd></mtr>" for value, holds in rows)
            return f'<mrow><mo stretchy="true">{{</mo><mtable>{cells}</mtable></mrow>'
        case Grid(rows):
            lines = ("".join(f"<mtd>{_write(cell)}</mtd>" for cell in row) for row in rows)
            return f"<mtable>{''.join(f'<mtr>{line}</mtr>' for line in lines)}</mtable>"
        case Fence(left, body, right):
            inside = _write(body)
            # Left to stretch, STIX's parentheses grow and gape around a single letter.
            still = "" if "<mfrac>" in inside or "<mtable" in inside else ' stretchy="false"'
            return f"<mrow><mo{still}>{left}</mo>{inside}<mo{still}>{right}</mo></mrow>"
        case Filled(template, operands):
            return f"<mrow>{convert(template, {k: (_write(plain), _write(fenced)) for k, plain, fenced in operands})}</mrow>"
    assert_never(box)


def _spaced(before: Box, box: Box) -> str:
    """The box, with the thin space of w₂ cos(w₁), which MathML does not put before a function's name by itself."""
    thin = before == Operator("juxtapose") and isinstance(first(box), Function)
    return ('<mspace width="0.1667em"></mspace>' if thin else "") + _write(box)
