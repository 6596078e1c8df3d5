"""The whole primitive table, row by row: difference quotient, transpose, second order, formula."""

from __future__ import annotations

from typing import Any
from xml.dom.minidom import parseString

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.core import custom
from autograd_lab.core.primitives.assignment import written_through
from autograd_lab.core.primitives.row import Partial, Primitive
from autograd_lab.core.primitives.table import ROWS
from autograd_lab.explain.formulas import equation, of_node
from autograd_lab.explain.latex import latex
from autograd_lab.explain.mathml import mathml
from autograd_lab.explain.text import text

from .array_samples import SYMMETRIC
from .samples import Sample, cases

OF_MATRICES = {"sign_of_det"}  # steps that take matrices and give numbers


def variables(name: str, sample: Sample) -> list[int]:
    """The arguments that the row can be differentiated in."""
    return [i for i, x in enumerate(sample[0]) if np.asarray(x).dtype.kind == "f" and ROWS[name].partials[i] is not None]


CASES = [
    pytest.param(name, sample, argument, id=f"{name}-{number}-argument{argument}")
    for number, (name, sample) in enumerate(cases())
    for argument in variables(name, sample)
]
# PyTorch's convention, d(x**0)/dx = 0 also where x is 0, is a constant: its derivative in the exponent is 0, not 1/x.
BY_CONVENTION = [("power", 0, 1)]
PAIRS = [
    pytest.param(name, sample, argument, other, id=f"{name}-{number}-argument{argument}-{other}")
    for number, (name, sample) in enumerate(cases())
    for argument in variables(name, sample)
    for other in variables(name, sample)
    if (name, argument, other) not in BY_CONVENTION or np.all(sample[0][1])
]


def symmetric(a: Any) -> Any:
    return (a + np.swapaxes(a, -1, -2)) * 0.5


def of_any_matrix(name: str) -> Primitive:
    """The row; one for symmetric matrices after making its operand symmetric, so that it has a derivative in all directions."""
    row = ROWS[name]
    if name not in SYMMETRIC:
        return row
    rules = row.partials[0]
    return Primitive(
        name,
        lambda a, **kw: row.value(symmetric(a), **kw),
        (
            Partial(
                push=lambda t, out, a, **kw: rules.push(symmetric(t), out, symmetric(a), **kw),
                pull=lambda v, out, a, **kw: symmetric(rules.pull(v, out, symmetric(a), **kw)),
            ),
        ),
    )


def recorded(name: str, sample: Sample, argument: int) -> tuple[Any, Any]:
    """The row applied with one operand as a leaf: the leaf and the result."""
    operands, keywords = sample
    leaf = lab.tensor(operands[argument], requires_grad=True, name="x")
    arguments = [leaf if i == argument else operand for i, operand in enumerate(operands)]
    return leaf, ROWS[name](*arguments, **keywords)


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_push_is_the_difference_quotient(name: str, sample: Sample, argument: int) -> None:
    custom.check_push(of_any_matrix(name), *sample, argument)


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_pull_is_the_transpose_of_push(name: str, sample: Sample, argument: int) -> None:
    custom.check_pull(ROWS[name], *sample, argument)


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_no_rule_reads_what_its_partial_says_it_does_not(name: str, sample: Sample, argument: int) -> None:
    custom.check_reads(ROWS[name], *sample, argument)


@pytest.mark.parametrize(("name", "sample", "argument", "other"), PAIRS)
def test_push_and_pull_can_be_differentiated_again(name: str, sample: Sample, argument: int, other: int) -> None:
    custom.check_second_order(of_any_matrix(name), *sample, argument, other)


@pytest.mark.parametrize(("name", "sample", "argument"), CASES)
def test_every_formula_can_be_written(name: str, sample: Sample, argument: int) -> None:
    leaf, out = recorded(name, sample, argument)
    graph = lab.graph_of(out)
    sweeps = [graph.reverse(seed=np.ones(out.shape)), graph.forward(seed=np.ones(leaf.shape))]
    expressions = [of_node(node) for node in graph.nodes] + [equation(step) for sweep in sweeps for step in sweep]
    for expression in expressions:
        assert text(expression)
        assert latex(expression)
        assert parseString(mathml(expression)).documentElement.tagName == "math"  # noqa: S318 - our own text
    assert all(step.text for sweep in sweeps for step in sweep)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row.differentiable])
def test_step_functions_give_results_without_gradient(name: str) -> None:
    row = ROWS[name]
    kind = bool if name in {"bitwise_and", "bitwise_or", "bitwise_xor", "invert"} else float
    given = np.eye(3) if name in OF_MATRICES else np.array([0, 1, 1])
    operands = [lab.tensor(given, dtype=kind, requires_grad=kind is float) for _ in range(row.arity or 0)]
    result = row(*operands)
    assert not result.requires_grad
    assert result.dtype == (float if name in OF_MATRICES else bool)


def writable_views() -> list[Any]:
    """Every sample of every row whose result NumPy lets one write through; alias is no place of its own."""
    found = []
    for number, (name, (operands, keywords)) in enumerate(cases()):
        whole = np.array(operands[0])
        shown = ROWS[name].value(whole, *operands[1:], **keywords) if ROWS[name].view and name != "alias" else None
        if isinstance(shown, np.ndarray) and shown.flags.writeable and np.shares_memory(shown, whole):
            found.append(pytest.param(name, whole, shown.shape, keywords, id=f"{name}-{number}"))
    return found


VIEWS = writable_views()


def test_most_views_are_among_those_written_through() -> None:
    assert {"getitem", "reshape", "transpose", "swapaxes", "moveaxis", "squeeze", "flip"} <= {p.values[0] for p in VIEWS}


@pytest.mark.parametrize(("name", "whole", "shape", "keywords"), VIEWS)
@pytest.mark.parametrize("argument", [0, 1])
def test_what_is_written_through_a_view_passes_the_tables_test(
    name: str, whole: Any, shape: tuple[int, ...], keywords: dict[str, Any], argument: int
) -> None:
    row = written_through(ROWS[name])
    operands = (whole, np.linspace(2.0, 3.0, int(np.prod(shape))).reshape(shape))
    for check in (custom.check_push, custom.check_pull, custom.check_reads):
        check(row, operands, keywords, argument)
    for other in (0, 1):
        custom.check_second_order(row, operands, keywords, argument, other)
