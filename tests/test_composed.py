# ruff: noqa: E501 - one line a function, however many samples it has
"""Every composed NumPy function: NumPy's value, difference quotient, transpose, second order. None is without a sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core.accumulate import forward, reverse, topological
from autograd_lab.core.primitives.table import COMPOSED

from . import array_samples
from .array_samples import direction
from .samples import B, M, N, V, W

H = 1e-6
GAPS = np.array([[0.3, np.nan, 0.5], [0.7, 0.2, 0.8]])
UNEVEN = np.array([0.0, 0.4, 1.0, 1.3, 2.1])
LONG = np.array([0.3, 0.9, 0.2, 1.4, 0.8])

Call = tuple[tuple[Any, ...], dict[str, Any]]


def calls(first: Any, *keywords: dict[str, Any]) -> list[Call]:
    return [((first,), kw) for kw in keywords]


REDUCED: tuple[dict[str, Any], ...] = ({}, {"axis": 0}, {"axis": -1, "keepdims": True})
SPREADS = (*REDUCED, {"axis": 1, "ddof": 1}, {"axis": (0, 1), "correction": 0.5})

COMPOSED_SAMPLES: dict[Any, list[Call]] = {
    np.linspace: [((0.3, 1.7, 5), {}), ((V, W, 4), {"axis": 1}), ((V, 2.0, 3), {"endpoint": False}), ((0.3, 1.7, 4), {"retstep": True}), ((M, V, 3), {"axis": -1})],
    np.logspace: [((0.3, 1.7, 5), {}), ((V, W, 4), {"base": 2.0, "axis": 1}), ((0.3, 1.7), {"num": 3, "endpoint": False})],
    np.geomspace: [((0.3, 1.7, 5), {}), ((V, W, 4), {"axis": -1}), ((-0.3, -2.0), {"num": 3, "endpoint": False})],
    np.real: [((V,), {}), ((0.3,), {})],
    np.real_if_close: [((V,), {})],
    np.ptp: calls(M, *REDUCED),
    np.cumulative_sum: [((V,), {}), ((M,), {"axis": 1, "include_initial": True})],
    np.cumulative_prod: [((V,), {}), ((M,), {"axis": 0, "include_initial": True})],
    np.diff: [((V,), {}), ((M,), {"n": 2}), ((M,), {"axis": 0}), ((M, 0), {}), ((M,), {"prepend": 0.5}), ((M,), {"prepend": M[:, :1], "append": N.T}), ((V,), {"append": 1.0, "n": 2})],
    np.ediff1d: [((M,), {}), ((V, 0.5, W), {}), ((V,), {"to_begin": W})],
    np.trapezoid: [((V,), {}), ((M,), {"dx": 0.3}), ((M,), {"axis": 0}), ((M, V), {}), ((M, M.copy()), {}), ((V, W), {"axis": 0})],
    np.gradient: [((LONG,), {}), ((LONG, 0.5), {}), ((LONG,), {"edge_order": 2}), ((LONG, UNEVEN), {}), ((LONG, UNEVEN), {"edge_order": 2}), ((M, 0.3), {"axis": 1}), ((B, UNEVEN[:3]), {"axis": -1}), ((N, UNEVEN[:3]), {"axis": 0, "edge_order": 2})],
    np.average: [((M,), {}), ((M,), {"axis": 0}), ((M,), {"axis": 1, "weights": V}), ((M, None, M * 2), {}), ((M,), {"axis": 0, "weights": W[:2], "keepdims": True}), ((B,), {"axis": (0, 2), "weights": M})],
    np.cov: [((M,), {}), ((V,), {}), ((V, W), {}), ((M,), {"rowvar": False}), ((M, M[:1]), {"bias": True}), ((M,), {"ddof": 0}), ((M,), {"fweights": [1, 2, 3]}), ((M,), {"aweights": V}), ((M,), {"fweights": [1, 2, 1], "aweights": V})],
    np.corrcoef: [((N.T,), {}), ((V, np.array([0.2, 0.9, 0.4])), {}), ((N,), {"rowvar": False})],
    np.percentile: [((M, 30), {}), ((M, [10.0, 75.0]), {"axis": 1}), ((V, 40.0), {"method": "hazen", "keepdims": True})],
    np.nanpercentile: [((GAPS, 30), {"axis": 1}), ((GAPS, [10.0, 75.0]), {})],
    np.nansum: calls(GAPS, *REDUCED, {"axis": 1, "dtype": float}),
    np.nanprod: calls(GAPS, *REDUCED),
    np.nanmean: calls(GAPS, *REDUCED),
    np.nanmax: calls(GAPS, *REDUCED),
    np.nanmin: calls(GAPS, *REDUCED),
    np.nanvar: calls(np.vstack([GAPS, M]), *SPREADS),
    np.nanstd: calls(np.vstack([GAPS, M]), *SPREADS),
    np.nancumsum: [((GAPS,), {}), ((GAPS,), {"axis": 0})],
    np.nancumprod: [((GAPS,), {}), ((GAPS,), {"axis": 1})],
    np.take: [((M, [0, 5, 0]), {}), ((M, []), {"axis": 1}), ((M, [[0, 1], [1, 1]]), {"axis": 1}), ((M, -1), {"axis": 0}), ((V, [4, -1]), {"mode": "wrap"}), ((V, [4, -1]), {"mode": "clip"})],
    np.take_along_axis: [((M, np.array([[0, 2], [1, 1]])), {"axis": 1}), ((M, np.array([[0, 1, 1]])), {"axis": 0}), ((M, np.array([5, 0])), {"axis": None}), ((M, np.array([[1]])), {"axis": 1})],
    np.compress: [(([True, False, True], V), {}), (([False, True], M), {"axis": 1}), (([0, 1], M), {"axis": 0})],
    np.extract: [((M > 0.4, M), {}), (([1, 0, 1], V), {})],
    np.unique: [((np.array([0.7, 0.2, 0.5]),), {})],
    np.select: [(([V > 0.7, V > 0.4], [V, W]), {}), (([M > 0.7, M > 0.4], [M, V], 0.25), {})],
    np.choose: [((np.array([0, 2, 1]), [V, W, 0.5]), {}), ((np.array([0, 5, -1]), [V, W]), {"mode": "clip"}), ((np.array([[0], [3]]), [V, W]), {"mode": "wrap"})],
}  # fmt: skip


COMPOSED_SAMPLES |= array_samples.COMPOSED_SAMPLES  # of shapes, joining and linear algebra


def paths(value: Any, *, at: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Where in nested lists and tuples of arguments the floating arrays and numbers are."""
    if isinstance(value, (tuple, list)):
        return [path for i, part in enumerate(value) for path in paths(part, at=(*at, i))]
    return [at] if isinstance(value, (float, np.ndarray)) and np.asarray(value).dtype.kind == "f" else []


