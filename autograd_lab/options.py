"""The arguments of the command line, read: `read(arguments)` gives the command's options, or refuses in one line.

What argparse would refuse in English words of its own is checked here, where the catalogues have the words.
"""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from importlib.metadata import version
from itertools import islice
from typing import Any, Final, NoReturn

from autograd_lab.arithmetic import Refused
from autograd_lab.language import gettext as _
from autograd_lab.language import language, language_named, languages
from autograd_lab.views.settings import PHASES

COMMANDS: Final = ("export", "tutorial", "site")
FOLDER: Final = "autograd_lab_tutorials"


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command that the arguments name.

    Raises:
        Refused: there is no such command or option, or no command at all.
        SystemExit: help or the version was asked for, and is printed.
    """
    ours, for_lab = _arranged(list(arguments))
    options, unknown = _parser().parse_known_args(ours, argparse.Namespace(for_lab=for_lab))
    if unknown:
        known = ["--folder", "--help", "--language", "--mode", "--no-browser", "--notebooks", "--out", "--pause", "--port"]
        known += ["--repository", "--version"]
        close = difflib.get_close_matches(unknown[0].partition("=")[0][:40], known, n=1)
        if close:
            similar = _("{argument!r} is not understood (did you mean {close}?)")
            raise Refused(similar.format(argument=unknown[0], close=close[0]))
        raise Refused(_("{argument!r} is not understood (see autograd-lab --help)").format(argument=unknown[0]))
    if options.command is None:
        raise Refused(_("say what to do: autograd-lab export ..., tutorial or site ... (see autograd-lab --help)"))
    return options


def language_of(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The language that is asked for, and the other arguments: it is needed before any of them can be refused."""
    name, others = language(), list[str]()
    rest = iter(arguments)
    for argument in rest:
        option, equals, value = argument.partition("=")
        if argument == "--":
            others += [argument, *rest]
        elif option == "--language":
            name = value if equals else next(rest, "")
        else:
            others.append(argument)
    try:
        return language_named(name), others
    except ValueError as error:
        raise Refused(error) from None


class _Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are one line like every other refusal, and whose headings can be in any language.

    What it would refuse in words of its own is checked afterwards, where our catalogues have the words.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, add_help=False, formatter_class=_Help, **options)
        self.options = self.add_argument_group(_("options"))
        self.options.add_argument("-h", "--help", action="help", help=_("show this help and exit"))

    def error(self, message: str) -> NoReturn:
        raise Refused(
            _("the arguments cannot be read: {reason} (see {command} --help)").format(reason=message, command=self.prog)
        )


class _Help(argparse.HelpFormatter):
    """A HelpFormatter with the first word from our catalogues."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="autograd-lab", description=_("Step through automatic differentiation, one edge at a time."))
    shown = f"autograd-lab {version('autograd_lab')}"
    parser.options.add_argument("--version", action="version", version=shown, help=_("show the version and exit"))
    commands = parser.add_subparsers(dest="command", title=_("commands"), metavar="{export,tutorial,site}", prog="autograd-lab")

    export = commands.add_parser(
        "export",
        help=_("write a lesson as one HTML file that needs no server and no network"),
        description=_("Write a lesson as one HTML file that needs no server and no network."),
        usage="autograd-lab export EXPRESSION NAME=NUMBER ... --out FILE"
        f" [--mode {{{','.join(reversed(PHASES))}}}] [--pause STEPS] [--language {{{','.join(languages())}}}]",
    )
    given = export.add_argument_group(_("what is shown"))
    given.add_argument("expression", nargs="?", help=_('a formula such as "x*y + sin(x)": + - * / ** ( ) and NumPy functions'))
    given.add_argument("values", nargs="*", metavar="NAME=NUMBER", help=_("an input and its value, such as x=2"))
    export.options.add_argument("--out", metavar="FILE", help=_("the HTML file to write"))
    export.options.add_argument("--mode", default="reverse", help=_("what it opens with"))
    export.options.add_argument("--pause", default="", metavar="STEPS", help=_("the steps at which Play stops, such as 3,7"))
    export.options.add_argument("--language", help=_("the language of the lesson, and of what is refused (default: en)"))

    tutorial = commands.add_parser(
        "tutorial",
        help=_("copy the tutorials to a folder and open one in JupyterLab"),
        description=_(
            "Copy the tutorials to a folder (files that you changed stay as they are) and open one of them in "
            "JupyterLab. Options after -- go to JupyterLab as they are."
        ),
        usage="autograd-lab tutorial [NAME] [--folder FOLDER] [--port PORT] [--no-browser]"
        f" [--language {{{','.join(languages())}}}] [-- ...]",
    )
    which = _("the lesson to open: its name, its number or a word of it, such as 6 or hooks (default: the first)")
    tutorial.add_argument_group(_("what is shown")).add_argument("name", nargs="?", metavar="NAME", help=which)
    where = _("where to copy them to (default: {folder})").format(folder=FOLDER)
    tutorial.options.add_argument("--folder", nargs="?", const="", default=FOLDER, help=where)
    tutorial.options.add_argument("--no-browser", action="store_true", help=_("start JupyterLab, but no browser"))
    tutorial.options.add_argument("--port", nargs="?", const="", help=_("the port that JupyterLab listens on"))
    tutorial.options.add_argument("--language", help=_("the language of the tutorials, and of what is refused (default: en)"))

    site = commands.add_parser(
        "site",
        help=_("build a site of the notebooks, on which every stepper plays without a kernel"),
        description=_("Build a site of the notebooks, on which every stepper plays without a kernel, served or from a disk."),
        usage=f"autograd-lab site OUT [--repository OWNER/NAME] [--notebooks FOLDER] [--language {{{','.join(languages())}}}]",
    )
    target = site.add_argument_group(_("where"))
    target.add_argument("out", nargs="?", metavar="OUT", help=_("the folder of the site; a former site there is replaced"))
    owned = _("the repository on GitHub that Binder and Colab open the notebooks from")
    site.options.add_argument("--repository", nargs="?", const="", metavar="OWNER/NAME", help=owned)
    chosen = _("a folder with notebooks of your own, those in Korean in its folder ko")
    site.options.add_argument("--notebooks", nargs="?", const="", metavar="FOLDER", help=chosen)
    site.options.add_argument("--language", help=_("the language of what is refused (default: en)"))
    return parser


def _arranged(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The arguments as argparse can read them, and those for JupyterLab, which follow `--`.

    Of export's arguments the positional ones go behind `--`, or argparse would take "-x*y" for an option.
    """
    command = next(iter(arguments), "")
    if command and not command.startswith("-") and command not in COMMANDS:
        raise Refused(
            _("{command!r} is not a command: use export, tutorial or site (see autograd-lab --help)").format(command=command)
        )
    if command == "tutorial" and "--" in arguments:
        cut = arguments.index("--")
        return arguments[:cut], arguments[cut + 1 :]
    if command != "export" or arguments == ["export", "-h"]:
        return arguments, []
    options: list[str] = []
    positional: list[str] = []
    rest = iter(arguments[1:])
    for argument in rest:
        if argument == "--":
            positional += rest
        elif argument in {"--out", "--mode", "--pause"}:  # with = a value may begin with a minus
            options += [f"{argument}={value}" for value in islice(rest, 1)] or [f"{argument}="]
        elif argument.startswith("--") and argument[2:3].isalpha():
            options.append(argument)
        else:
            positional.append(argument)
    return ["export", *options, "--", *positional], []
