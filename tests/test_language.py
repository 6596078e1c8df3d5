"""Languages: English is the default, another one is a catalogue; what there is to read and hear is Korean in Korean."""

import re
import subprocess
import sys
import threading

import numpy as np
import pytest

import autograd_lab as lab
from autograd_lab import cli, language
from autograd_lab.language import gettext, languages, ngettext, set_language, using
from autograd_lab.views.page import page
from autograd_lab.views.texts import texts
from tests import catalogue
from tests.pages import saved

CATALOGUES = sorted(language.LOCALE.glob("*.po"))
HANGUL = re.compile("[가-힣]")

# What tests and screen readers look for on a Korean page.
CONTRACT = {
    "region": "자동 미분 스테퍼",
    "evaluation": "평가",
    "forward": "순방향 누적",
    "reverse": "역방향 누적",
    "wrt": "미분할 변수",
    "of": "미분할 출력",
    "first": "처음 단계",
    "previous": "이전 단계",
    "next": "다음 단계",
    "last": "마지막 단계",
    "play": "재생",
    "pause": "일시정지",
    "fullscreen": "전체 화면",
    "progress": "{step} / {steps} 단계",
    "table": "계산 추적표",
}


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    set_language("en")


def f(x, y):
    return x * y + np.sin(x)


def graph():
    return lab.trace(f, 2.0, 3.0)


# -- which language holds ---------------------------------------------------------------------------------------------


