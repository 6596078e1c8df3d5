"""The reference: the public names with their docstrings, by pdoc, as pages that load nothing.

pdoc's own search needs no network; its formulas would, so it gets none: docstrings write them as text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pdoc.doc
import pdoc.render

import autograd_lab
from autograd_lab import func

TEMPLATES: Final = Path(__file__).with_name("templates") / "reference"


def write(index: Path) -> None:
    """Write the reference; `index` is its first page, the other lies beside it."""
    # pdoc documents what __all__ names; what loads late has to be there first.
    for name in autograd_lab.__all__:
        getattr(autograd_lab, name)
    pdoc.render.configure(docformat="google", show_source=False, search=True, template_directory=TEMPLATES)
    modules = {module.__name__: pdoc.doc.Module(module) for module in (autograd_lab, func)}
    index.parent.mkdir(parents=True, exist_ok=True)
    for name, module in modules.items():
        page = index.parent / f"{name.replace('.', '/')}.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text(_named(pdoc.render.html_module(module, modules)), encoding="utf-8", newline="\n")
    index.write_text(pdoc.render.html_index(modules), encoding="utf-8", newline="\n")
    (index.parent / "search.js").write_text(pdoc.render.search_index(modules), encoding="utf-8", newline="\n")


def _named(page: str) -> str:
    """The page with a name for each link that pdoc shows by a sign of its style sheet alone, and no heading out of order.

    pdoc writes "Arguments" and "Raises" of a docstring as headings of the sixth level, under names that are none.
    """
    page = re.sub(r'<a class="headerlink" href="#([^"]*)"', r'<a class="headerlink" aria-label="Link to \1" href="#\1"', page)
    return re.sub(r"<h6\b[^>]*>(.*?)</h6>", r'<p class="part">\1</p>', page)
