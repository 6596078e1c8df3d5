"""Which results are views, and what writing to one or its base does to values and gradients: as in PyTorch."""

import pytest

from tests.twins import VIEW_OF_LEAF, Programs, check

VIEWS = {
    "a row": lambda m, y: y[1],
    "rows": lambda m, y: y[0:1],
    "columns": lambda m, y: y[:, 1:],
    "every other column": lambda m, y: y[:, ::2],
    "all by colons": lambda m, y: y[:, :],
    "all by an ellipsis": lambda m, y: y[...],
    "a new axis": lambda m, y: y[None],
    "a new last axis": lambda m, y: y[..., None],
    "T": lambda m, y: y.T,
    "reshape": lambda m, y: y.reshape(3, 2),
    "reshape to one axis": lambda m, y: y.reshape(-1),
    "np.reshape": lambda m, y: m.reshape(y, (3, 2)),
    "ravel": lambda m, y: y.ravel(),
    "np.ravel": lambda m, y: m.ravel(y),
    "squeeze": lambda m, y: m.squeeze(y[:, :1]),
    "the method squeeze": lambda m, y: y[:1].squeeze(),
    "swapaxes": lambda m, y: y.swapaxes(0, 1),
    "moveaxis": lambda m, y: m.moveaxis(y, 0, 1),
    "a view of a view": lambda m, y: y.T[1:][0],
    "a row of the ravelled": lambda m, y: y.ravel()[2:5],
    "a transposed reshape": lambda m, y: y.reshape(3, 2).T[0],
    "hsplit": lambda m, y: m.hsplit(y, 3)[1],
    "vsplit": lambda m, y: m.vsplit(y, 2)[1],
}
COPIES = {
    "a list of rows": lambda m, y: y[[0, 1]],
    "a mask": lambda m, y: y[m.tensor([[True, False, True], [False, True, False]])],
    "the transpose, reshaped": lambda m, y: y.T.reshape(6),
    "the transpose, ravelled": lambda m, y: y.T.ravel(),
    "roll": lambda m, y: m.roll(y, 1),
    "sum": lambda m, y: y.sum(0),
    "times one": lambda m, y: y * 1.0,
    "concatenate": lambda m, y: m.concatenate([y, y]),
    "stack": lambda m, y: m.stack([y, y]),
    "tril": lambda m, y: m.tril(y),
    "where": lambda m, y: m.where(y > 0.0, y, y),
}


def matrix(t):
    return t([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def writing_a_view(view):
    def run(m, t):
        x = matrix(t)
        y = x + 0.0
        v = view(m, y)
        same = v
        v += 10.0
        v *= 2.0
        (y * y).sum().backward()
        return v, y, v is same, v.is_leaf, x.grad

    return run


def writing_a_view_with_what_is_recorded(view):
    def run(m, t):
        x, s = matrix(t), t(3.0)
        y = x + 0.0
        v = view(m, y)
        v *= s
        ((y * y).sum() + v.sum()).backward()
        return v, y, x.grad, s.grad

    return run


def writing_the_base(view):
    def run(m, t):
        x = matrix(t)
        y = x + 0.0
        v = view(m, y)
        y += 10.0
        y *= 2.0
        (v * v).sum().backward()
        return v, y, x.grad

    return run


def writing_a_view_of_a_constant(view):
    def run(m, t):
        s = t(3.0)
        y = m.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        v = view(m, y)
        before = y.requires_grad, v.requires_grad
        v *= s
        after = y.requires_grad, v.requires_grad, y.is_leaf, v.is_leaf
        ((y * y).sum() + v.sum()).backward()
        return before, after, v, y, s.grad

    return run


def writing_a_view_under_no_grad(view):
    def run(m, t):
        x = matrix(t)
        y = x + 0.0
        v = view(m, y)
        with m.no_grad():
            v += 10.0
        ((y * 2.0).sum() + (v * 3.0).sum()).backward()
        return v, y, x.grad

    return run


def a_view_of_a_leaf_is_refused(view):
    def run(m, t):
        v = view(m, matrix(t))
        v += 1.0

    return run


VIEW_PROGRAMS = Programs()
WRITINGS = [
    writing_a_view, writing_a_view_with_what_is_recorded, writing_the_base, writing_a_view_of_a_constant,
    writing_a_view_under_no_grad,
]  # fmt: skip
for name, view in {**VIEWS, **COPIES}.items():
    for writing in WRITINGS:
        VIEW_PROGRAMS.put(writing(view), f"{writing.__name__}, {name}")
for name, view in VIEWS.items():
    VIEW_PROGRAMS.put(
        a_view_of_a_leaf_is_refused(view), f"a view of a leaf is refused, {name}", kind=RuntimeError, words=(VIEW_OF_LEAF,)
    )


@pytest.mark.parametrize("program", VIEW_PROGRAMS, ids=str)
def test_a_view_is_written_to_as_in_pytorch(torch, program):
    check(torch, program)
