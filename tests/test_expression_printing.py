"""One formula in three notations: text is Python's, LaTeX and MathML say the same, hostile names stay names."""

import math
import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_lab.explain.expression import (
    Call,
    Derivative,
    Equation,
    Literal,
    Number,
    Sum,
    Symbol,
    Times,
    call,
    quantity,
    subscript,
    template,
)
from autograd_lab.explain.latex import latex
from autograd_lab.explain.mathml import mathml
from autograd_lab.explain.text import elide, text, unicode, wrap

w1, w2, w3, f = map(Symbol, ("w1", "w2", "w3", "f"))
one, two = Number(1.0), Number(2.0)

ROW = Equation(
    (
        Times((Derivative(f, w3), Derivative(w3, w1))),
        Times((Derivative(f, w3), w2)),
        Times((one, Number(3.0))),
        Number(3.0),
    )
)

# formula, text, LaTeX
PRINTED = [
    (call("multiply", w1, w2), "w1*w2", "w_{1} w_{2}"),
    (call("multiply", two, w1), "2*w1", "2 w_{1}"),
    (call("multiply", w1, two), "w1*2", r"w_{1} \cdot 2"),
    (call("multiply", two, Number(3.5)), "2*3.5", r"2 \cdot 3.5"),
    (call("multiply", two, call("divide", one, Number(3.0))), "2*(1/3)", r"2 \cdot \frac{1}{3}"),
    (call("multiply", Symbol("loss"), Symbol("rate")), "loss*rate", r"\mathrm{loss} \cdot \mathrm{rate}"),
    (call("multiply", w2, call("cos", w1)), "w2*cos(w1)", r"w_{2} \cos\left(w_{1}\right)"),
    (call("divide", call("negative", w3), w2), "-w3/w2", r"-\frac{w_{3}}{w_{2}}"),
    (call("divide", w1, call("multiply", w2, w3)), "w1/(w2*w3)", r"\frac{w_{1}}{w_{2} w_{3}}"),
    (call("subtract", w1, call("subtract", w2, w3)), "w1 - (w2 - w3)", r"w_{1} - \left(w_{2} - w_{3}\right)"),
    (call("negative", call("add", w1, w2)), "-(w1 + w2)", r"-\left(w_{1} + w_{2}\right)"),
    (call("add", w1, call("multiply", call("negative", w2), w3)), "w1 - w2*w3", "w_{1} - w_{2} w_{3}"),
    (call("power", w1, two), "w1**2", "w_{1}^{2}"),
    (call("power", call("negative", w1), two), "(-w1)**2", r"\left(-w_{1}\right)^{2}"),
    (call("power", w1, call("power", w2, w3)), "w1**(w2**w3)", "w_{1}^{w_{2}^{w_{3}}}"),
    (call("power", call("power", w1, w2), w3), "(w1**w2)**w3", r"\left(w_{1}^{w_{2}}\right)^{w_{3}}"),
    (call("power", w1, Number(-1.0)), "w1**-1", "w_{1}^{-1}"),
    (call("square", call("tanh", w1)), "tanh(w1)**2", r"\tanh^{2}\left(w_{1}\right)"),
    (call("power", call("sin", w1), Number(-1.0)), "sin(w1)**-1", r"\left(\sin\left(w_{1}\right)\right)^{-1}"),
    (call("reciprocal", w1), "1/w1", r"\frac{1}{w_{1}}"),
    (call("exp", w1), "exp(w1)", "e^{w_{1}}"),
    (call("expm1", w1), "expm1(w1)", "e^{w_{1}} - 1"),
    (call("log1p", w1), "log1p(w1)", r"\log\left(1 + w_{1}\right)"),
    (call("log2", w1), "log2(w1)", r"\log_{2}\left(w_{1}\right)"),
    (call("sqrt", w1), "sqrt(w1)", r"\sqrt{w_{1}}"),
    (call("absolute", w1), "abs(w1)", r"\left|w_{1}\right|"),
    (call("matmul", call("transpose", w1), w2), "w1.T @ w2", r"w_{1}^{\top} w_{2}"),
    (call("matmul", w1, call("matmul", w2, w3)), "w1 @ (w2 @ w3)", r"w_{1} \left(w_{2} w_{3}\right)"),
    (call("less_equal", w1, Number(0.0)), "w1 <= 0", r"w_{1} \le 0"),
    (call("maximum", w1, w2), "maximum(w1, w2)", r"\max\left(w_{1}, w_{2}\right)"),
    (call("my_op", w1), "my_op(w1)", r"\operatorname{my\_op}\left(w_{1}\right)"),
    (call("sum", w1, axis=0), "sum(w1, axis=0)", r"\operatorname{sum}\left(w_{1}, \mathrm{axis\text{=}0}\right)"),
    (subscript(w1, slice(1, 3)), "w1[1:3]", r"w_{1}\left[\mathrm{1{:}3}\right]"),
    (subscript(w1, (0, slice(None, None, 2), ...)), "w1[0, ::2, ...]", None),
    (call("remainder", w1, w2), "w1 % w2", r"w_{1} \bmod w_{2}"),
    (call("multiply", call("remainder", w1, w2), w3), "(w1 % w2)*w3", r"\left(w_{1} \bmod w_{2}\right) w_{3}"),
    (
        call("add", w3, call("remainder", call("negative", w1), w2)),
        "w3 + (-w1 % w2)",
        r"w_{3} + \left(\left(-w_{1}\right) \bmod w_{2}\right)",
    ),
    (call("negative", call("remainder", w1, w2)), "-(w1 % w2)", r"-\left(w_{1} \bmod w_{2}\right)"),
    (call("floor_divide", w1, w2), "w1 // w2", r"\left\lfloor \frac{w_{1}}{w_{2}}\right\rfloor"),
    (call("floor", call("add", w1, w2)), "floor(w1 + w2)", r"\left\lfloor w_{1} + w_{2}\right\rfloor"),
    (call("ceil", w1), "ceil(w1)", r"\left\lceil w_{1}\right\rceil"),
    (call("cbrt", w1), "cbrt(w1)", r"\sqrt[3]{w_{1}}"),
    (call("hypot", call("negative", w1), w2), "hypot(-w1, w2)", r"\sqrt{\left(-w_{1}\right)^{2} + w_{2}^{2}}"),
    (call("exp2", w1), "exp2(w1)", "2^{w_{1}}"),
    (call("logaddexp", w1, w2), "logaddexp(w1, w2)", r"\log\left(e^{w_{1}} + e^{w_{2}}\right)"),
    (call("logaddexp2", w1, w2), "logaddexp2(w1, w2)", r"\log_{2}\left(2^{w_{1}} + 2^{w_{2}}\right)"),
    (call("sign", w1), "sign(w1)", r"\operatorname{sgn}\left(w_{1}\right)"),
    (call("sinc'", w1), "sinc'(w1)", None),
    (call("where", Literal("[1 0]"), w1, w2), "where([1 0], w1, w2)", None),
    (call("det", w1), "det(w1)", r"\det\left(w_{1}\right)"),
    (call("trace", w1), "trace(w1)", r"\operatorname{tr}\left(w_{1}\right)"),
    (call("inv", call("add", w1, w2)), "inv(w1 + w2)", r"\left(w_{1} + w_{2}\right)^{-1}"),
    (call("transpose", call("inv", w1)), "inv(w1).T", r"w_{1}^{-\top}"),
    (call("solve", call("transpose", w1), w2), "solve(w1.T, w2)", r"w_{1}^{-\top} w_{2}"),
    (call("matrix_transpose", w1), "w1.mT", r"w_{1}^{\top}"),
    (call("pinv", w1), "pinv(w1)", "w_{1}^{+}"),
    (call("solve", w1, call("add", w2, w3)), "solve(w1, w2 + w3)", r"w_{1}^{-1} \left(w_{2} + w_{3}\right)"),
    (call("norm", w1), "norm(w1)", r"\left\|w_{1}\right\|"),
    (call("norm", w1, ord=3), "norm(w1, ord=3)", r"\left\|w_{1}\right\|_{\mathrm{3}}"),
    (call("norm", w1, ord=3, axis=0), "norm(w1, ord=3, axis=0)", None),
    (call("inner", w1, w2), "inner(w1, w2)", r"\left\langle w_{1}, w_{2}\right\rangle"),
    (call("outer", w1, call("negative", w2)), "outer(w1, -w2)", r"w_{1} \otimes \left(-w_{2}\right)"),
    (call("cross", w1, w2), "cross(w1, w2)", r"w_{1} \times w_{2}"),
    (call("field", w1, Literal("U")), "w1.U", None),
    (call("replaced", w1, Literal("[0]"), w2), "w1 with [0] = w2", r"w_{1}\text{ with }\mathrm{[0]} = w_{2}"),
    (call("increased", w1, Literal("[0]"), w2), "w1 with [0] += w2", None),
    (
        Equation((w3, call("replaced", w1, Literal("[0]"), w2))),
        "w3 = (w1 with [0] = w2)",
        r"w_{3} = \left(w_{1}\text{ with }\mathrm{[0]} = w_{2}\right)",
    ),
    (call("reshape", call("replaced", w1, Literal("[0]"), w2)), "reshape(w1 with [0] = w2)", None),
    (call("sum", w1, axis=np.int64(1), where=[np.float64(0.5), np.int64(2)]), "sum(w1, axis=1, where=[0.5, 2])", None),
    (call("roll", w1, shift=list(range(100))), "roll(w1, shift=int64 (100,), mean 49.5)", None),
    (subscript(w1, (slice(0, 3),)), "w1[0:3]", None),
    (subscript(w1, np.array([True, False])), "w1[[True False]]", None),
    (subscript(w1, np.ones((2, 3), bool)), "w1[mask 2×3]", None),
    (Number(1e-5), "1e-05", r"\mathrm{1e{-}05}"),
    (Number(-np.inf), "-inf", r"-\mathrm{inf}"),
    (quantity(np.array([-1.5, 2.0])), "[-1.5 2]", r"\mathrm{[{-}1.5\ 2]}"),
    (Times((one, Number(-0.4))), "1 × (-0.4)", r"1 \times \left(-0.4\right)"),
    (Times((Literal("64×128"), Literal("[1 2]"))), "(64×128) ⊙ [1 2]", None),
    (Times((Derivative(f, w2), call("subtract", w1, one))), "∂f/∂w2 · (w1 - 1)", None),
    (Sum((Number(-0.41614), Number(3.0))), "-0.4161 + 3", "-0.4161 + 3"),
    (Sum((Number(3.0), Number(-1.0))), "3 + (-1)", r"3 + \left(-1\right)"),
    (
        ROW,
        "∂f/∂w3 · ∂w3/∂w1 = ∂f/∂w3 · w2 = 1 × 3 = 3",
        (
            r"\frac{\partial f}{\partial w_{3}} \cdot \frac{\partial w_{3}}{\partial w_{1}}"
            r" = \frac{\partial f}{\partial w_{3}} \cdot w_{2} = 1 \times 3 = 3"
        ),
    ),
]


