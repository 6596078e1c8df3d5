"""What a stepper offers for lectures: pause points, and what can be kept of it: the page, a step or all steps as SVG."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, overload

from traitlets import Bunch, Dict, HasTraits, Int, List, TraitError, observe, validate

from autograd_lab.graph import Graph
from autograd_lab.language import gettext as _
from autograd_lab.language import using
from autograd_lab.views import frames
from autograd_lab.views.page import page
from autograd_lab.views.picture import GraphTooLarge
from autograd_lab.views.settings import pauses_named


class ChoiceError(TraitError, ValueError):
    """A value that a stepper cannot take. A TraitError, so that a widget undoes it; a ValueError, so that a person knows it."""


def choice(check: Callable[..., Any], *arguments: Any) -> Any:
    """What `check` returns; its ValueError as one that traitlets understands."""
    try:
        return check(*arguments)
    except ValueError as error:
        raise ChoiceError(str(error)) from None


class Lecture(HasTraits):
    """The half of Stepper that has to do with lectures."""

    storyboard: Any  # the traits of the other half
    sweep: Any
    step: Any
    mode: Any
    about: Any
    parts: Any
    _graph: Graph
    _limit: int
    _language: str

    pauses = List(Int(), help="the steps at which Play stops").tag(sync=True)
    animation = Dict(help="an animation that a view asked for, by the number `asked`: `svg`, and the `name` of its file").tag(
        sync=True
    )

    def to_html(self, path: str | Path) -> Path:
        """Write what is shown as one HTML file that plays offline, opened at this sweep and step; return its path."""
        shown = {"mode": self.mode, "about": self.about, "step": self.step, "parts": self.parts, "pause": self.pauses}
        with using(self._language):
            return _written(page(self._graph, limit=self._limit, **shown), path)

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
            ValueError: there is no such step, or no picture, because the graph is too large.
        """
        with using(self._language):
            story, sweep = self._drawn()
            shown = int(self.step if step is None else pauses_named([step], len(sweep["steps"]), called="step")[0])
            return _kept(frames.still(story, sweep, shown), path)

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
            ValueError: `seconds` is not a positive number, or there is no picture, because the graph is too large.
        """
        with using(self._language):
            return _kept(frames.animated(*self._drawn(), seconds), path)

    def _drawn(self) -> tuple[dict[str, Any], dict[str, Any]]:
        story: dict[str, Any] = self.storyboard
        if story["svg"] is None:
            raise GraphTooLarge(_("there is no picture: {reason}").format(reason=" ".join(story["notices"])))
        return story, self.sweep

    @validate("pauses")
    def _check_pauses(self, proposal: Bunch) -> list[int]:
        with using(self._language):
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
