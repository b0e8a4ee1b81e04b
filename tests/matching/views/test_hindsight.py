"""Fit beside the score of then: a picture, and a table that says the same."""

import datetime

import pytest
from django.urls import reverse

from cohorts.models import Hosting, Pairing, Participation
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.selectors.criteria import weights_of
from matching.services.proposals import change_proposal
from matching.services.runs import confirm_run
from tests.factories.cohorts import FitStatementFactory, PairingFactory
from tests.factories.matching import RunFactory, WishFactory, cohort_to_match
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


def changed_by_hand():
    """The engine follows the wish of twin 0 for host 1; somebody decides for host 0, whose words are its own."""
    cohort = cohort_to_match(twins=1, hosts=2)
    twin, chosen = Participation.objects.get(cohort=cohort), Hosting.objects.get(host__acronym="Host 0")
    WishFactory(participation=twin, hosting=Hosting.objects.get(host__acronym="Host 1"))
    run = RunFactory(cohort=cohort, solved=True)
    by = UserFactory(coordinator=True, name="Cora")
    change_proposal(run.proposals.get(), hosting=chosen, reason="They speak of the same.", by=by, now=NOW)
    confirm_run(run, by=by, now=NOW)
    return cohort


@pytest.mark.django_db
def test_changes_by_hand_suggest_weights_that_would_have_made_them(client):
    cohort = changed_by_hand()
    client.force_login(UserFactory(coordinator=True))
    response = client.get(address(cohort))
    lesson = response.context["lesson"]
    (choice,) = lesson.choices
    assert (choice.twin, choice.chosen, choice.instead_of, choice.by) == ("Twin 0", "Host 0", "Host 1", "Cora")
    assert (lesson.explained_before, lesson.explained_after) == (0, 1)
    weights = {row.slug: (row.now, row.suggested) for row in lesson.weights}
    assert weights["text"][1] > weights["text"][0]
    assert sum(now for now, _then in weights.values()) == sum(then for _now, then in weights.values())
    assert (
        "would have made 0 of the 1 choice below; those suggested here would have made 1" in response.content.decode()
    )


@pytest.mark.django_db
def test_the_suggestion_opens_a_run_with_these_weights_and_changes_nothing_by_itself(client):
    cohort = changed_by_hand()
    client.force_login(UserFactory(coordinator=True))
    response = client.get(address(cohort))
    suggested = {row.slug: row.suggested for row in response.context["lesson"].weights}
    form = client.get(f"{reverse('matching:run-list', args=[cohort.slug])}?{response.context['prefilled']}").context[
        "form"
    ]
    assert {slug: form[f"weight_{slug}"].value() for slug in suggested} == suggested
    assert not form["keep"].value()
    assert weights_of(cohort) == DEFAULT_WEIGHTS


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["weight_text=nonsense", "weight_text=101", "weight_text=-1", "weight_text="])
def test_a_weight_in_the_address_that_makes_no_sense_is_passed_over(client, asked):
    cohort = cohort_to_match()
    client.force_login(UserFactory(coordinator=True))
    form = client.get(f"{reverse('matching:run-list', args=[cohort.slug])}?{asked}").context["form"]
    assert (form["weight_text"].value(), form["keep"].value()) == (DEFAULT_WEIGHTS["text"], True)


@pytest.mark.django_db
def test_an_observer_reads_the_suggestion_and_is_offered_no_run(client):
    client.force_login(UserFactory(observer=True))
    text = client.get(address(changed_by_hand())).content.decode()
    assert "They speak of the same." in text
    assert "Try these weights" not in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_and_fits(chromium, live_server, client, width):
    cohort = changed_by_hand()
    Pairing.objects.in_cohort(cohort).update(state="announced", announced_at=NOW)
    FitStatementFactory(pairing=Pairing.objects.get(), score=5, note="It fits.")
    client.force_login(UserFactory(coordinator=True))
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{address(cohort)}")
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
