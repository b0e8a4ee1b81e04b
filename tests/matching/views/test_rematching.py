"""The page of a re-match: one city declines, the least-disruption option is accepted, then announced."""

import pytest
from django.urls import reverse

from cohorts.models import Hosting, Pairing, Participation
from cohorts.services.both_sides import answer_pairing
from cohorts.services.pairings import announce_pairings
from cohorts.services.participations import withdraw_participation
from matching.selectors.rematching import accepted_rematch
from tests.factories.cohorts import (
    CityFactory,
    CohortTeamMemberFactory,
    HostContactFactory,
    HostingFactory,
    MembershipFactory,
    PairingAnswerFactory,
    PairingFactory,
)
from tests.factories.matching import cohort_to_match
from tests.factories.people import UserFactory
from tests.helpers.axe import accessibility_faults
from twinning.mail.models import Letter


@pytest.fixture
def cohort(db):
    """Two announced pairs, each on the only place of its host, and a host with room that suits nobody."""
    cohort = cohort_to_match()
    cohort.hostings.update(capacity_maximum=1)
    for number in range(2):
        PairingFactory(
            asked=True,
            participation=Participation.objects.get(city__name=f"Twin {number}"),
            hosting=Hosting.objects.get(host__acronym=f"Host {number}"),
        )
    HostingFactory(cohort=cohort, host__acronym="Spare", host__cities=[CityFactory(name="Spare")])
    return cohort


def address(cohort):
    return reverse("matching:rematch-plan", args=[cohort.slug])


def decline(cohort):
    return PairingAnswerFactory(pairing=Pairing.objects.get(participation__city__name="Twin 0"), declined=True)


def test_one_city_declines_and_the_least_disruption_is_accepted_and_announced(client, cohort):
    runner = CohortTeamMemberFactory(cohort=cohort).user
    pairing = Pairing.objects.get(participation__city__name="Twin 0")
    officer = MembershipFactory(participation=pairing.participation).user
    contact = HostContactFactory(hosting=pairing.hosting).user
    client.force_login(officer)
    client.post(
        reverse("cohorts:pairing-answer", args=[pairing.code]), {"answer": "declined", "reason": "We want a harbour."}
    )
    assert Letter.objects.get(kind="pairing_declined").to == runner

    client.force_login(runner)
    todos = client.get(reverse("portal:cohort", args=[cohort.slug])).context["todos"]
    assert todos[0].url == address(cohort)
    page = client.get(todos[0].url)
    (keep,) = page.context["options"]
    assert [(change.name, change.after) for change in keep.changes] == [("Twin 0", "Spare")]
    assert "Twin 0 declined: We want a harbour." in page.content.decode()
    data = {"movable": "staged", "option": keep.digest, "reason": "Spare has the harbour."}
    answer = client.post(address(cohort), data)

    assert answer.url == reverse("matching:rematch-announce", args=[cohort.slug])
    assert not Letter.objects.filter(kind="pairing_announced").exists()
    assert Pairing.objects.open().get(participation=pairing.participation) == pairing
    todos = client.get(reverse("portal:cohort", args=[cohort.slug])).context["todos"]
    assert answer.url in [todo.url for todo in todos]
    assert "Accepted, not announced" in client.get(address(cohort)).content.decode()
    (change,) = client.get(answer.url).context["changes"]
    assert (change.before, change.after) == ("Host 0", "Spare")
    assert (change.readers, change.told) == ([officer], [contact])
    letter = client.get(answer.url).context["letter"]
    assert (letter.to, "Spare" in letter.body_text) == (officer, True)
    letter = client.get(answer.url, {"letter": f"Twin 0/{contact.code}"}).context["letter"]
    assert (letter.to, letter.subject) == (contact, "The pairing of Twin 0 with Host 0 ends")
    assert "Spare has the harbour." in letter.body_text
    assert not Letter.objects.filter(kind="pairing_ended").exists()
    assert client.post(answer.url).url == address(cohort)
    assert Letter.objects.get(kind="pairing_announced").to == officer
    assert (sent := Letter.objects.get(kind="pairing_ended")).to == contact
    assert (sent.subject, sent.body_text) == (letter.subject, letter.body_text)
    assert client.get(address(cohort)).context["situation"].affected == []
    assert client.get(answer.url).url == address(cohort)


def accepted(client, cohort):
    decline(cohort)
    client.force_login(UserFactory(coordinator=True))
    return accept_by_hand(client, cohort)


