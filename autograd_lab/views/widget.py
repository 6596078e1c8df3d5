"""Stepper: the widget that lab.show returns.

An ordinary ipywidgets widget: put it into an HBox, link its `step`, observe it. All steps of the chosen phase travel to
the frontend at once, which then steps by itself and tells Python where it is; another phase is made here when it is
asked for, and everything anew when the inputs change. Where no frontend runs, a saved notebook shows the picture and the
transcript.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import anywidget
import numpy as np
from ipywidgets import CallbackDispatcher
from traitlets import Bool, Bunch, Dict, Int, List, Unicode, observe, validate

from autograd_lab.graph import Edge, Graph, Node, Step, Sweep
from autograd_lab.language import gettext as _
from autograd_lab.language import language, using
from autograd_lab.views import experiments, storyboard
from autograd_lab.views.assets import STEPPER, script, style
from autograd_lab.views.fallback import bundle
from autograd_lab.views.lecture import ChoiceError, Lecture, choice
from autograd_lab.views.picture import NODE_LIMIT
from autograd_lab.views.settings import PARTS, parts_named, pauses_named, phase_named

__all__ = ["PARTS", "ChoiceError", "Stepper"]


class Whole(Int):  # type: ignore[type-arg]
    """An Int that takes NumPy's whole numbers too, for `for step in np.arange(1, 7)`."""

    def validate(self, obj: Any, value: Any) -> Any:
        if not isinstance(value, bool) and hasattr(type(value), "__index__"):
            value = operator.index(value)
        return super().validate(obj, value)


P = ParamSpec("P")
T = TypeVar("T")


