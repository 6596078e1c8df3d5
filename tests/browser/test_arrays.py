"""Arrays in a browser: elements and heat maps appear with their step, say what they are, and move nothing."""

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab

pytestmark = pytest.mark.browser

DRAW = np.random.default_rng(0)
X = DRAW.normal(size=(4, 3)).round(2)
STRENGTHS = "path[class^=h]"


def network(W1, b1, W2, b2):
    return np.sum((np.tanh(X @ W1 + b1) @ W2 + b2) ** 2)


def layers():
    return lab.trace(network, DRAW.normal(size=(3, 2)), np.array([0.1, -0.2]), DRAW.normal(size=(2, 1)), np.array([0.3]))


def softmax():
    def f(x):
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        return np.sum(np.log(e / np.sum(e, axis=1, keepdims=True))[:, 0])

    return lab.trace(f, X)


def large():
    return lab.trace(lambda x, b: np.sum(np.tanh(x + b)), DRAW.normal(size=(64, 64)), DRAW.normal(size=64))


def odd():
    values = DRAW.normal(size=(10, 12))
    return lab.trace(lambda x: np.sum(np.log(x)), values)


def box(lesson, label):
    return lesson.region.locator(f'[data-node="{label}"]')


def places(lesson):
    """Where every box, edge and map is in the picture, to the pixel, and how large it is."""
    return lesson.region.locator("svg.autograd-graph").evaluate(
        """svg => {
          const picture = svg.getBoundingClientRect();
          return [...svg.querySelectorAll(".box, .line, .heat-frame")].map((part) => {
            const r = part.getBoundingClientRect();
            return [r.x - picture.x, r.y - picture.y, r.width, r.height, picture.width, picture.height].map(Math.round);
          });
        }"""
    )


@pytest.mark.parametrize("make", [layers, softmax, large])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_step_over_arrays_moves_a_box(make, mode, opened):
    lesson = opened(make(), mode=mode, parts=["controls", "graph"])
    before = places(lesson)
    for _ in range(12):
        lesson.region.focus()
        lesson.press("ArrowRight")
        assert places(lesson) == before


def test_the_elements_of_an_adjoint_appear_with_its_step(opened):
    graph = layers()
    lesson = opened(graph)
    cells = box(lesson, "w1").locator("text.cell.derived")
    assert set(cells.all_text_contents()) == {""}
    expect(box(lesson, "w1").locator(".brackets.derived")).to_be_hidden()
    lesson.button("Last step").click()
    shown = [float(text) for text in cells.all_text_contents()]
    np.testing.assert_allclose(shown, graph.reverse().result["w1"].ravel(), rtol=1e-3)
    expect(box(lesson, "w1").locator(".brackets.derived")).to_be_visible()
    expect(box(lesson, "w1").locator("[data-slot=derivative]")).to_have_text("∂f/∂w₁")
    lesson.button("First step").click()
    assert set(cells.all_text_contents()) == {""}


def test_a_heat_map_appears_with_its_step_and_has_its_scale_beside_it(opened):
    lesson = opened(large())
    assert box(lesson, "w1").locator(f".primal {STRENGTHS}").count() == 8
    drawn = box(lesson, "w1").locator(f"[data-slot=heat] {STRENGTHS}")
    assert drawn.count() == 0
    lesson.button("Last step").click()
    assert drawn.count() >= 2
    for slot in ("min", "mean", "max"):
        expect(box(lesson, "w1").locator(f"[data-slot={slot}]")).to_contain_text(f"{slot} ")
    expect(box(lesson, "w1").locator("[data-slot=scale]")).to_contain_text("full: ±")
    expect(lesson.region.locator(".notices .legend")).to_contain_text("a bar across marks negative cells")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_not_finite_is_crossed_out_and_counted(opened):
    graph = odd()
    lesson = opened(graph, mode="evaluation")
    lesson.button("Last step").click()
    count = int(np.count_nonzero(np.isnan(graph.node("w2").value)))
    assert box(lesson, "w2").locator("path.odd").get_attribute("d").count("M") == count
    expect(box(lesson, "w2")).to_contain_text(f"{count} not finite")


def test_an_evaluation_shows_no_array_before_its_step(opened):
    lesson = opened(large(), mode="evaluation")
    expect(box(lesson, "w4").locator(".heat.primal")).to_be_hidden()
    lesson.button("Last step").click()
    expect(box(lesson, "w3").locator(".heat.primal")).to_be_visible()


def test_a_box_says_shape_dtype_and_range_and_an_edge_its_map(opened):
    lesson = opened(large())
    label = box(lesson, "w1").get_attribute("aria-label")
    assert "shape (64, 64), float64, minimum -" in label
    assert ", mean " in label
    assert "∂f" not in label
    lesson.button("Last step").click()
    assert "∂f/∂w₁ = minimum " in box(lesson, "w1").get_attribute("aria-label")
    edge = lesson.region.locator('[data-edge="w2->w3"]')
    assert edge.get_attribute("aria-label").endswith("Σ axis 0")
    expect(edge.locator("[data-slot=number]")).to_have_text("Σ axis 0")
    expect(lesson.status).to_contain_text("that broadcasting added: (64, 64) -> (64,)")


@pytest.mark.parametrize("make", [layers, softmax, large, odd])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_every_text_of_an_array_stays_inside_its_box(make, opened):
    lesson = opened(make())
    lesson.button("Last step").click()
    outside = lesson.region.locator("svg.autograd-graph").evaluate(
        """svg => [...svg.querySelectorAll("[data-node]")].flatMap((group) => {
          const box = group.querySelector(".box").getBoundingClientRect();
          return [...group.querySelectorAll("text, .heat path")].filter((part) => {
            const r = part.getBoundingClientRect();
            return r.width && (r.left < box.left || r.right > box.right || r.top < box.top || r.bottom > box.bottom);
          }).map((part) => part.textContent || part.getAttribute("class"));
        })"""
    )
    assert outside == []


def test_small_arrays_stand_in_brackets_in_the_equation(opened):
    lesson = opened(layers())
    lesson.button("Last step").click()
    assert lesson.region.locator(".equation mtable").count() >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_signs_of_a_heat_map_differ_without_colour(scheme, opened):
    """Seen in grey: a cell of full strength has much of ink, and a negative one a bar of paper across."""
    lesson = opened(lab.trace(lambda x: np.sum(x * 2.0), np.array([1.0, -1.0, 0.0, 1.0, -1.0])), scheme=scheme)
    lesson.page.add_style_tag(content="html { filter: grayscale(1) }")
    map_of = box(lesson, "w1").locator(".heat.primal")
    assert map_of.locator("path.strong").get_attribute("d") == "M1 0h1M4 0h1"
    strong, bar = (map_of.locator(f"path.{name}").evaluate("p => getComputedStyle(p).stroke") for name in ("hd", "strong"))
    assert strong != bar
