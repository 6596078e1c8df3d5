"""Runs in the kernel of a notebook that becomes a page: publishes what the page needs of each stepper and comparison.

    %load_ext autograd_lab.site.recording     from now on in this kernel

A widget that only a kernel can play is published by its name, so that the page can say what is missing there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ipywidgets import Box, Widget

from autograd_lab.graph import Graph
from autograd_lab.views.compare import Comparison
from autograd_lab.views.page import still
from autograd_lab.views.widget import Stepper

MIME: Final = "application/vnd.autograd-lab.site+json"


def load_ipython_extension(shell: Any) -> None:
    """Publish widgets and graphs for a page."""
    formatter = shell.display_formatter
    formatter.formatters["text/plain"].for_type(Widget, _by_name)
    for kind in (Widget, Graph):
        formatter.mimebundle_formatter.for_type(kind, published)


def published(shown: Widget | Graph) -> dict[str, Any]:
    """A widget or graph as the page reads it, boxes by what is in them."""
    return {MIME: list(_played(shown))}


def _played(widget: Widget | Graph) -> Iterator[dict[str, Any]]:
    match widget:
        case Stepper() | Comparison():
            played = widget.playable()
            yield {
                "kind": "stepper" if isinstance(widget, Stepper) else "comparison",
                "story": {key: played.story[key] for key in ("title", "language")},
                "saved": played.saved,
                "picture": played.picture,
                "transcript": played.transcript,
            }
        case Graph():
            yield {"kind": "picture", "picture": still(widget)}
        case Box():
            for child in widget.children:
                yield from _played(child)
        case _:
            yield {"kind": "widget", "name": type(widget).__name__}


def _by_name(widget: Widget, printer: Any, _cycle: bool) -> None:
    printer.text(f"<{type(widget).__name__}>")
