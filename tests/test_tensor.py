"""A Tensor computes as NumPy does, a scalar as an array of one element does, and keeps PyTorch's names and meanings."""

import itertools

import numpy as np
import pytest

import autograd_lab as lab

V = np.array([0.5, -1.5, 2.0])
M = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def leaf(value, **keywords):
    return lab.tensor(value, requires_grad=True, **keywords)


# -- what NumPy does --------------------------------------------------------------------------------------------------------

SAME = {
    "+": lambda x: x + 1.5,
    "1+": lambda x: 1.5 + x,
    "-": lambda x: x - 1.5,
    "1-": lambda x: 1.5 - x,
    "*": lambda x: x * 2,
    "2*": lambda x: 2 * x,
    "/": lambda x: x / 3,
    "1/": lambda x: 1 / x,
    "**": lambda x: x**2,
    "2**": lambda x: 2**x,
    "-x": lambda x: -x,
    "+x": lambda x: +x,
    "abs": abs,
    "<": lambda x: x < 1.0,
    "<=": lambda x: x <= 2.0,
    ">": lambda x: x > 1.0,
    ">=": lambda x: x >= 0.5,
    "==": lambda x: x == 2.0,
    "!=": lambda x: x != 2.0,
    "1<": lambda x: x > np.float64(1.0),
    "array +": lambda x: np.ones((2, 3)) + x,
    "array @": lambda x: np.ones((2, 3)) @ np.reshape(x, (3, -1)),
    "list +": lambda x: np.add([1.0, 2.0, 3.0], x),
    "index": lambda x: x[0],
    "slice": lambda x: x[::-1],
    "new axis": lambda x: x[:, None],
    "ellipsis": lambda x: x[..., 0],
    "list index": lambda x: x[[0, 0]],
    "mask": lambda x: x[x > 0.0],
    "sum": lambda x: x.sum(),
    "sum axis": lambda x: x.sum(axis=0),
    "sum keep": lambda x: x.sum(0, keepdims=True),
    "mean": lambda x: x.mean(),
    "max": lambda x: x.max(),
    "min": lambda x: x.min(axis=0),
    "prod": lambda x: x.prod(),
    "reshape": lambda x: x.reshape(-1, 1),
    "reshape tuple": lambda x: x.reshape((x.size,)),
    "ravel": lambda x: x.ravel(),
    "flatten": lambda x: x.flatten(),
    "transpose": lambda x: x.transpose(),
    "T": lambda x: x.T,
    "squeeze": lambda x: x.reshape(1, -1).squeeze(),
    "clip": lambda x: x.clip(0.0, 1.0),
    "dot": lambda x: x.T.dot(x),
    "swapaxes": lambda x: x.reshape(1, -1).swapaxes(0, 1),
    "astype": lambda x: x.astype(np.float32),
}
UNARY = [
    "sin",
    "cos",
    "tan",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
    "arcsinh",
    "exp",
    "exp2",
    "expm1",
    "square",
    "negative",
    "absolute",
    "cbrt",
    "sign",
    "floor",
    "ceil",
    "rint",
    "trunc",
    "isnan",
    "isfinite",
    "signbit",
    "reciprocal",
    "positive",
]


@pytest.mark.parametrize("at", [V, M], ids=["vector", "matrix"])
@pytest.mark.parametrize("name", [*SAME, *UNARY])
def test_values_shapes_and_dtypes_are_those_of_numpy(name, at):
    if at is M and name in {"list +", "array @"}:
        at = M.T if name == "array @" else M
    operation = SAME.get(name) or getattr(np, name)
    wanted, found = operation(at), operation(leaf(at))
    assert isinstance(found, lab.Tensor)
    assert (found.shape, found.dtype) == (np.shape(wanted), np.asarray(wanted).dtype)
    np.testing.assert_array_equal(found.detach().numpy(), wanted)


@pytest.mark.parametrize(
    "ask",
    [
        np.shape,
        np.ndim,
        np.size,
        np.argmax,
        np.argsort,
        np.any,
        np.all,
        np.count_nonzero,
        np.zeros_like,
        np.ones_like,
        np.nonzero,
    ],
)
def test_questions_are_answered_by_plain_values(ask):
    wanted, found = ask(V), ask(leaf(V))
    assert not isinstance(found, lab.Tensor)
    np.testing.assert_array_equal(found, wanted)


