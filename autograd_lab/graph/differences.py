"""Compares every derivative that a sweep found with central differences of the recorded graph.

    check(graph.reverse())["w1"]            derivative, quotient, verdict of the adjoint of w1

The quotient (F(+h) - F(-h)) / 2h is taken at several h, each an eighth of the one before, around the cube root of the
rounding error, where curvature and rounding weigh alike (Press et al., Numerical Recipes, section 5.7). Where two
neighbours agree best the finer one is used, and how far they are apart is its error: no derivative is looked at to
choose. A kink shows in slopes on the two sides whose distance does not shrink with h, also where their mean happens to be
the derivative, as for abs at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

from autograd_lab.graph.node import Node
from autograd_lab.graph.nudge import shifted, weighted
from autograd_lab.graph.recompute import REFUSALS, Recomputation, changed_since, precision
from autograd_lab.graph.sweep import Sweep

MOST_ELEMENTS: Final = 64
"""Arrays up to this size are checked element by element, larger ones along one direction."""

MOST_OPERATIONS: Final = 1_000_000
"""Operations computed again for one sweep: a second or two, enough for a chain of 400 nodes. Inputs come first, then the
nodes recorded last, which least depends on; what is left over is not checked."""

_ELEMENTS_LIKE_AN_OPERATION: Final = 100  # of an array: their sines take as long as the call of one

Verdict = Literal["agrees", "differs", "kink", "rough", "undefined", "failed", "changed", "skipped"]
VERDICTS: Final[tuple[Verdict, ...]] = ("changed", "failed", "undefined", "kink", "differs", "rough", "skipped", "agrees")
"""From the one that says most about an array to the one that says least: an array has that of its worst element.

