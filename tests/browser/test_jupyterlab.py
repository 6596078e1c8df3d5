"""The stepper in a real JupyterLab and a real Notebook 7 with a real kernel: keys, mouse, phases, and what Python is told."""

import base64
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import expect

import autograd_lab as lab
from tests.browser.conftest import Lesson, example, f
from tests.browser.servers import KERNEL, REGION

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = [
    """\
import numpy as np
import autograd_lab as lab

def f(x, y):
    return x * y + np.sin(x)

stepper = lab.show(f, 2.0, 3.0)
clicked = []
stepper.on_click(clicked.append)
stepper""",
    "stepper",
    "print('python is at', stepper.mode, stepper.about, stepper.step, clicked)",
    "stepper.mode = 'forward'; stepper.about = 'y'; stepper.step = 3",
    "import ipywidgets; ipywidgets.HBox([lab.show(f, 2.0, 3.0, parts=['graph']), lab.show(f, 2.0, 3.0, mode='forward')])",
]

GROWING = [
    """\
import time
import numpy as np
import autograd_lab as lab
x = lab.tensor(2.0, requires_grad=True, name="x")
print("before")
lab.watch()
y = x
for _ in range(7):
    y = y * x
    time.sleep(0.7)
print("after")""",
    """\
def slow(x):
    for _ in range(6):
        x = x * x
        time.sleep(0.5)
    return x
graph = lab.trace(slow, 1.0)
print("traced")""",
    "%load_ext autograd_lab\nx, y = 2.0, 3.0",
    "%step -e x*y + np.sin(x)",
]

both = pytest.mark.parametrize("where", ["lab", "notebook"])


@pytest.fixture
def notebook(jupyter, contexts):
    """Opens a notebook in JupyterLab or Notebook 7, and runs its first cell."""

    def open_notebook(where, cells=CELLS):
        opened = jupyter.open(contexts(), jupyter.write(cells), where)
        opened.run(0)
        return opened

    return open_notebook


@pytest.fixture
def stepper(notebook):
    """The same, with the stepper that the first cell shows."""

    def open_stepper(where):
        opened = notebook(where)
        opened.region()
        return opened, Lesson(opened.page)

    return open_stepper


@both
def test_stepping_by_keyboard_and_mouse_in_every_phase(where, stepper, artifacts):
    opened, lesson = stepper(where)
    for mode, sweep in (("reverse", example().reverse()), ("forward", example().forward("x"))):
        lesson.choose(mode)
        for step in sweep:
            expect(lesson.status).to_have_text(step.text)
            assert lesson.current()[1:] == ([step.node.label], [step.node.label])
            lesson.press("ArrowRight")
        for step in reversed(sweep[:-1]):
            lesson.button("Previous step").click()
            expect(lesson.status).to_have_text(step.text)
    lesson.choose("evaluation")
    for node in example().nodes:
        expect(lesson.region.locator("[data-node][aria-current=step]")).to_have_attribute("data-node", node.label)
        lesson.press("ArrowRight")
    lesson.choose("reverse")
    lesson.press(*["ArrowRight"] * 4)
    opened.page.wait_for_timeout(300)  # the last paint fades in
    opened.page.screenshot(path=artifacts / f"jupyter-{where}.png")
    lesson.region.locator('[data-node="w4"]').click()
    opened.run(2)
    expect(opened.output(2)).to_contain_text("python is at reverse w5 3 [<Node w4: sin>]")


@both
def test_two_views_of_one_stepper_go_together_and_python_leads_both(where, stepper):
    opened, first = stepper(where)
    opened.run(1)
    first, second = Lesson(opened.page, opened.output(0)), Lesson(opened.page, opened.output(1))
    expect(second.region).to_have_count(1)
    first.region.focus()
    first.press("ArrowRight", "ArrowRight")
    for lesson in (first, second):
        expect(lesson.status).to_have_text(list(example().reverse())[2].text)
    opened.run(3)
    for lesson in (first, second):
        expect(lesson.status).to_have_text(list(example().forward("y"))[2].text)
        expect(lesson.select).to_have_value("w2")
        expect(lesson.radio("Forward accumulation")).to_be_checked()


def test_it_wears_the_theme_of_the_notebook(jupyter, stepper, artifacts):
    theme = jupyter.set("@jupyterlab/apputils-extension/themes", {"theme": "JupyterLab Dark"})
    opened, lesson = stepper("lab")
    theme.unlink()
    expect(opened.page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    red, green, blue = lesson.region.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3)")
    assert max(map(int, (red, green, blue))) < 64
    lesson.region.focus()
    lesson.press(*["ArrowRight"] * 3)
    opened.page.wait_for_timeout(300)
    opened.page.screenshot(path=artifacts / "jupyterlab-dark.png")


@both
def test_keys_never_reach_the_notebook_until_escape_leaves(where, stepper):
    opened, lesson = stepper(where)
    lesson.region.focus()
    lesson.press("b", "a", "d", "d", "x", "ArrowDown", "Enter", "ArrowRight")
    expect(lesson.region.locator(".step-count")).to_have_text("Step 2 of 6")
    expect(lesson.region).to_be_focused()
    expect(opened.cells).to_have_count(len(CELLS))
    lesson.press("Escape", "b")
    expect(opened.cells).to_have_count(len(CELLS) + 1)


