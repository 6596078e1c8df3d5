"""backward() and the two loops under it: what is added where, what is freed, what is kept, and what a rule may not break."""

import gc
import weakref

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core.accumulate import fit, forward, reverse, topological
from autograd_lab.core.node import live_hooks


def leaf(value, **keywords):
    return lab.tensor(value, requires_grad=True, **keywords)


# shape that arrives, shape of the value, what fit makes of an array counted up from 1
FITS = [
    ((), (), 1.0),
    ((3,), (), 6.0),
    ((2, 3), (), 21.0),
    ((2, 3), (3,), [5.0, 7.0, 9.0]),
    ((2, 3), (1, 3), [[5.0, 7.0, 9.0]]),
    ((2, 3), (2, 1), [[6.0], [15.0]]),
    ((2, 3), (1, 1), [[21.0]]),
    ((2, 3), (1,), [21.0]),
    ((2, 1, 2), (1, 2), [[4.0, 6.0]]),
    ((1, 3), (3,), [1.0, 2.0, 3.0]),
    ((), (2,), [1.0, 1.0]),
    ((1,), (2,), [1.0, 1.0]),
    ((2, 1), (2, 2), [[1.0, 1.0], [2.0, 2.0]]),
    ((0,), (), 0.0),
    ((0, 3), (3,), [0.0, 0.0, 0.0]),
    ((0, 3), (0, 1), np.zeros((0, 1)).tolist()),
]


@pytest.mark.parametrize(("given", "shape", "wanted"), FITS)
def test_broadcasting_is_undone_in_one_place(given, shape, wanted):
    arriving = np.arange(1.0, 1.0 + np.prod(given, dtype=int)).reshape(given)
    like = np.zeros(shape) if shape else 0.0
    fitted = fit(arriving if given else float(arriving), like)
    assert np.shape(fitted) == shape
    assert np.asarray(fitted).tolist() == wanted


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_a_contribution_gets_the_dtype_of_its_value(dtype):
    assert fit(np.ones(3), np.zeros(3, dtype)).dtype == dtype
    assert fit(1.0, np.zeros((), dtype)).dtype == dtype
    assert type(fit(np.float32(1.0), 0.0)) is float


def test_records_come_in_the_order_of_recording_each_once():
    x, y = leaf(2.0), leaf(3.0)
    a = x * y
    b = np.sin(a) + a
    order = topological([b._node])
    assert [n.primitive.name if n.primitive else None for n in order] == [None, None, "multiply", "sin", "add"]
    assert [n.index for n in order] == sorted({n.index for n in order})


def test_the_loops_agree_on_a_graph_of_two_outputs():
    x = leaf([1.0, 2.0])
    first, second = np.exp(x) * x, np.sum(x * x)
    order = topological([first._node, second._node])
    tangents = forward(order, {x._node: np.array([1.0, -1.0])})
    leaves = reverse([(first._node, np.array([2.0, 3.0])), (second._node, 5.0)])
    pushed = np.sum(np.array([2.0, 3.0]) * tangents[first._node]) + 5.0 * tangents[second._node]
    np.testing.assert_allclose(pushed, np.sum(leaves[x._node] * [1.0, -1.0]))


def test_two_seeds_of_one_record_add_up():
    x = leaf(2.0)
    y = x * 3.0
    assert reverse([(y._node, 1.0), (y._node, 10.0)]) == {x._node: 33.0}


def test_a_seed_on_the_way_to_another_is_added_to_what_arrives():
    x = leaf(2.0)
    y = x * 3.0
    z = y * y
    assert reverse([(z._node, 1.0), (y._node, 1.0)]) == {x._node: (2 * 6.0 + 1.0) * 3.0}


# -- what backward() adds to ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (0,), (1, 1)])
def test_grad_has_the_shape_of_its_leaf(shape):
    x = leaf(np.ones(shape))
    (np.sum(x * 2.0 + x)).backward()
    assert x.grad.shape == shape
    np.testing.assert_array_equal(x.grad.numpy(), np.full(shape, 3.0))


def test_a_leaf_that_is_not_reached_keeps_no_grad():
    x, y = leaf(1.0), leaf(1.0)
    (x * 2.0).backward()
    assert y.grad is None
    (x * 2.0 + y * 0.0).backward()
    assert y.grad.item() == 0.0


def test_grad_is_a_tensor_without_history_and_no_one_elses_array():
    seed = np.array([1.0, 2.0])
    x, y = leaf([1.0, 1.0]), leaf([1.0, 1.0])
    (x + y).backward(seed)
    assert isinstance(x.grad, lab.Tensor)
    assert not x.grad.requires_grad
    seed[:] = 9.0
    x.grad.numpy()[0] = 7.0
    np.testing.assert_array_equal(y.grad.numpy(), [1.0, 2.0])


@pytest.mark.parametrize("give", [lambda a: a, lambda a: a.tolist(), lab.tensor])
def test_a_gradient_may_be_an_array_a_list_or_a_tensor(give):
    x = leaf([1.0, 2.0])
    (x * 3.0).backward(give(np.array([1.0, 10.0])))
    np.testing.assert_array_equal(x.grad.numpy(), [3.0, 30.0])


def test_an_adjoint_is_not_shared_between_operands():
    """In-place accumulation of one operand must not show in another that was handed the same array."""
    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    s = x + y
    (np.sum(s) + np.sum(x * 2.0) + np.sum(x * 3.0) + np.sum(x * 4.0)).backward()
    np.testing.assert_array_equal(y.grad.numpy(), [1.0, 1.0])
    np.testing.assert_array_equal(x.grad.numpy(), [10.0, 10.0])


