"""Writes the shapes of a picture as SVG text: boxes, lines, arrows, words.

Coordinates are pixels from the top left. Words come out in one direction, elided to their columns, and safe inside XML.
"""

from __future__ import annotations

import math
import re
from html import escape
from typing import Final

from autograd_lab.explain.text import elide
from autograd_lab.views.layout import Line, Point

_ARROW_HALF_WIDTH = 4.5
_CUT_HALF_LENGTH = 6
_CUT_GAP = 2.5

# XML 1.0, production 2: Char is everything else.
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def path(line: Line) -> str:
    """The curve."""
    start, *rest = line.points
    curves = " ".join(_at(point) for point in rest)
    return f'<path class="line" d="M{_at(start)} C{curves}"/>'


def arrow(line: Line) -> str:
    """A triangle from the curve's end to its tip; a polygon, since a marker would need an id."""
    base, tip = line.points[-1], line.tip or line.points[-1]
    dx, dy = _unit(base, tip)
    side = (-dy * _ARROW_HALF_WIDTH, dx * _ARROW_HALF_WIDTH)
    corners = (tip, (base[0] + side[0], base[1] + side[1]), (base[0] - side[0], base[1] - side[1]))
    return f'<polygon class="arrow" points="{" ".join(_at(corner) for corner in corners)}"/>'


def cut(line: Line) -> str:
    """Two short strokes across the middle of a line."""
    piece = (len(line.points) - 1) // 3 // 2 * 3
    p0, p1, p2, p3 = line.points[piece : piece + 4]
    x, y = ((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(p0, p1, p2, p3, strict=True))  # Bézier's curve at 1/2
    dx, dy = _unit((p0[0] + p1[0], p0[1] + p1[1]), (p2[0] + p3[0], p2[1] + p3[1]))
    across = (-dy * _CUT_HALF_LENGTH, dx * _CUT_HALF_LENGTH)
    strokes = []
    for shift in (-_CUT_GAP, _CUT_GAP):
        middle = (x + dx * shift, y + dy * shift)
        ends = (middle[0] - across[0], middle[1] - across[1]), (middle[0] + across[0], middle[1] + across[1])
        strokes.append(f"M{_at(ends[0])} L{_at(ends[1])}")
    return f'<path class="cut" d="{" ".join(strokes)}"/>'


def _unit(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length else (1.0, 0.0)


def rect(x: float, y: float, size: Point, radius: float, kind: str = "frame") -> str:
    """A rectangle with round corners."""
    width, height = size
    return f'<rect class="{kind}" x="{px(x)}" y="{px(y)}" width="{px(width)}" height="{px(height)}" rx="{px(radius)}"/>'


def text(x: float, y: float, words: str, kind: str) -> str:
    """Words around a centre."""
    return f'<text class="{kind}" x="{px(x)}" y="{px(y)}" text-anchor="middle" direction="ltr">{safe(words)}</text>'


def slot(x: float, y: float, name: str, kind: str | None = None) -> str:
    """Room for words that a step will bring."""
    return f'<text class="{kind or name}" data-slot="{name}" x="{px(x)}" y="{px(y)}" text-anchor="middle"></text>'


def _at(point: Point) -> str:
    return f"{px(point[0])},{px(point[1])}"


def px(value: float) -> str:
    """At most two decimals, none that say nothing, and no minus before a zero."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def safe(words: str) -> str:
    """Text for XML: what would be markup as entities, what XML cannot hold as Python escapes."""
    return escape(_ILLEGAL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), words), quote=True)


def elided(words: str, columns: int) -> str:
    """The words in so many columns; a right-to-left name that is cut still ends its own direction there."""
    shown = elide(words, columns)
    return shown + "\u2069" * (shown.count("\u2068") - shown.count("\u2069"))
