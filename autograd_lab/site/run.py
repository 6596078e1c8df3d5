"""Executes notebooks, two at once, each in a kernel of its own that runs this Python.

    execute(notebooks, told=...)    every cell of each, in order; the outputs are then in the notebooks

`told` hears of each cell, so that a person can be shown how far it is. The first notebook that fails stops the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Any, Final

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from autograd_lab.arithmetic import Refused
from autograd_lab.language import gettext as _

if TYPE_CHECKING:
    from nbformat import NotebookNode

AT_ONCE: Final = 2
PATIENCE: Final = 600  # seconds that a cell may take


@dataclass(frozen=True, slots=True)
class Run:
    """A notebook to execute: how it is called, its cells, the folder in which they run."""

    name: str
    notebook: NotebookNode
    folder: Path


Told = Callable[[Run, int, int], None]
"""Hears that so many of so many cells of a notebook are done."""


def execute(runs: Sequence[Run], *, told: Told, first: str = "") -> None:
    """Execute the code cells of all notebooks, and put the outputs into them.

    Args:
        runs: the notebooks.
        told: called before the first cell of a notebook, and after each.
        first: code that each kernel runs before, unseen.

    Raises:
        Refused: a cell raised, took too long, or its kernel died; names the notebook and the cell.
        KeyboardInterrupt: all kernels are stopped then.
    """
    # Not in the main thread: there nbclient would take Ctrl+C over, and the first notebook that is done would let go of it.
    with ThreadPoolExecutor(1) as thread:
        loop = asyncio.new_event_loop()
        everything = loop.create_task(_all(runs, told, first))
        done = thread.submit(copy_context().run, _until, loop, everything)
        try:
            done.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(everything.cancel)
            raise


def _until(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    try:
        loop.run_until_complete(task)
    finally:
        loop.run_until_complete(_stop_others())
        loop.close()


async def _stop_others() -> None:
    """Stop what nbclient leaves running when it is stopped itself."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _all(runs: Sequence[Run], told: Told, first: str) -> None:
    free = asyncio.Semaphore(AT_ONCE)
    tasks = [asyncio.ensure_future(_one(run, told, first, free)) for run in runs]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # until every kernel has stopped


async def _one(run: Run, told: Told, first: str, free: asyncio.Semaphore) -> None:
    async with free:
        client = NotebookClient(
            run.notebook,
            timeout=PATIENCE,
            kernel_name="python3",  # this Python, whatever the notebook names
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(run.folder)}},
        )
        code = [(index, cell) for index, cell in enumerate(run.notebook.cells) if cell.cell_type == "code"]
        told(run, 0, len(code))
        number = 0
        try:
            async with client.async_setup_kernel(stderr=DEVNULL):  # it warns of its sockets there
                await _prepare(client, first)
                for number, (index, cell) in enumerate(code, start=1):
                    await client.async_execute_cell(cell, index, execution_count=number)
                    cell.outputs = _joined(cell.outputs)
                    told(run, number, len(code))
        except CellExecutionError as error:
            raise _failed(run, number, f"{error.ename}: {error.evalue}") from error
        except CellTimeoutError as error:
            raise _failed(run, number, _("it takes more than {seconds} seconds").format(seconds=PATIENCE)) from error
        except DeadKernelError as error:
            raise _failed(run, number, _("its kernel died")) from error


async def _prepare(client: Any, first: str) -> None:
    """Ask the kernel for its language, as nbclient does, and run the first code, which is no cell."""
    about = await client.async_wait_for_reply(client.kc.kernel_info())
    client.nb.metadata["language_info"] = about["content"]["language_info"]
    if first:
        reply = await client.async_wait_for_reply(client.kc.execute(first, silent=True))
        content = reply["content"]
        if content["status"] != "ok":
            raise Refused(f"{content['ename']}: {content['evalue']}")


def _joined(outputs: Sequence[NotebookNode]) -> list[NotebookNode]:
    """The outputs with what was printed in one go as one: where a kernel cuts it in two depends on the clock."""
    joined: list[NotebookNode] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before is not None and output.output_type == "stream" == before.output_type and output.name == before.name:
            before.text += output.text
        else:
            joined.append(output)
    return joined


def _failed(run: Run, number: int, reason: str) -> Refused:
    return Refused(_("{notebook}, code cell {number}: {reason}").format(notebook=run.name, number=number, reason=reason))
