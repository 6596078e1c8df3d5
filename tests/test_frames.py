"""Steps as SVG files: they show what the stepper shows, in valid and harmless XML, the same bytes each time."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.views import frames, storyboard
from autograd_lab.views.assets import style
from autograd_lab.views.choices import key_of
from autograd_lab.views.reduction import view_of
from autograd_lab.views.settings import NODE_LIMIT
from tests import graphs

SVG = "{http://www.w3.org/2000/svg}"
BOTH = ("forward", "reverse")
PHASES = ("evaluation", *BOTH)


class Played:
    """A graph's sweep with everything that frames.py asks for."""

    def __init__(self, graph, mode="reverse", *, limit=NODE_LIMIT):
        key = key_of(graph, mode, None)
        view = view_of(graph, limit=limit)
        self.story = storyboard.story(graph, view=view)
        self.sweep = storyboard.sweep(graph, mode, key, view)
        self.count = len(self.sweep["steps"])

    def still(self, step):
        return frames.still(self.story, self.sweep, step)

    def animated(self, seconds=1.5):
        return frames.animated(self.story, self.sweep, seconds)


@pytest.fixture(scope="module")
def lesson():
    return Played(graphs.lesson())


def parsed(text):
    return ET.fromstring(text)  # noqa: S314  our own output: that it parses is the point


def words_of(element):
    return [t.text for t in element.iter(f"{SVG}text") if t.text]


def named_groups(svg):
    """Whatever in a picture a step can change, by its name."""
    kinds = {"data-node": "", "data-edge": "", "data-scope": "box ", "data-link": "link "}
    groups = parsed(svg).iter(f"{SVG}g")
    return {prefix + g.get(key): g for g in groups for key, prefix in kinds.items() if g.get(key)}


def looks(svg, standing):
    """The classes that a step set on everything in the picture that stands, and the texts in its slots."""
    own = {name: set(group.get("class").split()) for name, group in named_groups(standing).items()}
    return {
        name: {
            "classes": [kind for kind in group.get("class").split() if kind not in own[name]],
            "slots": {t.get("data-slot"): t.text for t in group.iter(f"{SVG}text") if t.get("data-slot") and t.text},
        }
        for name, group in named_groups(svg).items()
    }


def arrays():
    return lab.trace(lambda a, x: np.sum(np.tanh(a @ x) * np.arange(8.0)[:, None]), np.full((8, 3), 0.5), np.ones((3, 8)))


def network():
    return graphs.network(layers=4, width=2)


SHAPES = {**graphs.SHAPES, "arrays": arrays, "network": network}
LIMITS = {"network": 30}  # its scopes are closed boxes then


@pytest.mark.parametrize("name", SHAPES)
def test_every_step_shows_what_the_stepper_shows(name, node, repository):
    limit = LIMITS.get(name, NODE_LIMIT)
    played = [Played(SHAPES[name](), mode, limit=limit) for mode in PHASES]
    assert bool(played[0].story["boxes"]) == (name in LIMITS)
    asked = json.dumps({"story": played[0].story, "sweeps": [p.sweep for p in played]})
    script = str(repository / "tests" / "js" / "looks.js")
    done = subprocess.run([node, script], input=asked, capture_output=True, text=True, timeout=120, check=True)
    for sweep, expected in zip(played, json.loads(done.stdout), strict=True):
        assert len(expected) == sweep.count
        for step in range(1, sweep.count + 1):
            shown = looks(sweep.still(step), sweep.story["svg"])
            for part in shown:
                look = expected[step - 1][part]
                look["slots"] = {slot: text for slot, text in look["slots"].items() if text}
                if "unevaluated" in look["classes"]:
                    assert shown[part] == {"classes": ["unevaluated"], "slots": {}}, f"step {step}: nothing of it is there"
                else:
                    assert shown[part] == look, f"step {step}"


def test_the_words_below_are_the_equation_and_the_sentence_of_the_step(lesson):
    *_, progress, equation, total, sentence = words_of(parsed(lesson.still(4)))
    assert progress == "example(x, y) · Reverse accumulation · Step 4 of 6"
    assert equation == "∂f/∂w₄ · ∂w₄/∂w₁ = ∂f/∂w₄ · cos(w₁) = 1 × (-0.4161) = -0.4161"
    assert total == "∂f/∂w₁: 0 + (-0.4161) = -0.4161"
    assert sentence == lesson.sweep["steps"][3]["sentence"]


def test_a_still_picture_of_an_evaluation_holds_no_later_value(lesson):
    evaluation = Played(graphs.lesson(), "evaluation")
    assert "6.909" not in evaluation.still(4)
    assert "0.9093" in evaluation.still(4)
    assert "6.909" in evaluation.still(5)


def test_nothing_of_a_later_step_is_in_a_still_picture(lesson):
    assert "2.584" not in lesson.still(4)
    assert "2.584" in lesson.still(5)


