"""Draws what stands for many: the frame of an open scope, a closed box with its counts, a link with how many edges it has.

A frame carries data-frame, a box data-scope, a link data-link; what a step adds to a box goes into its slot "visited".
"""

from __future__ import annotations

from typing import Final

from autograd_lab.language import gettext as _
from autograd_lab.language import ngettext
from autograd_lab.views.layout import Layout
from autograd_lab.views.shapes import arrow, elided, path, rect, safe, slot, text
from autograd_lab.views.view import AFTER, BEFORE, Box, View

COUNT_COLUMNS: Final = 7
"""Characters of a link's count, "×9,812"."""
NAME_COLUMNS: Final = 20
_SHEET = 4  # pixels between the sheets of a box, which lie one behind another
_BASELINES: Final = {"name": -25, "operations": -6, "others": 11, "visited": 31}


def called(view: View, box: Box) -> str:
    """What a box is called: a scope by its own name, the rest by where it lies."""
    if box.is_scope:
        return box.key.rpartition("/")[2]
    focus = view.focus.label if view.focus is not None else ""
    if box.key == BEFORE:
        return _("before {label}").format(label=focus)
    if box.key == AFTER:
        return _("after {label}").format(label=focus)
    return _("beside {label}").format(label=focus)


def operations_in(box: Box) -> str:
    """100 operations."""
    return ngettext("{count} operation", "{count} operations", box.operations).format(count=f"{box.operations:,}")


def others_in(box: Box) -> str:
    """30 inputs, 2 constants; "" where there are none."""
    said = []
    if box.inputs:
        said.append(ngettext("{count} input", "{count} inputs", box.inputs).format(count=f"{box.inputs:,}"))
    if box.constants:
        said.append(ngettext("{count} constant", "{count} constants", box.constants).format(count=f"{box.constants:,}"))
    return ", ".join(said)


def frames(view: View, layout: Layout, columns: int) -> list[str]:
    """The frames around what is in an open scope, outer ones first."""
    drawn = []
    for i, scope in enumerate(view.scopes):
        area = layout.clusters[f"cluster_{i}"]
        frame = rect(area.left, area.top, (area.right - area.left, area.bottom - area.top), 8)
        x, y = area.label or (area.left, area.top)
        label = text(x, y + 4, elided(scope.rpartition("/")[2], columns), "scope-label")
        drawn.append(f'<g class="scope" data-frame="{safe(scope)}">{frame}{label}</g>')
    return drawn


def closed_boxes(view: View, layout: Layout, size: tuple[int, int]) -> list[str]:
    """The closed scopes, and what lies around a cut: name, counts, and room for how many edges were visited."""
    width, height = size[0] - 2 * _SHEET, size[1] - 2 * _SHEET
    drawn = []
    for i, box in enumerate(view.boxes):
        x, y = layout.nodes[f"b{i}"]
        left, top = x - size[0] / 2, y - size[1] / 2
        sheets = [rect(left + d, top + d, (width, height), 5, "sheet") for d in (2 * _SHEET, _SHEET)]
        front = rect(left, top, (width, height), 5, "box")
        x, y = x - _SHEET, y - _SHEET
        rows = [
            text(x, y + _BASELINES["name"], elided(called(view, box), NAME_COLUMNS), "label"),
            text(x, y + _BASELINES["operations"], operations_in(box), "counts"),
            text(x, y + _BASELINES["others"], elided(others_in(box), NAME_COLUMNS), "counts"),
            slot(x, y + _BASELINES["visited"], "visited"),
        ]
        kind = "many" if box.is_scope else "many rest"
        drawn.append(f'<g class="{kind}" data-scope="{safe(box.key)}">{"".join([*sheets, front, *rows])}</g>')
    return drawn


def links(view: View, layout: Layout) -> list[str]:
    """The lines that enter or leave a box, each with the number of edges that it stands for."""
    drawn = []
    for i, link in enumerate(view.links):
        line = layout.edges[f"l{i}"]
        x, y = line.label or line.points[len(line.points) // 2]
        several = len(link.edges) > 1
        count = text(x, y + 4, f"×{len(link.edges):,}", "count") if several else ""
        kind = "link bundle" if several else "link"
        drawn.append(f'<g class="{kind}" data-link="{safe(link.id)}">{path(line)}{arrow(line)}{count}</g>')
    return drawn
