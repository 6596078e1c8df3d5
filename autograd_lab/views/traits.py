"""What the traits of a stepper share: errors that say what there is, whole numbers, and the language of their messages."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from traitlets import Int, TraitError

from autograd_lab.language import using


class ChoiceError(TraitError, ValueError):
    """A value that a stepper cannot take. A TraitError, so that a widget undoes it; a ValueError, so that a person knows it."""


class Whole(Int):  # type: ignore[type-arg]
    """An Int that takes NumPy's whole numbers too, for `for step in np.arange(1, 7)`."""

    def validate(self, obj: Any, value: Any) -> Any:
        """The value as an int, where it is a whole number."""
        if not isinstance(value, bool) and hasattr(type(value), "__index__"):
            value = operator.index(value)
        return super().validate(obj, value)


class Speaker(Protocol):
    """What was made in one language, and keeps to it."""

    _language: str


S = TypeVar("S", bound=Speaker)
P = ParamSpec("P")
T = TypeVar("T")


def in_its_language(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """The method, speaking the language that the stepper was made in, whatever holds when it is called."""

    @wraps(method)
    def speaking(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with using(self._language):
            return method(self, *args, **kwargs)

    return speaking


def choice(check: Callable[..., Any], *arguments: Any) -> Any:
    """What `check` returns; its ValueError as one that traitlets understands."""
    try:
        return check(*arguments)
    except ValueError as error:
        raise ChoiceError(str(error)) from None
