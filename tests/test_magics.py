"""%step and %%step, in an IPython shell of their own: what is an input, what is shown, and what is left behind."""

import subprocess
import sys

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import autograd_lab as lab
from autograd_lab.views.widget import Stepper

SETUP = """\
import numpy as np
import math
import autograd_lab as lab
x, y, n = 2.0, 3, 2
v = np.arange(3.0)
params = {"W": np.ones((2, 3)), "b": 1.0, "act": "tanh"}
sizes = [2, 3]
kept = []
own = lab.tensor(4.0, requires_grad=True, name="own")
text = "words"
def square(a):
    return a * a
def wrong(a):
    return a.nothing
"""


@pytest.fixture
def shell(monkeypatch):
    """A shell with the extension loaded and the variables of SETUP; it keeps no history on disk."""
    monkeypatch.setattr(InteractiveShell, "_instance", None)
    off = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    shell = InteractiveShell.instance(config=off)
    for cell in ("%load_ext autograd_lab", SETUP):
        shell.run_cell(cell, store_history=True).raise_error()
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def run(shell):
    """Runs a cell; gives its value."""

    def run_cell(cell):
        done = shell.run_cell(cell, store_history=True)
        done.raise_error()
        return done.result

    return run_cell


@pytest.fixture
def refused(shell, capsys):
    """Runs a cell that is not to work; gives all that it prints."""

    def run_cell(cell):
        capsys.readouterr()
        assert not shell.run_cell(cell, store_history=True).success
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run_cell


def inputs(stepper):
    return [(node.name, np.asarray(node.value).tolist()) for node in stepper.graph.inputs]


def test_an_expression_is_shown_over_the_notebooks_variables(run):
    stepper = run("%step x*y + np.sin(x)")
    assert isinstance(stepper, Stepper)
    assert stepper.transcript == str(lab.trace(lambda x, y: x * y + np.sin(x), 2.0, 3.0).reverse())
    assert inputs(stepper) == [("x", 2.0), ("y", 3.0)]


def test_it_can_be_assigned(run, shell):
    run("kept_stepper = %step x*x;")
    assert shell.user_ns["kept_stepper"].graph.node("w2").op == "multiply"


INPUTS = {
    "a number": ("x*x", ["x"]),
    "a whole number": ("y*y", ["y"]),
    "by first mention": ("y*x", ["y", "x"]),
    "an array": ("np.sum(v)", ["v"]),
    "in a dict": ("np.sum(params['W'] @ v)", ["params['W']", "params['b']", "v"]),
    "not an index": ("v[n]*x", ["v", "x"]),
    "not a count of range": ("sum(x for _ in range(n))", ["x"]),
    "not a keyword": ("np.sum(np.sum(params['W'], axis=n - 1))", ["params['W']", "params['b']"]),
    "not a list of whole numbers": ("x*len(sizes)", ["x"]),
    "not the variable of a comprehension": ("sum(x*y for y in range(2))", ["x"]),
    "not the parameter of a lambda": ("(lambda y: y*x)(5.0)", ["x"]),
    "not text or functions": ("square(x)*len(text)", ["x"]),
    "a Tensor": ("own*own", ["own"]),
    "a minus sign first": ("-x*y", ["x", "y"]),
    "after --": ("-- -x*y", ["x", "y"]),
    "with braces and dollars": ("x*{'a': 1}['a']*len('$y')", ["x"]),
    "with a comment": ("x*x  # a square", ["x"]),
}


@pytest.mark.parametrize(("expression", "names"), INPUTS.values(), ids=INPUTS)
def test_the_inputs_are(expression, names, run):
    assert [name for name, _ in inputs(run(f"%step {expression}"))] == names


OPTIONS = {
    "": ("reverse", "w5"),
    "-f": ("forward", "w1"),
    "--forward": ("forward", "w1"),
    "-w y": ("forward", "w2"),
    "-f --wrt=y": ("forward", "w2"),
    '-w "y"': ("forward", "w2"),
    "-o w5": ("reverse", "w5"),
    "-e": ("evaluation", ""),
    "--evaluation": ("evaluation", ""),
}


