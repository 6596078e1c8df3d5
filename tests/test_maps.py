"""What the edges of array operations say: their linear map in words and in short, and what becomes of broadcasting."""

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.explain.expression import displayed
from autograd_lab.explain.formulas import equation
from autograd_lab.explain.latex import latex
from autograd_lab.explain.maps import in_short, in_words, mask, undone, undone_in_short
from autograd_lab.explain.mathml import mathml
from autograd_lab.explain.text import text

from .array_samples import POSITIVE, SQUARE, M, V, W

P = np.arange(6.0).reshape(3, 2) / 10


def stepped(function, arguments, mode, edge):
    """The step that visits an edge, of a sweep from ones."""
    graph = lab.trace(function, *arguments)
    source = graph.node(edge.partition("->")[0])
    about = source if source in graph.inputs else graph.inputs[0]
    if mode == "forward":
        sweep = graph.forward(about, seed=np.ones(np.shape(about.value)))
    else:
        sweep = graph.reverse(seed=np.ones(np.shape(graph.outputs[0].value)))
    (step,) = [step for step in sweep if step.edge is not None and step.edge.id == edge]
    return step


# An operation, on what, the edge, then forward and reverse: in words, in short.
MAPS = [
    (lambda a, b: a @ b, (M, P), "w1->w3",
     ("tangent times w2: (2, 3) -> (2, 2)", ("· w₂", "(2,3)→(2,2)")),
     ("adjoint times w2 transposed: (2, 2) -> (2, 3)", ("· w₂ᵀ", "(2,2)→(2,3)"))),
    (lambda a, b: a @ b, (M, P), "w2->w3",
     ("w1 times tangent: (3, 2) -> (2, 2)", ("w₁ ·", "(3,2)→(2,2)")),
     ("w1 transposed times adjoint: (2, 2) -> (3, 2)", ("w₁ᵀ ·", "(2,2)→(3,2)"))),
    (lambda a, b: a @ b, (M, V), "w1->w3",
     ("tangent times w2: (2, 3) -> (2,)", ("· w₂", "(2,3)→(2,)")),
     ("outer product of adjoint with w2: (2,) -> (2, 3)", ("⊗ w₂", "(2,)→(2,3)"))),
    (lambda x: M @ x, (P,), "w1->w2",
     ("(2×3) times tangent: (3, 2) -> (2, 2)", ("(2×3) ·", "(3,2)→(2,2)")),
     ("(2×3) transposed times adjoint: (2, 2) -> (3, 2)", ("(2×3)ᵀ ·", "(2,2)→(3,2)"))),
    (lambda x: np.sum(x, axis=0), (M,), "w1->w2",
     ("tangent summed over axis 0: (2, 3) -> (3,)", ("Σ axis 0", "(2,3)→(3,)")),
     ("adjoint spread along axis 0: (3,) -> (2, 3)", ("spread", "(3,)→(2,3)"))),
    (lambda x: np.sum(x, axis=-1), (M,), "w1->w2",
     ("tangent summed over axis 1: (2, 3) -> (2,)", ("Σ axis 1", "(2,3)→(2,)")),
     ("adjoint spread along axis 1: (2,) -> (2, 3)", ("spread", "(2,)→(2,3)"))),
    (lambda x: np.mean(x), (M,), "w1->w2",
     ("tangent averaged over axes 0, 1: (2, 3) -> ()", ("mean", "(2,3)→()")),
     ("adjoint divided by 6 and spread along axes 0, 1: () -> (2, 3)", ("spread / 6", "()→(2,3)"))),
    (lambda x: np.broadcast_to(x, (2, 3)), (V,), "w1->w2",
     ("tangent broadcast along axis 0: (3,) -> (2, 3)", ("broadcast", "(3,)→(2,3)")),
     ("adjoint, summed over the axes (0,) that broadcasting added: (2, 3) -> (3,)", ("Σ axis 0", "(2,3)→(3,)"))),
    (lambda x: x.T, (M,), "w1->w2",
     ("tangent transposed: (2, 3) -> (3, 2)", ("transpose", "(2,3)→(3,2)")),
     ("adjoint transposed: (3, 2) -> (2, 3)", ("transpose", "(3,2)→(2,3)"))),
    (lambda x: x.reshape(6), (M,), "w1->w2",
     ("tangent reshaped: (2, 3) -> (6,)", ("reshape", "(2,3)→(6,)")),
     ("adjoint reshaped: (6,) -> (2, 3)", ("reshape", "(6,)→(2,3)"))),
    (lambda x: x[0], (M,), "w1->w2",
     ("the part [0] of tangent: (2, 3) -> (3,)", ("[0]", "(2,3)→(3,)")),
     ("adjoint placed into [0], zeros elsewhere: (3,) -> (2, 3)", ("into [0]", "(3,)→(2,3)"))),
    (lambda x: x[[0, 0]], (V,), "w1->w2",
     ("the part [[0 0]] of tangent: (3,) -> (2,)", ("[[0 0]]", "(3,)→(2,)")),
     ("adjoint added up at [[0 0]], zeros elsewhere: (2,) -> (3,)", ("add at [[0 0]]", "(2,)→(3,)"))),
    (lambda x, y: np.concatenate([x, y]), (V, W), "w1->w3",
     ("tangent in its place among zeros: (3,) -> (6,)", ("into place", "(3,)→(6,)")),
     ("the part [0:3] of adjoint: (6,) -> (3,)", ("[0:3]", "(6,)→(3,)"))),
    (lambda x: np.max(x, axis=1), (M,), "w1->w2",
     ("tangent of the largest element along axis 1: (2, 3) -> (2,)", ("of the max", "(2,3)→(2,)")),
     ("adjoint passed to the largest element along axis 1: (2,) -> (2, 3)", ("to the max", "(2,)→(2,3)"))),
    (lambda x: np.sort(x), (V,), "w1->w2",
     ("tangent in the order of sorting", ("reorder", "")),
     ("adjoint back in the order before sorting", ("order back", ""))),
    (lambda x: np.cumsum(x), (V,), "w1->w2",
     ("running sums of tangent", ("cumsum", "")),
     ("running sums of adjoint from the end", ("cumsum back", ""))),
    (lambda x: np.linalg.inv(x), (SQUARE,), "w1->w2",
     ("minus ((w2 times tangent) times w2)", ("w₂ ·, · w₂, −", "")),
     ("minus ((w2 transposed times adjoint) times w2 transposed)", ("w₂ᵀ ·, · w₂ᵀ, −", ""))),
    (lambda x: np.linalg.svd(x)[1], (SQUARE,), "w1->w2",
     ("tangent pushed through svd: (3, 3) -> (7, 3)", ("push of svd", "(3,3)→(7,3)")),
     ("adjoint pulled back through svd: (7, 3) -> (3, 3)", ("pull of svd", "(7,3)→(3,3)"))),
    (lambda x: np.linalg.eigh(x)[0], (POSITIVE,), "w2->w3",
     ("the part .eigenvalues of tangent: (4, 3) -> (3,)", (".eigenvalues", "(4,3)→(3,)")),
     ("adjoint placed into .eigenvalues, zeros elsewhere: (3,) -> (4, 3)", ("into .eigenvalues", "(3,)→(4,3)"))),
    (lambda x: x.reshape(2, 3), (M,), "w1->w2",
     ("tangent unchanged", ("=", "")), ("adjoint unchanged", ("=", ""))),
]  # fmt: skip


