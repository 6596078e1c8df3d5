"""The comparison of forward and reverse accumulation, told: as JSON for the frontend, and as text.

    story(compared)         what the frontend shows, up to the step that it is at
    transcript(compared)    each sweep with its cost, the Jacobian, and the closing sentence
    closing(compared)       that sentence: which mode needs how many sweeps

Both read the same sweeps; no entry of the Jacobian is told before its sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from autograd_lab.core.primitives.row import Mode
from autograd_lab.explain.numbers import number
from autograd_lab.explain.sentences import stop
from autograd_lab.graph.sweep import Cost
from autograd_lab.language import gettext as _
from autograd_lab.language import language, ngettext
from autograd_lab.views import storyboard
from autograd_lab.views.comparison import MOST_SWEEPS, WAYS, Compared, ModeCost
from autograd_lab.views.miniature import miniature
from autograd_lab.views.texts import texts

READABLE: Final = 8
"""Columns and rows of a grid up to which its cells show their numbers."""


def story(compared: Compared) -> dict[str, Any]:
    """The comparison as JSON."""
    picture = miniature(compared.graph) if compared.listed else None
    heads = {mode: [choice.text for choice in compared.choices[mode]] if compared.listed else [] for mode in WAYS}
    return {
        "title": storyboard.title(compared.graph),
        "language": language(),
        "texts": texts(),
        "notices": _notices(compared),
        "svg": picture,
        "columns": heads["forward"],
        "rows": heads["reverse"],
        "readable": _readable(compared),
        "steps": compared.steps,
        "sweeps": {mode: _told(compared, mode, drawn=picture is not None) for mode in WAYS},
        "totals": asdict(compared.costs),
        "sentences": [_sentence(compared, step) for step in range(compared.steps + 1)],
        "closing": closing(compared),
    }


def _told(compared: Compared, mode: Mode, *, drawn: bool) -> list[dict[str, Any]]:
    """The sweeps of a mode; which edges each visits only where a picture shows them."""
    told = []
    for index, sweep in enumerate(compared.sweeps[mode]):
        entries = compared.entries(mode, index)
        visits = [(step.edge.id, step.reached) for step in sweep if drawn and step.edge is not None]
        told.append(
            {
                "node": sweep.about.label,
                "cost": sweep.cost._asdict(),
                "cells": None if entries is None else [number(entry) for entry in entries],
                "visited": [edge for edge, _reached in visits],
                "unreached": [edge for edge, reached in visits if not reached],
            }
        )
    return told


def _notices(compared: Compared) -> list[str]:
    if not compared.listed:
        notice = _("{rows} × {columns} entries take more than {most} sweeps: their costs are counted, and none is shown.")
        counted = notice.format(rows=compared.rows, columns=compared.columns, most=MOST_SWEEPS)
        return [counted, *(stop(sweep) for sweep in compared.stopped)]
    if not _readable(compared):
        notice = _("With more than {most} rows or columns the grids show which entries are known: point at one for its number.")
        return [notice.format(most=READABLE)]
    return []


def _readable(compared: Compared) -> bool:
    return compared.listed and max(compared.columns, compared.rows) <= READABLE


def _sentence(compared: Compared, step: int) -> str:
    """What a step did in both modes."""
    if step == 0:
        return _("Nothing has been swept yet: both grids are empty.") if compared.listed else ""
    return " ".join(_sentence_of(compared, mode, step) for mode in WAYS)


def _sentence_of(compared: Compared, mode: Mode, step: int) -> str:
    sweeps, forward = compared.sweeps[mode], mode == "forward"
    if step > len(sweeps):
        return _("Forward accumulation is done.") if forward else _("Reverse accumulation is done.")
    about, reason = compared.choices[mode][step - 1].text, sweeps[step - 1].stopped
    if reason is not None:
        template = (
            _("Forward sweep {sweep} of {sweeps}, from {about}, stops: {reason}.")
            if forward
            else _("Reverse sweep {sweep} of {sweeps}, from {about}, stops: {reason}.")
        )
    elif forward:
        template = _("Forward sweep {sweep} of {sweeps}, from {about}, fills its column.")
    else:
        template = _("Reverse sweep {sweep} of {sweeps}, from {about}, fills its row.")
    return template.format(sweep=step, sweeps=len(sweeps), about=about, reason=reason)


def closing(compared: Compared) -> str:
    """Which mode needs how many sweeps, in one sentence."""
    forward, reverse = compared.costs.forward, compared.costs.reverse
    values = {
        "inputs": ngettext("{count} input", "{count} inputs", compared.columns).format(count=compared.columns),
        "outputs": ngettext("{count} output", "{count} outputs", compared.rows).format(count=compared.rows),
        "forward": _sweeps(forward.sweeps),
        "forward_cost": _cost(forward),
        "reverse": _sweeps(reverse.sweeps),
        "reverse_count": reverse.sweeps,
        "reverse_cost": _cost(reverse),
    }
    if compared.stopped:
        forward_told = (
            _("forward accumulation needs {forward} ({forward_cost})")
            if compared.finished("forward")
            else _("forward accumulation cannot be finished")
        )
        reverse_told = (
            _("reverse accumulation needs {reverse} ({reverse_cost})")
            if compared.finished("reverse")
            else _("reverse accumulation cannot be finished")
        )
        told = {"forward_told": forward_told.format(**values), "reverse_told": reverse_told.format(**values)}
        return _("{inputs}, {outputs}: {forward_told}, {reverse_told}.").format(**values, **told)
    if forward == reverse:
        template = _("{inputs}, {outputs}: a tie, forward and reverse accumulation need {forward} each ({forward_cost} each).")
    elif forward.sweeps == reverse.sweeps:
        template = _(
            "{inputs}, {outputs}: a tie, forward and reverse accumulation need {forward} each "
            "(forward {forward_cost}; reverse {reverse_cost})."
        )
    else:
        template = _(
            "{inputs}, {outputs}: forward accumulation needs {forward} ({forward_cost}), "
            "reverse accumulation {reverse_count} ({reverse_cost})."
        )
    return template.format(**values)


def _sweeps(count: int) -> str:
    return ngettext("{count} sweep", "{count} sweeps", count).format(count=count)


def _cost(cost: Cost | ModeCost) -> str:
    edges = ngettext("{count} edge", "{count} edges", cost.edges).format(count=cost.edges)
    products = ngettext("{count} multiplication", "{count} multiplications", cost.multiplications)
    return f"{edges}, {products.format(count=cost.multiplications)}"


def transcript(compared: Compared) -> str:
    """The whole comparison as text."""
    title = _("{title}: forward against reverse accumulation").format(title=storyboard.title(compared.graph))
    lines = [title, *_notices(compared)]
    headings = (_("Forward accumulation, column by column"), _("Reverse accumulation, row by row"))
    totals = (compared.costs.forward, compared.costs.reverse)
    for mode, heading, total in zip(WAYS, headings, totals, strict=True):
        sweeps = compared.sweeps[mode]
        width = len(str(len(sweeps)))
        lines.append(heading)
        for step, sweep in enumerate(sweeps, start=1):
            about = compared.choices[mode][step - 1].text
            told = f"{about}: {_cost(sweep.cost)}"
            if sweep.stopped is not None:
                told = _("{sentence}. {stop}").format(sentence=told, stop=stop(sweep))
            lines.append(f"{step:>{width + 2}}. {told}")
        lines.append("  " + _("Total: {sweeps}, {cost}").format(sweeps=_sweeps(total.sweeps), cost=_cost(total)))
    if _readable(compared):
        lines += [_("Jacobian"), *_grid(compared)]
    return "\n".join([*lines, closing(compared)])


def _grid(compared: Compared) -> Iterator[str]:
    """The Jacobian as it prints, with "?" where no sweep found an entry."""
    columns, rows = ([compared.entries(mode, k) for k in range(len(compared.sweeps[mode]))] for mode in WAYS)
    heads, sides = ([choice.text for choice in compared.choices[mode]] for mode in WAYS)
    cells = [[_shown(column, i) or _shown(row, j) or "?" for j, column in enumerate(columns)] for i, row in enumerate(rows)]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    side = max(map(len, sides))
    for head, row in [("", heads), *zip(sides, cells, strict=True)]:
        yield f"  {head:<{side}}  {'  '.join(f'{cell:>{width}}' for cell, width in zip(row, widths, strict=True))}"


def _shown(entries: list[Any] | None, index: int) -> str | None:
    return None if entries is None else number(entries[index])
