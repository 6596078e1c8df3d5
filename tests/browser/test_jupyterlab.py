"""The stepper in a real JupyterLab with a real kernel: keys, mouse, both modes, and what Python is told."""

import os
import re
import socket
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from tests.browser.conftest import Lesson, example

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = [
    """\
import numpy as np
import autograd_lab as lab

def f(x, y):
    return x * y + np.sin(x)

stepper = lab.show(f, 2.0, 3.0)
stepper""",
    "stepper",
    "print('python is at', stepper.mode, stepper.about, stepper.step)",
    "stepper.mode = 'forward'; stepper.about = 'y'; stepper.step = 3",
    "import ipywidgets; ipywidgets.HBox([lab.show(f, 2.0, 3.0, parts=['graph']), lab.show(f, 2.0, 3.0, mode='forward')])",
]


@pytest.fixture(scope="module")
def jupyterlab(tmp_path_factory):
    """The address of a JupyterLab of its own: nothing of it is shared with the person who runs the tests."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{what}_DIR": str(folder / what.lower()) for what in ("CONFIG", "DATA", "RUNTIME")}
    work = folder / "work"
    work.mkdir()
    options = [
        "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
        "--ServerApp.password=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=",
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=work, env=os.environ | own | {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")},
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert server.poll() is None, (folder / "log").read_text()
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address, work
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def notebook(jupyterlab, browser):
    """Opens JupyterLab on a notebook of CELLS whose first one has been run; gives the page."""
    address, work = jupyterlab
    contexts = []

    def open_notebook():
        path = work / f"lesson{len(list(work.iterdir()))}.ipynb"
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in CELLS], metadata=kernel), path)
        context = browser.new_context(viewport={"width": 1280, "height": 1500})
        contexts.append(context)
        context.route(re.compile(r"^(?!http://127\.0\.0\.1|ws://127\.0\.0\.1|blob:|data:)"), lambda route: route.abort())
        page = context.new_page()
        page.goto(f"{address}/lab/tree/{path.name}?reset")
        page.get_by_text(re.compile(r"Python 3 .*\| Idle")).wait_for(timeout=60_000)
        run(page, 0)
        page.get_by_role("region", name="Autograd stepper").wait_for(timeout=60_000)
        return page

    yield open_notebook
    for context in contexts:
        context.close()


def cells(page):
    return page.locator(".jp-Notebook .jp-Cell")


def run(page, number):
    cells(page).nth(number).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def output(page, number):
    return cells(page).nth(number).locator(".jp-Cell-outputArea")


def test_stepping_by_keyboard_and_mouse_in_both_modes(notebook, artifacts):
    page = notebook()
    lesson = Lesson(page)
    for mode, sweep in (("reverse", example().reverse()), ("forward", example().forward("x"))):
        lesson.choose(mode)
        for step in sweep:
            expect(lesson.status).to_have_text(step.text)
            assert lesson.current()[1:] == ([step.node.label], [step.node.label])
            lesson.press("ArrowRight")
        for step in reversed(sweep[:-1]):
            lesson.button("Previous step").click()
            expect(lesson.status).to_have_text(step.text)
    lesson.choose("reverse")
    lesson.press(*["ArrowRight"] * 4)
    page.wait_for_timeout(300)  # the last paint fades in
    page.screenshot(path=artifacts / "jupyterlab.png")
    run(page, 2)
    expect(output(page, 2)).to_contain_text("python is at reverse w5 5")


def test_two_views_of_one_stepper_go_together_and_python_leads_both(notebook):
    page = notebook()
    run(page, 1)
    first, second = Lesson(page, output(page, 0)), Lesson(page, output(page, 1))
    expect(second.region).to_have_count(1)
    first.region.focus()
    first.press("ArrowRight", "ArrowRight")
    for lesson in (first, second):
        expect(lesson.status).to_have_text(list(example().reverse())[2].text)
    run(page, 3)
    for lesson in (first, second):
        expect(lesson.status).to_have_text(list(example().forward("y"))[2].text)
        expect(lesson.select).to_have_value("w2")
        expect(lesson.radio("Forward accumulation")).to_be_checked()


def test_it_wears_the_theme_of_the_notebook(jupyterlab, notebook, artifacts):
    _, work = jupyterlab
    theme = work.parent / "settings" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    theme.parent.mkdir(parents=True)
    theme.write_text('{"theme": "JupyterLab Dark"}', encoding="utf-8")
    page = notebook()
    theme.unlink()
    lesson = Lesson(page)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    red, green, blue = lesson.region.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3)")
    assert max(map(int, (red, green, blue))) < 64
    lesson.region.focus()
    lesson.press(*["ArrowRight"] * 3)
    page.wait_for_timeout(300)
    page.screenshot(path=artifacts / "jupyterlab-dark.png")


def test_keys_never_reach_the_notebook_until_escape_leaves(notebook):
    page = notebook()
    lesson = Lesson(page)
    lesson.region.focus()
    lesson.press("b", "a", "d", "d", "x", "ArrowDown", "Enter", "ArrowRight")
    expect(lesson.region.locator(".step-count")).to_have_text("Step 2 of 6")
    expect(lesson.region).to_be_focused()
    expect(cells(page)).to_have_count(len(CELLS))
    lesson.press("Escape", "b")
    expect(cells(page)).to_have_count(len(CELLS) + 1)


def test_steppers_stand_side_by_side(notebook):
    page = notebook()
    run(page, 4)
    regions = output(page, 4).get_by_role("region", name="Autograd stepper")
    expect(regions).to_have_count(2)
    boxes = [region.bounding_box() for region in regions.all()]
    assert min(box["width"] for box in boxes) > 300
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 1
    assert regions.first.get_by_role("table").count() == 0
    assert regions.first.get_by_role("status").count() == 1
