"""The stepper in a real marimo, which renders it in a shadow root and knows nothing of IPython."""

import pytest
from playwright.sync_api import expect

from tests.browser import servers
from tests.browser.conftest import Lesson, example

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = """\
import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import autograd_lab as lab

    def f(x, y):
        return x * y + np.sin(x)

    stepper = lab.show(f, 2.0, 3.0)
    stepper
    return lab, mo, np, stepper


@app.cell
def _(stepper):
    stepper
    return


@app.cell
def _(mo, stepper):
    said, say = mo.state("nothing yet")
    stepper.on_click(lambda thing: say(f"clicked {thing.label}"))
    stepper.observe(lambda change: say(f"python is at {change.new}"), "step")
    return (said,)


@app.cell
def _(mo, said):
    mo.md(said())
    return


@app.cell
def _(lab, np):
    x = lab.tensor(2.0, requires_grad=True, name="x")
    with lab.watch() as watch:
        np.sin(x * x)
    watch.stepper
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with servers.marimo(tmp_path_factory.mktemp("marimo"), NOTEBOOK) as address:
        yield address


@pytest.fixture
def page(address, contexts):
    """The notebook, run; whatever the page complains about fails the test."""
    complaints = []
    context = contexts()
    context.route(servers.OUTSIDE, lambda route: route.abort())
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    expect(page.get_by_role("region", name=servers.REGION)).to_have_count(3, timeout=60_000)
    yield page
    assert complaints == []


@pytest.fixture
def views(page):
    """The two views of one stepper, and that of the watch."""
    return [Lesson(page, view) for view in page.locator("marimo-anywidget").all()]


def test_it_stands_in_a_shadow_root_and_steps_in_every_phase(page, views, artifacts):
    lesson, *_ = views
    assert lesson.region.evaluate("region => region.getRootNode() instanceof ShadowRoot")
    for mode, sweep in (("reverse", example().reverse()), ("forward", example().forward("x"))):
        lesson.choose(mode)
        for step in sweep:
            expect(lesson.status).to_have_text(step.text)
            lesson.press("ArrowRight")
    lesson.choose("evaluation")
    expect(lesson.status).to_have_text("input: w1 = x = 2")  # the kernel has answered
    lesson.press("End")
    expect(lesson.region.locator("[data-node][aria-current=step]")).to_have_attribute("data-node", "w5")
    lesson.choose("reverse")
    lesson.press("ArrowRight", "ArrowRight", "ArrowRight")
    page.wait_for_timeout(300)  # the last paint fades in
    page.screenshot(path=artifacts / "marimo.png")


def test_a_second_view_stays_in_step_and_python_is_told(page, views):
    first, second, _ = views
    first.choose("reverse")
    first.press("Home", "ArrowRight", "ArrowRight")
    expect(second.status).to_have_text(list(example().reverse())[2].text)
    expect(page.get_by_text("python is at 3")).to_be_visible()
    second.region.locator('[data-node="w4"]').click()
    expect(page.get_by_text("clicked w4")).to_be_visible()


def test_keys_stay_in_the_region_until_escape_leaves(views):
    lesson, *_ = views
    lesson.choose("reverse")
    lesson.press("Home", "ArrowRight")
    assert lesson.progress() == "Step 2 of 6"
    expect(lesson.region).to_be_focused()
    lesson.press("Escape", "ArrowRight")
    expect(lesson.region).not_to_be_focused()
    assert lesson.progress() == "Step 2 of 6"


def test_a_watch_gives_its_stepper(views):
    *_, watched = views
    expect(watched.radio("Evaluation")).to_be_checked()
    assert watched.progress() == "Step 3 of 3"
