"""trace, graph_of and what a Graph says: labels, names, edges, constants, scopes, and errors for what is no graph."""

import functools
import subprocess
import sys
import threading
from collections import namedtuple

import numpy as np
import pytest

import autograd_lab as lab

Pair = namedtuple("Pair", "first second")  # noqa: PYI024 - the plain form is what a learner may pass


def f(x, y):
    return x * y + np.sin(x)


def leaf(value, name=None):
    return lab.tensor(value, requires_grad=True, name=name)


def test_the_example_has_the_nodes_and_edges_of_the_contract():
    graph = lab.trace(f, 2.0, 3.0)
    assert [(n.label, n.name, n.op) for n in graph.nodes] == [
        ("w1", "x", None), ("w2", "y", None), ("w3", None, "multiply"), ("w4", None, "sin"), ("w5", None, "add"),
    ]  # fmt: skip
    assert [(e.id, e.source.label, e.target.label, e.argument) for e in graph.edges] == [
        ("w1->w3", "w1", "w3", 0), ("w2->w3", "w2", "w3", 1), ("w1->w4", "w1", "w4", 0),
        ("w3->w5", "w3", "w5", 0), ("w4->w5", "w4", "w5", 1),
    ]  # fmt: skip
    assert [n.value for n in graph.nodes] == [2.0, 3.0, 6.0, np.sin(2.0), 6.0 + np.sin(2.0)]
    assert [[p.label for p in n.parents] for n in graph.nodes] == [[], [], ["w1", "w2"], ["w1"], ["w3", "w4"]]
    assert [n.expression for n in graph.nodes] == ["x", "y", "w_{1} w_{2}", "\\sin\\left(w_{1}\\right)", "w_{3} + w_{4}"]
    assert graph.name == "f"
    assert graph.inputs == graph.nodes[:2]
    assert graph.outputs == graph.nodes[4:]
    assert graph.constants == ()
    assert list(graph) == list(graph.nodes)
    assert repr(graph) == "<Graph f: 5 nodes, 5 edges>"
    assert str(graph).splitlines() == [
        "f: 5 nodes, 5 edges", "w1 = x = 2", "w2 = y = 3", "w3 = w1*w2 = 6", "w4 = sin(w1) = 0.9093", "w5 = w3 + w4 = 6.909",
    ]  # fmt: skip


def test_edges_of_one_operand_used_several_times_are_told_apart():
    graph = lab.trace(lambda x: np.where(x > 0.0, x * x, x), 3.0)
    assert [e.id for e in graph.edges] == ["w1->w2", "w1->w2#1", "w2->w3", "w1->w3"]
    triple = lab.trace(lambda x: np.stack([x, x, x]), 1.0)
    assert [e.id for e in triple.edges] == ["w1->w2", "w1->w2#1", "w1->w2#2"]
    assert [e.argument for e in triple.edges] == [0, 1, 2]
    assert [p.label for p in triple.outputs[0].parents] == ["w1", "w1", "w1"]


def test_edges_are_ordered_by_target_and_then_by_argument():
    graph = lab.trace(lambda a, b, c: (c * a) * (b + c), 1.0, 2.0, 3.0)
    assert [e.id for e in graph.edges] == ["w3->w4", "w1->w4", "w2->w5", "w3->w5", "w4->w6", "w5->w6"]


ARGUMENTS = [
    (lambda x: x * 2.0, (3,), {}, {"x": 3.0}),
    (lambda x, y: x * y, (2.0,), {"y": 3}, {"x": 2.0, "y": 3.0}),
    (lambda x, /, *, y: x * y, (2.0,), {"y": 3.0}, {"x": 2.0, "y": 3.0}),
    (lambda *xs: xs[0] * xs[1], (2.0, 3.0), {}, {"xs[0]": 2.0, "xs[1]": 3.0}),
    (lambda a, *xs: a * xs[0], (2.0, 3.0), {}, {"a": 2.0, "xs[0]": 3.0}),
    (lambda **kw: kw["a"] * kw["b"], (), {"b": 3.0, "a": 2.0}, {"b": 3.0, "a": 2.0}),
    (lambda x, n=3.0: x * n, (2.0,), {}, {"x": 2.0}),
    (lambda x, n=3.0: x * n, (2.0, 4.0), {}, {"x": 2.0, "n": 4.0}),
    (lambda p: p["W"] * p["b"], ({"W": 2.0, "b": 3.0},), {}, {"p['W']": 2.0, "p['b']": 3.0}),
    (lambda p: p[0] * p[1][0], ([2.0, (3.0,)],), {}, {"p[0]": 2.0, "p[1][0]": 3.0}),
    (lambda p: p.first * p.second, (Pair(2.0, 3.0),), {}, {"p[0]": 2.0, "p[1]": 3.0}),
    (lambda x, flag, mode, nothing: x * 2.0, (2.0, True, "fast", None), {}, {"x": 2.0}),
    (lambda x, flag: x * 2.0, (2.0, np.True_), {}, {"x": 2.0}),
    (lambda x: x * 2.0, (np.float32(2.0),), {}, {"x": 2.0}),
    (lambda x: x * 2.0, (np.int64(2),), {}, {"x": 2.0}),
    (lambda x: np.sum(x), (np.array([1, 2]),), {}, {"x": [1.0, 2.0]}),
    (np.sin, (2.0,), {}, None),
    (functools.partial(f, y=3.0), (2.0,), {}, {"x": 2.0}),
]


