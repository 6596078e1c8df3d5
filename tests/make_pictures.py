"""Makes the pictures of the stepper that the documentation shows: docs/stepper.png, and docs/ko/stepper.png in Korean.

    python -m tests.make_pictures            makes both, after a change to what a stepper looks like

Needs a Chromium on the PATH and Playwright, which is in the `test` extra. Both pictures are drawn before one is written.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

import autograd_lab as lab
from autograd_lab.language import using
from autograd_lab.views.page import page

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs"
PICTURES: Final = {"en": FOLDER / "stepper.png", "ko": FOLDER / "ko" / "stepper.png"}
WIDTH, HEIGHT = 960, 984
MARGIN: Final = 8
"""Pixels of white around the stepper, so that its frame is seen on a white page too."""
PARTS: Final = ("controls", "inputs", "graph", "equation", "source", "table")
STEP: Final = 5  # x is used twice, and its second contribution has just arrived
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")


class NotMade(Exception):
    """Why there are no pictures, in one line."""


def main() -> int:
    """Make all pictures; the exit status."""
    try:
        made = drawn(browser())
        for language, png in made.items():
            write(PICTURES[language], png)
            print(f"wrote {PICTURES[language].relative_to(FOLDER.parent)}: {WIDTH} x {HEIGHT}, {len(png) // 1024} KB")
    except NotMade as reason:
        print(f"make_pictures: {reason}", file=sys.stderr)
        return 1
    return 0


def browser() -> str:
    """The path of a Chromium.

    Raises:
        NotMade: there is none.
    """
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise NotMade("Chromium is not on the PATH: apt-get install chromium, then run this again")


def drawn(chromium: str) -> dict[str, bytes]:
    """Every picture as a PNG, by its language.

    Raises:
        NotMade: Playwright is not installed, or Chromium fails.
    """
    try:
        playwright: Any = import_module("playwright.sync_api")
    except ImportError:
        raise NotMade('Playwright is not installed: pip install -e ".[test]", then run this again') from None
    with TemporaryDirectory() as folder:
        lesson = Path(folder) / "lesson.html"
        try:
            with playwright.sync_playwright() as started:
                opened = started.chromium.launch(executable_path=chromium)
                return {language: _drawn(opened, language, lesson) for language in PICTURES}
        except playwright.Error as error:
            raise NotMade(f"Chromium ({chromium}) failed: {str(error).splitlines()[0]}") from None


def f(x, y):
    return x * y + np.sin(x)


def _drawn(opened: Any, language: str, lesson: Path) -> bytes:
    with using(language):
        document = page(lab.trace(f, 2.0, 3.0), mode="reverse", step=STEP, parts=PARTS)
    lesson.write_text(document, encoding="utf-8")
    view = opened.new_page(
        viewport={"width": WIDTH + 200, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce", offline=True
    )
    view.goto(lesson.as_uri())
    region = view.locator(".autograd-stepper")
    # The stepper alone, at a width of our choice, in the corner of the page: its size follows from nothing else.
    view.add_style_tag(
        content=f":is(main, body) {{ margin: 0 !important; padding: 0 !important; max-width: none !important }}"
        " body { background: white }"
        f" h1, .keys {{ display: none }} #stepper {{ width: {WIDTH - 2 * MARGIN}px; padding: {MARGIN}px }}"
    )
    box = region.bounding_box()
    if box["x"] + box["width"] > WIDTH or box["y"] + box["height"] > HEIGHT:
        raise NotMade(f"the stepper is {box['width']:.0f} x {box['height']:.0f} now: more than {WIDTH} x {HEIGHT}, see HEIGHT")
    png: bytes = view.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT})
    view.close()
    return png


def write(target: Path, png: bytes) -> None:
    """Put a picture in the place of the old one, whole or not at all.

    Raises:
        NotMade: the file cannot be written.
    """
    unfinished = target.with_name(f".{target.name}-{os.getpid()}.unfinished")
    try:
        unfinished.write_bytes(png)
        unfinished.replace(target)
    except OSError as error:
        raise NotMade(f"{target} cannot be written: {error.strerror}") from None
    finally:
        if unfinished.exists():
            unfinished.unlink()


if __name__ == "__main__":
    sys.exit(main())
