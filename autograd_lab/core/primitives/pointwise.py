"""Pointwise primitives: each partial is a local derivative, one rule, in the operands' own terms.

The derivatives are those of Abramowitz and Stegun, Handbook of Mathematical Functions, 3.3, 4.1, 4.3-4.6; at kinks
they are PyTorch's: maximum and minimum split evenly, fmax and fmin give a tie to the first, abs has 0 at 0, clip
passes the slope at its edges.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Primitive, masked, pointwise
from autograd_lab.core.primitives.table import composed, function, own, step_ufunc, ufunc

LN2 = math.log(2.0)
LN10 = math.log(10.0)
DEGREE = math.pi / 180.0
HALF, ONE, NOTHING = np.float32(0.5), np.float32(1.0), np.float32(0.0)  # exact, and promote no float32

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
        return np.where(vanishing, 0.0, out * np.log(np.where(vanishing, 1.0, x)))
    return out * np.log(x)


ADD = ufunc(np.add, pointwise(lambda out, x, y: 1.0), pointwise(lambda out, x, y: 1.0))
SUBTRACT = ufunc(np.subtract, pointwise(lambda out, x, y: 1.0), pointwise(lambda out, x, y: -1.0))
MULTIPLY = ufunc(np.multiply, pointwise(lambda out, x, y: y), pointwise(lambda out, x, y: x))
DIVIDE = ufunc(np.divide, pointwise(lambda out, x, y: 1.0 / y), pointwise(lambda out, x, y: -x / y**2))
POWER = ufunc(np.power, pointwise(_power_base), pointwise(_power_exponent))
ufunc(np.float_power, pointwise(_power_base), pointwise(_power_exponent), notation="power")
NEGATIVE = ufunc(np.negative, pointwise(lambda out, x: -1.0))
POSITIVE = ufunc(np.positive, pointwise(lambda out, x: 1.0))
ABSOLUTE = ufunc(np.absolute, pointwise(lambda out, x: np.sign(x)))
ufunc(np.fabs, pointwise(lambda out, x: np.sign(x)), notation="absolute")
ufunc(np.reciprocal, pointwise(lambda out, x: -(out**2)))
ufunc(np.square, pointwise(lambda out, x: 2.0 * x))
ufunc(np.sqrt, pointwise(lambda out, x: 1.0 / (2.0 * out)))
ufunc(np.cbrt, pointwise(lambda out, x: 1.0 / (3.0 * out**2)))
CONJUGATE = ufunc(np.conjugate, pointwise(lambda out, x: 1.0))
REMAINDER = ufunc(np.remainder, pointwise(lambda out, x, y: 1.0), pointwise(lambda out, x, y: -np.floor_divide(x, y)))
ufunc(np.fmod, pointwise(lambda out, x, y: 1.0), pointwise(lambda out, x, y: -np.trunc(x / y)))
ufunc(np.copysign, pointwise(lambda out, x, y: np.sign(x) * np.copysign(1.0, y)), pointwise(lambda out, x, y: 0.0))
ufunc(np.ldexp, pointwise(lambda out, x, i: np.ldexp(1.0, i)), None)
for to_radians in (np.deg2rad, np.radians):
    ufunc(to_radians, pointwise(lambda out, x: DEGREE))
for to_degrees in (np.rad2deg, np.degrees):
    ufunc(to_degrees, pointwise(lambda out, x: 1.0 / DEGREE))

# -- exponentials and logarithms --------------------------------------------------------------------------------------

ufunc(np.exp, pointwise(lambda out, x: out))
ufunc(np.exp2, pointwise(lambda out, x: LN2 * out))
ufunc(np.expm1, pointwise(lambda out, x: out + 1.0))
ufunc(np.log, pointwise(lambda out, x: 1.0 / x))
ufunc(np.log2, pointwise(lambda out, x: 1.0 / (LN2 * x)))
ufunc(np.log10, pointwise(lambda out, x: 1.0 / (LN10 * x)))
ufunc(np.log1p, pointwise(lambda out, x: 1.0 / (1.0 + x)))


def _weight(out: Any, x: Any, y: Any, exp: Any, logaddexp: Any) -> Any:
    """exp(x - out), the softmax weight of x beside y; where x is infinite, 1 / (1 + exp(y - x)), which has a value there."""
    if np.all(x < math.inf):
        return exp(x - out)
    return exp(-logaddexp(0.0, y - x))


ufunc(
    np.logaddexp,
    pointwise(lambda out, x, y: _weight(out, x, y, np.exp, np.logaddexp)),
    pointwise(lambda out, x, y: _weight(out, y, x, np.exp, np.logaddexp)),
)
ufunc(
    np.logaddexp2,
    pointwise(lambda out, x, y: _weight(out, x, y, np.exp2, np.logaddexp2)),
    pointwise(lambda out, x, y: _weight(out, y, x, np.exp2, np.logaddexp2)),
)

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


def _sinc_derivative(x: Any, order: int) -> Any:
    """sinc differentiated k times: x f(k) + k f(k-1) = pi**(k-1) sin(pi x + k pi/2), and near 0 Maclaurin's series."""
    near = np.abs(x) < 1.0
    far = np.where(near, 1.0, x)
    result = np.sinc(far)
    for k in range(1, order + 1):
        result = (math.pi ** (k - 1) * np.sin(math.pi * far + k * math.pi / 2.0) - k * result) / far
    small = np.where(near, x, 0.0)
    series: Any = 0.0
    for m in range((order + 1) // 2, order + 20):  # sinc(x) is the sum of (-1)**m (pi x)**(2m) / (2m + 1)!
        series = series + (-1.0) ** m * math.pi ** (2 * m) / ((2 * m + 1) * math.factorial(2 * m - order)) * small ** (
            2 * m - order
        )
    return np.where(near, series, result)[()]


SINC_DERIVATIVE: Primitive = own(
    Primitive(
        "sinc_derivative",
        _sinc_derivative,
        (pointwise(lambda out, x, order: SINC_DERIVATIVE(x, order=order + 1)),),
    )
)


def _sinc_slope(out: Any, x: Any) -> Any:
    """(cos(pi x) - sinc(x)) / x; near 0, where that difference has few digits left, the same by its series."""
    return SINC_DERIVATIVE(x, order=1) if np.any(np.abs(x) < 1.0) else (np.cos(math.pi * x) - out) / x


function(np.sinc, lambda x: np.sinc(x), (pointwise(_sinc_slope),))

# -- selection: a local derivative of 0 says "not chosen", and passes nothing. Masks of bools say it at the least cost --


def _share(loses: Any, ties: Any) -> Any:
    """1 for an operand that is chosen, 0 for one that loses, half for one that ties."""
    if loses.__class__ is bool:
        return 0.0 if loses else 0.5 if ties else 1.0
    if np.count_nonzero(ties):
        return np.where(loses, NOTHING, np.where(ties, HALF, ONE))
    return np.logical_not(loses)


ufunc(np.maximum, masked(lambda out, x, y: _share(x < y, x == y)), masked(lambda out, x, y: _share(y < x, x == y)))
ufunc(np.minimum, masked(lambda out, x, y: _share(x > y, x == y)), masked(lambda out, x, y: _share(y > x, x == y)))


def _first_is_larger(x: Any, y: Any) -> Any:
    """Whether fmax chooses its first operand: also in a tie, and beside a nan."""
    return (x >= y) | np.isnan(y)


def _first_is_smaller(x: Any, y: Any) -> Any:
    return (x <= y) | np.isnan(y)


ufunc(
    np.fmax,
    masked(lambda out, x, y: _first_is_larger(x, y)),
    masked(lambda out, x, y: np.logical_not(_first_is_larger(x, y))),
)
ufunc(
    np.fmin,
    masked(lambda out, x, y: _first_is_smaller(x, y)),
    masked(lambda out, x, y: np.logical_not(_first_is_smaller(x, y))),
)

WHERE = function(
    np.where,
    lambda condition, x, y: np.where(condition, x, y),
    (
        None,
        masked(lambda out, condition, x, y: condition != 0),
        masked(lambda out, condition, x, y: condition == 0),
    ),
    name="where",
)


def _inside(x: Any, low: Any, high: Any) -> Any:
    """Whether clip leaves x as it is: not so for nan."""
    if low is None or high is None:
        return x <= high if low is None and high is not None else x >= low if low is not None else x == x  # noqa: PLR0124 - not for nan
    return (x >= low) & (x <= high)


def _below(x: Any, low: Any, high: Any) -> Any:
    """Whether clip gives its lower bound: crossed bounds give the upper one."""
    return x < low if high is None else (x < low) & (low < high)


def _above(x: Any, low: Any, high: Any) -> Any:
    return x > high if low is None else (x > high) | (high < low)


def _bind_clip(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """NumPy's two ways to give the bounds, by position and as min= and max=."""
    given = dict(zip(("a", "a_min", "a_max", "out"), args, strict=False)) | kwargs
    if given.pop("out", None) is not None:
        raise TypeError("np.clip on a Tensor takes no 'out': the graph records new values")
    operands = given.pop("a"), *(given.pop(f"a_{bound}", given.pop(bound, None)) for bound in ("min", "max"))
    for keyword in given:
        raise TypeError(f"np.clip on a Tensor has no derivative rule for {keyword!r}: it takes a, a_min, a_max or min, max")
    return operands, {}


CLIP = function(
    np.clip,
    lambda a, a_min, a_max: np.clip(a, a_min, a_max),
    (
        masked(lambda out, a, low, high: _inside(a, low, high)),
        masked(lambda out, a, low, high: _below(a, low, high)),
        masked(lambda out, a, low, high: _above(a, low, high)),
    ),
    bind=_bind_clip,
)


def _nan_to_num(x: Any, copy: Any = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    if copy is not True:
        raise TypeError("np.nan_to_num on a Tensor takes no copy=False: the graph records new values")
    return np.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


function(np.nan_to_num, _nan_to_num, (masked(lambda out, x, **_kw: np.isfinite(x)),))

# -- angles that jump by whole turns, and parts of numbers that are real ----------------------------------------------

function(
    np.unwrap,
    lambda p, discont=None, axis=-1, *, period=2.0 * math.pi: np.unwrap(p, discont, axis, period=period),
    (pointwise(lambda out, p, **_kw: 1.0),),
)


@composed(np.real)
def _real(val: Any) -> Any:
    return val


@composed(np.real_if_close)
def _real_if_close(a: Any, tol: Any = 100) -> Any:
    return a


# -- steps: flat almost everywhere ------------------------------------------------------------------------------------

for flat in (np.sign, np.floor, np.ceil, np.trunc, np.rint):
    ufunc(flat, pointwise(lambda out, x: 0.0))
FLOOR_DIVIDE = ufunc(np.floor_divide, pointwise(lambda out, x, y: 0.0), pointwise(lambda out, x, y: 0.0))
ufunc(np.heaviside, pointwise(lambda out, x, y: 0.0), masked(lambda out, x, y: x == 0.0))
function(np.fix, lambda x: np.fix(x), (pointwise(lambda out, x: 0.0),))
ROUND = function(
    (np.round, np.around), lambda a, decimals=0: np.round(a, decimals), (pointwise(lambda out, a, decimals=0: 0.0),)
)

LESS = step_ufunc(np.less, 2)
LESS_EQUAL = step_ufunc(np.less_equal, 2)
GREATER = step_ufunc(np.greater, 2)
GREATER_EQUAL = step_ufunc(np.greater_equal, 2)
EQUAL = step_ufunc(np.equal, 2)
NOT_EQUAL = step_ufunc(np.not_equal, 2)
AND = step_ufunc(np.bitwise_and, 2)
OR = step_ufunc(np.bitwise_or, 2)
XOR = step_ufunc(np.bitwise_xor, 2)
INVERT = step_ufunc(np.invert, 1)
for test in (np.isnan, np.isinf, np.isfinite, np.signbit, np.logical_not):
    step_ufunc(test, 1)
for logical in (np.logical_and, np.logical_or, np.logical_xor):
    step_ufunc(logical, 2)
