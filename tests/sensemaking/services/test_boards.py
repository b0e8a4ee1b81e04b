import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensemaking.models import Board, BoardEvent, Note, NoteLink, Vote
from sensemaking.selectors.boards import Viewer, events_after, note_rows, shown_to, snapshot, surfaces_of
from sensemaking.services.boards import act, open_board
from sensemaking.services.joining import join_session
from sensemaking.states import GuestRole, NoteState, SessionState, Topic
from tests.factories.sensemaking import GuestFactory, RoomFactory, SessionFactory
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 20, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    session = SessionFactory()
    open_board(session)
    return session


@pytest.fixture
def speaker(session):
    return GuestFactory(session=session)


@pytest.fixture
def harvester(session):
    return GuestFactory(session=session, role=GuestRole.HARVESTER)


def do(guest, act_name, /, client_id="", **sent):
    return act(guest, act_name, sent, now=NOW, client_id=client_id)


def write(guest, text="A remark", **sent):
    return Note.objects.get(code=do(guest, "write_note", text=text, **sent).data["note"])


def test_a_note_carries_who_said_it_for_which_city_and_in_which_room(session, speaker):
    room = RoomFactory(session=session)
    note = write(speaker, room=room.code, topic="challenge")
    assert (note.author, note.written_by, note.city, note.room) == (speaker, speaker, speaker.city, room)
    assert note.topic == Topic.CHALLENGE


def test_a_harvester_writes_what_somebody_else_said(speaker, harvester):
    note = write(harvester, author=speaker.code)
    assert (note.author, note.written_by, note.city) == (speaker, harvester, speaker.city)


def test_a_speaker_writes_in_their_own_name_whatever_is_sent(session, speaker):
    note = write(speaker, author=GuestFactory(session=session).code)
    assert note.author == speaker


def test_the_same_act_sent_twice_is_done_once(speaker):
    first, second = (do(speaker, "write_note", client_id="k1", text="Once") for _n in range(2))
    assert first == second
    assert Note.objects.count() == 1


def test_numbers_have_no_gap_and_no_double(speaker, harvester):
    note = write(speaker)
    do(harvester, "move_note", note=note.code, x=5, y=5)
    with pytest.raises(Refused):
        do(speaker, "write_note", text="")
    do(speaker, "edit_note", note=note.code, text="Another")
    assert list(BoardEvent.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3]


def test_somebody_elses_note_is_not_changed_by_a_speaker_but_by_a_guide(session, speaker, harvester):
    note = write(speaker)
    with pytest.raises(Refused, match="somebody else"):
        do(GuestFactory(session=session), "edit_note", note=note.code, text="Mine now")
    do(harvester, "edit_note", note=note.code, text="Mended")
    note.refresh_from_db()
    assert note.text == "Mended"


def test_observers_write_nothing(session):
    with pytest.raises(Refused, match="Observers"):
        do(GuestFactory(session=session, role=GuestRole.OBSERVER), "write_note", text="A remark")


def test_only_guides_lead_the_board(speaker):
    with pytest.raises(Refused, match="Only facilitators"):
        do(speaker, "set_board", locked=True)


def test_a_locked_board_takes_nothing_from_speakers(speaker, harvester):
    do(harvester, "set_board", locked=True)
    with pytest.raises(Refused, match="locked"):
        do(speaker, "write_note", text="A remark")


def test_a_closed_session_can_only_be_read_by_speakers(session, speaker):
    session.state = SessionState.CLOSED
    session.save()
    with pytest.raises(Refused, match="over"):
        do(speaker, "write_note", text="A remark")


def test_on_a_moderated_board_notes_wait_and_others_do_not_read_them(session, speaker, harvester):
    do(harvester, "set_board", moderated=True)
    note = write(speaker, text="Wait for me")
    assert note.state == NoteState.INBOX
    other = GuestFactory(session=session)
    board = open_board(session)
    assert [row["text"] for row in snapshot(board, other)["notes"]] == [""]
    assert [row["text"] for row in snapshot(board, harvester)["notes"]] == ["Wait for me"]
    do(harvester, "place_note", note=note.code)
    assert [row["text"] for row in snapshot(board, other)["notes"]] == ["Wait for me"]


def test_while_everybody_writes_alone_events_hide_the_text_from_others(session, speaker, harvester):
    do(harvester, "set_board", private=True)
    event = do(speaker, "write_note", text="Mine alone")
    others = Viewer.of(GuestFactory(session=session))
    assert shown_to(others, event.act, event.data)["text"] == ""
    assert shown_to(Viewer.of(speaker), event.act, event.data)["text"] == "Mine alone"
    assert shown_to(Viewer.of(harvester), event.act, event.data)["text"] == "Mine alone"


def test_what_is_undone_stays_hidden_from_others_too(session, speaker, harvester):
    do(harvester, "set_board", private=True)
    note = write(speaker, text="Mine alone")
    do(speaker, "edit_note", note=note.code, text="Mine still")
    event = do(speaker, "undo")
    assert shown_to(Viewer.of(GuestFactory(session=session)), event.act, event.data)["data"]["text"] == ""


