"""The picture: its structure, that nothing overlaps, that names stay text, and that the same graph gives the same bytes."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.explain.text import elide
from autograd_lab.views import layout, picture
from autograd_lab.views.picture import svg
from autograd_lab.views.reduction import view_of
from tests import graphs

SVG = "{http://www.w3.org/2000/svg}"
CODE_FONT = 7.9  # px: the widest common monospaced character at 13 px


@pytest.fixture(autouse=True)
def _embedded(monkeypatch):
    monkeypatch.delenv(layout.VARIABLE, raising=False)


def parsed(text):
    return ET.fromstring(text)  # noqa: S314  our own output: that it parses is the point


def groups(root, kind):
    return [g for g in root.iter(f"{SVG}g") if kind in g.get("class", "").split()]


def texts(group):
    return ["".join(t.itertext()) for t in group.iter(f"{SVG}text")]


def rectangle(group):
    box = group.find(f".//{SVG}rect")
    x, y, width, height = (float(box.get(key)) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def label_rooms(root):
    """The rectangles that the two slots of an edge may fill."""
    rooms = []
    for group in groups(root, "edge"):
        upper, lower = group.findall(f"{SVG}text")
        x, half = float(upper.get("x")), picture.LOCAL_COLUMNS * CODE_FONT / 2
        rooms.append((x - half, float(upper.get("y")) - 10, x + half, float(lower.get("y")) + 3))
    return rooms


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.fixture(params=graphs.SHAPES, name="drawn")
def _drawn(request):
    graph = graphs.SHAPES[request.param]()
    return graph, parsed(svg(graph, standalone=False))


def test_every_node_and_edge_is_there_once_and_marked(drawn):
    graph, root = drawn
    assert [g.get("data-node") for g in groups(root, "node")] == [node.label for node in graph.nodes]
    assert [g.get("data-edge") for g in groups(root, "edge")] == [edge.id for edge in graph.edges]
    assert len(groups(root, "constant")) == len(graph.constants)


def test_every_slot_is_there_and_empty(drawn):
    _, root = drawn
    for kind, slots in (("node", ["derivative", "arrived"]), ("edge", ["local", "number"])):
        for group in groups(root, kind):
            found = [t for t in group.iter(f"{SVG}text") if t.get("data-slot")]
            assert [t.get("data-slot") for t in found] == slots
            assert not any(t.text for t in found)


def test_no_box_or_label_room_overlaps_another_and_all_lie_inside(drawn):
    _, root = drawn
    placed = [rectangle(g) for kind in ("node", "constant") for g in groups(root, kind)] + label_rooms(root)
    for i, one in enumerate(placed):
        assert not any(overlap(one, other) for other in placed[i + 1 :])
    width, height = float(root.get("width")), float(root.get("height"))
    shift = picture._MARGIN
    assert all(0 <= x + shift <= right + shift <= width for x, _, right, _ in placed)
    assert all(0 <= y + shift <= bottom + shift <= height for _, y, _, bottom in placed)


def test_computation_runs_from_left_to_right(drawn):
    graph, root = drawn
    left = {g.get("data-node"): rectangle(g)[0] for g in groups(root, "node")}
    assert all(left[edge.source.label] < left[edge.target.label] for edge in graph.edges)


def test_inputs_stand_in_one_column_in_order(drawn):
    graph, root = drawn
    corners = [rectangle(g)[:2] for g in groups(root, "input")]
    assert len({x for x, _ in corners}) == 1
    assert [y for _, y in corners] == sorted(y for _, y in corners)
    assert len(corners) == len(graph.inputs)


def test_numbers_have_two_decimals_and_no_minus_before_zero(drawn):
    _, root = drawn
    for element in root.iter():
        for key in ("x", "y", "width", "height", "d", "points", "viewBox", "rx"):
            for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", element.get(key, "")):
                assert re.fullmatch(r"-?\d+(\.\d{1,2})?", number)
                assert number != "-0"


def test_the_example_shows_its_formulas_and_primals():
    root = parsed(svg(graphs.lesson()))
    assert [texts(g) for g in groups(root, "node")] == [
        ["w₁ = x", "2", "", ""],
        ["w₂ = y", "3", "", ""],
        ["w₃ = w₁*w₂", "6", "", ""],
        ["w₄ = sin(w₁)", "0.9093", "", ""],
        ["w₅ = w₃ + w₄", "6.909", "", ""],
    ]
    assert [g.get("class") for g in groups(root, "node")] == ["node input"] * 2 + ["node operation"] * 2 + [
        "node operation output"
    ]


def test_parallel_edges_are_two_lines_with_two_places_for_labels():
    first, second = groups(parsed(svg(graphs.square())), "edge")
    assert (first.get("data-edge"), second.get("data-edge")) == ("w1->w2", "w1->w2#1")
    assert first.find(f"{SVG}path").get("d") != second.find(f"{SVG}path").get("d")


def test_an_input_that_is_returned_is_both():
    root = parsed(svg(lab.trace(lambda x: (x, x * 2), 1.0)))
    assert groups(root, "input") == groups(root, "node")[:1]
    assert len(groups(root, "output")) == 2


def test_a_cut_says_that_no_gradient_flows_and_why_and_is_no_node():
    first, second = groups(parsed(svg(graphs.cut())), "constant")
    assert texts(first) == ["c = 3", "no gradient flows", "requires_grad=False"]
    assert texts(second) == ["0.9093", "no gradient flows", "detach"]
    assert [len([p for p in g.iter(f"{SVG}path") if p.get("class") == "cut"]) for g in (first, second)] == [2, 1]
    assert [e.get("data-feeds") for g in (first, second) for e in g.iter() if e.get("data-feeds")] == [
        "w3",
        "w7",
        "w3 w7",
        "w4",
        "w4",
    ]
    assert not any(key in ("data-node", "data-edge") for g in (first, second) for e in g.iter() for key in e.keys())  # noqa: SIM118


def test_a_scope_is_a_frame_around_its_nodes():
    graph = graphs.cut()
    root = parsed(svg(graph))
    outer, inner, _ = groups(root, "scope")
    assert [texts(g) for g in groups(root, "scope")] == [["layer1"], ["inner"], ["layer2"]]
    boxes = {g.get("data-node"): rectangle(g) for g in groups(root, "node")}
    for frame, scope in ((outer, "layer1"), (inner, "layer1/inner")):
        left, top, right, bottom = rectangle(frame)
        for node in graph.nodes:
            x0, y0, x1, y1 = boxes[node.label]
            inside = left <= x0 <= x1 <= right and top <= y0 <= y1 <= bottom
            assert inside == (f"{node.scope}/".startswith(f"{scope}/"))


@pytest.mark.parametrize("standalone", [True, False])
@pytest.mark.parametrize("name", graphs.HOSTILE, ids=ascii)
def test_any_name_is_text_in_valid_xml(name, standalone):
    graph = graphs.named(name, scope=name)
    graph.name = name
    text = svg(graph, standalone=standalone)
    text.encode()
    root = parsed(text)
    kinds = {"svg", "g", "rect", "path", "polygon", "text"} | ({"style"} if standalone else set())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == kinds
    assert {key for e in root.iter() for key in e.keys() if key.startswith("on") or key in ("id", "href")} == set()  # noqa: SIM118
    label = texts(groups(root, "input")[0])[0]
    assert label.startswith("w₁")
    assert label == elide(label, picture.LABEL_COLUMNS + 1)  # 1: the end of a right-to-left name has no width
    assert label.count("\u2068") == label.count("\u2069")
    assert "\u202e" not in text


def test_names_move_nothing():
    def places(name):
        text = re.sub(r">[^<]*<", "><", svg(graphs.named(name), standalone=False))
        return re.sub(r'aria-label="[^"]*"', "", text)

    assert len({places(name) for name in graphs.HOSTILE}) == 1


def test_values_move_nothing():
    def places(x, y):
        return re.sub(r">[^<]*<", "><", svg(lab.trace(graphs.example, x, y), standalone=False))

    assert places(2.0, 3.0) == places(-1.2345678e-300, float("nan")) == places(1e300, float("inf"))


def test_a_standalone_picture_has_its_style_and_the_inline_one_has_not():
    alone, inline = svg(graphs.lesson()), svg(graphs.lesson(), standalone=False)
    assert alone.count("<style>") == 1
    assert "<style" not in inline
    assert "light dark" in alone
    assert parsed(alone).get("role") == "img"
    assert parsed(inline).get("role") == "group"
    assert parsed(inline).get("aria-label") == "Computation graph of example"


def test_nothing_is_loaded_from_anywhere():
    text = svg(graphs.cut())
    assert set(re.findall(r"https?://[^\s\"'<]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in text
    assert "@import" not in text


def test_a_chain_above_the_limit_is_cut_and_drawn_whole_where_the_limit_is_larger():
    graph = graphs.chain(picture.NODE_LIMIT)
    cut = parsed(svg(graph))
    assert len(groups(cut, "node")) < 100
    assert [texts(g) for g in groups(cut, "many")] == [["before w401", "340 operations", "1 input", ""]]
    assert len(groups(parsed(svg(graph, limit=401)), "node")) == 401


def test_a_graph_of_few_nodes_and_many_edges_is_cut_too():
    root = parsed(svg(lab.trace(lambda x: np.sum(np.stack([x] * 900)), 1.0)))
    assert [g.get("data-link") for g in groups(root, "link")] == ["/before->w2"]
    assert texts(groups(root, "link")[0]) == ["×900"]


def test_a_tangle_is_cut_at_once():
    def f(x):
        total = x
        for _ in range(200):
            total = total + x
        return total

    assert len(groups(parsed(svg(lab.trace(f, 1.0))), "node")) < 60


def test_a_closed_scope_is_a_box_that_says_what_it_holds():
    root = parsed(svg(graphs.network(layers=3, width=2), view=view_of(graphs.network(layers=3, width=2), opened=["layer2"])))
    assert [(g.get("data-scope"), texts(g)) for g in groups(root, "many")] == [
        ("layer1", ["layer1", "10 operations", "8 inputs", ""]),
        ("layer3", ["layer3", "10 operations", "6 inputs", ""]),
    ]
    assert [g.get("data-frame") for g in groups(root, "scope")] == ["layer2"]


@pytest.mark.parametrize(
    "options", [{"opened": ["layer2"]}, {"opened": []}, {"focus": "w40", "depth": (2, 1)}, {"focus": "w40", "depth": 0}]
)
def test_nothing_overlaps_in_a_reduced_picture(options):
    graph = graphs.network(layers=4, width=2)
    view = view_of(graph, **options)
    root = parsed(svg(graph, view=view, standalone=False))
    assert [g.get("data-node") for g in groups(root, "node")] == [node.label for node in view.nodes]
    assert [g.get("data-edge") for g in groups(root, "edge")] == [edge.id for edge in view.edges]
    assert [g.get("data-scope") for g in groups(root, "many")] == [box.key for box in view.boxes]
    assert [g.get("data-link") for g in groups(root, "link")] == [link.id for link in view.links]
    placed = [rectangle(g) for kind in ("node", "many") for g in groups(root, kind)] + label_rooms(root)
    for i, one in enumerate(placed):
        assert not any(overlap(one, other) for other in placed[i + 1 :])


@pytest.mark.parametrize("name", graphs.HOSTILE, ids=ascii)
def test_any_name_of_a_scope_is_text_on_its_box(name):
    graph = graphs.named("x", scope=name)
    (group,) = groups(parsed(svg(graph, view=view_of(graph, opened=[]))), "many")
    assert len(texts(group)) == 4
    assert not [element.tag for element in group.iter() if element.tag.endswith(("script", "}b"))]


def test_the_largest_graph_that_is_drawn_is_drawn():
    root = parsed(svg(graphs.layered(inputs=40, nodes=picture.NODE_LIMIT), standalone=False))
    assert len(groups(root, "node")) == picture.NODE_LIMIT


def test_long_formulas_are_elided_and_stay_in_their_box():
    graph = lab.trace(lambda a, b, c: np.stack([a, b, c, a, b, c]), 1.0, 2.0, 3.0)
    label = texts(groups(parsed(svg(graph)), "output")[0])[0]
    assert label.endswith("…")
    assert len(label) <= picture.LABEL_COLUMNS
    assert picture._ROOM.node[0] >= picture.LABEL_COLUMNS * CODE_FONT


@pytest.mark.parametrize("make", graphs.SHAPES)
def test_the_same_graph_gives_the_same_bytes_in_every_process(make):
    code = f"from tests import graphs; g = graphs.{make}(); print(g.to_svg(), g.to_dot(), end='')"
    printed = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout.decode()
        for seed in ("1", "2")
    ]
    graph = graphs.SHAPES[make]()
    assert printed == [graph.to_svg() + " " + graph.to_dot()] * 2
