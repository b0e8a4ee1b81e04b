"""Seats found by the search of `grouping`: for the whole session, for late comers, and after some stayed away."""

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..grouping import (
    FINAL_MOVES,
    Change,
    Cost,
    Plan,
    Problem,
    Unsolvable,
    cost_of,
    place_late,
    prices_of_rules,
    repair,
    solve,
)
from ..models import Guest, Room, RoomPlan, Seat, Session
from ..snapshot import problem_of
from ..states import SEATED, GuestState, SeatOrigin, SeatState
from .sessions import lock_session

MOST_MOVES = 2_000_000


def find_plan(
    session: Session,
    *,
    moves: int = FINAL_MOVES,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> tuple[Problem, Plan]:
    """The best plan that the search finds, around pinned seats. Writes nothing. Refused where sizes and people do not fit.

    `progress` is told the share that is done, `stop` is asked whether to end with the best so far.
    """
    if not session.is_allocated:
        raise Refused(_("This session does not allocate people to rooms."))
    problem = problem_of(session)
    if not problem.people:
        raise Refused(_("There is nobody to seat. Put the cities on the list first."))
    if not all(problem.rounds):
        raise Refused(_("A round of rooms has no room yet."))
    try:
        return problem, solve(problem, moves=min(moves, MOST_MOVES), seed=seed, progress=progress, stop=stop)
    except Unsolvable as trouble:
        raise Refused(unsolvable_sentence(trouble)) from None


def allocate_rooms(
    session: Session, *, by, now: datetime.datetime, moves: int = FINAL_MOVES, seed: int = 0, with_prices: bool = False
) -> RoomPlan:
    """Seat everybody anew except who is pinned, and keep what the plan is worth. The search runs outside the transaction."""
    started = time.perf_counter()
    problem, plan = find_plan(session, moves=moves, seed=seed)
    prices = prices_of_rules(problem, plan, seed=seed) if with_prices else {}
    seconds = time.perf_counter() - started
    return keep_plan(session, problem, plan, prices=prices, seconds=seconds, seed=seed, by=by, now=now)


@transaction.atomic
def keep_plan(
    session: Session,
    problem: Problem,
    plan: Plan,
    *,
    prices: Mapping[str, int],
    seconds: float,
    seed: int,
    by,
    now: datetime.datetime,
) -> RoomPlan:
    """Write the seats of a plan, and what it is worth. Refused where list or rooms are no longer those of `problem`."""
    session = lock_session(session)
    if problem_of(session) != problem:
        raise Refused(_("The list or the rooms were changed while seats were sought. Allocate again."))
    guests = dict(session.guests.values_list("code", "pk"))
    rooms = {room.code: room for room in session.rooms.all()}
    pinned = set(
        Seat.objects.filter(room__session=session, is_pinned=True, state=SeatState.TAKEN).values_list("guest", "part")
    )
    Seat.objects.filter(room__session=session, is_pinned=False).delete()
    Seat.objects.bulk_create(
        Seat(guest_id=guests[guest], room=rooms[room], part=part, origin=SeatOrigin.ALLOCATED, since=now)
        for part, seating in enumerate(plan.seats, start=1)
        for guest, room in sorted(seating.items())
        if (guests[guest], part) not in pinned
    )
    kept = RoomPlan.objects.create(
        session=session,
        seed=seed,
        moves=plan.moves,
        parts_cost=plan.cost.parts(),
        bound=plan.cost.bound,
        total=plan.cost.total,
        broken=[asdict(each) for each in plan.broken],
        prices=dict(prices),
        seconds=round(seconds, 3),
        made_by=by,
        made_at=now,
    )
    record(session, "sensemaking.rooms.allocated", by=by, at=now, data={"points": plan.cost.total})
    return kept


def present_cost(session: Session) -> tuple[Problem, Plan]:
    """What the seats as they stand are worth: after moves by hand, late comers and repairs."""
    problem = problem_of(session)
    plan = present_plan(session, problem)
    return problem, plan


def present_plan(session: Session, problem: Problem) -> Plan:
    """The seats in the database as a plan; people who are away or observers are left out."""
    known = {person.id: person.away for person in problem.people}
    seats: list[dict[str, str]] = [{} for _part in session.part_numbers]
    rows = Seat.objects.filter(room__session=session, state=SeatState.TAKEN).order_by("pk")
    for part, guest, room in rows.values_list("part", "guest__code", "room__code"):
        if guest in known and part - 1 < len(seats) and part - 1 not in known[guest]:
            seats[part - 1][guest] = room
    cost = cost_of(problem, seats) if all(seats) else Cost(0, 0, 0, 0, 0, 0)
    return Plan(tuple(seats), cost)


@transaction.atomic
def seat_late_comer(guest: Guest, *, by, now: datetime.datetime) -> list[Change]:
    """A seat in every part for somebody who has none; nobody else moves. The person is here from now on."""
    session = lock_session(guest.session)
    if guest.role not in SEATED:
        raise Refused(_("Observers and the team have no seat: they go where they like."))
    if guest.state != GuestState.HERE:
        guest.state = GuestState.HERE
        guest.save(update_fields=["state", "updated_at"])
    problem = problem_of(session)
    plan = present_plan(session, problem)
    missing = [r for r, seating in enumerate(plan.seats) if guest.code not in seating]
    try:
        changes = place_late(problem, plan, guest.code, rounds=missing)
    except Unsolvable as trouble:
        raise Refused(unsolvable_sentence(trouble)) from None
    _apply(session, changes, by=by, now=now)
    return changes


@transaction.atomic
def repair_rooms(session: Session, *, by, now: datetime.datetime) -> list[Change]:
    """After some stayed away: free their seats, and with the fewest moves let no room be too small."""
    session = lock_session(session)
    problem = problem_of(session)
    plan = present_plan(session, problem)
    try:
        changes = repair(problem, plan, rounds=range(session.parts))
    except Unsolvable as trouble:
        raise Refused(unsolvable_sentence(trouble)) from None
    Seat.objects.filter(room__session=session, guest__state=GuestState.AWAY).delete()
    _apply(session, changes, by=by, now=now)
    return changes


def _apply(session: Session, changes: list[Change], *, by, now: datetime.datetime) -> None:
    guests = dict(session.guests.values_list("code", "pk"))
    rooms: dict[str, Room] = {room.code: room for room in session.rooms.all()}
    for change in changes:
        part, guest = change.round + 1, guests[change.person]
        Seat.objects.filter(guest=guest, part=part).delete()
        Seat.objects.create(guest_id=guest, room=rooms[change.after], part=part, origin=SeatOrigin.ALLOCATED, since=now)
    if changes:
        record(session, "sensemaking.rooms.repaired", by=by, at=now, data={"count": len(changes)})


def unsolvable_sentence(trouble: Unsolvable) -> str:
    """What does not fit, in one sentence that says what to do."""
    figures = {"part": trouble.round_number + 1, "people": trouble.people, "seats": trouble.seats}
    if trouble.kind == "too_few_seats":
        return (
            _("In round %(part)d there are %(people)d people and %(seats)d seats. Add a room or make rooms larger.")
            % figures
        )
    if trouble.kind == "too_many_rooms":
        return (
            _("In round %(part)d there are %(people)d people, and the rooms need at least %(seats)d. Remove a room.")
            % figures
        )
    return (
        _("In round %(part)d no move fills every room: %(people)d people are left. Give up a room by hand.") % figures
    )
