"""What is seen at each step: nothing too early, nothing that moves, nothing that only colour tells apart."""

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.views import storyboard
from autograd_lab.views.choices import key_of
from tests.browser.conftest import example

pytestmark = pytest.mark.browser

BOXES = """region => [...region.querySelectorAll("[data-node], [data-node] rect")].map(e => {
    const { x, y, width, height } = e.getBoundingClientRect();
    return [x, y, width, height];
})"""
# Everything that can be read or heard: text, labels, titles, values.
SAID = """region => [region.innerText, ...[...region.querySelectorAll("*")].flatMap(e => [
    e.getAttribute("aria-label"), e.getAttribute("aria-valuetext"), e.getAttribute("title"),
    e instanceof SVGTextElement ? e.textContent : null])].filter(Boolean).join("\\n")"""


def irrational(x, y):
    """Every tangent and adjoint of it is a number of its own, so that finding one too early is no accident."""
    return np.exp(x * y) * np.sin(x) + np.log(y)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_no_tangent_or_adjoint_is_seen_or_heard_before_its_step(mode, opened):
    graph = lab.trace(irrational, 0.7, 1.3)
    lesson = opened(graph, mode=mode)
    lesson.region.focus()
    steps = storyboard.sweep(graph, mode, key_of(graph, mode, None))["steps"]
    fresh = set()
    for shown in range(len(steps)):
        said = lesson.region.evaluate(SAID)
        known = [steps[k][what] for k in range(shown + 1) for what in ("total", "contribution", "incoming", "before")]
        known += [(step["local"] or {}).get("number") for step in steps[: shown + 1]]
        known += [node["primal"] for node in storyboard.story(graph)["nodes"]]
        for later in steps[shown + 1 :]:
            if len(later["total"]) > 3 and later["total"] not in known:
                fresh.add(later["total"])
                assert later["total"] not in said
        assert steps[shown]["total"] in said
        lesson.press("ArrowRight")
    assert len(fresh) >= 3


@pytest.mark.parametrize("place", ["page", "full screen", "narrow"])
def test_boxes_keep_their_place_to_the_pixel(place, opened):
    lesson = opened(example(), width=480 if place == "narrow" else 1300, height=900)
    if place == "full screen":
        lesson.button("Full screen").click()
        expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")
        lesson.page.wait_for_timeout(300)
    places = []
    for mode in ("reverse", "forward"):
        lesson.choose(mode)
        for _ in range(6):
            if place == "narrow":
                lesson.region.locator(".picture").evaluate("box => { box.scrollLeft = 0; }")
            places.append(lesson.region.evaluate(BOXES))
            lesson.press("ArrowRight")
    assert all(there == places[0] for there in places)


def test_waiting_partial_and_complete_differ_without_colour(lesson):
    """By outline (whether it is there, and its dashes) and by words."""
    lesson.region.focus()
    looks = []
    for step in (3, 4, 6):  # w1 has none of its contributions, one, and both, and is not current at the last
        lesson.press("Home", *["ArrowRight"] * (step - 1))
        looks.append(
            lesson.region.locator('[data-node="w1"]').evaluate(
                """node => {
                    const drawn = [...node.querySelectorAll(".state-ring, .current-ring")].map(e => getComputedStyle(e));
                    const ring = drawn.find(s => s.stroke !== "none" && !/rgba\\(.* 0\\)/.test(s.stroke));
                    return [ring?.strokeDasharray ?? "no ring", node.querySelector("[data-slot=arrived]").textContent];
                }"""
            )
        )
    (waiting, nothing), (partial, counted), (complete, done) = looks
    assert (nothing, counted, done) == ("", "1 of 2", "✓ complete")
    assert len({waiting, partial, complete}) == 3


