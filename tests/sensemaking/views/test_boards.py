import json
import re

import pytest
from django.urls import reverse

from sensemaking.models import Board, Guest, Note, Session
from sensemaking.services.boards import ACTS, open_board
from sensemaking.snapshot import seated_guests
from sensemaking.states import GuestRole, NoteState, SessionState
from tests.factories.people import UserFactory
from tests.factories.sensemaking import (
    AgendaItemFactory,
    AgendaRunFactory,
    BoardFactory,
    GuestFactory,
    NoteFactory,
    NoteGroupFactory,
    NoteLinkFactory,
    RoomFactory,
    SessionFactory,
    VoteFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    session = SessionFactory()
    open_board(session)
    return session


def url(name, *args):
    return reverse(f"sensemaking:{name}", args=args)


def send(client, guest, body):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(url("board-act", guest.key), text, content_type="application/json")


def test_the_outline_writes_groups_and_removes_without_script(client, session):
    room, guest = RoomFactory(session=session), GuestFactory(session=session)
    page = url("board", guest.key)
    client.post(
        page, {"act": "write_note", "text": "A remark", "topic": "success", "room": room.code, "back": room.code}
    )
    note = Note.objects.get()
    client.post(page, {"act": "group_note", "note": note.code, "name": "Money", "back": room.code})
    shown = client.get(page, {"room": room.code}).content.decode()
    assert "A remark" in shown
    assert "Money" in shown
    client.post(page, {"act": "remove_note", "note": note.code, "back": room.code})
    assert "A remark" not in client.get(page, {"room": room.code}).content.decode()


@pytest.mark.parametrize("face", ["", "canvas"])
def test_everything_that_can_be_done_on_a_board_has_its_form_on_outline_and_canvas(client, session, face):
    team, board = GuestFactory(session=session, role=GuestRole.TEAM), open_board(session)
    Board.objects.filter(pk=board.pk).update(votes_each=3)
    Session.objects.update(state=SessionState.OPEN)
    AgendaRunFactory(item=AgendaItemFactory(session=session, position=1))
    AgendaItemFactory(session=session, position=2)
    RoomFactory(session=session)
    waiting = NoteFactory(board=board, state=NoteState.INBOX)
    grouped, voted = NoteFactory(board=board, group=NoteGroupFactory(board=board)), NoteFactory(board=board)
    one, other = sorted((grouped, voted), key=lambda note: note.pk)
    NoteLinkFactory(board=board, one=one, other=other)
    VoteFactory(note=voted, guest=team)
    pages = [
        client.get(url("board", team.key), {"room": "", "as": face, "note": note.code}).content.decode()
        for note in (waiting, grouped, voted)
    ]
    offered = {act for page in pages for act in re.findall(r'name="act" value="(\w+)"', page)}
    assert offered == set(ACTS) - {"restore_note"}  # which is what undoing does


def test_a_form_of_the_canvas_comes_back_to_the_canvas(client, session):
    guest, note = GuestFactory(session=session), NoteFactory(board=open_board(session))
    sent = {"act": "connect", "note": note.code, "other": NoteFactory(board=note.board).code, "as": "canvas"}
    answer = client.post(url("board", guest.key), sent)
    assert answer.url == url("board", guest.key) + f"?room=&as=canvas#{note.code}"


def test_votes_are_offered_while_the_board_is_locked(client, session):
    guest, note = GuestFactory(session=session), NoteFactory(board=open_board(session))
    Board.objects.update(votes_each=1, is_locked=True)
    page = client.get(url("board", guest.key)).content.decode()
    assert 'value="vote"' in page
    assert "write_note" not in page
    client.post(url("board", guest.key), {"act": "vote", "note": note.code})
    assert note.votes.count() == 1


def test_a_refused_act_of_the_outline_is_a_sentence_on_the_page(client, session):
    guest = GuestFactory(session=session)
    page = client.post(url("board", guest.key), {"act": "write_note", "text": " "}, follow=True)
    assert "Write something first." in page.content.decode()


def test_the_same_act_of_a_canvas_is_done_once(client, session):
    guest = GuestFactory(session=session)
    body = {"act": "write_note", "client_id": "one", "data": {"text": "A remark"}}
    assert send(client, guest, body).json() == send(client, guest, body).json()
    assert Note.objects.count() == 1


@pytest.mark.parametrize("body", ["", "[]", "{", '{"act": "write_note", "data": 3}', '"text"'])
def test_what_is_no_act_is_refused_as_a_bad_request(client, session, body):
    assert send(client, GuestFactory(session=session), body).status_code == 400


def test_a_refused_act_of_a_canvas_says_why(client, session):
    answer = send(client, GuestFactory(session=session), {"act": "set_timer", "data": {"minutes": 5}})
    assert (answer.status_code, answer.json()) == (409, {"error": "Only facilitators and harvesters do this."})


def test_the_state_holds_all_notes_and_the_number_of_the_last_event(client, session):
    guest = GuestFactory(session=session)
    send(client, guest, {"act": "write_note", "data": {"text": "A remark"}})
    state = client.get(url("board-state", guest.key)).json()
    assert (state["sequence"], [note["text"] for note in state["notes"]]) == (1, ["A remark"])


def test_the_team_leads_the_board_and_needs_no_seat(client, session):
    user = UserFactory(coordinator=True)
    client.force_login(user)
    client.post(url("board-enter", session.code))
    client.post(url("board-enter", session.code))
    guest = Guest.objects.get(session=session, user=user)
    assert (guest.role, guest.guides) == (GuestRole.TEAM, True)
    assert seated_guests(session) == []


def test_somebody_joins_by_the_link_with_name_and_consent(client):
    board = BoardFactory(is_join_open=True, consent_text="We keep what you write.")
    page = url("join", board.join_key)
    refused = client.post(page, {"name": "Nia"})
    assert refused.status_code == 422
    assert "tick the box" in refused.content.decode()
    client.post(page, {"name": "Nia", "consents": "on"})
    assert Guest.objects.get(session=board.session).name == "Nia"


def test_the_team_opens_the_link_and_says_what_people_agree_to(client, session):
    client.force_login(UserFactory(coordinator=True))
    client.post(url("joining", session.code), {"is_join_open": "on", "consent_text": "We keep what you write."})
    board = Board.objects.get(session=session)
    assert (board.is_join_open, board.consent_text) == (True, "We keep what you write.")
    assert url("join", board.join_key) in client.get(url("joining", session.code)).content.decode()


def test_a_board_asks_the_same_number_of_queries_for_one_note_and_five(client, session, django_assert_num_queries):
    guest = GuestFactory(session=session)
    board = open_board(session)
    NoteFactory(board=board, author=guest)
    with django_assert_num_queries(7):
        client.get(url("board", guest.key))
    NoteFactory.create_batch(4, board=board)
    with django_assert_num_queries(7):
        client.get(url("board", guest.key))
