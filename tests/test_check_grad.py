# ruff: noqa: E501 - one row a wrong rule, as long as the rule and its message are
"""check_grad compares both modes with difference quotients and says where they differ; the same holds of a primitive."""

import math
import sys

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core.primitives.row import bilinear, linear

V = np.array([0.3, -0.7, 1.2])
M = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])

slipped = lab.primitive("slipped", np.sin, lab.pointwise(lambda out, x: -np.cos(x)))
one_sided = lab.primitive("one_sided", lambda x: 2.0 * x, linear(lambda t, out, x: 2.0 * t, lambda v, out, x: 3.0 * v))


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (lambda x, y: x * y + np.sin(x), (2.0, 3)),
        (lambda x: np.sum(x * x), (V,)),
        (lambda a, x: a @ x, (M, V)),
        (lambda p, x: {"o": p["W"] @ x, "q": [np.sum(x), x]}, ({"W": M, "b": (V, 2.0)}, V)),
        (lambda x, name, flag, none: x * x if name == "square" else x, (V, "square", True, None)),
        (lambda x: x * x, (lab.tensor(V),)),
        (lambda x: x * x, (lab.tensor(V, requires_grad=True),)),
        (lambda x: (x > 0.0, x * 2.0), (V,)),
        (lambda *xs: xs[0] * xs[1], (2.0, 3.0)),
        (lambda x: x * lab.func.grad(lambda y: x * y * y)(2.0), (3.0,)),
        (lambda x: np.sum(x), (np.zeros((0, 2)),)),
        (np.sin, (0.5,)),
    ],
)
def test_right_derivatives_pass(f, args):
    assert lab.check_grad(f, *args) is True


@pytest.mark.parametrize(
    ("f", "args", "message"),
    [
        (lambda x: slipped(x), (1.0,), "the derivative of the output by x differs in reverse and forward mode: analytical -0.5403"),
        (lambda x: slipped(x), (1.0,), r"numerical 0\.5403"),
        (lambda x, y: x * slipped(y), (V, V), r"of output\[0\] by y\[0\] differs"),
        (lambda a: np.where(a > 1.9, slipped(a), a), (M,), r"of output\[0, 2\] by a\[0, 2\] differs"),
        (lambda p: {"loss": [np.sum(p["W"][1] * slipped(p["b"][0]))]}, ({"W": M, "b": [V]},), r"output\['loss'\]\[0\] by p\['b'\]\[0\]\[0\]"),
        (lambda x: one_sided(x), (1.0,), r"differs in reverse mode: analytical 3, numerical 2"),
        (lambda x: x * x.detach(), (3.0,), r"reverse and forward mode: analytical 3, numerical 6"),
        (lambda *xs: xs[0] * slipped(xs[1]), (2.0, 3.0), r"by xs\[1\] differs"),
        (lambda x: np.absolute(x) * np.inf, (1.0,), "analytical inf, numerical nan"),
    ],
)  # fmt: skip
def test_a_wrong_derivative_is_named_with_its_argument_element_mode_and_numbers(f, args, message):
    with np.errstate(invalid="ignore"), pytest.raises(lab.GradcheckError, match=message):
        lab.check_grad(f, *args)
    with np.errstate(invalid="ignore"):
        assert lab.check_grad(f, *args, raise_exception=False) is False


def test_the_error_is_a_runtime_error_of_one_sentence(torch):
    assert issubclass(lab.GradcheckError, RuntimeError)
    theirs = sys.modules["torch.autograd.gradcheck"].GradcheckError  # torch.autograd.gradcheck itself is the function
    assert issubclass(theirs, RuntimeError)
    with pytest.raises(lab.GradcheckError) as caught:
        lab.check_grad(lambda x: slipped(x), 1.0)
    assert "\n" not in str(caught.value)


def test_a_function_that_changes_is_refused():
    random = np.random.default_rng(0)
    with pytest.raises(lab.GradcheckError, match="the same value each time, but the output was"):
        lab.check_grad(lambda x: x * random.normal(), 2.0)
    with pytest.raises(lab.GradcheckError, match=r"but output\[1\] was"):
        lab.check_grad(lambda x: (x, x * random.normal()), 2.0)


