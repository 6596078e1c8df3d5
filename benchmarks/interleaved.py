"""Measures several ways of doing the same work side by side, and prints what was seen.

`one_thread()` comes before NumPy is imported; `measure(steps, rounds)` gives CPU seconds a call, a list for each contender;
`ratios` and `absolutes` print their medians as Markdown tables; `machine()` says what it ran on.
"""

from __future__ import annotations

import gc
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from statistics import median, quantiles
from time import process_time_ns

SAMPLE_NS = 8_000_000
"""A sample repeats its work for about this long: the clock, the loop and one interruption disappear in it."""

Samples = Mapping[str, Sequence[float]]


def one_thread() -> None:
    """Keep NumPy's matrix products on one thread, as PyTorch is: CPU time is then the time a person waits.

    Raises:
        RuntimeError: NumPy is imported already, and has started its threads.
    """
    wanted = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    if "numpy" in sys.modules and any(os.environ.get(variable) != "1" for variable in wanted):
        raise RuntimeError("one_thread() must run before NumPy is imported")
    os.environ.update(wanted)


def measure(steps: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds a call of each step, one number a round.

    Each round times every contender once, so that a busy or a slowed machine meets all alike, and begins with another
    one, so that nobody always follows the same neighbour. The cyclic collector is on, as it is for a person; each
    sample starts from a clean heap, so that nobody pays for the garbage of another, and what all the imports left, which
    nobody has together in life, is kept out of the collector's sight meanwhile.
    """
    repeats = {name: _repeats(step) for name, step in steps.items()}
    gc.collect()
    gc.freeze()
    seen: dict[str, list[float]] = {name: [] for name in steps}
    names = list(steps)
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            gc.collect()
            seen[name].append(_sample(steps[name], repeats[name]))
    gc.unfreeze()
    return seen


def _repeats(step: Callable[[], object]) -> int:
    step()  # the first call compiles, loads and fills caches
    return max(1, round(SAMPLE_NS / 1e9 / max(_sample(step, 1), 1e-9)))


def _sample(step: Callable[[], object], repeats: int) -> float:
    start = process_time_ns()
    for _ in range(repeats):
        step()
    return (process_time_ns() - start) / repeats / 1e9


def absolutes(rows: Mapping[str, Samples], columns: Sequence[str], scales: Mapping[str, tuple[float, str]]) -> str:
    """Medians: one row a workload, one column a contender; `scales` has units in a second, and what they are called."""
    body = []
    for row, samples in rows.items():
        scale, unit = scales[row]
        cells = [f"{median(samples[name]) * scale:.3g}" if name in samples else "-" for name in columns]
        body.append([f"{row}, {unit}", *cells])
    return table(["workload", *columns], body)


def ratios(rows: Mapping[str, Samples], ours: str, columns: Sequence[str]) -> str:
    """The median of `ours` over the median of each other contender: below 1 is faster."""
    body = []
    for row, samples in rows.items():
        own = median(samples[ours])
        body.append([row, *(f"{own / median(samples[name]):.2f}" if name in samples else "-" for name in columns)])
    return table([f"{ours} over", *columns], body)


def spread(rows: Mapping[str, Samples]) -> str:
    """How far the middle half of the samples lies apart, at its widest: what a difference has to exceed to mean something."""
    widest = max(
        ((q[2] - q[0]) / q[1], name, row)
        for row, samples in rows.items()
        for name, seen in samples.items()
        for q in [quantiles(seen if len(seen) > 1 else [*seen, *seen], n=4)]
    )
    return f"Widest middle half: {widest[0]:.0%} of the median ({widest[1]}, {widest[2]})."


def machine(packages: Sequence[str]) -> str:
    """Python, processors and versions, in one line."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return f"Python {platform.python_version()}, {os.cpu_count()} processors; {', '.join(found)}."


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
