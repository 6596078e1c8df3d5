"""Graphs that the tests of views draw: the lesson's example, shapes that layouts get wrong, and names that break text."""

from contextlib import nullcontext

import numpy as np

import autograd_lab as lab

HOSTILE = (
    "<script>alert(1)</script>",
    "<b>bold</b>",
    'say "hi"\\',
    "\\",
    '\\"',
    "line\nbreak\r\ttab",
    "nul\x00bell\x07esc\x1b",
    "lone \ud800 and \ufffe",
    "سعر",
    "מחיר",
    "\u202eevil",
    "👩‍👩‍👧‍👦 🎉",
    "그래디언트 변수",
    "]]> & &amp; {braces} %s",
    "graph",
    "",
    "x" * 500,
)


def example(x, y):
    return x * y + np.sin(x)


def lesson():
    return lab.trace(example, 2.0, 3.0)


def square():
    return lab.trace(lambda x: x * x, 2.0)


def fan_out():
    return lab.trace(lambda x: np.sin(x) + np.cos(x) + np.exp(x) + np.tanh(x) + np.sqrt(x) + np.log(x), 2.0)


def chain(length=60):
    def f(x):
        for _ in range(length):
            x = np.sin(x)
        return x

    return lab.trace(f, 1.0)


def cut():
    """A frozen tensor that two operations read, a detached one, and scopes in a scope."""

    def f(x, y):
        frozen = lab.tensor(3.0, name="c")
        with lab.scope("layer1"):
            a = x * frozen + np.sin(x).detach()
            with lab.scope("inner"):
                a = np.tanh(a)
        with lab.scope("layer2"):
            return a * y * frozen

    return lab.trace(f, 2.0, 3.0)


def layered(seed=1, inputs=6, nodes=30):
    """Operations on operands chosen at random, alike every time."""
    draw = np.random.default_rng(seed)

    def f(*values):
        made = list(values)
        while len(made) < nodes:
            i, j = draw.integers(len(made), size=2)
            made.append(made[i] * made[j])
        return tuple(made[inputs:])

    return lab.trace(f, *(1.0 for _ in range(inputs)))


def network(layers=117, width=5, scoped=True):
    """A network of scalar neurons, a scope a layer: 3 * width**2 + 2 * width nodes each, about 10,000 as it stands."""
    draw = np.random.default_rng(0)
    params = [draw.uniform(-1, 1, (width, width + 1)).tolist() for _ in range(layers)]

    def f(params, x):
        values = x
        for number, layer in enumerate(params, start=1):
            with lab.scope(f"layer{number}") if scoped else nullcontext():
                sums = []
                for bias, *weights in layer:
                    total = bias
                    for weight, value in zip(weights, values, strict=True):
                        total = total + weight * value
                    sums.append(total)
                values = [np.tanh(total) for total in sums]
        return sum(values[1:], values[0])

    return lab.trace(f, params, [0.1 * k for k in range(width)])


def named(name, scope="s"):
    x = lab.tensor(2.0, requires_grad=True, name=name)
    y = lab.tensor(3.0, name=name)
    with lab.scope(scope.replace("/", "|") or "s"):
        return lab.graph_of(np.sin(x) * y)


SHAPES = {"lesson": lesson, "square": square, "fan_out": fan_out, "chain": chain, "cut": cut, "layered": layered}
