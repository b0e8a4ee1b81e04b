"""The matching engine alone, at sizes from a real cohort to a continent, beside bare scipy on the same matrix in the same run.

Markets are made up but shaped like real ones: scores of eight parts, a quarter more seats than twins and one at each host
on top, a tenth of the pairs forbidden. Each size runs in a process of its own, so that its peak of memory is its own; the
bare solver has one as well. Ratios are those of processor time, each the best of several rounds taken in turns. Every plan
is verified; a proof that does not hold fails the measurement.
"""

import resource
from collections.abc import Iterator
from dataclasses import asdict, replace
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from matching.engine import ties
from matching.engine.certificate import Certificate, certify, verify
from matching.engine.effects import Studio
from matching.engine.explain import Explainer
from matching.engine.groups import Model
from matching.engine.optimiser import solve
from matching.engine.scenarios import alternatives, replan
from matching.engine.ties import next_best
from matching.engine.types import Group, Objective, Plan, Problem

from .clock import Step, best_of
from .figures import Figure
from .scratch import environment_for, folder_for, run_inside

SIZES = ((37, 25), (200, 120), (1_000, 400), (5_000, 1_500))
LARGE = (20_000, 3_000)
# From the plan of the project: at most so many times the bare solver, by size; where two bars are given, either will do.
BARS = {
    "solve": {(37, 25): 10, (1_000, 400): 2.5, (5_000, 1_500): 2},
    "proof": {(37, 25): 10, (1_000, 400): 0.5, (5_000, 1_500): 0.5},
    "all prices of why not": {(37, 25): 12, (1_000, 400): 2.5, (5_000, 1_500): 10},
    "prices of one twin, once known": {(37, 25): 4, (1_000, 400): 0.1, (5_000, 1_500): 0.1},
    "worst-first": {(37, 25): 120, (1_000, 400): 3, (5_000, 1_500): 5},
    "leximin": {(37, 25): 1_000, (1_000, 400): 10},
    "one country a host": {(1_000, 400): 25},
}
MOST_SOLVES = 250  # for the ten next best plans at 37 x 25
IN_MILLISECONDS = {"solve": 3.0, "one country a host": 100.0}  # at 37 x 25 this much is good enough, whatever the ratio
SHARE_OF_FULL = 1 / 20  # what the side constraints may cost of the integer programme over all pairs
ONCE = ("leximin", "one country a host", "proof of one country a host", "the same over all pairs")


def measure(large: bool = False) -> Iterator[Figure]:
    environment = environment_for(folder_for("engine"))
    for size in [*SIZES, LARGE] if large else SIZES:
        yield from _figures(size, run_inside("engine", *size, environment=environment))
        memory = run_inside("bare", *size, environment=environment)["peak"]
        yield Figure("engine", "peak of memory: bare solver", memory, "MB", None, scale_of(size))


