"""Plans and problems, taken apart and counted from scratch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .types import BoolMatrix, Objective, Plan, Problem


def measure(problem: Problem, host_of: Sequence[int], objective: Objective = "total") -> Plan:
    """The plan that these places make, with its figures counted from scratch."""
    places = np.array(host_of, dtype=np.int64)
    twins = np.flatnonzero(places >= 0)
    load = np.bincount(places[twins], minlength=len(problem.host_ids))
    unmet = int(np.maximum(problem.minimum - load, 0).sum())
    total = int(problem.score[twins, places[twins]].sum(dtype=np.int64))
    return Plan(tuple(host_of), unmet, twins.size, total, objective)


def above(problem: Problem, floor: int) -> BoolMatrix:
    """The allowed pairs that score at least ``floor``."""
    return problem.allowed & (problem.score >= floor)


def aims_of(plan: Plan) -> tuple[int, int]:
    """What comes before every objective: fewer empty minimum seats, then more twins with a host. Larger is better."""
    return (-plan.unmet, plan.matched)


def worst_of(problem: Problem, host_of: Sequence[int]) -> int:
    """The lowest score among twins that were free to move; 0 when there is none."""
    locked = {i for i, _ in problem.locks}
    return min((int(problem.score[i, j]) for i, j in enumerate(host_of) if j >= 0 and i not in locked), default=0)


def regular(problem: Problem) -> Problem:
    """The problem of those who are not in reserve; a locked reserve twin counts as placed."""
    if not problem.reserve:
        return problem
    aside = [i for i in problem.reserve if i not in dict(problem.locks)]
    allowed = problem.allowed.copy()
    allowed[aside] = False
    return replace(problem, allowed=allowed, reserve=())


def leftover(problem: Problem, plan: Plan) -> Problem:
    """The problem of the reserve: everybody else stays where the plan has put them, or waits."""
    locked = dict(problem.locks)
    allowed, locks = problem.allowed.copy(), list(problem.locks)
    for i, j in enumerate(plan.host_of):
        if i in problem.reserve or i in locked:
            continue
        if j >= 0:
            locks.append((i, j))
        else:
            allowed[i] = False
    return replace(problem, allowed=allowed, locks=tuple(sorted(locks)), reserve=())


def with_lock(problem: Problem, twin: int, host: int) -> Problem:
    """The same with this twin at this host, instead of any lock it had."""
    locks = [(i, j) for i, j in problem.locks if i != twin]
    return replace(problem, locks=tuple(sorted([*locks, (twin, host)])))


def without_pairs(problem: Problem, pairs: Sequence[tuple[int, int]]) -> Problem:
    allowed = problem.allowed.copy()
    for i, j in pairs:
        allowed[i, j] = False
    return replace(problem, allowed=allowed)
