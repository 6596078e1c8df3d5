"""What is timed: one program for all engines, and the floor, the same by hand in NumPy.

`workloads(small)` gives them all. A program is written once, in operators and NumPy's names; the floor computes the same
derivatives with no engine at all, so what an engine takes longer than that is what recording and differentiating cost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from networks import Classifier, scalar_matrices, scalar_network, scalar_network_floor

Gradients = list[Any]

SCALARS = (0.5, 0.999, 0.001)
"""Where the scalar chains begin, and what they multiply by and add: y stays between 0.5 and 1 at any length."""


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    `values` are the leaves, `constants` the data. `wanted` says what is computed: the gradient, the value with recording
    off, or value and tangent along `tangents`; `floor()` gives the same. `scale` and `unit` say how a median is printed;
    `tolerance` is how far answers may lie apart, relatively. `every`: sampled in one round of so many, since it is slow.
    """

    name: str
    program: Callable[..., Any]
    values: Sequence[Any]
    constants: Sequence[Any]
    floor: Callable[[], Any]
    scale: float
    unit: str
    wanted: Literal["gradient", "value", "jvp"] = "gradient"
    tangents: Sequence[Any] = ()
    scalars: bool = False
    tolerance: float = 1e-9
    every: int = 1


def workloads(*, small: bool = False) -> list[Workload]:
    """All of them; `small` ones finish in no time and measure nothing."""
    random = np.random.default_rng(7)
    vectors = [random.uniform(0.1, 1.0, 8) for _ in range(3)]
    length = 8 if small else 1000
    widths = (2, 3, 3, 1) if small else (2, 16, 16, 1)
    us = 1e6 / (2 * length)
    us_sin = 1e6 / (3 * length)
    chain_of = chain(length)
    rows = [
        Workload("scalar chain", chain_of, SCALARS, (), lambda: chain_floor(length, *SCALARS), us, "us/op", scalars=True),
        Workload("8-vector chain", _summed(chain_of), vectors, (), lambda: chain_floor(length, *vectors), us, "us/op"),
        Workload(
            "8-vector chain with np.sin", _summed(_sine_chain(length)), vectors, (),
            lambda: _sine_chain_floor(length, *vectors), us_sin, "us/op",
        ),
        Workload(
            "8-vector chain, recording off", chain_of, vectors, (),
            lambda: chain_of(None, (), *vectors), us, "us/op", wanted="value",
        ),
    ]  # fmt: skip
    matrices = scalar_matrices(random, widths)
    inputs = [float(v) for v in random.uniform(-1.0, 1.0, widths[0])]
    rows.append(
        Workload(
            f"scalar MLP {'-'.join(map(str, widths))}", scalar_network(widths, 0.7),
            [float(v) for matrix in matrices for v in matrix.flat], inputs,
            lambda: scalar_network_floor(matrices, np.array(inputs), 0.7), 1e3, "ms", scalars=True,
        )
    )  # fmt: skip
    sizes = (4, 6, 5, 3) if small else (64, 784, 128, 10)
    double, single = (Classifier(random, sizes, dtype) for dtype in (np.float64, np.float32))
    for network, dtype, tolerance in ((double, "float64", 1e-9), (single, "float32", 1e-3)):
        rows.append(
            Workload(
                f"MLP step {network.sizes}, {dtype}", network.program, network.parameters, network.constants,
                network.gradient_floor, 1e3, "ms", tolerance=tolerance,
            )
        )  # fmt: skip
    rows.append(
        Workload(
            f"jvp of the MLP {double.sizes}", double.program, double.parameters, double.constants,
            double.jvp_floor, 1e3, "ms", wanted="jvp", tangents=double.tangents,
        )
    )  # fmt: skip
    size = 1000 if small else 1_000_000
    arrays = [random.uniform(0.1, 1.0, size), random.uniform(0.5, 1.5, size), random.uniform(0.1, 1.0, size)]
    rows.append(
        Workload(
            f"50 ops on {size:.0e} float64".replace("e+0", "e"), _summed(_cycles(10)), arrays, (),
            lambda: _cycles_floor(10, *arrays), 1e3, "ms", every=4,
        )
    )  # fmt: skip
    return rows


# -- chains: what one operation costs ---------------------------------------------------------------------------------


def chain(length: int) -> Callable[..., Any]:
    """2 * length operations: y * w, y + b, and again."""

    def program(f: Any, constants: Any, y: Any, w: Any, b: Any) -> Any:
        for _ in range(length):
            y = y * w
            y = y + b
        return y

    return program


def chain_floor(length: int, y: Any, w: Any, b: Any) -> Gradients:
    """The gradients of y, w and b in `chain`."""
    before = []
    for _ in range(length):
        before.append(y)
        y = y * w
        y = y + b
    dy = y * 0.0 + 1.0
    dw = y * 0.0
    db = y * 0.0
    for y in reversed(before):
        db += dy
        dw += dy * y
        dy = dy * w
    return [dy, dw, db]


def _sine_chain(length: int) -> Callable[..., Any]:
    def program(f: Any, constants: Any, y: Any, w: Any, b: Any) -> Any:
        sin = f.sin
        for _ in range(length):
            y = y * w
            y = y + b
            y = sin(y)
        return y

    return program


def _summed(program: Callable[..., Any]) -> Callable[..., Any]:
    return lambda f, constants, *leaves: f.sum(program(f, constants, *leaves))


def _sine_chain_floor(length: int, y: Any, w: Any, b: Any) -> Gradients:
    before = []
    for _ in range(length):
        product = y * w
        angle = product + b
        before.append((y, angle))
        y = np.sin(angle)
    dy = np.ones_like(y)
    dw = np.zeros_like(y)
    db = np.zeros_like(y)
    for y, angle in reversed(before):
        dy = dy * np.cos(angle)
        db += dy
        dw += dy * y
        dy = dy * w
    return [dy, dw, db]


# -- large arrays: what the memory costs -------------------------------------------------------------------------------


def _cycles(count: int) -> Callable[..., Any]:
    """5 * count operations; each cycle ends with a square below 1, so values and gradients stay tame."""

    def program(f: Any, constants: Any, y: Any, w: Any, b: Any) -> Any:
        for _ in range(count):
            y = f.square(f.tanh(f.sin(y * w) + b))
        return y

    return program


def _cycles_floor(count: int, y: Any, w: Any, b: Any) -> Gradients:
    """Keeps the three arrays of a cycle that its derivatives need, and lets go of each cycle once it is through."""
    kept = []
    for _ in range(count):
        angle = y * w
        bounded = np.tanh(np.sin(angle) + b)
        kept.append((y, angle, bounded))
        y = np.square(bounded)
    np.sum(y)
    dy = np.ones_like(y)
    dw = np.zeros_like(y)
    db = np.zeros_like(y)
    while kept:
        y, angle, bounded = kept.pop()
        dy = dy * (2.0 * bounded)
        dy = dy * (1.0 - np.square(bounded))
        db += dy
        dy = dy * np.cos(angle)
        dw += dy * y
        dy = dy * w
    return [dy, dw, db]
