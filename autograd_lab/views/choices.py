"""What a sweep can be about, by a key that travels: "w5", or "w1[0,2]" for a unit direction of an array.

`choices` offers them, `key_of` finds the one that a person means, `run` is the sweep that a key stands for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np

from autograd_lab.explain.expression import Symbol
from autograd_lab.explain.sentences import titled
from autograd_lab.explain.text import text
from autograd_lab.graph import Graph, Node, Sweep
from autograd_lab.language import gettext as _
from autograd_lab.views.settings import Phase

MOST_DIRECTIONS: Final = 64
"""Unit directions offered for arrays: beyond them a sweep takes a seed of one's own."""


@dataclass(frozen=True, eq=False)
class Choice:
    """What a sweep can be about: a node, and for an array the element whose unit direction is the seed."""

    key: str
    text: str
    node: Node
    index: tuple[int, ...] | None

    @property
    def seed(self) -> Any:
        """The unit direction, of the node's shape; None for a scalar, whose seed is 1."""
        if self.index is None:
            return None
        seed = np.zeros(np.shape(self.node.value))
        seed[self.index] = 1.0
        return seed


def choices(graph: Graph, mode: Phase) -> list[Choice]:
    """The inputs (forward) or outputs (reverse), arrays element by element, up to MOST_DIRECTIONS; none for evaluation."""
    return [] if mode == "evaluation" else list(islice(_every_choice(graph, mode), MOST_DIRECTIONS))


def _every_choice(graph: Graph, mode: Phase) -> Iterator[Choice]:
    for node in graph.inputs if mode == "forward" else graph.outputs:
        if np.ndim(node.value) == 0:
            yield Choice(str(node.label), titled(node) if node.name is None else text(Symbol(node.name)), node, None)
            continue
        called = text(Symbol(node.name or str(node.label)))
        for index in np.ndindex(np.shape(node.value)):
            place = ",".join(map(str, index))
            yield Choice(f"{node.label}[{place}]", f"{called}[{place}]", node, index)


def key_of(graph: Graph, mode: Phase, about: str | Node | None) -> str:
    """The key of the choice that a person means: by name, label, Node or key; the first one if None; "" for evaluation.

    Raises:
        ValueError: it is none of the choices, which the message lists, or there is none (an empty array).
    """
    if mode == "evaluation":
        if about:
            raise ValueError(_("evaluation is about the whole graph: leave {value!r} out").format(value=about))
        return ""
    offered = choices(graph, mode)
    if not offered:
        if mode == "forward":
            raise ValueError(_("there is nothing to sweep forward from: the graph's inputs are empty arrays"))
        raise ValueError(_("there is nothing to sweep reverse from: the graph's outputs are empty arrays"))
    if about is None:
        return offered[0].key
    wanted = about.label if isinstance(about, Node) else about
    for candidates in (
        [c for c in offered if wanted in (c.node.name, c.text)],
        [c for c in offered if wanted in (c.key, c.node.label)],
    ):
        if len({c.node.label for c in candidates}) > 1:
            several = _("{value!r} names several nodes: use one of {choices}")
            raise ValueError(several.format(value=wanted, choices=", ".join(c.key for c in candidates)))
        if candidates:
            return candidates[0].key
    shown = ", ".join(f"{c.text!r}" if c.text == c.key else f"{c.text!r} ({c.key})" for c in offered)
    raise ValueError(_("{value!r} is not one of the choices: {choices}").format(value=wanted, choices=shown))


def run(graph: Graph, mode: Phase, key: str) -> Sweep:
    """The accumulation that a choice's key stands for, as far as it goes."""
    assert mode != "evaluation"
    choice = next(c for c in choices(graph, mode) if c.key == key)
    return graph.attempt(mode, choice.node, choice.seed)
