"""The tutorials in JupyterLab: copies that a person can write in, opened at the lesson that was asked for.

`tutorial(options)` does what `autograd-lab tutorial` says. A lesson that the person changed stays as it is; one that only
an older version of this package brought is brought up to date. Each folder keeps a record of what was brought, to know them
apart.
"""

from __future__ import annotations

import difflib
import errno
import json
import os
import re
import signal
import socket
import sys
import webbrowser
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory
from typing import Any, Final

from autograd_lab import shipped
from autograd_lab.arithmetic import Refused
from autograd_lab.language import ENGLISH, language
from autograd_lab.language import gettext as _

RECORD: Final = ".autograd_lab_tutorials.json"
"""In the folder of the copies: the SHA-256 sums of all versions of each lesson that were brought there."""
PORTS: Final = range(1, 65536)


def tutorial(options: Namespace) -> int:
    """Copy the lessons, run JupyterLab over the copies until it ends, and return its exit status.

    Raises:
        Refused: no such lesson, no JupyterLab, or a folder or port that cannot be had; nothing is left behind.
    """
    if find_spec("jupyterlab") is None:
        raise Refused(_('JupyterLab is not installed here: pip install "autograd_lab[lab]"'))
    lessons, folder = _lessons(language()), _folder(options.folder)
    notes = []
    if language() == ENGLISH:
        pass
    elif lessons:
        folder /= language()  # beside the English ones, whose files have the same names
    else:
        lessons = _lessons()
        notes.append(_("the tutorials are not written in this language yet: these are the English ones"))
    opened = lesson_named(options.name, lessons)
    lab_options = _lab_options(options)
    try:
        notes += _copy(lessons, folder)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        failed = _("{folder!r} cannot hold the tutorials: {reason}")
        reason = getattr(error, "strerror", None) or error
        raise Refused(failed.format(folder=str(folder), reason=reason)) from None
    if "--no-browser" not in lab_options and not _browser():
        notes.append(_("no browser was found here: open the address that JupyterLab prints below in one"))
    print(*notes, sep="\n", end="\n" if notes else "", flush=True)  # before what JupyterLab writes to the same place
    # The file is what a browser opens; the address printed for whoever starts one by hand leads there too.
    return _run(["jupyterlab", opened, f"--LabApp.default_url=/lab/tree/{opened}", *lab_options], folder)


# -- which lesson -----------------------------------------------------------------------------------------------------


def _lessons(name: str = ENGLISH) -> dict[str, Path]:
    """The notebooks in a language, by file name."""
    english = shipped.folder("notebooks")
    folder = english if name == ENGLISH else english / name
    return {path.name: path for path in sorted(folder.glob("*.ipynb"))}


def lesson_named(asked: str | None, files: Sequence[str] | Mapping[str, Any]) -> str:
    """The file that is meant: by its name, its number, or what it or one of its words begins with; the first if by nothing.

    Raises:
        Refused: none is meant, or several are; the line names them, or those that look like it.
    """
    names = {file.removesuffix(".ipynb"): file for file in files}
    if asked is None:
        return names[min(names)]
    wanted = re.sub(r"[\s_-]+", "_", asked.strip().casefold().removesuffix(".ipynb"))
    for meant in _readings(wanted, list(names)):
        if len(meant) == 1:
            return names[meant[0]]
        if meant:
            several = _("{name!r} can mean several lessons ({choices}): write more of the name")
            raise Refused(several.format(name=asked, choices=", ".join(meant)))
    words = {word: name for name in names for word in (*name.split("_"), name, _unnumbered(name)) if not word.isdecimal()}
    close = sorted({words[word] for word in difflib.get_close_matches(wanted[:40], words, n=3)})
    if close:
        raise Refused(_("there is no lesson {name!r} (did you mean {close}?)").format(name=asked[:60], close=", ".join(close)))
    raise Refused(_("there is no lesson {name!r}: there are {choices}").format(name=asked[:60], choices=", ".join(names)))


def _readings(wanted: str, names: list[str]) -> Iterator[list[str]]:
    """The lessons that `wanted` can mean, the plainest way to read it first."""
    yield [name for name in names if wanted == name]
    if wanted.isdecimal():
        yield [name for name in names if wanted.lstrip("0") == name.partition("_")[0].lstrip("0")]
    elif wanted:
        yield [name for name in names if name.startswith(wanted) or _unnumbered(name).startswith(wanted)]
        yield [name for name in names if f"_{wanted}_" in f"_{name}_"]
        yield [name for name in names if f"_{wanted}" in name]


def _unnumbered(name: str) -> str:
    return re.sub(r"^\d+_", "", name)


