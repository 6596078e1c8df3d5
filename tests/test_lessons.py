"""What the lessons have in common, and that their exercises can be solved.

Each lesson asks a question first, has numbered sections, exercises with a solution each, a summary and references.
"""

import ast
import re
import sys

import matplotlib as mpl
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import autograd_lab as lab
from autograd_lab.language import language, set_language
from tests import notebooks
from tests.notebooks import LESSONS, NOTEBOOKS, each, exercises, language_of, printed, prose, saved, tags

SUMMARY = {"en": "Summary", "ko": "요약"}
REFERENCES = {"en": "References", "ko": "참고 문헌"}
MINUTES = {"en": r"\bminutes\b|\bhalf an hour\b", "ko": "분"}
EXERCISE = {"en": r"\*\*Exercise (\d+)\b", "ko": r"\*\*연습(?: ?문제)? (\d+)\b"}
LARGEST = 400_000  # bytes: what a page of the site may cost a learner with a slow connection

WITH_EXERCISES = [path for path in NOTEBOOKS if exercises(path)]


def headings(path, level):
    lines = "\n".join(re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL) for text in prose(path)).splitlines()
    return [line.lstrip("#").strip() for line in lines if re.match(f"#{{{level}}} ", line)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_there_are_ten_lessons_and_a_lecture_in_each_language(language):
    there = {path.stem for path in NOTEBOOKS if language_of(path) == language}
    numbers = [int(path.name[:2]) for path in LESSONS if language_of(path) == language]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10
    assert "lecture_demo" in there


# -- shape ------------------------------------------------------------------------------------------------------------


@each(LESSONS)
def test_a_lesson_begins_with_its_title_a_question_and_the_minutes_it_takes(path):
    first = saved(path).cells[0]
    assert first.cell_type == "markdown"
    assert re.match(r"# \S", first.source)
    assert "?" in first.source
    assert re.search(MINUTES[language_of(path)], first.source)
    assert len(headings(path, 1)) == 1


@each(NOTEBOOKS)
def test_the_first_code_cell_says_once_which_language_the_notebook_speaks(path):
    first, *others = [cell.source for cell in notebooks.code_cells(path)]
    lines = [line for line in first.splitlines() if "set_language" in line]
    assert lines == [f'lab.set_language("{language_of(path)}")']
    assert [cell for cell in others if "set_language" in cell] == []


@each(LESSONS)
def test_the_sections_are_numbered_from_1_and_followed_by_summary_and_references(path):
    *sections, summary, references = headings(path, 2)
    assert (summary, references) == (SUMMARY[language_of(path)], REFERENCES[language_of(path)])
    assert [section.partition(".")[0] for section in sections] == [str(number) for number in range(1, len(sections) + 1)]
    assert len(sections) >= 3


@each(NOTEBOOKS)
def test_a_notebook_can_be_loaded_over_a_slow_connection(path):
    assert path.stat().st_size < LARGEST


@each(NOTEBOOKS)
def test_every_plot_is_described_for_those_who_do_not_see_it(path):
    def plots(cell):
        return "plt.show()" in cell.source or any("image/png" in output.get("data", {}) for output in cell.outputs)

    plotted = [cell for cell in notebooks.code_cells(path) if plots(cell)]
    assert [cell.source for cell in plotted if len(cell.metadata.get("alt", "")) < 40] == []
    spoken = [cell.metadata.alt for cell in plotted]
    assert [alt for alt in spoken if bool(notebooks.HANGUL.search(alt)) != (language_of(path) == "ko")] == []


# -- links ------------------------------------------------------------------------------------------------------------

LINK = re.compile(r"\]\(\s*<?([^)>\s]+)|(?:href|src)=[\"']([^\"']*)")


def links(path):
    return [next(filter(None, found)) for text in prose(path) for found in LINK.findall(notebooks.without_code(text))]


@each(NOTEBOOKS)
def test_every_link_leads_to_another_notebook_of_the_language_or_to_a_reference_over_https(path):
    inside = [link for link in links(path) if not link.startswith("https://")]
    assert [link for link in inside if "/" in link or not link.split("#")[0].endswith(".ipynb")] == []
    assert [link for link in inside if not path.with_name(link.split("#")[0]).is_file()] == []


@each(NOTEBOOKS)
def test_there_is_no_address_but_of_references_and_none_is_loaded(path):
    written = [address for text in prose(path) for address in re.findall(r"\b[a-z][a-z+.-]*://[^\s)>]*", text)]
    assert [address for address in written if not address.startswith("https://")] == []
    assert [cell.source for cell in notebooks.code_cells(path) if "://" in cell.source] == []
    loading = re.compile(r"!\[|<(?:img|script|iframe|link|video|audio|object|embed)\b")
    assert [text for text in prose(path) if loading.search(notebooks.without_code(text))] == []


@each(LESSONS)
def test_a_lesson_links_to_the_one_before_and_to_the_next(path):
    neighbours = [other.name for other in LESSONS if other.parent == path.parent]
    here = neighbours.index(path.name)
    expected = {*neighbours[max(here - 1, 0) : here], *neighbours[here + 1 : here + 2]}
    last = prose(path)[-1]
    assert expected - {found[0] for found in LINK.findall(last)} == set()


# -- exercises --------------------------------------------------------------------------------------------------------


@each(LESSONS)
def test_a_lesson_has_two_to_five_exercises_numbered_as_they_come(path):
    asked = [int(number) for text in prose(path) for number in re.findall(EXERCISE[language_of(path)], text)]
    assert list(dict.fromkeys(asked)) == list(range(1, max(asked, default=0) + 1))
    assert 2 <= max(asked, default=0) <= 5
    assert len(exercises(path)) == max(asked)


@each(WITH_EXERCISES)
def test_an_exercise_is_followed_by_its_solution_closed_up(path):
    for exercise, solution in exercises(path):
        assert exercise.cell_type == "code"
        assert solution is not None, exercise.source
        assert (solution.cell_type, "solution" in tags(solution)) == ("markdown", True), exercise.source
        # Without the empty lines the Markdown between the tags would be shown as it is written.
        assert re.match(r"<details>\s*<summary>[^<]+</summary>\n\n\S", solution.source), solution.source
        assert solution.source.endswith("```\n\n</details>"), solution.source
        assert len(notebooks.FENCED.findall(solution.source)) == 1, solution.source
    assert len(exercises(path)) == sum("solution" in tags(cell) for cell in saved(path).cells)


@each(WITH_EXERCISES)
def test_a_solution_shows_what_is_to_be_filled_in_and_nothing_that_stands_in_the_exercise(path):
    for exercise, solution in exercises(path):
        assert notebooks.calls_of_check(exercise.source), exercise.source
        assert re.search(r"\bNone\b|\.\.\.", exercise.source), exercise.source
        there = {ast.dump(statement) for statement in ast.parse(exercise.source).body}
        shown = [ast.dump(statement) for statement in ast.parse(notebooks.answers(solution)).body]
        assert shown
        assert not there.intersection(shown), solution.source


@each(WITH_EXERCISES)
def test_an_exercise_that_nobody_has_answered_says_only_that_answers_are_missing(path):
    missing = {"en": "no answer yet", "ko": "아직 답이 없습니다"}[language_of(path)]
    for exercise, _ in exercises(path):
        verdicts = [line for line in printed(exercise).splitlines() if line[:2] in {"○ ", "✓ ", "✗ "}]
        assert verdicts, exercise.source
        assert [line for line in verdicts if not (line.startswith("○ ") and missing in line)] == []


@pytest.fixture
def lesson(monkeypatch):
    """Runs the cells of one notebook in this process, without a kernel; leaves no trace of them in it.

    Gives the verdicts of lab.check in each cell. Plots are drawn on no screen, and closed. Warnings are errors.
    """
    spoken, state, backend = language(), np.random.get_state(), mpl.get_backend(auto_select=False)  # noqa: NPY002 - NumPy's own
    mpl.use("agg")
    from matplotlib import pyplot as plt

    verdicts, check = [], lab.check

    def noted(*arguments, **options):
        verdicts.append(check(*arguments, **options))
        return verdicts[-1]

    monkeypatch.setattr(lab, "check", noted)
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # a shell puts its own module there
    monkeypatch.setattr(InteractiveShell, "_instance", None)
    off = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})
    shell = InteractiveShell.instance(config=off)

    def run(source):
        verdicts.clear()
        shell.run_cell(source, store_history=True).raise_error()
        return list(verdicts)

    with mpl.rc_context(), np.printoptions(), np.errstate():
        yield run
    recording = lab.is_grad_enabled()
    InteractiveShell.clear_instance()
    np.random.set_state(state)  # noqa: NPY002 - the same
    set_language(spoken)
    if backend is not None:
        mpl.use(backend)
    assert recording


@each(WITH_EXERCISES)
def test_every_answer_in_the_solutions_is_right(path, lesson):
    solutions = {exercise.id: notebooks.solved(exercise, solution) for exercise, solution in exercises(path)}
    for cell in notebooks.code_cells(path):
        verdicts = lesson(solutions.get(cell.id, cell.source))
        assert [str(verdict) for verdict in verdicts if not verdict] == []
        assert verdicts or cell.id not in solutions, cell.source
