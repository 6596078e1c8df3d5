"""The same programs here and in PyTorch do the same: results, errors, the order of hooks, what is kept and what is freed.

A behaviour takes `m`, which is autograd_lab or torch, and `t`, which makes a leaf that requires a gradient. Where PyTorch
raises, the same type must be raised here.
"""

import warnings

import pytest

import autograd_lab as lab


def plain(value):
    """A result of either engine as lists, numbers, bools and None."""
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if hasattr(value, "detach"):
        return value.detach().tolist()
    return value


BEHAVIOURS = {}


def behaviour(f):
    """A program over `m` (autograd_lab or torch) and `t` (a leaf that requires grad), to be run in both."""
    BEHAVIOURS[f.__name__.replace("_", " ")] = f
    return f


@behaviour
def an_in_place_operation_on_a_leaf_is_refused(m, t):
    x = t([1.0, 2.0])
    x += 1.0


@behaviour
def zero_in_place_on_a_leaf_is_refused(m, t):
    t([1.0, 2.0]).zero_()


@behaviour
def a_leaf_is_updated_without_history_under_no_grad(m, t):
    x = t([1.0, 2.0])
    same = x
    with m.no_grad():
        x -= 1.0
    return x, x is same, x.requires_grad, x.is_leaf


@behaviour
def a_scalar_leaf_is_updated_under_no_grad_and_trained_on(m, t):
    x = t(1.0)
    seen = []
    for _ in range(3):
        (x * x).backward()
        with m.no_grad():
            x -= 0.25 * x.grad
        seen.append(x.item())
        x.grad.zero_()
    return seen, x.grad, x.requires_grad


@behaviour
def a_leaf_updated_after_recording_still_gets_its_gradient(m, t):
    x = t(2.0)
    y = x * 3.0
    with m.no_grad():
        x -= 1.0
    y.backward()
    return x, x.grad


@behaviour
def an_in_place_operation_on_a_result_continues_its_history(m, t):
    x = t([1.0, 2.0])
    y = x + 0.0
    same = y
    y *= 3.0
    y += x
    y -= 1.0
    y /= 2.0
    y.sum().backward()
    return y, x.grad, y is same, y.is_leaf


@behaviour
def an_in_place_operation_does_not_change_a_shape(m, t):
    y = t([1.0, 2.0]) * 1.0
    y += m.tensor([[1.0, 2.0], [3.0, 4.0]])


@behaviour
def an_in_place_operation_does_not_change_ints_to_floats(m, t):
    x = m.tensor([1, 2])
    x += 1.5


@behaviour
def a_second_backward_is_refused_where_values_were_saved(m, t):
    y = t(2.0) * t(3.0)
    y.backward()
    y.backward()


@behaviour
def a_shared_part_that_was_freed_is_refused_too(m, t):
    x = t(2.0)
    y = x * x
    (y + 1.0).backward()
    (y + 2.0).backward()


@behaviour
def a_second_backward_is_refused_after_a_product_with_a_number(m, t):
    y = t(2.0) * 3.0
    y.backward()
    y.backward()


@behaviour
def a_second_backward_passes_through_sums_which_save_nothing(m, t):
    x, v = t(2.0), t([1.0, 2.0])
    y = x + x - v.sum() - v.mean() - v.reshape(2, 1)[0, 0] - (-v)[1]
    y.backward()
    y.backward()
    return x.grad, v.grad


@behaviour
def a_retained_graph_is_gone_through_again(m, t):
    x = t(2.0)
    y = x * x * x
    y.backward(retain_graph=True)
    y.backward(retain_graph=True)
    y.backward()
    return x.grad


@behaviour
def a_graph_made_by_create_graph_is_retained(m, t):
    x = t(2.0)
    y = x * x * x
    y.backward(create_graph=True)
    first = x.grad.item()
    x.grad = None
    y.backward()
    return first, x.grad


@behaviour
def backward_of_a_vector_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward()


