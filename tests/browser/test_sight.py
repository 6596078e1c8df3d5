"""Seen by everyone: high contrast, without colour, magnified, in a narrow cell, on a page from right to left."""

import itertools

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from tests.browser.conftest import example
from tests.browser.pixels import Eyes, changed, contrast, luminance

pytestmark = pytest.mark.browser

PHASES = ("evaluation", "forward", "reverse")
GREY = "document.documentElement.style.filter = 'grayscale(1)'"
# Forms and brightness alone are compared, so the words go; what is around an edge or a box goes with them.
WORDLESS = "region => { for (const t of region.querySelectorAll('.graph text')) t.style.visibility = 'hidden'; }"


@pytest.fixture
def eyes(browser):
    eyes = Eyes(browser)
    yield eyes
    eyes.close()


def picture_of(lesson, eyes, place):
    return eyes.see(lesson.page, frame_of(lesson, place))


def frame_of(lesson, place):
    """What a thing takes and 8 pixels around it, not asking how broad its strokes are."""
    return lesson.region.locator(place).evaluate(
        """e => {
            const { x, y, width, height } = e.getBBox ? e.getBBox() : e.getBoundingClientRect();
            const { a, e: left, f: top } = e.getBBox ? e.getScreenCTM() : { a: 1, e: 0, f: 0 };
            return [a * x + left - 8, a * y + top - 8, a * width + 16, a * height + 16];
        }"""
    )


STATES = {
    # the phase, the thing, and the step at which it is in each state; "hovered" is looked at separately
    "a node in reverse": (
        "reverse",
        '[data-node="w1"] .box',
        {"waiting": 3, "partial, current": 4, "complete, current": 5, "complete": 6},
    ),
    "a node in forward": (
        "forward",
        '[data-node="w3"] .box',
        {"waiting": 1, "partial, current": 2, "complete, current": 3, "complete": 6},
    ),
    "a node left partial": ("forward", '[data-node="w5"] .box', {"waiting": 4, "partial, current": 5, "complete, current": 6}),
    "an edge in reverse": ("reverse", '[data-edge="w1->w3"] .line', {"waiting": 1, "current": 5, "visited": 6}),
    "an edge in forward": ("forward", '[data-edge="w1->w3"] .line', {"waiting": 1, "current": 2, "visited": 6}),
    "an edge the seed does not reach": ("forward", '[data-edge="w2->w3"] .line', {"waiting": 1, "current": 3, "unreached": 6}),
    "a node in evaluation": ("evaluation", '[data-node="w3"] .box', {"to come": 1, "current": 3, "evaluated": 5}),
}


@pytest.mark.parametrize("scheme", ["light", "dark", "high contrast"])
@pytest.mark.parametrize("name", STATES)
def test_states_differ_without_colour_and_without_words(name, scheme, opened, eyes):
    mode, place, states = STATES[name]
    look = {"system": {"forced_colors": "active"}} if scheme == "high contrast" else {"scheme": scheme}
    lesson = opened(example(), mode=mode, **look)
    lesson.page.evaluate(GREY)
    lesson.region.evaluate(WORDLESS)
    lesson.region.focus()
    frame = frame_of(lesson, place)
    thing = lesson.region.locator(place).locator("..")
    plain, hovered = {}, {}
    for state, step in states.items():
        lesson.press("Home", *["ArrowRight"] * (step - 1))
        plain[state] = eyes.see(lesson.page, frame)
        if state != "to come":
            thing.evaluate("e => e.classList.add('marked')")  # as hovering does, here or in a view that is linked
            hovered[f"{state}, hovered"] = eyes.see(lesson.page, frame)
            thing.evaluate("e => e.classList.remove('marked')")
    for one, other in [*itertools.combinations(plain, 2), *itertools.product(plain, hovered)]:
        assert changed(plain[one], (plain | hovered)[other]) >= 60, (one, other)


CURRENT = {
    "the row": "tr[aria-current=step]",
    "the code": ".made.current",
    "the choice of phase": ".modes label:has(:checked)",
}


@pytest.mark.parametrize("system", [{}, {"forced_colors": "active"}], ids=["usual", "high contrast"])
@pytest.mark.parametrize("what", CURRENT)
def test_what_is_current_elsewhere_is_seen_without_colour(what, system, opened, eyes):
    lesson = opened(example(), system=system, mode="forward", step=3, height=1300)
    lesson.page.evaluate(GREY)
    frame = frame_of(lesson, CURRENT[what])
    marked = eyes.see(lesson.page, frame)
    lesson.region.locator(CURRENT[what]).evaluate(
        """e => {
            e.removeAttribute("aria-current");
            e.classList.remove("current");
            e.querySelectorAll("input").forEach((radio) => { radio.checked = false; });
        }"""
    )
    assert changed(marked, eyes.see(lesson.page, frame)) >= 40


