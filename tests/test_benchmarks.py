"""The benchmark scripts run, agree with the hand-written floor and print their tables. Nothing is timed here."""

import json
import subprocess
import sys

import pytest


@pytest.fixture
def benchmarks(repository, monkeypatch):
    """The scripts can be imported, as they import one another."""
    monkeypatch.syspath_prepend(str(repository / "benchmarks"))


def run(repository, script, *arguments):
    command = [sys.executable, str(repository / "benchmarks" / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_engine_benchmark_agrees_with_the_floor_and_prints_both_tables(repository):
    done = run(repository, "engine.py", "--small", "--rounds", "1", "--engines")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("autograd_lab, floor agree") == 9
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


def test_a_wrong_gradient_is_not_timed(benchmarks):
    import numpy as np
    from engine import _disagreement
    from workloads import workloads

    chain = workloads(small=True)[0]
    right = np.concatenate([np.ravel(value) for value in chain.floor()])
    assert _disagreement(chain, {"floor": right, "autograd_lab": right}) is None
    assert "scalar chain: autograd_lab differs" in _disagreement(chain, {"floor": right, "autograd_lab": right * 1.001})
    assert "autograd_lab differs" in _disagreement(chain, {"floor": right, "autograd_lab": right * np.nan})


def test_the_report_measures_every_target_and_prints_every_table(repository):
    done = run(repository, "report.py", "--small", "--rounds", "1", "--engines")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    beginnings = (
        "| workload | what | measured | target |", "| alone in a process |", "| deep chain |", "| whole process |",
        "| plain NumPy program |", "| Jacobian |", "| scalar chain, ms of CPU |", "| workload | autograd_lab | floor |",
        "| autograd_lab over | floor |",
    )  # fmt: skip
    for beginning in beginnings:
        assert sum(line.startswith(beginning) for line in lines) == 1, beginning
    unmeasured = [line for line in lines if line.endswith("| not measured |")]
    assert all(any(peer in line for peer in ("micrograd", "torch", "mygrad")) for line in unmeasured), unmeasured
    assert "| chain of 1,000,000 ops | finishes (1: yes) | 1.00 | at least 1 | met |" in lines
    assert [line for line in lines if "R^n -> R, jacfwd | exponent of edges | 1.00" in line]
    assert [line for line in lines if "R -> R^n, jacfwd | exponent of multiplications | 0.00" in line]


def test_the_import_replaces_nothing_in_numpy(repository):
    done = run(repository, "startup.py", "--beside", "autograd_lab", "--length", "2")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["replaced"] == 0


@pytest.mark.parametrize(
    ("target", "seen", "verdict"),
    [
        ((1.6, "at most"), 1.604, "met"),
        ((1.6, "at most"), 1.61, "within 10%"),
        ((1.6, "at most"), 1.77, "missed"),
        ((0.95, "at least"), 0.999, "met"),
        ((0.95, "at least"), 0.9, "within 10%"),
        ((0.95, "at least"), 0.0, "missed"),
        ((1.0, "near", 0.15), 0.85, "met"),
        ((1.0, "near", 0.15), 1.2, "missed"),
    ],
)
def test_a_target_is_met_nearly_met_or_missed(benchmarks, target, seen, verdict):
    from targets import Target

    assert Target("chain", "ratio", *target).verdict(seen) == verdict


def test_an_exponent_is_the_slope_in_logarithms(benchmarks):
    from jacobians import exponent

    assert exponent({"n": [2.0, 4.0, 16.0], "time": [12.0, 48.0, 768.0]}, "time") == pytest.approx(2.0)


def test_an_engine_that_meets_the_recursion_limit_is_told_apart(benchmarks):
    from deep import table_of

    ours = {"finished": True, "bytes": 200.0, "seconds": 1.0}
    lines = table_of({"autograd_lab": [ours], "micrograd": [{"finished": False}]}, 0.99).splitlines()
    assert lines[2:] == ["| autograd_lab | 200 | 1 | 1.00 | 99.0% |", "| micrograd | RecursionError | - | - | - |"]


def test_a_peak_that_may_be_that_of_the_parent_is_refused(benchmarks):
    from fresh import peak_bytes

    assert peak_bytes(above=peak_bytes() - 1) > 0
    with pytest.raises(RuntimeError, match="hides what this one has"):
        peak_bytes(above=10**15)


def test_a_process_that_fails_is_reported_with_its_last_words(benchmarks):
    from fresh import in_turn

    with pytest.raises(RuntimeError, match="alone is not a workload"):
        in_turn({"failing": ["-c", "raise SystemExit('alone is not a workload')"]}, 1)


def test_the_views_benchmark_times_the_way_to_json(repository):
    done = run(repository, "views.py", "--small", "--rounds", "1", "--presses", "0")
    assert done.returncode == 0, done.stderr
    assert "| f(x, y) = x*y + sin(x) | 5 |" in done.stdout
