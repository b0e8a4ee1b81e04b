"""Rooms and board in a real browser: nothing that axe finds, notes moved by keyboard, what is typed off-line sent later."""

import pytest
from playwright.sync_api import expect

from sensemaking.models import Note
from sensemaking.services.boards import open_board
from sensemaking.states import GuestRole, RoomMode
from tests.factories.sensemaking import GuestFactory, NoteFactory, RoomFactory, SeatFactory, SessionFactory
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.both, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session():
    session = SessionFactory(room_mode=RoomMode.CHOICE)
    room = RoomFactory(session=session, theme="Finance")
    SeatFactory(guest__session=session, room=room)
    for topic in ("challenge", "success", "other"):
        NoteFactory(board=open_board(session), room=room, topic=topic)
    return session


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_the_pages_of_a_guest_have_no_fault_that_axe_finds(page, live_server, session):
    guest = GuestFactory(session=session, role=GuestRole.HARVESTER)
    room = session.rooms.get()
    for address in (guest.get_absolute_url(), f"/room/{guest.key}/board/?room={room.code}"):
        page.goto(live_server.url + address)
        assert accessibility_faults(page) == []
    page.goto(f"{live_server.url}/room/{guest.key}/board/?room={room.code}&as=canvas")
    expect(page.locator(".canvas .note")).to_have_count(3)
    assert accessibility_faults(page) == []


def test_a_note_is_moved_by_keyboard_and_stays_there(page, live_server, session):
    guest = GuestFactory(session=session, role=GuestRole.HARVESTER)
    room = session.rooms.get()
    page.goto(f"{live_server.url}/room/{guest.key}/board/?room={room.code}&as=canvas")
    note = page.locator(".canvas .note").first
    note.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/board/act/") and answer.ok):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
    moved = Note.objects.get(code=note.get_attribute("data-note"))
    assert (moved.x, moved.y) == (40, 40)


def test_a_note_typed_off_line_arrives_later_and_once(page, live_server, session):
    guest = GuestFactory(session=session)
    room = session.rooms.get()
    page.goto(f"{live_server.url}/room/{guest.key}/board/?room={room.code}&as=canvas")
    expect(page.locator(".canvas .note")).to_have_count(3)
    page.context.set_offline(True)
    page.get_by_label("A note: one remark").fill("Typed in a tunnel")
    page.get_by_role("button", name="Write the note").click()
    expect(page.locator("[data-board-status]")).to_contain_text("kept here")
    assert not Note.objects.filter(text="Typed in a tunnel").exists()
    page.context.set_offline(False)
    expect(page.locator(".canvas .note", has_text="Typed in a tunnel")).to_have_count(1, timeout=15_000)
    assert Note.objects.filter(text="Typed in a tunnel").count() == 1