PAINTS = """region => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const over = (paper, paint) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const layer of [...paper, paint]) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const behind = (element) => {
        const layers = [];
        for (let e = element; e; e = e.parentElement) layers.unshift(getComputedStyle(e).backgroundColor);
        const box = element.closest("[data-node]")?.querySelector(".box");
        return box ? [...layers, getComputedStyle(box).fill] : layers;
    };
    const texts = "text, p, th, td, caption, figcaption, label span, .step-count, .made, math, select, .inputs .input";
    return [...region.querySelectorAll(texts)]
        .filter((e) => e.textContent.trim() && getComputedStyle(e).visibility === "visible" && !e.closest("[aria-disabled]"))
        .map((e) => {
            const style = getComputedStyle(e);
            const paper = behind(e);
            return [e.textContent, over(paper, e instanceof SVGElement ? style.fill : style.color), over(paper, "transparent")];
        });
}"""


@pytest.mark.parametrize("mode", PHASES)
@pytest.mark.parametrize("look", ["light", "dark", "high contrast"])
def test_texts_are_readable_on_what_is_behind_them(mode, look, opened):
    """4.5:1 also on the tint of the current box, row and code, and on the shade of a formula."""
    options = {"system": {"forced_colors": "active"}} if look == "high contrast" else {"scheme": look}
    lesson = opened(example(), mode=mode, step=4, **options)
    paints = lesson.region.evaluate(PAINTS)
    assert len(paints) > 40
    assert [
        (text, round(ratio, 2)) for text, ink, paper in paints if (ratio := float(contrast(*luminance([ink, paper])))) < 4.5
    ] == []


def test_high_contrast_shows_formulas_the_picture_and_the_slider(opened, eyes):
    """Of what is painted in colours of its own, or on a panel of the browser's, nothing would be seen."""
    for scheme in ("light", "dark"):
        lesson = opened(example(), system={"forced_colors": "active"}, scheme=scheme, step=4, height=1300)
        paper = float(eyes.see(lesson.page, (2, 2, 4, 4)).mean())
        for place, least in {
            ".equation": 400,
            ".transport + input": 800,
            "svg.autograd-graph": 4000,
            "td.expression": 30,
        }.items():
            seen = picture_of(lesson, eyes, f"{place} >> nth=0")
            assert changed(seen, np.full_like(seen, paper)) >= least, (scheme, place)


ROOMS = {"320 px": (320, 640, 1), "480 px": (480, 800, 1), "200 %": (640, 450, 2), "760 px": (760, 600, 1)}


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("room", ROOMS)
def test_magnified_or_narrow_nothing_is_lost_and_only_picture_code_and_table_scroll_sideways(
    room, direction, opened, artifacts
):
    """WCAG 2.2, 1.4.4 and 1.4.10: 640 px at a scale of 2 is 200 % zoom of 1280, 320 px is 400 %."""
    width, height, scale = ROOMS[room]
    lesson = opened(example(), width=width, height=height, system={"device_scale_factor": scale}, mode="forward", step=3)
    lesson.page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    assert lesson.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert lesson.region.evaluate(OUTSIDE_OF_THE_REGION) == []
    assert lesson.region.evaluate(COVERED) == []
    lesson.page.screenshot(path=artifacts / f"page-{width}-{direction}.png", full_page=True)


OUTSIDE_OF_THE_REGION = """region => {
    const { left, right } = region.getBoundingClientRect();
    return [...region.querySelectorAll(":scope > *, .controls :not(option)")]
        .filter((e) => getComputedStyle(e).visibility === "visible")
        .filter((e) => e.getClientRects().length)
        .filter((e) => { const b = e.getBoundingClientRect(); return b.left < left - 1 || b.right > right + 1; })
        .map((e) => e.className || e.tagName);
}"""
# Whether controls lie on one another: where their centres are, another one is found.
COVERED = """region => [...region.querySelectorAll(".controls :is(button, select, label, input[type=range], .step-count)")]
    .filter((e) => getComputedStyle(e).visibility === "visible").filter((e) => {
        e.scrollIntoView({ block: "center" });
        const { left, right, top, bottom } = e.getBoundingClientRect();
        const over = (x) => document.elementFromPoint(x, (top + bottom) / 2);
        return [left + 2, (left + right) / 2, right - 2].some((x) => !e.contains(over(x)));
    }).map((e) => e.className || e.tagName)"""
