"""Evaluation, one node at a time: the formula and the sentence of the step that computes a node.

    evaluated(node)        w3 = w1*w2 = 2 × 3 = 6
    sentence(node)         the same as a line of text

Nothing is computed here: the values are those that were recorded.
"""

from __future__ import annotations

from autograd_lab.core.node import Record
from autograd_lab.explain.expression import Equation, Expression, Symbol, displayed, quantity
from autograd_lab.explain.formulas import of_node
from autograd_lab.explain.operations import written
from autograd_lab.explain.text import text
from autograd_lab.graph import Node
from autograd_lab.language import gettext as _


def evaluated(node: Node) -> Equation:
    """Label = operation on labels = operation on numbers = result; of an input its name and its value.

    This is a line of the evaluation trace (Baydin et al. 2018, table 2, left).
    """
    label, formula, result = Symbol(str(node.label)), of_node(node), displayed(node.value)
    if node.op is None:
        return Equation((label, result) if formula == label else (label, formula, result))
    values: dict[Record, Expression] = {parent.record: displayed(parent.value) for parent in node.parents}
    numbers = written(node.record, values.get, tidy=False)
    return Equation((label, formula, numbers, result))


def sentence(node: Node) -> str:
    """The step in one line."""
    stages = evaluated(node).stages[:-1]
    equation = text(Equation((*stages, quantity(node.value, long=True))))
    if node.op is None:
        return _("input: {equation}").format(equation=equation)
    return _("evaluate: {equation}").format(equation=equation)


def transcript(nodes: tuple[Node, ...]) -> str:
    """All steps, numbered."""
    width = len(str(len(nodes)))
    lines = [f"{number:>{width}}. {sentence(node)}" for number, node in enumerate(nodes, start=1)]
    return "\n".join([_("Evaluation"), *lines])
