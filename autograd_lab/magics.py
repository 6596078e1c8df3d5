"""The IPython magics: step through what stands in a cell, over the variables of the notebook.

    %load_ext autograd_lab          then, with x = 2.0 and y = 3.0 in the notebook:
    %step x*y + np.sin(x)           the stepper of this expression; x and y are its inputs
    %step -f -w y x*y + np.sin(x)   forward accumulation, with respect to y

    %%step                          the same for a cell of several lines; its last line is what is shown
    h = np.tanh(W @ x)
    np.sum(h * h)

`%step?` lists the options. What a cell assigns stays in the notebook, as the plain values that it would be without %%step.
"""

from __future__ import annotations

import ast
import builtins
import re
import shlex
from inspect import Parameter, Signature
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments

from autograd_lab.core.accumulate import topological
from autograd_lab.core.node import UNREQUIRED, Record
from autograd_lab.core.tensor import Tensor, tensor
from autograd_lab.core.trees import leaves, named_leaves, rebuild
from autograd_lab.explain.variables import Variables, assigned
from autograd_lab.graph import Graph, trace
from autograd_lab.views.show import show
from autograd_lab.views.widget import Stepper

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What `%load_ext autograd_lab` calls: register %step and %%step."""
    shell.register_magics(StepMagics)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """What `%unload_ext autograd_lab` calls: take them away again."""
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("step", None)


@magics_class
class StepMagics(Magics):
    """%step and %%step."""

    @magic_arguments()
    @argument("-f", "--forward", action="store_true", help="begin with forward accumulation")
    @argument("-e", "--evaluation", action="store_true", help="begin with the evaluation: nodes appear as the code runs")
    @argument("-w", "--wrt", metavar="NAME", help="the input that forward accumulation is about; implies -f")
    @argument("-o", "--of", metavar="NAME", help="the output that reverse accumulation is about, where there are several")
    @argument(
        "what", nargs="*", help="%%step: the expression. %%%%step: variables of the cell to show in place of its last line"
    )
    @no_var_expand
    @line_cell_magic
    def step(self, line: str, cell: str | None = None) -> Stepper:
        """Step through automatic differentiation of an expression, or of a whole cell.

            x, y = 2.0, 3.0
            %step x*y + np.sin(x)

        The expression is Python, over the variables of the notebook. The numbers and arrays among them (also inside
        lists, tuples and dicts) are the inputs, under their own names; whole numbers that are an index, an argument of
        range() or a keyword argument stay plain. Options come first; "--" ends them.

            %%step
            h = np.tanh(W @ x)
            np.sum(h * h)

        With %%step, numbers and arrays that the cell itself assigns are inputs too. What it assigns stays in the notebook,
        as plain numbers and arrays. The stepper shows the last line, or the variables named after %%step. It is the value
        of the cell: `stepper = %step x*y` keeps it.
        """
        given, rest = _split(line)
        magic = "%step" if cell is None else "%%step"
        chosen = self.step.parser.parse_args(given)
        if (chosen.forward or chosen.wrt) and (chosen.of or chosen.evaluation):
            raise UsageError(f"{magic}: -f and -w are for forward accumulation, -o and -e for others: leave one out")
        mode = "evaluation" if chosen.evaluation else "forward" if chosen.forward or chosen.wrt else "reverse"
        shell = self.shell
        assert shell is not None
        program = _Program(shell, magic, rest if cell is None else cell, [] if cell is None else rest.split())
        graph = program.graph()
        try:
            return show(graph, mode=mode, wrt=chosen.wrt, of=chosen.of)
        except ValueError as error:
            raise UsageError(f"{magic}: {error}") from None


_OPTION: Final = re.compile(
    r"""\s*(?:(?P<end>--)(?=\s|$)
    |(?P<flag>-[fe]|--forward|--evaluation)(?=\s|$)
    |(?P<key>-[wo]|--wrt|--of)(?:\s*=\s*|\s+)(?P<value>"[^"]*"|\S+)
    |(?P<bare>-[wo]|--wrt|--of)\s*$)""",
    re.VERBOSE,
)


def _split(line: str) -> tuple[list[str], str]:
    """The options in front, as argparse wants them, and the rest as it stands: an expression is not a list of words."""
    given: list[str] = []
    while found := _OPTION.match(line):
        line = line[found.end() :]
        if found["end"]:
            break
        if found["key"]:
            value = found["value"]
            given += [found["key"], shlex.split(value)[0] if value.startswith('"') else value]
        else:
            given.append(found["flag"] or found["bare"])
    return given, line.strip()


class _Failed(Exception):
    """The person's code raised `error`."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class _Program:
    """The code of one magic, run once with leaves in place of the numbers and arrays that it reads."""

    def __init__(self, shell: InteractiveShell, magic: str, code: str, outputs: list[str]) -> None:
        self._shell = shell
        self._magic = magic
        self._namespace: dict[str, Any] = shell.user_ns
        self._outputs = outputs
        self._code = code.strip().rstrip(";").rstrip() if magic == "%step" else code
        self._leaves: list[tuple[Tensor, Any]] = []  # those made here, with what stood in their place
        if not self._code.strip():
            raise UsageError(f"{magic} needs an expression: {magic} x*y + np.sin(x)")
        for name in outputs:
            if not name.isidentifier():
                raise UsageError(f"{magic} takes names of variables to show, got {name!r}: code stands on the lines below")
        self._file, self._tree = self._parsed()
        self._names = Variables(self._tree)

    def _parsed(self) -> tuple[str, ast.Module]:
        """The code as a syntax tree, and the name under which tracebacks and the source view find its text."""
        shell = self._shell
        # A cell's first line is the magic itself: line numbers are those that the person sees.
        source = self._code if self._magic == "%step" else "\n" + shell.transform_cell(self._code)
        file = shell.compile.cache(source, shell.execution_count - 1)  # it counts the next cell by now
        try:
            if self._magic == "%step":
                body = ast.parse(source, file, mode="eval").body
                return file, ast.Module([ast.copy_location(ast.Expr(body), body)], [])
            return file, ast.parse(source, file)
        except SyntaxError as error:
            where = "" if self._magic == "%step" else f", line {error.lineno}"
            at = (error.text or self._code).strip()
            raise UsageError(f"{self._magic}{where}: {at!r:.200} is not Python: {error.msg}") from None
        except (ValueError, RecursionError, MemoryError) as error:  # null bytes; nested too deeply
            raise UsageError(f"{self._magic}: the code cannot be read: {error}") from None

    def graph(self) -> Graph:
        """Run the code, and return the graph that it recorded."""
        names = [name for name in self._names.read if name in self._namespace]
        missing = [name for name in self._names.read if name not in self._namespace and not hasattr(builtins, name)]
        if missing and self._magic == "%step":
            raise UsageError(f"%step: the notebook has no variable {missing[0]!r}: assign it first, {missing[0]} = 2.0")
        inputs = [name for name in names if self._is_input(name, self._namespace[name])]

        def run(*fresh: Any) -> Any:
            try:
                return self._run(dict(zip(inputs, fresh, strict=True)))
            except UsageError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever the person's code raises is his to see
                raise _Failed(error) from None

        run.__name__ = "f"
        run.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in inputs])  # type: ignore[attr-defined]
        try:
            return trace(run, *(self._namespace[name] for name in inputs))
        except _Failed as failed:
            error = failed.error
            self._show_own_frames_only(error)
            raise error from error.__cause__
        except TypeError as error:  # masked elements: no leaf can be made
            raise UsageError(f"{self._magic}: {error}") from None

    def _is_input(self, name: str, value: Any) -> bool:
        """Whether a variable's value, or a part of it, becomes a leaf."""
        parts = leaves(value)
        if name in self._names.counts or isinstance(value, (list, tuple, dict)):
            return any(_real(part) for part in parts)  # whole numbers alone are shapes, sizes, indices
        return any(_numeric(part) or (self._magic == "%step" and isinstance(part, Tensor)) for part in parts)

    def _run(self, fresh: dict[str, Any]) -> Any:
        """Run the statements one by one, with fresh leaves for the variables that they read."""
        namespace, before = self._namespace, {name: self._namespace[name] for name in fresh}
        for name, value in fresh.items():
            self._note_leaves(value, before[name])
        namespace.update(fresh)
        try:
            last: Any = None
            for statement in self._tree.body:
                last = self._run_statement(statement)
            return self._shown(last)
        finally:
            for name in (*self._names.read, *self._names.stored):
                if name in namespace:
                    namespace[name] = self._plain(namespace[name])
            for name, original in before.items():
                if namespace.get(name) is fresh[name]:
                    namespace[name] = _refilled(original, fresh[name])

    def _run_statement(self, statement: ast.stmt) -> Any:
        """The value of an expression, or of the variable that an assignment gave one; None of other statements."""
        if isinstance(statement, ast.Expr):
            code = compile(ast.Expression(statement.value), self._file, "eval", self._shell.compile.flags)
            return eval(code, self._namespace)  # noqa: S307 - code that the person wrote into a notebook, to be run there
        code = compile(ast.Module([statement], []), self._file, "exec", self._shell.compile.flags)
        exec(code, self._namespace)  # noqa: S102 - the same
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            return None
        names = list(assigned(statement))
        for name in names:
            value = self._namespace.get(name)
            if self._is_input(name, value):
                parts = [_leaf(part, path) if _numeric(part) else part for path, part in named_leaves(value, name)]
                self._namespace[name] = fresh = rebuild(value, parts)
                self._note_leaves(fresh, value)
        values = [self._namespace[name] for name in names if name in self._namespace]
        return values[0] if len(values) == 1 else tuple(values) or None

    def _shown(self, last: Any) -> Any:
        """What the stepper is about: the named outputs, else the last line's value."""
        missing = [name for name in self._outputs if name not in self._namespace]
        if missing:
            raise UsageError(f"{self._magic}: the cell assigns no variable {missing[0]!r} that could be shown")
        result = tuple(self._namespace[name] for name in self._outputs) if self._outputs else last
        parts = leaves(result)
        if parts and all(isinstance(part, Tensor) for part in parts) and any(part.requires_grad for part in parts):
            return tuple(parts)  # a list that the person holds is made plain again
        shown = ", ".join(self._outputs) or ("the expression" if self._magic == "%step" else "the last line")
        if not self._leaves:
            raise UsageError(
                f"{self._magic}: there is no number or array among the variables, so nothing to differentiate by: assign one "
                "first, x = 2.0"
            )
        raise UsageError(
            f"{self._magic}: {shown} gives {type(result).__name__} {result!r:.60}, which no gradient flows to: compute it "
            "from the variables with NumPy functions"
        )

    def _note_leaves(self, fresh: Any, original: Any) -> None:
        pairs = zip(leaves(fresh), leaves(original), strict=True)
        self._leaves += [(leaf, value) for leaf, value in pairs if isinstance(leaf, Tensor)]

    def _plain(self, value: Any) -> Any:
        """The same without the leaves that were made here: what the cell would have computed on plain numbers.

        Lists and dicts are changed in place: the person may hold them elsewhere too.
        """
        if isinstance(value, (list, dict)):
            for key, part in list(enumerate(value) if isinstance(value, list) else value.items()):
                value[key] = self._plain(part)
            return value
        if isinstance(value, tuple) and any(isinstance(part, Tensor) for part in leaves(value)):
            return rebuild(value, map(self._plain, leaves(value)))
        if not isinstance(value, Tensor):
            return value
        for leaf, original in self._leaves:
            if value is leaf:
                return original
        vertex = value._node
        own = {leaf._node for leaf, _ in self._leaves}
        if isinstance(vertex, Record):
            borrowed = all(record in own for record in topological([vertex]) if record.primitive is None)
        else:
            borrowed = bool(own) and vertex.why is not UNREQUIRED
        if not borrowed:
            return value
        return np.float64(vertex.value) if isinstance(vertex.value, float) else vertex.value.copy()

    def _show_own_frames_only(self, error: BaseException) -> None:
        """Let IPython print the person's frames, from his code on: ours, which called it, say nothing to him."""
        own: TracebackType | None = error.__traceback__
        while own is not None and own.tb_frame.f_code.co_filename != self._file:
            own = own.tb_next
        if own is not None:
            printer = self._shell.InteractiveTB
            printed = printer.structured_traceback(type(error), error, own, tb_offset=0)
            error._render_traceback_ = lambda: printed  # type: ignore[attr-defined]  # IPython asks for it


def _leaf(value: Any, name: str) -> Tensor:
    """A named leaf of this value; whole numbers become floats."""
    return tensor(np.asarray(value, dtype=None if _real(value) else np.float64), requires_grad=True, name=name)


def _refilled(original: Any, changed: Any) -> Any:
    """The person's own list or dict with what the code did to the copy of it that had leaves; anything else as it was."""
    if isinstance(original, list):
        original[:] = changed
    elif isinstance(original, dict):
        original.clear()
        original.update(changed)
    return original


def _numeric(value: Any) -> bool:
    """Whether a value is a number or an array of numbers that a derivative can be taken by."""
    if isinstance(value, (bool, np.bool_, Tensor)):
        return False
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "fiu"
    return isinstance(value, (int, float))


def _real(value: Any) -> bool:
    """Whether it is one that is no count: not whole by its type."""
    return _numeric(value) and not isinstance(value, int) and getattr(value, "dtype", np.dtype(float)).kind == "f"
