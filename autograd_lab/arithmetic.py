"""Formulas given as text, read without ever running the text as code.

`parse("x*y + sin(x)", ["x", "y"])` gives a `Formula`; called with Tensors or numbers it computes, and records, as the
same Python function would. The language is numbers, pi, e, the names given, + - * / ** ( ), a leading minus, and the
NumPy functions of the primitive table, with or without `np.`. Whatever else the text holds is `Refused` by name.

Python's own parser reads the text, so precedence is Python's; nothing is compiled. Numbers are floats from the start:
9**9**9**9 is inf at once, never an integer that fills the memory. Nothing here recurses over the formula.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import math
import operator
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograd_lab.core import primitives  # noqa: F401 - fills the table below
from autograd_lab.core.modes import source_text
from autograd_lab.core.primitives.row import Primitive
from autograd_lab.core.primitives.table import COMPOSED, FUNCTIONS, UFUNCS
from autograd_lab.core.tensor import Tensor
from autograd_lab.language import gettext as _
from autograd_lab.language import ngettext

MAX_CHARACTERS: Final = 4_000  # Python's parser stays within its own nesting limits for chains of this length
MAX_OPERATIONS: Final = 400  # about as many as a picture can show
CONSTANTS: Final = {"pi": math.pi, "e": math.e}
OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
COUNTS: Final = {"clip": 3, "dot": 2, "inner": 2} | dict.fromkeys(
    ("sum", "prod", "mean", "median", "nanmedian", "max", "min", "var", "std"), 1
)
"""How many numbers those functions take that are of arrays and of numbers too."""

EXAMPLES: Final = "sin, exp, log, sqrt, tanh, arctan2, hypot, floor, maximum"


class Refused(ValueError):
    """What a person gave is not taken; the message names it and says what to do instead."""


@dataclass(frozen=True, slots=True)
class Push:
    """Put a number, or the value of a name, on the stack."""

    what: float | str


@dataclass(frozen=True, slots=True)
class Apply:
    """Replace the topmost `count` values by `function` of them; `source` is what the text says so with, from `start`."""

    function: Callable[..., Any]
    count: int
    source: str
    start: int


@dataclass(frozen=True)
class Formula:
    """A formula that was read: `formula(x=2.0, y=3.0)` computes it, on Tensors recording each operation."""

    text: str
    names: tuple[str, ...]
    program: tuple[Push | Apply, ...]  # postfix: operands stand before what uses them

    __name__ = "f"

    @property
    def __signature__(self) -> inspect.Signature:
        """One parameter a name, so that whoever calls a Formula can bind its arguments as for any function."""
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature([inspect.Parameter(name, kind) for name in self.names])

    @property
    def constant(self) -> bool:
        """Whether no name stands in the formula."""
        return not any(isinstance(instruction, Push) and isinstance(instruction.what, str) for instruction in self.program)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """The value of the formula.

        Raises:
            Refused: a function does not take what the formula gives it, or gives back an array.
        """
        values = self.__signature__.bind(*args, **kwargs).arguments
        stack: list[Any] = []
        for instruction in self.program:
            if isinstance(instruction, Push):
                stack.append(values[instruction.what] if isinstance(instruction.what, str) else instruction.what)
            else:
                operands = stack[-instruction.count :]
                del stack[-instruction.count :]
                stack.append(_apply(instruction, operands, self.text))
        return stack.pop()


def parse(text: str, names: Iterable[str]) -> Formula:
    """Read a formula over the given names.

    Raises:
        Refused: the text is not a formula in this language; the message names the first part that is not.
    """
    text = " ".join(text.split())
    names = tuple(names)
    if not text:
        raise Refused(_('the expression is empty: give one such as "x*y + sin(x)"'))
    if len(text) > MAX_CHARACTERS:
        long = _("the expression has {count} characters: {most} are the most")
        raise Refused(long.format(count=len(text), most=MAX_CHARACTERS))
    if "#" in text:
        comment = _("{written!r} has #, which is not part of the language: {advice}")
        raise Refused(comment.format(written=text, advice=_advice()))
    program = tuple(_postfix(_tree(text), text, frozenset(names)))
    operations = sum(isinstance(instruction, Apply) for instruction in program)
    if operations > MAX_OPERATIONS:
        large = _("the expression has {count} operations: {most} are the most")
        raise Refused(large.format(count=operations, most=MAX_OPERATIONS))
    return Formula(text, names, program)


def canonical_name(name: str) -> str:
    """The name as Python's parser would see it (NFKC).

    Raises:
        Refused: it could not be written in a formula.
    """
    name = unicodedata.normalize("NFKC", name)
    if not name.isidentifier():
        raise Refused(_("{name!r} is not a name: use letters, digits and _, as in x=2 or w_1=0.5").format(name=name))
    try:
        is_name = isinstance(ast.parse(name, mode="eval").body, ast.Name)
    except SyntaxError:
        is_name = False
    if not is_name or name == "np":
        raise Refused(_("{name!r} has a meaning of its own in an expression: choose another name").format(name=name))
    return name


def _advice() -> str:
    return _("use numbers, pi, e, the names given, + - * / ** ( ) and NumPy functions such as sin(x)")


def _tree(text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a strange escape or "1if" would put a second line on stderr
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        unread = _("{written!r} is not an expression: {reason}")
        if error.offset:
            unread = _("{written!r} is not an expression: {reason} at column {column}")
        raise Refused(unread.format(written=text, reason=error.msg, column=error.offset)) from None
    except (RecursionError, MemoryError):  # both are how CPython's parser says "too deep"
        raise Refused(_("{written!r} is nested too deeply: break it into fewer parentheses").format(written=text)) from None
    except ValueError as error:  # null bytes, lone surrogates
        raise Refused(_("{written!r} is not an expression: {reason}").format(written=text, reason=error)) from None


def _postfix(tree: ast.expr, text: str, names: frozenset[str]) -> Iterator[Push | Apply]:
    """The program of a tree, checking every node on the way: operands first, left to right."""
    encoded = text.encode()  # the parser counts columns in UTF-8 bytes

    def source(node: ast.expr) -> str:
        return encoded[node.col_offset : node.end_col_offset].decode()

    def ready(function: Callable[..., Any], count: int, node: ast.expr) -> Apply:
        return Apply(function, count, source(node), len(encoded[: node.col_offset].decode()))

    waiting: list[ast.expr | Apply] = [tree]
    while waiting:
        match waiting.pop():
            case Apply() as instruction:
                yield instruction
            case ast.Constant(value=bool()) as node:
                raise Refused(_("{written} is not a number: {advice}").format(written=source(node), advice=_advice()))
            case ast.Constant(value=int() | float() as number):
                yield Push(_float(number))
            case ast.Name(id=name):
                yield Push(_name(name, names))
            case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in CONSTANTS:
                yield Push(CONSTANTS[name])
            case ast.UnaryOp(op=ast.USub(), operand=operand) as node:
                waiting += [ready(operator.neg, 1, node), operand]
            case ast.BinOp(left=left, op=op, right=right) as node if type(op) in OPERATORS:
                waiting += [ready(OPERATORS[type(op)], 2, node), right, left]
            case ast.BinOp(op=ast.BitXor()) as node:
                raise Refused(_("{written!r} has ^, which is not a power here: write **").format(written=source(node)))
            case ast.Call(func=func, args=args, keywords=keywords) as node:
                function = _function(func, source(func))
                if keywords or not args or any(isinstance(argument, ast.Starred) for argument in args):
                    other = _("{written!r}: a function takes one or more values in parentheses, nothing else")
                    raise Refused(other.format(written=source(node)))
                _check_count(function, len(args), source(node))
                waiting += [ready(function, len(args), node), *reversed(args)]
            case node:
                foreign = _("{written!r} is not part of the language: {advice}")
                raise Refused(foreign.format(written=source(node), advice=_advice()))


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _name(name: str, names: frozenset[str]) -> float | str:
    if name in names:
        return name
    if name in CONSTANTS:
        return CONSTANTS[name]
    if _numpy_function(name) is not None:
        raise Refused(_("{name!r} is a function: give it a value, as in {name}(x)").format(name=name))
    close = _resembling(name, names)
    if close:
        similar = _("{name!r} has no value: add {name}=NUMBER (did you mean {close}?)")
        raise Refused(similar.format(name=name, close=close))
    raise Refused(_("{name!r} has no value: add {name}=NUMBER").format(name=name))


def _function(func: ast.expr, written: str) -> Callable[..., Any]:
    match func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np"), attr=name):
            function = _numpy_function(name)
            if function is not None:
                return function
            if _of_arrays(name):
                arrays = _("{written!r} is a function of arrays: only functions from numbers to a number are taken")
                raise Refused(arrays.format(written=written))
            raise Refused(_unknown(name, written))
        case _:
            unnamed = _("{written!r} is not the name of a NumPy function: write sin(x) or np.sin(x)")
            raise Refused(unnamed.format(written=written))


def _unknown(name: str, written: str) -> str:
    """What is said of a function that there is not: with the name that was probably meant, where one resembles it."""
    if name == "ln":
        return _("{written!r} is not a NumPy function that has a derivative rule here: write log").format(written=written)
    close = _resembling(name, [known for known in dir(np) if _numpy_function(known) is not None])
    if close:
        similar = _("{written!r} is not a NumPy function that has a derivative rule here (did you mean {close}?)")
        return similar.format(written=written, close=close)
    unlike = _("{written!r} is not a NumPy function that has a derivative rule here: there are {examples}, and more")
    return unlike.format(written=written, examples=EXAMPLES)


def _numpy_function(name: str) -> Callable[..., Any] | None:
    """NumPy's function of that name if the primitive table can differentiate it."""
    function: Any = vars(np).get(name)
    row = _row(function)
    return function if row is not None and row.differentiable else None


