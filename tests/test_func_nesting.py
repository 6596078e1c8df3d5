"""Transforms of lab.func inside one another: every pair of modes, any order, closures without perturbation confusion.

The confusions are those of Siskind and Pearlmutter, Nesting forward-mode AD in a functional framework (2008), section 2.
"""

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab import func

V = np.array([0.3, -0.7, 1.2])
W = np.array([1.4, 0.2, -0.6])


def same(ours, wanted):
    np.testing.assert_allclose(ours, wanted, rtol=1e-10, atol=1e-12)


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


@pytest.mark.parametrize("outer", ["jacrev", "jacfwd"])
@pytest.mark.parametrize("inner", ["jacrev", "jacfwd", "grad"])
def test_the_hessian_of_the_rosenbrock_function_by_every_pair_of_modes(outer, inner):
    x, y = 1.5, -0.5
    wanted = np.array([[1200 * x * x - 400 * y + 2, -400 * x], [-400 * x, 200.0]])
    same(getattr(func, outer)(getattr(func, inner)(rosenbrock))(np.array([x, y])), wanted)


def test_hessian_vector_products_of_every_pair_of_modes_are_equal():
    f = lambda x: np.sum(np.sin(x) * x[::-1] ** 2)  # noqa: E731 - one of several
    directional = lambda x: func.jvp(f, (x,), (W,))[1]  # noqa: E731 - one of several
    wanted = func.hessian(f)(V) @ W
    same(func.jvp(func.grad(f), (V,), (W,))[1], wanted)  # forward over reverse
    same(func.grad(lambda x: func.grad(f)(x) @ W)(V), wanted)  # reverse over reverse
    same(func.vjp(func.grad(f), V)[1](W)[0], wanted)  # reverse over reverse
    same(func.grad(directional)(V), wanted)  # reverse over forward
    same(func.jacfwd(directional)(V), wanted)  # forward over forward


@pytest.mark.parametrize("first", ["grad", "jacrev", "jacfwd"])
@pytest.mark.parametrize("second", ["grad", "jacrev", "jacfwd"])
@pytest.mark.parametrize("third", ["grad", "jacrev", "jacfwd"])
def test_third_derivatives_by_every_three_modes(first, second, third):
    f = getattr(func, third)(getattr(func, second)(getattr(func, first)(lambda x: np.sin(x) * x**2)))
    x = 0.7
    wanted = 6 * np.cos(x) - 6 * x * np.sin(x) - x**2 * np.cos(x)
    assert f(x) == pytest.approx(wanted, rel=1e-12)
    assert type(f(x)) is float


def test_fifth_derivatives():
    f = lambda x: x**5 * np.exp(x)  # noqa: E731 - differentiated in a loop
    for _ in range(5):
        f = func.grad(f)
    x = 1.0  # sum of C(5, k) * 5!/(5-k)! at 1
    assert f(x) == pytest.approx(np.e * (1 + 25 + 200 + 600 + 600 + 120), rel=1e-12)


# -- perturbation confusion -------------------------------------------------------------------------------------------


def by_grad(f):
    return func.grad(f)


def by_jvp(f):
    return lambda x: func.jvp(f, (x,), (1.0,))[1]


def by_vjp(f):
    return lambda x: func.vjp(f, x)[1](1.0)[0]


CLOSURES = {
    "x * d/dy (x + y)": (lambda D, E: lambda x: x * E(lambda y: x + y)(1.0), 1.0, 1.0),
    "d/dy (x + y) alone": (lambda D, E: lambda x: E(lambda y: x + y)(1.0), 1.0, 0.0),
    "x * d/dy (x * y)": (lambda D, E: lambda x: x * E(lambda y: x * y)(2.0), 3.0, 6.0),
    "d/dy (x * y**2) at y = x": (lambda D, E: lambda x: E(lambda y: x * y * y)(x), 3.0, 12.0),
    "y shadows x": (lambda D, E: lambda x: E(lambda x: x * x)(x) * x, 3.0, 12.0),
    "the derivative of a derivative inside": (lambda D, E: lambda x: x * E(D(lambda y: y**3 * x))(2.0), 1.5, 36.0),
    "the outer variable raised to the inner": (lambda D, E: lambda x: E(lambda y: x**y)(2.0), 3.0, 3.0 + 6.0 * np.log(3.0)),
    "three levels": (lambda D, E: lambda x: x * E(lambda y: y * D(lambda z: x * y * z)(1.0))(2.0), 3.0, 24.0),
}


