"""Reads of rooms: who sits where, what the seats are worth, what one person may choose."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..grouping import Broken, Cost, Least, Plan, Problem, broken_rules, least_of
from ..models import Guest, Room, RoomPlan, Seat, Session
from ..states import SEATED, GuestRole, GuestState, SeatState

RULE_LABELS: dict[str, str | Promise] = {
    "again": _("Met before"),
    "country": _("Same country in one room"),
    "theme": _("Theme not wished for"),
    "theme_again": _("The same theme twice"),
    "guide_again": _("The same facilitator or harvester twice"),
    "pairing": _("Twin and host together or apart, against the setting"),
}
PRICE_LABELS: dict[str, str | Promise] = {
    "apart": _("People who are kept apart"),
    "group": _("Cities of one pilot in different rooms"),
    "pins": _("Seats that you pinned"),
}


@dataclass
class RoomRow:
    """One room with everybody in it, guides first."""

    room: Room
    guides: list[Seat] = field(default_factory=list)
    speakers: list[Seat] = field(default_factory=list)
    waiting: list[Seat] = field(default_factory=list)

    @property
    def present(self) -> int:
        return sum(seat.guest.state != GuestState.AWAY for seat in self.speakers)

    @property
    def free(self) -> int:
        return max(0, self.room.most - self.present)

    @property
    def countries(self) -> int:
        return len({seat.guest.city.country.code for seat in self.speakers if seat.guest.city_id})

    @property
    def trouble(self) -> str:
        """What is wrong with its size, in words; empty where nothing is."""
        if self.present > self.room.most:
            surplus = self.present - self.room.most
            return ngettext("%(n)d person too many", "%(n)d people too many", surplus) % {"n": surplus}
        if 0 < self.present < self.room.least:
            lacking = self.room.least - self.present
            return ngettext("%(n)d person too few", "%(n)d people too few", lacking) % {"n": lacking}
        return ""


def rooms_of(session: Session) -> list[tuple[int, list[RoomRow]]]:
    """(part, its rooms with everybody in them), in order. Two queries."""
    rows = {room.pk: RoomRow(room) for room in session.rooms.order_by("part", "position")}
    seats = (
        Seat.objects.filter(room__session=session)
        .select_related("room", "guest__city", "guest__hosting__host")
        .order_by("guest__role", "guest__city__name", "guest__name", "since", "pk")
    )
    for seat in seats:
        row = rows[seat.room_id]
        if seat.state == SeatState.WAITING:
            row.waiting.append(seat)
        else:
            (row.guides if seat.guest.guides else row.speakers).append(seat)
    parts: dict[int, list[RoomRow]] = {part: [] for part in session.part_numbers}
    for row in rows.values():
        row.waiting.sort(key=lambda seat: (seat.since, seat.pk))
        parts.setdefault(row.room.part, []).append(row)
    return list(parts.items())


def unseated(people: list[Guest], parts: list[tuple[int, list[RoomRow]]]) -> list[Guest]:
    """People who should sit somewhere and lack a seat in one of the parts."""
    seats: dict[int, int] = defaultdict(int)
    for _part, rows in parts:
        for row in rows:
            for seat in [*row.guides, *row.speakers]:
                seats[seat.guest_id] += 1
    wanted = sum(bool(rows) for _part, rows in parts)
    return [
        guest
        for guest in people
        if guest.role in SEATED and guest.state != GuestState.AWAY and seats[guest.pk] < wanted
    ]


def unguided(parts: list[tuple[int, list[RoomRow]]]) -> list[str]:
    """Sentences that say in how many rooms with people nobody leads, or nobody writes down; empty where all have both."""
    rows = [row for _part, rows in parts for row in rows if row.present]
    roles = [{seat.guest.role for seat in row.guides} for row in rows]
    led = sum(GuestRole.FACILITATOR not in each for each in roles)
    written = sum(GuestRole.HARVESTER not in each for each in roles)
    said = []
    if led:
        said.append(ngettext("%(n)d room has no facilitator.", "%(n)d rooms have no facilitator.", led) % {"n": led})
    if written:
        said.append(
            ngettext("%(n)d room has no harvester.", "%(n)d rooms have no harvester.", written) % {"n": written}
        )
    return said


@dataclass(frozen=True)
class Worth:
    """What the present seats are worth: points by rule beside what any allocation costs, hard rules that are broken."""

    total: int
    bound: int
    parts: list[dict[str, Any]]
    prices: list[dict[str, Any]]
    broken: list[str]

    @property
    def left(self) -> int:
        """Points that another allocation might save; below 0 while sizes or fixed rules are not kept."""
        return self.total - self.bound


def worth_of(session: Session, problem: Problem, plan: Plan, people: list[Guest], last: RoomPlan | None) -> Worth:
    """In words and figures; reads nothing."""
    names = {guest.code: str(guest) for guest in people}
    least = least_of(problem)
    prices = [{"label": PRICE_LABELS[rule], "points": points} for rule, points in (last.prices if last else {}).items()]
    broken = [_sentence(each, names) for each in broken_rules(problem, plan.seats) if each.rule != "size"]
    return Worth(plan.cost.total, least.total, _by_rule(plan.cost, least), prices, broken)


def _by_rule(cost: Cost, least: Least) -> list[dict[str, Any]]:
    """Each rule with its points and the fewest that any allocation has, which the two rules about themes share."""
    fewest = {"again": least.again, "country": least.country, "theme": least.themes}
    fewest |= {"guide_again": least.guide_again, "pairing": least.pairing}
    return [
        {"label": RULE_LABELS[rule], "points": points, "least": fewest.get(rule), "rows": 2 if rule == "theme" else 1}
        for rule, points in cost.parts().items()
    ]


def _sentence(broken: Broken, names: dict[str, str]) -> str:
    who = ", ".join(names.get(code, code) for code in broken.people)
    words = {
        "apart": _("Round %(part)d: %(who)s share a room and should be kept apart."),
        "group": _("Round %(part)d: %(who)s are of one pilot and share a room."),
        "pin": _("Round %(part)d: %(who)s does not sit where pinned."),
    }
    return words[broken.rule] % {"part": broken.round + 1, "who": who}


def seats_for(guest: Guest) -> list[Seat]:
    """Somebody's seats and places on waiting lists, by part. One query and one for the questions."""
    return list(guest.seats.select_related("room").prefetch_related("room__questions").order_by("part", "state", "pk"))
