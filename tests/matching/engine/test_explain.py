from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.certificate import worth_of
from matching.engine.explain import IMPOSSIBLE, Explainer
from matching.engine.feasibility import crowd_of, without_host
from matching.engine.optimiser import solve
from tests.matching.engine.worlds import aims, problem_of, problems, valid_plans


@given(problems())
def test_the_price_of_every_other_pair_equals_two_totals_computed_apart(problem):
    plan = solve(problem)
    explainer = Explainer(problem, plan)
    best_with = {}
    for one in valid_plans(problem):
        for pair in enumerate(one.host_of):
            best_with[pair] = max(aims(one), best_with.get(pair, aims(one)))

    for twin in range(len(problem.twin_ids)):
        for host in range(len(problem.host_ids)):
            answer = explainer.why_not(twin, host)
            assert answer.possible == ((twin, host) in best_with)
            if answer.possible:
                unmet, matched, total = best_with[twin, host]
                assert (answer.unmet, answer.unmatched, answer.points) == (
                    -unmet - plan.unmet,
                    plan.matched - matched,
                    plan.total - total,
                )


@given(problems(max_score=6))
def test_the_price_of_every_pair_of_a_fair_plan_is_what_the_fairest_plan_with_it_weighs_less(problem):
    plan = solve(problem, "leximin")
    worth, _, seat = worth_of(problem, plan)
    best_with = {}
    for one in valid_plans(problem):
        load = np.bincount([j for j in one.host_of if j >= 0], minlength=len(problem.host_ids))
        pairs = [(i, j) for i, j in enumerate(one.host_of) if j >= 0]
        weight = sum(worth[pair] for pair in pairs) + seat * int(np.minimum(load, problem.minimum).sum())
        best_with |= {pair: max(weight, best_with.get(pair, weight)) for pair in pairs}
    losses = Explainer(problem, plan).losses()

    best = max((best_with[pair] for pair in enumerate(plan.host_of) if pair[1] >= 0), default=0)
    for pair in np.ndindex(problem.score.shape):
        assert losses[pair] == (best - best_with[pair] if pair in best_with else IMPOSSIBLE)


@given(problems(), st.data())
def test_the_moves_of_an_answer_make_a_valid_plan_with_the_pair_in_it(problem, data):
    if not problem.score.size:
        return
    plan = solve(problem)
    twin = data.draw(st.integers(0, len(problem.twin_ids) - 1))
    host = data.draw(st.integers(0, len(problem.host_ids) - 1))
    answer = Explainer(problem, plan).why_not(twin, host)
    if not answer.possible:
        return
    after = list(plan.host_of)
    for move in answer.moves:
        assert after[move.twin] == move.before
        after[move.twin] = move.after

    assert after[twin] == host
    assert tuple(after) in {one.host_of for one in valid_plans(problem)}


def test_a_chain_of_moves_names_everyone_who_moves():
    allowed = [[1, 1, 1], [1, 1, 0], [1, 1, 1]]
    problem = problem_of([[9, 0, 0], [8, 7, 0], [0, 6, 5]], allowed=allowed, maximum=[1, 1, 1])
    plan = solve(problem)
    assert plan.host_of == (0, 1, 2)

    answer = Explainer(problem, plan).why_not(2, 1)

    assert answer.points == 21 - 14
    assert [(move.twin, move.before, move.after) for move in answer.moves] == [(2, 2, 1), (1, 1, 0), (0, 0, 2)]


def test_the_second_best_host_is_the_one_that_costs_least():
    problem = problem_of([[9, 4, 6], [9, 1, 8]], maximum=[2, 2, 2])
    plan = solve(problem)

    assert Explainer(problem, plan).second_best(0) == 2


@given(problems())
def test_those_who_compete_for_full_hosts_are_more_than_the_seats(problem):
    plan = solve(replace(problem, minimum=np.zeros_like(problem.minimum)))
    for twin in range(len(problem.twin_ids)):
        if plan.host_of[twin] >= 0:
            continue
        twins, hosts = crowd_of(problem, plan, twin)
        if not hosts:
            assert twin in without_host(problem)
            continue
        seats = int(problem.maximum[list(hosts)].sum())
        assert len(twins) > seats
        locked = {i for i, _ in problem.locks}
        for one in set(twins) - locked:
            reachable = np.flatnonzero(problem.allowed[one] & (problem.maximum > 0))
            assert set(reachable.tolist()) <= set(hosts)
