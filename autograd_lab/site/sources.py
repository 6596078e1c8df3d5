"""What the site is made of: the notebooks of each language, and the guides.

    lessons(folder)     the notebooks in a folder, and of other languages in a folder of their name (ko/)
    guides(folder)      the Markdown files there, likewise

Titles, the question of a lesson and its minutes are read where the author wrote them: in the first cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import nbformat
from nbformat import NotebookNode

from autograd_lab.arithmetic import Refused
from autograd_lab.language import ENGLISH, languages
from autograd_lab.language import gettext as _

_TITLE: Final = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_QUESTION: Final = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_MINUTES: Final = re.compile(r"(\d+|ten)(?:\s*(?:to|[-–~]|에서)\s*(\d+))?\s*(?:minutes?\b|분)")


@dataclass(frozen=True, slots=True)
class Source:
    """A notebook or guide: its language, its name without suffix, its place in the repository, its text."""

    language: str
    name: str
    place: str
    path: Path
    text: str

    @property
    def title(self) -> str:
        """The first heading, else the name."""
        found = _TITLE.search(self.text)
        return found[1] if found else self.name


@dataclass(frozen=True, slots=True)
class Lesson(Source):
    """A notebook; `text` is its first cell of prose."""

    notebook: NotebookNode

    @property
    def page(self) -> str:
        """Its page on the site."""
        return f"{self.language}/{self.name}.html"

    @property
    def question(self) -> str:
        """What it asks, in Markdown: `question` in its metadata, else what is set bold first; empty if nothing is."""
        said = self.notebook.metadata.get("question")
        if isinstance(said, str):
            return said
        found = _QUESTION.search(self.text)
        return " ".join(found[1].split()) if found else ""

    @property
    def minutes(self) -> str:
        """How long it takes, "30" or "20-40"; empty if it does not say."""
        found = _MINUTES.search(self.text)
        return "" if found is None else "–".join(filter(None, found.groups())).replace("ten", "10")


@dataclass(frozen=True, slots=True)
class Guide(Source):
    """A page of the documentation, in Markdown."""

    @property
    def page(self) -> str:
        """Its page on the site."""
        return f"{self.language}/guide/{self.name}.html"


def lessons(folder: Path) -> tuple[Lesson, ...]:
    """The notebooks of a folder, by language and name.

    Raises:
        Refused: there is no notebook, or one cannot be read.
    """
    found = tuple(
        Lesson(language, path.stem, f"notebooks/{place}", path, _first(notebook), notebook)
        for language, place, path in _files(folder, "*.ipynb")
        for notebook in [_read(path)]
    )
    if not found:
        raise Refused(_("there are no notebooks in {folder!r}").format(folder=str(folder)))
    return found


def guides(folder: Path) -> tuple[Guide, ...]:
    """The guides of a folder, by language and name; none if there is no such folder."""
    return tuple(
        Guide(language, path.stem, f"docs/{place}", path, path.read_text(encoding="utf-8"))
        for language, place, path in _files(folder, "*.md")
    )


def _files(folder: Path, pattern: str) -> Iterator[tuple[str, str, Path]]:
    """The language, the place below the folder, and the file."""
    for language in languages():
        where = folder if language == ENGLISH else folder / language
        for path in sorted(where.glob(pattern)):
            yield language, path.relative_to(folder).as_posix(), path


def _read(path: Path) -> NotebookNode:
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # it has no types here
        nbformat.validate(notebook)
    except Exception as error:  # nbformat raises whatever the JSON makes it stumble over
        reason = " ".join(str(error).split()) or type(error).__name__
        raise Refused(_("{file!r} is no notebook: {reason}").format(file=str(path), reason=reason)) from error
    return notebook


def _first(notebook: NotebookNode) -> str:
    return next((str(cell.source) for cell in notebook.cells if cell.cell_type == "markdown"), "")
