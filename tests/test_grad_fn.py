"""grad_fn: the graph as PyTorch code walks it, and hooks on its operations."""

import pytest

from tests.twins import Programs, check, error

STRUCTURE = Programs()


def walked(grad_fn):
    """The graph behind a grad_fn: nested lists, "leaf" for what accumulates a grad, None where no gradient flows."""
    if grad_fn is None:
        return None
    if "AccumulateGrad" in grad_fn.name():
        return "leaf"
    return [[walked(function), number] for function, number in grad_fn.next_functions]


@STRUCTURE.alike
def a_leaf_and_a_constant_have_none(m, t):
    with m.no_grad():
        y = t(2.0) * 2.0
    return t(2.0).grad_fn, m.tensor(2.0).grad_fn, y.grad_fn, (t(2.0) * 2.0).detach().grad_fn


@STRUCTURE.alike
def operands_stand_in_argument_order(m, t):
    x, y, c = t(2.0), t(3.0), m.tensor(4.0)
    return [
        walked(z.grad_fn)
        for z in (x * y, x * c, c * x, x + 1.0, x * 2.0, m.sin(x) * y, x / (y - c), x - m.exp(y), m.sin(m.cos(x)), -x)
    ]


@STRUCTURE.alike
def a_graph_of_arrays(m, t):
    x, w = t([[1.0, 2.0]]), t([[1.0], [2.0]])
    return walked(m.tanh(x @ w).sum().grad_fn), walked(m.stack([x[0], x[0], w[:, 0]]).grad_fn)


@STRUCTURE.alike
def one_operation_is_one_function(m, t):
    x = t(2.0)
    y = x * 3.0
    z = y * y
    (first, _), (second, _) = z.grad_fn.next_functions
    return first == second, first == y.grad_fn, hash(first) == hash(y.grad_fn), first == (x * 3.0).grad_fn


@STRUCTURE.alike
def a_leaf_has_one_accumulator(m, t):
    x, y = t(2.0), t(3.0)
    (first, _), (second, _) = (x * x).grad_fn.next_functions
    third = (x + 1.0).grad_fn.next_functions[0][0]
    other = (y + 1.0).grad_fn.next_functions[0][0]
    return first == second, first == third, first == other, list(first.next_functions)


@STRUCTURE.alike
def the_accumulator_knows_its_leaf(m, t):
    x = t([1.0, 2.0])
    z = (x * 3.0).sum()
    variable = z.grad_fn.next_functions[0][0].next_functions[0][0].variable
    z.backward()
    return variable, variable.is_leaf, variable.requires_grad, variable.grad


@STRUCTURE.alike
def an_operation_has_no_variable(m, t):
    return hasattr((t(2.0) * 2.0).grad_fn, "variable")


@STRUCTURE.alike
def the_graph_can_be_walked_after_backward(m, t):
    x = t(2.0)
    z = m.sin(x) * x
    z.backward()
    return walked(z.grad_fn)


@STRUCTURE.alike
def an_in_place_operation_puts_a_function_in_front(m, t):
    x = t([1.0, 2.0])
    y = x * 2.0
    before = y.grad_fn
    y += x
    return y.grad_fn == before, y.grad_fn.next_functions[0][0] == before, walked(y.grad_fn)


@STRUCTURE.alike
def a_frozen_leaf_is_none_from_then_on(m, t):
    x, y = t(2.0), t(3.0)
    first = x * y
    x.requires_grad_(False)
    return walked(first.grad_fn), walked((x * y).grad_fn)


@STRUCTURE.differs(torch=["MulBackward0", "SinBackward0", "torch::autograd::AccumulateGrad"], lab=[
    "MultiplyBackward", "SinBackward", "AccumulateGrad",
])  # fmt: skip
def names_are_numpys(m, t):
    x = t(2.0)
    z = m.sin(x) * x
    sin = z.grad_fn.next_functions[0][0]
    return [z.grad_fn.name(), sin.name(), sin.next_functions[0][0].name()]


@STRUCTURE.differs(torch=[True, True], lab=[False, False])
def functions_are_compared_by_equality(m, t):
    x = t(2.0)
    z = x * 3.0
    return [z.grad_fn is z.grad_fn, z.grad_fn.next_functions[0][0].variable is x]


@pytest.mark.parametrize("program", STRUCTURE, ids=str)
def test_the_graph_is_walked_as_in_pytorch(torch, program):
    check(torch, program)


# -- hooks on operations ----------------------------------------------------------------------------------------------------

HOOKS = Programs()


def accumulator(tensor):
    """The function that adds to a leaf's grad, with a graph that keeps it alive."""
    keep = tensor * 1.0
    return keep, keep.grad_fn.next_functions[0][0]


