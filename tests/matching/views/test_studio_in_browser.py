"""The studio in a real browser: an act beside the matrix, sliders that tell, nothing that axe finds, all without script."""

import pytest
from django.utils import timezone

from cohorts.models import Cohort
from cohorts.package_format import read_package
from cohorts.services.packages import import_package, usable_codes
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.services.scenarios import start_scenario
from tests.factories.people import UserFactory
from tests.flows.stage import package_without_pairings
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_studio(chromium, live_server, client):
    """Opens a scenario over the real first cohort as a coordinator; gives the page."""
    contexts = []

    def open_page(**options):
        coordinator = UserFactory(coordinator=True)
        package = read_package(package_without_pairings(), usable_codes())
        import_package(package, by=UserFactory(administrator=True), now=timezone.now())
        scenario = start_scenario(
            Cohort.objects.get(), name="Fair", weights=dict(DEFAULT_WEIGHTS), by=coordinator, now=timezone.now()
        )
        client.force_login(coordinator)
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, "bypass_csp": True, **options})
        contexts.append(context)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{live_server.url}{scenario.get_absolute_url()}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_pair_is_forbidden_beside_the_matrix_and_undone(open_studio):
    page = open_studio()

    page.locator("#pair").get_by_label("Reason").fill("They met before")
    page.get_by_role("button", name="Forbid").click()
    page.locator(".studio-said", has_text="They met before").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator(".studio-said", has_text="This is the plan as solved").wait_for()
    page.locator("[data-tw-matrix] td > a").nth(3).click()
    page.locator("#pair-said", has_text="of 100").wait_for(state="attached")

    assert page.complaints == []


def test_a_slider_tells_what_it_would_change_and_keeps_nothing(open_studio):
    page = open_studio()

    slider = page.locator("[data-tw-range]").first
    slider.focus()
    page.keyboard.press("Home")

    page.locator("#preview", has_text="With these weights").wait_for()
    assert page.get_by_label("Wishes of the twin", exact=True).last.input_value() == "0"
    assert page.locator(".studio-said").inner_text().startswith("This is the plan as solved")
    assert page.complaints == []


def test_the_studio_works_without_script(open_studio):
    page = open_studio(java_script_enabled=False)

    page.locator("#pair").get_by_label("Reason").fill("They met before")
    page.get_by_role("button", name="Lock").click()

    assert "They met before" in page.locator(".studio-said").inner_text()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_studio_is_accessible_and_fits(open_studio, width):
    page = open_studio(viewport={"width": width, "height": 900})

    faults = accessibility_faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    matrix = page.evaluate(
        "(([one]) => one.scrollWidth - one.clientWidth)(document.getElementsByClassName('scroller'))"
    )
    page.goto(page.url.partition("studio/")[0] + "scenarios/")
    faults += accessibility_faults(page)
    page.goto(page.url.replace("scenarios/", "rules/"))

    assert faults + accessibility_faults(page) == []
    assert wide <= width
    assert width < 1000 or matrix <= 0
