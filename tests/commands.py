"""The command line, run in a process of its own or in this one, and what every refusal must be like."""

import subprocess
import sys
import time
from pathlib import Path

from autograd_lab import cli

SECONDS = 5  # the most that a refusal may take


def files():
    """What is in the working folder."""
    return sorted(path.name for path in Path().iterdir())


def run(*arguments, **options):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "autograd_lab.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)


def refusal(capsys, *arguments):
    """The one line with which the command refuses; nothing else is printed, nothing is left in the folder."""
    before = files()
    started = time.monotonic()
    assert cli.main(arguments) == 2
    assert time.monotonic() - started < SECONDS
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("autograd-lab: ")
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert len(err) < 400
    assert err[:-1].isprintable()
    assert files() == before
    return err
