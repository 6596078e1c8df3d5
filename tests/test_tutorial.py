"""`autograd-lab tutorial`: what it copies and opens, what it keeps, and what it refuses."""

import json
import os
import socket
import sys
import webbrowser
from pathlib import Path

import pytest

from autograd_lab import cli, tutorial
from autograd_lab.language import using
from tests.commands import files, refusal

FIRST, SECOND = "01_forward_and_reverse.ipynb", "02_the_graph.ipynb"
FOLDER = "autograd_lab_tutorials"


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Stands in for the package: two lessons in each of two languages, which a test may replace by a newer version."""
    (tmp_path / "shipped" / "ko").mkdir(parents=True)
    for name in (FIRST, SECOND):
        (tmp_path / "shipped" / name).write_text(f"{name}, version 1")
        (tmp_path / "shipped" / "ko" / name).write_text(f"{name}, version 1 in Korean")

    def lessons(language="en"):
        folder = tmp_path / "shipped" / ("" if language == "en" else language)
        return {path.name: path for path in sorted(folder.glob("*.ipynb"))}

    monkeypatch.setattr(tutorial, "_lessons", lessons)
    return tmp_path / "shipped"


@pytest.fixture
def lab(monkeypatch):
    """Stands in for JupyterLab: notes how it was started, is interrupted once at the keyboard, and ends."""
    started = []

    class Lab:
        def __init__(self, command, cwd):
            started.append((command, str(cwd)))

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def wait(self):
            if len(started) == 1:
                started.append("interrupted")
                raise KeyboardInterrupt
            return 7

        def terminate(self):
            started.append("terminated")

    monkeypatch.setattr(tutorial, "Popen", Lab)
    monkeypatch.setattr(webbrowser, "get", lambda: None)
    return started


# -- what is copied, and what is opened -------------------------------------------------------------------------------


def test_the_first_lesson_is_opened_in_a_copy(here, lab):
    assert cli.main(["tutorial"]) == 7
    command, folder = lab[0]
    assert command[:4] == [sys.executable, "-m", "jupyterlab", FIRST]
    assert f"--LabApp.default_url=/lab/tree/{FIRST}" in command
    assert folder == FOLDER
    original = tutorial._lessons()[FIRST]
    assert (here / folder / FIRST).read_bytes() == original.read_bytes()
    assert json.loads((here / folder / FIRST).read_text(encoding="utf-8"))["nbformat"] == 4


def test_the_lesson_asked_for_is_opened_in_the_folder_asked_for(here, shipped, lab):
    cli.main(["tutorial", "--folder", "lessons/mine", "graph"])
    command, folder = lab[0]
    assert (command[3], folder) == (SECOND, "lessons/mine")
    assert sorted(path.name for path in (here / folder).iterdir()) == [tutorial.RECORD, FIRST, SECOND]


def test_the_lessons_of_another_language_stand_beside_the_english_ones_of_the_same_name(here, shipped, lab):
    cli.main(["tutorial", "--language", "ko", "2"])
    cli.main(["tutorial"])
    command, folder = lab[0]
    assert (command[3], folder) == (SECOND, str(Path(FOLDER, "ko")))
    assert (here / FOLDER / "ko" / SECOND).read_text() == f"{SECOND}, version 1 in Korean"
    assert (here / FOLDER / SECOND).read_text() == f"{SECOND}, version 1"


def test_a_language_without_lessons_gets_the_english_ones_and_a_line_that_says_so(here, shipped, lab, capsys):
    for path in (shipped / "ko").iterdir():
        path.unlink()
    cli.main(["tutorial", "--language", "ko"])
    assert lab[0][1] == FOLDER
    with using("ko"):
        said = tutorial._("the tutorials are not written in this language yet: these are the English ones")
    assert capsys.readouterr().out == f"{said}\n"


def test_options_go_on_to_jupyterlab(here, shipped, lab, free_port):
    cli.main(["tutorial", "--no-browser", "--port", str(free_port), "--", "--debug", "--IdentityProvider.token=a"])
    command, _ = lab[0]
    options = {"--no-browser", f"--port={free_port}", "--ServerApp.port_retries=0", "--debug", "--IdentityProvider.token=a"}
    assert options <= set(command)


def test_without_a_port_jupyterlab_looks_for_a_free_one_itself(here, shipped, lab):
    cli.main(["tutorial"])
    assert [word for word in lab[0][0] if "port" in word] == []


@pytest.mark.parametrize(("at_a_keyboard", "expected"), [(True, []), (False, ["terminated"])])
@pytest.mark.usefixtures("here", "shipped")
def test_an_interrupt_that_jupyterlab_does_not_see_is_passed_on(lab, monkeypatch, at_a_keyboard, expected):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: at_a_keyboard, raising=False)
    assert cli.main(["tutorial"]) == 7
    assert lab[1:] == ["interrupted", *expected]


# -- what is kept -----------------------------------------------------------------------------------------------------


def newer(shipped):
    """A new version of the package, with other lessons."""
    for name in (FIRST, SECOND):
        (shipped / name).write_text(f"{name}, version 2")


def test_a_lesson_that_the_reader_changed_stays_and_one_that_is_missing_comes_back(here, shipped, lab, capsys):
    cli.main(["tutorial"])
    cli.main(["tutorial"])
    assert capsys.readouterr().out == ""
    lesson = here / FOLDER / FIRST
    lesson.write_text("mine")
    cli.main(["tutorial"])
    assert lesson.read_text() == "mine"
    assert capsys.readouterr().out == f"kept your own {Path(FOLDER, FIRST)}; delete it to get the original back\n"
    lesson.unlink()
    cli.main(["tutorial"])
    assert lesson.read_text() == f"{FIRST}, version 1"


def test_a_newer_version_replaces_what_the_older_one_brought_and_nobody_changed(here, shipped, lab, capsys):
    cli.main(["tutorial"])
    (here / FOLDER / FIRST).write_text("mine")
    newer(shipped)
    cli.main(["tutorial"])
    assert (here / FOLDER / FIRST).read_text() == "mine"
    assert (here / FOLDER / SECOND).read_text() == f"{SECOND}, version 2"
    assert capsys.readouterr().out.splitlines() == [
        f"kept your own {Path(FOLDER, FIRST)}; delete it to get the original back",
        f"brought {Path(FOLDER, SECOND)} up to date",
    ]


def test_a_change_taken_back_is_no_change(here, shipped, lab):
    cli.main(["tutorial"])
    lesson = here / FOLDER / FIRST
    was = lesson.read_text()
    lesson.write_text("mine")
    newer(shipped)
    cli.main(["tutorial"])
    lesson.write_text(was)
    cli.main(["tutorial"])
    assert lesson.read_text() == f"{FIRST}, version 2"


@pytest.mark.parametrize("record", [None, "", "[1, 2]", '{"02_the_graph.ipynb": 3}', "\x00", "{"])
def test_without_a_record_that_can_be_read_every_other_file_counts_as_the_readers_own(here, shipped, lab, record):
    cli.main(["tutorial"])
    kept = here / FOLDER / tutorial.RECORD
    if record is None:
        kept.unlink()
    else:
        kept.write_text(record)
    newer(shipped)
    cli.main(["tutorial"])
    assert (here / FOLDER / SECOND).read_text() == f"{SECOND}, version 1"


@pytest.mark.parametrize("after", range(3))
def test_an_update_interrupted_anywhere_leaves_whole_lessons_and_can_be_taken_up_again(here, shipped, lab, monkeypatch, after):
    cli.main(["tutorial"])
    newer(shipped)
    replace = Path.replace
    done = []

    def interrupted(self, target):
        if len(done) == after:
            raise KeyboardInterrupt
        done.append(target)
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            cli.main(["tutorial"])
    folder = here / FOLDER
    assert sorted(path.name for path in folder.iterdir()) == [tutorial.RECORD, FIRST, SECOND]
    assert {path.read_text()[-9:] for path in folder.glob("*.ipynb")} <= {"version 1", "version 2"}
    cli.main(["tutorial"])
    assert {path.read_text()[-9:] for path in folder.glob("*.ipynb")} == {"version 2"}


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.fixture
def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


REFUSED = {
    "no such lesson": (["foward"], "did you mean 01_forward_and_reverse?"),
    "two lessons": (["hooks", "arrays"], "arrays"),
    "port that is a word": (["--port", "http"], "http"),
    "port without a number": (["--port"], "--port"),
    "port in other digits": (["--port", "٨٨٨٨"], "--port"),
    "negative port": (["--port", "-1"], "-1"),
    "port 0": (["--port", "0"], "65535"),
    "port out of range": (["--port", "65536"], "--port 65536 is not a port"),
    "port of many digits": (["--port", "8" * 5000], "is not a port"),
    "folder without a name": (["--folder"], "--folder"),
    "folder of an empty name": (["--folder", ""], "--folder"),
    "folder that is a file": (["--folder", "taken"], "'taken'"),
    "folder below a file": (["--folder", "taken/below"], "taken/below"),
    "folder with a null byte": (["--folder", "a\0b"], "null"),
    "folder with a name too long": (["--folder", "a" * 300], "aaa"),
    "option misspelt": (["--foldr", "a"], "did you mean --folder?"),
    "folder below a link to itself": (["--folder", "loop/a"], "loop"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(here, lab, capsys, case):
    (here / "taken").write_text("")
    (here / "loop").symlink_to("loop")
    arguments, culprit = REFUSED[case]
    assert culprit in refusal(capsys, "tutorial", *arguments)
    assert lab == []


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - what another program may do
def test_a_port_that_is_taken_is_refused_before_jupyterlab_starts(here, lab, capsys, address):
    with socket.socket() as other:
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"--port {port} is taken" in refusal(capsys, "tutorial", "--port", str(port))
    assert lab == []
    cli.main(["tutorial", "--port", str(port)])  # free again at once
    assert f"--port={port}" in lab[0][0]


def test_a_port_that_this_user_may_not_have_is_refused(here, lab, capsys, monkeypatch):
    def bind(self, address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", bind)
    assert "--port 80 cannot be used: Permission denied" in refusal(capsys, "tutorial", "--port", "80")


def test_without_jupyterlab_it_says_what_to_install(here, capsys, monkeypatch):
    monkeypatch.setattr(tutorial, "find_spec", lambda name: None)
    assert 'pip install "autograd_lab[lab]"' in refusal(capsys, "tutorial")


def failing(reason):
    def fail(*_, **__):
        raise OSError(*reason)

    return fail


@pytest.mark.parametrize("call", ["mkdir", "write_bytes", "replace"])
def test_a_folder_that_cannot_be_written_is_refused_and_not_left_behind(here, lab, capsys, monkeypatch, call):
    monkeypatch.setattr(f"pathlib.Path.{call}", failing((30, "Read-only file system")))
    said = refusal(capsys, "tutorial", "--folder", "new/lessons")
    assert "'new/lessons' cannot hold the tutorials: Read-only file system" in said
    assert lab == []


def test_a_disk_that_fills_up_leaves_the_folder_as_it_was(here, shipped, lab, capsys, monkeypatch):
    cli.main(["tutorial", "--folder", "."])
    capsys.readouterr()
    newer(shipped)
    monkeypatch.setattr("pathlib.Path.write_bytes", failing((28, "No space left on device")))
    assert "No space left" in refusal(capsys, "tutorial", "--folder", ".")
    assert (here / SECOND).read_text() == f"{SECOND}, version 1"


def test_a_folder_without_the_right_to_write_is_refused(here, lab, capsys):
    (here / "locked").mkdir(mode=0o500)
    if os.geteuid() == 0:  # who may write everywhere
        cli.main(["tutorial", "--folder", "locked"])
        assert len(list((here / "locked").glob("*.ipynb"))) == len(tutorial._lessons())
    else:
        assert "Permission denied" in refusal(capsys, "tutorial", "--folder", "locked")


@pytest.mark.parametrize("options", [[], ["--no-browser"], ["--", "--no-browser"]], ids=" ".join)
def test_where_no_browser_is_found_one_line_says_what_to_do_unless_none_was_wanted(here, lab, capsys, monkeypatch, options):
    def no_browser():
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", no_browser)
    assert cli.main(["tutorial", *options]) == 7
    line = "no browser was found here: open the address that JupyterLab prints below in one\n"
    assert capsys.readouterr() == ("" if options else line, "")
    assert files() == [FOLDER]
