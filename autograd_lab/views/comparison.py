"""Forward against reverse accumulation: one Jacobian filled twice, by columns and by rows, and what each way costs.

    compared = Compared(graph)      every sweep of both modes, as the storyboard runs them
    compared.costs.forward.edges    the totals of one mode
    compared.jacobian               the entries, as the sweeps found them
    compared.story()                the comparison as JSON, for the frontend; str(compared) as text

A forward sweep from an input gives a column of the Jacobian, a reverse sweep from an output a row of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from autograd_lab.core.primitives.row import Mode
from autograd_lab.explain.numbers import number
from autograd_lab.graph import Graph, Node, Sweep
from autograd_lab.graph.sweep import Cost, multiplications
from autograd_lab.views import storyboard
from autograd_lab.views.miniature import miniature
from autograd_lab.views.settings import MODES
from autograd_lab.views.storyboard import Choice
from autograd_lab.views.texts import texts

MOST_SWEEPS: Final = 64
"""Sweeps of both modes together that are run and shown; beyond them their costs are counted."""

READABLE: Final = 12
"""Columns and rows of a grid up to which its cells have room for their numbers."""


@dataclass(frozen=True)
class ModeCost:
    """What the sweeps of one mode cost together; a sweep that had to stop counts with the edges that it visited."""

    sweeps: int
    edges: int
    multiplications: int


@dataclass(frozen=True)
class Costs:
    """What the whole Jacobian costs by either mode."""

    forward: ModeCost
    reverse: ModeCost


class Compared:
    """Both accumulations over one graph, sweep by sweep.

    Attributes:
        graph: what is swept.
        columns, rows: how many inputs and outputs there are, arrays element by element.
        listed: whether every sweep was run; else `costs` is counted, and there are no `sweeps`.
        sweeps: by mode, each as far as it got.

    Raises:
        ValueError: all inputs or all outputs are empty arrays.
    """

    def __init__(self, graph: Graph) -> None:
        for mode in MODES:
            storyboard.key_of(graph, mode, None)
        self.graph = graph
        self.columns = _size(graph.inputs)
        self.rows = _size(graph.outputs)
        self.listed = self.columns + self.rows <= MOST_SWEEPS
        self.choices: dict[Mode, list[Choice]] = {mode: storyboard.choices(graph, mode) for mode in MODES}
        begun = {mode: offered if self.listed else offered[:1] for mode, offered in self.choices.items()}
        run = {mode: [storyboard.run(graph, mode, choice.key) for choice in chosen] for mode, chosen in begun.items()}
        self.stops: dict[Mode, str | None] = {mode: next(filter(None, (s.stopped for s in run[mode])), None) for mode in MODES}
        self.sweeps: dict[Mode, list[Sweep]] = run if self.listed else {mode: [] for mode in MODES}
        self._begun = run

    @property
    def steps(self) -> int:
        """How many sweeps the mode with more of them takes: both advance together."""
        return max(len(sweeps) for sweeps in self.sweeps.values())

    @cached_property
    def costs(self) -> Costs:
        """The totals of both modes, summed from `Sweep.cost`, or counted beyond MOST_SWEEPS."""
        if self.listed:
            forward, reverse = (_total(self.sweeps[mode]) for mode in MODES)
        else:
            ((first,), _) = self._begun.values()
            forward = ModeCost(self.columns, *(self.columns * part for part in first.cost))  # each one visits every edge
            reverse = ModeCost(self.rows, *_reverse_cost(self.graph))
        return Costs(forward, reverse)

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
            RuntimeError: neither mode could finish its sweeps; the message is that of the first one.
        """
        if not self.listed:
            raise ValueError(
                f"this Jacobian has {self.rows} rows and {self.columns} columns, and beyond {MOST_SWEEPS} sweeps only costs are "
                "counted: lab.func.jacrev and lab.func.jacfwd compute it"
            )
        for mode in MODES:
            found = [self.entries(mode, index) for index in range(len(self.sweeps[mode]))]
            if self.stops[mode] is None:
                by_sweep = np.array(found)
                return by_sweep.T if mode == "forward" else by_sweep
        raise RuntimeError(self.stops["forward"])

    # -- as JSON --

    def story(self, language: str = "en") -> dict[str, Any]:
        """What the frontend shows: all of it, up to the step that it is at."""
        words = texts(language)
        drawn = miniature(self.graph)
        return {
            "title": storyboard.title(self.graph),
            "language": language,
            "texts": words,
            "notices": list(self._notices(words)),
            "svg": drawn if self.listed else None,
            "columns": [choice.text for choice in self.choices["forward"]] if self.listed else [],
            "rows": [choice.text for choice in self.choices["reverse"]] if self.listed else [],
            "readable": max(self.columns, self.rows) <= READABLE,
            "steps": self.steps,
            "sweeps": {mode: [self._told(mode, index) for index in range(len(self.sweeps[mode]))] for mode in MODES},
            "totals": asdict(self.costs),
            "sentences": [self._sentence(words, step) for step in range(self.steps + 1)],
            "closing": self.closing(words),
        }

    def _told(self, mode: Mode, index: int) -> dict[str, Any]:
        sweep = self.sweeps[mode][index]
        entries = self.entries(mode, index)
        edges, products = sweep.cost
        return {
            "node": sweep.about.label,
            "edges": edges,
            "multiplications": products,
            "cells": None if entries is None else [number(entry) for entry in entries],
            "visited": [step.edge.id for step in sweep if step.edge is not None],
            "unreached": [step.edge.id for step in sweep if step.edge is not None and not step.reached],
        }

    def _notices(self, words: dict[str, str]) -> Iterator[str]:
        if not self.listed:
            yield words["compareCounted"].format(most=MOST_SWEEPS, rows=self.rows, columns=self.columns)
            return
        if max(self.columns, self.rows) > READABLE:
            yield words["compareCoarse"].format(most=READABLE)

    def _sentence(self, words: dict[str, str], step: int) -> str:
        """What the step did in both modes."""
        if step == 0:
            return words["compareStart"] if self.listed else ""
        return " ".join(self._sentence_of(words, mode, step) for mode in MODES)

    def _sentence_of(self, words: dict[str, str], mode: Mode, step: int) -> str:
        sweeps = self.sweeps[mode]
        if step > len(sweeps):
            return words[f"{mode}Done"]
        stopped = sweeps[step - 1].stopped
        template = words[f"{mode}Fills" if stopped is None else f"{mode}Stops"]
        about = self.choices[mode][step - 1].text
        return template.format(sweep=step, sweeps=len(sweeps), about=about, reason=stopped)

    # -- as text --

    def closing(self, words: dict[str, str]) -> str:
        """Which mode needs how many sweeps, in one sentence."""
        forward, reverse = self.costs.forward, self.costs.reverse
        values = {
            "inputs": _counted(words, "input", self.columns),
            "outputs": _counted(words, "output", self.rows),
            "forward": _counted(words, "sweep", forward.sweeps),
            "reverse": _counted(words, "sweep", reverse.sweeps),
            "forwardCost": _cost(words, forward),
            "reverseCost": _cost(words, reverse),
            "reverseCount": reverse.sweeps,
        }
        if any(self.stops.values()):
            for mode in MODES:
                reason = self.stops[mode]
                template = words[f"{mode}Needs" if reason is None else f"{mode}Unfinished"]
                values[f"{mode}Told"] = template.format(reason=reason, **values)
            return words["compareStopped"].format(**values)
        if forward == reverse:
            return words["compareSame"].format(**values)
        return words["compareTie" if forward.sweeps == reverse.sweeps else "compareNeeds"].format(**values)

    def text(self, language: str = "en") -> str:
        """The whole comparison as text: each sweep with its cost, the Jacobian, and which mode needs how many sweeps."""
        words = texts(language)
        lines = [f"{storyboard.title(self.graph)}: {words['compareRegion']}", *self._notices(words)]
        for mode in MODES:
            lines.append(words[mode])
            total = getattr(self.costs, mode)
            for step, sweep in enumerate(self.sweeps[mode], start=1):
                lines.append(f"  {self._sentence_of(words, mode, step)} {_cost(words, sweep.cost)}")
            lines.append(f"  {words['total']}: {_counted(words, 'sweep', total.sweeps)}, {_cost(words, total)}")
        if self.listed and max(self.columns, self.rows) <= READABLE:
            lines += [words["jacobian"], *self._grid()]
        return "\n".join([*lines, self.closing(words)])

    def _grid(self) -> Iterator[str]:
        """The Jacobian as it prints, "?" where no sweep found an entry."""
        inputs, outputs = (self.choices[mode] for mode in MODES)
        columns = [self.entries("forward", j) for j in range(self.columns)]
        by_row = [self.entries("reverse", i) for i in range(self.rows)]
        heads = [choice.text for choice in inputs]
        cells = [
            [_shown(columns[j], i) or _shown(by_row[i], j) or "?" for j in range(self.columns)] for i in range(self.rows)
        ]
        widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
        first = max(len(choice.text) for choice in outputs)
        for head, row in [("", heads), *((choice.text, row) for choice, row in zip(outputs, cells, strict=True))]:
            yield f"  {head:<{first}}  {'  '.join(f'{cell:>{width}}' for cell, width in zip(row, widths, strict=True))}"

    def __str__(self) -> str:
        return self.text()


