"""The sum over paths, written out and simplified: exact strings, the right value, in bounded time, without SymPy too."""

import os
import random
import subprocess
import sys
import time
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.explain.expression import Call, Equation, Number, Sum, Symbol, Times, operations
from autograd_lab.explain.latex import latex
from autograd_lab.explain.mathml import mathml, wrapping
from autograd_lab.explain.paths import MOST_FACTORS, counted, counted_to, sums_of
from autograd_lab.explain.symbolic import MOST_OPERATIONS, simplified
from autograd_lab.explain.text import text
from tests.graphs import lesson
from tests.test_paths import diamonds


def sums(f, *args, mode="reverse"):
    """The sum for every end, as text by the end's label."""
    with np.errstate(all="ignore"):
        graph = lab.trace(f, *args)
    sweep = graph.reverse() if mode == "reverse" else graph.forward(graph.inputs[0])
    return {end.label: text(equation) for end, equation in sums_of(sweep)}


@pytest.fixture
def without_sympy(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", None)  # import sympy then raises ImportError


def test_the_lesson_reads_as_a_person_would_write_it():
    f = lambda x, y: x * y + np.sin(x)  # noqa: E731 - the example of the lesson
    assert sums(f, 2.0, 3.0) == {
        "w1": "∂f/∂w1 = 1 · 1 · w2 + 1 · 1 · cos(w1) = w2 + cos(w1) = 2.584",
        "w2": "∂f/∂w2 = 1 · 1 · w1 = w1 = 2",
    }
    assert sums(f, 2.0, 3.0, mode="forward") == {"w5": "∂w5/∂x = 1 · w2 · 1 + 1 · cos(w1) · 1 = w2 + cos(w1) = 2.584"}


def test_without_sympy_the_sum_stands_as_it_is(without_sympy):
    assert sums(lambda x, y: x * y + np.sin(x), 2.0, 3.0) == {
        "w1": "∂f/∂w1 = 1 · 1 · w2 + 1 · 1 · cos(w1) = 2.584",
        "w2": "∂f/∂w2 = 1 · 1 · w1 = 2",
    }


def test_text_latex_and_mathml_come_from_the_one_expression():
    ((_, equation), _) = sums_of(lesson().reverse())
    assert isinstance(equation, Equation)
    assert latex(equation) == (
        r"\frac{\partial f}{\partial w_{1}} = 1 \cdot 1 \cdot w_{2} + 1 \cdot 1 \cdot \cos\left(w_{1}\right) = "
        r"w_{2} + \cos\left(w_{1}\right) = 2.584"
    )
    assert mathml(equation).count("<mo>⋅</mo>") == 4


WRITTEN = {
    "the input itself": (lambda x: x, (2.0,), "∂f/∂w1 = 1"),
    "one edge": (np.sin, (2.0,), "∂f/∂w1 = 1 · cos(w1) = cos(w1) = -0.4161"),
    "a square as a product": (lambda x: x * x, (3.0,), "∂f/∂w1 = 1 · w1 + 1 · w1 = 2*w1 = 6"),
    "signs that cancel": (lambda x: np.negative(np.negative(x)), (3.0,), "∂f/∂w1 = 1 × (-1) × (-1) = 1"),
    "a sum of fractions": (
        lambda x, y: np.log(x) / y + x / y,
        (2.0, 4.0),
        "∂f/∂w1 = 1 · 1 · 1/w2 · 1/w1 + 1 · 1 · 1/w2 = (1 + 1/w1)/w2 = 0.375",
    ),
    "a branch that maximum took": (lambda x: np.maximum(x, 0.0) * x, (2.0,), "∂f/∂w1 = 1 · w1 · 1 + 1 · w2 = w1 + w2 = 4"),
    "names of one's own": (lambda w1, x: w1 * x * w1, (2.0, 3.0), "∂f/∂v1 = 1 · v1 · v2 + 1 · v3 = v1*v2 + v3 = 12"),
    "a removable hole": (lambda x: x / x, (0.0,), "∂f/∂w1 = 1 · 1/w1 + 1 · (-w1/w1**2) = nan"),
}


@pytest.mark.parametrize(("f", "args", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_sums_are_written_and_simplified(f, args, expected):
    first = next(iter(sums(f, *args).values()))
    assert first == expected


def test_a_sum_may_wrap_before_its_signs():
    ((_, equation), _) = sums_of(lesson().reverse())
    pieces = wrapping(equation).split("\u200b")
    assert len(pieces) == 6  # ∂f/∂w1, = 1 1 w2, + 1 1 cos, = w2, + cos, = 2.584
    assert all(ET.fromstring(piece).tag == "math" for piece in pieces)  # noqa: S314 - made a line ago
    assert [piece.startswith('<math><mrow><mo form="infix">') for piece in pieces] == [False, True, True, True, True, True]
    assert pieces[2].count("⋅") == 2
    assert len(wrapping(Times(tuple(VARIABLES))).split("\u200b")) == len(VARIABLES)
    assert wrapping(Symbol("w1")) == "<math><mrow><msub><mi>w</mi><mn>1</mn></msub></mrow></math>"


def test_an_end_without_a_path_has_derivative_0():
    def f(x, y):
        return np.sin(x), y * y

    graph = lab.trace(f, 2.0, 3.0)
    written = [text(equation) for _, equation in sums_of(graph.forward("x"))]
    assert written == ["∂w3/∂x = cos(w1) · 1 = cos(w1) = -0.4161", "∂w4/∂x = 0"]


def test_linear_maps_and_broadcasting_stand_under_their_names_and_do_not_change_places():
    graph = lab.trace(lambda A, b: np.sum(np.tanh(A @ b + b)), np.eye(2) * 0.5, np.ones(2))
    (of_a, of_b) = (text(e) for _, e in sums_of(graph.reverse()))
    assert of_a == "∂f/∂w1 = 1 · ∂w6/∂w5 · (1 - w5**2) · 1 · ∂w3/∂w1 = 2×2"
    assert "∂w3/∂w2" in of_b
    assert of_b.count(" = ") == 2  # name, sum, number: matrices do not commute, so nothing is simplified


def test_arrays_multiplied_element_by_element_are_simplified():
    a = np.array([1.0, 2.0])
    graph = lab.trace(lambda x: x * x, a)
    ((_, equation),) = sums_of(graph.reverse(seed=np.ones(2)))
    assert text(equation) == "∂f/∂w1 = [1 1] · w1 + [1 1] · w1 = 2*w1*[1 1] = [2 4]"


def test_arrays_that_are_written_alike_are_not_taken_for_the_same():
    a, b = np.ones((40, 3)), np.full((40, 3), 2.0)
    x = np.ones((40, 3))
    graph = lab.trace(lambda x: x * a - x * b, x)
    ((_, equation),) = sums_of(graph.reverse(seed=np.ones((40, 3))))
    assert not any(stage == Number(0.0) for stage in equation.stages)


def test_a_constant_with_the_name_of_a_label_is_not_taken_for_it():
    frozen = lab.tensor(5.0, name="w1")
    x = lab.tensor(2.0, requires_grad=True, name="x")
    graph = lab.graph_of(x * x - frozen * x)
    ((_, equation),) = sums_of(graph.reverse())
    assert len(equation.stages) == 3  # w1 - w1 would be 0


def test_a_users_notation_is_kept_whole():
    sigmoid = lab.primitive(
        "sigmoid",
        lambda x: 1 / (1 + np.exp(-x)),
        lab.pointwise(lambda out, x: out * (1 - out), latex=r"\sigma'({0})"),
        latex=r"\sigma({0})",
    )
    graph = lab.trace(lambda x: sigmoid(x) * 3.0 + sigmoid(x), 0.5)
    ((_, equation),) = sums_of(graph.reverse())
    assert r"\sigma'(w_{1})" in latex(equation.stages[-2])


def test_beyond_the_limits_there_are_counts_alone():
    assert sums_of(diamonds(5).reverse()) is not None
    sweep = diamonds(100).reverse()
    assert sums_of(sweep) is None
    assert counted(sweep.paths).startswith("1.268e+30 paths, 400 edges visited. ")
    assert counted_to(sweep, sweep.graph.inputs[0]) == "w1: 1.268e+30 paths"
    assert counted(diamonds(10).reverse().paths).startswith("1,024 paths, 40 edges visited. ")

    def chain(x):
        for _ in range(MOST_FACTORS):
            x = np.sin(x)
        return x

    sweep = lab.trace(chain, 1.0).reverse()
    assert sums_of(sweep) is None
    assert counted(sweep.paths).startswith("1 path, 600 edges visited. ")


def test_a_count_too_long_for_python_to_write_is_shown():
    sweep = diamonds(16000).reverse()
    assert counted(sweep.paths).startswith("3.02e+4816 paths, 64,000 edges visited. ")


def test_a_sweep_that_stopped_has_no_sum():
    x = lab.tensor(2.0, requires_grad=True)
    graph = lab.graph_of(np.sin(x) + x)
    with lab.no_grad():
        x += 1.0
    sweep = graph.attempt("reverse", graph.outputs[0])
    assert sweep.stopped is not None
    assert sums_of(sweep) is None


# -- the conversion by itself -----------------------------------------------------------------------------------------

VARIABLES = [Symbol(f"w{i}") for i in range(1, 12)]
VALUES = {symbol: 0.3 + 0.17 * i for i, symbol in enumerate(VARIABLES)}
OPERATIONS = {
    1: ["sqrt", "exp", "sin", "cos", "tan", "absolute", "sign", "tanh", "sinh", "cosh", "log", "negative", "reciprocal",
        "square", "arctan", "arcsinh", "cbrt", "log1p", "positive"],
    2: ["add", "subtract", "multiply", "divide", "power", "hypot"],
}  # fmt: skip


def formula(draw, depth):
    if depth == 0:
        return draw.choice([*VARIABLES, Number(float(draw.randint(-3, 3))), Number(round(draw.uniform(-2, 2), 2))])
    count = draw.choice([1, 2, 2])
    return Call(draw.choice(OPERATIONS[count]), tuple(formula(draw, depth - 1) for _ in range(count)))


def value(e):
    match e:
        case Number(number):
            return np.float64(number)
        case Symbol():
            return np.float64(VALUES[e])
        case Times(factors):
            return np.prod([value(factor) for factor in factors])
        case Sum(terms):
            return np.sum([value(term) for term in terms])
        case Call(kind, args, ()):
            return getattr(np, kind)(*map(value, args))
    raise TypeError(e)


def random_sums(count):
    draw = random.Random(7)  # noqa: S311 - the same formulas each time are the point
    while count:
        terms = [
            Times(tuple(formula(draw, draw.randint(0, 3)) for _ in range(draw.randint(1, 5))))
            for _ in range(draw.randint(1, 8))
        ]
        if operations(Sum(tuple(terms))) <= MOST_OPERATIONS:
            count -= 1
            yield Sum(tuple(terms))


def test_simplifying_keeps_the_value_and_takes_little_time():
    simplified(Number(1.0))  # the import
    answered = 0
    with np.errstate(all="ignore"):
        for e in random_sums(300):
            start = time.process_time()
            short = simplified(e)
            assert time.process_time() - start < 1.0
            expected = value(e)
            if short is not None and np.isfinite(expected):
                answered += 1
                assert operations(short) <= operations(e) + len(getattr(e, "terms", ())) * 6
                np.testing.assert_allclose(value(short), expected, rtol=1e-6, atol=1e-9, err_msg=text(e))
    assert answered > 150


HARD = {
    "a tower": Call("power", (Number(9.0), Call("power", (Number(9.0), Number(9.0))))),
    "a large power of a sum": Call("power", (Call("add", (VARIABLES[0], VARIABLES[1])), Number(1000.0))),
    "many brackets": Times(tuple(Call("add", (VARIABLES[i % 11], VARIABLES[(i + 1) % 11])) for i in range(70))),
    "more than a person would read": Sum(tuple(Call("sin", (Number(float(i)),)) for i in range(MOST_OPERATIONS + 1))),
    "an imaginary root": Call("sqrt", (Number(-2.0),)),
    "a division by nothing": Call("divide", (Number(1.0), Number(0.0))),
    "infinity": Sum((Number(float("inf")), Number(float("nan")))),
}


@pytest.mark.parametrize("e", HARD.values(), ids=HARD)
def test_what_could_take_for_ever_or_has_no_value_ends_at_once(e):
    simplified(Number(1.0))
    start = time.process_time()
    short = simplified(e)
    assert time.process_time() - start < 1.0
    assert short is None or operations(short) <= operations(e) + 70


def test_the_order_of_terms_is_that_of_labels_and_the_same_in_every_process():
    w2, w10 = Symbol("w2"), Symbol("w10")
    assert text(simplified(Sum((Times((w10, w2)), Call("sin", (w10,)), w2)))) == "w2*w10 + w2 + sin(w10)"
    code = (
        "import numpy as np, autograd_lab as lab; from autograd_lab.explain.paths import sums_of;"
        "from autograd_lab.explain.text import text;"
        "g = lab.trace(lambda x, y: np.tanh(x * y) * np.exp(-x) / y + np.hypot(x, y) * np.sin(y), 2.0, 3.0);"
        "print([text(e) for _, e in sums_of(g.reverse())])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1


def test_sympy_is_loaded_when_a_sum_is_written_and_not_before():
    code = (
        "import sys, autograd_lab as lab; g = lab.trace(lambda x: x * x, 2.0); s = g.reverse(); str(s);"
        "import autograd_lab.explain.paths as p; assert 'sympy' not in sys.modules; p.sums_of(s); assert 'sympy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
