"""In-place operators behave as PyTorch's: the object stays, its history is rewritten, and overwritten values are noticed."""

import contextlib
import operator
import tracemalloc

import numpy as np
import pytest

import autograd_lab as lab
from tests.twins import LEAF, OVERWRITTEN, Programs, check, dtype, error

OPERATORS = {
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "**=": operator.ipow,
    "%=": operator.imod,
    "//=": operator.ifloordiv,
}


def a_leaf_under_no_grad_is_updated_in_its_memory(m, t, op):
    x = t([1.0, 2.0, 5.0])
    same, alias = x, x.detach().numpy()
    with m.no_grad():
        x = op(x, 3.0)
    return x, x is same, alias, x.requires_grad, x.is_leaf, x.grad_fn


def a_result_keeps_its_identity_and_gets_a_new_history(m, t, op):
    x = t([1.0, 2.0, 5.0])
    y = x + 0.5
    same, alias = y, y.detach()
    y = op(y, 3.0)
    y.sum().backward()
    return y, y is same, alias, y.requires_grad, y.is_leaf, x.grad


def a_result_takes_another_recorded_operand(m, t, op):
    x, z = t([1.0, 2.0, 5.0]), t([2.0, 3.0, 4.0])
    y = x + 0.5
    y = op(y, z)
    y.sum().backward()
    return y, x.grad, z.grad


def a_constant_becomes_recorded_with_a_recorded_operand(m, t, op):
    z = t([2.0, 3.0, 4.0])
    y = m.tensor([1.5, 2.5, 5.5])
    same, alias, before = y, y.detach(), (y.requires_grad, y.is_leaf)
    y = op(y, z)
    y.sum().backward()
    return y, y is same, alias, before, y.requires_grad, y.is_leaf, z.grad


def a_constant_with_a_constant_stays_one(m, t, op):
    y = m.tensor([1.5, 2.5, 5.5])
    same, alias = y, y.numpy()
    y = op(y, m.tensor([2.0, 3.0, 4.0]))
    return y, y is same, alias, y.requires_grad, y.is_leaf


def a_scalar_keeps_its_identity_and_gets_a_new_history(m, t, op):
    x, z = t(2.5), t(2.0)
    y = x + 0.5
    same = y
    y = op(y, z)
    y.backward()
    return y, y is same, y.is_leaf, x.grad, z.grad


def a_scalar_leaf_under_no_grad_is_updated(m, t, op):
    x = t(5.0)
    same = x
    with m.no_grad():
        x = op(x, 3.0)
    return x, x is same, x.requires_grad, x.is_leaf


def a_smaller_operand_is_broadcast(m, t, op):
    x, z = t([[1.0, 2.0, 5.0], [3.0, 4.0, 6.0]]), t([2.0, 3.0, 4.0])
    y = x + 0.5
    y = op(y, z)
    y.sum().backward()
    return y, x.grad, z.grad


def the_dtype_of_the_left_side_stays(m, t, op):
    x = t([1.0, 2.0, 5.0], dtype=m.float32)
    y = x * 1.0
    y = op(y, m.tensor([2.0, 4.0, 2.0]))
    y.sum().backward()
    return y, dtype(y), x.grad, dtype(x.grad)


def an_int_operand_is_taken(m, t, op):
    x = t([1.0, 2.0, 5.0])
    y = x * 1.0
    y = op(y, m.tensor([2, 3, 2]))
    y.sum().backward()
    return y, x.grad


def a_plain_number_on_the_left_gives_a_new_result(m, t, op):
    x = t([1.0, 2.0, 5.0])
    n = 3.0
    n = op(n, x)
    n.sum().backward()
    return n, x.grad


def itself_on_both_sides(m, t, op):
    x = t([1.5, 2.5, 5.5])
    y = x + 0.0
    y = op(y, y)
    y.sum().backward()
    return y, x.grad


def the_left_side_on_the_right_again(m, t, op):
    x = t([1.5, 2.5, 5.5])
    y = x + 0.0
    y = op(y, y + 1.0)
    y.sum().backward()
    return y, x.grad


def a_leaf_is_refused(m, t, op):
    x = t([1.0, 2.0])
    x = op(x, 3.0)


def a_scalar_leaf_is_refused(m, t, op):
    x = t(1.0)
    x = op(x, 3.0)


def a_leaf_is_left_untouched_by_the_refusal(m, t, op):
    x = t([1.0, 2.0])
    refused = error(lambda: op(x, 3.0))
    (x * x).sum().backward()
    return refused, x, x.grad


def a_leaf_is_refused_inside_enable_grad_inside_no_grad(m, t, op):
    x = t([1.0, 2.0])
    with m.no_grad(), m.enable_grad():
        op(x, 3.0)


