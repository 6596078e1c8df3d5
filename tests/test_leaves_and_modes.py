"""What requires a gradient, what is a leaf, what backward() takes, and what the modes do, as in PyTorch."""

import threading

import pytest

from tests.twins import Programs, check, dtype, error

PROGRAMS = Programs()


def kind(tensor):
    return [tensor.requires_grad, tensor.is_leaf, tensor.grad_fn is None]


# -- requires_grad and leaves -----------------------------------------------------------------------------------------------


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
    return [kind(z) for z in (x > 0.0, x != 1.0, m.isnan(x), m.zeros_like(x), m.ones_like(x), m.logical_not(x), m.isfinite(x))]


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


# -- detach -----------------------------------------------------------------------------------------------------------------


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


@PROGRAMS.alike
def tolist_and_item_leave_the_graph_without_a_word(m, t):
    x = t([1.0, 2.0])
    return (x * x).tolist(), (x * x).sum().item(), type((x * x).sum().item()).__name__


# -- what backward() takes --------------------------------------------------------------------------------------------------

SAVES_NOTHING = {
    "x + x": lambda m, x: x + x,
    "x - 1": lambda m, x: x - 1.0,
    "-x": lambda m, x: -x,
    "x.sum()": lambda m, x: x.sum(),
    "x.mean()": lambda m, x: x.mean(),
    "x.reshape": lambda m, x: x.reshape(2, 1),
    "x.T": lambda m, x: x.T,
    "x[0]": lambda m, x: x[0],
    "x[1:]": lambda m, x: x[1:],
    "stack": lambda m, x: m.stack([x, x]),
    "concatenate": lambda m, x: m.concatenate([x, x]),
    "broadcast_to": lambda m, x: m.broadcast_to(x, (3, 2)),
    "squeeze": lambda m, x: m.squeeze(x),
    "cumsum": lambda m, x: m.cumsum(x, 0),
    "flip": lambda m, x: m.flip(x, (0,)),
    "floor": lambda m, x: m.floor(x),
    "+=": lambda m, x: _plus(x),
}
SAVES_SOMETHING = {
    "x * x": lambda m, x: x * x,
    "x / x": lambda m, x: x / x,
    "x ** 2": lambda m, x: x**2,
    "x * constant": lambda m, x: x * m.tensor([2.0, 3.0]),
    "x / constant": lambda m, x: x / m.tensor([2.0, 3.0]),
    "x @ constant": lambda m, x: x @ m.tensor([2.0, 3.0]),
    "sin": lambda m, x: m.sin(x),
    "exp": lambda m, x: m.exp(x),
    "abs": lambda m, x: abs(x),
    "maximum": lambda m, x: m.maximum(x, m.tensor([1.5, 1.5])),
    "where": lambda m, x: m.where(m.tensor([True, False]), x, 0.0),
    "clip": lambda m, x: m.clip(x, 0.0, 1.0),
    "prod": lambda m, x: m.prod(x),
    "*=": lambda m, x: _times(m, x),
}


def _plus(x):
    y = x + 0.0
    y += x
    return y


def _times(m, x):
    y = x + 0.0
    y *= m.tensor([2.0, 3.0])
    return y


def twice(f):
    def run(m, t):
        x = t([1.0, 2.0])
        y = f(m, x).sum()
        y.backward()
        y.backward()
        return x.grad

    return run


for name, f in SAVES_NOTHING.items():
    PROGRAMS.put(twice(f), f"backward twice without retain_graph, {name}")
for name, f in SAVES_SOMETHING.items():
    PROGRAMS.put(
        twice(f),
        f"backward twice without retain_graph, {name}",
        kind=RuntimeError,
        words=("Trying to backward through the graph a second time", "retain_graph=True"),
    )


@PROGRAMS.alike
def the_gradient_has_the_dtype_of_its_leaf(m, t):
    x, y = t([1.0, 2.0], dtype=m.float32), t([3.0, 4.0])
    s, half = t(2.0, dtype=m.float32), t([1.0, 2.0], dtype=m.float16)
    z = (x * y * s).sum() + (half * half).sum()
    z.backward()
    return dtype(z), [[dtype(leaf.grad), leaf.grad] for leaf in (x, y, s, half)]


@PROGRAMS.alike
def float32_stays_float32(m, t):
    x, s = t([1.0, 4.0], dtype=m.float32), t(4.0, dtype=m.float32)
    made = [
        x * 2.0,
        x / 3,
        x**2,
        2.0**x,
        m.sqrt(x),
        x.sum(),
        x.mean(),
        x @ x,
        s * 2.0,
        s / 3,
        1.0 / s,
        s**2,
        m.sqrt(s),
        x * s,
        s * s,
    ]
    return [dtype(z) for z in made]


