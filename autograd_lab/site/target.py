"""The folder that the site goes to: built beside it, put in its place as a whole when all is done.

    with target(out) as unfinished:     refuses before any work; on success `unfinished` becomes `out`

A folder with anything else in it than a former site is refused, and whatever goes wrong leaves everything as it was.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from autograd_lab.arithmetic import Refused
from autograd_lab.language import gettext as _

MARKER: Final = ".autograd-lab-site"
"""The file by which a former site is known: such a folder may be replaced."""


@contextmanager
def target(out: str) -> Iterator[Path]:
    """A folder to build in, which becomes `out` unless something is raised.

    Raises:
        Refused: it is a file, holds something else, or cannot be written.
    """
    try:
        folder = Path(out).resolve()
        _refuse(out, folder)
        unfinished = folder.with_name(f".autograd-lab-{os.getpid()}.unfinished")
        unfinished.mkdir()
    except (OSError, ValueError, RuntimeError) as error:  # too long, a null byte, a loop of links, no permission
        raise _unwritable(out, error) from None
    try:
        yield unfinished
        (unfinished / MARKER).write_text("made by autograd-lab site, which replaces this folder as a whole\n", encoding="utf-8")
        _replace(folder, unfinished)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _refuse(out: str, folder: Path) -> None:
    if not out or (folder.exists() and not folder.is_dir()):
        raise Refused(_("{out!r} is not a folder: give the name of one for the site").format(out=out))
    if not folder.parent.is_dir():
        missing = _("{out!r}: there is no folder {folder!r}; make it first")
        raise Refused(missing.format(out=out, folder=str(folder.parent)))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        other = _("{out!r} holds something else than a site of ours: give another folder, or empty this one")
        raise Refused(other.format(out=out))


def _replace(folder: Path, unfinished: Path) -> None:
    """Two renames: whoever opens the site finds the old one, or for a moment none, or the new one."""
    if not folder.exists():
        unfinished.rename(folder)
        return
    former = folder.with_name(f".autograd-lab-{os.getpid()}.former")
    folder.rename(former)
    try:
        unfinished.rename(folder)
    except OSError:
        former.rename(folder)
        raise
    shutil.rmtree(former)


def _unwritable(out: str, error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    reason = getattr(error, "strerror", None) or error
    return Refused(_("{out!r} cannot be written: {reason}").format(out=out, reason=reason))