def replaced(value: Any, path: tuple[int, ...], new: Any) -> Any:
    if not path:
        return new
    return type(value)(replaced(part, path[1:], new) if i == path[0] else part for i, part in enumerate(value))


def found(value: Any, path: tuple[int, ...]) -> Any:
    return found(value[path[0]], path[1:]) if path else value


FIRST_ONLY = {np.percentile, np.nanpercentile}  # the percentage is a plain number
CHOICES_ONLY = {np.select}  # NumPy does not look for Tensors in `default`
CASES = [
    pytest.param(function, call, path, id=f"{function.__name__}-{number}-{'.'.join(map(str, path))}")
    for function, samples in COMPOSED_SAMPLES.items()
    for number, call in enumerate(samples)
    for path in paths(call[0])
    if not (function in FIRST_ONLY and path != (0,)) and not (function in CHOICES_ONLY and path[0] != 1)
]


def noise(shape: tuple[int, ...], seed: int) -> Any:
    return np.random.default_rng(seed).normal(size=shape)


def joined(result: Any) -> Any:
    """Several results (of split, unstack, ...) as one vector."""
    if isinstance(result, (tuple, list)):
        return np.concatenate([np.reshape(joined(part), -1) for part in result])
    return result


def run(function: Any, call: Call, path: tuple[int, ...], at: Any = None) -> tuple[Any, Any]:
    """The function with one argument as a leaf: the leaf and the result."""
    args, kwargs = call
    leaf = lab.tensor(found(args, path) if at is None else at, requires_grad=True)
    return leaf, joined(function(*replaced(args, path, leaf), **kwargs))


