"""What a saved notebook shows where no widget runs: the picture as an image, and the transcript as text.

GitHub, nbviewer and a notebook that was opened but not run strip inline SVG; an <img> with a data URI stays.
"""

from __future__ import annotations

import base64
import html

from autograd_lab.explain.sentences import size
from autograd_lab.graph import Graph
from autograd_lab.language import gettext as _
from autograd_lab.views.picture import svg
from autograd_lab.views.view import View


def bundle(plain: str, graph: Graph, view: View | None = None) -> dict[str, str]:
    """text/plain and text/html of a graph, as `view` shows it."""
    return {"text/plain": plain, "text/html": image(graph, svg(graph, standalone=True, view=view))}


def image(graph: Graph, picture: str) -> str:
    """The picture of a graph as HTML that survives every cleaning: an <img> that carries its data."""
    data = base64.b64encode(picture.encode()).decode()
    return f'<img alt="{described(graph)}" style="max-width: 100%" src="data:image/svg+xml;base64,{data}">'


def described(graph: Graph) -> str:
    """What a still picture shows, in one line, for HTML."""
    called = _("Graph of {function}: {size}")
    return html.escape(called.format(function=graph.name, size=size(graph)), quote=True)
