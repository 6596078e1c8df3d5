"""A headless Chromium, and the lesson's page opened from a file with the network off."""

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.views.page import page as page_of
from tests.browser import servers


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """A running Jupyter server: JupyterLab and Notebook 7."""
    with servers.jupyter(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def contexts(browser):
    """Makes browsers that know nothing of each other; the test ends with all of them closed."""
    made = []

    def new_context(**options):
        made.append(browser.new_context(viewport={"width": 1280, "height": 1500}, **options))
        return made[-1]

    yield new_context
    for context in made:
        context.close()


@pytest.fixture
def offline(browser):
    """Opens a file with the network off; whatever the page complains about fails the test."""
    complaints = []
    contexts = []

    def open_file(path, *, width=1180, height=1000, scheme="light", motion="reduce", system=None):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion=motion,
            offline=True,
            **(system or {}),  # what else the person's system asks for, as Playwright names it
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def opened(offline, tmp_path):
    """Opens the page of a graph."""

    def open_page(graph, *, width=1180, height=1000, scheme="light", motion="reduce", system=None, **options):
        path = tmp_path / "lesson.html"
        path.write_text(page_of(graph, **options), encoding="utf-8")
        return Lesson(offline(path, width=width, height=height, scheme=scheme, motion=motion, system=system))

    return open_page


@pytest.fixture
def lesson(opened):
    """The page of f(x, y) = x*y + sin(x) at (2, 3)."""
    return opened(example())


def f(x, y):
    return x * y + np.sin(x)


def example():
    return lab.trace(f, 2.0, 3.0)


class Lesson:
    """One stepper, reached as a person reaches it: by role and name."""

    def __init__(self, page, within=None):
        self.page = page
        self.region = (within or page).get_by_role("region", name="Autograd stepper")
        self.status = self.region.get_by_role("status")
        self.select = self.region.get_by_role("combobox")

    def button(self, name):
        return self.region.get_by_role("button", name=name, exact=True)

    def radio(self, name):
        return self.region.get_by_role("radio", name=name)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, mode):
        self.radio("Evaluation" if mode == "evaluation" else f"{mode.capitalize()} accumulation").check()
        self.region.focus()

    def progress(self):
        return self.region.locator(".step-count").inner_text()

    def current(self):
        """The edge, the node and the row that are current."""
        marks = {
            "[data-edge]": "all => all.map(edge => edge.dataset.edge)",
            "[data-node]": "all => all.map(node => node.dataset.node)",
            "tr": "all => all.map(row => row.querySelector('th').textContent)",
        }
        return tuple(self.region.locator(f"{what}[aria-current=step]").evaluate_all(how) for what, how in marks.items())
