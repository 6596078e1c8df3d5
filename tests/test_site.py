"""The site: what its pages hold, that nothing on them is fetched from elsewhere, and what the command refuses."""

import base64
import json
import re
import subprocess
import zlib
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from nbformat.v4 import new_notebook

from autograd_lab import cli
from autograd_lab.site import build
from autograd_lab.site.mathematics import mathml
from autograd_lab.site.pages import plain
from autograd_lab.site.progress import Progress
from autograd_lab.site.run import Run
from autograd_lab.site.sources import Lesson
from autograd_lab.site.target import MARKER
from autograd_lab.views.assets import script
from tests import sites

ELSEWHERE = ("https://mybinder.org/", "https://colab.research.google.com/", "https://github.com/", "https://pdoc.dev")
"""Where links may lead to, and nothing is loaded from."""


class Page(HTMLParser):
    """The elements of a page: (tag, attributes), and its text."""

    def __init__(self, path):
        super().__init__()
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.elements = []
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def all(self, tag, **wanted):
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]

    def played(self):
        data = re.findall(r'<script type="application/octet-stream">(.*?)</script>', self.text)
        return [json.loads(zlib.decompress(base64.b64decode(text))) for text in data]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    return sites.course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def site(notebooks, tmp_path_factory):
    out = tmp_path_factory.mktemp("sites") / "site"
    assert cli.main(["site", str(out), "--notebooks", str(notebooks), "--repository", "someone/lessons"]) == 0
    return out


@pytest.fixture(scope="module")
def first(site):
    return Page(site / "en/01_first.html")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# -- what is there ----------------------------------------------------------------------------------------------------


def test_every_notebook_has_its_page_in_its_language(site):
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    lessons = {"index.html", "en/01_first.html", "en/02_second.html", "ko/02_second.html"}
    assert pages == lessons | {"reference/index.html", "reference/autograd_lab.html", "reference/autograd_lab/func.html"}
    assert Page(site / "ko/02_second.html").all("html") == [{"lang": "ko"}]
    assert Page(site / "en/02_second.html").all("html") == [{"lang": "en"}]


def test_steppers_are_saved_as_they_were_shown(first):
    forward, fourth, comparison, boxed = first.played()
    assert (forward["mode"], forward["about"], forward["pauses"]) == ("forward", "w2", [3])
    assert (fourth["mode"], fourth["step"]) == ("reverse", 4)
    assert comparison["comparison"]["title"] == "f(x, y)"
    assert boxed["storyboard"]["inputs"][0]["primal"] == "1"
    assert [place["data-plays"] for place in first.all("div") if "data-plays" in place] == [
        *("stepper", "stepper", "comparison", "stepper"),
    ]


def test_the_steppers_of_a_page_have_names_of_their_own(first):
    names = [saved["storyboard"]["texts"]["region"] for saved in first.played() if "storyboard" in saved]
    assert names == ["Autograd stepper", "Autograd stepper 2", "Autograd stepper 3"]


def test_a_korean_page_plays_in_korean(site):
    page = Page(site / "ko/02_second.html")
    stepper, comparison = page.played()
    assert stepper["storyboard"]["texts"]["region"] == "자동 미분 스테퍼"
    assert comparison["comparison"]["language"] == "ko"
    assert "본문으로 건너뛰기" in page.text


def test_who_runs_no_scripts_has_pictures_and_transcripts(first):
    assert first.text.count('<pre class="transcript">') == 4
    assert "Forward accumulation from w2 (y)" in first.text
    assert first.text.count('<svg xmlns="http://www.w3.org/2000/svg" class="autograd-graph"') == 5  # and a graph of its own


def test_a_widget_that_only_a_kernel_moves_says_so(first):
    assert "IntSlider needs a running kernel: open this lesson in a notebook." in first.text


def test_formulas_are_mathml_and_none_is_left_to_the_browser(first):
    displayed = first.all("math", display="block")
    assert [found["alttext"] for found in displayed] == [r"\frac{1}{2} + \sin x'"]
    assert "$" not in re.sub(r'<script.*?</script>|alttext="[^"]*"', "", first.text, flags=re.DOTALL)


def test_cells_are_marked_by_their_tags(first):
    (exercise,) = re.findall(r'<div class="cell exercise">.*?\n</div>\n(?=<)', first.text, re.DOTALL)
    assert "Exercise: answer it in a notebook, on" in exercise
    assert "no answer yet" in exercise
    assert "<details><summary>Solution</summary>" in first.text
    assert re.search(r'<details class="notes"><summary>Notes for the speaker</summary>\s*<p>Say it slowly', first.text)


def test_a_plot_has_its_text_and_keeps_its_room(first):
    (plot,) = first.all("img")
    assert plot["alt"] == 'A "small" plot'
    assert (plot["width"], plot["height"]) == ("3", "2")
    assert plot["src"].startswith("data:image/png;base64,")


