"""How each row of the table is written: as a textbook or NumPy has it, with nothing in it that says nothing."""

import re

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core.primitives.table import ROWS
from autograd_lab.explain.expression import Equation, Symbol
from autograd_lab.explain.formulas import equation, linear_map, of_node
from autograd_lab.explain.latex import latex
from autograd_lab.explain.text import text

from .array_samples import POSITIVE, SQUARE, TALL, B, M, V, W
from .samples import cases

NOISE = re.compile(
    r"=None|=False|mode='constant'|UPLO='L'|k=0\b|offset=0|\bnp\.|int64\(|float64\([0-9]|slice\(|array\(|lambda|object at"
    r"|0x[0-9a-f]{5}|\bgetitem|\bsetitem|\bset_|\bscatter|alias|logabsdet|index=|,\]"
)
LONGEST = 330  # of an equation: generic symbol = symbol here = numbers = result


@pytest.mark.parametrize(("name", "sample"), cases())
def test_no_row_prints_noise_or_more_than_can_be_read(name, sample):
    operands, keywords = sample
    row = ROWS[name]
    smooth = [row.arity is None or row.partials[i] is not None for i in range(len(operands))]
    leaves = [
        lab.tensor(operand, dtype=float, requires_grad=True) if can and operand is not None else operand
        for operand, can in zip(operands, smooth, strict=True)
    ]
    graph = lab.graph_of(row(*leaves, **keywords))
    out = graph.outputs[0].value
    sweeps = [graph.reverse(seed=np.ones(np.shape(out)))]
    sweeps += [graph.forward(node, seed=np.ones(np.shape(node.value))) for node in graph.inputs]
    lines = [text(of_node(node)) for node in graph.nodes] + [step.text for sweep in sweeps for step in sweep]
    equations = [text(equation(step)) for sweep in sweeps for step in sweep]
    for line in lines + equations:
        assert not NOISE.search(line)
    assert max(map(len, equations)) <= LONGEST


