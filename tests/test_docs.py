"""docs/core.md says what is true: its examples run, and its tables of differences are run in both engines, row by row."""

import ast
import doctest
import math
import re
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import autograd_lab as lab
from tests.twins import Raised, plain

CORE = (Path(__file__).resolve().parent.parent / "docs" / "core.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", CORE, re.DOTALL)
EXAMPLES = [block for block in BLOCKS if ">>>" in block]
(BEFORE_EACH_ROW,) = (block for block in BLOCKS if ">>>" not in block)


class Row(NamedTuple):
    """A row of a table: its cells of code, and its last cell."""

    code: tuple[str, ...]
    why: str

    def __str__(self):
        return self.code[0]


def rows_under(header):
    """The rows of all tables with this header, each cell without its backticks."""
    found = []
    for table in re.findall(re.escape(header) + r"\n\|[-|]+\n((?:\|.*\n)+)", CORE):
        for line in table.splitlines():
            *code, why = (cell.strip() for cell in line.strip("|").split(" | "))
            assert all(re.fullmatch("`[^`]+`", cell) for cell in code), line
            found.append(Row(tuple(cell.strip("`") for cell in code), why.strip()))
    return found


DIFFERENCES = rows_under("| program | PyTorch | autograd_lab | why |")
NAMES = rows_under("| PyTorch | autograd_lab | |")


def test_every_table_of_the_page_is_read():
    beginnings = re.findall(r"^\|[^-].*\n\|---", CORE, re.MULTILINE)
    tables = [line for line in beginnings if "`" not in line.splitlines()[0]]
    assert len(tables) == CORE.count("\n|---")
    assert len(DIFFERENCES) + len(NAMES) > 80
    assert len({row.code[0] for row in DIFFERENCES}) == len(DIFFERENCES)
    assert all(row.why for row in DIFFERENCES)


def test_every_heading_that_is_linked_exists():
    headings = re.findall(r"^#+ (.*)", CORE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", CORE)) <= anchors


def test_every_example_runs_and_prints_what_it_says():
    globs = {}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for number, block in enumerate(EXAMPLES):
        test = doctest.DocTestParser().get_doctest(block, globs, f"block {number}", "docs/core.md", 0)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            runner.run(test, clear_globs=False)
        globs = test.globs
    assert runner.summarize(verbose=False).failed == 0


def outcome(program, engine, array_functions):
    """What the last expression of a program gives (None if it ends in a statement), or what the program raises."""
    names = {"lab": engine, "np": array_functions, "numpy": np}
    exec(BEFORE_EACH_ROW, names)  # noqa: S102 - our own text
    *statements, last = ast.parse(program).body
    if not isinstance(last, ast.Expr):
        statements, last = [*statements, last], None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(ast.Module(statements, []), program, "exec"), names)  # noqa: S102
            return last and simple(eval(compile(ast.Expression(last.value), program, "eval"), names))  # noqa: S307
    except Exception as raised:  # noqa: BLE001 - the cell says which it is to be
        return Raised(type(raised), 0, str(raised))


def simple(result):
    """A result as the cells write it: dtypes by name, everything else as lists and numbers."""
    name = str(result).removeprefix("torch.")
    return name if name in {"float32", "float64"} else plain(result)


def in_lab(program):
    """The outcome of a program here."""
    return outcome(program, lab, np)


def in_torch(torch, program):
    """The outcome of a program in PyTorch, with float64 as its default dtype."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        return outcome(program, torch, torch)
    finally:
        torch.set_default_dtype(before)


def expected(cell):
    """What a cell says: an error by its name, else a value, to the digits that are written."""
    if re.fullmatch(r"\w+Error", cell):
        return cell
    return simple(eval(cell, {"inf": math.inf, "nan": math.nan, "float32": "float32", "float64": "float64"}))  # noqa: S307 - our own text


def agree(found, said):
    """Whether an outcome is what a cell says."""
    if isinstance(found, Raised):
        return found.kind.__name__ == said
    if isinstance(said, list):
        return isinstance(found, list) and len(found) == len(said) and all(map(agree, found, said))
    if isinstance(said, float) and isinstance(found, float):
        return math.isclose(found, said, rel_tol=1e-5)  # six digits are written
    return type(found) is type(said) and found == said


@pytest.mark.parametrize("row", DIFFERENCES, ids=str)
def test_a_row_says_what_happens_here(row):
    program, theirs, ours = row.code
    assert agree(in_lab(program), expected(ours))
    assert expected(theirs) != expected(ours), "a difference differs"


@pytest.mark.parametrize("row", DIFFERENCES, ids=str)
def test_a_row_says_what_happens_in_pytorch(torch, row):
    program, theirs, _ = row.code
    assert agree(in_torch(torch, program), expected(theirs))


@pytest.mark.parametrize("row", NAMES, ids=str)
def test_another_name_gives_the_same(torch, row):
    theirs, ours = row.code
    given = in_torch(torch, theirs)
    assert not isinstance(given, Raised), given
    assert in_lab(ours) == given
    assert in_lab(theirs) != given, "the same name does"
