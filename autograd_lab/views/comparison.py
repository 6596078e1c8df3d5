"""Forward against reverse accumulation: one Jacobian filled twice, by columns and by rows, and what each way costs.

    compared = Compared(graph)      every sweep of both modes, as the storyboard runs them
    compared.costs.forward.edges    the totals of one mode
    compared.jacobian               the entries, as the sweeps found them

A forward sweep from an input gives a column of the Jacobian, a reverse sweep from an output a row of it. How this is told
and shown is the matter of verdict.py and compare.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lab.core.primitives.row import Mode
from autograd_lab.graph import Graph, Node, Sweep
from autograd_lab.graph.sweep import Cost, multiplications
from autograd_lab.language import gettext as _
from autograd_lab.views.choices import Choice, choices, key_of, run

WAYS: Final[tuple[Mode, Mode]] = ("forward", "reverse")

MOST_SWEEPS: Final = 64
"""Sweeps of both modes together that are run and shown; beyond them their costs are counted."""


@dataclass(frozen=True)
class ModeCost:
    """What the sweeps of one mode cost together; one that had to stop is no sweep, but the edges that it visited count."""

    sweeps: int
    edges: int
    multiplications: int


@dataclass(frozen=True)
class Costs:
    """What the whole Jacobian costs by either mode."""

    forward: ModeCost
    reverse: ModeCost


class Compared:
    """Both accumulations over one graph.

    Attributes:
        graph: what is swept.
        columns, rows: how many inputs and outputs there are, arrays element by element.
        listed: whether every sweep was run; else `costs` is counted, and there are no `sweeps`.
        choices: by mode, the inputs or outputs that sweeps start from.
        sweeps: by mode, each as far as it got.
        stopped: for each mode that could not be finished, its first sweep that had to stop.

    Raises:
        ValueError: all inputs or all outputs are empty arrays.
    """

    def __init__(self, graph: Graph) -> None:
        first = {mode: key_of(graph, mode, None) for mode in WAYS}
        self.graph = graph
        self.columns = _size(graph.inputs)
        self.rows = _size(graph.outputs)
        self.listed = self.columns + self.rows <= MOST_SWEEPS
        self.choices: dict[Mode, list[Choice]] = {mode: choices(graph, mode) for mode in WAYS}
        keys = {mode: [c.key for c in self.choices[mode]] if self.listed else [first[mode]] for mode in WAYS}
        self._run = {mode: [run(graph, mode, key) for key in keys[mode]] for mode in WAYS}
        self.sweeps: dict[Mode, list[Sweep]] = self._run if self.listed else {mode: [] for mode in WAYS}
        halted = [[sweep for sweep in self._run[mode] if sweep.stopped is not None] for mode in WAYS]
        self.stopped = [sweeps[0] for sweeps in halted if sweeps]

    @property
    def steps(self) -> int:
        """How many sweeps the mode with more of them takes: both advance together."""
        return max(len(sweeps) for sweeps in self.sweeps.values())

    @cached_property
    def costs(self) -> Costs:
        """The totals of both modes: summed from `Sweep.cost`, or counted beyond MOST_SWEEPS."""
        if self.listed:
            return Costs(*(_total(self.sweeps[mode]) for mode in WAYS))
        edges, products = self._run["forward"][0].cost  # each forward sweep visits every edge
        forward = ModeCost(self.columns, self.columns * edges, self.columns * products)
        return Costs(forward, ModeCost(self.rows, *_reverse_cost(self.graph)))

    def finished(self, mode: Mode) -> bool:
        """Whether the sweeps of a mode could be finished."""
        return all(sweep.mode != mode for sweep in self.stopped)

    def entries(self, mode: Mode, index: int) -> list[Any] | None:
        """The column (forward) or row (reverse) that a sweep found; None where it had to stop."""
        sweep = self.sweeps[mode][index]
        across = self.choices["reverse" if mode == "forward" else "forward"]
        return None if sweep.stopped is not None else [_entry(sweep, choice) for choice in across]

    @cached_property
    def jacobian(self) -> np.ndarray[Any, Any]:
        """The Jacobian, one row an output and one column an input, arrays element by element.

        Raises:
            ValueError: it takes more sweeps than are run.
            RuntimeError: neither mode could finish its sweeps; the message says why.
        """
        if not self.listed:
            raise ValueError(
                _(
                    "this Jacobian has {rows} rows and {columns} columns, and beyond {most} sweeps costs are only counted: "
                    "compute it with lab.func.jacrev or lab.func.jacfwd"
                ).format(rows=self.rows, columns=self.columns, most=MOST_SWEEPS)
            )
        for mode in WAYS:
            if self.finished(mode):
                found = np.array([self.entries(mode, index) for index in range(len(self.sweeps[mode]))])
                return found.T if mode == "forward" else found
        raise RuntimeError(self.stopped[0].stopped)


def _size(nodes: tuple[Node, ...]) -> int:
    return sum(int(np.size(node.value)) for node in nodes)


def _entry(sweep: Sweep, choice: Choice) -> Any:
    value = sweep.result[str(choice.node.label)]
    return value if choice.index is None else value[choice.index]


def _total(sweeps: list[Sweep]) -> ModeCost:
    costs = [sweep.cost for sweep in sweeps]
    finished = sum(sweep.stopped is None for sweep in sweeps)
    return ModeCost(finished, sum(cost.edges for cost in costs), sum(cost.multiplications for cost in costs))


def _reverse_cost(graph: Graph) -> Cost:
    """The cost of one reverse sweep for each element of each output: each visits the edges that lead to its output.

    To which outputs a node leads is a set of them, kept as the bits of an int.
    """
    leads_to = dict.fromkeys(graph.nodes, 0)
    for bit, output in enumerate(graph.outputs):
        leads_to[output] |= 1 << bit
    for edge in reversed(graph.edges):  # by then all that its target leads to is known
        leads_to[edge.source] |= leads_to[edge.target]
    sizes = [int(np.size(output.value)) for output in graph.outputs]
    elements = {bits: sum(size for bit, size in enumerate(sizes) if bits >> bit & 1) for bits in set(leads_to.values())}
    visits = [(elements[leads_to[edge.target]], multiplications(edge)) for edge in graph.edges]
    return Cost(sum(sweeps for sweeps, _ in visits), sum(sweeps * products for sweeps, products in visits))
