"""The studio in a real browser: an act beside the matrix, sliders that tell, nothing that axe finds, all without script."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort
from cohorts.package_format import read_package
from cohorts.services.packages import import_package, usable_codes
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.models import Scenario
from matching.services.scenarios import start_scenario, take_step
from tests.factories.matching import RuleFactory, RunFactory
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
    page.locator("#pair [data-tw-effect]:focus", has_text="Total").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator(".studio-said > div:focus", has_text="This is the plan as solved").wait_for()
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


@pytest.mark.parametrize("width", [1440, 390])
def test_comparing_trading_confirming_and_clashes_are_accessible_and_fit(open_studio, width):
    page = open_studio(viewport={"width": width, "height": 900})
    first, cohort = Scenario.objects.get(), Cohort.objects.get()
    rows = first.run.proposals.exclude(hosting=None).select_related("participation__city", "hosting__host")
    low, high = rows.order_by("score", "pk").first(), rows.order_by("-score", "pk").first()
    now, by = timezone.now(), UserFactory(coordinator=True)
    second = start_scenario(cohort, name="Other", weights=dict(DEFAULT_WEIGHTS), by=by, now=now)
    lock = {"action": "lock", "hosting": high.hosting, "reason": "They met", "by": by, "now": now}
    take_step(second, participation=low.participation, **lock)
    for kind in ("lock", "veto"):
        RuleFactory(cohort=cohort, kind=kind, participation=high.participation, hosting=low.hosting)
    address = reverse("matching:scenario-compare", args=[cohort.slug])
    pages = {
        f"{address}?a={first.code}&b={second.code}": "Who gains, who loses",
        reverse("matching:scenario-tradeoff", args=[cohort.slug, first.code]): "Begin a scenario",
        reverse("matching:scenario-confirm", args=[cohort.slug, first.code]): "Why this scenario?",
        reverse("matching:scenario-discard", args=[cohort.slug, first.code]): "Put this scenario aside?",
        reverse("matching:rule-list", args=[cohort.slug]): "These cannot hold together",
        RunFactory(cohort=cohort, state="running", percent=40).get_absolute_url(): "Cancel this run",
    }

    faults = {}
    for path, words in pages.items():
        page.goto(page.url.partition("/cohorts/")[0].partition("/matching/")[0] + path)
        page.get_by_text(words).first.wait_for()
        found = accessibility_faults(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("wider than the screen")
        if found:
            faults[path] = found
    assert faults == {}


def test_a_scenario_is_compared_traded_and_confirmed_by_keyboard_alone(open_studio):
    page = open_studio()
    cohort, by, now = Cohort.objects.get(), UserFactory(coordinator=True), timezone.now()
    start_scenario(
        cohort, name="Other", weights=dict(DEFAULT_WEIGHTS), objective="leximin", by=by, now=now
    )  # fmt: skip
    root = page.url.partition("studio/")[0]

    page.goto(root + "scenarios/")
    page.get_by_label("First", exact=True).focus()
    for _field in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Figures").wait_for()
    page.get_by_role("link", name="Fair", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Total against worst-off").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Begin a scenario").last.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Confirm…").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why this scenario?").focus()
    page.keyboard.type("Nobody falls behind")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The pairings are confirmed. Nobody has been told yet.").wait_for()

    assert page.complaints == []


def test_the_matrix_keeps_place_for_a_cell_that_is_locked_and_is_found_by_name(open_studio):
    page = open_studio()
    page.locator("#pair").get_by_label("Reason").fill("They met")
    page.get_by_role("button", name="Lock").click()
    page.locator(".studio-said", has_text="They met").wait_for()

    page.get_by_label("Find").fill("oulu")
    page.get_by_label("Find").press("Enter")
    page.wait_for_url("**find=oulu**")

    assert page.locator(".heat tbody th").all_inner_texts() == ["Oulu"]
    assert page.complaints == []
