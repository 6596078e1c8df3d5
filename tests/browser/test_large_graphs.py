"""Large graphs on the screen: boxes that are stepped over, opened and closed; a picture that is zoomed, moved and followed."""

import json

import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.views import assets
from tests.browser.conftest import Lesson
from tests.graphs import network

pytestmark = pytest.mark.browser

HOST = """async ([script, style, values]) => {
    const { default: widget } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    const listeners = new Map();
    const fire = (names) => names.forEach((name) => listeners.get(`change:${name}`)?.forEach((listener) => listener()));
    let pending = {};
    const model = {
        get: (name) => values[name],
        set(name, value) { if (values[name] !== value) { values[name] = pending[name] = value; fire([name]); } },
        on: (event, listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
        off() {},
        async save_changes() {
            const told = pending;
            pending = {};
            const answer = JSON.parse(await kernel(JSON.stringify(told)));
            Object.assign(values, answer);
            fire(Object.keys(answer));
        },
    };
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
    widget.render({ model, el: document.body });
}"""
"""A frontend whose kernel is a real stepper in this process."""

TRAITS = ("storyboard", "sweep", "mode", "about", "step", "opened", "focus", "depth")


class Shown(Lesson):
    """A stepper in Python with its view in a page."""

    def __init__(self, page, stepper):
        super().__init__(page)
        self.stepper = stepper

    def box(self, key):
        return self.region.locator(f'[data-scope="{key}"]')

    def frame(self, scope):
        return self.region.locator(f'[data-frame="{scope}"]')

    def go(self, step):
        self.region.get_by_role("slider", name="Step", exact=True).fill(str(step))

    def scroll(self):
        return self.region.locator(".picture").evaluate("box => [box.scrollLeft, box.scrollTop]")

    def scale(self):
        return self.region.locator("svg.autograd-graph").evaluate(
            "svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
        )

    def in_sight(self, locator):
        return locator.evaluate(
            """thing => {
                const [own, box] = [thing, thing.closest(".picture, .trace")].map((element) => element.getBoundingClientRect());
                const across = own.left >= box.left - 1 && own.right <= box.right + 1;
                return across && own.top >= box.top - 1 && own.bottom <= box.bottom + 1;
            }"""
        )


