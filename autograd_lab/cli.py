"""The command line: a lesson as one HTML file, the tutorials in JupyterLab and as a site.

    autograd-lab export "x*y + sin(x)" x=2 y=3 --out demo.html
    autograd-lab tutorial hooks
    autograd-lab site lessons/

`main` runs it. Whatever is refused ends with status 2 and one line on standard error that names the culprit, and
leaves no file behind.
"""

from __future__ import annotations

import os
import sys
import warnings
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograd_lab.arithmetic import Refused, canonical_name, parse
from autograd_lab.language import gettext as _
from autograd_lab.language import using
from autograd_lab.options import language_of, read
from autograd_lab.tutorial import tutorial
from autograd_lab.views.settings import phase_named

if TYPE_CHECKING:
    from autograd_lab.graph import Graph

REFUSED: Final = 2  # the exit status that argparse uses too
LINE: Final = 300  # characters of an error line: enough to recognize what was refused
MAX_STEPS: Final = 5_000  # of all the sweeps on a page: about two seconds, and 10 MB


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    try:
        spoken, arguments = language_of(sys.argv[1:] if argv is None else argv)
        with using(spoken):
            options = read(arguments)
            return {"export": _export, "tutorial": tutorial, "site": _site}[options.command](options)
    except Refused as refusal:
        print(_one_line(f"autograd-lab: {refusal}"), file=sys.stderr)
        return REFUSED


# -- export -----------------------------------------------------------------------------------------------------------


def _export(options: Namespace) -> int:
    if options.expression is None:
        raise Refused(_('no expression is given: write one such as "x*y + sin(x)" after export'))
    if options.out is None:
        raise Refused(_("no file is given: add --out FILE, such as --out demo.html"))
    mode = _mode(options.mode)
    pause = _pause(options.pause)
    values = _values(options.values)
    formula = parse(options.expression, values)
    if formula.constant:
        fixed = _("{written!r} depends on none of the names given ({names}): use one of them")
        raise Refused(fixed.format(written=options.expression, names=", ".join(values)))
    target = _target(options.out)
    with warnings.catch_warnings(), _refusing_failures(options.expression):
        warnings.simplefilter("ignore")  # log(0) is shown as -inf; a line about it on stderr would say "refused"
        from autograd_lab.graph import trace

        graph = trace(formula, *values.values())
        _refuse_slow(graph)
        from autograd_lab.views.page import page  # what draws takes half a second to load: not for a refusal

        document = page(graph, mode=mode, title=formula.text, pause=pause)
    _write(target, document)
    print(_one_line(_("wrote {file}").format(file=options.out)))
    return 0


def _mode(name: str) -> str:
    try:
        return phase_named(name)
    except ValueError as error:
        raise Refused(f"--{error}") from None


def _pause(steps: str) -> list[int]:
    try:
        return [int(step) for step in steps.split(",")] if steps else []
    except ValueError:
        raise Refused(_("--pause {steps!r} is no list of steps: write one such as 3,7").format(steps=steps)) from None


def _values(assignments: Sequence[str]) -> dict[str, float]:
    values: dict[str, float] = {}
    for assignment in assignments:
        written, equals, number = assignment.partition("=")
        if not equals:
            bare = _("{assignment!r} has no value: write NAME=NUMBER, such as x=2, after the expression in quotes")
            raise Refused(bare.format(assignment=assignment))
        name = canonical_name(written.strip())
        if name in values:
            raise Refused(_("{name!r} is given twice: give each name one value").format(name=name))
        try:
            values[name] = float(number)
        except ValueError:
            unread = _("{assignment!r}: {number!r} is not a number: write one such as 2, -0.5, 1e-3 or inf")
            raise Refused(unread.format(assignment=assignment, number=number)) from None
    if not values:
        raise Refused(_("no input is given: add at least one NAME=NUMBER, such as x=2"))
    return values


def _refuse_slow(graph: Graph) -> None:
    """Refuse what would take longer than a person waits: it is known before anything is drawn."""
    steps = (len(graph.inputs) + 1) * (len(graph.edges) + 1)
    if steps > MAX_STEPS:
        raise Refused(
            _(
                "{inputs} inputs and {edges} edges make {steps} steps: {most} are the most; "
                "give fewer inputs or a shorter expression"
            ).format(inputs=len(graph.inputs), edges=len(graph.edges), steps=steps, most=MAX_STEPS)
        )


@contextmanager
def _refusing_failures(expression: str) -> Iterator[None]:
    """Turn what a graph or a picture cannot do for this expression into a refusal."""
    try:
        yield
    except Refused:
        raise
    except (ArithmeticError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        raise Refused(_("{written!r} cannot be shown: {reason}").format(written=expression, reason=error)) from error


def _target(out: str) -> Path:
    """The file to write, through symbolic links."""
    try:
        target = Path(out).resolve()
        if not out or (target.exists() and not target.is_file()):
            raise Refused(_("--out {file!r} is not a file: give a name such as demo.html").format(file=out))
        if not target.parent.is_dir():
            missing = _("--out {file!r}: there is no folder {folder!r}; make it first")
            raise Refused(missing.format(file=out, folder=str(target.parent)))
    except (OSError, ValueError, RuntimeError) as error:  # too long, a null byte, a loop of links
        if isinstance(error, Refused):
            raise
        raise Refused(_("--out {file!r} cannot be written: {reason}").format(file=out, reason=error)) from None
    return target


def _write(target: Path, document: str) -> None:
    """Write all of the document or nothing: readers see the old file until the new one is complete."""
    unfinished = target.with_name(f".autograd-lab-{os.getpid()}.unfinished")
    try:
        unfinished.write_bytes(document.encode())
        unfinished.replace(target)
    except OSError as error:
        failed = _("--out {file!r} cannot be written: {reason}")
        raise Refused(failed.format(file=str(target), reason=error.strerror)) from None
    finally:
        unfinished.unlink(missing_ok=True)


# -- site -------------------------------------------------------------------------------------------------------------


def _site(options: Namespace) -> int:
    from autograd_lab.site.command import run  # what it needs comes with the extra "lab"

    return run(options)


def _one_line(text: str) -> str:
    """The text with everything unprintable escaped, cut in the middle if it is long."""
    line = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    if len(line) > LINE:
        line = f"{line[: LINE // 2]} ... {line[-LINE // 2 :]}"
    return line


if __name__ == "__main__":
    sys.exit(main())
