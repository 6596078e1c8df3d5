"""The words, the LaTeX and the source line of each step: exact strings, the same everywhere and every time."""

import linecache
import types

import numpy as np
import pytest

import autograd_lab as lab


def f(x, y):
    return x * y + np.sin(x)


def edge_text(function, *arguments, number=1, mode="reverse"):
    graph = lab.trace(function, *arguments)
    if mode == "forward":
        about = graph.inputs[0]
        return graph.forward(about, seed=np.ones(np.shape(about.value)))[number].text
    return graph.reverse(seed=np.ones(np.shape(graph.outputs[0].value)))[number].text


REVERSE = """\
Reverse accumulation from w5
1. seed: adjoint of w5 is 1
2. w3->w5: local 1, times adjoint 1 = 1; w3 0 -> 1, 1 of 1, complete
3. w4->w5: local 1, times adjoint 1 = 1; w4 0 -> 1, 1 of 1, complete
4. w1->w4: local cos(w1) = -0.4161, times adjoint 1 = -0.4161; w1 0 -> -0.4161, 1 of 2
5. w1->w3: local w2 = 3, times adjoint 1 = 3; w1 -0.4161 -> 2.584, 2 of 2, complete
6. w2->w3: local w1 = 2, times adjoint 1 = 2; w2 0 -> 2, 1 of 1, complete
Result: ∂f/∂w1 = 2.584, ∂f/∂w2 = 2"""

FORWARD = """\
Forward accumulation from w1 (x)
1. seed: tangent of w1 (x) is 1, of w2 (y) 0
2. w1->w3: local w2 = 3, times tangent 1 = 3; w3 0 -> 3, 1 of 2
3. w2->w3: the seed does not reach w2, so the contribution is 0; w3 3 -> 3, 2 of 2, complete
4. w1->w4: local cos(w1) = -0.4161, times tangent 1 = -0.4161; w4 0 -> -0.4161, 1 of 1, complete
5. w3->w5: local 1, times tangent 3 = 3; w5 0 -> 3, 1 of 2
6. w4->w5: local 1, times tangent -0.4161 = -0.4161; w5 3 -> 2.584, 2 of 2, complete
Result: ∂w5/∂x = 2.584"""


def test_the_transcripts_of_the_example_are_those_of_the_contract():
    graph = lab.trace(f, 2.0, 3.0)
    assert str(graph.reverse()) == REVERSE
    assert str(graph.forward("x")) == FORWARD
    assert graph.reverse()[4].text == "w1->w3: local w2 = 3, times adjoint 1 = 3; w1 -0.4161 -> 2.584, 2 of 2, complete"


def test_the_equation_of_a_step_has_four_stages():
    graph = lab.trace(f, 2.0, 3.0)
    reverse, forward = graph.reverse(), graph.forward("x")
    assert reverse[0].latex == r"\frac{\partial f}{\partial w_{5}} = 1"
    assert reverse[3].latex == (
        r"\frac{\partial f}{\partial w_{4}} \cdot \frac{\partial w_{4}}{\partial w_{1}} = "
        r"\frac{\partial f}{\partial w_{4}} \cdot \cos\left(w_{1}\right) = 1 \times \left(-0.4161\right) = -0.4161"
    )
    assert forward[1].latex == (
        r"\frac{\partial w_{3}}{\partial w_{1}} \cdot \frac{\partial w_{1}}{\partial x} = "
        r"w_{2} \cdot \frac{\partial w_{1}}{\partial x} = 3 \times 1 = 3"
    )
    assert forward[2].latex == r"\frac{\partial w_{3}}{\partial w_{2}} \cdot \frac{\partial w_{2}}{\partial x} = 0"


