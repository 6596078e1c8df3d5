"""Programs that write through views: siblings, views of views, leaves, no_grad, and where NumPy makes a difference."""

import pytest

from tests.twins import OVERWRITTEN, SHARED_ELEMENT, VIEW_OF_LEAF, Programs, check


def matrix(t):
    return t([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


PROGRAMS = Programs()


@PROGRAMS.alike
def sibling_views_see_each_other(m, t):
    x = t([1.0, 2.0, 3.0, 4.0])
    y = x * 1.0
    a, b = y[:3], y[1:]
    a *= 10.0
    b += 1.0
    (a * b).sum().backward()
    return a, b, y, x.grad


@PROGRAMS.alike
def a_view_of_a_view_writes_through_both(m, t):
    x = matrix(t)
    y = x * 1.0
    row = y[0]
    part = row[1:]
    part *= x[1, :2]
    (row * 2.0).sum().backward()
    return part, row, y, x.grad


@PROGRAMS.alike
def base_and_views_are_written_to_in_turn(m, t):
    x, s = matrix(t), t(2.0)
    y = x * 1.0
    first, column = y[0], y[:, 1]
    first *= s
    y += 1.0
    column *= s
    first -= x[1]
    y *= 0.5
    ((first * first).sum() + column.sum() + y.sum()).backward()
    return first, column, y, x.grad, s.grad


@PROGRAMS.alike
def a_view_made_before_the_base_became_recorded(m, t):
    x = t([1.0, 2.0])
    y = m.zeros(4)
    v = y[1:3]
    before = v.requires_grad
    y[2:] = x
    (v * v).sum().backward()
    return before, v, v.requires_grad, v.is_leaf, y, x.grad


@PROGRAMS.alike
def a_sibling_becomes_recorded_too(m, t):
    x = t([1.0, 2.0])
    y = m.zeros(4)
    a, b = y[:3], y[1:]
    a[1:] = x
    (b * b).sum().backward()
    return a, b, y, b.requires_grad, x.grad


@PROGRAMS.alike
def an_old_view_is_read_after_the_base_was_rewritten(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * 2.0
    v = y[1:]
    y *= x
    y.zero_()
    (v * 3.0).sum().backward()
    return v, y, x.grad


@PROGRAMS.alike
def a_view_computed_with_before_and_after(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * 2.0
    v = y[1:]
    before = v + 1.0
    y += x
    after = v + 1.0
    (before * after).sum().backward()
    return before, after, x.grad


@PROGRAMS.alike
def a_view_outlives_the_name_of_its_base(m, t):
    x = matrix(t)
    v = (x * 2.0)[0]
    v *= 3.0
    v[1] = 0.0
    v.sum().backward()
    return v, x.grad


@PROGRAMS.alike
def the_grad_fn_of_a_view_is_rewritten(m, t):
    x = matrix(t)
    y = x * 2.0
    v = y[0]
    before = v.grad_fn is None, v.is_leaf
    y += 1.0
    return before, v.grad_fn is None, v.is_leaf, v.requires_grad


@PROGRAMS.alike
def a_view_of_a_leaf_may_be_written_to_under_no_grad(m, t):
    x = matrix(t)
    v = x[0]
    with m.no_grad():
        v *= 5.0
        x.T[0] = 0.0
    (x * x).sum().backward()
    return x, x.is_leaf, v, x.grad


@PROGRAMS.refused(RuntimeError, VIEW_OF_LEAF, "no_grad")
def a_view_of_a_view_of_a_leaf_is_refused(m, t):
    x = matrix(t)
    v = x.T[0]
    v += 1.0


@PROGRAMS.refused(RuntimeError, VIEW_OF_LEAF, "no_grad")
def zeroing_a_view_of_a_leaf_is_refused(m, t):
    x = matrix(t)
    x[0].zero_()


@PROGRAMS.refused(RuntimeError, "view", "no_grad")
def zeroing_what_no_grad_viewed_of_a_leaf_is_refused(m, t):
    x = matrix(t)
    with m.no_grad():
        v = x[0]
    v.zero_()


@PROGRAMS.refused(RuntimeError, "view", "no_grad")
def a_recorded_value_into_what_no_grad_viewed_of_a_leaf_is_refused(m, t):
    x = matrix(t)
    with m.no_grad():
        v = x[0]
    v += x[1]


@PROGRAMS.refused(RuntimeError, "view", "no_grad")
def what_no_grad_viewed_of_a_result_is_not_written_to_with_recording_on(m, t):
    x = matrix(t)
    y = x * 2.0
    with m.no_grad():
        v = y[0]
    v *= 3.0


@PROGRAMS.alike
def what_no_grad_viewed_of_a_constant_may_be_written_to(m, t):
    c = m.tensor([1.0, 2.0])
    with m.no_grad():
        v = c[:1]
    v *= 3.0
    return c, v


@PROGRAMS.refused(RuntimeError, SHARED_ELEMENT)
def what_repeats_one_element_is_not_written_to(m, t):
    y = t([1.0, 2.0]) * 1.0
    v = m.broadcast_to(y, (3, 2))
    v += 1.0


@PROGRAMS.refused(RuntimeError, SHARED_ELEMENT)
def an_item_of_what_repeats_one_element_is_not_added_to(m, t):
    y = m.tensor([1.0, 2.0])
    v = m.broadcast_to(y, (3, 2))
    v *= m.tensor([[1.0, 2.0]])


@PROGRAMS.alike
def a_repeated_element_may_be_written_to_at_its_base(m, t):
    x = t([1.0, 2.0])
    y = x * 1.0
    v = m.broadcast_to(y, (3, 2))
    y *= 10.0
    v.sum().backward()
    return v, x.grad


@PROGRAMS.alike
def detach_of_a_view_shares_memory_with_the_base(m, t):
    x = matrix(t)
    y = x * 1.0
    d = y[0].detach()
    d += 10.0
    y.sum().backward()
    return y, d, d.requires_grad, x.grad


@PROGRAMS.alike
def a_view_of_detach_shares_memory_and_no_history(m, t):
    x, s = matrix(t), t(2.0)
    y = x * 1.0
    d = y.detach()
    v = d[0]
    v *= s
    (y.sum() + d.sum()).backward()
    return y, d, d.requires_grad, y.requires_grad, x.grad, s.grad


@PROGRAMS.alike
def writing_to_a_recorded_base_through_its_detach_keeps_the_gradient(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    y.detach()[0] = 100.0
    (y * 2.0).sum().backward()
    return y, x.grad


@PROGRAMS.alike
def a_view_of_a_grad_shares_its_memory(m, t):
    x = t([1.0, 2.0, 3.0])
    (x * x).sum().backward()
    x.grad[1:] *= 10.0
    v = x.grad[:1]
    v.zero_()
    return x.grad


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "sin")
def a_write_through_a_sibling_is_noticed(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    a, b = y[:2], y[1:]
    z = m.sin(a).sum()
    b += 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "exp")
def a_write_through_a_view_of_a_saved_result_is_noticed(m, t):
    y = m.exp(matrix(t))
    z = y.sum()
    v = y.T[0]
    v.zero_()
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_write_to_what_no_grad_viewed_is_noticed(m, t):
    x = t([1.0, 2.0, 3.0])
    z = (x * x).sum()
    with m.no_grad():
        v = x[1:]
        v += 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "matmul")
def a_write_to_a_weight_saved_through_its_transpose_is_noticed(m, t):
    w, x = matrix(t), t([[1.0, 2.0, 3.0]])
    loss = (x @ w.T).sum()
    with m.no_grad():
        w -= 0.1
    loss.backward()


@PROGRAMS.alike
def a_second_derivative_through_views_written_to(m, t):
    x = t([0.5, 1.5, 2.5])
    y = x * x
    v = y[1:]
    v *= x[:2]
    y.sum().backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.sum().backward()
    return first, x.grad


@PROGRAMS.alike
def backward_again_through_a_view_that_was_written_to(m, t):
    x = t([0.5, 1.5, 2.5])
    y = x * x
    v = y[1:]
    v *= 3.0
    y.sum().backward(retain_graph=True)
    y.sum().backward()
    return x.grad


@PROGRAMS.alike
def an_index_in_a_column_of_a_row_is_written_to(m, t):
    x = matrix(t)
    y = x * 1.0
    y[0][1] = 9.0
    y.T[2][1] *= 10.0
    y.sum().backward()
    return y, x.grad


# -- where NumPy's views, or the scalars kept as numbers, make a difference on purpose ---------------------------------------


@PROGRAMS.differs(torch=[[2.0, 2.0], 2.0], lab=[[1.0, 2.0], 2.0])
def a_0d_view_shares_no_memory(m, t):
    y = t([1.0, 2.0]) * 1.0
    v = y[0]
    v += 1.0
    return y, v


@PROGRAMS.differs(torch=[[5.0, 2.0], 5.0], lab=[[5.0, 2.0], 1.0])
def a_0d_view_does_not_follow_its_base(m, t):
    y = t([1.0, 2.0]) * 1.0
    v = y[0]
    y[0] = 5.0
    return y, v


@PROGRAMS.differs(torch=RuntimeError, lab=[[1.0, 2.0], 6.0])
def a_0d_view_of_a_leaf_may_be_written_to(m, t):
    x = t([1.0, 2.0])
    v = x[0]
    v += 5.0
    return x, v


@PROGRAMS.differs(torch=RuntimeError, lab=[2.0, 0.0])
def a_0d_view_that_was_saved_survives_its_base(m, t):
    x = t([1.0, 2.0])
    y = x * 1.0
    v = y[0]
    z = v * v
    y += 1.0
    z.backward()
    return x.grad


@PROGRAMS.differs(torch=[3.0, 3.0], lab=[3.0, 2.0])
def a_detached_scalar_shares_no_memory(m, t):
    x = t(2.0)
    d = x.detach()
    with m.no_grad():
        x += 1.0
    return x, d


@PROGRAMS.differs(torch=[[1.0, 2.0, 3.0], [30.0, 20.0, 10.0]], lab=[[10.0, 20.0, 30.0], [30.0, 20.0, 10.0]])
def flip_is_a_view(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    v = m.flip(y, (0,))
    v *= 10.0
    return y, v


@PROGRAMS.differs(torch=RuntimeError, lab=[[[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]], [[10.0] * 3, [10.0] * 3]])
def rows_of_an_iteration_may_be_written_to(m, t):
    x = matrix(t)
    y = x * 1.0
    for row in y:
        row *= 10.0  # noqa: PLW2901 - written to in place, not rebound
    y.sum().backward()
    return y, x.grad


@PROGRAMS.differs(torch=[[10.0, 20.0], True], lab=[[1.0, 2.0], False])
def a_plus_sign_gives_a_new_tensor(m, t):
    y = t([1.0, 2.0]) * 1.0
    v = +y
    v *= 10.0
    return y, v is y


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
