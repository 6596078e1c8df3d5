"""Times the engine against its peers and against NumPy by hand: `python benchmarks/engine.py`.

One process, one thread, all contenders in turn within each round, CPU time, medians. A workload is timed only after all
contenders agree on its answer. What the ratios mean, and what was seen, is in README.md beside this file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from interleaved import absolutes, machine, measure, one_thread, ratios, spread

if TYPE_CHECKING:
    from contenders import Contender
    from workloads import Workload

OURS = "autograd_lab"
FLOOR = "floor"
PEERS = ("micrograd", "torch", "mygrad", "autograd")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit status is 1 where engines disagree."""
    options = _options(arguments)
    one_thread()
    from contenders import find  # these import NumPy
    from workloads import workloads

    chosen = [w for w in workloads(small=options.small) if options.only in w.name]
    if not chosen:
        names = "; ".join(w.name for w in workloads(small=options.small))
        print(f"no workload has {options.only!r} in its name: {names}", file=sys.stderr)
        return 2
    engines, missing = find(options.engines)
    if missing:
        print(f'Not installed, and left out: {", ".join(missing)} (pip install "autograd_lab[bench]").\n')
    try:
        rows = timed(chosen, engines, options.rounds)
    except Disagreement as disagreement:
        print(disagreement, file=sys.stderr)
        return 1
    print(tables(rows, chosen, [engine.name for engine in engines if engine.name != OURS]))
    print(f"\nMedians of {options.rounds} rounds (large arrays: a quarter). {spread(rows)}\n{machine(['numpy', *PEERS])}")
    return 0


class Disagreement(Exception):
    """A contender's answer is not the floor's."""


def timed(chosen: Sequence[Workload], engines: Sequence[Contender], rounds: int) -> dict[str, dict[str, list[float]]]:
    """CPU seconds of each workload and contender, one number a round.

    Raises:
        Disagreement: contenders do not agree on an answer; nothing is timed then.
    """
    rows = {}
    for workload in chosen:
        steps = steps_of(workload, engines)
        print(f"{workload.name}: {', '.join(steps)} agree", file=sys.stderr)
        rows[workload.name] = measure(steps, -(-rounds // workload.every))
    return rows


def tables(rows: dict[str, dict[str, list[float]]], chosen: Sequence[Workload], peers: Sequence[str]) -> str:
    """Medians and ratios of what `timed` saw, in Markdown."""
    columns = [FLOOR, *peers]
    seen = absolutes(rows, [OURS, *columns], {w.name: (w.scale, w.unit) for w in chosen})
    return f"{seen}\n\n{ratios(rows, OURS, columns)}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rounds", type=int, default=31, help="samples a contender (default: %(default)s)")
    parser.add_argument("--only", default="", metavar="NAME", help="only the workloads with this text in their names")
    parser.add_argument("--engines", nargs="*", default=PEERS, metavar="PEER", help=f"of {', '.join(PEERS)}; none: the floor")
    parser.add_argument("--small", action="store_true", help="sizes that only show that everything runs")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error(f"--rounds is 1 or more, got {options.rounds}")
    unknown = set(options.engines) - set(PEERS)
    if unknown:
        parser.error(f"unknown engine {', '.join(sorted(unknown))}: choose from {', '.join(PEERS)}")
    options.engines = [OURS, *options.engines]
    return options


def steps_of(workload: Workload, engines: Sequence[Contender]) -> dict[str, Callable[[], object]]:
    """One call to time for each contender that can do the workload, the floor last.

    Raises:
        Disagreement: one of them gives another answer than the floor.
    """
    steps: dict[str, Callable[[], object]] = {}
    answers = {FLOOR: _flat(workload.floor())}
    for engine in engines:
        if (engine.scalars_only and not workload.scalars) or (workload.wanted == "jvp" and engine.jvp is None):
            continue
        steps[engine.name], answer = step_of(workload, engine)
        answers[engine.name] = _flat(answer(steps[engine.name]()))
    steps[FLOOR] = workload.floor
    disagreement = _disagreement(workload, answers)
    if disagreement:
        raise Disagreement(disagreement)
    return steps


def step_of(workload: Workload, engine: Contender) -> tuple[Callable[[], Any], Callable[[Any], list[Any]]]:
    """What to call, and what makes plain arrays of what the call gave."""
    program = workload.program
    constants = [engine.constant(value) for value in workload.constants]
    if workload.wanted == "jvp":
        assert engine.jvp is not None
        jvp = engine.jvp
        primals = [engine.constant(value) for value in workload.values]
        tangents = [engine.constant(value) for value in workload.tangents]
        return lambda: jvp(program, constants, primals, tangents), list
    leaves = [engine.leaf(value) for value in workload.values]
    if workload.wanted == "value":
        return lambda: engine.evaluate(program, constants, leaves), lambda result: [engine.plain(result)]
    return lambda: engine.step(program, constants, leaves), lambda result: engine.gradients(leaves, result)


def _flat(values: Any) -> Any:
    import numpy as np

    return np.concatenate([np.ravel(np.asarray(value)) for value in values])


def _disagreement(workload: Workload, answers: dict[str, Any]) -> str | None:
    import numpy as np

    expected = answers[FLOOR]
    size = np.max(np.abs(expected))
    for name, answer in answers.items():
        if answer.shape != expected.shape:
            return f"{workload.name}: {name} has {answer.size} numbers, the floor {expected.size}"
        error = np.max(np.abs(answer - expected)) / size
        if not error <= workload.tolerance:
            return f"{workload.name}: {name} differs from the floor by {error:.1e} of the largest number"
    return None


if __name__ == "__main__":
    sys.exit(main())
