"""Step and Sweep: what one accumulation did, edge by edge, as records to read, print and draw.

A sweep is one seed step, then one step an edge. The steps are what the core's loop reported while it computed: they
are the computation, not a replay of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

import numpy as np

from autograd_lab.core.node import Record, value_of
from autograd_lab.core.primitives.row import Mode
from autograd_lab.core.visits import Visit, Watch, zero
from autograd_lab.graph.paths import Paths, paths_of

if TYPE_CHECKING:
    from autograd_lab.graph.graph import Graph
    from autograd_lab.graph.node import Edge, Node


class Cost(NamedTuple):
    """What a sweep costs: edges visited, and scalar multiplications (one an element for a pointwise local derivative)."""

    edges: int
    multiplications: int


@dataclass(frozen=True, eq=False, repr=False)
class Step:
    """One step of a sweep: the seed, or one edge visited.

    The local derivative times `incoming` is `contribution`, and `before` + `contribution` = `total` at `node`: Griewank and
    Walther, Evaluating Derivatives (2008), chapter 3.

    Attributes:
        mode: "forward", which carries tangents, or "reverse", which carries adjoints.
        kind: "seed" for the first step, else "edge".
        edge: the edge visited, pointing the way the computation went; None at the seed.
        node: the receiver: the edge's target (forward) or source (reverse).
        local: the local derivatives of a pointwise operation, an array of its result's shape; None at the seed and where
            the edge is another linear map.
        incoming: what comes in, of the shape of the node at the other end of the edge; None at the seed.
        contribution: what the edge adds, of the receiver's shape; None at the seed.
        before: what the receiver had, of its shape; 0 at first.
        total: what it has now.
        arrived: how many contributions it has got so far.
        expected: how many it gets in this sweep.
        completes: whether this was the last one, so that `total` is the derivative.
        reached: False for an edge of a forward sweep that the seed does not lead to.
        about: the input (forward) or output (reverse) that the sweep is about.
        graph: the graph that is swept.
        zeros: the other inputs, which a forward seed sets to 0.

    >>> from autograd_lab import trace
    >>> step = trace(lambda x: x * x, 3.0).reverse()[2]
    >>> step.edge, step.local, step.before, step.contribution, step.total
    (<Edge w1->w2#1>, 3.0, 3.0, 3.0, 6.0)
    """

    mode: Mode
    kind: Literal["seed", "edge"]
    edge: Edge | None
    node: Node
    local: Any
    incoming: Any
    contribution: Any
    before: Any
    total: Any
    arrived: int
    expected: int
    completes: bool
    reached: bool
    about: Node
    graph: Graph
    zeros: tuple[Node, ...] = ()

    @property
    def latex(self) -> str:
        """The step's equation: generic symbol = symbol at this node = numbers = result."""
        from autograd_lab.explain.formulas import equation
        from autograd_lab.explain.latex import latex

        return latex(equation(self))

    @property
    def text(self) -> str:
        """The step in one sentence."""
        from autograd_lab.explain.sentences import sentence

        return sentence(self)

    def __repr__(self) -> str:
        return f"<Step {self.text}>"


class Sweep(Sequence[Step]):
    """The steps of one accumulation, a sequence of Steps. Made by `Graph.forward` and `Graph.reverse`.

    Attributes:
        graph: the graph that is swept.
        mode: "forward" or "reverse".
        about: the input (forward) or output (reverse) that it is about.
        result: label to tangent or adjoint, each of its node's shape; 0 for inputs that were not reached.
        stopped: why an attempt ended before its last step; None for a whole sweep.

    >>> from autograd_lab import trace
    >>> sweep = trace(lambda x, y: x * y, 2.0, 3.0).reverse()
    >>> len(sweep), sweep.result, sweep.cost
    (3, {'w1': 3.0, 'w2': 2.0, 'w3': 1.0}, Cost(edges=2, multiplications=2))
    """

    def __init__(
        self,
        graph: Graph,
        mode: Mode,
        about: Node,
        steps: tuple[Step, ...],
        result: dict[str, Any],
        *,
        stopped: str | None = None,
    ) -> None:
        self.graph = graph
        self.mode = mode
        self.about = about
        self.result = result
        self.stopped = stopped
        self._steps = steps

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        return self._steps[index]

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self._steps)

    @property
    def cost(self) -> Cost:
        """Edges visited and scalar multiplications, counted by the rules: nothing is timed."""
        edges = [step.edge for step in self._steps if step.edge is not None]
        return Cost(len(edges), sum(multiplications(edge) for edge in edges))

    @property
    def paths(self) -> Paths:
        """The paths between the ends of the sweep: how many, and where they are few, which edges each has."""
        return paths_of(self)

    def __str__(self) -> str:
        from autograd_lab.explain.sentences import transcript

        return transcript(self)

    def __repr__(self) -> str:
        return f"<Sweep {self.mode} about {self.about.name or self.about.label}: {len(self)} steps>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(str(self))


def multiplications(edge: Edge) -> int:
    """How many scalar multiplications the visit of an edge takes, counted from the rule and the shapes.

    A pointwise rule costs one for each element of the result: the local derivative times what comes in. (What the local
    derivative costs is not counted: a textbook has it at hand.) A linear map states its count, which the same rules give
    for push and pull: m k n for a product of matrices, (n^3 - n) / 3 for an elimination and n^2 for each right-hand side,
    n^3 for an inverse; a division is a multiplication. Sums, copies, permutations and triangles cost none.
    """
    record = edge.target.record
    assert record.primitive is not None
    partial = record.primitive.partials[edge.argument]
    assert partial is not None
    if partial.local is not None:
        return int(np.size(record.value))
    if partial.multiplications is None:
        return 0
    return partial.multiplications(record.value, *map(value_of, record.operands), **record.keywords)


def step_of(visit: Visit, graph: Graph, about: Node) -> Step:
    """A visit that the core reported, as a step in the graph's labels."""
    edge = None if visit.node is None else graph.edge(visit.node, visit.argument)
    receiver = graph.of_record(visit.receiver)
    seeds_forward = edge is None and visit.mode == "forward"
    return Step(
        mode=visit.mode,
        kind="seed" if edge is None else "edge",
        edge=edge,
        node=receiver,
        local=visit.local,
        incoming=visit.incoming,
        contribution=visit.contribution,
        before=visit.before,
        total=visit.total,
        arrived=visit.arrived,
        expected=visit.expected,
        completes=visit.arrived == visit.expected,
        reached=visit.reached,
        about=about,
        graph=graph,
        zeros=tuple(node for node in graph.inputs if node.record not in visit.seeded) if seeds_forward else (),
    )


def sweep_of(graph: Graph, mode: Mode, about: Node, visits: Sequence[Visit], stopped: str | None = None) -> Sweep:
    """The sweep that the core's visits make."""
    steps = tuple(step_of(visit, graph, about) for visit in visits)
    totals: dict[Record, Any] = {node.record: zero(node.value) for node in graph.inputs}
    for visit in visits:
        totals[visit.receiver] = visit.total
    result = {str(node.label): totals[node.record] for node in graph.nodes if node.record in totals}
    return Sweep(graph, mode, about, steps, result, stopped=stopped)


def told(*watchers: Watch | None) -> Callable[[Visit], None]:
    """One watcher that tells all of these."""
    present = [watcher for watcher in watchers if watcher is not None]

    def tell(visit: Visit) -> None:
        for watcher in present:
            watcher(visit)

    return tell
