"""lab.func gives what torch.func and JAX give: values, structures, shapes and dtypes, for every kind of argument."""

from collections import OrderedDict
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab import func

V = np.array([0.3, -0.7, 1.2])
W = np.array([1.4, 0.2, -0.6])
M = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])


class Pair(NamedTuple):
    left: Any
    right: Any


def converted(tree, leaf):
    """The same structure with every leaf passed through a function."""
    if isinstance(tree, dict):
        return type(tree)((key, converted(part, leaf)) for key, part in tree.items())
    if isinstance(tree, (list, tuple)):
        parts = [converted(part, leaf) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return leaf(tree)


def same(ours, theirs):
    """The same structure, shapes and numbers."""
    if isinstance(theirs, (dict, list, tuple)):
        assert type(ours) is type(theirs)
        assert len(ours) == len(theirs)
        keys = theirs.keys() if isinstance(theirs, dict) else range(len(theirs))
        for key in keys:
            same(ours[key], theirs[key])
        return
    theirs = np.asarray(theirs)
    assert np.shape(ours) == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def torch_of(torch):
    return partial(converted, leaf=lambda x: torch.tensor(x, dtype=torch.float64))


# A name, f(m, *args) with m NumPy here and torch or jax.numpy there, and the arguments.
SCALAR = {
    "a polynomial": (lambda m, x: 3.0 * x * x - 2.0 * x, (2.0,)),
    "two numbers": (lambda m, x, y: x * y + m.sin(x), (2.0, 3.0)),
    "a vector": (lambda m, x: m.sum(m.exp(x) * x), (V,)),
    "a matrix and a vector": (lambda m, a, x: m.sum(m.tanh(a @ x) ** 2), (M, V)),
    "broadcasting": (lambda m, a, x: m.sum(a * x / (1.0 + x * x)), (M, V)),
    "a dict": (lambda m, p, x: m.sum(m.tanh(p["W"] @ x + p["b"])), ({"W": M, "b": V[:2]}, W)),
    "a list in a tuple": (lambda m, p: m.sum(p[0][0] * p[0][1]) * p[1], (([V, W], 0.5),)),
    "a named tuple": (lambda m, p: m.sum(p.left * m.sin(p.right)), (Pair(V, W),)),
    "an ordered dict": (lambda m, p: p["b"] * p["a"] ** 2, (OrderedDict(b=2.0, a=3.0),)),
    "an argument that is not used": (lambda m, x, y: x * x, (2.0, 3.0)),
    "a constant": (lambda m, x: m.sum(x * 0.0), (V,)),
}
MAPS = {
    "an elementwise function": (lambda m, x: m.sin(x) * x, (V,)),
    "a product with a matrix": (lambda m, a, x: a @ x, (M, V)),
    "a scalar function": (lambda m, x: m.sum(x**3), (V,)),
    "a function of a scalar": (
        lambda m, x: x * V if m is np else x * m.as_tensor(V) if hasattr(m, "as_tensor") else x * V,
        (2.0,),
    ),
    "a matrix of a matrix": (lambda m, a: m.exp(a) * a[0], (M,)),
    "two outputs": (lambda m, x, y: (x * y, m.sum(x)), (V, W)),
    "a dict of outputs": (lambda m, x, y: {"p": [x * y], "q": m.sum(y * y)}, (V, W)),
    "nested arguments": (lambda m, p, x: {"o": p["W"] @ x + p["b"][0]}, ({"W": M, "b": (V[:2],)}, W)),
    "an output that depends on one argument": (lambda m, x, y: (x * 2.0, y * y), (V, W)),
}
ARGNUMS = [0, -1, (0,), (-1,), (0, -1), (-1, 0)]


def every(programs):
    return [
        pytest.param(f, args, argnums, id=f"{name}-{argnums}")
        for name, (f, args) in programs.items()
        for argnums in ARGNUMS
        if len(args) > 1 or argnums in {0, (0,)}
    ]


@pytest.mark.parametrize(("f", "args", "argnums"), every(SCALAR))
def test_gradients_are_those_of_torch_and_jax(f, args, argnums, torch, jax):
    ours = func.grad(partial(f, np), argnums)(*args)
    same(ours, converted(torch.func.grad(partial(f, torch), argnums)(*torch_of(torch)(args)), np.asarray))
    same(ours, converted(jax.grad(partial(f, jax.numpy), argnums)(*args), np.asarray))
    value, again = func.value_and_grad(partial(f, np), argnums)(*args)
    same((value, again), converted(jax.value_and_grad(partial(f, jax.numpy), argnums)(*args), np.asarray))


@pytest.mark.parametrize(("f", "args", "argnums"), every(MAPS))
def test_jacobians_are_those_of_torch_and_jax(f, args, argnums, torch, jax):
    for mode in ("jacrev", "jacfwd"):
        ours = getattr(func, mode)(partial(f, np), argnums)(*args)
        same(ours, converted(torch.func.jacrev(partial(f, torch), argnums)(*torch_of(torch)(args)), np.asarray))
        same(ours, converted(getattr(jax, mode)(partial(f, jax.numpy), argnums)(*args), np.asarray))


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # torch's own first forward sweep uses it
@pytest.mark.parametrize(("f", "args"), [pytest.param(*case, id=name) for name, case in (SCALAR | MAPS).items()])
def test_products_with_vectors_are_those_of_torch(f, args, torch):
    random = np.random.default_rng(1)
    theirs = torch_of(torch)(args)
    tangents = converted(args, lambda x: random.normal(size=np.shape(x)))
    tangents = converted(tangents, lambda x: float(x) if np.ndim(x) == 0 else x)
    same(
        func.jvp(partial(f, np), args, tangents),
        converted(torch.func.jvp(partial(f, torch), theirs, torch_of(torch)(tangents)), np.asarray),
    )
    output, pull = func.vjp(partial(f, np), *args)
    their_output, their_pull = torch.func.vjp(partial(f, torch), *theirs)
    same(output, converted(their_output, np.asarray))
    for seed in (1, 2):  # any number of times
        random = np.random.default_rng(seed)
        cotangent = converted(output, lambda x: random.normal(size=np.shape(x)))  # noqa: B023 - called at once
        same(pull(cotangent), converted(their_pull(torch_of(torch)(cotangent)), np.asarray))


@pytest.mark.parametrize(("f", "args", "argnums"), every(SCALAR))
def test_hessians_are_those_of_torch_and_jax(f, args, argnums, torch, jax):
    ours = func.hessian(partial(f, np), argnums)(*args)
    same(ours, converted(jax.hessian(partial(f, jax.numpy), argnums)(*args), np.asarray))
    twice = torch.func.jacrev(torch.func.jacrev(partial(f, torch), argnums), argnums)  # jacfwd(-1) gives zeros in torch 2.13
    same(ours, converted(twice(*torch_of(torch)(args)), np.asarray))


# -- what goes in, what comes out -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "dtype"),
    [
        (2.0, float, np.float64),
        (2, float, np.float64),
        (np.float64(2.0), float, np.float64),
        (np.float32(2.0), np.float32, np.float32),
        (np.array(2.0), float, np.float64),
        (np.array([2, 3]), np.ndarray, np.float64),
        (V, np.ndarray, np.float64),
        (V.astype(np.float32), np.ndarray, np.float32),
        (lab.tensor(2.0), lab.Tensor, np.float64),
        (lab.tensor(V, dtype=np.float32), lab.Tensor, np.float32),
        (lab.tensor([2, 3]), lab.Tensor, np.float64),
    ],
)
def test_plain_values_give_plain_values_and_tensors_give_tensors(given, kind, dtype):
    f = lambda x: np.sum(x * x)  # noqa: E731 - used by all
    value, gradient = func.value_and_grad(f)(given)
    output, tangent = func.jvp(np.sin, (given,), (given,))
    (pulled,) = func.vjp(np.sin, given)[1](given)
    for result in (gradient, output, tangent, pulled, func.jacrev(f)(given), func.jacfwd(f)(given)):
        assert type(result) is kind
        assert np.asarray(result).dtype == dtype
        assert np.shape(result) == np.shape(given)
    assert isinstance(value, lab.Tensor) == (kind is lab.Tensor)
    hessian = func.hessian(f)(given)
    assert hessian.dtype == dtype if np.ndim(given) else True
    assert not getattr(gradient, "requires_grad", False)


