"""What each operation saves for backward, told by what may not be overwritten: as in PyTorch."""

import pytest

from tests.twins import OVERWRITTEN, Programs, check

UNARY = {
    # result saved
    "exp": (lambda m, x: m.exp(x), "z"),
    "tanh": (lambda m, x: m.tanh(x), "z"),
    "sqrt": (lambda m, x: m.sqrt(x), "z"),
    "reciprocal": (lambda m, x: m.reciprocal(x), "z"),
    "tan": (lambda m, x: m.tan(x), "z"),
    "expm1": (lambda m, x: m.expm1(x), "z"),
    "exp2": (lambda m, x: m.exp2(x), "z"),
    # operand saved
    "sin": (lambda m, x: m.sin(x), "x"),
    "cos": (lambda m, x: m.cos(x), "x"),
    "log": (lambda m, x: m.log(x), "x"),
    "log1p": (lambda m, x: m.log1p(x), "x"),
    "arctan": (lambda m, x: m.arctan(x), "x"),
    "sinh": (lambda m, x: m.sinh(x), "x"),
    "cosh": (lambda m, x: m.cosh(x), "x"),
    "arccos": (lambda m, x: m.arccos(x / 2.0), ""),
    "arcsinh": (lambda m, x: m.arcsinh(x), "x"),
    "log2": (lambda m, x: m.log2(x), "x"),
    "log10": (lambda m, x: m.log10(x), "x"),
    "nan_to_num": (lambda m, x: m.nan_to_num(x), "x"),
    "absolute": (lambda m, x: abs(x), "x"),
    "square": (lambda m, x: m.square(x), "x"),
    "power": (lambda m, x: x**3, "x"),
    "clip": (lambda m, x: m.clip(x, 0.0, 2.0), "x"),
    # both saved
    "prod": (lambda m, x: m.prod(x), "xz"),
    "cumprod": (lambda m, x: m.cumprod(x, 0), "xz"),
    "max": (lambda m, x: m.amax(x), "xz"),
    "min": (lambda m, x: m.amin(x), "xz"),
    "std": (lambda m, x: m.std(x, correction=0), "xz"),
    "norm": (lambda m, x: m.linalg.norm(x), "xz"),
    "power of 2": (lambda m, x: 2.0**x, "xz"),
    # nothing saved
    "negative": (lambda m, x: -x, ""),
    "add a number": (lambda m, x: x + 2.0, ""),
    "multiply by a number": (lambda m, x: x * 2.0, ""),
    "divide by a number": (lambda m, x: x / 2.0, ""),
    "sum": (lambda m, x: m.sum(x), ""),
    "mean": (lambda m, x: m.mean(x), ""),
    "pick by mask of another": (lambda m, x: x[m.tensor([True, False, True])], ""),
    "pick by list": (lambda m, x: x[[0, 2, 2]], ""),
    "cumsum": (lambda m, x: m.cumsum(x, 0), ""),
    "stack": (lambda m, x: m.stack([x, x]), ""),
    "concatenate": (lambda m, x: m.concatenate([x, x]), ""),
    "floor": (lambda m, x: m.floor(x), ""),
    "sign": (lambda m, x: m.sign(x), ""),
    "deg2rad": (lambda m, x: m.deg2rad(x), ""),
    "remainder by a number": (lambda m, x: m.remainder(x, 2.0), ""),
    "subtract from a number": (lambda m, x: 1.0 - x, ""),
    "roll": (lambda m, x: m.roll(x, 1), ""),
    "tile": (lambda m, x: m.tile(x, (2,)), ""),
    "diff": (lambda m, x: m.diff(x), ""),
    "diag": (lambda m, x: m.diag(x), ""),
}
BINARY = {
    "add": (lambda m, x, y: x + y, ""),
    "subtract": (lambda m, x, y: x - y, ""),
    "multiply": (lambda m, x, y: x * y, "xy"),
    "divide": (lambda m, x, y: x / y, "xy"),
    "hypot": (lambda m, x, y: m.hypot(x, y), "xyz"),
    "arctan2": (lambda m, x, y: m.arctan2(x, y), "xy"),
    "maximum": (lambda m, x, y: m.maximum(x, y), "xy"),
    "minimum": (lambda m, x, y: m.minimum(x, y), "xy"),
    "fmax": (lambda m, x, y: m.fmax(x, y), "xy"),
    "power": (lambda m, x, y: x**y, "xyz"),
    "remainder": (lambda m, x, y: m.remainder(x, y), "xy"),
    "fmod": (lambda m, x, y: m.fmod(x, y), "xy"),
    "where": (lambda m, x, y: m.where(m.tensor([True, False, True]), x, y), ""),
    "where by comparison": (lambda m, x, y: m.where(x > y, x, y), ""),
    "hstack": (lambda m, x, y: m.hstack([x, y]), ""),
    "matmul": (lambda m, x, y: x @ y, "xy"),
    "dot": (lambda m, x, y: m.dot(x, y), "xy"),
    "inner": (lambda m, x, y: m.inner(x, y), "xy"),
    "outer": (lambda m, x, y: m.outer(x, y), "xy"),
    "tensordot": (lambda m, x, y: m.tensordot(x, y, 1), "xy"),
    "einsum": (lambda m, x, y: m.einsum("i,i->i", x, y), "xy"),
}
ONE_CONSTANT = {
    # (the other operand is a constant): only what the gradient of the recorded one needs is saved
    "multiply": (lambda m, x, c: x * c, "c"),
    "multiply turned": (lambda m, x, c: c * x, "c"),
    "divide": (lambda m, x, c: x / c, "c"),
    "matmul": (lambda m, x, c: x @ c, "c"),
    "matmul turned": (lambda m, x, c: c @ x, "c"),
    "add": (lambda m, x, c: x + c, ""),
    "subtract": (lambda m, x, c: c - x, ""),
    "where": (lambda m, x, c: m.where(c > 1.0, x, c), ""),
}

