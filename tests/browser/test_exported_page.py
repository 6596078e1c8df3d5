"""The exported page in Chromium, from a file, with the network off: everything by role and name, keyboard and mouse."""

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.views.page import page
from tests.browser.conftest import example

pytestmark = pytest.mark.browser

REVERSE = ["w3->w5", "w4->w5", "w1->w4", "w1->w3", "w2->w3"]
FORWARD = ["w1->w3", "w2->w3", "w1->w4", "w3->w5", "w4->w5"]
SWEEPS = [("reverse", REVERSE), ("forward", FORWARD)]


def sweep_of(mode):
    graph = example()
    return list(graph.reverse() if mode == "reverse" else graph.forward("x"))


def test_what_a_person_can_reach_has_its_name(lesson):
    expect(lesson.region).to_have_count(1)
    for name in ("First step", "Previous step", "Next step", "Last step", "Play", "Full screen"):
        expect(lesson.button(name)).to_have_count(1)
    expect(lesson.radio("Forward accumulation")).not_to_be_checked()
    expect(lesson.radio("Reverse accumulation")).to_be_checked()
    expect(lesson.status).to_have_count(1)
    expect(lesson.region.get_by_role("table", name="Evaluation trace").locator("tbody tr")).to_have_count(5)
    expect(lesson.page.get_by_text("Step 1 of 6")).to_be_visible()
    assert lesson.region.locator("svg [data-node]").count() == 5
    assert lesson.region.locator("svg [data-edge]").count() == 5


def test_the_combobox_is_there_for_inputs_and_for_several_outputs(lesson, opened):
    expect(lesson.select).to_have_count(0)
    lesson.choose("forward")
    expect(lesson.region.get_by_role("combobox", name="With respect to")).to_have_value("w1")
    assert lesson.select.evaluate("e => e.tagName") == "SELECT"
    two = opened(lab.trace(lambda x: (x * x, np.sin(x)), 2.0))
    expect(two.region.get_by_role("combobox", name="Derivative of")).to_have_count(1)
    two.choose("forward")
    expect(two.region.get_by_role("combobox", name="With respect to")).to_have_count(1)


@pytest.mark.parametrize(("mode", "edges"), SWEEPS)
@pytest.mark.parametrize("by", ["keyboard", "mouse"])
def test_every_step_shows_its_edge_its_receiver_and_its_sentence(mode, edges, by, lesson):
    lesson.choose(mode)
    steps = sweep_of(mode)
    for number, step in enumerate(steps, start=1):
        expect(lesson.status).to_have_text(step.text)
        assert lesson.progress() == f"Step {number} of 6"
        label = step.node.label
        assert lesson.current() == ([] if number == 1 else [edges[number - 2]], [label], [label])
        if number < len(steps):
            lesson.press("ArrowRight") if by == "keyboard" else lesson.button("Next step").click()
    for _ in steps[1:]:
        lesson.press("ArrowLeft") if by == "keyboard" else lesson.button("Previous step").click()
    expect(lesson.status).to_have_text(steps[0].text)


def test_home_and_end_jump_and_the_ends_hold(lesson):
    lesson.region.focus()
    lesson.press("ArrowLeft")
    assert lesson.progress() == "Step 1 of 6"
    lesson.press("End", "ArrowRight")
    assert lesson.progress() == "Step 6 of 6"
    lesson.press("Home")
    assert lesson.progress() == "Step 1 of 6"
    lesson.button("Last step").click()
    assert lesson.progress() == "Step 6 of 6"
    lesson.button("First step").click()
    assert lesson.progress() == "Step 1 of 6"


def test_a_button_at_its_end_keeps_the_focus(lesson):
    lesson.button("Last step").focus()
    lesson.press("Enter")
    expect(lesson.button("Last step")).to_be_focused()
    expect(lesson.button("Last step")).to_have_attribute("aria-disabled", "true")
    lesson.press("Enter")
    assert lesson.progress() == "Step 6 of 6"


def test_controls_keep_their_own_keys(lesson):
    lesson.choose("forward")
    lesson.button("Next step").focus()
    lesson.press(" ")
    assert lesson.progress() == "Step 2 of 6"
    expect(lesson.button("Play")).to_have_count(1)
    lesson.press("ArrowRight")
    assert lesson.progress() == "Step 3 of 6"
    lesson.select.focus()
    lesson.press("ArrowDown")
    expect(lesson.select).to_have_value("w2")
    assert lesson.progress() == "Step 1 of 6"
    lesson.region.get_by_role("slider").focus()
    lesson.press("ArrowRight")
    assert lesson.progress() == "Step 2 of 6"
    lesson.press("End")
    assert lesson.progress() == "Step 6 of 6"
    lesson.radio("Forward accumulation").focus()
    lesson.press("ArrowRight")
    expect(lesson.radio("Reverse accumulation")).to_be_checked()
    assert lesson.progress() == "Step 1 of 6"


def test_changing_mode_or_variable_starts_at_step_one(lesson):
    lesson.region.focus()
    lesson.press("End")
    lesson.choose("forward")
    assert lesson.progress() == "Step 1 of 6"
    lesson.press("End")
    lesson.select.select_option("y")
    assert lesson.progress() == "Step 1 of 6"
    expect(lesson.status).to_have_text(next(iter(example().forward("y"))).text)


def test_space_plays_and_pauses(lesson):
    lesson.region.focus()
    lesson.press(" ")
    expect(lesson.button("Pause")).to_have_count(1)
    expect(lesson.region.locator(".step-count")).to_have_text("Step 3 of 6", timeout=5000)
    lesson.press(" ")
    expect(lesson.button("Play")).to_have_count(1)
    paused = lesson.progress()
    lesson.page.wait_for_timeout(1800)
    assert lesson.progress() == paused


def test_escape_leaves_full_screen_first_and_then_the_region(lesson):
    lesson.button("Full screen").click()
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "true")
    lesson.region.focus()
    lesson.press("Escape")
    expect(lesson.button("Full screen")).to_have_attribute("aria-pressed", "false")
    lesson.region.focus()
    lesson.press("Escape")
    expect(lesson.region).not_to_be_focused()
    lesson.press("ArrowRight")
    assert lesson.progress() == "Step 1 of 6"


def test_names_that_break_markup_are_shown_and_harm_nothing(opened):
    name = "<img src=x onerror=alert(1)>\"'&"
    lesson = opened(lab.graph_of(np.sin(lab.tensor(1.0, requires_grad=True, name=name))), title=f"</script>{name}")
    lesson.region.focus()
    lesson.press("End")
    expect(lesson.page.locator("h1")).to_have_text(f"</script>{name}")
    assert lesson.page.locator("img").count() == 0


def test_without_javascript_the_picture_and_the_steps_are_there(browser, tmp_path):
    graph = example()
    path = tmp_path / "lesson.html"
    path.write_text(page(graph), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, offline=True)
    tab = context.new_page()
    tab.goto(path.as_uri())
    assert str(graph.reverse()) in tab.locator("pre").inner_text()
    assert tab.get_by_role("img").count() == 1
    context.close()
