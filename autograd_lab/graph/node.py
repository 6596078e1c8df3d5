"""Node, Edge and Constant: what a graph consists of, and what hangs on it without being part of it.

A Node is a label on one of the core's records; an edge is one use of one operand, so x*x has two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd_lab.core.node import Record


class Node:
    """One vertex: an input, or one operation with its result.

    Attributes:
        label: "w1", "w2", ...: inputs first, then as recorded; None in what a graph hook is told of.
        record: the core's record of it.

    >>> from autograd_lab import trace
    >>> node = trace(lambda x: np.sin(x), 0.0).node("w2")
    >>> node.op, node.value, node.parents
    ('sin', 0.0, (<Node w1: x>,))
    """

    __slots__ = ("_parents", "label", "record")

    def __init__(self, record: Record, label: str | None = None, parents: tuple[Node, ...] | None = None) -> None:
        self.record = record
        self.label = label
        self._parents = parents  # None in a node that belongs to no Graph: its parents belong to none either

    @property
    def name(self) -> str | None:
        """The name of an input (the parameter that it is); None for an operation."""
        return None if self.record.extra is None else self.record.extra.name

    @property
    def op(self) -> str | None:
        """NumPy's name of the operation ("multiply", "sin"); None for an input."""
        return None if self.record.primitive is None else self.record.primitive.name

    @property
    def value(self) -> Any:
        """The primal: a float, or an array."""
        return self.record.value

    @property
    def parents(self) -> tuple[Node, ...]:
        """The operands that a gradient flows to, in argument order; one that is used twice is there twice."""
        if self._parents is None:
            return tuple(Node(operand) for operand in self.record.operands if operand.__class__ is Record)
        return self._parents

    @property
    def scope(self) -> str:
        """The lab.scope that the operation was recorded in, "outer/inner"; "" outside of any."""
        return "" if self.record.extra is None else self.record.extra.scope

    @property
    def expression(self) -> str:
        """The operation in LaTeX, in the labels of its operands; for an input its name."""
        from autograd_lab.explain.formulas import of_node
        from autograd_lab.explain.latex import latex

        return latex(of_node(self))

    @property
    def source(self) -> str | None:
        """The code that made this node, where it was recorded under trace, show or a hook; else None."""
        from autograd_lab.explain.source import source_of

        return source_of(self)

    def __repr__(self) -> str:
        return f"<Node {self.label or '(no label yet)'}: {self.name or self.op or 'input'}>"


@dataclass(frozen=True, eq=False, repr=False)
class Edge:
    """One use of `source` as operand number `argument` of `target`; it points the way the computation went.

    Attributes:
        id: "w1->w3"; "w1->w3#1" for a second use.
        source: the Node of the operand.
        target: the Node of the result.
        argument: which operand, from 0.
    """

    id: str
    source: Node
    target: Node
    argument: int

    def __repr__(self) -> str:
        return f"<Edge {self.id}>"


@dataclass(frozen=True, eq=False)
class Constant:
    """A Tensor among the operands that no gradient flows to: `origin` says why, `targets` where it is used."""

    name: str | None
    value: Any
    origin: str
    targets: tuple[Node, ...]