# What a person wrote, on what, how the last node reads.
WRITTEN = [
    (lambda x, y: x % y, (5.5, 2.0), "w1 % w2"),
    (lambda x, y: x // y, (5.5, 2.0), "w1 // w2"),
    (lambda x: np.sum(x, axis=(0,)), (M,), "sum(w1, axis=0)"),
    (lambda x: np.sum(x, axis=None, keepdims=False), (M,), "sum(w1)"),
    (lambda x: np.mean(x, keepdims=True), (M,), "mean(w1, keepdims=True)"),
    (lambda x: np.var(x, ddof=1), (V,), "var(w1, ddof=1)"),
    (lambda x: np.quantile(x, 0.3), (V,), "quantile(w1, 0.3)"),
    (lambda x: np.roll(x, np.int64(2)), (V,), "roll(w1, 2)"),
    (lambda x: np.moveaxis(x, 0, -1), (B,), "moveaxis(w1, 0, -1)"),
    (lambda x: np.tril(x), (SQUARE,), "tril(w1)"),
    (lambda x: np.pad(x, 1), (V,), "pad(w1, 1)"),
    (lambda x: np.diag(x), (V,), "diag(w1)"),
    (lambda x: np.diag(x), (M,), "diagonal(w1)"),
    (lambda x: np.linalg.diagonal(x), (M,), "diagonal(w1)"),
    (lambda x: np.linalg.trace(x), (SQUARE,), "trace(w1)"),
    (lambda x: np.linalg.slogdet(x)[1], (SQUARE,), "log(abs(det(w1)))"),
    (lambda x: np.swapaxes(x, -1, -2), (M,), "w1.T"),
    (lambda x: np.matrix_transpose(x), (B,), "w1.mT"),
    (lambda x: np.transpose(x, (1, 0)), (M,), "w1.T"),
    (lambda x: np.transpose(x), (B,), "w1.T"),
    (lambda x: x.astype(np.float32), (V,), "float32(w1)"),
    (lambda x: np.expand_dims(x, 0), (V,), "w1[None]"),
    (lambda x: np.expand_dims(x, 1), (M,), "w1[:, None]"),
    (lambda x: np.expand_dims(x, -1), (V,), "w1[..., None]"),
    (lambda x: np.expand_dims(x, (-2, -1)), (V,), "w1[..., None, None]"),
    (lambda x: np.dot(x, 2.0), (V,), "w1*2"),
    (lambda x, y: np.dot(x, y), (M, V), "w1 @ w2"),
    (lambda x, y: np.dot(x, y), (M, B.swapaxes(1, 2)), "dot(w1, w2)"),
    (lambda x, y: np.where([True, False, True], x, y), (V, W), "where([1 0 1], w1, w2)"),
    (lambda x, y: np.where(np.array(True), x, y), (1.0, 2.0), "where(True, w1, w2)"),
    (lambda x: np.eye(3) @ x, (V,), "I @ w1"),
    (lambda x: np.einsum("ij,j", x, V), (SQUARE,), "einsum('ij,j', w1, (3,))"),
    (lambda x: np.linalg.norm(x, 3), (V,), "norm(w1, ord=3)"),
    (lambda x: x[np.array([2, 0])], (V,), "w1[[2 0]]"),
    (lambda x: np.linalg.eigh(x)[0], (POSITIVE,), "w2.eigenvalues"),
    (lambda x: np.linalg.eigh(x)[1], (POSITIVE,), "w2.eigenvectors"),
    (lambda x: np.linalg.svd(x, full_matrices=False)[0], (TALL,), "w2.U"),
    (lambda x: np.linalg.svd(x, full_matrices=False)[1], (TALL,), "w2.S"),
    (lambda x: np.linalg.qr(x)[0], (TALL,), "w2.Q"),
]


@pytest.mark.parametrize(("function", "arguments", "shown"), WRITTEN, ids=[shown for *_, shown in WRITTEN])
def test_an_operation_reads_as_a_textbook_or_numpy_writes_it(function, arguments, shown):
    assert text(of_node(lab.trace(function, *arguments).outputs[0])) == shown


def test_the_matrices_of_a_factorization_come_out_of_it_by_name():
    svd = lab.trace(lambda a: np.linalg.svd(a)[2], SQUARE)
    assert [text(of_node(node)) for node in svd] == ["a", "svd(w1)", "w2.V", "w3.T"]
    assert "w2->w3: the part .V of tangent: (7, 3) -> (3, 3), with tangent" in str(svd.forward(seed=np.eye(3)))
    assert "w2->w3: adjoint placed into .V, zeros elsewhere: (3, 3) -> (7, 3), with adjoint" in str(svd.reverse(seed=np.eye(3)))
    qr = lab.trace(lambda a: np.linalg.qr(a)[1], SQUARE)
    assert [text(of_node(node)) for node in qr] == ["a", "qr(w1)", "w2.R.T", "w3.T"]


# An operation, on what, and its last step backwards: the map, with the adjoint.
PULLED = [
    (lambda x: np.linalg.inv(x), (SQUARE,), "-w2.T @ adjoint @ w2.T"),
    (lambda x: np.linalg.det(x), (SQUARE,), "adjoint*(w2*inv(w1).T)"),
    (lambda x: np.linalg.solve(x, V), (SQUARE,), "-outer(solve(w1.T, adjoint), w2)"),
    (lambda x: np.trace(x), (SQUARE,), "diag(broadcast_to(adjoint[..., None], (3,)))"),
    (lambda x: np.inner(x, W), (V,), "adjoint*[0.64 0.25 0.46]"),
    (lambda x: np.inner(x, W), (M,), "outer(adjoint, [0.64 0.25 0.46])"),
    (lambda x: np.inner(x, M), (M,), "adjoint @ (2×3)"),
    (lambda x: np.inner(M, x), (M,), "adjoint.T @ (2×3)"),
    (lambda x: np.inner(M, x), (V,), "adjoint @ (2×3)"),
    (lambda x: np.inner(V, x), (M,), "outer(adjoint, [0.31 0.52 0.73])"),
    (lambda x: np.dot(x, M), (2.0,), "sum(adjoint*(2×3), axis=(0, 1))"),
    (lambda x: np.cumsum(x), (V,), "cumsum(adjoint[::-1], axis=0)[::-1]"),
    (lambda x: np.var(x), (V,), "adjoint*(2*(w1 - mean(w1))/3)"),
    (lambda x: np.median(x), (V,), "adjoint*[0 1 0]"),
    (lambda x: np.linalg.norm(x), (V,), "adjoint*(w1/w2)"),
    (lambda x: np.sort(x), (V[::-1],), "adjoint[[2 1 0]]"),
    (lambda x: np.broadcast_to(x, (2, 3)), (V,), "sum(adjoint, axis=0)"),
    (lambda x: np.concatenate([x, W]), (V,), "adjoint[0:3]"),
    (lambda x: np.linalg.svd(x)[1], (SQUARE,), "vjp_svd(adjoint)"),
    (lambda x: x[[0, 0]], (V,), "(zeros((3,)) with [[0 0]] += adjoint)"),
    (lambda x: x[1:], (V,), "(zeros((3,)) with [1:] = adjoint)"),
]


@pytest.mark.parametrize(("function", "arguments", "shown"), PULLED, ids=[shown for *_, shown in PULLED])
def test_a_linear_map_reads_as_a_textbook_or_numpy_writes_it(function, arguments, shown):
    graph = lab.trace(function, *arguments)
    step = graph.reverse(seed=np.ones(np.shape(graph.outputs[0].value)))[-1]
    assert text(Equation((linear_map(step, Symbol("adjoint")),))) == shown


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (lambda x: np.broadcast_to(x, (2, 3)), (V,)),
        (lambda x: np.matmul(np.stack([M, M]), x), (B.swapaxes(1, 2)[:1],)),
        (lambda x: np.matmul(x, B.swapaxes(1, 2)), (M,)),
        (lambda x: np.vecdot(x, M), (V,)),
    ],
)
def test_the_stages_of_a_linear_map_have_one_shape_where_broadcasting_is_undone(function, arguments):
    graph = lab.trace(function, *arguments)
    step = graph.reverse(seed=np.ones(graph.outputs[0].value.shape))[-1]
    assert np.shape(step.contribution) == np.shape(arguments[0])
    assert " = sum(" in text(equation(step))


