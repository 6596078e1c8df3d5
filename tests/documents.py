"""The documentation as tests read it: its Markdown files, their code, commands, links and headings."""

import ast
import re
from pathlib import Path

from tests.conftest import REPOSITORY

PAGES = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for path in (*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("benchmarks/*.md"))
)
TWINS = {"README.md": "README.ko.md"} | {
    page: f"docs/ko/{Path(page).name}" for page in PAGES if re.fullmatch(r"docs/\w+\.md", page)
}
"""A page, and where its Korean version is if it has one."""


def text(page):
    """A page's text."""
    return (REPOSITORY / page).read_text(encoding="utf-8")


def code(page):
    """All Python of a page, from top to bottom."""
    return "\n".join(re.findall(r"```python\n(.*?)```", text(page), re.DOTALL))


def commands(page):
    """The commands that stand on a line of their own, without what is said about them."""
    return [line.partition("  #")[0].strip() for line in re.findall(r"^ {4}(\S.*)", outside_code(page), re.MULTILINE)]


def outside_code(page):
    """A page's text without its blocks of code."""
    return re.sub(r"```.*?```", "", text(page), flags=re.DOTALL)


def links(page):
    """Every link to another place of the repository, as it is written."""
    written = re.sub(r"`[^`\n]+`", "", outside_code(page))
    return [target for target in re.findall(r"\]\(([^)]+)\)", written) if "://" not in target]


def anchors(page):
    """What a link may name behind its #, as GitHub makes it of headings."""
    headings = re.findall(r"^#+ (.*)", outside_code(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(page):
    """The first cell of every row of the tables."""
    return re.findall(r"^\| \[?`?([^`|]*?)`?(?:\]\([^)]*\))? \|", text(page), re.MULTILINE)


COURSE = [name for name in rows("README.md") if re.match(r"\d\d_|lecture_", name)]
"""The lessons, by name."""


def program(page):
    """The code of a page with every text blanked, and without what chooses its language: what a translation keeps."""
    tree = ast.parse(code(page))
    tree.body = [line for line in tree.body if not ast.unparse(line).startswith("lab.set_language(")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.unparse(tree)
