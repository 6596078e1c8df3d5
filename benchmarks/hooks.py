"""What graph hooks cost those who have none: the scalar chain, with and without the places where a hook is told.

    python benchmarks/hooks.py

The engine is imported twice into one process: once as it is, and once with its sources changed while they are loaded, so
that each question "does anybody watch?" is the constant answer no, which the compiler then drops together with all that it
guards. Nothing else differs, and there is no copy that could fall behind. The two run in turn, before any hook was ever set
and again after hooks were set and taken away. What is left is counted too, where no clock is involved: of the bytecode
instructions that an operation takes, forward and backward, those that look whether somebody watches.
"""

from __future__ import annotations

import argparse
import ast
import dis
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from statistics import median
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from interleaved import measure, one_thread, table

if TYPE_CHECKING:
    from contenders import Contender

PACKAGE = "autograd_lab"
WATCHER, LEVEL = "watch", "OBSERVED"
"""How the sources in `core/` ask whether somebody watches: the loops of accumulation by a variable, which is None where
nobody does, and recording by comparing the state of the thread with this constant."""

WHOLE = "as it is"
DEAF = "without hooks"
WHEN = ("before any hook", "after hooks were removed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rounds", type=int, default=61, help="samples of each (default: %(default)s)")
    parser.add_argument("--length", type=int, default=1000, help="half the operations of the chain (default: %(default)s)")
    options = parser.parse_args(arguments)
    print(table_of(*measured(options.rounds, options.length)))
    return 0


def measured(rounds: int, length: int = 1000) -> tuple[dict[str, dict[str, list[float]]], tuple[float, float]]:
    """CPU seconds of the chain with both engines at both times, and instructions an operation: all, and those that ask.

    Raises:
        RuntimeError: the changed engine still tells a hook something, or the engines disagree.
    """
    one_thread()
    import contenders
    from workloads import SCALARS, chain

    with _deaf_imports():
        deaf, told = contenders.autograd_lab(), _told()
    if told:
        raise RuntimeError(
            f"a hook was told of {told} steps by an engine that has no place for one: are WATCHER and LEVEL up to date?"
        )
    whole = contenders.autograd_lab()
    program = chain(length)
    steps: dict[str, Callable[[], object]] = {}
    gradients = []
    for name, engine in ((WHOLE, whole), (DEAF, deaf)):
        leaves = [engine.leaf(value) for value in SCALARS]
        steps[name] = _bound(engine, program, leaves)
        gradients.append(engine.gradients(leaves, steps[name]()))
    if gradients[0] != gradients[1]:
        raise RuntimeError(f"the engines disagree: {gradients}")
    seen = {WHEN[0]: measure(steps, rounds)}
    if not _told():
        raise RuntimeError("a hook was told of nothing by the engine as it is")
    seen[WHEN[1]] = measure(steps, rounds)
    return seen, _instructions(steps[WHOLE], 2 * length)


def ratio(samples: dict[str, list[float]]) -> float:
    """The engine as it is over the one without hooks."""
    return median(samples[WHOLE]) / median(samples[DEAF])


def table_of(seen: dict[str, dict[str, list[float]]], instructions: tuple[float, float]) -> str:
    """One row a time of measuring; the counts below."""
    body = [
        [when, *(f"{1e3 * median(samples[name]):.3f}" for name in (WHOLE, DEAF)), f"{ratio(samples):.3f}"]
        for when, samples in seen.items()
    ]
    every, asking = instructions
    counts = (
        f"Of {every:.1f} bytecode instructions an operation, forward and backward, {asking:.1f} look whether somebody watches."
    )
    return f"{table(['scalar chain, ms of CPU', WHOLE, DEAF, 'ratio'], body)}\n\n{counts}"


def _bound(engine: Contender, program: Callable[..., Any], leaves: Sequence[Any]) -> Callable[[], object]:
    return lambda: engine.step(program, (), leaves)


def _told() -> int:
    """How much a hook is told of one operation, recorded and differentiated, by the engine that is imported now."""
    import autograd_lab as lab

    heard: list[object] = []
    x = lab.tensor(2.0, requires_grad=True)
    with lab.graph_hook(on_record=heard.append, on_step=heard.append):
        (x * x).backward()
    return len(heard)


# -- the engine without hooks ------------------------------------------------------------------------------------------


@contextmanager
def _deaf_imports() -> Iterator[None]:
    """Import the package without hooks inside, and forget it afterwards: who has it keeps it.

    Raises:
        RuntimeError: the package is imported already.
    """
    if PACKAGE in sys.modules:
        raise RuntimeError(f"{PACKAGE} is imported already, with its hooks")
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


class _Finder(PathFinder):
    @classmethod
    def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        spec = super().find_spec(fullname, path, target) if fullname.partition(".")[0] == PACKAGE else None
        if spec is not None and spec.origin is not None and ".core" in fullname:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        """From the source, whatever compiled form is at hand."""
        path = self.get_filename(fullname)
        tree = ast.fix_missing_locations(_Answers().visit(ast.parse(self.get_data(path))))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # None is called in what the compiler then finds unreachable
            return compile(tree, path, "exec", dont_inherit=True)


class _Answers(ast.NodeTransformer):
    """Puts the constant answer in the place of each question."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        asks = node.id == WATCHER and isinstance(node.ctx, ast.Load)
        return ast.copy_location(ast.Constant(None), node) if asks else node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        if any(isinstance(side, ast.Name) and side.id == LEVEL for side in (node.left, *node.comparators)):
            return ast.copy_location(ast.Constant(isinstance(node.ops[0], ast.NotEq)), node)
        return self.generic_visit(node)


# -- counting instructions ---------------------------------------------------------------------------------------------


def _instructions(step: Callable[[], object], operations: int) -> tuple[float, float]:
    """How many bytecode instructions of the package an operation takes, and how many of them load the answer to a question."""
    every = asking = 0
    questions: dict[CodeType, set[int]] = {}

    def local(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal every, asking
        if event == "opcode":
            every += 1
            asking += frame.f_lasti in questions[frame.f_code]
        return local

    def entered(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_globals.get("__name__", "").partition(".")[0] != PACKAGE:
            return None
        code = frame.f_code
        if code not in questions:
            loads = (i for i in dis.get_instructions(code) if i.opname.startswith("LOAD") and i.argval in {WATCHER, LEVEL})
            questions[code] = {i.offset for i in loads}
        frame.f_trace_opcodes = True
        return local

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        step()
    finally:
        sys.settrace(before)
    return every / operations, asking / operations


if __name__ == "__main__":
    sys.exit(main())
