"""Nudging a node, and central differences of all that a sweep found: on smooth functions, at kinks, where nothing is."""

import math
import time

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lab as lab
from autograd_lab.graph.differences import MOST_ELEMENTS, check, direction
from autograd_lab.graph.nudge import nudge
from autograd_lab.graph.recompute import Recomputation, changed_since
from tests.graphs import lesson
from tests.test_properties import programs, run

# -- computing the recorded graph again -------------------------------------------------------------------------------


def test_what_depends_on_a_node_is_computed_again_and_nothing_else():
    graph = lesson()
    w1, w3, w4, w5 = (graph.node(label) for label in ("w1", "w3", "w4", "w5"))
    again = Recomputation(graph, [w4])
    assert again.operations == [w5.record]
    assert again({w4.record: 10.0}) == {w4.record: 10.0, w5.record: 16.0}
    assert Recomputation(graph, [w1], [w3])({w1.record: 5.0}) == {w1.record: 5.0, w3.record: 15.0}


@given(programs())
def test_without_a_change_every_value_is_the_recorded_one(program):
    inputs, steps = program
    graph = lab.trace(lambda *xs: run(steps, *xs), *inputs)
    again = Recomputation(graph, graph.inputs)({node.record: node.value for node in graph.inputs})
    for node in graph.nodes:
        np.testing.assert_allclose(again[node.record], node.value, rtol=1e-14)
        assert type(again[node.record]) is type(node.value)
    assert changed_since(graph) is None


def test_keywords_constants_dtypes_and_assignments_are_those_recorded():
    def f(x, s):
        y = np.sum(x, axis=1, keepdims=True) * np.array([2.0, 3.0, 4.0], np.float32)
        y[0, 1:] = s
        return np.mean(y * s, axis=0)[1]

    x, s = np.arange(6, dtype=np.float32).reshape(2, 3), np.float32(0.5)
    graph = lab.trace(f, x, s)
    moved = {graph.node("x").record: x + 1, graph.node("s").record: np.float32(0.75)}
    again = Recomputation(graph, graph.inputs)(moved)[graph.outputs[0].record]
    expected = lab.trace(f, x + 1, np.float32(0.75)).outputs[0].value
    assert again == expected
    assert again.dtype == np.float32


def test_a_branch_an_order_and_a_detached_value_stay_as_recorded():
    def f(x):
        y = x * x if x > 0 else -x
        return np.where(x > 0, y, 0.0) + np.sin(x).detach() + np.random.default_rng().normal() * x

    graph = lab.trace(f, 1.0)
    out = graph.outputs[0].record
    there = Recomputation(graph, graph.inputs)({graph.inputs[0].record: -1.0})[out]
    drawn = graph.forward().result[graph.outputs[0].label] - 2.0
    assert there == pytest.approx(1.0 + math.sin(1.0) - drawn)  # still x*x, still chosen, still sin(1)
    assert check(graph.reverse())["w1"].verdict == "agrees"


def test_an_operand_that_was_overwritten_is_noticed():
    x = lab.tensor(2.0, requires_grad=True, name="x")
    graph = lab.graph_of(x * 3.0 + 1.0)
    with lab.no_grad():
        x += 1.0
    assert changed_since(graph).label == "w2"
    checks = check(graph.reverse())
    assert {c.verdict for c in checks.values()} == {"changed"}
    assert checks["w1"].reason == "w2"


def test_a_primitive_that_draws_random_numbers_is_noticed():
    draw = np.random.default_rng(0)
    noisy = lab.primitive("noisy", lambda x: x + draw.normal(), lab.pointwise(lambda out, x: 1.0))
    graph = lab.trace(lambda x: noisy(x) * 2.0, 1.0)
    assert changed_since(graph).op == "noisy"


# -- nudging ----------------------------------------------------------------------------------------------------------


def test_the_output_moves_by_about_h_times_the_adjoint():
    sweep = lesson().reverse()
    moved = nudge(sweep, "x", 0.1)
    assert (moved.nudged.label, moved.watched.label) == ("w1", "w5")
    assert moved.before == sweep.graph.outputs[0].value
    assert moved.after == pytest.approx(2.1 * 3 + math.sin(2.1))
    assert moved.moved == pytest.approx(0.1 * 3 + math.sin(2.1) - math.sin(2))
    assert moved.predicted == pytest.approx(0.1 * (3 + math.cos(2)))
    assert nudge(sweep, "w4", -0.5).moved == pytest.approx(-0.5)


