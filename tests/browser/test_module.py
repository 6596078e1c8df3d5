"""The module that anywidget loads, in a host that is not a notebook: a shadow root, several views, and their end."""

import pytest
from playwright.sync_api import expect

from autograd_lab.views import assets, storyboard
from tests.browser.conftest import Lesson, example

pytestmark = pytest.mark.browser

HOST = """async ([script, style, state]) => {
    const { default: widget } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    const { sweeps, ...values } = state;
    const listeners = new Set();
    // Only what anywidget promises; the kernel answers a moment later, when the test says so.
    globalThis.model = {
        get: (name) => values[name],
        set(name, value) {
            values[name] = value;
            for (const [event, listener] of [...listeners]) if (event === `change:${name}`) listener();
        },
        on: (event, listener) => void listeners.add([event, listener]),
        off(event, listener) {
            for (const one of listeners) if (one[0] === event && one[1] === listener) listeners.delete(one);
        },
        save_changes() {},
    };
    globalThis.listening = () => listeners.size;
    globalThis.answer = () => model.set(
        "sweep", sweeps.find(({ mode, about }) => mode === values.mode && about === values.about));
    globalThis.ends = [1, 2].map((view) => {
        const host = document.createElement("div");
        host.id = `view${view}`;
        const root = host.attachShadow({ mode: "open" });
        const el = document.createElement("div");
        root.append(Object.assign(document.createElement("style"), { textContent: style }), el);
        document.body.append(host);
        return widget.render({ model, el });
    });
}"""


@pytest.fixture
def views(browser):
    graph = example()
    state = {
        "storyboard": storyboard.story(graph),
        "sweep": storyboard.sweep(graph, "reverse", "w5"),
        "sweeps": [storyboard.sweep(graph, "forward", "w1"), storyboard.sweep(graph, "forward", "w2")],
        "mode": "reverse",
        "about": "w5",
        "step": 1,
        "parts": ["controls", "graph", "equation", "table"],
        "animation": {},
    }
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate(HOST, [assets.script("widget.js"), assets.style(*assets.STEPPER), state])
    yield [Lesson(page, page.locator(f"#view{view}")) for view in (1, 2)]
    page.close()
    assert errors == []


def test_two_views_in_shadow_roots_go_in_step(views):
    first, second = views
    first.region.focus()
    first.press("ArrowRight", "ArrowRight")
    second.button("Next step").click()
    for view in views:
        expect(view.status).to_have_text(list(example().reverse())[3].text)


def test_radios_of_two_views_are_two_groups(views):
    first, second = views
    first.choose("forward")
    for view in (first, second):
        expect(view.radio("Forward accumulation")).to_be_checked()
        expect(view.radio("Reverse accumulation")).not_to_be_checked()


def test_until_the_kernel_answers_nothing_of_another_sweep_is_shown(views):
    first, _ = views
    first.region.focus()
    first.press("End")
    first.choose("forward")
    expect(first.status).to_have_text("")
    expect(first.region).to_have_attribute("aria-busy", "true")
    assert first.current() == ([], [], [])
    expect(first.region.get_by_text("Waiting for the kernel")).to_be_visible()
    first.page.evaluate("answer()")
    expect(first.status).to_have_text(next(iter(example().forward("x"))).text)
    expect(first.region.get_by_text("Waiting for the kernel")).to_be_hidden()


def test_where_the_kernel_stays_silent_it_is_said_until_an_answer_comes(views):
    first, second = views
    first.choose("forward")
    message = "The kernel does not answer. If it was restarted, run the cell again"
    expect(first.region.get_by_role("alert").filter(has_text=message)).to_be_visible(timeout=10_000)
    expect(second.region.get_by_role("alert").filter(has_text=message)).to_be_visible()
    expect(first.region).to_have_attribute("aria-busy", "false")
    expect(first.region.get_by_text("Waiting for the kernel")).to_be_hidden()
    first.choose("reverse")
    expect(first.region.get_by_text(message)).to_be_hidden()
    first.press("End")
    expect(first.status).to_have_text(list(example().reverse())[-1].text)
    first.choose("forward")
    first.page.evaluate("answer()")
    expect(first.status).to_have_text(next(iter(example().forward("x"))).text)
    first.page.wait_for_timeout(6500)
    expect(first.region.get_by_text(message)).to_be_hidden()


def test_a_sweep_that_came_before_needs_no_kernel(views):
    first, _ = views
    first.choose("forward")
    first.choose("reverse")
    expect(first.status).to_have_text(next(iter(example().reverse())).text)


