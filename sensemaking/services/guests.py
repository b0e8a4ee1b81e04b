"""The list of people of a session."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Membership
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Guest, Session
from ..snapshot import roster_of
from ..states import SEATED, GuestRole, GuestState, SeatState
from .rooms import move_up
from .sessions import lock_session

MOST_GUESTS = 500


@transaction.atomic
def invite_roster(session: Session, *, by, now: datetime.datetime) -> int:
    """Keep a place for every city of the session's cohorts, or of its clusters, that has none; returns how many are new.

    A twin's place carries the name of its lead officer.
    """
    session = lock_session(session)
    present = set(session.guests.exclude(city=None).values_list("city", flat=True))
    missing = [place for place in roster_of(session) if place["city_id"] not in present]
    twins = [place["participation_id"] for place in missing if place["participation_id"]]
    leads = {
        row.participation_id: row.user
        for row in Membership.objects.current()
        .filter(participation__in=twins, role="lead_officer")
        .select_related("user")
        .order_by("-pk")
    }
    guests = []
    for place in missing:
        lead = leads.get(place["participation_id"])
        guests.append(Guest(session=session, user=lead, name=str(lead) if lead else "", **place))
    _room_for(session, len(guests))
    Guest.objects.bulk_create(guests)
    if guests:
        record(session, "sensemaking.guests.added", by=by, at=now, data={"count": len(guests)})
    return len(guests)


@transaction.atomic
def add_guest(session: Session, *, by, now: datetime.datetime, **fields) -> Guest:
    """One more person: name, city or organisation, role, and for which twin or host they come."""
    session = lock_session(session)
    _room_for(session, 1)
    guest = Guest(session=session, **fields)
    guest.full_clean(exclude=["session", "code", "key"])
    guest.save()
    record(session, "sensemaking.guest.added", by=by, at=now, data={"guest": str(guest)})
    return guest


@transaction.atomic
def change_guest(guest: Guest, *, by, now: datetime.datetime, **fields) -> Guest:
    """Change name, role, organisation or city. Observers and the team have no seat; only who speaks waits and wishes."""
    lock_session(guest.session)
    for name, value in fields.items():
        setattr(guest, name, value)
    guest.full_clean(exclude=["session", "code", "key"])
    guest.save()
    if guest.role != GuestRole.SPEAKER:
        guest.wishes.all().delete()
        given_up = guest.seats.filter(room__session=guest.session)
        if guest.role in SEATED:
            given_up = given_up.filter(state=SeatState.WAITING)
        _free(given_up, by=by, now=now)
    record(guest.session, "sensemaking.guests.changed", by=by, at=now, data={"guest": str(guest)})
    return guest


@transaction.atomic
def mark_guest(guest: Guest, state: str, *, by, now: datetime.datetime) -> None:
    """Here, not here, or still expected. A seat stays until rooms are repaired, so that a mistake costs nothing."""
    lock_session(guest.session)
    if guest.state == state:
        return
    guest.state = GuestState(state)
    guest.save(update_fields=["state", "updated_at"])
    record(guest.session, "sensemaking.guests.changed", by=by, at=now, data={"guest": str(guest)})


@transaction.atomic
def remove_guest(guest: Guest, *, by, now: datetime.datetime) -> None:
    """Take somebody off the list, with seat and wishes; who waits for the seat moves up.

    Refused for those who said something: their place is what lets them withdraw consent later.
    """
    session = lock_session(guest.session)
    if guest.notes.exists() or guest.proposals.exists():
        raise Refused(
            _(
                "This person said something on the board or proposed an insight. Mark them as not here instead, so that they can still withdraw it."
            )
        )
    name = str(guest)
    _free(guest.seats.all(), by=by, now=now)
    guest.delete()
    record(session, "sensemaking.guests.removed", by=by, at=now, data={"guest": name})


def _free(seats, *, by, now: datetime.datetime) -> None:
    """Give these seats up, and let those who wait have them."""
    rooms = [seat.room for seat in seats.select_related("room__session").order_by("pk")]
    seats.delete()
    for room in rooms:
        move_up(room, by=by, now=now)


def _room_for(session: Session, more: int) -> None:
    if session.guests.count() + more > MOST_GUESTS:
        raise Refused(_("A session has at most %(most)d people.") % {"most": MOST_GUESTS})
