"""The search for a good plan.

Inside, a plan is an array of rounds and people with the number of the room, -1 for those who are away. How even the sizes of rooms and the mix of roles
in them are is decided first and never changes; what is searched for is who takes which seat, and which rooms have one more of a role than others.

Method: simulated annealing over a large neighbourhood. A move takes one person of one role out of every room of one round and puts all of
them back at once. People who are lifted share no room, so the cost of putting one back does not depend on where the others go, and the best
of all rearrangements is an assignment problem. Gumbel noise on its costs and a Metropolis test on the true change do the annealing.
Where a role does not fill all rooms alike, some moves lift one out of the rooms with one more and offer a seat in all rooms that may have it.
(Very large-scale neighbourhood search: Ahuja, Ergun, Orlin and Punnen 2002, "A survey of very large-scale neighborhood search techniques".)

The budget is counted in moves, not in seconds: the same problem, seed and moves give the same plan on every machine.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Any

import numpy as np
import numpy.typing as npt

from .bounds import least_of
from .problem import AWAY, FINAL_MOVES, HARD, PREVIEW_MOVES, Cost, Plan, Problem, Unsolvable
from .worth import broken_rules

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOVES_A_ROUND = 6  # moves between two looks at the encounters of the other rounds
SMALL, LEGS = 24, 6  # up to so many people the moves are spent on several coolings: a small session is quickly trapped
SURPLUS = 0.25  # share of the moves that are about who has one more
WARM, WARM_SMALL, COLD = (
    8.0,
    20.0,
    0.35,
)  # temperatures of the first move (of a small session) and of the last, in points of the soft rules


def solve(
    problem: Problem,
    *,
    moves: int = FINAL_MOVES,
    seed: int = 0,
    start: Plan | None = None,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """The best plan that `moves` moves find. `start`: a plan to go on from; only seats that the pins contradict are changed before.

    Raises `Unsolvable` where the sizes of the rooms do not go with the number of people. A plan that must break a hard rule
    (more of a group than rooms, say) says so in `broken`. `stop` ends the search early with the best plan so far.
    """
    tables = _Tables(problem)
    return _plan(tables, _search(tables, moves, seed=seed, start=start, progress=progress, stop=stop), moves)


def _search(
    tables: "_Tables",
    moves: int,
    *,
    seed: int,
    start: Plan | None,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Ints:
    rooms = _fill(tables) if start is None else _taken_over(tables, start)
    if not moves or tables.count < 2:
        return rooms
    return _anneal(tables, rooms, moves=moves, rng=np.random.default_rng(seed), progress=progress, stop=stop)


class _Tables:
    """The problem as arrays: P people, R rounds, K rooms in the largest round."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        people, rounds = problem.people, problem.rounds
        self.index = {person.id: number for number, person in enumerate(people)}
        self.count, self.rounds = len(people), len(rounds)
        self.guides = np.array([person.guides for person in people], dtype=bool)
        self.here = np.array([[r not in person.away for person in people] for r in range(self.rounds)], dtype=bool)
        self.room_index = [{room.id: k for k, room in enumerate(rooms)} for rooms in rounds]
        self.theme_names = sorted({room.theme for rooms in rounds for room in rooms if room.theme})
        theme_of = {name: number for number, name in enumerate(self.theme_names)}
        self.themes = [np.array([theme_of.get(room.theme, -1) for room in rooms], dtype=np.int64) for rooms in rounds]
        self.wishes = np.array(
            [[not person.wishes or name in person.wishes for name in self.theme_names] for person in people], dtype=bool
        ).reshape(self.count, len(self.theme_names))
        self.pinned = np.zeros((self.rounds, self.count), dtype=bool)
        for r, person_id in problem.pins:
            self.pinned[r, self.index[person_id]] = True
        self.speaks = ~self.guides
        self._pairs()
        # Of each round, K x P: what a seat costs that is off the wishes, and what it costs to have its theme again.
        counts = [np.outer(themes >= 0, self.speaks) for themes in self.themes]
        wished = np.column_stack([self.wishes, np.ones(self.count, dtype=bool)]).T
        self.off_wishes = [
            problem.weights.theme * (counting & ~wished[themes])
            for counting, themes in zip(counts, self.themes, strict=True)
        ]
        self.theme_again = [problem.weights.theme_again * counting for counting in counts]

    def _pairs(self) -> None:
        """Matrices over pairs of people: what it costs that both sit in one room, whatever the other rounds hold."""
        people, weights = self.problem.people, self.problem.weights
        speakers = np.outer(self.speaks, self.speaks)
        same_country = _equal([person.country for person in people]) & speakers
        self.same_country = same_country
        self.hard_pairs = (_equal([person.group for person in people]) & speakers) | self._matrix(self.problem.apart)
        self.pairing_pairs = self._matrix(self.problem.pairings)
        self.met = self._matrix(self.problem.met)
        together = -1 if self.problem.pairings_together else 1
        self.always: Floats = (
            weights.country * same_country + HARD * self.hard_pairs + together * weights.pairing * self.pairing_pairs
        ).astype(float)
        # Guides meet each other without harm; whoever meets a guide again pays less than for a fellow speaker.
        self.again: Ints = (
            weights.again * speakers + weights.guide_again * np.logical_xor.outer(self.guides, self.guides)
        ).astype(np.int64)
        np.fill_diagonal(self.again, 0)

    def _matrix(self, pairs: frozenset[frozenset[str]]) -> Flags:
        matrix = np.zeros((self.count, self.count), dtype=bool)
        for pair in pairs:
            members = [self.index[each] for each in pair if each in self.index]
            if len(members) == 2:
                matrix[members[0], members[1]] = matrix[members[1], members[0]] = True
        return matrix

    def encounters(self, rooms: Ints) -> Ints:
        """How often each pair meets: once if it has met before this session, and once for every round in one room."""
        times = self.met.astype(np.int64)
        for row in rooms:
            times += _together(row)
        return times


