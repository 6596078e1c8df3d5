"""Saving the outputs of notebooks: what is written, and that a second time changes nothing."""

import nbformat
import pytest

from autograd_lab.arithmetic import Refused
from tests import sites
from tests.save_notebooks import WIDGET, chosen, save


@pytest.fixture
def notebooks(tmp_path):
    sites.write(
        tmp_path / "01_a.ipynb", ("md", "# A"), "print(1 + 1)", "import autograd_lab as lab\n\nlab.show(lambda x: x * x, 3.0)"
    )
    sites.write(tmp_path / "ko/01_a.ipynb", "print('둘')")
    return tmp_path


def test_outputs_are_saved_and_a_second_run_changes_no_byte(notebooks, capsys):
    save(notebooks, [])
    assert capsys.readouterr().out.splitlines()[-1].startswith("[2/2] ")
    paths = [notebooks / "01_a.ipynb", notebooks / "ko/01_a.ipynb"]
    first = [path.read_bytes() for path in paths]
    notebook = nbformat.read(paths[0], as_version=4)
    printed, shown = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert [cell.execution_count for cell in (printed, shown)] == [1, 2]
    assert printed.outputs[0].text == "2\n"
    assert {"text/plain", "text/html", WIDGET} <= set(shown.outputs[0].data)
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.language_info == {"name": "python"}
    assert "execution" not in printed.metadata
    save(notebooks, ["01"])
    assert [path.read_bytes() for path in paths] == first


def test_what_is_printed_between_two_displays_is_one_output_however_slowly(notebooks):
    slow = "for number in range(3):\n    print(number, flush=True)\n    time.sleep(0.4)"
    path = sites.write(notebooks / "02_b.ipynb", f"import time\n\n{slow}\ndisplay(1)\n{slow}")
    save(notebooks, ["02"])
    (cell,) = nbformat.read(path, as_version=4).cells
    assert [output.get("text", "displayed") for output in cell.outputs] == ["0\n1\n2\n", "displayed", "0\n1\n2\n"]


def test_the_version_of_python_stays_what_it_was(notebooks):
    path = notebooks / "ko/01_a.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.1"}
    nbformat.write(notebook, path)
    save(notebooks, ["ko/"])
    assert nbformat.read(path, as_version=4).metadata.language_info.version == "3.1"


def test_a_notebook_that_fails_leaves_all_as_they_were(notebooks):
    sites.write(notebooks / "02_b.ipynb", "1 / 0")
    before = {path: path.read_bytes() for path in notebooks.rglob("*.ipynb")}
    with pytest.raises(Refused, match=r"02_b.ipynb, code cell 1: ZeroDivisionError"):
        save(notebooks, [])
    assert {path: path.read_bytes() for path in notebooks.rglob("*.ipynb")} == before


def test_notebooks_are_chosen_by_how_their_place_begins(notebooks):
    assert list(chosen(notebooks, ["01"]).values()) == ["01_a.ipynb"]
    assert list(chosen(notebooks, ["ko/01"]).values()) == ["ko/01_a.ipynb"]
    with pytest.raises(Refused, match=r"there is no notebook '03': there are 01_a.ipynb, ko/01_a.ipynb"):
        chosen(notebooks, ["01", "03"])
