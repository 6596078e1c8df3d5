"""The boxes of arrays: what stands in them, that their size comes from the shape alone, and what a step writes into them."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.views import storyboard
from autograd_lab.views.node_box import filled, form, told
from autograd_lab.views.picture import svg
from autograd_lab.views.texts import texts

SVG = "{http://www.w3.org/2000/svg}"
WORDS = texts()


def boxes(graph):
    """The group of each node."""
    root = ET.fromstring(svg(graph, standalone=False))  # noqa: S314 - our own output
    return {g.get("data-node"): g for g in root.iter(f"{SVG}g") if g.get("data-node")}


def words(group):
    return [t.text for t in group.iter(f"{SVG}text") if t.text]


def of(value, function=lambda x: x * 2.0):
    return lab.trace(function, value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.array([[1.5, -2.0], [0.0, 1e-9]]), ["w₁ = x", "(2, 2) float64", "1.5", "-2", "0", "1e-09"]),
        (np.array([1.0, np.nan, -np.inf], np.float32), ["w₁ = x", "(3,) float32", "1", "nan", "-inf"]),
        (np.arange(5.0), ["w₁ = x", "(5,) float64", "min 0", "mean 2", "max 4", "full: ±4"]),
        (np.full((2, 3, 3), 2.0), ["w₁ = x", "(2, 3, 3) float64", "min 2", "mean 2", "max 2", "full: ±2", "first slice"]),
        (np.ones((40, 40)), ["w₁ = x", "(40, 40) float64", "min 1", "mean 1", "max 1", "full: ±1", "cell: 3×3"]),
        (np.array([1.0, np.nan, 1, 1, 1]), ["w₁ = x", "(5,) float64", "min 1", "mean 1", "max 1", "full: ±1", "1 not finite"]),
        (np.zeros((0, 3)), ["w₁ = x", "(0, 3) float64", "empty"]),
    ],
)
def test_a_box_shows_shape_and_dtype_and_the_elements_or_what_sums_them_up(value, shown):
    assert words(boxes(of(value))["w1"]) == shown


def test_a_scalar_box_shows_neither_shape_nor_dtype_and_keeps_its_size():
    group = boxes(lab.trace(lambda x, s: np.sum(x) * s, np.ones((64, 64)), 2.0))["w2"]
    rect = group.find(f"{SVG}rect")
    assert (rect.get("width"), rect.get("height")) == ("188", "88")
    assert words(group) == ["w₂ = s", "2"]
    assert form(()) is None


@pytest.mark.parametrize("shape", [(2, 2), (3,), (4, 4), (5,), (6, 8), (64, 64), (1000,), (2, 5, 6), (0, 3)])
def test_values_move_nothing_in_an_array(shape):
    def places(value):
        text = re.sub(r'<path class="(h\w|weak|strong|odd)" d="[^"]*"/>', "", svg(of(value), standalone=False))
        return re.sub(r">[^<]*<", "><", text)

    size = int(np.prod(shape))
    first, second = np.linspace(-1, 1, size).reshape(shape), np.full(shape, -1.234567e-300)
    assert places(first) == places(second)


@pytest.mark.parametrize("shape", [(2, 2), (4, 4), (3,), (5,), (16, 16), (64, 64), (1000,), (2, 5, 6), (3, 1), (1, 9)])
def test_everything_lies_inside_the_box(shape):
    group = boxes(of(np.full(shape, -1.2345e-100)))["w1"]
    rect = group.find(f"{SVG}rect")
    x, y, width, height = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
    for text in group.iter(f"{SVG}text"):
        room = {"cell": 10 * 7.3, "stat": 16 * 7.3}.get(text.get("class").split()[0], 22 * 7.9)
        left = float(text.get("x")) - (room / 2 if text.get("text-anchor") == "middle" else 0)
        assert x <= left <= left + room <= x + width
        assert y + 10 <= float(text.get("y")) <= y + height - 4
    for frame in group.findall(f"{SVG}rect")[1:]:
        assert x < float(frame.get("x"))
        assert float(frame.get("x")) + float(frame.get("width")) < x + width
        assert y < float(frame.get("y"))
        assert float(frame.get("y")) + float(frame.get("height")) < y + height


def test_the_room_of_a_derivative_is_there_and_empty():
    slots = [e for e in boxes(of(np.ones((2, 3))))["w1"].iter() if e.get("data-slot")]
    assert [e.get("data-slot") for e in slots] == ["derivative", *(f"cell{i}" for i in range(6)), "arrived"]
    slots += [e for e in boxes(of(np.ones((5, 5))))["w1"].iter() if e.get("data-slot")]
    assert {"heat", "min", "mean", "max", "scale", "odd"} <= {e.get("data-slot") for e in slots}
    assert not any(e.text or len(e) for e in slots)


def test_a_step_tells_the_total_in_few_characters():
    graph = lab.trace(lambda x, y: np.sum(x * 3.0) + np.sum(y), np.ones((64, 64)), np.ones(2))
    steps = storyboard.sweep(graph, "reverse", graph.outputs[0].label)["steps"]
    large = next(step["array"] for step in steps if step["node"] == "w1")
    small = next(step["array"] for step in steps if step["node"] == "w2")
    assert large == {"heat": "4" * 256, "stats": ["3", "3", "3", "3", ""]}
    assert small == {"cells": ["1", "1"]}
    assert "array" not in steps[0]
    assert told(np.zeros((0, 3))) is None


def test_what_a_step_tells_fills_slots_that_are_in_the_box():
    for value in (np.ones((3, 2)), np.ones((9, 9)), np.array([1.0, np.nan] * 4)):
        slots = {e.get("data-slot") for e in boxes(of(value))["w1"].iter()}
        assert {name for name, _ in filled(told(value), WORDS)} <= slots
    assert filled(None, WORDS) == []


def test_a_legend_says_what_a_heat_map_means_only_where_there_is_one():
    assert storyboard.story(of(np.ones((9, 9))))["legend"] == WORDS["heatLegend"]
    assert "legend" not in storyboard.story(of(np.ones((2, 2))))


def test_a_file_has_the_style_of_arrays_only_where_there_are_some():
    assert ".heat" in svg(of(np.ones((9, 9))))
    assert ".heat" not in svg(of(2.0))


@pytest.mark.parametrize("shape", [(2, 2), (6, 6)])
def test_an_edge_of_arrays_says_its_map_and_what_becomes_of_the_shape(shape):
    graph = lab.trace(lambda x, b: np.sum(x.T + b, axis=0), np.ones(shape), np.ones(shape[0]))
    steps = storyboard.sweep(graph, "reverse", f"{graph.outputs[0].label}[0]")["steps"]
    told_of = {step["edge"]: step["local"] for step in steps}
    assert told_of["w1->w3"] == {"text": "transpose", "number": ""}
    assert told_of["w2->w4"] == {"text": "1", "number": "", "change": "Σ axis 0"}
    assert told_of["w4->w5"]["text"] == "spread"
    assert told_of["w4->w5"]["change"] == f"({shape[0]},)→({shape[0]},{shape[1]})"
