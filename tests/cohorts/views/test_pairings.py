"""Pairings on pages: found by a link that can be shared, ended and re-matched with a reason, accompanied."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Pairing
from cohorts.services.pairings import announce_pairings
from cohorts.states import PairingState
from tests.factories.cohorts import (
    CityFactory,
    EventFactory,
    FacilitatorAssignmentFactory,
    HostContactFactory,
    HostingFactory,
    MembershipFactory,
    MilestoneFactory,
    PairingFactory,
)
from tests.factories.people import UserFactory
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db
LIST = "/pairings/"


def listed(response):
    return [pairing.participation.city.name for pairing in response.context["page"]]


def test_the_list_is_narrowed_by_text_country_state_facilitator_and_cohort(client):
    braga = PairingFactory(participation__city__name="Braga", participation__city__search_text="braga")
    lund = PairingFactory(confirmed=True, participation__city__name="Lund", participation__city__country="SE")
    guide = FacilitatorAssignmentFactory(pairing=braga).user
    client.force_login(UserFactory(administrator=True))
    assert listed(client.get(LIST)) == ["Braga", "Lund"]
    for question in (
        {"q": "BRÁGA"},
        {"country": "PT"},
        {"state": "announced"},
        {"facilitator": guide.code},
        {"q": braga.hosting.host.title},
        {"cohort": braga.participation.cohort.slug},
    ):
        assert listed(client.get(LIST, question)) == ["Braga"], question
    assert listed(client.get(LIST, {"cohort": lund.participation.cohort.slug, "q": "nothing"})) == []


def test_a_filter_that_makes_no_sense_narrows_nothing_and_says_so(client):
    PairingFactory()
    client.force_login(UserFactory(administrator=True))
    response = client.get(LIST, {"state": "x", "facilitator": "nobody", "page": "many"})
    assert response.status_code == 200
    assert sorted(response.context["filter"].form.errors) == ["facilitator", "state"]


def test_choices_name_nobody_whom_the_reader_does_not_see(client, world):
    client.force_login(world.facilitator)
    choices = client.get(LIST, {"q": ""}).context["filter"].form.fields
    assert [name for _code, name in choices["facilitator"].choices][1:] == [world.facilitator.name]
    assert "cohort" not in choices, "of one cohort there is nothing to choose"


def test_every_reader_is_told_how_many_pairings_the_list_has(client, world):
    for reader, pairings in ((world.coordinator, 3), (world.team_facilitator, 2), (world.facilitator, 1)):
        client.force_login(reader)
        response = client.get(LIST)
        assert response.context["page"].paginator.count == len(listed(response)) == pairings


def test_whoever_has_no_name_is_offered_by_address_and_former_facilitators_are_not(client):
    pairing = PairingFactory()
    present = FacilitatorAssignmentFactory(pairing=pairing, user__name="", user__email="ana@example.org").user
    FacilitatorAssignmentFactory(pairing=pairing, ended_at=timezone.now())
    client.force_login(UserFactory(administrator=True))
    choices = client.get(LIST).context["filter"].form.fields
    assert list(choices["facilitator"].choices)[1:] == [(present.code, "ana@example.org")]


def test_the_countries_of_ones_own_pairings_are_offered_and_those_of_all_cities_to_who_sees_all(client):
    facilitator = UserFactory(facilitator=True)
    for _number in range(2):
        pairing = PairingFactory(participation__city__country="PT")
        FacilitatorAssignmentFactory(pairing=pairing, user=facilitator)
    CityFactory(country="SE")

    def offered(user):
        client.force_login(user)
        return [code for code, _name in client.get(LIST).context["filter"].form.fields["country"].choices][1:]

    assert offered(facilitator) == ["PT"]
    assert {"PT", "SE"} <= set(offered(UserFactory(administrator=True)))


@pytest.mark.parametrize("name", ["", "0", "aa", "Århus", "Ω", "Łódź", "İzmir", "\U0001f3d9"])
def test_every_twin_stands_in_the_list_however_it_is_spelled(name):
    pairing = PairingFactory(participation__city__name=name)
    assert list(Pairing.objects.by_twin()) == [pairing]


def test_an_officer_with_one_pairing_goes_straight_to_it(client, world):
    client.force_login(world.officer)
    assert client.get(LIST).url == world.pairing.get_absolute_url()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_and_three(client, django_assert_num_queries, count):
    for _number in range(count):
        pairing = PairingFactory()
        EventFactory(cohort=pairing.participation.cohort, pairing=pairing, kind="site_visit", number=1)
        FacilitatorAssignmentFactory(pairing=pairing)
    client.force_login(UserFactory(administrator=True))
    with django_assert_num_queries(9):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_pairing_asks_the_same_for_one_and_three(client, django_assert_num_queries, count):
    pairing = PairingFactory()
    for number in range(count):
        EventFactory(cohort=pairing.participation.cohort, pairing=pairing, kind="site_visit", number=number + 1)
        MembershipFactory(participation=pairing.participation)
        HostContactFactory(hosting=pairing.hosting)
        PairingFactory(hosting=pairing.hosting, participation__cohort=pairing.participation.cohort)
        PairingFactory(ended=True, participation=pairing.participation)
    client.force_login(UserFactory(administrator=True))
    with django_assert_num_queries(14):
        client.get(pairing.get_absolute_url())


def test_the_page_names_people_what_is_next_and_how_we_know(client, world):
    pairing = world.pairing
    Pairing.objects.filter(pk=pairing.pk).update(
        confidence="host-statement", source="https://example.org/source", note="Heard at a meeting."
    )
    EventFactory(
        cohort=pairing.participation.cohort,
        pairing=pairing,
        kind="site_visit",
        title="Visit to the heat pump",
        planned_on=datetime.date(2100, 1, 5),
        direction="twin_travels",
    )
    client.force_login(world.officer)
    page = client.get(pairing.get_absolute_url()).content.decode()
    for words in (
        world.lead_officer.name,
        world.host_contact.name,
        world.facilitator.name,
        "Next: Visit to the heat pump on 5 January 2100.",
        f"{pairing.participation.city} travels to",
        "Stated by the host",
        "https://example.org/source",
        "Heard at a meeting.",
    ):
        assert words in page
    assert "End pairing" not in page


def test_a_confirmed_pairing_does_not_exist_for_its_own_city_and_host(client):
    pairing = PairingFactory(confirmed=True)
    for user in (
        MembershipFactory(participation=pairing.participation).user,
        HostContactFactory(hosting=pairing.hosting).user,
    ):
        client.force_login(user)
        assert client.get(pairing.get_absolute_url()).status_code == 404
        assert listed(client.get(LIST, {"q": ""})) == []


def test_milestones_do_not_tell_a_city_of_a_pairing_before_it_is_announced(client):
    pairing = PairingFactory(confirmed=True)
    milestone = MilestoneFactory(participation=pairing.participation, title="Milestone of a pair")
    address = pairing.participation.get_absolute_url()
    client.force_login(MembershipFactory(participation=pairing.participation).user)
    assert "Milestone of a pair" not in client.get(address).text

    announce_pairings(
        pairing.participation.cohort, pairings=[pairing], by=UserFactory(coordinator=True), now=timezone.now()
    )

    assert milestone.title in client.get(address).text


def test_ending_asks_for_a_reason_and_keeps_the_pairing(client, world):
    client.force_login(world.team_facilitator)
    address = reverse("cohorts:pairing-end", args=[world.pairing.code])
    assert client.post(address, {"reason": "  "}).status_code == 422
    assert client.post(address, {"reason": "The host left."}).status_code == 302
    world.pairing.refresh_from_db()
    assert (world.pairing.state, world.pairing.ended_reason) == (PairingState.ENDED, "The host left.")
    told = {letter.to for letter in Letter.objects.filter(kind="pairing_ended")}
    assert told == {world.lead_officer, world.officer, world.host_contact}
    again = client.post(address, {"reason": "Again."})
    assert again.status_code == 422
    assert "state has changed" in again.content.decode()


def test_rematching_offers_hosts_with_room_and_keeps_the_history(client, world):
    free = HostingFactory(cohort=world.cohort)
    HostingFactory(cohort=world.cohort, capacity_maximum=0)
    HostingFactory(cohort=world.cohort, withdrawn_on=datetime.date(2026, 1, 1))
    client.force_login(world.coordinator)
    address = reverse("cohorts:pairing-rematch", args=[world.pairing.code])
    offered = set(client.get(address).context["form"].fields["hosting"].queryset)
    assert offered == {free, world.other_pairing.hosting}

    response = client.post(address, {"hosting": free.code, "reason": "Closer in size."})

    new = Pairing.objects.get(hosting=free)
    assert response.url == new.get_absolute_url()
    assert (new.state, new.decision_reason) == (PairingState.ANNOUNCED, "Closer in size.")
    assert [row.user for row in new.assignments.current()] == [world.facilitator]
    assert "Closer in size." in client.get(new.get_absolute_url()).content.decode()
    assert Letter.objects.filter(kind="pairing_announced", to=world.lead_officer).exists()
    told = {letter.to: letter.body_text for letter in Letter.objects.filter(kind="pairing_ended")}
    assert set(told) == {world.host_contact}  # who reads of the new host needs no letter about the old one
    assert "Closer in size." in told[world.host_contact]


def test_another_host_for_a_pairing_that_nobody_knows_of_waits_to_be_announced(client, world):
    free = HostingFactory(cohort=world.cohort)
    Pairing.objects.filter(pk=world.pairing.pk).update(state=PairingState.CONFIRMED, announced_at=None, answer_by=None)
    client.force_login(world.coordinator)
    client.post(
        reverse("cohorts:pairing-rematch", args=[world.pairing.code]), {"hosting": free.code, "reason": "Closer."}
    )
    new = Pairing.objects.get(hosting=free)
    assert "neither side knows of it yet" in client.get(new.get_absolute_url()).content.decode()
    assert not Letter.objects.filter(kind="pairing_announced").exists()


def test_an_assigned_facilitator_sees_the_pairing_and_gets_a_letter(client, world):
    newcomer = UserFactory(facilitator=True)
    client.force_login(world.coordinator)
    address = reverse("cohorts:facilitator-assign", args=[world.pairing.code])
    client.post(address, {"facilitator": newcomer.code, "is_lead": "on"})
    assert [row.user for row in world.pairing.assignments.current()] == [newcomer]
    letter = Letter.objects.get(to=newcomer)
    assert letter.kind == "facilitator_assigned"
    assert world.pairing.participation.city.name in letter.subject
    client.force_login(newcomer)
    assert client.get(world.pairing.get_absolute_url()).status_code == 200


def test_a_released_facilitator_sees_it_no_more(client, world):
    client.force_login(world.coordinator)
    client.post(reverse("cohorts:facilitator-release", args=[world.pairing.code, world.facilitator.code]))
    client.force_login(world.facilitator)
    assert client.get(world.pairing.get_absolute_url()).status_code == 404