def a_shape_that_would_grow_is_refused(m, t, op):
    y = t([1.0, 2.0]) * 1.0
    y = op(y, m.tensor([[1.0, 2.0], [3.0, 4.0]]))


def an_unfit_shape_is_refused(m, t, op):
    y = t([1.0, 2.0]) * 1.0
    y = op(y, m.tensor([1.0, 2.0, 3.0]))


def ints_refuse_floats(m, t, op):
    x = m.tensor([1, 2])
    x = op(x, 1.5)


def ints_refuse_recorded_floats(m, t, op):
    x = m.tensor([1, 2])
    x = op(x, t([1.5, 2.5]))


WITH_CONSTANTS = [
    a_leaf_under_no_grad_is_updated_in_its_memory, a_constant_with_a_constant_stays_one,
    a_scalar_leaf_under_no_grad_is_updated, a_leaf_is_left_untouched_by_the_refusal,
]  # fmt: skip
RECORDED = [
    a_result_keeps_its_identity_and_gets_a_new_history, a_result_takes_another_recorded_operand,
    a_constant_becomes_recorded_with_a_recorded_operand, a_scalar_keeps_its_identity_and_gets_a_new_history,
    a_smaller_operand_is_broadcast, the_dtype_of_the_left_side_stays, an_int_operand_is_taken,
    a_plain_number_on_the_left_gives_a_new_result, the_left_side_on_the_right_again,
]  # fmt: skip
REFUSED = {
    a_leaf_is_refused: (LEAF, "no_grad"),
    a_scalar_leaf_is_refused: (LEAF, "no_grad"),
    a_leaf_is_refused_inside_enable_grad_inside_no_grad: (LEAF, "no_grad"),
    a_shape_that_would_grow_is_refused: ("[2]", "[2, 2]"),
    ints_refuse_floats: ("int64", "float64"),
    ints_refuse_recorded_floats: ("int64", "float64"),
}

OPERATOR_PROGRAMS = Programs()


def put(sign, f, **expected):
    OPERATOR_PROGRAMS.put(lambda m, t: f(m, t, OPERATORS[sign]), f"{sign} {f.__name__}", **expected)


for sign in OPERATORS:
    for f in WITH_CONSTANTS:
        put(sign, f)
    for f in RECORDED if sign != "//=" else []:
        # torch has no derivative for a plain number % Tensor: see below
        if (sign, f) != ("%=", a_plain_number_on_the_left_gives_a_new_result):
            put(sign, f)
    for f, words in REFUSED.items():
        put(sign, f, kind=RuntimeError, words=words)
    put(sign, an_unfit_shape_is_refused, differs=True, theirs=RuntimeError, ours=ValueError)  # NumPy's own error
for sign in ("+=", "-="):
    put(sign, itself_on_both_sides)
for sign, name in {"*=": "multiply", "/=": "divide", "**=": "power", "%=": "remainder"}.items():
    # the operand on the right was saved, and is the memory that is written to
    put(sign, itself_on_both_sides, kind=RuntimeError, words=(OVERWRITTEN, name))


@pytest.mark.parametrize("program", OPERATOR_PROGRAMS, ids=str)
def test_an_operator_does_in_place_what_pytorchs_does(torch, program):
    check(torch, program)


@pytest.mark.parametrize("after", range(4))
def test_a_hook_that_raises_while_a_view_is_written_to_leaves_everything_as_it_was(after):
    x = lab.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1.0
    row, sibling = y[1:], y[:2]
    told = []

    def listen(node):
        told.append(node.op)
        if len(told) > after:
            raise KeyError(node.op)

    def double():
        nonlocal row
        row *= 2.0

    with pytest.raises(KeyError) if after < 3 else contextlib.nullcontext(), lab.graph_hook(on_record=listen):
        double()
    factor = 1.0 if after < 3 else 2.0
    sibling += 10.0
    assert (y.tolist(), row.tolist()) == ([11.0, 10.0 + 2.0 * factor, 3.0 * factor], [10.0 + 2.0 * factor, 3.0 * factor])
    (y * y).sum().backward()
    assert x.grad.tolist() == [22.0, 2.0 * factor * (10.0 + 2.0 * factor), 6.0 * factor**2]


def test_a_large_buffer_filled_element_by_element_keeps_no_copies_of_itself():
    x = lab.tensor(np.linspace(0.0, 1.0, 5000), requires_grad=True)
    buffer = lab.tensor(np.zeros(5000))
    tracemalloc.start()
    for i in range(500):
        buffer[i] = x[i] * 2.0
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * 5000 * 8  # 500 copies would be 20 MB
    buffer.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), np.where(np.arange(5000) < 500, 2.0, 0.0))