@pytest.mark.parametrize(("formula", "as_text", "as_latex"), PRINTED, ids=[p[1] for p in PRINTED])
def test_a_formula_prints_as_code_as_latex_and_as_well_formed_mathml(formula, as_text, as_latex):
    assert text(formula) == as_text
    assert as_latex is None or latex(formula) == as_latex
    ET.fromstring(mathml(formula))  # noqa: S314  our own output


def test_mathml_is_native_and_typographic():
    assert mathml(w3) == "<math><msub><mi>w</mi><mn>3</mn></msub></math>"
    assert mathml(Number(-2.0), display=True) == '<math display="block"><mn>−2</mn></math>'
    assert "<mo>&#x2062;</mo>" in mathml(call("multiply", w1, w2))
    assert mathml(Derivative(f, w1)).startswith("<math><mfrac><mrow><mi>∂</mi><mi>f</mi></mrow>")
    assert mathml(call("power", w1, two)) == "<math><msubsup><mi>w</mi><mn>1</mn><mn>2</mn></msubsup></math>"


def test_the_picture_writes_subscripts():
    assert unicode(Derivative(f, w1)) == "∂f/∂w₁"
    assert unicode(call("cos", Symbol("w12"))) == "cos(w₁₂)"
    assert unicode(Symbol("w3[0,2]")) == "w₃[0,2]"


