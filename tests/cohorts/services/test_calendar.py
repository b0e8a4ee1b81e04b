"""The calendar follows its programme; what people decided stays; what is shown before is what happens."""

import datetime

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.models import Event, Milestone, Programme, ProgrammeEvent, ProgrammeMilestone, ProgrammeOutput
from cohorts.selectors.calendar import visit_warnings
from cohorts.services.calendar import (
    ProgrammeDraft,
    apply_programme_change,
    fingerprint_of_change,
    plan_calendar,
    preview_kickoff_change,
    preview_programme_change,
)
from cohorts.services.events import cancel_event, change_event, hold_event, sign_off_milestone
from cohorts.services.pairings import confirm_pairing, rematch_participation
from cohorts.services.programmes import copy_programme, load_programmes
from cohorts.states import EventKind, EventState, VisitDirection
from outputs.models import Output
from outputs.states import OutputState
from tests.factories.cohorts import CohortFactory, HostingFactory, PairingFactory, ParticipationFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)
KICKOFF = datetime.date(2026, 9, 7)


@pytest.fixture
def eighteen_months():
    load_programmes(by=None, now=NOW)
    return Programme.objects.get(slug="twinning-18-months")


@pytest.fixture
def admin():
    return UserFactory(administrator=True)


@pytest.fixture
def planned(eighteen_months, admin):
    """A pairing in a cohort with the calendar of 18 months."""
    pairing = PairingFactory()
    plan_calendar(pairing.participation.cohort, programme=eighteen_months, kickoff_on=KICKOFF, by=admin, now=NOW)
    pairing.refresh_from_db()
    return pairing


def counts(cohort):
    events = Event.objects.in_cohort(cohort).not_cancelled()
    return {kind: events.filter(kind=kind).count() for kind in EventKind}


def test_the_eighteen_months_have_what_the_programme_page_says(planned):
    cohort = planned.participation.cohort
    assert counts(cohort) == {
        EventKind.KICK_OFF: 1,
        EventKind.SEMINAR: 3,
        EventKind.WORKSHOP: 2,
        EventKind.SITE_VISIT: 3,
        EventKind.THEMATIC_SESSION: 4,
        EventKind.CLOSING: 1,
    }
    assert Milestone.objects.filter(participation=planned.participation).count() == 2
    assert Output.objects.filter(participation=planned.participation).count() == 5
    visits = planned.events.order_by("number")
    assert [visit.planned_on for visit in visits] == [
        datetime.date(2027, 2, 8),  # months on the 7th, a Sunday or a Saturday, and then the Monday after
        datetime.date(2027, 8, 9),
        datetime.date(2027, 11, 8),
    ]


@given(
    kickoff=st.dates(min_value=datetime.date(2020, 1, 1), max_value=datetime.date(2090, 1, 1)),
    months=st.integers(0, 20),
    days=st.integers(0, 30),
)
def test_what_a_programme_puts_on_a_weekend_is_planned_for_the_monday_after(kickoff, months, days):
    exact = kickoff + relativedelta(months=months, days=days)
    for kind in (ProgrammeEvent, ProgrammeOutput, ProgrammeMilestone):
        planned = kind(offset_months=months, offset_days=days).date_from(kickoff)
        if exact == kickoff or exact.weekday() < 5:
            assert planned == exact  # somebody has chosen the kick-off
        else:
            assert planned.weekday() == 0
            assert 0 < (planned - exact).days <= 2


def test_editions_come_once_and_an_edited_one_stays(eighteen_months):
    eighteen_months.title = "Edited here"
    eighteen_months.save()
    assert load_programmes(by=None, now=NOW) == []
    assert sorted(Programme.objects.values_list("title", "length_months")) == [
        ("Edited here", 18),
        ("Twinning programme, 12 months", 12),
        ("Twinning programme, 20 months", 20),
    ]


