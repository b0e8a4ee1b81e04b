"""The stream of a board: everything in order and once, from where a browser had got to, without what it may not see."""

import asyncio
import datetime
import json

import pytest
from asgiref.testing import ApplicationCommunicator

from sensemaking.services.boards import act, open_board
from sensemaking.states import GuestRole, SessionState
from tests.factories.sensemaking import AgendaItemFactory, GuestFactory, SessionFactory
from twinning.portal import streams
from twinning.portal.board_tail import BoardTail

from .test_streams import in_a_thread

NOW = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_tail(monkeypatch):
    """A reader belongs to one event loop, and each test has its own."""
    monkeypatch.setattr(streams, "_tail", streams.JournalTail(every_s=0.05))
    monkeypatch.setattr(streams, "_boards", None)
    monkeypatch.setattr(streams, "BoardTail", lambda read: BoardTail(read, every_s=0.05))


@pytest.fixture
def session():
    session = SessionFactory()
    open_board(session)
    return session


def scope_for(key, *, after=None, last_seen=None):
    headers = [(b"host", b"testserver")]
    if last_seen is not None:
        headers.append((b"last-event-id", str(last_seen).encode()))
    query = b"" if after is None else f"after={after}".encode()
    return {
        "type": "http",
        "method": "GET",
        "path": f"/stream/boards/{key}/",
        "query_string": query,
        "headers": headers,
    }


def do(guest, name, /, **sent):
    return act(guest, name, sent, now=NOW)


def told_by(body):
    """(number, act, data) of each event in a piece of the stream; those that are there are sent together."""
    told = []
    for text in body.decode().strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in text.split("\n"))
        event = json.loads(fields["data"])
        assert int(fields["id"]) == event["sequence"]
        told.append((event["sequence"], event["act"], event["data"]))
    return told


async def follow(scope, meanwhile, *, events):
    """The first `events` events that a listener is told while `meanwhile` happens in another thread."""
    stream = ApplicationCommunicator(streams.application, scope)
    await stream.send_input({"type": "http.request", "body": b""})
    assert (await stream.receive_output(timeout=5))["status"] == 200
    assert (await stream.receive_output(timeout=5))["body"] == b"retry: 1000\n\n"
    if meanwhile:
        await asyncio.to_thread(in_a_thread, meanwhile)
    told = []
    while len(told) < events:
        told += told_by((await stream.receive_output(timeout=5))["body"])
    quiet = await stream.receive_nothing(timeout=0.3)
    await stream.send_input({"type": "http.disconnect"})
    await stream.wait(timeout=5)
    assert quiet
    return told


def test_what_happens_arrives_in_order_and_once(session):
    guest = GuestFactory(session=session)
    do(guest, "write_note", text="Before")

    def meanwhile():
        for number in range(3):
            do(guest, "write_note", text=f"Note {number}")

    told = asyncio.run(follow(scope_for(guest.key), meanwhile, events=3))
    assert [(number, data["text"]) for number, _act, data in told] == [(2, "Note 0"), (3, "Note 1"), (4, "Note 2")]


@pytest.mark.parametrize("named", [{"last_seen": 1}, {"after": 1}])
def test_a_browser_that_was_away_goes_on_where_it_was(session, named):
    guest = GuestFactory(session=session)
    for number in range(3):
        do(guest, "write_note", text=f"Note {number}")
    told = asyncio.run(follow(scope_for(guest.key, **named), None, events=2))
    assert [data["text"] for _number, _act, data in told] == ["Note 1", "Note 2"]


def test_hidden_texts_reach_their_writer_and_those_who_guide_alone(session):
    writer, other = GuestFactory.create_batch(2, session=session)
    harvester = GuestFactory(session=session, role=GuestRole.HARVESTER)
    do(harvester, "set_board", private=True)
    do(writer, "write_note", text="Mine alone")

    async def texts():
        told = [await follow(scope_for(guest.key, after=1), None, events=1) for guest in (writer, harvester, other)]
        return [events[0][2]["text"] for events in told]

    assert asyncio.run(texts()) == ["Mine alone", "Mine alone", ""]


def test_an_unknown_key_gets_nothing(session):
    async def status():
        stream = ApplicationCommunicator(streams.application, scope_for("no-such-key-at-all"))
        await stream.send_input({"type": "http.request", "body": b""})
        return (await stream.receive_output(timeout=5))["status"]

    assert asyncio.run(status()) == 404


def test_who_follows_the_agenda_alone_is_told_nothing_else(session):
    guest, team = GuestFactory(session=session), GuestFactory(session=session, role=GuestRole.TEAM)
    session.state = SessionState.OPEN
    session.save()
    point = AgendaItemFactory(session=session).pk

    def meanwhile():
        do(guest, "write_note", text="A remark")
        do(team, "start_point", point=point)
        do(guest, "write_note", text="Another")

    scope = scope_for(guest.key, after=0)
    scope["query_string"] += b"&about=agenda"
    told = asyncio.run(follow(scope, meanwhile, events=1))
    assert [(number, name, data["point"]) for number, name, data in told] == [(2, "start_point", "Welcome")]
