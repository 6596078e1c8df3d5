"""Layout: positions from DOT, one error for whatever fails, one layout a text."""

import os
import subprocess
import sys
import threading

import pytest

import autograd_lab as lab
from autograd_lab.views import layout
from autograd_lab.views.layout import LayoutError, place, render

DOT = 'digraph { rankdir=LR; a -> b [id=e0 label="MMM"]; subgraph cluster_0 { label="L"; b } }'


@pytest.fixture(autouse=True)
def _embedded(monkeypatch):
    monkeypatch.delenv(layout.VARIABLE, raising=False)


def test_places_are_pixels_from_the_top_left():
    placed = place(DOT)
    assert set(placed.nodes) == {"a", "b"}
    assert placed.nodes["a"][0] < placed.nodes["b"][0]
    line, area = placed.edges["e0"], placed.clusters["cluster_0"]
    assert len(line.points) % 3 == 1
    assert line.points[0][0] < line.label[0] < line.points[-1][0] < line.tip[0]
    assert 0 <= area.left < placed.nodes["b"][0] < area.right <= placed.width
    assert 0 <= area.top < area.label[1] < placed.nodes["b"][1] < area.bottom <= placed.height


def test_the_layout_of_a_text_is_made_once():
    assert place(DOT) is place(DOT)


def test_an_empty_graph_has_a_layout():
    assert place("digraph {}").nodes == {}


@pytest.mark.parametrize(
    ("dot", "says"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("digraph {", "parse"),
        ("digraph { a -> }", "parse"),
        ("no dot at all", "parse"),
        ("digraph { a [label=\0] }", "NUL"),
    ],
)
def test_what_is_not_dot_is_a_layout_error_and_the_next_call_works(dot, says, capfd):
    with pytest.raises(LayoutError, match=says):
        place(dot)
    assert place("digraph { after }").nodes
    assert capfd.readouterr() == ("", "")


def test_a_lone_surrogate_is_a_layout_error():
    with pytest.raises(LayoutError, match="surrogate"):
        place('digraph { "\ud800" }')


def test_a_trap_is_a_layout_error_that_offers_the_transcript_and_the_next_call_works():
    too_deep = "digraph {" + "".join(f"n{i}->n{i + 1};" for i in range(20_000)) + "}"
    with pytest.raises(LayoutError, match=r"too large.*print\(graph.reverse\(\)\)"):
        place(too_deep)
    assert place("digraph { recovered }").nodes


def test_only_formats_that_leave_no_trace_are_written(capfd):
    assert render(DOT, "svg").startswith("<?xml")
    assert render(DOT, "plain").startswith("graph 1 ")
    with pytest.raises(LayoutError, match="'png' is not one of"):
        render(DOT, "png")
    assert capfd.readouterr() == ("", "")


def test_threads_take_turns():
    found, texts = {}, [f"digraph {{ {'->'.join(f'n{i}' for i in range(n, n + 40))} }}" for n in range(24)]
    threads = [threading.Thread(target=lambda t=t: found.update({t: place(t)})) for t in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(found[t].nodes) == 40 for t in texts)


def test_an_unknown_engine_names_the_choices(monkeypatch):
    with pytest.raises(LayoutError, match="engine='neato' is not a layout engine: use 'embedded' or 'dot'"):
        place(DOT, "neato")
    monkeypatch.setenv(layout.VARIABLE, "twopi")
    with pytest.raises(LayoutError, match="AUTOGRAD_LAB_LAYOUT='twopi' is not a layout engine: use 'embedded' or 'dot'"):
        place(DOT)


def test_the_variable_empty_is_the_variable_unset(monkeypatch):
    monkeypatch.setenv(layout.VARIABLE, "")
    assert place(DOT) is place(DOT, "embedded")


def test_an_argument_wins_over_the_variable(monkeypatch):
    monkeypatch.setenv(layout.VARIABLE, "dot")
    assert place(DOT, "embedded").nodes


def test_a_missing_system_dot_is_said_and_not_replaced(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(layout.VARIABLE, "dot")
    with pytest.raises(LayoutError, match="no dot on the PATH: install Graphviz, or unset AUTOGRAD_LAB_LAYOUT"):
        place(DOT)


def stand_in_for_dot(folder, monkeypatch, code):
    program = folder / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\n{code}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_system_dot_gets_the_text_and_gives_the_layout(monkeypatch, tmp_path):
    answer = render(DOT, "json0").encode()
    (tmp_path / "answer").write_bytes(answer)
    code = (
        f"assert sys.argv[1:] == ['-Tjson0'] and sys.stdin.read() == {DOT!r}; print(open({str(tmp_path / 'answer')!r}).read())"
    )
    stand_in_for_dot(tmp_path, monkeypatch, code)
    assert place(DOT, "dot") == place(DOT, "embedded")


def test_a_failing_system_dot_is_quoted(monkeypatch, tmp_path):
    stand_in_for_dot(tmp_path, monkeypatch, "sys.exit('Error: it rains')")
    with pytest.raises(LayoutError, match="could not lay the graph out: Error: it rains"):
        place("digraph { rain }", "dot")
    stand_in_for_dot(tmp_path, monkeypatch, "print('no json')")
    with pytest.raises(LayoutError, match="no layout that can be read"):
        place("digraph { rain }", "dot")


@pytest.mark.slow
def test_without_a_home_to_keep_a_cache_in_the_layout_is_the_same(tmp_path):
    code = f"from autograd_lab.views.layout import place; print(place({DOT!r}))"
    blocked = tmp_path / "file"
    blocked.write_text("")
    environment = {**os.environ, "HOME": str(blocked / "home"), "XDG_CACHE_HOME": str(blocked / "cache")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr(place(DOT))


def test_a_process_that_drew_ends_without_a_word():
    code = "from autograd_lab.views.layout import place; place('digraph { a }')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_layout_error_is_public_and_a_runtime_error():
    assert lab.LayoutError is LayoutError
    assert issubclass(LayoutError, RuntimeError)
