"""The command line: a lesson as one HTML file, and the tutorials in JupyterLab.

    autograd-lab export "x*y + sin(x)" x=2 y=3 --out demo.html
    autograd-lab tutorial

`main` runs it. Whatever is refused ends with status 2 and one line on standard error that names the culprit, and
leaves no file behind.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING, Final, NoReturn

from autograd_lab.arithmetic import Refused, canonical_name, parse

if TYPE_CHECKING:
    from autograd_lab.graph import Graph

REFUSED: Final = 2  # the exit status that argparse uses too
LINE: Final = 300  # characters of an error line: enough to recognize what was refused
LESSON: Final = "01_forward_and_reverse.ipynb"
MAX_STEPS: Final = 5_000  # of all the sweeps on a page: about two seconds, and 10 MB
FOLDER: Final = "autograd_lab_tutorials"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        ours, for_lab = _arranged(arguments)
        options = _parser().parse_args(ours, argparse.Namespace(for_lab=for_lab))
        status: int = options.run(options)
    except Refused as refusal:
        print(_one_line(f"autograd-lab: {refusal}"), file=sys.stderr)
        return REFUSED
    return status


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are one line like every other refusal."""

    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message} (see {self.prog} --help)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="autograd-lab",
        description="Step through automatic differentiation, one edge at a time.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"autograd-lab {version('autograd_lab')}")
    parser.set_defaults(run=_without_command)
    commands = parser.add_subparsers(title="commands", metavar="{export,tutorial}")

    export = commands.add_parser(
        "export",
        help="write a lesson as one HTML file that needs no server and no network",
        description="Write a lesson as one HTML file that needs no server and no network.",
        usage="autograd-lab export EXPRESSION NAME=NUMBER ... --out FILE [--mode {reverse,forward,evaluation}]",
        allow_abbrev=False,
    )
    export.add_argument("expression", help='a formula such as "x*y + sin(x)": + - * / ** ( ) and NumPy functions')
    export.add_argument("values", nargs="*", metavar="NAME=NUMBER", help="an input and its value, such as x=2")
    export.add_argument("--out", required=True, metavar="FILE", help="the HTML file to write")
    export.add_argument("--mode", choices=["reverse", "forward", "evaluation"], default="reverse", help="what it opens with")
    export.set_defaults(run=_export)

    tutorial = commands.add_parser(
        "tutorial",
        help="copy the tutorials to a folder and open the first in JupyterLab",
        description="Copy the tutorials to a folder (files that you changed stay as they are) and open the first in "
        "JupyterLab. Options after -- go to JupyterLab as they are.",
        allow_abbrev=False,
    )
    tutorial.add_argument("folder", nargs="?", default=FOLDER, help=f"where to copy them to (default: {FOLDER})")
    tutorial.add_argument("--no-browser", action="store_true", help="start JupyterLab, but no browser")
    tutorial.add_argument("--port", type=int, help="the port that JupyterLab listens on")
    tutorial.set_defaults(run=_tutorial)
    return parser


def _without_command(_: argparse.Namespace) -> NoReturn:
    raise Refused("say what to do: autograd-lab export ... or autograd-lab tutorial (see autograd-lab --help)")


