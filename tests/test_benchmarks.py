"""The benchmark scripts run, agree with the hand-written floor and print their tables. Nothing is timed here."""

import subprocess
import sys

import pytest


def run(repository, script, *arguments):
    command = [sys.executable, str(repository / "benchmarks" / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_engine_benchmark_agrees_with_the_floor_and_prints_both_tables(repository):
    done = run(repository, "engine.py", "--small", "--rounds", "1", "--engines")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("autograd_lab, floor agree") == 7
    lines = done.stdout.splitlines()
    assert lines[0] == "| workload | autograd_lab | floor |"
    assert "| autograd_lab over | floor |" in lines
    assert sum(line.startswith("| MLP step 4x6-5-3, float32") for line in lines) == 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--only", "nothing like this"], "no workload has 'nothing like this' in its name: scalar chain;"),
        (["--engines", "theano"], "unknown engine theano: choose from micrograd, torch, mygrad, autograd"),
        (["--rounds", "0"], "--rounds is 1 or more, got 0"),
    ],
)
def test_the_engine_benchmark_says_what_it_cannot_do(repository, arguments, complaint):
    done = run(repository, "engine.py", "--small", *arguments)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_gradient_is_not_timed(repository, monkeypatch):
    monkeypatch.syspath_prepend(str(repository / "benchmarks"))
    import numpy as np
    from engine import _disagreement
    from workloads import workloads

    chain = workloads(small=True)[0]
    right = np.concatenate([np.ravel(value) for value in chain.floor()])
    assert _disagreement(chain, {"floor": right, "autograd_lab": right}) is None
    assert "scalar chain: autograd_lab differs" in _disagreement(chain, {"floor": right, "autograd_lab": right * 1.001})
    assert "autograd_lab differs" in _disagreement(chain, {"floor": right, "autograd_lab": right * np.nan})


def test_the_views_benchmark_times_the_way_to_json(repository):
    done = run(repository, "views.py", "--rounds", "1", "--presses", "0")
    assert done.returncode == 0, done.stderr
    assert "| f(x, y) = x*y + sin(x) | 5 |" in done.stdout