def test_float32_is_warned_of_as_torch_does(torch):
    narrow = V.astype(np.float32)
    with pytest.warns(UserWarning, match="double precision"):
        assert not torch.autograd.gradcheck(lambda x: x * x, torch.tensor(narrow, requires_grad=True), raise_exception=False)
    with pytest.warns(UserWarning, match=r"varies x, which is float32.* double precision"):
        assert lab.check_grad(lambda x: x * x, narrow, raise_exception=False) is False
    with pytest.warns(UserWarning, match="double precision"):
        assert lab.check_grad(lambda x: x * x, narrow, eps=1e-2, rtol=1e-2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: lab.check_grad(np.sin, 1.0, eps=0.0), ValueError, "eps must be a finite number, above 0, got 0.0"),
        (lambda: lab.check_grad(np.sin, 1.0, eps=math.inf), ValueError, "eps must be a finite number"),
        (lambda: lab.check_grad(np.sin, 1.0, eps=math.nan), ValueError, "eps must be a finite number"),
        (lambda: lab.check_grad(np.sin, 1.0, rtol=-1.0), ValueError, "rtol must be a finite number, at least 0, got -1.0"),
        (lambda: lab.check_grad(np.sin, 1.0, atol=math.nan), ValueError, "atol must be"),
        (lambda: lab.check_grad(np.sin, 1.0, eps="small"), TypeError, "eps must be a number, got str 'small'"),
        (
            lambda: lab.check_grad(lambda x: x * x, 1e12),
            ValueError,
            r"eps=1e-06 vanishes beside x, which has an element 1e\+12",
        ),
        (lambda: lab.check_grad(3.0, 1.0), TypeError, "needs a function first, got float 3.0"),
        (lambda: lab.check_grad(lambda s: s, "text"), ValueError, "at least one argument"),
        (lambda: lab.check_grad(lambda x: 3.0, 1.0), RuntimeError, "expected f to return a Tensor"),
        (lambda: lab.check_grad(lambda x: x, 1j), TypeError, "complex"),
    ],
)
def test_bad_settings_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_arguments_are_left_as_they_are_and_f_may_write_into_its_own():
    given = V.copy()

    def f(x):
        total = x * 1.0
        total *= x
        return total

    assert lab.check_grad(f, given)
    np.testing.assert_array_equal(given, V)


# -- a primitive of one's own -------------------------------------------------------------------------------------------

cosine = lab.pointwise(lambda out, x: np.cos(x))
factor = lab.pointwise(lambda out, x, y: y)
A = np.array([[1.0, 2.0], [3.0, 4.0]])