@HOOKS.alike
def a_hook_sees_gradients_of_operands_and_of_the_result(m, t):
    x, y, c, seen = t(2.0), t(3.0), m.tensor(4.0), []
    for z in (x * y, y * x, x * c, c * x, m.sin(x), x - y):
        z.grad_fn.register_hook(lambda grad_inputs, grad_outputs: seen.append([grad_inputs, grad_outputs]))
        (z * 10.0).backward()
    return seen


@HOOKS.alike
def a_hook_gets_tuples(m, t):
    seen = []
    z = t(2.0) * t(3.0)
    z.grad_fn.register_prehook(lambda outputs: seen.append(isinstance(outputs, tuple)))
    z.grad_fn.register_hook(lambda inputs, outputs: seen.append([isinstance(inputs, tuple), isinstance(outputs, tuple)]))
    z.backward()
    return seen


@HOOKS.alike
def both_operands_of_a_square_have_their_own_gradient(m, t):
    x, seen = t(3.0), []
    z = x * x
    z.grad_fn.register_hook(lambda inputs, outputs: seen.append(inputs))
    z.backward()
    return seen, x.grad


@HOOKS.alike
def gradients_have_the_shapes_of_the_operands(m, t):
    x, y, seen = t([[1.0], [2.0]]), t([3.0, 4.0, 5.0]), []
    z = x + y
    z.grad_fn.register_hook(lambda inputs, outputs: seen.append([inputs, outputs]))
    (z * z).sum().backward()
    return seen, x.grad, y.grad


@HOOKS.alike
def tensor_hooks_come_first_then_prehooks_then_hooks(m, t):
    x, seen = t(2.0), []
    y = m.sin(x)
    y.grad_fn.register_hook(lambda inputs, outputs: seen.append(["hook", outputs]))
    y.grad_fn.register_prehook(lambda outputs: seen.append(["prehook", outputs]))
    y.register_hook(lambda g: seen.append(["tensor", g.item()]))
    y.retain_grad()
    y.register_hook(lambda g: g * 10.0)
    (y * 3.0).backward()
    return seen, y.grad, x.grad


@HOOKS.alike
def hooks_of_neighbours_interleave_as_the_loop_goes(m, t):
    x, y, seen = t(2.0), t(3.0), []
    a = x * 2.0
    b = y * 3.0
    c = a * b
    for name, tensor in {"a": a, "b": b, "c": c}.items():
        tensor.register_hook(lambda g, name=name: seen.append(f"tensor {name}"))
        tensor.grad_fn.register_prehook(lambda outputs, name=name: seen.append(f"before {name}"))
        tensor.grad_fn.register_hook(lambda inputs, outputs, name=name: seen.append(f"after {name}"))
    x.register_hook(lambda g: seen.append("x"))
    y.register_hook(lambda g: seen.append("y"))
    c.backward()
    return seen


@HOOKS.alike
def a_prehook_replaces_what_comes_in(m, t):
    x, seen = t(2.0), []
    y = x * 3.0
    y.grad_fn.register_prehook(lambda outputs: (outputs[0] * 10.0,))
    y.grad_fn.register_prehook(lambda outputs: seen.append(outputs))
    y.grad_fn.register_prehook(lambda outputs: (outputs[0] + 1.0,))
    y.grad_fn.register_hook(lambda inputs, outputs: seen.append([inputs, outputs]))
    y.retain_grad()
    (y * 2.0).backward()
    return seen, x.grad, y.grad


@HOOKS.alike
def a_hook_replaces_what_goes_out(m, t):
    x, y, seen = t(2.0), t(3.0), []
    z = x * y
    z.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] * 10.0, inputs[1]))
    z.grad_fn.register_hook(lambda inputs, outputs: seen.append([inputs, outputs]))
    z.grad_fn.register_hook(lambda inputs, outputs: (inputs[0], inputs[1] + 1.0))
    z.backward()
    return seen, x.grad, y.grad


@HOOKS.alike
def what_is_replaced_by_none_does_not_flow(m, t):
    x, y = t(2.0), t(3.0)
    a = m.sin(x)
    z = a * y
    z.grad_fn.register_hook(lambda inputs, outputs: (None, inputs[1]))
    z.backward()
    return x.grad, y.grad


@HOOKS.alike
def a_removed_hook_does_not_run(m, t):
    seen = []
    z = m.sin(t(2.0))
    handles = [
        z.grad_fn.register_hook(lambda inputs, outputs: seen.append("hook")),
        z.grad_fn.register_prehook(lambda outputs: seen.append("prehook")),
    ]
    z.backward(retain_graph=True)
    for handle in handles:
        handle.remove()
        handle.remove()
    z.backward()
    return seen


