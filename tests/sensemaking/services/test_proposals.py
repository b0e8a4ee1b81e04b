import datetime

import pytest

from sensemaking.models import Insight
from sensemaking.selectors.insights import insights_of
from sensemaking.services.consent import withdraw_consent
from sensemaking.services.guests import remove_guest
from sensemaking.services.insights import add_notes, make_insight, merge_insights, move_insight
from sensemaking.services.proposals import MOST_PROPOSALS, propose_again, propose_insight
from sensemaking.states import GuestRole, InsightOrigin, InsightState, SeatState, SessionState
from tests.factories.people import UserFactory
from tests.factories.sensemaking import (
    BoardFactory,
    GuestFactory,
    NoteFactory,
    RoomFactory,
    SeatFactory,
    SessionFactory,
)
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 20, 12, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(hours=1)
WORDS = "What nobody had planned is what stayed"

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return SessionFactory()


@pytest.fixture
def board(session):
    return BoardFactory(session=session)


@pytest.fixture
def room(session):
    return RoomFactory(session=session)


@pytest.fixture
def harvester(session, room):
    guest = GuestFactory(session=session, name="Hana", role=GuestRole.HARVESTER)
    SeatFactory(guest=guest, room=room)
    return guest


@pytest.fixture
def note(board, room):
    return NoteFactory(board=board, room=room)


@pytest.fixture
def team():
    return UserFactory(coordinator=True)


def propose(guest, *notes, statement=WORDS):
    return propose_insight(guest, notes, statement=statement, sureness="likely", now=NOW)


def under(insight):
    return set(insight.origins.values_list("note", flat=True))


def test_a_proposal_is_a_draft_on_the_workbench_with_who_proposed_it(session, harvester, note):
    propose(harvester, note)
    (row,) = insights_of(session)
    assert (row.insight.state, row.insight.origin) == (InsightState.DRAFT, InsightOrigin.PROPOSED)
    assert (row.insight.proposed_by, row.insight.author, row.insight.sureness) == (harvester, None, "likely")
    assert row.notes == [note]


@pytest.mark.parametrize("role", [role for role in GuestRole if role != GuestRole.HARVESTER])
def test_harvesters_alone_propose(session, note, role):
    with pytest.raises(Refused, match="Harvesters propose"):
        propose(GuestFactory(session=session, role=role), note)


def test_a_proposal_stands_on_notes_of_the_harvesters_own_rooms_and_on_what_is_for_all(session, board, harvester, note):
    common, elsewhere = NoteFactory(board=board), NoteFactory(board=board, room=RoomFactory(session=session))
    assert under(propose(harvester, note, common)) == {note.pk, common.pk}
    with pytest.raises(Refused, match="your own rooms"):
        propose(harvester, note, elsewhere)


def test_a_harvester_without_a_seat_goes_from_room_to_room(session, harvester, note):
    harvester.seats.update(state=SeatState.WAITING)
    assert propose(harvester, note).proposed_by == harvester


def test_a_note_of_another_session_is_refused(harvester):
    with pytest.raises(Refused, match="your own rooms"):
        propose(harvester, NoteFactory())


def test_a_proposal_needs_a_note_and_a_sentence(harvester, note):
    with pytest.raises(Refused, match="at least one note"):
        propose(harvester)
    with pytest.raises(Refused, match="one sentence"):
        propose(harvester, note, statement="  ")
    assert not Insight.objects.exists()


def test_nobody_proposes_without_end(harvester, note):
    for _number in range(MOST_PROPOSALS):
        propose(harvester, note)
    with pytest.raises(Refused, match="Change one of them"):
        propose(harvester, note)


def test_nothing_is_proposed_to_a_cancelled_session(session, harvester, note):
    session.state = SessionState.CANCELLED
    session.save()
    with pytest.raises(Refused, match="cancelled"):
        propose(harvester, note)


def test_what_was_sent_back_is_proposed_again_and_waits(board, room, harvester, note, team):
    insight = propose(harvester, note)
    sent_back = move_insight(insight, "withdraw", by=team, now=NOW, reason="Name the cities")
    assert (sent_back.state, sent_back.withdrawn_reason) == (InsightState.WITHDRAWN, "Name the cities")
    other = NoteFactory(board=board, room=room)
    again = propose_again(sent_back, harvester, [other], statement="In Torino it stayed", sureness="firm", now=LATER)
    assert (again.state, again.statement, again.withdrawn_reason) == (InsightState.DRAFT, "In Torino it stayed", "")
    assert under(again) == {other.pk}


def test_notes_that_the_team_put_under_a_proposal_stay_when_it_is_changed(session, board, harvester, note, team):
    insight = propose(harvester, note)
    elsewhere = NoteFactory(board=board, room=RoomFactory(session=session))
    add_notes(insight, [elsewhere], by=team, now=NOW)
    propose_again(insight, harvester, [note], statement=WORDS, sureness="open", now=LATER)
    assert under(insight) == {note.pk, elsewhere.pk}


def test_what_the_team_confirmed_is_not_changed_by_its_author_any_more(harvester, note, team):
    insight = move_insight(propose(harvester, note), "confirm", by=team, now=NOW)
    with pytest.raises(Refused, match="decided"):
        propose_again(insight, harvester, [note], statement="Other words", sureness="open", now=LATER)


def test_nobody_changes_the_proposal_of_somebody_else(session, harvester, note):
    insight, other = propose(harvester, note), GuestFactory(session=session, role=GuestRole.HARVESTER)
    with pytest.raises(Refused, match="decided"):
        propose_again(insight, other, [note], statement="Other words", sureness="open", now=LATER)


def test_who_proposed_something_stays_on_the_list_so_that_it_can_be_withdrawn(harvester, note, team):
    propose(harvester, note)
    with pytest.raises(Refused, match="proposed an insight"):
        remove_guest(harvester, by=team, now=NOW)


@pytest.mark.parametrize("move", [None, "withdraw"])
def test_withdrawn_consent_takes_the_words_of_an_undecided_proposal_along(harvester, note, team, move):
    insight = propose(harvester, note)
    if move:
        move_insight(insight, move, by=team, now=NOW, reason="Name the cities")
    withdraw_consent(harvester, by=None, now=LATER)
    insight.refresh_from_db()
    assert (insight.statement, insight.state) == ("Withdrawn by its author", InsightState.WITHDRAWN)
    assert insight.proposed_by is None
    assert not JournalEntry.objects.filter(object_label__contains=WORDS).exists()
    with pytest.raises(Refused, match="withdrew your consent"):
        propose(harvester, note)


def test_withdrawn_consent_takes_the_words_of_a_merged_proposal_along(session, harvester, note, team):
    insight, into = propose(harvester, note), make_insight(session, [note], by=team, now=NOW, statement="Ours")
    merge_insights(into, [insight], by=team, now=NOW)
    withdraw_consent(harvester, by=None, now=LATER)
    insight.refresh_from_db()
    assert (insight.statement, insight.state) == ("Withdrawn by its author", InsightState.MERGED)


def test_what_the_team_confirmed_stays_nameless_and_is_read_again(harvester, note, team):
    insight = move_insight(propose(harvester, note), "confirm", by=team, now=NOW)
    withdraw_consent(harvester, by=None, now=LATER)
    insight.refresh_from_db()
    assert (insight.statement, insight.state, insight.proposed_by) == (WORDS, InsightState.CONFIRMED, None)
    assert insight.to_reread_since == LATER
