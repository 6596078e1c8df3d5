"""What a picture shows of a graph: nothing is lost, and the steps keep the order of the true sweep."""

from contextlib import ExitStack
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lab as lab
from autograd_lab.views.grouping import grouped, part_at, parts_of
from autograd_lab.views.reduction import fits, size, view_of
from autograd_lab.views.view import AFTER, BEFORE, BESIDE, Box, name_of, scopes_of
from tests.graphs import lesson, network

SCOPES = ("", "a", "b", "a/c", "a/d", "b/c/e")


@st.composite
def programs(draw):
    """A graph of random operations, each in one of a few scopes; scopes come back, as in a recurrent network."""
    inputs = draw(st.integers(1, 4))
    lines = draw(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from(SCOPES)), min_size=1, max_size=24))

    def f(*values):
        made = list(values)
        for one, other, scope in lines:
            with ExitStack() as stack:
                for name in filter(None, scope.split("/")):
                    stack.enter_context(lab.scope(name))
                made.append(made[one % len(made)] * made[other % len(made)] + 0.5)
        return sum(made[-3:])

    return lab.trace(f, *(1.0 + 0.1 * k for k in range(inputs)))


def openings(graph):
    return st.lists(st.sampled_from(scopes_of(graph)), unique=True) if scopes_of(graph) else st.just([])


@st.composite
def views(draw):
    graph = draw(programs())
    opened = draw(st.none() | openings(graph))
    focus = draw(st.none() | st.sampled_from(graph.nodes))
    depth = draw(st.none() | st.integers(0, 5) | st.tuples(st.integers(0, 3), st.integers(0, 3)))
    return view_of(graph, limit=draw(st.integers(4, 60)), opened=opened, focus=focus, depth=depth)


@given(views())
def test_each_node_is_shown_or_in_exactly_one_box(view):
    everywhere = [*view.nodes, *(node for box in view.boxes for node in box.members)]
    assert sorted(node.label for node in everywhere) == sorted(node.label for node in view.graph.nodes)
    for box in view.boxes:
        assert all(view.box_of(node) is box for node in box.members)
        assert box.inputs + box.operations == len(box.members) > 0
    assert all(view.box_of(node) is None for node in view.nodes)


@given(views())
def test_each_edge_is_shown_or_counted_once(view):
    linked = [edge.id for link in view.links for edge in link.edges]
    shown = [edge.id for edge in view.edges]
    assert not set(shown) & set(linked)
    assert len(set(linked)) == len(linked)
    assert len(shown) + len(linked) + sum(box.inside for box in view.boxes) == len(view.graph.edges)
    assert len(shown) + sum(box.edges for box in view.boxes) == len(view.graph.edges)
    for link in view.links:
        assert all((view.place(e.source), view.place(e.target)) == (link.source, link.target) for e in link.edges)
    assert len({link.id for link in view.links}) == len(view.links)


@given(views(), st.sampled_from(["forward", "reverse"]))
def test_the_parts_are_the_true_sweep_cut_into_runs(view, mode):
    sweep = view.graph.forward(wrt=view.graph.inputs[0]) if mode == "forward" else view.graph.reverse()
    parts = parts_of(view, sweep)
    covered = [number for part in parts for number in range(part.first, part.last + 1)]
    assert covered == list(range(1, len(sweep) + 1))
    for part in parts:
        steps = sweep[part.first - 1 : part.last]
        if part.box is None:
            assert part.count == 1
            assert steps[0].edge is None or (steps[0].edge.source in view.nodes and steps[0].edge.target in view.nodes)
        else:
            assert {view.owner(step.edge) for step in steps} == {part.box}
            assert 1 <= part.number <= part.parts
    assert all(one.box is None or one.box is not other.box for one, other in pairwise(parts))
    for box in view.boxes:
        own = [part for part in parts if part.box is box]
        assert [part.number for part in own] == list(range(1, len(own) + 1))
        if own:
            assert own[-1].visited == own[-1].of == sum(part.count for part in own)
            assert own[-1].of <= box.edges
    for number in range(1, len(sweep) + 1):
        part = parts[part_at(parts, number) - 1]
        assert part.first <= number <= part.last


@given(programs(), st.integers(3, 40))
def test_a_view_keeps_to_the_limit_by_itself(graph, limit):
    view = view_of(graph, limit=limit)
    assert size(view)[0] <= max(limit, 4)
    assert view.whole == fits(view_of(graph, limit=10**6), limit)


@given(programs(), st.data())
def test_the_same_graph_is_reduced_alike(graph, data):
    opened = data.draw(openings(graph))
    one, other = (view_of(graph, opened=opened, limit=12) for _ in range(2))
    assert [name_of(place) for place in (*one.nodes, *one.boxes)] == [name_of(place) for place in (*other.nodes, *other.boxes)]
    assert [link.id for link in one.links] == [link.id for link in other.links]


def test_a_small_graph_is_shown_whole_with_its_scopes_open():
    view = view_of(network(layers=2, width=2))
    assert view.whole
    assert view.opened == ("layer1", "layer2")
    assert (view.boxes, view.links, view.focus) == ((), (), None)