@pytest.mark.parametrize(("function", "arguments", "edge", "forward", "reverse"), MAPS)
def test_an_array_operation_names_its_linear_map_in_each_mode(function, arguments, edge, forward, reverse):
    for mode, (words, short) in (("forward", forward), ("reverse", reverse)):
        step = stepped(function, arguments, mode, edge)
        assert in_words(step) == words
        assert in_short(step) == short
        assert step.text.startswith(f"{edge}: {words}, with ")


def test_a_product_that_broadcasts_says_that_its_adjoint_is_summed():
    step = stepped(lambda x: np.stack([M, M]) @ x, (P,), "reverse", "w1->w2")
    assert in_words(step).endswith("times adjoint, summed over the axes (0,) that broadcasting added: (2, 3, 2) -> (3, 2)")
    assert in_short(step)[0].endswith(", Σ axis 0")


@pytest.mark.parametrize(
    ("shapes", "reverse", "short", "forward", "stages"),
    [
        (((2, 3), (3,)), "summed over the axes (0,) that broadcasting added: (2, 3) -> (3,)", "Σ axis 0",
         "broadcast along axis 0: (3,) -> (2, 3)", ("sum(", ", axis=0)")),
        (((2, 3), ()), "summed over the axes (0, 1) that broadcasting added: (2, 3) -> ()", "Σ axes 0,1",
         "broadcast along axes 0, 1: () -> (2, 3)", ("sum(", ", axis=(0, 1))")),
        (((2, 3), (2, 1)), "summed over the axes (1,) that broadcasting added: (2, 3) -> (2, 1)", "Σ axis 1",
         "broadcast along axis 1: (2, 1) -> (2, 3)", ("sum(", ", axis=1, keepdims=True)")),
        (((4, 2, 3), (2, 1)), "summed over the axes (0, 2) that broadcasting added: (4, 2, 3) -> (2, 1)", "Σ axes 0,2",
         "broadcast along axes 0, 2: (2, 1) -> (4, 2, 3)", ("sum(sum(", ", axis=2, keepdims=True), axis=0)")),
    ],
)  # fmt: skip
def test_broadcasting_is_shown_with_the_shapes_before_and_after(shapes, reverse, short, forward, stages):
    arguments = [np.full(shape, 2.0) if shape else 2.0 for shape in shapes]
    back = stepped(lambda a, b: a - b, arguments, "reverse", "w2->w3")
    assert undone(back) == reverse
    assert undone_in_short(back) == short
    assert f", {reverse} = " in back.text
    symbols = text(equation(back)).split(" = ")[1]
    assert symbols.startswith(stages[0])
    assert symbols.endswith(stages[1])
    ahead = stepped(lambda a, b: a - b, arguments, "forward", "w2->w3")
    assert undone(ahead) == forward
    assert undone_in_short(ahead).startswith("→ (")
    assert f", {forward} = " in ahead.text
    assert text(equation(ahead)).split(" = ")[1].startswith("broadcast_to(-1 · ")


