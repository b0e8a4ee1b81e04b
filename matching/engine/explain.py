"""What any other choice would cost, exactly, from one matrix instead of one solve per question.

Nodes are the hosts, the waiting list and a sink for free seats. The length of an arc from host a to host b is the
least that is lost when some twin now at a moves to b; shortest paths then give the cheapest chain of moves that
makes room. Values add one large constant per matched twin and a larger one per minimum seat, as in the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .certificate import worth_of
from .optimiser import solve
from .plans import measure, with_lock, worst_of
from .types import IntVector, Plan, Problem, Progress, Stop, UnsolvableRules
from .watch import Watch

FAR = np.iinfo(np.int64).max // 8


@dataclass(frozen=True, slots=True)
class Move:
    """One twin changes its place; -1 is the waiting list."""

    twin: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What forcing one pair costs: points of the total, twins left without a host, minimum seats left empty.

    ``moves`` begins with the asked twin. ``worst`` is how far the lowest score falls. An impossible pair has
    ``possible`` false and costs nothing.
    """

    possible: bool
    points: int = 0
    unmatched: int = 0
    unmet: int = 0
    moves: tuple[Move, ...] = ()
    worst: int = 0


IMPOSSIBLE = -1


class Explainer:
    """Answers for one optimal plan. The first answer costs hosts cubed; every one after that is a look-up.

    Where side constraints, a reserve, or a pair below the floor take a question out of the matrix, the problem is
    solved again with the pair in it. Raises Cancelled when ``stop`` says so.
    """

    def __init__(
        self, problem: Problem, plan: Plan, *, stop: Stop | None = None, progress: Progress | None = None
    ) -> None:
        self._problem, self._plan, self._watch = problem, plan, Watch(stop, progress)
        n, m = len(problem.twin_ids), len(problem.host_ids)
        self._waiting, self._sink = m, m + 1
        self._base, _, self._seat = worth_of(problem, plan)
        self._far = FAR if self._base.dtype != object else 8 * self._seat * (n + m + 2)
        self._place = np.array([j if j >= 0 else m for j in plan.host_of], dtype=np.int64)
        self._load = np.bincount(self._place, minlength=m + 1)[:m].astype(np.int64)
        self._frozen = np.zeros(n, dtype=bool)
        self._frozen[[i for i, _ in problem.locks]] = True
        self._by_matrix = not problem.groups and not problem.reserve

    @cached_property
    def _worth(self) -> NDArray[Any]:
        """[twins, hosts + waiting]: what a pair is worth, being matched included; far below where not allowed."""
        may = self._problem.allowed & (self._problem.score >= self._plan.floor)
        hosts = np.where(may, self._base, -self._far)
        worth = np.concatenate([hosts, np.zeros((len(self._problem.twin_ids), 1), dtype=hosts.dtype)], axis=1)
        for i, j in self._problem.locks:
            worth[i, j] = self._base[i, j]
        return worth

    @cached_property
    def _arcs(self) -> tuple[NDArray[Any], IntVector]:
        """Length and moving twin of the cheapest arc between any two nodes."""
        size = self._sink + 1
        length = np.full((size, size), self._far, dtype=self._base.dtype)
        mover = np.full((size, size), -1, dtype=np.int64)
        for node in range(self._sink):
            here = np.flatnonzero((self._place == node) & ~self._frozen)
            if here.size:
                loss = self._worth[here, node][:, None] - self._worth[here]
                least = loss.argmin(axis=0)
                length[node, : self._sink] = np.minimum(loss[least, np.arange(self._sink)], self._far)
                mover[node, : self._sink] = here[least]
        length[:-2, self._sink], length[self._sink, :-2] = self._seat_values()
        length[self._waiting, self._sink] = length[self._sink, self._waiting] = 0
        np.fill_diagonal(length, 0)
        return length, mover

    def _seat_values(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """What one twin more costs at each host (FAR when full), and one twin fewer."""
        least, most = self._problem.minimum, self._problem.maximum
        more = np.where(self._load >= most, self._far, np.where(self._load < least, -self._seat, 0))
        fewer = np.where(self._load <= 0, self._far, np.where(self._load <= least, self._seat, 0))
        return more.astype(self._base.dtype), fewer.astype(self._base.dtype)

    @cached_property
    def _paths(self) -> tuple[NDArray[Any], IntVector]:
        """Shortest distances and the next node on the way (Floyd and Warshall)."""
        length = self._arcs[0].copy()
        after = np.where(length < self._far // 2, np.arange(len(length))[None, :], -1)
        for middle in range(len(length)):
            if middle % 16 == 0:
                self._watch(middle / len(length), "prices")
            through = length[:, [middle]] + length[[middle], :]
            shorter = through < length
            length = np.where(shorter, through, length)
            after = np.where(shorter, after[:, [middle]], after)
        self._watch(1, "prices")
        return length, after

    def loss(self, twin: int, host: int) -> int | None:
        """What the value of the plan falls by when this pair is forced; None when no plan above the floor contains it.

        In points where nothing else changes; a twin or a minimum seat lost, or an aim hurt, counts far more.
        """
        here = int(self._place[twin])
        if host == here:
            return 0
        if self._frozen[twin] or self._worth[twin, host] <= -self._far or self._problem.maximum[host] < 1:
            return None
        back = int(self._paths[0][host, here])
        if back >= self._far // 2:
            return None
        return int(self._worth[twin, here] - self._worth[twin, host]) + back

    def losses(self) -> NDArray[Any]:
        """[twins, hosts] of ``loss``, IMPOSSIBLE where no plan above the floor contains the pair."""
        n, m = len(self._problem.twin_ids), self._waiting
        here = self._place
        own = self._worth[np.arange(n), here][:, None] - self._worth[:, :m]
        back = self._paths[0][:m, :][:, here].T
        open_seats = (self._worth[:, :m] > -self._far) & (self._problem.maximum > 0)[None, :]
        possible = open_seats & (back < self._far // 2) & ~self._frozen[:, None]
        found = np.where(possible, own + np.where(possible, back, 0), IMPOSSIBLE)
        seated = np.flatnonzero(here < m)
        found[seated, here[seated]] = 0
        return found

    def why_not(self, twin: int, host: int) -> WhyNot:
        """The price of forcing a pair and who would move where."""
        if self._plan.host_of[twin] == host:
            return WhyNot(possible=True)
        if self._by_matrix and self.loss(twin, host) is not None:
            after = self._place.copy()
            moves = tuple(Move(m.twin, self._name(m.before), self._name(m.after)) for m in self._chain(twin, host))
            for move in moves:
                after[move.twin] = move.after
            answer = self._answer([-1 if j == self._waiting else int(j) for j in after], moves)
            # Above a floor a twin may have to go where a lower floor would keep it, and keeping it comes first.
            if not self._plan.floor or (answer.unmatched <= 0 and answer.unmet <= 0):
                return answer
        return self._solved_again(twin, host)

    def _solved_again(self, twin: int, host: int) -> WhyNot:
        if self._frozen[twin] or (self._by_matrix and self._plan.floor == 0):
            return WhyNot(possible=False)
        forced = with_lock(replace(self._problem, keep=self._plan.host_of), twin, host)
        try:
            plan = solve(forced, self._plan.objective)
        except UnsolvableRules:
            return WhyNot(possible=False)
        moves = [Move(i, a, b) for i, (a, b) in enumerate(zip(self._plan.host_of, plan.host_of, strict=True)) if a != b]
        return self._answer(plan.host_of, tuple(sorted(moves, key=lambda move: move.twin != twin)))

    def _answer(self, after: Sequence[int], moves: tuple[Move, ...]) -> WhyNot:
        figures, before = measure(self._problem, after), self._plan
        worst = worst_of(self._problem, before.host_of) - worst_of(self._problem, after)
        return WhyNot(
            True,
            before.total - figures.total,
            before.matched - figures.matched,
            figures.unmet - before.unmet,
            moves,
            worst,
        )

    def _name(self, node: int) -> int:
        return -1 if node == self._waiting else node

    def _chain(self, twin: int, host: int) -> list[Move]:
        """The asked twin's move, then the moves along the shortest path that make room for it."""
        here = int(self._place[twin])
        moves = [Move(twin, here, host)] if host != here else []
        after, mover = self._paths[1], self._arcs[1]
        node = host
        while node != here:
            following = int(after[node, here])
            if self._sink not in (node, following):
                moves.append(Move(int(mover[node, following]), node, following))
            node = following
        return moves

    def second_best(self, twin: int) -> int | None:
        """The host that would cost the least instead of the present one."""
        here = int(self._place[twin])
        others = [j for j in range(self._waiting) if j != here]
        if self._by_matrix:
            losses = [(loss, j) for j in others if (loss := self.loss(twin, j)) is not None]
            return min(losses)[1] if losses else None
        answers = [(answer, j) for j in others if (answer := self.why_not(twin, j)).possible]
        return (
            min(answers, key=lambda row: (row[0].unmet, row[0].unmatched, row[0].points, row[1]))[1]
            if answers
            else None
        )
