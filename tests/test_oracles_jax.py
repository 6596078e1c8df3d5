"""The same NumPy programs here and under jax.numpy: values, JVPs by forward sweeps, VJPs by reverse sweeps, second order.

At kinks the conventions differ on purpose: this engine keeps PyTorch's, so the points here are smooth.
"""

import numpy as np
import pytest

import autograd_lab as lab

V = np.array([0.3, -0.7, 1.2])
W = np.array([1.4, 0.2, -0.6])
M = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
N = np.array([[0.4, 1.0], [-0.5, 0.7], [0.9, -1.1]])
T3 = np.linspace(-1.0, 1.3, 12).reshape(2, 3, 2)
POSITIVE = np.array([0.3, 0.7, 1.2])
INSIDE = np.array([0.3, -0.7, 0.9])

# m is NumPy here and jax.numpy there
PROGRAMS = {
    "the example": (lambda m, x, y: x * y + m.sin(x), (2.0, 3.0)),
    "Baydin et al.": (lambda m, a, b: m.log(a) + a * b - m.sin(b), (2.0, 5.0)),
    "arithmetic": (lambda m, x, y: (x + y) * (x - y) / (y + 3.0) - 2.0 / (x + 2.0), (V, W)),
    "broadcasting": (lambda m, a, b: a * b - b / (a * a + 1.0), (M, V)),
    "trigonometry": (lambda m, x: m.sin(x) * m.tan(x) + m.cos(x) * m.arctan(x), (V,)),
    "inverse functions": (lambda m, x: m.arcsin(x) * m.arccos(x) + m.arctanh(x) * m.arcsinh(x), (INSIDE,)),
    "hyperbolic": (lambda m, x: m.sinh(x) * m.cosh(x) - m.tanh(x) + m.arccosh(x * x + 1.5), (V,)),
    "arctan2 and hypot": (lambda m, x, y: m.arctan2(x, y) * m.hypot(x, y), (V, W)),
    "exponentials": (lambda m, x: m.exp(x) * m.expm1(x) + m.exp2(x), (V,)),
    "logarithms": (lambda m, x: m.log(x) * m.log2(x) + m.log10(x) * m.log1p(x), (POSITIVE,)),
    "roots and powers": (lambda m, x, y: m.sqrt(x) * m.cbrt(x) + x**y + x**3 + 2.0**y + m.square(x), (POSITIVE, W)),
    "reciprocal and negative": (lambda m, x: m.reciprocal(x) - m.negative(x) * m.absolute(x), (V,)),
    "selection": (lambda m, x, y: m.maximum(x, y) * m.minimum(x, 0.5) + m.where(x > y, x, y * y), (V, W)),
    "clip": (lambda m, x: m.clip(x, -0.5, 1.0) * x, (V,)),
    "sum": (lambda m, a: m.sum(a * a, axis=0) * m.sum(a, axis=(0, 1)), (M,)),
    "mean": (lambda m, a: m.mean(a, axis=1, keepdims=True) * a, (M,)),
    "max and min": (lambda m, a: m.max(a, axis=1) * m.min(a) + m.max(a, axis=0, keepdims=True)[0, 0], (M,)),
    "prod": (lambda m, a: m.prod(a, axis=0) * m.prod(a), (M,)),
    "reshape and ravel": (lambda m, a: m.reshape(a, (3, 2)) @ m.reshape(m.ravel(a)[:2], (2, 1)), (M,)),
    "transpose and swapaxes": (lambda m, t: m.transpose(t, (2, 0, 1)) * m.swapaxes(m.swapaxes(t, 0, 2), 1, 2), (T3,)),
    "expand_dims and squeeze": (lambda m, x: m.squeeze(m.expand_dims(x, 1) * x[None, :, None][0]), (V,)),
    "broadcast_to": (lambda m, x: m.broadcast_to(x, (2, 3)) * M, (V,)),
    "concatenate": (lambda m, x, y: m.concatenate([x * y, y, x[:1]]), (V, W)),
    "stack": (lambda m, x, y: m.stack([x, y * x], axis=1), (V, W)),
    "indexing": (lambda m, t: t[0, :, 1] * t[1, ::-1, 0] + t[..., 0][0], (T3,)),
    "advanced indexing": (lambda m, x: x[np.array([0, 0, 2])] * x[np.array([1, 0, 0])], (V,)),
    "dot": (lambda m, a, x: m.dot(a, x) * m.dot(x, x), (M, V)),
    "dot of many axes": (lambda m, t, n: m.dot(t, n.T), (T3, N)),
    "matmul": (lambda m, a, b: m.matmul(a, b) @ a, (M, N)),
    "batched matmul": (lambda m, t, a: m.matmul(a, t), (T3, M)),
    "vector times batch": (lambda m, x, t: x @ t, (V, T3)),
    "outer": (lambda m, x, y: m.outer(x, y) * m.outer(y, x), (V, W)),
    "tensordot": (lambda m, t, a: m.tensordot(t, a, axes=([1], [1])), (T3, M)),
    "tensordot of all": (lambda m, a, b: m.tensordot(a, b, axes=2), (M, M * 2.0)),
    "einsum": (lambda m, a, b: m.einsum("ij,jk->ki", a, b), (M, N)),
    "einsum with an ellipsis": (lambda m, t, a: m.einsum("...ij,kj->...ik", t, a[:, :2]), (T3, M)),
    "a trace by einsum": (lambda m, a: m.einsum("ii->", a @ a.T), (M,)),
    "a network": (lambda m, x, w, b: m.mean((m.tanh(m.tanh(x @ w + b) @ w.T) - x) ** 2), (M, N, W[:2])),
    "softmax": (lambda m, x: m.exp(x - m.max(x)) / m.sum(m.exp(x - m.max(x))), (V,)),
    "log-sum-exp": (lambda m, a: m.log(m.sum(m.exp(a), axis=1)), (M,)),
}
CASES = [pytest.param(f, points, id=name) for name, (f, points) in PROGRAMS.items()]