def test_where_nothing_is_broadcast_nothing_is_said_of_it():
    for mode in ("forward", "reverse"):
        assert undone(stepped(lambda a, b: a - b, (V, W), mode, "w1->w3")) is None
        assert undone_in_short(stepped(lambda a, b: a - b, (2.0, 3.0), mode, "w1->w3")) is None


def test_scalars_have_no_words_for_their_maps_but_their_formulas():
    for mode in ("forward", "reverse"):
        step = stepped(lambda x: np.sum(x), (2.0,), mode, "w1->w2")
        assert in_words(step) is None
        assert in_short(step) is None


# An operation, on what, the edge, what the ones of its mask stand for.
MASKS = [
    (lambda x: np.maximum(x, 0.0), (V - 0.5,), "w1->w2", "1 where w1 > 0, 0 elsewhere"),
    (lambda x, y: np.maximum(x, y), (V, W), "w2->w3", "1 where w2 > w1, 0 elsewhere"),
    (lambda x, y: np.minimum(x, y), (V, W), "w1->w3", "1 where w1 < w2, 0 elsewhere"),
    (lambda x, y: np.maximum(x, y), (V, V), "w1->w3", "1 where w1 is the larger, shared where both are equal"),
    (lambda x, y: np.where(V > 0.4, x, y), (V, W), "w1->w3", "1 where the condition holds, 0 elsewhere"),
    (lambda x, y: np.where(V > 0.4, x, y), (V, W), "w2->w3", "0 where the condition holds, 1 elsewhere"),
    (lambda x: np.clip(x, 0.2, 0.6), (V,), "w1->w2", "1 where w1 is within the bounds, 0 elsewhere"),
    (lambda x: x * 2.0, (V,), "w1->w2", None),
    (lambda x: np.maximum(x, 0.0), (2.0,), "w1->w2", None),
]


@pytest.mark.parametrize(("function", "arguments", "edge", "words"), MASKS)
def test_a_mask_says_what_its_ones_stand_for(function, arguments, edge, words):
    step = stepped(function, arguments, "reverse", edge)
    assert mask(step) == words
    assert words is None or f"local {words} = [" in step.text


def test_the_product_of_arrays_is_said_to_be_element_by_element():
    line = text(equation(stepped(lambda x: np.sin(x), (V,), "reverse", "w1->w2")))
    assert "[1 1 1] ⊙ (3,)" in line or "⊙" in line


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (np.array([[1.0, -2.0], [3.0, 4.5]]), 2),
        (np.array([1.0, 2.0, 3.0]), 1),
        (np.array([[0.123456], [1e-9]]), 2),
        (np.array([True, False]), 1),
    ],
)
def test_a_small_array_in_an_equation_stands_in_brackets(value, rows):
    shown = displayed(value)
    assert mathml(shown).count("<mtr>") == rows
    assert mathml(shown).count("<mtd>") == value.size
    assert "<mo>[</mo>" in mathml(shown)
    assert r"\begin{matrix}" in latex(shown)


@pytest.mark.parametrize("value", [np.ones((4, 4)), np.ones(5), np.ones((1, 2, 2)), np.zeros((0, 3)), 2.0, np.array(2.0)])
def test_a_larger_array_is_its_shape_and_a_number_a_number(value):
    assert "<mtable>" not in mathml(displayed(value))


def test_a_factorization_is_named_in_its_formula_as_a_push_or_pull_of_it():
    step = stepped(lambda x: np.linalg.svd(x)[1], (SQUARE,), "reverse", "w1->w2")
    assert r"\operatorname{vjp}_{\mathrm{svd}}" in latex(equation(step))
