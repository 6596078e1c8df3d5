"""The paths of a sweep: how many lead from end to end, and, where they are few, which.

    paths = paths_of(graph.reverse())
    paths.counts        {"w1": 2, "w2": 1}       from each input to the output (forward: from the input to each output)
    paths.listed        {"w1": ((w1->w3, w3->w5), (w1->w4, w4->w5)), ...}
    paths.visited       5                        the edges that the sweep visited to add all of them up

A derivative is the sum over all paths of the product of the local derivatives along each (Bauer, Computational graphs
and rounding error, 1974). Their number doubles with every diamond, so they are counted by one sum a node, and listed only
while a person could read the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from autograd_lab.core.node import Record

if TYPE_CHECKING:
    from autograd_lab.graph.graph import Graph
    from autograd_lab.graph.node import Edge, Node
    from autograd_lab.graph.sweep import Sweep

MOST_PATHS: Final = 50
"""How many paths are listed, all ends of a sweep together; beyond it they are counted."""

Path = tuple["Edge", ...]
"""Edges from an input to an output, in the direction of the computation; none where the input is the output."""


@dataclass(frozen=True, repr=False)
class Paths:
    """The paths of one sweep. `ends` are the inputs (reverse) or outputs (forward), `listed` is None beyond MOST_PATHS."""

    ends: tuple[Node, ...]
    counts: dict[str, int]
    listed: dict[str, tuple[Path, ...]] | None
    visited: int

    @property
    def count(self) -> int:
        """How many there are, to all ends together."""
        return sum(self.counts.values())

    def __repr__(self) -> str:
        return f"<Paths of {', '.join(map(str, self.counts))}: {self.visited} edges visited>"


def paths_of(sweep: Sweep) -> Paths:
    """The paths between the ends of a sweep: one sum a node, whatever their number and length.

    They are listed by the edges that they begin with, in the order in which these were recorded.
    """
    graph, about = sweep.graph, sweep.about
    reverse = sweep.mode == "reverse"
    ends = graph.inputs if reverse else graph.outputs
    counted = _to(graph, about) if reverse else _from(graph, about)
    counts = {str(end.label): counted.get(end.record, 0) for end in ends}
    listed = None
    if sum(counts.values()) <= MOST_PATHS:
        listed = {
            str(end.label): (tuple(_listed(graph, end, about) if reverse else _listed(graph, about, end)))
            for end in ends
            if counts[str(end.label)]
        }
    return Paths(ends, counts, listed, sweep.cost.edges)


def _to(graph: Graph, goal: Node) -> dict[Record, int]:
    """The number of paths from each record to the goal; records without any are left out."""
    counts = {goal.record: 1}
    for node in reversed(graph.nodes):
        count = counts.get(node.record)
        if count:
            for operand in node.record.operands:
                if operand.__class__ is Record:
                    counts[operand] = counts.get(operand, 0) + count
    return counts


def _from(graph: Graph, start: Node) -> dict[Record, int]:
    """The number of paths from the start, an input, to each record; records without any are left out."""
    counts = {start.record: 1}
    for node in graph.nodes:
        count = sum(counts.get(operand, 0) for operand in node.record.operands if operand.__class__ is Record)
        if count:
            counts[node.record] = count
    return counts


def _listed(graph: Graph, start: Node, goal: Node) -> Iterator[Path]:
    """Each path from start to goal. It walks only where the goal can be reached, so every walk ends as a path."""
    if start is goal:
        yield ()
        return
    leading = _to(graph, goal)
    out: dict[Node, list[Edge]] = {}
    for edge in graph.edges:
        if edge.target.record in leading:
            out.setdefault(edge.source, []).append(edge)
    walked: list[Edge] = []
    waiting = [iter(out[start])]  # the edges still to be tried: after each edge walked, those that go on from there
    while waiting:
        for edge in waiting[-1]:
            if edge.target is goal:
                yield (*walked, edge)
                continue
            walked.append(edge)
            waiting.append(iter(out[edge.target]))
            break
        else:
            waiting.pop()
            del walked[len(waiting) - 1 :]
