"""The views of one step are linked: what is hovered or focused in one is marked in all, and a click goes to its step."""

import pytest
from playwright.sync_api import expect

import autograd_lab as lab

pytestmark = pytest.mark.browser

NODE = {
    "graph": '[data-node="w4"] .box',
    "table": 'tr[data-of="w4"] td.expression',
    "code": '.made[data-of="w4"]',
}
MARKED = ['[data-node="w4"].marked', 'tr[data-of="w4"].marked', '.made[data-of="w4"].marked']


def marked(lesson):
    return lesson.region.locator(".marked").evaluate_all(
        "all => all.map(e => [e.tagName.toLowerCase(), e.dataset.node ?? e.dataset.edge ?? e.dataset.of])"
    )


@pytest.mark.parametrize("view", NODE)
def test_hovering_a_node_in_one_view_marks_it_in_all(view, lesson):
    lesson.region.locator(NODE[view]).hover()
    for place in MARKED:
        expect(lesson.region.locator(place)).to_have_count(1)
    lesson.button("First step").hover()
    assert marked(lesson) == []


def test_a_symbol_in_the_equation_is_the_node_it_stands_for(lesson):
    lesson.region.focus()
    lesson.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    for symbol in lesson.region.locator(".equation [data-of]").all():
        box = symbol.bounding_box()
        lesson.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        label = symbol.get_attribute("data-of")
        expect(lesson.region.locator(f'[data-node="{label}"].marked')).to_have_count(1)
    expect(lesson.region.locator('[data-node="w2"].marked')).to_have_count(1)
    expect(lesson.region.locator('tr[data-of="w2"].marked')).to_have_count(1)
    lesson.region.locator('[data-node="w3"] .box').hover()
    expect(lesson.region.locator('.equation [data-of="w3"].marked')).not_to_have_count(0)


def test_hovering_an_edge_marks_it_and_the_operation_it_leads_into(lesson):
    at(lesson, "w1->w4", lesson.page.mouse.move)
    assert sorted(marked(lesson)) == [["g", "w1->w4"], ["span", "w4"], ["tr", "w4"]]


def test_focus_marks_as_the_mouse_does(lesson):
    lesson.region.locator('tr[data-of="w3"]').focus()
    expect(lesson.region.locator('[data-node="w3"].marked')).to_have_count(1)
    lesson.press("ArrowDown")
    expect(lesson.region.locator('tr[data-of="w4"]')).to_be_focused()
    expect(lesson.region.locator('[data-node="w4"].marked')).to_have_count(1)
    lesson.press("ArrowUp", "ArrowUp")
    expect(lesson.region.locator('tr[data-of="w2"]')).to_be_focused()


def test_left_and_right_step_wherever_the_focus_is(lesson):
    lesson.region.locator('tr[data-of="w3"]').focus()
    lesson.press("ArrowRight", "ArrowRight")
    assert lesson.progress() == "Step 3 of 6"


def at(lesson, edge, act):
    """The mouse on an edge: a little above its line, where only what is not seen of it is hit."""
    x, y = lesson.region.locator(f'[data-edge="{edge}"] .line').evaluate(
        """line => {
            const middle = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
            return [middle.x, middle.y - 4];
        }"""
    )
    act(x, y)


def test_a_click_beside_the_line_of_an_edge_goes_to_its_step(lesson):
    at(lesson, "w1->w3", lesson.page.mouse.click)
    assert lesson.progress() == "Step 5 of 6"


CLICKS = [
    ('[data-node="w1"] .box', "Step 5 of 6"),
    ('[data-node="w2"] .box', "Step 6 of 6"),
    ('tr[data-of="w4"] td.expression', "Step 3 of 6"),
    ('.made[data-of="w3"]', "Step 2 of 6"),
]


@pytest.mark.parametrize(("place", "progress"), CLICKS)
def test_a_click_goes_to_the_step_that_completes_it(place, progress, lesson):
    lesson.region.locator(place).click()
    assert lesson.progress() == progress


def test_enter_goes_there_too(lesson):
    lesson.region.locator('[data-edge="w1->w4"]').focus()
    lesson.press("Enter")
    assert lesson.progress() == "Step 4 of 6"


def test_a_node_that_the_sweep_does_not_visit_keeps_the_step(opened):
    lesson = opened(lab.trace(lambda x, y: x * 2.0, 1.0, 2.0))
    lesson.region.locator('tr[data-of="w2"] td.expression').click()
    assert lesson.progress() == "Step 1 of 2"


def test_each_view_is_one_stop_of_the_tab_key_and_the_current_thing_is_it(lesson):
    lesson.region.focus()
    lesson.press("ArrowRight", "ArrowRight")
    stops = lesson.region.evaluate(
        """r => [".graph", ".equation", ".code", ".trace"].map(view =>
            [...r.querySelectorAll(`${view} [tabindex="0"]`)].map(e => e.dataset.edge ?? e.dataset.node ?? e.dataset.of))"""
    )
    assert [len(stop) for stop in stops] == [1, 1, 1, 1]
    assert (stops[0], stops[2], stops[3]) == (["w4->w5"], ["w5"], ["w4"])