def test_a_list_operand_counts_as_an_array():
    np.testing.assert_array_equal((leaf(V) * [1, 2, 3]).detach().numpy(), V * [1, 2, 3])


# -- a scalar is kept as a Python float only where no one can tell ------------------------------------------------------------

EDGES = [0.0, -0.0, 1.0, -1.0, 2.0, -8.0, 0.5, 1 / 3, 1e308, -1e308, 5e-324, np.inf, -np.inf, np.nan]
BINARY = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: x**y,
    "max": np.maximum,
    "min": np.minimum,
    "arctan2": np.arctan2,
    "hypot": np.hypot,
    "where": lambda x, y: np.where(x > y, x, y),
    "clip": lambda x, y: np.clip(x, y, 1.0),
    "<": lambda x, y: x < y,
    "==": lambda x, y: x == y,
    "chain": lambda x, y: (x + 1.0) * y - x / (y * 2.0),
}
ONE = {
    **{name: getattr(np, name) for name in UNARY},
    **{name: getattr(np, name) for name in ("sqrt", "log", "log2", "log10", "log1p", "arcsin", "arccos", "arccosh", "arctanh")},
    "-x": lambda x: -x,
    "abs": abs,
    "1/x": lambda x: 1 / x,
    "x/0": lambda x: x / 0,
    "x**2": lambda x: x**2,
    "x**0": lambda x: x**0,
    "x**-1": lambda x: x**-1,
    "x**0.5": lambda x: x**0.5,
    "2**x": lambda x: 2**x,
    "10.0**x": lambda x: 10.0**x,
    "sum": np.sum,
    "mean": np.mean,
    "prod": np.prod,
    "max": np.max,
    "x*x": lambda x: x * x,
    "x+1": lambda x: x + 1,
    "True*x": lambda x: True * x,
    "x-int64": lambda x: x - np.int64(3),
    "x*float32": lambda x: x * np.float32(1.5),
}


def outcome(operation, arguments):
    """The value, dtype and gradients of an operation, with whatever NumPy warns of left aside."""
    with np.errstate(all="ignore"):
        leaves = [leaf(a) for a in arguments]
        out = operation(*leaves)
        if out.requires_grad:
            out.backward(np.ones(out.shape))
    gradients = [np.asarray(a.grad.numpy() if a.grad is not None else np.nan).ravel().tolist() for a in leaves]
    return np.asarray(out.detach().numpy()).ravel().tolist(), out.dtype, gradients


def assert_no_one_can_tell(operation, point):
    scalar = outcome(operation, point)
    array = outcome(operation, [np.array([x]) for x in point])
    np.testing.assert_array_equal(scalar[0], array[0])
    assert scalar[1] == array[1]
    np.testing.assert_array_equal(scalar[2], array[2])


@pytest.mark.parametrize("name", ONE)
def test_a_scalar_gives_what_an_array_of_one_element_gives(name):
    for x in EDGES:
        assert_no_one_can_tell(ONE[name], [x])


def numpy_itself_agrees(x, y):
    with np.errstate(all="ignore"):
        exponents = (y, y - 1.0)  # the power, and its derivative
        return all(np.array_equal(np.power(x, e), np.power([x], [e])[0], equal_nan=True) for e in exponents)


@pytest.mark.parametrize("name", BINARY)
def test_two_scalars_give_what_arrays_of_one_element_give(name):
    for x, y in itertools.product(EDGES, EDGES):
        if name == "**" and not numpy_itself_agrees(x, y):
            continue  # NumPy takes a square or a root where the exponent is one number, the power where it is an array
        assert_no_one_can_tell(BINARY[name], [x, y])


