"""Which variables code reads, assigns and counts with: read from its syntax tree, without running it.

`Variables(tree)` has `read` (before the code assigns them), `stored` and `counts`; `assigned(statement)` names the variables
that one assignment gives a value to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any


class Variables:
    """The variables of a module's own namespace, in the order in which Python would meet them.

    `read` are those that it reads before it assigns them, `stored` those that it assigns, `counts` those that stand in an
    index, in range(...) or in a keyword argument. Names that belong to a function or a comprehension are not among them.
    """

    def __init__(self, tree: ast.AST) -> None:
        self.read: dict[str, None] = {}
        self.stored: dict[str, None] = {}
        self.counts: set[str] = set()
        self._hidden: frozenset[str] = frozenset()
        self._visit(tree)

    def _note(self, name: str, kind: dict[str, None]) -> None:
        if name not in self._hidden and (kind is self.stored or name not in self.stored):
            kind.setdefault(name)

    def _visit(self, *parts: ast.AST | list[Any] | None) -> None:
        """Note the names in these parts, in the order in which Python evaluates them."""
        for part in parts:
            for node in part if isinstance(part, list) else [part]:
                if node is not None:
                    self._visit_node(node)

    def _visit_node(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                self._note(name, self.read)
            case ast.Name(id=name):
                self._note(name, self.stored)
            case ast.Assign(targets=targets, value=value):
                self._visit(value, *targets)
            case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                self._visit(value, target)
            case ast.AugAssign(target=target, value=value):
                self._visit(*(ast.Name(name, ast.Load()) for name in assigned(node)), value, target)
            case ast.For(iter=iterable, target=target, body=body, orelse=orelse):
                self._visit(iterable, target, body, orelse)
            case ast.Lambda(args=arguments, body=body):
                self._visit_function(arguments, [body])
            case (
                ast.FunctionDef(name=name, args=arguments, body=body)
                | ast.AsyncFunctionDef(name=name, args=arguments, body=body)
            ):
                self._visit(node.decorator_list)
                self._visit_function(arguments, body)
                self._note(name, self.stored)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                self._visit_comprehension(node.generators, [node.elt])
            case ast.DictComp():
                self._visit_comprehension(node.generators, [node.key, node.value])
            case _:
                self._visit_plainly(node)

    def _visit_plainly(self, node: ast.AST) -> None:
        """Visit a node whose parts stand in the order in which they are evaluated."""
        match node:
            case ast.Subscript(slice=index):
                self.counts |= _names_in(index)
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                self.counts |= _names_in(*arguments)
            case ast.keyword(value=value):
                self.counts |= _names_in(value)
        self._visit(*ast.iter_child_nodes(node))
        match node:
            case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                self._note(name, self.stored)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                for alias in aliases:
                    self._note((alias.asname or alias.name).partition(".")[0], self.stored)

    def _visit_function(self, arguments: ast.arguments, body: list[Any]) -> None:
        self._visit(arguments.defaults, arguments.kw_defaults)
        own = {part.arg for part in ast.walk(arguments) if isinstance(part, ast.arg)}
        for statement in body:
            own |= {p.id for p in ast.walk(statement) if isinstance(p, ast.Name) and not isinstance(p.ctx, ast.Load)}
        self._visit_hiding(own, *body)

    def _visit_comprehension(self, generators: list[ast.comprehension], elements: list[ast.expr]) -> None:
        self._visit(generators[0].iter)
        own = {name for generator in generators for name in _names_in(generator.target)}
        self._visit_hiding(own, *generators, *elements)

    def _visit_hiding(self, own: set[str], *parts: ast.AST) -> None:
        before = self._hidden
        self._hidden |= own
        self._visit(*parts)
        self._hidden = before


def assigned(statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[str]:
    """The variables that a statement assigns as a whole: x, or x and y of `x, y = ...`."""
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
            if isinstance(part, ast.Name):
                yield part.id


def _names_in(*nodes: ast.AST) -> set[str]:
    return {part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name)}