def _size(nodes: tuple[Node, ...]) -> int:
    return sum(int(np.size(node.value)) for node in nodes)


def _entry(sweep: Sweep, choice: Choice) -> Any:
    value = sweep.result[str(choice.node.label)]
    return value if choice.index is None else np.asarray(value)[choice.index]


def _shown(entries: list[Any] | None, index: int) -> str | None:
    return None if entries is None else number(entries[index])


def _total(sweeps: list[Sweep]) -> ModeCost:
    costs = [sweep.cost for sweep in sweeps]
    finished = sum(sweep.stopped is None for sweep in sweeps)
    return ModeCost(finished, sum(cost.edges for cost in costs), sum(cost.multiplications for cost in costs))


def _reverse_cost(graph: Graph) -> Cost:
    """The cost of one reverse sweep for each element of each output: an edge is visited by those that it leads to.

    Which ones an edge leads to is a set of outputs, kept as the bits of an int.
    """
    leads_to = dict.fromkeys(graph.nodes, 0)
    for bit, output in enumerate(graph.outputs):
        leads_to[output] |= 1 << bit
    for edge in reversed(graph.edges):
        leads_to[edge.source] |= leads_to[edge.target]
    sizes = [int(np.size(output.value)) for output in graph.outputs]
    elements = {bits: sum(size for i, size in enumerate(sizes) if bits >> i & 1) for bits in set(leads_to.values())}
    visits = [(elements[leads_to[edge.target]], multiplications(edge)) for edge in graph.edges]
    return Cost(sum(sweeps for sweeps, _ in visits), sum(sweeps * products for sweeps, products in visits))


def _counted(words: dict[str, str], noun: str, count: int) -> str:
    return words[f"{noun}One" if count == 1 else f"{noun}Many"].format(count=count)


def _cost(words: dict[str, str], cost: Cost | ModeCost) -> str:
    edges, products = _counted(words, "edge", cost.edges), _counted(words, "multiplication", cost.multiplications)
    return words["cost"].format(edges=edges, multiplications=products)
