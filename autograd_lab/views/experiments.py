"""Checks and nudges as plain JSON, for the widget when it asks and for the exported page beforehand.

`checks` is what stands beside each derivative of a sweep, `nudged` the answer to one nudge, `nudges` all that a page offers.
The mode and the choice are part of an answer, so that one that comes late is known to be of another sweep.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from autograd_lab.explain.differences import remark
from autograd_lab.explain.numbers import number
from autograd_lab.graph.differences import check
from autograd_lab.graph.nudge import Nudge, nudge
from autograd_lab.graph.recompute import REFUSALS
from autograd_lab.graph.sweep import Sweep

MOST_NODES: Final = 64
"""A page holds checks and nudges of graphs up to this size."""

SIZES: Final = (0.1, 0.01, 0.001)
"""The h that a page offers."""

_NO_QUOTIENT: Final = ("failed", "changed", "skipped", "undefined")


def checks(sweep: Sweep) -> dict[str, dict[str, str]]:
    """By label: the central difference, the verdict, and both in a line."""
    return {
        label: {
            "number": "" if found.verdict in _NO_QUOTIENT else number(found.quotient),
            "verdict": found.verdict,
            "text": remark(found),
        }
        for label, found in check(sweep).items()
    }


def nudged(sweep: Sweep, label: str, h: float) -> dict[str, Any]:
    """How far things moved and how far the derivative says; or the error that an operation raised on the way.

    Raises:
        ValueError: as graph.nudge.nudge does for a node or an h that there is not.
    """
    node = sweep.graph.node(label)
    if str(node.label) not in sweep.result:
        return {}
    try:
        return _told(nudge(sweep, node, h))
    except REFUSALS as error:
        return {"error": str(error) or type(error).__name__}


def nudges(sweep: Sweep) -> dict[str, dict[str, dict[str, Any]]]:
    """By h as text, then by label."""
    return {f"{h:g}": {label: nudged(sweep, label, h) for label in sweep.result} for h in SIZES}


def of_sweep(sweep: Sweep) -> dict[str, Any]:
    """What a page holds of one sweep besides its steps; nothing of a sweep that stopped."""
    if sweep.stopped is not None or len(sweep.graph) > MOST_NODES:
        return {}
    return {"checks": checks(sweep), "nudges": nudges(sweep)}


def _told(found: Nudge) -> dict[str, Any]:
    told: dict[str, Any] = {"moved": number(found.moved), "predicted": number(found.predicted)}
    if found.mode == "reverse" and np.size(found.nudged.value) > 1:
        told["all"] = True  # every element was moved
    return told