CUT_OFF = """region => [...region.querySelectorAll("*:not(svg, svg *, math, math *)")]
    .filter((e) => !["visible", "auto", "scroll"].includes(getComputedStyle(e).overflowX) || e.matches("button, select"))
    .filter((e) => !e.matches("legend, .spoken-only *, input") && e.clientWidth)
    .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
    .map((e) => e.className || e.tagName)"""


@pytest.mark.parametrize("way", ["letters of twice the size", "more room between letters, words and lines"])
def test_larger_text_is_not_cut_off(way, opened):
    """WCAG 2.2, 1.4.4 (text alone grows, as Firefox does it) and 1.4.12."""
    lesson = opened(example(), width=1000, mode="forward", step=3)
    lesson.region.evaluate(
        """(region, twice) => {
            const all = [...region.querySelectorAll("*:not(svg, svg *)")];
            const sizes = all.map((e) => parseFloat(getComputedStyle(e).fontSize));
            all.forEach((e, i) => { e.style.cssText += twice ? `; font-size: ${2 * sizes[i]}px !important`
                : "; line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important"; });
        }""",
        way.startswith("letters"),
    )
    assert lesson.region.evaluate(CUT_OFF) == []
    assert lesson.region.evaluate(OUTSIDE_OF_THE_REGION) == []
    assert lesson.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def minus(x, y):
    return -x * y - np.exp(-x)


LEFT_OF = """(e, words) => {
    const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    const at = {};
    for (let node; (node = walk.nextNode()); ) for (const word of words) {
        const i = node.data.indexOf(word);
        if (i >= 0 && !(word in at)) {
            const range = document.createRange();
            range.setStart(node, i); range.setEnd(node, i + word.length);
            at[word] = range.getBoundingClientRect().left;
        }
    }
    return words.map((word) => at[word]);
}"""


def test_from_right_to_left_numbers_and_sentences_keep_their_order_and_the_parts_change_sides(opened):
    lesson = opened(lab.trace(minus, -2.0, 3.0), step=5)
    lesson.page.evaluate("document.documentElement.dir = 'rtl'")
    region = lesson.region
    for place, words in {
        "h1": ["minus", "(", "x", "y", ")"],
        ".sentence": ["w1", "->", "local", "-1"],
        ".keys": ["←", "step", "Esc"],
    }.items():
        found = lesson.page.locator(place).evaluate(LEFT_OF, words)
        assert None not in found, (place, words)
        assert found == sorted(found), place
    for place, signs in {
        'tr[data-of="w1"] .primal': ["-", "2"],
        'tr[data-of="w6"] .total': ["-", "1"],
        'tr[data-of="w5"] .formula-so-far': ["∂", "w", "="],
        'tr[data-of="w1"] .contributions': ["1", "of", "2"],
        'tr[data-of="w6"] .contributions': ["✓", "c"],
        '[data-node="w1"] .primal': ["-", "2"],
        '[data-node="w6"] [data-slot=derivative]': ["∂f", "w", "=", "-"],
        '[data-edge="w6->w7"] [data-slot=local]': ["-", "1"],
        ".input": ["x", "=", "-"],
    }.items():
        found = region.locator(place).first.evaluate(LEFT_OF, signs)
        assert None not in found, (place, signs)
        assert found == sorted(found), place
    left = lambda place: region.locator(place).first.bounding_box()["x"]  # noqa: E731 a name for a measure, used here only
    # Mirrored: the places of words and parts.
    assert left(".modes") > left("button.fullscreen")
    assert left(".formula") > left(".source")
    assert left("th:has-text('Variable')") > left("th:has-text('Contributions')")
    # Not mirrored: the direction of computing, of the code, and of the steps.
    assert left('[data-node="w1"]') < left('[data-node="w7"]')
    assert left("button.first") < left("button.previous") < left("button.next") < left("button.last")


@pytest.mark.parametrize("focus", ["region", "slider"])
def test_from_right_to_left_the_right_arrow_is_still_the_next_step(focus, opened):
    """The graph and the slider run from left to right there too, and APG's slider knows no other: Right increases."""
    lesson = opened(example(), step=2)
    lesson.page.evaluate("document.documentElement.dir = 'rtl'")
    lesson.region.focus()
    if focus == "slider":
        lesson.region.get_by_role("slider").focus()
    lesson.press("ArrowRight", "ArrowRight")
    assert lesson.progress() == "Step 4 of 6"
    lesson.press("ArrowLeft")
    expect(lesson.region.locator(".step-count")).to_have_text("Step 3 of 6")
    box = lesson.region.get_by_role("slider").bounding_box()
    lesson.page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert lesson.progress() == "Step 6 of 6"
