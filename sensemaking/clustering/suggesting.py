"""Clusters of remarks, and pairs across two lists, that somebody may want to confirm.

Average linkage: two clusters become one while their remarks are alike on average. One remark that is a little like two
others does not chain them together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from twinning.core.words import words

from .likeness import FILLERS, Kin, Remark, in_order, likenesses, shared_words

# Measured on the labelled remarks of the tests: see tests/sensemaking/clustering.
ALIKE = 0.1  # mean likeness at which remarks belong together; lower finds more and mistakes more
SAME = 0.2  # likeness at which a statement of one round may be that of another
MOST_REMARKS = 2_000  # beyond it the table of all pairs takes too much memory and time for a page


@dataclass(frozen=True)
class Suggestion:
    """Remarks that seem to say one thing. `likeness`: how alike they are on average, 0..1. `kin`: why, in words."""

    keys: tuple[str, ...]
    likeness: float
    kin: tuple[Kin, ...]


@dataclass(frozen=True)
class Match:
    """A remark of one list and its nearest in another."""

    one: str
    other: str
    likeness: float
    kin: tuple[Kin, ...]


def suggest_clusters(remarks: Iterable[Remark], *, alike: float = ALIKE) -> tuple[Suggestion, ...]:
    """Clusters of two and more, the largest first, then the tightest. Each remark is in at most one.

    The order of the remarks changes nothing. Raises ValueError for more than MOST_REMARKS.
    """
    ordered = in_order(remarks)
    if len(ordered) > MOST_REMARKS:
        raise ValueError(f"At most {MOST_REMARKS} remarks at once, not {len(ordered)}.")
    texts = [remark.text for remark in ordered]
    if len(ordered) < 2:
        return ()
    table = likenesses(texts)
    rarity = rarity_in(texts)
    found = []
    for members in _linked(table, alike):
        inside = table[np.ix_(members, members)]
        mean = float((inside.sum() - np.trace(inside)) / (len(members) * (len(members) - 1)))
        kin = shared_words([texts[place] for place in members], rarity=rarity)
        found.append(Suggestion(tuple(ordered[place].key for place in members), round(mean, 3), kin))
    return tuple(sorted(found, key=lambda each: (-len(each.keys), -each.likeness, each.keys)))


def _linked(table: np.ndarray, alike: float) -> list[list[int]]:
    """Places of the remarks of each cluster that has more than one."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = 1.0 - table
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), method="average")
    clusters: dict[int, list[int]] = {}
    for place, number in enumerate(fcluster(tree, t=1.0 - alike, criterion="distance").tolist()):
        clusters.setdefault(number, []).append(place)
    return [members for members in clusters.values() if len(members) > 1]


def find_matches(ones: Iterable[Remark], others: Iterable[Remark], *, same: float = SAME) -> tuple[Match, ...]:
    """For remarks of one list the nearest of another, the best first; each remark of either list is used once."""
    left, right = in_order(ones), in_order(others)
    if not left or not right:
        return ()
    texts = [remark.text for remark in (*left, *right)]
    table = likenesses(texts)[: len(left), len(left) :]
    rarity = rarity_in(texts)
    near = [(float(table[row, column]), row, column) for row, column in zip(*np.nonzero(table >= same), strict=True)]
    matches: list[Match] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for likeness, row, column in sorted(near, key=lambda each: (-each[0], each[1], each[2])):
        if row in taken[0] or column in taken[1]:
            continue
        taken[0].add(row)
        taken[1].add(column)
        kin = shared_words([left[row].text, right[column].text], rarity=rarity)
        matches.append(Match(left[row].key, right[column].key, round(likeness, 3), kin))
    return tuple(matches)


def rarity_in(texts: Sequence[str]) -> Callable[[str], float]:
    """How telling a folded word is among these texts: ln((1 + n) / (1 + texts with it)) + 1."""
    spread = Counter(word for text in texts for word in set(words(text, FILLERS)))
    return lambda word: 1 + log((1 + len(texts)) / (1 + spread[word]))
