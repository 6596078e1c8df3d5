"""check_grad: both modes of differentiation of a function, compared with difference quotients, element by element."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from autograd_lab.core import trees
from autograd_lab.core.custom import GradcheckError
from autograd_lab.core.modes import no_grad
from autograd_lab.core.node import Why, constant
from autograd_lab.core.recording import handle
from autograd_lab.core.tensor import Tensor
from autograd_lab.core.transform import Run, floating
from autograd_lab.core.visits import plain

__all__ = ["GradcheckError", "check_grad"]


def check_grad(
    f: Callable[..., Any],
    *args: Any,
    eps: float = 1e-6,
    rtol: float = 1e-3,
    atol: float = 1e-5,
    raise_exception: bool = True,
) -> bool:
    """Compare the derivatives that reverse and forward accumulation give with central differences.

    The quotient is (f(x + eps) - f(x - eps)) / (2 eps) for each element x: its error is of order eps**2 from the curvature and
    of order 1e-16 |f| / eps from rounding (Press et al., Numerical Recipes, section 5.7). The defaults are those of
    torch.autograd.gradcheck, which suit float64.

    Args:
        f: a function that returns Tensors of any shape, nested as it likes.
        args: where to check it: numbers, arrays, Tensors, and nested tuples, lists and dicts of them, all of which are varied.
            Ints become floats; bools, text, None and other objects are passed on as they are.
        eps: the step, in the units of the arguments.
        rtol: what a derivative may be off, relative to the quotient.
        atol: what it may be off besides.
        raise_exception: raise where they differ, rather than return False.

    Returns:
        Whether all of them agree within atol + rtol * |quotient|.

    Raises:
        GradcheckError: they differ; says in which mode, argument and element, and what the two numbers are. Or f gives
            another value when it is called again, so that a quotient means nothing.
        ValueError: eps is not positive or vanishes beside an argument, a tolerance is negative, or no argument can be varied.
        RuntimeError: f returned something else than Tensors.

    >>> import numpy as np
    >>> check_grad(lambda x, y: x * y + np.sin(x), 2.0, 3.0)
    True
    """
    _check_settings(f, eps, rtol, atol)
    point = _point(f, args)
    run = Run("check_grad(f, *args)", point.call, tuple(point.values), {}, range(len(point.values)))
    found = _repeated(run, point) or _first_difference(run, point, eps, rtol, atol)
    if found and raise_exception:
        raise GradcheckError(found)
    return not found


class _Point(NamedTuple):
    """Where f is checked: its variable elements, their names, and f as a function of these alone."""

    names: list[str]
    values: list[Any]
    call: Callable[..., Any]


def _check_settings(f: Any, eps: Any, rtol: Any, atol: Any) -> None:
    if not callable(f):
        raise TypeError(f"check_grad needs a function first, got {type(f).__name__} {f!r:.60}: lab.check_grad(f, 2.0)")
    for name, value in (("eps", eps), ("rtol", rtol), ("atol", atol)):
        if not isinstance(value, Real):
            raise TypeError(f"{name} must be a number, got {type(value).__name__} {value!r:.60}")
        if not math.isfinite(value) or value < 0 or (name == "eps" and value == 0):
            raise ValueError(f"{name} must be a finite number, {'above' if name == 'eps' else 'at least'} 0, got {value!r}")


def _point(f: Callable[..., Any], args: tuple[Any, ...]) -> _Point:
    names: list[str] = []
    values: list[Any] = []
    others = trees.leaves(args)
    places: list[int] = []
    paths = [
        path
        for name, arg in zip(trees.parameter_names(f, len(args)), args, strict=True)
        for path, _ in trees.named_leaves(arg, name)
    ]
    for place, (path, value) in enumerate(zip(paths, others, strict=True)):
        if _varies(value):
            places.append(place)
            names.append(path)
            values.append(floating("check_grad", value))
    if not values:
        raise ValueError("check_grad expects at least one argument with a number, an array or a Tensor of numbers to vary")
    for name, value in zip(names, values, strict=True):
        if np.asarray(value).dtype != np.float64:
            warnings.warn(
                f"check_grad varies {name}, which is {np.asarray(value).dtype}: difference quotients need double precision, so "
                "this check will likely fail; give float64",
                stacklevel=3,
            )

    def call(*variables: Any) -> Any:
        merged = list(others)
        for place, variable in zip(places, variables, strict=True):
            merged[place] = variable
        return f(*trees.rebuild(args, merged))

    return _Point(names, values, call)


def _varies(value: Any) -> bool:
    if isinstance(value, Tensor):
        return value.dtype.kind != "b"
    if isinstance(value, (bool, np.bool_)):
        return False
    return isinstance(value, (int, float, complex)) or (
        isinstance(value, (np.generic, np.ndarray)) and value.dtype.kind in "fiuc"
    )


def _repeated(run: Run, point: _Point) -> str:
    """What to say if f gives another value the second time."""
    again = _outputs(point, point.values)
    for number, (output, value) in enumerate(zip(run.outputs, again, strict=True)):
        if not np.array_equal(output.value, value, equal_nan=np.asarray(value).dtype.kind == "f"):
            return (
                f"check_grad needs a function that gives the same value each time, but {_part(run, number, ())} "
                f"was {_short(output.value)} and then {_short(value)}: fix the seed of its random numbers inside f"
            )
    return ""


def _first_difference(run: Run, point: _Point, eps: float, rtol: float, atol: float) -> str:
    """What to say about the first derivative that differs from its quotient; "" if none does."""
    smooth = [i for i, output in enumerate(run.outputs) if np.asarray(output.value).dtype.kind == "f"]
    reverse = {i: _rows(run, i) for i in smooth}
    for number, (name, value) in enumerate(zip(point.names, point.values, strict=True)):
        for element in range(np.size(value)):
            quotients = _quotients(point, number, element, eps)
            forward = run.push(
                [_unit(v.value, element) if v is run.variables[number] else None for v in run.variables], tensors=False
            )
            for i in smooth:
                numerical = np.ravel(quotients[i])
                by_mode = {"reverse": reverse[i][number][:, element], "forward": np.ravel(plain(forward[i]))}
                wrong = {m: ~(np.abs(a - numerical) <= atol + rtol * np.abs(numerical)) for m, a in by_mode.items()}
                at = next((j for j in range(numerical.size) if any(w[j] for w in wrong.values())), None)
                if at is None:
                    continue
                modes = [mode for mode in by_mode if wrong[mode][at]]
                place = np.unravel_index(at, np.shape(run.outputs[i].value))
                where = np.unravel_index(element, np.shape(value))
                return (
                    f"check_grad: the derivative of {_part(run, i, place)} by {name}{_index(where)} differs in "
                    f"{' and '.join(modes)} mode: analytical {float(by_mode[modes[0]][at]):.9g}, numerical "
                    f"{float(numerical[at]):.9g} (eps={eps:g}, rtol={rtol:g}, atol={atol:g})"
                )
    return ""


def _rows(run: Run, number: int) -> list[Any]:
    """The Jacobian of one output by reverse accumulation: for each variable a matrix, one row an element of the output."""
    output = run.outputs[number]
    rows: list[list[Any]] = []
    for element in range(np.size(output.value)):
        seeds: list[Any] = [None] * len(run.outputs)
        seeds[number] = _unit(output.value, element)
        rows.append(run.pull(seeds, tensors=False))
    return [
        np.array([np.ravel(plain(row[i])) for row in rows]).reshape(len(rows), np.size(variable.value))
        for i, variable in enumerate(run.variables)
    ]


def _quotients(point: _Point, number: int, element: int, eps: float) -> list[Any]:
    """The central difference quotients of all outputs in one element of one variable."""
    ends: list[list[Any]] = []
    steps: list[float] = []
    for signed in (eps, -eps):
        moved = np.array(point.values[number])
        before = moved.flat[element]
        moved.flat[element] += signed
        steps.append(float(moved.flat[element]) - float(before))
        ends.append(_outputs(point, [moved[()] if i == number else value for i, value in enumerate(point.values)]))
    width = steps[0] - steps[1]  # what the step has become in floating point, not 2 eps
    if not width:
        raise ValueError(
            f"eps={eps:g} vanishes beside {point.names[number]}, which has an element {float(before):g}: give a larger eps"
        )
    return [(np.asarray(plus, float) - np.asarray(minus, float)) / width for plus, minus in zip(*ends, strict=True)]


def _outputs(point: _Point, values: list[Any]) -> list[Any]:
    """f's outputs at a point, computed on copies and without recording."""
    with no_grad():
        result = point.call(*(handle(Tensor, constant(_copied(value), Why("check_grad"))) for value in values))
    return [plain(output) for output in trees.leaves(result)]


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else float(value) if isinstance(value, np.float64) else value


def _unit(like: Any, element: int) -> Any:
    if like.__class__ is float:
        return 1.0
    unit = np.zeros(np.shape(like), like.dtype)
    unit.flat[element] = 1
    return unit[()]


def _part(run: Run, number: int, place: Any) -> str:
    """An element of an output, by the way to it in what f returned."""
    path = list(trees.named_leaves(run.result))[number][0]
    return f"output{path}{_index(place)}" if path or len(place) else "the output"


def _index(place: Any) -> str:
    return f"[{', '.join(str(int(i)) for i in place)}]" if len(place) else ""


def _short(value: Any) -> str:
    return " ".join(np.array2string(np.asarray(value), threshold=6, edgeitems=2).split())
