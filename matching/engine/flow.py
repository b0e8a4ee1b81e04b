"""The core: twins against classes of seats, in whole numbers. Best assignment, prices of seats, and the optimal face.

A host has up to two classes of seats, those of its minimum first. Everything else in the engine (aims in their order,
floors, leximin, bonuses for what is kept) is a matter of what a twin is worth in a class.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .types import BoolMatrix, IntVector, Problem

EXACT = 2**52
"""Whole numbers below this survive float64, sums and differences included."""
FAR = np.iinfo(np.int64).max // 4
"""Further than any sum of scores: no way from here to there."""
ALL_PAIRS = 40_000
"""Up to so many pairs they are all looked at; beyond, a few at a time."""
FEW = 8
"""Pairs of each twin that are looked at first, and added at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Free twins against seat classes that have a seat: ``columns[c]`` is host, or host + m for a plain seat.

    ``worth`` is [free, classes] of int64, or of Python integers where numbers grow beyond that.
    """

    free: IntVector
    columns: IntVector
    capacity: IntVector
    worth: NDArray[Any]
    allowed: BoolMatrix

    @property
    def waiting(self) -> int:
        return self.capacity.size


def locked_load(problem: Problem) -> IntVector:
    return np.bincount([j for _, j in problem.locks], minlength=len(problem.host_ids)).astype(np.int64)


def classes_of(problem: Problem, worth: NDArray[Any], seat: int, floor: int = 0) -> Classes:
    """``worth`` is [twins, hosts]; ``seat`` is what a minimum seat adds."""
    taken, m = locked_load(problem), len(problem.host_ids)
    least, most = np.maximum(problem.minimum - taken, 0), problem.maximum - taken
    capacity = np.concatenate([least, most - least])
    columns = np.flatnonzero(capacity > 0)
    locked = {i for i, _ in problem.locks}
    free = np.array([i for i in range(len(problem.twin_ids)) if i not in locked], dtype=np.int64)
    if not m:
        return Classes(free, columns, capacity[columns], worth[free], np.zeros((len(free), 0), dtype=bool))
    allowed = problem.allowed & (problem.score >= floor) if floor else problem.allowed
    if len(free) < len(allowed) or not np.array_equal(columns, np.arange(m, 2 * m)):
        grid = np.ix_(free, columns % m)
        worth, allowed = worth[grid], allowed[grid]
    if (columns < m).any():
        worth = worth + np.array([seat if column < m else 0 for column in columns.tolist()], dtype=worth.dtype)
    return Classes(free, columns, capacity[columns], worth, allowed)


def places_of(problem: Problem, host_of: tuple[int, ...], classes: Classes) -> IntVector:
    """The class each free twin sits in (minimum seats fill first), or the number of classes for waiting."""
    m = len(problem.host_ids)
    node = {int(column): k for k, column in enumerate(classes.columns)}
    left = np.maximum(problem.minimum - locked_load(problem), 0)
    place = np.full(len(classes.free), classes.waiting, dtype=np.int64)
    for k, twin in enumerate(classes.free.tolist()):
        host = host_of[twin]
        if host >= 0:
            place[k] = node[host if left[host] > 0 else m + host]
            left[host] -= 1
    return place


def hosts_of(problem: Problem, classes: Classes, place: IntVector) -> tuple[int, ...]:
    """The host of every twin, the locked ones included, from the classes of the free ones."""
    host_of = [-1] * len(problem.twin_ids)
    for i, j in problem.locks:
        host_of[i] = j
    for k, twin in enumerate(classes.free.tolist()):
        if place[k] < classes.waiting:
            host_of[twin] = int(classes.columns[place[k]]) % len(problem.host_ids)
    return tuple(host_of)


def assign(classes: Classes) -> IntVector:
    """The class of each free twin in an assignment of the largest sum. Worth must not be below zero.

    Raises OverflowError where the numbers would lose exactness.
    """
    if not classes.allowed.any():
        return np.full(len(classes.free), classes.waiting, dtype=np.int64)
    if int(classes.worth.max()) >= EXACT:
        raise OverflowError("The problem is too large to be solved exactly.")
    return _assign_all(classes) if classes.worth.size <= ALL_PAIRS else _assign_few(classes)


def _assign_all(classes: Classes) -> IntVector:
    """With every pair on the table, the short side as rows. A cell of cost 0 means: waits, stays empty."""
    from scipy.optimize import linear_sum_assignment

    place = np.full(len(classes.free), classes.waiting, dtype=np.int64)
    useful = np.minimum(classes.capacity, classes.allowed.sum(axis=0))
    seats = np.repeat(np.arange(classes.waiting), useful)
    cost = np.where(classes.allowed, -classes.worth.astype(np.float64), 0.0)
    if place.size <= seats.size:
        rows, chosen = linear_sum_assignment(cost[:, seats])
    else:
        chosen, rows = linear_sum_assignment(np.ascontiguousarray(cost.T)[seats])
    really = classes.allowed[rows, seats[chosen]]
    place[rows[really]] = seats[chosen[really]]
    return place


def _assign_few(classes: Classes) -> IntVector:
    """With a few pairs of each twin, and more until no other pair is worth more than its price and its twin's profit.

    That is a proof over all pairs, so nothing is lost by having looked at few of them.
    """
    worth = np.where(classes.allowed, classes.worth, -FAR)
    keenest = worth.max(axis=0, initial=0)
    kept = nearest(classes, keenest, np.arange(len(classes.free)), FEW)
    guess = np.zeros(classes.waiting, dtype=np.int64)
    while True:
        twin, klass = np.nonzero(kept)
        pairs = Pairs(twin, klass, worth[twin, klass], classes.capacity, len(worth))
        place, price = pairs.best(guess)
        gain = (worth - price).max(axis=1) - pairs.profit(price)
        eager = np.flatnonzero(gain > 0)
        if not eager.size:
            return place
        kept[eager] |= nearest(classes, price, eager, FEW)
        # Where somebody is eager to leave, a seat will be cheaper.
        lower = np.zeros(classes.waiting + 1, dtype=np.int64)
        np.maximum.at(lower, place[eager], gain[eager])
        guess = np.maximum(price - 4 * lower[:-1], 0)


def nearest(classes: Classes, price: IntVector, twins: IntVector, few: int) -> BoolMatrix:
    """[twins, classes]: the few allowed pairs of each that are worth most at these prices; equals are drawn evenly."""
    allowed, few = classes.allowed[twins], min(few, classes.waiting)
    spread = (twins * 619).astype(np.uint16)[:, None] + (np.arange(classes.waiting) * 389).astype(np.uint16)
    value = (classes.worth[twins] - price) << 10
    value += spread & 1023
    np.subtract(value, FAR, out=value, where=~allowed)
    nearest = np.argpartition(value, -few, axis=1)[:, -few:]
    found = np.zeros(allowed.shape, dtype=bool)
    np.put_along_axis(found, nearest, True, axis=1)
    return found & allowed


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Twins 0..n-1 and the pairs they may have with classes, one row a pair."""

    twin: IntVector
    klass: IntVector
    worth: IntVector
    capacity: IntVector
    n: int

    def best(self, guess: IntVector) -> tuple[IntVector, IntVector]:
        """The best assignment with its prices, sooner where the guess at the prices is good.

        With a price taken off, few twins want the same seat. It may be taken off where all seats are filled in the
        end, because then every plan that could be better pays as much; from other classes nothing is taken off.
        """
        while True:
            place = self._assigned(self.worth - guess[self.klass])
            too_dear = (guess > 0) & (np.bincount(place, minlength=guess.size + 1)[:-1] < self.capacity)
            if not too_dear.any():
                break
            guess = np.where(too_dear, 0, guess)
        price = seat_prices(self._gaps(place), place, self.capacity)
        if price is None:
            raise ArithmeticError("An assignment is not the best of its pairs.")
        return place, price

    def profit(self, price: IntVector) -> IntVector:
        profit = np.zeros(self.n, dtype=np.int64)
        np.maximum.at(profit, self.twin, self.worth - price[self.klass])
        return profit

    def _assigned(self, value: IntVector) -> IntVector:
        """The class of each twin in an assignment of the largest value; each has a seat of its own to wait on."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import min_weight_full_bipartite_matching

        good = np.flatnonzero(value >= 0)
        twin, klass, value = self.twin[good], self.klass[good], value[good]
        useful = np.minimum(self.capacity, np.bincount(klass, minlength=self.capacity.size))
        first, times = np.cumsum(useful) - useful, useful[klass]
        pair = np.repeat(np.arange(twin.size), times)
        seat = first[klass[pair]] + np.arange(pair.size) - np.repeat(np.cumsum(times) - times, times)
        most, seats = int(value.max(initial=0)) + 1, int(useful.sum())
        cost = np.concatenate([most - value[pair], np.full(self.n, most)]).astype(np.float64)
        rows = np.concatenate([twin[pair], np.arange(self.n)])
        columns = np.concatenate([seat, seats + np.arange(self.n)])
        table = csr_matrix((cost, (rows, columns)), shape=(self.n, seats + self.n))
        chosen = min_weight_full_bipartite_matching(table)[1]
        place = np.full(self.n, self.capacity.size, dtype=np.int64)
        seated = chosen < seats
        place[seated] = np.repeat(np.arange(self.capacity.size), useful)[chosen[seated]]
        return place

    def _gaps(self, place: IntVector) -> NDArray[np.int64]:
        """As ``gaps``, where twins may only move along these pairs."""
        waiting = self.capacity.size
        gap = np.full((waiting + 1, waiting + 1), FAR, dtype=np.int64)
        own = np.zeros(self.n, dtype=np.int64)
        mine = place[self.twin] == self.klass
        own[self.twin[mine]] = self.worth[mine]
        np.minimum.at(gap, (place[self.twin], self.klass), own[self.twin] - self.worth)
        np.minimum.at(gap[:, -1], place, own)
        return gap


def most_seated(allowed: BoolMatrix, seats: IntVector) -> int:
    """How many twins can sit at once: the largest flow from a source over twins and hosts to a sink."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_flow

    twin, host = np.nonzero(allowed)
    if not twin.size:
        return 0
    n, m = allowed.shape
    sink = 1 + n + m
    starts = np.cumsum(np.concatenate([[0, n], allowed.sum(axis=1), np.ones(m, dtype=np.int64), [0]]))
    ends = np.concatenate([1 + np.arange(n), 1 + n + host, np.full(m, sink)])
    widths = np.concatenate([np.ones(n + twin.size, dtype=np.int32), seats.astype(np.int32)])
    return int(maximum_flow(csr_matrix((widths, ends, starts), shape=(sink + 1, sink + 1)), 0, sink).flow_value)