def test_numbers_stand_in_the_place_of_symbols_untouched():
    step = lab.trace(lambda x: np.dot(x, np.array([2.0, 3.0])), np.array([5.0, 7.0])).reverse()[-1]
    assert text(equation(step)).endswith(" = ∂f/∂w2*[2 3] = 1*[2 3] = [2 3]")


def test_an_alias_reads_as_the_value_itself():
    graph = lab.trace(lambda x: lab.func.grad(lambda y: y**2 * x)(x), 3.0)
    assert "alias" in [node.op for node in graph]
    assert "alias" not in str(graph) + str(graph.reverse())
    assert graph.reverse().result["w1"] == 12.0


# -- in-place operations ------------------------------------------------------------------------------------------------


def test_an_in_place_operation_is_a_new_node_from_the_old_one_which_keeps_its_value():
    def f(x):
        y = x * 2.0
        y += 1.0
        y[0] = x[1]
        return np.sum(y)

    graph = lab.trace(f, np.array([1.0, 2.0, 4.0]))
    assert str(graph) == (
        "f: 6 nodes, 6 edges\n"
        "w1 = x = [1 2 4]\n"
        "w2 = w1*2 = [2 4 8]\n"
        "w3 = w2 + 1 = [3 5 9]\n"
        "w4 = w1[1] = 2\n"
        "w5 = (w3 with [0] = w4) = [2 5 9]\n"
        "w6 = sum(w5) = 16"
    )
    reverse = [step.text for step in graph.reverse()]
    assert reverse[2].startswith("w3->w5: adjoint with [0] set to 0, with adjoint [1 1 1] = [0 1 1]; ")
    assert reverse[3].startswith("w4->w5: the part [0] of adjoint: (3,) -> (), with adjoint [1 1 1] = 1; ")
    forward = [step.text for step in graph.forward(seed=[1.0, 0.0, 0.0])]
    assert "w3->w5: tangent with [0] set to 0, with tangent [2 0 0] = [0 0 0]; " in forward[4]
    assert "w4->w5: tangent placed into [0], zeros elsewhere: () -> (3,), with tangent 0 = [0 0 0]; " in forward[5]
    assert graph.node("w5").expression == r"w_{3}\text{ with }\mathrm{[0]} = w_{4}"


def test_what_is_written_through_a_view_shows_in_the_array_that_it_is_a_view_of():
    def f(x):
        z = x * 3.0
        v = z.T
        v[0] = 7.0
        return np.sum(z)

    graph = lab.trace(f, np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert str(graph).splitlines()[2:] == [
        "w2 = w1*3 = [[3 6] [9 12]]",
        "w3 = w2.T = [[3 9] [6 12]]",
        "w4 = (w3 with [0] = 7) = [[7 7] [6 12]]",
        "w5 = (w2 with w2.T = w4) = [[7 6] [7 12]]",
        "w6 = sum(w5) = 32",
    ]
    assert latex(of_node(graph.node("w5"))) == r"w_{2}\text{ with }w_{2}^{\top} = w_{4}"
    np.testing.assert_array_equal(graph.reverse().result["w1"], [[0, 3], [0, 3]])


# -- a sweep that cannot be finished ------------------------------------------------------------------------------------


def overwritten(x):
    c = np.exp(x)
    d = c * c
    c += 1.0
    return np.sum(d)


def test_a_sweep_over_an_overwritten_value_raises_and_an_attempt_shows_how_far_it_goes():
    graph = lab.trace(overwritten, np.array([1.0, 2.0]))
    with pytest.raises(RuntimeError, match="operand 1 of multiply was overwritten") as raised:
        graph.reverse()
    sweep = graph.attempt("reverse", graph.outputs[0])
    assert [step.text[:6] for step in sweep] == ["seed: ", "w3->w4"]
    assert sweep.stopped == str(raised.value)
    assert str(sweep).splitlines()[-1] == f"Here reverse accumulation stops: {raised.value}"
    assert lab.trace(lambda x: x * 2.0, 1.0).reverse().stopped is None


def test_lab_show_of_it_shows_the_graph_and_says_why_the_sweep_stops():
    stepper = lab.show(lab.trace(overwritten, np.array([1.0, 2.0])))
    assert "<svg" in stepper.storyboard["svg"]
    assert len(stepper.sweep["steps"]) == 2
    sentence = stepper.sweep["steps"][-1]["sentence"]
    assert "complete. Here reverse accumulation stops: one of the variables needed" in sentence
    assert "write a new value instead" in sentence
    assert "Traceback" not in stepper.transcript
    stepper.mode = "forward"
    assert "Here forward accumulation stops" in stepper.sweep["steps"][-1]["sentence"]


def test_what_a_hook_raises_is_not_taken_for_a_sweep_that_stops():
    def hook(step):
        raise RuntimeError("mine")

    graph = lab.trace(lambda x: x * 2.0, 1.0)
    with lab.graph_hook(on_step=hook), pytest.raises(RuntimeError, match="mine"):
        lab.show(graph)