def test_planning_twice_changes_nothing(planned, eighteen_months, admin):
    before = list(Event.objects.order_by("pk").values_list("pk", "planned_on", "sequence"))
    cohort = planned.participation.cohort
    assert preview_kickoff_change(cohort, programme=eighteen_months, kickoff_on=KICKOFF) == []
    plan_calendar(cohort, programme=eighteen_months, kickoff_on=KICKOFF, by=admin, now=NOW)
    assert list(Event.objects.order_by("pk").values_list("pk", "planned_on", "sequence")) == before


def test_a_moved_kickoff_moves_all_but_what_people_decided(planned, eighteen_months, admin):
    cohort = planned.participation.cohort
    kickoff = Event.objects.get(cohort=cohort, kind=EventKind.KICK_OFF)
    hold_event(kickoff, by=admin, now=NOW)
    visit = planned.events.get(number=1)
    change_event(visit, agreed={"planned_on": datetime.date(2027, 3, 1)}, by=admin, now=NOW)
    dropped = Event.objects.get(cohort=cohort, kind=EventKind.SEMINAR, number=3)
    cancel_event(dropped, by=admin, now=NOW)
    milestone = planned.participation.milestones.get(number=1)
    sign_off_milestone(milestone, by=admin, now=NOW)
    roadmap = planned.participation.outputs.get(kind="learning_roadmap")
    Output.objects.filter(pk=roadmap.pk).update(state=OutputState.ACCEPTED, submitted_at=NOW, accepted_at=NOW)
    decided = [kickoff, visit, dropped, milestone, roadmap]
    for row in decided:
        row.refresh_from_db()
    stood = [getattr(row, "planned_on", None) or row.due_on for row in decided]

    plan_calendar(
        cohort, programme=eighteen_months, kickoff_on=KICKOFF + datetime.timedelta(days=30), by=admin, now=NOW
    )

    for row in decided:
        row.refresh_from_db()
    assert [getattr(row, "planned_on", None) or row.due_on for row in decided] == stood
    assert planned.events.get(number=2).planned_on == datetime.date(2027, 9, 7)
    assert planned.participation.outputs.get(kind="stakeholder_plan").due_on == datetime.date(2027, 4, 7)


def test_a_confirmed_pairing_has_its_visits_at_once(planned, admin):
    cohort = planned.participation.cohort
    new = confirm_pairing(ParticipationFactory(cohort=cohort), hosting=HostingFactory(cohort=cohort), by=admin, now=NOW)
    assert new.events.filter(kind=EventKind.SITE_VISIT, state=EventState.PLANNED).count() == 3
    assert new.participation.milestones.count() == 2


def test_without_a_calendar_a_confirmed_pairing_has_no_events(admin):
    cohort = CohortFactory()
    pairing = confirm_pairing(
        ParticipationFactory(cohort=cohort), hosting=HostingFactory(cohort=cohort), by=admin, now=NOW
    )
    assert pairing.events.count() == 0


def test_a_rematched_twin_gets_only_the_visits_it_has_not_made(planned, admin):
    first = planned.events.get(number=1)
    change_event(first, agreed={"planned_on": datetime.date(2026, 11, 1)}, by=admin, now=NOW)
    hold_event(first, by=admin, now=NOW)
    hosting = HostingFactory(cohort=planned.participation.cohort)

    new = rematch_participation(planned, hosting=hosting, by=admin, now=NOW, reason="The host left.")

    assert sorted(planned.events.values_list("number", "state")) == [(1, "held"), (2, "cancelled"), (3, "cancelled")]
    assert sorted(new.events.values_list("number", "state")) == [(2, "planned"), (3, "planned")]
    assert new.participation.outputs.count() == 5


def draft_of(programme):
    return ProgrammeDraft(
        programme=programme,
        modules=list(programme.modules.order_by("position")),
        events=list(programme.events.order_by("pk")),
        outputs=list(programme.outputs.order_by("position")),
        milestones=list(programme.milestones.order_by("number")),
    )