class _Seating:
    """A plan under way: one round is taken out, changed while all others stay as they are, and put back."""

    def __init__(self, tables: _Tables, rooms: Ints) -> None:
        self.tables, self.rooms = tables, rooms
        self.together = [_together(row) for row in rooms]
        self.times = tables.encounters(rooms).astype(np.int8)
        self.themes_had = np.zeros((tables.count, len(tables.theme_names) + 1), dtype=np.int8)  # the last: of no theme
        for r in range(tables.rounds):
            self._count_themes(r, 1)

    def take_out(self, r: int) -> tuple[Floats, Floats]:
        """What each pair costs in one room of round `r` (P x P), and what each room costs each person with those who sit there now (K x P).

        Whole numbers as floats, because products of matrices of whole numbers are slow; far from where floats are no longer exact.
        """
        tables = self.tables
        self.times -= self.together[r]
        self._count_themes(r, -1)
        pairs = np.where(self.times > 0, tables.always + tables.again, tables.always)
        inside = (np.arange(len(tables.themes[r]))[:, None] == self.rooms[r]).astype(float)
        had = self.themes_had.T[tables.themes[r]] > 0
        return pairs, inside @ pairs + tables.off_wishes[r] + tables.theme_again[r] * had

    def put_back(self, r: int, row: Ints) -> None:
        """Round `r` with these seats."""
        self.rooms[r] = row
        self.together[r] = _together(row)
        self.times += self.together[r]
        self._count_themes(r, 1)

    def _count_themes(self, r: int, step: int) -> None:
        here = np.flatnonzero(self.tables.here[r])
        self.themes_had[here, self.tables.themes[r][self.rooms[r][here]]] += step


def _equal(values: Sequence[str]) -> Flags:
    """Pairs with the same value, not counting the unknown and nobody with itself."""
    array = np.array(values, dtype=object)
    same: Flags = (array[:, None] == array[None, :]) & (array != "")[:, None]
    np.fill_diagonal(same, False)
    return same


def _together(rooms: Ints) -> Flags:
    """Pairs that share a room of one round."""
    same: Flags = (rooms[:, None] == rooms[None, :]) & (rooms != AWAY)[:, None]
    np.fill_diagonal(same, False)
    return same


def _fill(tables: _Tables) -> Ints:
    """A first plan: pins, then everybody else in turn, role by role, so that sizes and roles are as even as they can be."""
    rooms = np.full((tables.rounds, tables.count), AWAY, dtype=np.int64)
    for r in range(tables.rounds):
        _fill_round(tables, rooms[r], r)
    return rooms


def _fill_round(tables: _Tables, row: Ints, r: int) -> None:
    """Seat everybody of round `r` who has no seat yet."""
    problem = tables.problem
    for (pinned_round, person_id), room_id in problem.pins.items():
        if pinned_round == r and tables.here[r, tables.index[person_id]]:
            row[tables.index[person_id]] = tables.room_index[r][room_id]
    rooms = problem.rounds[r]
    most, least = np.array([room.most for room in rooms]), np.array([room.least for room in rooms])
    speakers = int((tables.here[r] & tables.speaks).sum())
    if speakers > most.sum():
        raise Unsolvable("too_few_seats", round_number=r, people=speakers, seats=int(most.sum()))
    if speakers and speakers < least.sum():
        raise Unsolvable("too_many_rooms", round_number=r, people=speakers, seats=int(least.sum()))
    roles = sorted(
        {person.role for person in problem.people}, key=lambda role: (role in ("facilitator", "harvester"), role)
    )
    for role in roles:
        members = [n for n, person in enumerate(problem.people) if person.role == role and tables.here[r, n]]
        counts = np.bincount([row[n] for n in members if row[n] != AWAY], minlength=len(rooms))
        for n in members:
            if row[n] != AWAY:
                continue
            sizes = np.bincount(row[(row != AWAY) & tables.speaks], minlength=len(rooms))
            full = (sizes >= most) & (not tables.guides[n])
            # Rooms below their least come first, then the fewest of this role, then the fewest people.
            needy = (sizes >= least) & (not tables.guides[n])
            order = np.lexsort((np.arange(len(rooms)), sizes, counts, needy, full))
            row[n] = order[0]
            counts[order[0]] += 1


