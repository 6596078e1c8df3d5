"""Which lesson `autograd-lab tutorial NAME` opens: by its name, its number or a word of it, and what is said to others."""

import pytest

from autograd_lab import tutorial
from autograd_lab.arithmetic import Refused

NAMES = [
    f"{stem}.ipynb"
    for stem in (
        "01_forward_and_reverse", "02_the_graph", "03_chain_rule_by_hand", "04_which_mode", "05_requires_grad_no_grad_detach",
        "06_hooks", "07_arrays", "08_train_a_network", "09_higher_order", "10_build_your_own", "lecture_demo",
    )
]  # fmt: skip

MEANT = {
    None: "01_forward_and_reverse",
    "06_hooks.ipynb": "06_hooks",
    "06_hooks": "06_hooks",
    "06_Hooks": "06_hooks",
    "5": "05_requires_grad_no_grad_detach",
    "05": "05_requires_grad_no_grad_detach",
    "10": "10_build_your_own",
    "hooks": "06_hooks",
    "HOOKS": "06_hooks",
    "03_ch": "03_chain_rule_by_hand",
    "chain": "03_chain_rule_by_hand",
    "chain rule": "03_chain_rule_by_hand",
    "chain-rule": "03_chain_rule_by_hand",
    "detach": "05_requires_grad_no_grad_detach",
    "03_": "03_chain_rule_by_hand",
    "graph": "02_the_graph",
    "reverse": "01_forward_and_reverse",
    "net": "08_train_a_network",
    "le": "lecture_demo",
    "demo": "lecture_demo",
    "no grad": "05_requires_grad_no_grad_detach",
}

NOT_MEANT = {
    "12": ("'12'", "01_forward_and_reverse", "10_build_your_own"),
    "0": ("'0'", "there are"),
    "": ("''", "there are"),
    "h": ("several", "06_hooks", "09_higher_order"),
    "gra": ("'gra'", "02_the_graph, 05_requires_grad_no_grad_detach"),
    "hoks": ("'hoks'", "did you mean 06_hooks?"),
    "ooks": ("'ooks'", "did you mean 06_hooks?"),
    "foward": ("did you mean 01_forward_and_reverse?",),
    "zzz": ("'zzz'", "there are", "lecture_demo"),
    "../../etc/passwd": ("passwd", "there are"),
    "x" * 5000: ("there are", "lecture_demo"),
    "9" * 5000: ("there are", "lecture_demo"),
}


@pytest.mark.parametrize("asked", MEANT)
def test_a_lesson_goes_by_its_name_its_number_or_a_word_of_it(asked):
    assert tutorial.lesson_named(asked, NAMES) == f"{MEANT[asked]}.ipynb"


@pytest.mark.parametrize("asked", NOT_MEANT, ids=lambda asked: asked[:20])
def test_what_is_no_lesson_or_several_is_refused_with_those_that_it_may_be(asked):
    with pytest.raises(Refused) as refused:
        tutorial.lesson_named(asked, NAMES)
    assert [part for part in NOT_MEANT[asked] if part not in str(refused.value)] == []


def test_every_lesson_that_ships_can_be_asked_for_by_its_number_and_by_its_name():
    lessons = tutorial._lessons()
    for name in lessons:
        stem = name.removesuffix(".ipynb")
        number = stem.partition("_")[0]
        assert tutorial.lesson_named(stem, lessons) == name
        assert not number.isdecimal() or tutorial.lesson_named(str(int(number)), lessons) == name
