"""An executed notebook as the inner HTML of its page, by nbconvert with a template of our own.

    converted(lesson, links, unread)    the HTML, and what plays on it

Cells are told apart by their tags: `exercise` is to be answered in a notebook, `solution` and `notes` open on request.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from nbconvert.exporters.templateexporter import TemplateExporter

from autograd_lab.language import gettext as _
from autograd_lab.site.code import highlighted
from autograd_lab.site.links import Links, Repository
from autograd_lab.site.markdown import Renderer, html
from autograd_lab.site.plays import Places
from autograd_lab.site.recording import MIME
from autograd_lab.site.sources import Lesson

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATES: Final = Path(__file__).with_name("templates")
SHOWN: Final = (MIME, "text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain")
"""What an output is shown as: the first of these that it has."""


class Converted(NamedTuple):
    """The inner HTML of a page, and how many of each kind play there."""

    html: str
    kinds: dict[str, int]


def converted(lesson: Lesson, links: Links, unread: Callable[[str], None]) -> Converted:
    """The page of an executed notebook; `unread` hears of each formula that has no MathML."""
    renderer = Renderer(lesson, links, unread)
    places = Places()
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]  # nbconvert has no types here
        template_name="lesson",
        template_file="index.html.j2",
        extra_template_basedirs=[str(TEMPLATES)],
        filters={
            "prose": lambda cell: prose(cell, renderer),
            "code": lambda cell: highlighted(cell.source),
            "output": lambda output, cell: shown(output, cell, places, renderer),
        },
    )
    text, _resources = exporter.from_notebook_node(lesson.notebook, {"remarks": remarks(lesson, links.repository)})
    return Converted(text, dict(places.kinds))


def remarks(lesson: Lesson, repository: Repository) -> dict[str, str]:
    """What a page says of its own, as HTML: where the lesson can be run, and which cells wait for that."""
    binder, colab = (
        f'<a href="{escape(address)}">{name}</a>'
        for name, address in (("Binder", repository.binder(lesson.place)), ("Colab", repository.colab(lesson.place)))
    )
    code = f"<code>{escape(repository.install)}</code>"
    return {
        "open": escape(
            _(
                "The steppers on this page play as they are. To run cells, and to try other inputs, "
                "open the lesson on {binder} or {colab}."
            )
        ).format(binder=binder, colab=colab),
        "first": escape(_("On Colab, run this first: {code}")).format(code=code),
        "exercise": escape(_("Exercise: answer it in a notebook, on {binder}.")).format(binder=binder),
        "notes": escape(_("Notes for the speaker")),
    }


def prose(cell: NotebookNode, renderer: Renderer) -> str:
    """A cell of Markdown."""
    renderer.attachments = cell.get("attachments", {})
    return html(cell.source, renderer)


def shown(output: NotebookNode, cell: NotebookNode, places: Places, renderer: Renderer) -> str:
    """An output of a cell."""
    if output.output_type == "stream":
        return _preformatted(output.text)
    if output.output_type == "error":  # of a cell that is allowed to raise
        return _preformatted(f"{output.ename}: {output.evalue}")
    kind = next((kind for kind in SHOWN if kind in output.data), None)
    data = output.data.get(kind)
    match kind:
        case None:
            return ""
        case "text/plain":
            return _preformatted(data)
        case "text/html" | "image/svg+xml":
            return f'<div class="wide">{data}</div>\n'
        case "image/png" | "image/jpeg":
            return _picture(kind, data.strip(), cell)
        case "text/markdown" | "text/latex":
            return f'<div class="prose">\n{html(data, renderer)}</div>\n'
        case _:
            return places.html(data)


def _preformatted(text: str) -> str:
    return f"<pre>{escape(text.rstrip())}</pre>\n"


def _picture(kind: str, data: str, cell: NotebookNode) -> str:
    alt = cell.metadata.get("alt") or _("Picture made by the code above")
    data = "".join(data.split())
    size = ""
    if kind == "image/png":
        width, height = struct.unpack(">II", base64.b64decode(data[:32])[16:24])
        size = f' width="{width}" height="{height}"'
    return f'<img class="plot" alt="{escape(alt)}"{size} src="data:{kind};base64,{data}">\n'
