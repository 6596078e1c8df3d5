"""What backward() takes, frees and gives: gradients, dtypes, higher orders, as in PyTorch."""

import pytest

from tests.twins import Programs, check, dtype

PROGRAMS = Programs()


def kind(tensor):
    return [tensor.requires_grad, tensor.is_leaf, tensor.grad_fn is None]


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


@PROGRAMS.refused(RuntimeError, "shape", "3", "2")
def a_gradient_of_another_shape_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward(m.tensor([1.0, 2.0, 3.0]))


@PROGRAMS.refused(RuntimeError, "shape", "2")
def a_scalar_gradient_of_a_vector_is_refused(m, t):
    (t([1.0, 2.0]) * 2.0).backward(m.tensor(1.0))


@PROGRAMS.refused(RuntimeError, "shape", "1")
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


@PROGRAMS.refused(RuntimeError, "shape", "1", "2")
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


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
