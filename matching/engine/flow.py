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
    grid = np.ix_(free, columns % m)
    bonus = np.array([seat if column < m else 0 for column in columns.tolist()], dtype=worth.dtype)
    allowed = problem.allowed[grid] & (problem.score[grid] >= floor)
    return Classes(free, columns, capacity[columns], worth[grid] + bonus, allowed)


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

    Raises OverflowError where the numbers would lose exactness. A cell of cost 0 means: waits, stays empty.
    """
    from scipy.optimize import linear_sum_assignment

    place = np.full(len(classes.free), classes.waiting, dtype=np.int64)
    useful = np.minimum(classes.capacity, classes.allowed.sum(axis=0))
    seats = np.repeat(np.arange(classes.waiting), useful)
    if not seats.size or not place.size:
        return place
    if int(classes.worth.max()) >= EXACT:
        raise OverflowError("The problem is too large to be solved exactly.")
    cost = np.where(classes.allowed, -classes.worth.astype(np.float64), 0.0)
    if place.size <= seats.size:
        rows, chosen = linear_sum_assignment(cost[:, seats])
    else:
        chosen, rows = linear_sum_assignment(np.ascontiguousarray(cost.T)[seats])
    really = classes.allowed[rows, seats[chosen]]
    place[rows[really]] = seats[chosen[really]]
    return place


def most_seated(allowed: BoolMatrix, seats: IntVector) -> int:
    """How many twins can sit at once."""
    from scipy.optimize import linear_sum_assignment

    places = np.repeat(np.arange(seats.size), np.minimum(seats, allowed.sum(axis=0)))
    if not places.size or not allowed.shape[0]:
        return 0
    may = allowed[:, places]
    may = may if may.shape[0] <= may.shape[1] else np.ascontiguousarray(may.T)
    return int(may[linear_sum_assignment(may, maximize=True)].sum())


def gaps(classes: Classes, place: IntVector) -> NDArray[Any]:
    """[a, b]: the least that is lost when some twin moves from class a to class b; the last node is waiting."""
    last, worth = classes.waiting, classes.worth
    far = far_for(worth)
    gap = np.full((last + 1, last + 1), far, dtype=worth.dtype)
    for node in np.unique(place):
        rows, possible = worth[place == node], classes.allowed[place == node]
        here = rows[:, [node]] if node < last else np.zeros((len(rows), 1), dtype=worth.dtype)
        gap[node, :-1] = np.where(possible, here - rows, far).min(axis=0)
        gap[node, -1] = here.min()
    return gap


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


def prices_of(classes: Classes, place: IntVector) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Price of each class and profit of each free twin that prove the assignment; None when it can be improved."""
    price = longest_paths(gaps(classes, place))
    if price is None or price[-1] != 0:
        return None
    filled = np.bincount(place, minlength=len(price))[:-1]
    if (price[:-1][filled < classes.capacity] != 0).any():
        return None
    profit = np.zeros(len(classes.free), dtype=classes.worth.dtype)
    if classes.worth.size:
        none = np.zeros((len(classes.free), 1), dtype=classes.worth.dtype)
        gain = np.where(classes.allowed, classes.worth - price[:-1], 0)
        profit = np.concatenate([gain, none], axis=1).max(axis=1)
    return price[:-1], profit


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
