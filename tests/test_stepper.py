"""The widget as Python sees it: what may be set, what follows, and what is shown where no frontend runs."""

import base64
import re
import subprocess
import sys

import ipywidgets
import numpy as np
import pytest
import traitlets

import autograd_lab as lab
from autograd_lab.views.widget import Stepper
from tests.pages import saved


def f(x, y):
    return x * y + np.sin(x)


@pytest.fixture
def stepper():
    return lab.show(f, 2.0, 3.0)


def test_it_opens_at_the_first_step_of_a_reverse_sweep(stepper):
    assert (stepper.step, stepper.mode, stepper.about) == (1, "reverse", "w5")
    assert stepper.sweep_key == ("reverse", "w5")
    assert len(stepper.sweep["steps"]) == 6


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"mode": "forward"}, ("forward", "w1")),
        ({"mode": "forward", "wrt": "y"}, ("forward", "w2")),
        ({"mode": "forward", "wrt": "w2"}, ("forward", "w2")),
        ({"of": "w5"}, ("reverse", "w5")),
    ],
)
def test_what_it_opens_with_can_be_chosen(options, key):
    assert lab.show(f, 2.0, 3.0, **options).sweep_key == key


def test_a_node_can_be_chosen_itself():
    graph = lab.trace(f, 2.0, 3.0)
    assert lab.show(graph, mode="forward", wrt=graph.node("y")).about == "w2"


def test_next_and_previous_stay_within_the_sweep(stepper):
    seen = []
    stepper.observe(lambda change: seen.append(change.new), "step")
    stepper.previous()
    for _ in range(9):
        stepper.next()
    stepper.previous()
    assert seen == [2, 3, 4, 5, 6, 5]


def test_a_step_may_be_a_whole_number_of_numpy(stepper):
    stepper.step = np.int64(4)
    assert stepper.step == 4
    assert type(stepper.step) is int


WRONG = {
    "a step before the first": ("step", 0, "step=0 .* steps 1 to 6"),
    "a step after the last": ("step", 7, "step=7 .* steps 1 to 6"),
    "a mode": ("mode", "sideways", "mode='sideways' .* 'evaluation', 'forward', 'reverse'"),
    "an output": ("about", "z", "'z' is not one of the choices: .*w5"),
    "a part": ("parts", ["grph"], "parts='grph' .* 'controls', 'inputs', 'graph', 'equation', 'source', 'table'"),
    "no part": ("parts", [], "parts is empty"),
}


