"""A primitive of one's own, and the test that every row of the table passes.

`primitive` makes a row; with `check=` it is tested at once. `check_primitive` tests any row at the operands given, part by
part: push against the difference quotient of the value (`check_push`), pull against push (`check_pull`: the two are
transposes of each other if <v, push(t)> = <pull(v), t>, Griewank and Walther 2008, section 3.2), what the partial says it
reads (`check_reads`), and the derivatives of both halves (`check_second_order`). The tests walk the whole table with these.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd_lab.core.modes import unwatched
from autograd_lab.core.node import Why, constant
from autograd_lab.core.primitives.row import OUT, Partial, Primitive, on_numpy
from autograd_lab.core.recording import handle, normal
from autograd_lab.core.tensor import Tensor
from autograd_lab.core.transform import Run
from autograd_lab.core.visits import plain

Operands = tuple[Any, ...]
Keywords = dict[str, Any]

STEP = 1e-6
"""Of difference quotients, relative to the operand: about the cube root of the float64 spacing, where the two errors meet."""


class GradcheckError(RuntimeError):
    """A derivative that is not the limit of its difference quotient (torch.autograd.gradcheck.GradcheckError)."""


def primitive(
    name: str,
    value: Callable[..., Any],
    *partials: Partial | None,
    latex: str | None = None,
    check: Operands | None = None,
) -> Primitive:
    """A primitive of one's own: the same row as the built-in ones, called as a function on Tensors, arrays or numbers.

    Args:
        name: what the graph calls it.
        value: `value(*args, **kw)` on plain NumPy values.
        partials: one an argument, by `pointwise` or `Partial`; None for an argument without a derivative.
        latex: how an application is written, {0}, {1} for its operands.
        check: operands to test the row with at once, as `check_primitive` does.

    Raises:
        TypeError: a partial is something else, or `check` is no tuple of operands.
        ValueError: the name is empty, or there is no partial.
        GradcheckError: the row failed the test.

    >>> from autograd_lab import pointwise
    >>> cube = primitive("cube", lambda x: x**3, pointwise(lambda out, x: 3 * x**2), latex="{0}^3", check=(2.0,))
    >>> cube(2.0)
    8.0
    """
    if not name or not isinstance(name, str):
        raise ValueError(f"a primitive needs a name, got {name!r}")
    if not partials:
        raise ValueError(f"primitive {name!r} needs one partial an argument: pointwise(rule), Partial(push, pull) or None")
    for argument, given in enumerate(partials):
        if given is not None and not isinstance(given, Partial):
            raise TypeError(
                f"partial {argument} of primitive {name!r} is {given!r}: wrap a local derivative in pointwise(rule), "
                "a linear map in Partial(push, pull), or give None"
            )
    row = Primitive(name, value, partials, latex=latex)
    if check is not None:
        if not isinstance(check, tuple):
            raise TypeError(f"check= takes the operands as a tuple, got {check!r:.60}: check=(2.0,)")
        check_primitive(row, *check)
    return row


def check_primitive(row: Primitive, *operands: Any, **keywords: Any) -> bool:
    """Test a row's rules at these operands, in every argument that has a partial; ints become floats there.

    Choose operands where the primitive is smooth. Whether its formula can be written is not asked: `latex=` is free text.

    Args:
        row: what `lab.primitive` made.
        operands: as many as it takes: numbers or arrays.
        keywords: what else `value` and the rules get.

    Returns:
        True.

    Raises:
        GradcheckError: push is not the difference quotient of the value, pull not the transpose of push, a rule reads what
            its partial says it does not, or a rule cannot be differentiated again or gives a wrong second derivative.
        TypeError: `row` is no primitive, or takes another number of operands.
        ValueError: no operand given has a derivative.

    >>> from autograd_lab import pointwise
    >>> check_primitive(primitive("double", lambda x: 2 * x, pointwise(lambda out, x: 2.0)), 0.5)
    True
    """
    if not isinstance(row, Primitive):
        raise TypeError(f"check_primitive takes a primitive and its operands, got {type(row).__name__} {row!r:.60}")
    if row.arity is not None and len(operands) != row.arity:
        raise TypeError(f"primitive {row.name!r} takes {row.arity} operands, got {len(operands)} to check it with")
    chosen = [
        i for i, operand in enumerate(operands) if row.partials[i] is not None and np.asarray(operand).dtype.kind in "fiu"
    ]
    if not chosen:
        raise ValueError(f"none of the operands of primitive {row.name!r} that were given has a derivative to check")
    given = tuple(normal(np.asarray(o, float), row.name) if i in chosen else o for i, o in enumerate(operands))
    with unwatched():
        for argument in chosen:
            for part in (check_push, check_pull, check_reads):
                part(row, given, keywords, argument)
            for other in chosen:
                check_second_order(row, given, keywords, argument, other)
    return True


def check_push(row: Primitive, operands: Operands, keywords: Keywords, argument: int) -> None:
    """Compare push with the central difference quotient of the value, in a random direction.

    Raises:
        GradcheckError: they differ by more than 1e-5 of their size.
    """
    run = _run(row, operands, keywords, argument)
    tangent = _noise(operands[argument], 1)
    pushed = _guarded("push", row, argument, lambda: run.push([tangent])[0])
    quotient = _quotient(lambda x: _value(row, _with(operands, {argument: x}), keywords), operands[argument], tangent)
    close = np.abs(pushed - quotient) <= 1e-7 + 1e-5 * np.abs(quotient)
    if not np.all(close):
        at = tuple(int(i) for i in np.argwhere(~np.asarray(close))[0])
        raise GradcheckError(
            f"push of {_title(row, argument)} is not the difference quotient of the value: {_element(at)}it gives "
            f"{np.asarray(pushed)[at]:.6g}, the quotient is {np.asarray(quotient)[at]:.6g}"
        )


def check_pull(row: Primitive, operands: Operands, keywords: Keywords, argument: int) -> None:
    """Compare <v, push(t)> with <pull(v), t> for a random tangent t and a random adjoint v.

    Raises:
        GradcheckError: they differ by more than 1e-9 of their size.
    """
    run = _run(row, operands, keywords, argument)
    tangent, adjoint = _noise(operands[argument], 1), _noise(run.outputs[0].value, 2)
    pushed = _guarded("push", row, argument, lambda: run.push([tangent])[0])
    pulled = _guarded("pull", row, argument, lambda: run.pull([adjoint])[0])
    left, right = np.sum(adjoint * pushed), np.sum(pulled * tangent)
    size = np.sum(np.abs(adjoint * pushed)) + np.sum(np.abs(pulled * tangent))
    if not np.abs(left - right) <= 1e-12 + 1e-9 * size:
        raise GradcheckError(
            f"pull of {_title(row, argument)} is not the transpose of push: <adjoint, push(tangent)> = {left:.6g}, but "
            f"<pull(adjoint), tangent> = {right:.6g}"
        )


def check_reads(row: Primitive, operands: Operands, keywords: Keywords, argument: int) -> None:
    """Overwrite the primals that the partial says it does not read, and see that its rules give the same.

    backward() frees, and lets be overwritten, what no partial says it reads: a rule that reads it after all would compute
    with stale values.

    Raises:
        GradcheckError: a rule's result changed.
    """
    rules = row.partials[argument]
    assert rules is not None
    primals = [_value(row, operands, keywords), *operands]
    halves = (("push", rules.push, _noise(operands[argument], 1)), ("pull", rules.pull, _noise(primals[0], 2)))
    for position in (OUT, *range(len(operands))):
        primal = primals[position - OUT]
        if rules.reads(argument, position) or np.asarray(primal).dtype.kind != "f":
            continue
        for half, rule, incoming in halves:
            honest = _guarded(half, row, argument, partial(on_numpy, rule, incoming, *primals, **keywords))
            for other in (primal * np.nan, -1.0 - np.abs(primal)):
                changed = [*primals[: position - OUT], other, *primals[position - OUT + 1 :]]
                stale = _guarded(half, row, argument, partial(on_numpy, rule, incoming, *changed, **keywords))
                if not np.array_equal(honest, stale, equal_nan=True):
                    what = "the result" if position == OUT else f"operand {position}"
                    raise GradcheckError(
                        f"{half} of {_title(row, argument)} reads {what}, but its partial says that it does not: backward() "
                        'may have freed that value by then; leave reads= out, or say reads="all"'
                    )


def check_second_order(row: Primitive, operands: Operands, keywords: Keywords, argument: int, other: int) -> None:
    """Compare the derivative in operand `other` of what push and pull give with a central difference quotient.

    Raises:
        GradcheckError: a rule cannot be run on Tensors, or they differ by more than 1e-4 of their size.
    """
    tangent, adjoint = _noise(operands[argument], 1), _noise(_value(row, operands, keywords), 2)
    for half, incoming, like in (("push", tangent, adjoint), ("pull", adjoint, tangent)):
        weights, direction = _noise(like, 3), _noise(operands[other], 4)

        def weighted(x: Any, half: str = half, incoming: Any = incoming, weights: Any = weights) -> Any:
            run = _run(row, _with(operands, {other: x}), keywords, argument)
            return np.sum(weights * (run.push([incoming]) if half == "push" else run.pull([incoming]))[0])

        second = np.sum(_guarded(half, row, argument, partial(_gradient, weighted, operands[other])) * direction)
        quotient = _quotient(weighted, operands[other], direction)
        if not np.abs(second - quotient) <= 1e-6 + 1e-4 * np.abs(quotient):
            raise GradcheckError(
                f"{half} of {_title(row, argument)} has a wrong derivative in operand {other}: recorded it is "
                f"{second:.6g}, the difference quotient is {quotient:.6g} (a rule that leaves the graph by float(x), math.sin "
                "or x.detach() has derivative 0)"
            )


def _run(row: Primitive, operands: Operands, keywords: Keywords, argument: int) -> Run:
    return Run(f"primitive {row.name!r}", row, operands, keywords, [argument])


def _gradient(f: Callable[[Any], Any], at: Any) -> Any:
    return plain(Run("check_primitive", lambda x: _tensor(f(x)), (at,), {}, [0]).pull([1.0])[0])


def _tensor(value: Any) -> Tensor:
    return value if isinstance(value, Tensor) else handle(Tensor, constant(value, Why("check_primitive")))


def _value(row: Primitive, operands: Operands, keywords: Keywords) -> Any:
    return normal(row.value(*operands, **keywords), row.name)


def _with(operands: Operands, replaced: dict[int, Any]) -> Operands:
    return tuple(replaced.get(i, operand) for i, operand in enumerate(operands))


def _quotient(f: Callable[[Any], Any], at: Any, direction: Any) -> Any:
    """The central difference quotient of f in a direction."""
    step = STEP * max(1.0, float(np.max(np.abs(at), initial=0.0)))
    return (f(at + step * direction) - f(at - step * direction)) / (2 * step)


def _noise(like: Any, seed: int) -> Any:
    """Random numbers of the shape of a value, the same on each run."""
    return normal(np.random.default_rng(seed).normal(size=np.shape(like)), "noise")


def _guarded(half: str, row: Primitive, argument: int, compute: Callable[[], Any]) -> Any:
    try:
        return compute()
    except Exception as error:  # whatever a rule raises is what the check has found
        raise GradcheckError(
            f"{half} of {_title(row, argument)} cannot be computed and differentiated again, it raised "
            f"{type(error).__name__}: {error}; write rules with NumPy functions only, of the shapes of their operands"
        ) from error


def _title(row: Primitive, argument: int) -> str:
    return f"argument {argument} of primitive {row.name!r}"


def _element(at: tuple[int, ...]) -> str:
    return f"at element [{', '.join(map(str, at))}] " if at else ""