# function, at, the local derivative in words
LOCALS = [
    (lambda x: np.exp(x), 0.0, "w2 = 1"),
    (lambda x: np.log(x), 2.0, "1/w1 = 0.5"),
    (lambda x: np.sqrt(x), 4.0, "1/(2*w2) = 0.25"),
    (lambda x: np.square(x), 3.0, "2*w1 = 6"),
    (lambda x: np.cos(x), 0.0, "-sin(w1) = 0"),
    (lambda x: np.tanh(x), 0.0, "1 - w2**2 = 1"),
    (lambda x: x**3, -2.0, "3*w1**2 = 12"),
    (lambda x: 1.0 / x, 2.0, "-1/w1**2 = -0.25"),
    (lambda x: x / 4.0, 2.0, "0.25"),
    (lambda x: 5.0 * x, 2.0, "5"),
    (lambda x: x * -5.0, 2.0, "-5"),
    (lambda x: 1.0 - x, 2.0, "-1"),
    (lambda x: -x, 2.0, "-1"),
    (lambda x: abs(x), -2.0, "sign(w1) = -1"),
    (lambda x: x**0, 2.0, "0"),
]


@pytest.mark.parametrize(("function", "at", "shown"), LOCALS)
def test_a_local_derivative_is_a_symbol_and_a_number(function, at, shown):
    assert edge_text(function, at).partition("; ")[0].startswith(f"w1->w2: local {shown}, times adjoint 1 = ")


A = np.ones((2, 2))
B = np.array([1.0, 2.0])
# function, at, the map of the forward sweep, the map of the reverse sweep
LINEAR = [
    (lambda x: np.sum(x), B, "tangent summed over axis 0: (2,) -> ()", "adjoint spread along axis 0: () -> (2,)"),
    (
        lambda x: np.mean(x),
        B,
        "tangent averaged over axis 0: (2,) -> ()",
        "adjoint divided by 2 and spread along axis 0: () -> (2,)",
    ),
    (lambda x: x.reshape(2, 1), B, "tangent reshaped: (2,) -> (2, 1)", "adjoint reshaped: (2, 1) -> (2,)"),
    (lambda x: x.T, np.ones((2, 1)), "tangent transposed: (2, 1) -> (1, 2)", "adjoint transposed: (1, 2) -> (2, 1)"),
    (lambda x: x[0], B, "the part [0] of tangent: (2,) -> ()", "adjoint placed into [0], zeros elsewhere: () -> (2,)"),
    (lambda x: A @ x, B, "(2×2) times tangent", "(2×2) transposed times adjoint"),
]


@pytest.mark.parametrize(("function", "at", "pushed", "pulled"), LINEAR)
def test_a_linear_map_is_named_with_what_comes_in(function, at, pushed, pulled):
    assert edge_text(function, at, mode="forward").partition(", with tangent ")[0] == f"w1->w2: {pushed}"
    assert edge_text(function, at, number=-1).partition(", with adjoint ")[0].partition(": ")[2] == pulled


def test_every_sentence_names_its_edge_what_came_in_and_what_it_made():
    graph = lab.trace(lambda x, y: np.maximum(x * y, np.exp(x) / y) - np.sum(x), 2.0, 3.0)
    for sweep, carried in ((graph.reverse(), "adjoint"), (graph.forward("x"), "tangent")):
        for step in sweep[1:]:
            assert step.text.startswith(f"{step.edge.id}: ")
            assert f"{step.arrived} of {step.expected}" in step.text
            assert step.text.endswith("complete") == step.completes
            assert carried in step.text or not step.reached
            assert "\n" not in step.text


