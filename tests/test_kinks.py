"""Where a derivative is infinite, undefined or a matter of convention, the gradient is PyTorch's, to the sign of infinity."""

import numpy as np
import pytest

import autograd_lab as lab
from tests.twins import Programs, check

INF, NAN = np.inf, np.nan

# A function of the arguments, and lists of arguments to try it at. Names are those that NumPy and torch share.
UNARY = {
    "abs": (lambda m, x: abs(x), [0.0, -0.0, 2.0, -2.0, INF, -INF]),
    "sign": (lambda m, x: m.sign(x), [0.0, 2.0, -2.0, INF]),
    "sqrt": (lambda m, x: m.sqrt(x), [0.0, 4.0, -1.0, INF, NAN]),
    "sqrt of a square": (lambda m, x: m.sqrt(x * x), [0.0, 2.0, -2.0]),
    "log": (lambda m, x: m.log(x), [0.0, -1.0, INF, NAN]),
    "log2": (lambda m, x: m.log2(x), [0.0, -1.0, INF]),
    "log10": (lambda m, x: m.log10(x), [0.0, -1.0, INF]),
    "log1p": (lambda m, x: m.log1p(x), [-1.0, -2.0, INF]),
    "x log x": (lambda m, x: x * m.log(x), [0.0, 1.0]),
    "log of exp": (lambda m, x: m.log(m.exp(x)), [1000.0, -1000.0, 1.0]),
    "reciprocal": (lambda m, x: m.reciprocal(x), [0.0, -0.0, INF, NAN]),
    "1 / x": (lambda m, x: 1.0 / x, [0.0, -0.0, INF, NAN]),
    "x / x": (lambda m, x: x / x, [0.0, INF, 2.0]),
    "exp": (lambda m, x: m.exp(x), [1000.0, -1000.0, INF, -INF, NAN]),
    "expm1": (lambda m, x: m.expm1(x), [0.0, 1000.0, -1000.0]),
    "tanh": (lambda m, x: m.tanh(x), [0.0, 1000.0, -1000.0, INF, NAN]),
    "sigmoid": (lambda m, x: 1.0 / (1.0 + m.exp(-x)), [0.0, 1000.0, -1000.0]),
    "softplus": (lambda m, x: m.logaddexp(x, m.zeros_like(x)), [0.0, 1000.0, -1000.0]),
    "arcsin": (lambda m, x: m.arcsin(x), [1.0, -1.0, 2.0]),
    "arccos": (lambda m, x: m.arccos(x), [1.0, -1.0, 2.0]),
    "arccosh": (lambda m, x: m.arccosh(x), [1.0, 0.5]),
    "arctanh": (lambda m, x: m.arctanh(x), [1.0, -1.0, 2.0]),
    "tan": (lambda m, x: m.tan(x), [0.0, INF]),
    "sin": (lambda m, x: m.sin(x), [INF, NAN]),
    "x ** 0": (lambda m, x: x**0, [0.0, 2.0, INF, NAN]),
    "x ** 0.0": (lambda m, x: x**0.0, [0.0, -2.0, NAN]),
    "x ** 1": (lambda m, x: x**1, [0.0, -2.0, INF]),
    "x ** 2": (lambda m, x: x**2, [0.0, -0.0, -2.0, INF, -INF, NAN]),
    "x ** 0.5": (lambda m, x: x**0.5, [0.0, 4.0, -1.0]),
    "x ** -1": (lambda m, x: x**-1, [0.0, -0.0, 2.0, INF]),
    "x ** 3": (lambda m, x: x**3, [-2.0, 0.0]),
    "x ** 2.5": (lambda m, x: x**2.5, [-2.0, 0.0]),
    "0 ** x": (lambda m, x: 0.0**x, [0.0, 2.0, -1.0]),
    "2 ** x": (lambda m, x: 2.0**x, [0.0, 2000.0, -2000.0]),
    "1 ** x": (lambda m, x: 1.0**x, [0.0, INF]),
    "(-2) ** x": (lambda m, x: (-2.0) ** x, [2.0, 3.0, 0.5]),
    "x ** x": (lambda m, x: x**x, [0.0, 1.0, -2.0]),
    "relu": (lambda m, x: m.maximum(x, m.zeros_like(x)), [0.0, -0.0, 2.0, -2.0, INF, -INF, NAN]),
    "relu by where": (lambda m, x: m.where(x > 0.0, x, 0.0), [0.0, 2.0, -2.0, NAN]),
    "relu by product": (lambda m, x: x * (x > 0.0), [0.0, 2.0, -2.0]),
    "leaky relu": (lambda m, x: m.where(x > 0.0, x, 0.01 * x), [0.0, 2.0, -2.0]),
    "clip": (lambda m, x: m.clip(x, -1.0, 1.0), [-1.0, 1.0, 0.0, 2.0, -2.0, INF, NAN]),
    "clip below": (lambda m, x: m.clip(x, 0.0, None), [0.0, 1.0, -1.0]),
    "clip above": (lambda m, x: m.clip(x, None, 0.0), [0.0, 1.0, -1.0]),
    "a branch of where that is nan": (lambda m, x: m.where(x > 0.0, m.sqrt(x), m.zeros_like(x)), [-1.0, 0.0, 4.0]),
    "a branch of where that is infinite": (lambda m, x: m.where(x > 0.0, m.log(x), x), [0.0, -1.0, 1.0]),
    "the safe where": (lambda m, x: m.where(x > 0.0, m.sqrt(m.where(x > 0.0, x, 1.0)), 0.0), [-1.0, 0.0, 4.0]),
    "0 times infinity": (lambda m, x: 0.0 * m.sqrt(x), [0.0, 1.0]),
    "floor": (lambda m, x: m.floor(x), [0.0, 1.0, 1.5, INF, NAN]),
    "round": (lambda m, x: m.round(x), [0.5, 1.5, INF]),
    "trunc": (lambda m, x: m.trunc(x), [-1.5, 0.0]),
    "remainder": (lambda m, x: m.remainder(x, 2.0), [0.0, 4.0, -3.0, 5.0]),
    "sinc": (lambda m, x: m.sinc(x), [0.0, 1.0, 0.5]),
    "nan_to_num": (lambda m, x: m.nan_to_num(x), [0.0, NAN, INF, -INF]),
    "deg2rad": (lambda m, x: m.deg2rad(x), [0.0, INF]),
    "heaviside": (lambda m, x: m.heaviside(x.detach(), m.ones_like(x)) * x, [0.0, 1.0, -1.0]),
}
BINARY = {
    "x ** y": (
        lambda m, x, y: x**y,
        [
            (0.0, 0.0),
            (0.0, 1.0),
            (0.0, 2.0),
            (0.0, 0.5),
            (0.0, -1.0),
            (-2.0, 3.0),
            (-2.0, 0.5),
            (2.0, 0.0),
            (1.0, INF),
            (INF, 0.0),
        ],
    ),
    "x * y": (lambda m, x, y: x * y, [(0.0, INF), (INF, 2.0), (NAN, 0.0)]),
    "x / y": (lambda m, x, y: x / y, [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (1.0, -0.0), (INF, INF), (1.0, INF)]),
    "maximum": (lambda m, x, y: m.maximum(x, y), [(1.0, 1.0), (1.0, 2.0), (NAN, 1.0), (1.0, NAN), (INF, INF)]),
    "minimum": (lambda m, x, y: m.minimum(x, y), [(1.0, 1.0), (1.0, 2.0), (NAN, 1.0), (1.0, NAN), (-INF, -INF)]),
    "fmax": (lambda m, x, y: m.fmax(x, y), [(1.0, 2.0), (2.0, 1.0), (NAN, 1.0), (1.0, NAN)]),
    "fmin": (lambda m, x, y: m.fmin(x, y), [(1.0, 2.0), (2.0, 1.0), (NAN, 1.0), (1.0, NAN)]),
    "arctan2": (lambda m, x, y: m.arctan2(x, y), [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (0.0, -1.0)]),
    "hypot": (lambda m, x, y: m.hypot(x, y), [(0.0, 0.0), (0.0, 1.0), (3.0, -4.0)]),
    "logaddexp": (lambda m, x, y: m.logaddexp(x, y), [(0.0, 0.0), (1000.0, 0.0), (-INF, 0.0)]),
    "logaddexp2": (lambda m, x, y: m.logaddexp2(x, y), [(0.0, 0.0), (2000.0, 0.0)]),
    "where": (lambda m, x, y: m.where(m.isnan(x), y, x), [(NAN, 1.0), (2.0, NAN)]),
    "remainder": (lambda m, x, y: m.remainder(x, y), [(5.0, 3.0), (-5.0, 3.0), (6.0, 3.0), (5.0, -3.0)]),
    "fmod": (lambda m, x, y: m.fmod(x, y), [(5.0, 3.0), (-5.0, 3.0), (6.0, 3.0)]),
    "copysign": (lambda m, x, y: m.copysign(x, y), [(0.0, 1.0), (2.0, -1.0), (-2.0, -1.0)]),
}
REDUCTIONS = {
    "amax": (lambda m, x: m.amax(x), [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0], [1.0, INF, INF]]),
    "amin": (lambda m, x: m.amin(x), [[1.0, 1.0, 3.0], [2.0, 2.0, 2.0]]),
    "amax of rows": (lambda m, x: m.amax(m.stack([x, x * 2.0]), 0), [[1.0, 0.0, -1.0]]),
    "prod": (lambda m, x: m.prod(x), [[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0], [1.0, INF, 2.0], [-1.0, 2.0, NAN]]),
    "cumsum": (lambda m, x: m.cumsum(x, 0), [[1.0, INF, 2.0], [NAN, 1.0, 2.0]]),
    "cumprod": (lambda m, x: m.cumprod(x, 0), [[1.0, 2.0, 3.0], [2.0, 0.0, 3.0], [0.0, 0.0, 3.0]]),
    "mean": (lambda m, x: m.mean(x), [[INF, 1.0, 2.0]]),
    "std": (lambda m, x: m.std(x, correction=0), [[1.0, 2.0, 4.0], [2.0, 2.0, 2.0], [0.0, 0.0, 0.0]]),
    "var": (lambda m, x: m.var(x, correction=0), [[1.0, 2.0, 4.0], [2.0, 2.0, 2.0]]),
    "var with correction": (lambda m, x: m.var(x, correction=1), [[1.0, 2.0, 4.0], [2.0]]),
    "norm": (lambda m, x: m.linalg.norm(x), [[3.0, 4.0], [0.0, 0.0], [0.0, 2.0]]),
    "1-norm": (lambda m, x: m.linalg.norm(x, 1), [[3.0, -4.0], [0.0, 0.0]]),
    "infinity norm": (lambda m, x: m.linalg.norm(x, INF), [[3.0, -4.0], [4.0, -4.0], [0.0, 0.0]]),
    "3-norm": (lambda m, x: m.linalg.norm(x, 3), [[3.0, -4.0], [0.0, 0.0]]),
    "root of the sum of squares": (lambda m, x: m.sqrt((x * x).sum()), [[3.0, 4.0], [0.0, 0.0]]),
    "nansum": (lambda m, x: m.nansum(x), [[1.0, NAN, 2.0]]),
    "nanmean": (lambda m, x: m.nanmean(x), [[1.0, NAN, 2.0]]),
    "softmax": (lambda m, x: m.exp(x - m.amax(x)) / m.exp(x - m.amax(x)).sum(), [[1000.0, 1000.0, 0.0], [0.0, 0.0, 0.0]]),
    "softmax, unsafe": (lambda m, x: m.exp(x) / m.exp(x).sum(), [[1000.0, 0.0, 0.0]]),
    "sorted": (lambda m, x: x[m.tensor([0, 0, 1])] * m.tensor([1.0, 2.0, 3.0]), [[2.0, 2.0, 1.0]]),
    "matmul": (lambda m, x: x @ x, [[INF, 0.0], [NAN, 1.0]]),
    "outer": (lambda m, x: m.outer(x, x), [[INF, 0.0]]),
    "empty": (lambda m, x: m.sum(x), [[]]),
    "a product of nothing": (lambda m, x: m.prod(x), [[]]),
}


