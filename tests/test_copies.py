"""Copies of Tensors by copy.copy, copy.deepcopy and pickle: what goes along is what PyTorch takes along."""

import copy
import pickle

import numpy as np
import pytest

import autograd_lab as lab
from tests.twins import Programs, check

PROGRAMS = Programs()
PICKLED = {"copy": copy.copy, "pickle": lambda x: pickle.loads(pickle.dumps(x))}  # noqa: S301 - it was pickled right here


@PROGRAMS.alike
def a_deep_copy_has_values_and_grad_of_its_own(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    y = copy.deepcopy(x)
    x.grad.zero_()
    with m.no_grad():
        x *= 5.0
    return x, x.grad, y, y.grad, y.requires_grad, y.is_leaf


@PROGRAMS.alike
def a_deep_copy_is_a_variable_of_its_own(m, t):
    x = t(3.0)
    y = copy.deepcopy(x)
    (y * y).backward()
    return x.grad, y.grad


@PROGRAMS.alike
def what_is_twice_in_a_list_is_copied_once(m, t):
    x = t([1.0, 2.0])
    one, other, constant = copy.deepcopy([x, x, m.tensor([1.0])])
    return one is other, one is x, constant, constant.requires_grad


@PROGRAMS.alike
def hooks_are_left_behind(m, t):
    x = t(3.0)
    x.register_hook(lambda gradient: gradient * 10.0)
    y = copy.deepcopy(x)
    (y * y).backward()
    return y.grad


@PROGRAMS.refused(RuntimeError, "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol")
def a_deep_copy_of_a_result_is_refused(m, t):
    copy.deepcopy(t(3.0) * 2.0)


@PROGRAMS.refused(RuntimeError, "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol")
def a_deep_copy_of_a_grad_with_history_is_refused(m, t):
    x = t(3.0)
    (x * x).backward(create_graph=True)
    copy.deepcopy(x)


@PROGRAMS.alike
def a_shallow_copy_is_a_leaf_on_the_same_memory(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    y, z = copy.copy(x), copy.copy(x * 2.0)
    with m.no_grad():
        y *= 5.0
    (y * z).sum().backward()
    return x, x.grad, y.grad, z.grad, z.is_leaf, z.requires_grad


@PROGRAMS.alike
def a_pickle_has_values_and_requires_grad_only(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    found = []
    for given in (x, x * 2.0, m.tensor([1, 2]), t(3.0)):
        back = PICKLED["pickle"](given)
        found.append([back, back.requires_grad, back.is_leaf, back.grad])
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)


@pytest.mark.parametrize("way", PICKLED)
def test_a_copy_keeps_name_and_dtype(way):
    x = lab.tensor(np.float32(2.0), requires_grad=True, name="w")
    y = PICKLED[way](x)
    assert (y.name, y.dtype, y.shape, type(y)) == ("w", np.float32, (), lab.Tensor)


def test_a_long_chain_needs_no_recursion_to_be_copied():
    y = x = lab.tensor(1.0, requires_grad=True)
    for _ in range(50_000):
        y = y + 1.0
    assert pickle.loads(pickle.dumps(y)).item() == 50_001.0  # noqa: S301 - it was pickled right here
    with pytest.raises(RuntimeError, match="deepcopy protocol"):
        copy.deepcopy([x, y])
