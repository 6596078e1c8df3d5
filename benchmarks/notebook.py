"""Times what a person waits for in a notebook: `python benchmarks/notebook.py`.

In a real JupyterLab in headless Chromium, from the keys that run a cell with lab.show in it to the frame that has its first
picture, by the clock on the wall; then the sizes of exported pages. Medians, and what one in ten exceeds. What was seen
is in README.md beside this file.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
from interleaved import machine

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the browser tests' servers are used here too

import autograd_lab as lab
from autograd_lab.views.page import page as page_of
from tests.browser.servers import jupyter

SETUP = "import numpy as np\nimport autograd_lab as lab\ndef f(x, y):\n    return x * y + np.sin(x)"
SHOW = "lab.show(f, 2.0, 3.0)"
WATCH = """() => {
  window.seen = [];
  let pressed = null;
  addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) pressed = event.timeStamp; }, true);
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { window.seen.push(performance.now() - pressed); pressed = null; };
  new MutationObserver((changes) => {
    const here = changes.some(({ addedNodes }) => [...addedNodes].some((n) => n.querySelector?.("svg.autograd-graph")
      || n.closest?.("svg.autograd-graph")));
    if (pressed !== null && here) requestAnimationFrame(() => channel.port2.postMessage(null));
  }).observe(document.body, { subtree: true, childList: true });
}"""
"""Notes how long it took from the keys to the end of the frame after a picture came into the page."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; without Chromium or playwright only the sizes are printed, and that is said."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--runs", type=int, default=20, help="runs of the cell (default: %(default)s)")
    options = parser.parse_args(arguments)
    _sizes()
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if chromium is None:
        print("\nNothing was timed in a notebook: that takes Chromium.")
    else:
        print()
        _shows(chromium, options.runs)
    print(f"\n{machine(['anywidget', 'jupyterlab', 'playwright'])}")
    return 0


def _sizes() -> None:
    def f(x: Any, y: Any) -> Any:
        return x * y + np.sin(x)

    def chain(x: Any) -> Any:
        y = x
        for i in range(250):
            y = np.sin(y) * x if i % 2 else y + x
        return y

    print("| exported page | steps on it | KB |")
    print("| --- | --- | --- |")
    for title, graph in {
        "f(x, y) = x*y + sin(x)": lab.trace(f, 2.0, 3.0),
        "a chain of 375 operations": lab.trace(chain, 0.5),
    }.items():
        steps = len(graph.nodes) + (len(graph.inputs) + len(graph.outputs)) * (len(graph.edges) + 1)
        print(f"| {title} | {steps:,} | {len(page_of(graph).encode()) / 1e3:.0f} |")


def _shows(chromium: str, runs: int) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, jupyter(Path(folder)) as server, sync_playwright() as playwright:
        # Its sandbox does not start for root in a container; the pages opened are those made here.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        notebook = server.open(browser.new_context(), server.write([SETUP, SHOW]), "lab")
        notebook.run(0)
        notebook.page.evaluate(WATCH)
        seen: list[float] = []
        for run in range(runs + 1):
            notebook.run(1)
            notebook.page.wait_for_function("count => window.seen.length === count", arg=run + 1, timeout=60_000)
            seen = notebook.page.evaluate("window.seen")
        print("| from the keys to the first picture, s | first use | later, median | one in ten |")
        print("| --- | --- | --- | --- |")
        later = sorted(ms / 1e3 for ms in seen[1:])
        slow = quantiles(later, n=10, method="inclusive")[-1]
        print(f"| JupyterLab, Chromium {browser.version} | {seen[0] / 1e3:.2f} | {median(later):.2f} | {slow:.2f} |")
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
