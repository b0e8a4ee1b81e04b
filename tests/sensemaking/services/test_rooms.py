import datetime

import pytest

from sensemaking.models import Seat
from sensemaking.services.guests import change_guest, mark_guest, remove_guest
from sensemaking.services.rooms import (
    add_rooms,
    change_room,
    choose_room,
    keep_apart,
    leave_room,
    place_guest,
    remove_room,
    set_wishes,
    show_rooms,
)
from sensemaking.states import GuestRole, GuestState, RoomMode, SeatOrigin, SeatState, SessionState
from tests.factories.people import UserFactory
from tests.factories.sensemaking import GuestFactory, RoomFactory, SeatFactory, SessionFactory
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 20, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


@pytest.fixture
def session():
    return SessionFactory(room_mode=RoomMode.CHOICE)


def room_of(guest, part=1):
    seat = Seat.objects.filter(guest=guest, part=part, state=SeatState.TAKEN).first()
    return seat and seat.room


def test_rooms_of_all_themes_stand_in_every_part(session, by):
    session.parts = 2
    session.save()
    add_rooms(session, ["Finance", "Data"], by=by, now=NOW)
    assert [(room.part, room.position, room.theme) for room in session.rooms.order_by("part", "position")] == [
        (1, 1, "Finance"),
        (1, 2, "Data"),
        (2, 1, "Finance"),
        (2, 2, "Data"),
    ]


def test_a_session_has_at_most_sixty_rooms(session, by):
    with pytest.raises(Refused, match="at most 60 rooms"):
        add_rooms(session, ["Theme"] * 61, by=by, now=NOW)


def test_choosing_another_room_frees_the_first_seat(session, by):
    first, second = RoomFactory(session=session), RoomFactory(session=session)
    guest = GuestFactory(session=session)
    choose_room(guest, first, by=by, now=NOW)
    choose_room(guest, second, by=by, now=NOW)
    assert room_of(guest) == second
    assert not first.seats.exists()


def test_a_full_room_puts_people_on_its_waiting_list_and_they_keep_the_seat_they_have(session, by):
    full, other = RoomFactory(session=session, most=1), RoomFactory(session=session)
    SeatFactory(guest__session=session, room=full)
    guest = GuestFactory(session=session)
    choose_room(guest, other, by=by, now=NOW)
    seat = choose_room(guest, full, by=by, now=NOW)
    assert seat.state == SeatState.WAITING
    assert room_of(guest) == other


def test_the_first_who_waits_moves_up_and_their_seat_goes_to_the_next(session, by):
    wanted, second = RoomFactory(session=session, most=1), RoomFactory(session=session, most=1)
    leaver, waiting, last = GuestFactory.create_batch(3, session=session)
    choose_room(leaver, wanted, by=by, now=NOW)
    choose_room(waiting, second, by=by, now=NOW)
    choose_room(waiting, wanted, by=by, now=NOW)
    choose_room(last, second, by=by, now=NOW)
    leave_room(leaver, wanted, by=by, now=NOW)
    assert (room_of(waiting), room_of(last)) == (wanted, second)
    assert not Seat.objects.filter(state=SeatState.WAITING).exists()


def test_who_waits_longest_is_first(session, by):
    wanted = RoomFactory(session=session, most=1)
    leaver, early, late = GuestFactory.create_batch(3, session=session)
    choose_room(leaver, wanted, by=by, now=NOW)
    choose_room(late, wanted, by=by, now=NOW + datetime.timedelta(minutes=2))
    choose_room(early, wanted, by=by, now=NOW + datetime.timedelta(minutes=1))
    leave_room(leaver, wanted, by=by, now=NOW)
    assert room_of(early) == wanted
    assert room_of(late) is None


@pytest.mark.parametrize("leaves", ["removed", "observer"])
def test_who_leaves_the_list_frees_the_seat_for_who_waits(session, by, leaves):
    room = RoomFactory(session=session, most=1)
    leaver, waiting = GuestFactory.create_batch(2, session=session)
    choose_room(leaver, room, by=by, now=NOW)
    choose_room(waiting, room, by=by, now=NOW)
    if leaves == "removed":
        remove_guest(leaver, by=by, now=NOW)
    else:
        change_guest(leaver, by=by, now=NOW, role=GuestRole.OBSERVER)
    assert room_of(waiting) == room


