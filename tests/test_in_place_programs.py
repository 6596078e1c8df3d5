# ruff: noqa: PLW2901 - optimizers write to the parameters that they loop over
"""Programs that write in place as people write them, training loops first, run as in PyTorch."""

import pytest

from tests.twins import LEAF, OVERWRITTEN, Programs, check, dtype

PROGRAMS = Programs()


@PROGRAMS.alike
def sgd_on_a_vector(m, t):
    w, target = t([1.0, -2.0]), m.tensor([0.5, 3.0])
    same, losses = w, []
    for _ in range(4):
        loss = ((w - target) ** 2).sum()
        loss.backward()
        losses.append(loss.item())
        with m.no_grad():
            w -= 0.1 * w.grad
        w.grad.zero_()
    return losses, w, w is same, w.grad, w.requires_grad, w.is_leaf


@PROGRAMS.alike
def sgd_on_scalars(m, t):
    a, b = t(1.0), t(-2.0)
    same, losses = a, []
    for x, y in ((1.0, 2.0), (2.0, 1.0), (3.0, 5.0), (1.5, 0.5)):
        loss = (a * x + b - y) ** 2
        loss.backward()
        losses.append(loss.item())
        with m.no_grad():
            for p in (a, b):
                p -= 0.05 * p.grad
                p.grad.zero_()
    return losses, a, b, a is same, a.grad, a.requires_grad, a.is_leaf


@PROGRAMS.alike
def sgd_with_grad_set_to_none(m, t):
    w = t([[1.0, -2.0], [0.5, 3.0]])
    grads = []
    for _ in range(3):
        (w * w * w).sum().backward()
        grads.append(w.grad)
        with m.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
    return w, grads


@PROGRAMS.alike
def a_list_of_parameters_is_updated_in_a_decorated_step(m, t):
    parameters = [t([1.0, 2.0]), t(3.0), t([[1.0], [2.0]])]

    @m.no_grad()
    def step():
        for p in parameters:
            p -= 0.5 * p.grad
            p.grad = None

    for _ in range(2):
        (parameters[0] * parameters[1] * parameters[2]).sum().backward()
        step()
    return parameters


@PROGRAMS.alike
def momentum_buffers(m, t):
    w, s = t([1.0, -2.0]), t(0.5)
    buffers = [m.zeros(2), m.tensor(0.0)]
    first = buffers[0]
    for _ in range(3):
        (s * w * w).sum().backward()
        with m.no_grad():
            for p, v in zip((w, s), buffers, strict=True):
                v *= 0.9
                v += p.grad
                p -= 0.1 * v
                p.grad.zero_()
    return w, s, buffers, buffers[0] is first


@PROGRAMS.alike
def adam(m, t):
    w = t([1.0, -2.0, 0.5])
    mean, square = m.zeros(3), m.zeros(3)
    for k in range(1, 4):
        (w**2 * m.tensor([1.0, 2.0, 3.0])).sum().backward()
        with m.no_grad():
            mean *= 0.9
            mean += 0.1 * w.grad
            square *= 0.999
            square += 0.001 * w.grad * w.grad
            w -= 0.01 * (mean / (1 - 0.9**k)) / (m.sqrt(square / (1 - 0.999**k)) + 1e-8)
        w.grad = None
    return w, mean, square


@PROGRAMS.alike
def weight_decay_is_added_to_grad(m, t):
    w = t([1.0, -2.0])
    (w * 3.0).sum().backward()
    held = w.grad
    w.grad += 0.5 * w.detach()
    return w.grad, w.grad is held, held, w.grad.requires_grad


@PROGRAMS.alike
def weight_decay_with_history_makes_grad_a_result(m, t):
    w = t([1.0, -2.0])
    (w * 3.0).sum().backward()
    w.grad += 0.5 * w
    return w.grad, w.grad.requires_grad, w.grad.is_leaf


@PROGRAMS.alike
def gradients_are_clipped_and_scaled_in_place(m, t):
    w, s = t([3.0, -4.0]), t(2.0)
    (w * w * s).sum().backward()
    for p in (w, s):
        norm = m.sqrt((p.grad * p.grad).sum())
        p.grad /= norm
        p.grad *= 0.5
    return w.grad, s.grad