@PROGRAMS.alike
def a_float64_scalar_beside_a_float32_array_does_not_widen_it(m, t):
    x, s = t([1.0, 2.0], dtype=m.float32), t(2.0)
    z = x * s
    z.sum().backward()
    return dtype(z), dtype(x.grad), dtype(s.grad), s.grad


@PROGRAMS.alike
def ints_and_bools_beside_floats_are_constants(m, t):
    x = t([1.0, 2.0])
    z = x * m.tensor([3, 4]) + m.tensor([True, False]) * x
    z.sum().backward()
    return z, dtype(z), x.grad


@PROGRAMS.alike
def a_gradient_of_another_dtype_is_converted(m, t):
    x = t([1.0, 2.0])
    (x * x).backward(m.tensor([1.0, 2.0], dtype=m.float32))
    return x.grad, dtype(x.grad)


@PROGRAMS.alike
def a_gradient_for_a_scalar_scales_it(m, t):
    x = t(2.0)
    (x * x).backward(m.tensor(10.0))
    (x * x).backward(gradient=m.tensor(0.0))
    return x.grad


@PROGRAMS.alike
def the_gradient_given_is_not_changed_and_not_shared(m, t):
    x, g = t([1.0, 2.0]), m.tensor([3.0, 4.0])
    y = x + 0.0
    y.backward(g, retain_graph=True)
    y.backward(g)
    g[0] = 100.0
    return x.grad, g


@PROGRAMS.alike
def a_gradient_of_none_is_that_of_a_scalar(m, t):
    x = t(2.0)
    (x * x).backward(None)
    return x.grad


@PROGRAMS.refused(RuntimeError, "[2]", "[3]")
def a_gradient_of_another_shape_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward(m.tensor([1.0, 2.0, 3.0]))


@PROGRAMS.refused(RuntimeError, "[2]", "[]")
def a_scalar_gradient_of_a_vector_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward(m.tensor(1.0))


@PROGRAMS.refused(RuntimeError, "[1]", "[]")
def a_gradient_with_one_axis_of_a_scalar_is_refused(m, t):
    (t(1.0) * 2.0).backward(m.tensor([1.0]))


@PROGRAMS.refused(RuntimeError, "grad can be implicitly created only for scalar outputs", "gradient=")
def backward_of_a_vector_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward()


@PROGRAMS.refused(RuntimeError, "does not require grad and does not have a grad_fn", "requires_grad=True")
def backward_of_a_constant_is_refused(m, t):
    m.tensor(2.0).backward()


@PROGRAMS.refused(RuntimeError, "does not require grad and does not have a grad_fn", "requires_grad=True")
def backward_of_a_comparison_is_refused(m, t):
    (t(2.0) > 1.0).backward()


@PROGRAMS.refused(RuntimeError, "does not require grad and does not have a grad_fn", "requires_grad=True")
def backward_of_a_detached_result_is_refused(m, t):
    (t(2.0) * 2.0).detach().backward()


@PROGRAMS.refused(TypeError, "Tensor", "float")
def a_grad_that_is_a_number_is_refused(m, t):
    t(1.0).grad = 3.0


@PROGRAMS.refused(RuntimeError, "shape", "[1]", "[2]")
def a_grad_of_another_shape_is_refused(m, t):
    t([1.0, 2.0]).grad = m.tensor([1.0])


@PROGRAMS.refused(RuntimeError, "float32", "float64")
def a_grad_of_another_dtype_is_refused(m, t):
    t([1.0, 2.0]).grad = m.tensor([1.0, 2.0], dtype=m.float32)


# PyTorch frees its CopySlices, though nothing was saved in it.
@PROGRAMS.differs(torch=RuntimeError, lab=[0.0, 2.0])
def backward_twice_through_an_item_assignment(m, t):
    x = t([1.0, 2.0])
    y = x + 0.0
    y[0] = 5.0
    y = y.sum()
    y.backward()
    y.backward()
    return x.grad


@PROGRAMS.differs(torch=[3.0, None], lab=TypeError)
def inputs_restricts_what_is_accumulated(m, t):
    x, y = t(2.0), t(3.0)
    (x * y).backward(inputs=[x])
    return x.grad, y.grad


@PROGRAMS.alike
def create_graph_gives_grads_with_a_history(m, t):
    x = t([1.0, 2.0])
    (x * x * x).sum().backward(create_graph=True)
    first = x.grad
    x.grad = None
    (first * first).sum().backward()
    return kind(first), first, x.grad


