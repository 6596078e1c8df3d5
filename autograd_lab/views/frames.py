"""Draws the steps of a sweep as SVG files: one step, or all of them as an animation that needs no script.

    still(story, sweep, 3)                      one step, with its equation and sentence below the graph
    animated(story, sweep, 1.5)                 all steps in a loop, 1.5 seconds each

Both fill the picture's slots and set its classes, as static/picture.js does from the same storyboard; what everything in it
shows at a step is in looks.py. There are no ids, and the names of the animation's keyframes follow from the numbers in
them, so several files may stand on one page.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

from autograd_lab.explain.text import wrap
from autograd_lab.language import gettext as _
from autograd_lab.views.heat import drawn
from autograd_lab.views.looks import UNSEEN, Look, looks_of

_XMLNS: Final = "http://www.w3.org/2000/svg"
_NARROWEST = 560  # pixels: the words below a graph of two boxes need more room than it has
_MARGIN = 12
_COLUMN = {"progress": 7.9, "equation": 9.1, "sentence": 7.9}  # of monospaced characters of 13 and 15 px
_LEADING = {"progress": 20, "equation": 23, "sentence": 21}
_GAP = 10
_CHANGING: Final = {"box", "line", "arrow"}
_HELD = 2  # the last step stays this many times as long, before the first one comes again


def still(story: dict[str, Any], sweep: dict[str, Any], step: int) -> str:
    """The picture at a step (from 1) as a file of its own. The same step gives the same bytes."""
    root = _picture(story)
    for group, looks in looks_of(root, story, sweep):
        _show(group, next(look for start, look in reversed(looks) if start <= step))
    shown = [_caption(story, sweep, step)]
    _finish(root, sweep, shown, [None], "")
    root.set("aria-label", f"{root.get('aria-label')}. {_progress(story, sweep, step)}. {sweep['steps'][step - 1]['sentence']}")
    return _written(root)


def animated(story: dict[str, Any], sweep: dict[str, Any], seconds: float = 1.5) -> str:
    """All steps as one file that plays by itself, in a browser and as an <img>, and begins again after the last step.

    Who asked the system for reduced motion, or opens it with what cannot play, sees the last step.

    Args:
        story: the storyboard, with a picture.
        sweep: what is played.
        seconds: how long each step is shown; the last one twice as long.

    Raises:
        ValueError: `seconds` is not a positive number.
    """
    if isinstance(seconds, bool) or not (isinstance(seconds, (int, float)) and 0 < seconds < math.inf):
        told = _("seconds={seconds!r} is not a positive number: give how long each step is shown, such as 1.5")
        raise ValueError(told.format(seconds=seconds))
    count = len(sweep["steps"])
    root = _picture(story)
    runs: dict[tuple[int, int], None] = {}
    for group, looks in looks_of(root, story, sweep):
        spans = _spans([start for start, _ in looks], count)
        runs.update(dict.fromkeys(spans))
        _stack(group, [(span, look) for span, (_, look) in zip(spans, looks, strict=True)], count)
    each = _spans(list(range(1, count + 1)), count)
    runs.update(dict.fromkeys(each))
    shown = [_caption(story, sweep, step) for step in range(1, count + 1)]
    _finish(root, sweep, shown, list(each), _keyframes(runs, count))
    root.set("style", f"--autograd-lap: {seconds * (count - 1 + _HELD):.6g}s")
    root.set("aria-label", f"{root.get('aria-label')}. {story['texts'][sweep['mode']]}. {sweep['steps'][-1]['sentence']}")
    return _written(root)


# -- the SVG -----------------------------------------------------------------------------------------------------------


def _picture(story: dict[str, Any]) -> ET.Element:
    """The standing picture. Without its namespace: ElementTree would give every element a prefix."""
    return ET.fromstring(story["svg"].replace(f' xmlns="{_XMLNS}"', "", 1))  # noqa: S314 - our own text, from picture.py


def _show(group: ET.Element, look: Look) -> None:
    """One look, for good. What is not evaluated yet is not in it at all, or a file would tell what comes."""
    if UNSEEN in look.classes:
        for part in list(group):
            group.remove(part)
    group.set("class", " ".join([group.get("class", ""), *look.classes]))
    _add_rings(group, look)
    for name, words in look.slots:
        for slot in group.iterfind(f"text[@data-slot='{name}']"):
            slot.text = words
        for slot in group.iterfind(f"g[@data-slot='{name}']"):
            slot.extend(ET.fromstring(f"<g>{drawn(words, int(slot.get('data-columns', '1')))}</g>"))  # noqa: S314 - ours


def _add_rings(group: ET.Element, look: Look) -> None:
    """The outlines that picture.js lays over a box, where there is something to see of them."""
    box = group.find("rect[@class='box']")
    if box is None or not look.classes:
        return
    place = list(group).index(box) + 1
    for name in ("current-ring", "state-ring"):
        ring = deepcopy(box)
        ring.set("class", name)
        group.insert(place, ring)


def _stack(group: ET.Element, looks: list[tuple[tuple[int, int], Look]], steps: int) -> None:
    """The looks of a group over one another, each seen in its own span of steps. What no step changes stays once."""
    all_of_it = any(UNSEEN in look.classes for _, look in looks)
    changing = [part for part in group if all_of_it or part.get("data-slot") or part.get("class") in _CHANGING]
    fixed = [part for part in group if part not in changing]
    own = group.get("class", "")
    for part in list(group):
        group.remove(part)
    for span, look in looks:
        if UNSEEN in look.classes:
            continue
        frame = ET.SubElement(group, "g", {"class": own})
        frame.extend(deepcopy(part) for part in changing)
        _show(frame, look)
        for slot in [part for part in frame if part.get("data-slot") and not part.text and not len(part)]:
            frame.remove(slot)
        _time(frame, span, steps)
    group.extend(fixed)


def _time(frame: ET.Element, span: tuple[int, int], steps: int) -> None:
    """Shows a frame in its span only; where nothing plays, if that includes the last step."""
    if span == (1, steps):
        return
    if span[1] != steps:
        frame.set("visibility", "hidden")
    frame.set("style", f"animation-name: {_name(span, steps)}")
    frame.set("class", f"{frame.get('class')} autograd-frame")


def _spans(starts: list[int], steps: int) -> list[tuple[int, int]]:
    """From each start to the step before the next one."""
    return [(start, end - 1) for start, end in zip(starts, [*starts[1:], steps + 1], strict=True)]


def _name(span: tuple[int, int], steps: int) -> str:
    return f"autograd-{span[0]}-{span[1]}-of-{steps}"


def _keyframes(spans: Iterable[tuple[int, int]], steps: int) -> str:
    lap = steps - 1 + _HELD
    rules = [
        "@media (prefers-reduced-motion: no-preference) {",
        "  .autograd-frame { animation: none var(--autograd-lap) step-end infinite; }",
        "}",
    ]
    for first, last in (span for span in spans if span != (1, steps)):
        begins = "" if first == 1 else "0% { visibility: hidden } "
        ends = "" if last == steps else f" {100 * last / lap:.6g}% {{ visibility: hidden }}"
        shown = f"{begins}{100 * (first - 1) / lap:.6g}% {{ visibility: visible }}{ends}"
        rules.append(f"@keyframes {_name((first, last), steps)} {{ {shown} }}")
    return "\n".join([*rules, ""])


# -- the words below ---------------------------------------------------------------------------------------------------


def _progress(story: dict[str, Any], sweep: dict[str, Any], step: int) -> str:
    return str(story["texts"]["progress"].format(step=step, steps=len(sweep["steps"])))


def _caption(story: dict[str, Any], sweep: dict[str, Any], step: int) -> list[tuple[str, str]]:
    """The lines below a step, each with its kind, before they are broken to the picture's width."""
    progress = f"{story['title']} · {story['texts'][sweep['mode']]} · {_progress(story, sweep, step)}"
    told = sweep["steps"][step - 1]
    return [("progress", progress), *(("equation", line) for line in told["formula"]), ("sentence", told["sentence"])]