def test_a_tensor_among_the_other_arguments_gives_tensors():
    assert isinstance(func.grad(lambda x, k: x * k)(2.0, lab.tensor(3.0)), lab.Tensor)
    assert isinstance(func.grad(lambda x, *, k: x * k)(2.0, k=lab.tensor(3.0)), lab.Tensor)


def test_arguments_that_are_not_chosen_arrive_as_they_are():
    seen = []
    func.grad(lambda x, *rest, k: seen.append((*rest, k)) or x * x)(2.0, "text", 3, None, k=True)
    assert seen == [("text", 3, None, True)]


@pytest.mark.parametrize("transform", [func.grad, func.jacrev, func.jacfwd])
def test_aux_comes_out_beside_the_derivative(transform):
    f = lambda x: (np.sum(x * x), {"double": x * 2.0, "text": "seen"})  # noqa: E731 - one expression
    derivative, aux = transform(f, has_aux=True)(V)
    same(derivative, 2 * V)
    same(aux["double"], 2 * V)
    assert type(aux["double"]) is np.ndarray
    assert aux["text"] == "seen"


def test_aux_of_the_other_transforms():
    f = lambda x: (x * x, x + 1.0)  # noqa: E731 - one expression
    assert func.value_and_grad(f, has_aux=True)(3.0) == ((9.0, 4.0), 6.0)
    assert func.jvp(f, (3.0,), (1.0,), has_aux=True) == (9.0, 6.0, 4.0)
    output, pull, aux = func.vjp(f, 3.0, has_aux=True)
    assert (output, pull(1.0), aux) == (9.0, (6.0,), 4.0)
    assert func.grad(lambda x: func.grad(f, has_aux=True)(x)[1] * x)(3.0) == 7.0