@HOOKS.alike
def hooks_are_found_from_either_side_of_an_edge(m, t):
    x, seen = t(2.0), []
    y = m.sin(x)
    z = y * 3.0
    z.grad_fn.next_functions[0][0].register_hook(lambda inputs, outputs: seen.append("by next_functions"))
    y.grad_fn.register_hook(lambda inputs, outputs: seen.append("by grad_fn"))
    z.backward()
    return seen


@HOOKS.alike
def hooks_stay_with_the_function_when_the_object_is_written_to(m, t):
    x, seen = t([1.0, 2.0]), []
    y = x * 2.0
    y.grad_fn.register_hook(lambda inputs, outputs: seen.append(["multiply", outputs]))
    y += x
    y.grad_fn.register_hook(lambda inputs, outputs: seen.append(["add", outputs]))
    (y * 5.0).sum().backward()
    return seen


@HOOKS.alike
def hooks_of_an_accumulator_surround_the_leafs(m, t):
    x, seen = t(2.0), []
    keep, function = accumulator(x)
    function.register_prehook(lambda outputs: seen.append(["prehook", outputs, x.grad]))
    function.register_hook(lambda inputs, outputs: seen.append(["hook", inputs, outputs, x.grad]))
    x.register_hook(lambda g: seen.append(["tensor", g.item(), x.grad]))
    x.register_post_accumulate_grad_hook(lambda p: seen.append(["accumulated", p.grad.item()]))
    (keep * 3.0).backward()
    return seen, x.grad


@HOOKS.alike
def a_prehook_of_an_accumulator_replaces_what_is_added(m, t):
    x = t(2.0)
    keep, function = accumulator(x)
    x.register_hook(lambda g: g * 10.0)
    function.register_prehook(lambda outputs: (outputs[0] + 1.0,))
    (keep * 3.0).backward()
    return x.grad


@HOOKS.alike
def hooks_of_create_graph_are_differentiated_through(m, t):
    x = t(2.0)
    y = x * x
    y.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] * x, inputs[1]))
    y.backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.backward()
    return first, x.grad


@HOOKS.alike
def an_exception_in_a_hook_leaves_the_engine_usable(m, t):
    x = t(2.0)
    y = m.sin(x)
    handle = y.grad_fn.register_hook(lambda inputs, outputs: 1 / 0)
    refused = error(lambda: y.backward(retain_graph=True)), x.grad, m.is_grad_enabled()
    handle.remove()
    y.backward()
    return refused, x.grad


@HOOKS.refused(RuntimeError, "1", "2")
def a_hook_that_returns_too_few_is_refused(m, t):
    z = t(2.0) * t(3.0)
    z.grad_fn.register_hook(lambda inputs, outputs: (inputs[0],))
    z.backward()


@HOOKS.refused(RuntimeError, "2", "1")
def a_prehook_that_returns_too_many_is_refused(m, t):
    z = m.sin(t(2.0))
    z.grad_fn.register_prehook(lambda outputs: (outputs[0], outputs[0]))
    z.backward()


@HOOKS.refused(TypeError, "tuple", "Tensor")
def a_hook_that_returns_a_tensor_is_refused(m, t):
    z = m.sin(t(2.0))
    z.grad_fn.register_hook(lambda inputs, outputs: inputs[0])
    z.backward()


@HOOKS.refused(TypeError, "tuple", "list")
def a_hook_that_returns_a_list_is_refused(m, t):
    z = m.sin(t(2.0))
    z.grad_fn.register_hook(lambda inputs, outputs: list(inputs))
    z.backward()


@HOOKS.refused(TypeError, "tuple", "Tensor")
def a_prehook_that_returns_a_tensor_is_refused(m, t):
    z = m.sin(t(2.0))
    z.grad_fn.register_prehook(lambda outputs: outputs[0])
    z.backward()


@HOOKS.refused(TypeError, "str")
def a_hook_that_returns_text_in_a_tuple_is_refused(m, t):
    z = m.sin(t(2.0))
    z.grad_fn.register_hook(lambda inputs, outputs: ("a",))
    z.backward()


@HOOKS.refused(RuntimeError, "has changed the size")
def a_hook_that_changes_the_shape_is_refused(m, t):
    x = t([1.0, 2.0])
    z = m.sin(x)
    z.grad_fn.register_hook(lambda inputs, outputs: (inputs[0][:1],))
    z.sum().backward()


@pytest.mark.parametrize("program", HOOKS, ids=str)
def test_a_hook_on_an_operation_runs_as_in_pytorch(torch, program):
    check(torch, program)
