"""The script that makes the pictures of the documentation: what it says where something is missing, and what it makes."""

import struct
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import make_pictures as pictures
from tests.conftest import REPOSITORY

PNG = b"\x89PNG\r\n\x1a\n"
KEPT = b"the picture from before"


@pytest.fixture
def targets(tmp_path, monkeypatch):
    """A folder in place of docs, with old pictures in it."""
    kept = {language: tmp_path / f"{language}.png" for language in pictures.PICTURES}
    for path in kept.values():
        path.write_bytes(KEPT)
    monkeypatch.setattr(pictures, "PICTURES", kept)
    monkeypatch.setattr(pictures, "FOLDER", tmp_path / "docs")
    return kept


def size(png):
    """Width and height, as the head of a PNG says."""
    assert png.startswith(PNG)
    return struct.unpack(">II", png[16:24])


def no_chromium(monkeypatch, _tmp_path):
    monkeypatch.setattr(pictures.shutil, "which", lambda name: None)


def no_playwright(monkeypatch, _tmp_path):
    monkeypatch.setattr(pictures.shutil, "which", lambda name: "/usr/bin/chromium")
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)


def a_chromium_that_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr(pictures.shutil, "which", lambda name: str(tmp_path / "nothing"))


def an_unwritable_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(pictures.shutil, "which", lambda name: "/usr/bin/chromium")
    monkeypatch.setattr(pictures, "drawn", lambda chromium: {"en": PNG})
    pictures.PICTURES["en"] = tmp_path / "en.png" / "inside a file" / "en.png"


@pytest.mark.parametrize(
    "case",
    [
        (no_chromium, "Chromium is not on the PATH: apt-get install chromium"),
        (no_playwright, 'Playwright is not installed: pip install -e ".[test]"'),
        (a_chromium_that_is_none, "failed: "),
        (an_unwritable_folder, "cannot be written: Not a directory"),
    ],
)
def test_what_is_missing_is_said_in_one_line_and_all_pictures_stay(case, targets, monkeypatch, capsys, tmp_path):
    state, said = case
    old = dict(targets)
    state(monkeypatch, tmp_path)
    assert pictures.main() == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("make_pictures: ")
    assert said in err
    assert err.count("\n") == 1
    assert [path.read_bytes() for path in old.values()] == [KEPT, KEPT]
    assert sorted(tmp_path.iterdir()) == sorted(old.values()), "nothing half-written"


def in_a_thread(function, *arguments):
    """A call outside of the thread in which other tests keep a browser open: Playwright takes only one there."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments).result()


@pytest.mark.browser
def test_both_pictures_are_made_in_their_size_alike_each_time_and_are_not_empty(chromium, targets, capsys):
    made = in_a_thread(pictures.drawn, chromium)
    assert in_a_thread(pictures.drawn, chromium) == made
    assert in_a_thread(pictures.main) == 0
    assert capsys.readouterr().out.count("wrote ") == 2
    for language, path in targets.items():
        assert path.read_bytes() == made[language]
        assert size(made[language]) == (pictures.WIDTH, pictures.HEIGHT)
        assert len(made[language]) > 30_000, "an empty picture of this size has 4 KB"
    assert made["en"] != made["ko"]


@pytest.mark.browser
def test_a_stepper_that_has_outgrown_the_picture_is_an_error_and_not_cut_off(chromium, monkeypatch):
    monkeypatch.setattr(pictures, "HEIGHT", 400)
    with pytest.raises(pictures.NotMade, match=r"the stepper is \d+ x \d+ now: more than 960 x 400"):
        in_a_thread(pictures.drawn, chromium)


@pytest.mark.parametrize("path", ["docs/stepper.png", "docs/ko/stepper.png"])
def test_the_saved_pictures_have_the_size_that_the_script_makes(path):
    assert size((REPOSITORY / path).read_bytes()) == (pictures.WIDTH, pictures.HEIGHT)
