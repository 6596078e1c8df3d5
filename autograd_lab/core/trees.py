"""Nested tuples, lists and dicts of values: their leaves, the same structure with other leaves, and names for leaves.

func and check_grad take a function's arguments apart with these and put derivatives together in the same structure.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any


def leaves(tree: Any) -> list[Any]:
    """All values in the tree that are no tuple, list or dict, in order; dicts in the order of their keys' insertion."""
    if not isinstance(tree, (dict, list, tuple)):
        return [tree]
    return [leaf for part in (tree.values() if isinstance(tree, dict) else tree) for leaf in leaves(part)]


def named_leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each leaf with its path, written as one would index it: `params['W1']`, `layers[0]`."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from named_leaves(part, f"{path}[{key!r}]")
    elif isinstance(tree, (list, tuple)):
        for position, part in enumerate(tree):
            yield from named_leaves(part, f"{path}[{position}]")
    else:
        yield path, tree


def rebuild(tree: Any, values: Iterable[Any]) -> Any:
    """A tree of the same structure with these values as its leaves, in order; named tuples and kinds of dict stay such."""
    return _rebuilt(tree, iter(values))


def leaves_like(structure: Any, tree: Any) -> list[Any] | None:
    """The leaves of a tree in the order of another's, or None where their structures differ."""
    if isinstance(structure, dict):
        if type(tree) is not type(structure) or tree.keys() != structure.keys():
            return None
        pairs = [(part, tree[key]) for key, part in structure.items()]
    elif isinstance(structure, (list, tuple)):
        if type(tree) is not type(structure) or len(tree) != len(structure):
            return None
        pairs = list(zip(structure, tree, strict=True))
    else:
        return None if isinstance(tree, (dict, list, tuple)) else [tree]
    found: list[Any] = []
    for one, other in pairs:
        part = leaves_like(one, other)
        if part is None:
            return None
        found += part
    return found


def outline(tree: Any) -> str:
    """The structure alone, as text: `(*, {'W1': *})`."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key!r}: {outline(part)}" for key, part in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(outline, tree)) + "]"
    if isinstance(tree, tuple):
        return "(" + ", ".join(map(outline, tree)) + ("," if len(tree) == 1 else "") + ")"
    return "*"


def parameter_names(f: Callable[..., Any], count: int) -> list[str]:
    """The names of the first `count` positional parameters of f; `args[0]`, ... where it does not say."""
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):  # some builtins have no signature
        return [f"args[{i}]" for i in range(count)]
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "args")
    return [*names, *(f"{rest}[{i}]" for i in range(count - len(names)))]


def _rebuilt(tree: Any, values: Iterator[Any]) -> Any:
    if isinstance(tree, dict):
        made = tree.copy()  # an OrderedDict or a defaultdict stays one
        for key, part in tree.items():
            made[key] = _rebuilt(part, values)
        return made
    if isinstance(tree, (list, tuple)):
        parts = [_rebuilt(part, values) for part in tree]
        if isinstance(tree, list):
            return parts
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return next(values)