RIGHT = {
    "pointwise": (np.sin, (cosine,), (0.5,)),
    "an int": (lambda x: x**3, (lab.pointwise(lambda out, x: 3 * x**2),), (2,)),
    "two operands": (np.multiply, (factor, lab.pointwise(lambda out, x, y: x)), (V, M)),
    "an operand without a partial": (lambda x, k: k * x, (lab.pointwise(lambda out, x, k: k), None), (V, 3)),
    "a linear map": (np.sum, (linear(lambda t, out, x: np.sum(t), lambda v, out, x: np.broadcast_to(v, np.shape(x))),), (M,)),
    "a bilinear map": (
        lambda x, W: x @ W,
        (bilinear(lambda t, out, x, W: t @ W, lambda v, out, x, W: v @ np.transpose(W)), None),
        (A[0], A),
    ),
    "through the result": (np.exp, (lab.pointwise(lambda out, x: out),), (V,)),
    "in large numbers": (lambda x: x * x, (lab.pointwise(lambda out, x: 2.0 * x),), (np.array([1e6, -3e7]),)),
}  # fmt: skip
WRONG = {
    "a sign slip": (np.sin, (lab.pointwise(lambda out, x: -np.cos(x)),), (0.5,), "push of argument 0 of primitive 'mine' is not the difference quotient of the value: it gives -0.30.*, the quotient is 0.30"),
    "a slip in one element": (np.sin, (lab.pointwise(lambda out, x: np.where(x > 1.0, 0.0, np.cos(x))),), (V,), r"at element \[2\] it gives 0, the quotient"),
    "the wrong operand": (np.multiply, (factor, factor), (2.0, 3.0), "push of argument 1 .* is not the difference quotient"),
    "a pull that is not transposed": (lambda x, W: x @ W, (lab.Partial(lambda t, out, x, W: t @ W, lambda v, out, x, W: v @ W), None), (A[0], A), "pull of argument 0 .* is not the transpose of push: <adjoint, push"),
    "a pull of another shape": (np.sum, (lab.Partial(lambda t, out, x: np.sum(t), lambda v, out, x: v * np.ones(5)),), (V,), "pull of argument 0 .* raised ValueError"),
    "a pull with another factor": (lambda x: 2.0 * x, (lab.Partial(lambda t, out, x: 2.0 * t, lambda v, out, x: 3.0 * v),), (V,), "pull of argument 0 .* is not the transpose"),
    "reads a stale operand": (np.square, (lab.Partial(lambda t, out, x: 2.0 * t * x, lambda v, out, x: 2.0 * v * x, reads="shapes"),), (V,), "push of argument 0 .* reads operand 0, but its partial says that it does not"),
    "reads a stale result": (np.exp, (bilinear(lambda t, out, x: t * out, lambda v, out, x: v * out),), (V,), "reads the result, but its partial"),
    "asks a stale operand": (np.absolute, (linear(lambda t, out, x: np.where(x > 0.0, t, -t), lambda v, out, x: np.where(x > 0.0, v, -v)),), (V,), "reads operand 0"),
    "a rule that leaves the graph": (np.sin, (lab.pointwise(lambda out, x: np.cos(x.item() if isinstance(x, lab.Tensor) else x)),), (0.5,), "push of argument 0 .* has a wrong derivative in operand 0: recorded it is 0, the difference quotient is"),
    "a rule detached from the other operand": (np.multiply, (lab.pointwise(lambda out, x, y: y.detach() if isinstance(y, lab.Tensor) else y), lab.pointwise(lambda out, x, y: x)), (2.0, 3.0), "push of argument 0 .* wrong derivative in operand 1"),
    "a rule that NumPy cannot record": (np.sin, (lab.pointwise(lambda out, x: np.cos(np.spacing(x) + x)),), (V,), "cannot be computed and differentiated again, it raised TypeError: np.spacing has no derivative rule"),
    "a rule that raises": (np.sin, (lab.pointwise(lambda out, x: np.cos(x) / undefined),), (V,), "it raised NameError"),  # noqa: F821 - the slip
}  # fmt: skip


@pytest.mark.parametrize(("value", "partials", "operands"), RIGHT.values(), ids=RIGHT)
def test_a_right_row_is_made_and_checked(value, partials, operands):
    row = lab.primitive("mine", value, *partials, check=operands)
    assert lab.check_primitive(row, *operands) is True


@pytest.mark.parametrize(("value", "partials", "operands", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_row_is_refused_with_what_is_wrong(value, partials, operands, message):
    unchecked = lab.primitive("mine", value, *partials)
    for call in (
        lambda: lab.primitive("mine", value, *partials, check=operands),
        lambda: lab.check_primitive(unchecked, *operands),
    ):
        with pytest.raises(lab.GradcheckError, match=message) as caught:
            call()
        assert "\n" not in str(caught.value)


def test_keywords_reach_the_rules():
    scale = lab.primitive("scale", lambda x, k=1.0: x * k, lab.pointwise(lambda out, x, k=1.0: k))
    assert lab.check_primitive(scale, V, k=3.0)
    slip = lab.primitive("slip", lambda x, k=1.0: x * k, lab.pointwise(lambda out, x, k=1.0: 1.0))
    assert lab.check_primitive(slip, V)
    with pytest.raises(lab.GradcheckError, match="push of argument 0"):
        lab.check_primitive(slip, V, k=3.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: lab.primitive("mine", np.sin, cosine, check=0.5), TypeError, r"operands as a tuple, got 0.5: check=\(2.0,\)"),
        (lambda: lab.primitive("mine", np.sin, cosine, check=(0.5, 1.0)), TypeError, "takes 1 operands, got 2"),
        (lambda: lab.check_primitive(np.sin, 0.5), TypeError, "takes a primitive and its operands, got ufunc"),
        (
            lambda: lab.primitive("mine", lambda x, k: x, cosine, None, check=("text", 2)),
            ValueError,
            "has a derivative to check",
        ),
    ],
)
def test_a_check_that_cannot_be_made_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_check_is_not_told_to_watchers():
    seen = []
    with lab.graph_hook(on_record=seen.append, on_step=seen.append):
        lab.primitive("mine", np.sin, cosine, check=(0.5,))
    assert seen == []
