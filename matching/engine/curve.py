"""From the best total to the best for the worst-off: what each step costs, and what can be promised."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .feasibility import faults
from .optimiser import solve
from .plans import above, aims_of, measure, worst_of
from .types import IntVector, Plan, Problem, Progress, Stop, UnsolvableRules
from .watch import Watch


@dataclass(frozen=True, slots=True)
class Point:
    """One plan of the curve. ``first_hosts`` is the least r such that every matched twin has one of its first r hosts
    (by score, among those allowed; equals share a place).
    """

    floor: int
    total: int
    matched: int
    unmet: int
    worst: int
    mean: float
    first_hosts: int
    plan: Plan


def tradeoff(
    problem: Problem, *, points: int = 40, stop: Stop | None = None, progress: Progress | None = None
) -> tuple[Point, ...]:
    """Plans from the best total to leximin: each has a higher lowest score than the one before, at the best total.

    All keep the minimum seats and the number matched. With more steps than ``points``, some between are left out.
    Raises Cancelled, UnsolvableRules.
    """
    watch = Watch(stop, progress)
    first = solve(problem, "total", stop=stop, progress=watch.part(0, 0.05).tell)
    top = solve(problem, "worst_first", stop=stop, progress=watch.part(0.05, 0.2).tell)
    found = [first]
    low, high = worst_of(problem, first.host_of), worst_of(problem, top.host_of)
    levels = np.unique(problem.score[problem.allowed]) if problem.allowed.any() else np.zeros(0, dtype=np.int32)
    levels = levels[(levels > low) & (levels < high)]
    if levels.size > 4 * points:
        levels = levels[np.unique(np.linspace(0, levels.size - 1, 4 * points).astype(int))]
    for level in levels.tolist():
        watch(0.2 + 0.6 * (level - low) / (high - low), "curve")
        if level <= worst_of(problem, found[-1].host_of):
            continue
        plan = replace(solve(replace(problem, allowed=_floored(problem, level))), floor=level)
        if aims_of(plan) == aims_of(first):
            found.append(plan)
    if high > worst_of(problem, found[-1].host_of):
        found.append(top)
    last = solve(problem, "leximin", stop=stop, progress=watch.part(0.8, 1).tell)
    if last.host_of != found[-1].host_of:
        found.append(last)
    if len(found) > points:
        kept = np.unique(np.linspace(0, len(found) - 1, points).astype(int))
        found = [found[k] for k in kept.tolist()]
    ranks = ranks_of(problem)
    return tuple(_point(problem, plan, ranks) for plan in found)


def _floored(problem: Problem, floor: int) -> np.ndarray:
    allowed = above(problem, floor)
    for i, j in problem.locks:
        allowed[i, j] = problem.allowed[i, j]
    return allowed


def _point(problem: Problem, plan: Plan, ranks: IntVector) -> Point:
    seated = [(i, j) for i, j in enumerate(plan.host_of) if j >= 0]
    first = max((int(ranks[i, j]) for i, j in seated), default=0)
    mean = plan.total / len(seated) if seated else 0.0
    worst = worst_of(problem, plan.host_of)
    return Point(plan.floor, plan.total, plan.matched, plan.unmet, worst, mean, first, plan)


def ranks_of(problem: Problem) -> IntVector:
    """[twins, hosts]: 1 for a twin's best allowed hosts, then one more than the hosts that are better; 0 if forbidden."""
    score = np.where(problem.allowed, problem.score, -1).astype(np.int64)
    order = np.sort(score, axis=1)
    ranks = np.zeros(score.shape, dtype=np.int64)
    for i in range(len(score)):
        ranks[i] = 1 + score.shape[1] - np.searchsorted(order[i], score[i], side="right")
    return np.where(problem.allowed, ranks, 0)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A promise tried out: the best plan that keeps it and what that costs, or the twins that cannot be promised it.

    ``points`` is what the total loses against the best plan without the promise. ``short`` lists twins for whom nothing
    that keeps the promise is open at all; it may be empty when only all of them together cannot have it.
    """

    attainable: bool
    plan: Plan | None
    points: int
    short: tuple[int, ...]


def guarantee_first(problem: Problem, hosts: int) -> Guarantee:
    """Every twin that can have a host gets one of its first ``hosts``. Raises UnsolvableRules."""
    ranks = ranks_of(problem)
    return _promised(problem, problem.allowed & (ranks <= hosts))


def guarantee_floor(problem: Problem, floor: int) -> Guarantee:
    """No twin that can have a host scores below ``floor``. Raises UnsolvableRules."""
    return _promised(problem, above(problem, floor))


def least_first(problem: Problem) -> int:
    """The least number of first hosts that can be promised to every twin."""
    low, high = 0, len(problem.host_ids)
    while low < high:
        middle = (low + high) // 2
        if guarantee_first(problem, middle).attainable:
            high = middle
        else:
            low = middle + 1
    return low


def _promised(problem: Problem, allowed: np.ndarray) -> Guarantee:
    if found := faults(problem):
        raise UnsolvableRules(found)
    best = solve(problem)
    locked = dict(problem.locks)
    broken = {i for i, j in locked.items() if not allowed[i, j]}
    allowed = allowed.copy()
    for i, j in locked.items():
        allowed[i, j] = True
    plan = solve(replace(problem, allowed=allowed))
    open_to_any = (problem.allowed & (problem.maximum > 0)).any(axis=1)
    none = open_to_any & ~(allowed & (problem.maximum > 0)).any(axis=1)
    short = tuple(sorted({*np.flatnonzero(none).tolist(), *broken}))
    if broken or aims_of(plan) != aims_of(best):
        return Guarantee(False, None, 0, short)
    return Guarantee(True, measure(problem, plan.host_of), best.total - plan.total, ())
