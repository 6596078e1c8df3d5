# ruff: noqa: E501 - one line a program, as in a table
"""Linear algebra against PyTorch and JAX: values, gradients, second order, stacks of matrices, kinks and degeneracies."""

import warnings

import numpy as np
import pytest

import autograd_lab as lab

from .array_samples import POSITIVE, POSITIVES, SINGULAR, SQUARE, SQUARES, TALL, TALLS, B, C, M, V
from .test_oracles_torch import second_here, second_there

WIDE, WIDES = TALL.T.copy(), np.swapaxes(TALLS, -1, -2).copy()
RANDOM = np.random.default_rng(5)
FOUR = RANDOM.normal(size=(2, 3, 2, 3))  # a 6×6 matrix in disguise


def sign_free(m, vectors):
    """What of eigenvectors does not depend on LAPACK's choice of signs."""
    return vectors * vectors[..., :1, :]


def first_sign_free(m, rows):
    return rows * rows[..., :1]


def both(m, pair):
    return m.concatenate([m.ravel(part) for part in pair])


# -- JAX: the same NumPy programs -----------------------------------------------------------------------------------------

# m is NumPy here and jax.numpy there
PROGRAMS = {
    "inv": (lambda m, a: m.linalg.inv(a), (SQUARE,)),
    "inv of a stack": (lambda m, a: m.linalg.inv(a), (SQUARES,)),
    "det": (lambda m, a: m.linalg.det(a) ** 2, (SQUARE,)),
    "det of a stack": (lambda m, a: m.linalg.det(a), (SQUARES,)),
    "slogdet": (lambda m, a: m.linalg.slogdet(a)[1] * m.linalg.slogdet(a)[0], (-SQUARES,)),
    "solve a vector": (lambda m, a, b: m.linalg.solve(a, b), (SQUARE, V)),
    "solve a matrix": (lambda m, a, b: m.linalg.solve(a, b), (SQUARE, M.T)),
    "solve a vector for a stack": (lambda m, a, b: m.linalg.solve(a, b), (SQUARES, V)),
    "solve a matrix for a stack": (lambda m, a, b: m.linalg.solve(a, b), (SQUARES, M.T)),
    "solve a stack": (lambda m, a, b: m.linalg.solve(a, b), (SQUARE, SQUARES)),
    "pinv of a square matrix": (lambda m, a: m.linalg.pinv(a), (SQUARE,)),
    "cholesky": (lambda m, a: m.linalg.cholesky(a), (POSITIVE,)),
    "cholesky of a stack": (lambda m, a: m.linalg.cholesky(a), (POSITIVES,)),
    "cholesky, upper": (lambda m, a: m.linalg.cholesky(a, upper=True), (POSITIVE,)),
    "cholesky of a product": (lambda m, a: m.linalg.cholesky(a @ m.swapaxes(a, -1, -2)), (SQUARES,)),
    "eigvalsh": (lambda m, a: m.linalg.eigvalsh(a), (POSITIVES,)),
    "eigh": (lambda m, a: sign_free(m, m.linalg.eigh(a).eigenvectors) * m.linalg.eigh(a).eigenvalues[..., None, :], (POSITIVE,)),
    "eigh of a stack": (lambda m, a: sign_free(m, m.linalg.eigh(a)[1]), (POSITIVES,)),
    "svd": (lambda m, a: both(m, (sign_free(m, m.linalg.svd(a)[0]), m.linalg.svd(a)[1], first_sign_free(m, m.linalg.svd(a).Vh))), (SQUARE,)),
    "svd, tall": (lambda m, a: sign_free(m, m.linalg.svd(a, full_matrices=False).U), (TALL,)),
    "svd, wide": (lambda m, a: first_sign_free(m, m.linalg.svd(a, full_matrices=False).Vh), (WIDE,)),
    "svd of a stack": (lambda m, a: m.linalg.svd(a, full_matrices=False).S[:, None, :] * sign_free(m, m.linalg.svd(a, full_matrices=False).U), (TALLS,)),
    "svdvals": (lambda m, a: m.linalg.svdvals(a), (WIDES,)),
    "svd without vectors": (lambda m, a: m.linalg.svd(a, compute_uv=False), (TALL,)),
    "qr": (lambda m, a: both(m, m.linalg.qr(a)), (SQUARE,)),
    "qr, tall": (lambda m, a: both(m, m.linalg.qr(a)), (TALL,)),
    "qr of a stack": (lambda m, a: both(m, m.linalg.qr(a)), (TALLS,)),
    "R alone": (lambda m, a: m.linalg.qr(a, mode="r"), (TALL,)),
    "norm": (lambda m, a: m.linalg.norm(a) * a, (M,)),
    "norm of rows": (lambda m, a: m.linalg.norm(a, axis=1, keepdims=True) * a, (M,)),
    "3-norm": (lambda m, a: m.linalg.norm(a - 0.4, ord=3, axis=0), (M,)),
    "1-norm": (lambda m, a: m.linalg.norm(a - 0.4, ord=1, axis=0) ** 2, (M,)),
    "0-norm": (lambda m, a: m.linalg.norm(a, ord=0, axis=0) * m.sum(a), (M,)),
    "largest element": (lambda m, a: m.linalg.norm(a, ord=np.inf, axis=0) ** 2, (M,)),
    "smallest element": (lambda m, a: m.linalg.norm(a, ord=-np.inf, axis=0) ** 2, (M,)),
    "matrix 1-norm": (lambda m, a: m.linalg.norm(a, ord=1) ** 2, (SQUARE,)),
    "matrix -1-norm": (lambda m, a: m.linalg.norm(a, ord=-1) ** 2, (SQUARE,)),
    "matrix inf-norm": (lambda m, a: m.linalg.norm(a, ord=np.inf) ** 2, (SQUARE,)),
    "matrix -inf-norm": (lambda m, a: m.linalg.norm(a, ord=-np.inf) ** 2, (SQUARE,)),
    "spectral norm": (lambda m, a: m.linalg.norm(a, ord=2), (TALL,)),
    "smallest singular value": (lambda m, a: m.linalg.norm(a, ord=-2), (SQUARE,)),
    "nuclear norm": (lambda m, a: m.linalg.norm(a, ord="nuc"), (TALL,)),
    "nuclear norm of a stack": (lambda m, a: m.linalg.norm(a, ord="nuc", axis=(2, 0)), (B + np.eye(2)[:, :, None],)),
    "Frobenius norm of a stack": (lambda m, a: m.linalg.norm(a, axis=(0, 2), keepdims=True) * a, (B,)),
    "vector_norm": (lambda m, a: m.linalg.vector_norm(a, axis=(0, 1), ord=3), (B,)),
    "matrix_norm": (lambda m, a: m.linalg.matrix_norm(a, keepdims=True), (B,)),
    "cond": (lambda m, a: m.linalg.cond(a) + m.linalg.cond(a, 1), (SQUARE,)),
    "matrix_power": (lambda m, a: m.linalg.matrix_power(a, 5), (SQUARES,)),
    "negative matrix_power": (lambda m, a: m.linalg.matrix_power(a, -2), (SQUARE,)),
    "multi_dot": (lambda m, a, b, x: m.linalg.multi_dot([a, b, x]), (M, SQUARE, V)),
    "tensorsolve": (lambda m, a, b: m.linalg.tensorsolve(a, b), (FOUR, M)),
    "tensorinv": (lambda m, a: m.linalg.tensorinv(a), (FOUR,)),
    "inner": (lambda m, a, b: m.inner(a, b), (B, M)),
    "vdot": (lambda m, a, b: m.vdot(a, b) * a, (M, M[::-1])),
    "vecdot": (lambda m, a, b: m.vecdot(a, b) @ m.linalg.vecdot(a, a, axis=-2), (B, M)),
    "matvec and vecmat": (lambda m, a, x: m.vecmat(m.matvec(a, x), a), (B, V)),
    "kron": (lambda m, a, b: m.kron(a, b), (M, SQUARE)),
    "kron of unequal dimensions": (lambda m, a, b: m.kron(a, b), (V, B)),
    "cross": (lambda m, a, b: m.cross(a, b), (M, V)),
    "cross along axes": (lambda m, a, b: m.cross(a, b, axisa=0, axisb=1, axisc=0), (M.T, M)),
    "linalg's products": (lambda m, a, b: m.linalg.cross(m.linalg.matmul(a, b), a) @ m.linalg.outer(V, a[0]), (M, SQUARE)),
    "linalg's tensordot and trace": (lambda m, a, b: m.linalg.trace(m.linalg.tensordot(a, b, axes=1)), (SQUARE, SQUARE)),
    "diagonals": (lambda m, a: m.linalg.diagonal(a, offset=1) * m.trace(a, axis1=-2, axis2=-1)[:, None], (SQUARES,)),
    "einsum of index lists": (lambda m, a, b: m.einsum(a, [0, 1], b, [1, 2], [2, 0]), (M, SQUARE)),
    "einsum of index lists with an ellipsis": (lambda m, a, b: m.einsum(a, [..., 1], b, [1]), (B, V)),
    "einsum of diagonals": (lambda m, a, b: m.einsum("...ii,...i", a, b), (SQUARES, V)),
    "einsum that sums one operand alone": (lambda m, a, b: m.einsum("ij,k->k", a, b), (M, V)),
    "einsum of three": (lambda m, a, b, c: m.einsum("ij,jk,k->i", a, b, c, optimize=True), (M, SQUARE, V)),
}  # fmt: skip


