"""A page exported in Korean, in Chromium: its names are the contract's, and no English is left on it or said by it."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import autograd_lab as lab
from autograd_lab.language import using
from tests.browser.conftest import example

pytestmark = pytest.mark.browser

# English that stays: names of functions and other words of code, keys of a keyboard.
KEPT = {"sin", "cos", "cut", "lab", "tensor", "detach", "requires_grad", "False", "Home", "End", "Space", "Esc"}
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


@pytest.mark.parametrize("make", [example, lambda: lab.trace(cut, 2.0, 3.0)], ids=["product plus sine", "cut"])
@pytest.mark.parametrize("mode", ["평가", "순방향 누적", "역방향 누적"])
def test_no_step_says_anything_in_english(korean, make, mode):
    page = korean(make())
    region = page.get_by_role("region", name="자동 미분 스테퍼")
    region.get_by_role("radio", name=mode, exact=True).check()
    region.focus()
    steps = int(re.findall(r"\d+", region.locator(".step-count").inner_text())[1])
    for _ in range(steps):
        assert english_words(page.evaluate(f"({SAID})(document.body)")) == set()
        assert HANGUL.search(region.get_by_role("status").inner_text())
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize(("width", "scheme"), [(1180, "light"), (480, "light"), (1180, "dark")])
def test_korean_fits_where_english_does(korean, artifacts, width, scheme):
    page = korean(example(), width=width, scheme=scheme)
    page.get_by_role("region").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.screenshot(path=artifacts / f"korean-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    wide = "e.getClientRects().length && e.clientWidth && e.scrollWidth > e.clientWidth + 1"
    words = page.locator("button, label > span, .step-count, th")
    assert words.evaluate_all(f"all => all.filter(e => {wide}).map(e => e.textContent)") == []
    outside = """all => all.filter(group => {
        const box = group.querySelector("rect").getBoundingClientRect();
        return [...group.querySelectorAll("text")].some(text => {
            const shown = text.getBoundingClientRect();
            return shown.left < box.left || shown.right > box.right;
        });
    }).map(group => group.dataset.node)"""
    assert page.locator("svg [data-node]").evaluate_all(outside) == []
