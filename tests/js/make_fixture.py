"""Writes the storyboard that the JavaScript tests read: python -m tests.js.make_fixture"""

import json
from pathlib import Path

import numpy as np

import autograd_lab as lab
from autograd_lab.views import storyboard

FIXTURE = Path(__file__).parent / "fixtures" / "product_plus_sine.json"


def f(x, y):
    return x * y + np.sin(x)


def fixture():
    """Everything but the picture, which the state at a step does not depend on."""
    graph = lab.trace(f, 2.0, 3.0)
    chosen = [("evaluation", ""), ("forward", "w1"), ("forward", "w2"), ("reverse", "w5")]
    return {
        "storyboard": storyboard.story(graph) | {"svg": None},
        "sweeps": [storyboard.sweep(graph, mode, key) for mode, key in chosen],
    }


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps(fixture(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