@pytest.mark.parametrize(("function", "args", "kwargs", "names"), ARGUMENTS)
def test_numbers_among_the_arguments_become_named_leaves(function, args, kwargs, names):
    graph = lab.trace(function, *args, **kwargs)
    if names is not None:
        assert {n.name: np.asarray(n.value).tolist() for n in graph.inputs} == names
    assert all(np.asarray(n.value).dtype.kind == "f" for n in graph.inputs)
    assert graph.outputs


def test_trace_gives_f_what_it_gave_where_that_is_no_number():
    seen = []
    thing = object()
    lab.trace(lambda x, *others: seen.extend(others) or x * 1.0, 1.0, True, "text", None, thing)
    assert seen == [True, "text", None, thing]


def test_trace_leaves_its_arguments_alone():
    array, x = np.array([1.0, 2.0]), leaf([3.0, 4.0], "mine")
    graph = lab.trace(lambda a, b: np.sum(a * b), array, x)
    assert [n.name for n in graph.inputs] == ["a", "b"]
    array[:] = 0.0
    np.testing.assert_array_equal(graph.inputs[0].value, [1, 2])
    graph.reverse()
    assert x.grad is None
    assert x.name == "mine"


def test_a_frozen_tensor_stays_frozen_in_trace():
    graph = lab.trace(lambda x, y: x * y, 2.0, lab.tensor(3.0))
    assert [n.name for n in graph.inputs] == ["x"]
    (constant,) = graph.constants
    assert (constant.name, constant.value, constant.origin) == ("y", 3.0, "requires_grad=False")
    assert constant.targets == (graph.outputs[0],)


def test_trace_records_under_no_grad_too():
    with lab.no_grad():
        assert len(lab.trace(f, 2.0, 3.0).nodes) == 5
        assert not lab.is_grad_enabled()


OUTPUTS = [
    (lambda x: (x * 2.0, x * 3.0), ["w2", "w3"]),
    (lambda x: [x * 2.0, x * 3.0], ["w2", "w3"]),
    (lambda x: {"b": x * 2.0, "a": x * 3.0}, ["w2", "w3"]),
    (lambda x: Pair(x * 2.0, (x * 3.0, {"c": x + 1.0})), ["w2", "w3", "w4"]),
    (lambda x: [x * 2.0] * 2, ["w2"]),
    (lambda x: x, ["w1"]),
]


@pytest.mark.parametrize(("function", "labels"), OUTPUTS)
def test_what_is_returned_in_a_structure_are_several_outputs(function, labels):
    assert [n.label for n in lab.trace(function, 2.0).outputs] == labels


def test_a_function_that_returns_its_input_has_a_sweep_of_its_seed_alone():
    graph = lab.trace(lambda x: x, 2.0)
    assert graph.reverse().result == graph.forward().result == {"w1": 1.0}
    assert graph.edges == ()


NOT_TRACEABLE = [
    (lambda x: None, "None"),
    (lambda x: 3.0, "3.0"),
    (lambda x: "text", "'text'"),
    (lambda x: (x * 2.0, "text"), "'text'"),
    (lambda x: [x * 2.0, None], "None"),
    (lambda x: np.zeros(2), "array"),
    (lambda x: x.item(), "2.0"),
    (lambda x: x.detach(), "detach"),
    (lambda x: x > 1.0, "greater"),
    (lambda x: (), "nothing"),
    (lambda x: {1, 2}, "set"),
]