def test_above_the_limit_scopes_are_closed_and_their_parameters_go_with_them():
    graph = network(layers=4, width=3)
    view = view_of(graph, limit=40)
    assert [(box.key, box.operations, box.inputs) for box in view.boxes] == [
        ("layer1", 21, 12 + 3),  # and the three that the network is given
        *((f"layer{k}", 21, 12) for k in (2, 3, 4)),
    ]
    assert all(node.op == "add" and node.scope == "" for node in view.nodes)
    assert {link.id: len(link.edges) for link in view.links if "layer2" in link.id} == {
        "layer1->layer2": 9, "layer2->layer3": 9
    }  # fmt: skip


def test_outer_scopes_are_open_as_long_as_all_of_their_level_fit():
    def f(x):
        for block in "ab":
            with lab.scope(block):
                for part in "cd":
                    with lab.scope(part):
                        for _ in range(9):
                            x = np.sin(x)
        return x

    view = view_of(lab.trace(f, 1.0), limit=20)
    assert view.opened == ("a", "b")
    assert [box.key for box in view.boxes] == ["a/c", "a/d", "b/c", "b/d"]
    assert view.scopes == ("a", "b")


def test_a_scope_can_be_opened_and_what_is_open_inside_a_closed_one_is_not_seen():
    graph = network(layers=3, width=2)
    view = view_of(graph, opened=["layer2"])
    assert [box.key for box in view.boxes] == ["layer1", "layer3"]
    assert {view.home(node) for node in view.nodes} == {"", "layer2"}
    assert sum(view.home(node) == "layer2" for node in view.nodes) == 10 + 6


@pytest.mark.parametrize(
    ("depth", "shown", "boxes"),
    [
        (2, ["w10", "w11", "w12"], {BEFORE: 9, AFTER: 9}),
        ((0, 2), ["w12", "w13", "w14"], {BEFORE: 11, AFTER: 7}),
        ((1, 1), ["w11", "w12", "w13"], {BEFORE: 10, AFTER: 8}),
        (0, ["w12"], {BEFORE: 11, AFTER: 9}),
        (100, [f"w{k}" for k in range(1, 13)], {AFTER: 9}),
    ],
)
def test_a_cut_shows_what_is_within_reach_of_the_focus(depth, shown, boxes):
    def f(x):
        for _ in range(20):
            x = np.sin(x)
        return x

    view = view_of(lab.trace(f, 1.0), focus="w12", depth=depth)
    assert [node.label for node in view.nodes] == shown
    assert {box.key: len(box.members) for box in view.boxes} == boxes


def test_what_neither_leads_to_the_focus_nor_depends_on_it_lies_beside_the_cut():
    view = view_of(lesson(), focus="w3", depth=0)
    assert {box.key: [node.label for node in box.members] for box in view.boxes} == {
        BEFORE: ["w1", "w2"], BESIDE: ["w4"], AFTER: ["w5"]
    }  # fmt: skip


def test_one_layer_of_a_hundred_can_be_opened_among_the_others():
    view = view_of(network(), opened=["layer50"])
    assert view.focus is None
    assert len(view.boxes) == 116
    assert sum(view.home(node) == "layer50" for node in view.nodes) == 85


def test_a_large_graph_without_scopes_is_cut_around_its_output():
    graph = network(layers=12, width=4, scoped=False)
    view = view_of(graph)
    assert view.focus is graph.outputs[0]
    assert view.focus in view.nodes
    assert [box.key for box in view.boxes] == [BEFORE]
    assert 20 < len(view.nodes) <= 60


def test_a_scope_that_is_too_large_is_cut_around_its_last_node():
    def f(x):
        with lab.scope("long"):
            for _ in range(500):
                x = np.sin(x)
        return np.exp(x)

    graph = lab.trace(f, 1.0)
    assert [box.key for box in view_of(graph).boxes] == ["long"]
    opened = view_of(graph, opened=["long"])
    assert opened.focus.label == "w501"
    assert opened.focus in opened.nodes


def test_a_node_with_more_operands_than_there_is_room_for_shows_the_nearest():
    graph = lab.trace(lambda *xs: np.sum(np.stack([np.sin(x) for x in xs])), *(0.1 * k for k in range(50)))
    view = view_of(graph, limit=20)
    assert len(view.nodes) + len(view.boxes) <= 20
    assert sum(len(box.members) for box in view.boxes) == len(graph.nodes) - len(view.nodes)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"opened": ["nowhere"]}, r"opened='nowhere' is not one of the choices: 'layer1', 'layer2'"),
        ({"focus": "w999"}, r"node='w999' is not one of the choices"),
        ({"depth": -1}, r"depth=-1 is not a number of steps"),
        ({"depth": (1, 2, 3)}, r"depth=\(1, 2, 3\) is not a number of steps"),
        ({"depth": True}, r"depth=True is not a number of steps"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(options, says):
    with pytest.raises(ValueError, match=says):
        view_of(network(layers=2, width=2), **options)


def test_runs_are_as_long_as_can_be():
    one, other = (Box(key, (), 0, 0, 0) for key in ("one", "other"))
    parts = grouped([None, one, one, other, one, None, None, other])
    assert [(p.first, p.last, p.box and p.box.key, p.number, p.parts, p.visited, p.of) for p in parts] == [
        (1, 1, None, 1, 1, 0, 0),
        (2, 3, "one", 1, 2, 2, 3),
        (4, 4, "other", 1, 2, 1, 2),
        (5, 5, "one", 2, 2, 3, 3),
        (6, 6, None, 1, 1, 0, 0),
        (7, 7, None, 1, 1, 0, 0),
        (8, 8, "other", 2, 2, 2, 2),
    ]