TIDIED = [
    (call("multiply", w1, one), w1),
    (call("multiply", one, w1), w1),
    (call("multiply", Number(-1.0), w1), Call("negative", (w1,))),
    (call("divide", w1, one), w1),
    (call("power", w1, Number(0.0)), one),
    (call("power", w1, one), w1),
    (call("add", w1, Number(0.0)), w1),
    (call("add", Number(0.0), w1), w1),
    (call("subtract", Number(0.0), w1), Call("negative", (w1,))),
    (call("negative", call("negative", w1)), w1),
    (call("add", w1, call("negative", w2)), Call("subtract", (w1, w2))),
    (call("subtract", w1, call("negative", w2)), Call("add", (w1, w2))),
    (call("subtract", Number(3.0), one), two),
    (call("multiply", Number(0.5), two), Call("multiply", (Number(0.5), two))),
    (call("multiply", w1, Number(0.0)), Call("multiply", (w1, Number(0.0)))),
    (call("multiply", w1, one, where=True), Call("multiply", (w1, one), (("where", "True"),))),
    (call("true_divide", w1, w2), Call("divide", (w1, w2))),
]


@pytest.mark.parametrize(("made", "expected"), TIDIED, ids=[text(made) for made, _ in TIDIED])
def test_building_a_formula_tidies_it_and_keeps_its_value(made, expected):
    assert made == expected


