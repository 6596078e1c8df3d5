"""graph_hook: told of every operation recorded and every step of any accumulation, in this thread, in this order."""

import threading

import numpy as np
import pytest

import autograd_lab as lab


def f(x, y):
    return x * y + np.sin(x)


def leaf(value, name=None):
    return lab.tensor(value, requires_grad=True, name=name)


def example():
    return f(leaf(2.0, "x"), leaf(3.0, "y"))


def sentences(steps):
    return [step.text for step in steps]


def test_on_record_is_told_of_each_operation_and_of_no_leaf():
    seen = []
    with lab.graph_hook(on_record=seen.append):
        example()
    assert [(n.op, n.value, n.label) for n in seen] == [
        ("multiply", 6.0, None),
        ("sin", np.sin(2.0), None),
        ("add", 6.0 + np.sin(2.0), None),
    ]
    assert [[p.name or p.op for p in n.parents] for n in seen] == [["x", "y"], ["x"], ["multiply", "sin"]]
    assert [n.source for n in seen] == ["x * y", "np.sin(x)", "x * y + np.sin(x)"]


def test_on_record_hears_nothing_of_what_is_not_recorded():
    seen = []
    x = leaf(2.0)
    with lab.graph_hook(on_record=seen.append):
        lab.tensor(2.0) * 3.0
        with lab.no_grad():
            x * x
        x > 1.0  # noqa: B015 - whether it is recorded is the question
        x.detach() * 2.0
    x * x
    assert seen == []


@pytest.mark.parametrize("mode", ["backward", "reverse"])
def test_on_step_is_told_of_backward_as_of_a_sweep(mode):
    out = example()
    graph = lab.graph_of(out)
    wanted = sentences(graph.reverse())
    seen = []
    with lab.graph_hook(on_step=seen.append):
        if mode == "backward":
            out.backward()
        else:
            graph.reverse()
    assert sentences(seen) == wanted
    assert [s.kind for s in seen] == ["seed"] + ["edge"] * 5
    assert wanted[4] == "w1->w3: local w2 = 3, times adjoint 1 = 3; w1 -0.4161 -> 2.584, 2 of 2, complete"


def test_on_step_is_told_of_forward_sweeps():
    graph = lab.trace(f, 2.0, 3.0)
    seen = []
    with lab.graph_hook(on_step=seen.append):
        sweep = graph.forward("y")
    assert sentences(seen) == sentences(sweep)
    assert {s.mode for s in seen} == {"forward"}


def test_steps_of_backward_are_labelled_as_graph_of_labels_its_output():
    y, x = leaf(3.0, "y"), leaf(2.0, "x")
    first, unrelated = x * y, x + y
    _ = unrelated * 2.0
    out = first * x
    seen = []
    with lab.graph_hook(on_step=seen.append):
        out.backward()
    assert [s.edge.id for s in seen[1:]] == ["w3->w4", "w2->w4", "w2->w3", "w1->w3"]
    assert [n.name or n.op for n in seen[0].graph.nodes] == ["y", "x", "multiply", "multiply"]
    assert seen[0].node.label == "w4"


def test_every_accumulation_begins_with_a_seed_of_its_own_graph():
    x = leaf(2.0, "x")
    a, b = x * 3.0, np.sin(x) * x
    seen = []
    with lab.graph_hook(on_step=seen.append):
        a.backward()
        b.backward()
    assert [(s.kind, s.node.label) for s in seen if s.kind == "seed"] == [("seed", "w2"), ("seed", "w3")]
    assert [len(s.graph.nodes) for s in seen if s.kind == "seed"] == [2, 3]


def test_a_backward_begun_inside_a_hook_has_its_own_steps_and_the_outer_one_goes_on():
    x = leaf(2.0, "x")
    inner = x * 5.0
    y = np.sin(x)
    y.register_hook(lambda g: inner.backward())
    out = y * 3.0
    seen = []
    with lab.graph_hook(on_step=seen.append):
        out.backward()
    assert [(s.kind, s.graph.outputs[0].value) for s in seen] == [
        ("seed", 3 * np.sin(2.0)), ("edge", 3 * np.sin(2.0)), ("seed", 10.0), ("edge", 10.0), ("edge", 3 * np.sin(2.0)),
    ]  # fmt: skip
    assert [s.edge.id for s in seen if s.edge] == ["w2->w3", "w1->w2", "w1->w2"]


