"""compare: forward against reverse accumulation of a function, side by side, and Comparison, the widget that it returns.

An ordinary ipywidgets widget, as the Stepper is: all sweeps travel to the frontend at once, which then steps by itself.
Where no frontend runs, a saved notebook shows the picture of the graph and the comparison as text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anywidget
from traitlets import Bunch, Dict, validate

from autograd_lab.core.tensor import Tensor
from autograd_lab.graph import Graph
from autograd_lab.language import gettext as _
from autograd_lab.language import using
from autograd_lab.views import verdict
from autograd_lab.views.assets import comparison_style, script
from autograd_lab.views.comparison import Compared, Costs
from autograd_lab.views.fallback import bundle
from autograd_lab.views.page import Playable, document, still
from autograd_lab.views.show import graph_from
from autograd_lab.views.traits import ChoiceError, Whole

if TYPE_CHECKING:
    import numpy as np


class Comparison(anywidget.AnyWidget):
    """Forward against reverse accumulation over one graph, a sweep a step.

    Both fill the same Jacobian, forward accumulation a column a sweep and reverse accumulation a row a sweep, and count
    sweeps, edges visited and multiplications. Beyond 64 sweeps the costs are counted without listing the sweeps.

    Args:
        graph: what is swept.
        options: what every ipywidgets widget takes, such as layout.

    Raises:
        ValueError: all inputs or all outputs are empty arrays.
    """

    _esm: Final = script("compare-widget.js")
    _css: Final = comparison_style()

    comparison = Dict(help="both modes, sweep by sweep").tag(sync=True)
    step = Whole(0, help="how many sweeps each mode has made, if it has so many; 0 before the first").tag(sync=True)

    def __init__(self, graph: Graph, **options: Any) -> None:
        self._compared = Compared(graph)
        self._told_by_frontend = False
        super().__init__(comparison=verdict.story(self._compared), **options)

    @property
    def graph(self) -> Graph:
        """The graph that is swept."""
        return self._compared.graph

    @property
    def steps(self) -> int:
        """The last step: the number of sweeps that the mode with more of them takes; 0 where costs are only counted."""
        return self._compared.steps

    @property
    def costs(self) -> Costs:
        """What the whole Jacobian costs: `costs.forward` and `costs.reverse`, each with sweeps, edges, multiplications."""
        return self._compared.costs

    @property
    def jacobian(self) -> np.ndarray[Any, Any]:
        """The Jacobian that the sweeps found, one row an output and one column an input, arrays element by element.

        Raises:
            ValueError: it takes more sweeps than are run.
            RuntimeError: neither mode could finish its sweeps (a value was overwritten or freed); the message says why.
        """
        return self._compared.jacobian.copy()

    @property
    def transcript(self) -> str:
        """The whole comparison as text, in the language that it was made in."""
        with using(self.comparison["language"]):
            return verdict.transcript(self._compared)

    def next(self) -> None:
        """Make the next sweep of both modes; after the last one, stay."""
        self.step = min(self.step + 1, self.steps)

    def previous(self) -> None:
        """Go one sweep back; before the first one, stay."""
        self.step = max(self.step - 1, 0)

    def playable(self) -> Playable:
        """The comparison at this step, as a page holds it that plays without a kernel."""
        return Playable(
            story=self.comparison,
            saved={"comparison": self.comparison, "step": self.step},
            picture=still(self.graph),
            transcript=self.transcript,
        )

    def to_html(self, path: str | Path) -> Path:
        """Write the comparison as one HTML file that plays offline, opened at this step; return its path."""
        target = Path(path)
        text = document(self.playable(), css=comparison_style("page.css"), script=script("compare-page.js"))
        target.write_text(text, encoding="utf-8", newline="\n")
        return target

    @validate("step")
    def _check_step(self, proposal: Bunch) -> int:
        step: int = proposal.value
        if not self._told_by_frontend and not 0 <= step <= self.steps:
            raise ChoiceError(
                _("step={step} is not one of the choices: this comparison has steps 0 to {steps}").format(
                    step=step, steps=self.steps
                )
            )
        return step

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what the frontend says; a step that there is not (a slider linked to it) becomes the nearest one."""
        self._told_by_frontend = True
        try:
            super().set_state(sync_data)
        finally:
            self._told_by_frontend = False
        self.step = min(max(self.step, 0), self.steps)

    def __repr__(self) -> str:
        return f"<Comparison {self.comparison['title']}: step {self.step} of {self.steps}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        made = super()._repr_mimebundle_(**kwargs)
        if made is None:
            return None
        data, metadata = made
        return {**data, **bundle(self.transcript, self.graph)}, metadata


def compare(what: Callable[..., Any] | Graph | Tensor, *args: Any, **kwargs: Any) -> Comparison:
    """Put forward and reverse accumulation side by side: the Jacobian each fills, and what that costs.

    Args:
        what: a function, called once on `args` and `kwargs`; or a Graph; or a Tensor, with more Tensors in `args`.

    Raises:
        TypeError: the function cannot be traced, or `what` is none of these.
        ValueError: all inputs or all outputs are empty arrays.

    >>> compare(lambda x, y: x * y, 2.0, 3.0).jacobian
    array([[3., 2.]])
    """
    return Comparison(graph_from(what, args, kwargs, caller="lab.compare"))