@pytest.mark.parametrize(("options", "key"), OPTIONS.items())
def test_options_choose_what_it_begins_with(options, key, run):
    assert run(f"%step {options} x*y + np.sin(x)").sweep_key == key
    assert run(f"%%step {options}\na = x*y\na + np.sin(x)").sweep_key == key


def test_every_node_knows_its_part_of_the_expression(run):
    graph = run("%step x*y + np.sin(x)").graph
    assert [node.source for node in graph.nodes] == [None, None, "x*y", "np.sin(x)", "x*y + np.sin(x)"]


def test_every_node_of_a_cell_knows_its_expression(run):
    graph = run("%%step\na = x*y\n\nb = square(a)\na + b").graph
    assert [node.source for node in graph.nodes] == [None, None, "x*y", "a * a", "a + b"]


CELLS = {
    "the last expression": ("%%step\na = x*y\na*a", ["a"], 36.0),
    "the last assignment": ("%%step\na = x*y\nb = a*a", ["a", "b"], 36.0),
    "a named output": ("%%step a\na = x*y\nb = a*a", ["a", "b"], 6.0),
    "a magic inside": ("%%step\nhere = %pwd\na = x*y", ["a"], 6.0),
    "a loop": ("%%step p\np = x\nfor _ in range(n):\n    p = p*x", ["p"], 8.0),
    "an operator that assigns": ("%%step\nz = x*x\nz += y", ["z"], 7.0),
    "a branch": ("%%step z\nif x > 1:\n    z = x*x", ["z"], 4.0),
    "a function of the cell": ("%%step\ndef cube(t):\n    return t*t*x\ncube(y)", [], 18.0),
}


@pytest.mark.parametrize(("cell", "assigned", "value"), CELLS.values(), ids=CELLS)
def test_a_cell_shows(cell, assigned, value, run, shell):
    (output,) = run(cell).graph.outputs
    assert output.value == value
    for name in assigned:
        assert isinstance(shell.user_ns[name], (float, np.ndarray))


def test_several_outputs_can_be_named(run):
    stepper = run("%%step -o w4 a b\na = x*y\nb = x + y")
    assert [node.op for node in stepper.graph.outputs] == ["multiply", "add"]
    assert stepper.about == "w4"


def test_what_a_cell_assigns_stays_as_plain_values_and_what_it_read_is_as_before(run, shell):
    run("%%step\nq = 5.0\nm = np.outer(v, v)*q\ns = np.sum(m)*x\npair = (s, [s, 'end'])\nkept.append(s)\ns")
    space = shell.user_ns
    assert (space["x"], space["q"], type(space["x"]), type(space["q"])) == (2.0, 5.0, float, float)
    np.testing.assert_array_equal(space["m"], 5 * np.outer(space["v"], space["v"]))
    assert (space["s"], space["pair"], space["kept"]) == (90.0, (90.0, [90.0, "end"]), [90.0])
    assert not any(isinstance(value, lab.Tensor) for name, value in space.items() if name != "own" and name[0] != "_")
    assert space["v"].tolist() == [0, 1, 2]


def test_a_cell_may_write_into_a_dict_that_it_read(run, shell):
    before = shell.user_ns["params"]
    run("%%step\nparams['b'] = params['b']*x\nparams['b']")
    assert shell.user_ns["params"] is before
    assert (before["b"], type(before["W"])) == (2.0, np.ndarray)


def test_a_tensor_of_the_persons_own_stays_his(run, shell):
    run("%%step\nz = own*x\nz")
    assert isinstance(shell.user_ns["z"], lab.Tensor)
    shell.user_ns["z"].backward()
    assert shell.user_ns["own"].grad.item() == 2.0


def test_running_a_cell_again_shows_the_same(run):
    cell = "%%step\na = x*y\nx2 = 7.0\na*x2"
    assert run(cell).transcript == run(cell).transcript


