"""Products of arrays: matmul, dot, outer, tensordot, einsum. Each is linear in each operand.

The transposes are those of Giles, Collected Matrix Derivative Results for Forward and Reverse Mode Algorithmic
Differentiation (2008), section 2.2: for C = A B, the adjoint of A is that of C times B transposed.
"""

from __future__ import annotations

from string import ascii_letters
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Family, Partial, bilinear
from autograd_lab.core.primitives.table import function, ufunc

# -- matmul -----------------------------------------------------------------------------------------------------------


def _column(v: Any) -> Any:
    return np.reshape(v, (*np.shape(v), 1))


def _row(v: Any) -> Any:
    shape = np.shape(v)
    return np.reshape(v, (*shape[:-1], 1, shape[-1]))


def _transposed(a: Any) -> Any:
    return np.transpose(a) if np.ndim(a) == 2 else np.swapaxes(a, -1, -2)


def _matmul_pull_left(v: Any, out: Any, a: Any, b: Any) -> Any:
    match np.ndim(a), np.ndim(b):
        case 1, 1:
            return v * b
        case 2, 1:
            return np.outer(v, b)
        case 1, 2:
            return np.matmul(b, v)
        case _, 1:
            return _column(v) * b
        case 1, _:
            product = np.matmul(b, _column(v))
            return np.reshape(product, np.shape(product)[:-1])
        case _:
            return np.matmul(v, _transposed(b))


def _matmul_pull_right(v: Any, out: Any, a: Any, b: Any) -> Any:
    match np.ndim(a), np.ndim(b):
        case 1, 1:
            return v * a
        case 1, 2:
            return np.outer(a, v)
        case 2, 1:
            return np.matmul(np.transpose(a), v)
        case 1, _:
            return _column(a) * _row(v)
        case _, 1:
            product = np.matmul(_transposed(a), _column(v))
            return np.reshape(product, np.shape(product)[:-1])
        case _:
            return np.matmul(_transposed(a), v)


def _matmul_count(out: Any, a: Any, b: Any) -> int:
    return int(np.size(out)) * int(np.shape(a)[-1])


MATMUL = ufunc(
    np.matmul,
    bilinear(push=lambda t, out, a, b: np.matmul(t, b), pull=_matmul_pull_left, multiplications=_matmul_count),
    bilinear(push=lambda t, out, a, b: np.matmul(a, t), pull=_matmul_pull_right, multiplications=_matmul_count),
)

# -- tensordot, and dot as a case of it -------------------------------------------------------------------------------