def test_a_parameter_is_shown_without_an_address():
    assert text(call("apply", w1, rule=object())) == "apply(w1, rule=<object object>)"
    assert text(call("sort", w1, kind="stable")) == "sort(w1, kind='stable')"


# Trees that print every digit of their numbers.
SYMBOLS = st.sampled_from([w1, w2, w3])
NUMBERS = st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0]).map(Number)
UNARY = ("negative", "positive", "absolute", "square", "reciprocal", "sin")
BINARY = ("add", "subtract", "multiply", "divide")
WHOLE = (("floor", "ceil"), ("remainder", "floor_divide"))


def trees(build, unary=UNARY, binary=BINARY):
    return st.recursive(
        SYMBOLS | NUMBERS,
        lambda part: st.one_of(
            st.builds(build, st.sampled_from(unary), part),
            st.builds(build, st.sampled_from(binary), part, part),
            st.builds(build, st.just("power"), part, st.sampled_from([1.0, 2.0, 3.0, -1.0]).map(Number)),
        ),
        max_leaves=12,
    )


def raw(kind, *args):
    return Call(kind, args)


def value_of(e, values, operations):
    match e:
        case Symbol(label):
            return values[label]
        case Number(value):
            return operations["number"](value)
        case Call(kind, args):
            return operations[kind](*(value_of(arg, values, operations) for arg in args))