def test_undoing_takes_back_ones_own_acts_one_by_one(session, speaker, harvester):
    note = write(speaker, text="First")
    do(speaker, "edit_note", note=note.code, text="Second")
    do(harvester, "edit_note", note=note.code, text="Third")
    do(speaker, "undo")
    note.refresh_from_db()
    assert note.text == "First"
    do(speaker, "undo")
    note.refresh_from_db()
    assert note.state == NoteState.REMOVED
    with pytest.raises(Refused, match="nothing of yours"):
        do(speaker, "undo")


def test_notes_are_grouped_under_a_name_and_ungrouped(speaker, harvester):
    one, other = write(speaker), write(harvester)
    for note in (one, other):
        do(speaker, "group_note", note=note.code, name="Money")
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.group == other.group
    do(harvester, "name_group", group=one.group.code, name="Finance")
    do(speaker, "group_note", note=one.code)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.group, str(other.group)) == (None, "Finance")


def test_notes_are_connected_once_whatever_the_order(speaker):
    one, other = write(speaker), write(speaker)
    do(speaker, "connect", note=one.code, other=other.code)
    do(speaker, "connect", note=other.code, other=one.code)
    assert NoteLink.objects.count() == 1
    with pytest.raises(Refused, match="itself"):
        do(speaker, "connect", note=one.code, other=one.code)


def test_votes_have_a_limit_and_come_back(speaker, harvester):
    notes = [write(harvester, text=f"Note {n}") for n in range(3)]
    with pytest.raises(Refused, match="No vote is open"):
        do(speaker, "vote", note=notes[0].code)
    do(harvester, "set_board", votes_each=2)
    for note in notes[:2]:
        do(speaker, "vote", note=note.code)
    with pytest.raises(Refused, match="all your 2 votes"):
        do(speaker, "vote", note=notes[2].code)
    do(speaker, "unvote", note=notes[0].code)
    do(speaker, "vote", note=notes[2].code)
    assert Vote.objects.count() == 2


def test_the_timer_ends_when_it_was_set_to(session, harvester):
    do(harvester, "set_timer", minutes=5)
    assert Board.objects.get(session=session).timer_ends_at == NOW + datetime.timedelta(minutes=5)
    do(harvester, "set_timer", minutes=0)
    assert Board.objects.get(session=session).timer_ends_at is None


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("nonsense", {}),
        ("write_note", {"text": "x" * 601}),
        ("write_note", {"text": "A", "topic": "colour"}),
        ("write_note", {"text": "A", "room": "NOROOM"}),
        ("write_note", {"text": "A", "x": "far"}),
        ("edit_note", {"note": "GONE", "text": "A"}),
        ("group_note", {"note": "GONE", "name": "A"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(speaker, name, sent):
    with pytest.raises(Refused):
        act(speaker, name, sent, now=NOW)
    assert not BoardEvent.objects.exists()


def test_a_note_of_another_board_is_not_found(speaker):
    elsewhere = GuestFactory()
    open_board(elsewhere.session)
    with pytest.raises(Refused, match="gone"):
        do(speaker, "remove_note", note=write(elsewhere).code)


def test_joining_needs_an_open_link_and_the_consent_that_is_asked_for(session):
    board = open_board(session)
    with pytest.raises(Refused, match="Nobody can join"):
        join_session(board, name="Nia", city=None, consents=True, now=NOW)
    board.is_join_open, board.consent_text = True, "We keep what you write."
    board.save()
    with pytest.raises(Refused, match="tick the box"):
        join_session(board, name="Nia", city=None, consents=False, now=NOW)
    guest = join_session(board, name="Nia", city=None, consents=True, now=NOW)
    assert (guest.name, guest.consented_at) == ("Nia", NOW)


def test_a_board_is_read_in_a_fixed_number_of_queries(session, speaker, harvester, django_assert_num_queries):
    RoomFactory(session=session)
    write(speaker)
    with django_assert_num_queries(5):
        surfaces_of(open_board_of(session), speaker)
    for n in range(4):
        do(harvester, "group_note", note=write(speaker).code, name=f"Group {n}")
    with django_assert_num_queries(5):
        surfaces_of(open_board_of(session), speaker)


def open_board_of(session):
    return Board.objects.select_related("session").get(session=session)


ACT = st.sampled_from(["write_note", "edit_note", "move_note", "remove_note", "restore_note", "group_note", "undo"])


@given(st.lists(st.tuples(ACT, st.integers(0, 2), st.integers(0, 5)), max_size=12))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_follows_the_events_sees_the_board_as_it_stands(acts):
    session = SessionFactory()
    board = open_board(session)
    guests = [GuestFactory(session=session), GuestFactory(session=session, role=GuestRole.HARVESTER)]
    for number, (name, who, which) in enumerate(acts):
        notes = list(board.notes.order_by("pk"))
        sent = {"text": f"Text {number}", "name": "Group" if which % 2 else "", "x": which, "y": number}
        if notes:
            sent["note"] = notes[which % len(notes)].code
        try:
            act(guests[who % 2], name, sent, now=NOW)
        except Refused:
            continue
    told = {}
    for _number, name, happened in events_after(board.pk, 0):
        data = happened["data"] if name == "undo" else happened
        if "text" in data:
            told[data["note"]] = data
    standing = {row.note.code: (row.note.text, row.note.x, row.note.y) for row in note_rows(board, guests[1])}
    followed = {
        code: (data["text"], data["x"], data["y"]) for code, data in told.items() if data["state"] != NoteState.REMOVED
    }
    assert followed == standing
