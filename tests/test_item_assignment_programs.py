"""Programs that assign items: buffers filled in loops, swaps, masks, overwritten values, refusals."""

import numpy as np
import pytest

from tests.twins import LEAF, OVERWRITTEN, VIEW_OF_LEAF, Programs, check, dtype, error

PROGRAMS = Programs()


@PROGRAMS.alike
def a_buffer_is_filled_in_a_loop(m, t):
    x = t([0.5, 1.0, 1.5])
    out = m.zeros(3)
    for i in range(3):
        out[i] = m.sin(x[i]) * x[i]
    out.sum().backward()
    return out, out.requires_grad, x.grad


@PROGRAMS.alike
def a_recurrence_is_written_into_a_buffer(m, t):
    a, b = t(0.5), t(1.5)
    out = m.zeros(5)
    out[0] = a
    for i in range(1, 5):
        out[i] = out[i - 1] + a * b
    out[4].backward()
    return out, a.grad, b.grad


@PROGRAMS.alike
def a_matrix_is_filled_row_by_row(m, t):
    x = t([0.5, 1.0])
    out = m.zeros((3, 2))
    for i in range(3):
        out[i] = x**i
    (out * out).sum().backward()
    return out, x.grad


# PyTorch's element shares the buffer's memory and version; ours is a number of its own, and no value was lost.
@PROGRAMS.differs(torch=RuntimeError, lab=0.5)
def a_recurrence_that_reads_elements_by_product(m, t):
    a = t(0.5)
    out = m.zeros(4)
    out[0] = a
    for i in range(1, 4):
        out[i] = out[i - 1] * a
    out[3].backward()
    return a.grad


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_recurrence_that_reads_rows_by_product(m, t):
    a = t([0.5, 0.25])
    out = m.zeros((4, 2))
    out[0] = a
    for i in range(1, 4):
        out[i] = out[i - 1] * a
    out[3].sum().backward()


@PROGRAMS.alike
def what_is_overwritten_gets_no_gradient(m, t):
    x, v = t([1.0, 2.0, 3.0]), t([4.0, 5.0])
    y = x * 2.0
    y[1:] = v
    y[2] = 0.0
    y.sum().backward()
    return y, x.grad, v.grad


@PROGRAMS.alike
def the_last_of_several_assignments_to_one_place_counts(m, t):
    u, v = t(2.0), t(3.0)
    y = m.zeros(2)
    y[0] = u
    y[0] = v
    y.sum().backward()
    return y, u.grad, v.grad


@PROGRAMS.alike
def the_value_stays_what_it_was_when_the_buffer_changes(m, t):
    v = t([1.0, 2.0])
    w = v * 1.0
    y = m.zeros(3)
    y[:2] = w
    y *= 3.0
    y[0] = 9.0
    (y.sum() + w.sum()).backward()
    return w, y, v.grad


@PROGRAMS.alike
def a_value_of_size_one_is_spread(m, t):
    v, w = t([2.0]), t([[3.0], [4.0]])
    y = m.zeros((2, 3))
    y[0] = v
    y[:, 1:] = w
    (y * y).sum().backward()
    return y, v.grad, w.grad


@PROGRAMS.alike
def leading_axes_of_one_are_dropped(m, t):
    v = t([[2.0, 3.0]])
    y = m.zeros((2, 2))
    y[0] = v
    (y * y).sum().backward()
    return y, v.grad