def gaps(classes: Classes, place: IntVector) -> NDArray[Any]:
    """[a, b]: the least that is lost when some twin moves from class a to class b; the last node is waiting."""
    waits = np.zeros((len(classes.free), 1), dtype=classes.worth.dtype)
    worth = np.concatenate([classes.worth, waits], axis=1)
    far = far_for(classes.worth)
    own = np.take_along_axis(worth, place[:, None], axis=1)
    loss = own - worth
    loss[:, :-1][~classes.allowed] = far
    return least_by_place(loss, place, far)


def least_by_place(loss: NDArray[Any], place: IntVector, far: int) -> NDArray[Any]:
    """[places, places]: the least of each column of ``loss`` over the twins at one place, ``far`` where nobody is."""
    least = np.full((loss.shape[1], loss.shape[1]), far, dtype=loss.dtype)
    if place.size:
        order = np.argsort(place, kind="stable")
        where, starts = np.unique(place[order], return_index=True)
        least[where] = np.minimum.reduceat(loss[order], starts, axis=0)
    return least


def far_for(worth: NDArray[Any]) -> int:
    """Beyond any sum of worths: a constant for int64, more where numbers are Python integers."""
    if worth.dtype != object:
        return FAR
    return (max((int(one) for one in worth.flat), default=0) + 1) * 4 * (sum(worth.shape) + 4)


