"""On the day: a seat for who comes late, and the fewest moves after some stayed away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .problem import HARD, Change, Plan, Problem, Unsolvable
from .worth import broken_rules, cost_of

Seats = list[dict[str, str]]  # of each round: person -> room


@dataclass
class _Day:
    """The seats of a plan while one of its rounds, `r`, is being mended."""

    problem: Problem
    seats: Seats
    r: int

    @property
    def row(self) -> dict[str, str]:
        return self.seats[self.r]

    def __post_init__(self) -> None:
        self.guides = {person.id for person in self.problem.people if person.guides}
        self.pinned = {person_id for pinned_round, person_id in self.problem.pins if pinned_round == self.r}
        self.rooms = {room.id: room for room in self.problem.rounds[self.r]}

    def size(self, room_id: str) -> int:
        """How many speak in a room."""
        return sum(where == room_id and each not in self.guides for each, where in self.row.items())

    def with_changes(self, changes: Iterable[Change]) -> Seats:
        row = self.row | {change.person: change.after for change in changes}
        return [*self.seats[: self.r], row, *self.seats[self.r + 1 :]]

    def price(self, person_id: str, room_id: str) -> int:
        """What the whole plan would cost with this person in this room."""
        tried = self.with_changes([Change(self.r, person_id, "", room_id)])
        hard = sum(person_id in each.people and each.rule != "size" for each in broken_rules(self.problem, tried))
        return cost_of(self.problem, tried).total + HARD * hard


def place_late(problem: Problem, plan: Plan, person_id: str, *, rounds: Sequence[int]) -> list[Change]:
    """A seat for somebody who came late in each of these rounds, where it costs least; nobody else moves.

    `problem` holds the person already. Raises `Unsolvable` where a round has no free seat.
    """
    seats = [dict(seating) for seating in plan.seats]
    changes = []
    for r in rounds:
        day = _Day(problem, seats, r)
        free = [room_id for room_id, room in day.rooms.items() if day.size(room_id) < room.most]
        if not free:
            seated = sum(each not in day.guides for each in day.row)
            most = sum(room.most for room in day.rooms.values())
            raise Unsolvable("too_few_seats", round_number=r, people=seated + 1, seats=most)
        chosen = min(free, key=lambda room_id: (day.price(person_id, room_id), day.size(room_id), room_id))
        seats[r][person_id] = chosen
        changes.append(Change(r, person_id, "", chosen))
    return changes


def repair(problem: Problem, plan: Plan, *, rounds: Sequence[int]) -> list[Change]:
    """The fewest moves after which every room of these rounds has enough people or is empty; the cheapest of those found.

    `problem` knows who is away; `plan` may still seat them. Either people join the rooms that are too small, or the smallest of these rooms are given
    up and their people spread, whichever moves fewer. Pinned people stay, and guides are not moved. Raises `Unsolvable` where neither is possible.
    """
    away = {person.id: person.away for person in problem.people}
    seats = [
        {each: room for each, room in seating.items() if each in away and r not in away[each]}
        for r, seating in enumerate(plan.seats)
    ]
    changes: list[Change] = []
    for r in rounds:
        made = _repair_round(_Day(problem, seats, r))
        seats[r] |= {change.person: change.after for change in made}
        changes += made
    return changes


def _repair_round(day: _Day) -> list[Change]:
    small = [room_id for room_id, room in sorted(day.rooms.items()) if 0 < day.size(room_id) < room.least]
    small.sort(key=day.size)
    options = []
    for given_up in range(len(small) + 1):
        made = _moves_for(day, closed=small[:given_up], kept=small[given_up:])
        if made is not None:
            options.append((len(made), cost_of(day.problem, day.with_changes(made)).total, given_up, made))
    if not options:
        seated, most = sum(map(day.size, day.rooms)), sum(room.most for room in day.rooms.values())
        raise Unsolvable("cannot_repair", round_number=day.r, people=seated, seats=most)
    return min(options, key=lambda option: option[:3])[3]


def _moves_for(day: _Day, *, closed: list[str], kept: list[str]) -> list[Change] | None:
    """Moves that empty `closed` and fill `kept` to their least; None where people or seats do not suffice."""
    homeless = sorted(each for each, room in day.row.items() if room in closed and each not in day.guides)
    if day.pinned.intersection(homeless):
        return None
    wanted = [room_id for room_id in kept for _seat in range(day.rooms[room_id].least - day.size(room_id))]
    if len(homeless) < len(wanted):
        return _borrow(day, homeless, wanted, busy=[*closed, *kept])
    return _spread(day, homeless, wanted, closed)


def _borrow(day: _Day, homeless: list[str], wanted: list[str], *, busy: list[str]) -> list[Change] | None:
    """Fill `wanted` one by one with the cheapest: first those who must move anyhow, then those whom a larger room can spare."""
    spare = {room_id: day.size(room_id) - room.least for room_id, room in day.rooms.items() if room_id not in busy}
    lenders = sorted(
        each
        for each, room in day.row.items()
        if spare.get(room, 0) > 0 and each not in day.guides and each not in day.pinned
    )
    now = _Day(day.problem, day.with_changes([]), day.r)
    made = []
    for target in wanted:
        candidates = homeless or [each for each in lenders if spare[day.row[each]] > 0]
        if not candidates:
            return None
        chosen = min(candidates, key=lambda each: (now.price(each, target), each))
        if homeless:
            homeless = [each for each in homeless if each != chosen]
        else:
            spare[day.row[chosen]] -= 1
            lenders.remove(chosen)
        made.append(Change(day.r, chosen, day.row[chosen], target))
        now.row[chosen] = target
    return made


def _spread(day: _Day, homeless: list[str], wanted: list[str], closed: list[str]) -> list[Change] | None:
    """Everybody of the closed rooms to a seat, those of `wanted` first: an assignment by what each move alone would cost."""
    from scipy.optimize import linear_sum_assignment

    needed = {room_id: wanted.count(room_id) for room_id in set(wanted)}
    places = wanted + [
        room_id
        for room_id, room in sorted(day.rooms.items())
        if room_id not in closed and day.size(room_id)
        for _seat in range(room.most - day.size(room_id) - needed.get(room_id, 0))
    ]
    if len(places) < len(homeless):
        return None
    if not homeless:
        return []
    costs = np.array([[day.price(each, room_id) for room_id in places] for each in homeless])
    costs[:, : len(wanted)] -= HARD * HARD  # these seats must be taken
    rows, columns = linear_sum_assignment(costs)
    return [Change(day.r, homeless[i], day.row[homeless[i]], places[k]) for i, k in zip(rows, columns, strict=True)]
