"""The sum over paths, checks and nudges in Chromium: on an exported page, by role and name."""

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from tests.browser.conftest import example
from tests.graphs import chain
from tests.test_paths import diamonds

pytestmark = pytest.mark.browser


def paths(lesson):
    return lesson.region.get_by_role("group", name="Sum over paths")


def column(lesson):
    """The central differences in the table, by row; None where there is no such column to see."""
    cells = lesson.region.locator("tbody td.checked")
    return cells.all_inner_texts() if cells.count() else None


def go_to(lesson, step):
    lesson.region.focus()
    lesson.press("Home", *["ArrowRight"] * (step - 1))


def test_the_sum_over_paths_appears_at_the_last_step_and_moves_nothing(lesson):
    go_to(lesson, 5)
    expect(paths(lesson)).to_have_count(0)
    assert "2 paths" not in lesson.region.inner_text()
    lesson.press("ArrowRight")
    expect(paths(lesson)).to_be_visible()
    boxes = "all => all.map(part => JSON.stringify(part.getBoundingClientRect()))"
    parts = lesson.region.locator(":scope > :not(.paths)")
    there = parts.evaluate_all(boxes)
    lesson.region.locator(".paths").evaluate("e => e.hidden = true")
    assert parts.evaluate_all(boxes) == there
    lesson.region.locator(".paths").evaluate("e => e.hidden = false")
    expect(paths(lesson).locator(".path-sum")).to_have_count(2)
    first = paths(lesson).locator(".path-sum").first.text_content()
    assert "".join(first.split()).replace("\u200b", "").replace("\u2061", "") == "∂f∂w1=1⋅1⋅w2+1⋅1⋅cos(w1)=w2+cos(w1)=2.584"
    expect(paths(lesson)).to_contain_text("3 paths, 5 edges visited. A sweep visits each edge once")
    lesson.press("ArrowLeft")
    expect(paths(lesson)).to_have_count(0)


def test_each_mode_has_its_own_sum_and_evaluation_has_none(lesson):
    lesson.choose("forward")
    lesson.press("End")
    expect(paths(lesson)).to_contain_text("2 paths, 5 edges visited")
    lesson.radio("Evaluation").check()
    lesson.region.focus()
    lesson.press("End")
    expect(paths(lesson)).to_have_count(0)


def test_beyond_the_limit_the_paths_are_counted(opened):
    lesson = opened(diamonds(12))
    lesson.region.focus()
    lesson.press("End")
    expect(paths(lesson)).to_contain_text("4,096 paths, 48 edges visited.")
    expect(paths(lesson).locator("math")).to_have_count(0)


def test_a_long_sum_wraps_and_never_makes_the_region_wider(opened):
    lesson = opened(diamonds(5), width=480)
    lesson.region.focus()
    lesson.press("End")
    wide = paths(lesson).evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert wide[0] <= wide[1]
    assert paths(lesson).locator(".path-sum").evaluate("e => e.clientHeight") > 200


def test_check_puts_the_central_difference_beside_what_is_shown_and_no_more(lesson):
    check = lesson.button("Check")
    assert column(lesson) is None
    go_to(lesson, 4)
    check.click()
    expect(check).to_have_attribute("aria-pressed", "true")
    assert column(lesson) == ["", "", "1 ✓", "1 ✓", "1 ✓"]
    expect(lesson.region.locator("p.checked")).to_have_text("w1 is not complete yet, so there is nothing to compare.")
    lesson.region.focus()
    lesson.press("ArrowRight")
    assert column(lesson) == ["2.584 ✓", "", "1 ✓", "1 ✓", "1 ✓"]
    expect(lesson.region.locator("p.checked")).to_have_text("∂f/∂w₁: central difference 2.584: agrees")
    lesson.choose("forward")
    assert column(lesson) == ["1 ✓", "0 ✓", "", "", ""]
    check.click()
    assert column(lesson) is None
    expect(lesson.region.locator("p.checked")).to_have_text("")


