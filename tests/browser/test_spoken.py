"""What a screen reader is told: each step once, every thing with its state, in the order in which it is seen."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import example

pytestmark = pytest.mark.browser

# Notes every change of text in a live region, as a browser would tell it: what is in it after the change.
LISTEN = """region => {
    globalThis.told = [];
    for (const live of region.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
        new MutationObserver(() => told.push([live.getAttribute("role") ?? "live", live.textContent])).observe(
            live, { childList: true, characterData: true, subtree: true });
    }
}"""


def told(lesson):
    return lesson.page.evaluate("told.splice(0)")


@pytest.mark.parametrize("key", ["ArrowRight", "End"])
def test_each_step_is_told_once_and_nothing_else_is(key, lesson):
    lesson.region.evaluate(LISTEN)
    lesson.region.focus()
    steps = list(example().reverse())
    for step in steps[1:] if key == "ArrowRight" else steps[-1:]:
        lesson.press(key)
        assert told(lesson) == [["status", step.text]]
    lesson.press(key)
    assert told(lesson) == []  # the last step is not told again
    lesson.radio("Forward accumulation").check()
    assert told(lesson) == [["status", next(iter(example().forward("x"))).text]]


def test_the_sentence_is_polite_and_whole(lesson):
    """A status is polite and atomic by its role; that it stands alone in the region keeps it from being told twice."""
    expect(lesson.status).to_have_count(1)
    assert lesson.status.evaluate("e => [e.ariaLive ?? 'polite', e.ariaAtomic ?? 'true']") == ["polite", "true"]
    assert (
        lesson.status.evaluate("e => e.parentElement.closest('[aria-live], [role=status], [role=log], [role=alert]')") is None
    )
    expect(lesson.region).to_have_attribute("aria-busy", "false")


SAID = [
    # phase, step, and some of what is said then
    (
        "Reverse accumulation",
        3,
        [
            "edge w4 to w1, not reached",
            "edge w5 to w4, current step, local derivative 1",
            "edge w5 to w3, visited, local derivative 1",
            "w1 = x, primal 2, not reached",
            "w4 = sin(w1), primal 0.9093, ∂f/∂w₄ = 1, complete, current step",
            "w5 = w3 + w4, primal 6.909, ∂f/∂w₅ = 1, seed",
        ],
    ),
    ("Reverse accumulation", 4, ["w1 = x, primal 2, ∂f/∂w₁ = -0.4161, 1 of 2, current step", "edge w3 to w1, not reached"]),
    (
        "Forward accumulation",
        3,
        [
            "edge w1 to w4, not reached",
            "edge w2 to w3, current step, local derivative w₁ = 2, the seed does not reach w2",
            "w3 = w1*w2, primal 6, ∂w₃/∂x = 3, complete, current step",
        ],
    ),
    ("Evaluation", 3, ["w3 = w1*w2, primal 6, current step", "edge w1 to w3"]),
]


@pytest.mark.parametrize(("phase", "step", "names"), SAID)
def test_every_node_and_edge_says_its_state(phase, step, names, lesson):
    lesson.radio(phase).check()
    lesson.region.focus()
    lesson.press(*["ArrowRight"] * (step - 1))
    picture = lesson.region.get_by_role("group", name="Computation graph of f(x, y)")
    for name in names:
        expect(picture.get_by_role("button", name=name, exact=True)).to_have_count(1)
        if name.startswith("w"):
            expect(lesson.region.get_by_role("row", name=name, exact=True)).to_have_count(1)
    unnamed = "all => all.filter(e => !e.getAttribute('aria-label') || e.tabIndex > 0).length"
    assert lesson.region.locator("[data-node], [data-edge], .made, .equation [data-of], tbody tr").evaluate_all(unnamed) == 0


def test_what_evaluation_has_not_come_to_is_not_said(lesson):
    lesson.radio("Evaluation").check()
    lesson.region.focus()
    picture = lesson.region.get_by_role("group", name="Computation graph")
    expect(picture.get_by_role("button")).to_have_count(1)
    expect(lesson.region.get_by_role("row")).to_have_count(2)  # the head, and the first input
    lesson.press("End")
    expect(picture.get_by_role("button")).to_have_count(10)


def test_no_control_lies_in_another(lesson):
    lesson.region.focus()
    lesson.press("ArrowRight", "ArrowRight")
    nested = "[role=button], button, [role=img], label label, a, select"
    assert (
        lesson.region.locator(nested).evaluate_all(
            "all => all.filter(e => e.querySelector('[tabindex], button, input')).length"
        )
        == 0
    )


def test_the_table_has_a_caption_and_heads_for_columns_and_rows(lesson):
    table = lesson.region.get_by_role("table", name="Evaluation trace")
    for name in ("Variable", "Expression", "Primal", "Adjoint", "Contributions"):
        expect(table.get_by_role("columnheader", name=name)).to_have_count(1)
    for name in ("w1", "w2", "w3", "w4", "w5"):
        expect(table.get_by_role("rowheader", name=name)).to_have_count(1)


def test_controls_say_their_state(lesson):
    slider = lesson.region.get_by_role("slider", name="Step")
    lesson.region.focus()
    lesson.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "Step 2 of 6")
    expect(lesson.button("First step")).to_be_enabled()
    lesson.press("Home")
    expect(lesson.button("First step")).to_have_attribute("aria-disabled", "true")
    lesson.press(" ")
    expect(lesson.button("Pause")).to_have_count(1)
    expect(lesson.button("Play")).to_have_count(0)
    lesson.press(" ")
    expect(lesson.region.get_by_role("group", name="Phase")).to_have_count(1)


@pytest.mark.parametrize("width", [1180, 700, 480])
def test_what_is_read_first_stands_first(width, opened):
    """Parts from above to below (the code beside the formula); in the controls the phase, the step, the slider."""
    lesson = opened(example(), width=width, mode="forward", step=3, height=1400)
    parts = lesson.region.evaluate(
        """r => [...r.children].filter((e) => e.getClientRects().length && e.getBoundingClientRect().height > 1)
            .map((e) => e.getBoundingClientRect()).map(({ top, left }) => [top, left])"""
    )
    assert len(parts) >= 6
    assert all(above <= below + 1 for (above, _), (below, _) in pairwise(parts))
    for order in ([".modes", ".about", ".transport"], [".modes", ".transport"], [".modes", "input[type=range]"]):
        tops = [lesson.region.locator(f".controls {place}").first.bounding_box()["y"] for place in order]
        assert tops == sorted(tops), order


def test_the_region_names_its_language(lesson):
    assert lesson.region.get_attribute("lang") == "en"
    assert lesson.page.locator("html").get_attribute("lang") == "en"
