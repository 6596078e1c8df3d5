"""The order of all hooks is PyTorch's: last recorded first, but a leaf as soon as its last consumer was visited."""

import pytest

from tests.twins import Programs, check


def listen(seen, **tensors):
    """Let each Tensor append its name to `seen` when its gradient is complete."""
    for name, tensor in tensors.items():
        tensor.register_hook(lambda g, name=name: seen.append(name))


ORDER = Programs()


@ORDER.alike
def one_chain(m, t):
    x, seen = t(2.0), []
    a = x * 2.0
    b = m.sin(a)
    c = b + 1.0
    listen(seen, x=x, a=a, b=b, c=c)
    c.backward()
    return seen


@ORDER.alike
def a_leaf_comes_before_older_operations(m, t):
    x, y, seen = t(2.0), t(3.0), []
    p = x * 2.0
    q = y * 3.0
    r = p * p
    s = q * q
    listen(seen, x=x, y=y, p=p, q=q, r=r, s=s)
    (r + s).backward()
    return seen


@ORDER.alike
def a_leaf_used_early_and_late_waits_for_its_first_use(m, t):
    x, y, seen = t(2.0), t(3.0), []
    a = x * y
    b = a * 5.0
    c = b + x
    listen(seen, x=x, y=y, a=a, b=b, c=c)
    c.backward()
    return seen


@ORDER.alike
def leaves_of_one_operation_go_in_argument_order(m, t):
    x, y, seen = t(2.0), t(3.0), []
    listen(seen, y=y, x=x)
    (y - x).backward()
    (x - y).backward()
    return seen


@ORDER.alike
def three_leaves_of_one_operation_go_in_argument_order(m, t):
    x, y, z, seen = t(2.0), t(3.0), t(4.0), []
    listen(seen, x=x, y=y, z=z)
    m.stack([z, x, y]).sum().backward()
    return seen


@ORDER.alike
def a_leaf_and_a_result_of_one_operation(m, t):
    x, y, seen = t(2.0), t(3.0), []
    a = m.sin(x)
    listen(seen, x=x, y=y, a=a)
    (a * y).backward(retain_graph=True)
    (y * a).backward()
    return seen


@ORDER.alike
def two_branches_that_meet(m, t):
    x, seen = t(2.0), []
    a = x * 2.0
    left = m.sin(a)
    right = m.cos(a)
    left2 = left * 3.0
    out = left2 * right
    listen(seen, x=x, a=a, left=left, right=right, left2=left2, out=out)
    out.backward()
    return seen


@ORDER.alike
def branches_recorded_crosswise(m, t):
    x, y, seen = t(2.0), t(3.0), []
    a = x * 2.0
    b = y * 3.0
    c = a + 1.0
    d = b + 1.0
    e = c * y
    f = d * x
    out = f + e
    listen(seen, x=x, y=y, a=a, b=b, c=c, d=d, e=e, f=f, out=out)
    out.backward()
    return seen


@ORDER.alike
def layers_of_a_network(m, t):
    w1, b1, w2, b2, seen = t([[0.5, -1.0], [1.0, 2.0]]), t([0.5, 0.25]), t([1.5, -0.5]), t(0.125), []
    h = m.tensor([1.0, 2.0]) @ w1
    z = h + b1
    a = m.tanh(z)
    o = a @ w2
    out = o + b2
    loss = out * out
    listen(seen, w1=w1, b1=b1, w2=w2, b2=b2, h=h, z=z, a=a, o=o, out=out, loss=loss)
    loss.backward()
    return seen


@ORDER.alike
def what_does_not_lead_to_the_result_is_silent(m, t):
    x, y, seen = t(2.0), t(3.0), []
    a = x * y
    aside = a * 7.0
    b = a * x
    listen(seen, x=x, y=y, a=a, aside=aside, b=b)
    b.backward()
    return seen, y.grad


@ORDER.alike
def a_leaf_made_after_the_operations(m, t):
    x, seen = t(2.0), []
    a = x * 2.0
    late = t(3.0)
    b = a * late
    listen(seen, x=x, a=a, late=late, b=b)
    b.backward()
    return seen


@ORDER.alike
def grads_are_there_as_soon_as_the_leaf_was_visited(m, t):
    x, y, seen = t(2.0), t(3.0), []
    a = x * 2.0
    b = y * 3.0
    c = a + b
    a.register_hook(lambda g: seen.append([x.grad, y.grad]))
    b.register_hook(lambda g: seen.append([x.grad, y.grad]))
    x.register_hook(lambda g: seen.append([x.grad, y.grad]))
    c.backward()
    return seen


@ORDER.alike
def views_and_in_place_operations_have_their_place(m, t):
    x, y, seen = t([1.0, 2.0]), t(3.0), []
    a = x * 2.0
    listen(seen, x=x, y=y, a=a)
    a *= y
    b = a[0]
    listen(seen, again=a, b=b)
    b.backward()
    return seen


@pytest.mark.parametrize("program", ORDER, ids=str)
def test_the_order_of_all_hooks_is_pytorchs(torch, program):
    check(torch, program)
