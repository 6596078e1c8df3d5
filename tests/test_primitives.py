"""The whole primitive table, row by row: difference quotient, transpose, second order, formula."""

from __future__ import annotations

from typing import Any
from xml.dom.minidom import parseString

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core.accumulate import forward, reverse, topological
from autograd_lab.core.primitives.table import ROWS
from autograd_lab.explain.formulas import equation, of_node
from autograd_lab.explain.latex import latex
from autograd_lab.explain.mathml import mathml
from autograd_lab.explain.text import text

from .array_samples import direction
from .samples import Sample, cases

H = 1e-6
OF_MATRICES = {"sign_of_det"}  # steps that take matrices and give numbers
CASES = [
    pytest.param(name, sample, argument, id=f"{name}-{number}-argument{argument}")
    for number, (name, sample) in enumerate(cases())
    for argument, operand in enumerate(sample[0])
    if np.asarray(operand).dtype.kind == "f" and ROWS[name].partials[argument] is not None
]


def noise(shape: tuple[int, ...], seed: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


def recorded(name: str, sample: Sample, argument: int, at: Any = None) -> tuple[Any, Any]:
    """The row applied with one operand as a leaf: the leaf and the result."""
    operands, keywords = sample
    leaf = lab.tensor(operands[argument] if at is None else at, requires_grad=True, name="x")
    arguments = [leaf if i == argument else operand for i, operand in enumerate(operands)]
    return leaf, ROWS[name](*arguments, **keywords)


def value(name: str, sample: Sample, argument: int, at: Any) -> Any:
    operands, keywords = sample
    return np.asarray(ROWS[name].value(*(at if i == argument else o for i, o in enumerate(operands)), **keywords))


def pushed(leaf: Any, out: Any, tangent: Any) -> Any:
    tangents = forward(topological([out._node]), {leaf._node: tangent})
    return np.asarray(tangents[out._node])


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_push_is_the_difference_quotient(name: str, sample: Sample, argument: int) -> None:
    x = np.asarray(sample[0][argument], dtype=float)
    along = direction(name, x.shape, 1)
    leaf, out = recorded(name, sample, argument)
    quotient = (value(name, sample, argument, x + H * along) - value(name, sample, argument, x - H * along)) / (2 * H)
    np.testing.assert_allclose(pushed(leaf, out, along), quotient, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_pull_is_the_transpose_of_push(name: str, sample: Sample, argument: int) -> None:
    leaf, out = recorded(name, sample, argument)
    tangent, adjoint = noise(leaf.shape, 1), noise(out.shape, 2)
    pulled = reverse([(out._node, adjoint)])[leaf._node]
    assert np.shape(pulled) == leaf.shape
    left, right = np.sum(adjoint * pushed(leaf, out, tangent)), np.sum(pulled * tangent)
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_the_gradient_can_be_differentiated_again(name: str, sample: Sample, argument: int) -> None:
    def gradient(at: Any) -> tuple[Any, Any]:
        leaf, out = recorded(name, sample, argument, at)
        out.backward(noise(out.shape, 2), create_graph=True)
        return leaf, leaf.grad

    x = np.asarray(sample[0][argument], dtype=float)
    weights, along = noise(x.shape, 3), direction(name, x.shape, 4)
    leaf, grad = gradient(x)
    plus, minus = (np.asarray(gradient(x + sign * H * along)[1].detach()) for sign in (1, -1))
    quotient = np.sum(weights * (plus - minus)) / (2 * H)
    leaf.grad = None
    if grad.requires_grad:
        grad.backward(weights)
    second = 0.0 if leaf.grad is None else np.sum(leaf.grad.numpy() * along)
    np.testing.assert_allclose(second, quotient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_every_formula_can_be_written(name: str, sample: Sample, argument: int) -> None:
    leaf, out = recorded(name, sample, argument)
    graph = lab.graph_of(out)
    sweeps = [graph.reverse(seed=np.ones(out.shape)), graph.forward(seed=np.ones(leaf.shape))]
    expressions = [of_node(node) for node in graph.nodes] + [equation(step) for sweep in sweeps for step in sweep]
    for expression in expressions:
        assert text(expression)
        assert latex(expression)
        assert parseString(mathml(expression)).documentElement.tagName == "math"  # noqa: S318 - our own text
    assert all(step.text for sweep in sweeps for step in sweep)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row.differentiable])
def test_step_functions_give_results_without_gradient(name: str) -> None:
    row = ROWS[name]
    kind = bool if name in {"bitwise_and", "bitwise_or", "bitwise_xor", "invert"} else float
    given = np.eye(3) if name in OF_MATRICES else np.array([0, 1, 1])
    operands = [lab.tensor(given, dtype=kind, requires_grad=kind is float) for _ in range(row.arity or 0)]
    result = row(*operands)
    assert not result.requires_grad
    assert result.dtype == (float if name in OF_MATRICES else bool)