@behaviour
def backward_of_one_element_needs_no_gradient(m, t):
    x = t([[3.0]])
    (x * x).backward()
    return x.grad


@behaviour
def a_gradient_of_another_shape_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward(m.tensor([1.0, 2.0, 3.0]))


@behaviour
def a_scalar_gradient_for_a_vector_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward(m.tensor(1.0))


@behaviour
def a_given_gradient_is_the_seed(m, t):
    x = t([1.0, 2.0])
    (x * x).backward(m.tensor([10.0, 100.0]))
    return x.grad


@behaviour
def backward_without_any_input_that_requires_grad_is_refused(m, t):
    x = m.tensor(2.0)
    (x * x).backward()


@behaviour
def backward_of_what_no_grad_computed_is_refused(m, t):
    with m.no_grad():
        y = t(2.0) * 2.0
    y.backward()


@behaviour
def backward_of_a_leaf_gives_it_the_seed(m, t):
    x = t(2.0)
    x.backward()
    return x.grad


@behaviour
def ints_refuse_gradients(m, t):
    m.tensor([1, 2], requires_grad=True)


@behaviour
def ints_refuse_gradients_later_too(m, t):
    m.tensor(1).requires_grad_()


@behaviour
def bools_refuse_gradients(m, t):
    m.tensor([True]).requires_grad_()


@behaviour
def numpy_of_a_leaf_that_requires_grad_is_refused(m, t):
    t([1.0]).numpy()


@behaviour
def numpy_of_a_result_is_refused(m, t):
    (t([1.0]) * 2.0).numpy()


@behaviour
def numpy_of_a_detached_result_shares_memory(m, t):
    y = t([1.0, 2.0]) * 2.0
    y.detach().numpy()[0] = 7.0
    return y


@behaviour
def detach_shares_memory_and_cuts(m, t):
    x = t([1.0, 2.0])
    d = x.detach()
    with m.no_grad():
        d += 5.0
    return x, d.requires_grad, d.is_leaf, d.grad_fn


@behaviour
def no_gradient_flows_through_detach(m, t):
    x = t(3.0)
    (x * x.detach()).backward()
    return x.grad


@behaviour
def data_shares_memory_and_can_be_replaced(m, t):
    x = t([1.0, 2.0])
    x.data[0] = 9.0
    first = x.tolist()
    x.data = x.data * 2.0
    return first, x, x.requires_grad


@behaviour
def the_grad_of_a_result_is_not_kept(m, t):
    y = t(2.0) * 2.0
    (y * y).backward()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        kept = y.grad
    return kept, [w.category.__name__ for w in caught]


@behaviour
def retain_grad_keeps_it_and_adds_up(m, t):
    x = t(2.0)
    for _ in range(2):
        y = x * 2.0
        y.retain_grad()
        z = y * y
        z.backward(retain_graph=True)
        z.backward()
    return y.grad, x.grad


@behaviour
def retain_grad_needs_a_gradient(m, t):
    m.tensor(2.0).retain_grad()


@behaviour
def a_retained_grad_is_what_all_hooks_made_of_it(m, t):
    x = t(2.0)
    y = x * 2.0
    y.register_hook(lambda g: g * 10.0)
    y.retain_grad()
    y.register_hook(lambda g: g + 1.0)
    (y * y).backward()
    return y.grad, x.grad


@behaviour
def a_hook_needs_a_gradient(m, t):
    m.tensor(2.0).register_hook(print)


@behaviour
def a_hook_sees_the_whole_gradient_once(m, t):
    x = t(2.0)
    seen = []
    x.register_hook(lambda g: seen.append(g.item()))
    (x * x + x * 3.0).backward()
    return seen, x.grad


@behaviour
def a_hook_of_a_leaf_replaces_what_is_added_to_grad(m, t):
    x = t([1.0, 2.0])
    x.register_hook(lambda g: g * 0.0 + 5.0)
    (x * x).sum().backward()
    (x * x).sum().backward()
    return x.grad


