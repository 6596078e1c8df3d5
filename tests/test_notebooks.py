"""What the saved notebooks look like to someone who has not run them; nbval reruns them and compares the outputs."""

import re

import nbformat

from tests.notebooks import FOLDER, NOTEBOOKS, code_cells, each, saved

by_notebook = each(NOTEBOOKS)


def test_there_is_a_first_lesson():
    assert FOLDER / "01_forward_and_reverse.ipynb" in NOTEBOOKS


@by_notebook
def test_a_notebook_is_valid(path):
    nbformat.validate(saved(path))


@by_notebook
def test_every_code_cell_was_run_in_order_or_nbval_would_compare_nothing(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@by_notebook
def test_every_cell_that_shows_a_value_has_its_output_saved(path):
    def shows(cell):
        last = cell.source.strip().splitlines()[-1]
        return bool(re.match(r"(print|lab\.show|lab\.compare)\(", last))

    assert [cell.source for cell in code_cells(path) if shows(cell) and not cell.outputs] == []
    assert any(cell.outputs for cell in code_cells(path))


@by_notebook
def test_no_widget_state_is_saved_or_the_picture_for_readers_would_be_hidden(path):
    assert "widgets" not in saved(path).metadata


@by_notebook
def test_no_output_is_an_error_or_a_warning(path):
    outputs = [output for cell in code_cells(path) for output in cell.outputs]
    raised = [output for output in outputs if output.output_type == "error"]
    warned = [output for output in outputs if output.get("name") == "stderr"]
    expected = [
        output for cell in code_cells(path) if "raises-exception" in cell.metadata.get("tags", []) for output in cell.outputs
    ]
    assert [output for output in raised if output not in expected] == []
    assert warned == []


@by_notebook
def test_outputs_say_the_same_on_every_machine(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\bat 0x[0-9a-f]+|/home/|/root/|/Users/|/tmp/", text) == []


@by_notebook
def test_nbval_compares_every_output(path):
    excused = {"nbval-ignore-output", "nbval-skip", "NBVAL_IGNORE_OUTPUT", "NBVAL_SKIP"}
    assert [cell.source for cell in code_cells(path) if excused & {*cell.metadata.get("tags", [])}] == []
    assert not any(f"# {mark}" in cell.source for cell in code_cells(path) for mark in excused)
