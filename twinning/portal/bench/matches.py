"""Matching the real cohort as the service does it, beside the bare solver on the same table of scores."""

import time
from collections.abc import Iterator
from statistics import median

from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort
from matching.engine import certificate, matcher, optimiser
from matching.engine.scoring import DEFAULT_WEIGHTS
from matching.services.runs import new_run, solve_run
from matching.snapshot import market_of
from matching.states import RunScope

from .figures import Figure
from .scratch import environment_for, folder_for, run_inside

ROUNDS = 9
MOST_SECONDS = 1.0


def measure() -> Iterator[Figure]:
    for scale in (1, 10):
        environment = environment_for(folder_for(f"matching-{scale}x"))
        run_inside("world", scale, environment=environment)
        times = run_inside("matching", environment=environment)
        size = f"{times['twins']} x {times['hosts']}"
        solver = f"bare solver {times['bare'] * 1000:.2f} ms"
        yield Figure(
            "matching", "solve with proof", times["solve"] / times["bare"], "x bare solver", None, size, solver
        )
        yield Figure("matching", "score, solve, prove", times["match"], "s", MOST_SECONDS, size)
        yield Figure(
            "matching", "whole service with rows", times["service"], "s", None, size, "every pair has its reasons"
        )


def time_one() -> dict[str, float]:
    """Medians: scipy's solver alone on seats, our exact solver with its proof, scoring and all, the service with rows."""
    from scipy.optimize import linear_sum_assignment

    cohort = Cohort.objects.get(slug="cohort-1")
    market = market_of(cohort, scope=RunScope.ALL)
    outcome = matcher.match(market, DEFAULT_WEIGHTS)
    problem = outcome.problem
    seats = problem.score.repeat(problem.maximum, axis=1)

    def solve() -> None:
        certificate.certify(problem, optimiser.solve(problem, "total"))

    def service() -> None:
        with transaction.atomic():
            now = timezone.now()
            run = new_run(cohort, by=None, now=now, weights=DEFAULT_WEIGHTS, scope=RunScope.ALL)
            run.save()
            solve_run(run, now=now)
            transaction.set_rollback(True)

    steps = {
        "bare": lambda: linear_sum_assignment(seats, maximize=True),
        "solve": solve,
        "match": lambda: matcher.match(market, DEFAULT_WEIGHTS),
        "service": service,
    }
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(ROUNDS + 1):
        for name, step in steps.items():
            started = time.perf_counter()
            step()
            if number:  # the first round warms up
                times[name].append(time.perf_counter() - started)
    counts = {"twins": len(problem.twin_ids), "hosts": len(problem.host_ids)}
    return {name: median(values) for name, values in times.items()} | counts