@pytest.mark.parametrize("inner", [by_grad, by_jvp, by_vjp])
@pytest.mark.parametrize("outer", [by_grad, by_jvp, by_vjp])
@pytest.mark.parametrize(("f", "at", "wanted"), CLOSURES.values(), ids=CLOSURES)
def test_nested_derivatives_do_not_confuse_their_variables(f, at, wanted, outer, inner):
    result = outer(f(outer, inner))(at)
    assert result == pytest.approx(wanted, rel=1e-12)
    assert type(result) is float


@pytest.mark.parametrize("inner", [by_grad, by_jvp, by_vjp])
def test_a_derivative_inside_a_recorded_program_takes_part_in_backward(inner):
    x = lab.tensor(3.0, requires_grad=True)
    slope = inner(lambda y: x * y * y)(2.0)
    assert isinstance(slope, lab.Tensor)
    (slope * x).backward()
    assert x.grad.item() == 24.0


def test_a_tensor_that_requires_grad_can_be_differentiated_through_the_gradient():
    x = lab.tensor(V, requires_grad=True)
    gradient = func.grad(lambda v: np.sum(v**3))(x)
    gradient.backward(W)
    same(gradient.tolist(), 3 * V**2)
    same(x.grad.tolist(), 6 * V * W)


@pytest.mark.parametrize("mode", ["jacrev", "jacfwd"])
def test_a_jacobian_of_which_a_part_depends_on_the_outer_variable_stays_recorded(mode):
    t = lab.tensor(2.0, requires_grad=True)
    jacobian, other = getattr(func, mode)(lambda x: (np.stack([x[0] * t, x[1]]), x))(np.array([1.0, 2.0]))
    same(jacobian.tolist(), [[2.0, 0.0], [0.0, 1.0]])
    same(other.tolist(), np.eye(2))
    assert not other.requires_grad
    jacobian.backward(np.full((2, 2), 10.0))
    assert t.grad.item() == 10.0


def test_a_value_given_beside_the_derivative_stays_recorded_too():
    def f(x):
        value, slope = func.value_and_grad(lambda y: x * y * y)(2.0)
        output, pull = func.vjp(lambda y: x * y, 5.0)
        return value * slope + output * pull(1.0)[0]

    assert func.grad(f)(3.0) == 2 * 16 * 3.0 + 2 * 5 * 3.0


def test_functions_of_the_variable_alone_or_of_nothing():
    assert func.grad(lambda x: func.grad(lambda y: y)(x) * x)(3.0) == 1.0
    assert func.grad(lambda x: x * func.grad(lambda y: x)(2.0) + x)(3.0) == 1.0
    assert func.jacfwd(func.jacrev(lambda x: 3.0 * x))(2.0) == 0.0
    output, pull = func.vjp(lambda x, y: (x, y * 2.0, x), 1.0, 2.0)
    assert (output, pull((1.0, 1.0, 5.0))) == ((1.0, 4.0, 1.0), (6.0, 2.0))
    assert func.vjp(lambda: lab.tensor(3.0))[1](1.0) == ()


def test_a_gradient_can_be_traced_and_stepped_through():
    graph = lab.trace(func.grad(lambda x: np.sum(x**3)), np.array([1.0, 2.0]))
    assert [node.name for node in graph.inputs] == ["x"]
    same(graph.reverse(seed=np.ones(2)).result["w1"], [6.0, 12.0])
    same(graph.forward(seed=np.ones(2)).result[graph.outputs[0].label], [6.0, 12.0])


def test_a_tangent_and_a_cotangent_may_be_what_is_differentiated():
    assert func.grad(lambda t: func.jvp(lambda x: x * x, (3.0,), (t,))[1] ** 2)(2.0) == 144.0
    assert func.grad(lambda v: func.vjp(lambda x: x * x, 3.0)[1](v)[0] ** 2)(2.0) == 144.0


def test_a_pull_may_be_called_inside_a_later_transform():
    _, pull = func.vjp(lambda x: x**3, 2.0)
    assert func.grad(lambda v: pull(v)[0] * v)(5.0) == 120.0


def test_deep_programs_need_no_recursion():
    def f(x):
        for _ in range(20_000):
            x = x * 1.0001
        return x

    wanted = pytest.approx(1.0001**20_000)
    assert func.grad(f)(1.0) == wanted
    assert func.jvp(f, (1.0,), (1.0,))[1] == wanted
    assert func.grad(func.grad(f))(1.0) == 0.0