agrees      within what the quotient can tell
differs     by more than that: the derivative is not that of the recorded function
kink        the slopes on the two sides differ, or the function jumps: there is no derivative
rough       rounding or curvature leaves the quotient too few digits to judge by
undefined   the derivative is not finite, or the function has no finite value beside this one
failed      an operation raised an error on the values beside this one
changed     an operation does not give the value that it recorded: differences would speak of another function
skipped     the graph is too large to check every node
"""

_FINER: Final = 8.0
_SIZES: Final = 3  # 8, 1 and 1/8 of the best h for a function that curves on the scale of its argument


@dataclass(frozen=True, eq=False)
class Check:
    """One derivative beside its central difference.

    `derivative` and `quotient` are of the node's shape; for an array of more than MOST_ELEMENTS in reverse they are numbers,
    the derivative along a fixed direction (`along`). `left` and `right` are the slopes at the first kink. `reason` is the
    error that an operation raised, or the label of the node that does not give its recorded value.
    """

    node: Node
    derivative: Any
    quotient: Any
    verdict: Verdict
    along: bool = False
    left: float | None = None
    right: float | None = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class _Slopes:
    """Difference quotients of a vector function in one variable at 0, one an element."""

    central: Any
    error: Any
    spread: Any  # between the largest and the smallest of the central ones
    left: Any
    right: Any
    bent: Any  # whether left and right stay apart
    converging: Any  # whether the central ones come together as h shrinks
    unit: Any  # the smallest slope that can be told from rounding


def check(sweep: Sweep) -> dict[str, Check]:
    """Check the derivative of every node that the sweep gave one, by label.

    Reverse takes each element of each node in its turn; arrays above MOST_ELEMENTS are moved along one direction, the same
    each time. Forward moves the sweep's input along its seed, and sees all tangents at once. A sweep that stopped before its
    end has no derivatives to check.
    """
    if sweep.stopped is not None:
        return {}
    changed = changed_since(sweep.graph)
    if changed is not None:
        nothing = float("nan")
        return {
            str(node.label): Check(node, derivative, nothing, "changed", reason=str(changed.label))
            for node, derivative in _derivatives(sweep)
        }
    return _forward(sweep) if sweep.mode == "forward" else _reverse(sweep)


def direction(shape: tuple[int, ...]) -> Any:
    """The direction in which a large array is moved: no two neighbours alike, none 0, the same each time."""
    return np.cos(np.arange(np.prod(shape, dtype=int)) + 1.0).reshape(shape)


def _derivatives(sweep: Sweep) -> Iterator[tuple[Node, Any]]:
    for node in sweep.graph.nodes:
        if str(node.label) in sweep.result:
            yield node, sweep.result[str(node.label)]


def _forward(sweep: Sweep) -> dict[str, Check]:
    about, seed = sweep.about, sweep[0].total
    again = Recomputation(sweep.graph, [about])
    chosen = list(_derivatives(sweep))

    def moved(t: float) -> Any:
        values = again({about.record: shifted(about.value, t * seed)})
        return np.concatenate([np.ravel(values.get(node.record, node.value)).astype(float) for node, _ in chosen])

    found = _slopes(moved, _scales(about.value, seed), _precision(again, about))
    checks: dict[str, Check] = {}
    start = 0
    for node, derivative in chosen:
        end = start + np.size(derivative)
        part = found if isinstance(found, str) else _Slopes(*(field[start:end] for field in vars(found).values()))
        checks[str(node.label)] = _judged(node, derivative, part, _precision(again, about))
        start = end
    return checks


def _reverse(sweep: Sweep) -> dict[str, Check]:
    about, seed = sweep.about, sweep[0].total
    chosen = list(_derivatives(sweep))
    inputs = [pair for pair in chosen if pair[0].op is None]
    others = [pair for pair in chosen if pair[0].op is not None]
    checks: dict[str, Check] = {}
    spent, full = 0, False
    for node, adjoint in [*inputs, *reversed(others)]:
        label, value = str(node.label), node.value
        if full:
            checks[label] = Check(node, adjoint, float("nan"), "skipped")
            continue
        along = np.size(value) > MOST_ELEMENTS
        ways = [direction(np.shape(value))] if along else list(_units(value))
        scales = [_scales(value, way) for way in ways]
        again = Recomputation(sweep.graph, [node], [about])
        cost = _cost(again) * sum(1 + 2 * _SIZES * len(tried) for tried in scales)
        if spent + cost > MOST_OPERATIONS:
            checks[label] = Check(node, adjoint, float("nan"), "skipped")
            full = node.op is not None  # more depends on each that is left
            continue
        spent += cost
        eps = _precision(again, node)

        def moved(t: float, way: Any, node: Node = node, again: Recomputation = again) -> Any:
            values = again({node.record: shifted(node.value, t * way)})
            return np.array([weighted(seed, values.get(about.record, about.value))])

        parts = [_slopes(partial(moved, way=way), tried, eps) for way, tried in zip(ways, scales, strict=True)]
        derivative = float(np.sum(np.asarray(adjoint, float) * ways[0])) if along else adjoint
        checks[label] = _judged(node, derivative, _joined(parts), eps, along=along)
    return {str(node.label): checks[str(node.label)] for node, _ in chosen}


def _cost(again: Recomputation) -> int:
    """About how many operations on numbers it is like to compute again what depends on a node."""
    return 1 + sum(1 + np.size(record.value) // _ELEMENTS_LIKE_AN_OPERATION for record in again.operations)


def _joined(parts: list[_Slopes | str]) -> _Slopes | str:
    """The slopes of all elements as one; the first error where there was one."""
    found = [part for part in parts if isinstance(part, _Slopes)]
    if len(found) < len(parts):
        return next(part for part in parts if isinstance(part, str))
    return _Slopes(*(np.concatenate([[], *(vars(part)[name] for part in found)]) for name in _Slopes.__annotations__))


def _units(value: Any) -> Iterator[Any]:
    """The unit directions of a value, in the order of its elements."""
    if np.ndim(value) == 0:
        yield 1.0
        return
    for index in np.ndindex(np.shape(value)):
        unit = np.zeros(np.shape(value))
        unit[index] = 1.0
        yield unit


def _scales(value: Any, way: Any) -> list[float]:
    """On what scales a function of this value may curve: that of 1, and that of what moves."""
    size = float(np.max(np.where(np.asarray(way) != 0, np.abs(value), 0.0), initial=0.0))
    return [1.0] if size == 0 or not np.isfinite(size) or 0.1 < size < 10 else [1.0, size]


def _precision(again: Recomputation, start: Node) -> float:
    """The coarsest precision among what is computed."""
    return max(precision(start.value), max((precision(record.value) for record in again.operations), default=0.0))


def _slopes(moved: Callable[[float], Any], scales: list[float], eps: float) -> _Slopes | str:
    """The best difference quotients, element by element, among those on all scales; the error where one was raised."""
    try:
        here = moved(0.0)
        tried = [_on_scale(moved, here, scale * eps ** (1 / 3), eps) for scale in scales]
    except REFUSALS as error:
        return str(error) or type(error).__name__
    best = tried[0]
    for other in tried[1:]:
        better = _relative(other) < _relative(best)
        best = _Slopes(*(np.where(better, vars(other)[name], vars(best)[name]) for name in vars(best)))
    return best


def _relative(found: _Slopes) -> Any:
    """The error as a part of the slope. A step that jumps over many waves finds small slopes, and none that agree."""
    with np.errstate(all="ignore"):
        return np.nan_to_num(found.error / np.abs(found.central), nan=np.inf)


def _on_scale(moved: Callable[[float], Any], here: Any, step: float, eps: float) -> _Slopes:
    sizes = [step * _FINER ** (1 - i) for i in range(_SIZES)]
    ends = [(moved(h), moved(-h)) for h in sizes]
    with np.errstate(all="ignore"):
        central = [(ahead - behind) / (2 * h) for h, (ahead, behind) in zip(sizes, ends, strict=True)]
        left = [(here - behind) / h for h, (_, behind) in zip(sizes, ends, strict=True)]
        right = [(ahead - here) / h for h, (ahead, _) in zip(sizes, ends, strict=True)]
        rounding = [eps * np.maximum(np.abs(here), np.abs(ahead)) / h for h, (ahead, _) in zip(sizes, ends, strict=True)]
        errors = [np.abs(central[i] - central[i - 1]) + rounding[i] for i in range(1, _SIZES)]
        pick = np.argmin([np.nan_to_num(error, nan=np.inf) for error in errors], axis=0)
        # As h**2 does, to whatever it is: a slope of 0 has no relative error. Over many waves it would be chance.
        converging = (errors[-1] < errors[-2] / (2 * _FINER)) & (step < 1)
        bent = _bent(left, right, rounding[-1])
        spread = np.ptp(central, axis=0)
    chosen, error = np.choose(pick + 1, central), np.choose(pick, errors)
    return _Slopes(chosen, error, spread, left[-1], right[-1], bent, converging, 12 * rounding[-1])


def _bent(left: list[Any], right: list[Any], rounding: Any) -> Any:
    """Whether the slopes on the two sides stay as far apart as they are (a kink), or move apart as 1/h does (a jump)."""
    gaps = [np.abs(b - a) for a, b in zip(left, right, strict=True)]
    told = gaps[-1] > 100 * rounding
    told &= gaps[-1] > 1e-3 * np.maximum(np.abs(left[-1]), np.abs(right[-1]))
    still = [np.abs(b - a) < 0.1 * gaps[-1] for side in (left, right) for a, b in pairwise(side)]
    jumps = [np.abs(b - _FINER * a) < 0.1 * b for a, b in pairwise(gaps)]
    return told & (np.logical_and.reduce(still) | np.logical_and.reduce(jumps))


def _judged(node: Node, derivative: Any, found: _Slopes | str, eps: float, *, along: bool = False) -> Check:
    if isinstance(found, str):
        return Check(node, derivative, float("nan"), "failed", along, reason=found)
    said = np.ravel(np.asarray(derivative, float))
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(said), np.abs(found.central))
        apart = np.abs(said - found.central)
        clear = (found.error <= 0.01 * size + found.unit) | (found.converging == 1)
        verdicts = np.select(
            [
                ~(np.isfinite(said) & np.isfinite(found.central) & np.isfinite(found.left) & np.isfinite(found.right)),
                found.bent == 1,
                (apart <= eps ** (1 / 3) * size + 4 * found.error + found.unit) & clear,
                (apart > np.maximum(10 * found.error, 2 * found.spread)) & clear,
            ],
            ["undefined", "kink", "agrees", "differs"],
            "rough",
        )
    worst = next(verdict for verdict in VERDICTS if verdict in verdicts or verdict == "agrees")
    quotient = found.central.reshape(np.shape(derivative))
    at = int(np.argmax(verdicts == "kink")) if worst == "kink" else None
    return Check(
        node,
        derivative,
        float(quotient) if quotient.ndim == 0 else quotient,
        worst,
        along,
        None if at is None else float(found.left[at]),
        None if at is None else float(found.right[at]),
    )
