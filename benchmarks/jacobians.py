"""How the cost of a Jacobian grows with its size, in the right mode and in the wrong one.

    python benchmarks/jacobians.py

A Jacobian of n columns and one row takes one reverse sweep or n forward sweeps, one of n rows and one column the other way
round (Griewank and Walther, Evaluating Derivatives, 2008, section 3.1 and 3.2). So relative to what the function itself
costs, recorded, the cost must not grow in the right mode, exponent 0, and grow as n in the wrong one, exponent 1. The
exponent is the slope of a line through log(cost) over log(n), by least squares, for three costs:

- edges visited, over operations recorded, and multiplications, over numbers computed: counted by a graph hook while
  jacrev and jacfwd work, so on every machine the same;
- CPU time, over that of the recorded evaluation, all in turn within each round.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from statistics import linear_regression, median
from typing import Any

from interleaved import measure, one_thread, table

SIZES = (8, 16, 32, 64, 128, 256)
DEPTH = 10


@dataclass(frozen=True)
class Case:
    """A function and one way to its Jacobian: `expected` is the exponent that the theory says."""

    name: str
    mode: str
    to_vector: bool
    expected: int


CASES = (
    Case("R^n -> R, jacrev", "jacrev", to_vector=False, expected=0),
    Case("R^n -> R, jacfwd", "jacfwd", to_vector=False, expected=1),
    Case("R -> R^n, jacfwd", "jacfwd", to_vector=True, expected=0),
    Case("R -> R^n, jacrev", "jacrev", to_vector=True, expected=1),
)
COSTS = ("edges", "multiplications", "time")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the exponents."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rounds", type=int, default=15, help="samples of each (default: %(default)s)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="values of n, two or more")
    options = parser.parse_args(arguments)
    if len(set(options.sizes)) < 2:
        parser.error("an exponent needs two or more different sizes")
    print(table_of(measured(options.sizes, options.rounds)))
    return 0


def measured(sizes: Sequence[int], rounds: int) -> dict[str, dict[str, list[float]]]:
    """For each case and each kind of cost the cost relative to the function's own, one number a size.

    Raises:
        RuntimeError: jacrev and jacfwd differ.
    """
    one_thread()
    import autograd_lab as lab
    from autograd_lab import func

    steps: dict[str, Callable[[], object]] = {}
    found: dict[str, dict[str, list[float]]] = {case.name: {cost: [] for cost in COSTS} for case in CASES}
    for n in sizes:
        for to_vector in (False, True):
            function, x = _function(n, to_vector=to_vector)
            steps[f"{to_vector} {n}"] = _recorded(lab, function, x)
            _check(func.jacrev(function)(x), func.jacfwd(function)(x), n)
        for case in CASES:
            function, x = _function(n, to_vector=case.to_vector)
            jacobian = getattr(func, case.mode)(function)
            steps[f"{case.name} {n}"] = _bound(jacobian, x)
            edges, multiplications = _counted(lab, jacobian, x)
            found[case.name]["edges"].append(edges)
            found[case.name]["multiplications"].append(multiplications)
    seconds = {name: median(samples) for name, samples in measure(steps, rounds).items()}
    for case in CASES:
        found[case.name]["time"] = [seconds[f"{case.name} {n}"] / seconds[f"{case.to_vector} {n}"] for n in sizes]
    for costs in found.values():
        costs["n"] = [float(n) for n in sizes]
    return found


def exponent(found: dict[str, list[float]], cost: str) -> float:
    """The p of cost = c * n^p that fits best: the slope of least squares through the logarithms."""
    return linear_regression([log(n) for n in found["n"]], [log(c) for c in found[cost]]).slope


def table_of(found: dict[str, dict[str, list[float]]]) -> str:
    """One row a case: the exponent expected and those found, and the relative times behind the last one."""
    body = []
    for case in CASES:
        costs = found[case.name]
        times = ", ".join(f"{time:.3g}" for time in costs["time"])
        body.append([case.name, f"{case.expected}", *(f"{exponent(costs, cost):.2f}" for cost in COSTS), times])
    sizes = ", ".join(f"{n:.0f}" for n in found[CASES[0].name]["n"])
    return table(["Jacobian", "exponent", *COSTS, f"time over evaluation at n = {sizes}"], body)


def _function(n: int, *, to_vector: bool) -> tuple[Callable[[Any], Any], Any]:
    """Operations on n numbers each, from a number or to a number, and where to differentiate."""
    import numpy as np

    slopes, shifts = np.linspace(0.5, 1.0, n), np.linspace(0.1, 0.2, n)

    def to_n(x: Any) -> Any:
        for _ in range(DEPTH):
            x = x * slopes
            x = x + shifts
        return x

    return (to_n, 0.7) if to_vector else (lambda x: np.sum(to_n(x)), np.linspace(0.1, 1.0, n))


def _recorded(lab: Any, function: Callable[[Any], Any], x: Any) -> Callable[[], object]:
    return lambda: function(lab.tensor(x, requires_grad=True))


def _bound(function: Callable[[Any], Any], x: Any) -> Callable[[], object]:
    return lambda: function(x)


def _counted(lab: Any, jacobian: Callable[[Any], Any], x: Any) -> tuple[float, float]:
    """Edges visited over operations recorded, and multiplications over numbers computed."""
    import numpy as np

    from autograd_lab.graph.sweep import multiplications

    computed: list[int] = []
    visited: list[int] = []
    with lab.graph_hook(
        on_record=lambda node: computed.append(np.size(node.value)),
        on_step=lambda step: visited.append(multiplications(step.edge)) if step.kind == "edge" else None,
    ):
        jacobian(x)
    return len(visited) / len(computed), sum(visited) / sum(computed)


def _check(reverse: Any, forward: Any, n: int) -> None:
    import numpy as np

    if np.shape(reverse) != np.shape(forward) or np.max(np.abs(reverse - forward)) > 1e-9 * np.max(np.abs(forward)):
        raise RuntimeError(f"jacrev and jacfwd differ at n = {n}")


if __name__ == "__main__":
    sys.exit(main())