@behaviour
def hooks_run_in_the_order_of_registration_and_chain(m, t):
    x = t(2.0)
    y = x * 1.0
    seen = []
    y.register_hook(lambda g: seen.append(g.item()))
    y.register_hook(lambda g: g * 3.0)
    y.register_hook(lambda g: seen.append(g.item()))
    y.backward()
    return seen, x.grad


@behaviour
def a_removed_hook_does_not_run(m, t):
    x = t(2.0)
    seen = []
    handles = [x.register_hook(lambda g, i=i: seen.append(i)) for i in range(3)]
    handles[1].remove()
    handles[1].remove()
    (x * 2.0).backward()
    return seen


@behaviour
def a_hook_that_changes_the_shape_is_refused(m, t):
    y = t([1.0, 2.0]) * 2.0
    y.register_hook(lambda g: g.sum())
    y.sum().backward()


@behaviour
def a_hook_that_returns_a_number_is_refused(m, t):
    y = t(2.0) * 2.0
    y.register_hook(lambda g: 3.0)
    y.backward()


@behaviour
def an_exception_in_a_hook_propagates(m, t):
    y = t(2.0) * 2.0
    y.register_hook(lambda g: 1 / 0)
    y.backward()


@behaviour
def reverse_accumulation_visits_last_recorded_first(m, t):
    x, y = t(2.0), t(3.0)
    seen = []

    def watched(tensor, name):
        tensor.register_hook(lambda g: seen.append((name, g.item())))
        return tensor

    a = watched(x * y, "a")
    b = watched(x + y, "b")
    c = watched(a * b, "c")
    d = watched(a - x, "d")
    e = watched(c * d, "e")
    f = watched(b * 2.0, "f")
    (watched(e + f, "g") * a).backward()
    return seen, x.grad, y.grad


@behaviour
def the_order_is_that_of_recording_and_not_of_depth(m, t):
    x = t(0.5)
    seen = []
    long = x
    for i in range(4):
        long = long * 2.0
        long.register_hook(lambda g, i=i: seen.append(("long", i)))
    short = x * 3.0
    short.register_hook(lambda g: seen.append("short"))
    (short + long).backward()
    return seen


@behaviour
def grad_adds_up_in_the_same_object(m, t):
    x, v = t(2.0), t([1.0, 2.0])
    (x * v).sum().backward()
    held = x.grad, v.grad
    (x * v).sum().backward()
    return held, x.grad is held[0], v.grad is held[1]


