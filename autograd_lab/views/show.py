"""show: from a function with its arguments, a graph, or Tensors, to a stepper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_lab.core.tensor import Tensor
from autograd_lab.graph import Graph, Node, graph_of, trace
from autograd_lab.language import gettext as _
from autograd_lab.language import language as current
from autograd_lab.language import using
from autograd_lab.views.settings import NODE_LIMIT
from autograd_lab.views.widget import PARTS, Stepper


def show(
    what: Callable[..., Any] | Graph | Tensor,
    *args: Any,
    mode: str = "reverse",
    wrt: str | Node | None = None,
    of: str | Node | None = None,
    parts: Sequence[str] = PARTS,
    limit: int = NODE_LIMIT,
    opened: Sequence[str] | None = None,
    focus: str | Node | None = None,
    depth: int | tuple[int, int] | None = None,
    pause: Sequence[int] = (),
    language: str | None = None,
    **kwargs: Any,
) -> Stepper:
    """Step through evaluation, forward and reverse accumulation in a notebook.

    Args:
        what: a function, called once on `args` and `kwargs`; or a Graph; or a Tensor, with more Tensors in `args`.
        mode: "reverse", "forward" or "evaluation", to begin with.
        wrt: the input that forward accumulation is about, by name, label or Node; the first if left out.
        of: the output that reverse accumulation is about; the first if left out.
        parts: which views to show, of "controls", "inputs", "graph", "equation", "source", "table", "check" and "paths".
        limit: the largest graph that is shown whole, in nodes. Above it scopes are closed to boxes, which are stepped over and
            can be opened; without scopes the graph is cut around a node.
        opened: the scopes that are open; if left out as many levels as fit.
        focus: the node that the graph is cut around, by name, label or Node.
        depth: how many steps the cut reaches to ancestors, or a pair: to ancestors, to descendants.
        pause: the steps at which Play stops, from 1, such as [3, 7].
        language: of everything that the stepper says, such as "ko"; what lab.set_language chose if left out.

    Raises:
        TypeError: the function cannot be traced, or `what` is none of these.
        ValueError: an unknown mode, input, output, part, step, scope, focus or language; the message lists the choices.

    >>> show(lambda x: x * x, 3.0, mode="forward")
    <Stepper f(x): forward accumulation from x, step 1 of 3>
    """
    with using(current() if language is None else language):
        graph = graph_from(what, args, kwargs, caller="lab.show")
        return Stepper(
            graph,
            mode=mode,
            wrt=wrt,
            of=of,
            parts=parts,
            limit=limit,
            opened=opened,
            focus=focus,
            depth=depth,
            pause=pause,
        )


def graph_from(what: Any, args: tuple[Any, ...], kwargs: dict[str, Any], *, caller: str) -> Graph:
    """The graph that a person means: a function called once on its arguments, a Graph, or the Tensors behind which it is.

    Raises:
        TypeError: the function cannot be traced, or `what` is none of these; the message names the caller.
    """
    if isinstance(what, Graph):
        if args or kwargs:
            raise TypeError(
                _("{caller}(graph) takes no arguments for a function: it shows what was recorded").format(caller=caller)
            )
        return what
    if isinstance(what, Tensor):
        return graph_of(what, *args)
    if callable(what):
        return trace(what, *args, **kwargs)
    raise TypeError(
        _("{caller} takes a function with its arguments, a Graph, or Tensors, got {type} {value!r:.60}").format(
            caller=caller, type=type(what).__name__, value=what
        )
    )
