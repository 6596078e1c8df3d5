"""Forward against reverse as Python sees it: one Jacobian found twice, what it costs, and how that is told."""

import base64
import re
import subprocess
import sys

import ipywidgets
import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lab as lab
from autograd_lab.views.comparison import MOST_SWEEPS, WAYS, Compared, _reverse_cost
from autograd_lab.views.verdict import READABLE, closing, story, transcript

V = np.array([0.5, 1.5, 2.5])
M = np.array([[0.2, 1.0, -0.7], [1.3, 0.4, 0.9]])


def many_to_one(x, y, z):
    return x * y + np.sin(z) * x


def one_to_many(x):
    return x * x, np.sin(x), np.exp(x) * x


def overwritten(x):
    c = np.exp(x)
    d = c * c
    c += 1.0
    return np.sum(d)


FUNCTIONS = {
    "many to one": (many_to_one, 2.0, 3.0, 4.0),
    "one to many": (one_to_many, 0.7),
    "a tie": (lambda x, y: (x * y, x + np.cos(y)), 2.0, 3.0),
    "an output that is an input": (lambda x, y: (x, x * y), 2.0, 3.0),
    "an output that does not depend on every input": (lambda x, y: (np.sin(x), np.exp(y)), 2.0, 0.3),
    "a vector to a vector": (lambda x: np.cumsum(np.tanh(x)) * x, V),
    "a matrix and a vector to a vector": (lambda a, x: np.tanh(a @ x), M, V),
    "a vector to a matrix": (lambda x: np.outer(x, x * x), V),
    "several arrays to several outputs": (lambda a, x, t: (a @ x * t, np.sum(a) + t), M, V, 0.3),
    "an operand used twice": (lambda x: x * x * x, 1.7),
}


@pytest.mark.parametrize("case", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_jacobian_is_that_of_jacfwd_by_either_mode(case):
    f, *arguments = case
    compared = Compared(lab.trace(f, *arguments))
    blocks = lab.func.jacfwd(lambda *inputs: _flat(f(*inputs)), argnums=tuple(range(len(arguments))))(*arguments)
    expected = np.concatenate([np.reshape(block, (compared.rows, -1)) for block in blocks], axis=1)
    columns = np.array([compared.entries("forward", j) for j in range(compared.columns)]).T
    rows = np.array([compared.entries("reverse", i) for i in range(compared.rows)])
    np.testing.assert_allclose(compared.jacobian, expected, rtol=1e-12)
    np.testing.assert_allclose(columns, expected, rtol=1e-12)
    np.testing.assert_allclose(rows, expected, rtol=1e-12)


def _flat(outputs):
    return np.concatenate([np.reshape(out, -1) for out in (outputs if isinstance(outputs, tuple) else (outputs,))])


def test_the_jacobian_is_that_of_pytorch(torch):
    arguments = (torch.from_numpy(M), torch.from_numpy(V))
    blocks = torch.func.jacrev(lambda a, x: torch.tanh(a @ x), argnums=(0, 1))(*arguments)
    expected = torch.cat([block.reshape(2, -1) for block in blocks], dim=1).numpy()
    np.testing.assert_allclose(lab.compare(lambda a, x: np.tanh(a @ x), M, V).jacobian, expected, rtol=1e-12)


@st.composite
def programs(draw):
    """A function that combines what it has at random, its arguments, and how many of the last results it returns."""
    inputs = draw(st.lists(st.floats(-2, 2, allow_subnormal=False), min_size=1, max_size=4))
    operations = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12))
    returned = draw(st.integers(1, len(operations)))

    def f(*values):
        made = list(values)
        for kind, i, j in operations:
            a, b = made[i % len(made)], made[j % len(made)]
            made.append((a * b, a + b, np.sin(a), np.tanh(a) - b, a * a)[kind])
        return tuple(made[-returned:])

    return f, inputs


@settings(max_examples=60, deadline=None)
@given(programs())
def test_both_grids_of_any_program_agree_and_cost_what_their_sweeps_cost(program):
    f, inputs = program
    graph = lab.trace(f, *inputs)
    compared = Compared(graph)
    columns = np.array([compared.entries("forward", j) for j in range(compared.columns)])
    rows = np.array([compared.entries("reverse", i) for i in range(compared.rows)])
    np.testing.assert_allclose(columns.T, rows, rtol=1e-9, atol=1e-9)
    costs = compared.costs
    each = [graph.forward(wrt=node).cost for node in graph.inputs], [graph.reverse(of=node).cost for node in graph.outputs]
    for mode, sweeps in zip((costs.forward, costs.reverse), each, strict=True):
        assert mode.sweeps == len(sweeps)
        assert (mode.edges, mode.multiplications) == tuple(map(sum, zip(*sweeps, strict=True)))
    assert tuple(_reverse_cost(graph)) == (costs.reverse.edges, costs.reverse.multiplications)


