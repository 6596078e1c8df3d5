# ruff: noqa: E501 - one row a refusal, as long as its call and its message are
"""lab.func among the rest: PyTorch's errors, hooks, recording switched off and on, in-place operations, threads."""

import threading

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab import func

V = np.array([0.3, -0.7, 1.2])


def product(a, b):
    return a * b


# Each call is made with both modules; t makes a Tensor in each. What torch raises, func raises.
REFUSED = {
    "argnums of no argument": (lambda F, t: F.grad(product, 2)(t(2.0), t(3.0)), "Got argnum=2, but only 2 positional inputs"),
    "negative argnums of none": (lambda F, t: F.grad(product, -3)(t(2.0), t(3.0)), "Got argnum=-3"),
    "no argument at all": (lambda F, t: F.grad(product)(), "Got argnum=0, but only 0 positional inputs"),
    "argnums twice": (lambda F, t: F.grad(product, (0, 0))(t(2.0), t(3.0)), "argnums elements must be unique"),
    "argnums twice, once negative": (lambda F, t: F.jacrev(product, (0, -2))(t(2.0), t(3.0)), "argnums elements must be unique"),
    "empty argnums": (lambda F, t: F.jacfwd(product, ())(t(2.0), t(3.0)), "argnums must be non-empty"),
    "argnums as a list": (lambda F, t: F.grad(product, [0])(t(2.0), t(3.0)), r"argnums must be int or Tuple\[int, ...\], got"),
    "argnums as text": (lambda F, t: F.jacrev(product, "a")(t(2.0), t(3.0)), r"argnums must be int or Tuple\[int, ...\], got"),
    "text among argnums": (lambda F, t: F.grad(product, (0, "b"))(t(2.0), t(3.0)), "argnum must be int, got"),
    "argnums of a Hessian": (lambda F, t: F.hessian(product, 5)(t(2.0), t(3.0)), "Got argnum=5"),
    "a gradient of a vector": (lambda F, t: F.grad(lambda a: a * a)(t([1.0, 2.0])), "Expected f.* to return a scalar Tensor, got"),
    "a gradient of a tuple": (lambda F, t: F.grad(lambda a: (a, a))(t(2.0)), "to return a Tensor, got"),
    "a number returned": (lambda F, t: F.grad(lambda a: 3.0)(t(2.0)), "to return a Tensor.* got"),
    "a number that left the graph": (lambda F, t: F.grad(lambda a: a.item())(t(2.0)), "to return a Tensor.* got"),
    "None returned": (lambda F, t: F.grad(lambda a: None)(t(2.0)), "to return a Tensor.* got"),
    "a number returned to vjp": (lambda F, t: F.vjp(lambda a: (a, 3.0), t(2.0)), "float"),
    "a number returned to jvp": (lambda F, t: F.jvp(lambda a: 3.0, (t(2.0),), (t(1.0),)), "float"),
    "a number returned to jacrev": (lambda F, t: F.jacrev(lambda a: 3.0)(t(2.0)), "float"),
    "a number returned to jacfwd": (lambda F, t: F.jacfwd(lambda a: 3.0)(t(2.0)), "float"),
    "nothing returned to vjp": (lambda F, t: F.vjp(lambda a: (), t(2.0)), "non-empty output"),
    "nothing returned to jvp": (lambda F, t: F.jvp(lambda a: [], (t(2.0),), (t(1.0),)), "non-empty output"),
    "no aux in grad": (lambda F, t: F.grad(lambda a: a, has_aux=True)(t(2.0)), r"should be a tuple: \(output, aux\) if has_aux"),
    "two aux": (lambda F, t: F.grad(lambda a: (a, a, a), has_aux=True)(t(2.0)), r"should be a tuple: \(output, aux\) if has_aux"),
    "aux in a list": (lambda F, t: F.jacrev(lambda a: [a, a], has_aux=True)(t(2.0)), r"should be a tuple: \(output, aux\)"),
    "no aux in vjp": (lambda F, t: F.vjp(lambda a: a, t(2.0), has_aux=True), r"should be a tuple: \(output, aux\) if has_aux"),
    "no aux in jvp": (lambda F, t: F.jvp(lambda a: a, (t(2.0),), (t(1.0),), has_aux=True), r"should be a tuple: \(output, aux\)"),
    "text to differentiate by": (lambda F, t: F.grad(lambda a: a)("text"), "must be.* Tensor.* got"),
    "None to differentiate by": (lambda F, t: F.vjp(lambda a: a, None), "must be.* Tensor.* got"),
    "text in a dict": (lambda F, t: F.grad(lambda p: p["w"])({"w": t(2.0), "s": "text"}), "must be.* Tensor.* got"),
    "a bool to differentiate by": (lambda F, t: F.grad(lambda a: a * 1.0)(t(True)), "only Tensors of floating point dtype"),
    "primals in a list": (lambda F, t: F.jvp(product, [t(2.0), t(3.0)], [t(2.0), t(3.0)]), "Expected primals to be a tuple"),
    "a primal alone": (lambda F, t: F.jvp(lambda a: a, t(2.0), t(1.0)), "Expected primals to be a tuple"),
    "no primals": (lambda F, t: F.jvp(lambda: t(2.0), (), ()), "Expected primals to contain at least one Tensor"),
    "too few tangents": (lambda F, t: F.jvp(product, (t(2.0), t(3.0)), (t(1.0),)), "primals and tangents to have the same"),
    "a tangent alone": (lambda F, t: F.jvp(lambda a: a, (t(2.0),), t(1.0)), "primals and tangents to have the same"),
    "tangents of other keys": (lambda F, t: F.jvp(lambda a: a["p"], ({"p": t(2.0)},), ({"q": t(1.0)},)), "have the same"),
    "a tangent of another shape": (lambda F, t: F.jvp(lambda a: a * a, (t([1.0, 2.0]),), (t(1.0),)), "tangent|forward gradient"),
    "None as a tangent": (lambda F, t: F.jvp(product, (t(2.0), t(3.0)), (t(1.0), None)), "tangents.* NoneType"),
    "text as a primal": (lambda F, t: F.jvp(product, (t(2.0), "text"), (t(1.0), t(1.0))), "primals.* str"),
    "a strict jvp": (lambda F, t: F.jvp(lambda a: t(3.0), (t(2.0),), (t(1.0),), strict=True), "independent of the inputs"),
    "a cotangent for two": (lambda F, t: F.vjp(lambda a: (a, a * a), t(2.0))[1](t(1.0)), "structure of cotangents"),
    "cotangents in a list": (lambda F, t: F.vjp(lambda a: (a, a * a), t(2.0))[1]([t(1.0), t(1.0)]), "structure of cotangents"),
    "a cotangent of another shape": (lambda F, t: F.vjp(lambda a: a, t([1.0, 2.0]))[1](t(1.0)), r"Mismatch in shape: grad_output\[0\]"),
    "no cotangent": (lambda F, t: F.vjp(product, t(2.0), t(3.0))[1](), "missing 1 required positional argument: 'cotangents'"),
    "text as a cotangent": (lambda F, t: F.vjp(lambda a: a * a, t(2.0))[1]("text"), "got str"),
    "a variable changed in place": (lambda F, t: F.grad(lambda a: in_place(a).sum())(t([1.0, 2.0])), "leaf Variable that requires grad"),
    "no function": (lambda F, t: F.grad(3)(t(2.0)), "int"),
}  # fmt: skip


