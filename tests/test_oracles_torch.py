"""The same programs here and in PyTorch have the same values, gradients and second derivatives, at kinks too.

A program takes `m` (NumPy here, torch there: the functions used have the same name in both) and Tensors.
"""

import numpy as np
import pytest

import autograd_lab as lab

V = np.array([0.3, -0.7, 1.2])
W = np.array([1.4, 0.2, -0.6])
M = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
POSITIVE = np.array([0.3, 0.7, 1.2])
INSIDE = np.array([0.3, -0.7, 0.9])
INF, NAN = np.inf, np.nan


def plain(value):
    """A result of either engine as lists, numbers, bools and None."""
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if hasattr(value, "detach"):
        return value.detach().tolist()
    return value


# -- values, gradients, second derivatives ----------------------------------------------------------------------------------

PROGRAMS = {
    "a polynomial": (lambda m, x: 3.0 * x * x - 2.0 * x + 1.0, (V,)),
    "the example": (lambda m, x, y: x * y + m.sin(x), (2.0, 3.0)),
    "arithmetic": (lambda m, x, y: (x + y) * (x - y) / (y + 3.0) - x / 2.0 + 1.0 / (x + 2.0) - (1.0 - y), (V, W)),
    "broadcasting": (lambda m, a, b: a * b + a / (b * b + 1.0) - b, (M, V)),
    "broadcasting a scalar": (lambda m, a, b: a * b + b, (M, 0.7)),
    "broadcasting a column": (lambda m, a, b: (a - b) * b, (M, M[:, :1])),
    "broadcasting both": (lambda m, a, b: a * b + a, (V[:, None], W[None, :])),
    "trigonometry": (lambda m, x: m.sin(x) * m.cos(x) + m.tan(x), (V,)),
    "inverse trigonometry": (lambda m, x: m.arcsin(x) + m.arccos(x) * m.arctan(x), (INSIDE,)),
    "arctan2": (lambda m, y, x: m.arctan2(y, x), (V, W)),
    "hypot": (lambda m, x, y: m.hypot(x, y), (V, W)),
    "hyperbolic": (lambda m, x: m.sinh(x) * m.cosh(x) - m.tanh(x), (V,)),
    "inverse hyperbolic": (lambda m, x: m.arcsinh(x) + m.arccosh(x * x + 1.5) + m.arctanh(x), (INSIDE,)),
    "exponentials": (lambda m, x: m.exp(x) + m.expm1(x) * m.exp2(x), (V,)),
    "logarithms": (lambda m, x: m.log(x) + m.log2(x) * m.log10(x) + m.log1p(x), (POSITIVE,)),
    "roots": (lambda m, x: m.sqrt(x) + m.square(x) * m.reciprocal(x), (POSITIVE,)),
    "powers": (lambda m, x, y: x**y + x**3 + 2.0**y + x**-0.5, (POSITIVE, W)),
    "a power of a negative base": (lambda m, x: x**3 + x**2.0, (-POSITIVE,)),
    "signs": (lambda m, x: m.absolute(x) * x + abs(x) - (-x) + (+x), (V,)),
    "selection": (lambda m, x, y: m.maximum(x, y) * x + m.minimum(x, y) * y, (V, W)),
    "where": (lambda m, x, y: m.where(x > 0.0, x * y, y * y), (V, W)),
    "clip": (lambda m, x: m.clip(x, -0.5, 1.0) * x, (V,)),
    "sums": (lambda m, a: m.sum(a * a, axis=0) * m.sum(a, axis=0), (M,)),
    "means": (lambda m, a: m.mean(a * a, axis=1) * m.mean(a), (M,)),
    "a kept axis": (lambda m, a: a * a.sum(axis=1, keepdims=True), (M,)),
    "the largest": (lambda m, a: m.amax(a, axis=1) * m.amin(a, axis=1), (M,)),
    "the product": (lambda m, a: m.prod(a, axis=1) if m is np else m.prod(a, dim=1), (M,)),
    "reshaping": (lambda m, a: m.reshape(a * a, (3, 2)) * m.transpose(a, *(() if m is np else (0, 1))), (M,)),
    "squeezing": (lambda m, a: m.squeeze(a[:, :1]) * a[:, 1], (M,)),
    "joining": (lambda m, x, y: m.concatenate([x * x, y]) * 2.0, (V, W)),
    "stacking": (lambda m, x, y: m.stack([x, y, x * y]), (V, W)),
    "indexing": (lambda m, a: a[0] * a[1, ::2][0] + a[..., 1:][1, 0], (M,)),
    "advanced indexing twice": (lambda m, x: x[[0, 0, 2]] * x[[1, 0, 0]], (V,)),
    "a mask": (lambda m, x: (x * x)[x > 0.0], (V,)),
    "matrix times vector": (lambda m, a, x: m.sin(a @ x), (M, V)),
    "vector times vector": (lambda m, x, y: (x @ y) * (x @ x), (V, W)),
    "matrix times matrix": (lambda m, a, b: m.tanh(m.matmul(a, b)), (M, M.T)),
    "outer": (lambda m, x, y: m.outer(x, y) * m.outer(y, x), (V, W)),
    "einsum": (lambda m, a, b: m.einsum("ij,kj->ik", a, b) ** 2, (M, M)),
    "tensordot": (lambda m, a, b: m.tensordot(a, b, 1), (M, M.T)),
    "a network": (lambda m, x, w, b: m.mean(m.square(m.tanh(x @ w + b) - 0.5)), (M, M.T, W[:2])),
    "softmax": (lambda m, x: m.exp(x) / m.sum(m.exp(x)), (V,)),
    "fan-out": (lambda m, x: (m.exp(x) * x + x) * m.exp(x) * x + x, (0.4,)),
    "a loop": (lambda m, x: repeated(m, x, 30), (0.4,)),
}


