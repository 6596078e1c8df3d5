"""What hooks on Tensors see, and what becomes of what they return, as in PyTorch."""

import pytest

from tests.twins import Programs, check, dtype, error


def listen(seen, **tensors):
    """Let each Tensor append its name to `seen` when its gradient is complete."""
    for name, tensor in tensors.items():
        tensor.register_hook(lambda g, name=name: seen.append(name))


PROGRAMS = Programs()


@PROGRAMS.alike
def replacements_chain_through_a_graph(m, t):
    x, seen = t([1.0, 2.0]), []
    a = x * 3.0
    b = a * a
    for tensor in (a, b, x):
        tensor.register_hook(lambda g: seen.append(g.tolist()))
        tensor.register_hook(lambda g: g + 1.0)
        tensor.register_hook(lambda g: None)
        tensor.register_hook(lambda g: g * 2.0)
    b.sum().backward()
    return seen, x.grad


@PROGRAMS.alike
def a_hook_registered_twice_runs_twice(m, t):
    x = t(2.0)

    def double(g):
        return g * 2.0

    first = x.register_hook(double)
    x.register_hook(double)
    (x * 3.0).backward()
    one = x.grad.item()
    first.remove()
    x.grad = None
    (x * 3.0).backward()
    return one, x.grad


@PROGRAMS.alike
def hooks_stay_for_the_next_backward(m, t):
    x, seen = t(2.0), []
    y = x * 3.0
    z = y + 1.0
    y.register_hook(lambda g: seen.append("y"))
    x.register_hook(lambda g: seen.append("x"))
    for _ in range(2):
        z.backward(retain_graph=True)
    (y * 2.0).backward()
    return seen, x.grad


@PROGRAMS.alike
def a_hook_removed_by_an_earlier_one_runs_a_last_time(m, t):
    x, seen, handles = t(2.0), [], []

    def remove_next(g):
        seen.append("first")
        handles[1].remove()

    handles += [x.register_hook(remove_next), x.register_hook(lambda g: seen.append("second"))]
    x.register_hook(lambda g: seen.append("third"))
    (x * 2.0).backward()
    (x * 2.0).backward()
    return seen


@PROGRAMS.alike
def a_hook_that_removes_itself_runs_once(m, t):
    x, seen, handles = t(2.0), [], []

    def once(g):
        handles[0].remove()
        seen.append("once")
        return g * 10.0

    handles.append(x.register_hook(once))
    (x * 2.0).backward()
    (x * 2.0).backward()
    return seen, x.grad


@PROGRAMS.alike
def a_hook_removed_on_the_way_by_another_tensors_hook_does_not_run(m, t):
    x, seen = t(2.0), []
    y = x * 2.0
    handle = x.register_hook(lambda g: seen.append("x"))
    y.register_hook(lambda g: handle.remove())
    y.backward()
    return seen, x.grad


@PROGRAMS.alike
def a_hook_registered_during_its_run_waits_for_the_next(m, t):
    x, seen = t(2.0), []

    def more(g):
        seen.append("first")
        x.register_hook(lambda g: seen.append("second"))

    x.register_hook(more)
    (x * 2.0).backward()
    after = list(seen)
    (x * 2.0).backward()
    return after, seen


@PROGRAMS.alike
def a_handle_is_a_context_manager(m, t):
    x, seen = t(2.0), []
    with x.register_hook(lambda g: seen.append("hook")):
        (x * 2.0).backward()
    (x * 2.0).backward()
    return seen


@PROGRAMS.alike
def retain_grad_keeps_what_all_hooks_made_of_it(m, t):
    x = t([1.0, 2.0])
    y = x * 3.0
    y.retain_grad()
    y.register_hook(lambda g: g * 10.0)
    (y * y).sum().backward()
    return y.grad, x.grad


@PROGRAMS.alike
def retain_grad_of_a_leaf_does_nothing(m, t):
    x = t(2.0)
    x.retain_grad()
    (x * 3.0).backward()
    return x.grad


@PROGRAMS.alike
def a_hook_sees_the_retained_grads_of_later_results(m, t):
    x, seen = t(2.0), []
    a = x * 2.0
    b = a * 3.0
    a.retain_grad()
    b.retain_grad()
    a.register_hook(lambda g: seen.append([a.grad, b.grad]))
    (b + 1.0).backward()
    return seen, a.grad