def _contracted(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    if isinstance(axes, (int, np.integer)):
        first = list(range(np.ndim(a) - int(axes), np.ndim(a)))
        return first, list(range(int(axes)))
    left, right = axes
    lefts = [left] if isinstance(left, (int, np.integer)) else list(left)
    rights = [right] if isinstance(right, (int, np.integer)) else list(right)
    return [int(i) % np.ndim(a) for i in lefts], [int(i) % np.ndim(b) for i in rights]


def _free(a: Any, used: list[int]) -> list[int]:
    return [i for i in range(np.ndim(a)) if i not in used]


def _tensordot_pull_left(v: Any, out: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    left, right = _contracted(a, b, axes)
    free = _free(a, left)
    product = np.tensordot(v, b, axes=(list(range(len(free), np.ndim(v))), _free(b, right)))
    order = free + [left[right.index(axis)] for axis in sorted(right)]
    return np.transpose(product, tuple(int(i) for i in np.argsort(order)))


def _tensordot_pull_right(v: Any, out: Any, a: Any, b: Any, axes: Any = 2) -> Any:
    left, right = _contracted(a, b, axes)
    free = _free(a, left)
    product = np.tensordot(a, v, axes=(free, list(range(len(free)))))
    order = [right[left.index(axis)] for axis in sorted(left)] + _free(b, right)
    return np.transpose(product, tuple(int(i) for i in np.argsort(order)))


def _tensordot_count(out: Any, a: Any, b: Any, axes: Any = 2) -> int:
    left, _ = _contracted(a, b, axes)
    return int(np.size(out)) * int(np.prod([np.shape(a)[i] for i in left], dtype=int))


TENSORDOT = function(
    np.tensordot,
    lambda a, b, axes=2: np.tensordot(a, b, axes=axes),
    (
        bilinear(
            push=lambda t, out, a, b, axes=2: np.tensordot(t, b, axes=axes),
            pull=_tensordot_pull_left,
            multiplications=_tensordot_count,
        ),
        bilinear(
            push=lambda t, out, a, b, axes=2: np.tensordot(a, t, axes=axes),
            pull=_tensordot_pull_right,
            multiplications=_tensordot_count,
        ),
    ),
)


def _dot_axes(a: Any, b: Any) -> Any:
    """The axes that np.dot contracts: the last of a with the last but one of b; none where one of them is a scalar."""
    return 0 if np.ndim(a) == 0 or np.ndim(b) == 0 else ([np.ndim(a) - 1], [max(np.ndim(b) - 2, 0)])


def _dot_pull_left(v: Any, out: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) <= 2 and np.ndim(b) <= 2 and np.ndim(a) and np.ndim(b):
        return _matmul_pull_left(v, out, a, b)
    return _tensordot_pull_left(v, out, a, b, axes=_dot_axes(a, b))


def _dot_pull_right(v: Any, out: Any, a: Any, b: Any) -> Any:
    if np.ndim(a) <= 2 and np.ndim(b) <= 2 and np.ndim(a) and np.ndim(b):
        return _matmul_pull_right(v, out, a, b)
    return _tensordot_pull_right(v, out, a, b, axes=_dot_axes(a, b))


def _dot_count(out: Any, a: Any, b: Any) -> int:
    return int(np.size(out)) * (int(np.shape(a)[-1]) if np.ndim(a) and np.ndim(b) else 1)


DOT = function(
    np.dot,
    lambda a, b: np.dot(a, b),
    (
        bilinear(push=lambda t, out, a, b: np.dot(t, b), pull=_dot_pull_left, multiplications=_dot_count),
        bilinear(push=lambda t, out, a, b: np.dot(a, t), pull=_dot_pull_right, multiplications=_dot_count),
    ),
    notation="matmul",
)

# -- outer ------------------------------------------------------------------------------------------------------------

OUTER = function(
    np.outer,
    lambda a, b: np.outer(a, b),
    (
        bilinear(
            push=lambda t, out, a, b: np.outer(t, b),
            pull=lambda v, out, a, b: np.reshape(np.matmul(v, np.ravel(b)), np.shape(a)),
            multiplications=lambda out, a, b: int(np.size(out)),
        ),
        bilinear(
            push=lambda t, out, a, b: np.outer(a, t),
            pull=lambda v, out, a, b: np.reshape(np.matmul(np.ravel(a), v), np.shape(b)),
            multiplications=lambda out, a, b: int(np.size(out)),
        ),
    ),
)

# -- einsum -----------------------------------------------------------------------------------------------------------


def _explicit(subscripts: str, operands: tuple[Any, ...]) -> tuple[list[str], str]:
    """The subscripts of each operand and of the result, all in letters: no ellipsis, no implied result."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    unused = [letter for letter in ascii_letters if letter not in subscripts]
    hidden = [
        np.ndim(a) - len(term.replace("...", "")) if "..." in term else 0 for term, a in zip(terms, operands, strict=True)
    ]
    ellipsis = "".join(unused[: max(hidden, default=0)])
    terms = [term.replace("...", ellipsis[len(ellipsis) - n :]) for term, n in zip(terms, hidden, strict=True)]
    if not arrow:
        letters = "".join(terms)
        output = ellipsis + "".join(sorted(c for c in set(letters) if letters.count(c) == 1 and c not in ellipsis))
    return terms, output.replace("...", ellipsis)


def _einsum(*operands: Any, subscripts: str) -> Any:
    return np.einsum(subscripts, *operands)


def _einsum_partial(argument: int) -> Partial:
    def push(t: Any, out: Any, *args: Any, subscripts: str) -> Any:
        return np.einsum(subscripts, *(t if i == argument else a for i, a in enumerate(args)))

    def pull(v: Any, out: Any, *args: Any, subscripts: str) -> Any:
        terms, output = _explicit(subscripts, args)
        others = [(term, a) for i, (term, a) in enumerate(zip(terms, args, strict=True)) if i != argument]
        term, shape = terms[argument], np.shape(args[argument])
        result = ""
        unused = [letter for letter in ascii_letters if letter not in "".join(terms) + output]
        for letter, size in zip(term, shape, strict=True):
            if letter in result:  # a diagonal was taken: its adjoint lies on the diagonal, times an identity
                other = unused.pop()
                others.append((letter + other, np.eye(size)))
                result += other
                continue
            if letter not in output and not any(letter in t for t, _ in others):  # summed alone: every element alike
                others.append((letter, np.ones(size)))
            result += letter
        terms_of_pull = ",".join([output, *(t for t, _ in others)])
        return np.einsum(f"{terms_of_pull}->{result}", v, *(a for _, a in others))

    return bilinear(push, pull, multiplications=_einsum_count)


def _einsum_count(out: Any, *args: Any, subscripts: str) -> int:
    """Multiplications of a plain nested loop over all indices, one an operand beyond the first."""
    terms, _ = _explicit(subscripts, args)
    sizes: dict[str, int] = {}
    for term, a in zip(terms, args, strict=True):
        for letter, size in zip(term, np.shape(a), strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    return int(np.prod(list(sizes.values()), dtype=int)) * max(len(args) - 1, 0)


def _bind_einsum(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    subscripts, *operands = args
    if not isinstance(subscripts, str):
        raise TypeError("np.einsum on Tensors takes its subscripts as a string first, as in np.einsum('ij,j->i', A, x)")
    for keyword in kwargs:
        if keyword != "optimize":  # the way of computing, not the result
            raise TypeError(f"np.einsum on Tensors has no derivative rule for {keyword!r}")
    return tuple(operands), {"subscripts": subscripts}


EINSUM = function(np.einsum, _einsum, Family(_einsum_partial), bind=_bind_einsum, name="einsum")
