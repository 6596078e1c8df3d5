"""watch: see the graph grow while a cell runs.

    with lab.watch():                       lab.watch()
        h = np.tanh(W @ x)                  h = np.tanh(W @ x)          bare, at the top of a cell: until the cell ends
        loss = np.sum(h * h)                loss = np.sum(h * h)

Every operation that this thread records inside is in it. While code runs the picture is drawn anew, as often as a tenth of
the time allows; at the end a stepper stands in its place, with the evaluation run to its last step. What was recorded
before an exception is shown too.
"""

from __future__ import annotations

from contextlib import ExitStack
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from IPython.core.getipython import get_ipython
from IPython.display import display

from autograd_lab.core.modes import BARE, thread, unwatched, watching
from autograd_lab.core.node import Record
from autograd_lab.graph import Graph
from autograd_lab.language import gettext as _
from autograd_lab.language import ngettext
from autograd_lab.views.fallback import bundle
from autograd_lab.views.layout import LayoutError
from autograd_lab.views.progress import person_at_a_notebook
from autograd_lab.views.settings import NODE_LIMIT
from autograd_lab.views.show import show
from autograd_lab.views.widget import Stepper

MOST_KEPT: Final = 10_000
"""Operations that a watch holds on to; later ones are counted only, so that a training loop does not fill the memory."""
MOST_DRAWN: Final = 150
"""The largest graph that is drawn while it grows, in nodes: a picture beyond it takes longer than it is looked at."""

SHARE: Final = 0.1
"""Of the time, what drawing may take."""
LEAST_COST: Final = 0.01
"""Seconds that a drawing counts for at least: with SHARE, ten drawings a second, for the sake of the browser."""
SAVED_UP: Final = 0.05
"""Seconds of drawing that may be spent at once: the first operations of a burst are all seen."""


def watch(*, limit: int = NODE_LIMIT) -> Watch:
    """Show the graph growing while operations are recorded: `with lab.watch():`, or bare at the top of a notebook cell.

    Args:
        limit: the largest graph whose picture the stepper at the end draws, in nodes.

    The watch has `count` (operations so far), `graph` (the Graph of them) and, once it is over, `stepper`. In a script
    nothing is displayed. Operations are kept as long as the watch is, up to 10,000 of them.

    >>> from autograd_lab import tensor
    >>> with watch() as seen:
    ...     y = np.sin(tensor(1.0, requires_grad=True)) * 2
    >>> seen.count, seen.graph
    (2, <Graph graph: 3 nodes, 2 edges>)
    """
    return Watch(limit)


class Watch:
    """What `lab.watch()` returns: a context manager that listens to this thread."""

    def __init__(self, limit: int = NODE_LIMIT) -> None:
        self.count = 0
        self.stepper: Stepper | None = None
        self._limit = limit
        self._ends: dict[Record, None] = {}  # the records that no other one has for an operand
        self._listening: ExitStack | None = None
        self._growth: _Growth | None = None
        self._shell = get_ipython()
        # Within another watch, hook or scope only `with` can know which of them ends first.
        if self._shell is not None and thread.level == BARE:
            self._start()
            self._shell.events.register("post_run_cell", self._cell_is_over)

    @property
    def graph(self) -> Graph:
        """The graph of what was recorded so far, with what it depends on.

        Raises:
            RuntimeError: nothing was recorded.
        """
        if not self._ends:
            raise RuntimeError(_nothing())
        return Graph(self._ends)

    def __enter__(self) -> Self:
        if self._listening is None:
            self._start()
        else:  # since it was made, in this cell
            self._forget_cell()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._finish()

    def _start(self) -> None:
        self.count = 0
        self.stepper = None
        self._ends.clear()
        self._growth = _Growth() if person_at_a_notebook() else None
        self._listening = ExitStack()
        self._listening.enter_context(watching(self._on_record))

    def _cell_is_over(self, _result: object) -> None:
        self._forget_cell()
        self._finish()

    def _forget_cell(self) -> None:
        assert self._shell is not None
        self._shell.events.unregister("post_run_cell", self._cell_is_over)

    def _on_record(self, record: Record) -> None:
        self.count += 1
        if self.count <= MOST_KEPT:
            for operand in record.operands:
                if operand.__class__ is Record:
                    self._ends.pop(operand, None)
            self._ends[record] = None
        if self._growth is not None:
            self._growth.draw(self._ends, self.count)

    def _finish(self) -> None:
        assert self._listening is not None
        self._listening.close()
        self._listening = None
        with unwatched():
            self._show()

    def _show(self) -> None:
        growth = self._growth or _Growth()
        if not self._ends:
            if self._shell is not None:
                growth.display({"text/plain": _nothing()}, raw=True)
            return
        self.stepper = show(self.graph, mode="evaluation", limit=self._limit)
        self.stepper.step = len(self.stepper.sweep["steps"])
        if self._shell is not None:
            growth.display(self.stepper)
            if self.count > MOST_KEPT:
                told = _("These are the first {kept} of {count} operations: watch a shorter part to see all of it.")
                _Growth().display({"text/plain": told.format(kept=MOST_KEPT, count=self.count)}, raw=True)

    def __repr__(self) -> str:
        return f"<Watch: {_recorded(self.count)}>"


class _Growth:
    """One display in the notebook that is drawn anew as the graph grows, and not more often than SHARE allows."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._credit = SAVED_UP
        self._seen = monotonic()
        self._drawn = True

    def draw(self, ends: dict[Record, None], count: int) -> None:
        """Show the graph behind these records, if there is time for it."""
        now = monotonic()
        self._credit = min(self._credit + SHARE * (now - self._seen), SAVED_UP)
        self._seen = now
        if self._credit <= 0:
            return
        with unwatched():
            self.display(self._picture(ends, count), raw=True)
        self._seen = monotonic()
        self._credit -= max(self._seen - now, LEAST_COST)

    def _picture(self, ends: dict[Record, None], count: int) -> dict[str, str]:
        words = _recorded(count)
        self._drawn = self._drawn and count <= MOST_DRAWN
        graph = Graph(ends) if self._drawn else None
        if graph is None or len(graph) > MOST_DRAWN:
            self._drawn = False
            return {"text/plain": words}
        try:
            return bundle(words, graph)
        except LayoutError:  # the person's operation is not to fail for it: the stepper at the end says what is wrong
            self._drawn = False
            return {"text/plain": words}

    def display(self, what: Any, **options: Any) -> None:
        """Show this in place of what was shown before."""
        if self._handle is None:
            self._handle = display(what, display_id=True, **options)  # type: ignore[no-untyped-call]  # IPython has no types here
        else:
            self._handle.update(what, **options)


def _recorded(count: int) -> str:
    return ngettext("{count} operation recorded", "{count} operations recorded", count).format(count=count)


def _nothing() -> str:
    return _("no operation was recorded: compute with a Tensor that requires a gradient, lab.tensor(2.0, requires_grad=True)")
