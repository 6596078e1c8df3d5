"""side_by_side: graphs under titles, as text and as pictures that survive where nothing runs and every style sheet is gone."""

import base64
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.explain.text import columns
from autograd_lab.language import set_language
from autograd_lab.views.picture import svg

HOSTILE = {
    "a tag": '<script>alert("x")</script>',
    "a quote": "\" onmouseover='x'",
    "an entity": "&amp; & &lt;",
    "a control character": "a\x00b\x1b",
    "another direction": "\u202eabc",
    "a closing tag": "</figcaption></figure></div>",
}


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    set_language("en")


def product():
    x = lab.tensor(2.0, requires_grad=True, name="x")
    w = lab.tensor(3.0, requires_grad=True, name="w")
    return (x * w) ** 2


def frozen():
    x = lab.tensor(2.0, requires_grad=True, name="x")
    w = lab.tensor(3.0, name="w")
    return (x * w) ** 2


def unrecorded():
    with lab.no_grad():
        return product()


def parsed(shown):
    """The HTML as a tree; it is XML too, up to the end of its <img> tags."""
    text = shown._repr_mimebundle_()["text/html"]
    return ET.fromstring(re.sub(r"(<img [^>]*)>", r"\1/>", text))  # noqa: S314  our own output: that it parses is the point


def picture(figure):
    kind, data = figure.find("img").get("src").split(",")
    assert kind == "data:image/svg+xml;base64"
    return re.sub("(?s)<style>.*</style>", "", base64.b64decode(data).decode())


def test_the_text_gives_each_title_and_the_text_of_its_graph():
    shown = lab.side_by_side({"trained": product(), "frozen": frozen(), "evaluated": unrecorded()})
    assert str(shown) == (
        f"trained\n{lab.graph_of(product())}\n\nfrozen\n{lab.graph_of(frozen())}\n\nevaluated\nno graph: 36 (no_grad)"
    )
    assert shown._repr_mimebundle_()["text/plain"] == str(shown)
    assert repr(shown) == "<SideBySide: trained, frozen, evaluated>"


def test_each_graph_is_a_figure_with_its_title_and_a_picture_of_its_own():
    figures = parsed(lab.side_by_side({"trained": product(), "frozen": frozen()})).findall("figure")
    assert [figure.findtext("figcaption") for figure in figures] == ["trained", "frozen"]
    assert [figure.find("img").get("alt") for figure in figures] == [
        "Graph of graph: 4 nodes, 3 edges",
        "Graph of graph: 3 nodes, 2 edges",
    ]
    trained, cut = map(picture, figures)
    assert "no gradient flows" not in trained
    assert "no gradient flows" in cut
    assert "requires_grad=False" in cut


def test_a_tensor_without_a_graph_is_a_figure_that_says_why():
    (figure,) = parsed(lab.side_by_side({"evaluated": unrecorded()}))
    assert figure.find("img") is None
    assert figure.findtext("p") == "no graph: 36 (no_grad)"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda x: lab.tensor(2.0), "requires_grad=False"),
        (lab.no_grad(lambda x: x * 2), "no_grad"),
        (lambda x: x.detach(), "detach"),
        (lambda x: x > 1, "greater has no derivative"),
    ],
)
def test_the_reason_is_the_one_that_the_tensor_has(made, reason):
    assert str(lab.side_by_side({"t": made(lab.tensor([1.0, 2.0], requires_grad=True))})).endswith(f" ({reason})")


def test_figures_wrap_without_a_style_sheet_or_script():
    text = lab.side_by_side({"a": product(), "b": frozen()})._repr_mimebundle_()["text/html"]
    around = text[: text.index("<figure")]
    assert "flex-wrap: wrap" in around
    assert "<style" not in text
    assert "<script" not in text
    assert all("max-width: 100%" in img for img in re.findall("<img[^>]*>", text))


def test_figures_of_one_line_are_drawn_to_one_scale():
    """Growing and shrinking go by the width that a picture has of its own."""
    for figure in parsed(lab.side_by_side({"a": product(), "b": frozen(), "c": lab.trace(lambda x: x * x, 3.0)})):
        width = round(float(re.search(r' width="([\d.]+)"', picture(figure))[1]))
        assert f"flex: {width} 1 {round(0.75 * width)}px" in figure.get("style")
        assert f"max-width: {width}px" in figure.get("style")


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_title_stays_text(title):
    shown = lab.side_by_side({title: product(), "b": unrecorded()})
    root = parsed(shown)
    assert [child.tag for child in root.iter()] == ["div", "figure", "figcaption", "img", "figure", "figcaption", "p"]
    assert root[0].findtext("figcaption").replace("\\x00", "\x00").replace("\\x1b", "\x1b") == title
    assert str(shown).startswith(title)


def test_the_same_graphs_give_the_same_bytes_in_every_process():
    program = (
        "import autograd_lab as lab; x = lab.tensor([1.0, 2.0], requires_grad=True, name='x');"
        "print(lab.side_by_side({'a': x * x.detach(), 'b': (x * x).sum()})._repr_mimebundle_())"
    )
    runs = {subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(runs) == 1


def test_it_speaks_the_language_that_was_chosen():
    shown = lab.side_by_side({"제목": frozen(), "b": unrecorded()})
    set_language("ko")
    assert "그래프 없음: 36 (no_grad)" in str(shown)
    figures = parsed(shown).findall("figure")
    assert figures[0].findtext("figcaption") == "제목"
    assert re.search("[가-힣]", figures[0].find("img").get("alt"))
    assert "no gradient flows" not in picture(figures[0])


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        (product, TypeError, 'takes a dict, {"title": graph, ...}, got function'),
        ([1], TypeError, 'takes a dict, {"title": graph, ...}, got list [1]'),
        ({}, ValueError, "there is nothing to show"),
        ({1: 2}, TypeError, "a title is text, got int 1"),
        ({"a": 3.0}, TypeError, "a: a Graph or a Tensor can be shown, got float 3.0; lab.trace(f, ...) gives a Graph"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_to_do(given, error, told):
    with pytest.raises(error) as caught:
        lab.side_by_side(given)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "f",
    [lambda x: x * x + np.sin(x), lambda x: np.array([[1.0, 2.0]]) @ np.stack([x, x]), lambda x: np.maximum(x, 0.123456)],
    ids=["scalars", "arrays", "a long formula"],
)
def test_a_still_picture_is_narrower_and_has_everything_but_room_for_steps(f):
    graph = lab.trace(f, 2.0)
    full, still = svg(graph), svg(graph, still=True)
    widths = [float(re.search(r' width="([\d.]+)"', text)[1]) for text in (full, still)]
    assert widths[1] < widths[0]
    for marked in ("data-node", "data-edge"):
        assert re.findall(f'{marked}="[^"]*"', full) == re.findall(f'{marked}="[^"]*"', still)
    written = [re.findall('class="(?:label|primal)"[^>]*>([^<]*)', text) for text in (full, still)]
    assert written[0] == written[1]
    assert 'data-slot="local"' not in still


@pytest.mark.parametrize("name", ["x", "a_name_of_many_letters", "무게와편향"])
def test_what_stands_in_a_still_box_has_room(name):
    x = lab.tensor(-1.2345e-100, requires_grad=True, name=name)
    root = ET.fromstring(svg(lab.graph_of(np.maximum(x, 0.25)), still=True))  # noqa: S314  our own output
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        if "node" in group.get("class", "").split():
            width = float(group[0].get("width"))
            assert all(columns(text.text) * 7.9 <= width for text in group[1:])