@PROGRAMS.alike
def parts_of_one_tensor_are_swapped(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * x
    y[0], y[2] = y[2] * 1.0, y[0] * 1.0
    (y * m.tensor([1.0, 10.0, 100.0])).sum().backward()
    return y, x.grad


@PROGRAMS.alike
def elements_are_assigned_from_the_tensor_itself(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * x
    y[1:] = y[:2] + 0.0
    y[0] = y[2] + 1.0
    y.sum().backward()
    return y, x.grad


@PROGRAMS.alike
def a_0d_tensor_is_assigned_by_ellipsis_and_empty_tuple(m, t):
    x, v = t(2.0), t(3.0)
    y = x * x
    y[...] = 5.0
    z = x * x
    z[()] = v
    (y + z * z).backward()
    return y, z, x.grad, v.grad


@PROGRAMS.alike
def a_mask_from_a_comparison_clips(m, t):
    x = t([-1.0, 2.0, -3.0, 4.0])
    y = x * 2.0
    y[y < 0.0] = 0.0
    y[x > 3.0] = x[x > 3.0] * 0.5
    (y * y).sum().backward()
    return y, x.grad


@PROGRAMS.alike
def ints_and_numpy_style_indices_work(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * 1.0
    y[m.tensor(1)] = 5.0
    y[m.tensor([0, 2])] *= 3.0
    y.sum().backward()
    return y, x.grad


@PROGRAMS.alike
def a_value_is_converted_to_the_dtype(m, t):
    x, v = t([1.0, 2.0, 3.0], dtype=m.float32), t([0.5, 0.25])
    y = x * 1.0
    y[1:] = v
    y[0] = 7
    n = m.tensor([1, 2, 3])
    n[0] = 2.75
    (y * y).sum().backward()
    return y, dtype(y), x.grad, dtype(x.grad), v.grad, dtype(v.grad), n, dtype(n)


@PROGRAMS.alike
def assignment_under_no_grad_keeps_the_history_of_a_result(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    with m.no_grad():
        y[0] = 10.0
    y.sum().backward()
    return y, y.is_leaf, x.grad


@PROGRAMS.alike
def a_second_derivative_through_item_assignment(m, t):
    x = t([0.5, 1.5])
    y = x * x
    y[0] = x[1] * x[1] * x[1]
    y.sum().backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.sum().backward()
    return first, x.grad


@PROGRAMS.alike
def a_grad_is_written_to_by_item(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    x.grad[0] = 0.0
    return x.grad


@PROGRAMS.alike
def augmented_assignment_calls_with_the_view_itself(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * 1.0
    y[0] += x[1]
    y[1:] -= x[:2]
    y[2] /= x[0]
    y.sum().backward()
    return y, x.grad


@PROGRAMS.alike
def one_value_for_an_empty_place_is_spread_to_nothing(m, t):
    x, v = t([5.0, 7.0]), t([1.0])
    y = x * 1.0
    y[2:] = v
    y.sum().backward()
    return y, x.grad, v.grad


@PROGRAMS.alike
def assignment_where_nothing_was_saved_is_fine(m, t):
    x = t([1.0, 2.0])
    y = x + 1.0
    z = y.sum() + (y * 3.0).sum()
    y[0] = 9.0
    z.backward()
    return x.grad


@PROGRAMS.alike
def the_assigned_value_was_saved_by_nobody(m, t):
    v = t([1.0, 2.0])
    w = v * 1.0
    y = m.zeros(2)
    y[:] = w
    w += 1.0
    y.sum().backward()
    return y, w, v.grad


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def assignment_over_what_was_saved_is_noticed(m, t):
    x = t([1.0, 2.0])
    y = x * 1.0
    z = (y * y).sum()
    y[0] = 9.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "sin")
def assignment_to_a_leaf_under_no_grad_is_noticed(m, t):
    x = t([1.0, 2.0])
    z = m.sin(x).sum()
    with m.no_grad():
        x[0] = 9.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "power")
def assignment_by_mask_over_what_was_saved_is_noticed(m, t):
    y = t([1.0, -2.0]) * 1.0
    z = (y**2).sum()
    y[y < 0.0] = 0.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def assignment_to_a_constant_that_was_saved_is_noticed(m, t):
    x, c = t([1.0, 2.0]), m.tensor([3.0, 4.0])
    z = (x * c).sum()
    c[0] = 5.0
    z.backward()


@PROGRAMS.refused(RuntimeError, VIEW_OF_LEAF, "no_grad")
def an_item_of_a_leaf_is_refused(m, t):
    x = t([1.0, 2.0])
    x[0] = 5.0


@PROGRAMS.refused(RuntimeError, VIEW_OF_LEAF, "no_grad")
def a_slice_of_a_leaf_is_refused(m, t):
    x = t([1.0, 2.0])
    x[:] = 5.0


@PROGRAMS.refused(RuntimeError, LEAF, "no_grad")
def a_masked_part_of_a_leaf_is_refused(m, t):
    x = t([1.0, 2.0])
    x[x > 1.0] = 5.0


@PROGRAMS.refused(RuntimeError, LEAF, "no_grad")
def a_listed_part_of_a_leaf_is_refused(m, t):
    x = t([1.0, 2.0])
    x[[0]] = 5.0


@PROGRAMS.refused(RuntimeError, VIEW_OF_LEAF, "no_grad")
def adding_to_an_item_of_a_leaf_is_refused(m, t):
    x = t([1.0, 2.0])
    x[0:1] += 5.0


@PROGRAMS.alike
def a_leaf_is_left_untouched_by_the_refusal(m, t):
    x = t([1.0, 2.0])

    def assign():
        x[0] = 5.0

    refused = error(assign)
    (x * x).sum().backward()
    return refused, x, x.grad


# NumPy's own errors keep their type: they name the shapes.
@PROGRAMS.differs(torch=RuntimeError, lab=ValueError)
def a_value_of_another_shape_is_refused(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    y[1:] = m.tensor([1.0, 2.0, 3.0])


@PROGRAMS.differs(torch=RuntimeError, lab=ValueError)
def a_recorded_value_with_more_axes_is_refused(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    y[1:] = t([[1.0, 2.0], [3.0, 4.0]])


@PROGRAMS.refused(RuntimeError, "detach().numpy()")
def a_recorded_array_put_into_a_numpy_array_is_refused(m, t):
    x = t([1.0, 2.0])
    out = np.zeros(2)
    out[:] = x * x


@PROGRAMS.alike
def a_constant_put_into_a_numpy_array_is_copied(m, t):
    out = np.zeros(3)
    out[0] = m.tensor(1.0)
    out[1:] = m.tensor([2.0, 3.0])
    return out


@PROGRAMS.refused(IndexError, "5", "3")
def an_index_out_of_range_is_refused(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    y[5] = 1.0


@PROGRAMS.refused(IndexError, "5", "3")
def a_listed_index_out_of_range_is_refused(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    y[[0, 5]] = 1.0


@PROGRAMS.refused(IndexError)
def too_many_indices_are_refused(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    y[0, 0] = 1.0


@PROGRAMS.refused(IndexError)
def an_index_into_a_0d_tensor_is_refused(m, t):
    y = t(1.0) * 1.0
    y[0] = 1.0


@PROGRAMS.refused(IndexError)
def a_mask_of_another_shape_is_refused(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    y[m.tensor([True, False])] = 1.0


@PROGRAMS.refused(TypeError)
def text_is_no_value(m, t):
    y = t([1.0, 2.0, 3.0]) * 1.0
    y[0] = "one"


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
