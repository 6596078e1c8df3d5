"""A Tensor's methods are ndarray's: the same names, arguments and values, and the gradient of the NumPy function."""

import numpy as np
import pytest

import autograd_lab as lab

M = np.array([[0.3, 0.9, 0.5], [0.7, 0.2, 0.8]])

DIFFERENTIABLE = {
    "sum": lambda x: x.sum(0, keepdims=True),
    "sum in float32": lambda x: x.sum(1, np.float32),
    "mean": lambda x: x.mean(axis=1),
    "mean in float32": lambda x: x.mean(dtype=np.float32),
    "prod": lambda x: x.prod(axis=0, dtype=np.float32),
    "max": lambda x: x.max(axis=1, keepdims=True),
    "min": lambda x: x.min(),
    "var": lambda x: x.var(0, ddof=1),
    "std": lambda x: x.std(ddof=1),
    "std in float32": lambda x: x.std(1, np.float32),
    "cumsum": lambda x: x.cumsum(),
    "cumsum along an axis": lambda x: x.cumsum(1, np.float32),
    "cumprod": lambda x: x.cumprod(axis=0),
    "take": lambda x: x.take([[0, 1], [5, 5]]),
    "take along an axis": lambda x: x.take([0, 4], axis=1, mode="clip"),
    "compress": lambda x: x.compress([True, False, True], axis=1),
    "round": lambda x: x.round(1),
    "conj": lambda x: x.conj(),
    "conjugate": lambda x: x.conjugate(),
    "real": lambda x: x.real,
    "clip": lambda x: x.clip(0.3, 0.8),
    "reshape": lambda x: x.reshape(3, 2),
    "ravel": lambda x: x.ravel(),
    "transpose": lambda x: x.transpose(),
    "swapaxes": lambda x: x.swapaxes(0, 1),
    "squeeze": lambda x: x[:1].squeeze(0),
}

ANSWERS = {
    "all": lambda x: x.all(),
    "all along an axis": lambda x: (x > 0.3).all(axis=1, keepdims=True),
    "any": lambda x: (x > 0.85).any(axis=0),
    "argmax": lambda x: x.argmax(),
    "argmax along an axis": lambda x: x.argmax(1, keepdims=True),
    "argmin": lambda x: x.argmin(axis=0),
    "argsort": lambda x: x.argsort(),
    "argsort along an axis": lambda x: x.argsort(axis=0, stable=True),
    "argpartition": lambda x: x.argpartition(1),
    "nonzero": lambda x: (x > 0.6).nonzero(),
    "searchsorted": lambda x: x[1][:0].searchsorted([0.5]),
    "imag": lambda x: x.imag,
}


def leaf():
    return lab.tensor(M, requires_grad=True)


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_a_method_gives_what_ndarrays_gives_and_stays_in_the_graph(name):
    method = DIFFERENTIABLE[name]
    x = leaf()
    out, expected = method(x), method(M)
    assert isinstance(out, lab.Tensor)
    assert out.requires_grad
    assert out.dtype == expected.dtype
    np.testing.assert_allclose(out.detach().numpy(), expected, rtol=1e-6)
    out.backward(np.ones(out.shape))
    assert x.grad.shape == M.shape
    assert x.grad.dtype == np.float64


@pytest.mark.parametrize("name", ANSWERS)
def test_a_question_is_answered_by_plain_values(name):
    answer = ANSWERS[name]
    found, expected = answer(leaf()), answer(M)
    assert type(found) is type(expected)
    np.testing.assert_array_equal(found, expected)


