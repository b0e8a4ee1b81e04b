import datetime

import pytest

from sensemaking.models import AgendaRun, BoardEvent, Session
from sensemaking.selectors.agenda import agenda_of, now_at
from sensemaking.selectors.boards import snapshot
from sensemaking.services.agenda import start_point
from sensemaking.services.boards import Act, act, act_of_team, open_board
from sensemaking.services.sessions import change_session, move_session
from sensemaking.states import GuestRole, SessionState
from tests.factories.people import UserFactory
from tests.factories.sensemaking import AgendaItemFactory, GuestFactory, SessionFactory
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 20, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


def at(minutes):
    return NOW + datetime.timedelta(minutes=minutes)


@pytest.fixture
def session():
    session = SessionFactory(state=SessionState.OPEN)
    for position, (title, minutes) in enumerate([("Welcome", 10), ("In rooms", 60), ("Together", None)], start=1):
        AgendaItemFactory(session=session, position=position, title=title, minutes=minutes)
    return session


def start(session, title, *, minute=0):
    item = session.agenda.get(title=title)
    return act_of_team(session, "start_point", {"point": str(item.pk)}, now=at(minute))


def more(session, *, minute):
    return act_of_team(session, "more_time", {"minutes": "5"}, now=at(minute))


def happened(session):
    """(title, began, ended) of each time that a point was the present one, in minutes."""
    rows = session.agenda_runs.values_list("title", "started_at", "ended_at")
    return [(title, *(moment and (moment - NOW).total_seconds() / 60 for moment in when)) for title, *when in rows]


def test_the_point_that_is_started_is_the_present_one_until_the_next_is(session):
    start(session, "Welcome")
    start(session, "In rooms", minute=12)
    assert happened(session) == [("Welcome", 0, 12), ("In rooms", 12, None)]


def test_everybody_is_told_the_point_its_end_and_what_comes_next(session):
    event = start(session, "Welcome")
    assert (event.act, event.sequence) == ("start_point", 1)
    assert event.data == {"point": "Welcome", "ends_at": at(10).isoformat(), "next": "In rooms"}
    assert snapshot(open_board(session), GuestFactory(session=session))["agenda"] == event.data


def test_a_point_without_a_length_has_no_end(session):
    assert start(session, "Together").data == {"point": "Together", "ends_at": "", "next": ""}


def test_starting_the_present_point_again_changes_nothing(session):
    start(session, "Welcome")
    start(session, "Welcome", minute=3)
    assert happened(session) == [("Welcome", 0, None)]


def test_five_minutes_more_are_added_to_what_is_left(session):
    start(session, "Welcome")
    assert more(session, minute=8).data["ends_at"] == at(15).isoformat()


@pytest.mark.parametrize("title", ["Welcome", "Together"])
def test_five_minutes_more_count_from_now_where_time_is_up_or_was_never_set(session, title):
    start(session, title)
    assert more(session, minute=20).data["ends_at"] == at(25).isoformat()


def test_a_point_that_was_left_goes_on_with_the_time_it_had_left(session):
    start(session, "In rooms")
    start(session, "Together", minute=20)
    assert start(session, "In rooms", minute=21).data["ends_at"] == at(61).isoformat()
    assert happened(session) == [("In rooms", 0, 20), ("Together", 20, 21), ("In rooms", 21, None)]


def test_a_point_whose_time_was_up_has_none_left_when_it_comes_back(session):
    start(session, "Welcome")
    start(session, "In rooms", minute=15)
    assert start(session, "Welcome", minute=16).data["ends_at"] == at(16).isoformat()


def test_stopping_leaves_no_present_point(session):
    start(session, "Welcome")
    event = act_of_team(session, "stop_agenda", {}, now=at(4))
    assert event.data["point"] == ""
    assert happened(session) == [("Welcome", 0, 4)]


@pytest.mark.parametrize("name", ["more_time", "stop_agenda"])
def test_nothing_is_lengthened_or_stopped_while_nothing_runs(session, name):
    with pytest.raises(Refused, match="No point of the agenda runs"):
        act_of_team(session, name, {}, now=NOW)
    assert not BoardEvent.objects.exists()


