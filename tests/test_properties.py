"""Properties of every graph, tried on random ones: both modes agree, the order is a rule, nothing depends on luck."""

import subprocess
import sys
from itertools import pairwise
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lab as lab
from autograd_lab.core.accumulate import fit

# Smooth everywhere and of moderate size, so that a difference quotient can judge them.
UNARY = [
    np.sin, np.cos, np.tanh, np.arctan, np.arcsinh, lambda a: -a, lambda a: a * a, lambda a: a * 0.5 + 1.0,
    lambda a: np.exp(-a * a), lambda a: np.sqrt(a * a + 1.0), lambda a: np.log(a * a + 1.5), lambda a: (a * a + 1.0) ** -0.5,
]  # fmt: skip
BINARY = [
    lambda a, b: a + b, lambda a, b: a - b, lambda a, b: np.tanh(a) * b, lambda a, b: a / (b * b + 1.0),
    lambda a, b: np.arctan2(a, b * b + 1.0), lambda a, b: np.hypot(a, b * 0.5 + 2.0),
    lambda a, b: np.where([True, False, True], a, b),
]  # fmt: skip
numbers = st.floats(-2.0, 2.0).map(lambda x: round(x, 3))


@st.composite
def programs(draw):
    """Inputs, and instructions that each use any values made before: a random DAG with fan-out and repeated operands."""
    shapes = draw(st.sampled_from([[(), ()], [(), (), ()], [(2, 3), (3,)], [(2, 1), (3,), ()], [(1, 3), (2, 3)], [(3,), (3,)]]))
    inputs = [np.array(draw(st.lists(numbers, min_size=prod(s), max_size=prod(s)))).reshape(s) for s in shapes]
    steps = []
    for count in range(len(inputs), len(inputs) + draw(st.integers(1, 9))):
        operands = st.integers(0, count - 1)
        if draw(st.booleans()):
            steps.append((draw(st.integers(0, len(UNARY) - 1)), (draw(operands),)))
        else:
            steps.append((draw(st.integers(0, len(BINARY) - 1)), (draw(operands), draw(operands))))
    return [a.item() if a.shape == () else a for a in inputs], steps


def run(steps, *inputs):
    """The program: the last value made, plus the sum of all, so that nothing is left out."""
    values = list(inputs)
    for which, operands in steps:
        function = UNARY[which] if len(operands) == 1 else BINARY[which]
        values.append(function(*(values[i] for i in operands)))
    total = np.sum(values[-1])
    for value in values[:-1]:
        total = total + np.sum(value) * 0.1
    return total


@given(programs())
def test_forward_and_reverse_are_two_halves_of_one_linear_map(program):
    inputs, steps = program
    graph = lab.trace(lambda *xs: run(steps, *xs), *inputs)
    adjoints = graph.reverse(seed=1.5).result
    rng = np.random.default_rng(0)
    for node in graph.inputs:
        tangent = rng.normal(size=np.shape(node.value))
        pushed = graph.forward(node, seed=tangent).result[graph.outputs[0].label]
        np.testing.assert_allclose(1.5 * pushed, np.sum(adjoints[node.label] * tangent), rtol=1e-9, atol=1e-9)


@given(programs())
def test_the_gradient_is_the_central_difference(program):
    inputs, steps = program
    adjoints = lab.trace(lambda *xs: run(steps, *xs), *inputs).reverse().result
    rng, h = np.random.default_rng(1), 1e-5
    directions = [rng.normal(size=np.shape(a)) for a in inputs]
    ahead, behind = (run(steps, *(a + sign * h * d for a, d in zip(inputs, directions, strict=True))) for sign in (1, -1))
    slope = sum(np.sum(adjoints[f"w{i}"] * d) for i, d in enumerate(directions, start=1))
    np.testing.assert_allclose(slope, (ahead - behind) / (2 * h), rtol=1e-5, atol=1e-5)


@given(programs())
def test_backward_and_the_sweep_give_the_same_bits(program):
    inputs, steps = program
    leaves = [lab.tensor(a, requires_grad=True) for a in inputs]
    out = run(steps, *leaves)
    result = lab.graph_of(out).reverse().result
    out.backward()
    for i, leaf in enumerate(leaves, start=1):
        np.testing.assert_array_equal(leaf.grad.numpy(), result[f"w{i}"])