def _row(function: Any) -> Primitive | None:
    try:
        return UFUNCS.get(function) or FUNCTIONS.get(function, [None])[0]
    except TypeError:  # a module's attribute that has no hash
        return None


def _of_arrays(name: str) -> bool:
    """Whether NumPy's function of that name is differentiated here as others put together: all of these are of arrays."""
    function = vars(np).get(name)
    return callable(function) and function in COMPOSED


def _check_count(function: Callable[..., Any], given: int, source: str) -> None:
    """Refuse a call before it is computed: of arrays, whose size a number could name, or of another count of numbers."""
    row = _row(function)
    assert row is not None
    if row.name in COUNTS:
        count = COUNTS[row.name]
    elif isinstance(function, np.ufunc) and function.signature is None:
        count = function.nin
    elif (
        row.arity is not None
        and isinstance(row.partials, tuple)
        and all(p is None or p.local is not None for p in row.partials)
    ):
        count = row.arity  # pointwise
    else:
        arrays = _("{written!r}: {function} is a function of arrays, and only functions from numbers to a number are taken")
        raise Refused(arrays.format(written=source, function=row.name))
    if given != count:
        miscounted = ngettext(
            "{written!r}: {function} takes {count} value, not {given}",
            "{written!r}: {function} takes {count} values, not {given}",
            count,
        )
        raise Refused(miscounted.format(written=source, function=row.name, count=count, given=given))


def _resembling(name: str, known: Iterable[str]) -> str:
    """The known name that this one is probably meant to be; "" where none is like it."""
    return next(iter(difflib.get_close_matches(name[:40], sorted(known), n=1)), "")


def _apply(instruction: Apply, operands: list[Any], whole: str) -> Any:
    """Compute one operation; numbers alone give a float, by NumPy's rules: 1/0 is inf, (-8)**(1/3) is nan."""
    recorded = any(isinstance(operand, Tensor) for operand in operands)
    start = instruction.start
    try:
        with np.errstate(all="ignore"), source_text(whole, start, start + len(instruction.source)):
            result = instruction.function(*(operands if recorded else map(np.float64, operands)))
    except Exception as error:  # noqa: BLE001 - what NumPy raises for arguments that a function does not take is its choice
        failed = _("{written!r} cannot be computed: {reason}")
        raise Refused(failed.format(written=instruction.source, reason=error)) from None
    if (result.shape if isinstance(result, Tensor) else np.shape(result)) != ():
        array = _("{written!r} gives an array: only functions from numbers to a number are taken")
        raise Refused(array.format(written=instruction.source))
    return result if isinstance(result, Tensor) else float(result)
