"""Somebody at a browser: signs in as people do, and afterwards every page seen is looked at by axe, wide and on a phone."""

from tests.helpers.axe import accessibility_faults

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 15_000  # ms; two cores are shared with everybody else


class Visitor:
    """One person with one browser. `complaints`: what the browser's console said against our pages."""

    def __init__(self, chromium, base, email, password):
        self.chromium, self.base, self.email, self.password = chromium, base, email, password
        self.complaints, self.seen, self.inspected = [], [], set()
        self.context = self.page = None
        self.open_browser()

    def open_browser(self, remembered=None):
        """A browser window; `remembered` is what `close_browser` gave: cookies, and texts kept on the device."""
        self.context = self.chromium.new_context(viewport=WIDE, storage_state=remembered, accept_downloads=True)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", self._note_complaint)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("framenavigated", self._note_page)

    def close_browser(self):
        remembered = self.context.storage_state()
        self.context.close()
        return remembered

    def _note_complaint(self, message):
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _note_page(self, frame):
        path = frame.url.removeprefix(self.base).split("#")[0]
        if frame == self.page.main_frame and path.startswith("/") and path not in self.seen:
            self.seen.append(path)

    def sign_in(self):
        self.page.goto(f"{self.base}/accounts/login/")
        self.page.get_by_label("E-mail").or_(self.page.locator("[name=login]")).first.fill(self.email)
        self.page.locator("[name=password]").fill(self.password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(f"{self.base}/")
        return self

    def goto(self, path):
        answer = self.page.goto(f"{self.base}{path}")
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def follow(self, name):
        return self.leave_by(self.page.get_by_role("link", name=name).first)

    def press(self, name):
        return self.leave_by(self.page.get_by_role("button", name=name).first)

    def leave_by(self, element):
        """Click something that leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            element.click()
        return self

    @property
    def heading(self):
        return self.page.locator("h1").inner_text()

    def inspect(self):
        """What axe and the phone find wrong with the pages seen since the last inspection. As sentences; none is good."""
        context = self.chromium.new_context(
            viewport=WIDE,
            storage_state=self.context.storage_state(),
            bypass_csp=True,  # axe is ours to inject
        )
        page, faults = context.new_page(), []
        for path in [path for path in self.seen if path not in self.inspected]:
            self.inspected.add(path)
            answer = page.goto(f"{self.base}{path}")
            if answer is None or answer.status != 200:
                continue  # what was there is settled and gone
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                faults += [f"{path} at {size['width']}: {fault}" for fault in accessibility_faults(page)]
                beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if beyond > 0:
                    faults.append(f"{path} at {size['width']}: {beyond} px wider than the screen")
            page.set_viewport_size(WIDE)
        context.close()
        return faults