def repeated(m, x, times):
    for _ in range(times):
        x = m.sin(x) + 0.5 * x
    return x


def second_here(f, arrays, weights):
    leaves = [lab.tensor(a, requires_grad=True) for a in arrays]
    out = f(np, *leaves)
    np.sum(out * weights).backward(create_graph=True)
    first = [leaf.grad for leaf in leaves]
    total = sum(np.sum(g * g) for g in first)
    for leaf in leaves:
        leaf.grad = None
    total.backward()
    return out, first, [None if leaf.grad is None else leaf.grad for leaf in leaves]


def second_there(torch, f, arrays, weights):
    leaves = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    out = f(torch, *leaves)
    first = torch.autograd.grad(torch.sum(out * torch.tensor(weights)), leaves, create_graph=True)
    total = sum(torch.sum(g * g) for g in first)
    return out, first, torch.autograd.grad(total, leaves, allow_unused=True)


@pytest.mark.parametrize("name", PROGRAMS)
def test_value_gradient_and_second_derivative_are_those_of_pytorch(torch, name):
    f, arrays = PROGRAMS[name]
    with lab.no_grad():
        shape = f(np, *(lab.tensor(a) for a in arrays)).shape
    weights = np.linspace(0.5, 1.5, int(np.prod(shape))).reshape(shape)
    for ours, theirs in zip(second_here(f, arrays, weights), second_there(torch, f, arrays, weights), strict=True):
        for mine, its in zip(*((x if isinstance(x, (list, tuple)) else [x]) for x in (ours, theirs)), strict=True):
            found, wanted = (0.0 if x is None else plain(x) for x in (mine, its))
            np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


# -- kinks, edges of domains, nan and inf -----------------------------------------------------------------------------------

