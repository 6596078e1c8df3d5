"""einsum in all its forms: subscripts as text, implied result, ellipsis, repeated indices, operands with index lists.

The transpose of an einsum is an einsum: the adjoint takes the result's place among the operands, and the operand's
subscripts become the result's.
"""

from __future__ import annotations

from string import ascii_letters, ascii_lowercase, ascii_uppercase
from typing import Any

import numpy as np

from autograd_lab.core.primitives.row import Family, Partial, bilinear
from autograd_lab.core.primitives.table import function

LETTERS = ascii_uppercase + ascii_lowercase
"""The letters of index lists, in NumPy's order: that of an implied result."""


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


def _einsum(*operands: Any, subscripts: str, optimize: bool = False) -> Any:
    return np.einsum(subscripts, *operands, optimize=optimize)


def _einsum_partial(argument: int) -> Partial:
    def push(t: Any, out: Any, *args: Any, subscripts: str, optimize: bool = False) -> Any:
        return np.einsum(subscripts, *(t if i == argument else a for i, a in enumerate(args)), optimize=optimize)

    def pull(v: Any, out: Any, *args: Any, subscripts: str, optimize: bool = False) -> Any:
        terms, output = _explicit(subscripts, args)
        others = [(term, a) for i, (term, a) in enumerate(zip(terms, args, strict=True)) if i != argument]
        term, shape = terms[argument], np.shape(args[argument])
        dtype = getattr(v, "dtype", float)
        result = ""
        unused = [letter for letter in ascii_letters if letter not in "".join(terms) + output]
        for letter, size in zip(term, shape, strict=True):
            if letter in result:  # a diagonal was taken: its adjoint lies on the diagonal, times an identity
                other = unused.pop()
                others.append((letter + other, np.eye(size, dtype=dtype)))
                result += other
                continue
            if letter not in output and not any(letter in t for t, _ in others):  # summed alone: every element alike
                others.append((letter, np.ones(size, dtype=dtype)))
            result += letter
        terms_of_pull = ",".join([output, *(t for t, _ in others)])
        return np.einsum(f"{terms_of_pull}->{result}", v, *(a for _, a in others), optimize=optimize)

    return bilinear(push, pull, multiplications=_einsum_count)


def _einsum_count(out: Any, *args: Any, subscripts: str, optimize: bool = False) -> int:
    """Multiplications of a plain nested loop over all indices, one an operand beyond the first."""
    terms, _ = _explicit(subscripts, args)
    sizes: dict[str, int] = {}
    for term, a in zip(terms, args, strict=True):
        for letter, size in zip(term, np.shape(a), strict=True):
            sizes[letter] = max(size, sizes.get(letter, 1))
    return int(np.prod(list(sizes.values()), dtype=int)) * max(len(args) - 1, 0)


def _text(indices: Any) -> str:
    for i in indices:
        if i is not Ellipsis and not 0 <= i < len(LETTERS):
            raise ValueError(f"np.einsum takes index numbers from 0 to {len(LETTERS) - 1}, got {i}")
    return "".join("..." if i is Ellipsis else LETTERS[i] for i in indices)


def _bind_einsum(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The operands, and the subscripts as text: np.einsum(A, [0, 1], x, [1]) is np.einsum("AB,B", A, x)."""
    kwargs = dict(kwargs)
    optimize = kwargs.pop("optimize", False) is not False  # how to compute, not what; a path holds for one direction only
    for keyword in kwargs:
        raise TypeError(f"np.einsum on Tensors has no derivative rule for {keyword!r}")
    first, *operands = args
    if isinstance(first, str):
        subscripts = first
    else:
        operands, lists = list(args[: len(args) // 2 * 2 : 2]), args[1::2]
        subscripts = ",".join(map(_text, lists)) + (f"->{_text(args[-1])}" if len(args) % 2 else "")
    return tuple(operands), {"subscripts": subscripts, **({"optimize": True} if optimize else {})}


EINSUM = function(np.einsum, _einsum, Family(_einsum_partial), bind=_bind_einsum, name="einsum")
