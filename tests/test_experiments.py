"""Checks and nudges as the views get them: plain JSON, and nothing but text that can be shown."""

import json

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.views.experiments import MOST_NODES, SIZES, checks, nudged, nudges, of_sweep
from tests.graphs import chain, lesson


def test_each_derivative_of_the_lesson_has_its_central_difference():
    assert checks(lesson().reverse()) == {
        label: {"number": number, "verdict": "agrees", "text": f"central difference {number}: agrees"}
        for label, number in {"w1": "2.584", "w2": "2", "w3": "1", "w4": "1", "w5": "1"}.items()
    }


WORDS = {
    "kink": (np.abs, 0.0, "0", "no agreement, as the slope is -1 to the left and 1 to the right: a kink or a jump"),
    "undefined": (np.sqrt, 0.0, "", "no central difference: the derivative is not finite, or a value beside this one is not"),
    "rough": (np.sin, 1e10, None, "no judgement, as rounding or curvature leaves too few digits"),
}  # fmt: skip


@pytest.mark.parametrize(("verdict", "case"), WORDS.items(), ids=WORDS)
def test_where_there_is_no_agreement_the_words_say_why(verdict, case):
    f, x, number, text = case
    found = checks(lab.trace(f, x).reverse())["w1"]
    assert found["verdict"] == verdict
    assert found["text"].endswith(text)
    if number is not None:
        assert found["number"] == number


def test_a_wrong_derivative_an_error_and_a_changed_value_are_said():
    wrong = lab.primitive("wrong", np.sin, lab.pointwise(lambda out, x: 2.0))
    assert checks(lab.trace(wrong, 1.0).reverse())["w1"]["text"] == "central difference 0.5403: differs"

    def strict(x):
        if x != 1.0:
            raise ValueError("only 1 will do")
        return x

    only_one = lab.trace(lab.primitive("only_one", strict, lab.pointwise(lambda out, x: 1.0)), 1.0).reverse()
    assert checks(only_one)["w1"]["text"] == "no central difference: an operation raised only 1 will do"
    assert nudged(only_one, "w1", 0.1) == {"error": "only 1 will do"}
    x = lab.tensor(2.0, requires_grad=True)
    graph = lab.graph_of(x * 3.0 + 1.0)
    with lab.no_grad():
        x += 1.0
    assert checks(graph.reverse())["w1"]["text"] == "no central difference: w2 does not give the value that it recorded"


def test_a_large_array_is_said_to_be_checked_along_one_direction():
    text = checks(lab.trace(lambda x: np.sum(x * x), np.ones(100)).reverse())["w1"]["text"]
    assert text.startswith("central difference along one direction ")
    assert text.endswith(": agrees")


def test_a_nudge_says_how_far_things_moved_and_what_the_derivative_says():
    assert nudged(lesson().reverse(), "w1", 0.1) == {"moved": "0.2539", "predicted": "0.2584"}
    assert nudged(lesson().forward("x"), "w3", 0.1) == {"moved": "0.3", "predicted": "0.3"}
    assert "h=0.0 cannot nudge" in nudged(lesson().reverse(), "w1", 0.0)["error"]


def test_a_node_that_the_sweep_does_not_reach_has_no_nudge():
    graph = lab.trace(lambda x: (np.sin(x), np.cos(x)), 2.0)
    assert nudged(graph.reverse("w2"), "w3", 0.1) == {}
    assert "w3" not in checks(graph.reverse("w2"))


def test_a_page_holds_every_node_at_every_h_as_json():
    sweep = lesson().reverse()
    held = of_sweep(sweep)
    assert json.loads(json.dumps(held)) == held
    assert list(held["nudges"]) == [f"{h:g}" for h in SIZES] == ["0.1", "0.01", "0.001"]
    assert all(list(by_label) == ["w1", "w2", "w3", "w4", "w5"] for by_label in nudges(sweep).values())


def test_a_large_graph_and_a_sweep_that_stopped_are_left_out_of_a_page():
    assert of_sweep(chain(MOST_NODES - 1).reverse()) != {}
    assert of_sweep(chain(MOST_NODES).reverse()) == {}
    x = lab.tensor(2.0, requires_grad=True)
    graph = lab.graph_of(np.sin(x) + x)
    with lab.no_grad():
        x += 1.0
    assert of_sweep(graph.attempt("reverse", graph.outputs[0])) == {}
