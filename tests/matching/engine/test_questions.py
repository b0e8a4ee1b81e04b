"""Ties, the trade-off, stability, effects of one act, differences and re-matching, each against enumeration."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.certificate import certify, verify
from matching.engine.curve import guarantee_first, guarantee_floor, least_first, ranks_of, tradeoff
from matching.engine.effects import Studio
from matching.engine.explain import IMPOSSIBLE, Explainer
from matching.engine.optimiser import solve
from matching.engine.plans import worst_of
from matching.engine.scenarios import alternatives, difference, replan
from matching.engine.stability import blocking_pairs
from matching.engine.ties import next_best, ties
from matching.engine.types import Cancelled
from tests.matching.engine.test_aims import fair, grouped_problems, keeps_groups
from tests.matching.engine.worlds import aims, floor_of, problem_of, problems, valid_plans

OBJECTIVES = st.sampled_from(["total", "worst_first", "leximin"])


def worth(problem, plan, objective):
    """What an objective compares: larger is better."""
    if objective == "leximin":
        return fair(problem, plan)
    floor = floor_of(problem, plan) if objective == "worst_first" else 0
    return (-plan.unmet, plan.matched, floor, plan.total)


@settings(max_examples=40)
@given(grouped_problems())
def test_the_second_best_host_under_side_constraints_costs_no_more_than_any_other(problem):
    plan = solve(problem)
    explainer = Explainer(problem, plan)
    for twin in range(min(len(problem.twin_ids), 2)):
        answers = {j: explainer.why_not(twin, j) for j in range(len(problem.host_ids)) if plan.host_of[twin] != j}
        losses = {j: (one.unmet, one.unmatched, one.points) for j, one in answers.items() if one.possible}

        second = explainer.second_best(twin)

        assert losses.get(second) == min(losses.values(), default=None)


@given(problems(), OBJECTIVES)
def test_all_equally_good_plans_are_counted_and_their_pairs_listed(problem, objective):
    plan = solve(problem, objective)
    best = worth(problem, plan, objective)
    equal = {one.host_of for one in valid_plans(problem) if worth(problem, one, objective) == best}

    found = ties(problem, plan)

    assert (set(found.plans), found.count, found.exact) == (equal, len(equal), True)
    assert found.plans[0] == plan.host_of
    assert set(found.pairs) == {(i, j) for host_of in equal for i, j in enumerate(host_of) if j >= 0}


def test_more_ties_than_the_limit_are_said_to_be_at_least_so_many():
    problem = problem_of(np.zeros((9, 9)), maximum=[1] * 9)

    found = ties(problem, solve(problem), limit=50)

    assert (found.count, found.exact, len(found.pairs)) == (50, False, 81)


@given(problems())
def test_the_next_best_plans_are_all_others_that_keep_the_aims_by_their_totals(problem):
    plan = solve(problem)
    others = [
        one
        for one in valid_plans(problem)
        if (one.unmet, one.matched) == (plan.unmet, plan.matched) and one.host_of != plan.host_of
    ]

    found = next_best(problem, plan, count=30)

    assert [one.total for one in found] == sorted((one.total for one in others), reverse=True)[:30]
    assert len({one.host_of for one in found}) == len(found)
    assert {one.host_of for one in found} <= {one.host_of for one in others}


@given(problems())
def test_losses_of_all_pairs_are_those_of_single_questions(problem):
    explainer = Explainer(problem, solve(problem))
    table = explainer.losses()

    for i in range(len(problem.twin_ids)):
        for j in range(len(problem.host_ids)):
            loss = explainer.loss(i, j)
            assert table[i, j] == (IMPOSSIBLE if loss is None else loss)


@settings(max_examples=40)
@given(grouped_problems())
def test_the_price_of_a_pair_under_side_constraints_equals_two_totals_computed_apart(problem):
    plan = solve(problem)
    rivals = [one for one in valid_plans(problem) if keeps_groups(problem, one)]
    explainer = Explainer(problem, plan)
    for twin in range(min(len(problem.twin_ids), 2)):
        for host in range(len(problem.host_ids)):
            values = [aims(one) for one in rivals if one.host_of[twin] == host]
            answer = explainer.why_not(twin, host)
            assert answer.possible == bool(values)
            if values:
                unmet, matched, total = max(values)
                prices = (-unmet - plan.unmet, plan.matched - matched, plan.total - total)
                assert (answer.unmet, answer.unmatched, answer.points) == prices


@given(problems(max_score=6))
def test_a_pair_of_a_fair_plan_can_be_priced_wherever_it_is_possible(problem):
    plan = solve(problem, "leximin")
    possible = {pair for one in valid_plans(problem) for pair in enumerate(one.host_of)}
    explainer = Explainer(problem, plan)
    for twin in range(len(problem.twin_ids)):
        for host in range(len(problem.host_ids)):
            answer = explainer.why_not(twin, host)
            assert answer.possible == ((twin, host) in possible)


def test_a_pair_below_the_floor_is_priced_and_not_called_impossible():
    problem = problem_of([[5, 9], [4, 8]], maximum=[1, 1])
    plan = solve(problem, "worst_first")
    assert (plan.host_of, plan.floor) == ((0, 1), 5)

    answer = Explainer(problem, plan).why_not(1, 0)

    assert (answer.possible, answer.points, answer.worst) == (True, 0, 1)
    assert [(move.twin, move.after) for move in answer.moves] == [(1, 0), (0, 1)]


@given(problems())
def test_the_curve_holds_the_best_total_above_each_floor_up_to_the_fairest_plan(problem):
    curve = tradeoff(problem)
    best = solve(problem)
    rivals = [one for one in valid_plans(problem) if aims(one)[:2] == aims(best)[:2]]

    assert curve[0].total == best.total
    assert curve[-1].worst == max(floor_of(problem, one) for one in rivals)
    assert fair(problem, curve[-1].plan) == max(fair(problem, one) for one in rivals)
    for point in curve[:-1]:
        assert point.total == max(one.total for one in rivals if floor_of(problem, one) >= point.worst)
        assert verify(problem, point.plan, certify(problem, point.plan)).valid
    assert [point.worst for point in curve] == sorted(point.worst for point in curve)
    # Every lowest score that some best plan has is on the curve.
    corners = {
        max(floor_of(problem, one) for one in rivals if one.total == point.total) for point in curve
    }  # fmt: skip
    assert corners <= {point.worst for point in curve}


@given(problems(), st.integers(0, 4))
def test_a_promise_is_kept_where_some_plan_keeps_it_and_refused_elsewhere(problem, first):
    best = solve(problem)
    ranks = ranks_of(problem)
    rivals = [one for one in valid_plans(problem) if aims(one)[:2] == aims(best)[:2]]

    def keeps(one):
        return all(1 <= ranks[i, j] <= first for i, j in enumerate(one.host_of) if j >= 0)

    answer = guarantee_first(problem, first)

    assert answer.attainable == any(map(keeps, rivals))
    if answer.attainable:
        assert keeps(answer.plan)
        assert answer.points == best.total - max(one.total for one in rivals if keeps(one))
    assert guarantee_first(problem, least_first(problem)).attainable


def test_a_floor_above_what_a_twin_can_have_names_the_twin():
    problem = problem_of([[5, 9], [2, 3]], maximum=[1, 1])

    answer = guarantee_floor(problem, 4)

    assert (answer.attainable, answer.short) == (False, (1,))


@given(problems())
def test_with_one_shared_score_a_best_plan_without_ties_still_may_block_and_each_pair_named_does(problem):
    plan = solve(problem)
    locked = dict(problem.locks)
    load = np.bincount([j for j in plan.host_of if j >= 0], minlength=len(problem.host_ids))

    def blocks(i, j):
        here = plan.host_of[i]
        if i in locked or not problem.allowed[i, j] or (here >= 0 and problem.score[i, j] <= problem.score[i, here]):
            return False
        others = [k for k, at in enumerate(plan.host_of) if at == j and k not in locked]
        return load[j] < problem.maximum[j] or any(problem.score[k, j] < problem.score[i, j] for k in others)

    n, m = problem.score.shape
    assert set(blocking_pairs(problem, plan)) == {(i, j) for i in range(n) for j in range(m) if blocks(i, j)}


@given(problems(), st.data(), OBJECTIVES)
def test_what_an_act_changes_equals_two_solves(problem, data, objective):
    if not problem.score.size:
        return
    n, m = problem.score.shape
    twin, host = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, m - 1))
    plan = solve(problem, objective)
    studio = Studio(problem, plan)
    act = data.draw(st.sampled_from(["lock", "veto", "lift", "release", "seat"]))
    effect = getattr(studio, act)(*{"release": (twin,), "seat": (host,)}.get(act, (twin, host)))

    if not effect.possible:
        assert effect.issues
        return
    alone = solve(effect.problem, objective)
    assert worth(effect.problem, effect.plan, objective) == worth(effect.problem, alone, objective)
    assert effect.points == effect.plan.total - plan.total
    assert effect.unmatched == plan.matched - effect.plan.matched
    after = list(plan.host_of)
    for move in effect.moves:
        assert after[move.twin] == move.before
        after[move.twin] = move.after
    assert tuple(after) == effect.plan.host_of


@given(problems(), st.data())
def test_among_equals_an_act_moves_as_few_twins_as_possible(problem, data):
    if not problem.score.size:
        return
    n, m = problem.score.shape
    plan = solve(problem)
    effect = Studio(problem, plan).lock(data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, m - 1)))
    if not effect.possible:
        return
    equal = [one for one in valid_plans(effect.problem) if aims(one) == aims(effect.plan)]

    def moved(one):
        return sum(a != b and a >= 0 for a, b in zip(plan.host_of, one.host_of, strict=True))

    assert moved(effect.plan) == min(map(moved, equal))


def test_a_move_changes_one_twin_and_says_what_stands_in_its_way():
    problem = problem_of([[9, 1], [8, 7]], maximum=[1, 2], allowed=[[1, 0], [1, 1]])
    studio = Studio(problem, solve(problem))

    assert [issue.code for issue in studio.move(1, 0).issues] == ["full"]
    assert [issue.code for issue in studio.move(0, 1).issues] == ["forbidden"]
    effect = studio.move(1, -1)
    assert (effect.points, effect.unmatched, effect.plan.host_of) == (-7, 1, (0, -1))


@given(problems(), st.data())
def test_a_difference_adds_up(problem, data):
    plans = list(valid_plans(problem))
    before, after = data.draw(st.sampled_from(plans)), data.draw(st.sampled_from(plans))

    found = difference(problem, before, after)

    assert sum(shift.gain for shift in found.moved) == found.points == after.total - before.total
    assert len(found.moved) + found.kept == len(before.host_of)
    assert {shift.twin for shift in found.gainers + found.losers} <= {shift.twin for shift in found.moved}
    assert found.worst == worst_of(problem, after.host_of) - worst_of(problem, before.host_of)


@given(problems())
def test_alternatives_are_valid_different_and_keep_the_first_aims(problem):
    plan = solve(problem)
    others = alternatives(problem, plan)
    valid = {one.host_of for one in valid_plans(problem)}

    hosts = [plan.host_of, *(other.host_of for other in others)]
    assert len(set(hosts)) == len(hosts)
    assert set(hosts) <= valid
    assert all(aims(other)[:2] == aims(plan)[:2] for other in others)


@settings(max_examples=80)
@given(problems(max_score=8), st.data())
def test_no_plan_with_cheaper_changes_is_as_good_as_an_option(problem, data):
    n, m = problem.score.shape
    before = [data.draw(st.integers(-1, m)) for _ in range(n)]  # m: a host that has left
    names = {f"twin-{i}": f"host-{j}" for i, j in enumerate(before) if j >= 0}
    shield = {f"twin-{i}": data.draw(st.integers(0, 3)) for i in range(n)}
    options = replan(problem, names, protection=shield)
    best = max(aims(one) for one in valid_plans(problem))
    rivals = [one for one in valid_plans(problem) if aims(one)[:2] == best[:2]]

    def cost(one):
        return sum(1 + shield[f"twin-{i}"] for i in range(n) if 0 <= before[i] < m and one.host_of[i] != before[i])

    assert options[-1].plan.total == best[2]
    assert options[0].cost == min(map(cost, rivals))
    for option in options:
        assert option.proven
        assert option.cost == cost(option.plan)
        assert not [one for one in rivals if one.total >= option.plan.total and cost(one) < option.cost]
        assert not [one for one in rivals if one.total > option.plan.total and cost(one) <= option.cost]
        assert option.points == best[2] - option.plan.total


def test_who_was_visited_is_moved_last():
    # A third twin loses its host; room can be made by moving one of two equal twins.
    problem = problem_of([[5, 4], [5, 4], [9, 0]], maximum=[2, 1], allowed=[[1, 1], [1, 1], [1, 0]])
    previous = {"twin-0": "host-0", "twin-1": "host-0", "twin-2": "gone"}

    option = replan(problem, previous, protection={"twin-0": 4})[0]

    assert (option.changed, option.newly, option.cost) == ((1,), (2,), 1)


def test_long_questions_can_be_stopped():
    problem = problem_of(np.arange(30).reshape(6, 5) % 7, maximum=[2] * 5)
    with pytest.raises(Cancelled):
        Explainer(problem, solve(problem), stop=lambda: True).losses()
    with pytest.raises(Cancelled):
        tradeoff(problem, stop=lambda: True)
    with pytest.raises(Cancelled):
        replan(problem, {}, stop=lambda: True)


def test_a_rule_that_is_relaxed_never_lowers_the_optimum():
    rng = np.random.default_rng(5)
    problem = problem_of(rng.integers(0, 99, size=(12, 6)), maximum=[2] * 6, locks=[(0, 1)])
    plan = solve(problem)

    assert Studio(problem, plan).release(0).points >= 0
    assert Studio(replace(problem, allowed=problem.allowed), plan).seat(2).points >= 0
