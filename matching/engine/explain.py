"""What any other choice would cost, exactly, from one matrix instead of one solve per question.

Nodes are the hosts, the waiting list and a sink for free seats. The length of an arc from host a to host b is the
least that is lost when some twin now at a moves to b; shortest paths then give the cheapest chain of moves that
makes room. Values add one large constant per matched twin and a larger one per minimum seat, as in the proof.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .certificate import Certificate, certify, verify, worth_of
from .flow import least_by_place
from .optimiser import solve
from .plans import measure, with_lock, worst_of
from .types import Plan, Problem, Progress, Stop, UnsolvableRules
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
FEW_ENOUGH = 8
"""Hosts for which a second best is looked for by solving once for each."""


class Explainer:
    """Answers for one optimal plan. What is asked of one twin costs about hosts squared, once for each host that somebody
    would leave; all prices together cost full hosts cubed, once, and are look-ups afterwards.

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
        self._columns: dict[int, NDArray[Any]] = {}  # what `_to` has found

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
    def _arcs(self) -> NDArray[Any]:
        """Length of the cheapest arc between any two nodes."""
        size = self._sink + 1
        length = np.full((size, size), self._far, dtype=self._base.dtype)
        moving = np.flatnonzero(~self._frozen)
        loss = np.minimum(self._own[moving, None] - self._worth[moving], self._far)
        length[:-1, :-1] = least_by_place(loss, self._place[moving], self._far)
        length[:-2, self._sink], length[self._sink, :-2] = self._seat_values()
        length[self._waiting, self._sink] = length[self._sink, self._waiting] = 0
        np.fill_diagonal(length, 0)
        return length

    @cached_property
    def _own(self) -> NDArray[Any]:
        """What each twin is worth where it is."""
        own: NDArray[Any] = self._worth[np.arange(len(self._place)), self._place]
        return own

    def _seat_values(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """What one twin more costs at each host (far when full), and one twin fewer."""
        least, most = self._problem.minimum, self._problem.maximum
        more, fewer = (np.zeros(self._waiting, dtype=self._base.dtype) for _ in range(2))
        more[self._load < least], fewer[self._load <= least] = -self._seat, self._seat
        more[self._load >= most], fewer[self._load <= 0] = self._far, self._far
        return more, fewer

    @cached_property
    def _distances(self) -> NDArray[Any]:
        """The least that a chain of moves from any node to any other loses.

        To all hosts with a seat to spare the way is the same as to the sink, and back, but for what their own seat is
        worth: so they and the sink are one node, and the others alone are gone through (Floyd and Warshall).
        """
        length, sink = self._arcs, self._sink
        spare = np.flatnonzero(length[:, sink] + length[sink] == 0)
        full = np.setdiff1d(np.arange(sink + 1), spare)
        offset = length[:, sink].copy()
        offset[full] = 0
        level = length - offset[:, None] + offset  # as if no seat had a worth of its own
        core = np.empty((full.size + 1, full.size + 1), dtype=length.dtype)
        core[:-1, :-1] = level[np.ix_(full, full)]
        core[:-1, -1], core[-1, :-1] = level[np.ix_(full, spare)].min(axis=1), level[np.ix_(spare, full)].min(axis=0)
        core[-1, -1] = 0
        for middle in range(len(core)):
            if middle % 16 == 0:
                self._watch(middle / len(core), "prices")
            np.minimum(core, core[:, middle, None] + core[middle], out=core)
        self._watch(1, "prices")
        node = np.full(sink + 1, full.size)
        node[full] = np.arange(full.size)
        distance: NDArray[Any] = core[np.ix_(node, node)] + offset[:, None] - offset
        np.fill_diagonal(distance, 0)
        return distance

    def _to(self, end: int) -> NDArray[Any]:
        """The column of ``_distances`` for one end, without looking at all others (Bellman and Ford, backwards)."""
        if "_distances" in self.__dict__:
            column: NDArray[Any] = self._distances[:, end]
            return column
        if end not in self._columns:
            length = self._arcs
            distance = length[:, end].copy()
            news = np.flatnonzero(distance < self._far)
            for step in range(len(length)):
                if step % 16 == 0:
                    self._watch(step / len(length), "prices")
                shorter = (length[:, news] + distance[news]).min(axis=1, initial=self._far)
                news = np.flatnonzero(shorter < distance)
                if not news.size:
                    break
                distance[news] = shorter[news]
            self._columns[end] = distance
        return self._columns[end]

    def loss(self, twin: int, host: int) -> int | None:
        """What the value of the plan falls by when this pair is forced; None when no plan above the floor contains it.

        In points where nothing else changes; a twin or a minimum seat lost, or an aim hurt, counts far more.
        """
        here = int(self._place[twin])
        if host == here:
            return 0
        if self._frozen[twin] or self._worth[twin, host] <= -self._far or self._problem.maximum[host] < 1:
            return None
        back = int(self._to(here)[host])
        if back >= self._far // 2:
            return None
        return int(self._worth[twin, here] - self._worth[twin, host]) + back

    def losses(self) -> NDArray[Any]:
        """[twins, hosts] of ``loss``, IMPOSSIBLE where no plan above the floor contains the pair."""
        m, here = self._waiting, self._place
        own = self._own[:, None] - self._worth[:, :m]
        back = self._distances[:m, here].T
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
        """The asked twin's move, then the fewest moves that make room for it at the least loss."""
        here = int(self._place[twin])
        moves = [Move(twin, here, host)] if host != here else []
        nodes = self._way(host, here)
        for node, following in pairwise(nodes):
            if self._sink not in (node, following):
                moves.append(Move(self._mover(node, following), node, following))
        return moves

    def _way(self, start: int, end: int) -> list[int]:
        """The nodes of a shortest chain with the fewest steps: a step is on one when nothing is lost by taking it."""
        distance, before, reached = self._to(end), {start: start}, deque([start])
        while end not in before:
            node = reached.popleft()
            ahead = self._arcs[node] + distance == distance[node]
            for following in np.flatnonzero(ahead & (self._arcs[node] < self._far // 2)).tolist():
                if following not in before:
                    before[following] = node
                    reached.append(following)
        way = [end]
        while way[-1] != start:
            way.append(before[way[-1]])
        return way[::-1]

    def _mover(self, node: int, following: int) -> int:
        """The twin that loses least by moving from one node to another."""
        here = np.flatnonzero((self._place == node) & ~self._frozen)
        return int(here[(self._worth[here, node] - self._worth[here, following]).argmin()])

    def second_best(self, twin: int) -> int | None:
        """The host that would cost the least instead of the present one.

        None where there is none, and where every answer would have to be solved for and nothing bounds it beforehand: with
        a reserve, or under side constraints for another objective than the total, beyond a few hosts.
        """
        here = int(self._place[twin])
        others = [j for j in range(self._waiting) if j != here]
        if self._by_matrix:
            losses = [(loss, j) for j in others if (loss := self.loss(twin, j)) is not None]
            return min(losses)[1] if losses else None
        others = [j for j in others if self._problem.allowed[twin, j] and self._problem.maximum[j] > 0]
        least = self._least_losses(twin)
        if least is None and len(others) > FEW_ENOUGH:
            return None
        best: tuple[int, int] | None = None
        for j in others if least is None else sorted(others, key=lambda j: int(least[j])):
            if best is not None and least is not None and least[j] > best[0]:
                break
            loss = self._loss_solved_for(twin, j)
            if loss is not None:
                best = min((loss, j), best or (loss, j))
        return best[1] if best else None

    def _loss_solved_for(self, twin: int, host: int) -> int | None:
        """What the plan is worth less with this pair, whoever has to move for it; None where that cannot be."""
        if self._frozen[twin]:
            return None
        before, matched = self._plan, worth_of(self._problem, self._plan)[1]
        try:
            plan = solve(with_lock(self._problem, twin, host), before.objective)
        except UnsolvableRules:
            return None
        loss = (plan.unmet - before.unmet) * self._seat + (before.matched - plan.matched) * matched
        return loss + before.total - plan.total

    def _least_losses(self, twin: int) -> NDArray[Any] | None:
        """[hosts]: what forcing a pair costs at least, by the prices that prove the plan; None where these say nothing.

        A plan with the pair cannot exceed the bound of the proof less what the pair falls short of its price.
        """
        proof = self._proof
        if proof is None:
            return None
        tolls = np.zeros(self._waiting, dtype=np.int64)
        for number, group in enumerate(self._problem.groups):
            if proof.tolls is not None and twin in group.members:
                tolls += proof.tolls[number]
        bonus = np.array([[self._seat], [0]], dtype=np.int64)
        slack = proof.profit[twin] + proof.price + tolls - proof.scale * (self._base[twin] + bonus)
        gap = verify(self._problem, self._plan, proof)
        found: NDArray[Any] = slack.min(axis=0) // proof.scale - (gap.bound - gap.total)
        return found

    @cached_property
    def _proof(self) -> Certificate | None:
        plan = self._plan
        return certify(self._problem, plan) if plan.objective == "total" and not self._problem.reserve else None