def _finish(
    root: ET.Element,
    sweep: dict[str, Any],
    shown: list[list[tuple[str, str]]],
    spans: Sequence[tuple[int, int] | None],
    rules: str,
) -> None:
    """Makes the picture a file of its own: style, and room below the graph for the highest of its captions."""
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    wide = max(width, _NARROWEST)
    bottom = height
    for lines, span in zip(shown, spans, strict=True):
        group = ET.SubElement(root, "g", {"class": "caption"})
        y = height + _GAP
        for kind, line in lines:
            for piece in wrap(line, int((wide - 2 * _MARGIN) / _COLUMN[kind])):
                y += _LEADING[kind]
                place = {"class": kind, "x": f"{width / 2:.6g}", "y": f"{y:.6g}", "text-anchor": "middle", "direction": "ltr"}
                ET.SubElement(group, "text", place).text = piece
        bottom = max(bottom, y + _MARGIN)
        if span is not None:
            _time(group, span, len(sweep["steps"]))
    style = ET.Element("style")
    style.text = f"\n{_style()}{rules}"
    root.insert(0, style)
    root.set("class", f"{root.get('class')} {sweep['mode']}")
    root.set("role", "img")
    root.set("viewBox", f"{(width - wide) / 2:.6g} 0 {wide:.6g} {bottom:.6g}")
    root.set("width", f"{wide:.6g}")
    root.set("height", f"{bottom:.6g}")


def _written(root: ET.Element) -> str:
    text_of_it = ET.tostring(root, encoding="unicode")
    return text_of_it.replace("<svg", f'<svg xmlns="{_XMLNS}"', 1) + "\n"


@cache
def _style() -> str:
    static = Path(__file__).parent / "static"
    names = ("picture.css", "many.css", "heat.css", "frames.css")
    return "\n".join((static / name).read_text(encoding="utf-8") for name in names)