@pytest.fixture
def shown(browser):
    """Shows a graph: what the page changes goes to the stepper, what that makes of it comes back."""
    pages, errors = [], []

    def show(graph, *, width=1180, **options):
        stepper = lab.show(graph, **options)

        def kernel(told):
            before = {name: getattr(stepper, name) for name in TRAITS}
            stepper.set_state(json.loads(told))
            return json.dumps({name: getattr(stepper, name) for name in TRAITS if getattr(stepper, name) != before[name]})

        page = browser.new_page(viewport={"width": width, "height": 1000}, reduced_motion="reduce")
        pages.append(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.expose_function("kernel", kernel)
        state = {name: getattr(stepper, name) for name in (*TRAITS, "parts")}
        page.evaluate(HOST, [assets.script("widget.js"), assets.style(*assets.STEPPER), state])
        return Shown(page, stepper)

    yield show
    for page in pages:
        page.close()
    assert errors == []


def test_a_network_is_stepped_box_by_box(shown):
    view = shown(network(layers=6, width=3), limit=60)
    view.region.focus()
    waiting = "layer6: 21 operations, 12 inputs, collapsed, 0 of 42 edges visited"
    expect(view.box("layer6")).to_have_attribute("aria-label", waiting)
    view.go(next(i for i, step in enumerate(view.stepper.sweep["steps"], 1) if step.get("box")))
    visited = "layer6: 21 operations, 12 inputs, collapsed, 42 of 42 edges visited, current step"
    expect(view.box("layer6")).to_have_attribute("aria-label", visited)
    expect(view.status).to_contain_text("layer6: 42 edges; out of it: adjoint of ")
    assert view.region.locator("tr[aria-current=step] th").all_inner_texts() == ["layer6"]
    assert view.region.locator("[data-edge][aria-current=step]").count() == 0
    assert view.region.locator("[data-scope][aria-current=step]").count() == 1


def test_a_box_is_opened_at_its_first_edge_and_closed_at_the_same_place(shown):
    view = shown(network(layers=6, width=3), limit=60)
    first = next(i for i, step in enumerate(view.stepper.sweep["steps"], 1) if step.get("box") == "layer4")
    view.go(first)
    expect(view.box("layer4")).to_have_attribute("aria-current", "step")
    view.button("Step inside").click()
    expect(view.frame("layer4")).to_be_visible()
    assert view.stepper.opened == ["layer4"]
    (edge,), _, _ = view.current()
    steps = list(view.stepper.graph.reverse())
    inside = [step.edge.id for step in steps if step.edge and step.edge.target.scope == "layer4"]
    assert edge == inside[0]
    assert view.progress() == f"Step {view.stepper.step} of {len(view.stepper.sweep['steps'])}"
    view.button("Next step").click()
    assert view.current()[0] == [inside[1]]
    view.button("Step outside").click()
    expect(view.box("layer4")).to_have_attribute("aria-current", "step")
    assert view.stepper.opened == []


def test_enter_on_a_box_opens_it_and_on_its_frame_closes_it(shown):
    view = shown(network(layers=6, width=3), limit=60)
    view.box("layer2").focus()
    view.press("Enter")
    expect(view.frame("layer2")).to_have_attribute("aria-label", "layer2, open")
    view.frame("layer2").focus()
    view.press("Enter")
    expect(view.box("layer2")).to_have_attribute("aria-expanded", "false")
    assert view.box("layer2").evaluate("group => group.ownerDocument.activeElement.closest('.autograd-stepper') !== null")


def test_a_cut_moves_to_the_rest_that_is_opened_and_reaches_as_far_as_asked(shown):
    view = shown(network(layers=20, width=4, scoped=False))
    label = view.stepper.graph.outputs[0].label
    expect(view.region.get_by_text(f"Cut around {label}")).to_be_visible()
    view.box("/before").focus()
    view.press("Enter")
    expect(view.region.get_by_text(f"Cut around {label}")).to_have_count(0)
    assert view.stepper.focus not in ("", label)
    nodes = len(view.stepper.storyboard["nodes"])
    view.button("Show less").click()
    expect(view.region.get_by_text(f"Cut around {view.stepper.focus}")).to_be_visible()
    view.page.wait_for_function("n => document.querySelectorAll('[data-node]').length < n", arg=nodes)


@pytest.mark.parametrize("width", [1180, 480])
def test_the_step_is_kept_in_sight(shown, width):
    view = shown(network(), width=width)
    view.region.focus()
    for _ in range(12):
        view.press("ArrowRight")
        assert view.in_sight(view.region.locator("[data-scope][aria-current=step], [data-node][aria-current=step]").first)
    view.press("End")
    expect(view.box("layer1")).to_have_attribute("aria-current", "step")
    assert view.in_sight(view.box("layer1"))


def test_the_picture_is_zoomed_and_moved_by_keys_and_buttons(shown):
    view = shown(network(layers=12, width=2), limit=60)
    view.region.focus()
    usual = view.scale()
    view.press("+")
    assert view.scale() == pytest.approx(1.25 * usual, rel=0.02)
    left = view.scroll()[0]
    view.press("Shift+ArrowLeft")
    assert view.scroll()[0] < left
    view.press("-", "-")
    assert view.scale() == pytest.approx(usual / 1.25, rel=0.02)
    view.press("0")
    box = view.region.locator(".picture").evaluate("box => [box.scrollWidth, box.clientWidth]")
    assert box[0] <= box[1] + 1
    view.button("Zoom in").click()
    view.button("Zoom out").click()
    view.button("Fit").click()
    assert "Step 1 of" in view.progress()


def test_a_mouse_drags_the_picture_and_a_plain_wheel_scrolls_the_page(shown):
    view = shown(network(layers=12, width=2), limit=60)
    place = view.region.locator(".picture").bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    left = view.scroll()[0]
    view.page.mouse.move(x, y)
    view.page.mouse.down()
    view.page.mouse.move(x + 150, y, steps=4)
    view.page.mouse.up()
    assert view.scroll()[0] == pytest.approx(left - 150, abs=2)
    assert view.stepper.opened == []  # the end of a drag is no click
    scale, top = view.scale(), view.page.evaluate("scrollY")
    view.page.mouse.wheel(0, 120)
    view.page.wait_for_function("top => scrollY > top", arg=top)
    assert view.scale() == scale
    place = view.region.locator(".picture").bounding_box()
    view.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    view.page.keyboard.down("Control")
    view.page.mouse.wheel(0, -120)
    view.page.keyboard.up("Control")
    view.page.wait_for_function(
        "scale => document.querySelector('svg.autograd-graph').getBoundingClientRect().width > scale",
        arg=scale * 1.1 * view.region.locator("svg.autograd-graph").evaluate("svg => svg.viewBox.baseVal.width"),
    )


def test_size_outlives_a_picture_made_anew(shown):
    view = shown(network(layers=12, width=2), limit=60)
    view.region.focus()
    view.press("-", "-")
    scale = view.scale()
    view.box("layer11").focus()
    view.press("Enter")
    expect(view.frame("layer11")).to_be_visible()
    assert view.scale() == pytest.approx(scale, rel=0.02)


def test_a_long_table_is_still_one_table_of_rows_and_cells(shown):
    view = shown(network(layers=4, width=4), limit=1000)
    table = view.region.get_by_role("table", name="Evaluation trace")
    assert table.get_by_role("row").count() == 1 + len(view.stepper.graph.nodes)
    view.region.focus()
    view.press("End")
    row = view.region.locator("tr[aria-current=step]")
    assert view.in_sight(row)
    tops = row.locator("td, th").evaluate_all("cells => new Set(cells.map(cell => cell.getBoundingClientRect().top)).size")
    assert tops == 1
