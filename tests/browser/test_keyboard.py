"""Everything by keyboard: reached, seen to have the focus, and never lost, whatever a step takes away."""

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from tests.browser.conftest import example
from tests.browser.pixels import Eyes, changed

pytestmark = pytest.mark.browser

WHERE = """region => {
    const e = document.activeElement;
    const part = [...region.children].find((child) => child.contains(e));
    return [part?.classList[0] ?? (e === region ? "region" : "outside"),
        e.dataset.node ?? e.dataset.edge ?? e.dataset.of ?? e.getAttribute("aria-label") ?? (e.value || e.textContent)];
}"""
# The frame of what has the focus, and how long it is if it is an edge.
FOCUSED = """() => {
    const e = document.activeElement;
    const line = e.dataset.edge ? e.querySelector(".line") : null;
    const { x, y, width, height } = (line ?? e).getBoundingClientRect();
    return { x, y, width, height, length: line ? line.getTotalLength() * line.getScreenCTM().a : 0 };
}"""


@pytest.fixture
def eyes(browser):
    eyes = Eyes(browser)
    yield eyes
    eyes.close()


def where(lesson):
    return tuple(lesson.region.evaluate(WHERE))


def walk(lesson, key="Tab"):
    """Where the key leads from here until it leaves the region, or begins anew."""
    places = []
    while (place := where(lesson))[0] != "outside" and place not in places:
        places.append(place)
        lesson.press(key)
    return places


def test_tab_goes_through_everything_in_the_order_in_which_it_stands_and_back(lesson):
    lesson.choose("forward")
    lesson.press("ArrowRight", "ArrowRight")
    there = walk(lesson)
    assert there == [
        ("region", "Autograd stepper"),
        ("controls", "forward"),
        ("controls", "w1"),
        ("controls", "First step"),
        ("controls", "Previous step"),
        ("controls", "Next step"),
        ("controls", "Last step"),
        ("controls", "Play"),
        ("controls", "Step"),
        ("controls", "Full screen"),
        ("graph", "w2->w3"),
        ("formula", "w3"),
        ("source", "w3"),
        ("trace", "w3"),
        ("check", "Check"),
        ("check", "Nudge"),
    ]
    lesson.button("Nudge").focus()
    assert walk(lesson, "Shift+Tab") == there[::-1]


THINGS = {
    ".graph": ["w1", "w2", "w3", "w4", "w5", "w1->w3", "w2->w3", "w1->w4", "w3->w5", "w4->w5"],
    ".code": ["w5", "w3", "w4"],
    ".trace": ["w1", "w2", "w3", "w4", "w5"],
    ".equation": ["w5", "w3", "w3", "w1", "w5"],
}


@pytest.mark.parametrize("view", THINGS)
def test_up_and_down_reach_every_thing_of_a_view_and_enter_goes_to_its_step(view, lesson):
    lesson.region.focus()
    lesson.press("ArrowRight")
    lesson.region.locator(f'{view} [tabindex="0"]').focus()
    most = len(THINGS[view])
    lesson.press(*["ArrowUp"] * most)
    found = [where(lesson)[1]]
    for _ in range(most - 1):
        lesson.press("ArrowDown")
        found.append(where(lesson)[1])
    if view == ".equation":
        assert set(found) <= {"w3", "w5"}
        assert len(found) == most
    else:
        assert sorted(found) == sorted(THINGS[view])
    last = found[-1]
    lesson.press("ArrowDown", "Enter")
    completed = {"w1": 5, "w2": 6, "w3": 2, "w4": 3, "w5": 1}
    edges = {"w3->w5": 2, "w4->w5": 3, "w1->w4": 4, "w1->w3": 5, "w2->w3": 6}
    assert lesson.progress() == f"Step {(completed | edges)[last]} of 6"
    assert where(lesson)[0] != "outside"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("system", [{}, {"forced_colors": "active"}], ids=["usual", "high contrast"])
