"""Binder opens the first lesson: what repo2docker would build, and what it does not notice."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

REPOSITORY = Path(__file__).resolve().parent.parent
BINDER = REPOSITORY / "binder"
LESSON = "notebooks/01_forward_and_reverse.ipynb"


@pytest.fixture(scope="module")
def dockerfile(tmp_path_factory):
    """What repo2docker prints for a copy that holds only what decides about the image."""
    copy = tmp_path_factory.mktemp("repository")
    (copy / "binder").mkdir()
    for path in BINDER.iterdir():
        (copy / "binder" / path.name).write_bytes(path.read_bytes())
    (copy / "pyproject.toml").write_bytes((REPOSITORY / "pyproject.toml").read_bytes())
    command = [sys.executable, "-W", "ignore", "-m", "repo2docker", "--no-build", "--debug", "."]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_image_has_the_python_that_we_ask_for(dockerfile):
    asked = (BINDER / "runtime.txt").read_text().strip()
    assert asked == "python-3.12"
    locks = set(re.findall(r"environment-2epy-2d(\d+)-2e(\d+)", dockerfile))
    assert locks == {("3", "12")}


def test_our_own_bounds_admit_that_python():
    requires = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["requires-python"]
    assert "3.12" in SpecifierSet(requires)


def test_the_image_installs_the_requirements(dockerfile):
    assert re.search(r'RUN \$\{KERNEL_PYTHON_PREFIX\}/bin/pip install --no-cache-dir -r "binder/requirements.txt"', dockerfile)


def test_the_image_runs_postbuild_after_the_repository_was_copied(dockerfile):
    copied = dockerfile.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    assert dockerfile.index("RUN ./binder/postBuild") > copied


def test_postbuild_can_run_and_installs_this_package():
    script = BINDER / "postBuild"
    assert script.read_text().startswith("#!/usr/bin/env bash\n")
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    assert re.search(r'^python -m pip install .*"\.\[lab\]"$', script.read_text(), re.MULTILINE)


def test_every_file_has_a_name_that_repo2docker_knows():
    known = {"apt.txt", "environment.yml", "postBuild", "requirements.txt", "runtime.txt", "start"}
    assert {path.name for path in BINDER.iterdir()} <= known
    assert {"postBuild", "requirements.txt", "runtime.txt"} <= {path.name for path in BINDER.iterdir()}


def test_each_requirement_is_one_of_ours_with_the_same_bound():
    extras = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    ours = {Requirement(line) for line in extras["lab"]}
    lines = (BINDER / "requirements.txt").read_text().splitlines()
    assert {Requirement(line) for line in lines if line and not line.startswith("#")} <= ours


@pytest.mark.parametrize(("readme", "folder"), [("README.md", "notebooks"), ("README.ko.md", "notebooks/ko")])
def test_the_badge_opens_the_first_lesson_in_the_language_of_its_page(readme, folder):
    page = (REPOSITORY / readme).read_text(encoding="utf-8")
    (url,) = map(urlparse, re.findall(r"https://mybinder\.org/v2/[^)\s]+", page))
    assert parse_qs(url.query)["urlpath"] == [f"lab/tree/{folder}/01_forward_and_reverse.ipynb"]
    assert (REPOSITORY / LESSON).is_file()