OPERATIONS = {
    "negative": lambda x: -x,
    "positive": lambda x: +x,
    "absolute": abs,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
    "power": lambda x, y: x**y,
    "remainder": lambda x, y: x % y,
    "floor_divide": lambda x, y: x // y,
}
FLOATS = {**OPERATIONS, "number": np.float64, "sin": np.sin, "floor": np.floor, "ceil": np.ceil}
# Exact, so that a (b c) and a b c are the same; any function will do for sin.
EXACT = {
    **OPERATIONS,
    "number": Fraction,
    "sin": lambda x: 3 * x + 7,
    "power": lambda x, y: x ** int(y),
    "floor": lambda x: Fraction(math.floor(x)),
    "ceil": lambda x: Fraction(math.ceil(x)),
    "floor_divide": lambda x, y: Fraction(x // y),
}


def float_value(e):
    """The value of the tree, where it has no division by zero: there x + 0 and x differ, by the sign of zero."""
    with np.errstate(all="ignore", divide="raise"):
        try:
            return value_of(e, {"w1": np.float64(0.7), "w2": np.float64(-1.3), "w3": np.float64(2.1)}, FLOATS)
        except FloatingPointError:
            assume(condition=False)


def evaluated(code):
    names = {"w1": np.float64(0.7), "w2": np.float64(-1.3), "w3": np.float64(2.1), "N": np.float64, "abs": abs}
    names |= {"sin": np.sin, "floor": np.floor, "ceil": np.ceil}
    with np.errstate(all="ignore"):
        return eval(re.sub(r"(?<![\w.])([0-9.]+)", r"N(\1)", code), names)  # noqa: S307  the printed text is code


@given(trees(raw, UNARY + WHOLE[0], BINARY + WHOLE[1]))
def test_text_evaluated_by_python_has_the_value_of_the_formula(e):
    np.testing.assert_equal(evaluated(text(e)), float_value(e))


@given(st.data())
def test_a_tidied_formula_has_the_value_of_the_formula(data):
    e = data.draw(trees(raw))
    np.testing.assert_equal(float_value(tidied(e)), float_value(e))
    np.testing.assert_equal(evaluated(text(tidied(e))), float_value(e))


def tidied(e):
    return call(e.kind, *map(tidied, e.args)) if isinstance(e, Call) else e


FENCES = {"|": "abs", "⌊": "floor", "⌈": "ceil"}


def code_of(element):
    """MathML read as a person reads it: what stands side by side is a product, a fraction is one thing."""
    children = list(element)
    match element.tag:
        case "mfrac":
            return f"(({code_of(children[0])})/({code_of(children[1])}))"
        case "msup" | "msubsup" if element[0].text == "sin":
            return f"P({code_of(children[1])})"
        case "msup":
            return f"{code_of(children[0])}**({code_of(children[1])})"
        case "msub":
            return element[0].text + element[1].text
        case "msubsup":
            return f"{element[0].text}{element[1].text}**({code_of(children[2])})"
        case "mrow" | "math":
            fence = children[0].text if children else None
            if fence in FENCES:
                return f"{FENCES[fence]}({''.join(map(code_of, children[1:-1]))})"
            return "".join(map(code_of, children))
        case "mn":
            return re.sub(r"([0-9.]+)", r"N('\1')", element.text.replace("−", "-"))
        case "mspace":
            return ""
        case _:
            return {"mod": "%", "\u2062": "*", "⋅": "*", "−": "-", "\u2061": ""}.get(element.text, element.text)


@given(trees(raw, UNARY + WHOLE[0], BINARY + WHOLE[1]))
def test_mathml_read_as_mathematics_has_the_value_of_the_formula_and_latex_has_its_parentheses(e):
    values = {"w1": Fraction(7, 10), "w2": Fraction(-13, 10), "w3": Fraction(21, 10)}
    try:
        expected = value_of(e, values, EXACT)
    except (ZeroDivisionError, OverflowError):
        assume(condition=False)
    sin = EXACT["sin"]
    names = {**values, "sin": sin, "N": Fraction, "abs": abs, "P": lambda n: lambda x: sin(x) ** int(n)}
    names |= {kind: EXACT[kind] for kind in WHOLE[0]}
    markup = mathml(e)
    assert eval(code_of(ET.fromstring(markup)), names) == expected  # noqa: S307, S314  our own output
    written = latex(e)
    assert written.count(r"\left(") == markup.count(">(</mo>")
    assert written.count("{") == written.count("}")


def test_printing_takes_time_linear_in_the_formula():
    e = w1
    for kind, before, after in (("negative", (), ()), ("multiply", (w2,), ()), ("add", (), (w2,)), ("subtract", (), (w2,))):
        for _ in range(40):  # twice the work at each level would be 2**40
            e = Call(kind, (*before, e, *after))
    for _ in range(40):
        e = Sum((e, w3))
        e = Times((e, w3))
    assert text(e).count("w2") == 120
    assert latex(e).count("w_{2}") == 120
    assert mathml(e).count("<mn>2</mn>") == 120


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert('x')</script>",
        "params['W1']",
        'a"b',
        "a\nb\r\t",
        "a\x00b",
        "a\u202eb",
        "אב",
        "😀👩‍👩‍👧",
        "학습률",
        "100%_$#&{}^~\\",
        "",
        "\ud800",
    ],
)
def test_a_hostile_name_stays_a_name_in_every_notation(name):
    formula = call("subtract", Symbol(name), call("user's " + name, w1))
    line, tex, markup = text(formula), latex(formula), mathml(formula)
    ET.fromstring(markup)  # noqa: S314  our own output
    for shown in (line, tex, markup):
        assert not set(shown) & set("\n\r\t\x00\u202e\ud800")
    assert "<script" not in tex
    assert "<script" not in markup
    assert re.sub(r"\\[{}]", "", tex).count("{") == re.sub(r"\\[{}]", "", tex).count("}")