def first_derivatives(f, points):
    """Values and gradients at each point, one at a time as scalars (or vectors, for a reduction)."""

    def run(m, t):
        found = []
        for point in points:
            leaves = [t(part) for part in (point if isinstance(point, tuple) else (point,))]
            out = f(m, *leaves)
            out.sum().backward()
            found.append([out, [leaf.grad for leaf in leaves]])
        return found

    return run


def first_derivatives_of_arrays(f, points):
    """The same in one array: scalars are kept as Python floats here, and must not behave otherwise."""

    def run(m, t):
        columns = [t(list(part)) for part in zip(*(p if isinstance(p, tuple) else (p,) for p in points), strict=True)]
        out = f(m, *columns)
        out.sum().backward()
        return out, [column.grad for column in columns]

    return run


def first_derivatives_in_float32(f, points):
    """The same in float32, of which only the kind of number is compared: finite values differ in their last bits."""

    def run(m, t):
        found = []
        for point in points:
            leaves = [t(part, dtype=m.float32) for part in (point if isinstance(point, tuple) else (point,))]
            out = f(m, *leaves)
            out.sum().backward()
            found.append([kind_of(out.sum().item()), [kind_of(leaf.grad.sum().item()) for leaf in leaves]])
        return found

    return run


def kind_of(number):
    return "finite" if np.isfinite(number) else str(number)


