"""The exported page as text: it holds everything, loads nothing, and is the same each time."""

import re
import subprocess
import sys

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.views.page import MOST_SWEEPS, page
from tests.pages import saved


def f(x, y):
    return x * y + np.sin(x)


def test_it_holds_every_phase():
    sweeps = saved(page(lab.trace(f, 2.0, 3.0)))["sweeps"]
    assert [(s["mode"], s["about"]) for s in sweeps] == [
        ("evaluation", ""),
        ("forward", "w1"),
        ("forward", "w2"),
        ("reverse", "w5"),
    ]


def test_beyond_the_most_it_holds_the_chosen_one_and_says_so():
    graph = lab.trace(lambda x: np.sum(x * x), np.ones(MOST_SWEEPS))
    held = saved(page(graph, mode="forward", about="w1[3]"))
    assert [(s["mode"], s["about"]) for s in held["sweeps"]] == [("evaluation", ""), ("forward", "w1[3]")]
    evaluation = [{"key": "", "text": ""}]
    assert held["storyboard"]["choices"] == {
        "evaluation": evaluation,
        "forward": [{"key": "w1[3]", "text": "x[3]"}],
        "reverse": [],
    }
    (notice,) = held["storyboard"]["notices"]
    assert notice == ("This page holds one sweep of 65: Forward accumulation, x[3]. The others were left out to keep it small.")


def test_a_large_one_that_opens_with_the_evaluation_holds_a_reverse_accumulation_too():
    held = saved(page(lab.trace(lambda x: np.sum(x * x), np.ones(MOST_SWEEPS)), mode="evaluation"))
    assert [(s["mode"], s["about"]) for s in held["sweeps"]] == [("evaluation", ""), ("reverse", "w3")]


def test_the_inputs_of_a_page_are_not_live_since_nothing_computes_there():
    assert saved(page(lab.trace(f, 2.0, 3.0)))["storyboard"]["live"] is False


def test_it_loads_nothing_from_anywhere():
    document = page(lab.trace(f, 2.0, 3.0))
    addresses = set(re.findall(r"\w+://[^\s\"'<>)\\]+", document))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
    assert not re.search(r"@import|url\(", document)
    assert 'src="' not in re.sub(r'src="data:', "", document)


@pytest.mark.parametrize("name", ["</script><script>alert(1)", "<!--", "]]>", "\u2028", '"&'])
def test_names_cannot_break_out_of_it(name):
    x = lab.tensor(1.0, requires_grad=True, name=name)
    document = page(lab.graph_of(np.sin(x)), title=name)
    assert document.count("<script") == document.count("</script>") == 2
    assert "<!--" not in document
    assert saved(document)["mode"] == "reverse"


def test_the_same_graph_gives_the_same_bytes_in_any_process():
    code = (
        "import hashlib, numpy as np, autograd_lab as lab; from autograd_lab.views.page import page;"
        "f = lambda x, y: x * y + np.sin(x);"
        "print(hashlib.sha256(page(lab.trace(f, 2.0, 3.0)).encode()).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "up"}, "mode='up'"),
        ({"about": "q"}, "'q' is not one of the choices"),
        ({"parts": ["q"]}, "parts='q'"),
    ],
)
def test_what_it_cannot_open_with_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        page(lab.trace(f, 2.0, 3.0), **options)