def test_a_name_that_runs_from_right_to_left_is_isolated_in_text():
    assert text(call("subtract", Symbol("אב"), Symbol("גד"))) == "\u2068אב\u2069 - \u2068גד\u2069"


TEMPLATES = [
    (r"\sigma\left({0}\right)", (w1,), r"\sigma\left(w_{1}\right)"),
    (r"\cos({0})", (w1,), r"\cos(w_{1})"),
    (r"\frac{0}{1}", (w1, call("add", w2, w3)), r"\frac{w_{1}}{w_{2} + w_{3}}"),
    (r"\frac{{0}}{{1}}", (w1, w2), r"\frac{w_{1}}{w_{2}}"),
    (r"{0}^{2} + \frac{a}{b}", (w1,), r"{w_{1}}^{2} + \frac{a}{b}"),
    (r"{0}^2", (call("add", w2, w3),), r"{\left(w_{2} + w_{3}\right)}^2"),
    (r"x^{0}", (call("add", w2, w3),), r"x^{w_{2} + w_{3}}"),
    (r"2 {0}", (call("add", w2, w3),), r"2 \left(w_{2} + w_{3}\right)"),
    (r"a \cdot{0}", (w1,), r"a \cdot{w_{1}}"),
    (r"{out}(1 - {out})", {"out": w3}, "w_{3}(1 - w_{3})"),
    (r"{adjoint}^{\top}", {"adjoint": Derivative(f, w3)}, None),
]


@pytest.mark.parametrize(("source", "operands", "filled"), TEMPLATES, ids=[t[0] for t in TEMPLATES])
def test_a_users_latex_keeps_its_braces_and_gets_its_operands(source, operands, filled):
    formula = template(source, operands, call("base", w1))
    assert filled is None or latex(formula) == filled
    assert text(formula) == "base(w1)"
    ET.fromstring(mathml(formula))  # noqa: S314  our own output


def test_operands_of_a_users_latex_are_our_own_mathml():
    formula = template(r"\sigma({0})", (Symbol("<script>"),), call("sigmoid", w1))
    assert "<mi>&lt;script&gt;</mi>" in mathml(formula)
    assert "<msub><mi>w</mi><mn>1</mn></msub>" in mathml(template(r"\frac{0}{2}", (w1,), w1))


@pytest.mark.parametrize(
    "source",
    [
        r"\frac{a",
        r"\nosuchcommand{0}",
        r"\left({0}",
        "{0}^",
        r"\text{<b>x</b>}",
        r"\href{javascript:1}{x}",
        "",
        r"\text{at {0}}",
    ],
)
def test_latex_that_has_no_mathml_is_an_error_that_names_the_template(source):
    formula = template(source, (w1,), call("base", w1))
    with pytest.raises(ValueError, match=re.escape(repr(source))):
        mathml(formula)


def test_a_placeholder_without_its_operand_is_an_error_that_names_the_template():
    with pytest.raises(ValueError, match=r"\{out\}"):
        template(r"{out} {0}", (w1,), w1)


def test_a_long_line_is_elided_to_the_room_there_is():
    assert elide("w1*w2", 5) == "w1*w2"
    assert elide("w1*w2 + w3", 6) == "w1*w2…"
    assert elide("w1*w2 + w3", 7) == "w1*w2…"
    assert elide("학습률 감소", 6) == "학습…"
    assert elide("cafe\u0301s au lait", 5) == "caf…"
    assert elide("abc", 0) == ""


@given(st.text(), st.integers(0, 30))
def test_an_elided_line_never_exceeds_its_room(line, width):
    assert len(elide(line, width)) <= width


def test_a_line_is_wrapped_at_spaces_and_only_a_longer_word_within():
    assert wrap("local w2 = 3, times 1", 10) == ["local w2 =", "3, times 1"]
    assert wrap("w1*w2*w3 + 1", 5) == ["w1*w2", "*w3 +", "1"]
    assert wrap("학습률 감소", 6) == ["학습률", "감소"]
    assert wrap("", 5) == [""]


@given(st.text("ab *é학"), st.integers(2, 12))
def test_a_wrapped_line_loses_nothing_but_spaces_and_exceeds_nothing(line, width):
    lines = wrap(line, width)
    assert "".join(lines).replace(" ", "") == "".join(line.split())
    assert all(len(piece) + piece.count("학") <= width for piece in lines)
