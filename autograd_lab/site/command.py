"""What `autograd-lab site OUT` does: reads its options, refuses what cannot be, and says how far it is."""

from __future__ import annotations

import re
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from autograd_lab import shipped
from autograd_lab.arithmetic import Refused
from autograd_lab.language import gettext as _

OURS: Final = "OWNER/autograd_lab"
"""Stands for the repository in the README's badge too, until it has an owner."""

NEEDED: Final = ("nbconvert", "nbclient", "ipykernel", "pdoc")
INTERRUPTED: Final = 130


def run(options: Namespace) -> int:
    """Build the site; the exit status."""
    for name in NEEDED:
        if find_spec(name) is None:
            raise Refused(_('{package} is not installed here: pip install "autograd_lab[lab]"').format(package=name))
    if options.out is None:
        raise Refused(_("no folder is given: write one such as site/ after site"))
    try:
        return _build(options)
    except KeyboardInterrupt:
        return INTERRUPTED


def _build(options: Namespace) -> int:
    from autograd_lab.site.build import build  # the packages that are needed
    from autograd_lab.site.links import Repository
    from autograd_lab.site.progress import Progress
    from autograd_lab.site.sources import Guide, Lesson, guides, lessons
    from autograd_lab.site.target import target

    repository = Repository(_repository(options.repository))
    with target(options.out) as folder:
        own = options.notebooks is None
        found = lessons(shipped.folder("notebooks") if own else _folder(options.notebooks))
        sources: tuple[Lesson | Guide, ...] = (*found, *(guides(shipped.folder("docs")) if own else ()))
        with Progress(len(found)) as progress:
            build(folder, sources, repository, told=progress.told, unread=progress.unread)
    print(_("wrote {out}: open {index}").format(out=options.out, index=Path(options.out) / "index.html"))
    if repository.name == OURS:
        print(_("The links to Binder and Colab lead to {name}: add --repository OWNER/NAME for yours.").format(name=OURS))
    return 0


def _repository(name: str | None) -> str:
    if name is None:
        return OURS
    if not re.fullmatch(r"[A-Za-z0-9](?:-?[A-Za-z0-9])*/[\w.-]+", name, re.ASCII) or name.endswith(("/.", "/..")):
        raise Refused(_("--repository {name!r} is not OWNER/NAME, as in github.com/OWNER/NAME").format(name=name))
    return name


def _folder(name: str) -> Path:
    folder = Path(name)
    if not name or not folder.is_dir():
        raise Refused(_("--notebooks {folder!r} is not a folder").format(folder=name))
    return folder