def test_a_head_without_words_is_no_head(first):
    assert re.search(r"<th>a</th>\s*<td></td>", first.text)


def test_code_is_coloured_by_classes_alone(first):
    assert '<span class="kn">import</span>' in first.text
    assert not [found for name, found in first.elements if name == "span" and "color" in found.get("style", "")]


# -- links ------------------------------------------------------------------------------------------------------------


def test_every_link_within_the_site_leads_to_a_page_of_it(site):
    for path in site.rglob("*.html"):
        for _tag, attributes in Page(path).elements:
            address = attributes.get("href", attributes.get("src", ""))
            parts = urlsplit(address)
            if parts.scheme or not address:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, address)
            if parts.fragment and "reference" not in str(target):
                assert any(found.get("id") == unquote(parts.fragment) for _, found in Page(target).elements), (path, address)


def test_nothing_is_loaded_from_elsewhere(site):
    for path in site.rglob("*.html"):
        for tag, attributes in Page(path).elements:
            for name in ("href", "src", "srcset", "data", "action", "poster"):
                address = attributes.get(name) or ""
                if re.match(r"(?:[a-z]+:)?//", address):
                    assert (tag, name) == ("a", "href"), (path, tag, address)
                    assert address.startswith(ELSEWHERE), (path, address)
    for path in (site / "assets").iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        assert not re.search(r"https?:|@import|url\((?!data:)", text), path


def test_links_between_notebooks_lead_to_pages_and_others_to_the_repository(first):
    addresses = [found["href"] for found in first.all("a") if "href" in found]
    assert {"02_second.html", "#A-part"} <= set(addresses)
    assert "https://github.com/someone/lessons/blob/HEAD/docs/core.md" in addresses


def test_a_lesson_leads_to_its_notebook_and_says_what_colab_needs(site):
    korean = Page(site / "ko/02_second.html")
    addresses = [found["href"] for found in korean.all("a")]
    place = "notebooks/ko/02_second.ipynb"
    assert f"https://mybinder.org/v2/gh/someone/lessons/HEAD?urlpath=lab/tree/{place}" in addresses
    assert f"https://colab.research.google.com/github/someone/lessons/blob/HEAD/{place}" in addresses
    assert "%pip install &quot;autograd_lab[lab] @ git+https://github.com/someone/lessons&quot;" in korean.text


def test_pages_lead_to_their_neighbours_and_to_the_other_language(site, first):
    assert [found["href"] for found in first.all("a", rel="next")] == ["02_second.html"]
    assert first.all("a", rel="prev") == []
    second = Page(site / "en/02_second.html")
    assert [found["href"] for found in second.all("a", rel="prev")] == ["01_first.html"]
    assert [found["href"] for found in second.all("a", hreflang="ko")] == ["../ko/02_second.html"]
    assert first.all("a", hreflang="ko") == []


def test_the_index_lists_the_lessons_of_both_languages(site):
    index = Page(site / "index.html")
    addresses = [found["href"] for found in index.all("a")]
    for page in ("en/01_first.html", "en/02_second.html", "ko/02_second.html", "reference/index.html"):
        assert page in addresses
    assert '<td class="minutes">20–30</td>' in index.text
    assert "Why?" in index.text
    assert "두 번째?" in index.text


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("about 30 minutes", "30"),
        ("20 to 40 minutes", "20–40"),
        ("40분쯤 걸립니다", "40"),
        ("a lecture of ten minutes", "10"),
        ("no time at all", ""),
    ],
)
def test_minutes_are_read_where_the_lesson_says_them(text, minutes):
    assert Lesson("en", "a", "notebooks/a.ipynb", Path("a.ipynb"), f"# A\n\n{text}", None).minutes == minutes


@pytest.mark.parametrize(
    ("metadata", "question"), [({}, "Why?"), ({"question": "What for?"}, "What for?"), ({"question": ["no text"]}, "Why?")]
)
def test_a_lesson_asks_what_its_metadata_say_else_what_is_bold_first(metadata, question):
    lesson = Lesson("en", "a", "notebooks/a.ipynb", Path("a.ipynb"), "# A\n\n**Why?**", new_notebook(metadata=metadata))
    assert lesson.question == question


def test_a_title_for_the_window_has_no_signs_of_markdown():
    assert plain(r"`requires_grad` and *the* $n$") == "requires_grad and the n"


