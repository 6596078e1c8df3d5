"""Check and nudge in a real JupyterLab: the kernel answers, and an answer is never shown beside what it is not about."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Lesson
from tests.browser.servers import jupyter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = [
    """\
import numpy as np
import autograd_lab as lab

def f(x, y):
    return x * y + np.sin(x)

stepper = lab.show(f, 2.0, 3.0)
stepper""",
    "print('python has', stepper.checking, stepper.nudged)",
    "stepper.checking = False",
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory, browser):
    with jupyter(tmp_path_factory.mktemp("checks")) as server:
        context = browser.new_context(viewport={"width": 1280, "height": 1700})
        notebook = server.open(context, server.write(CELLS), "lab")
        notebook.run(0)
        notebook.region()
        yield notebook
        context.close()


def test_the_kernel_checks_and_nudges_and_follows_the_inputs_and_the_phase(opened, artifacts):
    lesson = Lesson(opened.page)
    checks = lesson.region.locator("tbody td.checked")
    said = lesson.region.locator("p.nudged")
    lesson.region.focus()
    lesson.press("End")
    lesson.button("Check").click()
    expect(checks).to_have_text(["2.584 ✓", "2 ✓", "1 ✓", "1 ✓", "1 ✓"])
    lesson.button("Nudge").click()
    expect(said).to_have_text("w1 moved by 0.1: the output w5 moves by 0.2539; h times the adjoint says 0.2584")
    size = lesson.region.get_by_role("spinbutton", name="h =")
    size.fill("0.05")
    size.press("Tab")
    expect(said).to_contain_text("w1 moved by 0.05: the output w5 moves by 0.1281; h times the adjoint says 0.1292")
    opened.page.screenshot(path=artifacts / "checks-jupyterlab.png")
    opened.run(1)
    expect(opened.output(1)).to_contain_text("python has True {'mode': 'reverse', 'about': 'w5', 'node': 'w1', 'h': '0.05'")

    lesson.region.get_by_role("spinbutton", name="y").fill("10")
    expect(checks.first).to_have_text("9.584 ✓")
    expect(said).to_contain_text("h times the adjoint says 0.4792")

    lesson.choose("forward")
    expect(lesson.region.locator(".step-count")).to_have_text("Step 1 of 6")  # the kernel has sent the sweep
    lesson.press("End")
    expect(checks).to_have_text(["1 ✓", "0 ✓", "10 ✓", "-0.4161 ✓", "9.584 ✓"])
    expect(said).to_have_text("w1 moved by 0.05: w1 moves by 0.05; h times the tangent says 0.05")

    opened.run(2)
    expect(lesson.button("Check")).to_have_attribute("aria-pressed", "false")
    expect(checks).to_have_count(0)
