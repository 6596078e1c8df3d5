"""The places where a stepper is used, each as a server of its own: nothing is shared with the person who runs the tests.

`jupyter(folder)` serves JupyterLab under /lab and Notebook 7 under /notebooks, `marimo(folder, notebook)` one marimo notebook.
`Jupyter` opens notebooks there; `Opened` is one, with its cells and outputs, whichever of the two shows it.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
OUTSIDE = re.compile(r"^(?!http://127\.0\.0\.1|ws://127\.0\.0\.1|blob:|data:)")
REGION = "Autograd stepper"


@contextmanager
def jupyter(folder):
    """A Jupyter server over folder/work, with settings of its own in folder/settings."""
    own = {f"JUPYTER_{what}_DIR": str(folder / what.lower()) for what in ("CONFIG", "DATA", "RUNTIME")}
    (folder / "work").mkdir()
    options = [
        "--no-browser", "--allow-root", "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password=",
    ]  # fmt: skip
    settings = {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    with served(["jupyter_server", *options, "--port={port}"], folder / "log", folder / "work", own | settings) as address:
        server = Jupyter(address, folder)
        server.set("@jupyterlab/apputils-extension/notification", {"fetchNews": "false", "checkForUpdates": False})
        yield server


@contextmanager
def marimo(folder, notebook):
    """marimo over one notebook, which it shows and runs as an app; gives the address."""
    path = folder / "lesson.py"
    path.write_text(notebook, encoding="utf-8")
    own = {"XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_CACHE_HOME": str(folder), "HOME": str(folder)}
    command = ["marimo", "-y", "run", "--headless", "--no-token", "--port={port}", str(path)]
    with served(command, folder / "log", folder, own) as address:
        yield address


@contextmanager
def served(command, log, work, environment):
    """Run a module of Python's as a server on a free port, until it answers; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [word.format(port=port) if word.startswith("--port") else word for word in command]
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=work, env=os.environ | environment, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        for _ in range(300):
            assert server.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


class Jupyter:
    """A running Jupyter server."""

    def __init__(self, address, folder):
        self.address = address
        self.work = folder / "work"
        self.settings = folder / "settings"

    def write(self, cells):
        """A new notebook of these cells, none of which has been run."""
        path = self.work / f"lesson{len(list(self.work.glob('*.ipynb')))}.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=KERNEL), path)
        return path

    def open(self, context, path, where):
        """The notebook in "lab" or "notebook", with its kernel ready."""
        context.route(OUTSIDE, lambda route: route.abort())
        page = context.new_page()
        if where == "lab":
            page.goto(f"{self.address}/lab/tree/{path.name}?reset")
            page.get_by_text(re.compile(r"Python 3 .*\| Idle")).wait_for(timeout=60_000)
        else:
            page.goto(f"{self.address}/notebooks/{path.name}")
            # Its indicator is "idle" before there is a kernel, too; once one connects, a note about it fades.
            for sign in (".jp-NotebookKernelStatus-fade", ".jp-Notebook-ExecutionIndicator[data-status=idle]"):
                page.locator(sign).wait_for(state="attached", timeout=60_000)
        return Opened(page, path)

    def set(self, plugin, settings):
        """Write a person's settings of one plugin; gives the file, to be deleted when they no longer hold."""
        file = self.settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings), encoding="utf-8")
        return file

    def stop_kernels(self, context):
        """End every kernel, as when the server was stopped for the night."""
        for session in context.request.get(f"{self.address}/api/sessions").json():
            context.request.delete(f"{self.address}/api/sessions/{session['id']}")


class Opened:
    """A notebook in a browser."""

    def __init__(self, page, path):
        self.page = page
        self.path = Path(path)
        self.cells = page.locator(".jp-Notebook .jp-Cell")

    def run(self, number):
        """Run one cell."""
        self.cells.nth(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def restart(self):
        """Restart the kernel, and wait until it is ready again."""
        self.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).first.click()
        with self.page.expect_response(re.compile(r"/api/kernels/.*/restart")):
            self.page.locator(".jp-Dialog .jp-mod-accept").click()

    def save(self):
        """Save the notebook, by its menu."""
        self.page.get_by_role("menuitem", name="File", exact=True).click()
        with self.page.expect_response(lambda r: r.request.method == "PUT" and self.path.name in r.url):
            self.page.get_by_role("menuitem", name=re.compile("^Save Notebook")).first.click()

    def output(self, number):
        """The outputs of one cell."""
        return self.cells.nth(number).locator(".jp-Cell-outputArea")

    def region(self):
        """The stepper, once it is there."""
        region = self.page.get_by_role("region", name=REGION).first
        region.wait_for(timeout=60_000)
        return region
