"""Worst-off first, to the end: the fewest twins at the lowest score, then at the next, and so on.

Some levels at a time are packed into one assignment, each worth more than all above it together; then only the best
assignments are kept and the next levels are looked at. With more than ``EXACT_TWINS`` twins, scores are first cut into
``BANDS`` steps, and the total decides within.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .flow import EXACT, Face, assign, classes_of, hosts_of
from .types import SCALE, IntVector, Problem
from .watch import Watch

EXACT_TWINS = 200
BANDS = 20


def bands_for(problem: Problem) -> int:
    """0 where leximin is exact, else the number of steps that scores are cut into."""
    return BANDS if len(problem.twin_ids) > EXACT_TWINS else 0


def level_of(score: IntVector | NDArray[np.int32], bands: int) -> IntVector:
    """What leximin compares: the score itself, or its band."""
    wide = score.astype(np.int64)
    return wide if not bands else np.minimum(wide * bands // (SCALE + 1), bands - 1)


class Leximin:
    """One solve, step by step. ``face`` holds all plans that are still best; any of them is valid meanwhile."""

    def __init__(self, problem: Problem, bands: int) -> None:
        self._problem = problem
        n = len(problem.twin_ids)
        flat = np.ones(problem.score.shape, dtype=np.int64)
        classes = classes_of(problem, flat, n + 1)
        self._score = problem.score[np.ix_(classes.free, classes.columns % max(len(problem.host_ids), 1))]
        self._levels = level_of(self._score, bands)
        self.place = assign(classes)
        self.face = Face.whole(classes).narrowed(classes, self.place)
        self._matched = int((self.place < classes.waiting).sum())
        self._base = len(classes.free) + 1
        self._batch = max(1, next(k for k in range(60, 0, -1) if 4 * self._base ** (k + 1) < EXACT or k == 1))
        self._counted = 0
        self._done = -1

    def run(self, watch: Watch) -> None:
        """Narrow the face until every score is decided. Raises Cancelled."""
        while self._counted < self._matched:
            self._tell(watch)
            levels = np.unique(self._levels[self.face.classes.allowed])
            levels = levels[levels > self._done]
            if not levels.size:
                return
            self._count(levels[: self._batch])
            if self._counted < self._matched:
                self._skip(levels[self._batch :], watch)
        watch.tell(1, "fair")

    def _tell(self, watch: Watch) -> None:
        watch(self._counted / self._matched, "fair")

    def _count(self, levels: IntVector) -> None:
        """Decide these lowest levels exactly."""
        classes = self.face.worth(self._value([levels[k : k + 1] for k in range(levels.size)]))
        self.place = assign(classes)
        at = self.place < classes.waiting
        reached = self._levels[np.flatnonzero(at), self.place[at]]
        found = int(np.isin(reached, levels).sum())
        self._counted, self._done = self._counted + found, int(levels[-1])
        # Without anybody at these levels, dropping their pairs says the same and costs nothing.
        self.face = (
            self.face.narrowed(classes, self.place) if found else self.face.without(np.isin(self._levels, levels))
        )

    def _skip(self, levels: IntVector, watch: Watch) -> None:
        """Drop the longest run of levels, found in growing steps, that some best plan does without."""
        width = self._batch
        while levels.size > self._batch:
            self._tell(watch)
            ends = np.cumsum([width * 2**k for k in range(self._batch)])
            ends = np.unique(np.minimum(ends, levels.size))
            chunks = [levels[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
            classes = self.face.worth(self._value(chunks))
            place = assign(classes)
            at = place < classes.waiting
            reached = self._levels[np.flatnonzero(at), place[at]]
            empty = 0
            while empty < len(chunks) and not np.isin(reached, chunks[empty]).any():
                empty += 1
            gone = levels[: ends[empty - 1]] if empty else levels[:0]
            if gone.size:
                self.place, self._done = place, int(gone[-1])
                self.face = self.face.without(np.isin(self._levels, gone))
            if empty < len(chunks):
                return
            levels = levels[gone.size :]
            width *= 2

    def _value(self, chunks: list[IntVector]) -> IntVector:
        """Values by which the fewest twins in the first chunk of levels come first, then in the second, and so on."""
        top = self._base ** (len(chunks) - 1)
        value = np.full(self._levels.shape, top, dtype=np.int64)
        for place, chunk in enumerate(chunks):
            value[np.isin(self._levels, chunk)] = top - self._base ** (len(chunks) - 1 - place)
        return value

    def settled(self, ties: IntVector) -> tuple[int, ...]:
        """The hosts in the end: among plans that are equally fair the best total, then the smallest surprise."""
        scale = int(ties.max(initial=0)) * (len(self.face.classes.free) + 1) + 1
        value = self._score.astype(np.int64) * scale + ties
        if int(value.max(initial=0)) * (len(self.face.classes.free) + 1) * 3 >= EXACT:
            value = self._score.astype(np.int64)
        return hosts_of(self._problem, self.face.classes, assign(self.face.worth(value)))