# -- the copies -------------------------------------------------------------------------------------------------------


def _folder(written: str) -> Path:
    if not written:
        raise Refused(_("--folder has no name: write one such as --folder lessons"))
    return Path(written)


def _copy(lessons: Mapping[str, Path], folder: Path) -> list[str]:
    """Bring each lesson to the folder unless the person has changed it, all of this or nothing; gives what there is to say.

    The record goes first, and holds each version ever brought: wherever this is interrupted, a lesson that nobody changed
    is known as such.
    """
    record = _record(folder)
    fresh: dict[str, bytes] = {}
    notes = []
    for name, lesson in lessons.items():
        copy, document = folder / name, lesson.read_bytes()
        old = copy.read_bytes() if copy.exists() else None
        if old is None or (old != document and _sum(old) in record.get(name, [])):
            fresh[name] = document
            if old is not None:
                notes.append(_("brought {file} up to date").format(file=copy))
        elif old != document:
            notes.append(_("kept your own {file}; delete it to get the original back").format(file=copy))
            continue
        record[name] = sorted({*record.get(name, []), _sum(document)})
    with _made(folder), TemporaryDirectory(prefix=".unfinished-", dir=folder) as unfinished:
        fresh = {RECORD: f"{json.dumps(record, indent=1)}\n".encode(), **fresh}
        for name, document in fresh.items():
            (Path(unfinished) / name).write_bytes(document)
        for name in fresh:
            (Path(unfinished) / name).replace(folder / name)
    return notes


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make the folder with those around it, and take away again what was made if the rest fails."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for path in made:
            with suppress(OSError):  # it was not made at all, or something stands in it
                path.rmdir()
        raise


def _record(folder: Path) -> dict[str, list[str]]:
    """What was brought before. A record that cannot be read knows nothing: every file is then the person's own."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {name: [str(entry) for entry in sums] for name, sums in record.items() if isinstance(sums, list)}


def _sum(document: bytes) -> str:
    return sha256(document).hexdigest()


# -- JupyterLab -------------------------------------------------------------------------------------------------------


def _lab_options(options: Namespace) -> list[str]:
    chosen: list[str] = list(options.for_lab)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in chosen:
        chosen.append("--allow-root")  # in a container the only user is often root, whom JupyterLab turns away
    if options.no_browser and "--no-browser" not in chosen:
        chosen.append("--no-browser")
    if options.port is not None:
        _refuse_taken(_port(options.port))
        # A port that was asked for is that port: JupyterLab would go on to the next one if it is taken in the meantime.
        chosen += [f"--port={int(options.port)}", "--ServerApp.port_retries=0"]
    return chosen


def _port(written: str) -> int:
    if not re.fullmatch("[0-9]+", written):
        raise Refused(_("--port {port!r} is not a number: give one such as 8888").format(port=written))
    if len(written) > 9 or int(written) not in PORTS:  # more digits than Python converts are no port either
        range_of = _("--port {port} is not a port: give one from {first} to {last}, such as 8888")
        raise Refused(range_of.format(port=written, first=PORTS[0], last=PORTS[-1]))
    return int(written)


def _refuse_taken(port: int) -> None:
    """Try the port on each address of this machine that JupyterLab listens on."""
    for family, kind, protocol, _name, address in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM):
        try:
            with socket.socket(family, kind, protocol) as trial:
                if os.name == "posix":  # else a server that ended a minute ago still seems to be there
                    trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                taken = _("--port {port} is taken by another program: choose another, or leave --port out")
                raise Refused(taken.format(port=port)) from None
            if error.errno in {errno.EACCES, errno.EPERM}:
                refused = _("--port {port} cannot be used: {reason}")
                raise Refused(refused.format(port=port, reason=error.strerror)) from None
            # An address family that this machine lacks: JupyterLab passes over it as well.


def _browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _run(words: list[str], folder: Path) -> int:
    """Run JupyterLab until it ends; whatever ends this process ends it too."""
    with Popen([sys.executable, "-m", *words], cwd=folder) as lab, _passing_on(lab):  # noqa: S603 - what the user typed
        while True:
            try:
                status = lab.wait()
            except KeyboardInterrupt:
                if not sys.stdin.isatty():  # at a keyboard JupyterLab got it too, and asks whether to stop
                    lab.terminate()
            else:
                return status if status >= 0 else 128 - status  # ended by a signal: the number that a shell gives


@contextmanager
def _passing_on(lab: Popen[bytes]) -> Iterator[None]:
    """Let a request to end this process end JupyterLab, which stops its kernels; then this one ends as well."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: lab.terminate())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
