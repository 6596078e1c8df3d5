"""Writes a lesson as one HTML file that plays the stepper from file://, with no server and no network.

`page(graph)` is the text of the file: the widget's own modules and style, the storyboard with its phases as deflated JSON,
and a model object in the kernel's place. Without JavaScript it shows the picture and the transcript. The same graph
gives the same bytes. `playable(graph)` is what such a page holds, for pages of another kind: those of the site.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from autograd_lab.graph import Graph, Node
from autograd_lab.language import gettext as _
from autograd_lab.views import storyboard
from autograd_lab.views.assets import STEPPER, script, style
from autograd_lab.views.choices import key_of, run
from autograd_lab.views.experiments import MOST_NODES, of_sweep
from autograd_lab.views.fallback import described
from autograd_lab.views.picture import svg
from autograd_lab.views.reduction import view_of
from autograd_lab.views.settings import NODE_LIMIT, PARTS, PHASES, Phase, parts_named, pauses_named, phase_named
from autograd_lab.views.view import View

MOST_SWEEPS: Final = 64
"""A page holds all accumulations up to this many; beyond it the chosen one, and says so."""

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
<script type="application/octet-stream" id="saved">{saved}</script>
<script type="module">
{script}</script>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Playable:
    """What plays on a page without a kernel.

    `story` is its storyboard or comparison, with title, language and texts; `saved` what its script reads; `picture` (HTML)
    and `transcript` are for who runs no scripts.
    """

    story: dict[str, Any]
    saved: dict[str, Any]
    picture: str
    transcript: str


def page(graph: Graph, *, title: str | None = None, **shown: Any) -> str:
    """The whole HTML file, in the language that holds here.

    Args:
        graph: what is shown.
        title: the heading; the function with its inputs, f(x, y), if left out.
        shown: what it opens with, as `playable` takes it.

    Raises:
        ValueError: an unknown mode, input, output, part or step to pause at; the message lists the choices.
    """
    return document(
        playable(graph, **shown),
        css=style("page.css", *STEPPER),
        script=script("page-start.js"),
        title=title,
    )


def playable(
    graph: Graph,
    *,
    mode: str = "reverse",
    about: str | Node | None = None,
    step: int = 1,
    parts: Sequence[str] = PARTS,
    limit: int = NODE_LIMIT,
    view: View | None = None,
    pause: Sequence[int] = (),
) -> Playable:
    """The stepper of a graph as a page holds it, in the language that holds here.

    Args:
        graph: what is shown.
        mode: what it opens with, "reverse", "forward" or "evaluation".
        about: the input (forward) or output (reverse) that it opens with; the first one if left out.
        step: the step that it opens at, from 1.
        parts: which views it shows, of "controls", "inputs", "graph", "equation", "source", "table", "check" and "paths".
        limit: the largest graph that is shown whole, in nodes.
        view: what to show of the graph, where that is chosen: boxes stay closed on a page.
        pause: the steps at which Play stops; of every sweep that has so many.

    Raises:
        ValueError: an unknown mode, input, output, part or step to pause at; the message lists the choices.
    """
    opened = phase_named(mode)
    key = key_of(graph, opened, about)
    view = view_of(graph, limit=limit) if view is None else view
    story = storyboard.story(graph, view=view)
    kept = _kept(story, opened, key)
    experiments = len(graph) <= MOST_NODES and "check" in parts_named(parts)
    left_out = _left_out(story, kept)
    if len(graph) > MOST_NODES and "check" in parts_named(parts):
        left_out.append(story["texts"]["noExperiments"].format(most=MOST_NODES))
    sweeps = [_held(graph, *chosen, view, experiments=experiments) for chosen in kept]
    saved = {
        "storyboard": story
        | {
            "notices": [*story["notices"], *_stay_closed(view), *left_out],
            "live": False,
            "openable": False,
            "experiments": "saved" if experiments else "none",
        },
        "sweeps": sweeps,
        "mode": opened,
        "about": key,
        "step": step,
        "parts": list(parts_named(parts)),
        "pauses": pauses_named(pause, max(len(sweep["steps"]) for sweep in sweeps)),
    }
    return Playable(
        story=story,
        saved=saved,
        picture=still(graph, view),
        transcript=storyboard.transcript(graph, opened, key, view),
    )


def document(played: Playable, *, css: str, script: str, title: str | None = None) -> str:
    """The HTML file around a script and the data that it reads; without JavaScript it shows the picture and the transcript."""
    words = played.story["texts"]
    return _PAGE.format(
        language=escape(played.story["language"]),
        title=escape(played.story["title"] if title is None else title),
        css=css,
        keys=escape(words["keys"]),
        no_script=escape(words["noScript"]),
        picture=played.picture,
        transcript=escape(played.transcript),
        saved=deflated(played.saved),
        script=script,
    )


def _held(graph: Graph, phase: Phase, key: str, view: View, *, experiments: bool) -> dict[str, Any]:
    """One phase as the page holds it: an accumulation with its checks and nudges, which no kernel could answer."""
    held = storyboard.sweep(graph, phase, key, view)
    return held | of_sweep(run(graph, phase, key)) if experiments and phase != "evaluation" else held


def still(graph: Graph, view: View | None = None) -> str:
    """The picture for who runs no scripts; its style is on the page already."""
    return f'<figure role="img" aria-label="{described(graph)}">\n{svg(graph, standalone=False, view=view)}</figure>'


def deflated(saved: dict[str, Any]) -> str:
    """JSON, deflated, in base64: steps repeat one another, and shrink to a tenth. Nothing in it can be markup."""
    text = json.dumps(saved, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def _stay_closed(view: View) -> list[str]:
    """The notice that what is in boxes is not on the page."""
    return [] if view.whole else [_("On this page boxes stay closed: open them in a notebook, and export again.")]


def _kept(story: dict[str, Any], mode: Phase, key: str) -> list[tuple[Phase, str]]:
    """The phases that the page holds: the evaluation, and every accumulation or one."""
    choices = story["choices"]
    every = [(phase, choice["key"]) for phase in PHASES for choice in choices[phase]]
    if len(every) - 1 <= MOST_SWEEPS:
        return every
    return [("evaluation", ""), ("reverse", choices["reverse"][0]["key"]) if mode == "evaluation" else (mode, key)]


def _left_out(story: dict[str, Any], kept: list[tuple[Phase, str]]) -> list[str]:
    """The notice of what the page does not hold. Its choices go from the story, since nothing could answer them."""
    choices = story["choices"]
    total = sum(len(choices[mode]) for mode in PHASES[1:])
    if total <= MOST_SWEEPS:
        return []
    story["choices"] = {phase: [c for c in choices[phase] if (phase, c["key"]) in kept] for phase in PHASES}
    mode = kept[-1][0]
    (chosen,) = story["choices"][mode]
    words = story["texts"]
    return [words["leftOut"].format(all=total, kept=f"{words[mode]}, {chosen['text']}")]
