"""What belongs to a Tensor and not to one of its values stays when the value or the history under it changes."""

import numpy as np
import pytest

import autograd_lab as lab
from tests.twins import SHARED_ELEMENT, Programs, check

PROGRAMS = Programs()


def vector(t):
    return t([1.0, 2.0]) * 1.0


@PROGRAMS.alike
def a_grad_is_still_there_after_an_in_place_operation(m, t):
    y, s = vector(t), t(3.0) * 1.0
    y.retain_grad()
    s.retain_grad()
    (y * y * s).sum().backward()
    y *= 2.0
    s += 1.0
    return y.grad, s.grad


@PROGRAMS.alike
def a_retained_grad_adds_up_over_an_in_place_operation(m, t):
    y = vector(t)
    y.retain_grad()
    (y * y).sum().backward(retain_graph=True)
    y *= 2.0
    (y * 3.0).sum().backward()
    return y.grad


@PROGRAMS.alike
def a_grad_put_in_survives_an_in_place_operation(m, t):
    x, y, c = t([1.0, 2.0]), vector(t), m.tensor([1.0, 2.0])
    y.grad = c.grad = m.tensor([5.0, 5.0])
    y *= x
    c *= x
    return y.grad, c.grad


@PROGRAMS.alike
def a_base_retains_its_grad_when_a_view_of_it_is_written_to(m, t):
    y = vector(t)
    y.retain_grad()
    v = y[:1]
    v *= 3.0
    (y * y).sum().backward()
    return y.grad


@PROGRAMS.alike
def a_view_retains_its_grad_when_its_base_is_written_to(m, t):
    y = vector(t)
    v = y[:1]
    v.retain_grad()
    y *= 3.0
    (v * v).sum().backward()
    return v.grad


@PROGRAMS.alike
def detach_in_place_leaves_the_grad(m, t):
    x, y = t([1.0, 2.0]), vector(t)
    y.retain_grad()
    (x * y).sum().backward()
    x.detach_()
    y.detach_()
    return x.grad, y.grad, x.requires_grad, y.is_leaf


@PROGRAMS.refused(RuntimeError, "Can't detach views in-place", "detach()")
def a_view_of_a_constant_is_not_detached_in_place(m, t):
    m.tensor([1.0, 2.0])[:1].detach_()


@PROGRAMS.alike
def a_leaf_with_a_grad_gets_no_more_once_frozen(m, t):
    x = t([1.0, 2.0])
    first, second = (x * x).sum(), (x * 3.0).sum()
    first.backward()
    x.requires_grad_(False)
    second.backward()
    return x.grad, x.requires_grad


@PROGRAMS.alike
def a_thawed_leaf_adds_to_the_grad_that_it_had(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    x.requires_grad_(False)
    x.requires_grad_()
    (x * 3.0).sum().backward()
    return x.grad


def test_a_named_leaf_gets_no_grad_once_frozen():
    x = lab.tensor(2.0, requires_grad=True, name="x")
    y = x * x
    x.requires_grad_(False)
    y.backward()
    assert (x.grad, x.name, x.detach_().name) == (None, "x", "x")


# -- what does not fit in ------------------------------------------------------------------------------------------------------


@PROGRAMS.alike
def axes_of_length_1_in_front_of_a_value_are_left_out(m, t):
    x, w = t([1.0, 2.0, 3.0]), t([[5.0]])
    y = x * 1.0
    y[0] = w
    y[m.tensor([False, True, True])] = w * m.tensor([[2.0, 3.0]])
    y.sum().backward()
    return y, x.grad, w.grad


@PROGRAMS.refused(RuntimeError, "doesn't match the broadcast shape")
def copy_takes_no_source_with_more_axes(m, t):
    m.tensor([1.0, 2.0]).copy_(m.tensor([[1.0, 2.0]]))


@PROGRAMS.differs(torch=[0.0, 0.0], lab=RuntimeError)  # NumPy's broadcast views are read-only
def what_repeats_one_element_is_not_zeroed(m, t):
    y = vector(t)
    m.broadcast_to(y, (3, 2)).zero_()
    return y


@PROGRAMS.refused(RuntimeError, "data set to a tensor that requires gradients must be floating point")
def data_of_a_variable_does_not_become_ints(m, t):
    x = t([1.0, 2.0])
    x.data = m.tensor([1, 2])


@PROGRAMS.refused(TypeError, "does not support deleting items", "np.delete")
def an_item_is_not_deleted(m, t):
    del t([1.0, 2.0])[0]


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)


def test_a_refused_item_assignment_leaves_views_what_they_were():
    x = lab.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1.0
    v, repeated = y[1:], np.broadcast_to(y, (3, 2))
    with pytest.raises(RuntimeError, match=SHARED_ELEMENT):
        repeated[0] = 0.0
    v *= 3.0
    y.sum().backward()
    assert (y.tolist(), v.tolist(), x.grad.tolist()) == ([1.0, 6.0], [6.0], [1.0, 3.0])


@pytest.mark.parametrize("dtype", [complex, str, "datetime64[s]", object])
def test_a_cast_to_what_is_no_real_number_is_refused(dtype):
    with pytest.raises(TypeError, match=r"real numbers or bools, got dtype=.*: give a floating, integer or bool dtype"):
        lab.tensor([1.0, 2.0]).astype(dtype)


@pytest.mark.parametrize("value", [[1.0, 2.0, 3.0], np.ones((2, 2, 3))])
def test_a_value_that_does_not_fit_under_a_mask_is_refused_with_both_shapes(value):
    x = lab.tensor([[1.0, -2.0, 3.0], [4.0, -5.0, -6.0]])
    with pytest.raises(ValueError, match=r"could not broadcast a value of shape \(.*\) into the place of shape \(2,\)"):
        x[np.array([[True, False, True], [False, False, False]])] = value
