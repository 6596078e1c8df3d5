"""no_grad, enable_grad and set_grad_enabled around functions, generators, threads and results, as in PyTorch."""

import threading

import pytest

from tests.twins import Programs, check, error

PROGRAMS = Programs()


def kind(tensor):
    return [tensor.requires_grad, tensor.is_leaf, tensor.grad_fn is None]


@PROGRAMS.alike
def a_decorated_generator_runs_without_recording_and_lets_its_caller_record(m, t):
    x = t(2.0)

    @m.no_grad()
    def values():
        for _ in range(2):
            yield m.is_grad_enabled(), (x * x).requires_grad

    return [[inside, m.is_grad_enabled(), (x * x).requires_grad] for inside in values()], m.is_grad_enabled()


@PROGRAMS.alike
def a_decorated_generator_is_sent_to_thrown_into_and_returns(m, t):
    found = []

    @m.no_grad()
    def values():
        try:
            found.append([(yield 1), m.is_grad_enabled()])
            yield 2
        except KeyError:
            found.append(["thrown", m.is_grad_enabled()])
            yield 3
        finally:
            found.append(["closed", m.is_grad_enabled()])
        return 4

    def returned():
        found.append((yield from values()))

    generator = values()
    found += [next(generator), generator.send("sent"), generator.throw(KeyError())]
    generator.close()
    found.append(list(returned()))
    return found, m.is_grad_enabled()


@PROGRAMS.alike
def a_decorated_method_and_its_name(m, t):
    class Model:
        @m.no_grad()
        def predict(self, x):
            """Say what it predicts."""
            return (x * 2.0).requires_grad, m.is_grad_enabled()

    return Model().predict(t(1.0)), Model.predict.__name__, Model.predict.__doc__, m.is_grad_enabled()


@PROGRAMS.alike
def set_grad_enabled_takes_a_condition(m, t):
    x, found = t(2.0), []
    for training in (True, False):
        with m.set_grad_enabled(training):
            found.append((x * x).requires_grad)
    return found, m.is_grad_enabled()


@PROGRAMS.alike
def modes_nest_and_survive_exceptions(m, t):
    found = []

    def fails():
        with m.no_grad(), m.enable_grad():
            found.append(m.is_grad_enabled())
            raise KeyError

    with m.no_grad():
        found.append([error(fails), m.is_grad_enabled()])
    return found, m.is_grad_enabled()


@PROGRAMS.alike
def the_mode_is_that_of_the_thread(m, t):
    found = []
    with m.no_grad():
        thread = threading.Thread(target=lambda: found.append([m.is_grad_enabled(), (t(2.0) * 2.0).requires_grad]))
        thread.start()
        thread.join()
        found.append(m.is_grad_enabled())
    return found


@PROGRAMS.alike
def a_leaf_made_under_no_grad_requires_a_gradient(m, t):
    with m.no_grad():
        x = t(2.0)
        y = x * x
    (x * x).backward()
    return kind(y), x.grad


@PROGRAMS.alike
def backward_under_no_grad_works_on_what_was_recorded(m, t):
    x = t(2.0)
    y = x * x
    with m.no_grad():
        y.backward()
    return x.grad, x.grad.requires_grad


@PROGRAMS.alike
def a_constant_made_of_a_recorded_value_under_no_grad_can_be_frozen_and_thawed(m, t):
    x = t([1.0, 2.0])
    with m.no_grad():
        y = x * 3.0
    y.requires_grad_()
    (x * y).sum().backward()
    return x.grad, y.grad


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_runs_as_in_pytorch(torch, program):
    check(torch, program)
