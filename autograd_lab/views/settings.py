"""What a person can set on a stepper or a page: the phase and the parts, with errors that list the choices."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from autograd_lab.core.primitives.row import Mode
from autograd_lab.language import gettext as _

Phase: TypeAlias = Literal["evaluation", "forward", "reverse"]
"""What is stepped through: the primal sweep, or one of the two modes of accumulation."""

MODES: Final[tuple[Mode, ...]] = ("forward", "reverse")
PHASES: Final[tuple[Phase, ...]] = ("evaluation", "forward", "reverse")
PARTS: Final = ("controls", "inputs", "graph", "equation", "source", "table", "check", "paths")
"""The views that a stepper consists of, from top to bottom."""


def phase_named(mode: str) -> Phase:
    """The phase of this name, or ValueError."""
    for known in PHASES:
        if mode == known:
            return known
    raise _unknown("mode", mode, PHASES)


def parts_named(parts: Sequence[str]) -> tuple[str, ...]:
    """These parts, in their order on the screen, or ValueError. One part may be given as its bare name."""
    given = (parts,) if isinstance(parts, str) else tuple(parts)
    for part in given:
        if part not in PARTS:
            raise _unknown("parts", part, PARTS)
    if not given:
        raise ValueError(_("parts is empty: give one or more of {choices}").format(choices=_listed(PARTS)))
    return tuple(part for part in PARTS if part in given)


def pauses_named(pause: Sequence[Any], steps: int, *, called: str = "pause") -> list[int]:
    """These steps, sorted, each once, or ValueError: they are whole numbers from 1 to `steps`."""
    if isinstance(pause, (str, bytes)) or not isinstance(pause, Iterable):
        raise ValueError(  # noqa: TRY004 - whatever cannot be chosen is a ValueError
            _("{called}={value!r} is no list of steps: give one such as [3, 7]").format(called=called, value=pause)
        )
    found = set()
    for step in pause:
        if isinstance(step, (bool, np.bool_)) or not hasattr(type(step), "__index__") or not 1 <= operator.index(step) <= steps:
            unknown = _("{called}={value!r} is not one of the choices: this sweep has steps 1 to {steps}")
            raise ValueError(unknown.format(called=called, value=step, steps=steps))
        found.add(operator.index(step))
    return sorted(found)


def _unknown(argument: str, value: str, choices: Sequence[str]) -> ValueError:
    unknown = _("{argument}={value!r} is not one of the choices: {choices}")
    return ValueError(unknown.format(argument=argument, value=value, choices=_listed(choices)))


def _listed(choices: Sequence[str]) -> str:
    return ", ".join(map(repr, choices))


NODE_LIMIT: Final = 400
"""The largest picture, in boxes; twice as many edges are drawn. Beyond it nobody reads a picture."""
EDGES_A_NODE: Final = 2
RANKS_A_NODE: Final = 4
"""Columns that all edges together may cross, a node of the limit: Graphviz's time grows with the square of them."""