def scale_of(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


def _figures(size: tuple[int, int], found: dict) -> Iterator[Figure]:
    times, bare = found["times"], found["times"]["bare"]["processor"]
    for name, taken in times.items():
        ratio, bar = taken["processor"] / bare, BARS.get(name, {}).get(size)
        if size == SIZES[0] and name in IN_MILLISECONDS:
            bar = max(bar or 0, IN_MILLISECONDS[name] / 1000 / bare)
        note = f"{taken['processor'] * 1000:,.2f} ms of the processor, {taken['clock'] * 1000:,.2f} ms by the clock"
        yield Figure("engine", name, ratio, "x bare solver", bar, scale_of(size), note)
    if "the same over all pairs" in times:
        share = times["one country a host"]["processor"] / times["the same over all pairs"]["processor"]
        bar = SHARE_OF_FULL if size == (1_000, 400) else None
        yield Figure("engine", "one country a host", share, "x over all pairs", bar, scale_of(size))
    if "solves" in found:
        bar = MOST_SOLVES if size == SIZES[0] else None
        yield Figure("engine", "ten next best plans", found["solves"], "solves", bar, scale_of(size))
    for name, megabytes in found["peaks"].items():
        yield Figure("engine", f"peak of memory: {name}", megabytes, "MB", None, scale_of(size))


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


def time_one(twins: int, hosts: int) -> dict[str, object]:
    """`times` of each operation and of bare scipy, `peaks` of memory in MB; up to 200 twins `solves` for ten plans more.

    Raises when a proof does not hold.
    """
    problem = problem_of(twins, hosts)
    peaks = {"the market": _peak()}
    plan = _proven(problem)
    certificate = certify(problem, plan)
    peaks["solve, prove, check"] = _peak()
    fair: list[Plan] = []
    proofs: list[Certificate | None] = []
    steps: dict[str, Step] = {
        "bare": bare_solver(problem),
        "solve": lambda: solve(problem),
        "proof": lambda: certify(problem, plan),
        "check of the proof": lambda: verify(problem, plan, certificate),
        "worst-first": lambda: fair.append(solve(problem, "worst_first")),
        "proof of worst-first": lambda: proofs.append(certify(problem, fair[-1])),
    }
    if twins <= 5_000:
        explainer, other = Explainer(problem, plan), (plan.host_of[0] + 1) % hosts
        explainer.losses()
        steps["all prices of why not"] = lambda: Explainer(problem, plan).losses()
        steps["prices of one twin, asked alone"] = lambda: _prices_of(Explainer(problem, plan), 0, hosts)
        steps["prices of one twin, once known"] = lambda: _prices_of(explainer, 0, hosts)
        steps["one why not with its moves"] = lambda: explainer.why_not(0, other)
        steps["lock, veto or move"] = lambda: Studio(problem, plan).lock(0, other)
        steps["alternatives that differ"] = lambda: alternatives(problem, plan)
    if twins <= 1_000:
        gone = {problem.twin_ids[i]: problem.host_ids[j] for i, j in enumerate(plan.host_of) if j > 0}
        without = replace(problem, maximum=np.where(np.arange(hosts) == 0, 0, problem.maximum))
        steps["ways after a host has left"] = lambda: replan(without, gone)
        _proven(problem, "leximin")
        steps["leximin"] = lambda: solve(problem, "leximin")
        grouped = replace(problem, groups=_countries(twins, hosts))
        apart = _proven(grouped)
        steps["one country a host"] = lambda: solve(grouped)
        steps["proof of one country a host"] = lambda: certify(grouped, apart)
        steps["the same over all pairs"] = lambda: _over_all_pairs(grouped, apart.total)
    if twins <= 200:
        steps["ten next best plans"] = lambda: next_best(problem, plan)
    rounds = 25 if twins <= 200 else 5 if twins <= 1_000 else 2 if twins <= 5_000 else 1
    times = best_of(steps, rounds=rounds, once=ONCE)
    _check(problem, fair[-1], proofs[-1])
    found = {"times": {name: asdict(taken) for name, taken in times.items()}, "peaks": peaks | {"all": _peak()}}
    return found | ({"solves": _solves_of_ten_plans(problem, plan)} if twins <= 200 else {})


def time_bare(twins: int, hosts: int) -> dict[str, float]:
    """The peak of memory of the bare solver, the matrix of seats included."""
    bare_solver(problem_of(twins, hosts))()
    return {"peak": _peak()}


def bare_solver(problem: Problem) -> Step:
    """Scipy alone on the matrix of seats, ready in memory, the short side as rows."""
    from scipy.optimize import linear_sum_assignment

    cost = np.where(problem.allowed, -problem.score.astype(np.float64) - 1, 0.0).repeat(problem.maximum, axis=1)
    cost = cost if cost.shape[0] <= cost.shape[1] else np.ascontiguousarray(cost.T)
    return lambda: linear_sum_assignment(cost)


def _proven(problem: Problem, objective: Objective = "total") -> Plan:
    plan = solve(problem, objective)
    _check(problem, plan, certify(problem, plan))
    return plan


def _check(problem: Problem, plan: Plan, certificate: Certificate | None) -> None:
    verdict = verify(problem, plan, certificate)
    if not verdict.optimal:
        raise ArithmeticError(f"The plan for {len(problem.twin_ids)} twins is not proven: {verdict.faults}")


def _prices_of(explainer: Explainer, twin: int, hosts: int) -> list[int | None]:
    return [explainer.loss(twin, host) for host in range(hosts)]


def _over_all_pairs(problem: Problem, total: int) -> None:
    """The integer programme with all pairs at once. Raises where its optimum is not this total.

    A twin more counts more than all scores together, as in the engine: said in a row of its own, which has as many numbers
    as there are pairs, the same programme does not end within minutes at 1,000 x 400.
    """
    model = Model(problem, problem.allowed)
    score = model.scores()
    found = model.best(score + model.count() * (score.max() * len(problem.twin_ids) + 1), [])
    if found is None or round(float(score @ found)) != total:
        raise ArithmeticError(f"Over all pairs the best total is not {total}.")


def _solves_of_ten_plans(problem: Problem, plan: Plan) -> int:
    with patch.object(ties, "solve", wraps=solve) as counted:
        next_best(problem, plan)
    return counted.call_count


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _countries(twins: int, hosts: int) -> tuple[Group, ...]:
    country = np.random.default_rng(7).integers(0, 28, size=twins)
    return tuple(
        Group(str(k), tuple(np.flatnonzero(country == k).tolist()), np.ones(hosts, dtype=np.int64)) for k in range(28)
    )
