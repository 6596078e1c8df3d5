"""Inputs edited beside the graph, in a real JupyterLab: everything follows, nothing moves, and no old number is shown."""

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from tests.browser.conftest import Lesson
from tests.browser.servers import jupyter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = [
    """\
import time
import numpy as np
import autograd_lab as lab

def f(x, y):
    if x > 90:
        time.sleep(2)
    if x < 0:
        raise ValueError("x is negative")
    return x * y + np.sin(x) if y < 50 else x * y

stepper = lab.show(f, 2.0, 3.0)
stepper""",
    "print('inputs are', [node.value for node in stepper.graph.inputs], 'step', stepper.step)",
    "stepper.set_inputs({'x': 1.5})",
]


def f(x, y):
    return x * y + np.sin(x)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with jupyter(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture
def opened(server, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    notebook = server.open(context, server.write(CELLS), "lab")
    notebook.run(0)
    notebook.region()
    yield notebook
    context.close()


def field(lesson, name):
    return lesson.region.get_by_role("spinbutton", name=name)


def places(lesson):
    return lesson.region.evaluate("r => [...r.querySelectorAll('.box')].map(e => [e.getAttribute('x'), e.getAttribute('y')])")


def test_values_steps_and_equations_follow_and_the_step_stays(opened, artifacts):
    lesson = Lesson(opened.page)
    lesson.region.focus()
    lesson.press(*["ArrowRight"] * 4)
    before = places(lesson)
    field(lesson, "x").fill("0.5")
    steps = list(lab.trace(f, 0.5, 3.0).reverse())
    expect(lesson.status).to_have_text(steps[4].text)
    assert lesson.progress() == "Step 5 of 6"
    assert places(lesson) == before
    expect(field(lesson, "x")).to_be_focused()
    expect(lesson.region.get_by_role("slider", name="x")).to_have_value("0.5")
    expect(lesson.region.locator('[data-node="w1"] .primal')).to_have_text("0.5")
    opened.page.screenshot(path=artifacts / "live-inputs.png")
    lesson.region.focus()
    lesson.press("ArrowRight")
    expect(lesson.status).to_have_text(steps[5].text)
    opened.run(1)
    expect(opened.output(1)).to_contain_text("inputs are [0.5, 3.0] step 6")


def test_a_slider_moves_its_number_and_keeps_its_keys(opened):
    lesson = Lesson(opened.page)
    slider = lesson.region.get_by_role("slider", name="y")
    slider.focus()
    lesson.press("ArrowRight")
    expect(field(lesson, "y")).not_to_have_value("3")
    value = float(field(lesson, "y").input_value())
    expect(lesson.status).to_have_text(lab.trace(f, 2.0, value).reverse()[0].text)
    assert lesson.progress() == "Step 1 of 6"


def test_while_the_kernel_computes_no_old_number_is_shown(opened):
    lesson = Lesson(opened.page)
    field(lesson, "x").fill("99")
    expect(lesson.region).to_have_attribute("aria-busy", "true")
    for place in ('[data-node="w5"] .primal', ".equation", ".trace td.primal >> nth=4"):
        expect(lesson.region.locator(place)).to_be_hidden()
    expect(lesson.region).to_have_attribute("aria-busy", "false", timeout=20_000)
    expect(lesson.region.locator('[data-node="w1"] .primal')).to_have_text("99")
    expect(lesson.region.locator(".equation")).to_be_visible()


def test_what_the_function_raises_is_told_and_the_next_value_is_taken(opened):
    lesson = Lesson(opened.page)
    field(lesson, "x").fill("-1")
    alert = lesson.region.get_by_role("alert")
    expect(alert).to_contain_text("ValueError: x is negative")
    expect(lesson.region.locator(".equation")).to_be_hidden()
    field(lesson, "x").fill("1")
    expect(lesson.status).to_have_text(lab.trace(f, 1.0, 3.0).reverse()[0].text)
    expect(alert).to_have_count(0)
    expect(lesson.region.locator(".equation")).to_be_visible()


def test_another_branch_is_another_graph_and_the_field_keeps_the_focus(opened):
    lesson = Lesson(opened.page)
    field(lesson, "y").fill("60")
    expect(lesson.region.locator("[data-node]")).to_have_count(3)
    expect(field(lesson, "y")).to_be_focused()
    lesson.region.focus()
    lesson.press("End")
    assert lesson.progress() == "Step 3 of 3"


def test_python_sets_inputs_too(opened):
    lesson = Lesson(opened.page)
    opened.run(2)
    expect(field(lesson, "x")).to_have_value("1.5")
    expect(lesson.region.get_by_role("slider", name="x")).to_have_value("1.5")
    expect(lesson.region.locator('[data-node="w1"] .primal')).to_have_text("1.5")