def test_in_forward_the_input_is_nudged_and_the_node_watched():
    sweep = lesson().forward("x")
    moved = nudge(sweep, "w4", 0.1)
    assert (moved.nudged.label, moved.watched.label) == ("w1", "w4")
    assert moved.moved == pytest.approx(math.sin(2.1) - math.sin(2))
    assert moved.predicted == pytest.approx(0.1 * math.cos(2))
    assert nudge(sweep, "y", 0.1).moved == 0.0


def test_the_error_of_the_prediction_shrinks_with_the_square_of_h():
    sweep = lesson().reverse()
    wide, narrow = (nudge(sweep, "x", h) for h in (0.1, 0.01))
    error = [abs(n.moved - n.predicted) for n in (wide, narrow)]
    assert error[0] / error[1] == pytest.approx(100, rel=0.1)


def test_every_element_of_an_array_is_nudged():
    graph = lab.trace(lambda A, b: np.sum(A @ b), np.arange(6.0).reshape(2, 3), np.array([1.0, 2.0, 3.0]))
    moved = nudge(graph.reverse(), "b", 0.5)
    assert moved.moved == pytest.approx(0.5 * 15)
    assert moved.predicted == pytest.approx(0.5 * 15)
    forward = nudge(graph.forward("b", seed=[1.0, 0.0, 0.0]), "w3", 0.5)
    np.testing.assert_allclose(forward.moved, [0.0, 1.5])
    np.testing.assert_allclose(forward.predicted, [0.0, 1.5])


def test_the_element_that_a_seed_points_at_is_watched():
    graph = lab.trace(lambda x: x * np.array([1.0, 10.0, -1.0]), 2.0)
    moved = nudge(graph.reverse(seed=[0.0, 1.0, 0.0]), "x", 0.1)
    assert (moved.before, moved.predicted) == (20.0, pytest.approx(1.0))
    assert moved.moved == pytest.approx(1.0)


@pytest.mark.parametrize("h", [0.0, math.nan, math.inf, "0.1", None])
def test_an_h_that_moves_nothing_is_refused(h):
    with pytest.raises(ValueError, match="give a finite number other than 0"):
        nudge(lesson().reverse(), "x", h)


def test_a_node_that_the_sweep_gave_no_derivative_is_refused_by_name():
    graph = lab.trace(lambda x: (np.sin(x), np.cos(x)), 2.0)
    with pytest.raises(ValueError, match="w3 has no derivative in this sweep"):
        nudge(graph.reverse("w2"), "w3", 0.1)
    with pytest.raises(ValueError, match="'nobody'"):
        nudge(graph.reverse("w2"), "nobody", 0.1)


# -- checking ---------------------------------------------------------------------------------------------------------


def verdict(f, *args, node="w1", mode="reverse"):
    with np.errstate(all="ignore"):
        graph = lab.trace(f, *args)
    seed = np.ones(np.shape((graph.outputs if mode == "reverse" else graph.inputs)[0].value))
    sweep = graph.reverse(seed=seed) if mode == "reverse" else graph.forward(graph.inputs[0], seed=seed)
    return check(sweep)[node]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_every_derivative_of_the_lesson_agrees(mode):
    sweep = lesson().reverse() if mode == "reverse" else lesson().forward("x")
    checks = check(sweep)
    assert list(checks) == [node.label for node in sweep.graph.nodes]
    for label, found in checks.items():
        assert found.verdict == "agrees"
        assert found.quotient == pytest.approx(sweep.result[label], rel=1e-8)