@given(programs())
def test_every_order_is_topological_and_every_edge_is_visited_once(program):
    inputs, steps = program
    graph = lab.trace(lambda *xs: run(steps, *xs), *inputs)
    place = {node: i for i, node in enumerate(graph.nodes)}
    assert all(place[e.source] < place[e.target] for e in graph.edges)
    assert len({e.id for e in graph.edges}) == len(graph.edges)
    assert [n.label for n in graph.nodes] == [f"w{i}" for i in range(1, len(graph.nodes) + 1)]
    first = graph.inputs[0]
    forward, reverse = graph.forward(first, seed=np.ones(np.shape(first.value)))[1:], graph.reverse()[1:]
    assert [s.edge for s in forward] == list(graph.edges)
    assert sorted(e.id for e in graph.edges) == sorted(s.edge.id for s in reverse)
    for steps_taken, giver in ((forward, "source"), (reverse, "target")):
        complete = {graph.outputs[0]} if giver == "target" else set(graph.inputs)
        for step in steps_taken:
            assert getattr(step.edge, giver) in complete  # what is passed on is final
            if step.completes:
                assert step.node not in complete
                complete.add(step.node)
    targets = [place[s.edge.target] for s in reverse]
    assert targets == sorted(targets, reverse=True)  # recorded last goes first
    for left, right in pairwise(reverse):
        assert left.edge.target is not right.edge.target or left.edge.argument < right.edge.argument


@given(programs())
def test_every_step_adds_its_contribution_and_has_the_receivers_shape(program):
    inputs, steps = program
    graph = lab.trace(lambda *xs: run(steps, *xs), *inputs)
    for sweep in (graph.reverse(), *(graph.forward(n, seed=np.ones(np.shape(n.value))) for n in graph.inputs)):
        for step in sweep[1:]:
            shape = np.shape(step.node.value)
            assert np.shape(step.before) == np.shape(step.contribution) == np.shape(step.total) == shape
            np.testing.assert_array_equal(step.total, np.asarray(step.before) + step.contribution)
            if not step.reached:
                assert not np.any(step.contribution)
        assert set(sweep.result) >= {n.label for n in graph.inputs}


@given(st.data())
def test_unbroadcasting_is_the_transpose_of_broadcasting(data):
    shape = tuple(data.draw(st.lists(st.integers(0, 3), max_size=3)))
    lead = tuple(data.draw(st.lists(st.integers(1, 3), max_size=2)))
    small = tuple(1 if data.draw(st.booleans()) else n for n in shape)
    rng = np.random.default_rng(0)
    value, adjoint = rng.normal(size=small), rng.normal(size=lead + shape)
    fitted = fit(adjoint, value)
    assert np.shape(fitted) == small
    np.testing.assert_allclose(np.sum(adjoint * value), np.sum(fitted * value), atol=1e-12)
    x = lab.tensor(value, requires_grad=True)
    (x + np.zeros(lead + shape)).backward(adjoint)
    np.testing.assert_array_equal(x.grad.numpy(), fitted)


@given(programs())
def test_tracing_twice_writes_the_same(program):
    inputs, steps = program
    first, second = (lab.trace(lambda *xs: run(steps, *xs), *inputs) for _ in range(2))
    assert str(first) == str(second)
    assert str(first.reverse()) == str(second.reverse())
    assert [s.latex for s in first.reverse()] == [s.latex for s in second.reverse()]


TRANSCRIPT = """
import numpy as np, autograd_lab as lab
from tests.test_properties import run
program = [(0, (0,)), (3, (1, 0)), (5, (3,)), (1, (4, 2)), (0, (5, 5)), (9, (6,))]
g = lab.trace(lambda *xs: run(program, *xs), np.arange(6.0).reshape(2, 3), np.ones(3), 0.5)
print(g, g.reverse(), g.forward("xs[2]"), *(s.latex for s in g.reverse()), *g.edges, *g.constants, sep="\\n")
"""


def test_transcripts_are_the_same_in_processes_with_other_hash_seeds(repository):
    written = {
        subprocess.run(
            [sys.executable, "-c", TRANSCRIPT],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(repository)}, cwd=repository, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(written) == 1
    assert len(written.pop().splitlines()) > 50


@pytest.mark.parametrize("scalar", [True, False])
def test_a_chain_of_20000_operations_is_swept_both_ways_without_recursion(scalar):
    x = lab.tensor(0.5 if scalar else [0.5, 0.25], requires_grad=True, name="x")
    y = x
    for _ in range(10_000):
        y = np.sin(y) + x
    graph = lab.graph_of(np.sum(y))
    forward = graph.forward(seed=np.ones(x.shape)).result[graph.outputs[0].label]
    reverse = graph.reverse()
    assert len(reverse) == 1 + 30_000 + 1
    np.testing.assert_allclose(np.sum(reverse.result["w1"]), forward, rtol=1e-9)
    np.sum(y).backward()
    np.testing.assert_array_equal(x.grad.numpy(), reverse.result["w1"])
