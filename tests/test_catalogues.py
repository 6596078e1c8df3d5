"""The catalogues: no message lacks its translation, none is left over, and what the tool writes is what is kept."""

import ast
import string

import pytest

from tests import catalogue

CATALOGUES = sorted((catalogue.PACKAGE / "locale").glob("*.po"))


def fields(template):
    """The names of a template's places; a place may be used twice, and in any order."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def places(message):
    """The same of a message with several forms: what the last of them, that for many, has."""
    return fields(message.id if isinstance(message.id, str) else message.id[-1])


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_every_message_has_a_translation_that_somebody_has_looked_at(path):
    missing = [message.id for message in catalogue.untranslated(catalogue.read(path))]
    asked = {message.id for message in catalogue.template() if message.id}
    kept = {message.id for message in catalogue.read(path) if message.id}
    assert (missing, asked - kept) == ([], set()), "run python tests/catalogue.py, and translate"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_no_catalogue_keeps_a_message_that_is_not_asked_for(path):
    asked = {message.id for message in catalogue.template() if message.id}
    read = catalogue.read(path)
    assert ({message.id for message in read if message.id} - asked, list(read.obsolete)) == (set(), [])


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_translation_has_the_places_of_its_message(path):
    differing = {
        form: (places(message), fields(form))
        for message in catalogue.read(path)
        if message.id
        for form in catalogue.translations(message)
        if fields(form) != places(message)
    }
    assert differing == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_catalogue_is_as_the_tool_writes_it(path):
    assert path.read_text(encoding="utf-8") == catalogue.updated(path, catalogue.template())[0]


def test_the_tool_adds_what_is_missing_drops_what_went_and_guesses_nothing(tmp_path):
    wanted = catalogue.Catalog()
    wanted.add("Next step", locations=[("a.py", 1)])
    wanted.add("Last step", locations=[("a.py", 2)])
    old = tmp_path / "xx.po"
    head = '# Words.\nmsgid ""\nmsgstr ""\n"Language: xx\\n"\n"Content-Type: text/plain; charset=utf-8\\n"'
    old.write_text(f'{head}\n\nmsgid "Next step"\nmsgstr "vor"\n\nmsgid "Lost step"\nmsgstr "weg"\n', encoding="utf-8")
    text, gone = catalogue.updated(old, wanted)
    assert gone == ["Lost step"]
    assert text == f'{head}\n\n#: a.py\nmsgid "Next step"\nmsgstr "vor"\n\n#: a.py\nmsgid "Last step"\nmsgstr ""\n'


def test_a_message_is_a_literal_template_and_its_values_come_afterwards():
    for place, call in catalogue.calls():
        literal = [isinstance(argument, ast.Constant) and isinstance(argument.value, str) for argument in call.args]
        expected = [True, True, False] if ast.unparse(call.func) == "ngettext" else [True]
        assert literal == expected, f"{place}: {ast.unparse(call)}"


def test_the_places_of_a_message_have_names():
    for message in catalogue.template():
        assert all(name.isidentifier() for name in places(message)), message.id


def test_the_tool_finds_every_message_that_the_package_asks_for():
    asked = {ast.literal_eval(call.args[0]) for _place, call in catalogue.calls()}
    found = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue.template() if message.id}
    assert asked - found == set(), "a message inside an f-string is not found: take it out"
