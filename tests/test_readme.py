"""README, in English and Korean, says what is true: its commands, the results of its code, its course, what it names.

tests/test_guides.py runs the code of every page and follows the links.
"""

import re

import nbformat
import pytest

from tests.conftest import REPOSITORY
from tests.documents import code, commands, rows, text

READMES = ["README.md", "README.ko.md"]
NOTEBOOKS = REPOSITORY / "notebooks"
NAMING = "\n".join(map(text, [*READMES, "CONTRIBUTING.md"]))


@pytest.mark.parametrize("readme", READMES)
def test_the_python_of_readme_says_what_its_comments_say(readme):
    namespace = {}
    exec(code(readme), namespace)  # noqa: S102 - our own text
    assert namespace["sweep"].result == pytest.approx({"w1": 2.584, "w2": 2.0, "w3": 1.0, "w4": 1.0, "w5": 1.0}, rel=1e-3)
    assert namespace["sweep"].cost.edges == 5
    assert repr(namespace["x"].grad) == "tensor(2.58385316)"


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize(
    "command",
    [
        'pip install -e ".[lab]" && autograd-lab tutorial',
        'pip install -e ".[test]" && pytest',
        'autograd-lab export "x*y + sin(x)" x=2 y=3 --out demo.html',
    ],
)
def test_the_commands_that_people_start_with_are_there(command, readme):
    assert command in commands(readme)
    assert f"\n    {command}" in text(readme)


@pytest.mark.parametrize("readme", READMES)
def test_the_course_names_every_lesson_in_order(readme):
    course = [name for name in rows(readme) if re.match(r"\d\d_|lecture_", name)]
    assert course == sorted(course)
    assert len(course) == 11
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} <= set(course)


@pytest.mark.parametrize("readme", READMES)
def test_each_question_is_the_one_that_its_notebook_bears(readme):
    asked = re.findall(r"^\| \[`\w+`\]\(([^)]+)\) \| (.+?) \|$", text(readme), re.MULTILINE)
    assert len(asked) == 11
    for path, question in asked:
        assert nbformat.read(REPOSITORY / path, as_version=4).metadata.get("question") == question, path


def test_every_extra_and_folder_named_exists():
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    for names in re.findall(r"\[((?:lab|test|lint|dev|torch|jax|bench)(?:,\w+)*)\]", NAMING):
        for name in names.split(","):
            assert re.search(rf"^{name} = \[", project, re.MULTILINE), name
    for path in re.findall(r"`(tests/[\w./]+|docs/[\w./]+|autograd_lab/[\w./]+|\.ci/run)`", NAMING):
        assert path == "tests/artifacts/" or (REPOSITORY / path).exists(), path