SAVED = Programs()


def overwriting(operation, which):
    """Record z = operation(x, y) on intermediate results, overwrite one of them, and go backward from what z was."""

    def run(m, t):
        leaves = t([0.5, 1.0, 1.5]), t([2.0, 0.75, 1.25])
        x, y = leaves[0] + 0.0, leaves[1] + 0.0
        z = operation(m, x, y)
        total = z.sum()
        written = {"x": x, "y": y, "z": z}[which]
        written += 1.0
        total.backward()
        return z, [leaf.grad for leaf in leaves]

    return run


def overwriting_with_a_constant(operation, which):
    """The same where the other operand is a constant, which may be overwritten too."""

    def run(m, t):
        leaf, c = t([0.5, 1.0, 1.5]), m.tensor([2.0, 0.75, 1.25])
        x = leaf + 0.0
        total = operation(m, x, c).sum()
        written = {"x": x, "c": c}[which]
        written += 1.0
        total.backward()
        return x, c, leaf.grad

    return run


def put(name, run, which, saved, beside=""):
    expected = {"kind": RuntimeError, "words": (OVERWRITTEN, name.split()[0])} if which in saved else {}
    SAVED.put(run, f"{name}{beside}, {which} is overwritten", **expected)


for name, (unary, saved) in UNARY.items():
    for which in "xz":
        put(name, overwriting(lambda m, x, y, f=unary: f(m, x), which), which, saved, " of x")
for name, (binary, saved) in BINARY.items():
    for which in "xyz":
        put(name, overwriting(binary, which), which, saved, " of x and y")
for name, (binary, saved) in ONE_CONSTANT.items():
    for which in "xc":
        put(name, overwriting_with_a_constant(binary, which), which, saved, " with the constant c")


@pytest.mark.parametrize("program", SAVED, ids=str)
def test_overwriting_is_an_error_exactly_where_the_value_was_saved(torch, program):
    check(torch, program)