def test_escape_leaves_a_shadow_root_too(views):
    first, _ = views
    first.region.focus()
    first.press("Escape", "ArrowRight")
    assert first.progress() == "Step 1 of 6"


def test_a_part_is_shown_alone_and_its_sentence_still_spoken(views):
    first, _ = views
    first.page.evaluate("model.set('parts', ['table'])")
    expect(first.region.get_by_role("table", name="Evaluation trace")).to_be_visible()
    expect(first.region.locator("svg")).to_have_count(0)
    expect(first.region.get_by_role("button")).to_have_count(0)
    expect(first.status).to_have_text(next(iter(example().reverse())).text)
    first.region.focus()
    first.press("ArrowRight")
    expect(first.status).to_have_text(list(example().reverse())[1].text)


def test_the_animation_comes_from_the_kernel_to_the_view_that_asked(views):
    first, second = views
    first.button("View").click()
    ask = first.region.get_by_role("button", name="Save the animation (SVG)")
    ask.click()
    expect(first.region.get_by_text("Asked the kernel to draw it.")).to_be_visible()
    assert first.page.evaluate("model.get('animation')") == {"asked": 1}
    with first.page.expect_download() as download:
        first.page.evaluate("model.set('animation', { asked: 1, svg: '<svg/>', name: 'f(x, y)-reverse' })")
    assert download.value.suggested_filename == "f-x-y-reverse.svg"
    expect(first.region.get_by_text("Saved as f-x-y-reverse.svg")).to_be_visible()
    expect(second.region.get_by_text("Saved as")).to_have_count(0)


def test_pages_are_printed_from_a_shadow_root_with_their_style(views):
    first, _ = views
    first.page.evaluate("() => { window.print = () => {}; }")
    first.button("View").click()
    first.region.get_by_role("button", name="Print all steps").click()
    pages = first.page.locator("body > .autograd-print > section")
    expect(pages).to_have_count(6)
    first.page.emulate_media(media="print")
    assert pages.first.evaluate("page => getComputedStyle(page).display") == "grid"
    expect(first.page.locator("#view1")).to_be_hidden()
    first.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(pages).to_have_count(0)


def test_type_size_and_hidden_numbers_are_one_views_own(views):
    first, second = views
    first.button("View").click()
    first.region.get_by_role("checkbox", name="Hide numbers").check()
    first.region.get_by_role("button", name="Larger type").click()
    expect(first.region.get_by_text("113 %")).to_be_visible()
    expect(second.button("Reveal")).to_have_count(0)
    assert [view.region.evaluate("r => getComputedStyle(r).zoom") for view in views] == ["1.125", "1"]


FOCUSED = """view => {
    const { activeElement: e } = document.querySelector(`#${view}`).shadowRoot;
    return e && (e.dataset.node ?? e.dataset.edge ?? e.dataset.of ?? e.getAttribute("aria-label") ?? e.value);
}"""


@pytest.mark.parametrize(
    ("place", "parts", "then"),
    [
        ('[data-node="w3"]', ["graph", "table"], "w3"),
        ('[data-edge="w1->w4"]', ["graph", "table"], "w1->w4"),
        ('tr[data-of="w2"]', ["graph", "table"], "w2"),
        ("button.play", ["controls", "table"], "Play"),
        ('input[value="reverse"]', ["controls", "table"], "reverse"),
        ('[data-node="w3"]', ["controls", "table"], "Autograd stepper"),  # no such thing any more: the region
        ("button.play", ["graph", "table"], "Autograd stepper"),
    ],
)
def test_a_view_that_is_built_anew_keeps_the_focus_where_it_was(place, parts, then, views):
    first, second = views
    first.region.locator(place).focus()
    first.page.evaluate("parts => model.set('parts', parts)", parts)
    assert first.page.evaluate(FOCUSED, "view1") == then
    assert second.page.evaluate(FOCUSED, "view2") is None
    first.press("End")
    assert first.region.locator("tr[aria-current=step]").get_attribute("data-of") == "w2"


def test_a_view_without_the_focus_takes_none_when_it_is_built_anew(views):
    first, _ = views
    first.page.evaluate("model.set('parts', ['graph'])")
    assert first.page.evaluate("document.activeElement === document.body")


def test_a_view_that_is_closed_leaves_nothing_behind(views):
    first, second = views
    first.region.focus()
    first.press(" ")
    first.page.evaluate("ends[0]()")
    expect(first.region).to_have_count(0)
    expect(second.button("Play")).to_have_count(1)
    first.page.evaluate("ends[1]()")
    assert first.page.evaluate("listening()") == 0
