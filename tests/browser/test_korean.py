"""A page exported in Korean, in Chromium: its names are the contract's, and no English is left on it or said by it."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.language import using
from tests.browser.conftest import example
from tests.browser.test_arrays import large, layers
from tests.test_korean import scoped

pytestmark = pytest.mark.browser

# English that stays: names of functions and other words of code, keys of a keyboard, a format of files.
KEPT = {
    *(
        "sin",
        "cos",
        "tanh",
        "exp",
        "sum",
        "cut",
        "broadcast_to",
        "matmul",
        "axis",
        "float",
        "lab",
        "tensor",
        "detach",
        "requires_grad",
    ),
    *("False", "Home", "End", "Space", "Esc", "SVG", "layer"),
}
WORD = re.compile(r"[A-Za-z_]{3,}")
HANGUL = re.compile("[가-힣]")

# Every text on the page and every name that is spoken; formulas and code are no sentences.
SAID = """region => {
    const found = [];
    const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest("script, style, noscript, math, pre, code"))
            found.push(walker.currentNode.textContent);
    }
    for (const element of region.querySelectorAll("*"))
        for (const name of ["aria-label", "title", "placeholder", "aria-valuetext", "alt", "aria-description"])
            if (element.hasAttribute(name)) found.push(element.getAttribute(name));
    return found.filter((text) => text.trim());
}"""


@pytest.fixture
def korean(opened):
    """Opens the page of a graph, made in Korean."""

    def open_korean(graph, **options):
        with using("ko"):
            return opened(graph, **options).page

    return open_korean


def english_words(texts):
    return {word for text in texts for word in WORD.findall(text)} - KEPT


def test_what_a_person_can_reach_has_its_korean_name(korean):
    page = korean(example())
    region = page.get_by_role("region", name="자동 미분 스테퍼")
    expect(region).to_have_count(1)
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert region.get_attribute("lang") == "ko"
    for name in ("평가", "순방향 누적", "역방향 누적"):
        expect(region.get_by_role("radio", name=name, exact=True)).to_have_count(1)
    for name in ("처음 단계", "이전 단계", "다음 단계", "마지막 단계", "재생", "전체 화면"):
        expect(region.get_by_role("button", name=name, exact=True)).to_have_count(1)
    expect(region.get_by_role("table", name="계산 추적표")).to_have_count(1)
    expect(page.get_by_text("1 / 6 단계", exact=True)).to_be_visible()
    region.get_by_role("button", name="재생").click()
    expect(region.get_by_role("button", name="일시정지")).to_have_count(1)
    region.get_by_role("button", name="일시정지").click()
    region.get_by_role("radio", name="순방향 누적").check()
    expect(region.get_by_role("combobox", name="미분할 변수")).to_have_value("w1")


def test_several_outputs_are_chosen_from_in_korean(korean):
    page = korean(lab.trace(lambda x: (x * x, np.sin(x)), 2.0))
    expect(page.get_by_role("combobox", name="미분할 출력")).to_have_count(1)


def cut(x, y):
    z = np.sin(x)
    return z * y * z.detach() + lab.tensor(2.0) * x


PAGES = {
    "product plus sine": (example, {}),
    "cut": (lambda: lab.trace(cut, 2.0, 3.0), {}),
    "arrays": (layers, {}),
    "heat maps": (large, {}),
    "boxes": (lambda: lab.trace(scoped, 2.0, 3.0), {"limit": 5}),
}


@pytest.mark.parametrize("make", PAGES)
@pytest.mark.parametrize("mode", ["evaluation", "forward", "reverse"])
def test_no_step_says_anything_in_english(korean, make, mode):
    make_graph, options = PAGES[make]
    graph = make_graph()
    page = korean(graph, mode=mode, **options)
    region = page.get_by_role("region", name="자동 미분 스테퍼")
    if mode != "evaluation":
        for name in ("검산", "움직이기"):
            region.get_by_role("button", name=name, exact=True).click()
    region.focus()
    steps = int(re.findall(r"\d+", region.locator(".step-count").inner_text())[1])
    page.keyboard.press("Home")
    for _ in range(steps):
        assert english_words(page.evaluate(f"({SAID})(document.body)")) <= {graph.name}
        assert HANGUL.search(region.get_by_role("status").inner_text())
        page.keyboard.press("ArrowRight")


def test_checks_nudges_and_paths_say_what_they_found_in_korean(korean):
    page = korean(example())
    region = page.get_by_role("region", name="자동 미분 스테퍼")
    for name in ("검산", "움직이기"):
        region.get_by_role("button", name=name, exact=True).click()
    region.focus()
    page.keyboard.press("End")
    expect(region.locator("p.checked")).to_have_text("∂f/∂w₂: 중앙차분 2: 일치")
    expect(region.locator("p.nudged")).to_have_text("w1의 변화 0.1: 출력 w5의 변화 0.2539; h 곱하기 수반값은 0.2584")
    paths = region.get_by_role("group", name="모든 경로의 합")
    expect(paths).to_contain_text("경로 3개, 방문한 간선 5개. 스윕은 지나는 경로가 몇 개든 각 간선을 한 번만 방문합니다.")


def test_the_view_menu_is_korean_and_fits(korean):
    page = korean(example(), width=480)
    region = page.get_by_role("region", name="자동 미분 스테퍼")
    region.get_by_role("button", name="보기", exact=True).click()
    for name in ("글자 크게", "이 단계 인쇄", "모든 단계 인쇄", "이 단계 저장 (SVG)", "이 단계의 링크 복사"):
        expect(region.get_by_role("button", name=name, exact=True)).to_be_visible()
    region.get_by_role("checkbox", name="숫자 가리기").check()
    expect(region.get_by_role("button", name="숫자 공개", exact=True)).to_be_visible()
    assert english_words(page.evaluate(f"({SAID})(document.body)")) == set()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    clipped = "all => all.filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    assert region.locator("button").evaluate_all(clipped) == []


COMPARED = {
    "grids with numbers": lambda: lab.compare(lambda x, y: (x * y, np.sin(x)), 2.0, 3.0),
    "coarse grids": lambda: lab.compare(lambda x: np.cumsum(np.sin(x)), np.ones(9)),
    "costs alone": lambda: lab.compare(lambda x: np.cumsum(np.sin(x)), np.ones(70)),
}


@pytest.mark.parametrize("width", [1180, 480])
@pytest.mark.parametrize("case", COMPARED)
def test_a_comparison_says_nothing_in_english(offline, tmp_path, case, width):
    with using("ko"):
        compared = COMPARED[case]()
    page = offline(compared.to_html(tmp_path / "compared.html"), width=width)
    region = page.get_by_role("region", name="순방향과 역방향 비교")
    expect(region).to_have_attribute("lang", "ko")
    region.focus()
    for _ in range(compared.steps + 1):
        assert english_words(page.evaluate(f"({SAID})(document.body)")) <= {"lambda", "cumsum"}
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("width", "scheme"), [(1180, "light"), (480, "light"), (1180, "dark")])
@pytest.mark.parametrize("make", PAGES)
def test_korean_fits_where_english_does(korean, artifacts, make, width, scheme):
    make_graph, options = PAGES[make]
    page = korean(make_graph(), width=width, scheme=scheme, **options)
    page.get_by_role("region").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.screenshot(path=artifacts / f"korean-{make.replace(' ', '-')}-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    wide = "e.getClientRects().length && e.clientWidth && e.scrollWidth > e.clientWidth + 1"
    words = page.locator("button, label > span, .step-count, th")
    assert words.evaluate_all(f"all => all.filter(e => {wide}).map(e => e.textContent)") == []
    outside = """all => all.filter(group => {
        const box = group.querySelector("rect").getBoundingClientRect();
        return [...group.querySelectorAll("text")].filter(text => text.textContent).some(text => {
            const shown = text.getBoundingClientRect();
            return shown.left < box.left || shown.right > box.right;
        });
    }).map(group => group.textContent)"""
    assert page.locator("svg [data-node]").evaluate_all(outside) == []
