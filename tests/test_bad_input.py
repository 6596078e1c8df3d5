"""Bad input gets a clear error and loses nothing: no value leaves the graph in silence, and what is odd is shown as it is."""

import math
from xml.dom.minidom import parseString

import numpy as np
import pytest

import autograd_lab as lab


def leaf(value, name=None):
    return lab.tensor(value, requires_grad=True, name=name)


def vector():
    return leaf([1.0, 2.0, 3.0], "x")


def matrix():
    return leaf(np.eye(2))


# what is called, with which Tensor, and what the message must name
WITHOUT_RULE = [
    (lambda x: np.linalg.eig(x), matrix, "np.linalg.eigh"),
    (lambda x: np.linalg.lstsq(x, [1.0, 2.0]), matrix, "np.linalg.pinv"),
    (lambda x: np.linalg.svd(x[:1]), matrix, "full_matrices=False"),
    (lambda x: np.linalg.qr(x, mode="raw"), matrix, "mode='raw'"),
    (lambda x: np.trace(x, dtype=int), matrix, "dtype=int64"),
    (lambda x: np.pad(x, 1, mode="median"), vector, "mode='median'"),
    (lambda x: np.fft.fft(x), vector, "np.fft.fft"),
    (lambda x: np.roots(x), vector, "np.roots"),
    (lambda x: np.sort_complex(x), vector, "np.sort_complex"),
    (lambda x: np.interp(x, [0.0, 1.0], [0.0, 1.0]), vector, "np.interp"),
    (lambda x: np.histogram(x), vector, "np.histogram"),
    (lambda x: np.spacing(x), vector, "np.spacing"),
    (lambda x: np.nextafter(x, 0.5), vector, "np.nextafter"),
    (lambda x: np.modf(x), vector, "np.trunc"),
    (lambda x: np.divmod(x, 2.0), vector, "np.floor_divide and np.remainder"),
    (lambda x: np.frexp(x), vector, "np.log2"),
    (lambda x: np.put(x, [0], 1.0), vector, "np.put writes in place"),
    (lambda x: np.place(x, [True, False, False], [1.0]), vector, "np.place writes in place"),
    (lambda x: np.putmask(np.ones(3), [True, False, False], x), vector, "np.where"),
    (lambda x: np.copyto(x, 1.0), vector, "np.where"),
    (lambda x: np.fill_diagonal(x, 1.0), matrix, "np.eye"),
    (lambda x: np.put_along_axis(x, np.array([0]), 1.0, 0), vector, "np.where"),
    (lambda x: x.sort(), vector, "np.sort(x)"),
    (lambda x: x.partition(1), vector, "np.partition(x, kth)"),
    (lambda x: np.quantile(x, x), vector, "q"),
    (lambda x: np.median(x, overwrite_input=True), vector, "overwrite_input"),
    (lambda x: np.nan_to_num(x, copy=False), vector, "copy"),
    (lambda x: np.nansum(x, out=np.zeros(())), vector, "out"),
    (lambda x: np.nanmax(x, initial=0.0), vector, "initial"),
    (lambda x: np.sum(x, None, None, np.zeros(())), vector, "out"),
    (lambda x: np.unique(x, axis=0), matrix, "axis"),
    (lambda x: np.take(x, x), vector, "integers"),
    (lambda x: np.add.reduce(x), vector, "np.add.reduce"),
    (lambda x: np.add.accumulate(x), vector, "np.add.accumulate"),
    (lambda x: np.add.reduceat(x, [0, 1]), vector, "np.add.reduceat"),
    (lambda x: np.multiply.outer(x, x), vector, "np.multiply.outer"),
    (lambda x: np.add.at(np.zeros(3), [0, 1, 2], x), vector, "np.add.at"),
    (lambda x: np.add(x, 1.0, out=np.zeros(3)), vector, "out"),
    (lambda x: np.add(np.ones(3), 1.0, out=x), vector, "out"),
    (lambda x: np.sum(x, out=np.zeros(())), vector, "out"),
    (lambda x: np.concatenate([x, x], out=np.zeros(6)), vector, "out"),
    (lambda x: np.clip(x, 0.0, 1.0, out=np.zeros(3)), vector, "out"),
    (lambda x: np.add(x, 1.0, where=[True, False, True]), vector, "where"),
    (lambda x: np.sum(x, where=[True, False, True]), vector, "where"),
    (lambda x: np.max(x, initial=0.0), vector, "initial"),
    (lambda x: np.add(x, 1.0, dtype=int), vector, "dtype"),
    (lambda x: np.sum(x, dtype=int), vector, "dtype=int64"),
    (lambda x: x.mean(dtype=bool), vector, "dtype=bool"),
    (lambda x: np.concatenate([x, x], dtype=np.float32), vector, "dtype"),
    (lambda x: np.add(x, 1.0, casting="unsafe"), vector, "casting"),
    (lambda x: np.add(x, 1.0, order="F"), vector, "order"),
    (lambda x: np.reshape(x, (3, 1), order="F"), vector, "order"),
    (lambda x: np.einsum("i->i", x, casting="safe"), vector, "casting"),
]


