"""axe-core on what a test has opened: the rules of WCAG 2.2 A and AA, and its advice beyond them.

axe.min.js comes with the package axe-playwright-python, so nothing is fetched. What axe cannot decide (the contrast of text
that is drawn over other things) it lists as incomplete; test_sight.py measures that.
"""

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Off unless it is asked for, since WCAG 2.2 is not law everywhere.
OPTIONS = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


def violations(page, within="html", *, check=frozenset()):
    """What axe finds wrong, in a line each; `check` names rules that must have had something to look at."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("([within, options]) => axe.run(within, options)", [within, OPTIONS])
    applied = {rule["id"] for rule in (*found["passes"], *found["violations"], *found["incomplete"])}
    assert check <= applied, f"axe looked at nothing for {check - applied}"
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
