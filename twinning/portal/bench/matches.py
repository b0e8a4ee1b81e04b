"""Matching from rows to rows at sizes from a real cohort to a continent, and the engine alone beside the bare solver.

Rows are those of made-up cohorts on SQLite; scoring reads texts, fields, levers, wishes and context as in a real run.
"""

import resource
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort
from matching.engine.certificate import certify, verify
from matching.engine.matcher import Outcome, in_order, pose
from matching.engine.optimiser import digest_of, solve
from matching.engine.scoring import DEFAULT_WEIGHTS, Scorer
from matching.services.runs import new_run, stage_run
from matching.snapshot import market_of
from matching.states import RunScope, RunState

from . import engine, studio
from .clock import Step, best_of
from .figures import Figure
from .scratch import environment_for, folder_for, run_inside, run_python

AT_ONCE_SECONDS = 1.0  # what a page may wait for
PAGES = ("37 x 25", "200 x 120")  # sizes that are matched while the page waits
LOOP_BARS = {"37 x 25": 8, "1000 x 400": 20}  # weighing in arrays is to be so many times as fast as in a loop
WAY = ("rows to market", "market to arrays", "solve, prove, check", "arrays to rows")


def measure(large: bool = False) -> Iterator[Figure]:
    environment = environment_for(folder_for("matching"))
    sizes = [*engine.SIZES, engine.LARGE] if large else engine.SIZES[:-1]  # the largest take some minutes
    asked = dict.fromkeys(f"{twins}x{hosts}" for twins, hosts in [*sizes, *studio.SIZES])
    cohorts = run_inside("crowds", *asked, environment=environment)
    run_python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=environment)
    for scale in map(engine.scale_of, sizes):
        yield from _figures(scale, run_inside("matching", cohorts[scale], environment=environment))
    for scale in map(engine.scale_of, studio.SIZES):
        yield from studio.figures_of(scale, run_inside("studio", cohorts[scale], environment=environment))
    yield from engine.measure(large=large)


def _figures(scale: str, times: dict) -> Iterator[Figure]:
    bare = times["bare"]["processor"]
    for name in WAY:
        seconds, clock = times[name]["processor"], times[name]["clock"]
        note = f"{seconds * 1000:,.1f} ms of the processor, {clock * 1000:,.1f} ms by the clock"
        yield Figure("matching", name, seconds / bare, "x bare solver", None, scale, note)
    whole = sum(times[name]["processor"] for name in WAY)
    bar = AT_ONCE_SECONDS if scale in PAGES else None
    note = f"peak {times['peak']:,.0f} MB; the plan is proven"
    yield Figure("matching", "rows to proposals with reasons", whole, "s", bar, scale, note)
    if "in a loop" in times:
        ratio = times["in a loop"]["processor"] / times["in arrays"]["processor"]
        least = LOOP_BARS.get(scale)
        note = f"at least {least} wanted" if least else ""
        yield Figure("matching", "weighing: arrays", 1 / ratio, "x loop", 1 / least if least else None, scale, note)


def time_one(slug: str) -> dict:
    """Seconds of each stretch of the way, of the bare solver on the same table, and the peak of memory in MB."""
    cohort = Cohort.objects.get(slug=slug)
    market = in_order(market_of(cohort, scope=RunScope.ALL))
    outcome = _outcome(market)

    def stage() -> None:
        with transaction.atomic():
            now = timezone.now()
            run = new_run(cohort, by=None, now=now, weights=DEFAULT_WEIGHTS, market=market)
            run.state = RunState.RUNNING
            run.save()
            stage_run(run, outcome, now=now, seconds=0.0)
            if run.proposals.exclude(hosting=None).count() != outcome.plan.matched:
                raise ArithmeticError(f"The proposals of {slug} are not those of the plan.")
            transaction.set_rollback(True)

    def prove() -> None:
        plan = solve(outcome.problem)
        if not verify(outcome.problem, plan, certify(outcome.problem, plan)).optimal:
            raise ArithmeticError(f"The plan of {slug} is not proven.")

    size = outcome.problem.score.size
    steps: dict[str, Step] = {
        "rows to market": lambda: market_of(cohort, scope=RunScope.ALL),
        "market to arrays": lambda: pose(market, Scorer(market, DEFAULT_WEIGHTS), seed="0"),
        "bare": engine.bare_solver(outcome.problem),
        "solve, prove, check": prove,
        "arrays to rows": stage,
    }
    if size <= 400_000:
        values, times = outcome.scorer.values(), max(20_000 // size, 1)  # so often that the first time does not matter
        steps["in arrays"] = lambda: [outcome.scorer.combined(values) for _time in range(times)]
        steps["in a loop"] = lambda: [_weighed_in_a_loop(values, outcome.scorer.weights) for _time in range(times)]
    rounds = 5 if size <= 40_000 else 3 if size <= 400_000 else 1
    found = {name: asdict(taken) for name, taken in best_of(steps, rounds=rounds).items()}
    return found | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _outcome(market) -> Outcome:
    scorer = Scorer(market, DEFAULT_WEIGHTS)
    problem = pose(market, scorer, seed="0")
    plan = solve(problem)
    certificate = certify(problem, plan)
    verdict = verify(problem, plan, certificate)
    return Outcome(market, scorer, problem, plan, certificate, verdict, digest_of(problem, plan))


def _weighed_in_a_loop(values: dict[str, np.ndarray], weights: dict[str, int]) -> list[list[int]]:
    """The weighted mean of the criteria pair by pair, as one would write it without arrays."""
    whole = sum(weights.values())
    parts = [(weight, values[slug].tolist()) for slug, weight in weights.items()]
    twins, hosts = next(iter(values.values())).shape
    table = []
    for twin in range(twins):
        row = []
        for host in range(hosts):
            points = 0
            for weight, value in parts:
                points += weight * value[twin][host]
            row.append((2 * points + whole) // (2 * whole))
        table.append(row)
    return table
