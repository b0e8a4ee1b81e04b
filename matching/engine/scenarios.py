"""Plans side by side, plans that differ on purpose, and the least disruption when somebody leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .certificate import certify, verify
from .optimiser import solve
from .plans import above, measure, worst_of
from .types import IntVector, Plan, Problem, Stop, check

CHARGES = (100, 300, 1_000, 3_000)
"""What keeping a pair is charged in alternatives, in points of a score; more charge, more difference."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One twin that two plans put in different places; ``gain`` is its own score after minus before."""

    twin: int
    before: int
    after: int
    gain: int


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before; ``worst`` is about the lowest score."""

    moved: tuple[Shift, ...]
    kept: int
    points: int
    worst: int
    matched: int
    unmet: int

    @property
    def gainers(self) -> tuple[Shift, ...]:
        return tuple(shift for shift in self.moved if shift.gain > 0)

    @property
    def losers(self) -> tuple[Shift, ...]:
        return tuple(shift for shift in self.moved if shift.gain < 0)


def difference(problem: Problem, before: Plan, after: Plan) -> Difference:
    """Who moves from one plan to another, and who gains by it. No host counts as 0."""
    moved = [
        Shift(i, a, b, _score(problem, i, b) - _score(problem, i, a))
        for i, (a, b) in enumerate(zip(before.host_of, after.host_of, strict=True))
        if a != b
    ]
    return Difference(
        tuple(sorted(moved, key=lambda shift: (shift.gain, problem.twin_ids[shift.twin]))),
        len(before.host_of) - len(moved),
        after.total - before.total,
        worst_of(problem, after.host_of) - worst_of(problem, before.host_of),
        after.matched - before.matched,
        after.unmet - before.unmet,
    )


def _score(problem: Problem, twin: int, host: int) -> int:
    return int(problem.score[twin, host]) if host >= 0 else 0


def alternatives(problem: Problem, plan: Plan, *, count: int = 3, stop: Stop | None = None) -> tuple[Plan, ...]:
    """Plans that differ from this one and from each other, nearest first, each the best that differs so much.

    They keep the first two aims and the floor of the plan. Fewer come back where nothing else is possible.
    """
    found: list[Plan] = []
    seen = {plan.host_of}
    within = replace(problem, allowed=_with_locks(problem, above(problem, plan.floor)))
    for charge in CHARGES:
        check(stop)
        spared: NDArray[Any] = within.score.astype(np.int64) + charge * (1 + len(found))
        for other in (plan, *found):
            for i, j in enumerate(other.host_of):
                if j >= 0:
                    spared[i, j] -= charge
        host_of = solve(replace(within, score=spared)).host_of
        if host_of not in seen:
            seen.add(host_of)
            found.append(replace(measure(problem, host_of), floor=plan.floor))
        if len(found) == count:
            break
    return tuple(found)


def _with_locks(problem: Problem, allowed: np.ndarray) -> np.ndarray:
    for i, j in problem.locks:
        allowed[i, j] = problem.allowed[i, j]
    return allowed


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go on. ``kept`` twins stay; ``changed`` had a place that is still there and leave it; ``newly`` had none.

    ``cost`` adds up what the changes cost (one each, more where a visit has happened), ``points`` is what the total
    lacks to the best possible. ``proven``: no plan of at least this total (with the same first two aims) costs less.
    """

    plan: Plan
    kept: int
    changed: tuple[int, ...]
    newly: tuple[int, ...]
    cost: int
    points: int
    worst: int
    proven: bool


def replan(
    problem: Problem,
    previous: Mapping[str, str],
    *,
    protection: Mapping[str, int] | None = None,
    most: int = 6,
    stop: Stop | None = None,
) -> tuple[Option, ...]:
    """Ways to go on after somebody left: the fewest changes first, the best total last, some between.

    ``problem`` is what is left; ``previous`` says, by ids, who was where, and may name those who left. A change costs
    1, or 1 more for every unit of ``protection`` of the twin. All options fill as many minimum seats and match as many
    twins as possible: so a change that gives a twin a host comes before a change that is spared. Raises Cancelled.
    """
    column = {host: j for j, host in enumerate(problem.host_ids)}
    before = tuple(column.get(previous.get(twin, ""), -1) for twin in problem.twin_ids)
    shield = protection or {}
    price = np.array([1 + max(shield.get(twin, 0), 0) for twin in problem.twin_ids], dtype=np.int64)
    search = _Replan(replace(problem, keep=before), before, price, stop)
    return tuple(search.options(most))


class _Replan:
    """Plans that are best for some exchange rate between points and changes: the corners of what is possible."""

    def __init__(self, problem: Problem, before: tuple[int, ...], price: IntVector, stop: Stop | None) -> None:
        self._problem, self._before, self._price, self._stop = problem, before, price, stop
        self._kept = np.zeros(problem.score.shape, dtype=np.int64)
        for i, j in enumerate(before):
            if j >= 0:
                self._kept[i, j] = price[i]

    def _solve(self, points: int, change: int) -> tuple[Plan, bool]:
        """The best plan when a score counts ``points`` times and a unit of change costs ``change``."""
        check(self._stop)
        weighed = replace(self._problem, score=points * self._problem.score.astype(np.int64) + change * self._kept)
        plan = solve(weighed)
        return measure(self._problem, plan.host_of), verify(weighed, plan, certify(weighed, plan)).optimal

    def _cost(self, plan: Plan) -> int:
        return int(sum(self._price[i] for i in self._changed(plan)))

    def _changed(self, plan: Plan) -> tuple[int, ...]:
        return tuple(i for i, (a, b) in enumerate(zip(self._before, plan.host_of, strict=True)) if a >= 0 and a != b)

    def options(self, most: int) -> list[Option]:
        dear = int(self._problem.score.max(initial=0)) * len(self._problem.twin_ids) + 1
        cap = int(self._price.sum()) + 1
        first, last = self._solve(1, dear), self._solve(cap, 1)
        found = [first] if self._figures(first) == self._figures(last) else [first, last]
        queue = [(first, last)] if len(found) == 2 else []
        while queue and len(found) < most:
            left, right = queue.pop(0)
            points = self._cost(right[0]) - self._cost(left[0])
            change = right[0].total - left[0].total
            middle = self._solve(points, change)
            if self._figures(middle) in (self._figures(left), self._figures(right)):
                continue
            gain = points * (middle[0].total - left[0].total) - change * (self._cost(middle[0]) - self._cost(left[0]))
            if gain > 0:
                found.append(middle)
                queue += [(left, middle), (middle, right)]
        found.sort(key=lambda row: (self._cost(row[0]), -row[0].total))
        best = last[0].total
        return [self._option(plan, proven, best) for plan, proven in found]

    def _figures(self, row: tuple[Plan, bool]) -> tuple[int, int]:
        return (self._cost(row[0]), row[0].total)

    def _option(self, plan: Plan, proven: bool, best: int) -> Option:
        changed = self._changed(plan)
        pairs = list(zip(self._before, plan.host_of, strict=True))
        return Option(
            plan,
            kept=sum(a == b for a, b in pairs if a >= 0),
            changed=changed,
            newly=tuple(i for i, (a, b) in enumerate(pairs) if a < 0 <= b),
            cost=self._cost(plan),
            points=best - plan.total,
            worst=worst_of(self._problem, plan.host_of),
            proven=proven,
        )