def _arranged(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The arguments as argparse can read them, and those for JupyterLab, which follow `--`.

    Of export's arguments the positional ones go behind `--`, or argparse would take "-x*y" for an option.
    """
    if arguments[:1] == ["tutorial"] and "--" in arguments:
        cut = arguments.index("--")
        return arguments[:cut], arguments[cut + 1 :]
    if arguments[:1] != ["export"] or arguments == ["export", "-h"]:
        return arguments, []
    options: list[str] = []
    positional: list[str] = []
    rest = iter(arguments[1:])
    for argument in rest:
        if argument == "--":
            positional += rest
        elif argument in {"--out", "--mode"}:  # with = a value may begin with a minus
            options += [f"{argument}={value}" for value in islice(rest, 1)] or [argument]
        elif argument.startswith("--") and argument[2:3].isalpha():
            options.append(argument)
        else:
            positional.append(argument)
    return ["export", *options, "--", *positional], []


# -- export -----------------------------------------------------------------------------------------------------------


def _export(options: argparse.Namespace) -> int:
    values = _values(options.values)
    formula = parse(options.expression, values)
    if formula.constant:
        raise Refused(f"{options.expression!r} depends on none of the names given ({', '.join(values)}): use one of them")
    target = _target(options.out)
    with warnings.catch_warnings(), _refusing_failures(options.expression):
        warnings.simplefilter("ignore")  # log(0) is shown as -inf; a line about it on stderr would say "refused"
        from autograd_lab.graph import trace

        graph = trace(formula, *values.values())
        _refuse_slow(graph)
        from autograd_lab.views.page import page  # what draws takes half a second to load: not for a refusal

        document = page(graph, mode=options.mode, title=formula.text)
    _write(target, document)
    print(_one_line(f"wrote {options.out}"))
    return 0


def _values(assignments: Sequence[str]) -> dict[str, float]:
    values: dict[str, float] = {}
    for assignment in assignments:
        written, equals, number = assignment.partition("=")
        if not equals:
            raise Refused(f"{assignment!r} has no value: write NAME=NUMBER, such as x=2, after the expression in quotes")
        name = canonical_name(written.strip())
        if name in values:
            raise Refused(f"{name!r} is given twice: give each name one value")
        try:
            values[name] = float(number)
        except ValueError:
            raise Refused(f"{assignment!r}: {number!r} is not a number: write one such as 2, -0.5, 1e-3 or inf") from None
    if not values:
        raise Refused("no input is given: add at least one NAME=NUMBER, such as x=2")
    return values


def _refuse_slow(graph: Graph) -> None:
    """Refuse what would take longer than a person waits: it is known before anything is drawn."""
    steps = (len(graph.inputs) + 1) * (len(graph.edges) + 1)
    if steps > MAX_STEPS:
        raise Refused(
            f"{len(graph.inputs)} inputs and {len(graph.edges)} edges make {steps} steps: {MAX_STEPS} are the most; "
            "give fewer inputs or a shorter expression"
        )


@contextmanager
def _refusing_failures(expression: str) -> Iterator[None]:
    """Turn what a graph or a picture cannot do for this expression into a refusal."""
    try:
        yield
    except Refused:
        raise
    except (ArithmeticError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        raise Refused(f"{expression!r} cannot be shown: {error}") from error


def _target(out: str) -> Path:
    """The file to write, through symbolic links."""
    try:
        target = Path(out).resolve()
        if not out or (target.exists() and not target.is_file()):
            raise Refused(f"--out {out!r} is not a file: give a name such as demo.html")
        if not target.parent.is_dir():
            raise Refused(f"--out {out!r}: there is no folder {str(target.parent)!r}; make it first")
    except (OSError, ValueError, RuntimeError) as error:  # too long, a null byte, a loop of links
        if isinstance(error, Refused):
            raise
        raise Refused(f"--out {out!r} cannot be written: {error}") from None
    return target


def _write(target: Path, document: str) -> None:
    """Write all of the document or nothing: readers see the old file until the new one is complete."""
    unfinished = target.with_name(f".autograd-lab-{os.getpid()}.unfinished")
    try:
        unfinished.write_bytes(document.encode())
        unfinished.replace(target)
    except OSError as error:
        raise Refused(f"--out {str(target)!r} cannot be written: {error.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)


# -- tutorial ---------------------------------------------------------------------------------------------------------


def _tutorial(options: argparse.Namespace) -> int:
    if find_spec("jupyterlab") is None:
        raise Refused('JupyterLab is not installed here: pip install "autograd_lab[lab]"')
    folder = Path(options.folder)
    try:
        _copy_lessons(folder)
    except OSError as error:
        raise Refused(f"{options.folder!r} cannot hold the tutorials: {error.strerror or error}") from None
    # The file is what a browser opens; the address printed for whoever starts one by hand leads there too.
    command = [sys.executable, "-m", "jupyterlab", LESSON, f"--LabApp.default_url=/lab/tree/{LESSON}", *_lab_options(options)]
    with Popen(command, cwd=folder) as lab:  # noqa: S603 - our own interpreter, and options that the user typed
        while True:
            try:
                return lab.wait()
            except KeyboardInterrupt:  # JupyterLab got it too, and asks whether to stop
                continue


def _copy_lessons(folder: Path) -> None:
    """Copy each lesson that the folder lacks; what is there already, perhaps changed, stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in sorted(_lessons().glob("*.ipynb")):
        copy = folder / lesson.name
        if not copy.exists():
            shutil.copyfile(lesson, copy)
        elif copy.read_bytes() != lesson.read_bytes():
            print(f"kept your own {copy}; delete it to get the original back")


def _lessons() -> Path:
    """The notebooks: of the repository where this file is in one, else those that the wheel brought."""
    package = Path(__file__).resolve().parent
    repository = package.parent
    return repository / "notebooks" if (repository / "pyproject.toml").is_file() else package / "notebooks"


def _lab_options(options: argparse.Namespace) -> list[str]:
    chosen: list[str] = list(options.for_lab)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in chosen:
        chosen.append("--allow-root")  # in a container the only user is often root, whom JupyterLab turns away
    if options.no_browser:
        chosen.append("--no-browser")
    if options.port is not None:
        chosen.append(f"--port={options.port}")
    return chosen


def _one_line(text: str) -> str:
    """The text with everything unprintable escaped, cut in the middle if it is long."""
    line = "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    if len(line) > LINE:
        line = f"{line[: LINE // 2]} ... {line[-LINE // 2 :]}"
    return line


if __name__ == "__main__":
    sys.exit(main())
