"""Where a link of a notebook or a guide leads on the site.

A link to another notebook or guide leads to its page, one to another file of the repository to GitHub, and the
pictures that a page shows come along. Everything else stays as it is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from autograd_lab.site.sources import Guide, Lesson

PICTURES: Final = "assets/pictures"


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository that the notebooks can be opened from."""

    name: str

    def binder(self, place: str) -> str:
        """A notebook on Binder, in JupyterLab."""
        return f"https://mybinder.org/v2/gh/{self.name}/HEAD?urlpath=lab/tree/{quote(place)}"

    def colab(self, place: str) -> str:
        """A notebook on Colab."""
        return f"https://colab.research.google.com/github/{self.name}/blob/HEAD/{quote(place)}"

    def file(self, place: str) -> str:
        """A file on GitHub."""
        return f"https://github.com/{self.name}/blob/HEAD/{quote(place)}"

    @property
    def install(self) -> str:
        """What a cell on Colab runs first."""
        return f'%pip install "autograd_lab[lab] @ git+https://github.com/{self.name}"'


@dataclass(slots=True)
class Links:
    """The links of all pages; `pictures` collects what they show."""

    repository: Repository
    pages: dict[str, str]
    pictures: dict[str, Path] = field(default_factory=dict)

    @classmethod
    def between(cls, repository: Repository, sources: Iterable[Lesson | Guide]) -> Links:
        """The links between these notebooks and guides."""
        return cls(repository, {source.place: source.page for source in sources})

    def resolved(self, address: str, source: Lesson | Guide) -> str:
        """The address as the page of `source` writes it."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return address
        place = posixpath.normpath(posixpath.join(posixpath.dirname(source.place), unquote(parts.path)))
        page = self.pages.get(place)
        if page is None:
            return self.repository.file(place)
        return urlunsplit(parts._replace(path=quote(relative(page, source.page))))

    def picture(self, address: str, source: Lesson | Guide) -> str:
        """The address of a picture, which is to be copied to the site; one that is not a file beside it stays as it is."""
        path = source.path.parent / unquote(address)
        if urlsplit(address).scheme or not path.is_file():
            return address
        place = f"{PICTURES}/{path.name}"
        while self.pictures.setdefault(place, path.resolve()) != path.resolve():
            place = f"{PICTURES}/{len(self.pictures)}-{path.name}"
        return quote(relative(place, source.page))


def relative(page: str, start: str) -> str:
    """The address of a page of the site, as another page writes it."""
    return posixpath.relpath(page, posixpath.dirname(start) or ".")
