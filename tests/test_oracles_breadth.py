# ruff: noqa: E501 - one line a function
"""NumPy's breadth against PyTorch, where it has the function, at smooth points, kinks, nan and inf; else against mpmath and JAX.

A case is a function here, one there, and points. Where the two differ on purpose, INTENDED says how and why.
"""

import mpmath
import numpy as np
import pytest

import autograd_lab as lab

INF, NAN = np.inf, np.nan
V = [0.3, -0.7, 1.2]
W = [1.4, 0.2, -0.6]
M = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [0.1, 0.9, -0.2]]
GAPS = [[0.5, NAN, 2.0], [1.5, 0.25, NAN]]
TIES = [[1.0, 3.0, 3.0, 2.0], [2.0, 2.0, 2.0, 2.0]]

CASES = {
    "float_power": (np.float_power, "float_power", [([0.3, 2.0], [1.5, 3.0]), ([0.3, 2.0, 0.0, 0.0, -2.0], [1.5, 3.0, 0.0, 2.0, 2.0])]),
    "logaddexp": (np.logaddexp, "logaddexp", [(V, W), ([-INF, INF, INF, 0.0, -INF, 0.0, INF, NAN], [-INF, INF, 0.0, INF, 0.0, -800.0, -INF, 1.0])]),
    "logaddexp2": (np.logaddexp2, "logaddexp2", [(V, W), ([-INF, INF, INF, 0.0, -INF, 0.0, INF, NAN], [-INF, INF, 0.0, INF, 0.0, -1100.0, -INF, 1.0])]),
    "fmax": (np.fmax, "fmax", [(V, W), ([1.0, 2.0, NAN, NAN, 1.0, INF, 0.0], [1.0, 3.0, NAN, 1.0, NAN, INF, -0.0])]),
    "fmin": (np.fmin, "fmin", [(V, W), ([1.0, 2.0, NAN, NAN, 1.0, INF, 0.0], [1.0, 3.0, NAN, 1.0, NAN, INF, -0.0])]),
    "remainder": (np.remainder, "remainder", [([5.0, -5.0], [3.0, -2.0]), ([5.0, -5.0, 5.5, 1.0, INF, 1.0, 0.0], [3.0, 3.0, -2.0, 0.1, 2.0, 0.0, 2.0])]),
    "mod": (lambda x, y: x - np.mod(x, y), lambda t: lambda x, y: x - x % y, [([5.0, -5.0], [3.0, -3.0])]),
    "fmod": (np.fmod, "fmod", [([5.0, -5.0], [3.0, -2.0]), ([5.0, -5.0, 5.5, 1.0, INF, 1.0, 0.0], [3.0, 3.0, -2.0, 0.1, 2.0, 0.0, 2.0])]),
    "floor_divide": (np.floor_divide, lambda t: lambda x, y: t.div(x, y, rounding_mode="floor"), [([5.0, -5.0, 1.0], [3.0, 3.0, 0.5])]),
    "copysign": (np.copysign, "copysign", [([5.0, -5.0], [-3.0, 2.0]), ([5.0, -5.0, 0.0, -0.0, NAN, 3.0], [-3.0, 3.0, -1.0, 1.0, 1.0, -0.0])]),
    "deg2rad": (np.deg2rad, "deg2rad", [(V,)]),
    "rad2deg": (np.degrees, "rad2deg", [(V,)]),
    "sinc": (np.sinc, "sinc", [([0.3, -1.2],), ([0.0, 0.5, 1.0, -2.3],)]),
    "nan_to_num": (np.nan_to_num, "nan_to_num", [([0.0, NAN, INF, -INF, 2.0],)]),
    "round": (np.round, "round", [([0.5, 1.5, -0.3, INF, NAN],)]),
    "fix": (np.fix, "fix", [([0.5, 1.5, -0.3],)]),
    "conj": (np.conj, "conj_physical", [(V,)]),
    "divide": (np.divide, "divide", [(V, W), ([1.0, 0.0, 3.0, 1.0, INF], [0.0, 0.0, -2.0, INF, 2.0])]),
    "var": (lambda x: np.var(x, axis=0, ddof=1), lambda t: lambda x: t.var(x, 0, correction=1), [(M,), ([[2.0]],), ([[2.0, NAN], [1.0, 2.0]],)]),
    "var of all": (np.var, lambda t: lambda x: t.var(x, correction=0), [(M,), ([2.0],), ([2.0, 2.0],), ([1.0, INF],)]),
    "std": (lambda x: np.std(x, axis=1, correction=1), lambda t: lambda x: t.std(x, 1, correction=1), [(M,), ([[2.0, 2.0, 2.0], [1.0, 2.0, NAN]],), ([[1.0]],)]),
    "std of all": (np.std, lambda t: lambda x: t.std(x, correction=0), [(M,), ([2.0, 2.0, 2.0],), ([2.0],)]),
    "cumsum": (lambda x: np.cumsum(x, axis=1), lambda t: lambda x: t.cumsum(x, 1), [(M,), (GAPS,)]),
    "cumprod": (lambda x: np.cumprod(x, axis=0), lambda t: lambda x: t.cumprod(x, 0), [(M,), ([0.0, 2.0, 0.0, 3.0],), ([2.0, 0.0, 3.0, 4.0],), ([0.0],)]),
    "diff": (lambda x: np.diff(x, n=2), lambda t: lambda x: t.diff(x, n=2), [(M,)]),
    "gradient": (lambda x: np.gradient(x, 0.5), lambda t: lambda x: t.gradient(x, spacing=0.5)[0], [(V,)]),
    "trapezoid": (np.trapezoid, lambda t: t.trapezoid, [(M, M[0])]),
    "nansum": (lambda x: np.nansum(x, axis=1), lambda t: lambda x: t.nansum(x, 1), [(GAPS,), ([[NAN, 2.0, INF]],)]),
    "nanmean": (lambda x: np.nanmean(x, axis=1), lambda t: lambda x: t.nanmean(x, 1), [(GAPS,), ([[NAN, 2.0, INF]],)]),
    "median of odd sizes": (np.median, "median", [(V,), ([1.0, 2.0, 2.0, 2.0, 3.0],), ([1.0, NAN, 2.0],)]),
    "nanmedian of odd sizes": (np.nanmedian, "nanmedian", [([1.0, NAN, 2.0, 3.0],)]),
    "quantile": (lambda x: np.quantile(x, 0.3, axis=1), lambda t: lambda x: t.quantile(x, 0.3, 1), [(M,), (TIES,), (GAPS,)]),
    "quantiles": (lambda x: np.quantile(x, [0.1, 0.5, 1.0]), lambda t: lambda x: t.quantile(x, t.tensor([0.1, 0.5, 1.0], dtype=x.dtype)), [(V,)]),
    "nanquantile": (lambda x: np.nanquantile(x, 0.3, axis=1), lambda t: lambda x: t.nanquantile(x, 0.3, 1), [(M,), (GAPS,)]),
    "cov": (np.cov, "cov", [(M,)]),
    "cov without correction": (lambda x: np.cov(x, bias=True), lambda t: lambda x: t.cov(x, correction=0), [(M,)]),
    "corrcoef": (np.corrcoef, "corrcoef", [(M,)]),
    "ptp": (lambda x: np.ptp(x, axis=1), lambda t: lambda x: t.amax(x, 1) - t.amin(x, 1), [(M,), (TIES,)]),
    "sort": (lambda x: np.sort(x, axis=0), lambda t: lambda x: t.sort(x, dim=0, stable=True)[0], [(M,), (TIES,), ([2.0, 2.0, NAN, 1.0, INF, -INF],)]),
    "take": (lambda x: np.take(x, [0, 4, 0]), lambda t: lambda x: t.take(x, t.tensor([0, 4, 0])), [(M,)]),
    "gather": (lambda x: np.take_along_axis(x, np.array([[0, 2], [1, 1]]), 1), lambda t: lambda x: t.gather(x, 1, t.tensor([[0, 2], [1, 1]])), [(M[:2],)]),
    "compress": (lambda x: np.compress([True, False, True], x, axis=1), lambda t: lambda x: t.index_select(x, 1, t.tensor([0, 2])), [(M,)]),
    "select": (lambda x, y: np.select([x > 0.4, y > 0.0], [x * y, y], 7.0), lambda t: lambda x, y: t.where(x > 0.4, x * y, t.where(y > 0.0, y, 7.0)), [(V, W)]),
    "logsumexp": (lambda x: np.max(x) + np.log(np.sum(np.exp(x - np.max(x)))), lambda t: lambda x: t.logsumexp(x, 0), [(V,), ([1000.0, 1001.0],)]),
    "logsumexp by logaddexp": (lambda x: np.logaddexp(np.logaddexp(x[0], x[1]), x[2]), lambda t: lambda x: t.logsumexp(x, 0), [(V,), ([1000.0, -1000.0, 999.0],)]),
}  # fmt: skip