@PROGRAMS.alike
def a_grad_with_a_history_adds_up_as_a_new_object(m, t):
    x = t([1.0, 2.0])
    (x * x).sum().backward(create_graph=True)
    held = x.grad
    (x * x).sum().backward(create_graph=True)
    return held, x.grad, x.grad is held, kind(x.grad)


@PROGRAMS.alike
def a_gradient_penalty(m, t):
    w, x = t([0.5, -1.0]), t([1.0, 2.0])
    (m.tanh(w * x)).sum().backward(create_graph=True)
    penalty = (x.grad * x.grad).sum()
    w.grad = x.grad = None
    penalty.backward()
    return penalty, w.grad


@PROGRAMS.alike
def third_derivatives(m, t):
    x, found = t(0.5), []
    y = m.exp(x) * x**3
    for _ in range(3):
        x.grad = None
        y.backward(create_graph=True)
        y = x.grad
        found.append(y.item())
    return found


@PROGRAMS.alike
def a_leaf_used_nowhere_has_no_grad(m, t):
    x, y = t(2.0), t(3.0)
    (x * 2.0).backward()
    return y.grad


@PROGRAMS.alike
def a_leaf_multiplied_by_zero_has_a_grad_of_zero(m, t):
    x = t(2.0)
    (x * 0.0).backward()
    return x.grad


# -- modes ------------------------------------------------------------------------------------------------------------------


@PROGRAMS.alike
def a_decorated_generator_runs_without_recording_and_lets_its_caller_record(m, t):
    x = t(2.0)

    @m.no_grad()
    def values():
        for _ in range(2):
            yield m.is_grad_enabled(), (x * x).requires_grad

    return [[inside, m.is_grad_enabled(), (x * x).requires_grad] for inside in values()], m.is_grad_enabled()


@PROGRAMS.alike
def a_decorated_generator_is_sent_to_thrown_into_and_returns(m, t):
    found = []

    @m.no_grad()
    def values():
        try:
            found.append([(yield 1), m.is_grad_enabled()])
            yield 2
        except KeyError:
            found.append(["thrown", m.is_grad_enabled()])
            yield 3
        finally:
            found.append(["closed", m.is_grad_enabled()])
        return 4

    def returned():
        found.append((yield from values()))

    generator = values()
    found += [next(generator), generator.send("sent"), generator.throw(KeyError())]
    generator.close()
    found.append(list(returned()))
    return found, m.is_grad_enabled()


@PROGRAMS.alike
def a_decorated_method_and_its_name(m, t):
    class Model:
        @m.no_grad()
        def predict(self, x):
            """Say what it predicts."""
            return (x * 2.0).requires_grad, m.is_grad_enabled()

    return Model().predict(t(1.0)), Model.predict.__name__, Model.predict.__doc__, m.is_grad_enabled()


@PROGRAMS.alike
def set_grad_enabled_takes_a_condition(m, t):
    x, found = t(2.0), []
    for training in (True, False):
        with m.set_grad_enabled(training):
            found.append((x * x).requires_grad)
    return found, m.is_grad_enabled()


@PROGRAMS.alike
def modes_nest_and_survive_exceptions(m, t):
    found = []

    def fails():
        with m.no_grad(), m.enable_grad():
            found.append(m.is_grad_enabled())
            raise KeyError

    with m.no_grad():
        found.append([error(fails), m.is_grad_enabled()])
    return found, m.is_grad_enabled()


@PROGRAMS.alike
def the_mode_is_that_of_the_thread(m, t):
    found = []
    with m.no_grad():
        thread = threading.Thread(target=lambda: found.append([m.is_grad_enabled(), (t(2.0) * 2.0).requires_grad]))
        thread.start()
        thread.join()
        found.append(m.is_grad_enabled())
    return found


@PROGRAMS.alike
def a_leaf_made_under_no_grad_requires_a_gradient(m, t):
    with m.no_grad():
        x = t(2.0)
        y = x * x
    (x * x).backward()
    return kind(y), x.grad


@PROGRAMS.alike
def backward_under_no_grad_works_on_what_was_recorded(m, t):
    x = t(2.0)
    y = x * x
    with m.no_grad():
        y.backward()
    return x.grad, x.grad.requires_grad


@PROGRAMS.alike
def a_constant_made_of_a_recorded_value_under_no_grad_can_be_frozen_and_thawed(m, t):
    x = t([1.0, 2.0])
    with m.no_grad():
        y = x * 3.0
    y.requires_grad_()
    (x * y).sum().backward()
    return x.grad, y.grad


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
