"""The fewest points that themes cost over all rounds at once: seats off the wishes, and themes that somebody has twice.

Rooms are left aside: what counts is how many people of a kind sit in a theme in a round. People are of one kind who wish for the same, are away in
the same rounds and are pinned to the same themes. Nothing is lost by that: n people who sit in a theme t times in all can share these seats evenly
(a balanced edge colouring of rounds and themes by people; de Werra 1971), so that they have it max(0, t - n) times too often and no more.
That makes an integer programme of some hundred unknowns instead of some thousand, and its optimum is that of single people.
"""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil, gcd, inf

import numpy as np

from .problem import Person, Problem

NODES = 50  # of the search tree: where they do not suffice, the bound found so far is taken, the same on every machine
WHOLE = 4_000  # unknowns; with more of them parts of people are allowed, which is much quicker and a little lower
ROUNDING = 1e-3  # how far below a whole number of steps a bound may come out by the arithmetic of the solver


@dataclass(frozen=True, slots=True)
class _Kind:
    """People whom themes cannot tell apart. `pins`: (round, theme)."""

    wishes: frozenset[str]
    away: frozenset[int]
    pins: frozenset[tuple[int, str]]

    def costs(self, theme: str) -> bool:
        return bool(theme and self.wishes and theme not in self.wishes)


@dataclass
class _Programme:
    """Minimise `prices` over whole numbers within `most`, so that each of `rows` (coefficients by column) lies between its limits."""

    prices: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def unknown(self, *, price: float, most: float) -> int:
        self.prices.append(price)
        self.most.append(most)
        return len(self.prices) - 1

    def bound(self) -> float | None:
        """What no solution can go below; None where there is no solution."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import coo_array

        if not self.prices:
            return 0.0
        places = [(row, column, each) for row, (terms, *_) in enumerate(self.rows) for column, each in terms.items()]
        rows, columns, values = zip(*places, strict=True)
        matrix = coo_array((values, (rows, columns)), shape=(len(self.rows), len(self.prices))).tocsr()
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        whole = len(self.prices) <= WHOLE
        found = milp(
            np.array(self.prices),
            integrality=np.full(len(self.prices), int(whole)),
            bounds=Bounds(0, np.array(self.most)),
            constraints=limits,
            options={"node_limit": NODES},
        )
        bound = found.mip_dual_bound if whole else found.fun
        return None if found.status == 2 or bound is None else float(bound)


def fewest_theme_points(problem: Problem) -> int:
    """Points of the two rules about themes that no plan can go below. Sizes that cannot hold with these pins and people are left out."""
    step = gcd(problem.weights.theme, problem.weights.theme_again)  # every cost is a multiple of it
    if not step:
        return 0
    bounds = (_programme(problem, with_sizes=with_sizes).bound() for with_sizes in (True, False))
    bound = next((each for each in bounds if each is not None), 0.0)
    return max(0, ceil(bound / step - ROUNDING) * step)


def _programme(problem: Problem, *, with_sizes: bool) -> _Programme:
    programme, kinds = _Programme(), _kinds(problem)
    seats: dict[tuple[_Kind, int, str], int] = {}  # how many of a kind sit in a theme in a round
    for r, sizes in enumerate(_sizes(problem)):
        for kind, count in kinds.items():
            if r in kind.away:
                continue
            pinned = {theme for pinned_round, theme in kind.pins if pinned_round == r}
            for theme in sizes:
                most = 0 if pinned and theme not in pinned else count
                price = problem.weights.theme * kind.costs(theme)
                seats[kind, r, theme] = programme.unknown(price=price, most=most)
            programme.rows.append(({seats[kind, r, theme]: 1 for theme in sizes}, count, count))
        if with_sizes:
            for theme, (least, most) in sizes.items():
                terms = {seats[kind, r, theme]: 1.0 for kind in kinds if r not in kind.away}
                programme.rows.append((terms, least, most))
    by_theme: dict[tuple[_Kind, str], list[int]] = {}
    for (kind, _r, theme), column in seats.items():
        by_theme.setdefault((kind, theme), []).append(column)
    for (kind, theme), columns in by_theme.items():
        if theme and len(columns) > 1:
            count = kinds[kind]
            too_often = programme.unknown(price=problem.weights.theme_again, most=inf)
            programme.rows.append((dict.fromkeys(columns, 1.0) | {too_often: -1.0}, -inf, count))
    return programme


def _kinds(problem: Problem) -> Counter[_Kind]:
    themes = [{room.id: room.theme for room in rooms} for rooms in problem.rounds]
    pins: dict[str, set[tuple[int, str]]] = {}
    for (r, person_id), room_id in problem.pins.items():
        pins.setdefault(person_id, set()).add((r, themes[r][room_id]))

    def kind(person: Person) -> _Kind:
        held = frozenset(pin for pin in pins.get(person.id, ()) if pin[0] not in person.away)
        return _Kind(person.wishes, person.away, held)

    return Counter(kind(person) for person in problem.people if not person.guides)


def _sizes(problem: Problem) -> list[dict[str, tuple[int, int]]]:
    """Of each round: theme -> fewest and most people in all rooms of it. Rooms without a theme are taken together."""
    sizes: list[dict[str, tuple[int, int]]] = []
    for r, rooms in enumerate(problem.rounds):
        here: dict[str, tuple[int, int]] = {}
        for room, (least, most) in zip(rooms, problem.limits(r), strict=True):
            fewest, largest = here.get(room.theme, (0, 0))
            here[room.theme] = (fewest + least, largest + most)
        sizes.append(here)
    return sizes
