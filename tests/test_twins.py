"""The judges of the tables: what counts as an explained error, and what makes a table's entry fail."""

import pytest

import autograd_lab as lab
from tests.twins import OURS, Programs, Raised, check, outcome, plain, unexplained

MESSAGES = [
    ("a leaf that requires grad was written to in place: do it inside `with lab.no_grad():`, or make a new one", []),
    ("grad must have this Tensor's shape", ["too short", "names no remedy"]),
    ("result type float64 can't be cast to the desired output type int64", ["names no remedy"]),
    (
        "what sin saved was freed by an earlier backward(). Specify retain_graph=True: it is then kept",
        ["more than one sentence"],
    ),
    ("index 5 is out of bounds for axis 0 with size 3", []),
]


@pytest.mark.parametrize(("message", "lacks"), MESSAGES)
def test_an_error_says_cause_and_remedy_in_one_sentence(message, lacks):
    found = unexplained(message)
    assert len(found) == len(lacks)
    assert all(lack.startswith(expected) for lack, expected in zip(found, lacks, strict=True))


def test_the_outcome_of_a_program_is_plain_or_says_the_line_that_raised():
    def fine(m, t):
        return t([1.0, float("nan")]) * 2.0, m.zeros(2), True

    def fails(m, t):
        x = t(1.0)
        return x.nothing

    assert outcome(fine, OURS) == [[2.0, "nan"], [0.0, 0.0], True]
    found = outcome(fails, OURS)
    assert found == Raised(AttributeError, fails.__code__.co_firstlineno + 2, "")


def test_plain_rounds_away_the_last_bits_alone():
    assert plain(0.1 + 0.2) == 0.3
    assert plain(1.00000000001) != 1.0


def test_an_entry_fails_where_the_two_engines_do_otherwise(torch):
    programs = Programs()

    @programs.alike
    def other_values(m, t):
        return m is OURS

    @programs.alike
    def both_raise(m, t):
        raise KeyError

    @programs.refused(KeyError)
    def neither_raises(m, t):
        return 1

    @programs.refused(RuntimeError, "no_grad", "words that are missing")
    def other_words(m, t):
        x = t([1.0])
        x += 1.0

    @programs.differs(torch=1, lab=1)
    def no_difference_as_said(m, t):
        return 2

    for program in programs:
        with pytest.raises(AssertionError):
            check(torch, program)
    assert lab.is_grad_enabled()
