"""The notebooks as they are saved: which there are, their cells, and what is prose, code, exercise and solution in them."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
LESSONS = [path for path in NOTEBOOKS if re.match(r"\d\d_", path.name)]
KOREAN = [path for path in NOTEBOOKS if path.parent.name == "ko"]

HANGUL = re.compile("[가-힣]")
FENCED = re.compile(r"^```python\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def called(path):
    """A notebook's name in the list of tests: "ko/06_hooks"."""
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def each(paths):
    """One test for each of these notebooks."""
    return pytest.mark.parametrize("path", paths, ids=called)


def language_of(path):
    return path.parent.name if path.parent != FOLDER else "en"


def saved(path):
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code_cells(path):
    return [cell for cell in saved(path).cells if cell.cell_type == "code" and cell.source.strip()]


def prose(path):
    """The sources of the markdown cells."""
    return [cell.source for cell in saved(path).cells if cell.cell_type == "markdown"]


def without_code(markdown):
    """Prose without code and formulas, in which brackets mean something else."""
    for other in (r"^```.*?^```$", r"``.*?``|`[^`]*`", r"\$\$.*?\$\$", r"\$[^$]*\$"):
        markdown = re.sub(other, " ", markdown, flags=re.MULTILINE | re.DOTALL)
    return markdown


def tags(cell):
    return cell.metadata.get("tags", [])


def exercises(path):
    """Each exercise cell with the cell that follows it, which should be its solution."""
    cells = saved(path).cells
    return [(cell, following) for cell, following in zip(cells, [*cells[1:], None], strict=True) if "exercise" in tags(cell)]


def answers(solution):
    """The code in a solution cell: the statements of the exercise cell in which there was something to fill in."""
    (code,) = FENCED.findall(solution.source)
    return code


def name_of(statement):
    """What a statement makes, by which its answer finds it: "step", "answers", "of_c, of_r"."""
    match statement:
        case ast.FunctionDef() | ast.ClassDef():
            return statement.name
        case ast.Assign():
            return ", ".join(map(ast.unparse, statement.targets))
    raise AssertionError(f"an answer makes a name that the exercise made: {ast.unparse(statement)}")


def solved(exercise, solution):
    """The exercise cell with each answer of its solution in the place of the statement that had a blank."""
    filled_in = {name_of(statement): statement for statement in ast.parse(answers(solution)).body}
    statements = ast.parse(exercise.source).body
    made = [name_of(s) if isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Assign)) else None for s in statements]
    assert [made.count(name) for name in filled_in] == [1] * len(filled_in), (list(filled_in), made)
    return "\n".join(ast.unparse(filled_in.get(name, s)) for name, s in zip(made, statements, strict=True))


def parsed(source):
    """A cell's code as Python reads it, once IPython has put magics into words."""
    return ast.parse(TransformerManager().transform_cell(source))


def calls_of_check(source):
    return [
        node
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lab.check"
    ]  # fmt: skip


def printed(cell):
    """All the text that a code cell shows."""
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)
