"""What a stepper offers for lectures: pause points, and what can be kept of it: the page, a step or all steps as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import Any, overload

from traitlets import Bunch, Dict, HasTraits, Int, List, observe, validate

from autograd_lab.graph import Graph
from autograd_lab.language import using
from autograd_lab.views import frames
from autograd_lab.views.page import Playable, page, playable
from autograd_lab.views.settings import pauses_named
from autograd_lab.views.traits import choice, in_its_language
from autograd_lab.views.view import View


class Lecture(HasTraits):
    """The half of Stepper that has to do with lectures."""

    storyboard: Any  # the traits of the other half
    sweep: Any
    step: Any
    mode: Any
    about: Any
    parts: Any
    _graph: Graph
    _view: View
    _language: str

    pauses = List(Int(), help="the steps at which Play stops").tag(sync=True)
    animation = Dict(help="an animation that a view asked for, by the number `asked`: `svg`, and the `name` of its file").tag(
        sync=True
    )

    @in_its_language
    def to_html(self, path: str | Path) -> Path:
        """Write what is shown as one HTML file that plays offline, opened at this sweep and step; return its path."""
        return _written(page(self._graph, **self._shown), path)

    @in_its_language
    def playable(self) -> Playable:
        """What is shown, as a page holds it that plays without a kernel."""
        return playable(self._graph, **self._shown)

    @property
    def _shown(self) -> dict[str, Any]:
        return {
            "mode": self.mode,
            "about": self.about,
            "step": self.step,
            "parts": self.parts,
            "pause": self.pauses,
            "view": self._view,
        }

    @overload
    def to_svg(self, path: None = None, step: int | None = None) -> str: ...
    @overload
    def to_svg(self, path: str | Path, step: int | None = None) -> Path: ...
    def to_svg(self, path: str | Path | None = None, step: int | None = None) -> str | Path:
        """A step as an SVG file of its own, with its equation and sentence below the graph.

        Args:
            path: where to write it; if left out, the text is returned.
            step: which step, from 1; the current one if left out.

        Raises:
            ValueError: there is no such step.
        """
        with using(self._language):
            shown = int(self.step if step is None else pauses_named([step], len(self.sweep["steps"]), called="step")[0])
            return _kept(frames.still(self.storyboard, self.sweep, shown), path)

    @overload
    def to_animated_svg(self, path: None = None, seconds: float = 1.5) -> str: ...
    @overload
    def to_animated_svg(self, path: str | Path, seconds: float = 1.5) -> Path: ...
    def to_animated_svg(self, path: str | Path | None = None, seconds: float = 1.5) -> str | Path:
        """All steps as one SVG file that plays in a loop, in a browser and as an <img>, with no script.

        Args:
            path: where to write it; if left out, the text is returned.
            seconds: how long each step is shown; the last one twice as long.

        Raises:
            ValueError: `seconds` is not a positive number.
        """
        with using(self._language):
            return _kept(frames.animated(self.storyboard, self.sweep, seconds), path)

    @validate("pauses")
    @in_its_language
    def _check_pauses(self, proposal: Bunch) -> list[int]:
        return list(choice(pauses_named, proposal.value, len(self.sweep["steps"])))

    @observe("animation")
    def _animate(self, _change: Bunch) -> None:
        """Answer a view that asked for the animation."""
        asked = self.animation
        if "asked" in asked and "svg" not in asked:
            name = f"{self.storyboard['title']}-{self.sweep['mode']}"
            self.animation = asked | {"svg": self.to_animated_svg(), "name": name}


def _kept(document: str, path: str | Path | None) -> str | Path:
    """The text, or the file that it was written to."""
    return document if path is None else _written(document, path)


def _written(document: str, path: str | Path) -> Path:
    target = Path(path)
    target.write_text(document, encoding="utf-8", newline="\n")
    return target