@PROGRAMS.alike
def a_grad_computed_with_is_a_constant_that_grows_later(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    z = (x.grad * x).sum()
    value = z.item()
    x.grad = None
    z.backward()
    return value, x.grad


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_grad_that_was_saved_and_then_added_to_is_noticed(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    z = (x.grad * x).sum()
    (x * x).sum().backward()
    z.backward()


@PROGRAMS.refused(RuntimeError, OVERWRITTEN, "multiply")
def a_grad_that_was_saved_and_then_zeroed_is_noticed(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    z = (x.grad * x).sum()
    x.grad.zero_()
    z.backward()


@PROGRAMS.alike
def zero_in_place_on_a_result_cuts_its_history(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    same = y
    returned = y.zero_()
    (y + x).sum().backward()
    return y, y is same, returned is y, y.requires_grad, y.is_leaf, x.grad


@PROGRAMS.alike
def zero_in_place_of_a_scalar_result(m, t):
    x = t(2.0)
    y = x * 3.0
    y.zero_()
    (y * x).backward()
    return y, x.grad


@PROGRAMS.alike
def zero_in_place_of_what_is_infinite_or_nan(m, t):
    x = m.tensor([m.inf, m.nan, 1.0])
    s = m.tensor(m.nan)
    x.zero_()
    s.zero_()
    return x, s


@PROGRAMS.alike
def zero_in_place_of_ints(m, t):
    x = m.tensor([1, 2])
    x.zero_()
    return x, dtype(x)


@PROGRAMS.alike
def matrix_product_in_place_makes_a_new_tensor(m, t):
    a, b = t([[1.0, 2.0], [3.0, 4.0]]), t([[0.5, 1.0], [2.0, 1.0]])
    held = a
    a @= b
    a.sum().backward()
    return a, a is held, a.is_leaf, held.grad, b.grad


@PROGRAMS.alike
def a_loop_of_in_place_operations(m, t):
    x = t([0.5, 1.5])
    y = m.zeros(2)
    for k in range(1, 6):
        y += x**k
        y *= 0.5
        y -= m.sin(x)
    y.sum().backward()
    return y, x.grad


@PROGRAMS.alike
def a_loop_of_in_place_operations_on_a_scalar(m, t):
    x, y = t(0.5), m.tensor(0.0)
    for k in range(1, 6):
        y += x**k
        y *= 0.5
    y.backward()
    return y, x.grad


@PROGRAMS.alike
def a_second_derivative_through_in_place_operations(m, t):
    x = t([0.5, 1.5])
    y = x * x
    y *= x
    y += x
    y.sum().backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.sum().backward()
    return first, x.grad


@PROGRAMS.alike
def an_operation_in_place_under_no_grad_keeps_the_old_history_of_a_result(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    with m.no_grad():
        y += 10.0
    y.sum().backward()
    return y, y.is_leaf, y.requires_grad, x.grad


@PROGRAMS.alike
def a_scalar_result_is_written_to_under_no_grad(m, t):
    x = t(2.0)
    y = x * 3.0
    with m.no_grad():
        y += 10.0
    (y * 2.0).backward()
    return y, y.is_leaf, y.requires_grad, x.grad


@PROGRAMS.alike
def a_recorded_operand_under_no_grad_leaves_a_constant_one(m, t):
    x, c = t([1.0, 2.0]), m.tensor([1.0, 1.0])
    with m.no_grad():
        c += x
    return c, c.requires_grad, c.is_leaf, c.grad_fn


@PROGRAMS.alike
def a_frozen_leaf_is_written_to_and_thawed(m, t):
    x = t([1.0, 2.0])
    x.requires_grad_(False)
    x += 1.0
    x.requires_grad_()
    (x * x).sum().backward()
    return x, x.is_leaf, x.grad


@PROGRAMS.alike
def a_leaf_bound_to_two_names_is_one_object(m, t):
    x = y = t([1.0, 2.0])
    with m.no_grad():
        y *= 5.0
    (x * x).sum().backward()
    return x, y.grad


@PROGRAMS.alike
def a_retained_grad_follows_the_object_to_its_last_history(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    y.retain_grad()
    y *= 2.0
    (y * y).sum().backward()
    return y.grad, x.grad


@PROGRAMS.alike
def a_result_reused_before_and_after_it_was_written_to(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    before = y + 1.0
    y += 10.0
    after = y * y
    (before + after).sum().backward()
    return before, after, x.grad


@PROGRAMS.alike
def names_keep_the_value_of_a_scalar_when_it_is_rebound(m, t):
    x = t(2.0)
    y = x * 3.0
    z = y
    y = y + 1.0
    return y, z


@PROGRAMS.alike
def bools_take_ands_and_ors_in_place(m, t):
    x = t([1.0, 2.0, 3.0])
    mask = x > 1.5
    same = mask
    mask &= x < 2.5
    one = mask.tolist()
    mask |= x > 2.5
    return one, mask, mask is same, mask.requires_grad


@PROGRAMS.alike
def ints_are_counted_in_place(m, t):
    n, k = m.tensor([1, 2]), m.tensor(0)
    n += 2
    n *= m.tensor([3, 4])
    for _ in range(3):
        k += 1
    return n, dtype(n), k, dtype(k)


@PROGRAMS.alike
def float32_takes_float64_scalars_in_place(m, t):
    w = t([1.0, 2.0], dtype=m.float32)
    s = t(2.0, dtype=m.float32)
    (w * s).sum().backward()
    with m.no_grad():
        w -= m.tensor(0.5) * w.grad
        s -= m.tensor(0.5) * s.grad
    return w, dtype(w), dtype(w.grad), s, dtype(s), dtype(s.grad)


@PROGRAMS.refused(RuntimeError, LEAF, "no_grad")
def the_forgotten_no_grad_of_a_training_step(m, t):
    w = t([1.0, 2.0])
    (w * w).sum().backward()
    w -= 0.1 * w.grad


@PROGRAMS.refused(RuntimeError, LEAF, "no_grad")
def zero_in_place_on_a_leaf(m, t):
    x = t([1.0, 2.0])
    x.zero_()


@PROGRAMS.alike
def the_forgotten_no_grad_with_a_new_tensor_loses_the_leaf(m, t):
    w = t([1.0, 2.0])
    (w * w).sum().backward()
    w = w - 0.1 * w.grad
    return w, w.is_leaf, w.grad


@PROGRAMS.differs(torch=RuntimeError, lab=[[0.0, 1.0, 2.0], [0.0, 0.0, 0.0]])
def floor_division_has_the_derivative_of_floor(m, t):
    x = t([1.0, 2.0, 5.0])
    y = x * 1.0
    y //= 2.0
    y.sum().backward()
    return y, x.grad


@PROGRAMS.differs(torch=RuntimeError, lab=[[1.0, 2.0, 2.5], [-2.0, -2.0, -1.0]])
def a_number_modulo_a_tensor_has_a_derivative(m, t):
    x = t([3.0, 2.5, 4.5])
    n = 7.0 % x
    n.sum().backward()
    return n, x.grad


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