def test_the_current_edge_is_the_widest_and_carries_its_local_derivative(lesson):
    lesson.region.focus()
    lesson.press(*["ArrowRight"] * 4)
    widths = lesson.region.locator("[data-edge]").evaluate_all(
        "all => all.map(e => [e.dataset.edge, parseFloat(getComputedStyle(e.querySelector('.line')).strokeWidth)])"
    )
    assert max(widths, key=lambda pair: pair[1])[0] == "w1->w3"
    assert lesson.region.locator('[data-edge="w1->w3"]').text_content() == "w₂= 3"


def test_texts_stay_inside_their_boxes(opened):
    lesson = opened(lab.trace(lambda x: np.exp(-12345.678 * x) * 1e-7 + np.tanh(x) * x, 0.001234))
    lesson.region.focus()
    lesson.press("End")
    outside = lesson.region.evaluate(
        """region => [...region.querySelectorAll("[data-node]")].flatMap(node => {
            const box = node.querySelector(".box").getBoundingClientRect();
            return [...node.querySelectorAll("text")].filter(t => t.textContent).filter(t => {
                const r = t.getBoundingClientRect();
                return r.left < box.left || r.right > box.right || r.top < box.top - 1 || r.bottom > box.bottom + 1;
            }).map(t => t.textContent);
        })"""
    )
    assert outside == []


@pytest.mark.parametrize("width", [1180, 760])
def test_a_formula_is_seen_whole(width, opened):
    lesson = opened(lab.trace(lambda x: np.sin(x * x) * np.cos(x) / np.sqrt(x), 2.3456), width=width)
    lesson.region.focus()
    for _ in range(12):
        assert lesson.region.locator(".equation").evaluate("e => e.scrollWidth <= e.clientWidth")
        lesson.press("ArrowRight")


OUTSIDE = """region => [...region.querySelectorAll("[data-node]")].flatMap(node => {
    const box = node.querySelector(".box").getBoundingClientRect();
    return [...node.querySelectorAll("text")].filter(t => t.textContent).filter(t => {
        const r = t.getBoundingClientRect();
        return r.left < box.left || r.right > box.right || r.top < box.top - 1 || r.bottom > box.bottom + 1;
    }).map(t => t.textContent);
})"""
V, A = np.array([1.0, 2.0, 4.0]), np.array([[2.0, 1.0], [0.5, 3.0]])


def in_place(x):
    y = x * 2
    y += 1
    y[0] = x[1]
    return np.sum(y)


def through_a_view(x):
    z = x * 1.5
    z.T[0] = 7.0
    w = z.reshape(-1)
    w += 1
    return np.sum(z)


def factors(a):
    u, s, vh = np.linalg.svd(a)
    return np.sum(s) + u[0, 0] * vh[0, 1]


