"""Small problems that can be enumerated, and the enumeration."""

from itertools import product

import numpy as np
from hypothesis import strategies as st

from matching.engine.optimiser import measure
from matching.engine.types import Problem


def problem_of(score, *, allowed=None, minimum=None, maximum=None, locks=(), seed=""):
    score = np.array(score, dtype=np.int32).reshape(len(score), -1)
    n, m = score.shape
    return Problem(
        twin_ids=tuple(f"twin-{i}" for i in range(n)),
        host_ids=tuple(f"host-{j}" for j in range(m)),
        score=score,
        allowed=np.ones((n, m), dtype=bool) if allowed is None else np.array(allowed, dtype=bool).reshape(n, m),
        minimum=np.array([0] * m if minimum is None else minimum, dtype=np.int64),
        maximum=np.array([3] * m if maximum is None else maximum, dtype=np.int64),
        locks=tuple(locks),
        seed=seed,
    )


@st.composite
def problems(draw, with_locks=True, max_score=4):
    n, m = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    cells = st.lists(st.integers(0, max_score), min_size=n * m, max_size=n * m)
    score = np.array(draw(cells), dtype=np.int32).reshape(n, m)
    allowed = np.array(
        draw(st.lists(st.sampled_from([True, True, True, False]), min_size=n * m, max_size=n * m)), dtype=bool
    ).reshape(n, m)
    maximum = draw(st.lists(st.integers(0, 3), min_size=m, max_size=m))
    minimum = [draw(st.integers(0, most)) if draw(st.booleans()) else 0 for most in maximum]
    left, locks = list(maximum), []
    for i in range(n):
        open_hosts = [j for j in range(m) if allowed[i, j] and left[j]]
        if with_locks and open_hosts and draw(st.integers(0, 4)) == 0:
            j = draw(st.sampled_from(open_hosts))
            left[j] -= 1
            locks.append((i, j))
    return Problem(
        tuple(f"twin-{i}" for i in range(n)),
        tuple(f"host-{j}" for j in range(m)),
        score,
        allowed,
        np.array(minimum, dtype=np.int64),
        np.array(maximum, dtype=np.int64),
        tuple(locks),
        seed=draw(st.sampled_from(["", "a", "b"])),
    )


def valid_plans(problem):
    """Every plan that keeps the rules; minimums may stay unmet, as the engine reports them instead of failing."""
    n, m = problem.score.shape
    locks = dict(problem.locks)
    choices = [[locks[i]] if i in locks else [-1, *(j for j in range(m) if problem.allowed[i, j])] for i in range(n)]
    for host_of in product(*choices):
        load = np.bincount([j for j in host_of if j >= 0], minlength=m)
        if (load <= problem.maximum).all():
            yield measure(problem, host_of)


def aims(plan):
    """What is better is larger: fewer empty minimum seats, then more matched, then the total."""
    return (-plan.unmet, plan.matched, plan.total)


def floor_of(problem, plan):
    """The lowest score among the twins that were free to move."""
    locked = {i for i, _ in problem.locks}
    return min((int(problem.score[i, j]) for i, j in enumerate(plan.host_of) if j >= 0 and i not in locked), default=0)
