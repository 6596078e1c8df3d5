"""Simplifies a formula with SymPy, where it is installed: `simplified(e)`, an expression again or None.

SymPy is asked for cheap rewriting only (like terms, products multiplied out, a common factor put in front), whose time
grows with the size of the formula: its `simplify` may think for minutes. What it gives is turned back into our own
expression, so that one printer writes everything. What has no form there (an array, a linear map, a user's primitive)
stands as a symbol that means itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

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
    call,
    operations,
    split_label,
)

MOST_OPERATIONS: Final = 150
"""Of a formula that is simplified: this many take SymPy some tens of milliseconds."""

MOST_TERMS: Final = 60
"""Of a product that is multiplied out."""

_LARGE: Final = 64  # powers of numbers are computed up to this: 9**9**9 would not end

_FUNCTIONS: Final = {
    "exp": "exp",
    "log": "log",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "absolute": "Abs",
    "sign": "sign",
}
"""NumPy's name of a function of one number, and SymPy's."""

_ARITHMETIC: Final[dict[tuple[str, int], Callable[..., Any]]] = {
    ("add", 2): lambda x, y: x + y,
    ("subtract", 2): lambda x, y: x - y,
    ("multiply", 2): lambda x, y: x * y,
    ("divide", 2): lambda x, y: x / y,
    ("negative", 1): lambda x: -x,
    ("positive", 1): lambda x: x,
    ("reciprocal", 1): lambda x: 1 / x,
    ("square", 1): lambda x: x**2,
}


class _NoForm(Exception):
    """What SymPy gave cannot be written as one of our expressions: an infinity, an imaginary number."""


def simplified(e: Expression) -> Expression | None:
    """The shortest of what cheap rewriting makes of a formula of scalars; None without SymPy, and where that has no answer."""
    if operations(e) > MOST_OPERATIONS:
        return None
    try:
        import sympy
    except ImportError:
        return None
    names = _Names(sympy, sorted(_variables(e), key=_by_number))
    plain = names.to_sympy(e)
    candidates = [plain]
    if _terms(plain, sympy) <= MOST_TERMS:
        candidates.append(sympy.expand_mul(plain, deep=False))
    candidates += [sympy.factor_terms(candidate) for candidate in tuple(candidates)]
    if plain.has(sympy.I, sympy.zoo, sympy.nan, sympy.oo, sympy.S.NegativeInfinity):
        return None
    try:
        written = [names.from_sympy(candidate) for candidate in candidates]
    except (_NoForm, OverflowError):
        return None
    return min(written, key=operations)  # the first of the shortest


def _variables(e: Expression) -> set[Symbol]:
    """The variables of a formula."""
    match e:
        case Symbol():
            return {e}
        case Call(_, parts) | Times(parts) | Sum(parts):
            return set().union(*map(_variables, parts))
        case _:
            return set()


def _by_number(symbol: Symbol) -> tuple[str, int, str]:
    """w2 before w10."""
    parts = split_label(symbol.label)
    return (symbol.label, 0, "") if parts is None else (parts[0], int(parts[1]), parts[2])


def _terms(e: Any, sympy: Any) -> int:
    """How many terms a formula has when its products are multiplied out."""
    if isinstance(e, sympy.Add):
        return sum(_terms(arg, sympy) for arg in e.args)
    count = 1
    if isinstance(e, sympy.Mul):
        for arg in e.args:
            count *= _terms(arg, sympy)
    return count


class _Names:
    """The symbols that stand for our variables, and for what has no form in SymPy, and the way back."""

    def __init__(self, sympy: Any, variables: Sequence[Symbol]) -> None:
        """The variables come first, in this order, which is the one that terms and factors are written in."""
        self._sympy = sympy
        self._symbols: dict[Expression | int, Any] = {}
        self._meanings: dict[Any, Expression] = {}
        self._functions = {getattr(sympy, theirs): ours for ours, theirs in _FUNCTIONS.items()}
        for variable in variables:
            self._symbol(variable)

    # -- there --

    def to_sympy(self, e: Expression) -> Any:
        """The formula as SymPy's; operands are a few operations deep, so this may recurse."""
        match e:
            case Number(value):
                return self._number(value)
            case Times(factors):
                return self._sympy.Mul(*map(self.to_sympy, factors))
            case Sum(terms):
                return self._sympy.Add(*map(self.to_sympy, terms))
            case Call(kind, args, ()) if (kind, len(args)) in _ARITHMETIC:
                return _ARITHMETIC[kind, len(args)](*map(self.to_sympy, args))
            case Call("sqrt", (argument,), ()):
                return self._sympy.sqrt(self.to_sympy(argument))
            case Call("power", (base, exponent), ()):
                return self._power(e, self.to_sympy(base), self.to_sympy(exponent))
            case Call(kind, (argument,), ()) if kind in _FUNCTIONS:
                return getattr(self._sympy, _FUNCTIONS[kind])(self.to_sympy(argument))
            case _:
                return self._symbol(e)

    def _number(self, value: float) -> Any:
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - nan
            return self._symbol(Number(value))
        return self._sympy.Integer(int(value)) if value == int(value) else self._sympy.Float(value)

    def _power(self, e: Expression, base: Any, exponent: Any) -> Any:
        """A power; of numbers only where it is a moderate real one, as it would be worked out at once."""
        for number in (base, exponent):
            if number.is_number and not (number.is_real and abs(number) <= _LARGE):
                return self._symbol(e)
        if base.is_number and not base.is_positive and not exponent.is_integer:
            return self._symbol(e)
        return base**exponent

    def _symbol(self, e: Expression) -> Any:
        """The symbol of a variable; what has no form gets a new one, unless it is sure to mean the same as one before."""
        key = e if _names_its_value(e) else id(e)  # the same object means the same; _meanings keeps it alive
        if key not in self._symbols:
            symbol = self._sympy.Symbol(f"s{len(self._meanings):04d}", real=True)  # in order of appearance
            self._symbols[key] = symbol
            self._meanings[symbol] = e
        return self._symbols[key]

    # -- and back --

    def from_sympy(self, e: Any) -> Expression:
        """SymPy's formula as ours, its terms and factors in SymPy's order, which is the same each time."""
        if e in self._meanings:
            return self._meanings[e]
        sympy = self._sympy
        if e.is_Rational or e.is_Float or isinstance(e, sympy.NumberSymbol):
            return call("divide", Number(float(e.p)), Number(float(e.q))) if e.is_Rational else Number(float(e))
        if e.is_Add:
            first, *others = (self.from_sympy(term) for term in e.as_ordered_terms())
            for other in others:
                first = call("add", first, other)
            return first
        if e.is_Mul or e.is_Pow:
            return self._fraction(e)
        if e.func in self._functions:
            return call(self._functions[e.func], self.from_sympy(e.args[0]))
        raise _NoForm(str(e))

    def _fraction(self, e: Any) -> Expression:
        above: list[Expression] = []
        below: list[Expression] = []
        sign = 1
        for factor in e.as_ordered_factors():
            if factor.is_Rational:
                sign *= -1 if factor < 0 else 1  # SymPy gives -3 as -1 and 3
                above += [Number(float(abs(factor.p)))] if abs(factor.p) != 1 else []
                below += [Number(float(factor.q))] if factor.q != 1 else []
                continue
            base, exponent = factor.as_base_exp() if factor.is_Pow else (factor, self._sympy.Integer(1))
            inverse = exponent.is_number and exponent.is_negative
            (below if inverse else above).append(self._raised(base, -exponent if inverse else exponent))
        made = self._product(above)
        if below:
            made = call("divide", made, self._product(below))
        return call("negative", made) if sign < 0 else made

    def _raised(self, base: Any, exponent: Any) -> Expression:
        if exponent == self._sympy.Rational(1, 2):
            return call("sqrt", self.from_sympy(base))
        return call("power", self.from_sympy(base), self.from_sympy(exponent))

    def _product(self, factors: list[Expression]) -> Expression:
        made: Expression = Number(1.0)
        for factor in factors:
            made = call("multiply", made, factor)
        return made


def _names_its_value(e: Expression) -> bool:
    """Whether the same words mean the same value: not so of a shape, of keywords that were shortened, of a linear map."""
    match e:
        case Symbol() | Number():
            return True
        case Call(_, args, ()):
            return all(map(_names_its_value, args))
        case Template(_, _, base):
            return _names_its_value(base)
        case Times(parts) | Sum(parts) | Equation(parts):
            return all(map(_names_its_value, parts))
        case Literal() | Derivative() | Call():
            return False
