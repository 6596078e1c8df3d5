"""A value that backward still needs and that was overwritten is an error, one that it does not need is none: as in PyTorch."""

import pytest

from tests.twins import OVERWRITTEN, Programs, check

PROGRAMS = Programs()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_product_of_what_was_written_to_later(m, t):
    x = t([1.0, 2.0])
    y = x * 2.0
    y += 1.0
    z = (y * y).sum()
    y += 1.0
    z.backward()


@PROGRAMS.alike
def what_is_written_to_before_it_is_read_is_no_error(m, t):
    x = t([1.0, 2.0])
    y = x * 2.0
    y += 1.0
    z = (y * y).sum()
    z.backward()
    return z, x.grad


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_scalar_is_checked_as_an_array_is(m, t):
    x = t(2.0)
    y = x * 3.0
    z = y * y
    y += 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "exp")
def a_scalar_result_is_checked_too(m, t):
    x = t(2.0)
    y = m.exp(x)
    z = y * 3.0
    y *= 2.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_leaf_updated_before_backward(m, t):
    w = t([1.0, 2.0])
    loss = (w * w).sum()
    with m.no_grad():
        w -= 0.1
    loss.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_scalar_leaf_updated_before_backward(m, t):
    w = t(2.0)
    loss = w * w
    with m.no_grad():
        w -= 0.1
    loss.backward()


@PROGRAMS.alike
def a_leaf_updated_before_backward_that_nothing_saved(m, t):
    w = t([1.0, 2.0])
    loss = (w * 3.0 + w).sum()
    with m.no_grad():
        w -= 0.1
    loss.backward()
    return w, w.grad


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "power")
def an_update_between_two_backwards_through_a_retained_graph(m, t):
    w = t([1.0, 2.0])
    loss = (w**2).sum()
    loss.backward(retain_graph=True)
    with m.no_grad():
        w -= 0.1 * w.grad
    loss.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "matmul")
def the_second_network_is_trained_on_what_the_first_step_changed(m, t):
    a, b = t([[1.0, 2.0], [0.5, 1.0]]), t([[1.0, -1.0], [0.5, 2.0]])
    h = m.tensor([[1.0, 2.0]]) @ a
    first, second = (h @ b).sum(), ((h @ b) ** 2).sum()
    first.backward(retain_graph=True)
    with m.no_grad():
        b -= 0.1 * b.grad
    second.backward()


@PROGRAMS.alike
def an_error_leaves_the_leaves_untouched_and_the_engine_usable(m, t):
    x, s = t([1.0, 2.0]), t(3.0)
    y = x * 1.0
    z = (y * y).sum()
    y += 1.0
    try:
        (z + s).backward()
    except RuntimeError:
        (x * s).sum().backward()
    return x.grad, m.is_grad_enabled()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def writing_through_detach_is_noticed(m, t):
    x = t([1.0, 2.0])
    y = x * 1.0
    z = (y * y).sum()
    d = y.detach()
    d += 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def writing_through_a_detach_made_before_is_noticed(m, t):
    x = t([1.0, 2.0])
    d = x.detach()
    z = (x * x).sum()
    d.zero_()
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def writing_an_item_through_detach_is_noticed(m, t):
    x = t([1.0, 2.0])
    z = (x * x).sum()
    x.detach()[0] = 5.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def writing_through_a_view_is_noticed(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * 1.0
    z = (y * y).sum()
    v = y[1:]
    v += 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def writing_to_the_base_is_noticed_by_who_saved_a_view(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * 1.0
    v = y[1:]
    z = (v * v).sum()
    y += 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def writing_elsewhere_in_the_same_memory_is_noticed_too(m, t):
    x = t([1.0, 2.0, 3.0])
    y = x * 1.0
    v = y[1:]
    z = (v * v).sum()
    y[0] = 7.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "exp")
def an_item_written_into_a_saved_result_is_noticed(m, t):
    y = m.exp(t([1.0, 2.0]))
    z = (y * 2.0).sum()
    y[0] = 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def writing_the_same_values_again_is_noticed_too(m, t):
    x = t([1.0, 2.0])
    y = x * 1.0
    z = (y * y).sum()
    y *= 1.0
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_constant_input_that_is_refilled_is_noticed(m, t):
    w, batch = t([1.0, 2.0]), m.tensor([3.0, 4.0])
    loss = (w * batch).sum()
    batch[:] = m.tensor([5.0, 6.0])
    loss.backward()


@PROGRAMS.alike
def a_constant_input_that_is_refilled_after_backward_is_none(m, t):
    w, batch = t([1.0, 2.0]), m.zeros(2)
    for k in range(3):
        batch[:] = m.tensor([5.0, 6.0]) * k
        (w * batch).sum().backward()
    return w.grad


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "exp")
def create_graph_checks_too(m, t):
    x = t([1.0, 2.0])
    y = m.exp(x)
    z = y.sum()
    y += 1.0
    z.backward(create_graph=True)


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def the_second_order_graph_is_checked(m, t):
    x = t([1.0, 2.0])
    (x * x * x).sum().backward(create_graph=True)
    g = x.grad.sum()
    x.grad = None
    with m.no_grad():
        x += 1.0
    g.backward()