# name: function, its derivative with more digits, where
SMOOTH = {
    "sin": (np.sin, mpmath.cos, 1.0),
    "exp": (np.exp, mpmath.exp, 30.0),
    "log of little": (np.log, lambda x: 1 / x, 1e-8),
    "log of next to nothing": (np.log, lambda x: 1 / x, 1e-300),
    "log of much": (np.log, lambda x: 1 / x, 1e12),
    "tanh, nearly flat": (np.tanh, lambda x: mpmath.sech(x) ** 2, 12.0),
    "a cube at its flat place": (lambda x: x**3, lambda x: 3 * x**2, 0.0),
    "a cube far out": (lambda x: x**3, lambda x: 3 * x**2, 1e5),
    "beside a large number": (lambda x: (x + 1e6) - 1e6, lambda x: mpmath.mpf(1), 1.0),
    "beside a kink": (lambda x: np.maximum(x, 0.0), lambda x: mpmath.mpf(1), 1e-7),
    "many waves": (lambda x: np.sin(300.0 * x), lambda x: 300 * mpmath.cos(300 * x), 1.0),
}


@pytest.mark.parametrize(("f", "slope", "x"), SMOOTH.values(), ids=SMOOTH)
def test_smooth_functions_agree_at_any_magnitude(f, slope, x):
    found = verdict(f, x)
    assert found.verdict == "agrees"
    assert found.quotient == pytest.approx(float(slope(mpmath.mpf(x))), rel=1e-4, abs=1e-9)


OTHERS = {
    "abs at 0": (np.abs, 0.0, "kink", (-1.0, 1.0)),
    "relu at 0": (lambda x: np.maximum(x, 0.0), 0.0, "kink", (0.0, 1.0)),
    "a corner elsewhere": (lambda x: np.maximum(x * x, 2.0 * x), 2.0, "kink", (2.0, 4.0)),
    "a step": (np.floor, 2.0, "kink", None),
    "a root at its end": (np.sqrt, 0.0, "undefined", None),
    "a pole": (lambda x: 1.0 / x, 0.0, "undefined", None),
    "an overflow": (np.exp, 800.0, "undefined", None),
    "waves finer than the step": (lambda x: np.sin(1e6 * x), 1.0, "rough", None),
    "rounding eats the digits": (lambda x: (x + 1e11) - 1e11, 1.0, "rough", None),
    "too far out to move finely": (np.sin, 1e10, "rough", None),
}


@pytest.mark.parametrize(("f", "x", "expected", "slopes"), OTHERS.values(), ids=OTHERS)
def test_where_there_is_no_agreement_the_verdict_says_why(f, x, expected, slopes):
    found = verdict(f, x)
    assert found.verdict == expected
    if slopes is not None:
        assert (found.left, found.right) == (pytest.approx(slopes[0], abs=1e-4), pytest.approx(slopes[1], abs=1e-4))


@pytest.mark.parametrize("factor", [0.0, 0.9999, 1.0001, -1.0])
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_a_wrong_derivative_differs(mode, factor):
    wrong = lab.primitive("wrong", np.sin, lab.pointwise(lambda out, x: factor * np.cos(x)))
    node = "w1" if mode == "reverse" else "w2"
    assert verdict(lambda x: wrong(x) * 3.0, 1.0, node=node, mode=mode).verdict == "differs"


def test_an_operation_that_raises_beside_its_value_is_reported_in_its_words():
    def strict(x):
        if x != 1.0:
            raise ValueError("only 1 will do")
        return x

    only_one = lab.primitive("only_one", strict, lab.pointwise(lambda out, x: 1.0))
    found = verdict(only_one, 1.0)
    assert (found.verdict, found.reason) == ("failed", "only 1 will do")


def test_single_precision_is_judged_by_its_own_digits():
    assert verdict(lambda x, y: x * y + np.sin(x), np.float32(2), np.float32(3)).verdict == "agrees"
    a = np.linspace(-1, 1, 9, dtype=np.float32).reshape(3, 3)
    assert verdict(lambda A: np.sum(np.tanh(A @ A)), a).verdict == "agrees"


def test_small_arrays_are_checked_element_by_element():
    a = np.linspace(-1, 1, MOST_ELEMENTS).reshape(8, 8)
    found = verdict(lambda A: np.sum(np.exp(A) @ A), a)
    assert (found.verdict, found.along) == ("agrees", False)
    np.testing.assert_allclose(found.quotient, found.derivative, rtol=1e-6, atol=1e-8)


