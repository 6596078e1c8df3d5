"""Sweeps against tables computed by hand: every row of a table is one step, in the order in which it is taken.

The tables of `baydin` are tables 2 and 3 of Baydin, Pearlmutter, Radul, Siskind: Automatic Differentiation in Machine
Learning: a Survey, JMLR 18 (2018); the example there is y = ln(x1) + x1*x2 - sin(x2) at (2, 5).
"""

from math import cos, log, sin

import numpy as np
import pytest

import autograd_lab as lab


def product_plus_sine(x, y):
    return x * y + np.sin(x)


def baydin(x1, x2):
    return np.log(x1) + x1 * x2 - np.sin(x2)


def square(x):
    return x * x


def power(x, n):
    return x**n


def fan_out(x):
    y = np.exp(x)
    return y * x + y * y + x


def several_outputs(x, y):
    p = x * y
    return p + x, p * p


def visits(sweep):
    """Each step after the seed as (edge, local, incoming, contribution, before, total, arrived, expected)."""
    return [(s.edge.id, s.local, s.incoming, s.contribution, s.before, s.total, s.arrived, s.expected) for s in sweep if s.edge]


def table(rows):
    """Rows as (edge, local, incoming, contribution, before, k, n), with the total that they must add up to."""
    return [(edge, local, given, part, before, before + part, k, n) for edge, local, given, part, before, k, n in rows]


C2, C5, E2 = cos(2.0), cos(5.0), np.exp(2.0)