CLOSINGS = {
    "many to one": (
        FUNCTIONS["many to one"],
        (
            "3 inputs, 1 output: forward accumulation needs 3 sweeps (21 edges, 21 multiplications), "
            "reverse accumulation 1 (7 edges, 7 multiplications)."
        ),
    ),
    "one to many": (
        (lambda x: (np.sin(x), x * 2.0), 0.7),
        (
            "1 input, 2 outputs: forward accumulation needs 1 sweep (2 edges, 2 multiplications), "
            "reverse accumulation 2 (2 edges, 2 multiplications)."
        ),
    ),
    "a tie in everything": (
        (lambda x: np.sin(x), 0.7),
        "1 input, 1 output: a tie, forward and reverse accumulation need 1 sweep each (1 edge, 1 multiplication each).",
    ),
    "a tie in sweeps alone": (
        (lambda x, y: (x * y, np.sin(x)), 2.0, 3.0),
        (
            "2 inputs, 2 outputs: a tie, forward and reverse accumulation need 2 sweeps each "
            "(forward 6 edges, 6 multiplications; reverse 3 edges, 3 multiplications)."
        ),
    ),
    "no multiplication": (
        (lambda x: np.sum(x), V[:2]),
        (
            "2 inputs, 1 output: forward accumulation needs 2 sweeps (2 edges, 0 multiplications), "
            "reverse accumulation 1 (1 edge, 0 multiplications)."
        ),
    ),
    "beyond the most": (
        (lambda x: np.sum(x * x), np.ones(100)),
        (
            "100 inputs, 1 output: forward accumulation needs 100 sweeps (300 edges, 20000 multiplications), "
            "reverse accumulation 1 (3 edges, 200 multiplications)."
        ),
    ),
}


@pytest.mark.parametrize(("case", "sentence"), CLOSINGS.values(), ids=CLOSINGS)
def test_it_closes_with_the_sentence_of_how_many_sweeps_each_mode_needs(case, sentence):
    f, *arguments = case
    comparison = lab.compare(f, *arguments)
    assert comparison.comparison["closing"] == sentence
    assert comparison.transcript.endswith(f"\n{sentence}")


def test_as_text_it_lists_each_sweep_with_its_cost():
    assert lab.compare(lambda x, y: (x * y, np.sin(x)), 2.0, 3.0).transcript == (
        "f(x, y): forward against reverse accumulation\n"
        "Forward accumulation, column by column\n"
        "  1. x: 3 edges, 3 multiplications\n"
        "  2. y: 3 edges, 3 multiplications\n"
        "  Total: 2 sweeps, 6 edges, 6 multiplications\n"
        "Reverse accumulation, row by row\n"
        "  1. w3: 2 edges, 2 multiplications\n"
        "  2. w4: 1 edge, 1 multiplication\n"
        "  Total: 2 sweeps, 3 edges, 3 multiplications\n"
        "Jacobian\n"
        "            x  y\n"
        "  w3        3  2\n"
        "  w4  -0.4161  0\n" + CLOSINGS["a tie in sweeps alone"][1]
    )


def test_each_step_says_what_it_did_in_both_modes():
    told = lab.compare(*FUNCTIONS["many to one"]).comparison
    assert told["sentences"] == [
        "Nothing has been swept yet: both grids are empty.",
        "Forward sweep 1 of 3, from x, fills its column. Reverse sweep 1 of 1, from w7, fills its row.",
        "Forward sweep 2 of 3, from y, fills its column. Reverse accumulation is done.",
        "Forward sweep 3 of 3, from z, fills its column. Reverse accumulation is done.",
    ]


def test_the_edges_that_a_forward_seed_does_not_reach_are_told_apart():
    first = lab.compare(lambda x, y: x * np.sin(y), 2.0, 3.0).comparison["sweeps"]["forward"][0]
    assert (first["visited"], first["unreached"]) == (["w2->w3", "w1->w4", "w3->w4"], ["w2->w3", "w3->w4"])


# -- beyond what is listed --


def test_up_to_the_most_sweeps_all_are_listed():
    at_most = Compared(lab.trace(lambda x: np.sum(x * x), np.ones(MOST_SWEEPS - 1)))
    assert at_most.listed
    assert at_most.steps == MOST_SWEEPS - 1


