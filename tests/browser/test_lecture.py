"""Lectures: the View menu, pause points, clickers, hidden numbers, links to a step, paper, and pictures that are saved."""

import re
import xml.etree.ElementTree as ET

import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.views import frames, storyboard
from autograd_lab.views.choices import key_of
from tests import graphs
from tests.browser.conftest import example

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
# Everything that can be read or heard, but not what an evaluation has not come to yet.
SAID = """region => [...region.querySelectorAll("*")].filter(e => getComputedStyle(e).visibility === "visible").flatMap(e => [
    e.getAttribute("aria-label"), e.getAttribute("aria-valuetext"), e.getAttribute("title"),
    e.children.length ? null : e.textContent]).filter(Boolean).join("\\n")"""
NUMBER = re.compile(r"-?\d+\.\d+")


def menu(lesson):
    lesson.button("View").click()
    return lesson.region.get_by_role("group", name="View")


def choose(lesson, name):
    menu(lesson).get_by_role("button", name=name).click()


def current_step(lesson):
    return int(lesson.progress().split()[1])


# -- stepping ---------------------------------------------------------------------------------------------------------


def test_a_clicker_steps(lesson):
    lesson.region.focus()
    lesson.press("PageDown", "PageDown", "PageDown", "PageUp")
    assert lesson.progress() == "Step 3 of 6"


def test_play_stops_at_pause_points_which_are_marked_and_named(opened):
    lesson = opened(example(), pause=[3, 5])
    expect(lesson.region.get_by_text("Play pauses at 3, 5")).to_be_visible()
    thumbs = []
    for step in (3, 5):
        lesson.region.get_by_role("slider").fill(str(step))
        thumbs.append(lesson.region.get_by_role("slider").evaluate(
            "s => { const r = s.getBoundingClientRect(); return r.left + 7 + (r.width - 14) * (s.value - 1) / (s.max - 1); }"
        ))  # fmt: skip
    marks = lesson.region.locator(".pause-marks i").evaluate_all(
        "all => all.map(m => m.getBoundingClientRect()).map(r => r.left + r.width / 2)"
    )
    assert marks == pytest.approx(thumbs, abs=1)
    lesson.button("First step").click()
    menu(lesson).get_by_role("radio", name="2×").check()
    lesson.button("Play").click()
    for reached in (3, 5):
        expect(lesson.button("Play")).to_have_count(1, timeout=4000)
        assert current_step(lesson) == reached
        lesson.button("Play").click()


def test_a_page_without_pause_points_has_no_room_for_them(lesson):
    expect(lesson.region.locator(".pauses")).to_be_hidden()


def test_twice_the_speed_takes_half_the_time(lesson):
    menu(lesson).get_by_role("radio", name="2×").check()
    lesson.press("Escape")
    lesson.button("Play").click()
    expect(lesson.region.locator(".step-count")).to_have_text("Step 6 of 6", timeout=4500)  # 5 steps, the first at once


# -- the menu ---------------------------------------------------------------------------------------------------------


def test_the_menu_opens_by_keyboard_and_escape_closes_it_before_all_else(lesson):
    lesson.button("Full screen").click()
    lesson.button("View").focus()
    lesson.press("Enter")
    expect(lesson.button("View")).to_have_attribute("aria-expanded", "true")
    lesson.press("Tab", "Tab")
    lesson.press("Escape")
    expect(lesson.button("View")).to_have_attribute("aria-expanded", "false")
    expect(lesson.button("View")).to_be_focused()
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")
    lesson.press("Escape")
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "false")


def test_the_words_beside_a_box_of_the_menu_are_the_box_and_the_menu_stays(lesson):
    panel = menu(lesson)
    panel.get_by_text("Hide numbers").click()
    expect(panel.get_by_role("checkbox", name="Hide numbers")).to_be_checked()
    panel.get_by_text("2×").click()
    expect(panel.get_by_role("radio", name="2×")).to_be_checked()
    panel.click(position={"x": 3, "y": 3})
    expect(panel).to_be_visible()


def test_going_on_to_something_else_closes_the_menu(lesson):
    menu(lesson)
    lesson.button("Next step").click()
    expect(lesson.button("View")).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("width", [1180, 480])
def test_type_of_twice_the_size_is_cut_off_nowhere(width, opened):
    lesson = opened(example(), width=width)
    height = "e => e.getBoundingClientRect().height"
    before = lesson.button("Next step").evaluate(height)
    panel = menu(lesson)
    for _ in range(5):
        panel.get_by_role("button", name="Larger type").click()
    expect(panel.get_by_text("200 %")).to_be_visible()
    expect(panel.get_by_role("button", name="Larger type")).to_have_attribute("aria-disabled", "true")
    lesson.press("Escape")
    assert lesson.button("Next step").evaluate(height) == pytest.approx(2 * before)
    cut = lesson.page.evaluate(
        """() => [...document.querySelectorAll(".autograd-stepper :is(button, label, p, select)")].filter(e => {
            const r = e.getBoundingClientRect();
            return r.width && !e.closest(".graph, .trace, .spoken-only") && (r.left < 0 || r.right > innerWidth + 1);
        }).map(e => e.outerHTML)"""
    )
    assert cut == []
    assert lesson.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# -- hidden numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["evaluation", "forward", "reverse"])
