"""Graph: a view over the core's records, with labels.

Inputs come first, then operations in the order in which they were recorded: w1, w2, ... (v1, v2, ... where an input is
itself called w and a number). An edge is one use of one operand, so x*x has two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from autograd_lab.core.accumulate import forward, reverse, topological
from autograd_lab.core.backward import listeners
from autograd_lab.core.modes import set_grad_enabled
from autograd_lab.core.node import Constant as CoreConstant
from autograd_lab.core.node import Record
from autograd_lab.core.primitives.row import Mode
from autograd_lab.core.visits import Visit
from autograd_lab.graph.node import Constant, Edge, Node
from autograd_lab.graph.sweep import Sweep, sweep_of, told
from autograd_lab.language import gettext as _


class Graph:
    """A recorded directed acyclic graph, of which `len` counts the nodes. Made by `lab.trace` and `lab.graph_of`.

    Attributes:
        name: of the function that was run.
        nodes: all Nodes: inputs first, then operations as they were recorded.
        inputs: the Nodes that derivatives can be with respect to.
        outputs: the Nodes that derivatives can be of.

    >>> from autograd_lab import trace
    >>> graph = trace(lambda x: x * x, 3.0)
    >>> [edge.id for edge in graph.edges], graph.reverse().result["w1"]
    (['w1->w2', 'w1->w2#1'], 6.0)
    """

    def __init__(
        self,
        outputs: Iterable[Record],
        inputs: Iterable[Record] = (),
        name: str = "graph",
        *,
        again: Callable[[Mapping[str, Any]], Graph] | None = None,
    ) -> None:
        """Label the records behind the outputs; `inputs` come first, in this order, then other leaves as created.

        `again` runs the function behind the graph once more, with other values for its inputs, by name.
        """
        roots = tuple(dict.fromkeys(outputs))
        recorded = topological(roots)
        given = tuple(dict.fromkeys(inputs))
        leaves = (*given, *(r for r in recorded if r.primitive is None and r not in set(given)))
        letter = "v" if any(re.fullmatch(r"w\d+", (r.extra and r.extra.name) or "") for r in leaves) else "w"
        ordered = (*leaves, *(r for r in recorded if r.primitive is not None))
        self._by_record: dict[Record, Node] = {}
        for number, record in enumerate(ordered, start=1):
            parents = tuple(self._by_record[o] for o in record.operands if o.__class__ is Record)
            self._by_record[record] = Node(record, f"{letter}{number}", parents)
        self.name = name
        self._again = again
        self.nodes = tuple(self._by_record.values())
        self.inputs = tuple(self._by_record[r] for r in leaves)
        self.outputs = tuple(self._by_record[r] for r in roots)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """One edge a use of an operand: by the order of their targets, then by argument."""
        return tuple(edge for edges in self._into.values() for edge in edges.values())

    @cached_property
    def _into(self) -> dict[Record, dict[int, Edge]]:
        """The edges into each record, by argument."""
        into: dict[Record, dict[int, Edge]] = {}
        for target in self.nodes:
            into[target.record] = edges = {}
            seen: dict[str, int] = {}
            for argument, operand in enumerate(target.record.operands):
                if operand.__class__ is not Record:
                    continue
                source = self._by_record[operand]
                identity = f"{source.label}->{target.label}"
                seen[identity] = seen.get(identity, -1) + 1
                if seen[identity]:
                    identity = f"{identity}#{seen[identity]}"
                edges[argument] = Edge(identity, source, target, argument)
        return into

    @cached_property
    def constants(self) -> tuple[Constant, ...]:
        """The Tensors among the operands that no gradient flows to, in the order of their first use."""
        targets: dict[CoreConstant, list[Node]] = {}
        for node in self.nodes:
            for operand in node.record.operands:
                if operand.__class__ is CoreConstant and node not in targets.setdefault(operand, []):
                    targets[operand].append(node)
        labels = {node.record.index: node.label for node in self.nodes}
        return tuple(
            Constant(None if c.extra is None else c.extra.name, c.value, _origin(c, labels), tuple(used))
            for c, used in targets.items()
        )

    def node(self, key: str | Node) -> Node:
        """The node of this name or label (names win); a Node of this graph is returned as it is.

        Args:
            key: "x", "w3" or a Node.

        Raises:
            ValueError: there is no such node, or two nodes bear the name; the message lists what there is.
        """
        return self._choose(key, self.nodes, "node")

    def edge(self, record: Record, argument: int) -> Edge:
        """The edge into operand number `argument` of a record of this graph."""
        return self._into[record][argument]

    def find(self, record: Record) -> Node | None:
        """The node of a record, or None where it is not of this graph."""
        return self._by_record.get(record)

    def of_record(self, record: Record) -> Node:
        """The node of a record of this graph."""
        return self._by_record[record]

    def forward(self, wrt: str | Node | None = None, seed: Any = None) -> Sweep:
        """Forward accumulation from one input: every edge once, in recorded order (Baydin et al. 2018, table 2).

        Args:
            wrt: the input, by name, label or Node; may be left out where there is one.
            seed: its tangent, of its shape; 1 for a scalar if left out.

        Raises:
            ValueError: `wrt` is no input of this graph, or is missing where there are several.
            RuntimeError: a non-scalar input without seed, a seed of another shape, or a graph freed by backward().
        """
        return self._sweep("forward", self._choose(wrt, self.inputs, "wrt"), seed)

    def reverse(self, of: str | Node | None = None, seed: Any = None) -> Sweep:
        """Reverse accumulation to one output: every edge behind it once, last recorded first (Baydin et al. 2018, table 3).

        Args:
            of: the output, by name, label or Node; may be left out where there is one.
            seed: its adjoint, of its shape; 1 for a scalar if left out.

        Raises:
            ValueError: `of` is no output of this graph, or is missing where there are several.
            RuntimeError: a non-scalar output without seed, a seed of another shape, or a graph freed by backward().
        """
        return self._sweep("reverse", self._choose(of, self.outputs, "of"), seed)

    def attempt(self, mode: Mode, about: Node, seed: Any = None) -> Sweep:
        """`forward` or `reverse` for who shows the steps: one that cannot be finished ends where it stopped.

        Its `stopped` then says why, in the words of the RuntimeError: a value that a derivative needs was overwritten by an
        in-place operation, or freed by backward().

        Args:
            mode: "forward" or "reverse".
            about: the Node of the input (forward) or the output (reverse).
            seed: as `forward` and `reverse` take it.
        """
        return self._sweep(mode, about, seed, whole=False)

    def _sweep(self, mode: Mode, about: Node, seed: Any, *, whole: bool = True) -> Sweep:
        value = _seed(seed, about, mode)
        visits: list[Visit] = []
        heard: list[Visit] = []  # as many, unless it was a person's hook that raised
        stopped: str | None = None
        watch = told(visits.append, listeners(), heard.append)
        with np.errstate(all="ignore"), set_grad_enabled(False):
            try:
                if mode == "forward":
                    order = [node.record for node in self.nodes]
                    roots = tuple(node.record for node in self.outputs)
                    forward(order, {about.record: value}, watch=watch, roots=roots)
                else:
                    reverse([(about.record, value)], watch=watch)
            except RuntimeError as error:
                if whole or not visits or len(heard) < len(visits):
                    raise
                stopped = str(error)
        return sweep_of(self, mode, about, visits, stopped)

    def _choose(self, key: str | Node | None, choices: tuple[Node, ...], what: str) -> Node:
        names = ", ".join(f"{node.name!r} ({node.label})" if node.name else f"{node.label!r}" for node in choices)
        if key is None:
            if len(choices) == 1:
                return choices[0]
            needed = _("{argument}= is needed, as there are {count} choices: {choices}")
            raise ValueError(needed.format(argument=what, count=len(choices), choices=names))
        if isinstance(key, Node):
            found = [node for node in choices if node is key]
        else:
            found = [node for node in choices if node.name == key] or [node for node in choices if node.label == key]
        if len(found) > 1:
            several = _("{argument}={value!r} is the name of {count} nodes: use a label, one of {choices}")
            raise ValueError(several.format(argument=what, value=key, count=len(found), choices=names))
        if not found:
            shown = key.label if isinstance(key, Node) else key
            unknown = _("{argument}={value!r} is not one of the choices: {choices}")
            raise ValueError(unknown.format(argument=what, value=shown, choices=names))
        return found[0]

    @property
    def repeatable(self) -> bool:
        """Whether the function behind the graph is known, so that `again` can run it."""
        return self._again is not None

    def again(self, values: Mapping[str, Any]) -> Graph:
        """The graph of the same function at other values: it runs again, so that another branch may be taken.

        Args:
            values: new values of inputs, by name or label, each of its input's shape; the other inputs keep theirs.

        Raises:
            RuntimeError: the graph was not made by lab.trace or lab.show from a function.
            ValueError: there is no such input, or a value of another shape.
            TypeError: a value is no number or array of numbers; whatever the function raises propagates too.
        """
        if self._again is None:
            raise RuntimeError(_("this graph was recorded from Tensors, so there is no function to run again: trace one"))
        changed: dict[str, Any] = {}
        for key, value in values.items():
            node = self._choose(key, self.inputs, "input")
            array = np.asarray(value)
            if array.dtype.kind not in "fiub":
                raise TypeError(_("{name} takes real numbers, got {value}").format(name=key, value=repr(value)[:60]))
            if array.shape != np.shape(node.value):
                raise ValueError(
                    _("{name} has shape {shape}, got a value of shape {given}").format(
                        name=key, shape=np.shape(node.value), given=array.shape
                    )
                )
            changed[str(node.name)] = array.astype(getattr(node.value, "dtype", np.float64))[()]
        kept = {str(node.name): node.value for node in self.inputs}
        return self._again(kept | changed)

    def to_dot(self) -> str:
        """The graph as DOT text for Graphviz."""
        from autograd_lab.views.dot import to_dot

        return to_dot(self)

    def to_svg(self) -> str:
        """The picture of the graph with its primals, as a standalone SVG."""
        from autograd_lab.views.picture import svg

        return svg(self)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __str__(self) -> str:
        from autograd_lab.explain.sentences import listing

        return listing(self)

    def __repr__(self) -> str:
        return f"<Graph {self.name}: {len(self.nodes)} nodes, {len(self.edges)} edges>"

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        from autograd_lab.views.fallback import bundle

        return bundle(str(self), self)


def _origin(constant: CoreConstant, labels: dict[int, str | None]) -> str:
    origin, detached = constant.why
    return f"detach of {labels[detached]}" if origin == "detach" and detached in labels else origin


def _seed(seed: Any, node: Node, mode: Mode) -> Any:
    value = node.value
    shape = np.shape(value)
    called = node.name or node.label
    if seed is None:
        if np.size(value) == 1:
            return 1.0 if value.__class__ is float else np.ones(shape, value.dtype)[()]
        example = np.zeros(min(np.size(value), 4))
        example[:1] = 1.0
        shown = example.tolist() if np.size(value) <= 4 and len(shape) == 1 else f"np.ones({shape})"
        what = _("tangent") if mode == "forward" else _("adjoint")
        raise RuntimeError(
            _(
                "{node} has shape {shape}, so its {what} must be chosen: give seed= of that shape, for example seed={example}"
            ).format(node=called, shape=shape, what=what, example=shown)
        )
    given = np.shape(seed)
    if given != shape:
        mismatch = _("Mismatch in shape: the seed has shape {given}, {node} has shape {shape}")
        raise RuntimeError(mismatch.format(given=given, node=called, shape=shape))
    array = np.array(seed, dtype=np.float64 if value.__class__ is float else value.dtype)
    return array.item() if value.__class__ is float else array[()]
