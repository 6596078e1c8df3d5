"""How far a long piece of work is, said once it has taken a second, and only to a person who waits for it.

`Patience(words)` counts: it is called once a piece of work, and closed at the end. `patiently(things, words)` counts
what it hands through. Up to the first second this is a clock read, and nothing is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any, Final, TypeVar

T = TypeVar("T")

FIRST: Final = 1.0
AGAIN: Final = 0.25
"""Seconds after which there is something to say, and between one saying and the next."""


class Patience:
    """Counts its calls; `words(count)` is what is said of them."""

    def __init__(self, words: Callable[[int], str]) -> None:
        self.count = 0
        self._words = words
        self._next = monotonic() + FIRST
        self._line: Any = None  # a views.progress.Line

    def __call__(self, _piece: Any = None) -> None:
        """One more is done."""
        self.count += 1
        now = monotonic()
        if now >= self._next:
            self._say()
            self._next = math.inf if self._line is None else now + AGAIN

    def _say(self) -> None:
        from autograd_lab.views.progress import line_for_a_person

        if self._line is None:
            self._line = line_for_a_person()
        if self._line is not None:
            self._line.say(self._words(self.count))

    def close(self) -> None:
        """Take away what was said."""
        if self._line is not None:
            self._line.vanish()
        self._next = math.inf


def patiently(things: Sequence[T], words: Callable[[int], str]) -> Iterator[T]:
    """Each of the things, one by one; closed when they are through, or when whoever asks for them stops asking."""
    patience = Patience(words)
    try:
        for thing in things:
            yield thing
            patience()
    finally:
        patience.close()
