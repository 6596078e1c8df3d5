"""Small notebooks for the tests of the site: a course of two lessons, the second also in Korean."""

import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SETUP = """import numpy as np

import autograd_lab as lab

lab.set_language({language!r})


def f(x, y):
    return x * y + np.sin(x)"""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAACbcdAzAAAADklEQVR4nGNgAAJmBgYAABwABMAn8G0AAAAASUVORK5CYII="
PLOT = f"from base64 import b64decode\n\nfrom IPython.display import Image, display\n\ndisplay(Image(b64decode({PIXEL!r})))"


def write(path, *cells):
    """A notebook of these cells: texts are code, pairs ("md", text) and ("code", text, metadata) say what they are."""
    made = []
    for cell in cells:
        kind, text, *metadata = ("code", cell) if isinstance(cell, str) else cell
        new = new_markdown_cell if kind == "md" else new_code_cell
        made.append(new(text, metadata=dict(*metadata)))
    notebook = new_notebook(cells=made)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def course(folder):
    """The folder of the course."""
    write(
        folder / "01_first.ipynb",
        (
            "md",
            "# The $n$-th *step*\n\n**Why?** 20 to 30 minutes.\n[two](02_second.ipynb), [A](#A-part), [core](../docs/core.md)",
        ),
        SETUP.format(language="en"),
        ("md", "## A part\n\n$$\\frac{1}{2} + \\sin x'$$\n\n| a | |\n|---|---|\n| 1 | $w_1$ |\n\n```python\nx = 1\n```"),
        'lab.show(f, 2.0, 3.0, mode="forward", wrt="y", pause=[3])',
        "stepper = lab.show(f, 2.0, 3.0)\nstepper.step = 4\nstepper",
        "lab.compare(f, 2.0, 3.0)",
        ("code", PLOT, {"alt": 'A "small" plot'}),
        ("code", "answer = None\nprint('no answer yet')", {"tags": ["exercise"]}),
        ("md", "<details><summary>Solution</summary>\n\n```python\nanswer = 1\n```\n\n</details>", {"tags": ["solution"]}),
        ("md", "Say it slowly.", {"tags": ["notes"]}),
        "lab.trace(f, 2.0, 3.0)",
        "import ipywidgets\n\nipywidgets.HBox([ipywidgets.IntSlider(), ipywidgets.VBox([lab.show(f, 1.0, 1.0)])])",
    )
    for language, title in (("en", "Second"), ("ko", "두 번째")):
        write(
            (folder if language == "en" else folder / language) / "02_second.ipynb",
            ("md", f"# {title}\n\n**{title}?**"),
            SETUP.format(language=language),
            "lab.show(f, 2.0, 3.0)",
            "lab.compare(f, 2.0, 3.0)",
        )
    return folder


def broken(folder, text):
    """A notebook whose only cell is this."""
    return write(folder / "01_broken.ipynb", ("md", "# Broken"), text)


def garbled(folder):
    """A file that is named as a notebook, and is none."""
    folder.mkdir()
    (folder / "01_garbled.ipynb").write_text(json.dumps({"cells": 3}), encoding="utf-8")