def test_steppers_stand_side_by_side(stepper):
    opened, _ = stepper("lab")
    opened.run(4)
    regions = opened.output(4).get_by_role("region", name=REGION)
    expect(regions).to_have_count(2)
    boxes = [region.bounding_box() for region in regions.all()]
    assert min(box["width"] for box in boxes) > 300
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 1
    assert regions.first.get_by_role("table").count() == 0
    assert regions.first.get_by_role("status").count() == 1


@both
def test_after_a_kernel_restart_the_last_picture_stands_and_steps_on(where, stepper, artifacts):
    opened, lesson = stepper(where)
    lesson.region.focus()
    lesson.press("ArrowRight")
    opened.restart()
    steps = list(example().reverse())
    expect(lesson.status).to_have_text(steps[1].text)
    lesson.region.focus()
    lesson.press("ArrowRight")
    expect(lesson.status).to_have_text(steps[2].text)
    lesson.choose("forward")
    expect(lesson.region.get_by_role("alert").filter(has_text="The kernel does not answer")).to_be_visible(timeout=10_000)
    expect(lesson.region).to_have_attribute("aria-busy", "false")
    opened.page.screenshot(path=artifacts / f"restarted-{where}.png")
    lesson.choose("reverse")
    lesson.press("End")
    expect(lesson.status).to_have_text(steps[-1].text)
    assert "rror" not in opened.output(0).inner_text()


@both
def test_a_notebook_from_elsewhere_that_was_not_run_shows_the_picture(where, jupyter, contexts, artifacts):
    """As a lesson is handed out: run and saved by someone else, so that nobody here has reason to trust it."""
    path = jupyter.write(CELLS)
    data, _ = lab.show(f, 2.0, 3.0)._repr_mimebundle_()
    cell = new_code_cell("stepper", outputs=[new_output("execute_result", data, execution_count=1)], execution_count=1)
    nbformat.write(new_notebook(cells=[cell], metadata=KERNEL), path)
    opened = jupyter.open(contexts(), path, where)
    picture = opened.output(0).get_by_role("img", name="Graph of f: 5 nodes, 5 edges")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    (encoded,) = re.findall(r'base64,([^"]+)"', data["text/html"])
    assert base64.b64decode(encoded).startswith(b"<svg")
    assert "rror" not in opened.output(0).inner_text()
    opened.page.screenshot(path=artifacts / f"not-run-{where}.png")


def test_a_notebook_saved_with_its_widgets_is_stepped_through_without_a_kernel(jupyter, contexts):
    """JupyterLab's setting "Save Widget State Automatically": the next day the stepper itself is there."""
    setting = jupyter.set("@jupyter-widgets/jupyterlab-manager/plugin", {"saveState": True})
    path = jupyter.write(CELLS)
    first = contexts()
    opened = jupyter.open(first, path, "lab")
    opened.run(0)
    opened.region().focus()
    opened.page.keyboard.press("ArrowRight")
    opened.save()
    jupyter.stop_kernels(first)
    first.close()
    again = jupyter.open(contexts(), path, "lab")
    again.region()
    setting.unlink()
    lesson = Lesson(again.page)
    steps = list(example().reverse())
    expect(lesson.status).to_have_text(steps[1].text)
    lesson.region.focus()
    lesson.press("ArrowRight")
    expect(lesson.status).to_have_text(steps[2].text)


@both
def test_a_graph_grows_while_the_cell_runs_and_a_stepper_takes_its_place(where, notebook, artifacts):
    opened = notebook(where, GROWING)
    output = opened.output(0)
    expect(output.locator("img")).to_have_count(1, timeout=60_000)
    first = output.locator("img").get_attribute("src")
    expect(output.locator("img")).not_to_have_attribute("src", first)
    opened.page.screenshot(path=artifacts / f"growing-{where}.png")
    lesson = Lesson(opened.page, output)
    expect(lesson.region).to_have_count(1, timeout=20_000)
    expect(output.locator("img")).to_have_count(0)
    expect(output).to_contain_text("before")
    expect(output).to_contain_text("after")
    assert lesson.progress() == "Step 8 of 8"


@both
def test_a_long_trace_says_how_far_it_is_and_leaves_nothing(where, notebook):
    opened = notebook(where, GROWING)
    expect(opened.output(0)).to_contain_text("after", timeout=60_000)
    opened.run(1)
    expect(opened.output(1)).to_contain_text("operations recorded so far")
    expect(opened.output(1)).to_have_text(re.compile(r"^\s*traced\s*$"))
    opened.run(2)
    opened.run(3)
    lesson = Lesson(opened.page, opened.output(3))
    expect(lesson.radio("Evaluation")).to_be_checked(timeout=20_000)
    expect(lesson.region.locator(".source")).to_contain_text("x*y + np.sin(x)")
