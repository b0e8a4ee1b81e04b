from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.certificate import certify, verify
from matching.engine.optimiser import digest_of, solve
from matching.engine.types import UnsolvableRules
from tests.matching.engine.worlds import aims, floor_of, problem_of, problems, valid_plans


@given(problems())
def test_no_valid_plan_is_better_than_the_one_that_is_found(problem):
    assert aims(solve(problem)) == max(aims(plan) for plan in valid_plans(problem))


@given(problems())
def test_every_plan_comes_with_a_proof_that_holds(problem):
    plan = solve(problem)

    verdict = verify(problem, plan, certify(problem, plan))

    assert (verdict.valid, verdict.optimal, verdict.faults) == (True, True, ())
    assert verdict.bound == verdict.total == plan.total


@given(problems(), st.data())
def test_no_proof_makes_a_worse_plan_optimal(problem, data):
    best = solve(problem)
    worse = [plan for plan in valid_plans(problem) if aims(plan) < aims(best)]
    if not worse:
        return
    plan = data.draw(st.sampled_from(worse))

    assert certify(problem, plan) is None
    borrowed = verify(problem, plan, certify(problem, best))
    assert (borrowed.valid, borrowed.optimal) == (True, False)


@given(problems(), st.data())
def test_no_cheaper_price_passes_for_a_proof(problem, data):
    plan = solve(problem)
    certificate = certify(problem, plan)
    row, column = np.nonzero(certificate.price)
    if not row.size:
        return
    which = data.draw(st.integers(0, row.size - 1))
    certificate.price[row[which], column[which]] -= 1

    verdict = verify(problem, plan, certificate)

    assert not (verdict.valid and verdict.optimal)


@given(problems())
def test_worst_first_lifts_the_lowest_score_as_far_as_any_plan_can(problem):
    plan = solve(problem, "worst_first")
    rivals = [(-one.unmet, one.matched, floor_of(problem, one), one.total) for one in valid_plans(problem)]

    assert (-plan.unmet, plan.matched, floor_of(problem, plan), plan.total) == max(rivals)
    verdict = verify(problem, plan, certify(problem, plan))
    assert (verdict.valid, verdict.optimal) == (True, True)


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_shows(problem, random):
    rows, columns = list(range(len(problem.twin_ids))), list(range(len(problem.host_ids)))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = replace(
        problem,
        twin_ids=tuple(problem.twin_ids[i] for i in rows),
        host_ids=tuple(problem.host_ids[j] for j in columns),
        score=problem.score[np.ix_(rows, columns)],
        allowed=problem.allowed[np.ix_(rows, columns)],
        minimum=problem.minimum[columns],
        maximum=problem.maximum[columns],
        locks=tuple((rows.index(i), columns.index(j)) for i, j in problem.locks),
    )

    assert digest_of(shuffled, solve(shuffled)) == digest_of(problem, solve(problem))


@given(problems(with_locks=False), st.data())
def test_a_host_that_nobody_may_go_to_changes_nothing(problem, data):
    m = len(problem.host_ids)
    at = data.draw(st.integers(0, m))
    wider = replace(
        problem,
        host_ids=(*problem.host_ids[:at], "host-aside", *problem.host_ids[at:]),
        score=np.insert(problem.score, at, 0, axis=1),
        allowed=np.insert(problem.allowed, at, False, axis=1),
        minimum=np.insert(problem.minimum, at, 0),
        maximum=np.insert(problem.maximum, at, 2),
    )

    assert digest_of(wider, solve(wider)) == digest_of(problem, solve(problem))


@given(problems(), st.data())
def test_one_seat_more_never_hurts(problem, data):
    if not problem.host_ids:
        return
    host = data.draw(st.integers(0, len(problem.host_ids) - 1))
    maximum = problem.maximum.copy()
    maximum[host] += 1

    assert aims(solve(replace(problem, maximum=maximum))) >= aims(solve(problem))


