"""Composes the modules of static/ into one text, because a widget and a page are loaded from one.

`script("widget.js")` is the module that anywidget loads, `script("page-start.js")` the one inside an exported page;
`style(*STEPPER)` is the style sheet of both. The files are plain ES modules, which `node --test` imports as they stand: here
their import lines go, their exports become plain declarations, and each stands after those it imports. What is written
in any other way than the modules use is refused, not guessed at. Comments and indentation stay in the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

_IMPORT: Final = re.compile(r'import \{ (?P<names>[\w, ]+) \} from "\./(?P<module>[\w-]+\.js)";')
_EXPORT: Final = re.compile(r"export (?=(?:async )?function |const |class )")
_DEFAULT: Final = re.compile(r"export default \{ [\w, ]+ \};")
_DECLARED: Final = re.compile(r"(?:export )?(?:async )?(?:function|const|let|class) (\w+)")
_UNKNOWN: Final = re.compile(r"\b(?:import|export)\b(?!\(\"\./[\w-]+\.js\"\)\.)")
_COMMENT: Final = re.compile(r"\s*(?://.*|/\*\*(?:(?!\*/).)*(?:\*/)?|\*(?:/|\s.*)?)")  # a whole line of it
_ROOT: Final = re.compile(r"\.autograd-(?:stepper|comparison)(?![\w-])")
_REMARK: Final = re.compile(r"/\*.*?\*/\n*", re.DOTALL)


class AssetError(ValueError):
    """A module of static/ is written in a way that cannot be composed."""


STEPPER: Final = (
    "stepper.css",
    "controls.css",
    "menu.css",
    "picture.css",
    "heat.css",
    "many.css",
    "viewport.css",
    "views.css",
    "check.css",
    "room.css",
    "access.css",
    "projector.css",
    "print.css",
)
"""The style sheets of the stepper; the last four may overrule the others: for little and much room, for what a person needs,
on paper."""

COMPARISON: Final = ("stepper.css", "controls.css", "picture.css", "heat.css", "compare.css", "access.css")
"""The style sheets of the comparison."""


@cache
def style(*names: str) -> str:
    """Style sheets of static/, one after another, without comments and indentation: a page carries what browsers read."""
    sheets = "\n".join(_REMARK.sub("", _read(name)) for name in names)
    return "\n".join(line.strip() for line in sheets.splitlines() if line.strip()) + "\n"


@cache
def comparison_style(*names: str) -> str:
    """The style sheets of the comparison, after these others, so that none of it applies to a stepper.

    A notebook holds the sheets of both widgets, in the order in which their cells ran. Where the same rule stood in both,
    the later one would overrule what an earlier sheet says of little room.
    """
    return _ROOT.sub(".autograd-stepper.autograd-comparison", style(*names, *COMPARISON))


@cache
def script(entry: str) -> str:
    """One ES module with everything that `entry` imports, each module once and after those it imports.

    Raises:
        AssetError: a line of import or export that is not understood, a name declared twice, modules that import each
            other, or a text that would end a page's script element.
    """
    order: list[str] = []
    _collect(entry, order, ())
    owners: dict[str, str] = {}
    texts = [_module(name, owners, last=name == entry) for name in order]
    return "\n".join(texts)


def _collect(name: str, order: list[str], within: tuple[str, ...]) -> None:
    if name in within:
        raise AssetError(f"modules import each other: {' -> '.join((*within, name))}")
    if name in order:
        return
    for line in _read(name).splitlines():
        found = _IMPORT.fullmatch(line)
        if found:
            _collect(found["module"], order, (*within, name))
            _check_imported(name, found)
    order.append(name)


def _check_imported(name: str, found: re.Match[str]) -> None:
    exported = {
        declared[1]
        for line in _read(found["module"]).splitlines()
        if _EXPORT.match(line) and (declared := _DECLARED.match(line))
    }
    for imported in found["names"].split(", "):
        if imported not in exported:
            raise AssetError(f"{name} imports {imported!r}, which {found['module']} does not export")


def _module(name: str, owners: dict[str, str], *, last: bool) -> str:
    text = "\n".join(line.strip() for line in _lines(name, owners, last=last))
    if "</script" in text.lower() or "<!--" in text:
        raise AssetError(f"{name} holds a text that would end a page's script element")
    return f"// {name}\n{text.strip()}\n"


def _lines(name: str, owners: dict[str, str], *, last: bool) -> Iterator[str]:
    for number, line in enumerate(_read(name).splitlines(), start=1):
        declared = _DECLARED.match(line)
        if declared and owners.setdefault(declared[1], name) != name:
            raise AssetError(f"{declared[1]!r} is declared in {name} and in {owners[declared[1]]}: rename one")
        if _IMPORT.fullmatch(line):
            continue
        if last and _DEFAULT.fullmatch(line):
            yield line
            continue
        if _COMMENT.fullmatch(line) or not line.strip():
            continue  # a page carries what runs
        if line.count("`") % 2:
            raise AssetError(f"{name}, line {number}: a text in backticks must end on its line, since indentation is dropped")
        plain = _EXPORT.sub("", line, count=1) if line.startswith("export ") else line
        if _UNKNOWN.search(plain):
            raise AssetError(f"{name}, line {number}: cannot compose {line!r}")
        yield plain


def _read(name: str) -> str:
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")
