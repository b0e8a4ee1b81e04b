"""Somebody in a browser of their own who is signed in by cookie, and who finds things by the names that people read."""

import re

from django.test import Client
from playwright.sync_api import expect

PATIENCE = 15_000  # ms
expect.set_options(timeout=PATIENCE)


class Person:
    """`complaints`: what the browser's console said against our pages."""

    def __init__(self, chromium, base, user):
        self.base, self.complaints = base, []
        client = Client()
        client.force_login(user)
        self.context = chromium.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def goto(self, path):
        answer = self.page.goto(f"{self.base}{path}", wait_until="domcontentloaded")
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def follow(self, name):
        return self.leave_by(self.page.get_by_role("link", name=name).first)

    def press(self, name, within=None):
        return self.leave_by((within or self.page).get_by_role("button", name=name).first)

    def leave_by(self, element):
        """Click something that leads to another page, and wait for that page."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            element.click()
        return self

    def write(self, texts, within=None):
        """Fill in controls by their labels: {label: text}; of a list to choose from, the words of the choice."""
        for label, text in texts.items():
            control = (within or self.page).get_by_label(re.compile(rf"^{re.escape(label)}( \(required\))?$")).first
            if control.evaluate("element => element.tagName") == "SELECT":
                control.select_option(label=text)
            else:
                control.fill(text)
        return self

    def add(self, button, texts, row="details.objective[open]"):
        """Add a row by its button and fill it in where it opens."""
        return self.press(button).write(texts, self.page.locator(row))

    def saved(self):
        """Wait until the page says that all is saved."""
        self.page.keyboard.press("Tab")
        expect(self.page.locator("[data-tw-savestate]")).to_contain_text("Saved at")
        return self

    @property
    def text(self):
        """What stands on the page, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())
