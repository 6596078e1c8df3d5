"""The catalogues of autograd_lab/locale against the messages in the code: what is missing, what is not asked for any more.

    python tests/catalogue.py         bring every catalogue up to date, and print what there is to translate

New messages come in without a translation, in the order of the code; those that the code has no longer go. Nothing is
guessed from messages that look alike, so what has a translation was translated by a person.
"""

from __future__ import annotations

import ast
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "autograd_lab"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def template() -> Catalog:
    """Every message that the package asks its catalogue for, in the order of files and lines."""
    found = Catalog()
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as code:
            for line, message, *_ in extract("python", code, keywords=KEYWORDS):
                found.add(message, locations=[(path.relative_to(ROOT).as_posix(), line)])
    return found


def calls() -> list[tuple[str, ast.Call]]:
    """Where the package asks for a message: the place, and the call."""
    return [
        (f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    ]


def read(path: Path) -> Catalog:
    """A catalogue, with what is wrong in it raised."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def translations(message: Message) -> list[str]:
    """The forms that a message has in the catalogue: one, or as many as the language counts in."""
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]


def untranslated(catalogue: Catalog) -> list[Message]:
    """The messages that lack a translation, or have one that nobody has looked at."""
    return [m for m in catalogue if m.id and (m.fuzzy or not all(translations(m)))]


def updated(path: Path, wanted: Catalog) -> tuple[str, list[str]]:
    """The text of a catalogue brought up to date, and the messages that went. The head of the file stays as it is."""
    head = path.read_text(encoding="utf-8").partition("\n\n")[0]
    catalogue = read(path)
    catalogue.update(wanted, no_fuzzy_matching=True)
    gone = [str(m.id) for m in catalogue.obsolete.values()]
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, ignore_obsolete=True, include_lineno=False)
    return f"{head}\n\n{body.getvalue().decode().strip()}\n", gone


def main() -> None:
    """Rewrite each catalogue, and print what a translator has to do."""
    wanted = template()
    for path in sorted((PACKAGE / "locale").glob("*.po")):
        text, gone = updated(path, wanted)
        path.write_text(text, encoding="utf-8", newline="\n")
        missing = untranslated(read(path))
        print(f"{path.name}: {len(wanted)} messages, {len(missing)} to translate, {len(gone)} removed")
        for message in missing:
            print(f"  translate  {message.id!r}")
        for message_id in gone:
            print(f"  removed    {message_id!r}")


if __name__ == "__main__":
    main()
