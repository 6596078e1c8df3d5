"""lab.watch and the progress of long traces: what a person sees while code runs, and what stays when nobody watches."""

import io
import subprocess
import sys
import threading
import types

import numpy as np
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import autograd_lab as lab
from autograd_lab.core.modes import thread
from autograd_lab.graph import patience
from autograd_lab.views import progress, storyboard
from autograd_lab.views import watch as module
from autograd_lab.views.settings import NODE_LIMIT


@pytest.fixture
def shell(monkeypatch):
    """A shell whose displays are kept in `shell.shown`, each with data and whether it updates an earlier one."""
    monkeypatch.setattr(InteractiveShell, "_instance", None)
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.display_pub = CapturingDisplayPublisher()
    shell.shown = shell.display_pub.outputs
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def person(shell, monkeypatch):
    """The same, as a notebook whose cells a person runs."""
    monkeypatch.setattr(progress, "_kernel", lambda: types.SimpleNamespace(_allow_stdin=True))
    return shell


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until the test moves it."""

    class Clock:
        now = 100.0

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(module, "monotonic", clock)
    monkeypatch.setattr(patience, "monotonic", clock)
    return clock


@pytest.fixture
def x():
    return lab.tensor(2.0, requires_grad=True, name="x")


def untouched():
    return (thread.on_record, thread.on_visit, thread.locating, thread.scope) == ((), (), 0, "")


def test_a_watch_shows_a_stepper_over_everything_recorded(shell, x):
    with lab.watch() as watch:
        a = x * x
        np.sin(a)
        a + 1
    assert [node.op for node in watch.graph.nodes] == [None, "multiply", "sin", "add"]
    assert [node.op for node in watch.graph.outputs] == ["sin", "add"]
    assert (watch.count, watch.stepper.mode) == (3, "evaluation")
    assert watch.stepper.step == len(watch.stepper.sweep["steps"])
    (shown,) = shell.shown
    assert shown["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] == watch.stepper.model_id
    assert shown["data"]["text/plain"] == watch.stepper.transcript
    assert untouched()


def test_every_node_knows_its_source(shell, x):
    with lab.watch() as watch:
        np.sin(x * x)
    assert [node.source for node in watch.graph.nodes] == [None, "x * x", "np.sin(x * x)"]


def test_what_was_recorded_before_an_exception_is_shown_and_all_is_restored(shell, x):
    watch = lab.watch()

    def fail():
        with watch:
            x * x
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (watch.count, len(shell.shown)) == (1, 1)
    assert untouched()


def test_what_is_recorded_outside_or_in_another_thread_is_not_in_it(shell, x):
    x * x
    with lab.watch() as watch:
        other = threading.Thread(target=lambda: x * x)
        other.start()
        other.join()
        np.sin(x)
    np.cos(x)
    assert [node.op for node in watch.graph.nodes] == [None, "sin"]


def test_what_it_depends_on_is_in_it(shell, x):
    before = x * x
    with lab.watch() as watch:
        np.sin(before)
    assert [node.op for node in watch.graph.nodes] == [None, "multiply", "sin"]


def test_backward_inside_is_allowed(shell, x):
    with lab.watch() as watch:
        np.sin(x * x).backward()
    assert len(watch.stepper.graph.nodes) == 3
    assert x.grad.item() == pytest.approx(4 * np.cos(4.0))


def test_where_nothing_was_recorded_it_says_so(shell):
    with lab.watch() as watch:
        pass
    assert "no operation was recorded" in shell.shown[0]["data"]["text/plain"]
    assert watch.stepper is None
    with pytest.raises(RuntimeError, match="no operation was recorded"):
        _ = watch.graph


def test_a_watch_can_be_used_again(shell, x):
    watch = lab.watch()
    with watch:
        x * x
    with watch:
        np.sin(x)
    assert [node.op for node in watch.graph.nodes] == [None, "sin"]
    assert untouched()


def test_watches_nest(shell, x):
    with lab.watch() as outer:
        x * x
        with lab.watch() as inner:
            np.sin(x)
        np.cos(x)
    assert (outer.count, inner.count) == (3, 1)
    assert untouched()


def test_within_a_hook_it_ends_with_its_block(shell, x):
    heard = []
    with lab.graph_hook(on_record=heard.append):
        with lab.watch() as watch:
            x * x
        x * x
    assert (watch.count, len(heard)) == (1, 2)
    assert untouched()


BARE = {
    "alone": ("w = lab.watch()\nx * x\nnp.sin(x)", 2),
    "up to an error": ("w = lab.watch()\nx * x\n1/0", 1),
    "with a block of its own": ("w = lab.watch()\nx * x\nwith w:\n    np.sin(x)\nx * x", 2),
}


@pytest.mark.parametrize(("cell", "count"), BARE.values(), ids=BARE)
def test_bare_in_a_cell_it_lasts_until_the_cell_ends(cell, count, shell, x, capsys):
    shell.user_ns |= {"lab": lab, "np": np, "x": x}
    shell.run_cell(cell)
    watch = shell.user_ns["w"]
    assert watch.count == count
    assert len([shown for shown in shell.shown if "application/vnd.jupyter.widget-view+json" in shown["data"]]) == 1
    shell.run_cell("x * x")
    assert watch.count == count
    assert untouched()


def test_in_a_script_it_displays_nothing_and_has_the_stepper(x, capfd, monkeypatch):
    monkeypatch.setattr(InteractiveShell, "_instance", None)
    with lab.watch() as watch:
        x * x
    assert len(watch.stepper.graph.nodes) == 2
    assert capfd.readouterr() == ("", "")
    x * x
    assert repr(watch) == "<Watch: 1 operation recorded>"


def test_nobody_sees_it_grow_where_nobody_is_asked(shell, x, monkeypatch):
    monkeypatch.setattr(progress, "_kernel", lambda: types.SimpleNamespace(_allow_stdin=False))
    with lab.watch():
        for _ in range(50):
            x * x
    assert len(shell.shown) == 1


def test_a_person_sees_it_grow_in_one_place(person, clock, x):
    with lab.watch() as watch:
        y = x
        for _ in range(3):
            y = y * x
            clock.now += 1.0
    pictures = [shown["data"]["text/plain"] for shown in person.shown[:-1]]
    assert pictures == ["1 operation recorded", "2 operations recorded", "3 operations recorded"]
    assert all("data:image/svg+xml" in shown["data"]["text/html"] for shown in person.shown[:-1])
    assert [shown["update"] for shown in person.shown] == [False, True, True, True]
    assert len({shown["transient"]["display_id"] for shown in person.shown}) == 1
    assert person.shown[-1]["data"]["text/plain"] == watch.stepper.transcript


def test_drawing_takes_a_tenth_of_the_time_whatever_is_recorded(person, clock, x, monkeypatch):
    def slow(*_):
        clock.now += 0.2
        return {"text/plain": "drawn"}

    monkeypatch.setattr(module, "bundle", slow)
    with lab.watch():
        for _ in range(module.MOST_DRAWN - 1):
            x * x
            clock.now += 0.2
    drawings = len(person.shown) - 1
    assert 5 <= drawings <= 0.1 * (clock.now - 100.0) / 0.2 + 2


def test_a_burst_is_drawn_a_few_times_only(person, clock, x):
    with lab.watch():
        for _ in range(10_000):
            x * x
    assert len(person.shown) <= 8


def test_a_large_graph_is_counted_and_no_longer_drawn(person, clock, x, monkeypatch):
    monkeypatch.setattr(module, "MOST_DRAWN", 12)
    with lab.watch():
        y = x
        for _ in range(module.MOST_DRAWN + 5):
            y = y * x
            clock.now += 1.0
    assert "text/html" in person.shown[10]["data"]
    assert person.shown[-2]["data"] == {"text/plain": f"{module.MOST_DRAWN + 5} operations recorded"}


def test_only_so_many_operations_are_kept(shell, x, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 20)
    with lab.watch(limit=NODE_LIMIT) as watch:
        y = x
        for _ in range(30):
            y = y * x
    assert (watch.count, len(watch.graph.nodes)) == (30, 21)
    assert "first 20 of 30 operations" in shell.shown[-1]["data"]["text/plain"]


def slow_function(clock, seconds):
    def f(x):
        for _ in range(5):
            x = x * x
            clock.now += seconds / 5
        return x

    return f


def test_a_long_trace_says_how_far_it_is_and_takes_it_back(person, clock):
    lab.trace(slow_function(clock, 10.0), 1.0)
    assert [shown["data"] for shown in person.shown] == [
        {"text/plain": "2 operations recorded so far"},
        {"text/plain": "3 operations recorded so far"},
        {"text/plain": "4 operations recorded so far"},
        {"text/plain": "5 operations recorded so far"},
        {},
    ]


@pytest.mark.parametrize("mode", ["evaluation", "reverse"])
def test_long_preparations_say_how_far_they_are(mode, person, clock, x, monkeypatch):
    graph = lab.graph_of(np.sin(x * x))
    describe = "_evaluation" if mode == "evaluation" else "_step"
    described = getattr(storyboard, describe)

    def slow(thing):
        clock.now += 0.7
        return described(thing)

    monkeypatch.setattr(storyboard, describe, slow)
    lab.show(graph, mode=mode)
    assert person.shown[0]["data"] == {"text/plain": "2 steps prepared so far"}
    assert person.shown[-1]["data"] == {}


def test_what_a_failing_trace_said_is_taken_back_too(person, clock):
    def f(x):
        clock.now += 2.0
        x * x
        raise KeyError

    with pytest.raises(KeyError):
        lab.trace(f, 1.0)
    assert [shown["data"] for shown in person.shown] == [{"text/plain": "1 operation recorded so far"}, {}]
    assert untouched()


def test_a_short_trace_says_nothing(person, clock):
    lab.trace(slow_function(clock, 0.9), 1.0)
    assert person.shown == []


@pytest.mark.parametrize("tty", [True, False])
def test_in_a_terminal_the_line_stands_on_stderr_and_is_erased(tty, clock, monkeypatch, capsys):
    terminal = io.StringIO()
    terminal.isatty = lambda: tty
    monkeypatch.setattr(progress, "_kernel", lambda: None)
    monkeypatch.setattr(sys, "stderr", terminal)
    lab.trace(slow_function(clock, 2.0), 1.0)
    written = terminal.getvalue()
    assert (written.startswith("\r\x1b[K4 operations recorded so far"), written.endswith("\r\x1b[K")) == (tty, tty)
    assert capsys.readouterr().out == ""


def test_a_script_prints_nothing_and_leaves_no_thread_behind():
    code = """
import time, threading, autograd_lab as lab
def f(x):
    for _ in range(3):
        x = x * x
        time.sleep(0.5)
    return x
lab.trace(f, 1.0)
print(threading.active_count())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("1\n", "")
