"""The table of what operations do to what comes in: each in words for a sentence, and in few characters for an edge.

    TABLE["matmul", 0](call)       ("{what} times {other}", "· {short}")          an operation, by the operand's place
    OWN["sum", "reverse"]()        ("{what} spread along {axes}", "spread")       a primitive's map as a whole

`maps` fills in {what}, {other} (in few characters {short}), {index}, {axes}, {count}.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from autograd_lab.explain.expression import Call, Number
from autograd_lab.explain.text import text
from autograd_lab.language import gettext as _

Saying = tuple[str, str]
"""Words, and few characters."""


def only_new_axes(index: str) -> bool:
    """Whether an index does nothing but put in axes of length 1."""
    return "None" in index and not set(index.replace("None", "").replace(" ", "")) - set(":.,")


def _axis_line(all_of: Callable[[], Saying], some: Callable[[], Saying]) -> Callable[[Call], Saying]:
    return lambda e: some() if "axis" in dict(e.params) else all_of()


def _slice_line(e: Call) -> Saying:
    index = text(e.args[1])
    if index == "::-1":
        return _("{what} reversed"), _("reverse")
    if only_new_axes(index):
        return _("{what} with an axis of length 1 put in"), "reshape"
    return _("the part {index} of {what}"), "{index}"


def _kept_line(e: Call) -> Saying | None:
    return (_("{what} with {index} set to 0"), _("0 at {index}")) if e.args[2] == Number(0) else None


def _zeros_line(e: Call) -> Saying | None:
    """A part put among zeros; what overwrites another array is written as a formula."""
    if not (isinstance(e.args[0], Call) and e.args[0].kind == "zeros"):
        return None
    if e.kind == "increased":
        return _("{what} added up at {index}, zeros elsewhere"), _("add at {index}")
    return _("{what} placed into {index}, zeros elsewhere"), _("into {index}")


def scaled() -> Saying:
    """A product of a number with an array, in whose place TABLE would say: element by element."""
    return _("{what} times {other}"), "· {short}"


def _line(made: Callable[[], Saying]) -> Callable[[Call], Saying]:
    return lambda _e: made()


TABLE: Final[dict[tuple[str, int | None], Callable[[Call], Saying | None]]] = {
    ("matmul", 0): _line(lambda: (_("{what} times {other}"), "· {short}")),
    ("matmul", 1): _line(lambda: (_("{other} times {what}"), "{short} ·")),
    ("matvec", 0): _line(lambda: (_("{what} times {other}"), "· {short}")),
    ("matvec", 1): _line(lambda: (_("{other} times {what}"), "{short} ·")),
    ("outer", 0): _line(lambda: (_("outer product of {what} with {other}"), "⊗ {short}")),
    ("outer", 1): _line(lambda: (_("outer product of {other} with {what}"), "{short} ⊗")),
    ("multiply", 0): _line(lambda: (_("{what} times {other}, element by element"), "⊙ {short}")),
    ("multiply", 1): _line(lambda: (_("{what} times {other}, element by element"), "⊙ {short}")),
    ("divide", 0): _line(lambda: (_("{what} divided by {other}"), "/ {short}")),
    ("negative", 0): _line(lambda: (_("minus {what}"), "−")),
    ("solve", 1): _line(lambda: (_("{other} inverted, times {what}"), _("solve"))),
    ("transpose", 0): _line(lambda: (_("{what} transposed"), "transpose")),
    ("matrix_transpose", 0): _line(lambda: (_("{what} with its last two axes exchanged"), "transpose")),
    ("reshape", 0): _line(lambda: (_("{what} reshaped"), "reshape")),
    ("ravel", 0): _line(lambda: (_("{what} laid out flat"), "ravel")),
    ("broadcast_to", 0): _line(lambda: (_("{what} broadcast along {axes}"), "broadcast")),
    ("sum", 0): _axis_line(
        lambda: (_("{what} summed over all elements"), "Σ"), lambda: (_("{what} summed over {axes}"), "Σ {axes}")
    ),
    ("cumsum", 0): _line(lambda: (_("running sums of {what}"), "cumsum")),
    ("subscript", 0): _slice_line,
    ("field", 0): _line(lambda: (_("the part {index} of {what}"), "{index}")),
    ("replaced", 0): _kept_line,
    ("replaced", 2): _zeros_line,
    ("increased", 2): _zeros_line,
    ("diag", 0): _line(lambda: (_("{what} on the diagonal, zeros elsewhere"), _("diagonal"))),
    ("diagonal", 0): _line(lambda: (_("the diagonal of {what}"), _("diagonal"))),
    ("concatenate", None): _line(lambda: (_("{what} in its place among zeros"), _("into place"))),
    ("stack", None): _line(lambda: (_("{what} in its place among zeros"), _("into place"))),
}
"""By an operation of a formula and the place of what comes in; None for any place."""


def _extremum(largest: bool) -> dict[tuple[str, str], Callable[[], Saying]]:
    if largest:
        return {
            ("max", "forward"): lambda: (_("{what} of the largest element along {axes}"), _("of the max")),
            ("max", "reverse"): lambda: (_("{what} passed to the largest element along {axes}"), _("to the max")),
        }
    return {
        ("min", "forward"): lambda: (_("{what} of the smallest element along {axes}"), _("of the min")),
        ("min", "reverse"): lambda: (_("{what} passed to the smallest element along {axes}"), _("to the min")),
    }


OWN: Final[dict[tuple[str, str], Callable[[], Saying]]] = {
    ("sum", "forward"): lambda: (_("{what} summed over {axes}"), "Σ {axes}"),
    ("sum", "reverse"): lambda: (_("{what} spread along {axes}"), _("spread")),
    ("mean", "forward"): lambda: (_("{what} averaged over {axes}"), _("mean")),
    ("mean", "reverse"): lambda: (_("{what} divided by {count} and spread along {axes}"), _("spread / {count}")),
    **_extremum(True),
    **_extremum(False),
    ("prod", "forward"): lambda: (_("{what} times the product of the others, summed over {axes}"), _("· others, Σ")),
    ("prod", "reverse"): lambda: (_("{what} times the product of the others along {axes}"), _("· others")),
    ("sort", "forward"): lambda: (_("{what} in the order of sorting"), _("reorder")),
    ("sort", "reverse"): lambda: (_("{what} back in the order before sorting"), _("order back")),
    ("cumsum", "reverse"): lambda: (_("running sums of {what} from the end"), _("cumsum back")),
}
"""Primitives whose rules, read as formulas, say less than a word does: by name and mode."""

DEFAULT_AXIS: Final = {"sort": -1}
"""The axis that these go over where none is named; others go over all."""