def close(ours, theirs, rtol=1e-8):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=rtol, atol=1e-9)


def drawn(name, points, seed):
    """Random directions of the points' shapes; symmetric ones for functions of symmetric matrices."""
    draw = np.random.default_rng(seed).normal
    directions = [draw(size=p.shape) for p in points]
    return [d + np.swapaxes(d, -1, -2) for d in directions] if name.startswith(("cholesky", "eig")) else directions


def gradient_there(jax, f, weights, points):
    return jax.grad(lambda *xs: jax.numpy.sum(f(jax.numpy, *xs) * weights), tuple(range(len(points))))(*points)


@pytest.mark.parametrize("name", PROGRAMS)
def test_value_tangent_and_adjoint_are_those_of_jax(jax, name):
    f, points = PROGRAMS[name]
    tangents = drawn(name, points, 3)
    with jax.disable_jit():  # it would compile each program for one run
        there = tuple(map(jax.numpy.asarray, points))
        value, pushed = jax.jvp(lambda *xs: f(jax.numpy, *xs), there, tuple(map(jax.numpy.asarray, tangents)))
        weights = np.random.default_rng(4).normal(size=np.shape(value))
        pulled = gradient_there(jax, f, weights, there)
    ours, mine = swept(f, points, tangents)
    close(ours, value)
    close(mine, pushed)
    leaves = [lab.tensor(p, requires_grad=True) for p in points]
    np.sum(f(np, *leaves) * weights).backward()
    for leaf, wanted in zip(leaves, pulled, strict=True):
        close(leaf.grad.numpy(), wanted)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_second_derivatives_are_those_of_jax(jax, name):
    f, points = PROGRAMS[name]
    weights = np.random.default_rng(4).normal(size=np.shape(f(np, *points)))
    directions = drawn(name, points, 5)
    leaves = [lab.tensor(p, requires_grad=True) for p in points]
    np.sum(f(np, *leaves) ** 2 * weights).backward(create_graph=True)
    slope = sum(np.sum(leaf.grad * d) for leaf, d in zip(leaves, directions, strict=True))
    for leaf in leaves:
        leaf.grad = None
    slope.backward()
    with jax.disable_jit():

        def slope_there(*xs):
            gradient = gradient_there(jax, lambda m, *ys: f(m, *ys) ** 2, weights, xs)
            return sum(jax.numpy.sum(g * d) for g, d in zip(gradient, directions, strict=True))

        wanted = jax.grad(slope_there, tuple(range(len(points))))(*map(jax.numpy.asarray, points))
    for leaf, its in zip(leaves, wanted, strict=True):
        close(leaf.grad.numpy(), its, rtol=1e-6)


