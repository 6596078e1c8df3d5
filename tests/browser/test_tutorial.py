"""`autograd-lab tutorial` as a person starts it: the lesson is there, its stepper steps, and an interrupt ends all of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from playwright.sync_api import expect

from tests.browser.servers import OUTSIDE, Opened
from tests.notebooks import FOLDER, HANGUL

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LESSON = "01_forward_and_reverse.ipynb"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab/tree/\S+")


@pytest.fixture
def started(tmp_path, interruptible):
    """The command in a process of its own, as from a script: nobody sits at its keyboard. Gives it and where it speaks."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{what}_DIR": str(tmp_path / what.lower()) for what in ("CONFIG", "DATA", "RUNTIME")}
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces")}
    command = [sys.executable, "-m", "autograd_lab.cli", "tutorial", "--no-browser", f"--port={port}", "--language=ko"]
    log = tmp_path / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=os.environ | own, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
    family = [psutil.Process(process.pid)]
    yield process, log
    for member in (*family, *family[0].children(recursive=True)) if family[0].is_running() else ():
        member.kill()
    process.wait(timeout=30)


def address(process, log):
    """Where JupyterLab says it is."""
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        found = ADDRESS.search(log.read_text())
        if found:
            return found.group()
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def test_the_korean_lesson_opens_and_steps_and_an_interrupt_leaves_no_process_behind(started, contexts, tmp_path, artifacts):
    process, log = started
    context = contexts()
    context.route(OUTSIDE, lambda route: route.abort())
    page = context.new_page()
    page.goto(address(process, log))
    page.get_by_text(re.compile(r"Python 3 .*\| Idle")).wait_for(timeout=60_000)

    opened = Opened(page, tmp_path / "autograd_lab_tutorials" / "ko" / LESSON)
    cells = nbformat.read(FOLDER / "ko" / LESSON, as_version=4).cells
    title = cells[0].source.splitlines()[0].lstrip("# ")
    assert HANGUL.search(title)
    expect(page.get_by_role("heading", level=1).first).to_contain_text(title.partition(":")[2].strip() or title)

    shown = next(number for number, cell in enumerate(cells) if cell.source.startswith("lab.show("))
    for number, cell in enumerate(cells[: shown + 1]):
        if cell.cell_type == "code":
            opened.run(number)
    region = opened.output(shown).get_by_role("region", name="자동 미분 스테퍼")
    expect(region).to_have_count(1, timeout=60_000)
    region.get_by_role("button", name="다음 단계").click()
    expect(region.locator(".step-count")).to_contain_text(re.compile(r"^\s*2\b"))
    assert HANGUL.search(region.get_by_role("status").inner_text())
    page.screenshot(path=artifacts / "tutorial-ko.png")

    family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 2  # JupyterLab and a kernel
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0, log.read_text()
    gone, alive = psutil.wait_procs(family, timeout=10)
    assert (len(gone), alive) == (len(family), [])
