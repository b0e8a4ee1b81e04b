"""Rooms: made, changed, chosen by people with a waiting list, and shown when they are ready."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Guest, Room, RoomRule, RoomWish, Seat, Session
from ..models.room import LEAST, MOST
from ..states import UPCOMING, GuestRole, GuestState, SeatOrigin, SeatState
from .sessions import lock_session

MOST_ROOMS = 60
MOST_WISHES = 3


@transaction.atomic
def add_rooms(
    session: Session,
    themes: Sequence[str],
    *,
    by,
    now: datetime.datetime,
    parts: Sequence[int] | None = None,
    least: int = LEAST,
    most: int = MOST,
) -> list[Room]:
    """A room for each theme ("" for none) in each of the parts, by default in all. Refused beyond 60 rooms."""
    session = lock_session(session)
    parts = list(session.part_numbers) if parts is None else list(parts)
    if any(part not in session.part_numbers for part in parts):
        raise Refused(_("The session does not have so many rounds of rooms."))
    if session.rooms.count() + len(themes) * len(parts) > MOST_ROOMS:
        raise Refused(_("A session has at most %(most)d rooms.") % {"most": MOST_ROOMS})
    if not 1 <= least <= most:
        raise Refused(_("The fewest people may not be more than the most people, and at least one."))
    made = []
    for part in parts:
        last = session.rooms.filter(part=part).aggregate(last=Max("position"))["last"] or 0
        for number, theme in enumerate(themes, start=last + 1):
            room = Room(session=session, part=part, position=number, theme=theme, least=least, most=most)
            made.append(room)
    Room.objects.bulk_create(made)
    names = ", ".join(str(room) for room in made if room.part == parts[0])
    record(session, "sensemaking.rooms.added", by=by, at=now, data={"rooms": names[:500]})
    return made


@transaction.atomic
def change_room(room: Room, *, by, now: datetime.datetime, **fields) -> Room:
    """Change theme, sizes, method or link. Refused where more people sit in it than it may then hold."""
    lock_session(room.session)
    for name, value in fields.items():
        setattr(room, name, value)
    room.full_clean(exclude=["session", "code"])
    seated = _speakers(room)
    if seated > room.most:
        raise Refused(_("%(n)d people sit in this room. Move some before you make it smaller.") % {"n": seated})
    room.save()
    record(room.session, "sensemaking.rooms.changed", by=by, at=now)
    move_up(room, by=by, now=now)
    return room


@transaction.atomic
def remove_room(room: Room, *, by, now: datetime.datetime) -> None:
    """Take an empty room away. Refused while somebody has a seat in it, or notes lie on its surface."""
    session = lock_session(room.session)
    if room.seats.filter(state=SeatState.TAKEN).exists():
        raise Refused(_("Somebody sits in this room. Move them first."))
    if room.notes.standing().exists():
        raise Refused(_("There are notes on the board of this room. Move them first."))
    name = str(room)
    room.notes.update(room=None)  # those that were removed
    room.delete()
    record(session, "sensemaking.rooms.removed", by=by, at=now, data={"room": name})


@transaction.atomic
def choose_room(guest: Guest, room: Room, *, by, now: datetime.datetime) -> Seat:
    """Take a seat in this room, or a place on its waiting list where it is full; an earlier seat of the same part becomes free.

    Whoever waits keeps the seat they have until one is free. The first on a waiting list moves up at once. Refused when the session is over,
    and to people who are led through the rooms by the team.
    """
    session = lock_session(guest.session)
    if session.state not in UPCOMING:
        raise Refused(_("This session is over."))
    if room.session_id != session.pk:
        raise Refused(_("This room belongs to another session."))
    if guest.role != GuestRole.SPEAKER:
        raise Refused(_("Only those who speak choose a room; observers and guides are placed by the team."))
    present = Seat.objects.filter(guest=guest, part=room.part).select_related("room").order_by("pk")
    same = next((seat for seat in present if seat.room_id == room.pk), None)
    if same:
        return same
    move_up(room, by=by, now=now)  # nobody overtakes those who wait
    if _speakers(room) >= room.most:
        present.filter(state=SeatState.WAITING).delete()
        return Seat.objects.create(
            guest=guest, room=room, part=room.part, state=SeatState.WAITING, origin=SeatOrigin.CHOSEN, since=now
        )
    left = [seat.room for seat in present if seat.state == SeatState.TAKEN]
    present.delete()
    seat = Seat.objects.create(guest=guest, room=room, part=room.part, origin=SeatOrigin.CHOSEN, since=now)
    record(session, "sensemaking.seat.chosen", by=by, at=now, data={"guest": str(guest), "room": str(room)})
    for freed in left:
        move_up(freed, by=by, now=now)
    return seat


@transaction.atomic
def leave_room(guest: Guest, room: Room, *, by, now: datetime.datetime) -> None:
    """Give up a seat, or a place on the waiting list; the first who waits moves up."""
    session = lock_session(guest.session)
    gone, _by_model = Seat.objects.filter(guest=guest, room=room).delete()
    if gone:
        record(session, "sensemaking.seat.left", by=by, at=now, data={"guest": str(guest), "room": str(room)})
        move_up(room, by=by, now=now)


@transaction.atomic
def set_wishes(guest: Guest, rooms: Sequence[Room], *, by, now: datetime.datetime) -> None:
    """The rooms that somebody would like, the first wish first; at most three, each once."""
    session = lock_session(guest.session)
    if len(rooms) > MOST_WISHES:
        raise Refused(_("Name at most %(most)d wishes.") % {"most": MOST_WISHES})
    if len({room.pk for room in rooms}) < len(rooms):
        raise Refused(_("Name every room once."))
    if any(room.session_id != session.pk for room in rooms):
        raise Refused(_("This room belongs to another session."))
    guest.wishes.all().delete()
    RoomWish.objects.bulk_create(
        RoomWish(guest=guest, room=room, rank=rank) for rank, room in enumerate(rooms, start=1)
    )
    record(session, "sensemaking.guests.changed", by=by, at=now, data={"guest": str(guest)})


@transaction.atomic
def place_guest(guest: Guest, room: Room, *, by, now: datetime.datetime, pin: bool = True) -> Seat:
    """The team seats somebody by hand, for the whole session where rooms are allocated anew: the seat is pinned.

    Sizes give way to the team's decision; the page shows that a room is too full.
    """
    session = lock_session(guest.session)
    if room.session_id != session.pk:
        raise Refused(_("This room belongs to another session."))
    left = [
        seat.room
        for seat in Seat.objects.filter(guest=guest, part=room.part, state=SeatState.TAKEN).select_related("room")
        if seat.room_id != room.pk
    ]
    Seat.objects.filter(guest=guest, part=room.part).delete()
    seat = Seat.objects.create(
        guest=guest, room=room, part=room.part, origin=SeatOrigin.BY_HAND, is_pinned=pin, since=now
    )
    record(session, "sensemaking.seat.moved", by=by, at=now, data={"guest": str(guest), "room": str(room)})
    for freed in left:
        move_up(freed, by=by, now=now)
    return seat


@transaction.atomic
def pin_seat(seat: Seat, *, pinned: bool) -> None:
    """Keep this seat when rooms are allocated anew, or no longer."""
    lock_session(seat.room.session)
    Seat.objects.filter(pk=seat.pk).update(is_pinned=pinned)


@transaction.atomic
def keep_apart(one: Guest, other: Guest, *, reason: str, by, now: datetime.datetime) -> RoomRule:
    """These two never share a room of this session."""
    session = lock_session(one.session)
    if one.pk == other.pk or one.session_id != other.session_id:
        raise Refused(_("Choose two different people of this session."))
    first, second = sorted((one, other), key=lambda guest: guest.pk)
    rule, is_new = RoomRule.objects.get_or_create(session=session, one=first, other=second, defaults={"reason": reason})
    if is_new:
        record(session, "sensemaking.rooms.changed", by=by, at=now)
    return rule


@transaction.atomic
def end_keeping_apart(rule: RoomRule, *, by, now: datetime.datetime) -> None:
    session = lock_session(rule.session)
    rule.delete()
    record(session, "sensemaking.rooms.changed", by=by, at=now)


@transaction.atomic
def show_rooms(session: Session, *, shown: bool, by, now: datetime.datetime) -> None:
    """Let everybody see who sits where, or take it back into preparation. Refused while somebody has no seat."""
    session = lock_session(session)
    if shown:
        seated = Seat.objects.filter(room__session=session, state=SeatState.TAKEN)
        if not seated.exists():
            raise Refused(_("Nobody has a seat yet."))
    session.rooms_shown_at = now if shown else None
    session.save(update_fields=["rooms_shown_at", "updated_at"])
    verb = "sensemaking.rooms.shown" if shown else "sensemaking.rooms.hidden"
    record(session, verb, by=by, at=now)


def _speakers(room: Room) -> int:
    """How many who speak have a seat in this room and are not known to stay away."""
    seats = room.seats.filter(state=SeatState.TAKEN, guest__role=GuestRole.SPEAKER)
    return seats.exclude(guest__state=GuestState.AWAY).count()


def move_up(room: Room, *, by, now: datetime.datetime) -> None:
    """Give free seats to those who wait longest; their earlier seats free further ones."""
    while _speakers(room) < room.most:
        waiting = room.seats.filter(state=SeatState.WAITING).select_related("guest").order_by("since", "pk").first()
        if waiting is None:
            return
        before = (
            Seat.objects.filter(guest=waiting.guest, part=room.part, state=SeatState.TAKEN)
            .select_related("room")
            .first()
        )
        if before:
            before.delete()
        waiting.state, waiting.since = SeatState.TAKEN, now
        waiting.save(update_fields=["state", "since"])
        data = {"guest": str(waiting.guest), "room": str(room)}
        record(room.session, "sensemaking.seat.chosen", by=by, at=now, data=data)
        if before:
            move_up(before.room, by=by, now=now)
