"""Without a mouse: sign in, open the desk, open the roadmap, write, save. Nothing but Tab, Enter and letters."""

import pytest

from .stage import PASSWORD
from .visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MOST_TABS = 60


class Keyboard:
    """Walks through a page by Tab. Each step must show where the focus is, and never behind a bar that stays."""

    def __init__(self, page):
        self.page = page

    def reach(self, name):
        """Press Tab until the focused element is called `name`; fails where it cannot be reached or the focus is hidden."""
        passed = []
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focused = self._focused()
            passed.append(focused["name"])
            assert focused["outline"] != "none" or focused["shadow"] != "none", (
                f"no focus to be seen at {focused['name']}"
            )
            if name in focused["name"]:
                assert focused["is_on_top"], f"{focused['name']} has the focus and is covered"
                return self
        raise AssertionError(f"{name} was not reached by keyboard; passed: {passed}")

    def press(self, key):
        self.page.keyboard.press(key)
        return self

    def type(self, text):
        self.page.keyboard.type(text)
        return self

    def _focused(self):
        return self.page.evaluate(
            """() => {
                const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
                const names = [element.getAttribute("aria-label"), ...[...(element.labels || [])].map((label) => label.innerText),
                               element.innerText, element.name, element.title];
                const x = box.left + Math.min(box.width / 2, 40), y = box.top + Math.min(box.height / 2, 12);
                const top = document.elementFromPoint(x, y);
                return {name: names.filter(Boolean).join(" ").trim(), outline: style.outlineStyle, shadow: style.boxShadow,
                        is_on_top: Boolean(top) && (element.contains(top) || top.contains(element))};
            }"""
        )


@pytest.fixture
def lund(chromium, stage):
    stage.pair("lund", "c1-leuven")
    visitor = Visitor(chromium, stage.base, "officer.lund@example.org", PASSWORD)
    yield visitor
    visitor.page.screenshot(path=stage.var / "keyboard.png", full_page=True)
    visitor.context.close()


def test_an_officer_writes_without_a_mouse(stage, lund):
    lund.page.goto(f"{stage.base}/accounts/login/")
    keyboard = Keyboard(lund.page)
    keyboard.reach("login").type(lund.email)
    keyboard.reach("Password").type(PASSWORD).press("Enter")
    lund.page.wait_for_url(f"{stage.base}/")

    keyboard.reach("Skip to content").press("Enter")
    keyboard.reach("Begin to write").press("Enter")
    lund.page.wait_for_url("**/outputs/*/")
    keyboard.reach("Begin to write").press("Enter")
    lund.page.wait_for_url("**/write/starting-point/")
    keyboard.reach("Where your city stands").type("Counted once, five years ago.")
    lund.page.locator("[data-tw-savestate].s-ok").wait_for()
    keyboard.reach("Save and continue").press("Enter")
    lund.page.wait_for_url("**/write/domains/**")

    lund.page.go_back()
    lund.page.reload()
    assert lund.page.locator("textarea[name='answer:baseline']").input_value() == "Counted once, five years ago."
    assert lund.complaints == []
