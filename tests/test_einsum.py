"""Any einsum against PyTorch's: drawn subscripts and operands, values, gradients, second derivatives."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_lab as lab

from .test_oracles_torch import second_here, second_there


def close(ours, theirs):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-8, atol=1e-9)


SIZES = {"a": 2, "b": 3, "c": 1, "d": 2}


@st.composite
def einsums(draw):
    """Subscripts and operands: repeated indices, ellipses that broadcast, implied results, sums over one operand alone."""
    terms, shapes = [], []
    for _ in range(draw(st.integers(1, 3))):
        term = "".join(draw(st.lists(st.sampled_from("abcd"), max_size=3)))
        shape = [SIZES[letter] for letter in term]
        if draw(st.booleans()):
            at = draw(st.integers(0, len(term)))
            hidden = draw(st.sampled_from([(), (2,), (1,), (3, 2), (3, 1), (1, 2)]))
            term, shape = f"{term[:at]}...{term[at:]}", [*shape[:at], *hidden, *shape[at:]]
        terms.append(term)
        shapes.append(tuple(shape))
    subscripts = ",".join(terms)
    if draw(st.booleans()):
        letters = sorted(set("".join(terms)) - {"."})
        result = draw(st.permutations(letters))[: draw(st.integers(0, len(letters)))]
        at = draw(st.integers(0, len(result)))
        subscripts += "->" + "".join(result[:at]) + ("..." if "..." in subscripts else "") + "".join(result[at:])
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    return subscripts, [rng.normal(size=shape) for shape in shapes]


@given(einsums())
@settings(max_examples=300)
def test_any_einsum_is_that_of_pytorch(torch, case):
    subscripts, arrays = case
    weights = np.random.default_rng(1).normal(size=np.shape(np.einsum(subscripts, *arrays)))

    def squared(m, *xs):
        return m.einsum(subscripts, *xs) ** 2

    (value, *ours), (wanted, *theirs) = second_here(squared, arrays, weights), second_there(torch, squared, arrays, weights)
    close(value.detach().numpy(), wanted.detach().numpy())
    for mine, its in zip([*ours[0], *ours[1]], [*theirs[0], *theirs[1]], strict=True):
        close(mine.detach().numpy(), its.detach().numpy())


@given(einsums())
@settings(max_examples=100)
def test_index_lists_say_the_same_as_subscripts(case):
    subscripts, arrays = case
    inputs, arrow, result = subscripts.partition("->")

    def listed(term):
        return [Ellipsis if c == "." else "abcd".index(c) for c in term.replace("...", ".")]

    lists = [part for array, term in zip(arrays, inputs.split(","), strict=True) for part in (array, listed(term))]
    tensors = [lab.tensor(p, requires_grad=True) if isinstance(p, np.ndarray) else p for p in lists]
    ours = np.einsum(*tensors, *([listed(result)] if arrow else []))
    close(ours.detach().numpy(), np.einsum(subscripts, *arrays))
