"""What a review of the engine found: shared gradients, misread rules, hooks that outlived their Tensor."""

import gc
import weakref

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core.node import live_hooks
from tests.twins import OVERWRITTEN, Programs, check, error

PROGRAMS = Programs()


# -- create_graph -----------------------------------------------------------------------------------------------------------


@PROGRAMS.alike
def grads_made_by_create_graph_share_no_memory(m, t):
    x, y, gradient = t([1.0, 2.0]), t([1.0, 2.0]), m.tensor([1.0, 1.0])
    (x + y).backward(gradient, create_graph=True)
    x.grad.zero_()
    return x.grad, y.grad, gradient


@PROGRAMS.alike
def grads_made_by_create_graph_add_up_apart(m, t):
    x, y, gradient = t([1.0, 2.0]), t([1.0, 2.0]), m.tensor([1.0, 1.0])
    (x + y).backward(gradient, create_graph=True)
    (x + y).sum().backward()
    return x.grad, y.grad, gradient


@PROGRAMS.alike
def a_grad_of_a_sum_made_by_create_graph_may_be_written_to(m, t):
    x = t([1.0, 2.0])
    x.sum().backward(create_graph=True)
    x.grad *= 3.0
    x.sum().backward()
    return x.grad


@PROGRAMS.alike
def grads_with_history_are_rewritten_apart(m, t):
    x, y, seen = t([1.0, 2.0]), t([1.0, 2.0]), []
    z = x + y
    z.register_hook(seen.append)
    (z * z).sum().backward(create_graph=True)
    x.grad *= 10.0
    return x.grad, y.grad, seen


@PROGRAMS.alike
def a_grad_with_history_grows_in_place(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward(create_graph=True)
    held = x.grad
    (x * x).sum().backward()
    return x.grad is held, held, held.requires_grad


# -- hooks ------------------------------------------------------------------------------------------------------------------


@PROGRAMS.alike
def a_second_backward_runs_hooks_before_it_is_refused(m, t):
    x, seen = t([1.0, 2.0]), []
    y = x * x
    y.retain_grad()
    y.register_hook(seen.append)
    y.sum().backward()
    y.grad = None
    return error(y.sum().backward), y.grad, seen


@PROGRAMS.alike
def hooks_run_before_an_overwritten_value_is_noticed(m, t):
    x, seen = t([1.0, 2.0]), []
    y = m.exp(x)
    z = m.sin(y)
    z.register_hook(seen.append)
    y += 1.0
    return error(z.sum().backward), seen


def test_hooks_are_known_only_while_they_are_alive():
    x = lab.tensor(2.0, requires_grad=True)
    before = len(live_hooks)
    handles = [x.register_hook(lambda gradient: None), x.register_post_accumulate_grad_hook(lambda tensor: None)]
    assert len(live_hooks) == before + 2
    for handle in handles:
        handle.remove()
        handle.remove()
    assert len(live_hooks) == before
    x.register_hook(lambda gradient: None)
    del x, handles, handle
    gc.collect()
    assert len(live_hooks) == before


def test_a_leaf_with_hooks_is_freed_without_the_collector():
    gc.collect()
    gc.disable()
    try:
        x = lab.tensor([1.0, 2.0], requires_grad=True)
        x.register_hook(lambda gradient: None)
        x.register_post_accumulate_grad_hook(lambda tensor: None)
        (x * x).sum().backward()
        array = weakref.ref(x.detach().numpy())
        del x
        assert array() is None
    finally:
        gc.enable()


# -- rules of a primitive of one's own --------------------------------------------------------------------------------------


class Rules:
    """Rules that are methods, of which the first argument is no primal."""

    def out(self, out, _x):
        return out

    def other(self, _out, _x, y):
        return y

    @classmethod
    def first(cls, _out, x, _y):
        return x


def test_a_rule_may_be_a_method():
    exp = lab.primitive("exp_", np.exp, lab.pointwise(Rules().out), check=(0.5,))
    product = lab.primitive("product", np.multiply, lab.pointwise(Rules().other), lab.pointwise(Rules.first), check=(2.0, 3.0))
    x, y = lab.tensor(2.0, requires_grad=True), lab.tensor(3.0, requires_grad=True)
    (exp(x) + product(x, y)).backward()
    assert (x.grad.item(), y.grad.item()) == (np.exp(2.0) + 3.0, 2.0)


def test_what_a_method_reads_may_not_be_overwritten():
    x = lab.tensor([1.0, 2.0], requires_grad=True)
    y = lab.primitive("exp_", np.exp, lab.pointwise(Rules().out))(x)
    y += 1.0
    with pytest.raises(RuntimeError, match=OVERWRITTEN):
        y.sum().backward()


def test_a_rule_may_return_a_keyword():
    scale = lab.primitive("scale", lambda x, n: n * x, lab.pointwise(lambda out, x, n: n))
    x = lab.tensor([1.0, 2.0], requires_grad=True)
    scale(x, n=3.0).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


# -- indices, and arrays that are none --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "index",
    [
        pytest.param(lambda x, i: x[i], id="x[i]"),
        pytest.param(lambda x, i: x[i,], id="x[i,]"),
        pytest.param(np.take, id="take"),
        pytest.param(lambda x, i: np.take_along_axis(x, i, 0), id="take_along_axis"),
    ],
)
def test_an_index_that_is_written_to_afterwards_leaves_the_gradient_right(index):
    x, i = lab.tensor([1.0, 2.0], requires_grad=True), lab.tensor([0, 1])
    y = index(x, i)
    i[0] = 1
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]


def test_a_mask_that_is_written_to_afterwards_leaves_the_gradient_right():
    x, mask = lab.tensor([1.0, 2.0], requires_grad=True), lab.tensor([True, False])
    y = x * 1.0
    y[mask] = 5.0
    z = x[mask]
    mask[1] = True
    (y.sum() + z.sum()).backward()
    assert x.grad.tolist() == [1.0, 1.0]


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_a_matrix_is_an_array_like_any_other():
    matrix = np.matrix([[1.0, 2.0], [3.0, 4.0]])
    x = lab.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    y = x * matrix + matrix
    (y * y).sum().backward()
    assert type(y.detach().numpy()) is np.ndarray
    assert x.grad.tolist() == (2.0 * (np.asarray(matrix) ** 2) * (x.detach().numpy() + 1.0)).tolist()


@pytest.mark.parametrize("use", [lab.tensor, lambda masked: lab.tensor([1.0, 2.0]) * masked])
def test_masked_elements_are_refused(use):
    with pytest.raises(TypeError, match=r"(?s)must have no masked elements, got .*: use np.where.* or data.filled"):
        use(np.ma.array([1.0, 2.0], mask=[False, True]))


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)


@pytest.mark.parametrize("given", [None, 1j])
def test_a_rule_that_gives_no_real_number_is_refused(given):
    row = lab.primitive("mine", lambda a: a * 1.0, lab.Partial(lambda t, out, a: given, lambda v, out, a: given))
    with pytest.raises(TypeError, match=r"a derivative rule gave .*: let it return real numbers"):
        row(lab.tensor([1.0, 2.0], requires_grad=True)).sum().backward()


def test_none_is_no_operand_of_an_operator():
    with pytest.raises(TypeError, match=r"add on a Tensor takes numbers and arrays, got NoneType None: give"):
        lab.tensor([1.0]) + None


def test_func_takes_no_masked_elements():
    with pytest.raises(TypeError, match=r"(?s)no masked elements.*: use np.where"):
        lab.func.grad(np.sum)(np.ma.array([1.0, 2.0], mask=[False, True]))