def dates_of(cohort):
    """Every date of the calendar that is not cancelled: what, whose, name -> day."""
    events = Event.objects.in_cohort(cohort).not_cancelled().with_sides()
    dates = {("event", str(e.pairing) if e.pairing else "", e.title): e.planned_on for e in events.order_by("pk")}
    for row in Milestone.objects.filter(participation__cohort=cohort).order_by("pk"):
        dates["milestone", str(row.participation), row.title] = row.due_on
    for row in Output.objects.in_cohort(cohort).order_by("pk"):
        dates["output", str(row.participation), row.label] = row.due_on
    return dates


offsets = st.tuples(st.integers(0, 18), st.integers(0, 29))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changed=st.dictionaries(
        st.tuples(st.sampled_from(["events", "outputs", "milestones"]), st.integers(0, 13)), offsets
    ),
    removed=st.sets(st.integers(0, 13), max_size=3),
    held=st.sets(st.integers(0, 13), max_size=3),
)
def test_what_is_shown_is_what_is_done(planned, admin, changed, removed, held):
    programme = copy_programme(
        planned.participation.cohort.programme, slug=f"p{Programme.objects.count()}", title="Copy", by=admin, now=NOW
    )
    pairing = PairingFactory()
    cohort = pairing.participation.cohort
    plan_calendar(cohort, programme=programme, kickoff_on=KICKOFF, by=admin, now=NOW)
    templates = list(programme.events.order_by("pk"))
    Event.objects.filter(template__in=[templates[n] for n in held]).update(state=EventState.HELD)
    draft = draft_of(programme)
    for (part, index), (months, days) in changed.items():
        rows = getattr(draft, part)
        row = rows[index % len(rows)]
        row.offset_months, row.offset_days = months, days
    draft.removed = [row for n, row in enumerate(draft.events) if n in removed]
    draft.events = [row for n, row in enumerate(draft.events) if n not in removed]
    before = dates_of(cohort)

    shown = preview_programme_change(draft)
    assert dates_of(cohort) == before
    apply_programme_change(draft, shown=fingerprint_of_change(shown), by=admin, now=NOW)

    after = dates_of(cohort)
    done = {
        (*key, before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }
    assert [change.cohort for change in shown] == [cohort]
    assert {(m.what, m.about, m.label, m.before, m.after) for m in shown[0].moves} == done


def test_a_change_is_refused_when_it_would_move_something_else_meanwhile(planned, admin):
    programme = planned.participation.cohort.programme
    draft = draft_of(programme)
    draft.events[4].offset_months += 1
    shown = fingerprint_of_change(preview_programme_change(draft))
    PairingFactory(participation__cohort=planned.participation.cohort)
    with pytest.raises(Refused, match="changed meanwhile"):
        apply_programme_change(draft, shown=shown, by=admin, now=NOW)


def test_every_moved_event_has_its_journal_line_and_a_higher_sequence(planned, eighteen_months, admin):
    cohort = planned.participation.cohort
    plan_calendar(cohort, programme=eighteen_months, kickoff_on=KICKOFF + datetime.timedelta(7), by=admin, now=NOW)
    visit = planned.events.get(number=1)
    assert visit.sequence == 1
    line = JournalEntry.objects.about(visit).first()
    assert line.verb == "cohorts.event.moved"
    assert line.data == {"before": "2027-02-08", "day": "2027-02-15"}


def test_visits_that_cannot_fit_are_named(planned, admin):
    assert visit_warnings(planned) == []
    for number in (1, 2, 3):
        visit = planned.events.get(number=number)
        change_event(visit, agreed={"direction": VisitDirection.TWIN_TRAVELS}, by=admin, now=NOW)
    assert len(visit_warnings(planned)) == 1
    assert "2" in visit_warnings(planned)[0]
    change_event(planned.events.get(number=2), agreed={"direction": VisitDirection.HOST_TRAVELS}, by=admin, now=NOW)
    assert visit_warnings(planned) == []
