"""What requires a gradient, what is a leaf, and what detach() and NumPy take out of the graph, as in PyTorch."""

import numpy as np
import pytest

from tests.twins import Programs, check

PROGRAMS = Programs()


def kind(tensor):
    return [tensor.requires_grad, tensor.is_leaf, tensor.grad_fn is None]


@PROGRAMS.alike
def a_result_requires_a_gradient_if_an_operand_does(m, t):
    x, c = t([1.0, 2.0]), m.tensor([3.0, 4.0])
    n = m.tensor([1, 2])
    return [
        kind(z) for z in (x * c, c * x, c * c, c + 1.0, x * n, c * n, m.sin(c), m.sin(x), m.stack([c, x]), x @ c, x[0], c[0])
    ]


@PROGRAMS.alike
def what_has_no_derivative_requires_no_gradient(m, t):
    x = t([1.0, -2.0, 3.0])
    return [kind(z) for z in (x > 0.0, x != 1.0, m.isnan(x), m.logical_not(x), m.isfinite(x))]


@PROGRAMS.alike
def what_has_a_zero_derivative_requires_a_gradient(m, t):
    x = t([1.5, -2.5, 3.25])
    found = []
    for f in (m.sign, m.floor, m.ceil, m.round, m.trunc):
        z = f(x)
        z.sum().backward()
        found.append([kind(z), x.grad.tolist()])
        x.grad = None
    return found


@PROGRAMS.alike
def leaves_are_what_no_recorded_operation_made(m, t):
    x, c = t(2.0), m.tensor(2.0)
    with m.no_grad():
        quiet = x * 2.0
        born = t(1.0)
    thawed = (x * 2.0).detach().requires_grad_()
    return [kind(z) for z in (x, c, quiet, born, thawed, x.detach(), c.detach(), c * c, x * c)]


@PROGRAMS.alike
def requires_grad_gives_the_tensor_back(m, t):
    x = m.tensor([1.0, 2.0])
    same = x.requires_grad_() is x
    frozen = x.requires_grad_(False) is x
    return same, frozen, kind(x)


@PROGRAMS.alike
def a_result_may_be_asked_to_require_a_gradient(m, t):
    y = t(2.0) * 3.0
    return y.requires_grad_() is y, kind(y)


@PROGRAMS.alike
def a_constant_made_to_require_a_gradient_gets_it_for_later_operations_only(m, t):
    x, w = t([1.0, 2.0]), m.tensor([3.0, 4.0])
    before = x * w
    w.requires_grad_()
    after = x * w
    (before + after).sum().backward()
    return x.grad, w.grad


@PROGRAMS.alike
def a_frozen_layer_passes_the_gradient_on(m, t):
    x, frozen, w = t([1.0, 2.0]), t([3.0, 4.0]), t([5.0, 6.0])
    frozen.requires_grad_(False)
    (x * frozen * w).sum().backward()
    return x.grad, frozen.grad, w.grad


@PROGRAMS.refused(RuntimeError, "you can only change requires_grad flags of leaf variables", "detach()")
def a_result_cannot_be_frozen(m, t):
    (t(2.0) * 2.0).requires_grad_(False)


@PROGRAMS.differs(torch=RuntimeError, lab=[True, False, False])  # what holds already is no change
def a_result_may_be_asked_by_assignment_too(m, t):
    y = t(2.0) * 3.0
    y.requires_grad = True
    return kind(y)


@PROGRAMS.refused(RuntimeError, "you can only change requires_grad flags of leaf variables", "detach()")
def a_view_of_a_leaf_cannot_be_frozen(m, t):
    t([2.0, 3.0])[0].requires_grad_(False)


@PROGRAMS.refused(RuntimeError, "floating", "int64")
def ints_cannot_require_a_gradient(m, t):
    t([1, 2])


@PROGRAMS.refused(RuntimeError, "floating", "bool")
def bools_cannot_require_a_gradient(m, t):
    m.tensor([True]).requires_grad_()


@PROGRAMS.refused(RuntimeError, "floating", "int64")
def an_int_attribute_cannot_require_a_gradient(m, t):
    m.tensor(1).requires_grad = True


@PROGRAMS.refused(RuntimeError, "requires_grad=True")
def retain_grad_of_a_constant_is_refused(m, t):
    m.tensor(2.0).retain_grad()


@PROGRAMS.alike
def detach_shares_memory_both_ways(m, t):
    x = t([1.0, 2.0])
    y = x * 2.0
    d = y.detach()
    d[0] = 50.0
    with m.no_grad():
        y[1] = 60.0
    return y, d, kind(d), kind(y)


@PROGRAMS.alike
def detach_of_a_leaf_shares_memory(m, t):
    x = t([1.0, 2.0])
    d = x.detach()
    d *= 10.0
    return x, kind(d), d is x


@PROGRAMS.alike
def detach_in_place_makes_a_leaf_of_a_result(m, t):
    x = t([1.0, 2.0])
    y = x * 2.0
    same = y.detach_() is y
    after = kind(y)
    y.requires_grad_()
    (y * y).sum().backward()
    return same, after, x.grad, y.grad


@PROGRAMS.alike
def detach_in_place_of_a_leaf_freezes_it(m, t):
    x = t([1.0, 2.0])
    x.detach_()
    return kind(x)


@PROGRAMS.alike
def truncated_backpropagation_through_time(m, t):
    w, h = t(0.5), m.tensor(1.0)
    for step in range(4):
        h = m.tanh(w * h + 0.25)
        if step == 1:
            h = h.detach()
    h.backward()
    return h, w.grad


@PROGRAMS.alike
def numpy_of_a_constant_shares_memory(m, t):
    c = m.tensor([1.0, 2.0])
    array = c.numpy()
    array[0] = 7.0
    c[1] = 9.0
    return c, array.tolist()


@PROGRAMS.refused(RuntimeError, "requires grad", "detach().numpy()")
def numpy_of_a_result_is_refused(m, t):
    (t([1.0]) * 2.0).numpy()


@PROGRAMS.refused(RuntimeError, "requires grad", "np.stack")
def an_array_of_tensors_is_refused(m, t):
    np.array([t(1.0), t(2.0)])


@PROGRAMS.refused(TypeError, "integer")
def a_float_is_no_index(m, t):
    [1, 2, 3][t(1.0)]


@PROGRAMS.differs(torch=TypeError, lab=[[4.0, 6.0], [1.0, 1.0]])
def a_numpy_array_on_the_left_is_a_constant(m, t):
    x = t([1.0, 2.0])
    y = np.array([3.0, 4.0]) + x
    y.sum().backward()
    return y, x.grad


@PROGRAMS.differs(torch=TypeError, lab=TypeError)
def a_numpy_array_takes_no_tensor_in_place(m, t):
    total = np.zeros(2)
    total += t([1.0, 2.0])


@PROGRAMS.alike
def tolist_and_item_leave_the_graph_without_a_word(m, t):
    x = t([1.0, 2.0])
    return (x * x).tolist(), (x * x).sum().item(), type((x * x).sum().item()).__name__


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
