"""Runs the notebooks from top to bottom and saves their outputs: for whoever changed one, or the picture.

    python -m tests.save_notebooks                      all of them, in every language
    python -m tests.save_notebooks 02_the_graph ko/07   those whose place begins with this

Nothing but the outputs changes: no timing, no widget state, no version of this Python, no names that differ from run to run.
"""

import sys
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import nbformat

from autograd_lab.arithmetic import Refused
from autograd_lab.site.progress import Progress
from autograd_lab.site.run import Run, execute

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"


def chosen(folder, names):
    """The notebooks whose place in the folder begins with one of the names; all of them by none."""
    places = {path: path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.ipynb"))}
    places = {path: place for path, place in places.items() if ".ipynb_checkpoints" not in place}
    unknown = [name for name in names if not any(place.startswith(name) for place in places.values())]
    if unknown:
        raise Refused(f"there is no notebook {unknown[0]!r}: there are {', '.join(places.values())}")
    return {path: place for path, place in places.items() if not names or place.startswith(tuple(names))}


def save(folder, names):
    """Run them; each is written once all have run, and only if its outputs are others."""
    runs = {path: Run(place, nbformat.read(path, as_version=4), path.parent) for path, place in chosen(folder, names).items()}
    languages = {path: dict(run.notebook.metadata.get("language_info", {"name": "python"})) for path, run in runs.items()}
    with Progress(len(runs)) as progress:
        execute(list(runs.values()), told=progress.told)
    for path, run in runs.items():
        settle(run.notebook, run.name, languages[path])
        text = nbformat.writes(run.notebook).rstrip("\n") + "\n"
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8", newline="\n")


def settle(notebook, place, language):
    """Take out what differs from run to run: the version of Python, and the models of widgets that nobody kept."""
    notebook.metadata["language_info"] = language
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    for number, output in enumerate(outputs):
        if WIDGET in output.get("data", {}):
            output.data[WIDGET]["model_id"] = uuid5(NAMESPACE_URL, f"{place}#{number}").hex


if __name__ == "__main__":
    try:
        save(NOTEBOOKS, sys.argv[1:])
    except Refused as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
