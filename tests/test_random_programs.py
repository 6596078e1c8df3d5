"""Random programs of functions, reductions, views, writes, hooks and backward calls run as in PyTorch, step by step."""

import warnings
from functools import partial

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.twins import OURS, error

VALUES = ([1.0, -2.0, 0.5], [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], 1.25, [[2.0], [-0.5]])


class UnfitError(Exception):
    """A step that these operands have no meaning for; it is left out in both engines."""


def fits(condition):
    if not condition:
        raise UnfitError


def written(m, x, y, how):
    """x changed in place by y; where y lies in the memory of x, PyTorch reads what it has just written."""
    fits(x is y or not (x.ndim and y.ndim and np.shares_memory(*(np.asarray(v.detach().numpy()) for v in (x, y)))))
    how(x, y)


def put(x, index, value):
    x[index] = value


def item(m, x, k):
    fits(x.ndim and x.shape[0])
    return [slice(1, None), slice(None, None, 2), k % x.shape[0], ..., x.detach() > 0.0][k % 5]


def reshaped(m, x, _y, k):
    size = int(np.prod(tuple(x.shape)))
    fits(x.ndim and size)
    return x.reshape([(size,), (1, size), (size, 1)][k % 3])


def indexed(m, x, _y, k):
    part = x[item(m, x, k)]
    fits(part.ndim)  # a 0-d view shares memory in PyTorch only
    return part


def squared(x, _):
    x **= 2


def added(x, y):
    x += y


def scaled(x, y):
    x *= y


def no_grad(m, how):
    with m.no_grad():
        how()


def backward(m, x, k):
    if k % 2:
        x = x.sum()
    create = k % 7 == 0
    x.backward(retain_graph=create or k % 3 == 0, create_graph=create)


RESULTS = {
    "sin": lambda m, x, y, k: m.sin(x),
    "exp": lambda m, x, y, k: m.exp(-x * x),
    "square": lambda m, x, y, k: x**2,
    "sqrt": lambda m, x, y, k: m.sqrt(abs(x) + 0.5),
    "divide": lambda m, x, y, k: x / (y * y + 0.5),
    "add": lambda m, x, y, k: x + y,
    "multiply": lambda m, x, y, k: x * y,
    "reversed": lambda m, x, y, k: (k % 4 - 1.5) - x,
    "maximum": lambda m, x, y, k: m.maximum(x, y),
    "where": lambda m, x, y, k: m.where(x > 0.0, x, y),
    "matmul": lambda m, x, y, k: fits(x.ndim and y.ndim) or x @ y,
    "stack": lambda m, x, y, k: fits(tuple(x.shape) == tuple(y.shape)) or m.stack([x, y]),
    "sum": lambda m, x, y, k: x.sum(),
    "mean of an axis": lambda m, x, y, k: fits(x.ndim and x.shape[-1]) or x.mean(-1),
    "reshape": reshaped,
    "transpose": lambda m, x, y, k: fits(x.ndim == 2) or x.T,
    "newaxis": lambda m, x, y, k: fits(x.ndim) or x[None],
    "broadcast": lambda m, x, y, k: fits(x.ndim) or m.broadcast_to(x, (2, *x.shape)),
    "item": indexed,
    "detach": lambda m, x, y, k: fits(x.ndim) or x.detach(),
    "grad": lambda m, x, y, k: fits(x.ndim and x.grad is not None) or x.grad,
}
ACTIONS = {
    "+=": lambda m, x, y, k: written(m, x, y, added),
    "*=": lambda m, x, y, k: written(m, x, y, scaled),
    "**=": lambda m, x, y, k: written(m, x, x, squared),
    "put": lambda m, x, y, k: written(m, x, y, lambda x, y: put(x, item(m, x, k), y)),
    "put a number": lambda m, x, y, k: put(x, item(m, x, k), 0.5),
    "zero": lambda m, x, y, k: x.zero_(),
    "step": lambda m, x, y, k: no_grad(m, lambda: written(m, x, y, added)),
    "backward": lambda m, x, y, k: backward(m, x, k),
    "backward again": lambda m, x, y, k: backward(m, x, k),
    "forget": lambda m, x, y, k: setattr(x, "grad", None),
    "zero grad": lambda m, x, y, k: fits(x.grad is not None) or x.grad.zero_(),
}
# Where views are rewritten, PyTorch makes their grad_fn anew when it is asked for, without the hooks of the old one.
HOOKS = {
    "retain": lambda m, x, y, k: x.retain_grad(),
    "hook": lambda m, x, y, k: x.register_hook((lambda g: None, lambda g: g * 2.0, lambda g: g + 0.5)[k % 3]) and None,
}
VIEWS = {"reshape", "transpose", "newaxis", "broadcast", "item", "detach", "grad"}


def state(tensors):
    """What can be seen of the Tensors of one engine."""
    seen = []
    for x in tensors:
        grad = x.grad
        seen.append((tuple(x.shape), x.requires_grad, x.is_leaf, grad is None, np.asarray(x.detach().tolist())))
        if grad is not None:
            seen.append((tuple(grad.shape), grad.requires_grad, np.asarray(grad.detach().tolist())))
    return seen


def alike(ours, theirs):
    return len(ours) == len(theirs) and all(
        np.array_equal(p, q) or np.allclose(p, q, rtol=1e-9, atol=1e-9 * max(1.0, np.max(np.abs(q), initial=0.0)))
        for one, other in zip(ours, theirs, strict=True)
        for p, q in zip(one, other, strict=True)
    )


def tame(theirs):
    """Whether all numbers are finite: beyond, engines differ in the order of what they multiply and add."""
    return all(np.all(np.isfinite(seen[-1])) for seen in theirs)


def programs(steps):
    step = st.tuples(st.sampled_from(sorted(steps)), st.integers(0, 30), st.integers(0, 30), st.integers(0, 60))
    return st.lists(step, min_size=3, max_size=25)


def run(torch, program):
    """Run each step in both engines, and compare what is there afterwards."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        engines = [(m, [m.tensor(v, requires_grad=i < 3) for i, v in enumerate(VALUES)]) for m in (torch, OURS)]
        for step in program:
            name = step[0]
            ends = [error(partial(perform, m, tensors, step)) for m, tensors in engines]
            ours = ends[1].replace("ValueError", "RuntimeError")  # NumPy's for shapes that do not fit
            if "IndexError" in ends:
                return
            if ours != ends[0] and name in {"put", "put a number", "zero"}:
                return  # PyTorch writes to elements that stand for several, and reads none that it writes to
            assert ours == ends[0], step
            if ours == "RuntimeError" and name.startswith("backward"):
                return  # PyTorch has filled the grads of some leaves by then
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs, ours = state(engines[0][1]), state(engines[1][1])
            if not tame(theirs):
                return
            assert alike(ours, theirs), step
    finally:
        torch.set_default_dtype(before)


def perform(m, tensors, step):
    name, i, j, k = step
    x, y = tensors[i % len(tensors)], tensors[j % len(tensors)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if name in RESULTS:
            made = RESULTS[name](m, x, y, k)
            fits(made.ndim < 4)
            tensors.append(made)
        else:
            (ACTIONS | HOOKS)[name](m, x, y, k)


SETTINGS = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(program=programs({*RESULTS, *ACTIONS}))
def test_programs_with_views_run_as_in_pytorch(torch, program):
    run(torch, program)


@SETTINGS
@given(program=programs({*RESULTS, *ACTIONS, *HOOKS} - VIEWS))
def test_programs_with_hooks_run_as_in_pytorch(torch, program):
    run(torch, program)
