"""Pointwise primitives: each partial is a local derivative, one rule, in the operands' own terms.

The derivatives are those of Abramowitz and Stegun, Handbook of Mathematical Functions, 3.3, 4.1, 4.3-4.6; at kinks
they are PyTorch's: maximum and minimum split evenly, abs has 0 at 0, clip passes the slope at its edges.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import masked, pointwise
from autograd_lab.core.primitives.table import function, step_ufunc, ufunc

LN2 = math.log(2.0)
LN10 = math.log(10.0)

# -- arithmetic -------------------------------------------------------------------------------------------------------


def _power_base(out: Any, x: Any, y: Any) -> Any:
    """y * x**(y-1), and 0 where y is 0: x**0 is constant, even at x = 0, where the formula alone would be 0 * inf."""
    if np.all(y != 0):
        return y * np.power(x, y - 1.0)
    if np.all(y == 0):
        return 0.0
    return np.where(y == 0, 0.0, y * np.power(x, np.where(y == 0, 1.0, y - 1.0)))


def _over(x: Any, square: Any) -> Any:
    """x / square, and 0 at the origin, as in PyTorch."""
    if np.all(square != 0):
        return x / square
    return np.where(square == 0, 0.0, x / np.where(square == 0, 1.0, square))


def _power_exponent(out: Any, x: Any, y: Any) -> Any:
    """x**y * log(x), and 0 where x is 0 and y is not negative: the limit, and what PyTorch has."""
    vanishing = (x == 0) & (y >= 0)
    if np.all(vanishing):
        return 0.0
    if np.any(vanishing):
        return np.where(vanishing, 0.0, out * np.log(np.where(x == 0, 1.0, x)))
    return out * np.log(x)


ADD = ufunc(np.add, pointwise(lambda out, x, y: 1.0), pointwise(lambda out, x, y: 1.0))
SUBTRACT = ufunc(np.subtract, pointwise(lambda out, x, y: 1.0), pointwise(lambda out, x, y: -1.0))
MULTIPLY = ufunc(np.multiply, pointwise(lambda out, x, y: y), pointwise(lambda out, x, y: x))
DIVIDE = ufunc(np.divide, pointwise(lambda out, x, y: 1.0 / y), pointwise(lambda out, x, y: -out / y))
POWER = ufunc(np.power, pointwise(_power_base), pointwise(_power_exponent))
NEGATIVE = ufunc(np.negative, pointwise(lambda out, x: -1.0))
POSITIVE = ufunc(np.positive, pointwise(lambda out, x: 1.0))
ABSOLUTE = ufunc(np.absolute, pointwise(lambda out, x: np.sign(x)))
ufunc(np.fabs, pointwise(lambda out, x: np.sign(x)), notation="absolute")
ufunc(np.reciprocal, pointwise(lambda out, x: -(out**2)))
ufunc(np.square, pointwise(lambda out, x: 2.0 * x))
ufunc(np.sqrt, pointwise(lambda out, x: 1.0 / (2.0 * out)))
ufunc(np.cbrt, pointwise(lambda out, x: 1.0 / (3.0 * out**2)))

# -- exponentials and logarithms --------------------------------------------------------------------------------------

ufunc(np.exp, pointwise(lambda out, x: out))
ufunc(np.exp2, pointwise(lambda out, x: LN2 * out))
ufunc(np.expm1, pointwise(lambda out, x: out + 1.0))
ufunc(np.log, pointwise(lambda out, x: 1.0 / x))
ufunc(np.log2, pointwise(lambda out, x: 1.0 / (LN2 * x)))
ufunc(np.log10, pointwise(lambda out, x: 1.0 / (LN10 * x)))
ufunc(np.log1p, pointwise(lambda out, x: 1.0 / (1.0 + x)))

# -- trigonometric, hyperbolic, and their inverses --------------------------------------------------------------------

ufunc(np.sin, pointwise(lambda out, x: np.cos(x)))
ufunc(np.cos, pointwise(lambda out, x: -np.sin(x)))
ufunc(np.tan, pointwise(lambda out, x: 1.0 + out**2))
ufunc(np.arcsin, pointwise(lambda out, x: 1.0 / np.sqrt(1.0 - x**2)))
ufunc(np.arccos, pointwise(lambda out, x: -1.0 / np.sqrt(1.0 - x**2)))
ufunc(np.arctan, pointwise(lambda out, x: 1.0 / (1.0 + x**2)))
ufunc(
    np.arctan2,
    pointwise(lambda out, y, x: _over(x, x**2 + y**2)),
    pointwise(lambda out, y, x: -_over(y, x**2 + y**2)),
)
ufunc(np.hypot, pointwise(lambda out, x, y: x / out), pointwise(lambda out, x, y: y / out))
ufunc(np.sinh, pointwise(lambda out, x: np.cosh(x)))
ufunc(np.cosh, pointwise(lambda out, x: np.sinh(x)))
ufunc(np.tanh, pointwise(lambda out, x: 1.0 - out**2))
ufunc(np.arcsinh, pointwise(lambda out, x: 1.0 / np.sqrt(x**2 + 1.0)))
ufunc(np.arccosh, pointwise(lambda out, x: 1.0 / (np.sqrt(x - 1.0) * np.sqrt(x + 1.0))))
ufunc(np.arctanh, pointwise(lambda out, x: 1.0 / (1.0 - x**2)))

# -- selection: a local derivative of 0 says "not chosen", and passes nothing -----------------------------------------


def _chosen(loses: Any, ties: Any) -> Any:
    return np.where(loses, 0.0, np.where(ties, 0.5, 1.0))


ufunc(np.maximum, masked(lambda out, x, y: _chosen(x < y, x == y)), masked(lambda out, x, y: _chosen(y < x, x == y)))
ufunc(np.minimum, masked(lambda out, x, y: _chosen(x > y, x == y)), masked(lambda out, x, y: _chosen(y > x, x == y)))

WHERE = function(
    np.where,
    lambda condition, x, y: np.where(condition, x, y),
    (
        None,
        masked(lambda out, condition, x, y: np.where(condition, 1.0, 0.0)),
        masked(lambda out, condition, x, y: np.where(condition, 0.0, 1.0)),
    ),
    name="where",
)


def _inside(x: Any, low: Any, high: Any) -> Any:
    """Whether clip leaves x as it is: not so for nan."""
    return np.logical_and(x == x if low is None else x >= low, x == x if high is None else x <= high)  # noqa: PLR0124 - not for nan


def _below(x: Any, low: Any, high: Any) -> Any:
    """Whether clip gives its lower bound: crossed bounds give the upper one."""
    return np.logical_and(x < low, True if high is None else low < high)


def _above(x: Any, low: Any, high: Any) -> Any:
    return np.logical_or(x > high, False if low is None else high < low)


def _clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    if min is not None or max is not None:
        raise TypeError("np.clip on a Tensor takes its bounds as a_min and a_max, got min= or max=")
    return np.clip(a, a_min, a_max)


CLIP = function(
    np.clip,
    _clip,
    (
        masked(lambda out, a, low, high: np.where(_inside(a, low, high), 1.0, 0.0)),
        masked(lambda out, a, low, high: np.where(_below(a, low, high), 1.0, 0.0)),
        masked(lambda out, a, low, high: np.where(_above(a, low, high), 1.0, 0.0)),
    ),
)

# -- steps: flat almost everywhere ------------------------------------------------------------------------------------

for flat in (np.sign, np.floor, np.ceil, np.trunc, np.rint):
    ufunc(flat, pointwise(lambda out, x: 0.0))

LESS = step_ufunc(np.less, 2)
LESS_EQUAL = step_ufunc(np.less_equal, 2)
GREATER = step_ufunc(np.greater, 2)
GREATER_EQUAL = step_ufunc(np.greater_equal, 2)
EQUAL = step_ufunc(np.equal, 2)
NOT_EQUAL = step_ufunc(np.not_equal, 2)
AND = step_ufunc(np.bitwise_and, 2)
OR = step_ufunc(np.bitwise_or, 2)
INVERT = step_ufunc(np.invert, 1)
for test in (np.isnan, np.isinf, np.isfinite, np.signbit, np.logical_not):
    step_ufunc(test, 1)
for logical in (np.logical_and, np.logical_or, np.logical_xor):
    step_ufunc(logical, 2)