# f, arguments, mode, about, then edge, local, incoming, contribution, before, k of n
TABLES = [
    pytest.param(
        product_plus_sine, (2.0, 3.0), "forward", "x",
        [
            ("w1->w3", 3, 1, 3, 0, 1, 2),
            ("w2->w3", 2, 0, 0, 3, 2, 2),
            ("w1->w4", C2, 1, C2, 0, 1, 1),
            ("w3->w5", 1, 3, 3, 0, 1, 2),
            ("w4->w5", 1, C2, C2, 3, 2, 2),
        ],
        id="x*y+sin(x) forward from x",
    ),
    pytest.param(
        product_plus_sine, (2.0, 3.0), "forward", "y",
        [
            ("w1->w3", 3, 0, 0, 0, 1, 2),
            ("w2->w3", 2, 1, 2, 0, 2, 2),
            ("w1->w4", C2, 0, 0, 0, 1, 1),
            ("w3->w5", 1, 2, 2, 0, 1, 2),
            ("w4->w5", 1, 0, 0, 2, 2, 2),
        ],
        id="x*y+sin(x) forward from y",
    ),
    pytest.param(
        product_plus_sine, (2.0, 3.0), "reverse", None,
        [
            ("w3->w5", 1, 1, 1, 0, 1, 1),
            ("w4->w5", 1, 1, 1, 0, 1, 1),
            ("w1->w4", C2, 1, C2, 0, 1, 2),
            ("w1->w3", 3, 1, 3, C2, 2, 2),
            ("w2->w3", 2, 1, 2, 0, 1, 1),
        ],
        id="x*y+sin(x) reverse",
    ),
    pytest.param(
        baydin, (2.0, 5.0), "forward", "x1",  # table 2; w3 = ln x1, w4 = x1*x2, w5 = w3+w4, w6 = sin x2, w7 = w5-w6
        [
            ("w1->w3", 1 / 2, 1, 0.5, 0, 1, 1),
            ("w1->w4", 5, 1, 5, 0, 1, 2),
            ("w2->w4", 2, 0, 0, 5, 2, 2),
            ("w3->w5", 1, 0.5, 0.5, 0, 1, 2),
            ("w4->w5", 1, 5, 5, 0.5, 2, 2),
            ("w2->w6", C5, 0, 0, 0, 1, 1),
            ("w5->w7", 1, 5.5, 5.5, 0, 1, 2),
            ("w6->w7", -1, 0, 0, 5.5, 2, 2),
        ],
        id="Baydin et al. table 2",
    ),
    pytest.param(
        baydin, (2.0, 5.0), "reverse", None,  # table 3
        [
            ("w5->w7", 1, 1, 1, 0, 1, 1),
            ("w6->w7", -1, 1, -1, 0, 1, 1),
            ("w2->w6", C5, -1, -C5, 0, 1, 2),
            ("w3->w5", 1, 1, 1, 0, 1, 1),
            ("w4->w5", 1, 1, 1, 0, 1, 1),
            ("w1->w4", 5, 1, 5, 0, 1, 2),
            ("w2->w4", 2, 1, 2, -C5, 2, 2),
            ("w1->w3", 1 / 2, 1, 0.5, 5, 2, 2),
        ],
        id="Baydin et al. table 3",
    ),
    pytest.param(
        square, (3.0,), "forward", "x",
        [("w1->w2", 3, 1, 3, 0, 1, 2), ("w1->w2#1", 3, 1, 3, 3, 2, 2)],
        id="x*x forward",
    ),
    pytest.param(
        square, (3.0,), "reverse", None,
        [("w1->w2", 3, 1, 3, 0, 1, 2), ("w1->w2#1", 3, 1, 3, 3, 2, 2)],
        id="x*x reverse",
    ),
    pytest.param(
        power, (-2.0, 3.0), "forward", "x",
        [("w1->w3", 12, 1, 12, 0, 1, 2), ("w2->w3", np.nan, 0, 0, 12, 2, 2)],
        id="x**n at a negative x is 12, not nan",
    ),
    pytest.param(
        power, (-2.0, 3.0), "reverse", None,
        [("w1->w3", 12, 1, 12, 0, 1, 1), ("w2->w3", np.nan, 1, np.nan, 0, 1, 1)],
        id="x**n reverse",
    ),
    pytest.param(
        fan_out, (2.0,), "forward", "x",  # w2 = exp, w3 = w2*w1, w4 = w2*w2, w5 = w3+w4, w6 = w5+w1
        [
            ("w1->w2", E2, 1, E2, 0, 1, 1),
            ("w2->w3", 2, E2, 2 * E2, 0, 1, 2),
            ("w1->w3", E2, 1, E2, 2 * E2, 2, 2),
            ("w2->w4", E2, E2, E2**2, 0, 1, 2),
            ("w2->w4#1", E2, E2, E2**2, E2**2, 2, 2),
            ("w3->w5", 1, 3 * E2, 3 * E2, 0, 1, 2),
            ("w4->w5", 1, 2 * E2**2, 2 * E2**2, 3 * E2, 2, 2),
            ("w5->w6", 1, 3 * E2 + 2 * E2**2, 3 * E2 + 2 * E2**2, 0, 1, 2),
            ("w1->w6", 1, 1, 1, 3 * E2 + 2 * E2**2, 2, 2),
        ],
        id="fan-out forward",
    ),
    pytest.param(
        fan_out, (2.0,), "reverse", None,
        [
            ("w5->w6", 1, 1, 1, 0, 1, 1),
            ("w1->w6", 1, 1, 1, 0, 1, 3),
            ("w3->w5", 1, 1, 1, 0, 1, 1),
            ("w4->w5", 1, 1, 1, 0, 1, 1),
            ("w2->w4", E2, 1, E2, 0, 1, 3),
            ("w2->w4#1", E2, 1, E2, E2, 2, 3),
            ("w2->w3", 2, 1, 2, 2 * E2, 3, 3),
            ("w1->w3", E2, 1, E2, 1, 2, 3),
            ("w1->w2", E2, 2 + 2 * E2, (2 + 2 * E2) * E2, 1 + E2, 3, 3),
        ],
        id="fan-out reverse",
    ),
    pytest.param(
        several_outputs, (2.0, 3.0), "reverse", "w4",  # w3 = x*y, w4 = w3+x, w5 = w3*w3: nothing of w5 counts
        [
            ("w3->w4", 1, 1, 1, 0, 1, 1),
            ("w1->w4", 1, 1, 1, 0, 1, 2),
            ("w1->w3", 3, 1, 3, 1, 2, 2),
            ("w2->w3", 2, 1, 2, 0, 1, 1),
        ],
        id="the first of two outputs",
    ),
    pytest.param(
        several_outputs, (2.0, 3.0), "reverse", "w5",
        [
            ("w3->w5", 6, 1, 6, 0, 1, 2),
            ("w3->w5#1", 6, 1, 6, 6, 2, 2),
            ("w1->w3", 3, 12, 36, 0, 1, 1),
            ("w2->w3", 2, 12, 24, 0, 1, 1),
        ],
        id="the second of two outputs",
    ),
]  # fmt: skip


