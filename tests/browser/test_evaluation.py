"""Evaluation in an exported page: nodes appear one by one, and the code says where."""

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.views import storyboard
from tests.browser.conftest import example

pytestmark = pytest.mark.browser

VISIBLE = "all => all.filter(e => getComputedStyle(e).visibility !== 'hidden').map(e => e.dataset.node ?? e.dataset.edge)"


@pytest.fixture
def evaluating(opened):
    lesson = opened(example(), mode="evaluation")
    lesson.region.focus()
    return lesson


def seen(lesson, what):
    return lesson.region.locator(f"[data-{what}]").evaluate_all(VISIBLE)


def test_it_is_a_phase_with_steps_of_its_own(lesson):
    lesson.region.focus()
    lesson.press("End")
    lesson.radio("Evaluation").check()
    assert lesson.progress() == "Step 1 of 5"
    expect(lesson.select).to_have_count(0)
    expect(lesson.status).to_have_text("input: w1 = x = 2")


def test_nodes_appear_one_by_one_with_the_edges_into_them(evaluating):
    graph = example()
    for number, node in enumerate(graph.nodes, start=1):
        assert seen(evaluating, "node") == [n.label for n in graph.nodes[:number]]
        assert sorted(seen(evaluating, "edge")) == sorted(e.id for e in graph.edges if e.target in graph.nodes[:number])
        assert evaluating.current() == ([], [node.label], [node.label])
        expect(evaluating.status).to_have_text(storyboard.sweep(graph, "evaluation", "")["steps"][number - 1]["sentence"])
        evaluating.press("ArrowRight")
    assert evaluating.progress() == "Step 5 of 5"


def test_no_value_is_seen_or_heard_before_it_is_computed(opened):
    graph = lab.trace(lambda x, y: np.exp(x * y) * np.sin(x) + np.log(y), 0.7, 1.3)
    lesson = opened(graph, mode="evaluation")
    lesson.region.focus()
    primals = [node["primal"] for node in storyboard.story(graph)["nodes"]]
    for number in range(1, len(primals)):
        said = lesson.region.evaluate(
            """region => [region.innerText, ...[...region.querySelectorAll("[aria-label]")]
                .filter(e => getComputedStyle(e).visibility !== "hidden").map(e => e.getAttribute("aria-label"))].join("\\n")"""
        )
        assert primals[number - 1] in said
        assert not any(later in said for later in primals[max(number, 2) :])  # the inputs are known from the start
        lesson.press("ArrowRight")


def test_nothing_moves_while_the_graph_grows(evaluating):
    places = []
    for _ in range(5):
        places.append(
            evaluating.region.evaluate("r => [...r.querySelectorAll('.box')].map(e => e.getBoundingClientRect().toJSON())")
        )
        evaluating.press("ArrowRight")
    assert all(there == places[0] for there in places)


def test_the_expression_that_is_computed_is_marked_in_the_code(evaluating):
    marked = []
    for _ in range(5):
        marked.append(evaluating.region.locator(".made.current").all_inner_texts())
        evaluating.press("ArrowRight")
    assert marked == [[], [], ["x * y"], ["np.sin(x)"], ["x * y + np.sin(x)"]]


def test_an_accumulation_marks_the_operation_that_its_edge_leads_into(lesson):
    lesson.region.focus()
    marked = []
    for _ in range(6):
        marked.append(lesson.region.locator(".made.current").inner_text())
        lesson.press("ArrowRight")
    assert marked == ["x * y + np.sin(x)"] * 3 + ["np.sin(x)", "x * y", "x * y"]


def test_the_code_of_a_loop_is_marked_again_each_time_round(opened):
    def powers(x):
        y = x
        for _ in range(3):
            y = y * x
        return y

    lesson = opened(lab.trace(powers, 2.0), mode="evaluation")
    lesson.region.focus()
    lesson.press("ArrowRight", "ArrowRight", "ArrowRight")
    expect(lesson.region.locator(".made")).to_have_count(1)
    assert lesson.region.locator(".made.current").inner_text() == "y * x"


def test_where_there_is_no_code_the_view_says_so(opened):
    x = lab.tensor(2.0, requires_grad=True)
    lesson = opened(lab.graph_of(x * x))
    expect(lesson.region.locator(".source")).to_contain_text("The code is not to be had")


def test_a_cut_appears_with_the_operation_that_reads_it(opened):
    def frozen(x):
        y = x * 2.0
        return y * lab.tensor(3.0, name="c")

    lesson = opened(lab.trace(frozen, 2.0), mode="evaluation")
    lesson.region.focus()
    cut = lesson.region.locator(".constant .box")
    expect(cut).to_be_hidden()
    lesson.press("End")
    expect(cut).to_be_visible()