def test_every_composed_function_has_a_sample() -> None:
    missing = [function.__name__ for function in COMPOSED if function not in COMPOSED_SAMPLES]
    assert not missing


@pytest.mark.parametrize(("function", "call", "path"), CASES)
def test_the_value_is_that_of_numpy(function: Any, call: Call, path: tuple[int, ...]) -> None:
    args, kwargs = call
    _, out = run(function, call, path)
    expected = np.asarray(joined(function(*args, **kwargs)))
    assert out.shape == expected.shape
    assert out.dtype == expected.dtype
    np.testing.assert_allclose(np.asarray(out.detach()), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("function", "call", "path"), CASES)
def test_push_is_the_difference_quotient_and_pull_its_transpose(function: Any, call: Call, path: tuple[int, ...]) -> None:
    args, kwargs = call
    leaf, out = run(function, call, path)
    x = np.asarray(found(args, path), dtype=float)
    tangent, adjoint = direction(function.__name__, x.shape, 1), noise(out.shape, 2)
    plus, minus = (np.asarray(joined(function(*replaced(args, path, x + sign * H * tangent), **kwargs))) for sign in (1, -1))
    pushed = np.asarray(forward(topological([out._node]), {leaf._node: tangent})[out._node])
    np.testing.assert_allclose(pushed, (plus - minus) / (2 * H), rtol=1e-5, atol=1e-7)
    pulled = reverse([(out._node, adjoint)])[leaf._node]
    np.testing.assert_allclose(np.sum(adjoint * pushed), np.sum(pulled * tangent), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("function", "call", "path"), CASES)
def test_the_gradient_can_be_differentiated_again(function: Any, call: Call, path: tuple[int, ...]) -> None:
    def gradient(at: Any) -> tuple[Any, Any]:
        leaf, out = run(function, call, path, at)
        out.backward(noise(out.shape, 2), create_graph=True)
        return leaf, leaf.grad

    x = np.asarray(found(call[0], path), dtype=float)
    weights, along = noise(x.shape, 3), direction(function.__name__, x.shape, 4)
    leaf, grad = gradient(x)
    plus, minus = (np.asarray(gradient(x + sign * H * along)[1].detach()) for sign in (1, -1))
    quotient = np.sum(weights * (plus - minus)) / (2 * H)
    leaf.grad = None
    if grad.requires_grad:
        grad.backward(weights)
    second = 0.0 if leaf.grad is None else np.sum(leaf.grad.numpy() * along)
    np.testing.assert_allclose(second, quotient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("function", "call", "path"), CASES)