def swept(f, arguments, mode, about):
    graph = lab.trace(f, *arguments)
    return graph.forward(about) if mode == "forward" else graph.reverse(about)


@pytest.mark.parametrize(("f", "arguments", "mode", "about", "rows"), TABLES)
def test_a_sweep_takes_the_steps_of_the_table(f, arguments, mode, about, rows):
    sweep = swept(f, arguments, mode, about)
    found, wanted = visits(sweep), table(rows)
    assert [row[0] for row in found] == [row[0] for row in wanted]
    for (_, *numbers), (edge, *expected) in zip(found, wanted, strict=True):
        np.testing.assert_allclose(numbers, expected, rtol=1e-14, err_msg=edge)


@pytest.mark.parametrize(("f", "arguments", "mode", "about", "rows"), TABLES)
def test_every_step_agrees_with_the_steps_before_it(f, arguments, mode, about, rows):
    sweep = swept(f, arguments, mode, about)
    totals = {sweep.about.label: 1.0}
    arrived = {}
    for step in sweep[1:]:
        giver = step.edge.source if mode == "forward" else step.edge.target
        receiver = step.edge.target if mode == "forward" else step.edge.source
        label = receiver.label
        assert step.node is receiver
        np.testing.assert_equal(step.before, totals.get(label, 0.0))
        np.testing.assert_equal(step.incoming, totals.get(giver.label, 0.0))
        np.testing.assert_equal(step.total, step.before + step.contribution)
        arrived[label] = arrived.get(label, 0) + 1
        assert step.arrived == arrived[label]
        totals[label] = step.total
    for label, count in arrived.items():
        last = [step for step in sweep[1:] if step.node.label == label]
        assert [step.completes for step in last] == [False] * (count - 1) + [True]
        assert {step.expected for step in last} == {count}
    inputs = {node.label: 0.0 for node in sweep.graph.inputs}
    np.testing.assert_equal(sweep.result, {**inputs, **totals})


@pytest.mark.parametrize(("f", "arguments", "mode", "about", "rows"), TABLES)
def test_a_sweep_begins_with_exactly_one_seed(f, arguments, mode, about, rows):
    sweep = swept(f, arguments, mode, about)
    seed = sweep[0]
    assert [step.kind for step in sweep] == ["seed"] + ["edge"] * len(rows)
    assert (seed.edge, seed.local, seed.incoming, seed.contribution) == (None, None, None, None)
    assert (seed.before, seed.total, seed.completes) == (0.0, 1.0, True)
    assert seed.node is sweep.about
    others = [node for node in sweep.graph.inputs if node is not seed.node]
    assert list(seed.zeros) == (others if mode == "forward" else [])


@pytest.mark.parametrize(("f", "arguments", "mode", "about", "rows"), TABLES)
def test_a_scalar_sweep_costs_one_multiplication_an_edge(f, arguments, mode, about, rows):
    cost = swept(f, arguments, mode, about).cost
    assert (cost.edges, cost.multiplications) == (len(rows), len(rows))


