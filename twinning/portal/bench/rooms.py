"""Rooms for 90 cities over three and four rounds: how good the plans are beside what no plan can go below, how long they take, and that they come out again.

The instance of the plan's own measurements: 53 pilots and 37 twins with twelve facilitators, twelve rooms, six themes of two rooms each,
every city wishes for as many themes as there are rounds, three of a hundred pairs have met before. The bars are the points of the search that the
plan was written with, after ten seconds on its own drawing of countries and wishes: the same kind of problem, not the very same one.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations
from statistics import median

from sensemaking.grouping import (
    FINAL_MOVES,
    PREVIEW_MOVES,
    Person,
    Plan,
    Problem,
    Room,
    Weights,
    broken_rules,
    cost_of,
    least_of,
    solve,
)

from .figures import Figure

PILOTS, TWINS, ROOMS, THEMES = 53, 37, 12, 6
COUNTRIES = 21  # of the first cohort
MET = 0.03  # share of pairs
SEEDS = (0, 1, 2)
BEST = {3: 204, 4: 319}  # points of the plan's own search after ten seconds
SLACK = 1.1


def instance(rounds: int, *, seed: int = 7) -> Problem:
    """The same facts for the same seed."""
    dice = random.Random(seed)
    themes = [f"Theme {number}" for number in range(THEMES)]
    people = [
        Person(
            id=f"city-{number:02}",
            role="host" if number < PILOTS else "twin",
            country=f"C{dice.randrange(COUNTRIES):02}",
            wishes=frozenset(dice.sample(themes, min(rounds, THEMES))),
        )
        for number in range(PILOTS + TWINS)
    ]
    people += [Person(id=f"guide-{number:02}", role="facilitator") for number in range(ROOMS)]
    pairs = list(combinations([person.id for person in people if not person.guides], 2))
    return Problem(
        people=tuple(people),
        rounds=tuple(
            tuple(Room(f"r{r}-{number:02}", themes[number % THEMES], 7, 8) for number in range(ROOMS))
            for r in range(rounds)
        ),
        weights=Weights(),
        met=frozenset(frozenset(pair) for pair in dice.sample(pairs, round(MET * len(pairs)))),
    )


def measure() -> Iterator[Figure]:
    """Each figure as soon as it is known. Times are those of the processor, so that what else the machine does counts little."""
    for rounds, best_known in BEST.items():
        problem = instance(rounds)
        scale = f"90 cities, {ROOMS} rooms, {rounds} rounds"
        began = time.process_time()
        least = least_of(problem)
        seconds = time.process_time() - began
        parts = ", ".join(f"{name} {points}" for name, points in asdict(least).items() if points)
        yield Figure("rooms", "points that no plan can go below", least.total, "", None, scale, parts)
        yield Figure("rooms", "seconds for that", seconds, "s", 1, scale)
        quick = []
        for moves, bar in ((PREVIEW_MOVES, None), (FINAL_MOVES, best_known * SLACK)):
            plans, seconds = _plans(problem, moves)
            quick = quick or plans
            yield _points(plans, moves, bar=bar, scale=scale)
            yield Figure(
                "rooms", f"seconds, {moves:,} moves", seconds, "s", None, scale, f"{moves / seconds:,.0f} a second"
            )
            wrong = sum(bool(broken_rules(problem, plan.seats)) for plan in plans)
            wrong += sum(cost_of(problem, plan.seats).total != plan.cost.total for plan in plans)
            yield Figure("rooms", f"plans with a broken rule or a wrong sum, {moves:,} moves", wrong, "", 0, scale)
        again = solve(problem, moves=PREVIEW_MOVES, seed=SEEDS[0]).seats != quick[0].seats
        yield Figure("rooms", "the same seed and moves, another plan", int(again), "", 0, scale)


def _plans(problem: Problem, moves: int) -> tuple[list[Plan], float]:
    """A plan for each seed, and the median of the seconds."""
    plans, seconds = [], []
    for seed in SEEDS:
        began = time.process_time()
        plans.append(solve(problem, moves=moves, seed=seed))
        seconds.append(time.process_time() - began)
    return plans, median(seconds)


def _points(plans: list[Plan], moves: int, *, bar: float | None, scale: str) -> Figure:
    best = min((plan.cost for plan in plans), key=lambda cost: cost.total)
    parts = ", ".join(f"{name} {points}" for name, points in best.parts().items() if points)
    value = median(plan.cost.total for plan in plans)
    return Figure(
        "rooms", f"points, median of three seeds, {moves:,} moves", value, "", bar, scale, f"best {best.total}: {parts}"
    )