def test_results_share_no_memory_with_one_another_or_with_what_was_given():
    (a, b) = func.grad(lambda x, y: np.sum(x + y), (0, 1))(V, W)
    a *= 2.0
    same(b, np.ones(3))
    cotangent = W.copy()
    (pulled,) = func.vjp(lambda x: x, V)[1](cotangent)
    pulled *= 2.0
    same(cotangent, W)
    _, tangent = func.jvp(lambda x: x, (V,), (cotangent,))
    tangent *= 2.0
    same(cotangent, W)
    tensors = func.grad(lambda x, y: np.sum(x + y), (0, 1))(lab.tensor(V), lab.tensor(W))
    tensors[0].data[0] = 7.0
    same(tensors[1].tolist(), np.ones(3))


def test_no_array_is_copied_on_the_way_in():
    func.grad(lambda x: np.shares_memory(x.detach().numpy(), V) or pytest.fail("copied"))
    assert func.grad(lambda x: np.sum(x) if np.shares_memory(x.detach().numpy(), V) else np.sum(0.0 * x))(V)[0] == 1.0


def test_what_is_computed_from_other_arguments_alone_is_a_constant():
    assert func.grad(lambda x, y: y * y)(2.0, 3.0) == 0.0
    assert func.value_and_grad(lambda x, y: y * y)(2.0, 3.0) == (9.0, 0.0)
    same(func.jacrev(lambda x, y: (x * y, y))(V, W), (np.diag(W), np.zeros((3, 3))))


def test_f_runs_once_whatever_the_transform():
    runs = []
    f = lambda x: runs.append(1) or x * x  # noqa: E731 - one expression
    func.jacrev(f)(V)
    func.jacfwd(f)(V)
    func.vjp(f, V)[1](V)
    func.jvp(f, (V,), (V,))
    assert len(runs) == 4


def test_an_empty_array_has_an_empty_jacobian():
    for transform in (func.jacrev, func.jacfwd):
        assert transform(lambda x: x * x)(np.zeros(0)).shape == (0, 0)
        assert transform(lambda x: np.sum(x))(np.zeros((0, 2))).shape == (0, 2)


def test_a_function_keeps_its_name_and_its_parameters():
    def height(x, y):
        return x * y

    assert func.grad(height).__name__ == "height"
    assert [node.name for node in lab.trace(func.grad(height), 2.0, 3.0).inputs[:2]] == ["x", "y"]