def test_the_results_of_both_modes_are_the_derivatives_in_the_survey():
    graph = lab.trace(baydin, 2.0, 5.0)
    assert graph.outputs[0].value == pytest.approx(11.652, abs=5e-4)  # the survey's y
    assert graph.outputs[0].value == log(2.0) + 10.0 - sin(5.0)
    assert graph.forward("x1").result["w7"] == 5.5
    reverse = graph.reverse().result
    assert reverse["w1"] == 5.5
    assert reverse["w2"] == pytest.approx(1.716, abs=5e-4)
    assert graph.forward("x2").result["w7"] == pytest.approx(reverse["w2"])


def test_an_edge_that_the_seed_does_not_reach_contributes_exactly_zero_and_says_so():
    step = lab.trace(power, -2.0, 3.0).forward("x")[2]
    assert step.contribution == 0.0
    assert not step.reached
    assert "the seed does not reach w2" in step.text
    assert all(step.reached for step in lab.trace(power, -2.0, 3.0).reverse())


def test_reaching_is_a_fact_of_the_graph_and_not_of_a_value():
    """A tangent of 0 that the seed does lead to is carried on: 0 * nan is nan there, as in any program."""
    step = lab.trace(power, -2.0, 3.0).forward("n", seed=0.0)[2]
    assert step.reached
    assert np.isnan(step.contribution)


def test_an_input_that_is_not_reached_has_the_result_zero():
    graph = lab.trace(lambda x, y, unused: (x * 2.0, y * 3.0), 1.0, 1.0, np.ones(2))
    result = graph.reverse("w4").result
    assert set(result) == {"w1", "w2", "w3", "w4"}  # w5 got no value and is no input
    assert (result["w1"], result["w2"]) == (2.0, 0.0)
    np.testing.assert_array_equal(result["w3"], np.zeros(2))


def test_forward_visits_every_edge_and_reverse_those_that_lead_to_its_output():
    graph = lab.trace(several_outputs, 2.0, 3.0)
    every = [edge.id for edge in graph.edges]
    assert [step.edge.id for step in graph.forward("x")[1:]] == every
    assert {step.edge.id for step in graph.reverse("w4")[1:]} == {edge.id for edge in graph.edges if edge.target.label != "w5"}


# -- arrays ---------------------------------------------------------------------------------------------------------------

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
B = np.array([10.0, 20.0, 30.0])
ONES = np.ones((2, 3))


def test_an_array_seed_is_carried_element_by_element():
    sweep = lab.trace(lambda x: x * x, B).reverse(seed=[1.0, 0.0, -1.0])
    np.testing.assert_array_equal(sweep[0].total, [1, 0, -1])
    np.testing.assert_array_equal(sweep[1].local, B)
    np.testing.assert_array_equal(sweep[1].contribution, [10, 0, -30])
    np.testing.assert_array_equal(sweep[2].before, [10, 0, -30])
    np.testing.assert_array_equal(sweep.result["w1"], [20, 0, -60])
    np.testing.assert_array_equal(sweep[1].before, np.zeros(3))
    assert sweep.cost == (2, 6)


def test_a_reverse_contribution_has_its_broadcasting_summed_out_and_the_equation_says_so():
    sweep = lab.trace(lambda a, b: a * b, A, B).reverse(seed=ONES)
    step = sweep[2]
    np.testing.assert_array_equal(step.local, A)
    np.testing.assert_array_equal(step.contribution, A.sum(axis=0))
    assert step.before.shape == step.contribution.shape == step.total.shape == (3,)
    assert "summed over the axes (0,)" in step.text
    assert "sum" in step.latex
    assert "summed" not in sweep[1].text


def test_a_forward_contribution_is_broadcast_to_the_receiver():
    step = lab.trace(lambda a, b: a + b, A, B).forward("b", seed=[1.0, 2.0, 3.0])[2]
    np.testing.assert_array_equal(step.incoming, [1, 2, 3])
    np.testing.assert_array_equal(step.contribution, [[1, 2, 3], [1, 2, 3]])
    assert step.before.shape == step.total.shape == (2, 3)


