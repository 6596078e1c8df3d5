"""The engines that are compared, each with the same few verbs.

`find(names)` gives those that are installed, and the names of those that are not. A contender makes leaves of values,
runs a step (forward, then backward; gradients of the step before are cleared, as every training loop does), says what
gradients the step left, and differentiates forward if it can. Each is used as its own documentation shows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

Program = Callable[..., Any]
"""`program(functions, constants, *leaves)` computes one scalar, or any array where nothing is recorded."""


@dataclass(frozen=True)
class Contender:
    """An engine.

    `leaf` makes a variable that gradients are wanted for, `constant` data that none are wanted for. `step` runs a
    program on constants and leaves, forward and backward; `gradients` reads from the leaves, or from what the step
    returned, what it left. `recording_off` is a context; `plain` is the NumPy value of a result. `jvp` takes a program,
    constants, primals and tangents (both as `constant` makes them) and gives value and tangent; None: reverse mode only.
    """

    name: str
    functions: SimpleNamespace
    leaf: Callable[[Any], Any]
    step: Callable[[Program, Sequence[Any], Sequence[Any]], Any]
    gradients: Callable[[Sequence[Any], Any], list[Any]] = lambda leaves, result: [np.asarray(leaf.grad) for leaf in leaves]
    constant: Callable[[Any], Any] = lambda value: value
    recording_off: Callable[[], AbstractContextManager[Any]] = nullcontext
    plain: Callable[[Any], Any] = np.asarray
    jvp: Callable[[Program, Sequence[Any], Sequence[Any], Sequence[Any]], Any] | None = None
    scalars_only: bool = False

    def evaluate(self, program: Program, constants: Sequence[Any], leaves: Sequence[Any]) -> Any:
        """Forward with recording off, on variables that would record."""
        with self.recording_off():
            return program(self.functions, constants, *leaves)


def autograd_lab() -> Contender:
    """This package."""
    import autograd_lab as lab
    from autograd_lab import func

    functions = _functions(np)
    return Contender(
        "autograd_lab",
        functions,
        leaf=lambda value: lab.tensor(value, requires_grad=True),
        step=_backward(functions, cleared=None),
        gradients=lambda leaves, result: [leaf.grad.numpy() for leaf in leaves],
        recording_off=lab.no_grad,
        plain=lambda value: value.numpy(),
        jvp=_jvp(functions, func.jvp),
    )


def micrograd() -> Contender:
    """Karpathy's micrograd: scalars, a closure for each operation, recursion over the graph."""
    from micrograd.engine import Value

    functions = SimpleNamespace(relu=Value.relu)
    backward = _backward(functions, cleared=0)

    def step(program: Program, constants: Sequence[Any], leaves: Sequence[Any]) -> None:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(100_000)  # its backward() goes one call deeper for each operation of a chain
        try:
            backward(program, constants, leaves)
        finally:
            sys.setrecursionlimit(limit)

    return Contender("micrograd", functions, leaf=Value, step=step, scalars_only=True)


def torch() -> Contender:
    """PyTorch on one thread."""
    import torch

    torch.set_num_threads(1)
    functions = _functions(torch, relu=torch.relu)
    return Contender(
        "torch",
        functions,
        leaf=lambda value: torch.tensor(np.asarray(value)).requires_grad_(),
        step=_backward(functions, cleared=None),
        constant=lambda value: torch.from_numpy(value) if isinstance(value, np.ndarray) else value,
        recording_off=torch.no_grad,
        jvp=_jvp(functions, torch.func.jvp),
    )


def mygrad() -> Contender:
    """MyGrad, with the memory guarding that it has by default. It clears a gradient itself when its tensor is used again."""
    import mygrad

    functions = _functions(mygrad)

    def step(program: Program, constants: Sequence[Any], leaves: Sequence[Any]) -> None:
        program(functions, constants, *leaves).backward()

    return Contender("mygrad", functions, leaf=mygrad.tensor, step=step, recording_off=lambda: mygrad.no_autodiff)


def autograd() -> Contender:
    """HIPS autograd: the gradient is a function made of a function; variables are plain arrays, and keep nothing."""
    import autograd
    import autograd.numpy

    functions = _functions(autograd.numpy)

    def step(program: Program, constants: Sequence[Any], leaves: Sequence[Any]) -> Any:
        return autograd.grad(lambda variables: program(functions, constants, *variables))(leaves)

    def jvp(function: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
        return autograd.make_jvp(function, tuple(range(len(primals))))(*primals)(tangents)

    return Contender(
        "autograd",
        functions,
        leaf=lambda value: value,
        step=step,
        gradients=lambda leaves, result: [np.asarray(gradient) for gradient in result],
        jvp=_jvp(functions, jvp),
    )


def find(names: Iterable[str]) -> tuple[list[Contender], list[str]]:
    """The contenders of these names that are installed, and the names of the others."""
    found: list[Contender] = []
    missing: list[str] = []
    for make in (autograd_lab, micrograd, torch, mygrad, autograd):
        if make.__name__ in names:
            try:
                found.append(make())
            except ImportError:
                if make is autograd_lab:
                    raise  # what is measured is not optional
                missing.append(make.__name__)
    return found, missing


def _backward(functions: SimpleNamespace, cleared: Any) -> Callable[[Program, Sequence[Any], Sequence[Any]], None]:
    """The step of an engine that has `backward()` and `grad`, as in PyTorch."""

    def step(program: Program, constants: Sequence[Any], leaves: Sequence[Any]) -> None:
        for leaf in leaves:
            leaf.grad = cleared
        program(functions, constants, *leaves).backward()

    return step


def _jvp(functions: SimpleNamespace, transform: Callable[..., Any]) -> Callable[..., Any]:
    """A contender's `jvp` of a transform with the signature of torch.func.jvp."""

    def jvp(program: Program, constants: Sequence[Any], primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
        return transform(lambda *variables: program(functions, constants, *variables), tuple(primals), tuple(tangents))

    return jvp


def _functions(module: Any, relu: Callable[[Any], Any] | None = None) -> SimpleNamespace:
    """What programs call: an engine's namespace with NumPy's names."""
    maximum = module.maximum
    return SimpleNamespace(
        relu=relu or (lambda z: maximum(z, 0.0)),
        sin=module.sin, tanh=module.tanh, square=module.square, exp=module.exp, log=module.log,
        sum=module.sum, mean=module.mean,
    )  # fmt: skip