def test_gradients_of_a_second_order_are_recorded_and_reported():
    x = leaf(2.0, "x")
    records, steps = [], []
    with lab.graph_hook(records.append, steps.append):
        (x * x * x).backward(create_graph=True)
        forward_count = len(records)
        g = x.grad
        x.grad = None
        g.backward()
    assert forward_count > 2
    assert x.grad.item() == 12.0
    assert [s.kind for s in steps].count("seed") == 2


def test_the_result_is_the_same_whether_or_not_somebody_watches():
    def gradients(watch):
        x, y = leaf(np.linspace(0.1, 1.0, 5)), leaf(np.ones((2, 1)))
        z = np.sum(x * y + x * x / y + x) * np.sum(x)
        if watch:
            with lab.graph_hook(lambda node: None, lambda step: None):
                z.backward()
        else:
            z.backward()
        return x.grad.numpy(), y.grad.numpy()

    for watched, plain in zip(gradients(True), gradients(False), strict=True):
        np.testing.assert_array_equal(watched, plain)


def test_arrays_handed_to_a_hook_do_not_change_afterwards():
    x = leaf([1.0, 2.0])
    totals = []
    with lab.graph_hook(on_step=lambda s: totals.append((s.total, np.copy(s.total)))):
        np.sum(x * 1.0 + x * 2.0 + x * 3.0 + x * 4.0).backward()
    for kept, copied in totals:
        np.testing.assert_array_equal(kept, copied)


def test_nested_hooks_are_told_outer_first():
    seen = []
    with (
        lab.graph_hook(lambda n: seen.append("outer record"), lambda s: seen.append("outer step")),
        lab.graph_hook(lambda n: seen.append("inner record"), lambda s: seen.append("inner step")),
    ):
        (leaf(2.0) * 3.0).backward()
    assert seen == ["outer record", "inner record", *["outer step", "inner step"] * 2]


def test_an_inner_hook_ends_and_the_outer_one_goes_on():
    outer, inner = [], []
    x = leaf(2.0)
    with lab.graph_hook(outer.append):
        with lab.graph_hook(inner.append):
            x * 2.0
        x * 3.0
    x * 4.0
    assert (len(outer), len(inner)) == (2, 1)


@pytest.mark.parametrize("which", ["on_record", "on_step"])
def test_an_exception_in_a_hook_propagates_and_leaves_the_engine_usable(which):
    def fails(_):
        raise KeyError("stop")

    x = leaf(2.0, "x")
    with pytest.raises(KeyError, match="stop"), lab.graph_hook(**{which: fails}):
        (x * x).backward()
    assert lab.is_grad_enabled()
    assert x.grad is None
    (x * x).backward()
    assert x.grad.item() == 4.0
    node = lab.graph_of(x * x).outputs[0]
    assert node.source is None  # nobody watches any more


def test_an_exception_in_a_hook_of_a_sweep_leaves_the_graph_usable():
    graph = lab.trace(f, 2.0, 3.0)

    def fails(step):
        if step.kind == "edge":
            raise KeyError("stop")

    with pytest.raises(KeyError), lab.graph_hook(on_step=fails):
        graph.reverse()
    assert lab.is_grad_enabled()
    assert len(graph.reverse()) == 6


def test_hooks_are_per_thread():
    seen, steps = [], []
    inside = []

    def work():
        inside.append(lab.graph_of(example()).outputs[0].source)
        example().backward()

    with lab.graph_hook(seen.append, steps.append):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert (seen, steps, inside) == ([], [], [None])


def test_the_formula_of_a_step_records_nothing_that_a_hook_hears():
    seen = []
    with lab.graph_hook(seen.append, lambda step: (step.text, step.latex)):
        example().backward()
    assert [n.op for n in seen] == ["multiply", "sin", "add"]


@pytest.mark.parametrize("arguments", [{"on_record": 3}, {"on_step": "print"}])
def test_what_cannot_be_called_is_no_hook(arguments):
    with pytest.raises(TypeError, match="must be a function"), lab.graph_hook(**arguments):
        pass


def test_a_hook_without_listeners_still_keeps_source_positions():
    with lab.graph_hook():
        out = example()
    assert lab.graph_of(out).outputs[0].source == "x * y + np.sin(x)"