def _in_its_language(method: Callable[Concatenate[Stepper, P], T]) -> Callable[Concatenate[Stepper, P], T]:
    """The method, speaking the language that the stepper was made in, whatever holds when it is called."""

    @wraps(method)
    def speaking(self: Stepper, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with using(self._language):
            return method(self, *args, **kwargs)

    return speaking


class Stepper(Lecture, anywidget.AnyWidget):
    """Steps through the evaluation of a graph node by node, and through its accumulations edge by edge.

    It speaks the language that held when it was made (lab.set_language, lab.show(..., language=)), also later on.

    Args:
        graph: what is shown.
        mode: "reverse", "forward" or "evaluation", to begin with.
        wrt: the input that forward accumulation is about, by name, label, Node or key; the first if left out.
        of: the output that reverse accumulation is about; the first if left out.
        parts: which views to show, of "controls", "inputs", "graph", "equation", "source", "table", "check" and "paths".
        limit: the largest graph to draw, in nodes; above it a notice stands in the picture's place.
        pause: the steps at which Play stops.
        options: what every ipywidgets widget takes, such as layout.

    Raises:
        ValueError: an unknown mode, input, output, part or step, or a `wrt` or `of` that is not for this mode.
    """

    _esm: Final = script("widget.js")
    _css: Final = style(*STEPPER)

    storyboard = Dict(help="what stays the same through all steps").tag(sync=True)
    sweep = Dict(help="the chosen phase, step by step").tag(sync=True)
    mode = Unicode("reverse", help='"evaluation", "forward" or "reverse"').tag(sync=True)
    about = Unicode(help="the input (forward) or output (reverse) of the sweep").tag(sync=True)
    step = Whole(1, help="the step that is shown, from 1").tag(sync=True)
    parts = List(Unicode(), help="the views that are shown").tag(sync=True)
    asked = Dict(help="the values that the fields of the inputs hold, by label, and the number `n` of the request").tag(
        sync=True
    )
    clicked = Dict(help="the node (its label) or edge (its id) clicked last, and how many clicks there were, `n`").tag(
        sync=True
    )

    checking = Bool(False, help="whether each derivative shown has its central difference beside it").tag(sync=True)
    checks = Dict(help="these differences, by label, and the sweep that they are of").tag(sync=True)
    nudge = Dict(help="a node to nudge (its label) and how far (h, as text), and the sweep that it is of").tag(sync=True)
    nudged = Dict(help="how far that moved things, and how far the derivative says").tag(sync=True)

    def __init__(
        self,
        graph: Graph,
        *,
        mode: str = "reverse",
        wrt: str | Node | None = None,
        of: str | Node | None = None,
        parts: Sequence[str] = PARTS,
        limit: int = NODE_LIMIT,
        pause: Sequence[int] = (),
        **options: Any,
    ) -> None:
        chosen = phase_named(mode)
        for name, given, its_mode in (("wrt", wrt, "forward"), ("of", of, "reverse")):
            if given is not None and chosen != its_mode:
                if its_mode == "forward":
                    other = _('{argument}={value!r} is for forward accumulation: add mode="forward", or leave it out')
                else:
                    other = _('{argument}={value!r} is for reverse accumulation: add mode="reverse", or leave it out')
                raise ValueError(other.format(argument=name, value=given))
        about = storyboard.key_of(graph, chosen, wrt if chosen == "forward" else of)
        sweep = storyboard.sweep(graph, chosen, about)
        pauses = pauses_named(pause, len(sweep["steps"]))
        self._graph = graph
        self._limit = limit
        self._language = language()
        self._told_by_frontend = False
        self._click_handlers = CallbackDispatcher()
        super().__init__(
            storyboard=storyboard.story(graph, limit=limit),
            sweep=sweep,
            mode=chosen,
            about=about,
            parts=list(parts_named(parts)),
            pauses=pauses,
            **options,
        )

    @property
    def graph(self) -> Graph:
        """The graph that is shown."""
        return self._graph

    @property
    def current(self) -> Step | Node:
        """What is shown: the Step of an accumulation, the Node that an evaluation has come to."""
        step: int = self.step
        if self.mode == "evaluation":
            return self._graph.nodes[step - 1]
        return storyboard.run(self._graph, phase_named(self.mode), self.about)[step - 1]

    @property
    def sweep_key(self) -> tuple[str, str]:
        """The phase, and the key of what it is about: ("reverse", "w5")."""
        return self.mode, self.about

    @property
    @_in_its_language
    def transcript(self) -> str:
        """The chosen phase as text."""
        return storyboard.transcript(self._graph, phase_named(self.mode), self.about)

    def next(self) -> None:
        """Go one step on; at the last step, stay."""
        self.step = min(self.step + 1, self._steps)

    def previous(self) -> None:
        """Go one step back; at the first step, stay."""
        self.step = max(self.step - 1, 1)

    @_in_its_language
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

    def set_inputs(self, values: Mapping[str, Any]) -> None:
        """Run the function again with other values for some inputs, by name or label; the step stays where it was.

        Raises:
            RuntimeError: the graph was recorded from Tensors, so there is no function to run.
            ValueError: there is no such input, or a value of another shape.
            TypeError: a value is no number or array; whatever the function raises propagates too, and nothing changes.
        """
        self._show(self._graph.again(values), self.storyboard.get("answered", 0))

    @_in_its_language
    def _show(self, graph: Graph, answered: int) -> None:
        """Show another graph in this one's place, at the same step of the same phase where it has one."""
        mode = phase_named(self.mode)
        keys = [choice.key for choice in storyboard.choices(graph, mode)]
        about = self.about if self.about in keys else storyboard.key_of(graph, mode, None)
        self._graph = graph
        with self.hold_sync():
            self.storyboard = storyboard.story(graph, limit=self._limit) | {"answered": answered}
            self.sweep = storyboard.sweep(graph, mode, about)
            self.set_trait("about", about)
            self.step = min(self.step, self._steps)
            self._try_again()

    @observe("asked")
    @_in_its_language
    def _answer(self, _change: Bunch) -> None:
        """Answer what was typed into the fields: with everything at those values, or with why there is nothing."""
        n = self.asked["n"]
        try:
            shapes = {str(node.label): np.shape(node.value) for node in self._graph.inputs}
            values = {
                label: np.reshape(np.asarray(given, dtype=np.float64), shapes[label])
                for label, given in self.asked["values"].items()
            }
            with np.errstate(all="ignore"):
                graph = self._graph.again(values)
            self._show(graph, n)
        except Exception as error:  # noqa: BLE001 - whatever the person's function raises is told to the person
            self.storyboard = self.storyboard | {"answered": n, "failed": f"{type(error).__name__}: {error}"}

    @property
    def _steps(self) -> int:
        return len(self.sweep["steps"])

    # -- what may be set, and what follows from it --

    @validate("mode")
    @_in_its_language
    def _check_mode(self, proposal: Bunch) -> str:
        mode: str = choice(phase_named, proposal.value)
        return mode

    @validate("about")
    @_in_its_language
    def _check_about(self, proposal: Bunch) -> str:
        key: str = choice(storyboard.key_of, self._graph, self.mode, proposal.value)
        return key

    @validate("parts")
    @_in_its_language
    def _check_parts(self, proposal: Bunch) -> list[str]:
        return list(choice(parts_named, proposal.value))

    @validate("step")
    @_in_its_language
    def _check_step(self, proposal: Bunch) -> int:
        step: int = proposal.value
        if not self._told_by_frontend and not 1 <= step <= self._steps:
            beyond = _("step={step} is not one of the choices: this sweep has steps 1 to {steps}")
            raise ChoiceError(beyond.format(step=step, steps=self._steps))
        return step

    @observe("mode", "about")
    @_in_its_language
    def _make_sweep(self, change: Bunch) -> None:
        """Answer a change of mode or variable with its sweep, from step 1."""
        if (self.sweep.get("mode"), self.sweep.get("about")) == self.sweep_key:
            return
        with self.hold_sync():
            if change.name == "mode" and not self._told_by_frontend:
                self.set_trait("about", storyboard.key_of(self._graph, phase_named(self.mode), None))
            self.sweep = storyboard.sweep(self._graph, phase_named(self.mode), self.about)
            if not self._told_by_frontend:
                self.step = 1
            self._try_again()

    # -- checks and nudges, which are computed when somebody asks for them --

    def _try_again(self) -> None:
        """The sweep or the inputs changed: what was found before says nothing any more."""
        self._check()
        self._nudge()

    @observe("checking")
    @_in_its_language
    def _check(self, _change: Bunch | None = None) -> None:
        self.checks = {**self._swept, "values": experiments.checks(self._run())} if self.checking and self._swept else {}

    @observe("nudge")
    @_in_its_language
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
        return storyboard.run(self._graph, phase_named(self.sweep["mode"]), self.sweep["about"])

    @_in_its_language
    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what the frontend says.

        It may step on before its change of mode has reached us, and both may come in one message: its step is kept. A
        step that there is not (a slider linked to it in the browser) becomes the nearest one.
        """
        self._told_by_frontend = True
        try:
            super().set_state(sync_data)
        finally:
            self._told_by_frontend = False
        self.step = min(max(self.step, 1), self._steps)

    # -- how it is shown without a frontend --

    def __repr__(self) -> str:
        called = next((c["text"] for c in self.storyboard["choices"][self.mode] if c["key"] == self.about), "")
        phase = "evaluation" if self.mode == "evaluation" else f"{self.mode} accumulation from {called}"
        return f"<Stepper {self.storyboard['title']}: {phase}, step {self.step} of {self._steps}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        made = super()._repr_mimebundle_(**kwargs)
        if made is None:
            return None
        data, metadata = made
        with using(self._language):
            return {**data, **bundle(self.transcript, self._graph)}, metadata


def _number(written: Any) -> Any:
    """A number as a field holds it; what is none as it is, which nudging refuses by name."""
    try:
        return float(written)
    except (TypeError, ValueError):
        return written
