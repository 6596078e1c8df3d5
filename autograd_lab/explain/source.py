"""From where an operation was recorded to the code that made it.

The core keeps a code object and an instruction; `executing` finds the expression that this instruction belongs to, in
files, notebook cells and lambdas alike.
"""

from __future__ import annotations

from types import CodeType, SimpleNamespace
from typing import Any, cast

from executing import Source

from autograd_lab.core.recording import Place
from autograd_lab.graph.graph import Node


def source_of(node: Node) -> str | None:
    """The code that made a node: the very expression where it can be told, else its line; None where nobody watched."""
    place: Place | str | None = None if node.record.extra is None else node.record.extra.source
    if not isinstance(place, Place):
        return place
    # executing asks a frame for its code and its instruction only; the frame itself would keep everything alive.
    frame: Any = SimpleNamespace(
        f_code=place.code, f_lasti=place.instruction, f_globals={}, f_lineno=_line(place.code, place.instruction)
    )
    found: Any = Source.executing(frame)
    if found.node is not None:
        return cast("str", found.text())
    lines: list[str] = found.source.lines[frame.f_lineno - 1 : frame.f_lineno] if frame.f_lineno else []
    return lines[0].strip() if lines else None


def _line(code: CodeType, instruction: int) -> int | None:
    positions = list(code.co_positions())
    return positions[instruction // 2][0] if instruction // 2 < len(positions) else None
