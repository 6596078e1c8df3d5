"""Item assignment by every kind of index is recorded, and gives both sides their gradients, as in PyTorch."""

import pytest

from tests.twins import Programs, check

# An index into a 4 x 3 matrix, and the shape of what it picks.
INDICES = {
    "an element": ((1, 2), ()),
    "a negative element": ((-1, -1), ()),
    "a row": (1, (3,)),
    "a row and all": ((1, slice(None)), (3,)),
    "a column": ((slice(None), 1), (4,)),
    "a slice": (slice(1, 3), (2, 3)),
    "a stepped slice": ((slice(None, None, 2), slice(1, None)), (2, 2)),
    "everything": (slice(None), (4, 3)),
    "an ellipsis": (..., (4, 3)),
    "a new axis": ((None, 1), (1, 3)),
    "a list of rows": ([0, 2], (2, 3)),
    "a list of rows and a column": (([0, 2], 1), (2,)),
    "two lists": (([0, 2, 3], [1, 1, 0]), (3,)),
    "a list behind a slice": ((slice(1, 3), [2, 0]), (2, 2)),
    "an empty slice": (slice(2, 2), (0, 3)),
}
MASKS = {
    "a mask": ([[True, False, False], [False, True, True], [False, False, False], [True, False, True]], (5,)),
    "a mask of rows": ([True, False, False, True], (2, 3)),
}


def index_in(m, index):
    """Masks as Tensors: what a program would have from `x > 0`."""
    return m.tensor(index) if index in [mask for mask, _ in MASKS.values()] else index


def counted(m, shape, requires_grad):
    size = 1
    for n in shape:
        size *= n
    values = m.reshape(m.arange(0.0, float(size)), shape) * 0.5 + 2.0
    return m.tensor(values.tolist(), requires_grad=requires_grad) if size else m.zeros(shape)


def a_number_is_assigned_to_a_result(m, t, index, shape):
    x = t([[1.0, 2.0, 3.0]] * 4)
    y = x * x
    same = y
    y[index_in(m, index)] = 5.0
    (y * y).sum().backward()
    return y, y is same, y.is_leaf, x.grad


def a_constant_is_assigned_to_a_result(m, t, index, shape):
    x = t([[1.0, 2.0, 3.0]] * 4)
    y = x * x
    y[index_in(m, index)] = counted(m, shape, requires_grad=False)
    (y * y).sum().backward()
    return y, x.grad


def a_recorded_value_is_assigned_to_a_result(m, t, index, shape):
    x, v = t([[1.0, 2.0, 3.0]] * 4), counted(m, shape, requires_grad=True)
    y = x * x
    y[index_in(m, index)] = v * 3.0
    (y * y).sum().backward()
    return y, x.grad, v.grad


def a_recorded_value_is_assigned_to_a_constant(m, t, index, shape):
    v = counted(m, shape, requires_grad=True)
    y = m.zeros((4, 3))
    same, before, alias = y, y.requires_grad, y.detach()
    y[index_in(m, index)] = v * 3.0 + t(1.0)
    (y * y).sum().backward()
    return y, y is same, before, y.requires_grad, y.is_leaf, alias, v.grad


def a_recorded_scalar_is_spread(m, t, index, shape):
    x, s = t([[1.0, 2.0, 3.0]] * 4), t(2.5)
    y = x * x
    y[index_in(m, index)] = s
    (y * y).sum().backward()
    return y, x.grad, s.grad


def a_part_is_added_to(m, t, index, shape):
    x, v = t([[1.0, 2.0, 3.0]] * 4), counted(m, shape, requires_grad=True)
    y = x * x
    y[index_in(m, index)] += v
    y[index_in(m, index)] *= 2.0
    (y * y).sum().backward()
    return y, x.grad, v.grad


def a_part_of_a_leaf_is_assigned_under_no_grad(m, t, index, shape):
    x = t([[1.0, 2.0, 3.0]] * 4)
    with m.no_grad():
        x[index_in(m, index)] = 7.0
        x[index_in(m, index)] -= 0.5
    (x * x).sum().backward()
    return x, x.requires_grad, x.is_leaf, x.grad


INDEX_PROGRAMS = Programs()
for name, (index, shape) in {**INDICES, **MASKS}.items():
    for f in (
        a_number_is_assigned_to_a_result, a_constant_is_assigned_to_a_result, a_recorded_value_is_assigned_to_a_result,
        a_recorded_value_is_assigned_to_a_constant, a_recorded_scalar_is_spread, a_part_is_added_to,
        a_part_of_a_leaf_is_assigned_under_no_grad,
    ):  # fmt: skip
        INDEX_PROGRAMS.put(lambda m, t, f=f, i=index, s=shape: f(m, t, i, s), f"{f.__name__}, by {name}")


@pytest.mark.parametrize("program", INDEX_PROGRAMS, ids=str)
def test_an_index_assigns_as_in_pytorch(torch, program):
    check(torch, program)
