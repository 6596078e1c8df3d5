"""From what a kernel published of a widget to the place on a page where it plays.

The place holds the data that the page's script reads, and shows the still picture until that has come. On paper, and for who
runs no scripts, there are the picture and the transcript.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from autograd_lab.language import gettext as _
from autograd_lab.views.page import deflated

REGION: Final = {"stepper": ("storyboard", "region"), "comparison": ("comparison", "compareRegion")}
"""Where the data of each kind keeps the name of its region."""

_SIZE: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


class Places:
    """The places of one page; `kinds` counts what plays there."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()

    def html(self, figures: list[Mapping[str, Any]]) -> str:
        """What a cell showed, as HTML."""
        return "".join(map(self._place, figures))

    def _place(self, figure: Mapping[str, Any]) -> str:
        kind = figure["kind"]
        if kind == "widget":
            told = _("{widget} needs a running kernel: open this lesson in a notebook.").format(widget=figure["name"])
            return f'<p class="remark">{escape(told)}</p>\n'
        if kind == "picture":
            return _still(figure["picture"])
        self.kinds[kind] += 1
        part, name = REGION[kind]
        texts = figure["saved"][part]["texts"]
        if self.kinds[kind] > 1:  # landmarks of one page have different names
            texts[name] = f"{texts[name]} {self.kinds[kind]}"
        language = escape(figure["story"]["language"])
        return (
            f'<div class="plays" data-plays="{kind}" lang="{language}" style="--room: {room(kind, figure["saved"])}px">\n'
            f"{_still(figure['picture'], figure['transcript'])}"
            f'<script type="application/octet-stream">{deflated(figure["saved"])}</script>\n</div>\n'
        )


def room(kind: str, saved: Mapping[str, Any]) -> int:
    """About how high it will be in pixels, so that little moves when it is drawn."""
    if kind == "comparison":
        story = saved["comparison"]
        rows = len(story["rows"]) + 1
        return 420 + min(256, _size(story["svg"])[1]) + min(384, 36 * rows if story["readable"] else 18 * rows)
    story, parts = saved["storyboard"], saved["parts"]
    heights = {
        "controls": 60,
        "inputs": 45,
        "graph": _size(story["svg"])[1] + 40,
        "equation": 230,
        "table": 75 + 36 * len(story["nodes"]),
        "check": 60,
        "paths": 60,
    }
    return 30 + sum(heights.get(part, 0) for part in parts)


def _still(picture: str, transcript: str | None = None) -> str:
    """The picture, and below it the transcript; on a narrow page it is scrolled rather than made too small to read."""
    width = _size(picture)[0]
    text = "" if transcript is None else f'<pre class="transcript">{escape(transcript)}</pre>\n'
    return f'<div class="still" style="--natural: {width}px">\n<div class="wide">{picture}</div>\n{text}</div>\n'


def _size(picture: str | None) -> tuple[int, int]:
    found = _SIZE.search(picture or "")
    return (round(float(found[1])), round(float(found[2]))) if found else (0, 0)
