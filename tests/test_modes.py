"""no_grad, enable_grad, set_grad_enabled: what is recorded, in which thread, and what holds again afterwards."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import autograd_lab as lab


def recorded():
    x = lab.tensor(2.0, requires_grad=True)
    return (x * x).requires_grad


SWITCHES = [
    (lab.no_grad, False),
    (lab.enable_grad, True),
    (lambda: lab.set_grad_enabled(False), False),
    (lambda: lab.set_grad_enabled(True), True),
]


@pytest.mark.parametrize("outside", [True, False])
@pytest.mark.parametrize(("switch", "inside"), SWITCHES)
def test_a_context_switches_and_restores_whatever_was_before(switch, inside, outside):
    with lab.enable_grad() if outside else lab.no_grad():
        with switch():
            assert lab.is_grad_enabled() is recorded() is inside
        assert lab.is_grad_enabled() is recorded() is outside
    assert lab.is_grad_enabled()


@pytest.mark.parametrize(("switch", "inside"), SWITCHES)
def test_a_context_restores_after_an_exception(switch, inside):
    with pytest.raises(KeyError), switch():
        raise KeyError
    assert lab.is_grad_enabled()


@pytest.mark.parametrize(("switch", "inside"), SWITCHES)
def test_a_decorator_switches_for_each_call_and_keeps_the_name(switch, inside):
    @switch()
    def f(a, *, b=1):
        """What f does."""
        return a, b, recorded()

    assert lab.is_grad_enabled()
    assert f(1, b=2) == (1, 2, inside)
    assert (f.__name__, f.__doc__) == ("f", "What f does.")
    assert lab.is_grad_enabled()


@pytest.mark.parametrize(("bare", "inside"), [(lab.no_grad, False), (lab.enable_grad, True)])
def test_the_bare_decorator_works_as_the_called_one(bare, inside):
    @bare
    def f(a):
        return a, recorded()

    assert f(1) == (1, inside)
    assert f.__name__ == "f"
    assert lab.is_grad_enabled()


def test_a_decorated_function_restores_after_an_exception_and_in_recursion():
    @lab.no_grad()
    def countdown(n):
        assert not lab.is_grad_enabled()
        if n == 0:
            raise KeyError
        countdown(n - 1)

    with pytest.raises(KeyError):
        countdown(3)
    assert lab.is_grad_enabled()


def test_one_context_object_can_be_entered_again_and_inside_itself():
    switch = lab.no_grad()
    with switch:
        with lab.enable_grad(), switch:
            assert not lab.is_grad_enabled()
        assert not lab.is_grad_enabled()
    assert lab.is_grad_enabled()
    with switch:
        assert not lab.is_grad_enabled()
    assert lab.is_grad_enabled()


def test_set_grad_enabled_called_alone_stays():
    lab.set_grad_enabled(False)
    try:
        assert not recorded()
    finally:
        lab.set_grad_enabled(True)
    assert recorded()


def test_a_result_of_no_grad_is_a_constant_that_says_so():
    x = lab.tensor(2.0, requires_grad=True)
    with lab.no_grad():
        y = x * 3.0
        leaf = lab.tensor(1.0, requires_grad=True)
    assert (y.requires_grad, y.is_leaf, y.grad_fn) == (False, True, None)
    assert leaf.requires_grad  # a leaf asks for it by name
    (constant,) = lab.graph_of(x * y).constants
    assert constant.origin == "no_grad"


def test_backward_works_under_no_grad_on_what_was_recorded_before():
    x = lab.tensor(3.0, requires_grad=True)
    y = x * x
    with lab.no_grad():
        y.backward()
        assert not lab.is_grad_enabled()
    assert x.grad.item() == 6.0
    assert not x.grad.requires_grad


def test_backward_and_sweeps_leave_the_mode_as_it_was():
    x = lab.tensor(3.0, requires_grad=True)
    (x * x).backward(create_graph=True)
    assert lab.is_grad_enabled()
    with lab.no_grad():
        lab.trace(lambda x: x * x, 1.0).reverse()
        assert not lab.is_grad_enabled()


def test_the_mode_is_per_thread_and_new_threads_record():
    found = []
    with lab.no_grad():
        thread = threading.Thread(target=lambda: found.append((lab.is_grad_enabled(), recorded())))
        thread.start()
        thread.join()
        assert not recorded()
    assert found == [(True, True)]


def test_threads_do_not_disturb_each_other():
    barrier = threading.Barrier(2, timeout=10)
    found = {}

    def work(name, switch):
        with switch:
            barrier.wait()
            found[name] = [recorded() for _ in range(200)]
            barrier.wait()

    switches = {"on": lab.enable_grad(), "off": lab.no_grad()}
    threads = [threading.Thread(target=work, args=item) for item in switches.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"on": [True] * 200, "off": [False] * 200}


def test_two_threads_accumulate_in_graphs_of_their_own():
    results = []

    def work(seed):
        x = lab.tensor(float(seed), requires_grad=True)
        y = x
        for _ in range(300):
            y = y + x
        y.backward()
        results.append(x.grad.item())

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [301.0] * 4


def test_a_coroutine_may_use_the_context():
    async def work():
        with lab.no_grad():
            await asyncio.sleep(0)
            return recorded()

    with ThreadPoolExecutor(1) as pool:  # a thread without an event loop: a browser test may have left one running in this
        assert pool.submit(asyncio.run, work()).result() is False
        assert pool.submit(lab.is_grad_enabled).result()
