"""Item assignment as a primitive: the array with the place that an index, or a view, shows replaced by a value.

`x[1:] = v` records `setitem(x, v, index=slice(1, None))`. `written_through(row)` is the same for a place that another view
shows (a reshape, a transpose): what an in-place operation on a view does to the array that it is a view of.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Primitive, linear
from autograd_lab.core.primitives.shapes import GETITEM
from autograd_lab.core.primitives.table import own

_ROWS: dict[str, Primitive] = {}


def written_through(view: Primitive) -> Primitive:
    """The row that replaces what a view shows of its first operand by its second one; made on first use."""
    if view.name not in _ROWS:
        _ROWS[view.name] = own(_row(view))
    return _ROWS[view.name]


def _row(view: Primitive) -> Primitive:
    shows: Any = view.partials[0]  # push: what the view shows of a whole; pull: what it shows, in its place among zeros

    def value(a: Any, v: Any, /, **how: Any) -> Any:
        out = np.array(a)
        if view is GETITEM:
            out[how["index"]] = v
        else:
            view.value(out, **how)[...] = v
        return out

    def survives(incoming: Any, out: Any, a: Any, v: Any, /, **how: Any) -> Any:
        """What lies outside of the place; 0 inside, whatever comes in."""
        return row(incoming, 0.0, **how)

    def push(t: Any, out: Any, a: Any, v: Any, /, **how: Any) -> Any:
        region = _region(np.shape(a), **how)
        return shows.pull(_kept(t, region, a, **how), region, a, **how)

    def pull(adjoint: Any, out: Any, a: Any, v: Any, /, **how: Any) -> Any:
        if adjoint.__class__ is float:
            adjoint = np.float64(adjoint)  # which has [...] and [()]
        region = _region(np.shape(a), **how)
        return _kept(shows.push(adjoint, region, a, **how), region, a, **how)

    def _region(shape: tuple[int, ...], /, **how: Any) -> Any:
        """What the view shows, with the elements of the whole numbered through."""
        return view.value(np.arange(np.prod(shape, dtype=int)).reshape(shape), **how)

    def _kept(x: Any, region: Any, a: Any, /, **how: Any) -> Any:
        """What comes in, for each element of the value; 0 for one that another overwrote in the same place."""
        last = _last(region, a, **how)
        return x if np.all(last) and np.shape(x) == np.shape(region) else np.where(last, x, 0.0)

    def _last(region: Any, a: Any, /, **how: Any) -> Any:
        """Whether each element of the value is what its place holds in the end: of several for one place, the last."""
        if view is not GETITEM:
            return True
        order = np.arange(np.size(region)).reshape(np.shape(region))
        numbered = np.zeros(np.shape(a), int)
        numbered[how["index"]] = order
        return numbered[how["index"]] == order

    name = "setitem" if view is GETITEM else f"set_{view.name}"
    row = Primitive(name, value, (linear(survives, survives), linear(push, pull)))
    return row


SETITEM = written_through(GETITEM)