INTENDED = {
    "copysign at inf": (np.copysign, "copysign", ([INF], [-1.0]), ([-1.0], [0.0])),  # torch: nan, from inf/inf
    "sinc beside 0": (np.sinc, "sinc", ([1e-8],), ([-np.pi**2 / 3 * 1e-8],)),  # torch: a third of the digits lost, -2.1e-8
    "nanmean of nothing": (np.nanmean, "nanmean", ([NAN, NAN],), ([0.0, 0.0],)),  # torch: nan, from inf * 0
    "cumprod after nan": (np.cumprod, lambda t: lambda x: t.cumprod(x, 0), ([2.0, NAN, 3.0],), ([NAN, NAN, NAN],)),
    "median of an even size": (np.median, "median", ([1.0, 2.0, 3.0, 4.0],), ([0.0, 0.5, 0.5, 0.0],)),  # torch: the lower one
    "median in rows": (lambda x: np.median(x, axis=1), lambda t: lambda x: t.median(x, 1)[0], ([[1.0, 1.0, 1.0]],), ([[1 / 3] * 3],)),  # torch: one of the equal ones
    "x / y where y * y underflows": (np.divide, "divide", ([1e-200], [1e-200]), ([1e200], [-INF])),  # torch divides twice: -1e200
}  # fmt: skip


