"""The matrix in a real browser: keyboard, a click that explains, nothing that axe finds, and all of it without script."""

import pytest

from tests.factories.matching import RunFactory, cohort_to_match
from tests.factories.people import UserFactory
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_run(chromium, live_server, client):
    """Opens a run of three twins and three hosts as a coordinator; gives the page."""
    contexts = []

    def open_page(**options):
        run = RunFactory(cohort=cohort_to_match(twins=3, hosts=3), solved=True)
        client.force_login(UserFactory(coordinator=True))
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{live_server.url}{run.get_absolute_url()}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_the_matrix_is_one_stop_and_arrow_keys_move_in_it(open_run):
    page = open_run()
    cells = page.locator("[data-tw-matrix] td > a")
    assert page.locator('[data-tw-matrix] td > a[tabindex="0"]').count() == 1

    cells.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Twin 1 with Host 1")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Twin 0 with Host 0")

    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.locator("#pair h2", has_text="Twin 2").wait_for()
    assert page.locator("#pair-said").inner_text().startswith("Twin 2 with Host 2:")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Twin 2 with Host 2")
    assert cells.last.get_attribute("aria-current") == "true"
    assert page.complaints == []


def test_a_pair_is_explained_without_script(open_run):
    page = open_run(java_script_enabled=False)

    page.get_by_role("link", name="Twin 0 with Host 1").click()

    assert page.locator("#pair h2").inner_text().split() == ["Twin", "0", "Host", "1"]
    assert "no words in common" in page.locator("#pair").inner_text()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_of_a_run_is_accessible_and_fits(open_run, colours, width):
    page = open_run(color_scheme=colours, viewport={"width": width, "height": 844}, bypass_csp=True)

    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


def test_the_phone_chooses_a_twin_and_sees_its_best_hosts(open_run):
    page = open_run(viewport={"width": 390, "height": 844})

    page.get_by_label("Twin", exact=True).select_option("Twin 2")

    page.get_by_role("heading", name="Best hosts for Twin 2").wait_for()
    assert page.locator(".by-twin .bars li").first.inner_text().split()[:4] == ["Host", "2", "·", "proposed"]