@pytest.mark.parametrize(
    ("function", "at", "shown"),
    [
        (lambda x: 1.0 / x, 0.0, "-inf"),
        (lambda x: np.log(x), -1.0, "local 1/w1 = -1"),
        (lambda x: x * np.nan, 1.0, "local nan"),
        (lambda x: x / 0.0, 1.0, "local inf"),
        (lambda x: x * 1e300 * 1e300, 1.0, "1e+300"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_nan_and_inf_are_written_as_such(function, at, shown):
    text = edge_text(function, at)
    assert shown in text
    assert lab.trace(function, at).reverse()[1].latex


def test_minus_zero_is_written_without_its_sign():
    assert "-0" not in edge_text(lambda x: x * -0.0, 1.0)


def test_large_arrays_are_short_in_sentences():
    graph = lab.trace(lambda W, x: np.tanh(W @ x), np.full((64, 128), 0.01), np.ones(128))
    sweep = graph.reverse(seed=np.ones(64))
    assert max(len(step.text) for step in sweep) < 400
    assert max(len(line) for line in str(graph).splitlines()) < 100
    assert "64×128" in sweep[2].text


def test_names_are_in_the_result_where_they_are_short_and_labels_where_they_are_not():
    assert str(lab.trace(lambda learning_rate: learning_rate * 2.0, 1.0).forward()).endswith("Result: ∂w2/∂w1 = 2")
    assert str(lab.trace(lambda rate: rate * 2.0, 1.0).forward()).endswith("Result: ∂w2/∂rate = 2")


def test_several_outputs_are_told_apart_in_the_result():
    graph = lab.trace(lambda x: (x * 2.0, x * 3.0), 1.0)
    assert str(graph.reverse("w3")).endswith("Result: ∂w3/∂w1 = 3")
    assert str(graph.forward()).endswith("Result: ∂w2/∂x = 2, ∂w3/∂x = 3")


def test_a_users_own_latex_is_used_for_value_and_derivative():
    cube = lab.primitive("cube", lambda x: x**3, lab.pointwise(lambda out, x: 3 * x**2, latex="3 {0}^2"), latex="{0}^3")
    graph = lab.trace(lambda x: cube(x), 2.0)
    assert graph.outputs[0].expression == "{w_{1}}^3"
    assert "3 {w_{1}}^2" in graph.reverse()[1].latex
    assert graph.reverse().result["w1"] == 12.0


def test_a_rule_that_cannot_be_recorded_computes_and_is_written_as_a_partial_derivative():
    rule = lab.pointwise(
        lambda out, x: np.linalg.det(np.eye(2)) * np.i0(np.asarray(x.detach() if hasattr(x, "detach") else x)) ** 0
    )
    step = lab.trace(lambda x: lab.primitive("odd", lambda v: v * 1.0, rule)(x), 2.0).reverse()[1]
    assert step.contribution == 1.0
    assert step.text


# -- source -----------------------------------------------------------------------------------------------------------------


def test_the_source_of_a_node_is_the_very_expression_in_a_file():
    def g(x, y):
        # fmt: off
        total = x * y + (
            np.sin(x) + np.sin(y)
        )
        # fmt: on
        return -total

    graph = lab.trace(g, 2.0, 3.0)
    shown = ["x * y", "np.sin(x)", "np.sin(y)", "np.sin(x) + np.sin(y)", "x * y + ( np.sin(x) + np.sin(y) )", "-total"]
    assert [n.source and " ".join(n.source.split()) for n in graph.nodes] == [None, None, *shown]


def test_the_source_of_a_node_is_found_in_a_lambda_and_through_calls():
    graph = lab.trace(lambda x: f(x, x * 2.0) * np.tanh(x), 1.0)
    assert [n.source for n in graph.nodes[1:]] == ["x * 2.0", "x * y", "np.sin(x)", "x * y + np.sin(x)", "np.tanh(x)",
                                                  "f(x, x * 2.0) * np.tanh(x)"]  # fmt: skip


CELL = """\
import numpy as np

def h(x, y):
    z = x * y
    return np.sin(z) + z ** 2

result = h
"""


def cell(text, name="<ipython-input-7-abc>", *, register=True):
    """Run text as a notebook runs a cell: compiled under a name that linecache knows."""
    if register:
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    module = types.ModuleType("__main__")
    exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102 - what a notebook does
    return module.result


def test_the_source_of_a_node_is_found_in_a_notebook_cell():
    graph = lab.trace(cell(CELL), 2.0, 3.0)
    assert [n.source for n in graph.nodes[2:]] == ["x * y", "np.sin(z)", "z ** 2", "np.sin(z) + z ** 2"]


def test_without_source_text_there_is_none_and_no_error():
    graph = lab.trace(cell(CELL, "<string>", register=False), 2.0, 3.0)
    assert [n.source for n in graph.nodes] == [None] * 6


def test_nobody_watching_means_no_source_is_kept():
    x = lab.tensor(2.0, requires_grad=True)
    assert [n.source for n in lab.graph_of(f(x, x)).nodes] == [None] * 4


def test_in_place_operators_and_indexing_have_a_source():
    def g(x):
        y = x * 2.0
        y += x
        return y[0]

    assert [n.source for n in lab.trace(g, np.ones(2)).nodes[1:]] == ["x * 2.0", "y += x", "y[0]"]
