"""side_by_side: several graphs beside one another under titles, as pictures and as text, to see what sets them apart.

    lab.side_by_side({"with w": loss, "w frozen": other_loss})

Nothing in it needs a running kernel, a style sheet or a script: a saved notebook shows it wherever it is opened.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final

from autograd_lab.core.node import Record
from autograd_lab.core.tensor import Tensor
from autograd_lab.explain.numbers import describe
from autograd_lab.explain.sentences import because
from autograd_lab.graph import Graph, graph_of
from autograd_lab.language import gettext as _
from autograd_lab.views.fallback import image
from autograd_lab.views.picture import svg
from autograd_lab.views.shapes import safe

# Notebooks strip <style>, so every style is inline. A figure that would shrink below _SMALLEST goes into the next line;
# figures of one line share what room there is by their widths, so that all are drawn to one scale.
_SMALLEST: Final = 0.75
_ROW: Final = "display: flex; flex-wrap: wrap; align-items: flex-start; gap: 16px"
_FIGURE: Final = "flex: {width} 1 {least}px; min-width: 0; max-width: {width}px; margin: 0"
_TITLE: Final = "font-weight: bold; margin-bottom: 4px; overflow-wrap: anywhere"
_UNRECORDED: Final = "border: 1px dashed; padding: 8px; margin: 0; overflow-wrap: anywhere"
_WIDTH_OF_TEXT: Final = 260


class SideBySide:
    """Graphs beside one another, each under its title; printed one after the other. Made by `lab.side_by_side`.

    Attributes:
        shown: title to Graph, or to the Tensor behind which nothing was recorded.
    """

    def __init__(self, shown: Mapping[str, Graph | Tensor]) -> None:
        self.shown = dict(shown)

    def __str__(self) -> str:
        return "\n\n".join(f"{title}\n{_said(what)}" for title, what in self.shown.items())

    def __repr__(self) -> str:
        return f"<SideBySide: {', '.join(self.shown)}>"

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        figures = "\n".join(_figure(title, what) for title, what in self.shown.items())
        return {"text/plain": str(self), "text/html": f'<div style="{_ROW}">\n{figures}\n</div>'}


def side_by_side(shown: Mapping[str, Graph | Tensor]) -> SideBySide:
    """Put graphs beside one another, each under its title, to see what sets them apart.

    Args:
        shown: title to a Graph, or to the Tensor whose graph it is. A Tensor behind which nothing was recorded, made
            under no_grad for example, is shown as a value without a graph, with the reason.

    Raises:
        TypeError: `shown` is no mapping, a title is no text, or something is neither Graph nor Tensor.
        ValueError: there is nothing in it.

    >>> from autograd_lab import no_grad, tensor
    >>> x = tensor(2.0, requires_grad=True, name="x")
    >>> with no_grad():
    ...     evaluated = x * x
    >>> print(side_by_side({"recorded": x * x, "under no_grad": evaluated}))
    recorded
    graph: 2 nodes, 2 edges
    w1 = x = 2
    w2 = w1*w1 = 4
    <BLANKLINE>
    under no_grad
    no graph: 4 (no_grad)
    """
    if not isinstance(shown, Mapping):
        raise TypeError(
            _('lab.side_by_side takes a dict, {{"title": graph, ...}}, got {type} {value!r:.60}').format(
                type=type(shown).__name__, value=shown
            )
        )
    if not shown:
        raise ValueError(_("there is nothing to show: lab.side_by_side takes at least one title with its graph"))
    taken: dict[str, Graph | Tensor] = {}
    for title, what in shown.items():
        if not isinstance(title, str):
            raise TypeError(_("a title is text, got {type} {value!r:.60}").format(type=type(title).__name__, value=title))
        if not isinstance(what, (Graph, Tensor)):
            raise TypeError(
                _(
                    "{title}: a Graph or a Tensor can be shown, got {type} {value!r:.60}; lab.trace(f, ...) gives a Graph"
                ).format(title=title, type=type(what).__name__, value=what)
            )
        taken[title] = graph_of(what) if isinstance(what, Tensor) and isinstance(what._node, Record) else what
    return SideBySide(taken)


def _said(what: Graph | Tensor) -> str:
    """A graph as text; of a Tensor without one its value, and why there is none."""
    if isinstance(what, Graph):
        return str(what)
    node = what._node
    assert not isinstance(node, Record)
    return _("no graph: {value} ({origin})").format(value=describe(node.value), origin=because(node.why.origin))


def _figure(title: str, what: Graph | Tensor) -> str:
    if isinstance(what, Graph):
        picture = svg(what, still=True)
        width, body = _width(picture), image(what, picture)
    else:
        width, body = _WIDTH_OF_TEXT, f'<p style="{_UNRECORDED}">{html.escape(_said(what))}</p>'
    style = _FIGURE.format(width=width, least=round(_SMALLEST * width))
    return f'<figure style="{style}"><figcaption style="{_TITLE}">{safe(title)}</figcaption>{body}</figure>'


def _width(picture: str) -> int:
    """The width that a picture has of its own, in pixels."""
    found = re.search(r' width="([\d.]+)"', picture)
    assert found is not None
    return round(float(found[1]))
