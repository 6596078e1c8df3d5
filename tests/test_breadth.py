# ruff: noqa: E501, SIM905 - one line a case, as in a table; names as one text, since quotes would double it
"""Breadth: all that HIPS autograd differentiates has a rule here, and what has none is refused by name."""

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core.dispatch import ASKED
from autograd_lab.core.primitives.table import COMPOSED, FUNCTIONS, UFUNCS

from .array_samples import SQUARE, SQUARES, V

# Of HIPS autograd 1.9.1: every function of NumPy with a VJP in autograd/numpy/numpy_vjps.py, linalg.py or fft.py, and
# those that numpy_wrapper.py composes of them.
DIFFERENTIATED = """
abs absolute acos acosh add amax amin angle append arccos arccosh arcsin arcsinh arctan arctan2 arctanh array_split asin asinh
astype atan atan2 atanh atleast_1d atleast_2d atleast_3d broadcast_to clip column_stack concatenate conj conjugate cos cosh cross
cumsum deg2rad degrees diag diagonal diff divide dot dsplit einsum exp exp2 expand_dims expm1 fabs fft.fft fft.fft2 fft.fftn
fft.fftshift fft.ifft fft.ifft2 fft.ifftn fft.ifftshift fft.irfft fft.irfft2 fft.irfftn fft.rfft fft.rfft2 fft.rfftn fliplr flipud
fmax fmin full gradient hsplit hstack hypot imag inner kron linalg.cholesky linalg.det linalg.eig linalg.eigh linalg.inv linalg.norm
linalg.pinv linalg.slogdet linalg.solve linalg.svd linspace log log10 log1p log2 logaddexp logaddexp2 matmul max maximum mean min
minimum mod moveaxis multiply nan_to_num negative outer pad partition permute_dims pow power prod rad2deg radians ravel real
real_if_close reciprocal remainder repeat reshape roll rollaxis rot90 select sin sinc sinh sort split sqrt square squeeze stack std
subtract sum swapaxes tan tanh tensordot tile trace transpose tril triu true_divide var vsplit where
""".split()

# Of the same: those that it declares constant (nograd_functions).
CONSTANT = """
all allclose any argmax argmin argpartition argsort argwhere around array_equal array_equiv ceil count_nonzero empty_like equal fix
flatnonzero floor floor_divide full_like greater greater_equal isclose iscomplex iscomplexobj isfinite isinf isnan isneginf isposinf
isreal less less_equal logical_and logical_not logical_or logical_xor ndim nonzero not_equal ones_like result_type rint round
searchsorted shape sign size trunc zeros_like
""".split()

COMPLEX = "its result or its operand is complex, and a Tensor is real"
LEFT_OUT = {
    **{f"fft.{kind}fft{n}": COMPLEX for kind in ("", "i", "r", "ir") for n in ("", "2", "n")},
    "full": "takes a shape and a value, which NumPy's protocols do not ask: np.broadcast_to(value, shape) has a rule",
}
REFUSED_BY_NAME = {"linalg.eig": "eigenvalues of a real matrix can be complex: registered, to name eigh"}


def numpys(name):
    function = np
    for part in name.split("."):
        function = getattr(function, part)
    return function


@pytest.mark.parametrize("name", [name for name in DIFFERENTIATED + CONSTANT if name not in LEFT_OUT])
def test_what_hips_autograd_takes_is_taken_here(name):
    function = numpys(name)
    assert any(function in known for known in (UFUNCS, FUNCTIONS, COMPOSED, ASKED))


def test_what_is_left_out_is_part_of_the_list_and_refused():
    assert set(LEFT_OUT) | set(REFUSED_BY_NAME) <= set(DIFFERENTIATED)
    x = lab.tensor(SQUARE, requires_grad=True)
    for name in LEFT_OUT:
        with pytest.raises(RuntimeError if name == "full" else TypeError):
            np.full(3, x[0, 0]) if name == "full" else numpys(name)(x)


# Functions of NumPy 2 beyond that list.
MORE = """
block broadcast_arrays copy cumprod delete diagflat dstack einsum_path fft.fftshift flip insert linalg.cond linalg.cross linalg.diagonal
linalg.eigvalsh linalg.matmul linalg.matrix_norm linalg.matrix_power linalg.matrix_rank linalg.matrix_transpose linalg.multi_dot
linalg.outer linalg.qr linalg.svdvals linalg.tensordot linalg.tensorinv linalg.tensorsolve linalg.trace linalg.vecdot
linalg.vector_norm matrix_transpose matvec meshgrid resize unstack vdot vecdot vecmat vstack
""".split()


@pytest.mark.parametrize("name", MORE)
def test_more_of_numpy_is_taken(name):
    function = numpys(name)
    assert any(function in known for known in (UFUNCS, FUNCTIONS, COMPOSED, ASKED))


