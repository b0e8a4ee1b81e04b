"""The desks: what is next, who must do it, and that a desk costs the same with one pairing and with three."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from outputs.services.exceptions import reopen_output
from tests.factories.cohorts import (
    LONG_AGO,
    EventFactory,
    FacilitatorAssignmentFactory,
    HostContactFactory,
    MembershipFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.mail import LetterFactory
from tests.factories.outputs import (
    CommentFactory,
    DecisionFactory,
    DocumentFactory,
    OutputFactory,
    OutputVersionFactory,
    ReminderFactory,
)
from twinning.mail.states import LetterState

TODAY = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
YESTERDAY, NEXT_WEEK = datetime.date(2026, 11, 20), datetime.date(2026, 11, 28)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def desk_of(client, person):
    client.force_login(person)
    response = client.get(reverse("portal:desk"))
    assert response.status_code == 200
    return response


def test_an_officer_is_told_the_earliest_that_the_city_owes(world, client):
    OutputFactory(pairing=world.pairing, kind="stakeholder_plan", position=2, due_on=NEXT_WEEK)
    late = OutputFactory(pairing=world.pairing, draft=True, due_on=YESTERDAY)

    desk = desk_of(client, world.officer).context["desk"]

    assert (desk.step.title, desk.step.url) == ("Go on writing your Learning Roadmap", late.get_absolute_url())
    assert (desk.step.state, desk.step.days_late) == ("draft", 1)
    assert [(rung.title, rung.state, rung.days_late) for rung in desk.rungs] == [
        ("Learning Roadmap", "draft", 1),
        ("Stakeholder Engagement Plan", "not_started", 0),
    ]


def test_an_officer_is_told_who_else_can_write(world, client):
    OutputFactory(pairing=world.pairing)

    assert (
        desk_of(client, world.officer).context["desk"].step.who == "You can write and submit it, and so can Lea Lead."
    )
    assert desk_of(client, world.lead_officer).context["desk"].step.who == (
        "You are the lead officer. Otto Officer can write and submit it too."
    )


def test_after_the_cut_off_the_desk_says_what_helps(world, client):
    OutputFactory(pairing=world.pairing, draft=True, due_on=YESTERDAY, cut_off_on=YESTERDAY)
    assert "ask your facilitator for an extension" in desk_of(client, world.officer).context["desk"].step.text


def test_what_was_reopened_quotes_the_reason_and_no_letter_of_before(world, client):
    output = OutputFactory(pairing=world.pairing, accepted=True)
    for number, verdict in enumerate(("sent_back", "accepted"), start=1):
        version = OutputVersionFactory(output=output, number=number)
        DecisionFactory(version=version, verdict=verdict, decided_at=TODAY + number * datetime.timedelta(minutes=1))
    reopen_output(output, by=world.coordinator, now=TODAY + datetime.timedelta(hours=1), reason="A new law.")

    step = desk_of(client, world.officer).context["desk"].step

    assert step.text.startswith("Cora Coordinator reopened it on ")
    assert "“A new law.”" in step.text
    assert "Please name an owner." not in step.text
    page = client.get(output.get_absolute_url()).text
    assert "<h2>Reopened</h2>" in page


def test_what_was_sent_back_says_by_whom_and_why(world, client):
    output = OutputFactory(pairing=world.pairing, sent_back=True)
    version = OutputVersionFactory(output=output)
    DecisionFactory(version=version, decided_by=world.facilitator, letter="Please name an owner.")
    CommentFactory(output=output, author=world.facilitator)
    CommentFactory(output=output, author=world.facilitator, internal=True)

    step = desk_of(client, world.officer).context["desk"].step

    assert step.title == "Make the changes to your Learning Roadmap"
    assert step.text == "Fay Facilitator sent it back on 1 September 2026: “Please name an owner.” 1 comment is open."


def test_an_officer_waits_for_whoever_reads(world, client):
    OutputFactory(pairing=world.pairing, submitted=True)

    assert desk_of(client, world.officer).context["desk"].step.title == "Fay Facilitator reads your Learning Roadmap"


def test_an_officer_without_anything_owed_is_told_so(world, client):
    OutputFactory(pairing=world.pairing, accepted=True)

    assert desk_of(client, world.officer).context["desk"].step.title == "Nothing to write now"


def test_an_officer_whose_pairing_is_not_announced_learns_nothing_of_it(world, client):
    participation = ParticipationFactory(cohort=world.cohort)
    pairing = PairingFactory(participation=participation, hosting__cohort=world.cohort, confirmed=True)
    OutputFactory(pairing=pairing)
    officer = MembershipFactory(participation=participation).user

    response = desk_of(client, officer)

    assert response.context["desk"].step.title == "Your host will be announced"
    assert "Your 0 outputs" not in response.text
    assert response.context["desk"].rungs == []
    assert pairing.hosting.host.title not in response.content.decode()


def test_a_host_contact_is_asked_for_their_part_of_the_roadmap(world, client):
    OutputFactory(pairing=world.pairing, draft=True)

    desk = desk_of(client, world.host_contact).context["desk"]

    city = world.pairing.participation.city.name
    assert desk.step.title == f"Add your part to the Learning Roadmap of {city}"
    assert [(twin.name, twin.may_add) for twin in desk.twins] == [(city, True)]


def test_a_host_contact_has_nothing_to_add_once_it_is_handed_in(world, client):
    OutputFactory(pairing=world.pairing, submitted=True)

    assert desk_of(client, world.host_contact).context["desk"].step.title == "Nothing to add now"


def test_a_facilitator_sees_what_is_late_and_what_waits_worst_first(world, client):
    OutputFactory(pairing=world.pairing, submitted=True)
    OutputFactory(pairing=world.pairing, kind="stakeholder_plan", position=2, due_on=YESTERDAY)
    OutputFactory(pairing=world.other_pairing, submitted=True)

    desk = desk_of(client, world.facilitator).context["desk"]

    city = world.pairing.participation.city.name
    assert [todo.title for todo in desk.todos] == [
        f"Stakeholder Engagement Plan late: {city}",
        f"Learning Roadmap of {city} waits for review",
    ]
    assert [row.twin for row in desk.rows] == [city]


def test_an_output_that_was_handed_in_twice_waits_once(world, client):
    output = OutputFactory(pairing=world.pairing, submitted=True)
    for number in (1, 2):
        OutputVersionFactory(output=output, number=number)

    todos = desk_of(client, world.facilitator).context["desk"].todos

    assert [todo.title for todo in todos] == [
        f"Learning Roadmap of {world.pairing.participation.city} waits for review"
    ]


def test_a_facilitator_on_the_team_decides_and_one_assigned_does_not(world, client):
    ParticipationFactory(cohort=world.cohort, city__name="Oulu")

    team = [todo.title for todo in desk_of(client, world.team_facilitator).context["desk"].todos]
    assigned = [todo.title for todo in desk_of(client, world.facilitator).context["desk"].todos]

    assert "Oulu has no host" in team
    assert assigned == []


def test_those_who_steer_see_the_health_and_what_failed(world, client):
    LetterFactory(state=LetterState.FAILED)
    document = DocumentFactory(state="failed", error="No such font")

    desk = desk_of(client, world.administrator).context["desk"]

    titles = [todo.title for todo in desk.todos]
    assert titles[:2] == ["1 PDF could not be made", "1 letter could not be sent"]
    assert desk.todos[0].url == document.version.output.get_absolute_url()
    assert [(vital.name, vital.tone) for vital in desk.vitals] == [
        ("Worker", "late"),
        ("Scheduler", "late"),
        ("Letters", "late"),
        ("PDFs", "late"),
    ]


def test_the_overview_counts_states_and_what_is_late(world, client):
    OutputFactory(pairing=world.pairing, accepted=True)
    OutputFactory(pairing=world.other_pairing, due_on=YESTERDAY)
    EventFactory(cohort=world.cohort, state="held")

    lines = {line.cohort.slug: line for line in desk_of(client, world.coordinator).context["desk"].cohorts}

    here = lines["here"]
    assert (here.twins, here.pairings, here.outputs, here.late) == (2, 2, 2, 1)
    assert here.states == [("not_started", 1), ("accepted", 1)]
    assert (here.events_held, here.events_planned) == (1, 1)


def test_an_observer_reads_the_same_overview_and_has_nothing_to_settle(world, client):
    OutputFactory(pairing=world.pairing, due_on=YESTERDAY)

    response = desk_of(client, world.observer)

    assert response.context["desk"].todos == []
    assert {line.cohort.slug for line in response.context["desk"].cohorts} == {"here", "elsewhere"}


def test_somebody_without_a_role_is_told_what_to_do(world, client):
    text = desk_of(client, world.outsider).content.decode()

    assert "You have no role in a cohort yet" in text
    assert world.outsider.email in text


@pytest.fixture(params=[1, 3])
def furnished(world, request):
    """A cohort in which every part of every desk has something, with so many pairings that concern everybody."""
    for number in range(request.param):
        pairing = (
            world.pairing
            if number == 0
            else PairingFactory(participation__cohort=world.cohort, hosting=world.pairing.hosting)
        )
        if number:
            FacilitatorAssignmentFactory(pairing=pairing, user=world.facilitator)
            MembershipFactory(participation=pairing.participation, user=world.officer)
        OutputFactory(pairing=pairing, submitted=True)
        OutputFactory(pairing=pairing, kind="stakeholder_plan", position=2, due_on=YESTERDAY)
        for kind in ("site_visit", "seminar"):
            EventFactory(cohort=world.cohort, pairing=pairing, kind=kind, number=1, planned_on=NEXT_WEEK)
        HostContactFactory(hosting=world.pairing.hosting)
    EventFactory(cohort=world.cohort, planned_on=NEXT_WEEK)
    return world


@pytest.mark.parametrize(
    ("person", "queries"),
    [
        ("administrator", 16),
        ("coordinator", 16),
        ("observer", 9),
        ("facilitator", 13),
        ("officer", 12),
        ("host_contact", 12),
        ("outsider", 4),
    ],
)
def test_a_desk_costs_the_same_with_one_pairing_and_with_three(
    furnished, client, django_assert_num_queries, person, queries
):
    client.force_login(getattr(furnished, person))
    client.get(reverse("portal:desk"))

    with django_assert_num_queries(queries):
        client.get(reverse("portal:desk"))


def test_reminders_are_named_where_something_is_late(world, client):
    output = OutputFactory(pairing=world.pairing, due_on=YESTERDAY)
    before = desk_of(client, world.facilitator).context["desk"].todos[0].detail
    ReminderFactory(output=output, to=world.officer, sent_at=LONG_AGO)

    after = desk_of(client, world.facilitator).context["desk"].todos[0].detail

    assert before == "1 day late. No reminder was sent."
    assert after == "1 day late. Last reminder on 1 September."


def test_a_facilitator_sees_the_worst_pairings_and_a_link_to_all(world, client, monkeypatch):
    monkeypatch.setattr("twinning.portal.desks.facilitator.MOST_ROWS", 1)
    late = PairingFactory(participation__cohort=world.cohort)
    FacilitatorAssignmentFactory(pairing=late, user=world.facilitator)
    OutputFactory(pairing=late, due_on=YESTERDAY)

    response = desk_of(client, world.facilitator)

    assert [row.url for row in response.context["desk"].rows] == [late.get_absolute_url()]
    assert f"{reverse('cohorts:pairing-list')}?facilitator={world.facilitator.code}" in response.content.decode()


def test_the_reviews_that_wait_are_one_item_for_each_output_with_the_oldest(world, client):
    for _number in range(2):
        pairing = PairingFactory(participation__cohort=world.cohort)
        FacilitatorAssignmentFactory(pairing=pairing, user=world.facilitator)
        OutputFactory(pairing=pairing, submitted=True)

    todos = desk_of(client, world.facilitator).context["desk"].todos

    assert len([todo for todo in todos if "2 wait for review" in todo.title]) == 1
