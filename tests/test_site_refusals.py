"""What `autograd-lab site` refuses: one line each, status 2, and nothing left behind; and how Ctrl+C ends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograd_lab import cli
from autograd_lab.site.target import MARKER
from tests import sites


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(capsys, *arguments):
    """The one line with which the command refuses; nothing is left behind."""
    before = {path: path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}
    assert cli.main(["site", *arguments]) == 2
    out, err = capsys.readouterr()
    assert err.startswith("autograd-lab: ")
    assert err.count("\n") == 1
    assert {path: path.read_bytes() if path.is_file() else None for path in Path().rglob("*")} == before
    return out + err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no folder is given"),
        (["a.txt"], "'a.txt' is not a folder"),
        ([""], "'' is not a folder"),
        (["taken"], "'taken' holds something else than a site of ours"),
        (["nowhere/site"], "make it first"),
        (["a.txt/site"], "make it first"),
        (["x\0y"], "cannot be written"),
        (["n" * 300], "cannot be written"),
        (["/proc/site"], "cannot be written"),
        (["site", "--notebooks", "nowhere"], "--notebooks 'nowhere' is not a folder"),
        (["site", "--notebooks"], "--notebooks '' is not a folder"),
        (["site", "--notebooks", "taken"], "there are no notebooks in 'taken'"),
        (["site", "--repository", "lessons"], "--repository 'lessons' is not OWNER/NAME"),
        (["site", "--repository"], "--repository '' is not OWNER/NAME"),
        (["site", "--repository", "a/b/c"], "is not OWNER/NAME"),
        (["site", "--repository", "https://github.com/a/b"], "is not OWNER/NAME"),
        (["site", "--repository", "a/.."], "is not OWNER/NAME"),
        (["site", "--repository", 'a/"b'], "is not OWNER/NAME"),
        (["site", "--repositori", "a/b"], "did you mean --repository?"),
    ],
)
def test_refused(here, capsys, arguments, told):
    (here / "a.txt").write_text("mine", encoding="utf-8")
    (here / "taken").mkdir()
    (here / "taken/mine.txt").touch()
    assert told in refusal(capsys, *arguments)


def test_a_file_that_is_no_notebook_is_refused(here, capsys):
    sites.garbled(here / "course")
    assert "01_garbled.ipynb' is no notebook: " in refusal(capsys, "site", "--notebooks", "course")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1 / 0", "01_broken (en), code cell 1: ZeroDivisionError: division by zero"),
        ("import os\n\nos._exit(1)", "01_broken (en), code cell 1: its kernel died"),
        ("1 +", "01_broken (en), code cell 1: SyntaxError"),
    ],
)
def test_a_cell_that_fails_is_named(here, capsys, cell, told):
    sites.broken(here / "course", cell)
    assert told in refusal(capsys, "site", "--notebooks", "course")


def test_a_cell_that_never_ends_is_given_up(here, capsys, monkeypatch):
    monkeypatch.setattr("autograd_lab.site.run.PATIENCE", 1)
    sites.broken(here / "course", "while True:\n    pass")
    assert "code cell 1: it takes more than 1 seconds" in refusal(capsys, "site", "--notebooks", "course")


@pytest.mark.parametrize("package", ["nbconvert", "nbclient", "ipykernel", "pdoc"])
def test_what_is_not_installed_is_named(here, capsys, monkeypatch, package):
    monkeypatch.setattr("autograd_lab.site.command.find_spec", lambda name: None if name == package else object())
    assert f'{package} is not installed here: pip install "autograd_lab[lab]"' in refusal(capsys, "site")


def test_a_former_site_stays_where_the_new_one_fails(here, capsys):
    (here / "site").mkdir()
    (here / "site" / MARKER).touch()
    (here / "site/index.html").write_text("former", encoding="utf-8")
    sites.broken(here / "course", "1 / 0")
    refusal(capsys, "site", "--notebooks", "course")
    assert (here / "site/index.html").read_text(encoding="utf-8") == "former"


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_stops_the_kernels_and_leaves_nothing(here):
    sites.broken(here / "course", "import os, time\n\nopen('started', 'w').write(str(os.getpid()))\ntime.sleep(600)")
    command = [sys.executable, "-m", "autograd_lab.cli", "site", "site", "--notebooks", "course"]
    building = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started = here / "course/started"
    deadline = time.monotonic() + 60
    while not (started.exists() and started.read_text(encoding="utf-8")):
        assert building.poll() is None, building.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    building.send_signal(signal.SIGINT)
    out, err = building.communicate(timeout=30)
    assert (building.returncode, out, err) == (130, "", "")
    assert sorted(path.name for path in here.iterdir()) == ["course"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text(encoding="utf-8")), 0)