@PROGRAMS.alike
def a_hook_of_an_object_written_to_later_stays_with_its_old_value(m, t):
    x, seen = t(2.0), []
    y = x * 2.0
    y.register_hook(lambda g: seen.append(["old", g.item()]))
    y *= 3.0
    y.register_hook(lambda g: seen.append(["new", g.item()]))
    (y * 5.0).backward()
    return seen, x.grad


@PROGRAMS.alike
def a_hook_of_an_array_written_to_later_stays_with_its_old_value(m, t):
    x, seen = t([1.0, 2.0]), []
    y = x * 2.0
    y.register_hook(lambda g: seen.append(["old", g.tolist()]))
    y *= x
    y.register_hook(lambda g: g * 7.0)
    y.sum().backward()
    return seen, x.grad


@PROGRAMS.alike
def a_retained_grad_is_that_of_the_last_value(m, t):
    x = t(2.0)
    y = x * 2.0
    y.retain_grad()
    y *= 3.0
    y.register_hook(lambda g: g * 7.0)
    (y * 5.0).backward()
    return y.grad, x.grad


@PROGRAMS.alike
def hooks_of_a_leaf_survive_freezing_and_updates(m, t):
    x, seen = t(2.0), []
    x.register_hook(lambda g: seen.append(g.item()))
    x.requires_grad_(False)
    x.requires_grad_()
    with m.no_grad():
        x -= 1.0
    (x * x).backward()
    return seen, x.grad


@PROGRAMS.alike
def a_hook_may_change_the_gradient_in_place(m, t):
    x, y = t([1.0, 2.0]), t([3.0, 4.0])

    def tenfold(g):
        g *= 10.0

    x.register_hook(tenfold)
    ((x * 3.0).sum() + (y * 3.0).sum()).backward()
    return x.grad, y.grad


@PROGRAMS.alike
def hooks_compute_without_recording(m, t):
    x, seen = t(2.0), []

    def hook(g):
        seen.append([g.requires_grad, m.is_grad_enabled(), (x * x).requires_grad])
        return g * x

    y = x * x
    y.register_hook(hook)
    y.backward()
    return seen, x.grad, x.grad.requires_grad


@PROGRAMS.alike
def hooks_of_create_graph_are_differentiated_through(m, t):
    x, seen = t(2.0), []

    def hook(g):
        seen.append([g.requires_grad, m.is_grad_enabled()])
        return g * x

    y = x * x
    y.register_hook(hook)
    y.backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.backward()
    return seen, first, x.grad


@PROGRAMS.alike
def hooks_run_in_both_orders_of_differentiation(m, t):
    x, seen = t(2.0), []
    x.register_hook(lambda g: seen.append(g.item()))
    y = x * x
    z = y * x
    y.register_hook(lambda g: seen.append(g.item()))
    z.backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.backward()
    return seen, x.grad


@PROGRAMS.alike
def a_backward_inside_a_hook_is_a_run_of_its_own(m, t):
    x, seen = t(2.0), []
    inner = x * 5.0
    y = m.sin(x)
    x.register_hook(lambda g: seen.append(g.item()))
    y.register_hook(lambda g: inner.backward())
    (y * 3.0).backward()
    return seen, x.grad


@PROGRAMS.refused(RuntimeError, "does not require grad")
def a_backward_inside_a_hook_of_what_was_not_recorded(m, t):
    x = t(2.0)
    x.register_hook(lambda g: (x * 10.0).backward())
    (x * 3.0).backward()


@PROGRAMS.alike
def a_backward_inside_a_hook_records_with_enable_grad(m, t):
    x, y = t(2.0), t(3.0)

    def hook(g):
        with m.enable_grad():
            (y * y * g).backward()

    x.register_hook(hook)
    (x * 5.0).backward()
    return x.grad, y.grad


@PROGRAMS.alike
def an_exception_in_a_leafs_hook_leaves_what_was_reached_before(m, t):
    x, y = t(2.0), t(3.0)
    a = x * 1.0
    b = y * 1.0
    x.register_hook(lambda g: 1 / 0)
    refused = error((b * a).backward)
    return refused, x.grad, y.grad


@PROGRAMS.alike
def an_exception_in_a_results_hook_reaches_no_older_leaf(m, t):
    x, y = t(2.0), t(3.0)
    a = x * 1.0
    b = y * 1.0
    a.register_hook(lambda g: 1 / 0)
    refused = error((a * b).backward)
    return refused, x.grad, y.grad


