"""How far the notebooks are, for the person who waits: a line for each that is done, on a terminal also what runs now."""

from __future__ import annotations

import shutil
import sys
from types import TracebackType
from typing import Self, TextIO

from autograd_lab.language import gettext as _
from autograd_lab.site.run import Run
from autograd_lab.site.sources import Guide, Lesson


class Progress:
    """Prints one line a notebook, "[3/22] 02_the_graph (ko)", when it is done."""

    def __init__(self, notebooks: int, stream: TextIO | None = None) -> None:
        self._notebooks = notebooks
        self._stream = sys.stdout if stream is None else stream
        self._live = self._stream.isatty()
        self._done = 0
        self._running: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._running.clear()
        self._clear()

    def told(self, run: Run, done: int, cells: int) -> None:
        """So many of so many cells of a notebook are done."""
        self._running[run.name] = f"{run.name} {done}/{cells}"
        if done == cells:
            del self._running[run.name]
            self._done += 1
            self._print(f"[{self._done}/{self._notebooks}] {run.name}")
        if self._live:
            shown = ", ".join(self._running.values())
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r\x1b[K{shown[:width]}")
            self._stream.flush()

    def unread(self, source: Lesson | Guide, latex: str) -> None:
        """A formula that stays LaTeX on its page."""
        self._print(_("{source}: this formula stays LaTeX: {latex}").format(source=source.place, latex=" ".join(latex.split())))

    def _print(self, line: str) -> None:
        self._clear()
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def _clear(self) -> None:
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
