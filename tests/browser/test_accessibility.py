"""WCAG 2.2 AA as far as axe-core finds: on the exported page however it looks, and on the widget in a real JupyterLab."""

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.views.page import page as page_of
from tests.browser.axe import violations
from tests.browser.conftest import Lesson, example
from tests.browser.servers import jupyter

pytestmark = pytest.mark.browser

# Rules that have much to look at on every page: were one of them not run, finding nothing would say nothing.
ALWAYS = {
    "aria-allowed-attr",
    "button-name",
    "color-contrast",
    "label",
    "nested-interactive",
    "target-size",
}
MODES = ("Evaluation", "Forward accumulation", "Reverse accumulation")


def arrays():
    return lab.trace(lambda A, x: np.sum((A @ x) ** 2 + x), np.ones((2, 2)), np.array([1.0, 2.0]))


def scopes():
    def function(x, y):
        frozen = lab.tensor(3.0)
        with lab.scope("layer1"):
            hidden = np.tanh(x * y + frozen)
        with lab.scope("layer2"):
            return hidden * x.detach() + hidden

    return lab.trace(function, 1.0, 2.0)


LOOKS = {
    "light": (example, {}),
    "dark": (example, {"scheme": "dark"}),
    "480 px": (example, {"width": 480}),
    "320 px": (example, {"width": 320}),
    "high contrast": (example, {"system": {"forced_colors": "active"}}),
    "more contrast": (example, {"system": {"contrast": "more"}, "scheme": "dark"}),
    "arrays": (arrays, {}),
    "scopes and cuts": (scopes, {"scheme": "dark"}),
    "two outputs": (lambda: lab.trace(lambda x: (x * x, np.sin(x)), 2.0), {}),
    "graph and table alone": (example, {"parts": ["graph", "table"]}),
    "a notice": (lambda: lab.trace(lambda *xs: sum(xs), *np.arange(6.0)), {"limit": 4}),
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_phase_at_the_beginning_in_the_middle_and_at_the_end(look, opened):
    make, options = LOOKS[look]
    lesson = opened(make(), **options)
    controls = lesson.region.locator(".controls").count() == 1
    for mode in MODES if controls else [None]:
        if mode is not None:
            lesson.radio(mode).check()
        lesson.region.focus()
        for keys in (["Home"], ["ArrowRight", "ArrowRight"], ["End"]):
            lesson.press(*keys)
            assert violations(lesson.page, check=ALWAYS if controls else frozenset()) == [], (mode, keys)


def test_axe_finds_nothing_on_a_page_from_right_to_left(opened):
    lesson = opened(example())
    lesson.page.evaluate("document.documentElement.dir = 'rtl'")
    lesson.region.focus()
    lesson.press("ArrowRight")
    assert violations(lesson.page) == []


def test_axe_finds_nothing_where_derivatives_are_checked_and_a_node_is_nudged(opened):
    for scheme in ("light", "dark"):
        lesson = opened(example(), scheme=scheme, step=6)
        lesson.button("Check").click()
        lesson.button("Nudge").click()
        lesson.region.locator(".nudged").filter(has_text="w").wait_for()
        for mode in MODES:
            lesson.radio(mode).check()
            lesson.region.focus()
            lesson.press("End")
            assert violations(lesson.page, check=ALWAYS) == [], mode


@pytest.mark.parametrize("options", [{}, {"scheme": "dark"}, {"width": 480}, {"system": {"forced_colors": "active"}}], ids=str)
def test_axe_finds_nothing_in_a_comparison(options, offline, tmp_path):
    def function(x, y, z):
        return x * y + np.sin(z) * np.exp(x), y * z

    page = offline(lab.compare(function, 0.7, 1.3, 2.1).to_html(tmp_path / "comparison.html"), **options)
    page.locator(".autograd-comparison").focus()
    for key in ("Home", "ArrowRight", "End"):
        page.keyboard.press(key)
        assert violations(page, check=ALWAYS - {"label"}) == [], key


def test_axe_finds_nothing_on_a_whole_screen(opened):
    lesson = opened(example(), width=1600, height=900)
    lesson.button("Full screen").click()
    lesson.page.wait_for_timeout(300)
    assert violations(lesson.page, ".autograd-stepper") == []


def test_axe_finds_nothing_where_something_is_focused_and_marked(lesson):
    lesson.region.focus()
    lesson.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    for thing in ('[data-node="w3"]', '[data-edge="w1->w3"]', 'tr[data-of="w3"]', '.made[data-of="w3"]', ".equation [data-of]"):
        lesson.region.locator(thing).first.focus()
        assert violations(lesson.page) == [], thing


def test_axe_finds_nothing_without_javascript(browser, tmp_path):
    path = tmp_path / "lesson.html"
    path.write_text(page_of(example()), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False, offline=True)
    tab = context.new_page()
    tab.goto(path.as_uri())
    plain = tab.content()
    context.close()
    assert "without-script" in plain
    # Parsed without scripting, then shown with it: axe itself is a script.
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.evaluate(
        """html => {
            const page = new DOMParser().parseFromString(html, "text/html"); // a parser for which scripting is off
            page.querySelectorAll("script").forEach((script) => script.remove());
            page.querySelectorAll("noscript").forEach((plain) => plain.replaceWith(...plain.childNodes));
            document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
        }""",
        plain,
    )
    assert tab.get_by_role("img").count() == 1
    assert violations(tab, check={"image-alt", "color-contrast", "html-has-lang"}) == []
    context.close()


# What a change could break, and the rule that then speaks: a check that finds nothing ever would be none.
BREAKS = {
    "button-name": "button.play: b => { b.removeAttribute('aria-label'); b.removeAttribute('title'); }",
    "nested-interactive": ".transport: e => { e.setAttribute('role', 'button'); e.setAttribute('aria-label', 'Steps'); }",
    "target-size": ".transport: e => { e.innerHTML = '<button>1</button><button>2</button>'; e.style.gap = 0;"
    " for (const b of e.children) b.style.cssText = 'width: 12px; height: 12px; overflow: hidden; flex: none'; }",
    "color-contrast": ".step-count: e => { e.style.color = '#bbb'; }",
    "aria-valid-attr-value": "button.fullscreen: b => b.setAttribute('aria-pressed', 'perhaps')",
    "aria-allowed-attr": ".sentence: p => p.setAttribute('aria-checked', 'true')",
    "scrollable-region-focusable": ".notices: e => { e.style.cssText = 'height: 20px; overflow: auto';"
    " e.innerHTML = '<p style=\"height: 400px\">much</p>'; }",
    "list": ".notices: e => { e.innerHTML = '<ul><p>not an item</p></ul>'; }",
}


@pytest.mark.parametrize("rule", BREAKS)
def test_axe_would_find_it(rule, lesson):
    place, breaks = BREAKS[rule].split(": ", 1)
    lesson.region.locator(place).evaluate(breaks)
    assert [line for line in violations(lesson.page) if line.startswith(f"{rule}:")] != []


CELLS = [
    """\
import numpy as np
import autograd_lab as lab

def f(x, y):
    return x * y + np.sin(x)

stepper = lab.show(f, 2.0, 3.0)
stepper""",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with jupyter(tmp_path_factory.mktemp("everyone")) as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize(
    "system",
    [{}, {"forced_colors": "active", "color_scheme": "dark"}, {"viewport": {"width": 760, "height": 1300}}],
    ids=["usual", "high contrast", "narrow"],
)
def test_axe_finds_nothing_in_a_widget_in_jupyterlab(system, server, browser, artifacts):
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 1500}} | system))
    notebook = server.open(context, server.write(CELLS), "lab")
    notebook.run(0)
    region = notebook.region()
    lesson = Lesson(notebook.page)
    for mode in MODES:
        lesson.radio(mode).check()
        lesson.status.filter(has_text=":").wait_for(state="attached")
        region.focus()
        lesson.press("ArrowRight", "ArrowRight")
        assert violations(notebook.page, ".autograd-stepper", check=ALWAYS) == []
    # A cell whose reader writes from right to left.
    region.evaluate("r => { r.closest('.jp-OutputArea-output').dir = 'rtl'; }")
    assert violations(notebook.page, ".autograd-stepper") == []
    notebook.page.screenshot(path=artifacts / f"jupyterlab-everyone-{len(system)}.png")
    context.close()
