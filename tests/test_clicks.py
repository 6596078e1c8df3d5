"""stepper.on_click and stepper.current: what a person clicked, and where the stepper is, as things of the graph."""

import re

import numpy as np
import pytest

import autograd_lab as lab


def f(x, y):
    return x * y + np.sin(x)


@pytest.fixture
def stepper():
    return lab.show(f, 2.0, 3.0)


@pytest.fixture
def clicks(stepper):
    """What the stepper has told of, in order."""
    told = []
    stepper.on_click(told.append)
    return told


def click(stepper, n=1, step=None, **thing):
    stepper.set_state({"clicked": {**thing, "n": n}} | ({} if step is None else {"step": step}))


def test_a_click_on_a_node_tells_the_node(stepper, clicks):
    click(stepper, node="w3")
    assert clicks == [stepper.graph.node("w3")]


def test_a_click_on_an_edge_tells_the_edge(stepper, clicks):
    click(stepper, edge="w1->w4")
    assert [type(edge) for edge in clicks] == [lab.Edge]
    assert (clicks[0].id, clicks[0].source, clicks[0].target) == ("w1->w4", stepper.graph.node("x"), stepper.graph.node("w4"))


def test_each_of_two_parallel_edges_is_told_by_itself():
    stepper = lab.show(lambda x: x * x, 3.0)
    told = []
    stepper.on_click(told.append)
    click(stepper, edge="w1->w2#1")
    click(stepper, edge="w1->w2", n=2)
    assert [edge.argument for edge in told] == [1, 0]


def test_clicking_the_same_thing_again_is_told_again(stepper, clicks):
    click(stepper, node="w3", n=1)
    click(stepper, node="w3", n=2)
    assert len(clicks) == 2


def test_a_label_is_meant_where_an_input_is_named_like_one():
    stepper = lab.show(lambda w1, v1: w1 * v1, 2.0, 3.0)
    told = []
    stepper.on_click(told.append)
    click(stepper, node="v1")
    assert [node.name for node in told] == ["w1"]


def test_the_step_has_moved_by_the_time_that_the_click_is_told(stepper):
    seen = []
    stepper.on_click(lambda thing: seen.append((thing.id, stepper.step, stepper.current.edge.id)))
    click(stepper, edge="w1->w4", step=4)
    assert seen == [("w1->w4", 4, "w1->w4")]


def test_a_function_is_called_once_and_can_be_taken_back(stepper, clicks):
    stepper.on_click(clicks.append)
    click(stepper, node="w3")
    stepper.on_click(clicks.append, remove=True)
    click(stepper, node="w4", n=2)
    assert [node.label for node in clicks] == ["w3"]


def test_all_functions_are_called_though_one_fails(stepper, caplog):
    told = []

    def fails(_):
        raise KeyError("nothing")

    stepper.on_click(fails)
    stepper.on_click(told.append)
    click(stepper, node="w3")
    assert len(told) == 1
    assert "nothing" in caplog.text


@pytest.mark.parametrize("thing", [{"node": "w99"}, {"edge": "w1->w99"}, {}])
def test_a_click_on_what_is_no_longer_there_is_not_told(thing, stepper, clicks):
    click(stepper, **thing)
    assert clicks == []


def test_after_new_inputs_the_things_are_those_of_the_new_graph(stepper, clicks):
    stepper.set_inputs({"x": 5.0})
    click(stepper, node="w3")
    assert [node.value for node in clicks] == [15.0]


def test_what_is_no_function_is_refused(stepper):
    with pytest.raises(TypeError, match="on_click takes a function, got 'w3'"):
        stepper.on_click("w3")


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_current_thing_of_an_accumulation_is_its_step(mode, stepper):
    stepper.mode = mode
    sweep = list(stepper.graph.reverse() if mode == "reverse" else stepper.graph.forward("x"))
    for number, step in enumerate(sweep, start=1):
        stepper.step = number
        assert isinstance(stepper.current, lab.Step)
        assert (stepper.current.edge, stepper.current.text) == (step.edge, step.text)


def test_the_current_thing_of_an_evaluation_is_a_node(stepper):
    stepper.mode = "evaluation"
    for number, node in enumerate(stepper.graph.nodes, start=1):
        stepper.step = number
        assert stepper.current is node


def test_steps_can_be_observed_and_set(stepper):
    seen = []
    stepper.observe(lambda change: seen.append(change.new), "step")
    stepper.step = 3
    stepper.next()
    stepper.previous()
    assert seen == [3, 4, 3]
    with pytest.raises(ValueError, match=re.escape("step=99 is not one of the choices")):
        stepper.step = 99
