"""The two loops of automatic differentiation: reverse accumulation and forward accumulation over records.

`reverse` carries adjoints from results to operands, `forward` carries tangents from operands to results. backward(),
func and the sweeps that a learner steps through all run these loops: the inner body is one visit of one edge, and a
watcher is told of each visit as a `Visit`. Neither recurses, so depth is no limit; both are linear in edges.

The terms are those of Griewank and Walther, Evaluating Derivatives (2008), chapter 3, and of Baydin et al., Automatic
Differentiation in Machine Learning: a Survey (2018), sections 3.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from heapq import heappop, heappush, heappushpop
from typing import Any

import numpy as np

from autograd_lab.core.node import Record, Value, value_of
from autograd_lab.core.primitives.row import OUT, Mode, Partial, Primitive, Rule, on_numpy
from autograd_lab.core.storage import check_unwritten, writes
from autograd_lab.core.visits import Hooks, Lift, Visit, Watch, local_derivatives, plain, primals_of, zero

FREED = (
    "Trying to backward through the graph a second time (or to sweep it after backward()), when what {name} saved was "
    "freed: specify retain_graph=True in the first backward() to keep it"
)


def reverse(
    seeds: Iterable[tuple[Record, Any]],
    *,
    lift: Lift = value_of,
    watch: Watch | None = None,
    free: bool = False,
    within: Container[Record] | None = None,
    ends: Container[Record] = (),
    hooks: Hooks | None = None,
) -> dict[Record, Any]:
    """Reverse accumulation: the adjoints of all leaves behind the seeds.

    Args:
        seeds: pairs of a record and its adjoint, of the record's shape.
        lift: `value_of`, or what makes Tensors for derivatives that are differentiable themselves.
        watch: is told of every seed and of every edge visited.
        free: mark what was visited as used up, as PyTorch frees saved values.
        within: the records that adjoints are carried to, where not all are of interest.
        ends: records that the accumulation ends at, as it does at leaves; each has an Extra.
        hooks: what a person attached to Tensors and nodes on the way.

    Returns:
        Each leaf and each of the `ends` reached, with its adjoint.

    Raises:
        RuntimeError: a record on the way was freed by an earlier backward(), or a value that its derivative needs was
            overwritten by an in-place operation.
    """
    adjoints: dict[Record, Any] = {}
    array = np.ndarray
    # Records wait here by negative index: the one recorded last goes first, PyTorch's order. It is a topological
    # order, as every consumer of a record was recorded after it. One of them is `ahead` of the others, outside of the
    # heap, which a chain never needs then. Leaves do not wait: nothing lies behind them.
    waiting: list[tuple[int, Record]] = []
    ahead: Record | None = None
    owned: set[Record] = set()  # whose adjoint is an array made here by a sum, and so may be added to in place
    kept: dict[Record, Any] = {}
    lifted = lift is not value_of
    may_write = watch is None and not lifted
    seeds = list(seeds)
    roots = tuple(record for record, _ in seeds)
    at_leaves = hooks is not None and hooks.at_leaves
    counted = watch is not None or at_leaves
    expected = _contributions(roots) if counted else {}
    missing = dict(expected)  # how many contributions each record still waits for
    for record, seed in seeds:
        if record in adjoints:
            adjoints[record] = adjoints[record] + seed
            continue
        adjoints[record] = seed
        if record.primitive is not None:
            heappush(waiting, (-record.index, record))
        if watch:
            watch(Visit("reverse", None, 0, record, None, None, None, zero(record.value), plain(seed), 0, 0, True, roots))

    if at_leaves:
        _tell_leaves(hooks, roots, missing, adjoints)
    while ahead is not None or waiting:
        if ahead is None:
            node = heappop(waiting)[1]
        else:
            node = heappushpop(waiting, (-ahead.index, ahead))[1] if waiting else ahead
            ahead = None
        adjoint = adjoints.pop(node)
        if node.extra is not None:
            if hooks is not None:
                adjoint = hooks.on_adjoint(node, adjoint)
            if node in ends:
                kept[node] = adjoint
                continue
        primitive: Primitive = node.primitive  # type: ignore[assignment]  # leaves do not wait
        if node.freed and primitive.reads_values:
            raise RuntimeError(FREED.format(name=primitive.name))
        if node.index < writes.last:
            check_unwritten(node)
        operands = node.operands
        shortcuts = primitive.shortcuts
        primals = contributions = None
        if hooks is not None and node.extra is not None and node.extra.post_hooks:
            contributions = hooks.on_contributions(node, adjoint, _pulled(node, adjoint, lift))
        argument = -1  # counted by hand: enumerate costs 25 ns an edge
        for operand in operands:
            argument += 1
            if operand.__class__ is not Record or (within is not None and operand not in within):
                continue
            if counted:
                missing[operand] -= 1
            shortcut = shortcuts[argument]
            local: Any
            if contributions is not None:
                local, contribution = None, contributions[argument]
                if contribution is None:  # a hook lets nothing flow here
                    continue
            elif shortcut is not None:
                # Sums and products, which most graphs are made of, without running their rules: 0.44 us an operation, not 0.93.
                if shortcut.__class__ is float:
                    local = shortcut
                    contribution = adjoint if local == 1.0 else adjoint * local
                else:
                    primal = node if shortcut == OUT else operands[shortcut]
                    local = primal.value if primal.__class__ is Record and not lifted else lift(primal)
                    contribution = adjoint * local
            else:
                if primals is None:
                    primals = primals_of(node, lift)
                local, contribution = through(node, argument, "reverse", adjoint, primals)
            like = operand.value
            if contribution.__class__ is array and like.__class__ is array:
                if contribution.shape != like.shape or contribution.dtype is not like.dtype:
                    contribution = fit(contribution, like)  # asked here too, as the call would cost 80 ns an edge
            elif contribution.__class__ is not float or like.__class__ is not float:
                contribution = fit(contribution, like)
            before = adjoints.get(operand)
            if before is None:
                total = contribution
                if operand.primitive is None:
                    pass  # nothing lies behind a leaf
                elif ahead is None:
                    ahead = operand
                else:
                    heappush(waiting, (-operand.index, operand))
            elif before.__class__ is array and operand in owned:
                total = before
                total += contribution
            else:
                total = before + contribution
                if may_write and total.__class__ is array:
                    owned.add(operand)
            adjoints[operand] = total
            if watch:
                local = local_derivatives(local, node, argument, lift)
                before = zero(operand.value) if before is None else plain(before)
                arrived = expected[operand] - missing[operand]
                watch(
                    Visit(
                        "reverse", node, argument, operand, local, plain(adjoint), plain(contribution),
                        before, plain(total), arrived, expected[operand], True, roots,
                    )
                )  # fmt: skip
        if free:
            node.freed = True
        if at_leaves:
            _tell_leaves(hooks, operands, missing, adjoints)
    return adjoints | kept if kept else adjoints


def forward(
    order: Iterable[Record],
    seeds: Mapping[Record, Any],
    *,
    lift: Lift = value_of,
    watch: Watch | None = None,
    roots: tuple[Record, ...] = (),
) -> dict[Record, Any]:
    """Forward accumulation: the tangents of all records that the seeds reach.

    Args:
        order: the records to visit, operands before results (`topological` gives them).
        seeds: leaves and their tangents, of their shapes. A leaf without one has tangent 0.
        lift: as in `reverse`.
        watch: is told of every seed and of every edge. Where no seed leads to an edge its contribution is exactly 0,
            whatever its local derivative is; without a watcher such edges cost nothing.
        roots: the results that the tangents are wanted for, as the watcher is to know them.

    Returns:
        Each record reached with its tangent.

    Raises:
        RuntimeError: as in `reverse`.
    """
    tangents: dict[Record, Any] = dict(seeds)
    if watch:
        for record, seed in seeds.items():
            nothing = zero(record.value)
            watch(Visit("forward", None, 0, record, None, None, None, nothing, plain(seed), 0, 0, True, roots, tuple(seeds)))
    for node in order:
        primitive = node.primitive
        if primitive is None or node in seeds:
            continue
        operands = node.operands
        primals: list[Any] | None = None
        total: Any = None
        arrived = 0
        argument = -1
        for operand in operands:
            argument += 1
            if operand.__class__ is not Record:
                continue
            tangent = tangents.get(operand)
            if tangent is None and not watch:
                continue
            if primals is None:
                if node.freed and primitive.reads_values:
                    raise RuntimeError(FREED.format(name=primitive.name))
                if node.index < writes.last:
                    check_unwritten(node)
                primals = primals_of(node, lift)
            before = total
            local: Any = None
            contribution: Any = None
            if tangent is not None:
                local, contribution = through(node, argument, "forward", tangent, primals)
                if contribution.__class__ is not float or node.value.__class__ is not float:
                    contribution = fit(contribution, node.value)
                total = contribution if total is None else total + contribution
            if watch:
                arrived += 1
                nothing = zero(node.value)
                watch(
                    Visit(
                        "forward", node, argument, node, local_derivatives(local, node, argument, lift),
                        zero(operand.value) if tangent is None else plain(tangent),
                        nothing if tangent is None else plain(contribution),
                        nothing if before is None else plain(before),
                        nothing if total is None else plain(total),
                        arrived, sum(o.__class__ is Record for o in operands), tangent is not None, roots,
                    )
                )  # fmt: skip
        if total is not None:
            tangents[node] = total
    return tangents


def through(node: Record, argument: int, mode: Mode, incoming: Any, primals: list[Any]) -> tuple[Any, Any]:
    """What comes in, carried through one edge: its local derivative (None for a linear map) and its contribution.

    `primals` are the result of the record and its operands. A rule that divides by a Python float 0, or overflows one,
    is run again on NumPy's floats, which have IEEE's answer: asking beforehand would cost every edge.
    """
    partial: Partial = node.primitive.partials[argument]  # type: ignore[union-attr,assignment]  # an edge has one
    if partial.is_product:
        rule: Rule = partial.local  # type: ignore[assignment]  # a product has one
        try:
            local = rule(*primals, **node.keywords)
        except ArithmeticError:
            local = on_numpy(rule, *primals, **node.keywords)
        return local, incoming if local.__class__ is float and local == 1.0 else incoming * local
    half = partial.push if mode == "forward" else partial.pull
    try:
        return None, half(incoming, *primals, **node.keywords)
    except ArithmeticError:
        return None, on_numpy(half, incoming, *primals, **node.keywords)


def _tell_leaves(hooks: Any, operands: Iterable[Any], missing: dict[Record, int], adjoints: dict[Record, Any]) -> None:
    """Let hooks see the adjoints of leaves that are complete now, and change them or take them over."""
    for operand in operands:
        if operand.__class__ is Record and operand.primitive is None and missing[operand] == 0 and operand in adjoints:
            missing[operand] = -1  # told, once: x*x has it twice
            adjoint = hooks.on_leaf(operand, adjoints.pop(operand))
            if adjoint is not None:
                adjoints[operand] = adjoint


def _pulled(node: Record, adjoint: Any, lift: Lift) -> dict[int, Any]:
    """The contribution of a record to each of its operands that a gradient flows to, by argument."""
    primals = primals_of(node, lift)
    edges = [(argument, operand) for argument, operand in enumerate(node.operands) if operand.__class__ is Record]
    return {a: fit(through(node, a, "reverse", adjoint, primals)[1], operand.value) for a, operand in edges}


def topological(outputs: Iterable[Record], since: int = 0) -> list[Record]:
    """All records that the outputs depend on, themselves included, in the order in which they were recorded.

    Records with an index below `since` are left out, and so is what lies behind them.
    """
    found = {record for record in outputs if record.index >= since}
    stack = list(found)
    while stack:
        for operand in stack.pop().operands:
            if operand.__class__ is Record and operand.index >= since and operand not in found:
                found.add(operand)
                stack.append(operand)
    return sorted(found, key=_index)


def fit(contribution: Any, like: Value) -> Any:
    """A contribution in the shape and dtype of the value it belongs to.

    The one place where broadcasting is undone: what was repeated is summed (reverse), what was not repeated yet is
    repeated (forward).
    """
    if (
        contribution.__class__ is np.ndarray
        and like.__class__ is np.ndarray
        and contribution.shape == like.shape
        and contribution.dtype == like.dtype
    ):
        return contribution  # nearly always: the questions below cost more than a small product does
    shape = np.shape(like)
    given = np.shape(contribution)
    if given != shape:
        extra = len(given) - len(shape)
        if extra == 1 and given[1:] == shape and contribution.__class__ is np.ndarray:  # a bias beside a batch
            contribution = np.add.reduce(contribution)
        elif extra < 0 or any(n == 1 and m != 1 for n, m in zip(given[extra:], shape, strict=True)):
            contribution = np.broadcast_to(contribution, shape)
        else:
            axes = (*range(extra), *(i + extra for i, n in enumerate(shape) if n == 1 and given[i + extra] != 1))
            if contribution.__class__ is np.ndarray:
                contribution = np.add.reduce(contribution, axis=axes)  # np.sum, without its 0.9 us of questions
                if contribution.shape != shape:
                    contribution = contribution.reshape(shape)
            else:
                contribution = np.reshape(np.sum(contribution, axis=axes), shape)
    dtype = np.dtype(np.float64) if like.__class__ is float else like.dtype
    if not hasattr(contribution, "dtype"):
        contribution = np.asarray(contribution)[()]
    if contribution.dtype != dtype:
        if contribution.dtype.kind not in "fiub":
            raise TypeError(f"a derivative rule gave {contribution!r:.60}: let it return real numbers, of shape {shape} here")
        contribution = contribution.astype(dtype)
    if like.__class__ is float and isinstance(contribution, (np.ndarray, np.generic)):
        contribution = contribution.item()
    return contribution


def _contributions(roots: Iterable[Record]) -> dict[Record, int]:
    """How many edges of the graph behind the roots end in each record."""
    expected: dict[Record, int] = {}
    for node in topological(roots):
        expected.setdefault(node, 0)
        for operand in node.operands:
            if operand.__class__ is Record:
                expected[operand] += 1
    return expected


def _index(record: Record) -> int:
    return record.index
