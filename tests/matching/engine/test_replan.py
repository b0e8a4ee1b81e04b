"""Re-matching with the least disruption, against every plan of small worlds."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.scenarios import replan
from matching.engine.types import Problem


@st.composite
def broken_worlds(draw):
    """(problem, present, weight): up to four twins and three hosts, a plan of which some pairs are gone."""
    twins, hosts = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    seats = draw(st.lists(st.integers(0, 2), min_size=hosts, max_size=hosts))
    cells = twins * hosts
    score = np.array(draw(st.lists(st.integers(0, 6), min_size=cells, max_size=cells))).reshape(twins, hosts)
    allowed = np.array(draw(st.lists(st.booleans(), min_size=cells, max_size=cells))).reshape(twins, hosts)
    load, present = [0] * hosts, []
    for twin in range(twins):
        host = draw(st.integers(-1, hosts - 1))
        if host >= 0 and allowed[twin, host] and load[host] < seats[host]:
            load[host] += 1
        else:
            host = -1
        present.append(host)
    weight = draw(st.lists(st.integers(1, 4), min_size=twins, max_size=twins))
    weight = [number if host >= 0 else 0 for number, host in zip(weight, present, strict=True)]
    locks = tuple((row, host) for row, host in enumerate(present) if host >= 0 and draw(st.integers(0, 3)) == 0)
    problem = Problem(
        twin_ids=tuple(f"t{number}" for number in range(twins)),
        host_ids=tuple(f"h{number}" for number in range(hosts)),
        score=score.astype(np.int64),
        allowed=allowed,
        minimum=np.zeros(hosts, dtype=np.int64),
        maximum=np.array(seats, dtype=np.int64),
        locks=locks,
    )
    return problem, present, weight


def options_of(problem, present, weight, **limits):
    """The engine's options: a twin that has no place now is new, and a change costs what the pair weighs."""
    names = {f"t{row}": f"h{host}" for row, host in enumerate(present) if host >= 0}
    return replan(
        problem, names, protection={f"t{row}": max(weight[row] - 1, 0) for row in range(len(weight))}, **limits
    )


def kept_by(option, present, weight):
    return sum(worth for host, now, worth in zip(option.plan.host_of, present, weight, strict=True) if host == now >= 0)


def every_plan(problem, present, weight):
    """(kept, total) of all valid plans that match as many twins as possible."""
    found = []
    for plan in product(range(-1, len(problem.host_ids)), repeat=len(problem.twin_ids)):
        seated = [(row, host) for row, host in enumerate(plan) if host >= 0]
        load = [sum(host == column for _row, host in seated) for column in range(len(problem.host_ids))]
        if any(not problem.allowed[pair] for pair in seated) or any(plan[row] != host for row, host in problem.locks):
            continue
        if any(count > most for count, most in zip(load, problem.maximum, strict=True)):
            continue
        kept = sum(weight[row] for row, host in seated if present[row] == host)
        found.append((len(seated), kept, int(sum(problem.score[pair] for pair in seated)), plan))
    most = max(row[0] for row in found)
    return {plan: (kept, total) for matched, kept, total, plan in found if matched == most}


@given(broken_worlds())
@settings(max_examples=150)
def test_no_plan_that_disturbs_as_little_has_a_higher_total(world):
    plans = every_plan(*world)
    _problem, present, weight = world

    for option in options_of(*world):
        kept, total = kept_by(option, present, weight), option.plan.total
        assert plans[option.plan.host_of] == (kept, total)
        assert option.cost == sum(weight) - kept
        assert max(other for stays, other in plans.values() if stays >= kept) == total
        assert max(stays for stays, other in plans.values() if other >= total) == kept
        assert option.proven


@given(broken_worlds())
@settings(max_examples=150)
def test_options_go_from_the_fewest_changes_to_the_best_total_in_steps_that_gain(world):
    plans = every_plan(*world).values()
    _problem, present, weight = world
    options = options_of(*world, most=5)

    figures = [(kept_by(option, present, weight), option.plan.total) for option in options]
    assert figures[0][0] == max(kept for kept, _total in plans)
    assert figures[-1][1] == max(total for _kept, total in plans)
    assert figures == sorted(set(figures), key=lambda row: (-row[0], row[1]))
    assert len(options) <= 5


def test_a_step_between_the_ends_is_found():
    """Moving one twin gains 5, moving both gains 6: three plans, none of them wasteful."""
    score = np.array([[1, 6, 0, 0], [0, 0, 4, 5]], dtype=np.int64)
    problem = Problem(
        twin_ids=("t0", "t1"),
        host_ids=("h0", "h1", "h2", "h3"),
        score=score,
        allowed=np.ones((2, 4), dtype=bool),
        minimum=np.zeros(4, dtype=np.int64),
        maximum=np.ones(4, dtype=np.int64),
    )
    options = options_of(problem, (0, 2), (1, 1))
    assert [(option.plan.host_of, option.cost, option.plan.total) for option in options] == [
        ((0, 2), 0, 5),
        ((1, 2), 1, 10),
        ((1, 3), 2, 11),
    ]
