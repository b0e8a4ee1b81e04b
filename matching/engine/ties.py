"""How many plans are equally good, which they are, which pairs occur in any of them, and which plans come next."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .certificate import worth_of
from .explain import IMPOSSIBLE, Explainer
from .flow import classes_of, places_of, prices_of
from .optimiser import solve
from .plans import with_lock, without_pairs
from .types import BoolMatrix, Plan, Problem, Stop, check

STEPS = 200_000
"""Places tried before counting is given up."""


@dataclass(frozen=True, slots=True)
class Ties:
    """``count`` optimal plans, or at least so many when not ``exact``; ``plans`` lists them, the given one first.

    ``pairs`` are all (twin, host) that occur in some optimal plan.
    """

    count: int
    exact: bool
    pairs: tuple[tuple[int, int], ...]
    plans: tuple[tuple[int, ...], ...]


def ties(problem: Problem, plan: Plan, *, limit: int = 1_000, stop: Stop | None = None) -> Ties:
    """All plans of the same value as this optimal one, up to a limit. Raises Cancelled.

    Under side constraints or with a reserve only the plan itself is known: at least one.
    """
    own = tuple((i, j) for i, j in enumerate(plan.host_of) if j >= 0)
    if problem.groups or problem.reserve:
        return Ties(1, False, own, (plan.host_of,))
    pairs = Explainer(problem, plan).losses() == 0
    counter = _Counter(problem, plan, pairs, stop)
    found, exact = [plan.host_of], True
    for host_of in counter.run():
        if host_of == plan.host_of:
            continue
        if len(found) >= limit:
            exact = False
            break
        found.append(host_of)
    listed = tuple((int(i), int(j)) for i, j in zip(*np.nonzero(pairs), strict=True))
    return Ties(len(found), exact and not counter.given_up, listed, tuple(found))


def next_best(problem: Problem, plan: Plan, *, count: int = 10, stop: Stop | None = None) -> tuple[Plan, ...]:
    """The ``count`` plans that come after this best total, best first, among those that keep its first two aims.

    All other plans fall into those with the pair that costs least to force, and those without it; so every further plan
    takes one solve and two matrices of prices (after Lawler). Near the best one many are all but the same. Raises
    ValueError under side constraints, with a reserve, or for a plan of another objective; Cancelled.
    """
    if problem.groups or problem.reserve or plan.objective != "total":
        raise ValueError("The next best plans are found for totals without side constraints.")
    found: list[Plan] = []
    number = 0
    queue = _cheapest(problem, plan, number)
    while queue and len(found) < count:
        check(stop)
        _, _, within, here, pair = heapq.heappop(queue)
        with_it = with_lock(within, *pair)
        following = solve(with_it)
        branches = [(without_pairs(within, [pair]), here)]
        # What a place costs may be less than its worth where the total gains by it; such a plan gives up an aim.
        if (following.unmet, following.matched) == (plan.unmet, plan.matched):
            found.append(following)
            branches.append((with_it, following))
        for rest, best in branches:
            number += 1
            for entry in _cheapest(rest, best, number):
                heapq.heappush(queue, entry)
    return tuple(found)


_Branch = tuple[int, int, Problem, Plan, tuple[int, int]]
"""Minus the total that it holds at best; a number that tells branches of equal totals apart; problem, its plan, a pair."""


def _cheapest(problem: Problem, plan: Plan, number: int) -> list[_Branch]:
    """The pair outside of the plan that costs least to force, where the first two aims can be kept."""
    losses = Explainer(problem, plan).losses()
    for i, j in enumerate(plan.host_of):
        if j >= 0:
            losses[i, j] = IMPOSSIBLE
    matched = worth_of(problem, plan)[1]
    losses = np.where((losses == IMPOSSIBLE) | (losses >= matched), matched, losses)
    if not losses.size or losses.min() >= matched:
        return []
    row, column = divmod(int(losses.argmin()), losses.shape[1])
    return [(-plan.total + int(losses[row, column]), number, problem, plan, (row, column))]


class _Counter:
    """Tries every way through the pairs that some optimal plan has; the proof says who may wait."""

    def __init__(self, problem: Problem, plan: Plan, pairs: BoolMatrix, stop: Stop | None) -> None:
        self._problem, self._stop, self.given_up = problem, stop, False
        worth, _, seat = worth_of(problem, plan)
        classes = classes_of(problem, worth, seat, plan.floor)
        proof = prices_of(classes, places_of(problem, plan.host_of, classes))
        if proof is None:
            raise ValueError("Ties are counted for optimal plans only.")
        self._worth, self._seat = worth, seat
        may_wait = {int(i) for i, profit in zip(classes.free, proof[1], strict=True) if profit == 0}
        locks = dict(problem.locks)
        self._choices = [
            [locks[i]] if i in locks else [*np.flatnonzero(pairs[i]).tolist(), *([-1] if i in may_wait else [])]
            for i in range(len(problem.twin_ids))
        ]
        self._order = sorted(range(len(self._choices)), key=lambda i: len(self._choices[i]))
        self._value = self._value_of(plan.host_of)

    def _value_of(self, host_of: tuple[int, ...]) -> int:
        load = np.bincount([j for j in host_of if j >= 0], minlength=len(self._problem.host_ids))
        filled = int(np.minimum(load, self._problem.minimum).sum())
        return sum(int(self._worth[i, j]) for i, j in enumerate(host_of) if j >= 0) + self._seat * filled

    def run(self) -> Iterator[tuple[int, ...]]:
        places = [-1] * len(self._choices)
        left = self._problem.maximum.tolist()
        stack = [iter(self._choices[self._order[0]])] if self._order else []
        taken: list[int] = []
        for step in range(STEPS):
            if not stack:
                return
            if step % 1_000 == 0:
                check(self._stop)
            depth = len(stack) - 1
            if len(taken) > depth:
                last = taken.pop()
                if last >= 0:
                    left[last] += 1
            host = next((j for j in stack[-1] if j < 0 or left[j] > 0), None)
            if host is None:
                stack.pop()
                continue
            places[self._order[depth]] = host
            taken.append(host)
            if host >= 0:
                left[host] -= 1
            if len(stack) < len(self._order):
                stack.append(iter(self._choices[self._order[depth + 1]]))
            elif self._value_of(tuple(places)) == self._value:
                yield tuple(places)
        self.given_up = True
