r"""Converts a user's own LaTeX to MathML: `convert(template, operands)`.

The operands are MathML already. They travel through the conversion as stand-ins, so that a name such as <script>
never reaches a parser of LaTeX, and a number looks as it does everywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final
from xml.etree import ElementTree as ET

from autograd_lab.explain.latex import fill
from autograd_lab.language import gettext as _

# The elements that may come out, with the number of children of those that must have a certain number.
_ARITY: Final = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mroot": 2}
_ELEMENTS: Final = frozenset(
    {*_ARITY, "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msqrt", "mstyle", "mpadded", "mphantom"}
    | {"menclose", "mtable", "mtr", "mtd", "mmultiscripts", "mprescripts", "none"}
)
_ATTRIBUTES: Final = frozenset(
    {"stretchy", "fence", "form", "mathvariant", "displaystyle", "scriptlevel", "linethickness", "separator"}
    | {"width", "height", "depth", "lspace", "rspace", "voffset", "minsize", "maxsize", "accent", "accentunder"}
    | {"columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines", "notation", "movablelimits"}
    | {"symmetric", "display", "mathcolor", "mathbackground", "mathsize", "columnspan", "rowspan"}
)
_FIRST_STAND_IN: Final = 0xE000  # a private-use character, which means nothing in LaTeX


def convert(template: str, operands: Mapping[str, tuple[str, str]]) -> str:
    """The template as MathML; each operand is given as MathML twice, as it is and in parentheses.

    ValueError, naming the template, for LaTeX that latex2mathml does not understand. It passes over most of that
    in silence, so what it gives is checked: no command left as text, no fraction without a denominator.
    """
    from latex2mathml.converter import convert as to_mathml  # few lessons have a template

    stand_ins: dict[str, str] = {}
    keys: dict[str, tuple[str, str]] = {}
    for key, forms in operands.items():
        first = _FIRST_STAND_IN + len(stand_ins)
        keys[key] = (chr(first), chr(first + 1))
        stand_ins.update(zip(keys[key], forms, strict=True))
    try:
        root = ET.fromstring(to_mathml(fill(template, keys)))  # noqa: S314  local, and made a line ago
        return "".join(_checked(child, stand_ins) for child in root)
    except Exception as error:  # its parser raises IndexError and the like, besides its own errors
        raise ValueError(
            _(
                "the LaTeX template {template!r} has no MathML form ({reason}); "
                "correct it, or use commands that latex2mathml knows"
            ).format(template=template, reason=str(error) or type(error).__name__)
        ) from error


def _checked(element: ET.Element, stand_ins: Mapping[str, str]) -> str:
    """The element as text, if MathML and whole, with the operands in place of their stand-ins."""
    tag = element.tag.rpartition("}")[2]
    words = element.text or ""
    if tag not in _ELEMENTS or not set(element.attrib) <= _ATTRIBUTES:
        raise ValueError(_("{element} is not for a formula").format(element=f"<{tag} {' '.join(element.attrib)}>"))
    if len(element) != _ARITY.get(tag, len(element)):
        raise ValueError(_("{element} lacks a part").format(element=f"<{tag}>"))
    if "\\" in words or (tag in ("mi", "mo") and words in ("{", "}")):
        raise ValueError(_("{words} is not understood").format(words=words))
    if words in stand_ins:
        return stand_ins[words]
    if any(c in stand_ins for c in words):
        raise ValueError(_("an operand stands inside text"))
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in element.attrib.items())
    children = "".join(_checked(child, stand_ins) for child in element)
    return f"<{tag}{attributes}>{escape(words)}{children}</{tag}>"
