"""How much may a weight change before a pair does, and which weights would have chosen what people chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from .optimiser import solve
from .scoring import Scorer
from .types import IntVector, Plan, Problem, Progress, Stop
from .watch import Watch

LARGEST = 100
MARGINS = (0.05, 1.0)
"""By how much a choice shall win, so that rounding to whole weights does not turn it round; small moves less."""


@dataclass(frozen=True, slots=True)
class Range:
    """A pair stays at every whole weight from ``low`` to ``high``, all other weights unchanged."""

    low: int
    high: int


def weight_ranges(
    scorer: Scorer,
    problem: Problem,
    plan: Plan,
    *,
    largest: int = LARGEST,
    stop: Stop | None = None,
    progress: Progress | None = None,
) -> dict[str, tuple[Range, ...]]:
    """By criterion, one range per twin around the present weight, 0 to ``largest``; for a twin without a host, how long
    it has none. Exact: each whole weight is scored and solved. Criteria nobody speaks of are left out. Raises Cancelled.
    """
    watch = Watch(stop, progress)
    present = scorer.weights
    values = scorer.values()
    found: dict[str, tuple[Range, ...]] = {}
    for place, slug in enumerate(scorer.criteria):
        at = present.get(slug, 0)
        ends: list[IntVector] = []
        for step, last in ((-1, 0), (1, max(largest, at))):
            reached = np.full(len(plan.host_of), at, dtype=np.int64)
            stays = np.ones(len(plan.host_of), dtype=bool)
            weight = at
            while weight != last and stays.any():
                watch((place + len(ends) / 2) / len(scorer.criteria), "weights")
                weight += step
                score = scorer.reweighted({**present, slug: weight}).combined(values)
                other = solve(replace(problem, score=score), plan.objective, stop=stop)
                stays &= np.array(other.host_of) == np.array(plan.host_of)
                reached[stays] = weight
            ends.append(reached)
        found[slug] = tuple(Range(low, high) for low, high in zip(ends[0].tolist(), ends[1].tolist(), strict=True))
    watch(1, "weights")
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """People put a twin at one host instead of another: what a unit of each weight speaks for their choice."""

    pulls: Mapping[str, int]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Weights with the same sum as before, and how many of the choices they and the present ones explain.

    A choice is explained when the chosen host scores at least as much as the other.
    """

    weights: Mapping[str, int]
    explained_before: int
    explained_after: int
    of: int


def choice_of(scorer: Scorer, twin: int, chosen: int, instead_of: int, label: str = "") -> Choice:
    """One change by hand, read with the facts of then."""
    better, worse = scorer.pulls(twin, chosen), scorer.pulls(twin, instead_of)
    return Choice({slug: better[slug] - worse[slug] for slug in better}, label)


def suggest_weights(choices: Sequence[Choice], weights: Mapping[str, int]) -> Suggestion:
    """Weights near the present ones that explain more of what people chose; the present ones when none do.

    A linear programme keeps what is missing to the choices small, and the weights near; it is only a proposal, so
    whole numbers near its answer are tried and counted, and nothing that explains fewer choices is ever returned.
    """
    slugs = [slug for slug in weights if any(choice.pulls.get(slug) for choice in choices)]
    before = explained(choices, weights)
    best = (before, 0, dict(weights))
    if before < len(choices) and slugs:
        for share, margin in product((1, 10, 100), MARGINS):
            tried = _rounded(_fitted(choices, weights, slugs, share, margin), weights, slugs)
            far = -sum(abs(tried[slug] - weights[slug]) for slug in weights)
            best = max(best, (explained(choices, tried), far, tried), key=lambda row: row[:2])
    return Suggestion(best[2], before, best[0], len(choices))


def explained(choices: Sequence[Choice], weights: Mapping[str, int]) -> int:
    """How many choices these weights would have made."""
    return sum(sum(weights.get(slug, 0) * pull for slug, pull in choice.pulls.items()) >= 0 for choice in choices)


def _fitted(
    choices: Sequence[Choice], weights: Mapping[str, int], slugs: Sequence[str], share: int, margin: float
) -> dict[str, float]:
    """Weights of the same sum with the least (missing points + distance / share); variables: weights, up, down, missing."""
    from scipy.optimize import linprog

    k, c = len(slugs), len(choices)
    now = np.array([weights[slug] for slug in slugs], dtype=np.float64)
    pulls = np.array([[choice.pulls.get(slug, 0) for slug in slugs] for choice in choices], dtype=np.float64) / 20_000
    cost = np.concatenate([np.zeros(k), np.full(2 * k, 1.0 / share), np.ones(c)])
    moved = np.hstack([np.eye(k), -np.eye(k), np.eye(k), np.zeros((k, c))])
    total = np.concatenate([np.ones(k), np.zeros(2 * k + c)])
    found = linprog(
        cost,
        A_ub=np.hstack([-pulls, np.zeros((c, 2 * k)), -np.eye(c)]),
        b_ub=np.full(c, -margin),
        A_eq=np.vstack([moved, total]),
        b_eq=np.concatenate([now, [now.sum()]]),
        bounds=(0, None),
        method="highs",
    )
    values = found.x[:k] if found.x is not None else now
    return dict(zip(slugs, values.tolist(), strict=True))


def _rounded(fitted: Mapping[str, float], weights: Mapping[str, int], slugs: Sequence[str]) -> dict[str, int]:
    """Whole weights with the same sum: the largest remainders are rounded up."""
    whole = {slug: int(fitted[slug]) for slug in slugs}
    left = sum(weights[slug] for slug in slugs) - sum(whole.values())
    by_rest = sorted(slugs, key=lambda slug: (whole[slug] - fitted[slug], slug))
    for slug in by_rest[: max(left, 0)]:
        whole[slug] += 1
    return {**weights, **whole}
