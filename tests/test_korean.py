"""Korean wherever there is something to read: maps of arrays, boxes, paths, checks, comparisons, and what is refused."""

import re

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.explain.maps import in_short, in_words, mask, undone
from autograd_lab.explain.paths import counted
from autograd_lab.explain.sayings import OWN
from autograd_lab.explain.text import elide
from autograd_lab.graph.nudge import nudge
from autograd_lab.language import using
from autograd_lab.views.page import page
from autograd_lab.views.picture import LOCAL_COLUMNS
from tests.graphs import chain
from tests.test_maps import MAPS, stepped
from tests.test_paths import diamonds

HANGUL = re.compile("[가-힣]")
WORD = re.compile(r"[A-Za-z_]{3,}")

# English that stays: what the code calls things.
CODE = {
    *("transpose", "reshape", "ravel", "broadcast", "cumsum", "matmul", "svd", "inv", "cos", "sin", "exp", "tanh", "sum"),
    *("eigenvalues", "float", "layer", "lab", "func", "jacrev", "jacfwd", "axis", "JavaScript"),
}


@pytest.fixture(autouse=True)
def _korean():
    with using("ko"):
        yield


def english(*texts):
    """The English words in these texts, but for names that stand in code."""
    return {word for text in texts for word in WORD.findall(text)} - CODE


@pytest.mark.parametrize(("function", "arguments", "edge", "forward", "reverse"), MAPS)
def test_the_map_of_an_array_operation_is_said_in_korean_and_fits_its_edge(function, arguments, edge, forward, reverse):
    for mode, (_words, short) in (("forward", forward), ("reverse", reverse)):
        step = stepped(function, arguments, mode, edge)
        assert HANGUL.search(in_words(step))
        assert english(in_words(step), *in_short(step), step.text) == set()
        assert step.text.startswith(f"{edge}: {in_words(step)}, 들어온 ")
        for said, line in zip(short, in_short(step), strict=True):
            assert elide(line, LOCAL_COLUMNS) == line or len(said) > LOCAL_COLUMNS, line


@pytest.mark.parametrize("saying", OWN.values(), ids=map(" ".join, OWN))
def test_an_operation_with_words_of_its_own_has_korean_ones_that_fit_an_edge(saying):
    words, short = saying()
    facts = {"what": "수반값", "axes": "축 0", "count": "100", "other": "w2", "index": "[0]", "short": "w₂"}
    line = short.format(**facts)
    assert HANGUL.search(words)
    assert english(words.format(**facts), line) == set()
    assert elide(line, LOCAL_COLUMNS) == line


def test_masks_and_broadcasting_are_said_in_korean():
    def f(x, y):
        return np.sum(np.where(x > 0.5, x, y) + np.maximum(x, y) + np.clip(x, 0.1, 0.6) + np.minimum(x, 0.3) * y)

    steps = lab.trace(f, np.array([0.2, 0.7, 0.9]), np.ones(1) * 0.5).reverse()
    said = [saying(step) for step in steps for saying in (mask, undone)]
    spoken = [words for words in said if words is not None]
    assert len(spoken) > 6
    assert all(HANGUL.search(words) for words in spoken)
    assert english(*spoken) == set()


def test_an_index_says_nothing_in_english():
    x = np.linspace(0.0, 1.0, 64)
    rows = np.arange(40)

    def f(x):
        return np.sum(x[x > 0.2]) + np.sum(x[rows])

    assert english(str(lab.trace(f, x))) <= {"bool", "int"}


def scoped(x, y):
    with lab.scope("layer1"):
        a = np.sin(x * y)
        b = np.tanh(a + x)
    with lab.scope("layer2"):
        c = np.exp(a * b) * y
        d = c * c + y
    return d * b


