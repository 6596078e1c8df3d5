"""lab.check: the verdict on an answer, and what is said of it."""

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab.language import using

HINT = "Two paths lead there."

# answer, expected, verdict, what the line says
JUDGED = {
    "the number": (5, 5.0, "right", "q = 5: right."),
    "four digits of it": (-0.4161, -0.41614683, "right", "q = -0.4161: right."),
    "three digits of it": (2.58, 2.583853, "wrong", "Close: give 4 digits."),
    "rounded too soon": (2.6, 2.583853, "wrong", "Close: give 4 digits."),
    "another number": (3, 5.0, "wrong", f"q = 3: not yet. {HINT}"),
    "the other sign": (-5, 5.0, "wrong", "Look at the sign."),
    "zero for a small number": (0, 1e-3, "wrong", "not yet"),
    "zero": (0, 0.0, "right", "right"),
    "nan where nan is right": (float("nan"), float("nan"), "right", "right"),
    "nothing": (None, 5.0, "missing", "q: no answer yet. Fill in the blank."),
    "an ellipsis": (..., 5.0, "missing", "no answer yet"),
    "a list that is not finished": (["w1", None], ["w1", "w2"], "missing", "no answer yet"),
    "text for a number": ("5", 5.0, "wrong", "The answer is a number or an array of numbers."),
    "a number for text": (5, "w5", "wrong", "The answer is text: put it in quotes."),
    "an array for text": (np.array([1.0, 2.0]), "w5", "wrong", "The answer is text: put it in quotes."),
    "a Tensor for a list of text": (lab.tensor([1.0, 2.0]), ["w1", "w2"], "wrong", "The answer is text: put it in quotes."),
    "text for an array": (["a", "b"], np.array([1.0, 2.0]), "wrong", "The answer is a number or an array of numbers."),
    "a complex number": (5j, 5.0, "wrong", "The answer is a number or an array of numbers."),
    "a ragged list": ([[1], [1, 2]], [1.0, 2.0], "wrong", "The answer is a number or an array of numbers."),
    "a list for an array": ([1, 2], np.array([1.0, 2.0]), "right", "q = [1 2]: right."),
    "another shape": ([[1, 2]], np.array([1.0, 2.0]), "wrong", "Its shape is (1, 2), not the one that is asked for."),
    "a Tensor that needs a gradient": (lab.tensor([1.0, 2.0], requires_grad=True), [1.0, 2.0], "right", "right"),
    "a list of such Tensors": ([lab.tensor(1.0, requires_grad=True), lab.tensor(2.0)], [1.0, 2.0], "right", "right"),
    "text in another case": (" Reverse ", "reverse", "right", "right"),
    "other text": ("forward", "reverse", "wrong", HINT),
    "text in the order asked for": (["w3", "w4"], ["w3", "w4"], "right", "right"),
    "text in another order": (["w4", "w3"], ["w3", "w4"], "wrong", HINT),
    "a set in any order": ({"w4", "w3"}, {"w3", "w4"}, "right", "q = {'w3', 'w4'}: right."),
    "a list for a set": (["w3", "w4"], {"w3", "w4"}, "wrong", "The answer is a set: names in quotes, within braces."),
    "text for a set": ("w3", {"w3", "w4"}, "wrong", "The answer is a set: names in quotes, within braces."),
    "an empty dictionary for a set": ({}, {"w3"}, "wrong", "The answer is a set: names in quotes, within braces."),
    "another set": ({"w3"}, {"w3", "w4"}, "wrong", f"q = {{'w3'}}: not yet. {HINT}"),
    "a set of nothing": (set(), {"w3"}, "wrong", f"q = set(): not yet. {HINT}"),
    "true": (True, True, "right", "right"),
    "false": (False, True, "wrong", HINT),
    "one for true": (1, True, "wrong", "The answer is True or False."),
    "true for one": (True, 1.0, "wrong", "not yet"),
}  # fmt: skip


@pytest.mark.parametrize("case", JUDGED)
def test_an_answer_is_judged(case):
    answer, expected, verdict, said = JUDGED[case]
    checked = lab.check({"q": answer}, {"q": expected}, hints={"q": HINT})
    (answered,) = checked.answers
    assert answered.verdict == verdict
    assert said in answered.text
    assert bool(checked) == (verdict == "right")


def test_a_known_slip_gets_its_own_reason_in_place_of_the_hint():
    slips = {"q": {3.0: "That is one contribution of two."}}
    said = str(lab.check({"q": 3}, {"q": 5.0}, hints={"q": HINT}, slips=slips))
    assert said == "✗ q = 3: not yet. That is one contribution of two."


def test_every_question_has_its_line_and_one_wrong_answer_makes_all_of_it_false():
    checked = lab.check({"b": 2, "a": 1}, {"a": 1.0, "b": 3.0})
    assert [str(line)[:5] for line in checked.answers] == ["✓ a =", "✗ b ="]
    assert repr(checked) == str(checked)
    assert not checked


@pytest.mark.parametrize("answer", [3, "x", [1, 2], {"a"}, True])
@pytest.mark.parametrize("expected", [7.25, "secret", [7.25, 7.5], {"secret"}, np.array([7.25])])
def test_a_wrong_answer_does_not_tell_the_right_one(answer, expected):
    said = str(lab.check({"q": answer}, {"q": expected}))
    assert "7.25" not in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (({"x": 1}, {"y": 1}), "'x'"),
        (({}, {"y": 1}), "'y'"),
        (({"y": 1}, {"y": 1}, {"z": "hint"}), "'z'"),
    ],
)
def test_questions_that_do_not_match_are_named(arguments, culprit):
    answers, expected, *hints = arguments
    with pytest.raises(ValueError, match=culprit):
        lab.check(answers, expected, hints=hints[0] if hints else None)


def test_it_speaks_the_language_that_is_set():
    with using("ko"):
        assert str(lab.check({"q": None}, {"q": 1.0})) == "○ q: 아직 답이 없습니다. 빈칸을 채우세요."
