"""Says what the edges of array operations do: in words for a sentence, in a few characters for the picture.

    in_words(step)          "adjoint times w2 transposed: (4, 2) -> (4, 3)"      None where a formula or a number says it
    in_short(step)          ("· w₂ᵀ", "(4,2)→(4,3)")                              two lines of an edge's label
    undone(step)            "summed over the axes (0,) that broadcasting added: (4, 2) -> (2,)"
    mask(step)              "1 where w1 > w2, 0 elsewhere"

Both are read off one table, `sayings`, by the operations that a push or pull records (`formulas.mapped`); a few primitives,
whose rules say less than their names do, have a line of their own. Push and pull differ, as their formulas do.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np

from autograd_lab.core.node import value_of
from autograd_lab.core.primitives.row import Primitive
from autograd_lab.explain.expression import Call, Expression, Literal, Number, Symbol
from autograd_lab.explain.formulas import added_axes, local, mapped
from autograd_lab.explain.sayings import DEFAULT_AXIS, OWN, TABLE, Saying, only_new_axes, scaled
from autograd_lab.explain.text import elide, text
from autograd_lab.graph.sweep import Step
from autograd_lab.language import gettext as _

Shape = tuple[int, ...]

_LONGEST = 100  # of words: beyond it the formula is sooner understood
_SHORT = 12  # columns of an edge's label


class _Said(NamedTuple):
    words: str
    short: tuple[str, ...]


def in_words(step: Step) -> str | None:
    """The linear map of a step with the shapes before and after; None for scalars, and for what no line of the table says."""
    if not _maps_arrays(step):
        return None
    said, shape = _said(step)
    if said is None or len(said.words) > _LONGEST:
        return None
    before, after = np.shape(step.incoming), np.shape(step.contribution)
    summed = _summed(shape, after)
    if summed is not None:
        return f"{said.words}, {summed}"
    return said.words if before == after else f"{said.words}: {before} -> {after}"


def in_short(step: Step) -> tuple[str, str] | None:
    """The linear map of a step and what it does to the shape, each in few characters; None for scalars."""
    if not _maps_arrays(step):
        return None
    assert step.edge is not None
    said, shape = _said(step)
    after = np.shape(step.contribution)
    parts = () if said is None else said.short
    axes = added_axes(shape, after)
    if axes:
        parts = (*parts, _short_sum(axes))
    return ", ".join(parts) or str(step.edge.target.op), short_shapes(np.shape(step.incoming), after)


def undone(step: Step) -> str | None:
    """What a pointwise step does about broadcasting, with the shapes before and after; None where nothing was broadcast.

    In reverse it is undone: the adjoint is summed over the axes that it added. Forward, the tangent is broadcast as its
    primal was.
    """
    if step.edge is None or step.local is None or not step.reached:
        return None
    after = np.shape(step.contribution)
    if step.mode == "reverse":
        return _summed(np.shape(step.edge.target.value), after)
    before = np.shape(step.incoming)
    if before == after:
        return None
    axes = named_axes(added_axes(after, before))
    return _("broadcast along {axes}: {before} -> {after}").format(axes=axes, before=before, after=after)


def undone_in_short(step: Step) -> str | None:
    """The same in few characters."""
    if undone(step) is None:
        return None
    assert step.edge is not None
    before, after = np.shape(step.edge.target.value), np.shape(step.contribution)
    if step.mode == "forward":
        return elide(f"→ {_shape(after)}", _SHORT)
    return _short_sum(added_axes(before, after))


def mask(step: Step) -> str | None:
    """What the zeros and ones of an array of local derivatives stand for; None for other local derivatives."""
    if step.edge is None or step.local is None or not np.ndim(step.local):
        return None
    record, argument = step.edge.target.record, step.edge.argument
    assert record.primitive is not None
    derivative = local(step.edge, step.graph)
    own = str(step.edge.source.label)
    name = record.primitive.name
    if isinstance(derivative, Call) and derivative.kind in ("greater", "less"):
        return _("1 where {condition}, 0 elsewhere").format(condition=text(derivative))
    if name in ("maximum", "fmax"):
        return _("1 where {node} is the larger, shared where both are equal").format(node=own)
    if name in ("minimum", "fmin"):
        return _("1 where {node} is the smaller, shared where both are equal").format(node=own)
    if name == "where":
        return _("1 where the condition holds, 0 elsewhere") if argument == 1 else _("0 where the condition holds, 1 elsewhere")
    if name == "clip":
        if argument == 0:
            return _("1 where {node} is within the bounds, 0 elsewhere").format(node=own)
        return _("1 where {node} is the bound that counts, 0 elsewhere").format(node=own)
    return None


def named_axes(axes: Shape) -> str:
    """axis 0; axes 0, 1."""
    if len(axes) == 1:
        return _("axis {axis}").format(axis=axes[0])
    return _("axes {axes}").format(axes=", ".join(map(str, axes)))


def short_shapes(before: Shape, after: Shape) -> str:
    """(3,)→(2,3), or the shape after alone, in twelve characters; "" where the shape stays."""
    if before == after:
        return ""
    shown = f"{_shape(before)}→{_shape(after)}"
    if len(shown) <= _SHORT:
        return shown
    return f"→ {_shape(after)}" if len(_shape(after)) <= _SHORT - 2 else _("→ {count}-d").format(count=len(after))


def _shape(shape: Shape) -> str:
    return str(shape).replace(", ", ",")


def _short_sum(axes: Shape) -> str:
    if len(axes) == 1:
        return _("Σ axis {axis}").format(axis=axes[0])
    return _("Σ axes {axes}").format(axes=",".join(map(str, axes)))


def _summed(before: Shape, after: Shape) -> str | None:
    axes = added_axes(before, after)
    if not axes:
        return None
    summed = _("summed over the axes {axes} that broadcasting added: {before} -> {after}")
    return summed.format(axes=axes, before=before, after=after)


def _maps_arrays(step: Step) -> bool:
    """Whether a step is one of a linear map, with an array on one side at least."""
    linear = step.edge is not None and step.local is None and step.reached
    return linear and max(np.ndim(step.incoming), np.ndim(step.contribution)) > 0


def _said(step: Step) -> tuple[_Said | None, Shape]:
    """The whole map of a step in words, and the shape that it gives before broadcasting is undone."""
    assert step.edge is not None
    carried = Symbol(_("tangent") if step.mode == "forward" else _("adjoint"))
    formula, shape = mapped(step, carried)
    record = step.edge.target.record
    assert record.primitive is not None
    own = OWN.get((record.primitive.name, step.mode))
    if own is not None:
        keywords = _facts(record.primitive, [value_of(o) for o in record.operands], record.keywords)
        template, short = own()
        return _Said(template.format(what=carried.label, **keywords), (short.format(**keywords),)), shape
    if formula == carried and shape == np.shape(step.contribution):
        return _Said(_("{what} unchanged").format(what=carried.label), ("=",)), shape
    return _spoken(formula, carried, np.shape(step.incoming)), shape


def _facts(primitive: Primitive, values: list[Any], keywords: dict[str, Any]) -> dict[str, str]:
    """The axes that an operation goes over, in words, and how many elements each result is made of."""
    ndim, size = np.ndim(values[0]), max(int(np.size(values[0])), 1)
    axis = keywords.get("axis", DEFAULT_AXIS.get(primitive.name))
    axes = (
        tuple(range(ndim)) if axis is None else tuple(i % ndim for i in (axis if isinstance(axis, (tuple, list)) else (axis,)))
    )
    count = int(np.prod([np.shape(values[0])[i] for i in axes])) if axes else size
    return {"axes": named_axes(axes), "count": str(count)}


def _spoken(e: Expression, carried: Symbol, before: Shape) -> _Said | None:
    """An expression in words, from what comes in outwards; None where an operation has no line, or it comes in twice."""
    if e == carried:
        return _Said(carried.label, ())
    if not isinstance(e, Call):
        return None
    places = [i for i, arg in enumerate(e.args) if _within(arg, carried)]
    if len(places) != 1:
        return None
    (place,) = places
    named = _named(e, place)
    if named is None:
        return None
    inner = _laid_out(e.args[place]) if e.kind == "broadcast_to" else e.args[place]
    said = _spoken(inner, carried, before)
    if said is None:
        return None
    facts = _particulars(e, place, before if inner == carried else None)
    template, short = scaled() if e.kind == "multiply" and inner == carried and before == () else named
    what = said.words if inner == carried else f"({said.words})"
    return _Said(template.format(what=what, **facts), (*said.short, short.format(**facts)))


def _within(e: Expression, carried: Symbol) -> bool:
    return e == carried or (isinstance(e, Call) and any(_within(arg, carried) for arg in e.args))


def _named(e: Call, place: int) -> Saying | None:
    half, _of, operation = e.kind.partition("_")
    if operation and half == "vjp":
        return _("{what} pulled back through {op}").replace("{op}", operation), _("pull of {op}").replace("{op}", operation)
    if operation and half == "jvp":
        return _("{what} pushed through {op}").replace("{op}", operation), _("push of {op}").replace("{op}", operation)
    made = TABLE.get((e.kind, place)) or TABLE.get((e.kind, None))
    return None if made is None else made(e)


def _laid_out(e: Expression) -> Expression:
    """What an expression is before axes of length 1 are put in, which only broadcasting asks for."""
    match e:
        case Call("reshape", (x, Literal(shape)), ()) if "1" in re.findall(r"\d+", shape):
            return x
        case Call("subscript", (x, Literal(index)), ()) if only_new_axes(index):
            return x
        case _:
            return e


def _particulars(e: Call, place: int, before: Shape | None) -> dict[str, str]:
    """What the templates are filled with."""
    others = [arg for i, arg in enumerate(e.args) if i != place]
    other = others[0] if others else Literal("")
    index = text(others[-1]) if e.kind in ("subscript", "field") else text(e.args[1]) if len(e.args) > 1 else ""
    if e.kind == "subscript":
        index = f"[{index}]"
    elif e.kind == "field":
        index = f".{index}"
    given = dict(e.params).get("axis", "")
    axes = tuple(int(found) for found in re.findall(r"-?\d+", given))
    if e.kind == "broadcast_to" and before is not None:
        target = tuple(int(found) for found in re.findall(r"\d+", text(other)))
        axes = added_axes(target, before)
    return {
        "other": _operand(other),
        "index": index.replace("{", "").replace("}", ""),
        "axes": named_axes(axes) if axes else "",
        "short": _short_operand(other),
    }


def _operand(e: Expression) -> str:
    """A factor in words: w2 transposed."""
    match e:
        case Call("transpose", (x,), ()):
            return _("{array} transposed").format(array=_operand(x))
        case Symbol() | Number():
            return text(e)
        case Literal(shown) if shown.startswith(("[", "(")):
            return shown
        case _:
            return f"({text(e)})"


def _short_operand(e: Expression) -> str:
    shown = _operand(e) if isinstance(e, Literal) else text(e, subscripts=True)
    return re.sub(r"\.m?T$", "ᵀ", shown)