PROGRAMS = Programs()
for name, (f, points) in {**UNARY, **BINARY}.items():
    PROGRAMS.put(first_derivatives(f, points), f"{name} at scalars")
    PROGRAMS.put(first_derivatives_of_arrays(f, points), f"{name} at an array")
    PROGRAMS.put(first_derivatives_in_float32(f, points), f"{name} in float32")
for name, (f, points) in REDUCTIONS.items():
    PROGRAMS.put(first_derivatives(f, points), f"{name} of vectors")


@PROGRAMS.differs(torch=[0.0, 0.0, 0.0], lab=["nan", 0.0, "nan"])
def the_sign_of_nan_is_nan_as_in_numpy(m, t):
    x = t(NAN)
    sign, magnitude = m.sign(x), abs(x)
    sign.backward()
    of_sign = x.grad.item()
    x.grad = None
    magnitude.backward()
    return sign, of_sign, x.grad


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_the_gradient_at_a_kink_is_pytorchs(torch, program):
    check(torch, program)


@pytest.mark.parametrize("size", [8, 5000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_not_even_an_infinite_adjoint_passes_what_was_not_chosen(size, dtype):
    x = lab.tensor(np.where(np.arange(size) % 2, 1.0, -1.0), dtype=dtype, requires_grad=True)
    np.maximum(x, 0.0).backward(np.full(size, np.inf, dtype))
    np.testing.assert_array_equal(x.grad.numpy(), np.where(np.arange(size) % 2, np.inf, 0.0))
    assert x.grad.dtype == dtype