@PROGRAMS.alike
def an_exception_in_a_hook_leaves_the_engine_usable(m, t):
    x = t(2.0)
    y = x * x
    handle = y.register_hook(lambda g: 1 / 0)
    refused = error(lambda: y.backward(retain_graph=True)), x.grad, m.is_grad_enabled()
    handle.remove()
    y.backward()
    return refused, x.grad


@PROGRAMS.refused(RuntimeError, "type", "float32", "float64")
def a_hook_that_changes_the_dtype_is_refused(m, t):
    x = t([1.0, 2.0])
    x.register_hook(lambda g: m.tensor([1.0, 2.0], dtype=m.float32))
    x.sum().backward()


@PROGRAMS.refused(RuntimeError, "has changed the size")
def a_hook_that_changes_the_shape_is_refused(m, t):
    x = t([1.0, 2.0])
    x.register_hook(lambda g: g[:1])
    x.sum().backward()


@PROGRAMS.refused(TypeError, "Tensor", "float")
def a_hook_that_returns_a_number_is_refused(m, t):
    x = t(1.0)
    x.register_hook(lambda g: 2.0)
    (x * 2.0).backward()


@PROGRAMS.refused(RuntimeError, "requires_grad=True")
def a_hook_on_a_constant_is_refused(m, t):
    m.tensor(1.0).register_hook(lambda g: None)


# -- after a leaf's grad has grown ------------------------------------------------------------------------------------------


@PROGRAMS.alike
def a_post_accumulate_hook_sees_the_leaf_with_its_grad(m, t):
    x, seen = t(2.0), []
    x.register_post_accumulate_grad_hook(lambda p: seen.append(["after", p.grad.item(), p.item(), p is x]))
    x.register_hook(lambda g: seen.append(["before", g.item(), x.grad is None]))
    (x * 3.0).backward()
    (x * 3.0).backward()
    return seen


@PROGRAMS.alike
def a_post_accumulate_hook_steps_and_forgets_the_grad(m, t):
    x, s = t([1.0, 2.0]), t(3.0)

    def step(p):
        with m.no_grad():
            p -= 0.125 * p.grad
        p.grad = None

    handles = [p.register_post_accumulate_grad_hook(step) for p in (x, s)]
    for _ in range(2):
        (x * 2.0 * s).sum().backward()
    after = x.tolist(), s.item(), x.grad, s.grad
    for handle in handles:
        handle.remove()
    (x * 2.0 * s).sum().backward()
    return after, x, s, x.grad, s.grad


@PROGRAMS.alike
def post_accumulate_hooks_have_their_place_in_the_order(m, t):
    x, y, seen = t(2.0), t(3.0), []
    a = x * 2.0
    b = y * 3.0
    c = a * b
    listen(seen, x=x, y=y, a=a, b=b, c=c)
    x.register_post_accumulate_grad_hook(lambda p: seen.append("x done"))
    y.register_post_accumulate_grad_hook(lambda p: seen.append("y done"))
    y.register_post_accumulate_grad_hook(lambda p: seen.append("y done twice"))
    c.backward()
    return seen


@PROGRAMS.refused(RuntimeError, "post accumulate grad hooks cannot be registered on non-leaf tensors")
def a_post_accumulate_hook_on_a_result_is_refused(m, t):
    y = t(2.0) * 2.0
    y.register_post_accumulate_grad_hook(lambda p: None)


@PROGRAMS.refused(RuntimeError, "requires_grad=True")
def a_post_accumulate_hook_on_a_constant_is_refused(m, t):
    x = m.tensor(2.0)
    x.register_post_accumulate_grad_hook(lambda p: None)


@PROGRAMS.refused(TypeError, "None", "int")
def a_post_accumulate_hook_that_returns_something_is_refused(m, t):
    x = t(2.0)
    x.register_post_accumulate_grad_hook(lambda p: 5)
    (x * 3.0).backward()


@PROGRAMS.alike
def an_exception_in_a_post_accumulate_hook_leaves_the_grad(m, t):
    x = t(2.0)
    x.register_post_accumulate_grad_hook(lambda p: 1 / 0)
    return error((x * 3.0).backward), x.grad


@PROGRAMS.alike
def a_hook_on_float32_gets_float32(m, t):
    x, seen = t([1.0, 2.0], dtype=m.float32), []
    s = t(2.0, dtype=m.float32)
    x.register_hook(lambda g: seen.append(dtype(g)))
    s.register_hook(lambda g: seen.append(dtype(g)))
    (x * s).sum().backward()
    return seen


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