def in_place(a):
    a *= 2.0
    return a


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # torch's own first forward sweep uses it
@pytest.mark.parametrize(("call", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals_are_those_of_torch(call, message, torch):
    with pytest.raises(Exception, match=r"(?s).") as theirs:
        call(torch.func, torch.tensor)
    with pytest.raises(Exception, match=message) as ours:
        call(func, lab.tensor)
    assert type(ours.value) is type(theirs.value)


def test_complex_arguments_are_refused():
    with pytest.raises(TypeError, match=r"complex 1j"):
        func.grad(lambda x: x)(1j)
    with pytest.raises(TypeError, match="complex"):
        func.jvp(np.sin, (V,), (V * 1j,))


def test_an_error_in_f_leaves_the_thread_as_it_was():
    with lab.no_grad():
        for transform in (func.grad, func.jacrev, func.jacfwd):
            with pytest.raises(ZeroDivisionError):
                transform(lambda x: 1 // 0)(2.0)
        assert not lab.is_grad_enabled()
    assert lab.is_grad_enabled()
    assert func.grad(lambda x: x * x)(3.0) == 6.0


# -- recording switched off and on ------------------------------------------------------------------------------------


def test_a_transform_works_under_no_grad_and_records_nothing_for_outside():
    t = lab.tensor(2.0, requires_grad=True)
    with lab.no_grad():
        results = [
            func.grad(lambda y: y * y * t)(3.0),
            func.grad(lambda y: y * y)(t),
            func.jvp(lambda y: y * y * t, (3.0,), (t,))[1],
            func.jacrev(lambda y: y * t)(3.0),
            func.jacfwd(lambda y: y * t)(t),
        ]
        output, pull = func.vjp(lambda y: y * y * t, t)
    assert [float(r) for r in results] == [12.0, 4.0, 24.0, 2.0, 2.0]
    assert not any(getattr(r, "requires_grad", False) for r in (*results, output))
    assert not pull(lab.tensor(1.0))[0].requires_grad


def test_an_inner_no_grad_is_respected():
    def f(x):
        with lab.no_grad():
            factor = x * x
        return factor * x

    assert func.grad(f)(3.0) == 9.0
    assert func.jvp(f, (3.0,), (1.0,))[1] == 9.0

    @lab.no_grad
    def frozen(x):
        return x * x

    assert func.grad(frozen)(3.0) == 0.0
    assert func.grad(lambda x: x * func.grad(frozen)(x))(3.0) == 0.0


def test_what_is_detached_is_a_constant():
    assert func.grad(lambda x: x * x.detach())(3.0) == 3.0
    assert func.grad(func.grad(lambda x: x * x * x.detach()))(3.0) == 6.0


def test_a_transform_adds_nothing_to_grad():
    x, t = lab.tensor(V, requires_grad=True), lab.tensor(2.0, requires_grad=True)
    func.grad(lambda v: np.sum(v * v * t))(x)
    func.jacrev(lambda v: v * v * t)(x)
    assert x.grad is None
    assert t.grad is None


def test_hooks_on_tensors_inside_f_change_the_gradient():
    def f(x):
        y = x * x
        y.register_hook(lambda gradient: gradient * 10.0)
        return y * 3.0

    assert func.grad(f)(2.0) == 120.0
    assert func.grad(func.grad(f))(2.0) == 60.0
    assert func.vjp(f, 2.0)[1](1.0) == (120.0,)


# -- in place -----------------------------------------------------------------------------------------------------------


def test_in_place_operations_inside_f_are_differentiated():
    def f(x):
        total = x * 1.0
        for power in (2.0, 3.0):
            total *= x
            total += power
        return np.sum(total)

    given = V.copy()
    np.testing.assert_allclose(func.grad(f)(given), 3 * V**2 + 2.0)
    np.testing.assert_allclose(func.jacfwd(func.grad(f))(given), np.diag(6 * V))
    np.testing.assert_array_equal(given, V)


def test_a_variable_is_a_leaf_that_refuses_in_place_operations_and_the_argument_stays_as_it_was():
    given = V.copy()
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        func.jvp(in_place, (given,), (V,))
    np.testing.assert_array_equal(given, V)


@pytest.mark.parametrize("transform", [func.grad, func.jacrev, func.jacfwd])
def test_so_is_a_variable_for_a_tensor_that_is_recorded_outside(transform):
    outer = lab.tensor(V, requires_grad=True)
    for given in (outer, outer * 1.0):
        for change in (in_place, lambda x: in_place(x[:2])):
            with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
                transform(lambda x: np.sum(change(x)))(given)  # noqa: B023 - called at once
        np.testing.assert_array_equal(given.tolist(), V)


@pytest.mark.parametrize("transform", [func.grad, func.jacrev, func.jacfwd])
def test_a_value_overwritten_before_its_derivative_needs_it_is_refused(transform):
    def f(x):
        y = np.exp(x)
        z = y * y
        y *= 2.0
        return np.sum(z) + np.sum(y)

    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        transform(f)(V)


# -- watched ------------------------------------------------------------------------------------------------------------


def watched(run):
    """What a call returned, and the steps that it took."""
    steps = []
    with lab.graph_hook(on_step=steps.append):
        result = run()
    return result, steps


def example(x, y):
    return x * y + np.sin(x)


def test_the_steps_of_grad_are_those_of_the_sweep_that_a_learner_sees():
    gradients, steps = watched(lambda: func.grad(example, (0, 1))(2.0, 3.0))
    assert [step.text for step in steps] == [step.text for step in lab.trace(example, 2.0, 3.0).reverse()]
    totals = {step.node.name: step.total for step in steps if step.completes}
    assert (totals["x"], totals["y"]) == gradients


def test_the_steps_of_jvp_carry_all_tangents_in_one_sweep():
    (_, tangent), steps = watched(lambda: func.jvp(example, (2.0, 3.0), (1.0, 10.0)))
    assert [step.text for step in steps] == [
        "seed: tangent of w1 (x) is 1",
        "seed: tangent of w2 (y) is 10",
        "w1->w3: local w2 = 3, times tangent 1 = 3; w3 0 -> 3, 1 of 2",
        "w2->w3: local w1 = 2, times tangent 10 = 20; w3 3 -> 23, 2 of 2, complete",
        "w1->w4: local cos(w1) = -0.4161, times tangent 1 = -0.4161; w4 0 -> -0.4161, 1 of 1, complete",
        "w3->w5: local 1, times tangent 23 = 23; w5 0 -> 23, 1 of 2",
        "w4->w5: local 1, times tangent -0.4161 = -0.4161; w5 23 -> 22.58, 2 of 2, complete",
    ]
    assert steps[-1].total == tangent


def test_a_tangent_that_f_does_not_use_has_no_seed():
    (_, tangent), steps = watched(lambda: func.jvp(lambda x, y: x * x, (2.0, 3.0), (1.0, 10.0)))
    assert [step.text for step in steps if step.kind == "seed"] == ["seed: tangent of w1 (x) is 1"]
    assert steps[-1].total == tangent == 4.0


@pytest.mark.parametrize(("mode", "seeds"), [("jacrev", 2), ("jacfwd", 3)])
def test_a_jacobian_takes_one_sweep_an_element(mode, seeds):
    jacobian, steps = watched(lambda: getattr(func, mode)(lambda x: np.reshape(np.sum(x * x), (1,)) * np.array([1.0, 2.0]))(V))
    assert sum(step.kind == "seed" for step in steps) == seeds
    assert {step.mode for step in steps} == {"reverse" if mode == "jacrev" else "forward"}
    if mode == "jacrev":
        rows = [step.total for step in steps if step.node.name == "x" and step.completes]
        np.testing.assert_array_equal(rows, jacobian)
    else:
        last = [step.total for step in steps if step.completes and step.node.op == "multiply" and step.total.shape == (2,)]
        np.testing.assert_array_equal(np.transpose(last), jacobian)


@pytest.mark.parametrize("outer", ["grad", "jacrev", "jacfwd"])
@pytest.mark.parametrize("inner", ["grad", "jacrev", "jacfwd"])
def test_the_steps_of_nested_transforms_are_told_for_both(outer, inner):
    second, steps = watched(lambda: getattr(func, outer)(getattr(func, inner)(lambda x: x**3))(2.0))
    modes = [step.mode for step in steps if step.kind == "seed"]
    assert modes == ["forward" if name == "jacfwd" else "reverse" for name in (inner, outer)]
    last = steps[-1] if outer == "jacfwd" else next(s for s in reversed(steps) if s.node.name == "x" and s.completes)
    assert last.total == second == 12.0
    assert all(step.text and step.latex for step in steps)


def test_the_inner_sweep_stays_inside_its_own_function():
    _, steps = watched(lambda: func.grad(lambda x: func.grad(lambda y: x * x * y)(3.0))(2.0))
    inner = steps[: next(i for i, step in enumerate(steps) if i and step.kind == "seed")]
    assert [step.node.name for step in inner if step.node.op is None] == ["y"]
    assert "x" not in {step.node.name for step in inner}


def test_on_record_hears_the_operations_of_f_and_of_a_derivative_that_is_recorded():
    records = []
    with lab.graph_hook(on_record=records.append):
        func.grad(example)(2.0, 3.0)
    assert [node.op for node in records] == ["multiply", "sin", "add"]
    records.clear()
    with lab.graph_hook(on_record=records.append):
        func.grad(func.grad(lambda x: np.sin(x)))(2.0)
    assert [node.op for node in records][:3] == ["alias", "sin", "cos"]


def test_an_exception_in_a_hook_propagates_and_the_next_call_is_right():
    def refuse(step):
        raise KeyError(step.kind)

    with lab.graph_hook(on_step=refuse), pytest.raises(KeyError, match="seed"):
        func.grad(example)(2.0, 3.0)
    assert func.grad(lambda x: x * x)(3.0) == 6.0


# -- threads ------------------------------------------------------------------------------------------------------------


def test_threads_differentiate_side_by_side():
    barrier = threading.Barrier(4)
    found = {}

    def work(number):
        barrier.wait()
        for _ in range(50):
            found.setdefault(number, set()).add(func.grad(lambda x: x * func.grad(lambda y: x * y**number)(2.0))(3.0))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: {6.0 * number * 2.0 ** (number - 1)} for number in range(1, 5)}


def test_func_is_loaded_on_first_use():
    assert lab.func is func
    assert "func" in dir(lab)