def there(torch, wanted):
    return getattr(torch, wanted) if isinstance(wanted, str) else wanted(torch)


def ours(f, point, weights=None):
    leaves = [lab.tensor(np.array(a, float), requires_grad=True) for a in point]
    out = f(*leaves)
    weights = np.linspace(0.5, 1.5, out.size).reshape(out.shape) if weights is None else np.full(out.shape, weights)
    out.backward(weights, create_graph=True)
    return out, leaves, [leaf.grad for leaf in leaves], weights


def dense(values):
    return [np.asarray(0.0 if v is None else v.detach()) for v in values]


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
@pytest.mark.parametrize(("name", "point"), [(name, point) for name, case in CASES.items() for point in case[2]])
def test_values_and_gradients_are_those_of_pytorch(torch, name, point):
    f, wanted, _ = CASES[name]
    out, _, grads, weights = ours(f, point)
    its = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in point]
    result = there(torch, wanted)(*its)
    np.testing.assert_allclose(np.asarray(out.detach()), result.detach(), rtol=1e-12, atol=1e-15)
    theirs = (
        torch.autograd.grad(result, its, torch.tensor(weights), allow_unused=True)
        if result.requires_grad
        else [None] * len(its)
    )
    for mine, other in zip(dense(grads), dense(theirs), strict=True):
        np.testing.assert_allclose(mine, other + np.zeros(mine.shape), rtol=1e-10, atol=1e-13, err_msg=f"{name} at {point}")


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
@pytest.mark.parametrize("name", CASES)
def test_second_derivatives_are_those_of_pytorch(torch, name):
    f, wanted, (point, *_) = CASES[name]
    _, leaves, first, weights = ours(f, point)
    for leaf in leaves:
        leaf.grad = None
    total = sum(np.sum(g * g) for g in first)
    second = [None] * len(leaves)
    if total.requires_grad:
        total.backward()
        second = [leaf.grad for leaf in leaves]
    its = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in point]
    result = there(torch, wanted)(*its)
    theirs = torch.autograd.grad(result, its, torch.tensor(weights), create_graph=True, allow_unused=True)
    summed = sum((g * g).sum() for g in theirs if g is not None)
    twice = torch.autograd.grad(summed, its, allow_unused=True) if summed.requires_grad else [None] * len(its)
    for mine, other in zip(dense(second), dense(twice), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-11)


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
@pytest.mark.parametrize("name", INTENDED)
def test_a_difference_to_pytorch_is_as_intended(torch, name):
    f, wanted, point, expected = INTENDED[name]
    _, _, grads, _ = ours(f, point, weights=1.0)
    for mine, value in zip(dense(grads), expected, strict=True):
        np.testing.assert_allclose(mine, value, rtol=1e-12)
    its = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in point]
    result = there(torch, wanted)(*its)
    theirs = torch.autograd.grad(result, its, torch.ones_like(result))
    assert any(not np.allclose(a, b, rtol=1e-6, atol=0.0) for a, b in zip(dense(theirs), expected, strict=True)), (
        "no longer one"
    )


