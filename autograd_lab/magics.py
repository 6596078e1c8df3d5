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
from collections.abc import Mapping
from inspect import Parameter, Signature
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments

from autograd_lab.core.tensor import Tensor
from autograd_lab.core.trees import leaves
from autograd_lab.explain.variables import Variables, assigned
from autograd_lab.graph import Graph, trace
from autograd_lab.graph.lent import Lent, floating, numeric, refilled
from autograd_lab.language import gettext as _
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
            raise UsageError(
                _("{magic}: -f and -w are for forward accumulation, -o and -e are not: leave one out").format(magic=magic)
            )
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


class _Program:
    """The code of one magic, run once with leaves in place of the numbers and arrays that it reads."""

    def __init__(self, shell: InteractiveShell, magic: str, code: str, outputs: list[str]) -> None:
        self._shell = shell
        self._magic = magic
        self._namespace: dict[str, Any] = shell.user_ns
        self._outputs = outputs
        self._code = code.strip().rstrip(";").rstrip() if magic == "%step" else code
        self._lent = Lent()
        self._values: Mapping[str, Any] = {}  # what a rerun gives to inputs, by name
        self._failed: Exception | None = None  # what the person's code raised
        self._ran = False
        if not self._code.strip():
            raise UsageError(_("{magic} needs an expression: {magic} x*y + np.sin(x)").format(magic=magic))
        for name in outputs:
            if not name.isidentifier():
                raise UsageError(
                    _("{magic} takes names of variables to show, got {name}: code stands on the lines below").format(
                        magic=magic, name=repr(name)
                    )
                )
        self._file, self._tree = self._parsed()
        self._names = Variables(self._tree)
        self._given = {name: self._namespace[name] for name in self._names.read if name in self._namespace}

    def _parsed(self) -> tuple[str, ast.Module]:
        """The code as a syntax tree, and the name under which tracebacks and the source view find its text."""
        shell, magic = self._shell, self._magic
        # A cell's first line is the magic itself: line numbers are those that the person sees.
        source = self._code if magic == "%step" else "\n" + shell.transform_cell(self._code)
        file = shell.compile.cache(source, shell.execution_count - 1)  # it counts the next cell by now
        try:
            if magic == "%step":
                body = ast.parse(source, file, mode="eval").body
                return file, ast.Module([ast.copy_location(ast.Expr(body), body)], [])
            return file, ast.parse(source, file)
        except SyntaxError as error:
            at = repr((error.text or self._code).strip())[:200]
            told = _("{magic}, line {line}: {code} is not Python: {reason}").format(
                magic=magic, line=error.lineno, code=at, reason=error.msg
            )
            raise UsageError(told) from None
        except (ValueError, RecursionError, MemoryError) as error:  # null bytes; nested too deeply
            raise UsageError(_("{magic}: the code cannot be read: {reason}").format(magic=magic, reason=error)) from None

    def graph(self) -> Graph:
        """Run the code, and return the graph that it recorded."""
        missing = [name for name in self._names.read if name not in self._namespace and not hasattr(builtins, name)]
        if missing and self._magic == "%step":
            raise UsageError(
                _("%step: the notebook has no variable {name}: assign it first, {name} = 2.0").format(name=missing[0])
            )
        inputs = {name: value for name, value in self._given.items() if self._is_input(name, value)}

        def run(*fresh: Any) -> Any:
            leaves = dict(zip(inputs, fresh, strict=True))
            if self._ran:  # with other inputs, for the stepper: the notebook's variables are left alone
                return self._execute({**self._namespace, **self._given, **leaves})
            self._ran = True
            try:
                return self._run_in_notebook(leaves)
            except Exception as error:
                self._failed = error
                raise

        run.__name__ = "f"
        parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in inputs]
        run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # what inspect reads
        try:
            graph = trace(run, *inputs.values())
        except Exception as error:
            if error is self._failed:
                self._show_own_frames_only(error)
                raise
            raise UsageError(f"{self._magic}: {error}") from None  # masked elements: no leaf can be made
        return self._repeatable(graph)

    def _repeatable(self, graph: Graph) -> Graph:
        """Let the inputs that the cell itself assigns be changed too, when the graph is asked to run again."""
        rerun = graph._again
        assert rerun is not None

        def again(values: Mapping[str, Any]) -> Graph:
            self._values = values
            return self._repeatable(rerun(values))

        graph._again = again
        return graph

    def _is_input(self, name: str, value: Any) -> bool:
        """Whether a variable's value, or a part of it, becomes a leaf."""
        parts = leaves(value)
        if name in self._names.counts or isinstance(value, (list, tuple, dict)):
            return any(map(floating, parts))  # whole numbers alone are shapes, sizes, indices
        return any(numeric(part) or (self._magic == "%step" and isinstance(part, Tensor)) for part in parts)

    def _run_in_notebook(self, fresh: dict[str, Any]) -> Any:
        """Run the code on the notebook's own variables, and leave in them what plain numbers would have left."""
        namespace = self._namespace
        for name, value in fresh.items():
            self._lent.note(value, self._given[name])
        namespace.update(fresh)
        try:
            return self._execute(namespace)
        finally:
            for name in (*self._names.read, *self._names.stored):
                if name in namespace:
                    namespace[name] = self._lent.plain(namespace[name])
            for name, value in fresh.items():
                if namespace.get(name) is value:
                    namespace[name] = refilled(self._given[name], value)

    def _execute(self, namespace: dict[str, Any]) -> Any:
        last: Any = None
        for statement in self._tree.body:
            last = self._run_statement(statement, namespace)
        return self._shown(last, namespace)

    def _run_statement(self, statement: ast.stmt, namespace: dict[str, Any]) -> Any:
        """The value of an expression, or of the variable that an assignment gave one; None of other statements."""
        if isinstance(statement, ast.Expr):
            code = compile(ast.Expression(statement.value), self._file, "eval", self._shell.compile.flags)
            return eval(code, namespace)  # noqa: S307 - code that the person wrote into a notebook, to be run there
        code = compile(ast.Module([statement], []), self._file, "exec", self._shell.compile.flags)
        exec(code, namespace)  # noqa: S102 - the same
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            return None
        names = list(assigned(statement))
        for name in names:
            value = namespace.get(name)
            if self._is_input(name, value):
                namespace[name] = self._lent.lend(value, name, self._values)
        values = [namespace[name] for name in names if name in namespace]
        return values[0] if len(values) == 1 else tuple(values) or None

    def _shown(self, last: Any, namespace: dict[str, Any]) -> Any:
        """What the stepper is about: the named outputs, else the last line's value."""
        magic = self._magic
        missing = [name for name in self._outputs if name not in namespace]
        if missing:
            raise UsageError(
                _("{magic}: the cell assigns no variable {name} that could be shown").format(magic=magic, name=missing[0])
            )
        result = tuple(namespace[name] for name in self._outputs) if self._outputs else last
        parts = leaves(result)
        if parts and all(isinstance(part, Tensor) for part in parts) and any(part.requires_grad for part in parts):
            return tuple(parts)  # a list that the person holds is made plain again
        if not self._lent:
            raise UsageError(
                _(
                    "{magic}: there is no number or array among the variables, so nothing to differentiate by: assign one "
                    "first, x = 2.0"
                ).format(magic=magic)
            )
        what = ", ".join(self._outputs) or (self._code if magic == "%step" else _("the last line"))
        raise UsageError(
            _(
                "{magic}: {what} gives {type} {value}, which no gradient flows to: compute it from the variables with NumPy "
                "functions"
            ).format(magic=magic, what=what, type=type(result).__name__, value=repr(result)[:60])
        )

    def _show_own_frames_only(self, error: BaseException) -> None:
        """Let IPython print the person's frames, from his code on: ours, which called it, say nothing to him."""
        own: TracebackType | None = error.__traceback__
        while own is not None and own.tb_frame.f_code.co_filename != self._file:
            own = own.tb_next
        if own is not None:
            printer = self._shell.InteractiveTB
            printed = printer.structured_traceback(type(error), error, own, tb_offset=0)
            error._render_traceback_ = lambda: printed  # type: ignore[attr-defined]  # IPython asks for it