@pytest.mark.parametrize(
    ("shapes", "summed"),
    [
        (((2, 3), (3,)), (0,)),
        (((2, 3), (2, 1)), (1,)),
        (((2, 3), ()), (0, 1)),
        (((2, 3), (1, 1)), (0, 1)),
        (((4, 2, 3), (2, 1)), (0, 2)),
        (((2, 3), (2, 3)), ()),
        (((2, 1), (2, 1)), ()),
    ],
)
def test_the_axes_that_broadcasting_added_are_named(shapes, summed):
    left, right = (np.ones(shape) for shape in shapes)
    step = lab.trace(lambda a, b: a - b, left, right).reverse(seed=np.ones(shapes[0]))[2]
    np.testing.assert_array_equal(step.contribution, -np.sum(np.ones(shapes[0]), axis=summed).reshape(shapes[1]))
    assert (f"over the axes {summed}" in step.text) == bool(summed)


SQUARE = np.array([[1.3, 0.4, -0.2], [0.1, 0.9, 0.5], [-0.6, 0.3, 1.7]])


def test_a_linear_map_has_no_local_derivative_and_its_formula_names_the_map():
    sweep = lab.trace(lambda W, x: W @ x, A, B).reverse(seed=[1.0, 2.0])
    assert [step.local for step in sweep] == [None, None, None]
    np.testing.assert_array_equal(sweep.result["w1"], np.outer([1, 2], B))
    np.testing.assert_array_equal(sweep.result["w2"], A.T @ [1, 2])
    assert "outer" in sweep[1].text
    assert "transpose" in sweep[2].text or "ᵀ" in sweep[2].text or ".T" in sweep[2].text
    assert sweep.cost == (2, 12)


@pytest.mark.parametrize(
    ("f", "arguments", "multiplications"),
    [
        (lambda x: np.sum(x), (A,), 0),
        (lambda x: x.reshape(3, 2), (A,), 0),
        (lambda x: x[0], (A,), 0),
        (lambda x: np.sin(x), (A,), 6),
        (lambda x, y: x @ y, (A, A.T), 2 * 2 * 2 * 3),
        (lambda x, y: np.dot(x, y), (B, B), 2 * 3),
        (lambda x, y: np.outer(x, y), (B, B), 2 * 9),
        (lambda x, y: np.einsum("ij,jk->ik", x, y), (A, A.T), 2 * 2 * 2 * 3),
        (lambda x: np.cumsum(x), (A,), 0),
        (lambda x: np.sort(x), (A,), 0),
        (lambda x, y: np.where([True, False, True], x, y), (B, B), 2 * 3),
        (lambda x, y: np.inner(x, y), (B, B), 2 * 3),
        (lambda x, y: np.cross(x, y), (B, B), 2 * 6),
        (lambda x: np.median(x), (B,), 3),
        (lambda x: np.max(x, axis=0), (A,), 6),
        (lambda x, y: np.maximum(x, y), (A, A), 2 * 6),
        (lambda x: np.mean(x, axis=0), (A,), 3),
        (lambda x: np.mean(x), (A,), 1),
        (lambda x: np.prod(x, axis=1), (A,), 2 * 6),
        (lambda x: np.tril(x), (A,), 0),
        (lambda x: np.quantile(x, [0.2, 0.7]), (B,), 2 * 3),
        (lambda x: np.var(x), (A,), 2 * 6 + 1),
        (lambda x: np.std(x, axis=0), (A,), 2 * 6 + 3),
        (lambda x: np.cumprod(x), (B,), 2 * 3),
        (lambda x: np.linalg.norm(x), (B,), 2 * 3),
        (lambda x: np.linalg.inv(x), (SQUARE,), 2 * 27),
        (lambda x: np.linalg.det(x), (SQUARE,), 27 + 2 * 9),
        (lambda x, y: np.linalg.solve(x, y), (SQUARE, B), (8 + 2 * 9) + (8 + 9)),
        (lambda x, y: np.linalg.solve(x, y), (SQUARE, A.T), (8 + 2 * 2 * 9) + (8 + 2 * 9)),
        (lambda x, y: np.linalg.solve(x, y), (np.stack([SQUARE] * 4), A.T), 4 * ((8 + 2 * 2 * 9) + (8 + 2 * 9))),
        (lambda x, y: np.linalg.solve(x, y), (np.stack([SQUARE] * 4), B), 4 * ((8 + 2 * 9) + (8 + 9))),
        (lambda x: np.linalg.pinv(x), (A,), 5 * 2 * 3 * (2 + 3)),
        (lambda x: np.linalg.cholesky(x), (SQUARE @ SQUARE.T,), 4 * 27 + 2 * 9),
    ],
)
def test_the_cost_counts_the_multiplications_of_the_rules(f, arguments, multiplications):
    graph = lab.trace(f, *arguments)
    assert graph.reverse(seed=np.ones(graph.outputs[0].value.shape if np.ndim(graph.outputs[0].value) else ())).cost == (
        len(arguments),
        multiplications,
    )