REFUSED = {
    "eig": (lambda a: np.linalg.eig(a), "eigh"),
    "eigvals": (lambda a: np.linalg.eigvals(a), "eigvalsh"),
    "lstsq": (lambda a: np.linalg.lstsq(a, V), "pinv"),
    "full_matrices": (lambda a: np.linalg.svd(a[:2]), "full_matrices=False"),
    "mode": (lambda a: np.linalg.qr(a, mode="complete"), "mode='complete'"),
    "fft": (lambda a: np.fft.fft(a), r"np\.fft\.fft has no derivative rule"),
    "rfft": (lambda a: np.fft.rfft2(a), r"np\.fft\.rfft2 has no derivative rule"),
    "casting": (lambda a: np.einsum("ij", a, casting="safe"), "'casting'"),
    "order": (lambda a: np.copy(a, order="F"), "'order'"),
    "pad mode": (lambda a: np.pad(a, 1, mode="mean"), "mode='mean'"),
    "a fractional power": (lambda a: np.linalg.matrix_power(a, 0.5), "integer"),
    "axis of a ufunc": (lambda a: np.vecdot(a, a, axis=0), "np.linalg.vecdot"),
    "axes of a ufunc": (lambda a: np.matmul(a, a, axes=[(0, 1), (0, 1), (0, 1)]), "np.moveaxis"),
    "hermitian": (lambda a: np.linalg.pinv(a, hermitian=True), "hermitian"),
}
WRONG = {
    "split": (lambda a: np.split(a, 2), "equal division"),
    "array_split": (lambda a: np.array_split(a, 0), "larger than 0"),
    "hsplit": (lambda a: np.hsplit(np.sum(a), 1), "1 or more dimensions"),
    "unstack": (lambda a: np.unstack(np.sum(a)), "1-d"),
    "rot90": (lambda a: np.rot90(a, axes=(0, -2)), "different axes"),
    "meshgrid": (lambda a: np.meshgrid(a[0], indexing="ji"), "indexing"),
    "block": (lambda a: np.block([a, [a]]), "depths"),
    "diag": (lambda a: np.diag(np.sum(a)), "vector or a matrix"),
    "cross of two": (lambda a: np.cross(a[:, :2], a[:, :2]), "3 elements"),
    "outer": (lambda a: np.linalg.outer(a, a), "one-dimensional"),
    "multi_dot": (lambda a: np.linalg.multi_dot([a]), "two arrays"),
    "norm": (lambda a: np.linalg.norm(a, "nonsense"), "nonsense"),
    "vector norm": (lambda a: np.linalg.norm(a, "fro", axis=0), "fro"),
    "axes": (lambda a: np.linalg.norm(a, axis=(0, 1, 0)), "dimensions"),
    "dimensions": (lambda a: np.linalg.norm(a[None], 1), "dimensions"),
    "index numbers": (lambda a: np.einsum(a, [0, -1]), "from 0 to 51"),
    "ind": (lambda a: np.linalg.tensorinv(a, 0), "ind"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_rule_is_a_type_error_that_says_what_to_do(name):
    call, message = REFUSED[name]
    with pytest.raises(TypeError, match=message):
        call(lab.tensor(SQUARE, requires_grad=True))


@pytest.mark.parametrize("name", WRONG)
def test_what_numpy_calls_a_value_error_is_one(name):
    call, message = WRONG[name]
    with pytest.raises(ValueError, match=message):
        call(lab.tensor(SQUARE, requires_grad=True))


def test_constants_come_as_plain_arrays():
    x = lab.tensor(SQUARE, requires_grad=True)
    for ours, theirs in (
        (np.full_like(x, 2.0), np.full_like(SQUARE, 2.0)),
        (np.full_like(x, 2, dtype=int), np.full_like(SQUARE, 2, dtype=int)),
        (np.where(x > 1.0), np.where(SQUARE > 1.0)),
        (np.linalg.matrix_rank(x), 3),
        (np.array_equiv(x, SQUARE), True),
        (np.tril_indices_from(x), np.tril_indices_from(SQUARE)),
        (np.einsum_path("ij,jk", x, x)[0], np.einsum_path("ij,jk", SQUARE, SQUARE)[0]),
    ):
        assert not isinstance(ours, lab.Tensor)
        np.testing.assert_array_equal(np.asarray(ours, dtype=object), np.asarray(theirs, dtype=object))


def test_full_like_of_a_tensor_keeps_the_graph():
    x = lab.tensor(3.0, requires_grad=True)
    full = np.full_like(lab.tensor(V), x)
    np.testing.assert_array_equal(full.detach().numpy(), [3.0, 3.0, 3.0])
    np.sum(full).backward()
    assert x.grad.item() == 3.0


def test_the_power_zero_is_a_plain_identity():
    identity = np.linalg.matrix_power(lab.tensor(SQUARES, requires_grad=True), 0)
    np.testing.assert_array_equal(identity, np.linalg.matrix_power(SQUARES, 0))
