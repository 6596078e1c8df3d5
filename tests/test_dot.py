"""DOT text: what people get from to_dot(), and the boxes that the layout gets."""

import re

import pytest

from autograd_lab.views.dot import boxes, to_dot
from autograd_lab.views.layout import render
from autograd_lab.views.node_box import size_of
from autograd_lab.views.picture import _ROOM
from autograd_lab.views.reduction import view_of
from autograd_lab.views.view import scopes_of
from tests import graphs

EDGE = re.compile(r"^  (\w+) -> (\w+)$", re.MULTILINE)


@pytest.mark.parametrize("make", graphs.SHAPES.values(), ids=graphs.SHAPES)
def test_dot_has_one_line_an_edge_and_no_other_edges(make):
    graph = make()
    assert EDGE.findall(to_dot(graph)) == [(e.source.label, e.target.label) for e in graph.edges]


def test_dot_of_the_example_reads_as_the_lesson_does():
    text = to_dot(graphs.lesson())
    assert text.startswith("digraph example {\n")
    assert r'w1 [label="w1 = x\n2" style=rounded]' in text
    assert r'w3 [label="w3 = w1*w2\n6"]' in text
    assert r'w5 [label="w5 = w3 + w4\n6.909" peripheries=2]' in text
    assert "{ rank=same; w1; w2 }" in text


def test_parallel_edges_stay_two():
    assert to_dot(graphs.square()).count("w1 -> w2") == 2


def test_a_constant_is_dashed_and_says_why():
    text = to_dot(graphs.cut())
    assert r'constant0 [label="c = 3\nno gradient flows\nrequires_grad=False" style=dashed]' in text
    assert text.count("constant0 ->") == 2


def test_scopes_are_clusters_in_clusters_named_once():
    graph = graphs.cut()
    assert scopes_of(graph) == ("layer1", "layer1/inner", "layer2")
    text = to_dot(graph)
    assert [text.count(f"label={name}]") for name in ("layer1", "inner", "layer2")] == [1, 1, 1]
    assert "subgraph cluster_0 { subgraph cluster_1 {" in text


@pytest.mark.parametrize("name", graphs.HOSTILE, ids=ascii)
def test_any_name_is_valid_dot_and_only_text_in_it(name):
    graph = graphs.named(name, scope=name)
    graph.name = name
    text = to_dot(graph)
    assert "\0" not in text
    text.encode()
    drawn = render(text, "plain")
    assert drawn.count("\nnode ") == len(graph.nodes) + len(graph.constants)
    assert drawn.count("\nedge ") == len(graph.edges) + 1
    assert "<script" not in render(text, "svg")


@pytest.mark.parametrize("name", graphs.HOSTILE, ids=ascii)
def test_the_layout_never_sees_a_name(name):
    assert boxes(view_of(graphs.named(name)), _ROOM, size_of) == boxes(view_of(graphs.named("x")), _ROOM, size_of)
