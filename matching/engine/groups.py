"""Side constraints: at most so many twins of a kind at a host. An integer programme, because such rules may cross.

Aims are taken one after the other, each kept while the next is looked at, so that no large constants enter and the
solver's tolerance (one part in a million) can never move a whole number. Small problems go to the solver as they are,
first without asking for whole numbers: often they come out whole.
Larger ones are priced first: a linear programme over the best pairs of each twin, to which violated pairs are added
until none is left; then only pairs that could still matter, by their reduced cost, go to the integer programme.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .flow import assign, classes_of, locked_load, nearest, prices_of
from .leximin import bands_for, level_of
from .plans import measure
from .types import BoolMatrix, Cancelled, IntVector, Objective, Plan, Problem
from .watch import Watch

DIRECT = 60 * 40
"""Up to so many pairs the integer programme is solved as it stands."""
FIRST_PAIRS = 12
"""Pairs of each twin that pricing starts with."""
FIRST_SLACK = 100.0
"""Points that a pair may lose at the prices of the relaxation to be looked at first."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A constraint: low <= coefficients · x <= high."""

    coefficients: Floats
    low: float
    high: float


class Model:
    """The pairs that may be chosen, with the seats, minimums and groups around them. Locked twins have left."""

    def __init__(self, problem: Problem, allowed: BoolMatrix) -> None:
        from scipy import sparse

        self.problem = problem
        locked = dict(problem.locks)
        allowed = allowed.copy()
        allowed[list(locked)] = False
        self.twin, self.host = np.nonzero(allowed)
        self.pairs, self.hosts = self.twin.size, len(problem.host_ids)
        taken = locked_load(problem)
        self.short = np.maximum(problem.minimum - taken, 0)
        n, m = len(problem.twin_ids), self.hosts
        size = self.pairs + m
        each = np.arange(self.pairs)
        twins = sparse.csr_matrix((np.ones(self.pairs), (self.twin, each)), shape=(n, size))
        seats = sparse.csr_matrix((np.ones(self.pairs), (self.host, each)), shape=(m, size))
        filled = sparse.csr_matrix((np.ones(m), (np.arange(m), self.pairs + np.arange(m))), shape=(m, size))
        blocks, highs = [twins, seats, filled - seats], [np.ones(n), problem.maximum - taken, np.zeros(m)]
        self.group_rows: list[tuple[int, int]] = []
        none = np.zeros(0, dtype=np.int64)
        rows, columns, limits = [none], [none], [none]
        for number, group in enumerate(problem.groups):
            inside = np.zeros(n, dtype=bool)
            inside[list(group.members)] = True
            used = np.bincount([j for i, j in problem.locks if inside[i]], minlength=m)
            of_group = np.flatnonzero(inside[self.twin])
            left, asked = group.most - used, np.bincount(self.host[of_group], minlength=m)
            of_group = of_group[(asked > left)[self.host[of_group]]]  # elsewhere the group cannot be too many
            hosts, row = np.unique(self.host[of_group], return_inverse=True)
            rows.append(len(self.group_rows) + row)
            columns.append(of_group)
            limits.append(left[hosts])
            self.group_rows += [(number, j) for j in hosts.tolist()]
        row, column = np.concatenate(rows), np.concatenate(columns)
        blocks.append(sparse.csr_matrix((np.ones(row.size), (row, column)), shape=(len(self.group_rows), size)))
        self.matrix = sparse.vstack(blocks).tocsr()
        self.high = np.concatenate([*highs, *limits]).astype(np.float64)
        self.upper = np.concatenate([np.ones(self.pairs), self.short]).astype(np.float64)
        self.first_group_row = n + 2 * m

    def count(self) -> Floats:
        return np.concatenate([np.ones(self.pairs), np.zeros(self.hosts)])

    def fills(self) -> Floats:
        return np.concatenate([np.zeros(self.pairs), np.ones(self.hosts)])

    def scores(self) -> Floats:
        score = self.problem.score[self.twin, self.host].astype(np.float64)
        return np.concatenate([score, np.zeros(self.hosts)])

    def keeps(self) -> Floats:
        before = np.array(self.problem.keep, dtype=np.int64)
        return np.concatenate([(before[self.twin] == self.host).astype(np.float64), np.zeros(self.hosts)])

    def best(self, gain: Floats, rows: Sequence[Row], upper: Floats | None = None) -> Floats | None:
        """A solution of the largest gain, in whole numbers; None when the rows cannot hold together."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        constraints = [LinearConstraint(self.matrix, -np.inf, self.high)]
        constraints += [LinearConstraint(row.coefficients[None, :], row.low, row.high) for row in rows]
        limits = Bounds(np.zeros(gain.size), self.upper if upper is None else upper)
        if (self.high < 0).any():
            return None
        if not gain.size:
            return gain if all(row.low <= 0 <= row.high for row in rows) else None
        found = milp(
            -gain,
            constraints=constraints,
            bounds=limits,
            integrality=np.ones(gain.size),
            options={"mip_rel_gap": 0.0},
        )
        return np.rint(found.x) if found.x is not None and found.status == 0 else None

    def relaxed(self, gain: Floats, rows: Sequence[Row]) -> Relaxed | None:
        """The same without asking for whole numbers, with the prices of all rows; None when impossible."""
        from scipy import sparse
        from scipy.optimize import linprog

        extra = [np.where(np.isfinite(row.low), -row.coefficients, row.coefficients) for row in rows]
        limits = [-row.low if np.isfinite(row.low) else row.high for row in rows]
        matrix = sparse.vstack([self.matrix, *(sparse.csr_matrix(one[None, :]) for one in extra)])
        bounds = np.stack([np.zeros(gain.size), self.upper], axis=1)
        found = linprog(-gain, A_ub=matrix, b_ub=np.concatenate([self.high, limits]), bounds=bounds, method="highs")
        if found.x is None:
            return None
        return Relaxed(-float(found.fun), found.x, -np.asarray(found.ineqlin.marginals, dtype=np.float64))

    def whole(self, gain: Floats, rows: Sequence[Row]) -> Floats | None:
        """As ``best``, by way of the relaxation: where its corner is whole already, and worth what it says, that is it."""
        if not gain.size or (self.high < 0).any():
            return self.best(gain, rows)
        lp = self.relaxed(gain, rows)
        if lp is None:
            return None
        found = np.rint(lp.solution)
        is_whole = np.abs(found - lp.solution).max() <= 1e-6 and abs(float(gain @ found) - lp.value) < 0.5
        return found if is_whole else self.best(gain, rows)

    def host_of(self, solution: Floats) -> tuple[int, ...]:
        host_of = [-1] * len(self.problem.twin_ids)
        for i, j in self.problem.locks:
            host_of[i] = j
        for pair in np.flatnonzero(solution[: self.pairs] > 0.5).tolist():
            host_of[int(self.twin[pair])] = int(self.host[pair])
        return tuple(host_of)


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    value: float
    solution: Floats
    prices: Floats


def grouped(problem: Problem, objective: Objective, watch: Watch, *, settle: bool = False) -> Plan:
    """The best plan under side constraints.

    When somebody asks to stop: Cancelled, or with ``settle`` the best plan so far, not proven.
    """
    solver = _Grouped(problem, watch)
    plan = solver.total(problem.allowed)
    try:
        if objective == "worst_first":
            plan = solver.worst_first(plan)
        if objective == "leximin":
            plan = solver.leximin(plan)
    except Cancelled:
        if not settle:
            raise
        return replace(plan, objective=objective, proven=False)
    return replace(plan, objective=objective)


class _Grouped:
    def __init__(self, problem: Problem, watch: Watch) -> None:
        self._problem, self._watch = problem, watch
        self._done = 0.0

    def _tell(self, done: float = 0.0) -> None:
        self._done = max(self._done, done)
        self._watch(self._done, "groups")

    def _aims(self, model: Model) -> tuple[list[Row], Floats]:
        """Rows that keep the best number of filled minimum seats, then of matched twins, and one such solution."""
        rows: list[Row] = []
        best = None
        aims = [model.fills(), model.count()] if model.short.any() else [model.count()]
        for aim in aims:
            self._tell()
            best = model.best(aim, rows)
            assert best is not None  # to match nobody keeps every cap; locks were checked before
            rows.append(Row(aim, float(np.rint(aim @ best)), np.inf))
        assert best is not None
        return rows, best

    def total(self, allowed: BoolMatrix) -> Plan:
        """The best total among plans that keep the first two aims."""
        model = Model(self._problem, allowed)
        rows = self._rows_of(self._without_groups(allowed), model)
        solution = self._best(model, model.scores(), rows)
        if solution is None:  # the groups cost a seat or a twin: find out how many
            rows = []
            for aim in [model.fills(), model.count()] if model.short.any() else [model.count()]:
                found = self._best(model, aim, rows)
                assert found is not None  # to match nobody keeps every cap; locks were checked before
                rows.append(Row(aim, float(np.rint(aim @ found)), np.inf))
            solution = self._best(model, model.scores(), rows)
        assert solution is not None
        if self._problem.keep:
            rows = [*rows, Row(model.scores(), float(np.rint(model.scores() @ solution)), np.inf)]
            settled = self._best(model, model.keeps(), rows)
            solution = settled if settled is not None else solution
        return measure(self._problem, model.host_of(solution))

    def _best(self, model: Model, aim: Floats, rows: Sequence[Row]) -> Floats | None:
        self._tell()
        if model.pairs <= DIRECT:
            return model.whole(aim, rows)
        return _price_and_fix(model, aim, rows, self._tell)

    def _without_groups(self, allowed: BoolMatrix) -> tuple[int, int]:
        """Minimum seats filled and twins matched, the locked ones aside, where groups do not matter: never less."""
        free = replace(self._problem, allowed=allowed, groups=())
        classes = classes_of(free, np.ones(free.score.shape, dtype=np.int64), len(free.twin_ids) + 1)
        place = assign(classes)
        sits = place < classes.waiting
        first = classes.columns[place[sits]] < len(free.host_ids)
        return int(first.sum()), int(sits.sum())

    @staticmethod
    def _rows_of(aims: tuple[int, int], model: Model) -> list[Row]:
        rows = [Row(model.fills(), float(aims[0]), np.inf)] if model.short.any() else []
        return [*rows, Row(model.count(), float(aims[1]), np.inf)]

    def worst_first(self, best: Plan) -> Plan:
        problem = self._problem
        levels = np.unique(problem.score[problem.allowed]) if problem.allowed.any() else np.array([0])
        low, high = 0, len(levels) - 1
        while low < high:
            self._tell(1 - (high - low) / len(levels))
            middle = (low + high + 1) // 2
            tried = self.total(problem.allowed & (problem.score >= levels[middle]))
            if (tried.unmet, tried.matched) == (best.unmet, best.matched):
                low, best = middle, tried
            else:
                high = middle - 1
        return replace(best, floor=int(levels[low]) if levels.size else 0)

    def leximin(self, best: Plan) -> Plan:
        problem, bands = self._problem, bands_for(self._problem)
        model = Model(problem, problem.allowed)
        rows, solution = self._aims(model)
        level = level_of(problem.score[model.twin, model.host], bands)
        upper, counted, done = model.upper.copy(), 0, -1
        matched = int(np.rint(model.count() @ solution))
        while counted < matched:
            self._tell(counted / matched)
            levels = np.unique(level[(upper[: model.pairs] > 0) & (level > done)])
            first, found = self._first_needed(model, rows, upper, level, levels)
            upper[: model.pairs][np.isin(level, levels[:first])] = 0
            if found is not None:
                solution = found
            at = np.zeros(model.pairs + model.hosts)
            at[: model.pairs] = level == levels[first]
            fewest = model.best(-at, rows, upper)
            assert fewest is not None
            solution, number = fewest, float(np.rint(at @ fewest))
            rows = [*rows, Row(at, -np.inf, number)]
            counted, done = counted + int(number), int(levels[first])
        self._tell()
        final = model.best(model.scores(), rows, upper) if bands else solution
        return replace(measure(problem, model.host_of(solution if final is None else final)), bands=bands)

    def _first_needed(
        self, model: Model, rows: Sequence[Row], upper: Floats, level: IntVector, levels: IntVector
    ) -> tuple[int, Floats | None]:
        """How many of the lowest levels can all stay empty, and a solution that does."""
        low, high, best = 0, levels.size - 1, None
        while low < high:
            self._tell()
            middle = (low + high + 1) // 2
            tried = upper.copy()
            tried[: model.pairs][np.isin(level, levels[:middle])] = 0
            solution = model.best(np.zeros(tried.size), rows, tried)
            if solution is not None:
                low, best = middle, solution
            else:
                high = middle - 1
        return low, best


def _price_and_fix(whole: Model, aim: Floats, rows: Sequence[Row], tell: Callable[[], None]) -> Floats | None:
    """The best solution of a large model by way of a small one; None when the rows cannot hold together."""
    priced = _priced(whole, aim, rows, tell)
    if priced is None:
        return None
    lp, part, reduced = priced
    found = np.rint(lp.solution)
    if np.abs(found - lp.solution).max(initial=0.0) > 1e-6:
        tell()
        return _fixed(whole, aim, rows, lp.value, reduced)
    full = np.zeros(aim.size)  # the corner that the relaxation found is whole already, as it is for one kind of group
    full[part.columns] = found
    return full


def _priced(
    whole: Model, aim: Floats, rows: Sequence[Row], tell: Callable[[], None]
) -> tuple[Relaxed, _Part, Floats] | None:
    """The relaxation of a large model, solved over few pairs, with those pairs and what each pair would add; None when
    the rows cannot hold together.

    No pair would add anything in the end: so the prices are those of the whole relaxation.
    """
    kept = _first_pairs(whole)
    while True:
        tell()
        part = _part(whole, kept)
        lp = part.model.relaxed(aim[part.columns], [_cut(row, part.columns) for row in rows])
        if lp is None and kept.all():
            return None
        if lp is None:  # too few pairs for the aims before; take all
            kept = np.ones(whole.pairs, dtype=bool)
            continue
        reduced = _reduced(whole, aim, rows, lp.prices, part)
        missing = (reduced > 1e-6) & ~kept
        if not missing.any():
            return lp, part, reduced
        kept |= missing


def _fixed(whole: Model, aim: Floats, rows: Sequence[Row], bound: float, reduced: Floats) -> Floats | None:
    """The integer programme on the pairs that lose little at the prices of the relaxation, then on all that can matter.

    A pair left out can only be part of a plan worth at most the bound less its own loss.
    """
    slack = FIRST_SLACK
    while True:
        part = _part(whole, reduced >= -slack)
        solution = part.model.best(aim[part.columns], [_cut(row, part.columns) for row in rows])
        if solution is None and slack > -float(reduced.min(initial=0.0)):
            return None
        if solution is not None:
            missed = bound - float(np.rint(aim[part.columns] @ solution)) - 1 + 1e-6
            if missed <= slack:
                full = np.zeros(aim.size)
                full[part.columns] = solution
                return full
        slack = max(4 * slack, 0.0 if solution is None else missed)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    model: Model
    columns: NDArray[np.int64]


def _part(whole: Model, kept: BoolMatrix) -> _Part:
    allowed = np.zeros(whole.problem.allowed.shape, dtype=bool)
    allowed[whole.twin[kept], whole.host[kept]] = True
    columns = np.concatenate([np.flatnonzero(kept), whole.pairs + np.arange(whole.hosts)])
    return _Part(Model(whole.problem, allowed), columns)


def _cut(row: Row, columns: NDArray[np.int64]) -> Row:
    return Row(row.coefficients[columns], row.low, row.high)


def _first_pairs(whole: Model) -> BoolMatrix:
    """The pairs of each twin that come nearest to paying at the prices of the problem without groups."""
    n, m = len(whole.problem.twin_ids), whole.hosts
    open_pairs = np.zeros(whole.problem.allowed.shape, dtype=bool)
    open_pairs[whole.twin, whole.host] = True
    free = replace(whole.problem, groups=(), allowed=open_pairs, locks=(), minimum=np.zeros(m, dtype=np.int64))
    score = free.score.astype(np.int64)
    classes = classes_of(free, score + int(score.max(initial=0)) * n + 1, 0)
    proof = prices_of(classes, assign(classes))
    price = proof[0] if proof is not None else np.zeros(classes.waiting, dtype=np.int64)
    kept = np.zeros(open_pairs.shape, dtype=bool)
    kept[:, classes.columns % m] = nearest(classes, price, np.arange(n), FIRST_PAIRS)
    return np.asarray(kept[whole.twin, whole.host])


def _reduced(whole: Model, aim: Floats, rows: Sequence[Row], prices: Floats, part: _Part) -> Floats:
    """What each pair of the whole model would add to the relaxation, at the prices of the part."""
    n, m = len(whole.problem.twin_ids), whole.hosts
    cost = prices[whole.twin] + prices[n + whole.host] - prices[n + m + whole.host]
    toll = np.zeros((len(whole.problem.groups), m))
    for number, (place, host) in enumerate(part.model.group_rows):
        toll[place, host] = prices[part.model.first_group_row + number]
    paid = np.zeros((n, m))
    for number, group in enumerate(whole.problem.groups):
        paid[list(group.members)] += toll[number]
    cost += paid[whole.twin, whole.host]
    first_extra = prices.size - len(rows)
    for number, row in enumerate(rows):
        sign = -1.0 if np.isfinite(row.low) else 1.0
        cost += sign * row.coefficients[: whole.pairs] * prices[first_extra + number]
    return np.asarray(aim[: whole.pairs] - cost)


def tolls_of(problem: Problem, floor: int) -> list[Floats]:
    """Prices of the groups, [groups, hosts], one matrix per aim (minimum seats, matched, total), from relaxations."""
    whole = Model(problem, problem.allowed & (problem.score >= floor))
    shape = (len(problem.groups), len(problem.host_ids))
    tolls: list[Floats] = []
    rows: list[Row] = []
    for aim, counts in ((whole.fills(), whole.short.any()), (whole.count(), True), (whole.scores(), True)):
        toll = np.zeros(shape)
        priced = _priced(whole, aim, rows, lambda: None) if whole.pairs and counts else None
        if priced is not None:
            lp, part, _ = priced
            for number, (group, host) in enumerate(part.model.group_rows):
                toll[group, host] = max(lp.prices[part.model.first_group_row + number], 0.0)
            rows.append(Row(aim, lp.value - 1e-7, np.inf))
        tolls.append(toll)
    return tolls