@pytest.mark.parametrize(("call", "make", "word"), WITHOUT_RULE)
def test_what_has_no_rule_is_a_type_error_that_names_it(call, make, word):
    with pytest.raises(TypeError) as error:
        call(make())
    assert word in str(error.value)


@pytest.mark.parametrize(("call", "make", "word"), WITHOUT_RULE)
def test_it_is_refused_under_no_grad_and_for_constants_alike(call, make, word):
    with lab.no_grad(), pytest.raises(TypeError):
        call(make())
    with pytest.raises(TypeError):
        call(make().detach())


def test_the_error_says_what_to_do_instead():
    with pytest.raises(TypeError, match=r"lab\.primitive.*x\.detach\(\)\.numpy\(\)"):
        np.roots(vector())
    with pytest.raises(TypeError, match=r"np\.where"):
        np.add(vector(), 1.0, where=[True, False, True])


def test_a_refused_output_array_keeps_its_values():
    out = np.full(3, 7.0)
    with pytest.raises(TypeError):
        np.add(vector(), 1.0, out=out)
    np.testing.assert_array_equal(out, 7.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.array(x), lambda x: np.asarray(x), lambda x: np.array([x, x]), lambda x: np.array([x[0], 1.0]),
        lambda x: np.array(x * 2.0), lambda x: np.asarray([x]), lambda x: np.array([[x]]),
    ],
)  # fmt: skip
def test_an_array_of_a_tensor_that_records_is_refused(call):
    with pytest.raises(RuntimeError, match=r"Can't call numpy\(\).*np\.stack"):
        call(vector())


def test_writing_a_recorded_tensor_into_an_array_is_refused():
    array = np.zeros(3)
    with pytest.raises(RuntimeError):
        array[:] = vector()
    with pytest.raises(RuntimeError):
        array[0:1] = vector()[0:1]
    np.testing.assert_array_equal(array, 0.0)


def test_an_in_place_operator_of_an_array_with_a_tensor_is_refused():
    array = np.zeros(3)
    with pytest.raises(TypeError, match="out"):
        array += vector()
    np.testing.assert_array_equal(array, 0.0)


def test_arrays_of_what_does_not_record_are_given():
    np.testing.assert_array_equal(np.array(lab.tensor([1.0, 2.0])), [1.0, 2.0])
    np.testing.assert_array_equal(np.array([lab.tensor(1.0), vector().detach()[1]]), [1.0, 2.0])
    assert np.asarray(lab.tensor([1.0]), dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize("call", [float, math.sin, math.exp, lambda x: math.pow(x, 2)])
def test_float_works_and_warns_that_it_leaves_the_graph(call):
    with pytest.warns(UserWarning, match=r"np\.sin\(x\).*math\.sin.*x\.item\(\)"):
        value = call(leaf(0.5))
    assert value == call(0.5)


def test_what_is_meant_to_leave_the_graph_does_not_warn():
    x = leaf(0.5)
    assert x.item() == 0.5
    assert float(x.detach()) == 0.5
    assert float(lab.tensor(0.5)) == 0.5
    assert f"{x:.1f}" == "0.5"
    assert bool(x)
    with lab.no_grad():
        assert math.sin(x) == math.sin(0.5)


def test_the_slip_of_math_sin_is_refused_by_trace_when_nothing_is_left():
    with pytest.warns(UserWarning, match="np.sin"), pytest.raises(TypeError, match="returned float"):
        lab.trace(lambda x: math.sin(x), 0.5)


@pytest.mark.parametrize(
    "data",
    [1j, [1.0, 2j], np.array([1j]), "text", ["a"], None, [None], object(), [[1.0], [1.0, 2.0]], {"a": 1.0}, b"1", [1.0, "2"]],
)
def test_a_tensor_is_made_of_real_numbers_only(data):
    with pytest.raises(TypeError):
        lab.tensor(data)


@pytest.mark.parametrize("other", [1j, np.array([1j, 1.0, 2.0]), "text", None, object(), {}])
@pytest.mark.parametrize(
    "operation", [lambda a, b: a + b, lambda a, b: b * a, lambda a, b: a / b, lambda a, b: b**a, lambda a, b: np.maximum(a, b)]
)
def test_an_operand_that_is_no_real_number_is_a_type_error(operation, other):
    with pytest.raises(TypeError):
        operation(vector(), other)


def test_a_list_with_tensors_is_joined_by_stack():
    x = leaf(2.0)
    with pytest.raises(TypeError, match=r"np\.stack"):
        lab.tensor([x, 3.0])
    assert np.stack([x, 3.0]).requires_grad


@pytest.mark.parametrize("call", [lambda x: np.sum(np.ones(3), axis=x), lambda x: np.reshape(np.ones(3), x)])
def test_a_tensor_where_a_plain_number_belongs_is_a_type_error(call):
    with pytest.raises(TypeError):
        call(leaf(1.0))


# -- nan, inf, empty, large -------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("f", "at", "value", "gradient"),
    [
        (lambda x: 1.0 / x, 0.0, "inf", "-inf"),
        (lambda x: np.log(x), 0.0, "-inf", "inf"),
        (lambda x: np.sqrt(x), -1.0, "nan", "nan"),
        (lambda x: np.exp(x), 1000.0, "inf", "inf"),
        (lambda x: x - x / 0.0, 1.0, "-inf", "-inf"),
        (lambda x: np.sin(x), np.inf, "nan", "nan"),
        (lambda x: x * 2.0, np.nan, "nan", "2"),
        (lambda x: x**0.5, 0.0, "0", "inf"),
        (lambda x: x**-1, 0.0, "inf", "-inf"),
        (lambda x: 10.0**x, 400.0, "inf", "inf"),
        (lambda x: x**400, 10.0, "inf", "inf"),
        (lambda x: x ** (1 / 3), -8.0, "nan", "nan"),
    ],
)
def test_nan_and_inf_are_followed_and_shown(f, at, value, gradient):
    graph = lab.trace(f, at)
    assert str(graph).splitlines()[-1].endswith(f" = {value}")
    for sweep in (graph.reverse(), graph.forward()):
        assert str(sweep).endswith(f" = {gradient}")
        assert all(step.text and step.latex for step in sweep)


