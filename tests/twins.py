"""One program text, run in autograd_lab and in PyTorch: what tables of behaviours are made of.

A program takes `m`, which has the names of autograd_lab and NumPy or those of torch, and `t`, which makes a leaf that
requires a gradient. It is listed as `alike` (both return the same), `refused` (both raise the same type at the same line,
and our message says cause and remedy) or `differs` (an intended difference: what each of them does is written down).
"""

import math
import re
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autograd_lab as lab

# PyTorch's own words, which a learner will look for:
LEAF = "leaf Variable that requires grad is being used in an in-place operation"
VIEW_OF_LEAF = f"a view of a {LEAF}"
OVERWRITTEN = "one of the variables needed for gradient computation has been modified by an inplace operation"
SHARED_ELEMENT = "more than one element of the written-to tensor refers to a single memory location"

MAKERS = {"zeros", "ones", "full", "arange", "eye"}
# Errors that NumPy or Python raises in its own words.
FOREIGN = re.compile(
    "could not( be)? broadcast|out of bounds|too many indices|boolean index did not match|unexpected keyword argument"
)
# What to do, in the imperative: it follows the cause, after a colon, semicolon, comma or bracket.
REMEDIES = re.compile(
    r"[:;,(].*\b(add|assign|bind|build|call|clone|compute|copy|detach|give|keep|leave|make|move|pass|put|reduce|register|reshape|"
    r"return|set|specify|take|update|use|wrap|write)\b",
    re.IGNORECASE | re.DOTALL,
)


class Ours:
    """autograd_lab's names, then NumPy's; what makes an array makes a Tensor, as in torch."""

    def __getattr__(self, name):
        if name in MAKERS:
            return lambda *args, **kwargs: lab.tensor(getattr(np, name)(*args, **kwargs))
        return getattr(lab, name) if hasattr(lab, name) else getattr(np, name)


OURS = Ours()


@dataclass(frozen=True)
class Raised:
    """What a program raised, and at which of its lines."""

    kind: type
    line: int
    message: str = field(compare=False)


@dataclass(frozen=True)
class Program:
    """A program with what is expected of it."""

    name: str
    run: Callable[..., Any]
    kind: type[Exception] | None = None
    words: tuple[str, ...] = ()
    theirs: Any = None
    ours: Any = None
    differs: bool = False

    def __str__(self):
        return self.name


class Programs(list):
    """A table of programs, filled by decorators."""

    def alike(self, run):
        """Both return the same values."""
        return self.put(run)

    def refused(self, kind, *words):
        """Both raise `kind` at the same line; our message contains the words, and says cause and remedy."""
        return lambda run: self.put(run, kind=kind, words=words)

    def differs(self, *, torch, lab):
        """PyTorch returns or raises `torch` and we `lab`, on purpose."""
        return lambda run: self.put(run, theirs=torch, ours=lab, differs=True)

    def put(self, run, name=None, **expected):
        name = (name or run.__name__).replace("_", " ")
        assert name not in map(str, self), f"two programs are named {name}"
        self.append(Program(name, run, **expected))
        return run


def plain(value):
    """A result of either engine as lists, bools, texts, None and numbers to 12 digits (their last bits may differ)."""
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if hasattr(value, "detach"):
        return plain(value.detach().tolist())
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    if isinstance(value, float):
        return float(f"{value:.12g}")
    return value


def dtype(tensor):
    """The name of a dtype, without torch's prefix."""
    return str(tensor.dtype).removeprefix("torch.")


def error(f):
    """The name of what f raises, for programs that go on after a refusal."""
    try:
        f()
    except Exception as raised:  # noqa: BLE001 - whatever it is, the other engine must raise the same
        return type(raised).__name__
    return "nothing raised"


def outcome(run, m):
    """What a program returns, or what it raises and where."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return plain(run(m, lambda data, **keywords: m.tensor(data, requires_grad=True, **keywords)))
    except Exception as raised:  # noqa: BLE001 - whatever it is, the other engine must raise the same
        lines = [
            frame.lineno for frame in traceback.extract_tb(raised.__traceback__) if frame.filename == run.__code__.co_filename
        ]
        return Raised(type(raised), lines[-1], str(raised))


def in_torch(torch, run):
    """The outcome in PyTorch, with float64 as its default dtype."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return outcome(run, torch)
    finally:
        torch.set_default_dtype(before)


def unexplained(message):
    """What an error message of ours lacks: it says cause and remedy in one sentence."""
    if FOREIGN.search(message):
        return []
    lacks = []
    if len(message) < 50:
        lacks.append("too short to say what was wrong and what to do instead")
    if not REMEDIES.search(message):
        lacks.append("names no remedy")
    if re.search(r"[.!?]\s+[A-Z]", message):
        lacks.append("more than one sentence")
    return lacks


def check(torch, program):
    """Assert that a program does what its table says, in both engines."""
    theirs, ours = in_torch(torch, program.run), outcome(program.run, OURS)
    if program.differs:
        for found, expected in ((theirs, program.theirs), (ours, program.ours)):
            if isinstance(expected, type):
                assert isinstance(found, Raised)
                assert found.kind is expected, found.message
            else:
                assert found == plain(expected)
        if isinstance(ours, Raised):
            assert unexplained(ours.message) == [], ours.message
    elif program.kind is None:
        assert not isinstance(theirs, Raised), f"PyTorch raises {theirs}"
        assert ours == theirs
    else:
        assert isinstance(theirs, Raised), f"PyTorch raises nothing but gives {theirs}"
        assert theirs.kind is program.kind, theirs.message
        assert ours == theirs
        assert [word for word in program.words if word not in ours.message] == [], ours.message
        assert unexplained(ours.message) == [], ours.message
