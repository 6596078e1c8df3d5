"""What a thread does while operations run: record or not, and who watches.

`no_grad`, `enable_grad` and `set_grad_enabled` switch recording off and on, as context managers and as decorators;
`is_grad_enabled` asks. Every thread starts with recording on and nobody watching. `watching` is how trace, show and
graph hooks put their listeners in; `scope` names the part of a model that operations belong to.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, ParamSpec, TypeVar, overload

P = ParamSpec("P")
R = TypeVar("R")


OFF, BARE, OBSERVED = 0, 1, 2
"""What an operation leaves behind: nothing, a bare record, or one with its source and scope, told to listeners."""


class _Everywhere:
    """`bare` is True while no thread departs from BARE, so that an operation need not ask its own: that costs 30 ns."""

    __slots__ = ("_departed", "_lock", "bare")

    def __init__(self) -> None:
        self.bare = True
        self._departed: set[int] = set()  # idents of threads; one that ended elsewhere than at BARE costs time, no more
        self._lock = threading.Lock()

    def note(self, level: int) -> None:
        """This thread is at another level from now on."""
        with self._lock:
            (self._departed.discard if level == BARE else self._departed.add)(threading.get_ident())
            self.bare = not self._departed


everywhere = _Everywhere()


class _Thread(threading.local):
    """The state of one thread; `level` sums it up."""

    level = BARE
    recording = True
    locating = 0
    scope = ""
    source: Any = None
    on_record: tuple[Callable[[Any], None], ...] = ()
    on_visit: tuple[Callable[[Any], None], ...] = ()

    def record(self, mode: bool) -> None:
        """Switch recording on or off."""
        self.recording = mode
        self.refresh()

    def refresh(self) -> None:
        """Work out `level` after a change."""
        observed = self.on_record or self.locating or self.scope
        level = (OBSERVED if observed else BARE) if self.recording else OFF
        if level != self.level:
            self.level = level
            everywhere.note(level)


thread = _Thread()


class set_grad_enabled:  # noqa: N801 - PyTorch's name
    """Switch recording at once; as a context manager or decorator, switch it back afterwards (torch.set_grad_enabled).

    Args:
        mode: whether operations of this thread are recorded.

    >>> with set_grad_enabled(False):
    ...     print(is_grad_enabled())
    False
    """

    def __init__(self, mode: bool) -> None:
        self._before = [thread.recording]
        self._mode = bool(mode)
        thread.record(self._mode)

    def __enter__(self) -> None:
        thread.record(self._mode)

    def __exit__(self, *_: object) -> None:
        thread.record(self._before[0])

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function; the switch made by the constructor is taken back."""
        thread.record(self._before[0])
        return _decorated(function, self._mode)


def _decorated(function: Callable[P, R], mode: bool) -> Callable[P, R]:
    if inspect.isgeneratorfunction(function):
        return _decorated_generator(function, mode)

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        before = thread.recording
        thread.record(mode)
        try:
            return function(*args, **kwargs)
        finally:
            thread.record(before)

    return wrapper


def _decorated_generator(function: Callable[..., Any], mode: bool) -> Callable[..., Any]:
    """A generator function whose own code runs in the mode, while its caller keeps the mode that he is in."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        generator = function(*args, **kwargs)
        resume = _decorated(lambda step, *given: step(*given), mode)
        try:
            yielded = resume(next, generator)
            while True:
                try:
                    sent = yield yielded
                except GeneratorExit:
                    resume(generator.close)
                    raise
                except BaseException as error:  # noqa: BLE001 - whatever the caller throws is the generator's to handle
                    yielded = resume(generator.throw, error)
                else:
                    yielded = resume(generator.send, sent)
        except StopIteration as stop:
            return stop.value

    return wrapper


class _Switch:
    """Base of no_grad and enable_grad: `with no_grad():`, `@no_grad()` and bare `@no_grad` all work, nested too."""

    mode: bool

    @overload
    def __new__(cls) -> _Switch: ...
    @overload
    def __new__(cls, function: Callable[P, R]) -> Callable[P, R]: ...  # type: ignore[misc]  # bare @no_grad
    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        return super().__new__(cls) if function is None else _decorated(function, cls.mode)

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(thread.recording)
        thread.record(self.mode)

    def __exit__(self, *_: object) -> None:
        thread.record(self._before.pop())

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function."""
        return _decorated(function, self.mode)