def test_hidden_numbers_are_neither_seen_nor_heard_until_asked_for(mode, opened):
    graph = lab.trace(lambda x, y: x * y + x * x * y * y, 1.7, 2.3)
    lesson = opened(graph, mode=mode, parts=["controls", "graph", "equation", "table"])
    given = set(NUMBER.findall(lesson.region.evaluate(SAID))) if mode != "evaluation" else set()
    menu(lesson).get_by_role("checkbox", name="Hide numbers").check()
    lesson.press("Escape")
    lesson.region.focus()
    count = len(storyboard.sweep(graph, mode, key_of(graph, mode, None))["steps"])
    for _ in range(1, count):
        lesson.press("ArrowRight")
        assert set(NUMBER.findall(lesson.region.evaluate(SAID))) <= given
    assert "…" in lesson.status.inner_text()
    lesson.press("n")
    shown = storyboard.sweep(graph, mode, key_of(graph, mode, None))["steps"][-1]
    expect(lesson.status).to_have_text(shown["sentence"])
    assert set(NUMBER.findall(lesson.region.evaluate(SAID))) - given


def test_the_next_step_is_hidden_again_and_the_button_reveals_it(lesson):
    menu(lesson).get_by_role("checkbox", name="Hide numbers").check()
    lesson.press("Escape")
    lesson.region.focus()
    lesson.press("ArrowRight", "n")
    expect(lesson.button("Reveal")).to_have_attribute("aria-disabled", "true")
    lesson.press("ArrowRight")
    expect(lesson.status).to_contain_text("local …")
    lesson.button("Reveal").click()
    expect(lesson.status).to_contain_text("local 1")
    menu(lesson).get_by_role("checkbox", name="Hide numbers").uncheck()
    expect(lesson.button("Reveal")).to_have_count(0)


# -- links ------------------------------------------------------------------------------------------------------------


def test_a_link_opens_the_page_at_its_step(lesson):
    address = lesson.page.url
    for fragment, progress, mode in [
        ("#step=4&mode=reverse", "Step 4 of 6", "Reverse accumulation"),
        ("#step=3&mode=forward&about=y", "Step 3 of 6", "Forward accumulation"),
        ("#step=99&mode=evaluation", "Step 5 of 5", "Evaluation"),
        ("#step=x&mode=sideways&about=%", "Step 1 of 6", "Reverse accumulation"),
    ]:
        lesson.page.goto("about:blank")
        lesson.page.goto(address + fragment)
        expect(lesson.region.locator(".step-count")).to_have_text(progress)
        expect(lesson.radio(mode)).to_be_checked()


def test_another_fragment_leads_on_and_back_leads_back(lesson):
    for step in (2, 5):
        lesson.page.evaluate(f"location.hash = 'step={step}&mode=reverse'")
        expect(lesson.region.locator(".step-count")).to_have_text(f"Step {step} of 6")
    lesson.region.focus()
    lesson.press("ArrowRight")  # a step leaves no trace in the history
    lesson.page.go_back()
    expect(lesson.region.locator(".step-count")).to_have_text("Step 2 of 6")


def test_copying_a_link_tells_it_and_puts_it_into_the_address(lesson):
    lesson.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lesson.region.focus()
    lesson.press("End")
    choose(lesson, "Copy link to this step")
    expect(lesson.region.get_by_text("Link copied")).to_be_visible()
    assert lesson.page.url.endswith("#step=6&mode=reverse&about=w5")
    assert lesson.page.evaluate("navigator.clipboard.readText()") == lesson.page.url
    assert lesson.page.evaluate("history.length") == 2  # about:blank, and the page


# -- paper ------------------------------------------------------------------------------------------------------------


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def printed(lesson, name, paper, **options):
    """What the browser would print at the press of a button of the menu: the PDF's text is not compared, its pages are."""
    lesson.page.evaluate("() => { window.print = () => {}; }")
    choose(lesson, name)
    return lesson.page.pdf(format=paper, **options)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("landscape", [False, True])
def test_every_step_is_one_page_and_this_step_one_page(paper, landscape, opened):
    lesson = opened(example(), scheme="dark")
    assert pages_of(printed(lesson, "Print all steps", paper, landscape=landscape)) == 6
    expect(lesson.page.locator(".autograd-print")).to_have_count(0)
    assert pages_of(printed(lesson, "Print this step", paper, landscape=landscape)) == 1
    assert pages_of(lesson.page.pdf(format=paper, landscape=landscape)) == 1


