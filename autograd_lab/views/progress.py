"""One line that says how far something is, where a person sees it, and that is gone afterwards.

In a notebook it is a display that is updated in place, in a terminal the last line of standard error. Where nobody watches
(nbval, nbconvert, a pipe) there is no line: `line_for_a_person` returns None, and outputs stay as they are.
"""

from __future__ import annotations

import sys
from typing import Any, Protocol


class Line(Protocol):
    """What can be said and taken back."""

    def say(self, words: str) -> None:
        """Show these words in place of the last ones."""

    def vanish(self) -> None:
        """Take the words away, without a trace."""


def line_for_a_person() -> Line | None:
    """A line on the screen of the person who waits, or None if nobody does."""
    if person_at_a_notebook():
        return _Displayed()
    if running_shell_has_a_kernel() or sys.stderr is None or not sys.stderr.isatty():
        return None
    return _LastLine()


def person_at_a_notebook() -> bool:
    """Whether the cell that runs was started by someone who could be asked: nbval and nbconvert say that nobody can."""
    return bool(getattr(_kernel(), "_allow_stdin", False))


def running_shell_has_a_kernel() -> bool:
    """Whether this process serves a notebook, whoever started its cell."""
    return _kernel() is not None


def _kernel() -> Any:
    ipython = sys.modules.get("IPython")  # where it is not loaded, there is no notebook
    return None if ipython is None else getattr(ipython.get_ipython(), "kernel", None)


class _LastLine:
    """On a terminal: written over itself, then erased."""

    def say(self, words: str) -> None:
        sys.stderr.write(f"\r\x1b[K{words}")
        sys.stderr.flush()

    def vanish(self) -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


class _Displayed:
    """In a notebook: one display, updated; an output without data takes no room and says nothing in the saved file."""

    def __init__(self) -> None:
        self._handle: Any = None

    def say(self, words: str) -> None:
        from IPython.display import display

        data = {"text/plain": words}
        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)  # type: ignore[no-untyped-call]  # IPython has no types here
        else:
            self._handle.update(data, raw=True)

    def vanish(self) -> None:
        if self._handle is not None:
            self._handle.update({}, raw=True)