BREADTH = {
    "variance": (lambda x: np.var(x), V),
    "softmax": (lambda x, y: np.exp(x - np.logaddexp(x, y)), 0.3, 0.8),
    "solve": (lambda a, b: np.sum(np.linalg.solve(a, b)), A, V[:2]),
    "determinant": (lambda a: np.linalg.det(a) * np.linalg.slogdet(a)[1], A),
    "einsum": (lambda a, x: np.einsum("ij,j->i", a, x)[0], A, V[:2]),
    "sort and cumsum": (lambda x: np.sort(x)[0] * np.cumsum(x)[1], V[::-1].copy()),
    "in place": (in_place, V),
    "through a view": (through_a_view, A),
    "nested derivative": (lambda x: lab.func.grad(lambda y: y**2 * x)(x), 2.0),
    "order statistics": (lambda x: np.median(x) + np.quantile(x, 0.3), V),
    "cases and ties": (lambda x, y: np.sum(np.where(x > 1.5, x, y) + np.maximum(x, y)), V, np.array([1.0, 3.0, 4.0])),
    "whole numbers": (lambda x, y: x % y + np.floor(x / y) * np.hypot(x, y) + np.cbrt(x) * (x // y), 7.5, 2.0),
    "norms": (lambda x: np.linalg.norm(x) + np.linalg.norm(x, 3), V),
    "factors": (factors, A),
}


@pytest.mark.parametrize("name", BREADTH)
def test_all_of_numpys_breadth_is_seen_whole(name, opened):
    function, *arguments = BREADTH[name]
    graph = lab.trace(function, *arguments)
    lesson = opened(graph)
    for mode in ("reverse", "forward"):
        lesson.choose(mode)
        steps = storyboard.sweep(graph, mode, key_of(graph, mode, None))["steps"]
        for step in steps:
            assert lesson.status.inner_text() == step["sentence"]
            assert lesson.region.locator(".equation").evaluate("e => e.scrollWidth <= e.clientWidth")
            assert lesson.region.evaluate(OUTSIDE) == []
            lesson.press("ArrowRight")


def test_a_sweep_over_an_overwritten_value_shows_the_graph_and_says_why_it_stops(opened):
    def overwritten(x):
        c = np.exp(x)
        d = c * c
        c += 1.0
        return np.sum(d)

    lesson = opened(lab.trace(overwritten, V), width=480)
    lesson.region.focus()
    lesson.press("End")
    assert lesson.progress() == "Step 2 of 2"
    expect(lesson.status).to_contain_text("Here reverse accumulation stops: one of the variables needed")
    expect(lesson.region.locator("[data-node]")).to_have_count(4)


def test_a_row_of_the_table_that_is_wider_than_its_room_is_read_from_its_beginning(opened):
    lesson = opened(lab.trace(BREADTH["cases and ties"][0], *BREADTH["cases and ties"][1:]), width=360)
    lesson.region.focus()
    lesson.press("End")
    table = lesson.region.get_by_role("table")
    assert table.evaluate("t => t.getBoundingClientRect().width > t.parentElement.clientWidth")
    assert table.evaluate("t => t.parentElement.scrollLeft") == 0


@pytest.mark.parametrize("width", [1180, 760, 480, 360])
def test_the_page_never_scrolls_sideways(width, opened):
    lesson = opened(example(), width=width, mode="forward")
    assert lesson.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_texts_are_readable_in_light_and_dark(scheme, mode, opened):
    lesson = opened(example(), scheme=scheme, mode=mode)
    lesson.region.focus()
    lesson.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    paints = lesson.region.evaluate(
        """region => {
            const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            const rgb = (paint) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = paint;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
            };
            const paper = rgb(getComputedStyle(region).backgroundColor);
            const texts = [...region.querySelectorAll("svg text, p, td, th, caption, .step-count, label span, .equation math")];
            return texts.filter(t => t.textContent).map(t => {
                const style = getComputedStyle(t);
                return [t.textContent, rgb(t instanceof SVGElement ? style.fill : style.color), paper];
            });
        }"""
    )
    assert len(paints) > 30
    for text, ink, paper in paints:
        assert contrast(ink, paper) >= 4.5, text


def contrast(one, other):
    """WCAG 2.2, contrast ratio."""

    def luminance(rgb):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_nothing_is_animated_for_who_asks_for_less_motion(opened):
    for motion, moves in (("reduce", False), ("no-preference", True)):
        durations = opened(example(), motion=motion).region.evaluate(
            "r => [...r.querySelectorAll('*')].flatMap(e => getComputedStyle(e).transitionDuration.split(', '))"
        )
        assert (set(durations) != {"0s"}) is moves


@pytest.mark.parametrize(
    ("name", "options", "mode"),
    [
        ("light", {}, "reverse"),
        ("dark", {"scheme": "dark"}, "forward"),
        ("narrow", {"width": 480}, "reverse"),
        ("projector", {"width": 1600, "height": 900}, "reverse"),
    ],
)
def test_pictures_for_a_person_to_look_at(name, options, mode, opened, artifacts):
    lesson = opened(example(), **options)
    lesson.choose(mode)
    if name == "projector":
        lesson.button("Full screen").click()
        lesson.page.wait_for_timeout(300)
        lesson.region.focus()
    lesson.press(*["ArrowRight"] * 4)
    picture = artifacts / f"page-{name}.png"
    lesson.page.screenshot(path=picture, full_page=name != "projector")
    assert picture.stat().st_size > 10_000