def test_empty_arrays_go_through():
    graph = lab.trace(lambda x, y: np.sum(x * y + np.sin(x)), np.ones((0, 3)), np.ones(3))
    assert graph.outputs[0].value == 0.0
    result = graph.reverse().result
    assert result["w1"].shape == (0, 3)
    np.testing.assert_array_equal(result["w2"], np.zeros(3))
    assert graph.forward("y", seed=np.ones(3)).result["w6"] == 0.0
    assert all(step.text and step.latex for step in graph.reverse())
    assert "0×3" in str(graph)


def test_large_arrays_have_short_labels_and_lines():
    graph = lab.trace(lambda W, x: np.sum(np.tanh(W @ x) ** 2), np.ones((300, 400)), np.ones(400))
    assert [n.label for n in graph.nodes] == ["w1", "w2", "w3", "w4", "w5", "w6"]
    assert max(map(len, str(graph).splitlines())) < 80
    assert max(map(len, str(graph.reverse()).splitlines())) < 400
    assert max(len(step.latex) for step in graph.reverse()) < 600
    assert max(len(n.expression) for n in graph.nodes) < 60


HOSTILE = [
    "<script>alert(1)</script>", "</svg>", "a&b", "quote\"'`", "back\\slash", "new\nline", "tab\t", "{}", "$x$", "%s",
    "\\frac{1}{2}",
    "שלום", "\u202eabc", "😀", "한국어", "\x00", "\x1b[31m", " ", "w1", "a" * 500, "x=1", "]]>", "-->", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_are_names(name):
    x, y = leaf(2.0, name), leaf(3.0, "y")
    graph = lab.graph_of(x * y + np.sin(x))
    assert graph.node(name).name == name
    sweep = graph.forward(name)
    assert sweep.result[graph.outputs[0].label] == 3.0 + np.cos(2.0)
    for text in (str(graph), str(sweep), str(graph.reverse()), *(step.text for step in sweep)):
        assert len(text.splitlines()) == text.count("\n") + 1
        text.encode()
        assert not set(text) & set("\x00\x1b\u202e")
    assert all(step.latex for step in sweep)
    assert len(str(graph).splitlines()) == 6
    assert len(str(sweep).splitlines()) == 8


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_give_valid_pictures_without_script(name):
    graph = lab.graph_of(leaf(2.0, name) * leaf(3.0, "y"))
    assert graph.to_dot()
    document = parseString(graph.to_svg().encode())  # noqa: S318 - our own text
    assert not document.getElementsByTagName("script")
    assert len([g for g in document.getElementsByTagName("g") if g.hasAttribute("data-node")]) == 3


@pytest.mark.parametrize("name", [3, ("a",), b"x", 1.0])
def test_a_name_is_text(name):
    with pytest.raises(TypeError, match="name is text"):
        lab.tensor(1.0, name=name)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: lab.primitive("", np.sin, lab.pointwise(lambda out, x: np.cos(x))), ValueError, "name"),
        (lambda: lab.primitive("f", np.sin), ValueError, "one partial an argument"),
        (lambda: lab.primitive("f", np.sin, np.cos), TypeError, "pointwise(rule)"),
        (lambda: lab.tensor(1.0, dtype=complex), TypeError, "real"),
        (lambda: lab.tensor([1, 2], requires_grad=True), RuntimeError, "give floats"),
    ],
)
def test_other_misuse_says_what_is_wrong(call, kind, words):
    with pytest.raises(kind) as error:
        call()
    assert words in str(error.value)


def test_a_refused_call_leaves_the_tensor_usable():
    x = vector()
    refused = [call for call, make, _ in WITHOUT_RULE if make is vector]
    for call in refused[:4]:
        with pytest.raises(TypeError):
            call(x)
    np.sum(x * x).backward()
    np.testing.assert_array_equal(x.grad.numpy(), [2.0, 4.0, 6.0])
