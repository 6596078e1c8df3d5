"""A traced function can be run again on other inputs, which is what editing them in the stepper does."""

import numpy as np
import pytest

import autograd_lab as lab


def f(x, y):
    return x * y + np.sin(x)


def test_the_graph_at_another_value_is_that_of_a_fresh_trace():
    again = lab.trace(f, 2.0, 3.0).again({"x": 0.5})
    assert [node.value for node in again.nodes] == [node.value for node in lab.trace(f, 0.5, 3.0).nodes]
    assert [node.value for node in again.again({"y": -1}).inputs] == [0.5, -1.0]


def test_labels_name_inputs_too_and_nested_ones_have_their_path():
    def g(params):
        return np.sum(params["W"]) * params["b"][0]

    graph = lab.trace(g, {"W": np.ones((2, 2)), "b": [3.0]}).again({"params['W']": np.eye(2), "w2": 5.0})
    assert graph.outputs[0].value == 10.0


def test_another_branch_may_be_taken():
    def g(x):
        return x * x if x > 0 else np.exp(x)

    assert lab.trace(g, 1.0).again({"x": -1.0}).outputs[0].op == "exp"


def test_what_the_caller_changed_in_the_meantime_changes_nothing():
    data = np.ones(3)
    graph = lab.trace(lambda x, y: np.sum(x * y), data, 2.0)
    data[:] = 100.0
    assert graph.again({"y": 3.0}).outputs[0].value == 9.0


def test_the_dtype_stays():
    graph = lab.trace(lambda x: np.sum(x), np.ones(2, np.float32)).again({"x": [1, 2]})
    assert graph.inputs[0].value.dtype == np.float32


REFUSED = [
    ({"z": 1.0}, ValueError, r"input='z' is not one of the choices: 'x' \(w1\), 'y' \(w2\)"),
    ({"x": [1.0]}, ValueError, r"x has shape \(\), got a value of shape \(1,\)"),
    ({"x": "two"}, TypeError, "x takes real numbers, got 'two'"),
]


@pytest.mark.parametrize(("values", "kind", "message"), REFUSED)
def test_values_that_cannot_be_taken_are_named(values, kind, message):
    with pytest.raises(kind, match=message):
        lab.trace(f, 2.0, 3.0).again(values)


def test_a_graph_of_tensors_has_no_function_to_run_again():
    x = lab.tensor(2.0, requires_grad=True)
    graph = lab.graph_of(x * x)
    assert not graph.repeatable
    with pytest.raises(RuntimeError, match="no function to run again"):
        graph.again({"x": 1.0})
