"""Large markets are solved over a few pairs of each twin; here even the smallest ones are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import flow
from matching.engine.certificate import certify, verify
from matching.engine.flow import classes_of, most_seated
from matching.engine.optimiser import solve
from tests.matching.engine.worlds import aims, floor_of, problem_of, problems, valid_plans


@pytest.fixture(autouse=True, scope="module")
def one_pair_at_a_time():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "ALL_PAIRS", 0)
        patch.setattr(flow, "FEW", 1)
        yield


@given(problems())
def test_nothing_is_lost_by_looking_at_few_pairs(problem):
    plan = solve(problem)

    assert aims(plan) == max(aims(one) for one in valid_plans(problem))
    assert verify(problem, plan, certify(problem, plan)).optimal


@given(problems())
def test_the_highest_floor_is_found_among_few_pairs(problem):
    plan = solve(problem, "worst_first")
    rivals = [(-one.unmet, one.matched, floor_of(problem, one), one.total) for one in valid_plans(problem)]

    assert (-plan.unmet, plan.matched, floor_of(problem, plan), plan.total) == max(rivals)
    assert verify(problem, plan, certify(problem, plan)).optimal


@given(problems(max_score=9), st.data())
def test_a_wrong_guess_at_the_prices_costs_time_alone(problem, data):
    classes = classes_of(problem, problem.score.astype(np.int64) + 100, 1_000)
    if not classes.allowed.any():
        return
    twin, klass = np.nonzero(classes.allowed)
    pairs = flow.Pairs(twin, klass, classes.worth[twin, klass], classes.capacity, len(classes.free))
    guess = np.array(data.draw(st.lists(st.integers(0, 300), min_size=classes.waiting, max_size=classes.waiting)))

    def value(place):
        seated = np.flatnonzero(place < classes.waiting)
        return classes.worth[seated, place[seated]].sum()

    assert value(pairs.best(guess)[0]) == value(pairs.best(np.zeros_like(guess))[0])


@pytest.mark.parametrize("seats", [1, 5])
def test_a_market_beyond_the_bound_for_all_pairs_is_proven(seats):
    rng = np.random.default_rng(seats)
    problem = problem_of(rng.integers(0, 10_001, size=(250, 170)), maximum=[seats] * 170, minimum=[1, 0] * 85)
    problem = replace(problem, allowed=rng.random((250, 170)) > 0.3, locks=())

    plan = solve(problem)

    assert verify(problem, plan, certify(problem, plan)).optimal
    assert (plan.matched, plan.unmet) == (min(250, 170 * seats), 0)


@given(problems(with_locks=False))
def test_as_many_twins_can_sit_as_in_any_plan(problem):
    free = replace(problem, minimum=np.zeros_like(problem.minimum))

    assert most_seated(free.allowed, free.maximum) == max(one.matched for one in valid_plans(free))
