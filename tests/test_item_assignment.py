"""Item assignment is recorded, gives both sides their gradients, and is refused where PyTorch refuses it."""

import pytest

from tests.twins import LEAF, OVERWRITTEN, VIEW_OF_LEAF, Programs, check, dtype, error

# -- every index with every kind of value -----------------------------------------------------------------------------------

# An index into a 4 x 3 matrix, and the shape of what it picks.
INDICES = {
    "an element": ((1, 2), ()),
    "a negative element": ((-1, -1), ()),
    "a row": (1, (3,)),
    "a row and all": ((1, slice(None)), (3,)),
    "a column": ((slice(None), 1), (4,)),
    "a slice": (slice(1, 3), (2, 3)),
    "a stepped slice": ((slice(None, None, 2), slice(1, None)), (2, 2)),
    "everything": (slice(None), (4, 3)),
    "an ellipsis": (..., (4, 3)),
    "a new axis": ((None, 1), (1, 3)),
    "a list of rows": ([0, 2], (2, 3)),
    "a list of rows and a column": (([0, 2], 1), (2,)),
    "two lists": (([0, 2, 3], [1, 1, 0]), (3,)),
    "a list behind a slice": ((slice(1, 3), [2, 0]), (2, 2)),
    "an empty slice": (slice(2, 2), (0, 3)),
}
MASKS = {
    "a mask": ([[True, False, False], [False, True, True], [False, False, False], [True, False, True]], (5,)),
    "a mask of rows": ([True, False, False, True], (2, 3)),
}


def index_in(m, index):
    """Masks as Tensors: what a program would have from `x > 0`."""
    return m.tensor(index) if index in [mask for mask, _ in MASKS.values()] else index


def counted(m, shape, requires_grad):
    size = 1
    for n in shape:
        size *= n
    values = m.reshape(m.arange(0.0, float(size)), shape) * 0.5 + 2.0
    return m.tensor(values.tolist(), requires_grad=requires_grad) if size else m.zeros(shape)


def a_number_is_assigned_to_a_result(m, t, index, shape):
    x = t([[1.0, 2.0, 3.0]] * 4)
    y = x * x
    same = y
    y[index_in(m, index)] = 5.0
    (y * y).sum().backward()
    return y, y is same, y.is_leaf, x.grad


def a_constant_is_assigned_to_a_result(m, t, index, shape):
    x = t([[1.0, 2.0, 3.0]] * 4)
    y = x * x
    y[index_in(m, index)] = counted(m, shape, requires_grad=False)
    (y * y).sum().backward()
    return y, x.grad


def a_recorded_value_is_assigned_to_a_result(m, t, index, shape):
    x, v = t([[1.0, 2.0, 3.0]] * 4), counted(m, shape, requires_grad=True)
    y = x * x
    y[index_in(m, index)] = v * 3.0
    (y * y).sum().backward()
    return y, x.grad, v.grad


def a_recorded_value_is_assigned_to_a_constant(m, t, index, shape):
    v = counted(m, shape, requires_grad=True)
    y = m.zeros((4, 3))
    same, before, alias = y, y.requires_grad, y.detach()
    y[index_in(m, index)] = v * 3.0 + t(1.0)
    (y * y).sum().backward()
    return y, y is same, before, y.requires_grad, y.is_leaf, alias, v.grad


def a_recorded_scalar_is_spread(m, t, index, shape):
    x, s = t([[1.0, 2.0, 3.0]] * 4), t(2.5)
    y = x * x
    y[index_in(m, index)] = s
    (y * y).sum().backward()
    return y, x.grad, s.grad


def a_part_is_added_to(m, t, index, shape):
    x, v = t([[1.0, 2.0, 3.0]] * 4), counted(m, shape, requires_grad=True)
    y = x * x
    y[index_in(m, index)] += v
    y[index_in(m, index)] *= 2.0
    (y * y).sum().backward()
    return y, x.grad, v.grad


def a_part_of_a_leaf_is_assigned_under_no_grad(m, t, index, shape):
    x = t([[1.0, 2.0, 3.0]] * 4)
    with m.no_grad():
        x[index_in(m, index)] = 7.0
        x[index_in(m, index)] -= 0.5
    (x * x).sum().backward()
    return x, x.requires_grad, x.is_leaf, x.grad


INDEX_PROGRAMS = Programs()
for name, (index, shape) in {**INDICES, **MASKS}.items():
    for f in (
        a_number_is_assigned_to_a_result, a_constant_is_assigned_to_a_result, a_recorded_value_is_assigned_to_a_result,
        a_recorded_value_is_assigned_to_a_constant, a_recorded_scalar_is_spread, a_part_is_added_to,
        a_part_of_a_leaf_is_assigned_under_no_grad,
    ):  # fmt: skip
        INDEX_PROGRAMS.put(lambda m, t, f=f, i=index, s=shape: f(m, t, i, s), f"{f.__name__}, by {name}")


@pytest.mark.parametrize("program", INDEX_PROGRAMS, ids=str)
def test_an_index_assigns_as_in_pytorch(torch, program):
    check(torch, program)


# -- programs ---------------------------------------------------------------------------------------------------------------

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


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_recurrence_that_reads_by_product_what_shares_the_buffer(m, t):
    a = t(0.5)
    out = m.zeros(4)
    out[0] = a
    for i in range(1, 4):
        out[i] = out[i - 1] * a
    out[3].backward()


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
