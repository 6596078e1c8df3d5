"""Markdown's LaTeX as MathML, made when the site is built: what would do it in the browser comes from a CDN.

latex2mathml does the work. What it leaves to be wished is put right here: the space after sin, primes that stand too high, and
commands that it passes over in silence.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert

_ALIGNED: Final = re.compile(r"\\(begin|end)\{(?:aligned|alignedat|gathered|split)\}(?:(?<=at\})\{\d+\})?")
_PRIMES: Final = frozenset("′″‴⁗")
_ROWS: Final = frozenset({"math", "mrow", "mtd", "mstyle", "msqrt", "mpadded"})
_SCRIPTS: Final = frozenset({"msub", "msup", "msubsup", "munder"})
_THIN: Final = "0.167em"


def mathml(latex: str, *, block: bool) -> str | None:
    """A formula as MathML; None for LaTeX that latex2mathml does not understand."""
    try:
        root = ET.fromstring(convert(_ALIGNED.sub(r"\\\1{align*}", latex.strip())))  # noqa: S314  local, and made a line ago
    except Exception:  # noqa: BLE001  its parser raises IndexError and the like, besides its own errors
        return None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if "\\" in (element.text or ""):
            return None
        if element.tag == "mo" and len(element):  # \mathrel{+}
            element.text = "".join(element.itertext())
            del element[:]
    _tidy(root)
    display = ' display="block"' if block else ""
    inside = "".join(ET.tostring(child, encoding="unicode") for child in root)
    return f'<math{display} alttext="{escape(" ".join(latex.split()))}">{inside}</math>'


def _tidy(element: ET.Element) -> None:
    for child in element:
        _tidy(child)
    if element.tag in ("msup", "msubsup") and "".join(element[-1].itertext()) in _PRIMES:
        _lower(element)
    if element.tag in _ROWS:
        _space(element)


def _lower(element: ET.Element) -> None:
    """A prime is raised by itself: as an exponent it would be raised twice."""
    base, *index, prime = element
    raised = ET.Element("mo", lspace="0", rspace="0")
    raised.text = "".join(prime.itertext())
    if not index:
        element.tag = "mrow"
        element[:] = [base, raised]
        return
    primed = ET.Element("mrow")
    primed.extend([base, raised])
    element.tag = "msub"
    element[:] = [primed, *index]


def _space(row: ET.Element) -> None:
    """A thin space around the name of a function, sin x, but not before its parenthesis."""
    children: list[ET.Element] = []
    for child in row:
        before = children[-1] if children else child
        if (_is_name(before) or _is_name(child)) and _is_operand(before) and _is_operand(child) and before is not child:
            children.append(ET.Element("mspace", width=_THIN))
        children.append(child)
    row[:] = children


def _is_name(element: ET.Element) -> bool:
    """Whether it is the name of a function such as sin, perhaps with a script: letters that stand upright."""
    first = element[0] if element.tag in _SCRIPTS else element
    return first.tag == "mi" and len(first.text or "") > 1 and (first.text or "").isalpha()


def _is_operand(element: ET.Element) -> bool:
    """Whether it is no operator, parenthesis, space or text, which bring their own room."""
    first = element if len(element) == 0 else element[0]
    return first.tag not in ("mo", "mspace", "mtext")
