"""The exported comparison in Chromium, from a file, with the network off: two panels that fill one Jacobian."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.views import assets
from autograd_lab.views.comparison import Compared
from autograd_lab.views.verdict import story

pytestmark = pytest.mark.browser

MODES = ("Forward accumulation", "Reverse accumulation")
TABLES = ("Jacobian, filled column by column", "Jacobian, filled row by row")
SAID = """region => [region.innerText, ...[...region.querySelectorAll("*")].flatMap(e => [
    e.getAttribute("aria-label"), e.getAttribute("aria-valuetext"), e.getAttribute("title")])].filter(Boolean).join("\\n")"""

BOXES = """all => all.map(e => {
    const { x, y, width, height } = e.getBoundingClientRect();
    return [x, y, width, height];
})"""


def f(x, y, z):
    return x * y + np.sin(z) * np.exp(x), y * z


class Race:
    """One comparison, reached as a person reaches it: by role and name."""

    def __init__(self, page):
        self.page = page
        self.region = page.get_by_role("region", name="Forward against reverse")
        self.status = self.region.get_by_role("status")
        self.panels = [self.region.get_by_role("group", name=mode) for mode in MODES]
        self.tables = [self.region.get_by_role("table", name=name) for name in TABLES]

    def button(self, name):
        return self.region.get_by_role("button", name=name, exact=True)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def progress(self):
        return self.region.locator(".step-count").inner_text()

    def counters(self):
        return [[int(text) for text in panel.locator("dd").all_inner_texts()] for panel in self.panels]

    def cells(self, table):
        return [row.locator("td").all_inner_texts() for row in self.tables[table].locator("tbody tr").all()]


@pytest.fixture
def raced(offline, tmp_path):
    def open_comparison(function, *arguments, step=0, **options):
        comparison = lab.compare(function, *arguments)
        comparison.step = step
        return Race(offline(comparison.to_html(tmp_path / "comparison.html"), **options))

    return open_comparison


@pytest.fixture
def race(raced):
    race = raced(f, 0.7, 1.3, 2.1)
    race.region.focus()
    return race


def test_what_a_person_can_reach_has_its_name(race):
    expect(race.region).to_have_count(1)
    expect(race.status).to_have_text("Nothing has been swept yet: both grids are empty.")
    for name in ("First step", "Previous step", "Next step", "Last step", "Play", "Full screen"):
        expect(race.button(name)).to_have_count(1)
    for panel, table in zip(race.panels, race.tables, strict=True):
        expect(panel).to_have_count(1)
        expect(table.get_by_role("columnheader")).to_have_text(["x", "y", "z"])
        expect(table.get_by_role("rowheader")).to_have_text(["w8", "w9"])
        assert panel.get_by_role("term").all_inner_texts() == ["Sweeps", "Edges visited", "Multiplications"]


def test_the_style_that_jupyter_has_for_lists_does_not_squeeze_the_names_of_the_counters(race):
    race.page.evaluate("document.body.classList.add('jp-RenderedHTMLCommon')")
    race.page.add_style_tag(content=".jp-RenderedHTMLCommon dt { font-weight: bold; float: left; width: 20% }")
    terms = race.region.locator("dt")
    assert terms.evaluate_all("all => all.map(e => e.clientWidth / e.parentElement.clientWidth)") == [1] * 6
    assert terms.evaluate_all("all => all.map(e => getComputedStyle(e).fontWeight)") == ["400"] * 6


def test_forward_fills_columns_and_reverse_fills_rows_with_the_same_numbers(race):
    known = []
    for _ in range(2):
        race.press("ArrowRight")
        known.append([[[cell != "" for cell in row] for row in race.cells(table)] for table in (0, 1)])
    assert known[0] == [[[True, False, False], [True, False, False]], [[True, True, True], [False, False, False]]]
    assert known[1] == [[[True, True, False], [True, True, False]], [[True, True, True], [True, True, True]]]
    expect(race.panels[1].get_by_text("✓ done")).to_be_visible()
    expect(race.panels[0].get_by_text("done")).to_have_count(0)
    race.press("End")
    assert race.cells(0) == race.cells(1)
    assert all(cell for row in race.cells(0) for cell in row)


def test_both_panels_count_what_their_sweeps_cost_in_the_same_units(race):
    graph = lab.trace(f, 0.7, 1.3, 2.1)
    forward = [graph.forward(wrt=node).cost for node in graph.inputs]
    reverse = [graph.reverse(of=node).cost for node in graph.outputs]
    for step in range(4):
        expected = [
            [len(costs[:step]), sum(cost.edges for cost in costs[:step]), sum(cost.multiplications for cost in costs[:step])]
            for costs in (forward, reverse)
        ]
        assert race.counters() == expected
        race.press("ArrowRight")


def test_the_last_step_closes_with_the_sentence(race):
    closing = story(Compared(lab.trace(f, 0.7, 1.3, 2.1)))["closing"]
    assert re.match(
        r"3 inputs, 2 outputs: forward accumulation needs 3 sweeps \(.*\), reverse accumulation 2 \(.*\)\.", closing
    )
    race.press("ArrowRight", "ArrowRight")
    expect(race.status).not_to_contain_text("inputs")
    race.press("ArrowRight")
    expect(race.status).to_have_text(f"Forward sweep 3 of 3, from z, fills its column. Reverse accumulation is done. {closing}")


def test_no_entry_is_seen_or_heard_before_its_sweep(race):
    told = story(Compared(lab.trace(f, 0.7, 1.3, 2.1)))
    columns, rows = ([sweep["cells"] for sweep in told["sweeps"][mode]] for mode in ("forward", "reverse"))
    hidden = 0
    for step in range(4):
        said = race.region.evaluate(SAID)
        known = {cell for cells in (*columns[:step], *rows[:step]) for cell in cells}
        for cell in {cell for cells in columns for cell in cells} - known:
            if len(cell) > 3:
                hidden += 1
                assert cell not in said
        race.press("ArrowRight")
    assert hidden >= 2


def test_keys_and_buttons_step_and_the_ends_hold(race):
    race.press("ArrowLeft", "n")
    assert race.progress() == "Sweep 0 of 3"
    race.press("End", "ArrowRight", "PageDown", "n")
    assert race.progress() == "Sweep 3 of 3"
    race.press("ArrowLeft")
    assert race.progress() == "Sweep 2 of 3"
    race.press("Home")
    assert race.progress() == "Sweep 0 of 3"
    race.button("Next step").click()
    assert race.progress() == "Sweep 1 of 3"
    race.press(" ")  # the button keeps Space
    assert race.progress() == "Sweep 2 of 3"
    race.button("Last step").click()
    expect(race.button("Last step")).to_have_attribute("aria-disabled", "true")
    expect(race.button("Last step")).to_be_focused()
    race.button("Previous step").click()
    race.button("First step").click()
    assert race.progress() == "Sweep 0 of 3"
    race.region.get_by_role("slider", name="Sweep").focus()
    race.press("ArrowRight", "ArrowRight")
    assert race.progress() == "Sweep 2 of 3"


def test_space_plays_to_the_end_and_begins_again(race):
    race.press("ArrowRight", " ")
    expect(race.button("Pause")).to_have_count(1)
    expect(race.region.locator(".step-count")).to_have_text("Sweep 3 of 3", timeout=5000)
    expect(race.button("Play")).to_have_count(1)
    race.press(" ")
    assert race.progress() == "Sweep 0 of 3"
    expect(race.button("Pause")).to_have_count(1)
    race.press(" ")
    expect(race.button("Play")).to_have_count(1)


def test_escape_leaves_full_screen_first_and_then_the_region(race):
    race.button("Full screen").click()
    expect(race.button("Full screen")).to_have_attribute("aria-pressed", "true")
    race.region.focus()
    race.press("Escape")
    expect(race.button("Full screen")).to_have_attribute("aria-pressed", "false")
    race.region.focus()
    race.press("Escape", "ArrowRight")
    expect(race.region).not_to_be_focused()
    assert race.progress() == "Sweep 0 of 3"


def test_the_small_picture_shows_which_edges_a_sweep_visits(race):
    race.press("ArrowRight", "ArrowRight")
    told = story(Compared(lab.trace(f, 0.7, 1.3, 2.1)))["sweeps"]
    for panel, mode in zip(race.panels, ("forward", "reverse"), strict=True):
        sweep = told[mode][1]
        marked = panel.locator("[data-edge].visited").evaluate_all("all => all.map(edge => edge.dataset.edge)")
        assert sorted(marked) == sorted(sweep["visited"])
        dashed = panel.locator("[data-edge].unreached-source").evaluate_all("all => all.map(edge => edge.dataset.edge)")
        assert sorted(dashed) == sorted(sweep["unreached"])
        name = f"The graph: this sweep visits {len(marked)} of {panel.locator('[data-edge]').count()} edges"
        expect(panel.get_by_role("img", name=name)).to_have_count(1)
    assert len(told["reverse"][1]["visited"]) == 2


@pytest.mark.parametrize("width", [1180, 480])
@pytest.mark.parametrize("size", [3, 12])
def test_nothing_in_grids_and_pictures_moves_at_a_step(size, width, raced):
    race = raced(lambda x: np.cumsum(x * -123.456), np.linspace(1, 2, size), width=width, height=1400)
    race.region.focus()
    places = []
    for _ in range(size + 1):
        for box in race.region.locator(".jacobian").all():
            box.evaluate("box => { box.scrollLeft = box.scrollTop = 0; }")
        places.append(race.region.locator(":is(td, th, [data-node], .panel)").evaluate_all(BOXES))
        race.press("ArrowRight")
    assert all(place == places[0] for place in places)


def test_a_grid_with_many_cells_still_says_its_numbers(raced):
    race = raced(lambda x: np.sum(x * x), np.arange(1.0, 13.0), step=2)
    row = race.tables[0].locator("tbody td")
    assert row.all_text_contents() == ["2", "4", *[""] * 10]
    expect(row.nth(1)).to_have_attribute("title", "4")
    expect(race.region.get_by_text("With more than 8 rows or columns")).to_be_visible()


def test_where_costs_are_only_counted_they_stand_there_at_once(raced):
    race = raced(lambda x: np.sum(x * x), np.ones(100))
    assert race.counters() == [[100, 300, 20000], [1, 3, 200]]
    expect(race.status).to_contain_text("forward accumulation needs 100 sweeps")
    expect(race.region.get_by_role("table")).to_have_count(0)
    race.region.focus()
    race.press("ArrowRight", " ", "End")
    expect(race.button("Play")).to_have_attribute("aria-disabled", "true")


def test_a_mode_that_stops_says_so_and_leaves_its_cells_empty(raced):
    def overwritten(x):
        c = np.exp(x)
        d = c * c
        c += 1.0
        return np.sum(d)

    race = raced(overwritten, np.array([1.0, 2.0]), step=2)
    for panel in race.panels:
        expect(panel.get_by_text("stopped", exact=True)).to_be_visible()
    assert race.cells(0) == race.cells(1) == [["", ""]]
    expect(race.status).to_contain_text("forward accumulation cannot be finished")


@pytest.mark.parametrize(("width", "side_by_side"), [(1180, True), (480, False), (360, False)])
def test_the_panels_stand_side_by_side_or_one_above_the_other(width, side_by_side, raced):
    race = raced(f, 0.7, 1.3, 2.1, width=width)
    left, right = (panel.bounding_box() for panel in race.panels)
    assert (left["y"] == right["y"]) is side_by_side
    assert (left["x"] == right["x"]) is not side_by_side
    assert race.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_names_that_break_markup_are_shown_and_harm_nothing(offline, tmp_path):
    name = "</script><img src=x onerror=alert(1)>"
    comparison = lab.compare(np.sin(lab.tensor(1.0, requires_grad=True, name=name)))
    race = Race(offline(comparison.to_html(tmp_path / "hostile.html")))
    expect(race.tables[0].get_by_role("columnheader")).to_have_text([name])
    assert race.page.locator("img").count() == 0


HOST = """async ([script, comparison]) => {
    const { default: widget } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    const values = { comparison, step: 0 };
    const listeners = new Set();
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
    globalThis.ends = [1, 2].map(() => {
        const host = document.body.appendChild(document.createElement("div"));
        const el = host.attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
        return widget.render({ model, el });
    });
}"""


def test_two_views_of_one_widget_go_in_step_and_leave_nothing_behind(browser):
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.evaluate(HOST, [assets.script("compare-widget.js"), story(Compared(lab.trace(f, 0.7, 1.3, 2.1)))])
    regions = page.get_by_role("region", name="Forward against reverse")
    regions.first.focus()
    page.keyboard.press("ArrowRight")
    for region in regions.all():
        expect(region.locator(".step-count")).to_have_text("Sweep 1 of 3")
    page.evaluate("ends.forEach(end => end())")
    expect(regions).to_have_count(0)
    assert page.evaluate("listening()") == 0
    page.close()
    assert errors == []


@pytest.mark.parametrize(
    ("name", "options"), [("light", {}), ("dark", {"scheme": "dark"}), ("narrow", {"width": 480}), ("coarse", {})]
)
def test_pictures_for_a_person_to_look_at(name, options, raced, artifacts):
    coarse = (lambda x: np.cumsum(x * x), np.arange(1.0, 21.0))
    race = raced(*(coarse if name == "coarse" else (f, 0.7, 1.3, 2.1)), step=2, **options)
    picture = artifacts / f"compare-{name}.png"
    race.page.screenshot(path=picture, full_page=True)
    assert picture.stat().st_size > 10_000


@pytest.mark.parametrize("width", [420, 560, 900])
def test_a_comparison_in_the_same_notebook_moves_nothing_in_a_stepper(offline, tmp_path, width):
    stepper = lab.show(f, 0.7, 1.3, 2.1, mode="forward", wrt="x")
    page = offline(stepper.to_html(tmp_path / "stepper.html"), width=width)
    parts = page.locator(".controls > *, .modes label, .trace td")
    alone = parts.evaluate_all(BOXES)
    page.add_style_tag(content=assets.comparison_style())
    assert parts.evaluate_all(BOXES) == alone


def test_a_stepper_in_the_same_notebook_moves_no_control_of_a_comparison(raced):
    race = raced(f, 0.7, 1.3, 2.1, width=420)
    parts = race.region.locator(".controls > *")
    alone = parts.evaluate_all(BOXES)
    race.page.add_style_tag(content=assets.style(*assets.STEPPER))
    assert parts.evaluate_all(BOXES) == alone
