"""The lesson that runs its programs in PyTorch too: what it prints does not depend on whether PyTorch is there."""

import io
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
LESSON = "05_requires_grad_no_grad_detach.ipynb"
WHERE = {"English": FOLDER / LESSON, "Korean": FOLDER / "ko" / LESSON}


def cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


def run(path):
    """Run a lesson in this process and give its names; end with the first cell that prints something else than is saved."""
    names = {"__name__": "__main__"}
    for number, cell in enumerate(cells(path), start=1):
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile(cell.source, f"cell {number}", "exec"), names)  # noqa: S102  the lesson itself
        if out.getvalue() != printed(cell):
            sys.exit(f"cell {number} printed {out.getvalue()!r}, saved is {printed(cell)!r}")
    return names


def in_a_process(*lines):
    """What a program with `run` at hand comes to in a process of its own, where the lesson may set PyTorch up as it likes."""
    program = "\n".join(["import sys", "from tests.test_lesson_in_pytorch import run", *lines])
    return subprocess.run(
        [sys.executable, "-c", program], cwd=FOLDER.parent, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("path", WHERE.values(), ids=WHERE)
def test_without_pytorch_it_prints_what_is_saved(path):
    done = in_a_process("sys.modules['torch'] = None", f"print(run({str(path)!r})['torch'])")
    assert (done.stdout, done.stderr) == ("None\n", "")


@pytest.mark.parametrize("path", WHERE.values(), ids=WHERE)
@pytest.mark.usefixtures("torch")
def test_with_pytorch_it_prints_the_same_and_finds_equal_results(path):
    done = in_a_process(f"print(run({str(path)!r})['torch'].__name__)")
    assert (done.stdout, done.stderr) == ("torch\n", "")


@pytest.mark.parametrize(
    "differing",
    ["return {'library': lab.__name__}", "raise {'torch': TypeError}.get(lab.__name__, RuntimeError)"],
    ids=["another result", "another error"],
)
@pytest.mark.usefixtures("torch")
def test_a_program_that_differs_there_is_found(differing):
    """The comparison is no ornament: a program that depends on the library stops the lesson."""
    done = in_a_process(
        f"names = run({str(WHERE['English'])!r})",
        f"exec({f'def differing(): {differing}'!r}, names)",
        "names['in_both'](names['differing'])",
    )
    assert done.stderr.splitlines()[-1].startswith("AssertionError")
