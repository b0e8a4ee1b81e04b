"""axe-core on a page in Chromium. The context needs `bypass_csp=True`: axe is ours to inject, not the application's to allow."""

from pathlib import Path

AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def accessibility_faults(page, *, without=()):
    """What axe-core finds on the page of Playwright, as sentences with the elements; an empty list is what tests ask for.

    `without`: rules that do not apply to a page, each to be justified where it is named.
    """
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "options => axe.run(document, options)",
        {
            "runOnly": {"type": "tag", "values": RULES},
            "rules": {rule: {"enabled": False} for rule in without},
            "resultTypes": ["violations"],
        },
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
