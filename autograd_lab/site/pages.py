"""What is around the content of each page: title, navigation, languages, the assets that it needs; and the index.

Every address is relative: the site may lie in any folder of a server, or on a disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograd_lab.language import ENGLISH, using
from autograd_lab.language import gettext as _
from autograd_lab.site.links import Links, relative
from autograd_lab.site.markdown import Renderer, line
from autograd_lab.site.sources import Guide, Lesson

TEMPLATES: Final = Path(__file__).with_name("templates")
NAMES: Final = {"en": "English", "ko": "한국어"}
INDEX: Final = "index.html"
REFERENCE: Final = "reference/index.html"


def framed(source: Lesson | Guide, content: str, sources: Sequence[Lesson | Guide], kinds: Iterable[str] = ()) -> str:
    """The page of a lesson or guide around its content; `sources` are all of the site's, in order."""
    alike = [other for other in sources if type(other) is type(source) and other.language == source.language]
    place = alike.index(source)
    before, after = alike[:place][-1:], alike[place + 1 :][:1]
    with using(source.language):
        return (
            _environment()
            .get_template("page.html.j2")
            .render(
                language=source.language,
                title=plain(source.title),
                root="../" * source.page.count("/"),
                sheets=[
                    "site.css",
                    *(["stepper.css"] if kinds else []),
                    *(["comparison.css"] if "comparison" in kinds else []),
                ],
                scripts=["site.js", *(f"{kind}.js" for kind in sorted(kinds))],
                words=_words(),
                home=f"{relative(INDEX, source.page)}#{source.language}",
                others=[
                    {"href": relative(other.page, source.page), "language": other.language, "name": _name(other.language)}
                    for other in sources
                    if type(other) is type(source) and other.name == source.name and other.language != source.language
                ],
                previous=next((_neighbour(other, source) for other in before), None),
                next=next((_neighbour(other, source) for other in after), None),
                content=Markup(content),  # noqa: S704 - made by the exporter from the author's own notebook
            )
        )


def index(sources: Sequence[Lesson | Guide], links: Links) -> str:
    """The page with the lessons of every language."""
    spoken = list(dict.fromkeys(source.language for source in sources if isinstance(source, Lesson)))
    main = ENGLISH if ENGLISH in spoken else spoken[0]
    with using(main):
        words, title = _words(), _("Automatic differentiation, step by step")
    return (
        _environment()
        .get_template("index.html.j2")
        .render(
            language=main,
            title=title,
            root="",
            sheets=["site.css"],
            scripts=["site.js"],
            words=words,
            home=None,
            others=[{"href": f"#{language}", "language": language, "name": _name(language)} for language in spoken],
            previous=None,
            next=None,
            parts=[_part(language, sources, links) for language in spoken],
        )
    )


def plain(markdown: str) -> str:
    """A title without Markdown's signs and formulas' dollars, for a window's title."""
    return unescape(re.sub(r"[`*$]|\\(?=\W)", "", markdown))


def _part(language: str, sources: Sequence[Lesson | Guide], links: Links) -> dict[str, Any]:
    """The lessons and guides of a language, in that language."""
    repository = links.repository
    with using(language):
        code = Markup("<code>{}</code>").format(repository.install)
        return {
            "language": language,
            "title": _("Lessons"),
            "lead": _(
                "Every stepper on these pages plays by itself, without installation. To run the cells and to answer the "
                "exercises, open a lesson on Binder (nothing to install) or on Colab."
            ),
            "lesson": _("Lesson"),
            "minutes": _("Minutes"),
            "run": _("Run it"),
            "first": Markup.escape(_("On Colab, run this first: {code}")).format(code=code),
            "more": _("More"),
            "reference": _("Reference of all public names"),
            "lessons": [
                {
                    "href": source.page,
                    "title": _rendered(source.title, source, links),
                    "plain": plain(source.title),
                    "question": _rendered(source.question, source, links),
                    "minutes": source.minutes,
                    "binder": repository.binder(source.place),
                    "colab": repository.colab(source.place),
                }
                for source in sources
                if isinstance(source, Lesson) and source.language == language
            ],
            "guides": [
                {"href": source.page, "title": _rendered(source.title, source, links)}
                for source in sources
                if isinstance(source, Guide) and source.language == language
            ],
        }


def _rendered(markdown: str, source: Lesson | Guide, links: Links) -> Markup:
    return Markup(line(markdown, Renderer(source, links, lambda _latex: None)))  # noqa: S704 - the author's own words


def _neighbour(other: Lesson | Guide, source: Lesson | Guide) -> dict[str, str]:
    return {"href": relative(other.page, source.page), "title": plain(other.title)}


def _name(language: str) -> str:
    return NAMES.get(language, language)


def _words() -> dict[str, str]:
    return {
        "skip": _("Skip to the content"),
        "site": _("Site"),
        "lessons": _("All lessons"),
        "neighbours": _("Before and after"),
        "previous": _("Before"),
        "next": _("Next"),
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