@pytest.mark.parametrize(("function", "shown"), NOT_TRACEABLE)
def test_a_function_that_returns_no_tensor_is_refused_by_showing_what_it_returned(function, shown):
    with pytest.raises(TypeError, match="returned") as error:
        lab.trace(function, 2.0)
    assert shown in str(error.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: lab.trace(3.0, 2.0), "trace needs a function first, got float 3.0"),
        (lambda: lab.trace(f), "f(x, y) cannot be called with the arguments given"),
        (lambda: lab.trace(f, 1.0, 2.0, 3.0), "f(x, y) cannot be called with the arguments given"),
        (lambda: lab.trace(f, 1.0, z=2.0), "f(x, y) cannot be called with the arguments given"),
        (lambda: lab.trace(lambda z: z * 1.0, 1j), "complex"),
        (lambda: lab.trace(lambda z: z * 1.0, np.array([1j])), "complex"),
        (lambda: lab.trace(lambda x, n: sum(x for _ in range(n)), 1.0, 3), "bind the integer beforehand"),
        (lambda: lab.trace(lambda x, i: x[i], np.ones(3), 1), "bind the integer beforehand"),
        (lambda: lab.trace(lambda x, i: [1.0, 2.0][i] * x, 1.0, 1), "bind the integer beforehand"),
        (lambda: lab.graph_of(), "at least one Tensor"),
        (lambda: lab.graph_of(3.0), "graph_of takes Tensors, got float 3.0"),
        (lambda: lab.graph_of(f), "graph_of takes Tensors, got function"),
    ],
)
def test_what_cannot_be_traced_is_a_type_error_that_says_what_to_do(call, words):
    with pytest.raises(TypeError) as error:
        call()
    assert words in str(error.value)


