"""From where an operation was recorded to the code that made it.

The core keeps a code object and an instruction; `executing` finds the expression that this instruction belongs to, in
files, notebook cells and lambdas alike.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from executing import Source

from autograd_lab.graph.graph import Node


def source_of(node: Node) -> str | None:
    """The code that made a node: the very expression where it can be told, else its line; None where nobody watched."""
    place = None if node.record.extra is None else node.record.extra.source
    if place is None or isinstance(place, str):
        return place
    # executing asks a frame for its code and its instruction only; the frame itself would keep everything alive.
    frame: Any = SimpleNamespace(
        f_code=place.code, f_lasti=place.instruction, f_globals={}, f_lineno=_line(place.code, place.instruction)
    )
    found = Source.executing(frame)
    if found.node is not None and found.source is not None:
        return cast(str, found.text())
    if found.source is not None and frame.f_lineno is not None:
        lines = found.source.lines[frame.f_lineno - 1 : frame.f_lineno]
        if lines:
            return str(lines[0]).strip()
    return None


def _line(code: Any, instruction: int) -> int | None:
    positions = list(code.co_positions())
    place = positions[instruction // 2] if instruction // 2 < len(positions) else (None,)
    return cast("int | None", place[0])
