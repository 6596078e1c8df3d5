"""Binder opens the first lesson: what repo2docker would build, what it does not notice, and that the lesson runs there."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.conftest import missing

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


# Files with a badge: those in Korean open the Korean lesson.
BADGED = {
    path.relative_to(REPOSITORY).as_posix(): addresses
    for path in sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])
    if (addresses := re.findall(r"https://mybinder\.org/v2/[^)\s]+", path.read_text(encoding="utf-8")))
}


@pytest.mark.parametrize("file", sorted({"README.md", *BADGED}))
def test_the_badge_opens_in_jupyterlab_a_lesson_that_exists_in_the_language_of_the_page(file):
    opened = [path for address in BADGED[file] for path in parse_qs(urlparse(address).query)["urlpath"]]
    first = LESSON.replace("/", "/ko/") if "ko" in re.split(r"[./_-]", file) else LESSON
    assert f"lab/tree/{first}" in opened
    assert [path for path in opened if not (path.startswith("lab/tree/notebooks/") and (REPOSITORY / path[9:]).is_file())] == []


# -- the lesson in such an image --------------------------------------------------------------------------------------


def tracked():
    """The files of the repository, without what only this machine has."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=REPOSITORY, text=True).split("\0")
    return [name for name in names if name and (REPOSITORY / name).is_file()]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A clean copy of the repository and a fresh environment, into which the files of binder/ have installed all there is.

    Gives a function that runs a command there.
    """
    copy, own = tmp_path_factory.mktemp("image"), tmp_path_factory.mktemp("environment")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, copy / name)
    subprocess.run([sys.executable, "-m", "venv", own / "venv"], check=True)
    outside = {"PYTHONPATH", "VIRTUAL_ENV", "CI"}  # what would lead out of the environment, or is about these tests
    environment = {name: value for name, value in os.environ.items() if name not in outside} | {
        "PATH": f"{own / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(own),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip

    def run(*command):
        return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=300)

    if run("python", "-m", "pip", "download", "--no-deps", "--retries=0", "--timeout=15", "-d", own, "hatchling").returncode:
        missing("what pip downloads", "connect this machine to a network, or pip to an index of packages")
    for command in (
        ["python", "-m", "pip", "install", "--no-cache-dir", "-r", "binder/requirements.txt"],
        ["binder/postBuild"],
    ):
        done = run(*command)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return run


def outputs(path):
    """What each cell shows, without what belongs to one run (counts, numbers of widgets) or to a machine's fonts (pixels)."""
    passing = {"application/vnd.jupyter.widget-view+json", "image/png"}
    shown = []
    for cell in nbformat.read(path, as_version=4).cells:
        printed = {}
        for output in cell.get("outputs", []):
            if output.output_type == "stream":  # a kernel hands it over in pieces as it comes
                printed[output.name] = printed.get(output.name, "") + output.text
        data = [output.data for output in cell.get("outputs", []) if output.output_type != "stream"]
        shown.append((printed, [{mime: text for mime, text in each.items() if mime not in passing} for each in data]))
    return shown


FIRST = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("notebooks/**/01_*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("lesson", FIRST)
def test_there_the_first_lesson_gives_the_outputs_that_are_saved(image, lesson, tmp_path):
    done = image("python", "-m", "jupyter", "nbconvert", "--execute", "--to=notebook", f"--output-dir={tmp_path}", lesson)
    assert done.returncode == 0, done.stderr[-4000:]
    assert outputs(tmp_path / Path(lesson).name) == outputs(REPOSITORY / lesson)


@pytest.mark.slow
def test_there_the_package_is_installed_with_every_lesson_and_with_jupyterlab(image):
    find = "import autograd_lab; print(autograd_lab.__path__[0])"
    package = Path(image("python", "-I", "-c", find).stdout.strip())
    assert "site-packages" in package.parts
    shipped = sorted(path.relative_to(package).as_posix() for path in (package / "notebooks").rglob("*.ipynb"))
    assert shipped == sorted(name for name in tracked() if re.fullmatch(r"notebooks/.*\.ipynb", name))
    assert image("python", "-m", "jupyterlab", "--version").returncode == 0