@pytest.mark.parametrize(
    ("f", "matrix", "multiplications"),
    [
        (lambda x: np.linalg.eigh(x)[0], np.stack([SQUARE @ SQUARE.T] * 2), 2 * (3 * 27 + 2 * 9)),
        (lambda x: np.linalg.svd(x)[0], SQUARE, 9 * 9 + 27 + 4 * 9),
        (lambda x: np.linalg.svd(x, full_matrices=False)[1], A.T, 4 * (2 * 3 + 2) + 12 + 16 + (2 * 3 * 4 + 6 + 12)),
        (lambda x: np.linalg.qr(x)[1], A.T, 2 * 8 + 3 * 3 * 4),
    ],
)
def test_a_factorization_costs_its_products_and_its_factors_nothing(f, matrix, multiplications):
    graph = lab.trace(f, matrix)
    assert graph.reverse(seed=np.ones(graph.outputs[0].value.shape)).cost.multiplications == multiplications


def test_reverse_costs_one_sweep_an_output_and_forward_one_an_input():
    graph = lab.trace(lambda p: np.sum(p * p), np.arange(4.0))
    forwards = [graph.forward(seed=unit).result["w3"] for unit in np.eye(4)]
    np.testing.assert_array_equal(graph.reverse().result["w1"], forwards)


# -- which input, which output, which seed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["x", "w1", "node"])
def test_an_input_is_chosen_by_name_label_or_node(key):
    graph = lab.trace(product_plus_sine, 2.0, 3.0)
    sweep = graph.forward(graph.inputs[0] if key == "node" else key)
    assert sweep.about is graph.inputs[0]
    assert (sweep.mode, sweep.graph) == ("forward", graph)


def test_the_only_input_and_the_only_output_need_not_be_named():
    graph = lab.trace(square, 3.0)
    assert graph.forward().result == graph.forward("x").result == {"w1": 1.0, "w2": 6.0}
    assert graph.reverse().result == graph.reverse("w2").result == {"w1": 6.0, "w2": 1.0}


def test_names_win_over_labels():
    a, b = (lab.tensor(v, requires_grad=True, name=n) for v, n in ((2.0, "v2"), (3.0, "w1")))
    graph = lab.graph_of(a * b)
    assert [node.label for node in graph.nodes] == ["v1", "v2", "v3"]
    assert graph.node("v2").name == "v2"
    assert graph.forward("v2").about is graph.inputs[0]
    assert graph.node("w1") is graph.inputs[1]