def test_beyond_the_most_sweeps_costs_are_counted_and_it_says_so():
    comparison = lab.compare(lambda x: np.cumsum(x * x), np.ones(MOST_SWEEPS // 2 + 1))
    told = comparison.comparison
    assert told["notices"] == ["33 × 33 entries take more than 64 sweeps: their costs are counted, and none is shown."]
    assert (told["steps"], told["sweeps"], told["columns"]) == (0, {"forward": [], "reverse": []}, [])
    assert comparison.costs.forward == comparison.costs.reverse
    with pytest.raises(ValueError, match=r"33 rows and 33 columns.*lab\.func\.jacrev"):
        _ = comparison.jacobian


@pytest.mark.parametrize("case", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_counted_costs_are_those_of_the_sweeps(case, monkeypatch):
    f, *arguments = case
    graph = lab.trace(f, *arguments)
    swept = Compared(graph).costs
    monkeypatch.setattr("autograd_lab.views.comparison.MOST_SWEEPS", 0)
    counted = Compared(graph)
    assert not counted.listed
    assert counted.costs == swept


def test_a_grid_too_large_for_numbers_says_so():
    told = lab.compare(lambda x: np.sum(x * x), np.ones(READABLE + 1)).comparison
    assert not told["readable"]
    assert told["notices"] == [
        "With more than 8 rows or columns the grids show which entries are known: point at one for its number."
    ]
    assert lab.compare(lambda x: np.sum(x * x), np.ones(READABLE)).comparison["notices"] == []


# -- what cannot be finished, or compared --


def test_a_value_that_was_overwritten_stops_both_modes_and_each_says_why():
    comparison = lab.compare(overwritten, V[:2])
    told = comparison.comparison
    assert [sweep["cells"] for mode in WAYS for sweep in told["sweeps"][mode]] == [None, None, None]
    assert re.match(r"Forward sweep 1 of 2, from x\[0\], stops: one of the variables .*result of exp", told["sentences"][1])
    assert "Reverse sweep 1 of 1, from w4, stops: one of the variables" in told["sentences"][1]
    assert told["closing"] == (
        "2 inputs, 1 output: forward accumulation cannot be finished, reverse accumulation cannot be finished."
    )
    assert comparison.transcript.count("accumulation stops: one of the variables") == 3
    assert "  w4     ?     ?\n" in comparison.transcript
    with pytest.raises(RuntimeError, match="the result of exp was overwritten"):
        _ = comparison.jacobian


def test_where_one_mode_stops_the_other_gives_the_jacobian():
    def reads_for_pushing_alone():
        stops = lambda tangent, out, x: (_ for _ in ()).throw(RuntimeError("no push"))  # noqa: E731
        return lab.primitive("odd", lambda x: 3.0 * x, lab.Partial(stops, lambda adjoint, out, x: 3.0 * adjoint, latex="3"))

    odd = reads_for_pushing_alone()
    comparison = lab.compare(lambda x, y: odd(x) * y, 2.0, 5.0)
    np.testing.assert_allclose(comparison.jacobian, [[15.0, 6.0]])
    assert comparison.comparison["closing"] == (
        "2 inputs, 1 output: forward accumulation cannot be finished, "
        "reverse accumulation needs 1 sweep (3 edges, 2 multiplications)."
    )
    assert "w4  15  6" in re.sub(" +", "  ", comparison.transcript)


@pytest.mark.parametrize("size", [1, 100])
def test_a_freed_graph_is_shown_as_far_as_it_goes(size):
    x = lab.tensor(np.ones(size), requires_grad=True, name="x")
    y = np.sum(x * x)
    y.backward()
    comparison = lab.compare(y)
    assert "retain_graph=True" in comparison.transcript
    assert "forward accumulation cannot be finished, reverse accumulation cannot be finished" in comparison.transcript


WRONG = {
    "no function": ((3.0,), TypeError, "lab.compare takes a function with its arguments, a Graph, or Tensors, got float 3.0"),
    "arguments of a graph": ((lab.trace(np.sin, 1.0), 2.0), TypeError, r"lab.compare\(graph\) takes no arguments"),
    "no input": ((lambda x: np.sum(x), np.ones(0)), ValueError, "nothing to sweep forward from: .* inputs are empty"),
    "no output": ((lambda x: x[:0], np.ones(2)), ValueError, "nothing to sweep reverse from: .* outputs are empty"),
    "a missing argument": ((many_to_one, 1.0), TypeError, "cannot be called with the arguments given"),
}


@pytest.mark.parametrize(("arguments", "error", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_compared_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        lab.compare(*arguments)


def test_it_takes_a_graph_and_tensors_as_show_does():
    x, y = (lab.tensor(value, requires_grad=True, name=name) for name, value in (("x", 2.0), ("y", 3.0)))
    expected = lab.compare(lambda x, y: (x * y, np.sin(x)), 2.0, 3.0)
    given = (lab.compare(x * y, np.sin(x)), lab.compare(lab.graph_of(x * y, np.sin(x))))
    for comparison in given:
        np.testing.assert_array_equal(comparison.jacobian, expected.jacobian)
        assert comparison.costs == expected.costs


def test_keyword_arguments_are_the_functions():
    np.testing.assert_allclose(lab.compare(lambda x, *, scale: x * scale, 2.0, scale=5.0).jacobian, [[5.0, 2.0]])


# -- the widget --


@pytest.fixture
def comparison():
    return lab.compare(*FUNCTIONS["many to one"])


def test_next_and_previous_stay_within_the_sweeps(comparison):
    seen = []
    comparison.observe(lambda change: seen.append(change.new), "step")
    comparison.previous()
    for _ in range(6):
        comparison.next()
    comparison.previous()
    assert seen == [1, 2, 3, 2]
    assert (comparison.step, comparison.steps) == (2, 3)


@pytest.mark.parametrize("step", [-1, 4])
def test_a_step_that_there_is_not_lists_those_there_are(step, comparison):
    with pytest.raises(ValueError, match=f"step={step} is not one of the choices: this comparison has steps 0 to 3") as raised:
        comparison.step = step
    assert isinstance(raised.value, traitlets.TraitError)
    assert comparison.step == 0


def test_a_step_beyond_the_end_that_a_linked_slider_sends_is_the_last_one(comparison):
    comparison.set_state({"step": 40})
    assert comparison.step == 3


def test_it_is_an_ordinary_widget(comparison):
    slider = ipywidgets.IntSlider(max=3)
    traitlets.link((slider, "value"), (comparison, "step"))
    slider.value = 2
    assert comparison.step == 2


def test_what_python_is_given_cannot_change_what_is_shown(comparison):
    comparison.jacobian[0, 0] = 99.0
    assert comparison.jacobian[0, 0] == pytest.approx(3.0 + np.sin(4.0))


def test_without_a_frontend_it_shows_the_picture_and_the_text(comparison):
    data, _ = comparison._repr_mimebundle_()
    assert data["text/plain"] == comparison.transcript
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == comparison.model_id
    (encoded,) = re.findall(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)"', data["text/html"])
    assert base64.b64decode(encoded).decode().startswith("<svg")
    comparison.step = 3
    assert comparison._repr_mimebundle_()[0] == data


def test_its_repr_says_where_it_is(comparison):
    comparison.next()
    assert repr(comparison) == "<Comparison many_to_one(x, y, z): step 1 of 3>"


def test_the_page_opens_where_the_comparison_is_and_loads_nothing(comparison, tmp_path):
    comparison.step = 2
    path = comparison.to_html(tmp_path / "demo.html")
    document = path.read_text(encoding="utf-8")
    assert comparison.transcript in document.replace("&gt;", ">")
    addresses = set(re.findall(r"\w+://[^\s\"'<>)\\]+", document))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
    assert len(document) < 100_000


def test_the_same_function_gives_the_same_page_in_any_process(tmp_path):
    code = (
        "import hashlib, sys, numpy as np, autograd_lab as lab;"
        "page = lab.compare(lambda x, y: (x * y + np.sin(x), y), 2.0, 3.0).to_html(sys.argv[1]);"
        "print(hashlib.sha256(page.read_bytes()).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / f"{seed}.html")],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_names_of_a_persons_own_are_escaped_in_the_small_picture():
    name = "<script>alert(1)</script>"
    graph = lab.graph_of(np.sin(lab.tensor(1.0, requires_grad=True, name=name)))
    compared = Compared(graph)
    assert "<script" not in story(compared)["svg"]
    assert story(compared)["columns"] == [f"{name}"]
    assert closing(compared) in transcript(compared)


def test_a_large_graph_has_no_small_picture():
    def chain(x):
        for _ in range(60):
            x = np.sin(x)
        return x

    told = lab.compare(chain, 1.0).comparison
    assert told["svg"] is None
    assert told["sweeps"]["forward"][0]["visited"] == []
    assert told["sweeps"]["forward"][0]["cost"]["edges"] == 60