def test_english_is_the_default_and_loads_no_catalogue():
    code = (
        "import sys, numpy as np, autograd_lab as lab; from autograd_lab.views.page import page;"
        "page(lab.trace(lambda x: np.sin(x), 2.0)); print('babel' in sys.modules, lab.trace(np.sin, 2.0).reverse()[0].text)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "False seed: adjoint of w2 is 1\n"


def test_there_is_english_and_a_language_for_each_catalogue():
    assert languages() == ("en", *(path.stem for path in CATALOGUES))
    assert "ko" in languages()


def test_set_language_holds_in_every_thread_from_now_on():
    heard = []
    lab.set_language("ko")
    listener = threading.Thread(target=lambda: heard.append(gettext("Next step")))
    listener.start()
    listener.join()
    assert heard == [gettext("Next step")] == ["다음 단계"]
    lab.set_language("en")
    assert gettext("Next step") == "Next step"


def test_using_holds_inside_its_block_alone_and_in_its_own_thread():
    heard = []
    with using("ko"):
        with using("en"):
            assert language.language() == "en"
        listener = threading.Thread(target=lambda: heard.append(language.language()))
        listener.start()
        listener.join()
        assert language.language() == "ko"
    assert (language.language(), heard) == ("en", ["en"])


def test_using_ends_where_an_exception_leaves_it():
    with pytest.raises(KeyError), using("ko"):
        raise KeyError
    assert language.language() == "en"


@pytest.mark.parametrize("choose", [set_language, lambda name: using(name).__enter__()], ids=["set_language", "using"])
@pytest.mark.parametrize("name", ["xx", "", "KO", "../ko", None])
def test_a_language_that_there_is_not_is_refused_with_those_there_are(choose, name):
    with pytest.raises(ValueError, match=re.escape(f"language={name!r} is not one of the choices: 'en', 'ko'")):
        choose(name)
    assert language.language() == "en"


def test_a_count_has_the_forms_of_the_language():
    one, many = (
        "{written!r}: {function} takes {count} value, not {given}",
        "{written!r}: {function} takes {count} values, not {given}",
    )
    assert [ngettext(one, many, n) for n in (0, 1, 2)] == [many, one, many]
    with using("ko"):
        assert len({ngettext(one, many, n) for n in (0, 1, 2)}) == 1


def test_another_language_is_one_file_more(tmp_path, monkeypatch):
    (tmp_path / "xx.po").write_text(
        'msgid ""\nmsgstr ""\n"Language: xx\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);\\n"\n\n'
        'msgid "Next step"\nmsgstr "Næste skridt"\n\n'
        'msgid "Last step"\nmsgstr ""\n\n'
        'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "one"\nmsgstr[1] "few"\nmsgstr[2] "many"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(language, "LOCALE", tmp_path)
    assert languages() == ("en", "xx")
    stepper = lab.show(graph(), language="xx")
    words = stepper.storyboard["texts"]
    assert (stepper.storyboard["language"], words["next"], words["last"]) == ("xx", "Næste skridt", "Last step")
    with using("xx"):
        assert [ngettext("a", "b", n) for n in (1, 2, 9)] == ["one", "few", "many"]


# -- Korean, where it shows -------------------------------------------------------------------------------------------


def test_the_words_that_screen_readers_look_for_are_those_of_the_contract():
    with using("ko"):
        words = texts()
    assert {key: words[key] for key in CONTRACT} == CONTRACT


def test_every_word_of_the_views_is_korean_and_there_are_as_many_as_in_english():
    english = texts()
    with using("ko"):
        korean = texts()
    assert korean.keys() == english.keys()
    bare = {key: re.sub(r"\{\w+\}", "", word) for key, word in english.items()}
    messages = {message.id for message in catalogue.template()}
    signs = {key for key, word in bare.items() if english[key] not in messages or not re.search("[A-Za-z]", word)}
    assert {key for key, word in korean.items() if not HANGUL.search(word)} == signs
    assert [bare[key] for key in signs if re.search("[A-Za-z]{2}", bare[key])] == []


def test_a_sweep_reads_as_korean():
    with using("ko"):
        assert [step.text for step in graph().forward("x")][:4] == [
            "시드: w1 (x)의 접선값은 1, w2 (y)에서는 0",
            "w1->w3: 국소 도함수 w2 = 3, 들어온 접선값 1, 곱 = 3; w3 0 -> 3, 기여 2개 중 1번째",
            "w2->w3: 시드가 w2에 닿지 않으므로 기여는 0; w3 3 -> 3, 기여 2개 중 2번째, 완료",
            "w1->w4: 국소 도함수 cos(w1) = -0.4161, 들어온 접선값 1, 곱 = -0.4161; w4 0 -> -0.4161, 기여 1개 중 1번째, 완료",
        ]
        assert str(graph().reverse()).splitlines()[-1] == "결과: ∂f/∂w1 = 2.584, ∂f/∂w2 = 2"


def test_words_inside_formulas_stand_where_korean_puts_them():
    def where(x):
        return np.where(x > 0, x, 2 * x)

    def assign(x):
        y = x * 1.0
        y[0] = 3.0
        return np.sum(y)

    with using("ko"):
        assert r"\text{ 일 때 }" in lab.trace(where, 2.0).nodes[-1].expression
        listing = str(lab.trace(assign, np.ones(2)))
    assert "에서 [0] = 3" in listing
    assert r"\text{ where }" in lab.trace(where, 2.0).nodes[-1].expression


def test_why_a_constant_is_cut_is_said_in_words_and_python_names_stay():
    def cut(x):
        with lab.no_grad():
            z = x * 2.0
        y = np.sin(x)
        return x * y * y.detach() * (x > 1.0) * z * lab.tensor(2.0)

    with using("ko"):
        said = str(lab.trace(cut, 2.0))
    for words in ("w2에서 detach", "greater: 미분 없음", "no_grad", "requires_grad=False"):
        assert words in said


def test_a_stepper_keeps_the_language_that_it_was_made_in():
    lab.set_language("ko")
    korean = lab.show(graph())
    lab.set_language("en")
    english = lab.show(graph())
    for stepper, hangul in ((korean, True), (english, False)):
        for mode in ("forward", "evaluation", "reverse"):
            stepper.mode = mode
            assert all(bool(HANGUL.search(step["sentence"])) == hangul for step in stepper.sweep["steps"]), mode
            assert bool(HANGUL.search(stepper.transcript)) == hangul


def test_a_korean_stepper_answers_new_inputs_and_is_written_in_korean(tmp_path):
    stepper = lab.show(f, 2.0, 3.0, language="ko")
    stepper.set_inputs({"x": 1.0})
    assert HANGUL.search(stepper.sweep["steps"][0]["sentence"])
    assert stepper.storyboard["texts"]["region"] == "자동 미분 스테퍼"
    stepper.asked = {"n": 1, "values": {"w1": "3"}}
    assert HANGUL.search(stepper.sweep["steps"][0]["sentence"])
    document = stepper.to_html(tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<html lang="ko">' in document
    assert saved(document)["storyboard"]["language"] == "ko"
    assert HANGUL.search(stepper._repr_mimebundle_()[0]["text/plain"])


ERRORS = {
    "no function": (lambda: lab.trace(3.0), TypeError),
    "wrong arguments": (lambda: lab.trace(f, 1.0), TypeError),
    "nothing returned": (lambda: lab.trace(lambda x: None, 1.0), TypeError),
    "no Tensor": (lambda: lab.graph_of(3.0), TypeError),
    "unknown input": (lambda: graph().forward("q"), ValueError),
    "seed needed": (lambda: lab.trace(lambda x: x * 1.0, np.ones(2)).reverse(), RuntimeError),
    "show of a number": (lambda: lab.show(3.0), TypeError),
    "mode": (lambda: lab.show(graph(), mode="up"), ValueError),
    "part": (lambda: lab.show(graph(), parts=["q"]), ValueError),
    "output": (lambda: lab.show(graph(), of="q"), ValueError),
    "page": (lambda: page(graph(), about="q"), ValueError),
    "language": (lambda: lab.show(graph(), language="xx"), ValueError),
}


@pytest.mark.parametrize("case", ERRORS)
def test_the_errors_of_trace_and_show_are_korean(case):
    provoke, kind = ERRORS[case]
    with using("ko"), pytest.raises(kind) as raised:
        provoke()
    assert HANGUL.search(str(raised.value))


def test_the_errors_of_a_korean_stepper_are_korean_and_those_of_the_engine_stay_english():
    stepper = lab.show(graph(), language="ko")
    for name, value in (("step", 99), ("mode", "up"), ("about", "q"), ("parts", ["q"])):
        with pytest.raises(ValueError, match=HANGUL.pattern):
            setattr(stepper, name, value)
    lab.set_language("ko")
    with pytest.raises(RuntimeError, match="does not require grad"):
        lab.tensor(1.0).backward()
    with pytest.raises(TypeError) as raised:
        lab.func.grad(3.0)
    assert not HANGUL.search(str(raised.value))


# -- the command line -------------------------------------------------------------------------------------------------

REFUSED = {
    "language": ["export", "x", "x=2", "--out", "a.html", "--language", "xx"],
    "expression": ["export", "foo(x)", "x=2", "--out", "a.html"],
    "parentheses": ["export", "sin(x", "x=2", "--out", "a.html"],
    "no expression": ["export"],
    "no file": ["export", "x", "x=2"],
    "no value": ["export", "x", "--out", "a.html"],
    "mode": ["export", "x", "x=2", "--out", "a.html", "--mode", "up"],
    "no mode": ["export", "x", "x=2", "--out", "a.html", "--mode"],
    "no folder": ["export", "x", "x=2", "--out", "no/a.html"],
    "option": ["export", "x", "x=2", "--colour"],
    "command": ["exprot"],
    "no command": [],
    "port": ["tutorial", "--port", "http"],
    "port out of range": ["tutorial", "--port", "65536"],
    "lesson": ["tutorial", "zzz"],
    "lesson that looks like another": ["tutorial", "foward"],
    "no name of a folder": ["tutorial", "--folder"],
    "argument of an option that has none": ["tutorial", "--no-browser=1"],
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_command_line_refuses_it_refuses_in_the_language_asked_for(case, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["--language", "ko", *REFUSED[case]] if case != "language" else REFUSED[case]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), list(tmp_path.iterdir())) == ("", 1, [])
    assert err.startswith("autograd-lab: ")
    assert bool(HANGUL.search(err)) == (case != "language")
    assert cli.main(REFUSED[case]) == 2
    assert not HANGUL.search(capsys.readouterr().err)


@pytest.mark.parametrize("option", [["--language", "ko"], ["--language=ko"]])
def test_a_lesson_is_exported_in_korean(option, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "x*y + sin(x)", *option, "x=2", "y=3", "--out", "a.html"]) == 0
    assert capsys.readouterr().out == "a.html 저장 완료\n"
    held = saved((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert all(HANGUL.search(step["sentence"]) for sweep in held["sweeps"] for step in sweep["steps"])
    assert language.language() == "en"


@pytest.mark.parametrize("arguments", [["--help"], ["export", "--help"], ["tutorial", "-h"]])
def test_help_is_korean_too(arguments, capsys):
    with pytest.raises(SystemExit):
        cli.main([*arguments, "--language", "ko"])
    printed = capsys.readouterr().out
    assert printed.startswith("사용법: ")
    assert not re.search(r"\b(usage|options|positional|show|file)\b", printed)
