"""The language of messages to people: English as written in the code, others from one catalogue each in locale/.

    set_language("ko")              from now on, in every thread
    with using("ko"): ...           inside this block, in this thread or task
    language(), languages()         the one that holds here; all there are

A module writes `from autograd_lab.language import gettext as _` and `_("step={step} is no step").format(step=7)`: the template
stands in `_()` as it is, because it is what the catalogue is searched for, and its values come afterwards, by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Final, NamedTuple

ENGLISH: Final = "en"
LOCALE: Final = Path(__file__).with_name("locale")
"""Where the catalogues are: ko.po makes "ko" a language."""

_everywhere = ENGLISH
_here: ContextVar[str | None] = ContextVar("language", default=None)


def languages() -> tuple[str, ...]:
    """English, then every language that has a catalogue."""
    return (ENGLISH, *sorted(path.stem for path in LOCALE.glob("*.po")))


def language() -> str:
    """The language that holds here: of the innermost `using` around, else of the last `set_language`."""
    return _here.get() or _everywhere


def set_language(name: str) -> None:
    """Speak this language from now on, in every thread. What is on the screen already stays as it is.

    Args:
        name: "en", "ko", or another that has a catalogue.

    Raises:
        ValueError: there is no such language; the message lists those there are.

    >>> set_language("en")
    """
    global _everywhere  # noqa: PLW0603 - one setting for the whole process is what the function is for
    _everywhere = language_named(name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Speak this language inside the block, and only in this thread or task; ValueError where there is no such language."""
    token = _here.set(language_named(name))
    try:
        yield
    finally:
        _here.reset(token)


def language_named(name: str) -> str:
    """The name of a language, if it is one.

    Raises:
        ValueError: there is no such language; the message lists those there are.
    """
    choices = languages()
    if name not in choices:
        unknown = gettext("{argument}={value!r} is not one of the choices: {choices}")
        raise ValueError(unknown.format(argument="language", value=name, choices=", ".join(map(repr, choices))))
    return name


def gettext(message: str) -> str:
    """The message in the language that holds here; as it is where the catalogue lacks it."""
    name = language()
    return message if name == ENGLISH else _catalogue(LOCALE / f"{name}.po").forms.get(message, (message,))[0]


def ngettext(one: str, many: str, count: int) -> str:
    """The message for this count: `one` or `many` in English, whatever forms the language has elsewhere."""
    name = language()
    if name != ENGLISH:
        catalogue = _catalogue(LOCALE / f"{name}.po")
        if one in catalogue.forms:
            return catalogue.forms[one][catalogue.plural(count)]
    return one if count == 1 else many


class _Catalogue(NamedTuple):
    """The forms of each message by its English (the singular), and which form a count takes."""

    forms: dict[str, tuple[str, ...]]
    plural: Callable[[int], int]


@cache
def _catalogue(path: Path) -> _Catalogue:
    """A catalogue with what is translated in it. Its text alone is stored: it is what people edit, and read in 20 ms."""
    from babel.messages.pofile import read_po  # on first use of another language: English needs no catalogue

    with path.open("rb") as file:
        read = read_po(file, abort_invalid=True)
    forms: dict[str, tuple[str, ...]] = {}
    for message in read:
        key, string = message.id, message.string
        translated = tuple(string) if isinstance(string, (tuple, list)) else (string or "",)
        if key and all(translated) and not message.fuzzy:
            forms[key if isinstance(key, str) else key[0]] = translated
    return _Catalogue(forms, c2py(read.plural_expr))
