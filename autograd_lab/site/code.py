"""Code in colour: Pygments says what each word is, the site's style sheet says how that looks."""

from __future__ import annotations

from functools import cache
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound


def highlighted(code: str, language: str = "ipython3") -> str:
    """The code in a <pre>, its words with the short classes of Pygments; plain if the language is unknown."""
    written: str = highlight(code, _lexer(language), HtmlFormatter(nowrap=True))
    return f'<pre class="listing"><code>{written.rstrip()}</code></pre>\n'


@cache
def _lexer(language: str) -> Any:
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return get_lexer_by_name("text")