def test_the_verdict_of_an_array_is_that_of_its_worst_element():
    assert verdict(lambda a: np.sum(np.abs(a)), np.array([1.0, 0.0, -2.0])).verdict == "kink"
    assert verdict(lambda a: np.sum(np.sqrt(a)), np.array([1.0, 0.0, 2.0])).verdict == "undefined"


def test_large_arrays_are_checked_along_one_direction():
    a = np.linspace(-1, 1, MOST_ELEMENTS + 1)
    found = verdict(lambda x: np.sum(x * x), a)
    assert (found.verdict, found.along) == ("agrees", True)
    assert found.derivative == pytest.approx(np.sum(2 * a * direction(a.shape)))
    assert np.all(direction((40, 40)) != 0)
    wrong = lab.primitive("wrong_square", np.square, lab.pointwise(lambda out, x: 2.001 * x))
    assert verdict(lambda x: np.sum(wrong(x)), a).verdict == "differs"


def test_an_empty_array_has_nothing_that_could_disagree():
    assert verdict(lambda x, y: np.sum(x) + y, np.zeros(0), 1.0).verdict == "agrees"


def test_a_graph_too_large_to_check_says_what_was_not():
    def f(x, y):
        for _ in range(2500):
            x = np.sin(x)
        return x * y

    checks = check(lab.trace(f, 1.0, 2.0).reverse())
    verdicts = [c.verdict for c in checks.values()]
    assert checks["w1"].verdict == checks["w2"].verdict == "agrees"
    assert verdicts.count("skipped") > 1000
    first = verdicts.index("skipped")
    assert first == 2  # inputs first, then from the end
    assert set(verdicts[verdicts.index("agrees", first) :]) == {"agrees"}


def test_every_node_of_a_chain_that_is_drawn_is_checked_and_soon():
    def f(x):
        for _ in range(399):
            x = np.sin(x)
        return x

    sweep = lab.trace(f, 1.0).reverse()
    start = time.process_time()
    checks = check(sweep)
    assert time.process_time() - start < 5.0
    assert {c.verdict for c in checks.values()} == {"agrees"}


def test_an_operation_on_a_large_array_counts_for_many():
    def f(x):
        for _ in range(60):
            x = np.sin(x)
        return np.sum(x)

    checks = check(lab.trace(f, np.ones(1_000_000)).reverse())
    assert checks["w1"].verdict == "skipped"
    assert checks["w62"].verdict == "agrees"


def test_a_sweep_that_stopped_has_nothing_to_check():
    x = lab.tensor(np.ones(3), requires_grad=True)
    y = np.exp(x)
    z = np.sum(y * y)
    y += 1.0
    graph = lab.graph_of(z)
    sweep = graph.attempt("reverse", graph.outputs[0])
    assert sweep.stopped is not None
    assert check(sweep) == {}


@given(programs())
def test_random_smooth_programs_agree_in_both_modes(program):
    inputs, steps = program
    graph = lab.trace(lambda *xs: run(steps, *xs), *inputs)
    first = graph.inputs[0]
    for sweep in (graph.reverse(), graph.forward(first, seed=np.ones(np.shape(first.value)))):
        assert {c.verdict for c in check(sweep).values()} <= {"agrees"}


@given(st.floats(-1e6, 1e6), st.floats(0.01, 100))
def test_no_smooth_function_is_called_kinked(x, k):
    assert verdict(lambda x: np.arctan(k * x) + x * x, x).verdict in ("agrees", "rough")


def test_a_check_is_the_same_each_time():
    a, b = (check(lesson().reverse()) for _ in range(2))
    assert [c.quotient for c in a.values()] == [c.quotient for c in b.values()]


def test_quotients_are_those_of_the_function_itself(torch):
    x = torch.tensor([0.3, -0.7, 1.1], dtype=torch.float64, requires_grad=True)
    torch.logsumexp(x * x, 0).backward()
    found = verdict(lambda v: np.log(np.sum(np.exp(v * v))), np.array([0.3, -0.7, 1.1]))
    np.testing.assert_allclose(found.quotient, x.grad.numpy(), rtol=1e-7)