def test_check_is_pressed_by_keyboard_and_keeps_the_step(lesson):
    go_to(lesson, 3)
    lesson.button("Check").focus()
    lesson.press(" ")
    expect(lesson.button("Check")).to_have_attribute("aria-pressed", "true")
    assert lesson.progress() == "Step 3 of 6"


def test_a_kink_is_called_one(opened):
    lesson = opened(lab.trace(lambda x: np.abs(x) * 2.0, 0.0))
    lesson.button("Check").click()
    lesson.region.focus()
    lesson.press("End")
    assert column(lesson)[0] == "0 kink"
    expect(lesson.region.locator("p.checked")).to_contain_text(
        "no agreement, as the slope is -2 to the left and 2 to the right"
    )


def test_a_nudge_moves_the_output_by_about_h_times_the_adjoint(lesson):
    said = lesson.region.locator("p.nudged")
    go_to(lesson, 2)
    lesson.button("Nudge").click()
    expect(said).to_have_text("w1 moved by 0.1: the output w5 moves by 0.2539; the adjoint is not complete at this step")
    lesson.region.focus()
    lesson.press("End")
    expect(said).to_have_text("w1 moved by 0.1: the output w5 moves by 0.2539; h times the adjoint says 0.2584")
    lesson.region.get_by_role("combobox", name="h =").select_option("0.001")
    expect(said).to_have_text("w1 moved by 0.001: the output w5 moves by 0.002583; h times the adjoint says 0.002584")
    lesson.region.get_by_role("combobox", name="node").select_option("w4")
    expect(said).to_have_text("w4 moved by 0.001: the output w5 moves by 0.001; h times the adjoint says 0.001")


def test_a_nudge_follows_the_phase_and_is_never_of_another_sweep(lesson):
    said = lesson.region.locator("p.nudged")
    lesson.button("Nudge").click()
    lesson.choose("forward")
    expect(said).to_have_text("w1 moved by 0.1: w1 moves by 0.1; h times the tangent says 0.1")
    lesson.press("End")
    lesson.region.get_by_role("combobox", name="and watch").select_option("w5")
    expect(said).to_have_text("w1 moved by 0.1: w5 moves by 0.2539; h times the tangent says 0.2584")
    lesson.region.get_by_role("combobox", name="With respect to").select_option("w2")
    expect(said).to_have_text("w2 moved by 0.1: w5 moves by 0.2; the tangent is not complete at this step")
    lesson.button("Nudge").click()
    expect(said).to_be_hidden()


def test_a_nudge_that_is_not_open_adds_no_field(lesson):
    expect(lesson.region.get_by_role("combobox")).to_have_count(0)
    lesson.button("Nudge").click()
    expect(lesson.button("Nudge")).to_have_attribute("aria-pressed", "true")
    expect(lesson.region.get_by_role("combobox")).to_have_count(2)


def test_an_evaluation_has_nothing_to_check(lesson):
    lesson.button("Check").click()
    lesson.radio("Evaluation").check()
    expect(lesson.button("Check")).to_have_count(0)
    assert column(lesson) is None


def test_a_large_page_has_neither_and_says_why(opened):
    lesson = opened(chain(64))
    expect(lesson.button("Check")).to_have_count(0)
    expect(lesson.page.get_by_text("Check and nudge are left out of pages of more than 64 nodes")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "width", "scheme"), [("light", 1180, "light"), ("dark", 1180, "dark"), ("narrow", 480, "light")]
)
def test_how_it_looks(name, width, scheme, opened, artifacts):
    lesson = opened(example(), width=width, scheme=scheme)
    lesson.button("Check").click()
    lesson.button("Nudge").click()
    lesson.region.focus()
    lesson.press("End")
    expect(paths(lesson)).to_be_visible()
    lesson.page.screenshot(path=artifacts / f"paths-and-checks-{name}.png", full_page=True)
    assert lesson.region.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
