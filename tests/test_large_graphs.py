"""A stepper over a graph that is too large to be seen whole: what it shows, opens and cuts, and where its step stays."""

import base64
import json
import re
import zlib

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.graph import Node, Step
from autograd_lab.views.page import page
from autograd_lab.views.reduction import view_of, with_room
from tests.graphs import network


@pytest.fixture
def stepper():
    return lab.show(network(layers=6, width=3), limit=60)


def step_of(stepper, box):
    return next(i for i, step in enumerate(stepper.sweep["steps"], 1) if step.get("box") == box)


def edges(current):
    return [step.edge.id for step in (current if isinstance(current, tuple) else (current,)) if step.edge]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_steps_of_boxes_and_edges_are_the_true_sweep_in_its_order(stepper, mode):
    stepper.mode = mode
    seen = [edge for current in every_step(stepper) for edge in edges(current)]
    chosen = stepper.graph.inputs[0] if mode == "forward" else None
    true = stepper.graph.forward(wrt=chosen) if mode == "forward" else stepper.graph.reverse()
    assert seen == [step.edge.id for step in true if step.edge]


def test_what_is_current_is_a_step_a_node_or_all_of_a_box(stepper):
    assert isinstance(stepper.current, Step)
    stepper.step = step_of(stepper, "layer3")
    assert {type(step) for step in stepper.current} == {Step}
    stepper.mode = "evaluation"
    stepper.step = step_of(stepper, "layer3")
    assert {type(node) for node in stepper.current} == {Node}
    assert sum(len(current) if isinstance(current, tuple) else 1 for current in every_step(stepper)) == len(stepper.graph.nodes)


def every_step(stepper):
    for step in range(1, len(stepper.sweep["steps"]) + 1):
        stepper.step = step
        yield stepper.current


def test_opening_the_current_box_goes_to_its_first_edge_and_closing_it_back(stepper):
    stepper.step = step_of(stepper, "layer4")
    whole = edges(stepper.current)
    stepper.opened = ["layer4"]
    assert edges(stepper.current) == whole[:1]
    stepper.opened = []
    assert edges(stepper.current) == whole


def test_opening_another_box_stays_at_the_same_step_of_the_true_sweep(stepper):
    stepper.step = step_of(stepper, "layer2")
    here = edges(stepper.current)
    stepper.opened = ["layer5"]
    assert edges(stepper.current) == here
    assert stepper.step > 20


def test_a_box_tells_what_leaves_it_and_keeps_its_formulas_to_itself(stepper):
    told = stepper.sweep["steps"][step_of(stepper, "layer6") - 1]
    (leaving, *_) = [step for step in stepper.graph.reverse() if step.edge and step.edge.source.scope == "layer5"]
    assert told["sentence"].startswith("layer6: 42 edges; out of it: adjoint of ")
    assert str(leaving.node.label) in told["sentence"] or "more node" in told["sentence"]
    assert (told["count"], told["visited"]) == (42, 42)
    assert "<math" not in told["equation"]


def test_a_shown_node_gets_from_a_box_what_the_sweep_gives_it():
    def f(x, y):
        with lab.scope("hidden"):
            z = x * y + np.sin(x)
        return z * x

    graph = lab.trace(f, 2.0, 3.0)
    told = lab.show(graph, opened=[]).sweep["steps"]
    first, last = [step for step in told if step["kind"] == "box"]
    assert first["received"] == []  # w1 gets a contribution by an edge of its own in between
    totals = {change["node"]: change["total"] for change in last["received"]}
    assert totals == {"w1": f"{graph.reverse().result['w1']:.4g}"}  # w2 is only read inside, and belongs to the box
    assert [step["node"] for step in told if step["kind"] != "box"] == ["w6", "w1"]
    assert last["sentence"].startswith("hidden: 5 edges (part 2 of 2); out of it: adjoint of w1 (x) ")


def test_the_transcript_and_the_listing_of_a_large_graph_stay_short():
    stepper = lab.show(network())
    assert len(stepper.transcript.splitlines()) == len(stepper.sweep["steps"]) < 200
    data, _ = stepper._repr_mimebundle_()
    assert sum(len(text) for text in data.values() if isinstance(text, str)) < 300_000


@pytest.mark.parametrize("scoped", [True, False])
def test_ten_thousand_nodes_make_a_small_story(scoped):
    graph = network(scoped=scoped)
    assert len(graph.nodes) > 9_900
    stepper = lab.show(graph)
    assert len(json.dumps([stepper.storyboard, stepper.sweep])) < 400_000
    assert len(stepper.storyboard["nodes"]) + len(stepper.storyboard["boxes"]) < 400
    assert sum(step.get("count", 1) for step in stepper.sweep["steps"]) == len(graph.reverse())


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("opened", ["nowhere"], "opened='nowhere' is not one of the choices: 'layer1'"),
        ("focus", "w9999", "node='w9999' is not one of the choices"),
        ("depth", [1, -1], "is not a number of steps"),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_changes(stepper, name, value, says):
    before = stepper.storyboard
    with pytest.raises(ValueError, match=says):
        setattr(stepper, name, value)
    assert stepper.storyboard is before


def test_a_cut_goes_where_it_is_put_and_reaches_as_far_as_asked(stepper):
    stepper.opened, stepper.focus, stepper.depth = ["layer3"], "w137", [1, 1]
    assert (stepper.storyboard["focus"], stepper.storyboard["depth"]) == ("w137", [1, 1])
    assert "w137" in [node["label"] for node in stepper.storyboard["nodes"]]
    stepper.focus, stepper.depth = "", []
    assert stepper.storyboard["focus"] is None


def test_new_inputs_keep_what_is_open():
    def f(x, y):
        with lab.scope("s"):
            z = np.sin(x)
        return z * y * x

    stepper = lab.show(f, 1.0, 2.0, opened=[])
    stepper.set_inputs({"x": 3.0})
    assert stepper.opened == []
    assert [box["key"] for box in stepper.storyboard["boxes"]] == ["s"]


def test_another_branch_forgets_what_was_open():
    def f(x, y):
        with lab.scope("up" if x > 0 else "down"):
            z = np.sin(x) * y
        return z * x

    stepper = lab.show(f, 1.0, 2.0, opened=["up"])
    stepper.set_inputs({"x": -1.0})
    assert stepper.opened == ["down"]


@pytest.mark.parametrize(("limit", "kept"), [(150, (1, 2, 3)), (75, (2, 3)), (45, (3,)), (10, (3,))])
def test_scopes_opened_first_make_room_for_the_one_opened_last(limit, kept):
    opened = with_room(network(layers=6, width=3), ["layer1", "layer2", "layer3"], limit)
    assert opened == tuple(f"layer{number}" for number in kept)


def test_an_exported_page_holds_what_is_open_and_says_that_boxes_stay_closed():
    graph = network(layers=6, width=3)
    text = page(graph, view=view_of(graph, opened=["layer2"], limit=60))
    (saved,) = re.findall(r'id="saved">([^<]*)<', text)
    story = json.loads(zlib.decompress(base64.b64decode(saved)))["storyboard"]
    assert (story["opened"], story["openable"]) == (["layer2"], False)
    assert "nodes are shown, the others stand in boxes" in story["notices"][0]
    assert story["notices"][1].startswith("On this page boxes stay closed")