def longest_paths(gap: NDArray[Any]) -> NDArray[Any] | None:
    """Least prices with price[b] >= price[a] - gap[a, b] from zero; None when a cycle improves without end."""
    price = np.zeros(len(gap), dtype=gap.dtype)
    for _ in range(len(gap) + 1):
        raised = np.maximum(price, (price[:, None] - gap).max(axis=0))
        if (raised == price).all():
            return price
        price = raised
    return None


def seat_prices(gap: NDArray[Any], place: IntVector, capacity: IntVector) -> NDArray[Any] | None:
    """Price of each class that proves an assignment with these gaps; None when it can be improved."""
    price = longest_paths(gap)
    if price is None or price[-1] != 0:
        return None
    filled = np.bincount(place, minlength=len(price))[:-1]
    return None if (price[:-1][filled < capacity] != 0).any() else price[:-1]


def prices_of(classes: Classes, place: IntVector) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Price of each class and profit of each free twin that prove the assignment; None when it can be improved."""
    price = seat_prices(gaps(classes, place), place, classes.capacity)
    if price is None:
        return None
    gain = np.where(classes.allowed, classes.worth - price, 0)
    return price, gain.max(axis=1, initial=0)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """All best assignments at once: only tight pairs, every priced class full, every profiting twin matched."""

    classes: Classes
    full: BoolMatrix
    matched: BoolMatrix

    @classmethod
    def whole(cls, classes: Classes) -> Face:
        return cls(classes, np.zeros(classes.waiting, dtype=bool), np.zeros(len(classes.free), dtype=bool))

    def worth(self, value: IntVector) -> Classes:
        """The classes with ``value`` (>= 0, [free, classes]) as worth, which comes after staying in the face."""
        step = int(value.max(initial=0)) * len(self.classes.free) + 1
        bonus = step * (self.matched[:, None].astype(np.int64) + self.full[None, :].astype(np.int64))
        return replace(self.classes, worth=value + bonus)

    def narrowed(self, classes: Classes, place: IntVector) -> Face:
        """The best assignments for ``classes`` (made by ``worth``), one of which is ``place``."""
        proof = prices_of(classes, place)
        if proof is None:
            raise ArithmeticError("A face was cut by an assignment that is not the best.")
        price, profit = proof
        tight = classes.allowed & (classes.worth == profit[:, None] + price[None, :])
        kept = replace(self.classes, allowed=tight)
        return Face(kept, self.full | (price > 0), self.matched | (profit > 0))

    def without(self, pairs: BoolMatrix) -> Face:
        """The same without some pairs that no wanted assignment uses."""
        return replace(self, classes=replace(self.classes, allowed=self.classes.allowed & ~pairs))