def _taken_over(tables: _Tables, start: Plan) -> Ints:
    """The seats of `start` as far as people, rooms and pins still allow; whoever has lost a seat gets one."""
    rooms = np.full((tables.rounds, tables.count), AWAY, dtype=np.int64)
    for r in range(min(tables.rounds, len(start.seats))):
        for person_id, room_id in start.seats[r].items():
            n = tables.index.get(person_id)
            if n is not None and room_id in tables.room_index[r] and tables.here[r, n]:
                rooms[r, n] = tables.room_index[r][room_id]
    for r in range(tables.rounds):
        _fill_round(tables, rooms[r], r)
    return rooms


@dataclass(frozen=True)
class _Group:
    """People of one role in one round. `movable`: those who are not pinned. `counted`: everybody whom sizes count, none for guides."""

    round: int
    movable: Ints
    everybody: Ints
    counted: Ints
    smallest: Ints  # of each room
    largest: Ints

    def lift(self, row: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
        """Who is lifted, rooms with a free seat, and which of these are their own.

        Either somebody out of each room, or somebody out of each room with most of this role, and then rooms with one less have a seat for them too.
        """
        shuffled = rng.permutation(self.movable)[::-1]
        chosen = np.full(len(self.largest), AWAY)
        chosen[row[shuffled]] = shuffled
        gives, takes = chosen != AWAY, np.zeros(len(chosen), dtype=bool)
        if rng.random() < SURPLUS:
            some_give, some_take = self._surplus(row)
            if (gives & some_give).any() and some_take.any():
                gives, takes = gives & some_give, some_take
        places = np.flatnonzero(gives | takes)
        return chosen[gives], places, np.flatnonzero(gives[places])

    def _surplus(self, row: Ints) -> tuple[Flags, Flags]:
        """Rooms with most of this role that can be one fewer, and rooms with one less that can be one more."""
        counts = np.bincount(row[self.everybody], minlength=len(self.largest))
        sizes = np.bincount(row[self.counted], minlength=len(self.largest))
        most = counts.max()
        return (counts == most) & (sizes > self.smallest), (counts == most - 1) & (sizes < self.largest)


def _groups(tables: _Tables, rooms: Ints) -> list[_Group]:
    """Every group in which somebody can change places with somebody."""
    groups, people = [], tables.problem.people
    for r, row in enumerate(rooms):
        speakers = np.flatnonzero(tables.here[r] & tables.speaks)
        sizes = np.bincount(row[speakers], minlength=len(tables.themes[r]))
        least, most = np.array([(room.least, room.most) for room in tables.problem.rounds[r]]).T
        for role in sorted({person.role for person in people}):
            of_role = np.array([person.role == role for person in people])
            everybody = np.flatnonzero(of_role & tables.here[r])
            movable = np.flatnonzero(of_role & tables.here[r] & ~tables.pinned[r])
            if len(movable) < 2:
                continue
            if tables.guides[movable[0]]:
                limits = np.full_like(sizes, -1), np.full_like(sizes, tables.count)
                groups.append(_Group(r, movable, everybody, everybody[:0], *limits))
            else:
                limits = np.maximum(least, sizes.min()), np.minimum(most, sizes.max())
                groups.append(_Group(r, movable, everybody, speakers, *limits))
    return groups


def _anneal(
    tables: _Tables,
    rooms: Ints,
    *,
    moves: int,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None,
    stop: Callable[[], bool] | None,
) -> Ints:
    groups = _groups(tables, rooms)
    if not groups:
        return rooms
    share = np.cumsum([len(group.movable) for group in groups], dtype=float)
    share /= share[-1]
    energy = best_energy = _energy(tables, rooms)
    legs, warm = (LEGS, WARM_SMALL) if tables.count <= SMALL else (1, WARM)
    leg = max(1, moves // legs)
    best, seating = rooms.copy(), _Seating(tables, rooms.copy())
    done = 0
    while done < moves and not (stop and stop()):
        group = groups[int(share.searchsorted(rng.random(), side="right"))]
        r = group.round
        row, costs = seating.rooms[r].copy(), seating.take_out(r)
        best_here = None
        for _move in range(min(MOVES_A_ROUND, moves - done)):
            heat = warm * (COLD / warm) ** (done % leg / leg)
            done += 1
            energy += _move_once(row, group.lift(row, rng), costs, heat=heat, rng=rng)
            if energy < best_energy:
                best_energy, best_here = energy, row.copy()
        if best_here is not None:
            best = seating.rooms.copy()
            best[r] = best_here
        seating.put_back(r, row)
        if progress and done % 3000 < MOVES_A_ROUND:
            progress(done / moves)
    return best


def _move_once(
    row: Ints, lift: tuple[Ints, Ints, Ints], costs: tuple[Floats, Floats], *, heat: float, rng: np.random.Generator
) -> int:
    """Put people who are lifted back into seats; returns the change of the energy, 0 where it was refused.

    `lift`: people, rooms with a free seat, and which of these are their own. `costs`: of `_Seating.take_out`; those of rooms are kept up to date with `row`.
    """
    from scipy.optimize import linear_sum_assignment

    pairs, rooms = costs
    lifted, places, own = lift
    without = rooms[places]  # what each of the rooms costs everybody while its seat is free
    without[own] -= pairs[lifted]
    prices = without[:, lifted].T
    people, target = linear_sum_assignment(prices - heat * rng.gumbel(size=prices.shape))
    change = int(prices[people, target].sum() - prices[people, own].sum())
    if change > 0 and rng.random() >= exp(-change / heat):
        return 0
    row[lifted] = places[target]
    without[target] += pairs[lifted]
    rooms[places] = without
    return change


def _energy(tables: _Tables, rooms: Ints) -> int:
    """Points of all soft rules and HARD for each hard rule that is broken."""
    cost = _cost(tables, rooms)
    hard = sum(int((_together(rooms[r]) & tables.hard_pairs).sum()) // 2 for r in range(tables.rounds))
    return cost.total + HARD * hard


def _cost(tables: _Tables, rooms: Ints) -> Cost:
    weights = tables.problem.weights
    times = tables.encounters(rooms)
    again = int((tables.again * np.maximum(times - 1, 0))[np.outer(tables.speaks, tables.speaks)].sum()) // 2
    mixed = np.logical_xor.outer(tables.guides, tables.guides)
    guide_again = int((tables.again * np.maximum(times - 1, 0))[mixed].sum()) // 2
    country = pairing = theme = theme_again = 0
    for r in range(tables.rounds):
        together = _together(rooms[r])
        country += weights.country * (int((together & tables.same_country).sum()) // 2)
        shared = int((together & tables.pairing_pairs).sum()) // 2
        pairing += weights.pairing * (
            _present_pairings(tables, r) - shared if tables.problem.pairings_together else shared
        )
    had = np.zeros((tables.count, len(tables.theme_names)), dtype=np.int64)
    for r in range(tables.rounds):
        seated = np.flatnonzero((rooms[r] != AWAY) & tables.speaks)
        themes = tables.themes[r][rooms[r][seated]]
        named = themes >= 0
        theme += weights.theme * int((~tables.wishes[seated[named], themes[named]]).sum())
        np.add.at(had, (seated[named], themes[named]), 1)
    theme_again = weights.theme_again * int(np.maximum(had - 1, 0).sum())
    return Cost(again, country, theme, theme_again, guide_again, pairing)


def _present_pairings(tables: _Tables, r: int) -> int:
    here = tables.here[r]
    return int((tables.pairing_pairs & np.outer(here, here)).sum()) // 2


def _plan(tables: _Tables, rooms: Ints, moves: int) -> Plan:
    seats = tuple(
        {
            person.id: tables.problem.rounds[r][rooms[r, n]].id
            for n, person in enumerate(tables.problem.people)
            if rooms[r, n] != AWAY
        }
        for r in range(tables.rounds)
    )
    cost = replace(_cost(tables, rooms), bound=least_of(tables.problem).total)
    return Plan(seats, cost, tuple(broken_rules(tables.problem, seats)), moves)


def prices_of_rules(problem: Problem, plan: Plan, *, moves: int = PREVIEW_MOVES, seed: int = 0) -> dict[str, int]:
    """Points that each hard rule costs: this plan against the best found without the rule. Never below 0; an estimate, as the search is."""
    relaxed: dict[str, Any] = {}
    if problem.apart:
        relaxed["apart"] = replace(problem, apart=frozenset())
    if any(person.group for person in problem.people):
        relaxed["group"] = replace(problem, people=tuple(replace(person, group="") for person in problem.people))
    if problem.pins:
        relaxed["pins"] = replace(problem, pins={})
    prices = {}
    for name, easier in relaxed.items():
        tables = _Tables(easier)
        found = _cost(tables, _search(tables, moves, seed=seed, start=plan))
        prices[name] = max(0, plan.cost.total - found.total)
    return prices
