"""Plans between "as it is" and "the best": exact for every exchange between what stays and what is gained.

Numbers in, numbers out: rows are twins, columns hosts. A plan found here maximises a * total + b * kept for some a, b > 0
among the plans that match as many twins as possible. So no plan that keeps as much has a higher total.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..engine.optimiser import solve
from ..engine.types import Problem

MOST = 5


@dataclass(frozen=True, slots=True)
class Replan:
    """Who goes where, what the pairs that stay weigh, and the sum of the scores."""

    host_of: tuple[int, ...]
    kept: int
    total: int


def replans(problem: Problem, present: Sequence[int], weight: Sequence[int], *, most: int = MOST) -> list[Replan]:
    """Plans from the least disruption to the best total, each better in total than the one before; at most `most`.

    `present[i]` is the column of twin i now, or -1; `weight[i]` what it counts that this pair stays. Locks of the problem
    hold in all of them. Raises UnsolvableRules.
    """
    search = _Search(problem, tuple(present), tuple(weight))
    score = int(problem.score.max(initial=0))
    fewest = search.best(1, score * len(present) + 1)
    best = search.best(sum(weight) + 1, 1)
    found = [fewest, *search.between(fewest, best, most - 2), best]
    return [plan for place, plan in enumerate(found) if plan not in found[:place]]


@dataclass(frozen=True, slots=True)
class _Search:
    problem: Problem
    present: tuple[int, ...]
    weight: tuple[int, ...]

    def best(self, gain: int, stay: int) -> Replan:
        """The plan with the most `gain` * total + `stay` * kept."""
        worth = self.problem.score.astype(np.int64) * gain
        for row, column in enumerate(self.present):
            if column >= 0:
                worth[row, column] += stay * self.weight[row]
        plan = solve(replace(self.problem, score=worth))
        return self.measured(plan.host_of)

    def measured(self, host_of: tuple[int, ...]) -> Replan:
        kept = sum(
            weight
            for host, now, weight in zip(host_of, self.present, self.weight, strict=True)
            if host >= 0 and host == now
        )
        total = sum(int(self.problem.score[row, host]) for row, host in enumerate(host_of) if host >= 0)
        return Replan(tuple(host_of), kept, total)

    def between(self, few: Replan, many: Replan, most: int) -> list[Replan]:
        """Plans above the straight line between two plans, in the order of their totals; the widest gap first."""
        if most < 1 or few.kept <= many.kept or few.total >= many.total:
            return []
        gain, stay = few.kept - many.kept, many.total - few.total
        middle = self.best(gain, stay)
        if gain * middle.total + stay * middle.kept <= gain * few.total + stay * few.kept:
            return []
        left = self.between(few, middle, (most - 1) // 2)
        right = self.between(middle, many, most - 1 - len(left))
        return [*left, middle, *right]
