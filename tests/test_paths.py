"""The paths of a sweep: counted at any depth, listed where they are few, and their sum is what the sweep found."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_lab as lab
from autograd_lab.graph.paths import MOST_PATHS, paths_of
from tests.graphs import lesson


def diamonds(count):
    """A chain of diamonds: 2**count paths over 4*count edges."""

    def f(x):
        for _ in range(count):
            x = np.sin(x) + np.cos(x)
        return x

    return lab.trace(f, 1.0)


def ids(listed):
    return {label: [" ".join(edge.id for edge in path) for path in paths] for label, paths in listed.items()}


def test_reverse_lists_the_paths_of_every_input_as_they_were_recorded():
    paths = paths_of(lesson().reverse())
    assert paths.counts == {"w1": 2, "w2": 1}
    assert paths.count == 3
    assert paths.visited == 5
    assert ids(paths.listed) == {"w1": ["w1->w3 w3->w5", "w1->w4 w4->w5"], "w2": ["w2->w3 w3->w5"]}


def test_a_sweep_knows_its_paths():
    assert lesson().reverse().paths.counts == {"w1": 2, "w2": 1}


def test_forward_lists_the_paths_to_every_output():
    graph = lab.trace(lambda x, y: (x * y + x, x * x, np.sin(y)), 2.0, 3.0)
    paths = paths_of(graph.forward("x"))
    assert paths.counts == {"w4": 2, "w5": 2, "w6": 0}
    assert ids(paths.listed) == {"w4": ["w1->w3 w3->w4", "w1->w4"], "w5": ["w1->w5", "w1->w5#1"]}
    assert paths.visited == len(graph.edges)


def test_an_input_that_is_the_output_has_one_path_without_edges():
    graph = lab.trace(lambda x: x, 2.0)
    assert paths_of(graph.reverse()).listed == {"w1": ((),)}
    assert paths_of(graph.forward()).listed == {"w1": ((),)}


def test_an_output_that_leads_to_another_is_an_end_and_a_stage():
    def f(x):
        y = np.sin(x)
        return y, y * y

    graph = lab.trace(f, 2.0)
    assert paths_of(graph.forward()).counts == {"w2": 1, "w3": 2}
    assert paths_of(graph.reverse("w2")).counts == {"w1": 1}


@pytest.mark.parametrize(("count", "are_listed"), [(1, True), (5, True), (6, False), (60, False)])
def test_diamonds_double_the_paths_and_are_listed_up_to_the_limit(count, are_listed):
    paths = paths_of(diamonds(count).reverse())
    assert paths.count == 2**count
    assert paths.visited == 4 * count
    assert (paths.listed is not None) == are_listed == (2**count <= MOST_PATHS)
    if are_listed:
        assert len(set(paths.listed["w1"])) == 2**count


def test_the_limit_is_of_all_ends_together():
    def f(*xs):
        return sum(np.sin(x) + np.cos(x) for x in xs)

    assert paths_of(lab.trace(f, *range(25)).reverse()).listed is not None
    assert paths_of(lab.trace(f, *range(26)).reverse()).listed is None


def test_counting_takes_one_sum_a_node_and_no_recursion():
    def seconds(count):
        sweep = diamonds(count).reverse()
        start = time.process_time()
        assert paths_of(sweep).count == 2**count
        return time.process_time() - start

    seconds(500)
    assert seconds(4000) < 1.0  # 16,000 edges; a walk along each path would not end


def test_a_long_chain_has_one_path_which_is_listed():
    def f(x):
        for _ in range(3000):
            x = np.sin(x)
        return x

    ((path,),) = paths_of(lab.trace(f, 1.0).reverse()).listed.values()
    assert len(path) == 3000


@st.composite
def scalar_graphs(draw):
    """A random graph of scalars with fan-out and repeated operands, all of it smooth."""
    inputs = draw(st.lists(st.floats(-2.0, 2.0), min_size=1, max_size=3))
    recipe = [
        (draw(st.sampled_from("+*-st")), draw(st.integers(0, made - 1)), draw(st.integers(0, made - 1)))
        for made in range(len(inputs), len(inputs) + draw(st.integers(1, 7)))
    ]

    def f(*xs):
        values = list(xs)
        for op, i, j in recipe:
            a, b = values[i], values[j]
            values.append({"+": lambda a, b: a + b, "*": lambda a, b: a * b, "-": lambda a, b: a - b,
                           "s": lambda a, b: np.sin(a), "t": lambda a, b: np.tanh(a) * b}[op](a, b))  # fmt: skip
        return values[-1], values[len(inputs)]

    return lab.trace(f, *inputs)


@given(scalar_graphs())
def test_the_sum_over_paths_is_what_the_sweep_found(graph):
    locals_of = {s.edge: s.local for s in graph.forward(graph.inputs[0]) if s.edge}
    sweeps = [*(graph.forward(node) for node in graph.inputs), *(graph.reverse(node) for node in graph.outputs)]
    for sweep in sweeps:
        paths = paths_of(sweep)
        for end in paths.ends:
            label = end.label
            if paths.listed is not None:
                listed = paths.listed.get(label, ())
                assert len(listed) == len(set(listed)) == paths.counts[label]
                total = math.fsum(math.prod(locals_of[edge] for edge in path) for path in listed)
                assert math.isclose(total, sweep.result.get(label, 0.0), rel_tol=1e-9, abs_tol=1e-9)


@given(scalar_graphs())
def test_both_modes_count_the_same_paths(graph):
    for about in graph.outputs:
        backwards = paths_of(graph.reverse(about)).counts
        for start in graph.inputs:
            assert paths_of(graph.forward(start)).counts[about.label] == backwards[start.label]