AT = {
    "abs at 0": (lambda m, x: abs(x), ([-1.0, 0.0, -0.0, 2.0],)),
    "sign": (lambda m, x: m.sign(x), ([-1.0, 0.0, 2.0],)),
    "floor, ceil, trunc": (lambda m, x: m.floor(x) + m.ceil(x) + m.trunc(x), ([-1.5, 0.0, 2.5],)),
    "a tie of maximum": (lambda m, x, y: m.maximum(x, y), ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0])),
    "a tie of minimum": (lambda m, x, y: m.minimum(x, y), ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0])),
    "maximum of a Tensor with itself": (lambda m, x: m.maximum(x, x), ([1.0, 2.0],)),
    "the edges of clip": (lambda m, x: m.clip(x, 0.0, 1.0), ([-0.1, 0.0, 0.5, 1.0, 1.1],)),
    "one-sided clip": (lambda m, x: m.clip(x, None, 1.0), ([-0.1, 1.0, 1.1],)),
    "Tensors as bounds": (lambda m, x, low, high: m.clip(x, low, high), ([-1.0, 0.5, 3.0, 3.0], [0.0] * 4, [1, 1, 1, -1])),
    "crossed bounds of clip": (lambda m, x: m.clip(x, 1.0, 0.0), ([-0.1, 0.5, 1.1],)),
    "nan in clip": (lambda m, x: m.clip(x, 0.0, 1.0), ([NAN, 0.5],)),
    "ties of the largest": (lambda m, x: m.amax(x, axis=0), ([1.0, 3.0, 3.0, 3.0],)),
    "ties of the smallest in rows": (lambda m, x: m.amin(x, axis=1), ([[1.0, 1.0], [2.0, 1.0]],)),
    "ties of the largest of all": (lambda m, x: m.amax(x) if m is np else m.max(x), ([[1.0, 3.0], [3.0, 2.0]],)),
    "nan in maximum": (lambda m, x, y: m.maximum(x, y), ([NAN, 1.0, NAN], [1.0, NAN, NAN])),
    "0**0": (lambda m, x, y: x**y, ([0.0], [0.0])),
    "0**y": (lambda m, x, y: x**y, ([0.0, 0.0, 0.0], [1.0, 2.0, 0.5])),
    "0**-1": (lambda m, x, y: x**y, ([0.0], [-1.0])),
    "x**0": (lambda m, x: x**0, ([0.0, 2.0, -1.0],)),
    "x**0.0": (lambda m, x: x**0.0, ([0.0, 2.0, NAN],)),
    "x**1 at 0": (lambda m, x: x**1, ([0.0],)),
    "x**2 at 0": (lambda m, x: x**2, ([0.0],)),
    "x**0.5 at 0": (lambda m, x: x**0.5, ([0.0],)),
    "a negative base": (lambda m, x, y: x**y, ([-2.0, -2.0], [3.0, 2.5])),
    "0.0**y": (lambda m, y: 0.0**y, ([0.0, 1.0, 2.0],)),
    "a negative constant to a power": (lambda m, y: (-2.0) ** y, ([2.0],)),
    "sqrt at 0": (lambda m, x: m.sqrt(x), ([0.0, 4.0, -1.0],)),
    "log at 0": (lambda m, x: m.log(x), ([0.0, -1.0, INF],)),
    "log1p at -1": (lambda m, x: m.log1p(x), ([-1.0],)),
    "reciprocal of 0": (lambda m, x: 1.0 / x, ([0.0, -0.0, INF],)),
    "x / 0": (lambda m, x, y: x / y, ([1.0, 0.0, -1.0], [0.0, 0.0, 0.0])),
    "arcsin at 1": (lambda m, x: m.arcsin(x), ([1.0, -1.0, 2.0],)),
    "arctan2 at the origin": (lambda m, x, y: m.arctan2(x, y), ([0.0], [0.0])),
    "hypot at the origin": (lambda m, x, y: m.hypot(x, y), ([0.0], [0.0])),
    "exp overflows": (lambda m, x: m.exp(x), ([1000.0, -1000.0],)),
    "tanh saturates": (lambda m, x: m.tanh(x), ([1000.0, -1000.0],)),
    "inf - inf": (lambda m, x, y: x - y, ([INF], [INF])),
    "0 * inf": (lambda m, x, y: x * y, ([0.0], [INF])),
    "nan goes on": (lambda m, x: m.sin(x) * 2.0 + x, ([NAN, 1.0],)),
    "where hides a nan, its gradient does not": (lambda m, x: m.where(x > 0.0, m.sqrt(x), 0.0 * x), ([-1.0, 4.0],)),
    "where passes exactly nothing": (lambda m, x: m.where(x > 0.0, m.log(x), x), ([0.0, 2.0],)),
    "prod with one 0": (lambda m, x: m.prod(x), ([2.0, 0.0, 3.0],)),
    "prod with two 0": (lambda m, x: m.prod(x), ([0.0, 0.0, 3.0],)),
    "the sum of nothing": (lambda m, x: m.sum(x), ([],)),
    "the product of nothing": (lambda m, x: m.prod(x), ([],)),
    "the mean of nothing": (lambda m, x: m.mean(x), ([],)),
    "the largest of one": (lambda m, x: m.amax(x), ([3.0],)),
    "norm by sqrt of a sum at 0": (lambda m, x: m.sqrt(m.sum(x * x)), ([0.0, 0.0],)),
}  # fmt: skip


REDUCTIONS = [name for name in AT if any(word in name for word in ("largest", "smallest", "prod", "norm", "nothing"))]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("name", "dimension"), [(name, "arrays") for name in AT] + [(name, "scalars") for name in AT if name not in REDUCTIONS]
)
def test_kinks_and_singular_points_have_pytorchs_values_and_gradients(torch, name, dimension):
    f, data = AT[name]
    points = [data]
    if dimension == "scalars":
        points = list(zip(*data, strict=True))
    for point in points:
        ours = [lab.tensor(np.asarray(a, float), requires_grad=True) for a in point]
        theirs = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in point]
        out, its = f(np, *ours), f(torch, *theirs)
        np.testing.assert_allclose(plain(out), plain(its), rtol=1e-12)
        out.backward(np.ones(out.shape))
        its.backward(torch.ones_like(its))
        for mine, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine.grad.numpy(), other.grad.numpy(), rtol=1e-12, err_msg=f"{name} at {point}")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "the example"])
def test_results_and_gradients_keep_the_dtype_that_pytorch_keeps(torch, name, dtype):
    f, arrays = PROGRAMS[name]
    ours = [lab.tensor(a, dtype=dtype, requires_grad=True) for a in arrays]
    theirs = [torch.tensor(a, dtype=getattr(torch, dtype), requires_grad=True) for a in arrays]
    out, its = f(np, *ours), f(torch, *theirs)
    assert str(out.dtype) == str(its.dtype).removeprefix("torch.") == dtype
    np.sum(out).backward()
    assert {str(leaf.grad.dtype) for leaf in ours} == {dtype}
    its.sum().backward()
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.grad.numpy(), other.grad.numpy(), rtol=1e-3 if dtype == "float32" else 1e-9, atol=1e-5)
