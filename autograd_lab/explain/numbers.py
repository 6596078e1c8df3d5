"""Writes a value with 4 significant digits: `number` in 10 characters, `describe` in 60.

    number(2.5838)                 '2.584'            a slot of the picture, a cell of the table
    number(np.arange(1, 4))        '[1 2 3]'
    number(np.ones((64, 128)))     '64×128'
    describe(np.eye(2))            '[[1 0] [0 1]]'    a sentence, a transcript
    describe(np.ones((64, 128)))   'float64 64×128, mean 1'

The last bits of sin differ between CPUs, and a saved notebook must not. A value is therefore rounded
to 12 digits (float32: 6) before it is rounded to 4: 0.12345 and its neighbours, which straddle a tie, print alike.
What still can differ is a value within a last bit of a tie in the twelfth digit, which no lesson hits.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from autograd_lab.language import gettext as _

WIDTH = 10
LONG_WIDTH = 60
_DIGITS = 4
_FITTING_SIZE = 4  # "[1 2 3 4]" has 9 characters; no array of 5 values fits WIDTH
_LONG_FITTING_SIZE = LONG_WIDTH // 2


def number(value: object) -> str:
    """A number or a small array in at most 10 characters; a larger array as its shape.

    Shapes read "64×128"; that of a vector "(784,)", as NumPy writes it, since "784" would pass for a number.
    Zero has no sign. TypeError for what is not real: text, None, complex numbers.
    """
    array = _array(value)
    if array is None:
        return _scalar(value)
    if array.ndim == 0:
        return _scalar(array.item(), array.dtype)
    return _full(array, WIDTH, _FITTING_SIZE) or _shape(array.shape, WIDTH)


def describe(value: object) -> str:
    """A number or array in at most 60 characters: in full, or as dtype, shape and mean."""
    array = _array(value)
    if array is None or array.ndim == 0:
        return number(value)
    shown = outline(array)
    if not array.size or _full(array, LONG_WIDTH, _LONG_FITTING_SIZE) is not None:
        return shown
    return _("{array}, mean {mean}").format(array=shown, mean=number(mean(array)))


def outline(array: np.ndarray[Any, Any]) -> str:
    """An array in full, or as dtype and shape."""
    full = _full(array, LONG_WIDTH, _LONG_FITTING_SIZE)
    return f"{array.dtype} {_shape(array.shape, LONG_WIDTH // 2)}" if full is None else full


def _array(value: object) -> np.ndarray[Any, Any] | None:
    if isinstance(value, np.ndarray):
        array = value
    elif isinstance(value, (list, tuple)):
        array = np.asarray(value)
    else:
        return None
    if array.dtype.kind not in "biuf":
        raise TypeError(_("expected real numbers, got an array of dtype {dtype}").format(dtype=array.dtype))
    return array


def rounded(value: Any, dtype: np.dtype[Any] | None = None) -> float:
    """A scalar without its last bits, which differ between CPUs. OverflowError for an int beyond the floats."""
    single = (dtype if dtype is not None else getattr(value, "dtype", None)) == np.float32
    return float(f"{float(value):.{6 if single else 12}g}")


def _scalar(value: Any, dtype: np.dtype[Any] | None = None) -> str:
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(_("expected a real number or an array of them, got {type}").format(type=type(value).__name__))
    exact: float | _Big
    try:
        exact = rounded(value, dtype)
    except OverflowError:
        exact = _Big(int(value))
    candidates = [f"{exact:.{digits}g}" for digits in range(_DIGITS, 0, -1)]
    shown = next((text for text in candidates if len(text) <= WIDTH), candidates[-1])
    return "0" if shown == "-0" else shown


class _Big:
    """An int too large for a float, formatted as a float would be."""

    def __init__(self, value: int) -> None:
        self._value = Decimal(value)

    def __format__(self, spec: str) -> str:
        digits = int(spec[1:-1])
        mantissa, __, exponent = f"{self._value:.{digits - 1}e}".partition("e")
        short = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{short}e{exponent}"


def _full(array: np.ndarray[Any, Any], width: int, size: int) -> str | None:
    """Every value in NumPy's brackets, on one line; None if that does not fit."""
    if array.size > size or array.ndim > width // 2 or (array.size == 0 and array.ndim != 1):
        return None
    shown = _nested(array)
    return shown if len(shown) <= width else None


def _nested(array: np.ndarray[Any, Any]) -> str:
    if array.ndim == 0:
        return _scalar(array.item(), array.dtype)
    return "[" + " ".join(_nested(array[i, ...]) for i in range(len(array))) + "]"


def _shape(shape: tuple[int, ...], width: int) -> str:
    candidates = [f"({shape[0]},)"] if len(shape) == 1 else ["×".join(map(str, shape))]
    if len(shape) > 2:
        candidates.append(f"{shape[0]}×…×{shape[-1]}")
    return next((shown for shown in candidates if len(shown) <= width), _("{count}-d array").format(count=len(shape)))


def mean(array: np.ndarray[Any, Any]) -> float:
    """The mean, and 0 where it is only what rounding left of values that cancel."""
    with np.errstate(all="ignore"):
        found = float(np.mean(array, dtype=np.float64))
        scale = max(abs(float(np.min(array))), abs(float(np.max(array))))
    negligible = scale * (1e-6 if array.dtype.itemsize < 8 and array.dtype.kind == "f" else 1e-12)
    return 0.0 if abs(found) <= negligible < np.inf else found
