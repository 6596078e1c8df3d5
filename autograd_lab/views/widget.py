"""Stepper: the widget that lab.show returns.

An ordinary ipywidgets widget: put it into an HBox, link its `step`, observe it. All steps of the chosen phase travel to
the frontend at once, which then steps by itself and tells Python where it is; another phase is made here when it is
asked for, and everything anew when the inputs change. Where no frontend runs, a saved notebook shows the picture and the
transcript.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from ipywidgets import CallbackDispatcher
from traitlets import Bunch, Dict, List, Unicode, observe, validate

from autograd_lab.graph import Graph, Node, Step
from autograd_lab.language import gettext as _
from autograd_lab.language import language, using
from autograd_lab.views import storyboard
from autograd_lab.views.assets import STEPPER, script, style
from autograd_lab.views.choices import choices, key_of, run
from autograd_lab.views.fallback import bundle
from autograd_lab.views.lecture import Lecture
from autograd_lab.views.reduction import view_of
from autograd_lab.views.settings import NODE_LIMIT, PARTS, parts_named, pauses_named, phase_named
from autograd_lab.views.traits import ChoiceError, choice, in_its_language
from autograd_lab.views.tried import Tried

__all__ = ["PARTS", "ChoiceError", "Stepper"]


class Stepper(Lecture, Tried):
    """Steps through the evaluation of a graph node by node, and through its accumulations edge by edge.

    It speaks the language that held when it was made (lab.set_language, lab.show(..., language=)), also later on.

    Args:
        graph: what is shown.
        mode: "reverse", "forward" or "evaluation", to begin with.
        wrt: the input that forward accumulation is about, by name, label, Node or key; the first if left out.
        of: the output that reverse accumulation is about; the first if left out.
        parts: which views to show, of "controls", "inputs", "graph", "equation", "source", "table", "check" and "paths".
        limit: the largest graph that is shown whole, in nodes; above it scopes are closed, or there is a cut.
        opened: the scopes that are open; if left out as many levels as fit.
        focus: the node that a cut is made around, by name, label or Node.
        depth: how many steps the cut reaches to ancestors, or a pair: to ancestors, to descendants.
        pause: the steps at which Play stops.
        options: what every ipywidgets widget takes, such as layout.

    Raises:
        ValueError: an unknown mode, input, output, part, step, scope or focus, or a `wrt` or `of` that is not for this mode.
    """

    _esm: Final = script("widget.js")
    _css: Final = style(*STEPPER)

    parts = List(Unicode(), help="the views that are shown").tag(sync=True)
    asked = Dict(help="the values that the fields of the inputs hold, by label, and the number `n` of the request").tag(
        sync=True
    )

    def __init__(
        self,
        graph: Graph,
        *,
        mode: str = "reverse",
        wrt: str | Node | None = None,
        of: str | Node | None = None,
        parts: Sequence[str] = PARTS,
        limit: int = NODE_LIMIT,
        opened: Sequence[str] | None = None,
        focus: str | Node | None = None,
        depth: int | tuple[int, int] | None = None,
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
        about = key_of(graph, chosen, wrt if chosen == "forward" else of)
        self._graph = graph
        self._limit = limit
        self._language = language()
        self._told_by_frontend = False
        self._click_handlers = CallbackDispatcher()
        what_is_open = self._reduced(graph, opened, focus, depth)
        sweep = storyboard.sweep(graph, chosen, about, self._view)
        pauses = pauses_named(pause, len(sweep["steps"]))
        super().__init__(
            storyboard=storyboard.story(graph, view=self._view),
            sweep=sweep,
            mode=chosen,
            about=about,
            **what_is_open,
            parts=list(parts_named(parts)),
            pauses=pauses,
            **options,
        )

    @property
    def graph(self) -> Graph:
        """The graph that is shown."""
        return self._graph

    @property
    def current(self) -> Step | Node | tuple[Step, ...] | tuple[Node, ...]:
        """What is shown: the Step of an accumulation, the Node that an evaluation has come to; for a box all of its own."""
        part = self._parts[self.step - 1]
        chosen = slice(part.first - 1, part.last)
        if self.mode == "evaluation":
            nodes = self._graph.nodes[chosen]
            return nodes[0] if part.box is None else nodes
        steps = run(self._graph, phase_named(self.mode), self.about)[chosen]
        return steps[0] if part.box is None else steps

    @property
    def sweep_key(self) -> tuple[str, str]:
        """The phase, and the key of what it is about: ("reverse", "w5")."""
        return self.mode, self.about

    @property
    @in_its_language
    def transcript(self) -> str:
        """The chosen phase as text."""
        return storyboard.transcript(self._graph, phase_named(self.mode), self.about, self._view)

    def next(self) -> None:
        """Go one step on; at the last step, stay."""
        self.step = min(self.step + 1, self._steps)

    def previous(self) -> None:
        """Go one step back; at the first step, stay."""
        self.step = max(self.step - 1, 1)

    @in_its_language
    def set_inputs(self, values: Mapping[str, Any]) -> None:
        """Run the function again with other values for some inputs, by name or label; the step stays where it was.

        Raises:
            RuntimeError: the graph was recorded from Tensors, so there is no function to run.
            ValueError: there is no such input, or a value of another shape.
            TypeError: a value is no number or array; whatever the function raises propagates too, and nothing changes.
        """
        self._show(self._graph.again(values), self.storyboard.get("answered", 0))

    @in_its_language
    def _show(self, graph: Graph, answered: int) -> None:
        """Show another graph in this one's place, at the same step of the same phase where it has one."""
        mode = phase_named(self.mode)
        keys = [offered.key for offered in choices(graph, mode)]
        about = self.about if self.about in keys else key_of(graph, mode, None)
        # Where another branch was taken, what was open or cut around may not be there any more.
        same = [node.scope for node in graph.nodes] == [node.scope for node in self._graph.nodes]
        self._graph = graph
        self._view = self._chosen_view() if same else view_of(graph, limit=self._limit)
        with self.hold_sync():
            self.storyboard = storyboard.story(graph, view=self._view) | {"answered": answered}
            self.sweep = storyboard.sweep(graph, mode, about, self._view)
            self.set_trait("about", about)
            self.step = min(self.step, self._steps)
            self._try_again()
            if not same:
                self._forget_choice()

    @observe("asked")
    @in_its_language
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
    @in_its_language
    def _check_mode(self, proposal: Bunch) -> str:
        mode: str = choice(phase_named, proposal.value)
        return mode

    @validate("about")
    @in_its_language
    def _check_about(self, proposal: Bunch) -> str:
        key: str = choice(key_of, self._graph, self.mode, proposal.value)
        return key

    @validate("parts")
    @in_its_language
    def _check_parts(self, proposal: Bunch) -> list[str]:
        return list(choice(parts_named, proposal.value))

    @validate("step")
    @in_its_language
    def _check_step(self, proposal: Bunch) -> int:
        step: int = proposal.value
        if not self._told_by_frontend and not 1 <= step <= self._steps:
            beyond = _("step={step} is not one of the choices: this sweep has steps 1 to {steps}")
            raise ChoiceError(beyond.format(step=step, steps=self._steps))
        return step

    @observe("mode", "about")
    @in_its_language
    def _make_sweep(self, change: Bunch) -> None:
        """Answer a change of mode or variable with its sweep, from step 1."""
        if (self.sweep.get("mode"), self.sweep.get("about")) == self.sweep_key:
            return
        with self.hold_sync():
            if change.name == "mode" and not self._told_by_frontend:
                self.set_trait("about", key_of(self._graph, phase_named(self.mode), None))
            self.sweep = storyboard.sweep(self._graph, phase_named(self.mode), self.about, self._view)
            if not self._told_by_frontend:
                self.step = 1
            self._try_again()

    @in_its_language
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
            return {**data, **bundle(self.transcript, self._graph, self._view)}, metadata