# -- formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "inside"),
    [
        (r"\sin x", '<mi>sin</mi><mspace width="0.167em" /><mi>x</mi>'),
        (r"\sin(x)", '<mi>sin</mi><mo stretchy="false">(</mo>'),
        (r"a \sin x", '<mi>a</mi><mspace width="0.167em" /><mi>sin</mi>'),
        ("f'", '<mrow><mi>f</mi><mo lspace="0" rspace="0">′</mo></mrow>'),
        ("w_1'", '<msub><mrow><mi>w</mi><mo lspace="0" rspace="0">′</mo></mrow><mn>1</mn></msub>'),
        (r"w \mathrel{+}= 1", "<mi>w</mi><mo>+</mo><mo>=</mo>"),
        (r"\begin{aligned} a &= b \end{aligned}", "<mtable"),
        ("a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
    ],
)
def test_formulas_are_set_as_books_set_them(latex, inside):
    assert inside in mathml(latex, block=False)


@pytest.mark.parametrize("latex", [r"\nosuchcommand x", r"\frac{1}", r"\begin{tikzcd} a \end{tikzcd}"])
def test_what_latex2mathml_does_not_know_is_not_made_up(latex):
    assert mathml(latex, block=False) is None


def test_a_formula_that_is_not_understood_stays_and_is_named(tmp_path, capsys):
    sites.write(tmp_path / "course/01_odd.ipynb", ("md", "# Odd\n\n$\\nosuchcommand < 1$"))
    assert cli.main(["site", str(tmp_path / "site"), "--notebooks", str(tmp_path / "course")]) == 0
    assert r"notebooks/01_odd.ipynb: this formula stays LaTeX: \nosuchcommand < 1" in capsys.readouterr().out
    assert r"<code>\nosuchcommand &lt; 1</code>" in (tmp_path / "site/en/01_odd.html").read_text(encoding="utf-8")


# -- the build --------------------------------------------------------------------------------------------------------


def test_the_same_notebooks_give_the_same_bytes_and_the_former_site_is_replaced(site, notebooks, tmp_path, capsys):
    out = tmp_path / "site"
    out.mkdir()
    (out / MARKER).touch()
    (out / "stale.html").touch()
    assert cli.main(["site", str(out), "--notebooks", str(notebooks), "--repository", "someone/lessons"]) == 0
    assert contents(out) == contents(site)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    printed, errors = capsys.readouterr()
    lines = printed.splitlines()
    assert re.fullmatch(r"\[1/3\] 0\d_\w+ \(\w\w\)", lines[0])
    assert sorted(line.split("] ")[1] for line in lines[:3]) == ["01_first (en)", "02_second (en)", "02_second (ko)"]
    assert lines[3] == f"wrote {out}: open {out / 'index.html'}"
    assert len(lines) == 4
    assert errors == ""


def test_the_notebooks_are_left_as_they_were(notebooks, tmp_path):
    before = contents(notebooks)
    assert cli.main(["site", str(tmp_path / "site"), "--notebooks", str(notebooks)]) == 0
    assert contents(notebooks) == before


def test_without_a_repository_a_line_says_what_to_add(tmp_path, capsys):
    sites.write(tmp_path / "course/01_a.ipynb", ("md", "# A"))
    assert cli.main(["site", str(tmp_path / "site"), "--notebooks", str(tmp_path / "course")]) == 0
    assert capsys.readouterr().out.endswith(
        "The links to Binder and Colab lead to OWNER/autograd_lab: add --repository OWNER/NAME for yours.\n"
    )


@pytest.mark.parametrize("name", build.ENTRIES.values())
def test_the_scripts_are_plain_ones_that_run_from_a_disk(name, node, tmp_path):
    path = tmp_path / "script.cjs"
    path.write_text(build.classic(script(name)), encoding="utf-8")
    subprocess.run([node, "--check", str(path)], check=True, timeout=60)


class Terminal(StringIO):
    """A stream that a person looks at."""

    def isatty(self):
        return True


def test_on_a_terminal_the_running_notebooks_count_their_cells():
    stream = Terminal()
    one, other = (Run(name, None, Path()) for name in ("01_a (en)", "02_b (en)"))
    with Progress(2, stream) as progress:
        progress.told(one, 0, 3)
        progress.told(other, 0, 2)
        progress.told(one, 1, 3)
        assert stream.getvalue().endswith("\r\x1b[K01_a (en) 1/3, 02_b (en) 0/2")
        progress.told(other, 2, 2)
        assert stream.getvalue().endswith("\r\x1b[K[1/2] 02_b (en)\n\r\x1b[K01_a (en) 1/3")
    assert stream.getvalue().endswith("\r\x1b[K")


def test_a_course_in_korean_alone_has_a_korean_index(tmp_path):
    sites.write(tmp_path / "course/ko/01_a.ipynb", ("md", "# 하나"))
    assert cli.main(["site", str(tmp_path / "site"), "--notebooks", str(tmp_path / "course")]) == 0
    index = Page(tmp_path / "site/index.html")
    assert index.all("html") == [{"lang": "ko"}]
    assert [found["href"] for found in index.all("a") if found["href"].startswith("ko/")] == ["ko/01_a.html"]
