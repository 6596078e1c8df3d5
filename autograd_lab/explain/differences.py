"""What a check found, in words: `remark(check)` gives the central difference, and what it says of the derivative.

    remark(check(sweep)["w1"])      central difference 2.584: agrees

Where nothing can be said, or there is no agreement, it says why.
"""

from __future__ import annotations

from autograd_lab.explain.numbers import describe
from autograd_lab.graph.differences import Check
from autograd_lab.language import gettext as _


def remark(check: Check) -> str:
    """The central difference and what it says of the derivative, in one line."""
    match check.verdict:
        case "failed":
            return _("no central difference: an operation raised {error}").format(error=check.reason)
        case "changed":
            return _("no central difference: {node} does not give the value that it recorded").format(node=check.reason)
        case "skipped":
            return _("not checked: the graph is too large")
        case "undefined":
            return _("no central difference: the derivative is not finite, or a value beside this one is not")
    found = describe(check.quotient)
    said = _judgement(check)
    if check.along:
        return _("central difference along one direction {found}, derivative {derivative}: {said}").format(
            found=found, derivative=describe(check.derivative), said=said
        )
    return _("central difference {found}: {said}").format(found=found, said=said)


def _judgement(check: Check) -> str:
    match check.verdict:
        case "agrees":
            return _("agrees")
        case "differs":
            return _("differs")
        case "kink":
            return _("no agreement, as the slope is {left} to the left and {right} to the right: a kink or a jump").format(
                left=describe(check.left), right=describe(check.right)
            )
        case _unclear:
            return _("no judgement, as rounding or curvature leaves too few digits")
