"""The sum over paths, written out: what a sweep computed edge by edge, as a person would write it at the end.

    sums = sums_of(sweep)           w1: ∂f/∂w1 = 1 · 1 · w2 + 1 · 1 · cos(w1) = w2 + cos(w1) = 2.584
    counted(sweep.paths)            3 paths, 5 edges visited. A sweep visits ...

Along a path stand the seed and the local derivatives, in the order of the steps: adjoints come in from the left,
tangents from the right. `symbolic.py` simplifies the sum where SymPy is installed.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from autograd_lab.explain.expression import (
    Derivative,
    Equation,
    Expression,
    Number,
    Sum,
    Symbol,
    Times,
    quantity,
)
from autograd_lab.explain.formulas import derivative, local
from autograd_lab.explain.numbers import number
from autograd_lab.explain.symbolic import simplified
from autograd_lab.graph import Edge, Graph, Node
from autograd_lab.graph.paths import Path, Paths
from autograd_lab.graph.sweep import Sweep
from autograd_lab.language import gettext as _
from autograd_lab.language import ngettext

MOST_FACTORS: Final = 600
"""Of all sums of a sweep together: beyond it nobody reads them, and the paths are only counted."""

MOST_DIGITS: Final = 12
"""A count is written in full up to this many digits; 2**100 as 1.268e+30."""


def sums_of(sweep: Sweep) -> list[tuple[Node, Equation]] | None:
    """For each end of a sweep its derivative as the sum over the paths, that simplified, and the number.

    None where there are too many paths or factors to read, and for a sweep that stopped before its end.
    """
    paths = sweep.paths
    if paths.listed is None or sweep.stopped is not None:
        return None
    if sum(len(path) + 1 for listed in paths.listed.values() for path in listed) > MOST_FACTORS:
        return None
    formulas: dict[Edge, Expression] = {}
    for listed in paths.listed.values():
        for edge in (edge for path in listed for edge in path):
            formulas[edge] = formulas.get(edge) or _factor(edge, sweep.graph)
    return [(end, _summed(sweep, end, paths.listed.get(str(end.label), ()), formulas)) for end in paths.ends]


def counted(paths: Paths) -> str:
    """How many paths there are beside how many edges were visited, and what follows from that."""
    many = paths.count
    walked = ngettext("1 path", "{count} paths", many).format(count=_shown(many))
    visited = ngettext("1 edge", "{count} edges", paths.visited).format(count=_shown(paths.visited))
    return _("{paths}, {edges} visited. A sweep visits each edge once, however many paths run through it.").format(
        paths=walked, edges=visited
    )


def counted_to(sweep: Sweep, end: Node) -> str:
    """How many paths belong to one end: ∂f/∂w₁: 1,024 paths."""
    many = sweep.paths.counts[str(end.label)]
    return ngettext("{node}: 1 path", "{node}: {count} paths", many).format(node=end.label, count=_shown(many))


def _shown(count: int) -> str:
    return f"{count:,}" if count < 10**MOST_DIGITS else number(count)


def _summed(sweep: Sweep, end: Node, paths: tuple[Path, ...], formulas: dict[Edge, Expression]) -> Equation:
    found = quantity(sweep.result[str(end.label)]) if str(end.label) in sweep.result else Number(0.0)
    name = derivative(end, sweep.about, sweep.graph, sweep.mode)
    if not paths:
        return Equation((name, found))
    seed = quantity(sweep[0].total)
    products = tuple(_product(seed, [formulas[edge] for edge in path], sweep.mode) for path in paths)
    whole = products[0] if len(products) == 1 else Sum(products)
    stages = [name, whole]
    if _commutes(paths) and _names_are_clear(sweep.graph) and np.all(np.isfinite(sweep.result[str(end.label)])):
        short = simplified(whole)
        if short is not None and short not in (whole, found):
            stages.append(short)
    return Equation((*stages, found)) if stages[-1] != found else Equation(tuple(stages))


def _product(seed: Expression, factors: list[Expression], mode: str) -> Expression:
    """The factors from the output to the input, as the chain rule is written, with the seed where the sweep began."""
    ordered = [*reversed(factors), seed] if mode == "forward" else [seed, *reversed(factors)]
    return ordered[0] if len(ordered) == 1 else Times(tuple(ordered))


def _factor(edge: Edge, graph: Graph) -> Expression:
    """The local derivative of an edge; ∂target/∂source where it is no product element by element, but a linear map."""
    if np.shape(edge.source.value) != np.shape(edge.target.value):
        return Derivative(Symbol(str(edge.target.label)), Symbol(str(edge.source.label)))
    return local(edge, graph)


def _commutes(paths: tuple[Path, ...]) -> bool:
    """Whether the factors may change places: scalars, or arrays of one shape that are multiplied element by element."""
    edges = [edge for path in paths for edge in path]
    shapes = {np.shape(node.value) for edge in edges for node in (edge.source, edge.target)}
    if shapes <= {()}:
        return True
    return len(shapes) == 1 and all(_is_pointwise(edge) for edge in edges)


def _is_pointwise(edge: Edge) -> bool:
    primitive = edge.target.record.primitive
    assert primitive is not None
    partial = primitive.partials[edge.argument]
    return partial is not None and partial.local is not None


def _names_are_clear(graph: Graph) -> bool:
    """Whether no two variables are written alike: a frozen Tensor may bear the name of another, or of a label."""
    names = [constant.name for constant in graph.constants if constant.name]
    return len(set(names)) == len(names) and not {node.label for node in graph.nodes} & set(names)