def test_paper_cuts_nothing_off_and_is_white(opened, artifacts):
    lesson = opened(graphs.fan_out(), scheme="dark")
    lesson.page.evaluate("() => { window.print = () => {}; }")
    choose(lesson, "Print all steps")
    lesson.page.emulate_media(media="print", color_scheme="dark")
    lesson.page.set_viewport_size({"width": 680, "height": 900})  # 180 mm
    place = lesson.page.locator(".autograd-print")
    lesson.page.screenshot(path=artifacts / "print_all.png")
    assert place.locator("section").count() == 17
    cut = place.evaluate(
        """place => [...place.querySelectorAll("section")].flatMap(page => {
            const room = page.getBoundingClientRect();
            return [...page.querySelectorAll("svg, math, .sentence")].filter(e => {
                const r = e.getBoundingClientRect();
                return r.left < room.left - 1 || r.right > room.right + 1;
            }).map(e => e.tagName);
        })"""
    )
    assert cut == []
    assert place.locator("svg").first.evaluate("svg => getComputedStyle(svg).backgroundColor") == "rgb(255, 255, 255)"
    assert place.locator("section").nth(3).evaluate("page => getComputedStyle(page, '::before').content") == (
        '"f(x) · Reverse accumulation · w12 · Step 4 of 17"'
    )


# -- pictures that are saved ------------------------------------------------------------------------------------------


def test_a_saved_step_is_a_picture_of_its_own_with_its_words(lesson, artifacts):
    lesson.region.focus()
    lesson.press(*["ArrowRight"] * 3)
    with lesson.page.expect_download() as download:
        choose(lesson, "Save this step (SVG)")
    assert download.value.suggested_filename == "f-x-y-reverse-4.svg"
    path = artifacts / "saved_step.svg"
    download.value.save_as(path)
    root = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  what our own page wrote
    words = [text.text for text in root.iter(f"{SVG}text") if text.text]
    assert "∂f/∂w₁ = -0.4161" in words
    assert "∂f/∂w₁: 0 + (-0.4161) = -0.4161" in words
    assert not any("2.584" in word for word in words)
    assert not list(root.iter(f"{SVG}style"))
    assert "color(" not in path.read_text(encoding="utf-8")
    assert {key for e in root.iter() for key in e.attrib if key in ("id", "href", "style")} == set()


def test_a_page_offers_no_animation_since_only_a_kernel_draws_it(lesson):
    expect(menu(lesson).get_by_role("button", name="Save the animation (SVG)")).to_have_count(0)


SEEN = """() => [...document.querySelectorAll("text")]
    .filter(t => t.textContent && getComputedStyle(t).visibility === "visible")
    .map(t => t.textContent).sort()"""


@pytest.mark.parametrize("mode", ["evaluation", "forward", "reverse"])
def test_the_animation_shows_at_each_time_what_the_step_shows(mode, browser, tmp_path, artifacts):
    graph = example()
    story = storyboard.story(graph)
    sweep = storyboard.sweep(graph, mode, key_of(graph, mode, None))
    moving, still = tmp_path / "moving.svg", tmp_path / "still.svg"
    moving.write_text(frames.animated(story, sweep, 2.0), encoding="utf-8")
    context = browser.new_context(reduced_motion="no-preference", offline=True)
    film, picture = context.new_page(), context.new_page()
    film.goto(moving.as_uri())
    film.evaluate("document.getAnimations().forEach(a => a.pause())")
    count = len(sweep["steps"])
    for step in range(1, count + 1):
        still.write_text(frames.still(story, sweep, step), encoding="utf-8")
        picture.goto(still.as_uri())
        for time in (2000 * step - 1990, 2000 * step - 10):
            film.evaluate("time => document.getAnimations().forEach(a => { a.currentTime = time; })", time)
            assert film.evaluate(SEEN) == picture.evaluate(SEEN), f"step {step}"
    film.screenshot(path=artifacts / f"animation_{mode}.png")
    film.evaluate("time => document.getAnimations().forEach(a => { a.currentTime = time; })", 2000 * (count + 1) + 10)
    still.write_text(frames.still(story, sweep, 1), encoding="utf-8")
    picture.goto(still.as_uri())
    assert film.evaluate(SEEN) == picture.evaluate(SEEN), "it begins again"
    context.close()


def test_reduced_motion_shows_the_last_step(browser, tmp_path):
    stepper = lab.show(example())
    path = stepper.to_animated_svg(tmp_path / "moving.svg")
    context = browser.new_context(reduced_motion="reduce", offline=True)
    film = context.new_page()
    film.goto(path.as_uri())
    assert film.evaluate("document.getAnimations().length") == 0
    assert "f(x, y) · Reverse accumulation · Step 6 of 6" in film.evaluate(SEEN)
    context.close()
