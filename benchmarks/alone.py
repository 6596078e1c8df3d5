"""One contender with one workload in a process of its own: what memory it takes, and what time when nobody else is there.

    python benchmarks/alone.py "50 ops on" autograd_lab        # one process, its numbers as JSON

`measured(workload, names, rounds, small)` runs such processes in turn, and `table` prints what they said. The time
differs from that of the interleaved run where memory does: which pages the allocator has at hand depends on the process.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from statistics import median
from time import process_time

from fresh import Answers, in_turn, peak_bytes, say
from interleaved import one_thread, table

FLOOR = "floor"
STEPS, ENOUGH = 3, 0.2
"""So many steps at least, and seconds, after the first, which is not timed: the peak is that of a loop, as training is one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one workload, once for its peak and its first page faults, then a few times by the clock."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("workload", help="text in the workload's name")
    parser.add_argument("contender", help=f"an engine, or {FLOOR}")
    parser.add_argument("--small", action="store_true", help="sizes that only show that everything runs")
    options = parser.parse_args(arguments)
    inherited = peak_bytes()
    one_thread()
    from contenders import find
    from engine import step_of
    from workloads import workloads

    engines, _ = find([options.contender])
    if options.contender != FLOOR and not engines:
        parser.error(f"{options.contender} is unknown or not installed")
    base = peak_bytes(above=inherited)
    workload = next((w for w in workloads(small=options.small) if options.workload in w.name), None)
    if workload is None:
        parser.error(f"no workload has {options.workload!r} in its name")
    step = workload.floor if options.contender == FLOOR else step_of(workload, engines[0])[0]
    del workload  # an engine that copies its leaves need not pay for the originals too, which a person would not keep
    step()
    seconds: list[float] = []
    while len(seconds) < STEPS or sum(seconds) < ENOUGH:
        start = process_time()
        step()
        seconds.append(process_time() - start)
    say(base=base, peak=peak_bytes(), seconds=median(seconds))
    return 0


def measured(workload: str, names: Sequence[str], rounds: int, *, small: bool = False) -> Answers:
    """What processes of these contenders said of themselves, in turn."""
    size = ["--small"] if small else []
    return in_turn({name: ["alone.py", workload, name, *size] for name in names}, rounds)


def ratio(answers: Answers, ours: str, other: str, *, of: str = "peak") -> float:
    """Our median over theirs, of `seconds`, of the whole process's `peak`, or of what came on top of its `base`."""

    def middle(name: str) -> float:
        return median(a["peak"] - a["base"] if of == "top" else a[of] for a in answers[name])

    return middle(ours) / middle(other)


def table_of(answers: Answers, ours: str) -> str:
    """One row a contender: memory after imports, at the peak and in between, time; and our ratio to it."""
    body = []
    for name, seen in answers.items():
        base, peak, seconds = (median(a[key] for a in seen) for key in ("base", "peak", "seconds"))
        cells = [f"{base / 1e6:.0f}", f"{peak / 1e6:.0f}", f"{(peak - base) / 1e6:.0f}", f"{seconds * 1e3:.3g}"]
        body.append([name, *cells, *(f"{ratio(answers, ours, name, of=of):.2f}" for of in ("peak", "top", "seconds"))])
    head = ["alone in a process", "after imports, MB", "peak, MB", "on top, MB", "ms", "our peak over", "on top", "time"]
    return table(head, body)


if __name__ == "__main__":
    sys.exit(main())
