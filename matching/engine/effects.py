"""What one act in the studio changes, exactly, before anybody commits to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .explain import Move
from .optimiser import solve
from .plans import measure, with_lock, worst_of
from .types import Issue, Plan, Problem, UnsolvableRules


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """After minus before, for the total, the lowest score, twins without a host and empty minimum seats.

    ``problem`` and ``plan`` are those after the act. An impossible act has no plan, and ``issues`` say why.
    """

    possible: bool
    problem: Problem
    plan: Plan | None = None
    points: int = 0
    worst: int = 0
    unmatched: int = 0
    unmet: int = 0
    moves: tuple[Move, ...] = ()
    issues: tuple[Issue, ...] = ()


class Studio:
    """One plan and the acts that are tried on it. Acts solve again, and among equals move as few twins as possible."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._problem, self._plan = replace(problem, keep=plan.host_of), plan

    def lock(self, twin: int, host: int) -> Effect:
        """This twin goes to this host."""
        return self._solved(with_lock(self._problem, twin, host))

    def veto(self, twin: int, host: int) -> Effect:
        """This twin never goes to this host. A lock on the pair is a clash."""
        return self._solved(self._allowing(twin, host, may=False))

    def lift(self, twin: int, host: int) -> Effect:
        """The veto on this pair is lifted."""
        return self._solved(self._allowing(twin, host, may=True))

    def release(self, twin: int) -> Effect:
        """The lock of this twin is dropped."""
        kept = tuple(lock for lock in self._problem.locks if lock[0] != twin)
        return self._solved(replace(self._problem, locks=kept))

    def seat(self, host: int, more: int = 1) -> Effect:
        """The host gets so many seats more, or fewer."""
        maximum = self._problem.maximum.copy()
        maximum[host] += more
        return self._solved(replace(self._problem, maximum=maximum))

    def move(self, twin: int, host: int) -> Effect:
        """This twin alone changes its place, -1 for none; nobody else moves and nothing is solved."""
        after = [*self._plan.host_of]
        before, after[twin] = after[twin], host
        if issues := tuple(self._obstacles(twin, host, after)):
            return Effect(False, self._problem, issues=issues)
        figures = measure(self._problem, after, self._plan.objective)
        moves = (Move(twin, before, host),) if before != host else ()
        return self._compared(self._problem, replace(figures, proven=False), moves)

    def _obstacles(self, twin: int, host: int, after: list[int]) -> list[Issue]:
        problem, found = self._problem, []
        name = problem.twin_ids[twin]
        if dict(problem.locks).get(twin, host) != host:
            found.append(Issue("lock", (name,), f"{name} is locked to another host."))
        if host < 0:
            return found
        where = problem.host_ids[host]
        if not problem.allowed[twin, host]:
            found.append(Issue("forbidden", (name, where), f"A rule forbids {name} at {where}."))
        if after.count(host) > problem.maximum[host]:
            found.append(Issue("full", (where,), f"All {problem.maximum[host]} seats of {where} are taken."))
        for group in problem.groups:
            if twin in group.members and sum(after[i] == host for i in group.members) > group.most[host]:
                text = f"{where} may have at most {group.most[host]} twins of “{group.name}”."
                found.append(Issue("group", (where, group.name), text))
        return found

    def _allowing(self, twin: int, host: int, *, may: bool) -> Problem:
        allowed = self._problem.allowed.copy()
        allowed[twin, host] = may
        return replace(self._problem, allowed=allowed)

    def _solved(self, problem: Problem) -> Effect:
        try:
            plan = solve(problem, self._plan.objective)
        except UnsolvableRules as clash:
            return Effect(False, problem, issues=clash.issues)
        pairs = zip(self._plan.host_of, plan.host_of, strict=True)
        return self._compared(problem, plan, tuple(Move(i, a, b) for i, (a, b) in enumerate(pairs) if a != b))

    def _compared(self, problem: Problem, plan: Plan, moves: tuple[Move, ...]) -> Effect:
        before, unlocked = self._plan, replace(problem, locks=())
        return Effect(
            True,
            problem,
            plan,
            points=plan.total - before.total,
            worst=worst_of(unlocked, plan.host_of) - worst_of(unlocked, before.host_of),
            unmatched=before.matched - plan.matched,
            unmet=plan.unmet - before.unmet,
            moves=moves,
        )
