"""check: a learner's answers beside what they should be, each with one line that helps and none that gives it away.

    lab.check({"dg/da": 2, "dg/db": None}, {"dg/da": 2.0, "dg/db": 5.0})

An exercise is a cell with None in the places to fill in and such a call at its end. `assert lab.check(...)` fails until
every answer is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from autograd_lab.core.tensor import Tensor
from autograd_lab.core.visits import plain
from autograd_lab.explain.numbers import describe
from autograd_lab.language import gettext as _

Verdict = Literal["right", "missing", "wrong"]

_SIGNS: Final[dict[Verdict, str]] = {"right": "✓", "missing": "○", "wrong": "✗"}
_ZERO: Final = 1e-6  # what counts as 0: far below the 4 digits that people write
_CLOSE: Final = 20  # within so many tolerances a number was meant, but rounded too soon


@dataclass(frozen=True)
class Answered:
    """One question: what was answered, whether that is right, and what is said of it."""

    question: str
    answer: Any
    verdict: Verdict
    text: str

    def __str__(self) -> str:
        return f"{_SIGNS[self.verdict]} {self.text}"


@dataclass(frozen=True)
class Checked:
    """The verdicts on all answers of an exercise: true if all are right, and printed one line each."""

    answers: tuple[Answered, ...]

    def __bool__(self) -> bool:
        return all(answered.verdict == "right" for answered in self.answers)

    def __str__(self) -> str:
        return "\n".join(map(str, self.answers))

    __repr__ = __str__


def check(
    answers: Mapping[str, Any],
    expected: Mapping[str, Any],
    *,
    hints: Mapping[str, str] | None = None,
    slips: Mapping[str, Mapping[Any, str]] | None = None,
    tolerance: float = 1e-3,
) -> Checked:
    """Judge answers: right, wrong with a hint, or still missing. What is expected is never shown.

    Numbers, arrays and Tensors are right within the tolerance, and of the expected shape; text without regard to case
    and outer spaces; a list or tuple of text in its order, a set in any. None and ... stand for an answer that is missing.

    Args:
        answers: question to answer: a number, an array, a Tensor, a bool, text, or a list, tuple or set of text.
        expected: question to what is right, for the same questions.
        hints: question to what helps whoever is wrong: one sentence.
        slips: question to what is often answered instead, each with the reason why it is not that.
        tolerance: what a number may be off, relative to what is expected: the default asks for 4 significant digits.

    Returns:
        The verdicts, printed one line each where a cell ends with the call; true if all are right.

    Raises:
        ValueError: the questions of `answers` and `expected` differ, or a hint or slip is for none of them.

    >>> check({"df/dx": 3, "df/dy": None}, {"df/dx": 2.0, "df/dy": 1.0}, hints={"df/dx": "There are two paths."})
    ✗ df/dx = 3: not yet. There are two paths.
    ○ df/dy: no answer yet. Fill in the blank.
    """
    for called, given in (("answers", answers), ("hints", hints or {}), ("slips", slips or {})):
        other = [question for question in given if question not in expected]
        if other:
            raise ValueError(
                _("{argument}: {question!r} is not among the questions ({questions})").format(
                    argument=called, question=other[0], questions=", ".join(expected)
                )
            )
    judged = []
    for question, right in expected.items():
        if question not in answers:
            lacking = _("answers: there is none to {question!r}; put None if it is not known yet")
            raise ValueError(lacking.format(question=question))
        helped = _Help((hints or {}).get(question, ""), (slips or {}).get(question, {}))
        judged.append(_judged(question, answers[question], right, helped, tolerance))
    return Checked(tuple(judged))


class _Help(NamedTuple):
    """What the author of an exercise says of wrong answers."""

    hint: str
    slips: Mapping[Any, str]


def _judged(question: str, answer: Any, right: Any, helped: _Help, tolerance: float) -> Answered:
    if _missing(answer):
        empty = _("{question}: no answer yet. Fill in the blank.").format(question=question)
        return Answered(question, answer, "missing", empty)
    said = f"{question} = {_shown(answer)}"
    if _agree(answer, right, tolerance):
        return Answered(question, answer, "right", _("{answer}: right.").format(answer=said))
    known = next((reason for slip, reason in helped.slips.items() if _agree(answer, slip, tolerance)), None)
    reasons = [_general(answer, right, tolerance), helped.hint] if known is None else [known]
    why = " ".join(filter(None, reasons))
    return Answered(question, answer, "wrong", _("{answer}: not yet. {help}").format(answer=said, help=why).rstrip())


def _missing(answer: Any) -> bool:
    if answer is None or answer is ...:
        return True
    return isinstance(answer, (list, tuple, set)) and any(_missing(item) for item in answer)


def _agree(answer: Any, right: Any, tolerance: float) -> bool:
    if isinstance(right, (bool, np.bool_)) or isinstance(answer, (bool, np.bool_)):
        return isinstance(answer, (bool, np.bool_)) and isinstance(right, (bool, np.bool_)) and bool(answer) == bool(right)
    if _of_words(right) or _of_words(answer):
        return _of_words(right) and _of_words(answer) and bool(_words(answer) == _words(right))
    given, wanted = _array(answer), _array(right)
    return given is not None and wanted is not None and given.shape == wanted.shape and _near(given, wanted, tolerance)


def _near(given: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], tolerance: float) -> bool:
    return bool(np.allclose(given, wanted, rtol=tolerance, atol=_ZERO, equal_nan=True))


def _of_words(value: Any) -> bool:
    return isinstance(value, (str, set, frozenset)) or (
        isinstance(value, (list, tuple)) and bool(value) and all(isinstance(item, str) for item in value)
    )


def _words(value: Any) -> Any:
    """Text as it is compared; what else is in a set stays as it is, and equals no text."""
    if isinstance(value, str):
        return " ".join(value.casefold().split())
    if isinstance(value, (set, frozenset)):
        return frozenset(_words(item) for item in value)
    return [_words(item) for item in value] if isinstance(value, (list, tuple)) else value


def _array(value: Any) -> np.ndarray[Any, Any] | None:
    """Numbers as an array; None for what is none."""
    try:
        array = np.asarray(_values(value))
    except ValueError:  # rows of different lengths
        return None
    return array.astype(np.float64) if array.dtype.kind in "iuf" else None


def _values(value: Any) -> Any:
    """The value of a Tensor, whether or not it needs a gradient; of a list of them, the list of their values."""
    if isinstance(value, (list, tuple)):
        return [_values(item) for item in value]
    return plain(value) if isinstance(value, Tensor) else value


def _general(answer: Any, right: Any, tolerance: float) -> str:
    """What can be said without knowing the exercise: another kind, another shape, another sign, too few digits."""
    if isinstance(right, (bool, np.bool_)):
        return "" if isinstance(answer, (bool, np.bool_)) else _("The answer is True or False.")
    if isinstance(right, (set, frozenset)) and not isinstance(answer, (set, frozenset)):
        return _("The answer is a set: names in quotes, within braces.")
    if _of_words(right):
        return "" if _of_words(answer) else _("The answer is text: put it in quotes.")
    given, wanted = _array(answer), _array(right)
    if given is None or wanted is None:
        return _("The answer is a number or an array of numbers.")
    if given.shape != wanted.shape:
        return _("Its shape is {shape}, not the one that is asked for.").format(shape=given.shape)
    if _near(-given, wanted, tolerance):
        return _("Look at the sign.")
    if _near(given, wanted, _CLOSE * tolerance):
        return _("Close: give 4 digits.")
    return ""


def _shown(answer: Any) -> str:
    if isinstance(answer, (set, frozenset)):
        return "{" + ", ".join(sorted(map(repr, answer))) + "}" if answer else "set()"
    array = None if isinstance(answer, (bool, np.bool_)) else _array(answer)
    return f"{answer!r:.60}" if array is None else describe(array)