def test_float32_stays_float32(function: Any, call: Call, path: tuple[int, ...]) -> None:
    def narrow(value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return type(value)(narrow(part) for part in value)
        return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value

    args, kwargs = narrow(call[0]), {key: narrow(value) for key, value in call[1].items()}
    if not isinstance(found(args, path), np.ndarray) or kwargs.get("dtype") is float:
        args, kwargs = call  # a number is of no dtype of its own
    leaf, out = run(function, (args, kwargs), path)
    assert out.dtype == np.asarray(joined(function(*args, **kwargs))).dtype
    out.backward(np.ones(out.shape))
    assert leaf.grad.dtype == leaf.dtype


# -- what a walk does not reach ---------------------------------------------------------------------------------------------


def test_gradient_along_several_axes_gives_one_result_for_each() -> None:
    x = lab.tensor(N, requires_grad=True)
    results = np.gradient(x, 0.5, UNEVEN[:2])
    for ours, theirs in zip(results, np.gradient(N, 0.5, UNEVEN[:2]), strict=True):
        np.testing.assert_allclose(np.asarray(ours.detach()), theirs)
    sum(np.sum(r * r) for r in results).backward()
    assert x.grad.shape == N.shape


def test_an_average_gives_its_weights_back_on_request() -> None:
    x, w = lab.tensor(M, requires_grad=True), lab.tensor(V, requires_grad=True)
    mean, total = np.average(x, axis=1, weights=w, returned=True)
    expected = np.average(M, axis=1, weights=V, returned=True)
    np.testing.assert_allclose(mean.detach().numpy(), expected[0])
    np.testing.assert_allclose(total.detach().numpy(), expected[1])
    with pytest.raises(ZeroDivisionError):
        np.average(x, axis=1, weights=[1.0, -1.0, 0.0])
    np.testing.assert_array_equal(np.average(x, returned=True)[1], 6.0)


def test_unique_gives_the_gradient_to_the_first_of_each() -> None:
    x = lab.tensor([3.0, 1.0, 3.0, 2.0], requires_grad=True)
    values, index, inverse, counts = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    np.testing.assert_array_equal(values.detach().numpy(), [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(index, [1, 3, 0])
    np.testing.assert_array_equal(inverse, [2, 0, 2, 1])
    np.testing.assert_array_equal(counts, [1, 1, 2])
    values.backward([10.0, 20.0, 30.0])
    np.testing.assert_array_equal(x.grad.numpy(), [30.0, 10.0, 0.0, 20.0])


NOTHING_THERE = {
    "nanmean": ("Mean of empty slice", np.nanmean), "nanmax": ("All-NaN", np.nanmax), "nanmin": ("All-NaN", np.nanmin),
    "nanvar": ("Degrees of freedom", np.nanvar), "nanstd": ("Degrees of freedom", np.nanstd),
}  # fmt: skip


@pytest.mark.parametrize("name", NOTHING_THERE)
def test_where_all_is_nan_the_result_is_nan_with_numpys_warning(name: str) -> None:
    words, function = NOTHING_THERE[name]
    data = np.array([[np.nan, np.nan], [1.0, 2.0]])
    x = lab.tensor(data, requires_grad=True)
    with pytest.warns(RuntimeWarning, match=words):
        out = function(x, axis=1)
    with pytest.warns(RuntimeWarning, match=words):
        np.testing.assert_array_equal(out.detach().numpy(), function(data, axis=1))
    out.backward([1.0, 1.0])
    assert np.all(np.isfinite(x.grad.numpy()[1]))


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda x: np.select([], []), ValueError, "empty"),
        (lambda x: np.select([x > 0], [x, x]), ValueError, "same length"),
        (lambda x: np.select([x], [x]), TypeError, "bools"),
        (lambda x: np.choose(np.array([0, 2, 1]), [x, x]), ValueError, "invalid entry"),
        (lambda x: np.take(x, 7), IndexError, "out of bounds"),
        (lambda x: np.take(x, 1, mode="odd"), ValueError, "clipmode"),
        (lambda x: np.take_along_axis(x, np.array([[0]]), 0), ValueError, "same number of dimensions"),
        (lambda x: np.gradient(x, 1.0, 2.0), TypeError, "spacing"),
        (lambda x: np.gradient(x, [1.0, 2.0]), ValueError, "3 coordinates"),
        (lambda x: np.gradient(x, edge_order=3), ValueError, "edge_order"),
        (lambda x: np.gradient(x[:1]), ValueError, "2 elements"),
        (lambda x: np.cumulative_sum(np.reshape(x, (1, 3))), ValueError, "axis"),
        (lambda x: np.average(x, weights=[1.0]), TypeError, "Axis must be specified"),
        (lambda x: np.average(x, axis=0, weights=[1.0]), ValueError, "consistent"),
        (lambda x: np.nanvar(x, ddof=1, correction=1), ValueError, "simultaneously"),
        (lambda x: np.var(x, ddof=1, correction=1), ValueError, "simultaneously"),
    ],
)
def test_misuse_is_refused_as_numpy_does(call: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        call(lab.tensor(V, requires_grad=True))