@behaviour
def grad_set_to_none_starts_anew(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward()
    old = x.grad
    x.grad = None
    (x * 3.0).sum().backward()
    return old, x.grad


@behaviour
def grad_zeroed_in_place_starts_at_zero(m, t):
    x, v = t(2.0), t([1.0, 2.0])
    for _ in range(2):
        (x * v).sum().backward()
        kept = x.grad, v.grad
        x.grad.zero_()
        v.grad.zero_()
    return kept, x.grad, v.grad


@behaviour
def two_leaves_with_one_adjoint_do_not_share_a_grad(m, t):
    x, y = t([1.0, 2.0]), t([3.0, 4.0])
    (x + y).sum().backward()
    x.grad.zero_()
    return x.grad, y.grad


@behaviour
def grad_of_another_shape_is_refused(m, t):
    t([1.0, 2.0]).grad = m.tensor([1.0])


@behaviour
def grad_that_is_no_tensor_is_refused(m, t):
    t(1.0).grad = 3.0


@behaviour
def a_grad_may_be_put_in_and_is_added_to(m, t):
    x = t([1.0, 2.0])
    x.grad = m.tensor([10.0, 20.0])
    x.sum().backward()
    return x.grad


@behaviour
def a_result_cannot_be_frozen(m, t):
    (t(2.0) * 2.0).requires_grad_(False)


@behaviour
def a_result_cannot_be_frozen_by_assignment(m, t):
    (t(2.0) * 2.0).requires_grad = False


@behaviour
def a_frozen_leaf_records_nothing_until_it_is_thawed(m, t):
    x = t(2.0)
    x.requires_grad_(False)
    frozen = (x * 2.0).requires_grad
    x.requires_grad = True
    (x * x).backward()
    return frozen, x.grad


@behaviour
def a_leaf_frozen_after_recording_gets_no_grad(m, t):
    x = t(2.0)
    y = x * x
    x.requires_grad_(False)
    y.backward()
    return x.grad


@behaviour
def second_derivatives_come_from_create_graph(m, t):
    x = t(2.0)
    (x * x * x).backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.backward(create_graph=True)
    second = x.grad
    x.grad = None
    second.backward()
    return first.item(), second.item(), x.grad


@behaviour
def a_gradient_that_requires_grad_is_differentiated_through(m, t):
    x, s = t(3.0), t(2.0)
    (x * x).backward(s, create_graph=True)
    g = x.grad
    x.grad = None
    g.backward()
    return g.item(), x.grad, s.grad


@behaviour
def truth_of_several_elements_is_ambiguous(m, t):
    bool(t([1.0, 2.0]))


@behaviour
def item_of_several_elements_is_refused(m, t):
    t([1.0, 2.0]).item()


@behaviour
def a_scalar_has_no_length(m, t):
    len(t(1.0))


@behaviour
def a_scalar_cannot_be_iterated(m, t):
    list(t(1.0))


@behaviour
def a_float_is_no_index(m, t):
    [1, 2, 3][m.tensor(1.0)]


@behaviour
def a_vector_has_no_number_format(m, t):
    format(t([1.0, 2.0]), ".2f")


@behaviour
def small_questions_have_the_same_answers(m, t):
    x = t([[1.0, 2.0], [3.0, 4.0]])
    return (
        bool(t([0.0])), int(m.tensor(1.7)), f"{t(1.2345):.2f}", [1, 2, 3][m.tensor(1)], 2.0 in x, len(x), x.ndim,
        tuple(x.shape), x == x + 0.0, x > 2.0, (x != 1.0).requires_grad, x.T, list(x), x.tolist(), len({x, x}),
        x[0].is_leaf,
    )  # fmt: skip


@behaviour
def no_grad_works_as_context_and_decorator_and_nests(m, t):
    x = t(2.0)

    @m.no_grad()
    def called():
        return (x * x).requires_grad, m.is_grad_enabled()

    @m.no_grad
    def bare():
        return (x * x).requires_grad

    @m.enable_grad()
    def enabled():
        return (x * x).requires_grad

    with m.no_grad():
        inside = (x * x).requires_grad, enabled(), m.is_grad_enabled()
        with m.enable_grad():
            inner = (x * x).requires_grad
        with m.set_grad_enabled(True):
            third = (x * x).requires_grad
        after = m.is_grad_enabled()
    return called(), bare(), inside, inner, third, after, m.is_grad_enabled()


@behaviour
def set_grad_enabled_switches_at_once_and_back(m, t):
    m.set_grad_enabled(False)
    off = m.is_grad_enabled()
    m.set_grad_enabled(True)
    on = m.is_grad_enabled()

    @m.set_grad_enabled(False)
    def decorated():
        return m.is_grad_enabled()

    return off, on, decorated(), m.is_grad_enabled()


def outcome(f, m, leaf):
    """What a behaviour returns, or the type of what it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return plain(f(m, leaf))
    except Exception as error:  # noqa: BLE001 - whatever it is, the other engine must raise the same
        return type(error)


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_behaviour_is_that_of_pytorch(torch, name):
    f = BEHAVIOURS[name]
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        theirs = outcome(f, torch, lambda data: torch.tensor(data, requires_grad=True))
    finally:
        torch.set_default_dtype(before)
    ours = outcome(f, lab, lambda data: lab.tensor(data, requires_grad=True))
    assert ours == theirs
    assert name.endswith(("refused", "shape", "ints to floats", "saved")) <= isinstance(ours, type)
