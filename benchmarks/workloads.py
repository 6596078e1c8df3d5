"""What is timed: one program for all engines, and the floor, the same by hand in NumPy.

`workloads(small)` gives them all. A program is written once, in operators and NumPy's names; the floor computes the same
gradients with no engine at all, so what an engine takes longer than that is what recording and differentiating cost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

Gradients = list[Any]


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    `values` are the leaves, `constants` the data. `floor()` gives the gradients, or the result where `records` is
    False. `scale` and `unit` say how a median is printed; `tolerance` is how far gradients may lie apart, relatively.
    """

    name: str
    program: Callable[..., Any]
    values: Sequence[Any]
    constants: Sequence[Any]
    floor: Callable[[], Any]
    scale: float
    unit: str
    scalars: bool = False
    records: bool = True
    tolerance: float = 1e-9


def workloads(*, small: bool = False) -> list[Workload]:
    """All of them; `small` ones finish in no time and measure nothing."""
    random = np.random.default_rng(7)
    scalars = [0.5, 0.999, 0.001]
    vectors = [random.uniform(0.1, 1.0, 8) for _ in range(3)]
    length = 8 if small else 1000
    sizes = (4, 6, 5, 3) if small else (64, 784, 128, 10)
    us = 1e6 / (2 * length)
    us_sin = 1e6 / (3 * length)
    chain_of = _chain(length)
    return [
        Workload("scalar chain", chain_of, scalars, (), lambda: _chain_floor(length, *scalars), us, "us/op", scalars=True),
        Workload("8-vector chain", _summed(chain_of), vectors, (), lambda: _chain_floor(length, *vectors), us, "us/op"),
        Workload(
            "8-vector chain with np.sin", _summed(_sine_chain(length)), vectors, (),
            lambda: _sine_chain_floor(length, *vectors), us_sin, "us/op",
        ),
        Workload(
            "8-vector chain, recording off", chain_of, vectors, (),
            lambda: chain_of(None, (), *vectors), us, "us/op", records=False,
        ),
        _scalar_mlp_workload(random, (2, 3, 3, 1) if small else (2, 16, 16, 1)),
        _mlp_workload(random, sizes, np.float64, 1e-9),
        _mlp_workload(random, sizes, np.float32, 1e-3),
    ]  # fmt: skip


# -- chains: what one operation costs ---------------------------------------------------------------------------------


def _chain(length: int) -> Callable[..., Any]:
    def program(f: Any, constants: Any, y: Any, w: Any, b: Any) -> Any:
        for _ in range(length):
            y = y * w
            y = y + b
        return y

    return program


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


def _chain_floor(length: int, y: Any, w: Any, b: Any) -> Gradients:
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


# -- a network of scalars, as micrograd's ------------------------------------------------------------------------------


def _scalar_mlp_workload(random: np.random.Generator, widths: tuple[int, ...]) -> Workload:
    """One neuron after another; each layer's matrix holds its biases in column 0."""
    matrices = [random.uniform(-1.0, 1.0, (out, 1 + into)) for into, out in pairwise(widths)]
    values = [float(v) for matrix in matrices for v in matrix.flat]
    inputs = [float(v) for v in random.uniform(-1.0, 1.0, widths[0])]
    target = 0.7

    def program(f: Any, constants: Any, *leaves: Any) -> Any:
        parameter = iter(leaves)
        layer = list(constants)
        for width in widths[1:]:
            sums = []
            for _ in range(width):
                total = next(parameter)
                for value in layer:
                    total = total + next(parameter) * value
                sums.append(total)
            layer = sums if width == 1 else [f.relu(total) for total in sums]
        return (layer[0] - target) ** 2

    data = np.array(inputs)
    name = f"scalar MLP {'-'.join(map(str, widths))}"
    return Workload(name, program, values, inputs, lambda: _dense_floor(matrices, data, target), 1e3, "ms", scalars=True)


def _dense_floor(matrices: Sequence[Any], x: Any, target: float) -> Gradients:
    layers = [x]
    for depth, matrix in enumerate(matrices, start=1):
        x = matrix[:, 1:] @ x + matrix[:, 0]
        if depth < len(matrices):
            x = np.maximum(x, 0.0)
        layers.append(x)
    adjoint = 2.0 * (layers.pop() - target)
    gradients = []
    while layers:
        matrix, x = matrices[len(layers) - 1], layers.pop()
        gradient = np.empty_like(matrix)
        gradient[:, 0] = adjoint
        gradient[:, 1:] = adjoint[:, None] * x
        gradients.append(gradient)
        if layers:
            adjoint = (adjoint @ matrix[:, 1:]) * (x > 0)
    return gradients[::-1]


# -- a training step: cross-entropy of one batch, gradients of four arrays --------------------------------------------


def _mlp_workload(random: np.random.Generator, sizes: tuple[int, int, int, int], dtype: Any, tolerance: float) -> Workload:
    batch, pixels, hidden, classes = sizes
    x = random.uniform(0.0, 1.0, (batch, pixels)).astype(dtype)
    chosen = np.eye(classes, dtype=dtype)[random.integers(0, classes, batch)]
    values = [
        (random.standard_normal((pixels, hidden)) / np.sqrt(pixels)).astype(dtype),
        np.zeros(hidden, dtype),
        (random.standard_normal((hidden, classes)) / np.sqrt(hidden)).astype(dtype),
        np.zeros(classes, dtype),
    ]
    name = f"MLP step {batch}x{pixels}-{hidden}-{classes}, {np.dtype(dtype)}"
    constants = (x, chosen)
    return Workload(name, _mlp, values, constants, lambda: _mlp_floor(x, chosen, *values), 1e3, "ms", tolerance=tolerance)


def _mlp(f: Any, constants: Any, *leaves: Any) -> Any:
    x, chosen = constants
    w1, b1, w2, b2 = leaves
    scores = f.relu(x @ w1 + b1) @ w2 + b2
    return f.mean(f.log(f.sum(f.exp(scores), axis=1)) - f.sum(scores * chosen, axis=1))


def _mlp_floor(x: Any, chosen: Any, *leaves: Any) -> Gradients:
    w1, b1, w2, b2 = leaves
    before = x @ w1
    before += b1
    hidden = np.maximum(before, 0.0)
    scores = hidden @ w2
    scores += b2
    powers = np.exp(scores)
    sums = powers.sum(axis=1)
    np.mean(np.log(sums) - (scores * chosen).sum(axis=1))
    adjoint = powers / sums[:, None]
    adjoint -= chosen
    adjoint /= len(x)
    back = adjoint @ w2.T
    back *= before > 0
    return [x.T @ back, back.sum(axis=0), hidden.T @ adjoint, adjoint.sum(axis=0)]
