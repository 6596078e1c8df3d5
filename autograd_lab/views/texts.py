"""The words on the screen, one table a language.

`texts("en")` gives every string that a view shows or a screen reader speaks; another language is one more table in
TEXTS. The strings that tests and screen readers look for (the region, radios, buttons, the table) are a contract.
Parts in braces are filled in by the frontend (static/words.js) or by Python's str.format.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_ENGLISH: Final = {
    # The controls
    "region": "Autograd stepper",
    "mode": "Phase",
    "evaluation": "Evaluation",
    "forward": "Forward accumulation",
    "reverse": "Reverse accumulation",
    "wrt": "With respect to",
    "of": "Derivative of",
    "first": "First step",
    "previous": "Previous step",
    "next": "Next step",
    "last": "Last step",
    "play": "Play",
    "pause": "Pause",
    "fullscreen": "Full screen",
    "position": "Step",
    "progress": "Step {step} of {steps}",
    "keys": "← → step, Home and End jump, Space plays, Esc leaves",
    # Lectures: the menu, hidden numbers, pause points
    "view": "View",
    "size": "Type size",
    "smaller": "Smaller type",
    "larger": "Larger type",
    "percent": "{percent} %",
    "speed": "Play speed",
    "hideNumbers": "Hide numbers",
    "reveal": "Reveal",
    "pausesAt": "Play pauses at {steps}",
    "printStep": "Print this step",
    "printAll": "Print all steps",
    "saveStep": "Save this step (SVG)",
    "saveAll": "Save the animation (SVG)",
    "saved": "Saved as {name}",
    "drawing": "Asked the kernel to draw it.",
    "copyLink": "Copy link to this step",
    "linkCopied": "Link copied",
    "linkIs": "Copy this link: {address}",
    # The evaluation trace
    "table": "Evaluation trace",
    "variable": "Variable",
    "expression": "Expression",
    "primal": "Primal",
    "tangent": "Tangent",
    "adjoint": "Adjoint",
    "contributions": "Contributions",
    # States
    "arrived": "{k} of {n}",
    "complete": "complete",
    "seed": "seed",
    "notReached": "not reached",
    # The picture, as it is spoken
    "picture": "Computation graph of {title}",
    "node": "{label} = {expression}, primal {primal}",
    "leaf": "{label} = {expression}",
    "edge": "edge {source} to {target}",
    "visited": "visited",
    "current": "current step",
    "local": "local derivative {local}",
    "unreached": "the seed does not reach {source}",
    "cut": "no gradient flows",
    # The inputs
    "inputs": "Inputs",
    "computing": "Computing with the new values.",
    "failed": "With these values it cannot be computed: {reason}",
    # The code
    "source": "Source",
    "noSource": "The code is not to be had: it was not recorded under trace or show, or its text is gone.",
    "made": "{code}: {labels}",
    # Notices
    "waiting": "Waiting for the kernel, which computes this sweep.",
    "leftOut": "This page holds one sweep of {all}: {kept}. The others were left out to keep it small.",
    "noScript": "Stepping needs JavaScript, which is off. This is the whole sweep.",
}

TEXTS: Final = MappingProxyType({"en": MappingProxyType(_ENGLISH)})
"""The tables by language, each from a key to a string."""


def texts(language: str = "en") -> dict[str, str]:
    """Every string of the views in this language.

    Raises:
        ValueError: there is no such language; the message lists those there are.
    """
    if language not in TEXTS:
        raise ValueError(f"language={language!r} is not one of the choices: {', '.join(map(repr, TEXTS))}")
    return dict(TEXTS[language])
