"""Reduced: what of a graph a stepper shows, as traits: which scopes are open, and where the graph is cut.

    stepper.opened = ["layer1"]     this scope open, the others closed
    stepper.focus = "w17"           a cut around a node; "" for none of one's own
    stepper.depth = [3, 0]          how far it reaches, to ancestors and to descendants; [] for as far as is read at once

Whatever changes, the step stays at the same place of the true sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anywidget
from traitlets import Bunch, Dict, Int, List, Unicode, observe, validate

from autograd_lab.graph import Graph, Node
from autograd_lab.views import storyboard as boards
from autograd_lab.views.grouping import Part, part_at
from autograd_lab.views.reduction import reach_named, scopes_named, view_of, with_room
from autograd_lab.views.settings import phase_named
from autograd_lab.views.traits import Whole, choice, in_its_language
from autograd_lab.views.view import View


class Reduced(anywidget.AnyWidget):
    """A widget over a graph, of which it shows what is open."""

    _graph: Graph
    _view: View
    _limit: int
    _language: str
    _told_by_frontend: bool

    storyboard = Dict(help="what stays the same through all steps").tag(sync=True)
    sweep = Dict(help="the chosen phase, step by step").tag(sync=True)
    mode = Unicode("reverse", help='"evaluation", "forward" or "reverse"').tag(sync=True)
    about = Unicode(help="the input (forward) or output (reverse) of the sweep").tag(sync=True)
    step = Whole(1, help="the step that is shown, from 1").tag(sync=True)
    opened = List(Unicode(), help="the scopes that are open, the latest last").tag(sync=True)
    focus = Unicode(help='the label of the node that the graph is cut around; "" where that is not chosen').tag(sync=True)
    depth = List(Int(), help="how far the cut reaches, to ancestors and to descendants; [] where that is not chosen").tag(
        sync=True
    )

    def _reduced(
        self,
        graph: Graph,
        opened: Sequence[str] | None,
        focus: str | Node | None,
        depth: int | tuple[int, int] | None,
    ) -> dict[str, Any]:
        """Choose what is shown at first; returns the traits that say so."""
        self._view = view_of(graph, limit=self._limit, opened=opened, focus=focus, depth=depth)
        around = "" if focus is None else str(graph.node(focus).label)
        self._viewed = list(self._view.opened), around, list(reach_named(depth) or ())
        return dict(zip(("opened", "focus", "depth"), self._viewed, strict=True))

    def _forget_choice(self) -> None:
        self._viewed = list(self._view.opened), "", []
        self.opened, self.focus, self.depth = self._viewed

    @property
    def _parts(self) -> list[Part]:
        """What the steps stand for in the true order of the chosen phase."""
        return boards.parts_shown(self._graph, phase_named(self.mode), self.about, self._view)

    def _chosen_view(self) -> View:
        return view_of(
            self._graph,
            limit=self._limit,
            opened=self.opened,
            focus=self.focus or None,
            depth=tuple(self.depth) or None,
        )

    @observe("opened", "focus", "depth")
    @in_its_language
    def _reduce(self, _change: Bunch) -> None:
        """Show more or less of the graph, at the same place of the true sweep: at the first step of a box that was opened."""
        if self._viewed == (self.opened, self.focus, self.depth):
            return
        here = self._parts[self.step - 1]
        if self._told_by_frontend and len(self.opened) > len(self._view.opened):
            self.opened = list(with_room(self._graph, self.opened, self._limit))
        self._viewed = self.opened, self.focus, self.depth
        self._view = self._chosen_view()
        is_open = here.box is not None and here.box.key not in {box.key for box in self._view.boxes}
        with self.hold_sync():
            self.storyboard = boards.story(self._graph, view=self._view) | {"answered": self.storyboard.get("answered", 0)}
            self.sweep = boards.sweep(self._graph, phase_named(self.mode), self.about, self._view)
            self.step = part_at(self._parts, here.first if is_open else here.last)

    @validate("opened")
    @in_its_language
    def _check_opened(self, proposal: Bunch) -> list[str]:
        return list(choice(scopes_named, self._graph, proposal.value))

    @validate("focus")
    @in_its_language
    def _check_focus(self, proposal: Bunch) -> str:
        return str(choice(self._graph.node, proposal.value).label) if proposal.value else ""

    @validate("depth")
    @in_its_language
    def _check_depth(self, proposal: Bunch) -> list[int]:
        return list(choice(reach_named, tuple(proposal.value) or None) or ())