class no_grad(_Switch):  # noqa: N801 - PyTorch's name
    """Record nothing inside: results need no gradient, whatever their operands need (torch.no_grad).

    As `with no_grad():`, `@no_grad()` or `@no_grad`; for this thread alone.

    Args:
        function: what bare `@no_grad` decorates; left out in the other two uses.

    >>> from autograd_lab import tensor
    >>> x = tensor(2.0, requires_grad=True)
    >>> with no_grad():
    ...     print(x * x)
    tensor(4.)
    """

    mode = False


class enable_grad(_Switch):  # noqa: N801 - PyTorch's name
    """Record again inside a no_grad() block (torch.enable_grad). Used as `no_grad` is.

    Args:
        function: what bare `@enable_grad` decorates; left out in the other uses.

    >>> with no_grad(), enable_grad():
    ...     print(is_grad_enabled())
    True
    """

    mode = True


def is_grad_enabled() -> bool:
    """Whether operations of this thread are recorded (torch.is_grad_enabled).

    >>> is_grad_enabled()
    True
    """
    return thread.recording


@contextmanager
def watching(
    on_record: Callable[[Any], None] | None = None, on_visit: Callable[[Any], None] | None = None, *, locate: bool = True
) -> Iterator[None]:
    """Tell the listeners of every record made and every edge visited by this thread; outer listeners are told first."""
    before = thread.on_record, thread.on_visit, thread.locating
    thread.on_record += (on_record,) if on_record else ()
    thread.on_visit += (on_visit,) if on_visit else ()
    thread.locating += locate
    thread.refresh()
    try:
        yield
    finally:
        thread.on_record, thread.on_visit, thread.locating = before
        thread.refresh()


@contextmanager
def unwatched() -> Iterator[None]:
    """Let nobody watch inside: for records that serve a formula, not the learner's program."""
    before = thread.on_record, thread.on_visit, thread.locating, thread.scope
    thread.on_record, thread.on_visit, thread.locating, thread.scope = (), (), 0, ""
    thread.refresh()
    try:
        yield
    finally:
        thread.on_record, thread.on_visit, thread.locating, thread.scope = before
        thread.refresh()


class Excerpt(NamedTuple):
    """A part of a text: what made a record that comes from no Python frame."""

    whole: str
    start: int
    end: int


@contextmanager
def source_text(whole: str, start: int, end: int) -> Iterator[None]:
    """Give the records made inside this part of a text as their source: for expressions that are not Python frames."""
    before = thread.source
    thread.source = Excerpt(whole, start, end)
    try:
        yield
    finally:
        thread.source = before


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Let the operations recorded inside belong together: a picture can show them as one box, which opens.

    Args:
        name: of the box; nested scopes read "outer/inner". For this thread alone.

    Raises:
        ValueError: `name` is empty or contains "/", which separates nested scopes.

    >>> from autograd_lab import graph_of, tensor
    >>> with scope("square"):
    ...     y = tensor(3.0, requires_grad=True) ** 2
    >>> graph_of(y).node("w2").scope
    'square'
    """
    if not name or "/" in name:
        raise ValueError(f"a scope needs a name without '/', got {name!r}: nest two scopes to get outer/inner")
    before = thread.scope
    thread.scope = f"{before}/{name}" if before else name
    thread.refresh()
    try:
        yield
    finally:
        thread.scope = before
        thread.refresh()