@pytest.mark.parametrize(
    ("ask", "kind", "words"),
    [
        (lambda g: g.forward("z"), ValueError, ("'z'", "'a' (w1)", "'b' (w2)")),
        (lambda g: g.forward("w3"), ValueError, ("'w3'", "'a' (w1)", "'b' (w2)")),
        (lambda g: g.forward(), ValueError, ("wrt", "2 choices", "'a' (w1)", "'b' (w2)")),
        (lambda g: g.forward(g.outputs[0]), ValueError, ("w3", "'a' (w1)")),
        (lambda g: g.reverse("a"), ValueError, ("'a'", "'w3'", "'w4'")),
        (lambda g: g.reverse(), ValueError, ("of", "2 choices", "'w3'", "'w4'")),
        (lambda g: g.node("z"), ValueError, ("'z'", "'a' (w1)", "'w4'")),
        (lambda g: g.forward("a"), RuntimeError, ("a has shape (2, 3)", "seed=", "np.ones((2, 3))")),
        (lambda g: g.forward("b"), RuntimeError, ("b has shape (3,)", "seed=[1.0, 0.0, 0.0]")),
        (lambda g: g.reverse("w3"), RuntimeError, ("w3 has shape (2, 3)", "seed=")),
        (lambda g: g.forward("b", seed=[1.0]), RuntimeError, ("(1,)", "(3,)")),
        (lambda g: g.reverse("w4", seed=[1.0]), RuntimeError, ("(1,)", "()")),
    ],
)
def test_a_wrong_choice_lists_the_right_ones(ask, kind, words):
    graph = lab.trace(lambda a, b: (a * b, np.sum(a)), A, B)
    with pytest.raises(kind) as error:
        ask(graph)
    assert all(word in str(error.value) for word in words), error.value


def test_a_name_that_two_nodes_bear_is_refused_and_labels_still_work():
    a, b = (lab.tensor(v, requires_grad=True, name="x") for v in (2.0, 3.0))
    graph = lab.graph_of(a * b)
    with pytest.raises(ValueError, match="name of 2 nodes"):
        graph.forward("x")
    with pytest.raises(ValueError, match="name of 2 nodes"):
        graph.node("x")
    assert graph.forward("w2").result["w3"] == 2.0


def test_a_node_of_another_graph_is_no_choice():
    other = lab.trace(square, 1.0)
    with pytest.raises(ValueError, match="choices"):
        lab.trace(square, 1.0).forward(other.inputs[0])


def test_a_seed_is_copied_and_sweeps_do_not_touch_each_other():
    graph = lab.trace(lambda x: x * x, B)
    seed = np.ones(3)
    first = graph.reverse(seed=seed)
    seed[:] = 7.0
    again = graph.reverse(seed=np.ones(3))
    np.testing.assert_array_equal(first[0].total, np.ones(3))
    np.testing.assert_array_equal(first.result["w1"], again.result["w1"])


def test_sweeping_adds_nothing_to_grad():
    x = lab.tensor(3.0, requires_grad=True)
    lab.graph_of(x * x).reverse()
    assert x.grad is None


def test_no_array_of_a_step_changes_when_later_steps_are_taken():
    """Accumulation never writes into an array that it has handed out."""
    sweep = lab.trace(lambda x: x * 1.0 + x * 2.0 + x * 3.0 + x * 4.0, B).reverse(seed=np.ones(3))
    at_x = [step for step in sweep[1:] if step.node.label == "w1"]
    np.testing.assert_array_equal([step.total[0] for step in at_x], [4, 7, 9, 10])
    np.testing.assert_array_equal([step.before[0] for step in at_x], [0, 4, 7, 9])


def test_a_sweep_is_a_sequence():
    sweep = lab.trace(square, 3.0).reverse()
    assert len(sweep) == 3
    assert sweep[-1] is list(sweep)[2]
    assert sweep[0:2] == tuple(sweep)[0:2]
    assert sweep[1] in sweep


def test_sweeping_freed_parts_raises_and_a_retained_graph_sweeps_on():
    x = lab.tensor(2.0, requires_grad=True, name="x")
    y = np.sin(x) * x
    y.backward(retain_graph=True)
    graph = lab.graph_of(y)
    assert graph.reverse().result["w1"] == x.grad.item()
    y.backward()
    for sweep in (graph.reverse, graph.forward):
        with pytest.raises(RuntimeError, match="retain_graph=True"):
            sweep()
    assert [node.op for node in graph.nodes] == [None, "sin", "multiply"]
    assert graph.outputs[0].value == sin(2.0) * 2.0