@pytest.mark.parametrize("mode", ["evaluation", "forward", "reverse"])
@pytest.mark.parametrize("options", [{"limit": 5}, {"focus": "w5", "depth": 1}], ids=["scopes", "cut"])
def test_boxes_are_told_in_korean(mode, options):
    stepper = lab.show(lab.trace(scoped, 2.0, 3.0), mode=mode, **options)
    sentences = [step["sentence"] for step in stepper.sweep["steps"]]
    boxes = [box["text"] for box in stepper.storyboard["boxes"]]
    assert any(step["kind"] == "box" for step in stepper.sweep["steps"])
    assert all(HANGUL.search(text) for text in [*sentences, *boxes, *stepper.storyboard["notices"]])
    assert english(*sentences, *boxes, *stepper.storyboard["notices"]) == set()


def test_the_count_of_paths_is_said_in_korean_however_many_there_are():
    for graph, number in ((chain(3), "1"), (diamonds(12), "4,096"), (diamonds(100), "1.268e+30")):
        assert counted(graph.reverse().paths).startswith(f"경로 {number}개, 방문한 간선 ")


COMPARED = {
    "fewer rows": (lambda x, y: x * y, 2.0, 3.0),
    "a tie": (lambda x: (x * x,), 2.0),
    "a tie at different costs": (lambda x, y: (x * y, np.sin(x)), 2.0, 3.0),
    "many": (lambda x: np.cumsum(x), np.ones(9)),
    "only counted": (lambda x: np.cumsum(x), np.ones(70)),
}


@pytest.mark.parametrize("case", COMPARED)
def test_a_comparison_is_told_in_korean(case):
    f, *arguments = COMPARED[case]
    told = lab.compare(f, *arguments)
    story = told.comparison
    said = [*filter(None, story["sentences"]), *story["notices"], story["closing"]]
    assert all(HANGUL.search(text) for text in said)
    assert english(*said, told.transcript) <= {"lambda"}
    assert story["language"] == "ko"


def test_a_comparison_that_stops_says_where_in_korean_and_why_in_the_words_of_the_engine():
    def overwritten(x):
        c = np.exp(x)
        d = c * c
        c += 1.0
        return np.sum(d)

    told = lab.compare(overwritten, np.ones(2))
    assert any("멈춥니다" in sentence for sentence in told.comparison["sentences"])
    assert "끝낼 수 없음" in told.comparison["closing"]


def test_checks_and_nudges_answer_in_korean():
    stepper = lab.show(lambda x, y: x * y + np.sin(x), 2.0, 3.0)
    stepper.checking = True
    assert [checked["text"] for checked in stepper.checks["values"].values()] != []
    assert all(HANGUL.search(checked["text"]) for checked in stepper.checks["values"].values())


REFUSED = {
    "step of a comparison": (lambda: setattr(lab.compare(np.sin, 2.0), "step", 9), ValueError),
    "a Jacobian only counted": (lambda: lab.compare(np.cumsum, np.ones(70)).jacobian, ValueError),
    "compare of a number": (lambda: lab.compare(3.0), TypeError),
    "arguments for a graph": (lambda: lab.show(lab.trace(np.sin, 2.0), 3.0), TypeError),
    "a scope that there is not": (lambda: lab.show(lab.trace(scoped, 2.0, 3.0), opened=["q"]), ValueError),
    "a depth below 0": (lambda: lab.show(lab.trace(scoped, 2.0, 3.0), focus="w5", depth=-1), ValueError),
    "on_click of a number": (lambda: lab.show(np.sin, 2.0).on_click(3), TypeError),
    "a nudge by 0": (lambda: nudge(lab.trace(np.sin, 2.0).reverse(), "w1", 0), ValueError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_views_refuse_they_refuse_in_korean(case):
    provoke, kind = REFUSED[case]
    with pytest.raises(kind, match=HANGUL.pattern):
        provoke()


@pytest.mark.parametrize("limit", [5, 400])
def test_a_korean_page_has_korean_notices_and_a_korean_transcript(limit):
    document = page(lab.trace(scoped, 2.0, 3.0), limit=limit)
    (transcript,) = re.findall(r"<noscript>(.*?)</noscript>", document, re.DOTALL)
    assert HANGUL.search(transcript)
    assert english(re.sub(r"<[^>]*>|&\w+;", " ", transcript)) <= {"scoped"}
