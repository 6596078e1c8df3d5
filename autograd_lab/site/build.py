"""The whole build, in order: read, execute, convert, and write each page into a folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from autograd_lab.language import using
from autograd_lab.site import pages, reference
from autograd_lab.site.lesson import converted
from autograd_lab.site.links import Links, Repository
from autograd_lab.site.markdown import Renderer, html
from autograd_lab.site.run import Run, Told, execute
from autograd_lab.site.sources import Guide, Lesson
from autograd_lab.views.assets import STEPPER, script, style

FIRST: Final = "%load_ext autograd_lab.site.recording"
ENTRIES: Final = {"site.js": "site.js", "stepper.js": "site-stepper.js", "comparison.js": "site-comparison.js"}
"""The scripts of the site, each composed from a module of views/static and what that imports."""

Unread = Callable[[Lesson | Guide, str], None]
"""Hears of a formula that latex2mathml does not understand."""


def build(folder: Path, sources: tuple[Lesson | Guide, ...], repository: Repository, *, told: Told, unread: Unread) -> None:
    """Write the site of these notebooks and guides into an empty folder.

    Raises:
        Refused: a cell of a notebook raised; names the notebook and the cell.
    """
    lessons = [source for source in sources if isinstance(source, Lesson)]
    execute([Run(called(lesson), lesson.notebook, lesson.path.parent) for lesson in lessons], told=told, first=FIRST)
    links = Links.between(repository, sources)
    for source in sources:
        with using(source.language):
            text, kinds = _content(source, links, unread)
        _write(folder / source.page, pages.framed(source, text, sources, kinds))
    _write(folder / pages.INDEX, pages.index(sources, links))
    for name, text in assets().items():
        _write(folder / "assets" / name, text)
    for place, picture in sorted(links.pictures.items()):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, folder / place)
    reference.write(folder / pages.REFERENCE)


def called(lesson: Lesson) -> str:
    """How a lesson is called on the terminal."""
    return f"{lesson.name} ({lesson.language})"


def assets() -> dict[str, str]:
    """The scripts and style sheets of the site, by name."""
    own = (Path(__file__).with_name("static") / "site.css").read_text(encoding="utf-8")
    return {
        "site.css": own,
        "stepper.css": style(*STEPPER),
        "comparison.css": style("compare.css"),
        **{name: classic(script(entry)) for name, entry in ENTRIES.items()},
    }


def classic(module: str) -> str:
    """A module's text as a plain script: modules are blocked where a page is opened from a disk."""
    return f'"use strict";\n(() => {{\n{module}}})();\n'


def _content(source: Lesson | Guide, links: Links, unread: Unread) -> tuple[str, dict[str, int]]:
    def tell(latex: str) -> None:
        unread(source, latex)

    if isinstance(source, Lesson):
        return converted(source, links, tell)
    return f'<div class="prose">\n{html(source.text, Renderer(source, links, tell))}</div>\n', {}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