@pytest.mark.parametrize(("name", "value", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_set_is_a_value_error_and_changes_nothing(name, value, message, stepper):
    before = getattr(stepper, name)
    with pytest.raises(ValueError, match=message) as raised:
        setattr(stepper, name, value)
    assert isinstance(raised.value, traitlets.TraitError)
    assert getattr(stepper, name) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "up"}, "mode='up' is not one of the choices"),
        ({"mode": "forward", "wrt": "q"}, "'q' is not one of the choices: 'x'"),
        ({"of": "q"}, "'q' is not one of the choices"),
        ({"wrt": "x"}, "wrt='x' is for forward accumulation: add mode=\"forward\""),
        ({"mode": "forward", "of": "w5"}, "of='w5' is for reverse accumulation"),
        ({"parts": ["nothing"]}, "parts='nothing' is not one of the choices"),
    ],
)
def test_a_wrong_argument_says_what_to_do(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        lab.show(f, 2.0, 3.0, **options)


def test_changing_mode_or_variable_starts_that_sweep_at_step_one(stepper):
    stepper.step = 5
    stepper.mode = "forward"
    assert (stepper.sweep_key, stepper.step) == (("forward", "w1"), 1)
    assert (stepper.sweep["mode"], stepper.sweep["about"]) == stepper.sweep_key
    stepper.step = 5
    stepper.about = "y"
    assert (stepper.about, stepper.step, stepper.sweep["about"]) == ("w2", 1, "w2")


def test_the_frontend_may_step_on_before_python_knows_the_mode(stepper):
    stepper.set_state({"mode": "forward", "about": "w2", "step": 4})
    assert (stepper.sweep_key, stepper.step, stepper.sweep["about"]) == (("forward", "w2"), 4, "w2")


def test_a_step_beyond_the_end_that_a_linked_slider_sends_is_the_last_one(stepper):
    stepper.set_state({"step": 40})
    assert stepper.step == 6


def test_it_is_an_ordinary_widget(stepper):
    slider = ipywidgets.IntSlider(min=1, max=6)
    traitlets.link((slider, "value"), (stepper, "step"))
    slider.value = 4
    assert stepper.step == 4
    ipywidgets.HBox([stepper, slider])
    ipywidgets.jslink((stepper, "step"), (slider, "value"))


def test_a_part_can_stand_alone():
    assert lab.show(f, 2.0, 3.0, parts=["table", "graph"]).parts == ["graph", "table"]
    assert lab.show(f, 2.0, 3.0, parts="equation").parts == ["equation"]


def test_without_a_frontend_it_shows_the_picture_and_the_transcript(stepper):
    data, _ = stepper._repr_mimebundle_()
    assert data["text/plain"] == str(lab.trace(f, 2.0, 3.0).reverse())
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == stepper.model_id
    (encoded,) = re.findall(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)"', data["text/html"])
    assert base64.b64decode(encoded).decode().startswith("<svg")
    stepper.step = 6
    assert stepper._repr_mimebundle_()[0] == data


def test_its_repr_says_where_it_is(stepper):
    stepper.step = 3
    assert repr(stepper) == "<Stepper f(x, y): reverse accumulation from w5, step 3 of 6>"


def test_the_class_loads_only_when_it_is_asked_for():
    probe = "import sys, autograd_lab as lab; lab.trace(abs, 1.0).reverse(); print('ipywidgets' in sys.modules); lab.Stepper"
    printed = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    assert printed == "False\n"
    assert lab.Stepper is Stepper


def test_the_page_opens_where_the_stepper_is(stepper, tmp_path):
    stepper.mode = "forward"
    stepper.about = "y"
    stepper.step = 3
    held = saved(stepper.to_html(tmp_path / "demo.html").read_text(encoding="utf-8"))
    assert [held[key] for key in ("mode", "about", "step")] == ["forward", "w2", 3]


def test_play_stops_at_the_steps_that_are_given_once_and_in_order():
    assert lab.show(f, 2.0, 3.0, pause=[5, np.int64(3), 3]).pauses == [3, 5]
    assert lab.show(f, 2.0, 3.0).pauses == []


@pytest.mark.parametrize(
    ("pause", "message"),
    [
        ([0], "pause=0 is not one of the choices: this sweep has steps 1 to 6"),
        ([3, 7], "pause=7 is not one of the choices: this sweep has steps 1 to 6"),
        ([2.5], "pause=2.5 is not one of the choices"),
        (["3"], "pause='3' is not one of the choices"),
        ([True], "pause=True is not one of the choices"),
        ("37", r"pause='37' is no list of steps: give one such as \[3, 7\]"),
        (3, "pause=3 is no list of steps"),
    ],
)
def test_a_pause_that_there_is_not_is_refused(pause, message):
    with pytest.raises(ValueError, match=message):
        lab.show(f, 2.0, 3.0, pause=pause)


def test_pauses_set_later_are_checked_too():
    stepper = lab.show(f, 2.0, 3.0)
    stepper.pauses = [2]
    with pytest.raises(traitlets.TraitError, match="pause=9 is not one of the choices"):
        stepper.pauses = [9]
    assert stepper.pauses == [2]


def test_a_step_is_an_svg_as_text_or_as_a_file(tmp_path):
    stepper = lab.show(f, 2.0, 3.0)
    stepper.step = 5
    assert "Step 5 of 6" in stepper.to_svg()
    assert "Step 2 of 6" in stepper.to_svg(step=2)
    path = stepper.to_svg(tmp_path / "step.svg", step=5)
    assert path.read_text(encoding="utf-8") == stepper.to_svg()
    stepper.mode = "evaluation"
    assert "Evaluation · Step 1 of 5" in stepper.to_svg()
    for wrong in (0, 6, 1.5):
        with pytest.raises(ValueError, match=f"step={wrong} is not one of the choices: this sweep has steps 1 to 5"):
            stepper.to_svg(step=wrong)


def test_all_steps_are_one_animated_svg(tmp_path):
    stepper = lab.show(f, 2.0, 3.0)
    path = stepper.to_animated_svg(tmp_path / "all.svg", seconds=1)
    assert path.read_text(encoding="utf-8") == stepper.to_animated_svg(seconds=1)
    with pytest.raises(ValueError, match="seconds=0 is not a positive number"):
        stepper.to_animated_svg(seconds=0)


def test_a_view_that_asks_for_the_animation_gets_it():
    stepper = lab.show(f, 2.0, 3.0)
    stepper.set_state({"animation": {"asked": 1}})
    assert stepper.animation == {"asked": 1, "svg": stepper.to_animated_svg(), "name": "f(x, y)-reverse"}


def test_pauses_travel_into_the_page_whatever_is_shown(tmp_path):
    stepper = lab.show(f, 2.0, 3.0, pause=[3, 6])
    stepper.mode = "evaluation"  # of five steps
    stepper.to_html(tmp_path / "lesson.html")


# -- checks and nudges ------------------------------------------------------------------------------------------------


def test_checks_are_computed_when_they_are_asked_for_and_belong_to_the_sweep(stepper):
    assert stepper.checks == {}
    stepper.checking = True
    assert (stepper.checks["mode"], stepper.checks["about"]) == stepper.sweep_key
    assert stepper.checks["values"]["w1"] == {
        "number": "2.584",
        "verdict": "agrees",
        "text": "central difference 2.584: agrees",
    }
    stepper.mode = "forward"
    assert (stepper.checks["mode"], stepper.checks["about"]) == ("forward", "w1")
    stepper.about = "w2"
    assert stepper.checks["values"]["w3"]["number"] == "2"
    stepper.mode = "evaluation"
    assert stepper.checks == {}
    stepper.mode = "reverse"
    stepper.checking = False
    assert stepper.checks == {}


def test_other_inputs_give_other_checks_and_nudges(stepper):
    stepper.checking = True
    stepper.nudge = {"mode": "reverse", "about": "w5", "node": "w2", "h": "0.1"}
    assert stepper.nudged["moved"] == "0.2"
    stepper.set_inputs({"x": 5.0})
    assert stepper.checks["values"]["w2"]["number"] == "5"
    assert stepper.nudged["moved"] == "0.5"


def test_a_nudge_is_answered_with_what_it_was_asked(stepper):
    asked = {"mode": "reverse", "about": "w5", "node": "w1", "h": "0.1"}
    stepper.nudge = asked
    assert stepper.nudged == {**asked, "moved": "0.2539", "predicted": "0.2584"}
    stepper.mode = "forward"
    assert stepper.nudged == {}
    stepper.nudge = asked  # of a sweep that is no longer shown
    assert stepper.nudged == {}


@pytest.mark.parametrize("h", ["0", "", "much", "inf", None])
def test_an_h_that_moves_nothing_is_answered_in_words(h, stepper):
    stepper.nudge = {"mode": "reverse", "about": "w5", "node": "w1", "h": h}
    assert "cannot nudge: give a finite number" in stepper.nudged["error"]


def test_the_sum_over_paths_travels_with_its_sweep(stepper):
    summary = "3 paths, 5 edges visited. A sweep visits each edge once, however many paths run through it."
    assert stepper.sweep["paths"]["summary"] == summary
    first, second = stepper.sweep["paths"]["lines"]
    assert first["text"] == "∂f/∂w₁ = 1 · 1 · w₂ + 1 · 1 · cos(w₁) = w₂ + cos(w₁) = 2.584"
    assert second["node"] == "w2"
