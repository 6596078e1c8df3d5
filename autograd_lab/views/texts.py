"""The words on the screen, in the language that holds here.

`texts()` gives every string that a view shows or a screen reader speaks; the frontend has no words of its own. The strings
that tests and screen readers look for (the region, radios, buttons, the table) are a contract, in every language.
Parts in braces are filled in by the frontend (static/words.js) or by Python's str.format.
"""

from __future__ import annotations

from autograd_lab.language import gettext as _


def texts() -> dict[str, str]:
    """Every string of the views."""
    return {
        # The controls
        "region": _("Autograd stepper"),
        "mode": _("Phase"),
        "evaluation": _("Evaluation"),
        "forward": _("Forward accumulation"),
        "reverse": _("Reverse accumulation"),
        "wrt": _("With respect to"),
        "of": _("Derivative of"),
        "first": _("First step"),
        "previous": _("Previous step"),
        "next": _("Next step"),
        "last": _("Last step"),
        "play": _("Play"),
        "pause": _("Pause"),
        "fullscreen": _("Full screen"),
        "position": _("Step"),
        "progress": _("Step {step} of {steps}"),
        "keys": _("← → step, Home and End jump, Space plays, Esc leaves"),
        # Lectures: the menu, hidden numbers, pause points
        "view": _("View"),
        "size": _("Type size"),
        "smaller": _("Smaller type"),
        "larger": _("Larger type"),
        "percent": _("{percent} %"),
        "speed": _("Play speed"),
        "hideNumbers": _("Hide numbers"),
        "reveal": _("Reveal"),
        "pausesAt": _("Play pauses at {steps}"),
        "printStep": _("Print this step"),
        "printAll": _("Print all steps"),
        "saveStep": _("Save this step (SVG)"),
        "saveAll": _("Save the animation (SVG)"),
        "saved": _("Saved as {name}"),
        "drawing": _("Asked the kernel to draw it."),
        "copyLink": _("Copy link to this step"),
        "linkCopied": _("Link copied"),
        "linkIs": _("Copy this link: {address}"),
        # The evaluation trace
        "table": _("Evaluation trace"),
        "variable": _("Variable"),
        "expression": _("Expression"),
        "primal": _("Primal"),
        "tangent": _("Tangent"),
        "adjoint": _("Adjoint"),
        "contributions": _("Contributions"),
        # Checks and nudges
        "experiments": _("Check and nudge"),
        "check": _("Check"),
        "checked": _("Central difference"),
        "checking": _("Computing the differences."),
        "unchecked": _("{node} is not complete yet, so there is nothing to compare."),
        "verdict_agrees": "✓",
        "verdict_differs": _("✗ differs"),
        "verdict_kink": _("kink"),
        "verdict_rough": _("unclear"),
        "verdict_undefined": _("none"),
        "verdict_failed": _("none"),
        "verdict_changed": _("none"),
        "verdict_skipped": _("not checked"),
        "nudge": _("Nudge"),
        "nudgeNode": _("node"),
        "watch": _("and watch"),
        "by": "h =",
        "nudged": _("{node} moved by {h}: the output {about} moves by {moved}"),
        "nudgedAll": _("every element of {node} moved by {h}: the output {about} moves by {moved}"),
        "watched": _("{about} moved by {h}: {node} moves by {moved}"),
        "adjointSays": _("{moved}; h times the adjoint says {predicted}"),
        "adjointHidden": _("{moved}; the adjoint is not complete at this step"),
        "tangentSays": _("{moved}; h times the tangent says {predicted}"),
        "tangentHidden": _("{moved}; the tangent is not complete at this step"),
        "nudgeFailed": _("This nudge cannot be computed: {error}"),
        "noExperiments": _("Check and nudge are left out of pages of more than {most} nodes, to keep them small."),
        # The sum over paths
        "paths": _("Sum over paths"),
        # States
        "arrived": _("{k} of {n}"),
        "complete": _("complete"),
        "seed": _("seed"),
        "notReached": _("not reached"),
        # The picture, as it is spoken
        "picture": _("Computation graph of {title}"),
        "node": _("{label} = {expression}, primal {primal}"),
        "edge": _("edge {source} to {target}"),
        "visited": _("visited"),
        "current": _("current step"),
        "local": _("local derivative {local}"),
        "unreached": _("the seed does not reach {source}"),
        "cut": _("no gradient flows"),
        # What stands for many
        "box": _("{name}: {what}, collapsed"),
        "frame": _("{name}, open"),
        "link": _("{count} edges, {source} to {target}"),
        "boxEdges": _("{visited} of {of} edges"),
        "boxNodes": _("{visited} of {of} nodes"),
        "boxVisited": _("{visited} of {of} edges visited"),
        "stepInside": _("Step inside"),
        "stepOutside": _("Step outside"),
        "cutAround": _("Cut around {label}"),
        "showLess": _("Show less"),
        "showMore": _("Show more"),
        # How the picture is seen
        "viewport": _("Picture"),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "fit": _("Fit"),
        # An array: in a box, and as it is spoken
        "heatMin": _("min {value}"),
        "heatMean": _("mean {value}"),
        "heatMax": _("max {value}"),
        "heatScale": _("full: ±{value}"),
        "heatOdd": _("{value} not finite"),
        "heatBlock": _("cell: {rows}×{columns}"),
        "heatSlice": _("first slice"),
        "emptyArray": _("empty"),
        "array": _("shape {shape}, {dtype}"),
        "elements": _("elements {values}"),
        "range": _("minimum {min}, mean {mean}, maximum {max}"),
        "heatLegend": _(
            "Heat maps: full colour is the magnitude after ±; a bar across marks negative cells, a cross what is not finite; "
            "a cell of several elements shows their mean."
        ),
        # The inputs
        "inputs": _("Inputs"),
        "failed": _("With these values it cannot be computed: {reason}"),
        # The code
        "source": _("Source"),
        "noSource": _("The code is not to be had: it was not recorded under trace or show, or its text is gone."),
        "made": "{code}: {labels}",
        # Forward against reverse
        "compareRegion": _("Forward against reverse"),
        "sweepPosition": _("Sweep"),
        "sweepProgress": _("Sweep {step} of {steps}"),
        "sweepsMade": _("Sweeps"),
        "edgesVisited": _("Edges visited"),
        "multiplicationsMade": _("Multiplications"),
        "byColumns": _("Jacobian, filled column by column"),
        "byRows": _("Jacobian, filled row by row"),
        "sweepsDone": _("done"),
        "sweepsStopped": _("stopped"),
        "edgesOfSweep": _("The graph: this sweep visits {visited} of {edges} edges"),
        "edgesOfNoSweep": _("The graph: no sweep visits an edge now"),
        # Notices
        "waiting": _("Waiting for the kernel, which computes this sweep."),
        "silent": _(
            "The kernel does not answer. If it was restarted, run the cell again; "
            "what was shown before can still be stepped through."
        ),
        "leftOut": _("This page holds one sweep of {all}: {kept}. The others were left out to keep it small."),
        "noScript": _("Stepping needs JavaScript, which is off. This is the whole sweep."),
    }
