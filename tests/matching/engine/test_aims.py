"""Leximin, side constraints and the reserve against enumeration, and the proofs of all of them."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.certificate import certificate_as_json, certificate_from_json, certify, verify
from matching.engine.groups import DIRECT
from matching.engine.leximin import EXACT_TWINS
from matching.engine.optimiser import digest_of, solve
from matching.engine.plans import measure, regular
from matching.engine.types import Cancelled, Group, Stage
from tests.matching.engine.worlds import aims, floor_of, problem_of, problems, valid_plans


def ladder(problem, plan):
    """Scores of the free twins from the lowest upwards: what leximin compares."""
    locked = {i for i, _ in problem.locks}
    return sorted(int(problem.score[i, j]) for i, j in enumerate(plan.host_of) if j >= 0 and i not in locked)


def fair(problem, plan):
    return (-plan.unmet, plan.matched, ladder(problem, plan))


@st.composite
def grouped_problems(draw):
    problem = draw(problems())
    n, m = problem.score.shape
    locks = dict(problem.locks)
    groups = []
    for number in range(draw(st.integers(0, 2))):
        members = tuple(sorted(draw(st.sets(st.integers(0, n - 1))))) if n else ()
        most = np.array(draw(st.lists(st.integers(0, 2), min_size=m, max_size=m)), dtype=np.int64)
        held = np.bincount([locks[i] for i in members if i in locks], minlength=m)
        groups.append(Group(f"group {number}", members, np.maximum(most, held)))
    return replace(problem, groups=tuple(groups))


def keeps_groups(problem, plan):
    return all(
        sum(plan.host_of[i] == j for i in group.members) <= group.most[j]
        for group in problem.groups
        for j in range(len(problem.host_ids))
    )


@given(problems(max_score=6))
def test_leximin_leaves_nobody_worse_off_than_any_plan_must(problem):
    plan = solve(problem, "leximin")

    assert fair(problem, plan) == max(fair(problem, one) for one in valid_plans(problem))
    verdict = verify(problem, plan, certify(problem, plan))
    assert (verdict.valid, verdict.optimal, verdict.faults) == (True, True, ())


@given(problems(max_score=6), st.data())
def test_no_proof_makes_a_less_fair_plan_optimal(problem, data):
    best = solve(problem, "leximin")
    worse = [one for one in valid_plans(problem) if fair(problem, one) < fair(problem, best)]
    if not worse:
        return
    plan = replace(data.draw(st.sampled_from(worse)), objective="leximin")

    assert certify(problem, plan) is None
    assert not verify(problem, plan, certify(problem, best)).optimal


@given(problems(max_score=6), st.data())
def test_a_floor_that_could_be_higher_is_not_proven(problem, data):
    best = solve(problem, "worst_first")
    lower = [
        one
        for one in valid_plans(problem)
        if (aims(one)[:2] == aims(best)[:2]) and floor_of(problem, one) < floor_of(problem, best)
    ]
    if not lower:
        return
    plan = data.draw(st.sampled_from(lower))
    plan = replace(plan, objective="worst_first", floor=floor_of(problem, plan))

    verdict = verify(problem, plan, certify(problem, plan))

    assert not verdict.optimal


@settings(max_examples=60)
@given(grouped_problems(), st.sampled_from(["total", "worst_first", "leximin"]))
def test_side_constraints_are_kept_and_nothing_better_keeps_them(problem, objective):
    plan = solve(problem, objective)
    rivals = [one for one in valid_plans(problem) if keeps_groups(problem, one)]
    value = {
        "total": aims,
        "worst_first": lambda one: (-one.unmet, one.matched, floor_of(problem, one), one.total),
        "leximin": lambda one: fair(problem, one),
    }[objective]

    assert keeps_groups(problem, plan)
    assert value(plan) == max(map(value, rivals))


@settings(max_examples=60)
@given(grouped_problems(), st.data())
def test_the_bound_under_side_constraints_holds_for_every_plan_that_keeps_them(problem, data):
    plan = solve(problem)
    certificate = certify(problem, plan)
    verdict = verify(problem, plan, certificate)

    assert verdict.valid
    assert verdict.bound >= plan.total
    rivals = [one for one in valid_plans(problem) if keeps_groups(problem, one)]
    worse = [one for one in rivals if aims(one) < aims(plan)]
    if worse:
        assert not verify(problem, data.draw(st.sampled_from(worse)), certificate).optimal


@given(problems(max_score=6), st.data(), st.sampled_from(["total", "worst_first", "leximin"]))
def test_the_reserve_gets_what_the_others_leave(problem, data, objective):
    n = len(problem.twin_ids)
    reserve = tuple(sorted(data.draw(st.sets(st.integers(0, n - 1))))) if n else ()
    problem = replace(problem, reserve=reserve)
    plan = solve(problem, objective)
    others = [i for i in range(n) if i not in reserve or i in dict(problem.locks)]

    alone = solve(regular(problem), objective)

    assert [plan.host_of[i] for i in others] == [alone.host_of[i] for i in others]
    fixed = [one for one in valid_plans(problem) if all(one.host_of[i] == plan.host_of[i] for i in others)]
    assert aims(plan)[:2] == max(aims(one)[:2] for one in fixed)
    if objective == "total":
        assert aims(plan) == max(aims(one) for one in fixed)
    verdict = verify(problem, plan, certify(problem, plan))
    assert (verdict.valid, verdict.optimal) == (True, True)


@given(problems(max_score=6), st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_shows_in_a_fair_plan(problem, random):
    rows = list(range(len(problem.twin_ids)))
    random.shuffle(rows)
    shuffled = replace(
        problem,
        twin_ids=tuple(problem.twin_ids[i] for i in rows),
        score=problem.score[rows],
        allowed=problem.allowed[rows],
        locks=tuple((rows.index(i), j) for i, j in problem.locks),
    )

    assert digest_of(shuffled, solve(shuffled, "leximin")) == digest_of(problem, solve(problem, "leximin"))


@given(problems(), st.sampled_from(["total", "worst_first", "leximin"]))
def test_a_certificate_is_the_same_after_it_was_stored(problem, objective):
    plan = solve(problem, objective)

    stored = certificate_from_json(certificate_as_json(certify(problem, plan)))

    assert verify(problem, plan, stored) == verify(problem, plan, certify(problem, plan))
    assert verify(problem, plan, stored).optimal


def large(twins, hosts, seats=3, **changes):
    rng = np.random.default_rng(11)
    score = rng.integers(0, 10_001, size=(twins, hosts))
    return replace(problem_of(score, maximum=[seats] * hosts), **changes)


def test_leximin_of_a_real_size_is_exact_and_proven():
    problem = large(37, 25)

    plan = solve(problem, "leximin")

    assert plan.bands == 0
    assert verify(problem, plan, certify(problem, plan)).optimal
    assert ladder(problem, plan) >= ladder(problem, solve(problem, "worst_first")) >= ladder(problem, solve(problem))


def test_leximin_of_many_twins_says_that_it_compares_bands():
    problem = large(EXACT_TWINS + 1, 90)

    plan = solve(problem, "leximin")

    assert plan.bands > 0
    assert verify(problem, plan, certify(problem, plan)).optimal


def test_pricing_and_the_whole_programme_agree():
    problem = large(70, 40, seats=2)
    countries = np.random.default_rng(3).integers(0, 9, size=70)
    groups = tuple(
        Group(str(k), tuple(np.flatnonzero(countries == k).tolist()), np.ones(40, dtype=np.int64)) for k in range(9)
    )
    problem = replace(problem, groups=groups)
    assert problem.score.size > DIRECT

    plan = solve(problem)

    verdict = verify(problem, plan, certify(problem, plan))
    assert (verdict.valid, plan.matched) == (True, 70)
    assert keeps_groups(problem, plan)
    assert verdict.bound == plan.total


def test_a_solve_that_is_stopped_raises_or_settles_for_what_it_has():
    problem = large(37, 25)

    with pytest.raises(Cancelled):
        solve(problem, "leximin", stop=lambda: True)
    calls = iter(range(10_000))
    plan = solve(problem, "leximin", stop=lambda: next(calls) > 4, settle=True)

    assert not plan.proven
    assert plan.total == measure(problem, plan.host_of).total
    assert plan.matched == 37


@pytest.mark.parametrize("objective", ["total", "worst_first", "leximin"])
@pytest.mark.parametrize("with_groups", [False, True])
def test_the_share_told_of_a_solve_only_grows_to_all(objective, with_groups):
    problem = large(20, 10)
    if with_groups:
        problem = replace(problem, groups=(Group("north", tuple(range(0, 20, 3)), np.ones(10, dtype=np.int64)),))
    told = []

    solve(problem, objective, progress=lambda share, stage: told.append((share, stage)))

    shares, stages = zip(*told, strict=True)
    assert list(shares) == sorted(shares)
    assert shares[-1] == 1
    assert set(stages) <= set(get_args(Stage))
