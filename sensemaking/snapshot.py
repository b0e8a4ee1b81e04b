"""From rows to the plain problem that `grouping` solves, and back. The only translator, with a fixed number of queries."""

from collections import defaultdict
from itertools import combinations

from cohorts.models import Hosting, Pairing, Participation

from .grouping import Person, Problem, Weights
from .grouping import Room as ProblemRoom
from .models import Guest, RoomRule, Seat, Session
from .states import SEATED, GuestState, SeatState


def seated_guests(session: Session) -> list[Guest]:
    """Everybody who needs a seat: observers and the team go where they like."""
    guests = session.guests.filter(role__in=SEATED).select_related("city", "hosting__host", "participation")
    return list(guests.prefetch_related("wishes__room").order_by("pk"))


def problem_of(session: Session, *, guests: list[Guest] | None = None) -> Problem:
    """What the rooms of this session have to fulfil. People who are not here are away in every part.

    Twins, hosts and guides are roles of their own, so that every room gets its share of each. Cities of one pilot never share a room. Whoever
    met in a room of an earlier session of these cohorts has met.
    """
    guests = seated_guests(session) if guests is None else guests
    rooms = list(session.rooms.order_by("part", "position"))
    parts = tuple(
        tuple(ProblemRoom(room.code, room.theme, room.least, room.most) for room in rooms if room.part == part)
        for part in session.part_numbers
    )
    everywhere = frozenset(range(session.parts))
    people = tuple(
        Person(
            id=guest.code,
            role=_role_of(guest),
            country=guest.city.country.code if guest.city else "",
            group=guest.hosting.code if guest.hosting else "",
            wishes=frozenset(wish.room.theme for wish in guest.wishes.all() if wish.room.theme),
            away=everywhere if guest.state == GuestState.AWAY else frozenset(),
        )
        for guest in guests
    )
    return Problem(
        people,
        parts,
        weights=Weights(),
        pins=_pins(session),
        apart=frozenset(
            frozenset(pair)
            for pair in RoomRule.objects.filter(session=session).values_list("one__code", "other__code").order_by("pk")
        ),
        pairings=_pairings(guests),
        pairings_together=session.pairings_together,
        met=_met(session, guests),
    )


def _role_of(guest: Guest) -> str:
    if guest.guides:
        return guest.role
    return "host" if guest.hosting_id else "twin" if guest.participation_id else "speaker"


def _pins(session: Session) -> dict[tuple[int, str], str]:
    """Seats that stay, of those who are here."""
    pinned = Seat.objects.filter(room__session=session, is_pinned=True, state=SeatState.TAKEN)
    pinned = pinned.exclude(guest__state=GuestState.AWAY).filter(guest__role__in=SEATED).order_by("pk")
    return {(part - 1, guest): room for part, guest, room in pinned.values_list("part", "guest__code", "room__code")}


def _pairings(guests: list[Guest]) -> frozenset[frozenset[str]]:
    """Twins with every seated city of their host, announced pairings only."""
    twins = {guest.participation_id: guest.code for guest in guests if guest.participation_id and not guest.guides}
    hosts = defaultdict(list)
    for guest in guests:
        if guest.hosting_id and not guest.guides:
            hosts[guest.hosting_id].append(guest.code)
    rows = Pairing.objects.announced().filter(participation__in=twins, hosting__in=hosts).order_by("pk")
    return frozenset(
        frozenset((twins[twin], host_guest))
        for twin, hosting in rows.values_list("participation", "hosting")
        for host_guest in hosts[hosting]
    )


def _met(session: Session, guests: list[Guest]) -> frozenset[frozenset[str]]:
    """People whose cities shared a room in an earlier session of the same cohorts."""
    here = {guest.city_id: guest.code for guest in guests if guest.city_id and not guest.guides}
    earlier = (
        Seat.objects.filter(
            state=SeatState.TAKEN,
            guest__city__in=here,
            room__session__held_on__lt=session.held_on,
            room__session__session_cohorts__cohort__in=session.session_cohorts.values("cohort"),
        )
        .exclude(guest__state=GuestState.AWAY)
        .order_by("pk")
    )
    rooms: dict[int, set[int]] = defaultdict(set)
    for room, city in earlier.values_list("room", "guest__city").distinct():
        rooms[room].add(city)
    return frozenset(
        frozenset((here[one], here[other]))
        for cities in rooms.values()
        for one, other in combinations(sorted(cities), 2)
    )


def roster_of(session: Session) -> list[dict]:
    """The places that a session should keep: one for each city that takes part in its cohorts, or in its clusters where it names some.

    Each is a dict of the fields of a `Guest`: city, and participation or hosting. A city that is both comes as a host.
    """
    cohorts = list(session.session_cohorts.order_by("pk").values_list("cohort", flat=True))
    clusters = list(session.clusters.order_by("pk").values_list("pk", flat=True))
    hostings = Hosting.objects.filter(cohort__in=cohorts).receiving()
    twins = Participation.objects.filter(cohort__in=cohorts).participating()
    if clusters:
        hostings = hostings.filter(cluster_members__cluster__in=clusters)
        twins = twins.filter(cluster_members__cluster__in=clusters)
    places: dict[int, dict] = {}
    for hosting, city in hostings.order_by("pk", "host__host_cities__position").values_list(
        "pk", "host__host_cities__city"
    ):
        places.setdefault(city, {"city_id": city, "hosting_id": hosting, "participation_id": None})
    for pk, city in twins.order_by("pk").values_list("pk", "city"):
        places.setdefault(city, {"city_id": city, "hosting_id": None, "participation_id": pk})
    return list(places.values())
