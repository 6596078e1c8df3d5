"""Sets an expression as mathematics: the boxes (fractions, powers, fences) that LaTeX and MathML both write down.

    layout(call("divide", w3, w2))      Fraction(Sub(Identifier("w"), Numeral("3")), Sub(...))

What needs parentheses, where a product shows its dot, how sin is squared: all that is decided here, once, so that
the two notations cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, assert_never

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
    collide,
    first,
    last,
    phrased,
)
from autograd_lab.explain.expression import (
    Call,
    Derivative,
    Equation,
    Expression,
    Literal,
    Matrix,
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
from autograd_lab.language import gettext as _


class _Set(NamedTuple):
    """A box, how tightly it binds, and whether it starts with a sign."""

    box: Box
    binding: int
    signed: bool = False


# Loosest first. A fraction is a factor without parentheses and a base of powers only with them.
_CLAUSE, _EQUATION, _COMPARISON, _REMAINDER, _SUM, _PRODUCT, _FRACTION, _POWER, _ATOM = range(9)

_COMPARISONS: Final = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})

# Functions whose powers are written sin²(x), as textbooks do. Never with -1, which reads as the inverse.
_POWERED: Final = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})

_NAMES: Final = {"maximum": "max", "minimum": "min", "trace": "tr", "sign": "sgn", "var": "Var"}


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
        case Matrix(_, rows):
            return _Set(Fence("[", Grid(tuple(tuple(map(Numeral, row)) for row in rows)), "]"), _ATOM)
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
            names = {"×": "times", "⊙": "elementwise", "·": "dot"}
            return _joined(factors, [names[times_sign(factors)]] * (len(factors) - 1), _PRODUCT)
        case Sum(terms):
            return _joined(terms, ["plus"] * (len(terms) - 1), _SUM)
        case Equation(stages):
            items: list[Box] = []
            for stage in stages:
                items += [Operator("equals"), _at(stage, _EQUATION)] if items else [_at(stage, _EQUATION)]
            return _Set(Row(tuple(items)), _EQUATION)
    assert_never(e)


def _call(e: Call) -> _Set:
    if e.params:
        ((key, value), *others) = e.params
        return _norm(e.args[0], value) if (e.kind, key) == ("norm", "ord") and not others else _named(e)
    notation = _NOTATIONS.get((e.kind, len(e.args)))
    if notation is not None:
        return notation(*e.args)
    if e.kind in _COMPARISONS and len(e.args) == 2:
        return _infix(e.kind, _COMPARISON, _SUM)(*e.args)
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
    arguments = _listed((*map(layout, e.args), *(Words(f"{key}={value}") for key, value in e.params)))
    if e.kind.startswith(("jvp_", "vjp_")):  # a map too long to write: it is called by what it goes through
        return _applied(Sub(Function(e.kind[:3]), Words(clean(e.kind[4:]))), arguments)
    return _applied(Function(clean(_NAMES.get(e.kind, e.kind))), arguments)


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
    sign = Operator("dot" if collide(last(left), first(right)) else "juxtapose")
    return _Set(Row((left, sign, right)), _PRODUCT, head.signed and left is head.box)


def _joined(parts: tuple[Expression, ...], signs: list[str], binding: int) -> _Set:
    head, *others = map(_set, parts)
    items = [_fenced(head, binding)]
    for sign, other in zip(signs, others, strict=True):
        items += [Operator(sign), _fenced(other, binding, unsigned=True)]
    return _Set(Row(tuple(items)), binding, head.signed and items[0] is head.box)


def _infix(operator: str, binding: int, needed: int) -> Callable[..., _Set]:
    """x sign y, where neither operand may bind less than `needed`."""
    return lambda x, y: _Set(Row((_at(x, needed), Operator(operator), _at(y, needed, unsigned=True))), binding)


def _between(left: str, right: str) -> Callable[..., _Set]:
    """The operands between delimiters."""
    return lambda *xs: _Set(Fence(left, _listed(map(layout, xs)), right), _ATOM)


def _signed(sign: str) -> Callable[..., _Set]:
    return lambda x: _Set(Row((Operator(sign), _at(x, _PRODUCT, unsigned=True))), _PRODUCT, signed=True)


def _of_base(base: str) -> Callable[..., _Set]:
    """A logarithm."""
    return lambda x: _applied(Sub(Function("log"), Numeral(base)), layout(x))


def _raised(base: Box) -> Callable[..., _Set]:
    """A number to a power."""
    return lambda x: _Set(Super(base, layout(x)), _POWER)


def _marked(mark: Box) -> Callable[..., _Set]:
    """A matrix with a mark in the place of an exponent: transposed, inverted."""
    return lambda x: _Set(Super(_at(x, _ATOM), mark), _POWER)


def _transpose(x: Expression) -> _Set:
    match x:
        case Call("inv", (a,), ()):
            return _marked(Row((Operator("negate"), Operator("transpose"))))(a)
        case _:
            return _marked(Operator("transpose"))(x)


def _inverse(x: Expression) -> _Set:
    match x:
        case Call(("transpose" | "matrix_transpose"), (a,), ()):
            return _transpose(Call("inv", (a,)))
        case _:
            return _marked(Numeral("-1"))(x)


def _norm(x: Expression, order: str = "") -> _Set:
    fence = Fence("‖", layout(x), "‖")
    return _Set(Sub(fence, Words(order)) if order else fence, _ATOM)


def _hypot(x: Expression, y: Expression) -> _Set:
    return _Set(Root(layout(Call("add", (Call("square", (x,)), Call("square", (y,)))))), _ATOM)


def _logaddexp(power: str, log: str) -> Callable[..., _Set]:
    return lambda x, y: _set(Call(log, (Call("add", (Call(power, (x,)), Call(power, (y,)))),)))


def _cases(condition: Expression, x: Expression, y: Expression) -> _Set:
    """Where a condition holds, x; otherwise y."""
    holds = phrased(_("where {condition}"), condition=(layout(condition),))
    return _Set(Cases(((layout(x), holds), (layout(y), Phrase(_("otherwise"))))), _SUM)


def _replaced(sign: str) -> Callable[..., _Set]:
    """What an assignment leaves: x with [i] = y."""

    def notation(x: Expression, place: Expression, y: Expression) -> _Set:
        value = _at(y, _COMPARISON, unsigned=True)
        change = (layout(place), Operator(sign), value)
        return _Set(phrased(_("{array} with {change}"), array=(_at(x, _COMPARISON),), change=change), _CLAUSE)

    return notation


def _derived(name: str, primes: int) -> Callable[..., _Set]:
    return lambda x: _applied(Super(Function(name), Row((Operator("prime"),) * primes)), layout(x))


def _listed(boxes: Iterable[Box]) -> Row:
    items: list[Box] = []
    for box in boxes:
        items += [Operator("comma"), box] if items else [box]
    return Row(tuple(items))


# By an operation's name and the number of its operands. Whatever has no line here is written as a function: sin(x).
_NOTATIONS: Final[dict[tuple[str, int], Callable[..., _Set]]] = {
    ("add", 2): lambda x, y: _joined((x, y), ["plus"], _SUM),
    ("subtract", 2): lambda x, y: _difference(x, y),
    ("multiply", 2): lambda x, y: _product(x, y, associative=True),
    ("divide", 2): lambda x, y: _fraction(x, y),
    ("floor_divide", 2): lambda x, y: _Set(Fence("⌊", _fraction(x, y).box, "⌋"), _ATOM),
    ("remainder", 2): lambda x, y: _remainder(x, y),
    ("reciprocal", 1): lambda x: _fraction(Number(1), x),
    ("negative", 1): _signed("negate"),
    ("positive", 1): _signed("affirm"),
    ("power", 2): lambda x, y: _power(x, y),
    ("square", 1): lambda x: _power(x, Number(2)),
    ("sqrt", 1): lambda x: _Set(Root(layout(x)), _ATOM),
    ("cbrt", 1): lambda x: _Set(Root(layout(x), "3"), _ATOM),
    ("absolute", 1): _between("|", "|"),
    ("floor", 1): _between("⌊", "⌋"),
    ("ceil", 1): _between("⌈", "⌉"),
    ("hypot", 2): _hypot,
    ("exp", 1): _raised(Identifier("e")),
    ("exp2", 1): _raised(Numeral("2")),
    ("expm1", 1): lambda x: _Set(Row((Super(Identifier("e"), layout(x)), Operator("minus"), Numeral("1"))), _SUM),
    ("log1p", 1): lambda x: _applied(Function("log"), Row((Numeral("1"), Operator("plus"), _at(x, _SUM, unsigned=True)))),
    ("log2", 1): _of_base("2"),
    ("log10", 1): _of_base("10"),
    ("logaddexp", 2): _logaddexp("exp", "log"),
    ("logaddexp2", 2): _logaddexp("exp2", "log2"),
    ("sinc'", 1): _derived("sinc", 1),
    ("sinc''", 1): _derived("sinc", 2),
    ("where", 3): _cases,
    ("matmul", 2): lambda x, y: _product(x, y, associative=False),
    ("matvec", 2): lambda x, y: _product(x, y, associative=False),
    ("inner", 2): _between("⟨", "⟩"),
    ("vecdot", 2): _between("⟨", "⟩"),
    ("outer", 2): _infix("tensor", _PRODUCT, _FRACTION),
    ("cross", 2): _infix("times", _PRODUCT, _FRACTION),
    ("transpose", 1): _transpose,
    ("matrix_transpose", 1): _transpose,
    ("inv", 1): _inverse,
    ("pinv", 1): _marked(Operator("affirm")),
    ("solve", 2): lambda a, b: _product(Call("inv", (a,)), b, associative=False),
    ("norm", 1): _norm,
    ("subscript", 2): lambda x, index: _Set(Row((_at(x, _ATOM), Fence("[", layout(index), "]"))), _POWER),
    ("field", 2): lambda x, name: _Set(Row((_at(x, _ATOM), Operator("point"), layout(name))), _ATOM),
    ("replaced", 3): _replaced("equals"),
    ("increased", 3): _replaced("increase"),
}


def _remainder(x: Expression, y: Expression) -> _Set:
    """x mod y; with a sign in front, -x mod y would read as -(x mod y)."""
    return _Set(Row((_at(x, _PRODUCT, unsigned=True), Operator("modulo"), _at(y, _FRACTION, unsigned=True))), _REMAINDER)


def _difference(x: Expression, y: Expression) -> _Set:
    head = _set(x)
    right = _at(y, _PRODUCT, unsigned=True)
    return _Set(Row((_fenced(head, _SUM), Operator("minus"), right)), _SUM, head.signed)


def _has_sum(latex: str) -> bool:
    """Whether a plus, minus or relation stands outside every group, after the first character."""
    depth = 0
    for i, c in enumerate(latex.strip()):
        depth += (c in "{([") - (c in "})]")
        if depth == 0 and i and c in "+-=<>":
            return True
    return False
