"""One run from facts to a proven plan: score, solve, prove, check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .certificate import Certificate, Verdict, certify, verify
from .feasibility import allowed_pairs, groups_of
from .optimiser import digest_of, solve
from .scoring import Scorer
from .text import Embedder
from .types import Market, Objective, Plan, Problem, Progress, Stop
from .watch import Watch

VERSION = "4"
"""Raised whenever the same input may give another score or plan; stored with every run."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A solved market with everything needed to explain and to prove it."""

    market: Market
    scorer: Scorer
    problem: Problem
    plan: Plan
    certificate: Certificate | None
    verdict: Verdict
    digest: str

    def ranking(self, twin: int) -> list[tuple[str, int]]:
        """All hosts for one twin, the best score first, ties by id; hosts that a rule forbids are left out."""
        scores, allowed = self.problem.score[twin], self.problem.allowed[twin]
        order = np.argsort(-scores, kind="stable")  # the hosts stand by id already
        order = order[allowed[order]]
        ids = self.problem.host_ids
        return [(ids[j], score) for j, score in zip(order.tolist(), scores[order].tolist(), strict=True)]


def pose(market: Market, scorer: Scorer, *, seed: str) -> Problem:
    """The assignment problem of a market in canonical order (twins and hosts by id)."""
    row = {twin.id: place for place, twin in enumerate(market.twins)}
    column = {host.id: place for place, host in enumerate(market.hosts)}
    return Problem(
        twin_ids=tuple(row),
        host_ids=tuple(column),
        score=scorer.table(),
        allowed=allowed_pairs(market),
        minimum=np.array([host.minimum for host in market.hosts], dtype=np.int64),
        maximum=np.array([host.maximum for host in market.hosts], dtype=np.int64),
        locks=tuple(
            (row[lock.twin], column[lock.host])
            for lock in market.rules.locks
            if lock.twin in row and lock.host in column
        ),
        seed=seed,
        groups=groups_of(market),
        reserve=tuple(place for place, twin in enumerate(market.twins) if twin.reserve),
    )


def match(
    market: Market,
    weights: Mapping[str, int],
    *,
    objective: Objective = "total",
    seed: str = "",
    embedder: Embedder | None = None,
    before: Scorer | None = None,
    stop: Stop | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Solve a market.

    The same facts, weights, objective and seed give the same outcome in whatever order twins and hosts come.
    Raises UnsolvableRules when rules contradict each other, ValueError for a weight that means nothing, Cancelled when
    ``stop`` says so. ``before``: a scorer made earlier; where it knows the same facts they are not read again. A wish without a reason, a tag that was read and a theme that was inferred count less.
    """
    watch = Watch(stop, progress)
    watch(0, "score")
    market = in_order(market)
    scorer = (before and before.moved_to(market, weights)) or Scorer(market, weights, embedder)
    watch(0.3, "score")
    problem = pose(market, scorer, seed=seed)
    plan = solve(problem, objective, stop=stop, progress=watch.part(0.4, 0.8).tell)
    watch(0.8, "prove")
    certificate = certify(problem, plan)
    watch(0.9, "check")
    verdict = verify(problem, plan, certificate)
    watch(1, "check")
    return Outcome(market, scorer, problem, plan, certificate, verdict, digest_of(problem, plan))


def in_order(market: Market) -> Market:
    """The same market with twins and hosts by id, so that not even the last bit of a float depends on the order."""
    twins = tuple(sorted(market.twins, key=lambda twin: twin.id))
    hosts = tuple(sorted(market.hosts, key=lambda host: host.id))
    return replace(market, twins=twins, hosts=hosts)
