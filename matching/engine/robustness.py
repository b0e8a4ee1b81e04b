"""Which proposals hang on the exact weights or on the toss of a coin: how often each pair survives small changes.

Nobody means exactly 15, and among equals the seed decides. A pair that stays in almost every trial, with the weights
varied and the coin tossed anew, is firm; one that often changes deserves a talk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .optimiser import solve
from .scoring import Scorer
from .types import Plan, Problem, Progress, Stop
from .watch import Watch

TRIALS = 100
SPREAD = 0.25
"""Standard deviation of the logarithm: two of three trials keep a weight within about a quarter of what was set."""

FINE = 100
"""Weights are whole numbers; trials vary them in hundredths."""


def survival(
    scorer: Scorer,
    problem: Problem,
    plan: Plan,
    weights: Mapping[str, int],
    *,
    trials: int = TRIALS,
    stop: Stop | None = None,
    progress: Progress | None = None,
) -> tuple[int, ...]:
    """For each twin, in how many trials its place (a host, or none) stays. The same seed gives the same numbers.

    Raises Cancelled.
    """
    watch = Watch(stop, progress)
    values = scorer.values()
    dice = np.random.default_rng(list(problem.seed.encode()))
    kept = np.zeros(len(plan.host_of), dtype=np.int64)
    for trial in range(trials):
        watch(trial / trials, "trials")
        factors = np.exp(dice.normal(0.0, SPREAD, size=len(weights)))
        varied = {
            slug: round(weight * FINE * factor) for (slug, weight), factor in zip(weights.items(), factors, strict=True)
        }
        score = scorer.reweighted(varied).combined(values)
        drawn = replace(problem, score=score, seed=f"{problem.seed}/{trial}")
        other = solve(drawn, plan.objective, stop=stop)
        kept += np.array(other.host_of) == np.array(plan.host_of)
    watch(1, "trials")
    return tuple(kept.tolist())
