"""A chain of 1,000,000 operations at the default recursion limit: memory, time, and what `del` gives back.

    python benchmarks/deep.py                       # the engine and PyTorch; [--engines ...] for others
    python benchmarks/deep.py --ops 1e5 --rounds 1

Each engine works in processes of its own, in turn. *Bytes a node* is the peak of the process's resident memory, forward and
backward, less what it was before the chain, over the operations: it counts what Python's own allocator does not see, and
the cyclic collector is on, as it is for a person. *Freed by del* is counted in another process with the collector off: of
the blocks of memory that recording added, the share that is gone after `del` of the output (the leaves and their gradients
stay). Python's allocator counts these to the block, where resident memory need not shrink when something is freed.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from time import process_time
from typing import Any

from fresh import Answers, in_turn, peak_bytes, say
from interleaved import one_thread, table

OURS = "autograd_lab"
PEERS = ("torch",)
DEFAULT_RECURSION_LIMIT = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare engines, or, in a process started for it, measure one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--ops", type=lambda text: int(float(text)), default=1_000_000, help="operations of the chain")
    parser.add_argument("--rounds", type=int, default=3, help="processes an engine (default: %(default)s)")
    parser.add_argument("--engines", nargs="*", default=PEERS, metavar="PEER", help="micrograd, torch, mygrad, autograd")
    parser.add_argument("--peak-of", metavar="ENGINE", help=argparse.SUPPRESS)
    parser.add_argument("--freed-by", metavar="ENGINE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.peak_of:
        say(**_peak(options.peak_of, options.ops))
    elif options.freed_by:
        say(**_freed(options.freed_by, options.ops))
    else:
        print(table_of(*measured(options.engines, options.rounds, options.ops)))
    return 0


def measured(peers: Sequence[str], rounds: int, ops: int) -> tuple[Answers, float]:
    """What the engines' processes said, and the share that `del` frees of this engine's chain.

    Raises:
        RuntimeError: a gradient is not the one that the floor computes, or a process failed.
    """
    one_thread()
    names = (OURS, *peers)
    answers = in_turn({name: ["deep.py", "--ops", str(ops), "--peak-of", name] for name in names}, rounds)
    expected = _floor(ops)
    for name, seen in answers.items():
        if any(not _close(a["gradients"], expected) for a in seen if a["finished"]):
            raise RuntimeError(f"{name} differs from the floor: {seen[0]['gradients']}, not {expected}")
    freed = in_turn({OURS: ["deep.py", "--ops", str(ops), "--freed-by", OURS]}, 1)[OURS][0]
    return answers, freed["freed"]


def bytes_a_node(answers: Answers, name: str) -> float:
    """The median over the processes of one engine."""
    return median(a["bytes"] for a in answers[name])


def seconds(answers: Answers, name: str) -> float:
    """CPU time of forward and backward, the median over the processes of one engine."""
    return median(a["seconds"] for a in answers[name])


def finished(answers: Answers, name: str) -> bool:
    """Whether no process of this engine met the recursion limit."""
    return all(a["finished"] for a in answers[name])


def table_of(answers: Answers, freed: float) -> str:
    """One row an engine."""
    body = []
    for name in answers:
        if not finished(answers, name):
            body.append([name, "RecursionError", "-", "-", "-"])
            continue
        taken, ours = seconds(answers, name), seconds(answers, OURS)
        last = f"{freed:.1%}" if name == OURS else "-"
        body.append([name, f"{bytes_a_node(answers, name):.0f}", f"{taken:.3g}", f"{ours / taken:.2f}", last])
    return table(["deep chain", "bytes a node at peak", "seconds", f"{OURS} over", "freed by del"], body)


def _engine(name: str) -> Any:
    one_thread()
    from contenders import find

    engines, _ = find([name])
    if not engines:
        raise SystemExit(f"{name} is unknown or not installed")
    return engines[0]


def _peak(name: str, ops: int) -> dict[str, Any]:
    inherited = peak_bytes()
    engine = _engine(name)
    from workloads import SCALARS, chain

    sys.setrecursionlimit(DEFAULT_RECURSION_LIMIT)
    leaves = [engine.leaf(value) for value in SCALARS]
    engine.step(chain(50), (), leaves)  # whatever loads or compiles on first use
    gc.collect()
    before = peak_bytes(above=inherited)
    start = process_time()
    try:
        result = engine.step(chain(ops // 2), (), leaves)
    except RecursionError:
        return {"finished": False}
    taken = process_time() - start
    gradients = [float(value) for value in engine.gradients(leaves, result)]
    return {"finished": True, "bytes": (peak_bytes() - before) / ops, "seconds": taken, "gradients": gradients}


def _freed(name: str, ops: int) -> Mapping[str, float]:
    engine = _engine(name)
    from workloads import SCALARS, chain

    leaves = [engine.leaf(value) for value in SCALARS]
    engine.step(chain(50), (), leaves)
    program = chain(ops // 2)
    gc.collect()
    gc.disable()
    before = sys.getallocatedblocks()
    output = program(engine.functions, (), *leaves)
    recorded = sys.getallocatedblocks()
    output.backward()
    del output
    return {"freed": (recorded - sys.getallocatedblocks()) / (recorded - before)}


def _floor(ops: int) -> list[float]:
    from workloads import SCALARS, chain_floor

    return chain_floor(ops // 2, *SCALARS)


def _close(seen: Sequence[float], expected: Sequence[float]) -> bool:
    size = max(map(abs, expected))
    return all(abs(a - b) <= 1e-9 * size for a, b in zip(seen, expected, strict=True))


if __name__ == "__main__":
    sys.exit(main())
