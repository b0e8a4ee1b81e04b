"""The calendar: hours in two zones, what was agreed, the file that calendar programs read."""

import datetime
import zoneinfo

import icalendar
import pytest
from django.urls import reverse

from cohorts.models import CalendarFeed
from cohorts.services.events import change_event
from cohorts.states import EventState
from tests.factories.cohorts import EventFactory, MembershipFactory, PairingFactory
from tests.factories.people import UserFactory
from twinning.audit.services import record

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)
AGREED = {
    "title": "Site visit 1",
    "planned_on": "2027-02-10",
    "days": "2",
    "starts": "09:00",
    "ends": "16:30",
    "time_zone": "Europe/Athens",
    "place": "Kozani, town hall",
    "direction": "twin_travels",
}


@pytest.fixture
def visit(world):
    return EventFactory(
        cohort=world.cohort,
        pairing=world.pairing,
        kind="site_visit",
        number=1,
        title="Site visit 1",
        planned_on=datetime.date(2027, 2, 7),
        days=2,
        is_online=False,
    )


def edit(event):
    return reverse("cohorts:event-edit", args=[event.code])


def test_an_agreed_hour_is_that_of_the_events_own_zone(client, world, visit):
    client.force_login(world.officer)
    assert client.post(edit(visit), AGREED).status_code == 302
    visit.refresh_from_db()
    athens = zoneinfo.ZoneInfo("Europe/Athens")
    assert visit.starts_at == datetime.datetime(2027, 2, 10, 9, 0, tzinfo=athens)
    assert visit.ends_at == datetime.datetime(2027, 2, 11, 16, 30, tzinfo=athens)
    assert (visit.is_moved_by_hand, visit.sequence) == (True, 1)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "09:00–16:30 EET" in page
    assert "08:00–15:30 CET" in page  # the reader's own zone is Brussels
    assert "Europe/Athens" in page