def test_a_tensor_of_integers_chooses_among_tensors():
    x = leaf()
    chosen = lab.tensor([0, 1, 0]).choose([x[0], x[1]])
    np.testing.assert_array_equal(chosen.detach().numpy(), [0.3, 0.2, 0.5])
    chosen.backward([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(x.grad.numpy(), [[1.0, 0.0, 3.0], [0.0, 2.0, 0.0]])


@pytest.mark.parametrize("call", [lambda x: x.sort(), lambda x: x.sort(axis=0), lambda x: x.partition(1)])
def test_sort_and_partition_name_the_functions_to_use(call):
    x = leaf()
    with pytest.raises(TypeError, match=r"np\.(sort|partition)"):
        call(x)
    np.testing.assert_array_equal(x.detach().numpy(), M)


@pytest.mark.parametrize(
    "call",
    [lambda x: np.array([x, 1.0]), lambda x: np.array([x, x]), lambda x: np.asarray([[x], [2.0]])],
)
@pytest.mark.parametrize("value", [2.0, [2.0]], ids=["numbers", "arrays"])
def test_an_array_of_tensors_is_an_error_that_names_stack(call, value):
    x = lab.tensor(value, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"np\.stack"):
        call(x if np.ndim(value) == 0 else x[:1])


# -- NumPy's order of arguments, and its defaults ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.sum(x, 0, None, None, True),
        lambda x: np.var(x, 1, None, None, 1, True),
        lambda x: np.median(x, 0, None, False, True),
        lambda x: np.quantile(x, 0.3, 1, None, False, "hazen", True),
        lambda x: np.cumsum(x, 1, np.float32),
        lambda x: np.nan_to_num(x, True, 1.0),
        lambda x: np.round(x, 1, None),
        lambda x: np.nanvar(x, 0, None, None, 1),
        lambda x: np.average(x, 1, [1.0, 2.0, 3.0], False),
        lambda x: np.diff(x, 1, 0),
        lambda x: np.clip(x, 0.3, 0.8, None),
        lambda x: np.clip(x, min=0.3),
        lambda x: np.clip(x, max=0.6),
        lambda x: np.take(x, [0, 3], None, None, "wrap"),
        lambda x: np.sort(x, 0, "stable"),
    ],
)
def test_arguments_by_position_mean_what_they_mean_to_numpy(call):
    out, expected = call(leaf()), call(M)
    assert out.dtype == expected.dtype
    np.testing.assert_allclose(out.detach().numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize(
    "question",
    [
        lambda x, y: np.isclose(x, y, equal_nan=True),
        lambda x, y: np.allclose(x, y, equal_nan=True),
        lambda x, y: np.array_equal(x, y, equal_nan=True),
        lambda x, y: np.array_equiv(x, y),
        lambda x, y: np.isin(x, y),
        lambda x, y: np.digitize(x, [0.5, 1.5]),
        lambda x, y: np.argpartition(x, 1),
        lambda x, y: np.lexsort((x, y)),
        lambda x, y: np.nanargmax(x),
        lambda x, y: np.nanargmin(x),
        lambda x, y: np.isposinf(x),
        lambda x, y: np.isneginf(x),
        lambda x, y: np.isreal(x),
        lambda x, y: np.iscomplex(x),
        lambda x, y: np.angle(x),
        lambda x, y: np.imag(x),
        lambda x, y: np.common_type(x, y),
    ],
)
def test_functions_without_derivative_answer_from_the_values(question):
    a, b = np.array([1.0, np.nan, -np.inf]), np.array([1.0, np.nan, 2.0])
    found = question(lab.tensor(a, requires_grad=True), lab.tensor(b))
    expected = question(a, b)
    assert type(found) is type(expected)
    np.testing.assert_array_equal(found, expected)


def test_a_reduction_in_another_dtype_gives_its_gradient_back_in_the_tensors_own():
    x = lab.tensor([1.0, 2.0], dtype=np.float32, requires_grad=True)
    for total in (
        np.sum(x, dtype=np.float64),
        np.mean(x, dtype=np.float64),
        np.prod(x, dtype=np.float64),
        np.var(x, dtype=float),
    ):
        assert total.dtype == np.float64
        x.grad = None
        total.backward()
        assert x.grad.dtype == np.float32