@pytest.mark.parametrize(
    ("operation", "value"),
    [
        (lambda: leaf(1.0) / leaf(0.0), np.inf),
        (lambda: leaf(1.0) / 0, np.inf),
        (lambda: 1 / leaf(0.0), np.inf),
        (lambda: leaf(10.0) ** leaf(400.0), np.inf),
        (lambda: 10.0 ** leaf(400.0), np.inf),
        (lambda: leaf(-8.0) ** (1 / 3), np.nan),
        (lambda: leaf(1e200) * leaf(1e200), np.inf),
        (lambda: leaf(0.0) ** -1, np.inf),
        (lambda: leaf(-8.0) ** leaf(1 / 3), np.nan),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_where_python_floats_would_raise_a_scalar_goes_on(operation, value):
    np.testing.assert_equal(operation().item(), value)


def test_a_scalar_tensor_made_from_a_0d_array_is_the_same():
    for data in (2.0, np.float64(2.0), np.array(2.0), 2.0 * np.ones(())):
        x = leaf(data)
        assert (x.shape, x.dtype, x.ndim, x.size, type(x.item())) == ((), np.float64, 0, 1, float)
        assert type(x.detach().numpy()) is np.ndarray


# -- dtypes -----------------------------------------------------------------------------------------------------------------

DTYPES = [
    (2.0, None, "float64"),
    ([1.0], None, "float64"),
    (2, None, "int64"),
    (True, None, "bool"),
    ([1, 2], None, "int64"),
    (np.float32(2.0), None, "float32"),
    (np.float16(2.0), None, "float16"),
    (2, float, "float64"),
    (2.0, "float32", "float32"),
    ([True, 0], None, "int64"),
    (2.5, int, "int64"),
    ([], None, "float64"),
]


@pytest.mark.parametrize(("data", "dtype", "wanted"), DTYPES)
def test_a_tensor_has_the_dtype_of_its_data_or_the_one_asked_for(data, dtype, wanted):
    assert lab.tensor(data, dtype=dtype).dtype == wanted


@pytest.mark.parametrize("shape", [(), (1,), (2, 3)])
@pytest.mark.parametrize(
    "operation",
    [
        lambda x: x * 2.0,
        lambda x: 1 / x,
        lambda x: x**2,
        lambda x: x**0.5,
        lambda x: x + 1,
        lambda x: np.sin(x),
        lambda x: np.sum(x),
        lambda x: np.mean(x),
        lambda x: np.maximum(x, 0.0),
        lambda x: np.clip(x, 0.0, 1.0),
        lambda x: np.where(x > 0.0, x, 0.0),
        lambda x: x - np.float32(1.0),
    ],
)
def test_float32_stays_float32_forward_and_backward(operation, shape):
    x = leaf(np.full(shape, 1.5), dtype="float32")
    y = operation(x)
    assert y.dtype == "float32"
    y.backward(np.ones(y.shape, "float32"))
    assert x.grad.dtype == "float32"
    assert x.grad.shape == shape


def test_a_cast_carries_the_gradient_back_in_the_first_dtype():
    x = leaf([1.0, 2.0], dtype="float32")
    np.sum(x.astype("float64") * 2.0).backward()
    assert x.grad.dtype == "float32"
    assert x.astype(int).requires_grad is False


# -- what it is -------------------------------------------------------------------------------------------------------------


def test_tensor_copies_its_data():
    data = np.array([1.0, 2.0])
    x = lab.tensor(data)
    data[:] = 0.0
    y = lab.tensor(x)
    np.testing.assert_array_equal(x.numpy(), [1.0, 2.0])
    x.numpy()[0] = 5.0
    np.testing.assert_array_equal(y.numpy(), [1.0, 2.0])


def test_numpy_detach_and_data_share_memory():
    x = lab.tensor([1.0, 2.0])
    assert np.shares_memory(x.numpy(), x.detach().numpy())
    assert np.shares_memory(x.numpy(), x.data.numpy())
    x.numpy()[0] = 9.0
    assert x.tolist() == [9.0, 2.0]


def test_a_tensor_of_a_tensor_has_no_history():
    y = leaf(2.0) * 3.0
    assert lab.tensor(y).requires_grad is False
    assert lab.tensor(y, requires_grad=True).is_leaf


def test_names_leaves_and_functions_are_told_apart():
    x = leaf(2.0, name="x")
    y = x * 3.0
    assert (x.name, x.is_leaf, x.grad_fn, x.requires_grad) == ("x", True, None, True)
    assert (y.name, y.is_leaf, y.requires_grad) == (None, False, True)
    assert y.grad_fn.name() == "MultiplyBackward"
    assert y.grad_fn == y.grad_fn
    assert y.grad_fn != (x * 3.0).grad_fn
    assert [(f and f.name(), i) for f, i in y.grad_fn.next_functions] == [("AccumulateGrad", 0), (None, 0)]


REPRS = [
    (lambda: lab.tensor(2.0), "tensor(2.)"),
    (lambda: leaf([1.0, 2.5]), "tensor([1. , 2.5], requires_grad=True)"),
    (lambda: leaf(2.0) * 3.0, "tensor(6., grad_fn=<MultiplyBackward>)"),
    (lambda: np.sum(leaf([1.0])), "tensor(1., grad_fn=<SumBackward>)"),
    (lambda: lab.tensor([1.0], dtype="float32"), "tensor([1.], dtype=float32)"),
    (lambda: lab.tensor([True]), "tensor([ True])"),
    (lambda: lab.tensor(3), "tensor(3)"),
    (lambda: lab.tensor([]), "tensor([])"),
]


@pytest.mark.parametrize(("make", "shown"), REPRS)
def test_repr_says_value_dtype_and_history(make, shown):
    assert repr(make()) == str(make()) == shown


def test_format_formats_the_number():
    assert (
        f"{leaf(1.2345):.2f} {leaf(3.0):g} {lab.tensor(7):03d} {leaf([1.0])}" == "1.23 3 007 tensor([1.], requires_grad=True)"
    )


def test_hash_is_identity_and_equality_elementwise():
    a, b = leaf(1.0), leaf(1.0)
    assert len({a, b, a}) == 2
    assert bool(a == b)
    assert (a == None) is False  # noqa: E711 - the operator is the question
    assert (a == "text") is False
    assert (a != "text") is True


def test_iteration_gives_recorded_rows():
    rows = list(leaf(M))
    assert [row.shape for row in rows] == [(3,), (3,)]
    (rows[0] @ rows[1]).backward()
    first, second = leaf(V)[:2]
    assert (first.item(), second.item()) == (0.5, -1.5)


def test_a_step_function_gives_a_value_without_history():
    x = leaf(V)
    for y in (
        x > 0.0,
        x == 1.0,
        np.isnan(x),
        np.logical_not(x > 0.0),
        (x > 0.0) & (x < 1.0),
        ~(x > 0.0),
        (x > 0.0) | (x < 1.0),
    ):
        assert (y.requires_grad, y.dtype) == (False, bool)
    y = np.sign(x) * x
    np.sum(y).backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.sign(V))


def test_in_place_on_a_constant_writes_into_its_memory():
    x = lab.tensor([1.0, 2.0])
    shared, same = x.numpy(), x
    x += 1.0
    x *= [2.0, 3.0]
    x[0] = 7.0
    assert x is same
    np.testing.assert_array_equal(shared, [7.0, 9.0])
    assert x.zero_() is x
    np.testing.assert_array_equal(shared, [0.0, 0.0])


def test_an_in_place_operation_with_a_recorded_operand_starts_a_history():
    total, x = lab.tensor(0.0), leaf(2.0)
    for _ in range(3):
        total += x * x
    total.backward()
    assert x.grad.item() == 12.0


def test_the_public_attributes_are_those_of_the_contract():
    names = [
        "data",
        "grad",
        "requires_grad",
        "requires_grad_",
        "zero_",
        "grad_fn",
        "is_leaf",
        "retain_grad",
        "backward",
        "detach",
        "item",
        "numpy",
        "register_hook",
        "shape",
        "dtype",
        "ndim",
        "size",
        "T",
    ]
    assert [name for name in names if not hasattr(lab.tensor(1.0), name)] == []


@pytest.mark.parametrize("name", ["no_such", "cumsum_"])
def test_an_unknown_attribute_is_an_attribute_error(name):
    with pytest.raises(AttributeError):
        getattr(leaf(1.0), name)


@pytest.mark.parametrize("at", [2.0, [1.0, 2.0]])
def test_a_ufunc_computes_in_the_dtype_asked_for_and_carries_the_gradient_back(at):
    x = leaf(np.array(at))
    y = np.multiply(x, np.array(at) + 1.0, dtype=np.float32)
    wanted = np.multiply(np.array(at), np.array(at) + 1.0, dtype=np.float32)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y.detach().numpy(), wanted)
    np.sum(y).backward()
    assert x.grad.dtype == np.float64
    np.testing.assert_array_equal(x.grad.numpy(), np.array(at) + 1.0)
    assert np.sin(x, dtype=np.float64).grad_fn.name() == "SinBackward"  # nothing to cast
