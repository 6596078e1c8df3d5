"""The command line: what it takes, and that what it refuses costs one line, status 2, no file and little time."""

import ast
import os
import re
import time
from pathlib import Path

import numpy as np
import pytest

from autograd_lab import cli
from autograd_lab.arithmetic import MAX_CHARACTERS, MAX_OPERATIONS, Refused, parse
from autograd_lab.graph import trace
from tests.commands import SECONDS, files, refusal, run
from tests.pages import saved


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- export: what it writes -------------------------------------------------------------------------------------------

EXAMPLE = ["export", "x*y + sin(x)", "x=2", "y=3", "--out", "demo.html"]


def test_a_lesson_is_one_html_file_that_loads_nothing(here, capsys):
    assert cli.main(EXAMPLE) == 0
    assert capsys.readouterr() == ("wrote demo.html\n", "")
    assert files() == ["demo.html"]
    page = (here / "demo.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    addresses = set(re.findall(r"https?://[^\s\"'<>\\)]+", page))
    assert addresses <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xhtml",
        "http://www.w3.org/1998/Math/MathML",
        "http://www.w3.org/1999/xlink",
    }


def test_the_same_command_writes_the_same_bytes_whatever_the_hash_seed(here):
    written = []
    for seed in ("0", "1"):
        done = run(*EXAMPLE, env={**os.environ, "PYTHONHASHSEED": seed})
        assert (done.returncode, done.stderr) == (0, "")
        written.append((here / "demo.html").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("mode", ["evaluation", "forward", "reverse"])
def test_a_lesson_opens_in_the_mode_that_was_asked_for(here, mode):
    assert cli.main([*EXAMPLE, "--mode", mode]) == 0
    assert saved((here / "demo.html").read_text(encoding="utf-8"))["mode"] == mode


@pytest.mark.parametrize(
    "arguments",
    [
        ["-x*y", "x=2", "y=3"],
        ["-x", "x=2"],
        ["-h", "h=2"],
        ["x", "x=2"],
        ["x", "x=2", "y=3", "unused=4"],
        ["x", "x=-2"],
        ["log(x)", "x=0"],
        ["x**0.5", "x=nan"],
        ["x*2", "x=inf"],
        ["x*2", "x=-Infinity"],
        ["x*9**9**9**9", "x=1"],
        ["f+args+self+kwargs", "f=1", "args=2", "self=3", "kwargs=4"],
        ["w1*w2", "w2=1", "w1=2"],
        ["e*pi", "e=1"],
        ["θ*2", "θ=1"],
        ["np.sin(x)+np.pi", "x=1"],
        ["x*x*x*x", "x=1e200"],
        ["x+" * 45 + "x", "x=1"],
        ["x+" * 399 + "x", "x=1"],
        ["+".join(f"x*{i}" for i in range(48)), "x=1"],
        ["sin(" * 190 + "x" + ")" * 190, "x=1"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_taken(here, capsys, arguments):
    started = time.monotonic()
    assert cli.main(["export", *arguments, "--out", "a.html"]) == 0
    assert time.monotonic() - started < SECONDS
    assert capsys.readouterr().err == ""
    assert files() == ["a.html"]


ONE = """abs absolute acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh cbrt ceil conj cos cosh
    deg2rad degrees exp exp2 expm1 fabs fix floor log log10 log1p log2 max mean median min nan_to_num negative positive prod
    rad2deg radians reciprocal rint round sign sin sinc sinh sqrt square std sum tan tanh trunc var"""
TWO = """add arctan2 atan2 copysign divide dot float_power floor_divide fmax fmin fmod heaviside hypot inner logaddexp
    logaddexp2 maximum minimum mod multiply pow power remainder subtract true_divide"""


@pytest.mark.parametrize(
    "call",
    [f"{name}(x)" for name in ONE.split()] + [f"{name}(x, y)" for name in TWO.split()] + ["clip(x, 1, y)", "where(x, x, y)"],
)
def test_numpys_functions_from_numbers_to_a_number_are_taken(call):
    graph = trace(parse(f"x*{call}", ["x", "y"]), 1.5, 0.7)
    arguments = [{"x": 1.5, "y": 0.7}.get(word) or float(word) for word in re.findall(r"\b(?:x|y|1)\b", call.partition("(")[2])]
    with np.errstate(all="ignore"):
        expected = 1.5 * float(getattr(np, call.partition("(")[0])(*arguments))
    np.testing.assert_equal(graph.outputs[0].value, expected)
    assert str(graph.reverse())


def test_options_may_stand_anywhere_and_be_joined_with_an_equals_sign(here):
    assert cli.main(["export", "--out=-.html", "--mode=forward", "-x", "x=2"]) == 0
    assert cli.main(["export", "--mode", "forward", "-x", "--out", "-2.html", "x=2"]) == 0
    assert cli.main(["export", "--out", "c.html", "--", "-x", "x=2"]) == 0
    assert files() == ["-.html", "-2.html", "c.html"]
    assert (here / "-.html").read_bytes() == (here / "-2.html").read_bytes()


def test_what_stood_in_the_file_is_replaced_whole_through_a_link(here):
    (here / "target.html").write_text("old")
    (here / "link.html").symlink_to("target.html")
    assert cli.main(["export", "x", "x=1", "--out", "link.html"]) == 0
    assert (here / "link.html").is_symlink()
    assert (here / "target.html").read_text(encoding="utf-8") != "old"


# -- export: what it refuses ------------------------------------------------------------------------------------------

VALUES = ("x=2", "y=3", "--out", "a.html")

# The expression, and what the line must name.
EXPRESSIONS = {
    "nothing": ("", "empty"),
    "blank": ("   ", "empty"),
    "attribute": ("x.__class__", "x.__class__"),
    "deep attribute": ("().__class__.__bases__[0]", "__bases__"),
    "module of NumPy": ("np.linalg.norm(x)", "np.linalg.norm"),
    "NumPy alone": ("np", "np"),
    "function alone": ("sin", "sin"),
    "np.function alone": ("np.sin", "np.sin"),
    "text": ("'a'", "'a'"),
    "bytes": ("b'a'*9**9", "b'a'"),
    "formatted text": ("f'{x}'", "f'{x}'"),
    "lambda": ("(lambda: x)()", "lambda"),
    "comprehension": ("[x for x in y]", "[x for x in y]"),
    "generator": ("sum(x for x in y)", "x for x in y"),
    "walrus": ("(z:=x)", "z:=x"),
    "keyword argument": ("sum(x, axis=0)", "sum(x, axis=0)"),
    "starred argument": ("sin(*x)", "sin(*x)"),
    "no argument": ("sin()", "sin()"),
    "too many arguments": ("sin(x, y)", "sin(x, y)"),
    "import": ("__import__('os').system('true')", "__import__"),
    "builtin": ("exec(x)", "exec"),
    "unknown function": ("foo(x)", "foo"),
    "misspelt function": ("sine(x)", "did you mean sin?"),
    "another language's function": ("ln(x)", "log"),
    "function without a rule": ("np.linspace(0, 1, 1000000000)", "np.linspace"),
    "array maker": ("np.ones(1000000000)", "np.ones"),
    "shape maker": ("broadcast_to(x, 1000000000)", "broadcast_to(x, 1000000000)"),
    "array result": ("outer(x, y)", "outer(x, y)"),
    "copies": ("repeat(x, 999999999)", "repeat is a function of arrays"),
    "larger array": ("pad(x, 99999999999)", "pad is a function of arrays"),
    "function of arrays": ("np.sort(x)", "sort is a function of arrays"),
    "function of several arrays": ("vstack(x)", "'vstack' is a function of arrays"),
    "running sum": ("cumsum(x)", "cumsum is a function of arrays"),
    "matrix product": ("matmul(x, y)", "matmul is a function of arrays"),
    "too few values": ("hypot(x)", "hypot takes 2 values, not 1"),
    "too many values": ("logaddexp(x, y, x)", "logaddexp takes 2 values, not 3"),
    "too few cases": ("where(x)", "where takes 3 values, not 1"),
    "too many bounds": ("clip(x, 1, 2, 3)", "clip takes 3 values, not 4"),
    "axis": ("sum(x, 0)", "sum takes 1 value, not 2"),
    "misspelt new function": ("logadexp(x, y)", "did you mean logaddexp?"),
    "nothing like it": ("np.nextafter(x, y)", "there are sin, exp"),
    "call of a name": ("x(2)", "'x'"),
    "call of a call": ("sin(x)(y)", "sin(x)"),
    "call of a number": ("2(x)", "'2'"),
    "unknown name": ("x*z", "'z'"),
    "comparison": ("x < y", "x < y"),
    "condition": ("x if y else x", "x if y else x"),
    "boolean": ("True*x", "True"),
    "nothing by name": ("None", "None"),
    "complex": ("1j*x", "1j"),
    "ellipsis": ("...", "..."),
    "subscript": ("x[0]", "x[0]"),
    "tuple": ("x, y", "x, y"),
    "list": ("[x]", "[x]"),
    "dict": ("{x: y}", "{x: y}"),
    "caret": ("x^2", "**"),
    "percent": ("x % y", "x % y"),
    "double slash": ("x // y", "x // y"),
    "at": ("x @ y", "x @ y"),
    "plus sign": ("+x", "+x"),
    "tilde": ("~x", "~x"),
    "and": ("x and y", "x and y"),
    "comment": ("x # y", "#"),
    "statement": ("x; y", "x; y"),
    "assignment": ("x = 2", "x = 2"),
    "missing operand": ("x *", "x *"),
    "open parenthesis": ("sin(x", "sin(x"),
    "closed too often": ("x)", "x)"),
    "missing sign": ("2x", "2x"),
    "await": ("await x", "await x"),
    "yield": ("(yield x)", "yield x"),
    "null byte": ("x\0", "null"),
    "half a character": ("x*\ud800", "\\ud800"),
    "control characters": ("x\x1b[31m\x07", "\\x1b"),
    "right to left": ("x*\u202ey", "\\u202e"),
    "constant": ("2 + pi", "x, y"),
    "integer tower": ("9**9**9**9", "x, y"),
    "integer tower in a text": ("'a'*9**9**9", "'a'"),
    "shift": ("1 << 9**9", "1 << 9**9"),
    "long integer": ("x*" + "9" * 10**5, "characters"),
    "long expression": ("x+" * 50_000 + "x", "characters"),
    "many operations": ("x+" * (MAX_OPERATIONS + 1) + "x", "operations"),
    "100000 parentheses": ("(" * 10**5 + "x" + ")" * 10**5, "characters"),
    "deep parentheses": ("(" * 1500 + "x" + ")" * 1500, "((("),
    "deep calls": ("sin(" * 600 + "x" + ")" * 600, "sin("),
    "deep minus": ("-" * (MAX_CHARACTERS - 1) + "x", "---"),
    "deep power": ("x**" * 1300 + "x", "operations"),
    "open brackets": ("[" * 3000, "[[["),
    "million characters of a name": ("a" * 10**6, "characters"),
}


@pytest.mark.parametrize("case", EXPRESSIONS)
def test_refused_expressions(here, capsys, case):
    expression, culprit = EXPRESSIONS[case]
    assert culprit in refusal(capsys, "export", expression, *VALUES)


# All the arguments after "export", and what the line must name.
ARGUMENTS = {
    "no command": ([], "export"),
    "unknown command": (["exprot"], "exprot"),
    "unknown option": (["--verbose"], "--verbose"),
    "nothing": (["export"], "expression"),
    "no out": (["export", "x", "x=2"], "--out"),
    "out without a value": (["export", "x", "x=2", "--out"], "--out"),
    "abbreviated option": (["export", "x", "x=2", "--ou", "a.html"], "--out"),
    "option of export unknown": (["export", "x", "x=2", "--out", "a.html", "--colour"], "--colour"),
    "mode unknown": (["export", "x", "x=2", "--out", "a.html", "--mode", "backward"], "backward"),
    "no value": (["export", "x", "--out", "a.html"], "x=2"),
    "name without a value": (["export", "x", "x", "--out", "a.html"], "'x'"),
    "expression in pieces": (["export", "x", "+", "y", "x=2", "y=3", "--out", "a.html"], "quotes"),
    "empty value": (["export", "x", "x=", "--out", "a.html"], "x="),
    "list": (["export", "x", "x=[1,2]", "--out", "a.html"], "[1,2]"),
    "word": (["export", "x", "x=two", "--out", "a.html"], "two"),
    "complex": (["export", "x", "x=2j", "--out", "a.html"], "2j"),
    "expression as value": (["export", "x", "x=9**9**9", "--out", "a.html"], "9**9**9"),
    "twice": (["export", "x", "x=2", "x=3", "--out", "a.html"], "'x'"),
    "twice by another spelling": (["export", "fi", "fi=2", "\ufb01=3", "--out", "a.html"], "'fi'"),
    "keyword": (["export", "x", "x=2", "lambda=1", "--out", "a.html"], "lambda"),
    "truth": (["export", "x", "x=2", "True=1", "--out", "a.html"], "True"),
    "np": (["export", "x", "x=2", "np=1", "--out", "a.html"], "np"),
    "no name": (["export", "x", "=2", "--out", "a.html"], "''"),
    "no identifier": (["export", "x", "x.y=2", "--out", "a.html"], "x.y"),
    "markup": (["export", "x", "<b>=2", "--out", "a.html"], "<b>"),
    "newline in a value": (["export", "x", "x=2\n3", "--out", "a.html"], "2\\n3"),
    "newline in a name": (["export", "x", "x\ny=2", "--out", "a.html"], "x\\ny"),
    "newline in an option": (["export", "x", "x=2", "--out", "a.html", "--a\nb"], "--a"),
    "missing folder": (["export", "x", "x=2", "--out", "no/such/a.html"], "no/such"),
    "folder": (["export", "x", "x=2", "--out", "."], "'.'"),
    "empty out": (["export", "x", "x=2", "--out", ""], "--out"),
    "device": (["export", "x", "x=2", "--out", "/dev/null"], "/dev/null"),
    "under a file": (["export", "x", "x=2", "--out", f"{__file__}/a.html"], "a.html"),
    "long file name": (["export", "x", "x=2", "--out", "a" * 300], "aaa"),
    "null byte in out": (["export", "x", "x=2", "--out", "a\0.html"], "--out"),
}


def test_more_steps_than_a_page_can_hold_are_refused(here, capsys):
    names = [f"a{i}" for i in range(100)]
    assert "steps" in refusal(capsys, "export", "+".join(names), *(f"{name}=1" for name in names), "--out", "a.html")


@pytest.mark.parametrize("case", ARGUMENTS)
def test_refused_arguments(here, capsys, case):
    arguments, culprit = ARGUMENTS[case]
    assert culprit in refusal(capsys, *arguments)


def test_a_refusal_leaves_the_old_file_as_it_was(here, capsys):
    (here / "a.html").write_text("old")
    refusal(capsys, "export", "foo(x)", *VALUES)
    assert (here / "a.html").read_text() == "old"


def test_a_disk_that_fails_leaves_the_old_file_and_no_half_of_a_new_one(here, capsys, monkeypatch):
    def fail(self, target):
        raise OSError(28, "No space left on device")

    (here / "a.html").write_text("old")
    monkeypatch.setattr("pathlib.Path.replace", fail)
    assert "No space left" in refusal(capsys, "export", "x", *VALUES)
    assert (here / "a.html").read_text() == "old"


@pytest.mark.parametrize("expression", ["9**9**9**9", "(" * 30_000, "x.__class__", "'\\d'", "1if x else 2", "\x1b"])
def test_a_process_refuses_with_status_2_and_one_line_and_no_traceback(here, expression):
    started = time.monotonic()
    done = run("export", expression, "x=2", "--out", "a.html")
    assert time.monotonic() - started < SECONDS
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("autograd-lab: ")
    assert len(done.stderr.splitlines()) == 1
    assert files() == []


# -- the formulas themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x*y + sin(x)", 2 * 3 + 0.9092974268256817),
        ("-x**2", -4.0),
        ("2**-x", 0.25),
        ("x**y**x", 512.0),
        ("x - y - 1", -2.0),
        ("x / y / 2", 2 / 3 / 2),
        ("1/0*x", float("inf")),
        ("0x10 + 1_000 + 1e1", 1026.0),
        ("9**9**9**9", float("inf")),
        ("9" * 1000, float("inf")),
        ("maximum(x, y) + np.minimum(x, y)", 5.0),
        ("abs(-x)", 2.0),
        ("e", 2.718281828459045),
        ("np.e - e + np.pi - pi", 0.0),
        ("x\n  *\ty", 6.0),
    ],
)
def test_a_formula_means_what_it_means_in_python(text, expected):
    assert parse(text, ["x", "y"])(2.0, 3.0) == expected


def test_names_given_hide_the_constants():
    assert parse("e", ["e"])(1.0) == 1.0


def test_each_node_knows_the_part_of_the_expression_that_made_it():
    from autograd_lab.graph import trace

    graph = trace(parse("x*y + np.sin(x)", ["x", "y"]), 2.0, 3.0)
    assert [node.source for node in graph.nodes if node.op] == ["x*y", "np.sin(x)", "x*y + np.sin(x)"]


def test_a_formula_computes_and_records_what_the_same_python_function_does():
    import numpy as np

    from autograd_lab.graph import trace

    def f(x, y):
        return -x * y + np.sin(x) ** 2 / y

    graph = trace(parse("-x*y + sin(x)**2/y", ["x", "y"]), 2.0, 3.0)
    python = trace(f, 2.0, 3.0)
    assert [(node.op, node.value) for node in graph.nodes] == [(node.op, node.value) for node in python.nodes]
    assert graph.reverse().result == python.reverse().result


def test_nothing_here_can_run_text_as_code():
    from autograd_lab import arithmetic

    tree = ast.parse(Path(arithmetic.__file__).read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called.isdisjoint({"eval", "exec", "compile", "__import__", "getattr", "globals"})


def test_refused_is_a_value_error():
    with pytest.raises(ValueError, match="foo"):
        parse("foo(x)", ["x"])
    assert issubclass(Refused, ValueError)


# -- help and version -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["-h"], ["export", "--help"], ["export", "-h"], ["tutorial", "--help"], ["--version"]],
    ids=" ".join,
)
def test_help_and_version_go_to_stdout_with_status_0(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 0
    out, err = capsys.readouterr()
    assert (bool(out), err) == (True, "")


def test_the_version_is_that_of_the_package(capsys):
    import autograd_lab

    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"autograd-lab {autograd_lab.__version__}\n"


def test_the_command_is_installed():
    from importlib.metadata import entry_points

    (command,) = entry_points(group="console_scripts", name="autograd-lab")
    assert command.load() is cli.main
