"""Runs scripts in fresh interpreters, in turn, and collects the numbers that they print.

What happens once in a process (an import, the peak of its memory) is measured here: `in_turn` starts the processes,
`say` is how a script answers, `peak_bytes` is what it asks about itself.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

HERE = Path(__file__).parent

Answers = Mapping[str, Sequence[dict[str, Any]]]


def in_turn(commands: Mapping[str, Sequence[str]], rounds: int, **environment: str) -> dict[str, list[dict[str, Any]]]:
    """What each command's process said, one answer a round: each round runs every command once, beginning with another one.

    A command is what follows `python`, a script without its folder; `environment` is added to that of this process. To
    what a process says of itself is added what it took in seconds, from start to end: `process_cpu` and `process_wall`.

    Raises:
        RuntimeError: a process failed; its last words are in the message.
    """
    seen: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
    names = list(commands)
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            seen[name].append(_run(commands[name], environment))
    return seen


def _run(command: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    wall, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(  # noqa: S603 - our own scripts
        [sys.executable, *command], cwd=HERE, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"python {' '.join(command)} failed: {done.stderr.strip()[-2000:]}")
    wall, after = perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"process_cpu": cpu, "process_wall": wall, **json.loads(done.stdout or "{}")}


def say(**numbers: Any) -> None:
    """Answer the process that asked."""
    print(json.dumps(numbers))


def peak_bytes(*, above: int = 0) -> int:
    """The most memory that this process has had resident so far.

    On Linux the peak of whoever started it counts too. So a process asks once before it loads anything, and says so later.

    Raises:
        RuntimeError: it is not `above` what was there from the start, so it is somebody else's.
    """
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if peak <= above:
        raise RuntimeError(f"the process that started this one had {above / 1e6:.0f} MB, and hides what this one has")
    return peak
