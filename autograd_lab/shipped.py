"""folder: where the notebooks and guides are that come with the package."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder "notebooks" or "docs": of the repository where the package is in one, else the one that the wheel brought."""
    repository = PACKAGE.parent
    return repository / name if (repository / "pyproject.toml").is_file() else PACKAGE / name