@pytest.mark.parametrize("point", ["", "0", "99999999999999999999", "next"])
def test_a_point_that_is_not_on_the_agenda_is_refused(session, point):
    with pytest.raises(Refused):
        act_of_team(session, "start_point", {"point": point}, now=NOW)


def test_a_point_of_another_session_is_refused(session):
    elsewhere = AgendaItemFactory(session__state=SessionState.OPEN)
    with pytest.raises(Refused, match="not on the agenda"):
        act_of_team(session, "start_point", {"point": elsewhere.pk}, now=NOW)


@pytest.mark.parametrize("state", [SessionState.PLANNED, SessionState.CLOSED, SessionState.CANCELLED])
def test_an_agenda_runs_in_an_open_session_alone(session, state):
    Session.objects.update(state=state)
    with pytest.raises(Refused, match="Open the session first"):
        start(session, "Welcome")


def test_no_point_begins_while_somebody_closes_the_session(session):
    board = open_board(session)
    assert board.session.state == SessionState.OPEN  # read before the other one closes it
    Session.objects.update(state=SessionState.CLOSED)
    under_way = Act(board, None, {"point": str(session.agenda.first().pk)}, NOW)
    with pytest.raises(Refused, match="Open the session first"):
        start_point(under_way)
    assert not AgendaRun.objects.exists()


def test_closing_the_session_ends_its_present_point_and_tells_everybody(session):
    start(session, "Welcome")
    move_session(session, "close", by=UserFactory(coordinator=True), now=at(9))
    assert happened(session) == [("Welcome", 0, 9)]
    assert BoardEvent.objects.last().act == "stop_agenda"


@pytest.mark.parametrize("role", [GuestRole.SPEAKER, GuestRole.FACILITATOR, GuestRole.HARVESTER])
def test_on_the_board_the_team_alone_runs_the_agenda(session, role):
    open_board(session)
    sent = {"point": session.agenda.first().pk}
    with pytest.raises(Refused, match="Only the team"):
        act(GuestFactory(session=session, role=role), "start_point", sent, now=NOW)
    act(GuestFactory(session=session, role=GuestRole.TEAM), "start_point", sent, now=NOW)
    assert now_at(session).run.title == "Welcome"


def test_rewriting_the_plan_keeps_what_happened_at_the_points_that_stay(session):
    start(session, "Welcome")
    start(session, "In rooms", minute=10)
    start(session, "Together", minute=50)
    rows = [("Break", 5, None), ("In rooms", 40, None), ("Welcome", 10, None), ("Break", 5, None)]
    change_session(session, agenda=rows, by=UserFactory(coordinator=True), now=NOW)
    points = agenda_of(session).points
    assert [(point.title, point.minutes, point.took) for point in points] == [
        ("Break", 5, None),
        ("In rooms", 40, 40),
        ("Welcome", 10, 10),
        ("Break", 5, None),
        ("Together", None, None),
    ]
    assert [bool(point.item) for point in points] == [True] * 4 + [False]


def test_what_comes_next_is_the_point_behind_the_present_one_or_the_first_that_was_not_yet(session):
    assert agenda_of(session).after.title == "Welcome"
    start(session, "In rooms")
    agenda = agenda_of(session)
    assert (agenda.before.title, agenda.running.title, agenda.after.title) == ("Welcome", "In rooms", "Together")
    start(session, "Together")
    assert agenda_of(session).after is None
    act_of_team(session, "stop_agenda", {}, now=at(1))
    assert agenda_of(session).after.title == "Welcome"


def test_a_clock_that_runs_behind_does_not_end_a_point_before_it_began(session):
    start(session, "Welcome", minute=1)
    start(session, "In rooms")
    assert AgendaRun.objects.get(title="Welcome").ended_at == at(1)


def test_an_agenda_is_read_in_two_queries(session, django_assert_num_queries):
    start(session, "Welcome")
    start(session, "In rooms")
    with django_assert_num_queries(2):
        agenda_of(session)
    with django_assert_num_queries(2):
        now_at(session)
