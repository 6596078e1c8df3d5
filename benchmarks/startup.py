"""What the engine costs those who import it, and those who only use NumPy beside it.

    python benchmarks/startup.py

Fresh interpreters in turn. For the import, one imports NumPy and one the engine, nothing else, and the difference of what
the processes took from start to end is told, CPU and wall. For NumPy beside the engine, both run the same plain program
twice, one of them importing and using the engine in between: what differs between processes from the start (where their
memory lies) cancels out. The names that the import replaces in NumPy's namespace are counted too: nothing, or ratios would
be beside the point.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from statistics import median
from time import process_time

from fresh import Answers, in_turn, say
from interleaved import one_thread, table

NUMPY = "numpy"
OURS = "autograd_lab"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables, or, in a process started for it, run the plain program."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rounds", type=int, default=31, help="processes of each kind (default: %(default)s)")
    parser.add_argument("--length", type=int, default=20_000, help="operations of the plain program (default: %(default)s)")
    parser.add_argument("--beside", choices=(NUMPY, OURS), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.beside:
        say(**_program_beside(options.beside, options.length))
    else:
        print(import_table(imports(options.rounds)))
        print()
        print(untouched_table(untouched(options.rounds, options.length)))
    return 0


def imports(rounds: int) -> Answers:
    """What processes that import one or the other took. The first round compiles both to bytecode, and is left out."""
    one_thread()  # the threads that a BLAS starts spin for a while, on a clock that is not ours
    commands = {module: ["-c", f"import {module}"] for module in (NUMPY, OURS)}
    with tempfile.TemporaryDirectory() as bytecode:
        seen = in_turn(commands, rounds + 1, PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="")
    return {name: answers[1:] for name, answers in seen.items()}


def import_ms(answers: Answers, clock: str = "process_cpu") -> float:
    """Milliseconds that importing the engine takes longer than importing NumPy: the median difference of a round."""
    return 1e3 * median(b[clock] - a[clock] for a, b in zip(answers[NUMPY], answers[OURS], strict=True))


def import_table(answers: Answers) -> str:
    """Both processes, and what they differ by."""
    clocks = ("process_cpu", "process_wall")
    body = [[f"import {name}", *(f"{1e3 * median(a[c] for a in seen):.1f}" for c in clocks)] for name, seen in answers.items()]
    body.append(["median difference", *(f"{import_ms(answers, clock):.1f}" for clock in clocks)])
    return table(["whole process", "ms of CPU", "ms by the wall clock"], body)


def untouched(rounds: int, length: int) -> Answers:
    """What processes that run the plain program said."""
    one_thread()
    return in_turn({name: ["startup.py", "--beside", name, "--length", str(length)] for name in (NUMPY, OURS)}, rounds)


def untouched_ratio(answers: Answers) -> float:
    """How much slower the plain program got where the engine came in between, over how much slower it got where not."""
    return _change(answers, OURS) / _change(answers, NUMPY)


def _change(answers: Answers, name: str) -> float:
    return median(a["after"] / a["before"] for a in answers[name])


def untouched_table(answers: Answers) -> str:
    """Both processes, and their ratio."""
    body = []
    for name, seen in answers.items():
        times = (f"{1e3 * median(a[when] for a in seen):.2f}" for when in ("before", "after"))
        body.append([f"import {name}", *times, f"{_change(answers, name):.3f}", f"{seen[0]['replaced']}"])
    body.append(["ratio", "", "", f"{untouched_ratio(answers):.3f}", ""])
    return table(["plain NumPy program", "ms of CPU before", "after", "after over before", "names replaced in NumPy"], body)


def _program_beside(module: str, length: int) -> dict[str, float]:
    import numpy as np
    from workloads import chain

    names = dict(vars(np))
    program = chain(length // 2)
    y, w, b = np.linspace(0.1, 1.0, 8), np.full(8, 0.999), np.full(8, 0.001)

    def timed() -> float:
        times = []
        for _ in range(9):
            start = process_time()
            program(None, (), y, w, b)
            times.append(process_time() - start)
        return median(times)

    timed()  # the first calls find a cold cache
    before = timed()
    if module == OURS:
        import autograd_lab as lab

        x = lab.tensor(2.0, requires_grad=True)
        lab.trace(np.sin, 2.0).reverse()  # the engine is not only loaded, but has recorded and been watched
        np.sin(x * x).backward()
    after = timed()
    return {"before": before, "after": after, "replaced": sum(vars(np)[name] is not value for name, value in names.items())}


if __name__ == "__main__":
    sys.exit(main())