def swept(f, points, tangents):
    """The value, and the tangent that forward sweeps add up to."""
    graph = lab.trace(lambda *xs: f(np, *xs), *points)
    out = graph.outputs[0]
    sweeps = [graph.forward(graph.inputs[i], seed=tangent).result[out.label] for i, tangent in enumerate(tangents)]
    return out.value, sum(map(np.asarray, sweeps))


# -- PyTorch ----------------------------------------------------------------------------------------------------------------

# Ours, theirs (with torch first), points.
PAIRS = {
    "det of a singular matrix": (lambda a: np.linalg.det(a), lambda m, a: m.linalg.det(a), (SINGULAR,)),
    "cholesky": (lambda a: np.linalg.cholesky(a), lambda m, a: m.linalg.cholesky(a), (POSITIVES,)),
    "cholesky, upper": (lambda a: np.linalg.cholesky(a, upper=True), lambda m, a: m.linalg.cholesky(a, upper=True), (POSITIVE,)),
    "eigh": (lambda a: sign_free(np, np.linalg.eigh(a)[1]), lambda m, a: sign_free(m, m.linalg.eigh(a)[1]), (POSITIVES,)),
    "eigh, upper": (
        lambda a: sign_free(np, np.linalg.eigh(a, "U")[1]), lambda m, a: sign_free(m, m.linalg.eigh(a, "U")[1]), (POSITIVE,),
    ),
    "eigvalsh": (lambda a: np.linalg.eigvalsh(a), lambda m, a: m.linalg.eigvalsh(a), (POSITIVES,)),
    "a function of a symmetric matrix": (
        lambda a: np.linalg.eigh(a)[1] * np.exp(np.linalg.eigh(a)[0]) @ np.linalg.eigh(a)[1].T,
        lambda m, a: m.linalg.eigh(a)[1] * m.exp(m.linalg.eigh(a)[0]) @ m.linalg.eigh(a)[1].T, (POSITIVE,),
    ),
    "svd, tall": (
        lambda a: sign_free(np, np.linalg.svd(a, full_matrices=False)[0]),
        lambda m, a: sign_free(m, m.linalg.svd(a, full_matrices=False)[0]), (TALLS,),
    ),
    "svd, wide": (
        lambda a: first_sign_free(np, np.linalg.svd(a, full_matrices=False)[2]),
        lambda m, a: first_sign_free(m, m.linalg.svd(a, full_matrices=False)[2]), (WIDES,),
    ),
    "svd of squares": (lambda a: sign_free(np, np.linalg.svd(a)[0]), lambda m, a: sign_free(m, m.linalg.svd(a)[0]), (SQUARES,)),
    "pinv, tall": (lambda a: np.linalg.pinv(a), lambda m, a: m.linalg.pinv(a), (TALLS,)),
    "pinv, wide": (lambda a: np.linalg.pinv(a), lambda m, a: m.linalg.pinv(a), (WIDES,)),
    "qr, tall": (lambda a: both(np, np.linalg.qr(a)), lambda m, a: m.cat([x.ravel() for x in m.linalg.qr(a)]), (TALLS,)),
    "qr, wide": (lambda a: both(np, np.linalg.qr(a)), lambda m, a: m.cat([x.ravel() for x in m.linalg.qr(a)]), (WIDES,)),
    "solve": (lambda a, b: np.linalg.solve(a, b), lambda m, a, b: m.linalg.solve(a, b), (SQUARES, SQUARES[::-1].copy())),
    "slogdet": (lambda a: np.linalg.slogdet(a).logabsdet, lambda m, a: m.linalg.slogdet(a).logabsdet, (SQUARES,)),
    "matrix_power": (lambda a: np.linalg.matrix_power(a, -3), lambda m, a: m.linalg.matrix_power(a, -3), (SQUARE,)),
    "multi_dot": (lambda *a: np.linalg.multi_dot(a), lambda m, *a: m.linalg.multi_dot(a), (V, SQUARE, M.T.copy(), M)),
    "cross": (lambda a, b: np.cross(a, b), lambda m, a, b: m.linalg.cross(a, b), (M, M[::-1].copy())),
    "batched products": (lambda a, b: np.matmul(a, b), lambda m, a, b: m.matmul(a, b), (B, C)),
}  # fmt: skip
NORMS = {
    "vectors": [(V - 0.4, {}), (M - 0.4, {"axis": 1}), (M - 0.4, {"ord": 3.0, "axis": 0}), (M - 0.4, {"ord": 1.0, "axis": 1}), (M - 0.4, {"ord": np.inf, "axis": 1}), (M - 0.4, {"ord": -np.inf, "axis": 0, "keepdims": True}), (V, {"ord": 0.0}), (V, {"ord": -2.0}), (B, {"axis": (0, 2)})],
    "matrices": [(M, {"ord": o}) for o in ("fro", "nuc", 2, -2, 1, -1, np.inf, -np.inf)] + [(B, {"ord": "nuc", "axis": (0, 2)}), (B, {"ord": 2, "axis": (2, 0), "keepdims": True})],
    "kinks": [(np.zeros(3), {}), (np.zeros((2, 3)), {"axis": 1}), (np.zeros((2, 3)), {"ord": "fro"}), (np.zeros(3), {"ord": 3.0}), (np.zeros(3), {"ord": 1.0}), (np.zeros(3), {"ord": 0.0}),
              (np.array([2.0, -2.0, 1.0]), {"ord": np.inf}), (np.array([1.0, -1.0, 1.0]), {"ord": -np.inf}), (np.array([0.0, 3.0, 0.0]), {"ord": 3.0}), (np.array([0.0, 3.0, 0.0]), {"ord": 1.5}), (np.array([0.0, 3.0, 0.0]), {"ord": 0.5})],
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_value_gradient_and_second_order_are_those_of_pytorch(torch, name):
    here, there, points = PAIRS[name]
    shape = np.shape(here(*points))
    weights = np.linspace(0.5, 1.5, int(np.prod(shape))).reshape(shape)
    ours = second_here(lambda _, *xs: here(*xs), points, weights)
    theirs = second_there(torch, there, points, weights)
    close(ours[0].detach().numpy(), theirs[0].detach().numpy())
    for mine, its in zip(ours[1] + ours[2], theirs[1] + theirs[2], strict=True):
        close(mine.detach().numpy(), its.detach().numpy(), rtol=1e-7)


@pytest.mark.parametrize(("x", "options"), [case for cases in NORMS.values() for case in cases])
def test_a_norm_and_its_subgradient_are_those_of_pytorch(torch, x, options):
    leaf, theirs = lab.tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    norm = torch.linalg.norm(theirs, options.get("ord"), options.get("axis"), keepdim=options.get("keepdims", False))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # 0**-0.5
        ours = np.linalg.norm(leaf, **options)
        np.sum(ours).backward()
    norm.sum().backward()
    close(ours.detach().numpy(), norm.detach().numpy())
    close(leaf.grad.numpy(), 0.0 if theirs.grad is None else theirs.grad.numpy())  # the 0-norm has None there


def test_the_gradient_of_a_symmetric_matrix_is_symmetric_though_one_triangle_is_read():
    lower = np.tril(POSITIVE)
    for function in (np.linalg.cholesky, lambda a: np.linalg.eigh(a)[1] ** 2, np.linalg.eigvalsh):
        leaf = lab.tensor(lower, requires_grad=True)
        result = function(leaf)
        close(result.detach().numpy(), function(lower))
        close(result.detach().numpy(), function(POSITIVE))
        np.sum(result * result).backward()
        close(leaf.grad.numpy(), leaf.grad.numpy().T)


def test_values_alone_have_a_gradient_where_they_coincide_and_vectors_have_none(torch):
    twice = np.diag([1.0, 1.0, 3.0])
    leaf, theirs = lab.tensor(twice, requires_grad=True), torch.tensor(twice, requires_grad=True)
    np.sum(np.linalg.eigvalsh(leaf) ** 2).backward()
    torch.sum(torch.linalg.eigvalsh(theirs) ** 2).backward()
    close(leaf.grad.numpy(), theirs.grad.numpy())
    leaf.grad = None
    np.sum(np.linalg.eigh(leaf)[1] * np.arange(9.0).reshape(3, 3)).backward()
    assert not np.all(np.isfinite(leaf.grad.numpy()))


def test_the_nuclear_norm_has_a_gradient_at_a_matrix_of_lower_rank(torch):
    flat = np.array([[1.0, 2.0], [0.5, 1.0], [0.0, 0.0]])
    leaf, theirs = lab.tensor(flat, requires_grad=True), torch.tensor(flat, requires_grad=True)
    np.linalg.norm(leaf, "nuc").backward()
    torch.linalg.norm(theirs, "nuc").backward()
    assert np.all(np.isfinite(theirs.grad.numpy()))
    u, _, vh = np.linalg.svd(flat, full_matrices=False)
    close(leaf.grad.numpy(), u @ vh)
    assert np.linalg.norm(leaf.grad.numpy(), 2) <= 1 + 1e-12


CALLS = {
    "inv": (np.linalg.inv, SQUARE), "det": (np.linalg.det, SQUARE), "slogdet": (lambda a: np.linalg.slogdet(a)[1], SQUARE),
    "solve": (lambda a: np.linalg.solve(a, V.astype(a.dtype)), SQUARE), "pinv": (np.linalg.pinv, TALL), "norm": (np.linalg.norm, M),
    "3-norm": (lambda a: np.linalg.norm(a, 3, axis=0), M), "cholesky": (np.linalg.cholesky, POSITIVE), "nuc": (lambda a: np.linalg.norm(a, "nuc"), M),
    "eigh": (lambda a: np.linalg.eigh(a)[1], POSITIVE), "svd": (lambda a: np.linalg.svd(a)[0], SQUARE), "qr": (lambda a: np.linalg.qr(a)[0], TALL),
    "einsum": (lambda a: np.einsum("ii,j->j", a, V.astype(a.dtype)), SQUARE), "cross": (lambda a: np.cross(a, V.astype(a.dtype)), M),
    "singular": (np.linalg.det, SINGULAR), "trace": (np.trace, SQUARE), "kron": (lambda a: np.kron(a, a), M), "cond": (np.linalg.cond, SQUARE),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_float32_stays_float32_and_keeps_its_precision(name):
    f, x = CALLS[name]
    narrow, wide = (lab.tensor(x.astype(kind), requires_grad=True) for kind in (np.float32, np.float64))
    for leaf in (narrow, wide):
        result = f(leaf)
        assert result.dtype == leaf.dtype
        np.sum(result * result).backward(create_graph=True)
        assert leaf.grad.dtype == leaf.dtype
    np.testing.assert_allclose(narrow.grad.detach().numpy(), wide.grad.detach().numpy(), rtol=1e-3, atol=1e-4)


def test_results_come_in_numpys_named_tuples():
    a = lab.tensor(POSITIVE, requires_grad=True)
    for ours, numpys in (
        (np.linalg.eigh(a), np.linalg.eigh(POSITIVE)), (np.linalg.svd(a), np.linalg.svd(POSITIVE)),
        (np.linalg.qr(a), np.linalg.qr(POSITIVE)), (np.linalg.slogdet(a), np.linalg.slogdet(POSITIVE)),
    ):  # fmt: skip
        assert type(ours) is type(numpys)
        for part, wanted in zip(ours, numpys, strict=True):
            close(part.detach().numpy(), wanted)
    assert not np.linalg.slogdet(a).sign.requires_grad


def test_a_singular_matrix_has_no_inverse_here_either():
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.inv(lab.tensor(SINGULAR, requires_grad=True))


def test_multi_dot_multiplies_in_the_cheapest_order():
    thin = lab.tensor(np.ones((50, 1)), requires_grad=True, name="thin")
    graph = lab.graph_of(np.linalg.multi_dot([thin, np.ones((1, 50)), np.ones((50, 1)), np.ones((1, 1))]))
    assert max(np.size(node.value) for node in graph.nodes) == 50  # never the 50×50 product
