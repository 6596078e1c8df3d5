"""Numbers as they are shown: 4 significant digits, 10 characters, the same on every machine."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograd_lab.explain.numbers import LONG_WIDTH, WIDTH, describe, number

SHOWN = [
    (3.0, "3"),
    (2.5838, "2.584"),
    (-0.41614683654714241, "-0.4161"),
    (1e-5, "1e-05"),
    (12345.0, "1.234e+04"),
    (99999.0, "1e+05"),
    (-1.2345e104, "-1.23e+104"),
    (-5e-324, "-4.94e-324"),
    (0.0, "0"),
    (-0.0, "0"),
    (float("nan"), "nan"),
    (float("inf"), "inf"),
    (-float("inf"), "-inf"),
    (7, "7"),
    (10**400, "1e+400"),
    (-(12345 * 10**400), "-1.23e+404"),
    (True, "True"),
    (np.float32(0.1), "0.1"),
    (np.int8(-3), "-3"),
    (np.bool_(False), "False"),
    (np.array(2.5838), "2.584"),
    (np.array([1.0, 2.0, 3.0]), "[1 2 3]"),
    ([1, 2], "[1 2]"),
    (np.array([-0.0, np.nan]), "[0 nan]"),
    (np.array([[1.0, 2.0]]), "[[1 2]]"),
    (np.array([0.12345, 0.5]), "(2,)"),
    (np.zeros((64, 128)), "64×128"),
    (np.zeros(784), "(784,)"),
    (np.zeros((640, 128, 3, 3)), "640×…×3"),
    (np.broadcast_to(0.0, (1000, 1000, 1000)), "3-d array"),
    (np.zeros(0), "[]"),
    (np.zeros((0, 3)), "0×3"),
]

DESCRIBED = [
    (2.5838, "2.584"),
    (np.array(3.0), "3"),
    (np.eye(2), "[[1 0] [0 1]]"),
    (np.full((64, 128), 0.1234), "float64 64×128, mean 0.1234"),
    (np.arange(784, dtype=np.float32), "float32 (784,), mean 391.5"),
    (np.zeros((0, 3)), "float64 0×3"),
    (np.zeros(0), "[]"),
    (np.array([np.inf] * 50 + [-np.inf]), "float64 (51,), mean nan"),
]


@pytest.mark.parametrize(("value", "shown"), SHOWN)
def test_a_value_is_shown_in_four_digits(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(("value", "shown"), DESCRIBED)
def test_a_sentence_has_small_arrays_in_full_and_large_ones_by_their_mean(value, shown):
    assert describe(value) == shown


def test_a_shape_too_long_for_the_room_is_a_number_of_dimensions():
    assert number(np.broadcast_to(0.0, (100000, 100000))) == "2-d array"
    assert number(np.broadcast_to(0.0, (1,) * 20)) == "1×…×1"


@pytest.mark.parametrize("value", ["3", None, 1j, np.array([1j]), np.array(["a"]), object()])
def test_what_is_not_real_is_a_type_error(value):
    with pytest.raises(TypeError, match="expected"):
        number(value)


@given(st.floats() | st.integers())
def test_every_number_fits_and_has_no_negative_zero(value):
    shown = number(value)
    assert len(shown) <= WIDTH
    assert shown != "-0"
    assert len(describe(value)) <= LONG_WIDTH


@given(st.floats(-1.797e308, 1.797e308))
def test_a_shown_number_read_back_is_shown_alike(value):
    assert number(float(number(value))) == number(value)


@given(st.floats(-1e15, 1e15).map(lambda x: float(f"{x:.5g}")), st.sampled_from([-np.inf, np.inf]))
def test_the_last_bit_of_a_tie_does_not_show(value, direction):
    assert number(np.nextafter(value, direction)) == number(value) or abs(value) < 1e-300


@given(
    arrays.arrays(st.sampled_from([np.float64, np.float32, np.int64, np.bool_]), arrays.array_shapes(min_dims=0, min_side=0))
)
def test_every_array_fits_on_one_line(value):
    assert len(number(value)) <= WIDTH
    assert len(describe(value)) <= LONG_WIDTH
    assert "\n" not in describe(value)


def test_what_rounding_left_of_a_zero_mean_does_not_show():
    values = np.sin(np.linspace(-np.pi, np.pi, 1001))
    assert describe(values) == "float64 (1001,), mean 0"