def test_a_cut_appears_with_the_first_operation_that_reads_it():
    evaluation = Played(graphs.cut(), "evaluation")
    at = [evaluation.still(step).count("requires_grad=False") for step in range(1, evaluation.count + 1)]
    assert at == sorted(at)
    assert (at[0], at[-1]) == (0, 1)


@pytest.mark.parametrize("name", graphs.SHAPES)
def test_the_words_below_stand_inside_the_picture_and_below_the_graph(name):
    played = Played(graphs.SHAPES[name]())
    for text in (played.still(played.count), played.animated()):
        root = parsed(text)
        _, _, width, height = map(float, root.get("viewBox").split())
        lowest = float(parsed(played.story["svg"]).get("height"))
        captions = [g for g in root.iter(f"{SVG}g") if "caption" in g.get("class", "")]
        for caption in captions:
            for line in caption.iter(f"{SVG}text"):
                assert lowest < float(line.get("y")) < height
                room = frames._COLUMN[line.get("class")] * len(line.text)
                assert room <= width


def test_the_animation_has_every_step_and_without_motion_shows_the_last(lesson):
    root = parsed(lesson.animated())
    captions = [g for g in root if "caption" in g.get("class", "")]
    assert len(captions) == lesson.count
    standing = [words_of(caption) for caption in captions if caption.get("visibility") != "hidden"]
    assert standing == [words_of(captions[-1])]
    for group in root.iter(f"{SVG}g"):
        if group.get("data-node") or group.get("data-edge"):
            frames_of = [g for g in group.iter(f"{SVG}g") if g is not group]
            seen = [g for g in frames_of if g.get("visibility") != "hidden"]
            assert len(seen) == 1


def test_each_frame_ends_where_the_next_one_begins(lesson):
    text = lesson.animated()
    named = set(re.findall(r"animation-name: ([\w-]+)", text))
    assert named == set(re.findall(r"@keyframes ([\w-]+)", text))
    for group in parsed(text).iter(f"{SVG}g"):
        if group.get("data-node") or group.get("data-edge"):
            spans = [re.findall(r"autograd-(\d+)-(\d+)-of-6", g.get("style", "")) for g in group.iter(f"{SVG}g")]
            bounds = [tuple(map(int, found[0])) for found in spans if found]
            steps = [step for first, last in bounds for step in range(first, last + 1)]
            assert steps == list(range(1, 7)) or not bounds


def test_the_last_step_is_held_twice_as_long(lesson):
    text = lesson.animated(seconds=2)
    assert "--autograd-lap: 14s" in text
    assert "@keyframes autograd-6-6-of-6 { 0% { visibility: hidden } 71.4286% { visibility: visible } }" in text


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "2", True, None])
def test_a_time_that_is_none_is_refused(seconds, lesson):
    with pytest.raises(ValueError, match=r"seconds=.* is not a positive number"):
        lesson.animated(seconds)


def test_a_file_moves_only_for_who_did_not_ask_for_less(lesson):
    text = lesson.animated()
    assert re.search(r"prefers-reduced-motion: no-preference\) \{\s+\.autograd-frame \{ animation: none var", text)
    assert "animation:" not in re.sub(r"@media[^{]*reduced-motion[^{]*\{.*?\n\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("mode", BOTH)
def test_the_accent_is_the_steppers(mode):
    def accent(css, selector):
        return re.search(rf"{re.escape(selector)} \{{\s+--stepper-accent: (#\w+);", css)

    held = accent(style("frames.css"), f".autograd-graph.{mode}")
    selector = '.autograd-stepper[data-mode="forward"]' if mode == "forward" else None
    stepper = style("stepper.css")
    shown = accent(stepper, selector) if selector else re.search(r"--stepper-accent: (#\w+);", stepper)
    assert held[1] == shown[1]


@pytest.mark.parametrize("name", graphs.HOSTILE, ids=ascii)
def test_any_name_is_text_in_valid_xml(name):
    graph = graphs.named(name, scope=name)
    graph.name = name
    played = Played(graph)
    for text in (played.still(2), played.animated()):
        text.encode()
        root = parsed(text)
        assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {"svg", "g", "rect", "path", "polygon", "text", "style"}
        assert not [key for e in root.iter() for key in e.keys() if key.startswith("on") or key in ("id", "href")]  # noqa: SIM118


def test_nothing_is_loaded_from_anywhere(lesson):
    for text in (lesson.still(1), lesson.animated()):
        assert set(re.findall(r"https?://[^\s\"'<]+", text)) == {"http://www.w3.org/2000/svg"}
        assert "url(" not in text
        assert "@import" not in text


def test_the_same_step_gives_the_same_bytes_in_any_process(lesson):
    code = (
        "import hashlib; from tests import graphs; from tests.test_frames import Played; p = Played(graphs.lesson());"
        "print(hashlib.sha256((p.still(3) + p.animated()).encode()).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
