"""The frontend's own tests, run by node, and how its modules become one text."""

import json
import re
import subprocess
from importlib import resources

import pytest

from autograd_lab.views import assets
from tests.js.make_fixture import FIXTURE, fixture


def test_the_modules_pass_their_own_tests(node, repository):
    files = sorted(str(path) for path in (repository / "tests" / "js").glob("*.test.js"))
    assert files
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_storyboard_that_they_read_is_the_one_that_python_makes():
    assert json.loads(FIXTURE.read_text(encoding="utf-8")) == fixture(), "run python -m tests.js.make_fixture"


def test_every_module_of_the_widget_is_in_its_text_once():
    text = assets.script("widget.js")
    for name in ("fold.js", "stepper.js", "table.js"):
        assert text.count(f"\n// {name}\n") + text.startswith(f"// {name}\n") == 1
    assert text.rstrip().endswith("export default { render };")


@pytest.mark.parametrize("entry", ["widget.js", "page-start.js"])
def test_a_composed_text_is_a_module_without_imports(entry, node, tmp_path):
    path = tmp_path / "composed.mjs"
    path.write_text(assets.script(entry), encoding="utf-8")
    assert not [line for line in assets.script(entry).splitlines() if line.startswith("import")]
    subprocess.run([node, "--check", str(path)], check=True, timeout=60)


def test_modules_stay_readable_in_one_sitting():
    for path in resources.files("autograd_lab.views").joinpath("static").iterdir():
        assert len(path.read_text(encoding="utf-8").splitlines()) < 350, path


@pytest.fixture
def static(tmp_path, monkeypatch):
    """A static/ of its own."""
    monkeypatch.setattr(assets, "_read", lambda name: (tmp_path / name).read_text(encoding="utf-8"))
    assets.script.cache_clear()
    yield tmp_path
    assets.script.cache_clear()


REFUSED = {
    "a renamed import": 'import { a as b } from "./other.js";',
    "a whole module": 'import * as other from "./other.js";',
    "a package": 'import { a } from "https://example.org/other.js";',
    "an import of several lines": 'import {\n  a,\n} from "./other.js";',
    "a default export in the middle": "export default function a() {}",
    "a list of exports": "const a = 1;\nexport { a };",
    "an export from elsewhere": 'export { a } from "./other.js";',
    "an import at run time": 'const a = await import("./other.js");',
    "a name that is not exported": 'import { missing } from "./other.js";',
    "a name declared twice": 'import { a } from "./other.js";\nconst a = 2;',
    "a text in backticks over several lines": "const text = `one\n  two`;",
    "the end of a script": 'const text = "</script>";',
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_composed_is_refused(text, static):
    (static / "other.js").write_text("export const a = 1;\n", encoding="utf-8")
    (static / "entry.js").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(assets.AssetError):
        assets.script("entry.js")


def test_modules_that_import_each_other_are_refused(static):
    (static / "one.js").write_text('import { b } from "./two.js";\nexport const a = 1;\n', encoding="utf-8")
    (static / "two.js").write_text('import { a } from "./one.js";\nexport const b = 1;\n', encoding="utf-8")
    with pytest.raises(assets.AssetError, match=r"one\.js -> two\.js -> one\.js"):
        assets.script("one.js")


# What Colab, VS Code and marimo promise a widget: the model's five methods and its own element. A page around it may be a
# frame without origin, or hold the widget in a shadow root.
FOREIGN = {
    "the page's elements": r"\bdocument\.(?!createElement\b|createElementNS\b|exitFullscreen\b|createTreeWalker\b)\w+",
    "the window": r"\b(?:window|globalThis|self)\.\w+",
    "other modules": r"\bimport\s*\(|\bimport\.meta\b|\brequire\s*\(",
    "the network": r"\bfetch\s*\(|\bXMLHttpRequest\b|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|\bWorker\s*\(",
    "an address": r"(?:https?|wss?):(?!//www\.w3\.org/)|[\"']//\w",
    "storage": r"\blocalStorage\b|\bsessionStorage\b|\bindexedDB\b|\bcookie\b",
    "text as code": r"\beval\s*\(|\bnew Function\b",
    "more of the model": r"\bmodel\.(?!(?:get|set|on|off|save_changes)\b)\w+",
}
# Paper is the page's, not the widget's: what is printed stands in the page for that moment, and is told by print.js alone.
PRINTED = "document.body.append(place);"


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(^|\s)//.*$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("pattern", FOREIGN.values(), ids=FOREIGN)
def test_the_widget_uses_nothing_that_some_notebook_lacks(pattern):
    code = without_comments(assets.script("widget.js"))
    assert "model.save_changes()" in code
    assert code.count(PRINTED) == 1
    assert [found[0] for found in re.finditer(pattern, code.replace(PRINTED, ""))] == []


def test_the_style_loads_nothing():
    assert not re.search(r"@import|url\(\s*[\"']?(?!data:)", assets.style(*assets.STEPPER))
