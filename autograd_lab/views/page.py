"""Writes a lesson as one HTML file that plays the stepper from file://, with no server and no network.

`page(graph)` is the text of the file: the widget's own modules and style, the storyboard with its sweeps as JSON, and a
model object in the kernel's place. Without JavaScript it shows the picture and the transcript. The same graph gives
the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from autograd_lab.core.primitives.row import Mode
from autograd_lab.graph import Graph, Node
from autograd_lab.views import storyboard
from autograd_lab.views.assets import STEPPER, script, style
from autograd_lab.views.fallback import bundle
from autograd_lab.views.settings import MODES, NODE_LIMIT, PARTS, mode_named, parts_named

MOST_SWEEPS: Final = 64
"""A page holds all sweeps up to this many; beyond it the chosen one, and says so."""

_PAGE: Final = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{css}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<div id="stepper"></div>
<p class="keys">{keys}</p>
<noscript>
<div class="without-script">
<p>{no_script}</p>
{picture}
<pre>{transcript}</pre>
</div>
</noscript>
</main>
<script type="application/json" id="saved">{saved}</script>
<script type="module">
{script}</script>
</body>
</html>
"""


def page(
    graph: Graph,
    *,
    mode: str = "reverse",
    about: str | Node | None = None,
    step: int = 1,
    parts: Sequence[str] = PARTS,
    limit: int = NODE_LIMIT,
    title: str | None = None,
) -> str:
    """The whole HTML file.

    Args:
        graph: what is shown.
        mode: what it opens with, "reverse" or "forward".
        about: the input (forward) or output (reverse) that it opens with; the first one if left out.
        step: the step that it opens at, from 1.
        parts: which views it shows, of "controls", "graph", "equation" and "table".
        limit: the largest graph to draw, in nodes.
        title: the heading; the function with its inputs, f(x, y), if left out.

    Raises:
        ValueError: an unknown mode, input, output or part; the message lists the choices.
    """
    opened = mode_named(mode)
    key = storyboard.key_of(graph, opened, about)
    story = storyboard.story(graph, limit=limit)
    kept = _kept(story, opened, key)
    left_out = _left_out(story, kept)
    saved = {
        "storyboard": story | {"notices": [*story["notices"], *left_out]},
        "sweeps": [storyboard.sweep(graph, *chosen) for chosen in kept],
        "mode": opened,
        "about": key,
        "step": step,
        "parts": list(parts_named(parts)),
    }
    transcript = storyboard.transcript(graph, opened, key)
    words = story["texts"]
    return _PAGE.format(
        language=escape(story["language"]),
        title=escape(story["title"] if title is None else title),
        css=style("page.css", *STEPPER),
        keys=escape(words["keys"]),
        no_script=escape(words["noScript"]),
        picture=bundle(transcript, graph).get("text/html", ""),
        transcript=escape(transcript),
        saved=json.dumps(saved, ensure_ascii=False).replace("<", "\\u003c"),
        script=script("page-start.js"),
    )


def _kept(story: dict[str, Any], mode: Mode, key: str) -> list[tuple[Mode, str]]:
    """The sweeps that the page holds."""
    every = [(m, choice["key"]) for m in MODES for choice in story["choices"][m]]
    return every if len(every) <= MOST_SWEEPS else [(mode, key)]


def _left_out(story: dict[str, Any], kept: list[tuple[Mode, str]]) -> list[str]:
    """The notice of what the page does not hold. Its choices go from the story, since nothing could answer them."""
    choices = story["choices"]
    total = sum(len(offered) for offered in choices.values())
    if total <= MOST_SWEEPS:
        return []
    ((mode, key),) = kept
    (chosen,) = [choice for choice in choices[mode] if choice["key"] == key]
    story["choices"] = {m: [chosen] if m == mode else [] for m in MODES}
    words = story["texts"]
    return [words["leftOut"].format(all=total, kept=f"{words[mode]}, {chosen['text']}")]
