"""Everything that is aimed at, measured in one go, as the tables of README.md: `python benchmarks/report.py > tables.md`.

First what needs processes of its own, while this one is small, since a process's peak counts that of whoever started it;
then what runs in turn in this process. What is measured in each part stands at the top of its script.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from statistics import median
from typing import Any

import alone
import deep
import hooks
import jacobians
import startup
from engine import FLOOR, OURS, PEERS, Disagreement, tables, timed
from interleaved import machine, one_thread, spread
from targets import verdicts

LARGE = "50 ops on 1e6 float64"
DEEP = "chain of 1,000,000 ops"
ROWS = {
    "scalar chain": ("scalar chain",),
    "scalar MLP": ("scalar MLP",),
    "8-vector chain": ("8-vector chain",),
    "recording off, 8-vectors": ("recording off",),
    "MLP step, float64": ("MLP step", "float64"),
    "MLP step, float32": ("MLP step", "float32"),
    "jvp of the MLP": ("jvp of the MLP",),
    LARGE: ("50 ops on",),
}
"""What the targets call a workload, and the words that find it at any size: the first that has them all."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; the exit status is 1 where engines disagree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rounds", type=int, default=31, help="samples a contender (default: %(default)s)")
    parser.add_argument("--engines", nargs="*", default=PEERS, choices=PEERS, help="which peers; none: the floor alone")
    parser.add_argument("--small", action="store_true", help="sizes that only show that everything runs")
    options = parser.parse_args(arguments)
    one_thread()
    numbers: dict[tuple[str, str], float] = {}
    parts = [*_apart(options, numbers), *_together(options, numbers)]
    if options.small:
        print("Small sizes: these numbers show that everything runs, and nothing else.\n")
    print("\n\n".join([verdicts(numbers), *parts, machine(["numpy", *PEERS])]))
    return 0


def _apart(options: argparse.Namespace, numbers: dict[tuple[str, str], float]) -> list[str]:
    """The parts in processes of their own."""
    rounds, few = options.rounds, max(1, options.rounds // 10)
    array_peers = [name for name in options.engines if name != "micrograd"]
    print("memory of large arrays, a deep chain, the import ...", file=sys.stderr)
    peaks = alone.measured("50 ops on", [FLOOR, OURS, *array_peers], few, small=options.small)
    numbers[LARGE, "peak RSS over floor"] = alone.ratio(peaks, OURS, FLOOR)

    deep_peers = [name for name in options.engines if name in deep.PEERS]
    chain, freed = deep.measured(deep_peers, few, 1000 if options.small else 1_000_000)
    numbers[DEEP, "finishes (1: yes)"] = deep.finished(chain, OURS)
    numbers[DEEP, "bytes a node at peak"] = deep.bytes_a_node(chain, OURS)
    numbers[DEEP, "freed by del"] = freed
    for name in deep_peers:
        numbers[DEEP, f"over {name}"] = deep.seconds(chain, OURS) / deep.seconds(chain, name)

    imports = startup.imports(rounds)
    numbers["import autograd_lab over import numpy", "ms"] = startup.import_ms(imports)
    untouched = startup.untouched(rounds, 200 if options.small else 20_000)
    numbers["recording off, plain arrays", "after import over before"] = startup.untouched_ratio(untouched)
    return [
        alone.table_of(peaks, OURS), deep.table_of(chain, freed),
        startup.import_table(imports), startup.untouched_table(untouched),
    ]  # fmt: skip


def _together(options: argparse.Namespace, numbers: dict[tuple[str, str], float]) -> list[str]:
    """The parts in this process; hooks come first, since they want to import the engine themselves."""
    rounds = options.rounds
    watched, instructions = hooks.measured(2 * rounds, 10 if options.small else 1000)
    numbers["scalar chain, no graph hook", "over engine without hooks"] = max(map(hooks.ratio, watched.values()))
    growth = jacobians.measured(jacobians.SIZES[:2] if options.small else jacobians.SIZES, -(-rounds // 2))
    for case in jacobians.CASES:
        for cost in jacobians.COSTS:
            numbers[f"Jacobian {case.name}", f"exponent of {cost}"] = jacobians.exponent(growth[case.name], cost)

    from contenders import find
    from workloads import workloads

    engines, missing = find([OURS, *options.engines])
    chosen = workloads(small=options.small)
    rows = timed(chosen, engines, rounds)
    peers = [engine.name for engine in engines if engine.name != OURS]
    numbers.update(_ratios(rows))
    absent = f" Not installed: {', '.join(missing)}." if missing else ""
    return [
        jacobians.table_of(growth), hooks.table_of(watched, instructions), tables(rows, chosen, peers),
        f"Medians of {rounds} rounds (large arrays: a quarter). {spread(rows)}{absent}",
    ]  # fmt: skip


def _ratios(rows: dict[str, dict[str, list[float]]]) -> dict[tuple[str, str], float]:
    """Our median over that of each contender, for the workloads that targets are about."""
    found = {}
    for workload, words in ROWS.items():
        samples: dict[str, Any] = next(seen for name, seen in rows.items() if all(word in name for word in words))
        for other, theirs in samples.items():
            found[workload, f"over {other}"] = median(samples[OURS]) / median(theirs)
    return found


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Disagreement as disagreement:
        sys.exit(str(disagreement))