@pytest.mark.parametrize("times", [2, 3, 4, 7])
def test_many_contributions_to_one_node_all_count(times):
    for at in (2.0, np.array([1.0, 2.0])):
        x = leaf(at)
        y = np.sin(x)
        np.sum(sum(y * float(k + 1) for k in range(times))).backward()
        np.testing.assert_allclose(x.grad.numpy(), np.cos(at) * (times * (times + 1) / 2))


def test_a_training_loop_descends():
    rng = np.random.default_rng(0)
    data, w = rng.normal(size=(64, 3)), leaf(np.zeros(3))
    target = data @ [1.0, -2.0, 0.5]
    for _ in range(200):
        w.grad = None
        np.mean((data @ w - target) ** 2).backward()
        with lab.no_grad():
            w -= 0.1 * w.grad
    np.testing.assert_allclose(w.detach().numpy(), [1.0, -2.0, 0.5], atol=1e-6)


# -- what is freed and what is kept -----------------------------------------------------------------------------------------


def test_after_backward_the_graph_can_still_be_read():
    x = leaf(2.0, name="x")
    y = np.sin(x) * x
    y.backward()
    graph = lab.graph_of(y)
    assert [(n.label, n.name or n.op, n.value) for n in graph.nodes] == [
        ("w1", "x", 2.0), ("w2", "sin", np.sin(2.0)), ("w3", "multiply", np.sin(2.0) * 2.0),
    ]  # fmt: skip
    assert [e.id for e in graph.edges] == ["w1->w2", "w2->w3", "w1->w3"]
    assert str(graph)
    assert y.grad_fn.next_functions


def test_the_error_of_a_second_backward_names_the_operation_and_the_remedy():
    x = leaf(2.0)
    y = np.exp(x)
    y.backward()
    with pytest.raises(RuntimeError, match=r"second time.*exp.*retain_graph=True"):
        y.backward()
    assert x.grad.item() == np.exp(2.0)  # the failed call added nothing


def test_a_failed_backward_adds_nothing_anywhere_where_no_hook_is_alive():
    gc.collect()  # hooks of other tests, in cycles of references
    assert not live_hooks
    x, y = leaf(2.0), leaf(3.0)
    used = x * x
    used.backward()
    x.grad = None
    with pytest.raises(RuntimeError):
        (y * 5.0 + used).backward()
    assert (x.grad, y.grad) == (None, None)


def test_a_graph_is_freed_with_its_last_handle_without_the_cyclic_collector():
    gc.collect()
    gc.disable()
    try:
        x = leaf([1.0, 2.0])
        node = weakref.ref(x)
        y = np.sum(np.sin(x) * x)
        y.backward()
        array = weakref.ref(y._node.operands[0].value)
        del x, y
        assert node() is None
        assert array() is None
    finally:
        gc.enable()


def test_freeing_a_long_chain_needs_no_recursion():
    x = leaf(1.0)
    for _ in range(100_000):
        x = x + 1.0
    x.backward()
    del x


def test_a_detached_value_does_not_keep_its_graph_alive():
    x = leaf([1.0, 2.0])
    y = np.exp(x) * 2.0
    inner = weakref.ref(y._node.operands[0].value)
    d = y.detach()
    del y
    assert inner() is None
    assert d.shape == (2,)


# -- rules of one's own -----------------------------------------------------------------------------------------------------


def test_a_users_primitive_is_differentiated_by_both_loops_and_twice():
    cube = lab.primitive("cube", lambda x: x**3, lab.pointwise(lambda out, x: 3.0 * x**2))
    graph = lab.trace(lambda x: cube(x) * 2.0, 2.0)
    assert graph.reverse().result["w1"] == graph.forward().result["w3"] == 24.0
    x = leaf(2.0)
    cube(x).backward(create_graph=True)
    g = x.grad
    x.grad = None
    g.backward()
    assert x.grad.item() == 12.0


def test_a_users_linear_map_states_push_and_pull():
    double = lab.primitive(
        "double", lambda x: 2.0 * x, lab.Partial(lambda t, out, x: 2.0 * t, lambda v, out, x: 2.0 * v, latex="2 {adjoint}")
    )
    graph = lab.trace(lambda x: np.sum(double(x)), np.ones(3))
    np.testing.assert_array_equal(graph.reverse().result["w1"], [2.0, 2.0, 2.0])
    assert graph.forward(seed=[1.0, 0.0, 0.0]).result["w3"] == 2.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("rule", "at", "wanted"),
    [
        (lambda out, x: 1.0 / x, 0.0, np.inf),
        (lambda out, x: 1 / x, 0.0, np.inf),
        (lambda out, x: x**-2, 0.0, np.inf),
        (lambda out, x: 10.0**x, 400.0, np.inf),
    ],
)
def test_a_users_rule_meets_ieee_arithmetic_on_scalars_as_on_arrays(rule, at, wanted):
    f = lab.primitive("f", lambda x: x * 1.0, lab.pointwise(rule))
    for point in (at, np.array([at])):
        x = leaf(point)
        f(x).backward()
        np.testing.assert_array_equal(x.grad.numpy(), wanted)
    graph = lab.trace(lambda x: f(x), at)
    assert graph.forward().result["w2"] == wanted
    assert graph.reverse()[1].local == wanted
    assert graph.reverse()[1].text


def test_an_argument_without_partial_passes_nothing():
    scale = lab.primitive("scale", lambda x, k: x * k, lab.pointwise(lambda out, x, k: k), None)
    x, k = leaf(2.0), leaf(3.0)
    scale(x, k).backward()
    assert (x.grad.item(), k.grad) == (3.0, None)
    assert [e.source.name for e in lab.trace(lambda x, k: scale(x, k), 2.0, 3.0).edges] == ["x"]
