"""Fit beside the score of then: a picture, and a table that says the same."""

import datetime

import pytest
from django.urls import reverse

from cohorts.models import Pairing
from matching.services.runs import confirm_run
from tests.factories.cohorts import FitStatementFactory, PairingFactory
from tests.factories.matching import RunFactory, cohort_to_match
from tests.factories.people import UserFactory
from tests.helpers.axe import accessibility_faults

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


def address(cohort):
    return reverse("matching:hindsight", args=[cohort.slug])


def judged(count=1):
    """A cohort of announced pairings from a run, each judged by both sides."""
    cohort = cohort_to_match(twins=count, hosts=count)
    confirm_run(RunFactory(cohort=cohort, solved=True), by=UserFactory(coordinator=True), now=NOW)
    Pairing.objects.in_cohort(cohort).update(state="announced", announced_at=NOW)
    for pairing in Pairing.objects.in_cohort(cohort):
        FitStatementFactory(pairing=pairing, score=5, note="It fits.")
        FitStatementFactory(pairing=pairing, side="host", score=1)
    return cohort


@pytest.mark.django_db
def test_statements_stand_beside_the_score_of_then(client):
    cohort = judged()
    PairingFactory(participation__cohort=cohort, participation__city__name="By hand")
    client.force_login(UserFactory(observer=True))
    response = client.get(address(cohort))
    by_hand, row = response.context["rows"]
    assert (by_hand.points, by_hand.dots) == (None, [])
    assert row.points == round(row.pairing.proposal.score / 100)
    assert [(dot.side, dot.y) for dot in row.dots] == [("twin", 36.0), ("host", 204.0)]
    text = response.content.decode()
    assert "Month 3: 5 of 5" in text
    assert "It fits." in text


@pytest.mark.django_db
def test_what_is_not_announced_is_left_out(client):
    cohort = cohort_to_match()
    PairingFactory(confirmed=True, participation__cohort=cohort)
    client.force_login(UserFactory(coordinator=True))
    assert client.get(address(cohort)).context["rows"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(client, django_assert_num_queries, count):
    cohort = judged(count)
    client.force_login(UserFactory(observer=True))
    with django_assert_num_queries(8):
        client.get(address(cohort))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_and_fits(chromium, live_server, client, width):
    cohort = judged(2)
    client.force_login(UserFactory(coordinator=True))
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{address(cohort)}")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
