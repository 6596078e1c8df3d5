"""The documentation says what is true: its code and commands run, its links lead somewhere, its translations say the same."""

import re
import shlex
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import autograd_lab as lab
from autograd_lab import cli, options, tutorial
from autograd_lab.site import command as site
from tests.conftest import REPOSITORY
from tests.documents import COURSE, PAGES, TWINS, anchors, code, commands, links, outside_code, program, text

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
SHOWN = "lab.show(lambda x: x * x, 2.0)"
TRANSLATED = {page: twin for page, twin in TWINS.items() if twin in PAGES}
WRITTEN_TO_RUN = [page for page in PAGES if page not in {"CONTRIBUTING.md", "docs/core.md"} and code(page)]
"""Pages whose code is one program. A row for a table of primitives is none, and docs/core.md has tests of its own."""

COMMANDS = sorted(
    {
        command
        for page in PAGES
        for command in [*commands(page), *re.findall(r"`(autograd-lab (?:export|tutorial|site) [^`]+)`", outside_code(page))]
        if command.startswith("autograd-lab ")
    }
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to write into."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", WRITTEN_TO_RUN)
def test_the_code_of_a_page_runs_from_top_to_bottom(page, here):
    exec(compile(code(page), page, "exec"), {"__name__": "page"})  # noqa: S102 - our own text
    written = re.findall(r'\.to_\w+\("([^"]+)"', code(page))
    assert [name for name in written if not (here / name).stat().st_size] == []


@pytest.mark.parametrize("command", [command for command in COMMANDS if " export " in command])
def test_an_export_that_is_shown_writes_its_file(command, here):
    words = shlex.split(command)
    assert cli.main(words[1:]) == 0
    page = (here / words[words.index("--out") + 1]).read_text(encoding="utf-8")
    assert f'<html lang="{"ko" if "--language" in words else "en"}">' in page


@pytest.mark.parametrize("command", [command for command in COMMANDS if " tutorial " in command])
def test_a_tutorial_that_is_shown_opens(command, here, monkeypatch):
    started = []

    class Lab:
        def __init__(self, command, cwd):
            started.append((command, Path(cwd)))

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def wait(self):
            return 0

    for name in COURSE:
        (here / f"{name}.ipynb").write_text("{}")
    monkeypatch.setattr(
        tutorial, "_lessons", lambda language="en": {f"{name}.ipynb": here / f"{name}.ipynb" for name in COURSE}
    )
    monkeypatch.setattr(tutorial, "Popen", Lab)
    assert cli.main([*shlex.split(command)[1:], "--no-browser"]) == 0
    ((words, folder),) = started
    assert (folder / next(word for word in words if word.endswith(".ipynb"))).is_file()


@pytest.fixture
def one_lesson(here):
    """A folder with a notebook such as a lecturer writes, to be run in a second or two."""
    cells = [
        new_markdown_cell("# Mine\n\n**Why?** 5 minutes."),
        new_code_cell("import autograd_lab as lab"),
        new_code_cell(SHOWN),
    ]
    (here / "FOLDER").mkdir()
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), here / "FOLDER" / "mine.ipynb")
    return here / "FOLDER"


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if " site " in command])
def test_a_site_that_is_shown_is_built(command, here, one_lesson, monkeypatch):
    folder = site.shipped.folder
    monkeypatch.setattr(site.shipped, "folder", lambda name: one_lesson if name == "notebooks" else folder(name))
    assert cli.main(shlex.split(command)[1:]) == 0
    lesson = (here / "OUT" / "en" / "mine.html").read_text(encoding="utf-8")
    assert "mybinder.org/v2/gh/OWNER/" + ("NAME/" if "--repository" in command else "autograd_lab/") in lesson
    index = (here / "OUT" / "index.html").read_text(encoding="utf-8")
    assert all(said in index for said in ("Mine", "Why?", "5"))
    assert ("lecturers" in index) == ("--notebooks" not in command)


def test_no_other_command_of_ours_is_shown():
    shown = {command.split()[1] for command in COMMANDS}
    assert shown == set(options.COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page):
    missing = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (REPOSITORY / page).parent / path if path else REPOSITORY / page
        known = anchors(target.resolve().relative_to(REPOSITORY).as_posix()) if anchor and target.suffix == ".md" else {anchor}
        if not target.exists() or (anchor and anchor not in known):
            missing.append(link)
    assert missing == []


@pytest.mark.parametrize("page", sorted(TRANSLATED))
def test_a_page_and_its_translation_lead_to_one_another_in_their_first_line(page):
    twin = TRANSLATED[page]
    for one, other in ((page, twin), (twin, page)):
        first = re.search(r"\]\(([^)]+)\)", text(one).splitlines()[0])
        assert ((REPOSITORY / one).parent / first[1]).resolve() == REPOSITORY / other


@pytest.mark.parametrize("page", sorted(TRANSLATED))
def test_a_translation_has_the_same_code_commands_and_tables(page):
    twin = TRANSLATED[page]
    assert program(twin) == program(page)
    assert len(re.findall(r"^#+ ", outside_code(twin), re.MULTILINE)) == len(
        re.findall(r"^#+ ", outside_code(page), re.MULTILINE)
    )
    assert text(twin).count("\n|") == text(page).count("\n|")
    assert len(commands(twin)) == len(commands(page))
    named = {name for name in re.findall(r"`([\w./]+)`", text(page)) if re.match(r"\d\d_|lecture_", name)}
    assert named == {name for name in re.findall(r"`([\w./]+)`", text(twin)) if re.match(r"\d\d_|lecture_", name)}
    assert not re.search("[가-힣]", text(page).replace("한국어", ""))


@pytest.mark.parametrize("page", sorted(TRANSLATED.values()))
def test_emphasis_ends_where_markdown_sees_it_end(page):
    # A * after a bracket or quote, and before a letter, as Korean particles are, is no end: the asterisks would be shown.
    plain = re.sub(r"`[^`\n]*`", "x", outside_code(page))
    assert re.findall(r"\*[^*\n]*[^\w\s*]\*{1,2}[가-힣]", plain) == []


def test_every_public_name_is_told_of_somewhere_outside_the_reference():
    told = "\n".join([*map(text, PAGES), *(p.read_text(encoding="utf-8") for p in (REPOSITORY / "notebooks").rglob("*.ipynb"))])
    given_by_others = {
        "Comparison",
        "Edge",
        "GradcheckError",
        "Graph",
        "LayoutError",
        "Node",
        "SideBySide",
        "Step",
        "Stepper",
        "Sweep",
    }
    silent = [name for name in {*lab.__all__} - given_by_others if not re.search(rf"(lab\.|`|import .*){name}\b", told)]
    assert silent == []
