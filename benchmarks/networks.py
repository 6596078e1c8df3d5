"""The networks among the workloads: the program for all engines, and the same derivatives by hand in NumPy.

`scalar_network` is micrograd's, neuron by neuron; `Classifier` is a layer of hidden units and cross-entropy of one
batch, with its gradient and its directional derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

# -- a network of scalars ----------------------------------------------------------------------------------------------


def scalar_network(widths: Sequence[int], target: float) -> Callable[..., Any]:
    """The squared error of one neuron after another; the leaves of each neuron are its bias, then its weights."""

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

    return program


def scalar_matrices(random: np.random.Generator, widths: Sequence[int]) -> list[Any]:
    """Its parameters, a matrix a layer: biases in column 0."""
    return [random.uniform(-1.0, 1.0, (out, 1 + into)) for into, out in pairwise(widths)]


def scalar_network_floor(matrices: Sequence[Any], x: Any, target: float) -> list[Any]:
    """The gradients of all parameters, a matrix a layer."""
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


# -- cross-entropy of one batch ----------------------------------------------------------------------------------------


class Classifier:
    """A batch, a layer of hidden units, scores, and cross-entropy: arrays and what is computed of them.

    `constants` are the inputs (batch, pixels) and the chosen classes one-hot (batch, classes); `parameters` the two
    layers' weights and biases; `tangents` a direction to differentiate along, of the parameters' shapes.
    """

    def __init__(self, random: np.random.Generator, sizes: tuple[int, int, int, int], dtype: Any) -> None:
        batch, pixels, hidden, classes = sizes
        self.constants = (
            random.uniform(0.0, 1.0, (batch, pixels)).astype(dtype),
            np.eye(classes, dtype=dtype)[random.integers(0, classes, batch)],
        )
        self.parameters = (
            (random.standard_normal((pixels, hidden)) / np.sqrt(pixels)).astype(dtype),
            np.zeros(hidden, dtype),
            (random.standard_normal((hidden, classes)) / np.sqrt(hidden)).astype(dtype),
            np.zeros(classes, dtype),
        )
        direction = np.random.default_rng(8)  # of its own, so that the numbers above do not depend on it
        self.tangents = tuple(direction.standard_normal(p.shape).astype(dtype) for p in self.parameters)
        self.sizes = "x".join(map(str, sizes[:2])) + "-" + "-".join(map(str, sizes[2:]))

    @staticmethod
    def program(f: Any, constants: Any, *leaves: Any) -> Any:
        """The loss, in operators and NumPy's names."""
        x, chosen = constants
        w1, b1, w2, b2 = leaves
        scores = f.relu(x @ w1 + b1) @ w2 + b2
        return f.mean(f.log(f.sum(f.exp(scores), axis=1)) - f.sum(scores * chosen, axis=1))

    def gradient_floor(self) -> list[Any]:
        """The gradients of the parameters: forward, then backward by hand."""
        x, chosen = self.constants
        w1, b1, w2, b2 = self.parameters
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

    def jvp_floor(self) -> list[Any]:
        """The loss and its tangent: each line, then the same line differentiated."""
        x, chosen = self.constants
        w1, b1, w2, b2 = self.parameters
        w1_tangent, b1_tangent, w2_tangent, b2_tangent = self.tangents
        before = x @ w1
        before += b1
        before_tangent = x @ w1_tangent
        before_tangent += b1_tangent
        hidden = np.maximum(before, 0.0)
        hidden_tangent = before_tangent
        hidden_tangent *= before > 0
        scores = hidden @ w2
        scores += b2
        scores_tangent = hidden_tangent @ w2
        scores_tangent += hidden @ w2_tangent
        scores_tangent += b2_tangent
        powers = np.exp(scores)
        sums = powers.sum(axis=1)
        loss = np.mean(np.log(sums) - (scores * chosen).sum(axis=1))
        powers /= sums[:, None]
        powers -= chosen
        return [loss, np.mean((powers * scores_tangent).sum(axis=1))]