@given(problems(with_locks=False), st.data())
def test_one_veto_more_never_helps(problem, data):
    if not problem.score.size:
        return
    allowed = problem.allowed.copy()
    allowed[data.draw(st.integers(0, allowed.shape[0] - 1)), data.draw(st.integers(0, allowed.shape[1] - 1))] = False

    assert aims(solve(replace(problem, allowed=allowed))) <= aims(solve(problem))


@given(problems(with_locks=False), st.data())
def test_locking_what_was_chosen_anyway_keeps_the_value(problem, data):
    plan = solve(problem)
    chosen = [(i, j) for i, j in enumerate(plan.host_of) if j >= 0]
    locks = tuple(data.draw(st.sets(st.sampled_from(chosen)))) if chosen else ()

    assert aims(solve(replace(problem, locks=locks))) == aims(plan)


@given(problems(), st.integers(2, 9))
def test_scores_on_a_larger_scale_give_the_same_plan_value(problem, factor):
    assert solve(replace(problem, score=problem.score * factor)).total == solve(problem).total * factor


@given(problems(max_score=0), st.sampled_from(["x", "y"]))
def test_the_same_seed_gives_the_same_plan_among_equals(problem, seed):
    seeded = replace(problem, seed=seed)

    assert solve(seeded) == solve(seeded)


def test_a_seed_decides_between_equals_and_not_the_alphabet():
    level = problem_of([[5, 5], [5, 5]], maximum=[1, 1])

    plans = {solve(replace(level, seed=str(seed))).host_of for seed in range(12)}

    assert plans == {(0, 1), (1, 0)}


def test_a_minimum_is_filled_before_the_total_is_looked_at():
    problem = problem_of([[9, 1], [9, 1]], minimum=[0, 1])

    plan = solve(problem)

    assert (sorted(plan.host_of), plan.total, plan.unmet) == ([0, 1], 10, 0)


def test_minimums_beyond_the_twins_are_reported_and_not_an_error():
    plan = solve(problem_of([[1, 1]], minimum=[2, 1]))

    assert (plan.matched, plan.unmet) == (1, 2)


def test_more_twins_than_seats_leave_the_weakest_waiting():
    plan = solve(problem_of([[3], [9], [5]], maximum=[2]))

    assert plan.host_of == (-1, 0, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"locks": ((0, 0), (0, 1))}, "lock_twice"),
        ({"locks": ((0, 0), (1, 0))}, "lock_seats"),
        ({"locks": ((0, 7),)}, "lock_unknown"),
        ({"allowed": np.array([[False, True], [True, True]]), "locks": ((0, 0),)}, "lock_forbidden"),
        ({"minimum": np.array([2, 0])}, "seats"),
        ({"score": np.array([[-1, 0], [0, 0]], dtype=np.int32)}, "score_negative"),
        ({"score": np.array([[0.5, 0], [0, 0]])}, "score_kind"),
        ({"score": np.zeros((1, 2), dtype=np.int32)}, "shape"),
        ({"twin_ids": ("twin-0", "twin-0")}, "repeated_id"),
    ],
)
def test_a_contradiction_is_named_with_the_ids_it_concerns(changes, code):
    problem = replace(problem_of([[1, 2], [3, 4]], maximum=[1, 1]), **changes)

    with pytest.raises(UnsolvableRules) as refusal:
        solve(problem)

    assert [issue.code for issue in refusal.value.issues] == [code]


def test_all_contradictions_are_reported_at_once():
    problem = problem_of([[1, 2], [3, 4]], minimum=[2, 0], maximum=[1, 1], locks=[(0, 1), (1, 1)])

    with pytest.raises(UnsolvableRules) as refusal:
        solve(problem)

    assert {issue.code for issue in refusal.value.issues} == {"seats", "lock_seats"}


def test_large_numbers_of_twins_stay_exact():
    rng = np.random.default_rng(7)
    problem = problem_of(rng.integers(0, 10_001, size=(300, 80)), maximum=[4] * 80, minimum=[1] * 80)

    plan = solve(problem)

    verdict = verify(problem, plan, certify(problem, plan))
    assert (verdict.valid, verdict.optimal, plan.matched, plan.unmet) == (True, True, 300, 0)
