"""The matching engine alone, at sizes from a real cohort to a continent, beside bare scipy on the same matrix in the same run.

Markets are made up but shaped like real ones: scores of eight parts, three seats a host, a tenth of the pairs forbidden.
Each size runs in a process of its own, so that its peak of memory is its own. Every plan is verified; a proof that does
not hold fails the measurement.
"""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from matching.engine.certificate import certify, verify
from matching.engine.effects import Studio
from matching.engine.explain import Explainer
from matching.engine.optimiser import solve
from matching.engine.scenarios import replan
from matching.engine.types import Group, Problem

from .figures import Figure
from .scratch import environment_for, folder_for, run_inside

SIZES = ((37, 25), (200, 120), (1_000, 400), (5_000, 1_500))
LARGE = (20_000, 3_000)
# From the plan of the project: at most so many times the bare solver, by size; where two bars are given, either will do.
BARS = {
    "solve": {(37, 25): 10, (1_000, 400): 2.5, (5_000, 1_500): 2},
    "certificate": {(37, 25): 10, (1_000, 400): 0.5, (5_000, 1_500): 0.5},
    "all prices of why not": {(37, 25): 12, (1_000, 400): 2.5, (5_000, 1_500): 10},
    "worst-first": {(37, 25): 120, (1_000, 400): 3, (5_000, 1_500): 5},
    "leximin": {(37, 25): 1_000, (1_000, 400): 10},
    "one country a host": {(1_000, 400): 25},
}
IN_MILLISECONDS = {"solve": 3.0}  # at 37 x 25 this much is good enough, whatever the ratio


def measure(large: bool = False) -> Iterator[Figure]:
    environment = environment_for(folder_for("engine"))
    for size in [*SIZES, LARGE] if large else SIZES:
        times = run_inside("engine", *size, environment=environment)
        yield from _figures(size, times)


def _figures(size: tuple[int, int], times: dict[str, float]) -> Iterator[Figure]:
    scale, bare = f"{size[0]} x {size[1]}", times.pop("bare")
    peak, matrix = times.pop("peak"), size[0] * size[1] * 3 * 8 / 2**20
    for name, seconds in times.items():
        bar = BARS.get(name, {}).get(size)
        if bar and size == SIZES[0] and name in IN_MILLISECONDS:
            bar = max(bar, IN_MILLISECONDS[name] / 1000 / bare)
        note = f"{seconds * 1000:,.2f} ms, bare {bare * 1000:,.2f} ms"
        yield Figure("engine", name, seconds / bare, "x bare solver", bar, scale, note)
    yield Figure("engine", "peak of memory", peak, "MB", None, scale, f"the bare matrix of seats is {matrix:,.0f} MB")


def problem_of(twins: int, hosts: int) -> Problem:
    """A made-up market: eight parts per pair drawn around what twin and host have in common."""
    dice = np.random.default_rng(twins)
    score: NDArray[np.float64] = np.zeros((twins, hosts), dtype=np.float32)
    for weight in (25, 20, 15, 15, 10, 10, 5, 5):
        likeness = dice.random((twins, 3), dtype=np.float32) @ dice.random((3, hosts), dtype=np.float32) / 3
        score += weight * np.clip(likeness + dice.normal(0, 0.15, (twins, hosts)).astype(np.float32), 0, 1)
    return Problem(
        tuple(f"t{i:05}" for i in range(twins)),
        tuple(f"h{j:05}" for j in range(hosts)),
        np.rint(score * 10_000 / 105).astype(np.int32),
        dice.random((twins, hosts), dtype=np.float32) > 0.1,
        np.zeros(hosts, dtype=np.int64),
        np.full(hosts, -(-twins * 5 // (hosts * 4)) + 1, dtype=np.int64),
        seed="bench",
    )


def time_one(twins: int, hosts: int) -> dict[str, float]:
    """Seconds of each operation and of bare scipy, and the peak of memory in MB. Raises when a proof does not hold."""
    problem = problem_of(twins, hosts)
    rounds = 9 if twins <= 200 else 3 if twins <= 1_000 else 1
    plan = solve(problem)
    certificate = certify(problem, plan)
    _prove(problem, plan, certificate)
    explainer = Explainer(problem, plan)
    steps: dict[str, Callable[[], object]] = {
        "bare": _bare(problem),
        "solve": lambda: solve(problem),
        "certificate": lambda: certify(problem, plan),
        "check of the proof": lambda: verify(problem, plan, certificate),
    }
    if twins <= 5_000:
        steps["worst-first"] = lambda: solve(problem, "worst_first")
    if twins <= 1_000:
        steps["all prices of why not"] = lambda: Explainer(problem, plan).losses()
        steps["one why not"] = lambda: explainer.why_not(0, (plan.host_of[0] + 1) % hosts)
        steps["lock, veto or move"] = lambda: Studio(problem, plan).lock(0, (plan.host_of[0] + 1) % hosts)
        gone = {problem.twin_ids[i]: problem.host_ids[j] for i, j in enumerate(plan.host_of) if j > 0}
        without = replace(problem, maximum=np.where(np.arange(hosts) == 0, 0, problem.maximum))
        steps["ways after a host has left"] = lambda: replan(without, gone)
        fair = solve(problem, "leximin")
        _prove(problem, fair, certify(problem, fair))
        steps["leximin"] = lambda: solve(problem, "leximin")
        grouped = replace(problem, groups=_countries(twins, hosts))
        steps["one country a host"] = lambda: solve(grouped)
    times = {
        name: _median(step, 1 if name in ("leximin", "one country a host") else rounds) for name, step in steps.items()
    }
    return times | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _bare(problem: Problem) -> Callable[[], object]:
    """Scipy alone on the matrix of seats, ready in memory, the short side as rows."""
    from scipy.optimize import linear_sum_assignment

    cost = np.where(problem.allowed, -problem.score.astype(np.float64) - 1, 0.0).repeat(problem.maximum, axis=1)
    cost = cost if cost.shape[0] <= cost.shape[1] else np.ascontiguousarray(cost.T)
    return lambda: linear_sum_assignment(cost)


def _countries(twins: int, hosts: int) -> tuple[Group, ...]:
    country = np.random.default_rng(7).integers(0, 28, size=twins)
    return tuple(
        Group(str(k), tuple(np.flatnonzero(country == k).tolist()), np.ones(hosts, dtype=np.int64)) for k in range(28)
    )


def _median(step: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        step()
        times.append(time.perf_counter() - started)
    return median(times)


def _prove(problem: Problem, plan, certificate) -> None:
    verdict = verify(problem, plan, certificate)
    if not verdict.optimal:
        raise ArithmeticError(f"The plan for {len(problem.twin_ids)} twins is not proven: {verdict.faults}")
