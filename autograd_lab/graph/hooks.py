"""graph_hook: listen to every operation recorded and every step of any accumulation in this thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd_lab.core.modes import watching
from autograd_lab.core.node import Record
from autograd_lab.core.visits import Visit
from autograd_lab.graph.graph import Graph
from autograd_lab.graph.node import Node
from autograd_lab.graph.sweep import Step, step_of
from autograd_lab.language import gettext as _


@contextmanager
def graph_hook(on_record: Callable[[Node], Any] | None = None, on_step: Callable[[Step], Any] | None = None) -> Iterator[None]:
    """Call `on_record(node)` for each operation recorded and `on_step(step)` for each step of any accumulation.

    Nodes have no label yet when they are recorded. Steps are labelled as `graph_of(output)` would label them, seeds
    included. Hooks nest, the outer one is told first; what a hook raises propagates. Hooks are per thread.

    Args:
        on_record: gets the Node of each operation.
        on_step: gets each Step.

    Raises:
        TypeError: a hook cannot be called.

    >>> from autograd_lab import tensor
    >>> x = tensor(3.0, requires_grad=True)
    >>> with graph_hook(on_step=lambda step: print(step.kind, step.node.label, step.total)):
    ...     (x * x).backward()
    seed w2 1.0
    edge w1 3.0
    edge w1 6.0
    """
    for name, hook in (("on_record", on_record), ("on_step", on_step)):
        if hook is not None and not callable(hook):
            raise TypeError(_("{argument} must be a function, got {value!r}").format(argument=name, value=hook))
    with watching(on_record and _recorder(on_record), on_step and _stepper(on_step)):
        yield


def _recorder(hook: Callable[[Node], Any]) -> Callable[[Record], None]:
    def on_record(record: Record) -> None:
        hook(Node(record))

    return on_record


def _stepper(hook: Callable[[Step], Any]) -> Callable[[Visit], None]:
    recent: list[tuple[tuple[Record, ...], Graph, Node]] = []

    def on_visit(visit: Visit) -> None:
        if visit.node is None:  # a seed begins another accumulation
            graph = Graph(visit.roots, (visit.receiver,) if visit.mode == "forward" and not visit.roots else ())
            recent.append((visit.roots, graph, graph.of_record(visit.receiver)))
            del recent[:-_NESTED]
        __, graph, about = next(known for known in reversed(recent) if known[0] == visit.roots)
        hook(step_of(visit, graph, about))

    return on_visit


_NESTED = 8
"""How deep accumulations may be begun inside one another (by a Tensor's hook) and still find their graph again."""
