"""The cohort page: everybody sees it as far as they may know, filters are links, and it costs the same at any size."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from cohorts.models import Pairing
from tests.factories.cohorts import (
    CityFactory,
    EventFactory,
    FacilitatorAssignmentFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.outputs import OutputFactory
from twinning.portal.todos import LATE, UNDECIDED, WAITING

TODAY = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
YESTERDAY, TOMORROW = datetime.date(2026, 11, 20), datetime.date(2026, 11, 22)
LAST_WEEK, NEXT_WEEK = datetime.date(2026, 11, 14), datetime.date(2026, 11, 28)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def page_of(client, person, **query):
    client.force_login(person)
    response = client.get(reverse("portal:cohort", args=["here"]), query)
    assert response.status_code == 200
    return response


def twins(response):
    return [row.twin for row in response.context["rows"]]


def named(pairing, name):
    pairing.participation.city.name = name
    pairing.participation.city.search_text = name.lower()
    pairing.participation.city.save()
    return pairing


@pytest.fixture
def named_world(world):
    named(world.pairing, "Braga")
    named(world.other_pairing, "Alba Iulia")
    return world


def test_the_longest_late_comes_first_then_the_name(named_world, client):
    third = named(PairingFactory(participation__cohort=named_world.cohort), "Zwolle")
    fourth = named(PairingFactory(participation__cohort=named_world.cohort), "Cologne")
    OutputFactory(pairing=third, due_on=LAST_WEEK)
    OutputFactory(pairing=fourth, due_on=YESTERDAY)

    response = page_of(client, named_world.coordinator)

    assert twins(response) == ["Zwolle", "Cologne", "Alba Iulia", "Braga"]
    assert [row.attention for row in response.context["rows"]][:2] == ["O1 late by 7 days", "O1 late by 1 day"]


def test_an_extension_ends_the_lateness(named_world, client):
    OutputFactory(
        pairing=named_world.pairing, due_on=LAST_WEEK, extended_until=NEXT_WEEK, extension_reason="The author was ill."
    )

    row = page_of(client, named_world.coordinator).context["rows"][1]

    assert (row.twin, row.cells[0].days_late, row.attention) == ("Braga", 0, "on course")


def test_officers_know_the_other_pairings_by_name_alone(named_world, client):
    OutputFactory(pairing=named_world.pairing, draft=True)
    OutputFactory(pairing=named_world.other_pairing, due_on=LAST_WEEK)
    EventFactory(
        cohort=named_world.cohort,
        pairing=named_world.other_pairing,
        kind="site_visit",
        planned_on=NEXT_WEEK,
        title="Secret visit",
    )

    response = page_of(client, named_world.officer)

    own, foreign = response.context["rows"][1], response.context["rows"][0]
    assert (foreign.twin, foreign.url, foreign.cells, foreign.visits, foreign.next_title) == (
        "Alba Iulia",
        "",
        [],
        "",
        "",
    )
    assert (own.url, [cell.state for cell in own.cells]) == (named_world.pairing.get_absolute_url(), ["draft"])
    assert "late" not in [row.attention_tone for row in response.context["rows"]]
    assert "Secret visit" not in response.content.decode()
    assert not any(twin.warning for twin in response.context["map"].twins)


def test_a_filter_tells_an_officer_nothing_about_foreign_outputs(named_world, client):
    OutputFactory(pairing=named_world.other_pairing, due_on=LAST_WEEK)

    response = page_of(client, named_world.officer, late="yes", output="not_started")

    assert set(response.context["filter"].filters) == {"q", "country"}
    assert twins(response) == ["Alba Iulia", "Braga"]


def test_an_assigned_facilitator_filters_by_the_outputs_that_they_see(named_world, client):
    OutputFactory(pairing=named_world.pairing, due_on=LAST_WEEK)
    OutputFactory(pairing=named_world.other_pairing, due_on=LAST_WEEK)

    assert twins(page_of(client, named_world.facilitator, late="yes")) == ["Braga"]


def test_a_pairing_that_is_not_announced_is_known_to_those_who_run_the_cohort_alone(named_world, client):
    Pairing.objects.filter(pk=named_world.other_pairing.pk).update(state="confirmed", announced_at=None)

    assert twins(page_of(client, named_world.team_facilitator)) == ["Alba Iulia", "Braga"]
    for person in (named_world.officer, named_world.host_contact, named_world.facilitator):
        response = page_of(client, person)
        assert twins(response) == ["Braga"]
        assert "Alba Iulia" not in response.content.decode()


def test_the_head_says_in_which_month_and_module_the_cohort_is(world, client):
    page = page_of(client, world.officer).content.decode()
    module = next(m for m in page_of(client, world.officer).context["timeline"].modules if m.ends_on >= TODAY.date())

    month = world.cohort.month_on(TODAY.date())
    assert f"Month {month} of {world.cohort.length_months}, module {module.label}</span>" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "alba"}, ["Alba Iulia"]),
        ({"country": "PT"}, ["Alba Iulia", "Braga"]),
        ({"output": "submitted"}, ["Braga"]),
        ({"late": "yes"}, ["Alba Iulia"]),
        ({"late": "yes", "output": "submitted"}, []),
        ({"country": "nowhere"}, ["Alba Iulia", "Braga"]),
    ],
)
def test_filters_are_a_link(named_world, client, query, expected):
    OutputFactory(pairing=named_world.pairing, submitted=True)
    OutputFactory(pairing=named_world.other_pairing, due_on=LAST_WEEK)

    assert twins(page_of(client, named_world.coordinator, **query)) == expected


def test_filter_by_facilitator(named_world, client):
    assert twins(page_of(client, named_world.coordinator, facilitator=named_world.facilitator.code)) == ["Braga"]


def test_an_empty_result_says_so_and_leads_back(named_world, client):
    text = page_of(client, named_world.coordinator, q="nowhere").content.decode()

    assert "No pairing fits this filter." in text


def test_what_a_cohort_needs_stands_worst_first_with_the_way_to_settle_it(named_world, client):
    OutputFactory(pairing=named_world.pairing, submitted=True)
    OutputFactory(pairing=named_world.other_pairing, due_on=LAST_WEEK)
    ParticipationFactory(cohort=named_world.cohort, city=CityFactory(name="Oulu"))
    Pairing.objects.filter(pk=named_world.pairing.pk).update(state="confirmed", announced_at=None)
    named_world.other_pairing.assignments.all().delete()

    todos = page_of(client, named_world.coordinator).context["todos"]

    assert [(todo.title, todo.severity) for todo in todos] == [
        ("Learning Roadmap late: Alba Iulia", LATE),
        ("Learning Roadmap of Braga waits for review", WAITING),
        ("1 pairing has no facilitator", UNDECIDED),
        ("1 pairing is confirmed and not announced", UNDECIDED),
        ("Oulu has no host", UNDECIDED),
    ]
    assert todos[-1].detail == "It has not been matched with anybody yet."  # it may be selected and not take part yet
    assert [todo.url for todo in todos][2:] == [
        reverse("cohorts:facilitator-list", args=["here"]),
        reverse("cohorts:pairing-announce", args=["here"]),
        reverse("matching:run-list", args=["here"]),
    ]


@pytest.mark.parametrize("person", ["observer", "officer", "host_contact"])
def test_those_who_cannot_settle_anything_are_asked_for_nothing(named_world, client, person):
    OutputFactory(pairing=named_world.pairing, due_on=LAST_WEEK)

    response = page_of(client, getattr(named_world, person))

    assert response.context["todos"] == []
    assert "Needs you" not in response.content.decode()


def test_an_event_of_the_past_asks_whether_it_took_place(named_world, client):
    event = EventFactory(cohort=named_world.cohort, planned_on=YESTERDAY, title="Info seminar 1")
    EventFactory(cohort=named_world.cohort, planned_on=YESTERDAY, state="held")

    todos = page_of(client, named_world.coordinator).context["todos"]

    assert [(todo.title, todo.url) for todo in todos] == [
        ("Did it take place? Info seminar 1", event.get_absolute_url())
    ]


def test_what_is_late_is_marked_on_the_map(named_world, client):
    OutputFactory(pairing=named_world.pairing, due_on=LAST_WEEK)

    drawn = page_of(client, named_world.coordinator).context["map"]

    assert [twin.place.name for twin in drawn.twins if twin.warning] == ["Braga"]


def test_the_map_of_a_very_large_cohort_shows_the_pairings_of_the_page(named_world, client, monkeypatch):
    monkeypatch.setattr("twinning.portal.views.cohort.MOST_ON_MAP", 1)
    monkeypatch.setattr("twinning.portal.views.cohort.ROWS_OF_LARGE", 1)

    response = page_of(client, named_world.coordinator)

    assert [twin.place.name for twin in response.context["map"].twins] == twins(response) == ["Alba Iulia"]
    assert "the map shows the pairings of this page" in response.content.decode()


def test_figures_tell_what_was_published_beside_what_is_known(named_world, client):
    named_world.cohort.participating_count, named_world.cohort.selected_count = 37, 40
    named_world.cohort.save()
    OutputFactory(pairing=named_world.pairing, accepted=True)
    OutputFactory(pairing=named_world.other_pairing)

    figures = {figure["label"]: figure for figure in page_of(client, named_world.coordinator).context["figures"]}

    assert (figures["Twins, published"]["value"], figures["Twins, published"]["note"]) == (37, "of 40 selected")
    assert figures["Twins known by name"]["value"] == 2
    assert (figures["Outputs accepted"]["value"], figures["Outputs accepted"]["note"]) == (1, "of 2")


def test_a_cohort_without_kickoff_says_what_will_be_here(named_world, client):
    named_world.cohort.kickoff_on = named_world.cohort.programme = None
    named_world.cohort.save()

    text = page_of(client, named_world.coordinator).content.decode()

    assert "Dates appear once the cohort has a programme and a kick-off." in text
    assert "No kick-off yet" in text


@pytest.fixture(params=[1, 3])
def furnished(world, request):
    EventFactory(
        cohort=world.cohort, pairing=world.pairing, kind="thematic_session", planned_on=TOMORROW, title="Alone"
    )
    for number in range(request.param):
        pairing = world.pairing if number == 0 else PairingFactory(participation__cohort=world.cohort)
        if number:
            FacilitatorAssignmentFactory(pairing=pairing, user=world.facilitator)
        OutputFactory(pairing=pairing, submitted=True)
        OutputFactory(pairing=pairing, kind="stakeholder_plan", position=2, due_on=YESTERDAY)
        EventFactory(cohort=world.cohort, pairing=pairing, kind="site_visit", number=1, planned_on=NEXT_WEEK)
        EventFactory(cohort=world.cohort, planned_on=NEXT_WEEK)
        EventFactory(cohort=world.cohort, planned_on=YESTERDAY)
        ParticipationFactory(cohort=world.cohort)
    return world


@pytest.mark.parametrize(
    ("person", "queries"),
    [("coordinator", 19), ("team_facilitator", 19), ("facilitator", 18), ("observer", 16), ("officer", 17)],
)
def test_the_page_costs_the_same_with_few_pairings_and_with_more(
    furnished, client, django_assert_num_queries, person, queries
):
    page_of(client, getattr(furnished, person))

    with django_assert_num_queries(queries):
        client.get(reverse("portal:cohort", args=["here"]))


def test_the_next_dates_are_the_first_four_even_where_several_fall_on_one_day(named_world, client):
    for days in (1, 2, 2, 3, 4):
        on = TODAY.date() + datetime.timedelta(days=days)
        EventFactory(cohort=named_world.cohort, planned_on=on)

    upcoming = page_of(client, named_world.coordinator).context["upcoming"]

    assert [(date.on - TODAY.date()).days for date in upcoming] == [1, 2, 2, 3]