def draws(arrays, seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=np.shape(a)) if np.shape(a) else float(rng.normal()) for a in arrays]


def close(ours, theirs):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("f", "points"), CASES)
def test_values_are_those_of_jax(jax, f, points):
    graph = lab.trace(lambda *xs: f(np, *xs), *points)
    close(graph.outputs[0].value, f(jax.numpy, *map(jax.numpy.asarray, points)))


@pytest.mark.parametrize(("f", "points"), CASES)
def test_forward_sweeps_are_jvps(jax, f, points):
    graph = lab.trace(lambda *xs: f(np, *xs), *points)
    out = graph.outputs[0].label
    for i, direction in enumerate(draws(points, 1)):
        tangents = [jax.numpy.asarray(direction if i == j else np.zeros(np.shape(p))) for j, p in enumerate(points)]
        _, wanted = jax.jvp(
            lambda *xs: f(jax.numpy, *xs), tuple(map(jax.numpy.asarray, map(np.float64, points))), tuple(tangents)
        )
        close(graph.forward(graph.inputs[i], seed=direction).result[out], wanted)


@pytest.mark.parametrize(("f", "points"), CASES)
def test_reverse_sweeps_are_vjps(jax, f, points):
    graph = lab.trace(lambda *xs: f(np, *xs), *points)
    (adjoint,) = draws([graph.outputs[0].value], 2)
    _, pull = jax.vjp(lambda *xs: f(jax.numpy, *xs), *map(jax.numpy.asarray, map(np.float64, points)))
    result = graph.reverse(seed=adjoint).result
    for node, wanted in zip(graph.inputs, pull(jax.numpy.asarray(adjoint)), strict=True):
        close(result[node.label], wanted)


@pytest.mark.parametrize(("f", "points"), CASES)
def test_gradients_of_gradients_are_those_of_jax(jax, f, points):
    leaves = [lab.tensor(p, requires_grad=True) for p in points]
    np.sum(f(np, *leaves)).backward(create_graph=True)
    directions = draws(points, 3)
    inner = sum(np.sum(leaf.grad * d) for leaf, d in zip(leaves, directions, strict=True))
    for leaf in leaves:
        leaf.grad = None
    if inner.requires_grad:
        inner.backward()
    arrays = [jax.numpy.asarray(np.float64(p)) for p in points]
    everywhere = tuple(range(len(points)))

    def along(*xs):
        gradients = jax.grad(lambda *ys: jax.numpy.sum(f(jax.numpy, *ys)), everywhere)(*xs)
        return sum(jax.numpy.sum(g * d) for g, d in zip(gradients, directions, strict=True))

    for leaf, wanted in zip(leaves, jax.grad(along, everywhere)(*arrays), strict=True):
        close(0.0 * np.asarray(wanted) if leaf.grad is None else leaf.grad.numpy(), wanted)
