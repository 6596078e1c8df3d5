"""What is aimed at, number for number, and whether what was measured comes up to it.

`verdicts(numbers)` is the table. A number is named by what was done and what it is compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from interleaved import table

Numbers = Mapping[tuple[str, str], float]
"""What was measured: ("MLP step float64", "floor") is our time over the floor's."""

WITHIN = 0.1
"""So far beside its target, relatively, a number still passes where the code is plainer for it."""


@dataclass(frozen=True)
class Target:
    """One number: at most `aim`, at least `aim`, or `aim` give or take `slack`."""

    workload: str
    measure: str
    aim: float
    kind: Literal["at most", "at least", "near"] = "at most"
    slack: float = 0.0

    def verdict(self, seen: float) -> str:
        """Whether it is met; what is judged is what is printed, so rounded as in `shown`."""
        seen = float(shown(seen))
        if self.kind == "near":
            return "met" if round(abs(seen - self.aim), 2) <= self.slack else "missed"
        ratio = seen / self.aim if self.kind == "at most" else self.aim / max(seen, 1e-9)
        return "met" if ratio <= 1 else f"within {WITHIN:.0%}" if ratio <= 1 + WITHIN else "missed"

    def __str__(self) -> str:
        return f"{self.aim:g} ± {self.slack:g}" if self.kind == "near" else f"{self.kind} {self.aim:g}"


TARGETS = (
    Target("scalar chain", "over micrograd", 0.55),
    Target("scalar chain", "over torch", 0.17),
    Target("scalar chain", "over mygrad", 0.07),
    Target("scalar MLP", "over micrograd", 0.60),
    Target("8-vector chain", "over floor", 2.6),
    Target("8-vector chain", "over torch", 0.45),
    Target("MLP step, float64", "over floor", 1.20),
    Target("MLP step, float64", "over torch", 1.05),
    Target("MLP step, float32", "over floor", 1.35),
    Target("MLP step, float32", "over torch", 0.85),
    Target("50 ops on 1e6 float64", "over floor", 1.10),
    Target("50 ops on 1e6 float64", "peak RSS over floor", 1.6),
    Target("chain of 1,000,000 ops", "finishes (1: yes)", 1, "at least"),
    Target("chain of 1,000,000 ops", "bytes a node at peak", 320),
    Target("chain of 1,000,000 ops", "freed by del", 0.95, "at least"),
    Target("chain of 1,000,000 ops", "over torch", 0.45),
    Target("recording off, 8-vectors", "over floor", 2.2),
    Target("recording off, plain arrays", "after import over before", 1.00),
    Target("jvp of the MLP", "over floor", 1.8),
    *(
        Target(f"Jacobian {case}", f"exponent of {cost}", aim, "near", 0.15)
        for case, aim in (("R^n -> R, jacrev", 0), ("R^n -> R, jacfwd", 1), ("R -> R^n, jacfwd", 0), ("R -> R^n, jacrev", 1))
        for cost in ("edges", "multiplications", "time")
    ),
    Target("import autograd_lab over import numpy", "ms", 15),
    Target("scalar chain, no graph hook", "over engine without hooks", 1.03),
)


def verdicts(numbers: Numbers) -> str:
    """One row a target, met or not; "not measured" where an engine is not installed."""
    body = []
    for target in TARGETS:
        seen = numbers.get((target.workload, target.measure))
        cells = ["-", f"{target}", "not measured"] if seen is None else [shown(seen), f"{target}", target.verdict(seen)]
        body.append([target.workload, target.measure, *cells])
    return table(["workload", "what", "measured", "target", ""], body)


def shown(number: float) -> str:
    """Two decimals; none where they would say nothing."""
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.2f}"
