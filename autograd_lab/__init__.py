"""Step through automatic differentiation of a NumPy function, forward and reverse, one edge at a time.

    import numpy as np
    import autograd_lab as lab

    def f(x, y):
        return x * y + np.sin(x)

    lab.show(f, 2.0, 3.0)                 # the stepper, in a notebook
    print(lab.trace(f, 2.0, 3.0).reverse())   # the same steps as text

    x = lab.tensor(2.0, requires_grad=True)   # the engine beneath, with PyTorch's names and meanings
    f(x, 3.0).backward()                      # x.grad is the derivative
    lab.func.grad(f)(2.0, 3.0)                # the same as a function: see help(lab.func)

Importing this loads NumPy and the engine; graphs load on first use, and widgets when one is shown.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograd_lab.core.modes import enable_grad, is_grad_enabled, no_grad, scope, set_grad_enabled
from autograd_lab.core.primitives.row import Partial, pointwise
from autograd_lab.core.tensor import Tensor, tensor

if TYPE_CHECKING:
    from autograd_lab import func
    from autograd_lab.answers import check
    from autograd_lab.checks import check_grad
    from autograd_lab.core.custom import GradcheckError, check_primitive, primitive
    from autograd_lab.graph import Edge, Graph, Node, Step, Sweep, graph_hook, graph_of, trace
    from autograd_lab.language import set_language
    from autograd_lab.views.compare import Comparison, compare
    from autograd_lab.views.layout import LayoutError
    from autograd_lab.views.show import show
    from autograd_lab.views.side_by_side import SideBySide, side_by_side
    from autograd_lab.views.watch import watch
    from autograd_lab.views.widget import Stepper

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Edge",
    "GradcheckError",
    "Graph",
    "LayoutError",
    "Node",
    "Partial",
    "SideBySide",
    "Step",
    "Stepper",
    "Sweep",
    "Tensor",
    "check",
    "check_grad",
    "check_primitive",
    "compare",
    "enable_grad",
    "func",
    "graph_hook",
    "graph_of",
    "is_grad_enabled",
    "no_grad",
    "pointwise",
    "primitive",
    "scope",
    "set_grad_enabled",
    "set_language",
    "show",
    "side_by_side",
    "tensor",
    "trace",
    "watch",
]

_LATER = {
    "func": "autograd_lab.func",
    "check": "autograd_lab.answers",
    "check_grad": "autograd_lab.checks",
    **dict.fromkeys(("GradcheckError", "check_primitive", "primitive"), "autograd_lab.core.custom"),
    **dict.fromkeys(("Edge", "Graph", "Node", "Step", "Sweep", "graph_hook", "graph_of", "trace"), "autograd_lab.graph"),
    "set_language": "autograd_lab.language",
    **dict.fromkeys(("Comparison", "compare"), "autograd_lab.views.compare"),
    "LayoutError": "autograd_lab.views.layout",
    **dict.fromkeys(("load_ipython_extension", "unload_ipython_extension"), "autograd_lab.magics"),
    "Stepper": "autograd_lab.views.widget",
    "show": "autograd_lab.views.show",
    **dict.fromkeys(("SideBySide", "side_by_side"), "autograd_lab.views.side_by_side"),
    "watch": "autograd_lab.views.watch",
}
"""Where the names live that are loaded on first use, so that importing the engine costs NumPy and little more."""


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(_LATER[name])
    value = module if name == "func" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