@PROGRAMS.alike
def a_clone_is_not_touched(m, t):
    x = t([1.0, 2.0])
    y = x * 1.0
    kept = y + 0.0
    z = (kept * kept).sum()
    y += 1.0
    z.backward()
    return x.grad


@PROGRAMS.alike
def only_the_visited_part_is_checked(m, t):
    x, w = t([1.0, 2.0]), t([3.0, 4.0])
    y = x * 1.0
    spoiled, intact = (y * w).sum(), (w * 2.0).sum()
    y += 1.0
    intact.backward()
    return w.grad, x.grad, spoiled


@PROGRAMS.alike
def writing_through_the_array_of_detach_is_seen_by_nobody(m, t):
    x = t([1.0, 2.0])
    z = (x * x).sum()
    x.detach().numpy()[0] = 100.0
    z.backward()
    return x.grad


# PyTorch goes on with the new values, without a word: what z was computed from is the better answer.
@PROGRAMS.differs(torch=[[10.0, 20.0], [20.0, 40.0]], lab=[[10.0, 20.0], [2.0, 4.0]])
def data_put_in_anew_leaves_what_was_saved(m, t):
    x = t([1.0, 2.0])
    z = (x * x).sum()
    x.data = m.tensor([10.0, 20.0])
    z.backward()
    return x, x.grad


# PyTorch divides by way of a reciprocal of its own, so that neither x nor the result is needed.
@PROGRAMS.differs(torch=[-1.0, -0.25], lab=RuntimeError)
def overwriting_what_a_number_was_divided_by(m, t):
    x = t([1.0, 2.0])
    y = x + 0.0
    z = (1.0 / y).sum()
    y += 1.0
    z.backward()
    return x.grad


@PROGRAMS.alike
def overwriting_the_quotient_of_a_number(m, t):
    x = t([1.0, 2.0])
    z = 3.0 / x
    total = z.sum()
    z += 1.0
    total.backward()
    return z, x.grad


# PyTorch tracks no write through .data, and gives the gradient of values that nobody computed with.
@PROGRAMS.differs(torch=[202.0, 4.0], lab=RuntimeError)
def writing_an_item_through_data(m, t):
    x = t([1.0, 2.0])
    z = (x * x).sum()
    x.data[0] = 101.0
    z.backward()
    return x.grad


@PROGRAMS.differs(torch=[0.0, 0.0], lab=RuntimeError)
def zeroing_data(m, t):
    x = t([1.0, 2.0])
    z = (x * x).sum()
    x.data.zero_()
    z.backward()
    return x.grad


@PROGRAMS.alike
def data_is_updated_between_training_steps(m, t):
    x = t([1.0, 2.0])
    for _ in range(2):
        (x * x).sum().backward()
        x.data -= 0.25 * x.grad
        x.grad = None
    return x, x.requires_grad, x.is_leaf


@PROGRAMS.alike
def data_of_a_result_is_updated(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    y.data += 1.0
    y.sum().backward()
    return y, x.grad


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
