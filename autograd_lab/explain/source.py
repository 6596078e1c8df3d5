"""From where an operation was recorded to the code that made it.

    source_of(node)         "np.sin(x)"
    passages(graph)         the functions that made a graph's nodes, each with the places of its nodes in it

The core keeps a code object and an instruction; `executing` finds the expression that this instruction belongs to, in
files, notebook cells and lambdas alike.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from types import CodeType, SimpleNamespace
from typing import Any, NamedTuple

from executing import Source

from autograd_lab.core.modes import Excerpt
from autograd_lab.core.recording import Place
from autograd_lab.graph import Graph, Node

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Span(NamedTuple):
    """A part of a text, from a character to before another."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """Some code that made nodes of a graph: a whole function, a lambda, or the statements of a cell.

    `marks` are the expressions in it, each with the labels of the nodes that it made: several where a loop came by again.
    """

    title: str
    code: str
    marks: tuple[tuple[Span, tuple[str, ...]], ...]


def source_of(node: Node) -> str | None:
    """The code that made a node: the very expression where it can be told, else its line; None where nobody watched."""
    found = _find(node)
    return None if found is None else found.text[found.span.start : found.span.end]


def passages(graph: Graph) -> tuple[Passage, ...]:
    """The code that made the graph's operations, by first appearance. An operation whose code is not to be had is in none."""
    drafts: dict[object, _Draft] = {}
    known: dict[object, _Found | None] = {}  # a loop makes many nodes in few places
    for node in graph.nodes:
        place = None if node.op is None or node.record.extra is None else node.record.extra.source
        key = (id(place.code), place.instruction) if isinstance(place, Place) else place
        if key not in known:
            known[key] = _find(node)
        found = known[key]
        if found is None:
            continue
        draft = drafts.setdefault(found.key, _Draft(found.title, found.text))
        draft.blocks.append(found.block)
        draft.marks.setdefault(found.span, []).append(str(node.label))
    return tuple(draft.passage() for draft in drafts.values())


@dataclass
class _Draft:
    title: str
    text: str
    blocks: list[Span] = field(default_factory=list)
    marks: dict[Span, list[str]] = field(default_factory=dict)

    def passage(self) -> Passage:
        start, end = min(b.start for b in self.blocks), max(b.end for b in self.blocks)
        line = self.text.rfind("\n", 0, start) + 1
        indent = len(self.text[line:]) - len(self.text[line:].lstrip(" \t"))
        if start <= line + indent:
            start = line  # whole lines: a lambda begins in the middle of one
        kept, moved = _unindented(self.text, start, end, indent)
        marks = sorted(self.marks.items(), key=lambda mark: (mark[0].start, -mark[0].end))
        placed = [(Span(moved[span.start - start], moved[span.end - start]), tuple(labels)) for span, labels in marks]
        return Passage(self.title, kept, tuple(placed))


def _unindented(text: str, start: int, end: int, indent: int) -> tuple[str, list[int]]:
    """The part without the indentation that all its lines share, and where each of its characters is then."""
    kept: list[str] = []
    moved: list[int] = []
    dropping = indent if start == 0 or text[start - 1] == "\n" else 0
    for character in text[start:end]:
        moved.append(len(kept))
        if dropping and character in " \t":
            dropping -= 1
            continue
        dropping = indent if character == "\n" else 0
        kept.append(character)
    return "".join(kept), [*moved, len(kept)]


class _Found(NamedTuple):
    """Where a node's code stands: in which text, in which block of it (which `key` tells apart), and the expression."""

    key: object
    title: str
    text: str
    block: Span
    span: Span


def _find(node: Node) -> _Found | None:
    place: Place | Excerpt | None = None if node.record.extra is None else node.record.extra.source
    if place is None or node.op is None:
        return None
    if isinstance(place, Excerpt):
        return _Found(place.whole, "", place.whole, Span(0, len(place.whole)), Span(place.start, place.end))
    # executing asks a frame for its code and its instruction only; the frame itself would keep everything alive.
    frame: Any = SimpleNamespace(
        f_code=place.code, f_lasti=place.instruction, f_globals={}, f_lineno=_line(place.code, place.instruction)
    )
    found: Any = Source.executing(frame)
    lines: list[str] = found.source.lines
    if found.node is None:
        return _by_line(place.code, lines, frame.f_lineno)
    text = "\n".join(lines)
    starts = _line_starts(lines)
    block = found.node
    while hasattr(block, "parent") and not isinstance(block, _FUNCTIONS) and not isinstance(block.parent, ast.Module):
        block = block.parent
    title = getattr(block, "name", "") if isinstance(block, _FUNCTIONS) else ""
    # Statements outside of functions are one block together: those of a cell.
    key = (found.source.filename, block.lineno, block.col_offset) if isinstance(block, _FUNCTIONS) else found.source.filename
    return _Found(key, title, text, _extent(block, lines, starts), _extent(found.node, lines, starts))


def _by_line(code: CodeType, lines: list[str], number: int | None) -> _Found | None:
    """The whole line, where the expression cannot be told; None where the text is gone."""
    if not number or number > len(lines) or not lines[number - 1].strip():
        return None
    line = lines[number - 1]
    start = _line_starts(lines)[number - 1] + len(line) - len(line.lstrip())
    span = Span(start, start + len(line.strip()))
    return _Found((code.co_filename, number), "", "\n".join(lines), span, span)


def _line_starts(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _extent(node: Any, lines: list[str], starts: list[int]) -> Span:
    """Where a node of the syntax tree stands; the parser counts columns in UTF-8 bytes."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
    start = starts[first - 1] + (_characters(lines[first - 1], node.col_offset) if first == node.lineno else 0)
    return Span(start, starts[node.end_lineno - 1] + _characters(lines[node.end_lineno - 1], node.end_col_offset))


def _characters(line: str, offset: int) -> int:
    return offset if line.isascii() else len(line.encode()[:offset].decode())


def _line(code: CodeType, instruction: int) -> int | None:
    positions = list(code.co_positions())
    return positions[instruction // 2][0] if instruction // 2 < len(positions) else None