def accept_by_hand(client, cohort):
    option = client.get(address(cohort)).context["options"][0]
    client.post(address(cohort), {"movable": "staged", "option": option.digest, "reason": "So."})
    return accepted_rematch(cohort)


def test_what_was_accepted_can_be_taken_back_and_is_in_no_list_of_runs(client, cohort):
    run = accepted(client, cohort)
    assert list(client.get(reverse("matching:run-list", args=[cohort.slug])).context["page"]) == []
    assert "An accepted re-match" in client.get(run.get_absolute_url()).content.decode()
    question = reverse("matching:run-discard", args=[run.code])
    assert "Take this re-match back?" in client.get(question).text
    assert client.post(question).url == address(cohort)
    assert "Taken back" in client.get(address(cohort)).content.decode()
    assert Pairing.objects.open().count() == 2


def test_an_announcement_that_is_too_late_says_why(client, cohort):
    run = accepted(client, cohort)
    withdraw_participation(
        Participation.objects.get(city__name="Twin 0"), by=UserFactory(), now=run.started_at, reason="Election."
    )
    response = client.post(reverse("matching:rematch-announce", args=[cohort.slug]))
    assert response.status_code == 422
    assert "Twin 0 does not take part any more." in response.content.decode()


def test_the_numbers_of_the_cohort_are_shown_where_options_are_explained(client, cohort):
    client.force_login(UserFactory(coordinator=True))
    numbers = reverse("matching:rematch-prices", args=[cohort.slug])
    wrong = client.post(numbers, {"staged": 9, "announced": 2, "met": 4})
    assert (wrong.status_code, "come further" in wrong.content.decode()) == (422, True)
    assert client.post(numbers, {"staged": 1, "announced": 3, "met": 9}).url == address(cohort)
    assert "3 afterwards and 9 once" in client.get(address(cohort)).content.decode()


def test_more_options_appear_when_announced_pairs_may_move(client, cohort):
    decline(cohort)
    client.force_login(UserFactory(coordinator=True))
    page = client.get(address(cohort), {"movable": "announced"})
    assert page.context["options"][0].key == "A"
    assert page.context["locked"] == 0
    assert client.get(address(cohort)).context["locked"] == 1


def test_a_reach_that_makes_no_sense_means_the_safest(client, cohort):
    client.force_login(UserFactory(coordinator=True))
    assert client.get(address(cohort), {"movable": "everything"}).context["movable"] == "staged"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"option": "x" * 64, "reason": "So."}, "The cohort has changed since you saw this option."),
        ({"reason": "So."}, "Choose an option."),
        ({"option": "x"}, "Fill this in."),
    ],
)
def test_bad_input_is_named_and_changes_nothing(client, cohort, data, words):
    decline(cohort)
    client.force_login(UserFactory(coordinator=True))
    response = client.post(address(cohort), {"movable": "staged", **data})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Pairing.objects.open().count() == 2


def test_an_observer_reads_and_is_offered_nothing_to_press(client, cohort):
    decline(cohort)
    client.force_login(UserFactory(observer=True))
    text = client.get(address(cohort)).content.decode()
    assert "Option A" in text
    assert "Accept the chosen option" not in text


def test_a_host_may_decline_too(client, cohort):
    pairing = Pairing.objects.get(participation__city__name="Twin 1")
    answer_pairing(
        pairing, side="host", answer="declined", reason="No staff.", by=UserFactory(), now=pairing.announced_at
    )
    client.force_login(UserFactory(coordinator=True))
    (affected,) = client.get(address(cohort)).context["situation"].affected
    assert affected.reason == "Host 1 declined: No staff."
    assert announce_pairings(cohort, pairings=[], by=UserFactory(), now=pairing.announced_at) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_and_fits(chromium, live_server, client, width):
    cohort = cohort_to_match()
    cohort.hostings.update(capacity_maximum=1)
    for number in range(2):
        PairingFactory(
            asked=True,
            participation=Participation.objects.get(city__name=f"Twin {number}"),
            hosting=Hosting.objects.get(host__acronym=f"Host {number}"),
        )
    decline(cohort)
    client.force_login(UserFactory(coordinator=True))
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    accept_by_hand(client, cohort)
    for path in (
        f"{address(cohort)}?movable=announced",
        reverse("matching:rematch-announce", args=[cohort.slug]),
        reverse("matching:rematch-prices", args=[cohort.slug]),
    ):
        page.goto(f"{live_server.url}{path}")
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
