"""Derivatives as functions: grad, value_and_grad, jvp, vjp, jacrev, jacfwd and hessian, with torch.func's signatures.

    from autograd_lab import func

    func.grad(f)(2.0)                       # df/dx of a scalar function: one reverse sweep
    func.jvp(f, (x,), (t,))                 # f(x), and its derivative in the direction t: one forward sweep
    output, pull = func.vjp(f, x); pull(v)  # f(x), and the transposed derivative of v: one reverse sweep a call
    func.jacrev(f)(x), func.jacfwd(f)(x)    # all of df/dx: one sweep an output element, one an input element
    func.hessian(f)(x)                      # forward over reverse

Plain numbers and arrays in give plain ones out, Tensors in give Tensors out; ints become floats. Arguments may be nested
tuples, lists and dicts, and derivatives come in the same structure. f runs once, with recording on, on variables of
its own, so transforms nest to any order and through closures. Inside another transform, or over Tensors that require a
gradient, results that depend on these are Tensors and can be differentiated again.

The modes are those of Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_lab.core import trees
from autograd_lab.core.recording import normal
from autograd_lab.core.tensor import Tensor
from autograd_lab.core.transform import Run, floating

ArgNums = int | tuple[int, ...]
Function = Callable[..., Any]

__all__ = ["grad", "hessian", "jacfwd", "jacrev", "jvp", "value_and_grad", "vjp"]


def grad(f: Function, argnums: ArgNums = 0, has_aux: bool = False) -> Function:
    """The gradient of a scalar function, as a function of the same arguments.

    Args:
        f: returns a Tensor of shape (), or with `has_aux` a pair of it and anything else.
        argnums: which positional arguments to differentiate by; an int gives one gradient, a tuple a tuple of them.
        has_aux: return (gradient, aux).

    Returns:
        A function whose result has the structure, shapes and dtypes of the chosen arguments.

    Raises:
        RuntimeError: on the call: argnums names no argument, or f returned no scalar Tensor (or pair).
        ValueError: on the call: a chosen argument holds something that is no number, array or Tensor.

    >>> grad(lambda x, y: x * y)(2.0, 3.0)
    3.0
    """
    evaluate = _value_and_grad(f, argnums, has_aux, "grad(f)(*args)")

    @functools.wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, gradients = evaluate(args, kwargs)
        return (gradients, value[1]) if has_aux else gradients

    return gradient


def value_and_grad(f: Function, argnums: ArgNums = 0, has_aux: bool = False) -> Function:
    """A scalar function's value and its gradient, in this order (jax.value_and_grad): ((value, aux), gradient) with `has_aux`.

    The gradient comes in the structure, shapes and dtypes of the chosen arguments. Arguments and errors are those of `grad`.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    evaluate = _value_and_grad(f, argnums, has_aux, "value_and_grad(f)(*args)")

    @functools.wraps(f)
    def value_and_gradient(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        return evaluate(args, kwargs)

    return value_and_gradient


def jvp(f: Function, primals: Any, tangents: Any, *, strict: bool = False, has_aux: bool = False) -> tuple[Any, ...]:
    """f's output and its derivative in the direction of the tangents (Jacobian-vector product): one forward sweep.

    Args:
        f: returns Tensors, nested as it likes, or with `has_aux` a pair of these and anything else.
        primals: the tuple of f's arguments.
        tangents: a direction for them, of the same structure and shapes.
        strict: refuse an output that does not depend on the primals.
        has_aux: return (output, tangent, aux).

    Returns:
        (output, tangent of the output), which have one structure.

    Raises:
        RuntimeError: primals are no tuple or hold no number; tangents differ in structure or shape; f returned something
            else than Tensors; or `strict` is not met.

    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.0))
    (6.0, 3.0)
    """
    _check_callable(f, "jvp")
    who = "jvp(f, primals, tangents)"
    if not isinstance(primals, tuple):
        raise RuntimeError(  # noqa: TRY004 - torch.func's type for it
            f"{who}: Expected primals to be a tuple, got {type(primals).__name__} {primals!r:.60}: it should be valid to "
            "call f(*primals)"
        )
    directions = trees.leaves_like(primals, tangents)
    if directions is None:
        raise RuntimeError(
            f"{who}: Expected primals and tangents to have the same structure, got {trees.outline(primals)} and "
            f"{trees.outline(tangents)}"
        )
    places = trees.leaves(primals)
    if not places:
        raise RuntimeError(f"{who}: Expected primals to contain at least one Tensor, number or array, got {primals!r}")
    for name, values in (("primals", places), ("tangents", directions)):
        for value in values:
            floating(f"{who}: {name}", value, RuntimeError)
    for number, (place, direction) in enumerate(zip(places, directions, strict=True)):
        if np.shape(place) != np.shape(direction):
            raise RuntimeError(
                f"{who}: a tangent has the shape of its primal, got {np.shape(direction)} for tangent {number} and "
                f"{np.shape(place)} for its primal"
            )
    run = Run(who, f, primals, {}, range(len(primals)), has_aux=has_aux)
    if strict and not any(run.depends(output) for output in run.outputs):
        raise RuntimeError(f"{who}: The output of f is independent of the inputs. This is not allowed with strict=True")
    seeds = [_seed(direction, variable) for direction, variable in zip(directions, run.variables, strict=True)]
    tensors = run.tensors or any(isinstance(direction, Tensor) for direction in directions)
    tangent = trees.rebuild(run.result, run.push(seeds, tensors))
    return (run.output, tangent, run.aux) if has_aux else (run.output, tangent)


def vjp(f: Function, *primals: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """f's output, and a function that pulls a cotangent of it back to the primals (vector-Jacobian product).

    Args:
        f: returns Tensors, nested as it likes, or with `has_aux` a pair of these and anything else.
        primals: f's arguments.
        has_aux: return (output, pull, aux).

    Returns:
        (output, pull). `pull(cotangent)`, with a cotangent of the output's structure and shapes, runs one reverse sweep and
        returns a tuple, one entry a primal, in the structure and shapes of the primals. It can be called any number of times.

    Raises:
        RuntimeError: f returned something else than Tensors; in pull, the cotangent differs in structure or shape.
        ValueError: a primal holds something that is no number, array or Tensor.

    >>> output, pull = vjp(lambda x, y: x * y, 2.0, 3.0)
    >>> output, pull(1.0)
    (6.0, (3.0, 2.0))
    """
    _check_callable(f, "vjp")
    who = "vjp(f, *primals)"
    run = Run(who, f, primals, {}, range(len(primals)), has_aux=has_aux)

    def pull(cotangents: Any) -> tuple[Any, ...]:
        directions = trees.leaves_like(run.result, cotangents)
        if directions is None:
            raise RuntimeError(
                f"{who}: Expected the structure of cotangents to be the same as that of the output, got "
                f"{trees.outline(cotangents)} and {trees.outline(run.result)}"
            )
        for number, (output, direction) in enumerate(zip(run.outputs, directions, strict=True)):
            floating(f"{who}: cotangents", direction, TypeError)
            if np.shape(direction) != np.shape(output.value):
                raise RuntimeError(
                    f"Mismatch in shape: grad_output[{number}] has a shape of {np.shape(direction)} and output[{number}] "
                    f"has a shape of {np.shape(output.value)}"
                )
        seeds = [_seed(direction, output) for direction, output in zip(directions, run.outputs, strict=True)]
        tensors = run.tensors or any(isinstance(direction, Tensor) for direction in directions)
        pulled: tuple[Any, ...] = trees.rebuild(run.arguments, run.pull(seeds, tensors))
        return pulled

    return (run.output, pull, run.aux) if has_aux else (run.output, pull)


def jacrev(f: Function, argnums: ArgNums = 0, *, has_aux: bool = False) -> Function:
    """The Jacobian of f by reverse accumulation: f runs once, then one sweep an element of the output.

    The one to take where f has fewer outputs than inputs. Arguments are those of `grad`; outputs may be of any shape and
    nested.

    Returns:
        A function that gives, for an output of shape `out` and an argument of shape `in`, an array of shape `out + in`
        with [i, j] = d output[i] / d argument[j]: the structure of f's output, in each place that of the chosen arguments.

    Raises:
        RuntimeError, ValueError: as `grad`, but for the shape of the output.

    >>> jacrev(lambda x: np.stack([x * x, 3 * x]))(2.0)
    array([4., 3.])
    """
    _check_callable(f, "jacrev")

    @functools.wraps(f)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        run, chosen = _run("jacrev(f)(*args)", f, argnums, args, kwargs, has_aux)
        blocks: list[list[Any]] = []
        for number, output in enumerate(run.outputs):
            rows: list[list[Any]] = []
            for element in range(np.size(output.value)):
                seeds: list[Any] = [None] * len(run.outputs)
                seeds[number] = _unit(output.value, element)
                rows.append(run.pull(seeds, tensors=False))
            blocks.append([_joined([row[i] for row in rows], output, v, 0, run) for i, v in enumerate(run.variables)])
        whole = trees.rebuild(run.result, [trees.rebuild(chosen, block) for block in blocks])
        return (whole, run.aux) if has_aux else whole

    return jacobian


def jacfwd(f: Function, argnums: ArgNums = 0, has_aux: bool = False) -> Function:
    """The Jacobian of f by forward accumulation: f runs once, then one sweep an element of the chosen arguments.

    The one to take where f has fewer inputs than outputs; arguments, result and errors are those of `jacrev`.

    >>> jacfwd(lambda x: np.stack([x * x, 3 * x]))(2.0)
    array([4., 3.])
    """
    _check_callable(f, "jacfwd")

    @functools.wraps(f)
    def jacobian(*args: Any, **kwargs: Any) -> Any:
        run, chosen = _run("jacfwd(f)(*args)", f, argnums, args, kwargs, has_aux)
        blocks: list[list[Any]] = [[] for _ in run.outputs]
        for number, variable in enumerate(run.variables):
            columns: list[list[Any]] = []
            for element in range(np.size(variable.value)):
                seeds: list[Any] = [None] * len(run.variables)
                seeds[number] = _unit(variable.value, element)
                columns.append(run.push(seeds, tensors=False))
            for i, output in enumerate(run.outputs):
                blocks[i].append(_joined([column[i] for column in columns], output, variable, -1, run))
        whole = trees.rebuild(run.result, [trees.rebuild(chosen, block) for block in blocks])
        return (whole, run.aux) if has_aux else whole

    return jacobian


def hessian(f: Function, argnums: ArgNums = 0) -> Function:
    """The second derivatives of f, forward over reverse: jacfwd(jacrev(f)). Arguments and errors are those of `jacrev`.

    The product of a Hessian and a vector costs one sweep each way and no Hessian: `jvp(grad(f), (x,), (v,))[1]` (Pearlmutter,
    Fast exact multiplication by the Hessian, 1994).

    Returns:
        A function that gives arrays of shape out + in + in ((n, n) for a scalar f of n elements); with a tuple of argnums,
        tuples of tuples of them.

    >>> hessian(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
    array([[ 6.,  0.],
           [ 0., 12.]])
    """
    return jacfwd(jacrev(f, argnums), argnums)


def _value_and_grad(f: Function, argnums: ArgNums, has_aux: bool, who: str) -> Callable[[Any, Any], tuple[Any, Any]]:
    _check_callable(f, who.partition("(")[0])

    def evaluate(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        run, chosen = _run(who, f, argnums, args, kwargs, has_aux)
        if not isinstance(run.result, Tensor):
            raise RuntimeError(  # noqa: TRY004 - torch.func's type for it
                f"{who}: Expected f(*args) to return a Tensor, got {type(run.result).__name__}"
            )
        if run.result.ndim:
            raise RuntimeError(
                f"{who}: Expected f(*args) to return a scalar Tensor, got one of shape {run.result.shape}: reduce it "
                "(np.sum), or use vjp or jacrev"
            )
        gradients = trees.rebuild(chosen, run.pull([_unit(run.outputs[0].value, 0)]))
        return (run.output, run.aux) if has_aux else run.output, gradients

    return evaluate


def _run(  # noqa: PLR0917 - what the transforms hand on, in the order in which they got it
    who: str, f: Function, argnums: ArgNums, args: Any, kwargs: Any, has_aux: bool
) -> tuple[Run, Any]:
    """f run on variables for the chosen arguments, and these arguments: one, or for a tuple of argnums a tuple."""
    positions = _positions(argnums, len(args))
    run = Run(who, f, args, kwargs, positions, has_aux=has_aux)
    return run, run.arguments if isinstance(argnums, tuple) else run.arguments[0]


def _positions(argnums: Any, count: int) -> tuple[int, ...]:
    """Where the chosen arguments stand, counted from 0."""
    if not isinstance(argnums, (int, tuple)):
        raise RuntimeError(  # noqa: TRY004 - torch.func's type for it
            f"argnums must be int or Tuple[int, ...], got: {type(argnums).__name__} {argnums!r}"
        )
    given = argnums if isinstance(argnums, tuple) else (argnums,)
    if not given:
        raise RuntimeError("argnums must be non-empty, got (): name at least one argument")
    for argnum in given:
        if not isinstance(argnum, int):
            raise RuntimeError(  # noqa: TRY004 - torch.func's type for it
                f"argnum must be int, got: {type(argnum).__name__} {argnum!r}"
            )
        if not -count <= argnum < count:
            raise RuntimeError(
                f"Got argnum={argnum}, but only {count} positional inputs: keyword arguments are not differentiated"
            )
    positions = tuple(argnum % count for argnum in given)
    if len(set(positions)) < len(positions):
        raise RuntimeError(f"argnums elements must be unique, got {argnums}")
    return positions


def _seed(direction: Any, vertex: Any) -> Any:
    """A tangent or an adjoint in the dtype of the value it belongs to; a Tensor stays one only if it is recorded."""
    dtype = np.asarray(vertex.value).dtype
    if isinstance(direction, Tensor):
        if direction.requires_grad:
            return direction if direction.dtype == dtype else direction.astype(dtype)
        direction = direction._node.value
    return normal(np.asarray(direction, dtype)[()], "a tangent or cotangent")


def _unit(like: Any, element: int) -> Any:
    """The value that is 1 at one element, in row-major order, and 0 elsewhere."""
    if like.__class__ is float:
        return 1.0
    unit = np.zeros(np.shape(like), like.dtype)
    unit.flat[element] = 1
    return unit[()]


def _joined(parts: list[Any], output: Any, variable: Any, axis: int, run: Run) -> Any:
    """A block of a Jacobian from its rows (axis 0) or columns (axis -1): of the output's shape and the variable's."""
    shape = np.shape(output.value) + np.shape(variable.value)
    if not parts:
        whole: Any = np.zeros(shape, np.asarray(output.value).dtype)
    elif len(parts) == 1 and np.shape(parts[0]) == shape:
        whole = parts[0]
    else:
        whole = np.reshape(np.stack(parts, axis=axis), shape)
    return whole if isinstance(whole, Tensor) else run.outward(whole)


def _check_callable(f: Any, name: str) -> None:
    if not callable(f):
        raise TypeError(f"{name} needs a function first, got {type(f).__name__} {f!r:.60}: func.{name}(f, ...)")