def test_an_exception_in_f_propagates_and_leaves_nobody_watching():
    with pytest.raises(ZeroDivisionError):
        lab.trace(lambda x: x * (1 // 0), 2.0)
    x = leaf(2.0)
    assert lab.graph_of(x * x).outputs[0].source is None


def test_the_graph_of_tensors_orders_leaves_by_creation_and_operations_by_recording():
    b, a = leaf(2.0, "b"), leaf(3.0, "a")
    late = a * b
    early = b + 1.0
    graph = lab.graph_of(early, late)
    assert [(n.label, n.name or n.op) for n in graph.nodes] == [("w1", "b"), ("w2", "a"), ("w3", "multiply"), ("w4", "add")]
    assert [n.label for n in graph.outputs] == ["w4", "w3"]
    assert graph.name == "graph"


def test_the_graph_of_tensors_holds_only_what_they_depend_on():
    x, unused = leaf(2.0, "x"), leaf(3.0, "unused")
    y = x * x
    _ = y * unused
    assert [n.name or n.op for n in lab.graph_of(y).nodes] == ["x", "multiply"]


def test_a_traced_graph_holds_every_input_and_only_what_the_outputs_depend_on():
    def g(x, unused):
        np.exp(unused)
        return np.sin(x)

    graph = lab.trace(g, 1.0, 2.0)
    assert [n.name or n.op for n in graph.nodes] == ["x", "unused", "sin"]
    np.testing.assert_equal(graph.reverse().result, {"w1": np.cos(1.0), "w2": 0.0, "w3": 1.0})


def test_a_leaf_from_outside_is_an_input_after_the_parameters():
    outside = leaf(5.0, "theta")
    graph = lab.trace(lambda x: x * outside, 2.0)
    assert [n.name for n in graph.inputs] == ["x", "theta"]


@pytest.mark.parametrize("make", [lambda: lab.tensor(2.0), lambda: leaf(2.0).detach(), lambda: leaf(2.0) > 1.0])
def test_the_graph_of_what_requires_no_grad_is_refused(make):
    with pytest.raises(RuntimeError, match="does not require grad"):
        lab.graph_of(make())


def cut(x):
    w = x * 2.0
    with lab.no_grad():
        silent = w * 3.0
    return w * w.detach() + silent * x + lab.tensor(4.0, name="c") * x


def test_constants_say_where_they_were_cut_and_who_uses_them():
    graph = lab.trace(cut, 1.5)
    assert [(c.name, c.value, c.origin, [t.label for t in c.targets]) for c in graph.constants] == [
        (None, 3.0, "detach of w2", ["w3"]),
        (None, 9.0, "no_grad", ["w4"]),
        ("c", 4.0, "requires_grad=False", ["w6"]),
    ]
    assert [e.id for e in graph.edges] == ["w1->w2", "w2->w3", "w1->w4", "w3->w5", "w4->w5", "w1->w6", "w5->w7", "w6->w7"]


def test_a_constant_used_twice_is_one_constant_with_two_targets():
    c = lab.tensor(3.0, name="c")
    graph = lab.trace(lambda x: x * c + c * c * x, 2.0)
    named = [constant for constant in graph.constants if constant.name == "c"]
    assert [[t.label for t in constant.targets] for constant in named] == [["w2"]]
    twice = lab.trace(lambda x: (x * c) / c, 2.0)
    assert [[t.label for t in constant.targets] for constant in twice.constants] == [["w2", "w3"]]


def test_plain_numbers_belong_to_the_expression_and_are_no_nodes():
    graph = lab.trace(lambda x: 3.0 * x**2 + 1.0, 2.0)
    assert [n.expression for n in graph.nodes[1:]] == ["w_{1}^{2}", "3 w_{2}", "w_{3} + 1"]
    assert graph.constants == ()


def test_labels_use_v_where_an_input_is_itself_called_w_and_a_number():
    graph = lab.trace(lambda w1, w2: w1 * w2, 2.0, 3.0)
    assert [n.label for n in graph.nodes] == ["v1", "v2", "v3"]
    assert [e.id for e in graph.edges] == ["v1->v3", "v2->v3"]
    assert graph.forward("w2").result == {"v1": 0.0, "v2": 1.0, "v3": 2.0}
    assert [n.label for n in lab.trace(lambda w, w_1, W1: w * w_1 * W1, 1.0, 1.0, 1.0).inputs] == ["w1", "w2", "w3"]


def test_a_node_is_found_by_name_label_and_node():
    graph = lab.trace(f, 2.0, 3.0)
    assert graph.node("x") is graph.node("w1") is graph.node(graph.nodes[0]) is graph.nodes[0]
    assert graph.node("w5") is graph.outputs[0]
    with pytest.raises(ValueError, match="'x' \\(w1\\), 'y' \\(w2\\), 'w3', 'w4', 'w5'"):
        graph.node("w6")


def test_scopes_nest_and_belong_to_operations():
    def network(x):
        with lab.scope("layer1"):
            y = np.tanh(x)
            with lab.scope("inner"):
                y = y * 2.0
        return y + 1.0

    assert [n.scope for n in lab.trace(network, 1.0).nodes] == ["", "layer1", "layer1/inner", ""]


@pytest.mark.parametrize("name", ["", "a/b"])
def test_a_scope_needs_a_name_that_can_be_nested(name):
    with pytest.raises(ValueError, match="scope"), lab.scope(name):
        pass


def test_a_scope_ends_with_an_exception_too():
    def fails():
        with lab.scope("a"):
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert lab.trace(lambda x: x * 2.0, 1.0).outputs[0].scope == ""


def test_a_graph_of_another_thread_has_its_own_watchers():
    found = []

    def work():
        found.append([n.label for n in lab.trace(f, 2.0, 3.0).nodes])

    def g(x):
        thread = threading.Thread(target=work)
        y = x * 2.0
        thread.start()
        thread.join()
        return y + 1.0

    assert len(lab.trace(g, 1.0).nodes) == 3
    assert found == [["w1", "w2", "w3", "w4", "w5"]]


def test_the_same_graph_is_written_alike_whatever_the_hash_seed():
    program = (
        "import numpy as np, autograd_lab as lab\n"
        "g = lab.trace(lambda p, x: np.tanh(p['W'] @ x + p['b']) * x[0], {'W': np.eye(2), 'b': np.ones(2)}, np.ones(2))\n"
        "print(g, g.reverse(seed=np.ones(2)), g.forward('x', seed=np.ones(2)), g.edges, sep='\\n')"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "12345")
    }
    assert len(written) == 1
    assert "complete" in written.pop()


def test_a_deep_graph_needs_no_recursion():
    x = leaf(1.0, "x")
    y = x
    for _ in range(20_000):
        y = y * 1.0
    graph = lab.graph_of(y)
    assert len(graph.nodes) == 20_001
    assert graph.reverse().result["w1"] == graph.forward().result["w20001"] == 1.0
    y.backward()
    assert x.grad.item() == 1.0
    del y, graph