def test_the_focus_is_seen_wherever_it_is(system, scheme, opened, eyes):
    """It changes at least as many pixels, by 3:1, as a line around the thing has (along an edge: on both sides of it)."""
    lesson = opened(example(), scheme=scheme, system=system, height=1300, mode="forward", step=3)
    page = lesson.page
    lesson.region.focus()
    stops = len(walk(lesson))
    lesson.region.focus()
    things = ['g[data-node="w1"]', 'g[data-node="w3"]', 'g[data-edge="w1->w3"]', 'tr[data-of="w1"]', 'tr[data-of="w5"]']
    faint = {}
    for thing in [*[None] * stops, *things]:
        if thing:
            lesson.region.locator(thing).focus()
        frame = page.evaluate(FOCUSED)
        box = (max(frame["x"] - 12, 0), max(frame["y"] - 12, 0), frame["width"] + 24, frame["height"] + 24)
        focused = eyes.see(page, box)
        page.evaluate("globalThis.held = document.activeElement; held.blur()")
        plain = eyes.see(page, box)
        page.evaluate("held.focus({ preventScroll: true })")
        wanted = 2 * frame["length"] or 2 * (frame["width"] + frame["height"])
        if (seen := changed(plain, focused)) < wanted:
            faint[where(lesson)] = (seen, wanted)
        if thing is None:
            lesson.press("Tab")
    assert stops == 16
    assert faint == {}


LOSSES = [
    # the mode, where the focus is, and keys that take away what has it
    ("Reverse accumulation", '.equation [data-of="w3"]', ["ArrowRight"] * 4),
    ("Reverse accumulation", ".equation [data-of]", ["End", "Home", "ArrowRight", "ArrowLeft"]),
    ("Evaluation", '[data-node="w5"]', ["ArrowLeft"] * 4),
    ("Evaluation", '[data-edge="w4->w5"]', ["Home", "ArrowRight"]),
    ("Evaluation", 'tr[data-of="w5"]', ["ArrowLeft"] * 4),
    ("Evaluation", 'tr[data-of="w4"]', ["Home", "End"]),
]


@pytest.mark.parametrize(("mode", "place", "keys"), LOSSES)
def test_the_focus_stays_in_its_view_when_a_step_takes_its_thing_away(mode, place, keys, lesson):
    lesson.radio(mode).check()
    lesson.region.focus()
    lesson.press("End" if mode == "Evaluation" else "ArrowRight")
    lesson.region.locator(place).first.focus()
    view, _ = where(lesson)
    for key in keys:
        before = lesson.progress()
        lesson.press(key)
        lesson.page.evaluate(
            "new Promise(requestAnimationFrame)"
        )  # a browser takes the focus from what is hidden a frame later
        assert where(lesson)[0] == view
        assert lesson.progress() != before


def test_the_focus_is_not_under_the_head_of_the_table(opened):
    lesson = opened(lab.trace(lambda x: np.sin(np.sin(np.sin(np.sin(np.sin(np.sin(x)))))) * x, 1.0), height=420)
    lesson.region.locator("tbody tr").last.focus()
    for _ in range(8):
        lesson.press("ArrowUp")
        head, row, box = lesson.region.evaluate(
            """r => ["thead", "tr:focus", ".trace"].map((place) => {
                const { top, bottom } = r.querySelector(place).getBoundingClientRect();
                return [top, bottom];
            })"""
        )
        assert row[0] >= head[1] - 1
        assert row[1] <= box[1] + 1


def test_everything_is_large_enough_to_hit(lesson):
    """WCAG 2.2, 2.5.8: 24 by 24. Code and formulas are text, whose lines give the height: the exception "inline"."""
    lesson.region.focus()
    lesson.press("ArrowRight", "ArrowRight")
    small = lesson.region.evaluate(
        """region => [...region.querySelectorAll("button, select, label, tbody tr, [data-node], input:not([type=radio])")]
            .filter((e) => getComputedStyle(e).visibility !== "hidden" && e.getClientRects().length)
            .map((e) => [e.className || e.tagName, e.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 24 || height < 24).map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [1180, 600])
def test_an_edge_is_hit_beside_its_line_too(width, opened):
    lesson = opened(example(), width=width)
    lesson.region.locator(".graph").scroll_into_view_if_needed()
    hit = lesson.region.evaluate(
        """region => [...region.querySelectorAll("[data-edge]")].map((edge) => {
            const line = edge.querySelector(".line");
            const [here, there] = [0.5, 0.51].map((at) =>
                line.getPointAtLength(at * line.getTotalLength()).matrixTransform(line.getScreenCTM()));
            const length = Math.hypot(there.x - here.x, there.y - here.y);
            const across = [-(there.y - here.y) / length, (there.x - here.x) / length];
            const box = region.querySelector(".graph").getBoundingClientRect();
            return here.x > box.right - 20 || [-11, 11].every((far) =>
                edge.contains(document.elementFromPoint(here.x + far * across[0], here.y + far * across[1])));
        })"""
    )
    assert hit == [True] * 5


def test_play_and_its_keys_say_what_they_do(lesson):
    lesson.button("Play").focus()
    lesson.press("Enter")
    expect(lesson.button("Pause")).to_be_focused()
    lesson.press("Enter")
    expect(lesson.button("Play")).to_be_focused()