def test_the_graph_can_run_again_on_other_inputs_without_touching_the_notebook(run, shell):
    graph = run("%%step\nk = 10.0\na = x*k\na + y").graph
    again = graph.again({"x": 3.0}).again({"k": 100.0})
    assert [node.value for node in again.outputs] == [303.0]
    assert (shell.user_ns["x"], shell.user_ns["k"], shell.user_ns["a"]) == (2.0, 10.0, 20.0)


REFUSED = {
    "nothing": ("%step", "%step needs an expression"),
    "an empty cell": ("%%step\n  \n", "%%step needs an expression"),
    "a slip": ("%step x*(y", "'x*(y' is not Python: '(' was never closed"),
    "an assignment": ("%step z = x", "is not Python"),
    "an unknown option": ("%step --wat x", "%step, line 1: '--wat x' is not Python"),
    "a slip in a cell": ("%%step\na = x\nb = *", "%%step, line 3: 'b = *' is not Python"),
    "no such variable": ("%step x*zzz", "the notebook has no variable zzz: assign it first, zzz = 2.0"),
    "only numbers": ("%step 3 + 4", "there is no number or array among the variables"),
    "only text": ("%step text", "there is no number or array among the variables"),
    "no number": ("%step str(x.shape)", "str(x.shape) gives str '()', which no gradient flows to"),
    "no output": ("%%step nope\na = x*y", "the cell assigns no variable nope that could be shown"),
    "code beside the magic": ("%%step x*y\na = x", "takes names of variables to show, got 'x*y'"),
    "no such input": ("%step -w q x*y", "'q' is not one of the choices: 'x' (w1), 'y' (w2)"),
    "no name after an option": ("%step -w", "argument -w/--wrt: expected one argument"),
    "two modes": ("%step -f -o w3 x*y", "leave one out"),
    "two phases": ("%step -e -w x x*y", "leave one out"),
    "a cell that computes nothing": ("%%step\nprint('x')", "there is no number or array"),
    "a cell whose last line is no result": ("%%step\na = x*y\nprint(end='')", "the last line gives NoneType None"),
}


@pytest.mark.parametrize(("cell", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_told_in_one_line(cell, message, refused):
    printed = refused(cell)
    assert message in printed
    (line,) = [line for line in printed.splitlines() if line and line != "x"]
    assert line.startswith("UsageError: ")


@pytest.mark.parametrize("cell", ["%step wrong(x)", "%%step\n\nwrong(x)"])
def test_an_error_in_the_persons_code_shows_his_lines_and_none_of_ours(cell, refused, shell):
    printed = refused(cell)
    assert "'Tensor' object has no attribute 'nothing'" in printed
    assert "return a.nothing" in printed
    assert "magics.py" not in printed
    assert "interactiveshell.py" not in printed
    assert shell.user_ns["x"] == 2.0


def test_an_error_names_the_line_that_the_person_sees(refused):
    assert "line 3\n" in refused("%%step\na = x*y\nwrong(a)")


def test_after_an_error_the_notebook_holds_plain_values(refused, shell):
    refused("%%step\na = x*y\nwrong(a)")
    assert (shell.user_ns["a"], shell.user_ns["x"]) == (6.0, 2.0)


def test_the_help_names_every_option(shell):
    text = shell.find_line_magic("step").__doc__
    assert "%step [-f] [-e] [-w NAME] [-o NAME]" in text
    for part in ("--forward", "--evaluation", "--wrt", "--of", "%%step", "the input that forward accumulation is about"):
        assert part in text


def test_unloading_takes_both_away_and_loading_brings_them_back(run, shell):
    run("%unload_ext autograd_lab")
    assert shell.find_line_magic("step") is None
    assert shell.find_cell_magic("step") is None
    run("%load_ext autograd_lab")
    assert isinstance(run("%step x*x"), Stepper)


def test_importing_the_package_does_not_load_ipython():
    probe = "import sys, autograd_lab; print('IPython' in sys.modules); autograd_lab.load_ipython_extension"
    printed = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert printed == "False\n"
