"""The Korean notebooks beside the English ones: the same cells and code, and in Korean all that a person reads.

Code may differ in comments and in what stands in Korean. Names in quotes that Python looks up are the same in both.
"""

import ast
import re

import pytest

from tests.notebooks import (
    FOLDER,
    HANGUL,
    KOREAN,
    NOTEBOOKS,
    answers,
    code_cells,
    each,
    exercises,
    parsed,
    printed,
    prose,
    saved,
    tags,
    without_code,
)

ENGLISH = [path for path in NOTEBOOKS if path.parent == FOLDER]
SHARE = 0.6  # of the letters of a paragraph: names of functions and terms in brackets are the others


def english(path):
    return FOLDER / path.name


def test_each_notebook_is_there_in_both_languages():
    assert [path.name for path in KOREAN] == [path.name for path in ENGLISH]


@each(KOREAN)
def test_the_cells_are_the_same_in_kind_tags_and_order(path):
    def outline(notebook):
        return [(cell.cell_type, sorted(tags(cell)), cell.metadata.get("slideshow")) for cell in saved(notebook).cells]

    assert outline(path) == outline(english(path))


class _WithoutWords(ast.NodeTransformer):
    """Takes the text out of code and keeps it aside; the parts of an f-string between its braces are only taken out."""

    def __init__(self):
        self.words = []

    def visit_JoinedStr(self, node):
        parts = [self.visit(part) for part in node.values if not isinstance(part, ast.Constant)]
        return ast.JoinedStr(values=parts)

    def visit_FormattedValue(self, node):
        # A format is no text; but the width of a column goes by its word, whose letters may be twice as wide.
        word = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.FormattedValue(self.visit(node.value), node.conversion, None if word else node.format_spec)

    def visit_Constant(self, node):
        if not isinstance(node.value, str):
            return node
        self.words.append(node.value)
        return ast.Constant("")


def without_words(source):
    taken = _WithoutWords()
    return ast.dump(taken.visit(parsed(source))), taken.words


def code(path):
    """The code cells and, of the solutions, what is in them."""
    return [cell.source for cell in code_cells(path)] + [answers(solution) for _, solution in exercises(path)]


def same_text(ours, theirs):
    """A text that was translated, one that is a name for Python, or the one that says which language the notebook speaks."""
    return bool(HANGUL.search(ours)) or ours == theirs or (ours, theirs) == ("ko", "en")


@each(KOREAN)
def test_the_code_is_the_same_but_for_what_is_said_in_korean(path):
    for ours, theirs in zip(code(path), code(english(path)), strict=True):
        (structure, words), (same, original) = without_words(ours), without_words(theirs)
        assert structure == same, ours
        differing = [pair for pair in zip(words, original, strict=True) if not same_text(*pair)]
        assert differing == [], ours


@each(ENGLISH)
def test_no_korean_stands_in_the_english_notebooks(path):
    """Otherwise the test above would take a name that is looked up for text."""
    assert [cell.source for cell in saved(path).cells if HANGUL.search(cell.source)] == []


def sentences(markdown):
    """Prose without what is the same in every language: code, formulas, addresses, tags."""
    return re.sub(r"\]\([^)]*\)|<[^>]*>|&\w+;", " ", without_code(markdown))


@each(KOREAN)
def test_the_prose_is_korean(path):
    def share(text):
        korean = len(HANGUL.findall(text))
        return korean / max(1, korean + len(re.findall("[A-Za-z]", text)))

    shares = {text: share(sentences(text.partition("## 참고 문헌")[0])) for text in prose(path)}
    assert [text for text, korean in shares.items() if korean < SHARE and not text.startswith("## 참고 문헌")] == []


ENGLISH_WORDS = re.compile("[A-Za-z]{2,}(?: [a-z]{2,}){3}")


@each(KOREAN)
def test_comments_and_printed_sentences_are_korean_but_for_the_errors_of_the_engine(path):
    """Its errors are English, as those of PyTorch are that they are named after."""
    cells = code_cells(path)
    comments = [comment for cell in cells for comment in re.findall(r"(?:^|  )# (.*)", cell.source, re.MULTILINE)]
    lines = [line for cell in cells for line in printed(cell).splitlines() if not re.search(r"(Error|Warning): ", line)]
    assert [text for text in (*comments, *lines) if ENGLISH_WORDS.search(text) and not HANGUL.search(text)] == []
    assert re.findall(r"no answer yet|: right\.|not yet\.|contributes", "\n".join(lines)) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("print('합')", "print('the sum')", True),
        ("print(f'{x:.4g}만큼')", "print(f'by {x:.4g}')", True),
        ("print(f'{x:.3g}만큼')", "print(f'by {x:.4g}')", False),
        ("print(f'{\"합\":8}{x:4}')", "print(f'{\"sum\":10}{x:4}')", True),
        ("print(f'{y} {x}')", "print(f'{x} {y}')", False),
        ("x = 1  # 값", "x = 1  # the value", True),
        ("x = 2", "x = 1", False),
        ("values['x']", "values['y']", False),
        ("values['값']", "values['x']", True),
        ("lab.set_language('ko')", "lab.set_language('en')", True),
        ("lab.set_language('en')", "lab.set_language('ko')", False),
        ("plot(x, 'ko')", "plot(x, 'ko')", True),
        ("%time x", "%time x", True),
        ("%time x", "%time y", False),
    ],
)
def test_what_counts_as_the_same_code(ours, theirs, same):
    (structure, words), (other, original) = without_words(ours), without_words(theirs)
    assert (structure == other and all(map(same_text, words, original))) == same
