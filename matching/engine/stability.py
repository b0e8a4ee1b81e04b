"""Twins and hosts who would both rather have each other. A figure, not an aim: a programme is not a market."""

from __future__ import annotations

import numpy as np

from .scoring import Scorer
from .types import IntMatrix, Plan, Problem

TWIN_SIDE = ("preference", "domains", "levers", "text", "ambition", "context")
HOST_SIDE = ("offer", "needs", "context")


def own_values(scorer: Scorer) -> tuple[IntMatrix, IntMatrix]:
    """What each side has from a pair by the criteria that speak of it, [twins, hosts] each, by the cohort's weights."""
    values, weights = scorer.values(), scorer.weights
    shape = (len(scorer.market.twins), len(scorer.market.hosts))
    sides = []
    for slugs in (TWIN_SIDE, HOST_SIDE):
        used = [(slug, weights[slug]) for slug in slugs if slug in weights]
        points = sum((weight * values[slug].astype(np.int64) for slug, weight in used), np.zeros(shape, dtype=np.int64))
        sides.append((points // max(sum(weight for _, weight in used), 1)).astype(np.int32))
    return sides[0], sides[1]


def blocking_pairs(
    problem: Problem, plan: Plan, twin_values: IntMatrix | None = None, host_values: IntMatrix | None = None
) -> tuple[tuple[int, int], ...]:
    """Allowed pairs where the twin gains by its own values, and the host has a free seat or a twin that it likes less.

    Locked twins neither leave nor are put out. Any host is better than none.
    """
    twins = problem.score if twin_values is None else twin_values
    hosts = problem.score if host_values is None else host_values
    locked = {i for i, _ in problem.locks}
    load = np.bincount([j for j in plan.host_of if j >= 0], minlength=len(problem.host_ids))
    least_liked = np.full(len(problem.host_ids), -1, dtype=np.int64)
    for j in range(len(problem.host_ids)):
        seated = [int(hosts[i, j]) for i, here in enumerate(plan.host_of) if here == j and i not in locked]
        least_liked[j] = min(seated, default=-1)
    mine = np.array([int(twins[i, j]) if j >= 0 else -1 for i, j in enumerate(plan.host_of)], dtype=np.int64)
    wants = problem.allowed & (twins > mine[:, None])
    welcome = (load < problem.maximum)[None, :] | ((least_liked >= 0)[None, :] & (hosts > least_liked[None, :]))
    wants[sorted(locked)] = False
    return tuple((int(i), int(j)) for i, j in zip(*np.nonzero(wants & welcome), strict=True))