# -- what PyTorch lacks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("x", [0.0, 1e-9, 1e-3, 0.09, 0.4, 0.99, 1.01, 2.5, -7.3])
def test_sinc_has_all_digits_of_its_derivatives(order, x):
    leaf = lab.tensor(x, requires_grad=True)
    derivative = np.sinc(leaf)
    for _ in range(order):
        leaf.grad = None
        derivative.backward(create_graph=True)
        derivative = leaf.grad
    with mpmath.workdps(60):
        value = mpmath.mpf(x)
        wanted = float(mpmath.diff(lambda z: mpmath.sincpi(z), value, order))
    np.testing.assert_allclose(derivative.item(), wanted, rtol=1e-11, atol=1e-13)


JAX_CASES = {
    "ediff1d": (lambda m, x: m.ediff1d(x), (M,)),
    "average": (lambda m, x, w: m.average(x, axis=1, weights=w), (M, W)),
    "percentile": (lambda m, x: m.percentile(x, 30.0, axis=0), (M,)),
    "quantile, midpoint": (lambda m, x: m.quantile(x, 0.3, method="midpoint"), (V,)),
    "nanvar": (lambda m, x: m.nanvar(x, axis=1), (GAPS,)),
    "nanstd": (lambda m, x: m.nanstd(x, axis=0, ddof=0), (M,)),
    "nanprod": (lambda m, x: m.nanprod(x, axis=1), (GAPS,)),
    "nanmax": (lambda m, x: m.nanmax(x, axis=1), (GAPS,)),
    "nancumsum": (lambda m, x: m.nancumsum(x, axis=1), (GAPS,)),
    "unwrap": (lambda m, x: m.unwrap(x), ([0.1, 2.0, 5.5, 0.2],)),
    "ldexp": (lambda m, x: m.ldexp(x, 3), (V,)),
    "choose": (lambda m, x, y: m.choose(np.array([0, 1, 1]), [x, y]), (V, W)),
    "take with a wrap": (lambda m, x: m.take(x, np.array([[2, 4], [-1, 0]]), mode="wrap"), (V,)),
    "gradient along an axis": (lambda m, x: m.gradient(x, 0.3, axis=0), (M,)),
    "cov of two": (lambda m, x, y: m.cov(x, y), (V, W)),
}  # fmt: skip


@pytest.mark.parametrize("name", JAX_CASES)
def test_values_and_gradients_are_those_of_jax(jax, name):
    f, point = JAX_CASES[name]
    point = [np.array(a, float) for a in point]
    out, _, grads, weights = ours(lambda *args: f(np, *args), point)
    result, pull = jax.vjp(lambda *args: f(jax.numpy, *args), *point)
    np.testing.assert_allclose(np.asarray(out.detach()), result, rtol=1e-12)
    for mine, other in zip(dense(grads), pull(jax.numpy.asarray(weights)), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-10, atol=1e-13)


def test_heaviside_has_a_derivative_in_its_second_operand_at_the_step_only():
    out, _, grads, _ = ours(np.heaviside, ([-1.0, 0.0, 2.0, 0.0], 0.5), weights=1.0)
    np.testing.assert_array_equal(out.detach().numpy(), [0.0, 0.5, 1.0, 0.5])
    np.testing.assert_array_equal(grads[0].detach().numpy(), [0.0, 0.0, 0.0, 0.0])
    assert grads[1].item() == 2.0
