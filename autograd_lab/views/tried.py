"""What a person tries on a stepper: clicks, which Python is told of, and checks and nudges, which it computes when asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from traitlets import Bool, Bunch, Dict, observe

from autograd_lab.graph import Edge, Node, Sweep
from autograd_lab.language import gettext as _
from autograd_lab.views import experiments
from autograd_lab.views.choices import run
from autograd_lab.views.reduced import Reduced
from autograd_lab.views.settings import phase_named
from autograd_lab.views.traits import in_its_language

if TYPE_CHECKING:
    from ipywidgets import CallbackDispatcher


class Tried(Reduced):
    """A widget over a graph, whose nodes can be clicked, checked and nudged."""

    _click_handlers: CallbackDispatcher

    clicked = Dict(help="the node (its label) or edge (its id) clicked last, and `n`, the number of clicks").tag(sync=True)
    checking = Bool(False, help="whether each derivative shown has its central difference beside it").tag(sync=True)
    checks = Dict(help="these differences, by label, and the sweep that they are of").tag(sync=True)
    nudge = Dict(help="a node to nudge (its label) and how far (h, as text), and the sweep that it is of").tag(sync=True)
    nudged = Dict(help="how far that moved things, and how far the derivative says").tag(sync=True)

    @in_its_language
    def on_click(self, callback: Callable[[Node | Edge], Any], remove: bool = False) -> None:
        """Call `callback(thing)` with each Node or Edge that a person clicks, in any view; `remove=True` takes it back.

        The stepper has gone to the step that makes the thing by then. As with any ipywidgets widget, one function is called
        once however often it is registered, and what it raises is shown and stops no other.

        Raises:
            TypeError: the callback cannot be called.
        """
        if not callable(callback):
            raise TypeError(_("on_click takes a function, got {value}").format(value=repr(callback)[:60]))
        self._click_handlers.register_callback(callback, remove=remove)

    @observe("clicked")
    def _tell_of_click(self, change: Bunch) -> None:
        things: list[Node | Edge]
        if "node" in change.new:
            things = [node for node in self._graph.nodes if node.label == change.new["node"]]
        else:
            things = [edge for edge in self._graph.edges if edge.id == change.new.get("edge")]
        for thing in things:  # one; none where another graph took this one's place meanwhile
            self._click_handlers(thing)

    def _try_again(self) -> None:
        """The sweep or the inputs changed: what was found before says nothing any more."""
        self._check()
        self._nudge()

    @observe("checking")
    @in_its_language
    def _check(self, _change: Bunch | None = None) -> None:
        self.checks = {**self._swept, "values": experiments.checks(self._run())} if self.checking and self._swept else {}

    @observe("nudge")
    @in_its_language
    def _nudge(self, _change: Bunch | None = None) -> None:
        asked = self.nudge
        if not self._swept or {name: asked.get(name) for name in self._swept} != self._swept:
            self.nudged = {}
            return
        self.nudged = {**asked, **experiments.nudged(self._run(), asked["node"], _number(asked["h"]))}

    @property
    def _swept(self) -> dict[str, str]:
        """The accumulation that the views show; nothing for an evaluation, which has no derivatives."""
        phase = self.sweep["mode"]
        return {} if phase == "evaluation" else {"mode": phase, "about": self.sweep["about"]}

    def _run(self) -> Sweep:
        return run(self._graph, phase_named(self.sweep["mode"]), self.sweep["about"])


def _number(written: Any) -> Any:
    """A number as a field holds it; what is none as it is, which nudging refuses by name."""
    try:
        return float(written)
    except (TypeError, ValueError):
        return written
