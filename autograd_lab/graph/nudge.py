"""Nudges a node of a sweep by h, and compares how far things move with h times the derivative that the sweep found.

    nudged = nudge(graph.reverse(), "w1", 0.1)
    nudged.moved, nudged.predicted          how far the output moved, and h times the adjoint of w1

In reverse the node chosen is nudged and the sweep's output watched. In forward the sweep's input is nudged, by h times
its seed, and the node chosen is watched: h times its tangent is what the sweep says. The two differ by what is curved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Mode
from autograd_lab.graph.node import Node
from autograd_lab.graph.recompute import Recomputation
from autograd_lab.graph.sweep import Sweep
from autograd_lab.language import gettext as _


@dataclass(frozen=True, eq=False)
class Nudge:
    """What a nudge did: `watched` went from `before` to `after`, and so `moved`; `predicted` is h times the derivative.

    An array in reverse has every element nudged by h, and the derivative is the sum of its adjoints; an output that is an
    array is weighted with the sweep's seed.
    """

    mode: Mode
    nudged: Node
    watched: Node
    h: float
    before: Any
    after: Any
    moved: Any
    predicted: Any


def nudge(sweep: Sweep, node: str | Node, h: Any) -> Nudge:
    """Move a node of the sweep's graph by h, compute again what depends on it, and say what that moved.

    Args:
        sweep: whose derivatives are tried.
        node: what is nudged (reverse) or watched (forward), by name, label or Node.
        h: how far; the input in forward moves by h times the sweep's seed.

    Raises:
        ValueError: no such node, one that the sweep gave no derivative, or an h that is 0 or not finite.
        ArithmeticError, TypeError, RuntimeError: what an operation raises on the values that it would get.
    """
    if not isinstance(h, Real) or not math.isfinite(h) or not h:
        raise ValueError(_("h={h!r} cannot nudge: give a finite number other than 0, for example h=0.01").format(h=h))
    h = float(h)
    chosen = sweep.graph.node(node)
    if str(chosen.label) not in sweep.result:
        apart = _("{node} has no derivative in this sweep: nothing leads from it to {output}")
        raise ValueError(apart.format(node=chosen.label, output=sweep.about.label))
    derivative, seed, about = sweep.result[str(chosen.label)], sweep[0].total, sweep.about
    if sweep.mode == "reverse":
        reached = Recomputation(sweep.graph, [chosen], [about])({chosen.record: shifted(chosen.value, h)})
        before, after = (weighted(seed, value) for value in (about.value, reached.get(about.record, about.value)))
        predicted: Any = h * float(np.sum(np.asarray(derivative, float)))
        return Nudge("reverse", chosen, about, h, before, after, after - before, predicted)
    reached = Recomputation(sweep.graph, [about], [chosen])({about.record: shifted(about.value, h * seed)})
    before, after = chosen.value, reached.get(chosen.record, chosen.value)
    with np.errstate(all="ignore"):
        return Nudge("forward", about, chosen, h, before, after, after - before, h * derivative)


def shifted(value: Any, by: Any) -> Any:
    """A value, moved, as a new one of its kind."""
    return value + by if value.__class__ is float else np.asarray(value + by, dtype=value.dtype)[()]


def weighted(seed: Any, value: Any) -> float:
    """The sum of a value's elements, each times that of the seed; where the seed is 0 an element counts for nothing."""
    if seed.__class__ is float and value.__class__ is float:
        return float(seed * value)
    weights = np.asarray(seed, float)
    with np.errstate(all="ignore"):
        return float(np.sum(np.where(weights == 0, 0.0, weights * np.asarray(value, float))))
