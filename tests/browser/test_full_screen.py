"""A stepper on the whole screen: everything in sight on projectors, and the keys that a lecturer presses there."""

import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from tests.browser.conftest import example

pytestmark = pytest.mark.browser

PROJECTORS = [(1280, 720), (1920, 1080), (1024, 768)]


@pytest.mark.parametrize(("width", "height"), PROJECTORS)
def test_on_a_projector_everything_is_in_sight(width, height, opened, artifacts):
    lesson = opened(example(), width=width, height=height, pause=[3])
    lesson.button("Full screen").click()
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")
    lesson.region.focus()
    lesson.press("PageDown", "PageDown", "PageDown")
    lesson.page.wait_for_timeout(200)
    lesson.page.screenshot(path=artifacts / f"projector_{width}.png")
    outside = lesson.region.evaluate(
        """region => [...region.querySelectorAll("[data-node] .box, .sentence, .equation math, .trace tbody tr .total, .made")]
            .filter(e => {
                const r = e.getBoundingClientRect();
                const around = e.closest(".graph, .formula, .trace, .source").getBoundingClientRect();
                return r.left < around.left - 1 || r.right > around.right + 1 || r.top < around.top - 1
                    || r.bottom > around.bottom + 1 || r.bottom > innerHeight || r.right > innerWidth;
            }).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert outside == []


@pytest.mark.parametrize(("width", "height"), PROJECTORS)
def test_on_a_projector_a_wide_picture_is_shown_whole(width, height, opened):
    def neuron(w, b):
        return (w[0] + w[1] * 2.0 + b - 1.0) ** 2

    graph = lab.trace(neuron, [0.5, -0.25], 0.0)
    lesson = opened(graph, width=width, height=height, parts=["controls", "graph", "equation"])
    lesson.button("Full screen").click()
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")
    lesson.page.wait_for_timeout(200)
    cut = lesson.region.evaluate(
        """region => {
            const room = region.querySelector(".picture").getBoundingClientRect();
            return [...region.querySelectorAll("[data-node] .box")].map(box => box.getBoundingClientRect()).filter(
                r => r.left < room.left || r.right > room.right || r.top < room.top || r.bottom > room.bottom).length;
        }"""
    )
    assert cut == 0


def test_after_a_click_on_full_screen_space_plays_and_by_keyboard_the_button_keeps_it(lesson):
    lesson.button("Full screen").click()
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")
    expect(lesson.region).to_be_focused()
    lesson.press("Space")
    expect(lesson.button("Pause")).to_be_visible()
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")

    lesson.press("Space", "Escape")
    lesson.button("Full screen").press("Enter")
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")
    expect(lesson.button("Full screen")).to_be_focused()
