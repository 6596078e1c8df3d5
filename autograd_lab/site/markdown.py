"""Markdown as the site shows it: formulas as MathML, code in colour, links and pictures where they are on the site."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograd_lab.site.code import highlighted
from autograd_lab.site.links import Links
from autograd_lab.site.mathematics import mathml
from autograd_lab.site.sources import Guide, Lesson


class Renderer(IPythonRenderer):
    """What mistune writes for each element."""

    def __init__(self, source: Lesson | Guide, links: Links, unread: Callable[[str], None]) -> None:
        super().__init__(escape=False)
        self._source, self._links, self._unread = source, links, unread
        self._anchors: set[str] = set()

    def heading(self, text: str, level: int, **_attributes: Any) -> str:
        """A heading that links can lead to, by the name that Jupyter gives it; in a guide by GitHub's."""
        words = unescape(re.sub(r"<[^>]*>", "", text)).strip()
        if isinstance(self._source, Guide):
            words = re.sub(r"[^\w\s-]", "", words.lower())
        anchor = name = words.replace(" ", "-")
        while anchor in self._anchors:
            anchor = f"{name}-{len(self._anchors)}"
        self._anchors.add(anchor)
        return f'<h{level} id="{escape(anchor)}">{text}</h{level}>\n'

    def block_math(self, body: str) -> str:
        """A formula of its own."""
        return f'<span class="formula">{self._formula(body, block=True)}</span>'

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return self._formula(body, block=False)

    def latex_environment(self, name: str, body: str) -> str:
        """A formula that begins with its environment."""
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_code(self, code: str, info: str | None = None) -> str:
        """Code between fences."""
        return highlighted(code, (info or "text").split()[0])

    def table(self, text: str) -> str:
        """A table, which may be wider than the page is."""
        return f'<div class="wide"><table>\n{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, *, head: bool = False) -> str:
        """A cell of a table; a head without words is none."""
        tag = "th" if head and text else "td"
        style = f' style="text-align: {align}"' if align else ""
        return f"<{tag}{style}>{text}</{tag}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link, to where its target is on the site."""
        return str(super().link(text, self._links.resolved(url, self._source), title))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture, which comes along."""
        return str(super().image(text, self._links.picture(url, self._source), title))

    def _formula(self, latex: str, *, block: bool) -> str:
        made = mathml(latex, block=block)
        if made is None:
            self._unread(latex)
            return f"<code>{escape(latex)}</code>"
        return made


def html(text: str, renderer: Renderer) -> str:
    """Markdown as HTML."""
    return MarkdownWithMath(renderer).render(text)


def line(text: str, renderer: Renderer) -> str:
    """A line of Markdown as HTML, without the paragraph around it."""
    return html(text, renderer).strip().removeprefix("<p>").removesuffix("</p>")
