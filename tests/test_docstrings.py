"""What docstrings promise: their examples run, every public name has one, and the engine's reading order names its modules."""

import doctest
import inspect
import pkgutil
import re
import warnings
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import autograd_lab as lab

PACKAGE = Path(lab.__file__).parent
MODULES = sorted(module.name for module in pkgutil.walk_packages([str(PACKAGE)], "autograd_lab."))
FUNCTIONS = [f"func.{name}" for name in lab.func.__all__] + [name for name in lab.__all__ if name != "func"]


def public(name):
    """What a public name stands for."""
    value = lab
    for part in name.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize("module", ["autograd_lab", *MODULES])
def test_the_examples_of_a_module_run(module):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = doctest.testmod(import_module(module), extraglobs={"np": np}, optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_name_has_a_docstring_of_its_own(name):
    value = public(name)
    own = value.__doc__ if not inspect.isclass(value) else vars(value).get("__doc__")
    assert own
    assert not own.startswith(f"{value.__name__}("), "this is what dataclass made, and says nothing"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_method_has_a_docstring(name):
    value = public(name)
    if not inspect.isclass(value):
        return
    members = [member for member in dir(value) if not member.startswith("_")]
    foreign = {m for base in value.__mro__ if not base.__module__.startswith("autograd_lab") for m in vars(base)}
    found = {member: inspect.getattr_static(value, member) for member in members if member not in foreign}
    assert [m for m, f in found.items() if not inspect.ismemberdescriptor(f) and not inspect.getdoc(f)] == []


WITHOUT_EXAMPLE = {
    "Comparison": "compare makes it, and has the example",
    "Edge": "a Graph has it, and shows some",
    "GradcheckError": "an exception",
    "LayoutError": "an exception",
    "SideBySide": "side_by_side makes it, and has the example",
    "Stepper": "show makes it, and has the example",
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_or_class_has_an_example_or_a_reason_for_none(name):
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(public(name)))
    assert bool(examples) != (name in WITHOUT_EXAMPLE)


NOT_CALLED = {"Edge", "Graph", "GradcheckError", "LayoutError", "Node", "SideBySide", "Step", "Sweep"}
"""Classes that a person gets and does not make: their docstrings have attributes where others have parameters."""

FROM_JUPYTER = {"Comparison.set_state", "Stepper.set_state"}
"""Methods of every widget that Jupyter calls; ours do a little more."""


def callables():
    """Every public function, class and method of a class that a person calls, by its name."""
    found = {name: public(name) for name in FUNCTIONS if name not in NOT_CALLED}
    for name in FUNCTIONS:
        for base in public(name).__mro__ if inspect.isclass(public(name)) else ():
            if base.__module__.startswith("autograd_lab"):
                methods = {member: own for member, own in vars(base).items() if inspect.isfunction(own)}
                found |= {f"{name}.{member}": own for member, own in methods.items() if not member.startswith("_")}
    return {name: value for name, value in sorted(found.items()) if name not in FROM_JUPYTER}


CALLABLES = callables()


def words_of(name):
    """The docstring, with that of the function whose arguments it says its own are."""
    words = inspect.getdoc(CALLABLES[name])
    other = re.search(r"[Aa]rguments[^.]* are those of `(\w+)`", words)
    return words + words_of(f"func.{other[1]}") if other else words


@pytest.mark.parametrize("name", CALLABLES)
def test_a_docstring_names_every_parameter_or_the_function_of_numpy_that_it_is(name):
    words = words_of(name)
    numpy_name = re.match(r"np\.(\w+)", words)
    if name.startswith("Tensor.") and numpy_name:
        assert hasattr(np, numpy_name[1])
        return
    given = [p for p in inspect.signature(CALLABLES[name]).parameters if p != "self" and not p.startswith("_")]
    assert [parameter for parameter in given if not re.search(rf"\b{parameter}\b", words)] == []


@pytest.mark.parametrize("name", CALLABLES)
def test_the_sections_of_a_docstring_name_only_what_there_is(name):
    value = CALLABLES[name]
    section = re.search(r"^Args:\n((?:    .*\n?)+)", inspect.getdoc(value), re.MULTILINE)
    named = re.findall(r"^    (\w+):", section[1], re.MULTILINE) if section else []
    allowed = [*inspect.signature(value).parameters, *(["function"] if name in {"no_grad", "enable_grad"} else [])]
    assert [parameter for parameter in named if parameter not in allowed] == []
    assert named == sorted(named, key=allowed.index), "in their order"


IPYTHON_CALLS = {"load_ipython_extension", "unload_ipython_extension"}
"""Found by %load_ext and %unload_ext: nothing that a person imports."""


def test_the_front_door_lists_its_names_in_order_and_loads_each():
    assert lab.__all__ == sorted(lab.__all__)
    assert set(lab._LATER) - IPYTHON_CALLS <= set(lab.__all__)
    assert [name for name in lab.__all__ if name not in dir(lab)] == []
    for name in lab.__all__:
        assert public(name) is not None


def test_the_reading_order_of_the_core_names_every_module_of_it():
    listed = re.findall(r"^`(\w+)`  ", import_module("autograd_lab.core").__doc__, re.MULTILINE)
    modules = [module.name for module in pkgutil.iter_modules([str(PACKAGE / "core")])]
    assert sorted(listed) == sorted(modules)


def test_the_primitives_name_every_file_of_theirs():
    said = set(re.findall(r"`(\w+)`", import_module("autograd_lab.core.primitives").__doc__))
    assert {module.name for module in pkgutil.iter_modules([str(PACKAGE / "core" / "primitives")])} <= said
