"""Groups the steps of a sweep by what is shown: a step of its own for each shown edge, one for each visit to a box.

    parts = parts_of(view, sweep)       in the order of the true sweep, none left out
    part_at(parts, 17)                  which of them holds the true sweep's step 17 (from 1)

The steps stay those of the one true sweep. Where its order comes back to a box, that box has several parts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograd_lab.graph import Sweep
from autograd_lab.views.view import Box, View


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive steps of the true sweep, `first` to `last` (from 1), that are shown as one.

    With a `box` they are the `number`-th of `parts` visits to it, after which `visited` of its `of` steps are done.
    """

    first: int
    last: int
    box: Box | None
    number: int = 1
    parts: int = 1
    visited: int = 0
    of: int = 0

    @property
    def count(self) -> int:
        """How many steps it stands for."""
        return self.last - self.first + 1


def parts_of(view: View, sweep: Sweep) -> list[Part]:
    """The parts of a sweep. The seed is one of its own, whatever it lies in."""
    return grouped([None if step.edge is None else view.owner(step.edge) for step in sweep])


def evaluation_parts(view: View) -> list[Part]:
    """The parts of an evaluation, whose steps are the nodes in order."""
    return grouped([view.box_of(node) for node in view.graph.nodes])


def totals(parts: Sequence[Part]) -> dict[str, int]:
    """How many steps each box has, by its key."""
    return {part.box.key: part.of for part in parts if part.box is not None}


def grouped(owners: Sequence[Box | None]) -> list[Part]:
    """The longest runs of steps with the same box, and the steps without one singly."""
    runs: list[tuple[int, int, Box | None]] = []
    for place, owner in enumerate(owners, start=1):
        if runs and owner is not None and runs[-1][2] is owner:
            runs[-1] = (runs[-1][0], place, owner)
        else:
            runs.append((place, place, owner))
    parts = Counter(owner for _, _, owner in runs if owner is not None)
    of = Counter(owner for owner in owners if owner is not None)
    numbers: Counter[Box] = Counter()
    visited: Counter[Box] = Counter()
    found = []
    for first, last, owner in runs:
        if owner is None:
            found.append(Part(first, last, None))
            continue
        numbers[owner] += 1
        visited[owner] += last - first + 1
        found.append(Part(first, last, owner, numbers[owner], parts[owner], visited[owner], of[owner]))
    return found


def part_at(parts: Sequence[Part], step: int) -> int:
    """The number (from 1) of the part that holds a step of the true sweep."""
    return max(bisect_right(parts, step, key=lambda part: part.first), 1)