def test_the_form_gives_back_what_it_was_given(client, world, visit):
    client.force_login(world.officer)
    client.post(edit(visit), AGREED)
    form = client.get(edit(visit)).context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert (again["starts"], again["ends"]) == (datetime.time(9, 0), datetime.time(16, 30))
    client.post(edit(visit), AGREED)
    visit.refresh_from_db()
    assert visit.sequence == 1  # nothing changed, so calendars need not learn of it


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends": ""}, "ends"),
        ({"starts": ""}, "starts"),
        ({"days": "1", "ends": "08:00"}, "ends"),
        ({"planned_on": "2027-03-28", "days": "1", "starts": "03:30"}, "starts"),  # clocks go forward in Athens
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"link": "not a link"}, "link"),
        ({"days": "0"}, "days"),
        ({"direction": "both"}, "direction"),
        ({"planned_on": "soon"}, "planned_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, world, visit, wrong, field):
    client.force_login(world.officer)
    response = client.post(edit(visit), AGREED | wrong)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    visit.refresh_from_db()
    assert visit.sequence == 0


def test_too_many_trips_are_a_warning_and_no_obstacle(client, world, visit):
    for number in (2, 3):
        EventFactory(
            cohort=world.cohort, pairing=world.pairing, kind="site_visit", number=number, direction="twin_travels"
        )
    client.force_login(world.facilitator)
    assert client.post(edit(visit), AGREED).status_code == 302
    assert "would travel 3 times" in client.get(visit.get_absolute_url()).content.decode()
    assert "would travel 3 times" in client.get(world.pairing.get_absolute_url()).content.decode()


def test_held_cancelled_and_planned_again(client, world, visit):
    client.force_login(world.facilitator)

    def press(move):
        client.post(reverse("cohorts:event-move", args=[visit.code, move]))
        visit.refresh_from_db()
        return visit.state

    assert press("hold") == EventState.PLANNED  # its day lies in the future
    visit.planned_on = datetime.date(2026, 1, 1)
    visit.save()
    assert press("hold") == EventState.HELD
    assert press("cancel") == EventState.HELD
    assert press("plan-again") == EventState.PLANNED
    assert press("cancel") == EventState.CANCELLED
    assert client.post(edit(visit), AGREED).status_code == 422
    assert press("plan-again") == EventState.PLANNED


def visit_of(cohort, **words):
    return EventFactory(
        cohort=cohort, pairing=PairingFactory(participation__cohort=cohort), kind="site_visit", number=1, **words
    )


@pytest.mark.parametrize("count", [1, 4])
def test_the_calendar_asks_the_same_for_one_and_four(client, world, django_assert_num_queries, count):
    for number in range(count):
        visit_of(world.cohort, title="Alone", planned_on=datetime.date(2027, 3, 1 + number))
        EventFactory(cohort=world.cohort)
    for _number in range(3 * count):
        visit_of(world.cohort, title="Together")
    client.force_login(world.coordinator)
    client.get(reverse("cohorts:calendar", args=["here"]))  # the shell remembers the cohort
    with django_assert_num_queries(13):
        client.get(reverse("cohorts:calendar", args=["here"]))


def test_what_three_pairings_do_on_one_day_is_one_line(client, world):
    for day in (1, 1, 1, 2, 2):
        visit_of(world.cohort, title="Site visit 1", planned_on=datetime.date(2027, 3, day))
    visit_of(world.cohort, title="Site visit 1", planned_on=datetime.date(2027, 3, 1), state="held")
    client.force_login(world.coordinator)
    months = client.get(reverse("cohorts:calendar", args=["here"])).context["months"]
    rows = [row for month in months for row in month.rows if row.title == "Site visit 1"]
    assert [(row.on.day, row.state, row.count) for row in rows] in (
        [(1, "held", 1), (1, "planned", 3), (2, "planned", 1), (2, "planned", 1)],
        [(1, "planned", 3), (1, "held", 1), (2, "planned", 1), (2, "planned", 1)],
    )


def test_an_officer_sees_the_cohorts_events_and_the_own_visits_only(client, world, visit):
    seminar = EventFactory(cohort=world.cohort, title="Seminar for all")
    EventFactory(cohort=world.cohort, pairing=world.other_pairing, kind="site_visit", title="Visit of others")
    client.force_login(world.officer)
    page = client.get(reverse("cohorts:calendar", args=["here"])).content.decode()
    assert seminar.title in page
    assert visit.get_absolute_url() in page
    assert "Visit of others" not in page


# --- The file -------------------------------------------------------------------------------------------------------------


def entries(client, secret):
    response = client.get(reverse("cohorts:calendar-feed", args=[secret]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.content)
    assert calendar["VERSION"] == "2.0"
    return {str(entry["UID"]).partition("@")[0]: entry for entry in calendar.walk("VEVENT")}


def subscribed(client, user):
    client.force_login(user)
    client.post(reverse("cohorts:calendar-subscription"))
    client.logout()
    return CalendarFeed.objects.get(user=user).secret


def test_the_file_is_a_calendar_whose_entries_keep_their_identity(client, world, visit):
    secret = subscribed(client, world.officer)
    before = entries(client, secret)[visit.code]
    assert before.decoded("dtstart") == datetime.date(2027, 2, 7)
    assert before.decoded("dtend") == datetime.date(2027, 2, 9)  # the day after the last one
    assert (before["STATUS"], before["SEQUENCE"]) == ("TENTATIVE", 0)

    athens = zoneinfo.ZoneInfo("Europe/Athens")
    hours = {
        "starts_at": datetime.datetime(2027, 2, 10, 9, 0, tzinfo=athens),
        "ends_at": datetime.datetime(2027, 2, 11, 16, 0, tzinfo=athens),
    }
    change_event(visit, agreed=hours | {"place": "Town hall, room 3; first floor"}, by=world.officer, now=NOW)
    after = entries(client, secret)[visit.code]
    assert after["UID"] == before["UID"]
    assert (after["STATUS"], after["SEQUENCE"]) == ("CONFIRMED", 1)
    assert after.decoded("dtstart") == hours["starts_at"]
    assert after["LOCATION"] == "Town hall, room 3; first floor"
    assert str(world.pairing.participation.city) in after["SUMMARY"]
    assert visit.get_absolute_url() in after["URL"]


def test_a_cancelled_event_stays_in_the_file_as_cancelled(client, world, visit):
    visit.state, visit.sequence = EventState.CANCELLED, 4
    visit.save()
    entry = entries(client, subscribed(client, world.officer))[visit.code]
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 4)


def test_the_file_holds_what_its_owner_sees_and_nothing_else(client, world, visit):
    common = EventFactory(cohort=world.cohort)
    foreign = EventFactory(cohort=world.cohort, pairing=world.other_pairing, kind="site_visit", number=2)
    far = EventFactory(cohort=world.elsewhere)
    assert entries(client, subscribed(client, world.officer)).keys() == {visit.code, common.code}
    assert entries(client, subscribed(client, world.facilitator)).keys() == {visit.code, common.code}
    assert entries(client, subscribed(client, world.other_facilitator)).keys() == {foreign.code, common.code}
    assert entries(client, subscribed(client, world.coordinator)).keys() == {common.code, far.code}
    assert entries(client, subscribed(client, world.outsider)).keys() == set()


def test_a_new_address_makes_the_old_one_worthless_and_a_closed_account_too(client, world):
    old = subscribed(client, world.officer)
    new = subscribed(client, world.officer)
    assert old != new
    assert client.get(reverse("cohorts:calendar-feed", args=[old])).status_code == 404
    assert client.get(reverse("cohorts:calendar-feed", args=[new])).status_code == 200
    world.officer.is_active = False
    world.officer.save()
    assert client.get(reverse("cohorts:calendar-feed", args=[new])).status_code == 404
    assert client.post(reverse("cohorts:calendar-feed", args=[new])).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_the_file_asks_the_same_for_one_and_three(client, django_assert_num_queries, count):
    pairing = PairingFactory()
    user = MembershipFactory(participation=pairing.participation).user
    for number in range(count):
        EventFactory(cohort=pairing.participation.cohort, pairing=pairing, kind="site_visit", number=number + 1)
    secret = subscribed(client, user)
    with django_assert_num_queries(4):
        client.get(reverse("cohorts:calendar-feed", args=[secret]))


def test_the_page_shows_no_address_before_one_was_made(client):
    client.force_login(UserFactory())
    response = client.get(reverse("cohorts:calendar-subscription"))
    assert response.context["address"] == ""
    assert CalendarFeed.objects.count() == 0


def test_what_was_done_in_the_cohort_is_told_to_those_alone_who_see_it_whole(client, world):
    record(world.cohort, "matching.criteria.changed", by=world.coordinator, at=NOW, data={"changed": "x"})
    told = {}
    for role in ("coordinator", "observer", "team_facilitator", "facilitator", "lead_officer", "host_contact"):
        client.force_login(getattr(world, role))
        page = client.get(reverse("cohorts:calendar", args=["here"])).content.decode()
        told[role] = "changed the weights" in page
    assert [role for role, is_told in told.items() if is_told] == ["coordinator", "observer", "team_facilitator"]