def test_a_larger_room_lets_those_who_wait_in(session, by):
    room = RoomFactory(session=session, most=1)
    first, waiting = GuestFactory.create_batch(2, session=session)
    choose_room(first, room, by=by, now=NOW)
    choose_room(waiting, room, by=by, now=NOW)
    change_room(room, by=by, now=NOW, most=2)
    assert room_of(waiting) == room


def test_nobody_overtakes_who_waits_when_somebody_stays_away(session, by):
    room = RoomFactory(session=session, most=1)
    absent, waiting, late = GuestFactory.create_batch(3, session=session)
    choose_room(absent, room, by=by, now=NOW)
    choose_room(waiting, room, by=by, now=NOW)
    mark_guest(absent, GuestState.AWAY, by=by, now=NOW)
    assert choose_room(late, room, by=by, now=NOW).state == SeatState.WAITING
    assert room_of(waiting) == room


def test_observers_and_guides_do_not_choose(session, by):
    room = RoomFactory(session=session)
    for role in (GuestRole.OBSERVER, GuestRole.HARVESTER):
        with pytest.raises(Refused, match="Only those who speak"):
            choose_room(GuestFactory(session=session, role=role), room, by=by, now=NOW)


def test_nobody_chooses_when_the_session_is_over(session, by):
    room, guest = RoomFactory(session=session), GuestFactory(session=session)
    session.state = SessionState.CLOSED
    session.save()
    with pytest.raises(Refused, match="over"):
        choose_room(guest, room, by=by, now=NOW)


def test_a_room_of_another_session_is_refused(session, by):
    with pytest.raises(Refused, match="another session"):
        choose_room(GuestFactory(session=session), RoomFactory(), by=by, now=NOW)


def test_a_room_does_not_become_smaller_than_the_people_in_it(session, by):
    room = RoomFactory(session=session)
    SeatFactory.create_batch(2, guest__session=session, room=room)
    with pytest.raises(Refused, match="2 people sit"):
        change_room(room, by=by, now=NOW, most=1)


def test_a_room_with_people_is_not_removed(session, by):
    seat = SeatFactory(guest__session=session)
    with pytest.raises(Refused, match="Somebody sits"):
        remove_room(seat.room, by=by, now=NOW)


def test_the_team_places_somebody_and_the_seat_is_pinned(session, by):
    room = RoomFactory(session=session)
    seat = place_guest(GuestFactory(session=session, role=GuestRole.FACILITATOR), room, by=by, now=NOW)
    assert (seat.is_pinned, seat.origin) == (True, SeatOrigin.BY_HAND)


def test_wishes_are_at_most_three_and_each_once(session, by):
    guest, rooms = GuestFactory(session=session), RoomFactory.create_batch(4, session=session)
    with pytest.raises(Refused, match="at most 3"):
        set_wishes(guest, rooms, by=by, now=NOW)
    with pytest.raises(Refused, match="once"):
        set_wishes(guest, [rooms[0], rooms[0]], by=by, now=NOW)
    set_wishes(guest, rooms[:3], by=by, now=NOW)
    assert [wish.room for wish in guest.wishes.all()] == rooms[:3]


def test_rooms_without_anybody_are_not_shown(session, by):
    with pytest.raises(Refused, match="Nobody has a seat"):
        show_rooms(session, shown=True, by=by, now=NOW)
    SeatFactory(guest__session=session, room__session=session)
    show_rooms(session, shown=True, by=by, now=NOW)
    session.refresh_from_db()
    assert session.rooms_shown_at == NOW


def test_nobody_is_kept_apart_from_themselves(session, by):
    guest = GuestFactory(session=session)
    with pytest.raises(Refused, match="two different people"):
        keep_apart(guest, guest, reason="", by=by, now=NOW)


def test_somebody_who_becomes_an_observer_frees_the_seat(session, by):
    seat = SeatFactory(guest__session=session)
    change_guest(seat.guest, by=by, now=NOW, role=GuestRole.OBSERVER)
    assert not Seat.objects.exists()


def test_somebody_marked_away_keeps_the_seat_until_rooms_are_repaired(session, by):
    seat = SeatFactory(guest__session=session)
    mark_guest(seat.guest, GuestState.AWAY, by=by, now=NOW)
    assert Seat.objects.filter(pk=seat.pk).exists()
