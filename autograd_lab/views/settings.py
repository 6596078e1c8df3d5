"""What a person can set on a stepper or a page: the mode and the parts, with errors that list the choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from autograd_lab.core.primitives.row import Mode
from autograd_lab.language import gettext as _

MODES: Final[tuple[Mode, ...]] = ("forward", "reverse")
PARTS: Final = ("controls", "graph", "equation", "table")
"""The views that a stepper consists of, from top to bottom."""


def mode_named(mode: str) -> Mode:
    """The mode of this name, or ValueError."""
    for known in MODES:
        if mode == known:
            return known
    raise _unknown("mode", mode, MODES)


def parts_named(parts: Sequence[str]) -> tuple[str, ...]:
    """These parts, in their order on the screen, or ValueError. One part may be given as its bare name."""
    given = (parts,) if isinstance(parts, str) else tuple(parts)
    for part in given:
        if part not in PARTS:
            raise _unknown("parts", part, PARTS)
    if not given:
        raise ValueError(_("parts is empty: give one or more of {choices}").format(choices=_listed(PARTS)))
    return tuple(part for part in PARTS if part in given)


def _unknown(argument: str, value: str, choices: Sequence[str]) -> ValueError:
    unknown = _("{argument}={value!r} is not one of the choices: {choices}")
    return ValueError(unknown.format(argument=argument, value=value, choices=_listed(choices)))


def _listed(choices: Sequence[str]) -> str:
    return ", ".join(map(repr, choices))
