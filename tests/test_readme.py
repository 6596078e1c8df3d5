"""README says what is true: its commands, its code and its links."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_python_of_readme_runs_from_top_to_bottom_and_says_what_its_comments_say():
    namespace = {}
    for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(block, namespace)  # noqa: S102 - our own text
    assert namespace["sweep"].result == pytest.approx({"w1": 2.584, "w2": 2.0, "w3": 1.0, "w4": 1.0, "w5": 1.0}, rel=1e-3)
    assert namespace["sweep"][3].latex
    assert namespace["sweep"].cost.edges == 5


@pytest.mark.parametrize(
    "command",
    [
        'pip install -e ".[lab]" && autograd-lab tutorial',
        'pip install -e ".[test]" && pytest',
        'autograd-lab export "x*y + sin(x)" x=2 y=3 --out demo.html',
    ],
)
def test_the_commands_that_people_start_with_are_there(command):
    assert f"    {command}" in README


@pytest.mark.parametrize("target", [t for t in re.findall(r"\]\(([^)]+)\)", README + CONTRIBUTING) if "://" not in t])
def test_what_is_linked_exists(target):
    assert (REPOSITORY / target).exists()


def test_every_extra_and_folder_named_exists():
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    for names in re.findall(r"\[((?:lab|test|lint|dev|torch|jax|bench)(?:,\w+)*)\]", README + CONTRIBUTING):
        for name in names.split(","):
            assert re.search(rf"^{name} = \[", project, re.MULTILINE), name
    for path in re.findall(r"`(tests/[\w./]+|autograd_lab/[\w./]+|\.ci/run)`", README + CONTRIBUTING):
        assert path == "tests/artifacts/" or (REPOSITORY / path).exists(), path
