"""The score of every pair: a weighted mean of the criteria, in whole numbers, computed for all pairs at once.

Weights are whole numbers that a cohort edits. They are shared out over the criteria that this market has
anything about, with the same sum for every twin; so a twin that said little gains no weight from its silence, and
cannot push a twin that said much from its host.

Domains, levers and text are one question asked three ways: what do you want to learn? A twin that chose no
domains but wrote a text is read: half of that weight stays with the domains read, half goes to the text that
they were read from; all of it, when nothing could be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from .criteria import Criterion, TagCover, TextMatch, criteria_of
from .text import Embedder
from .types import IntMatrix, Market, Part

DEFAULT_WEIGHTS: Mapping[str, int] = {
    "preference": 25,
    "domains": 20,
    "levers": 15,
    "text": 15,
    "ambition": 10,
    "context": 10,
    "offer": 5,
    "needs": 5,
}
"""The proposed weights. What nobody in a cohort has said anything about is left out of the sum."""

CHUNK = 256
"""Twins scored together; bounds the memory, never the result."""


class Scorer:
    """Scores a market under weights. ``table`` is [twins, hosts]; ``parts`` explains one pair."""

    def __init__(self, market: Market, weights: Mapping[str, int], embedder: Embedder | None = None) -> None:
        self.market = market
        self._criteria = criteria_of(market, embedder)
        self._kept: dict[str, IntMatrix] = {}
        self._weigh(weights)

    def reweighted(self, weights: Mapping[str, int]) -> Scorer:
        """The same market under other weights, without reading it again."""
        other = copy(self)  # criteria and kept values are shared
        other._weigh(weights)
        return other

    def moved_to(self, market: Market, weights: Mapping[str, int]) -> Scorer | None:
        """The scorer of another market that holds the same facts under other rules; None where the facts differ."""
        if _facts_of(market) != _facts_of(self.market):
            return None
        other = self.reweighted(weights)
        other.market = market
        return other

    def _weigh(self, weights: Mapping[str, int]) -> None:
        unknown = sorted(set(weights) - set(DEFAULT_WEIGHTS))
        if unknown:
            raise ValueError(f"There is no criterion called {', '.join(unknown)}.")
        if any(weight < 0 for weight in weights.values()):
            raise ValueError("A weight cannot be below zero.")
        self._used: tuple[tuple[Criterion, int], ...] = tuple(
            (criterion, weights[criterion.slug]) for criterion in self._criteria if weights.get(criterion.slug, 0) > 0
        )
        self._shares = self._shared_out()
        self._sum = 2 * sum(weight for _, weight in self._used)

    def _shared_out(self) -> NDArray[np.int64]:
        """[criteria, twins]: the weights in halves; each twin's add up to twice the sum of the weights."""
        shares = np.array([[2 * weight] * len(self.market.twins) for _, weight in self._used], dtype=np.int64)
        places = {criterion.slug: place for place, (criterion, _) in enumerate(self._used)}
        text = self._used[places["text"]][0] if "text" in places else None
        if not isinstance(text, TextMatch):
            return shares
        for place, (criterion, weight) in enumerate(self._used):
            if isinstance(criterion, TagCover):
                moved = np.where(text.has_asked, (2 - criterion.stated) * weight, 0)
                shares[place] -= moved
                shares[places["text"]] += moved
        return shares

    @property
    def weights(self) -> dict[str, int]:
        """The weights that count here, by criterion, in the order of the criteria."""
        return {criterion.slug: weight for criterion, weight in self._used}

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that this market has anything about, whatever their weights."""
        return tuple(criterion.slug for criterion in self._criteria)

    def values(self) -> dict[str, IntMatrix]:
        """What every criterion gives every pair, whatever the weights: [twins, hosts] each, kept once computed."""
        for criterion in self._criteria:
            if criterion.slug not in self._kept:
                chunks = [criterion.rows(chunk)[0] for chunk in self._chunks()] or [criterion.rows(slice(0, 0))[0]]
                self._kept[criterion.slug] = np.concatenate(chunks)
        return dict(self._kept)

    def pulls(self, twin: int, host: int) -> dict[str, int]:
        """What one unit of each weight adds to a pair, in halves: a score is their weighted sum over twice the sum of
        the weights. Half of a tag criterion may speak through the text, see above; then it pulls as the text does.
        """
        values = self.values()
        text = next((one for one in self._criteria if isinstance(one, TextMatch) and one.slug == "text"), None)
        pulls = {}
        for criterion in self._criteria:
            moved = 0
            if isinstance(criterion, TagCover) and text is not None and text.has_asked[twin]:
                moved = 2 - int(criterion.stated[twin])
            pull = (2 - moved) * int(values[criterion.slug][twin, host])
            pulls[criterion.slug] = pull + (moved * int(values["text"][twin, host]) if moved else 0)
        return pulls

    def combined(self, values: Mapping[str, IntMatrix]) -> IntMatrix:
        """The table from values computed before; the same numbers as ``table``."""
        points = np.zeros((len(self.market.twins), len(self.market.hosts)), dtype=np.int64)
        for place, (criterion, _) in enumerate(self._used):
            points += self._shares[place, :, None] * values[criterion.slug]
        return self._rounded(points)

    def table(self) -> IntMatrix:
        """Scores of all pairs, int32 [twins, hosts], 0..SCALE; all zero when no criterion has a weight."""
        rows = [self._score(chunk) for chunk in self._chunks()]
        shape = (len(self.market.twins), len(self.market.hosts))
        return np.concatenate(rows) if rows else np.zeros(shape, dtype=np.int32)

    def _chunks(self) -> Iterator[slice]:
        for start in range(0, len(self.market.twins), CHUNK):
            yield slice(start, start + CHUNK)

    def _score(self, chunk: slice) -> IntMatrix:
        twins = len(self.market.twins[chunk])
        points = np.zeros((twins, len(self.market.hosts)), dtype=np.int64)
        for place, (criterion, _) in enumerate(self._used):
            points += self._shares[place, chunk, None] * criterion.rows(chunk)[0]
        return self._rounded(points)

    def _rounded(self, points: NDArray[np.int64]) -> IntMatrix:
        return ((2 * points + self._sum) // max(2 * self._sum, 1)).astype(np.int32)

    def parts(self, twin: int, host: int) -> tuple[Part, ...]:
        """What each criterion gives this pair, with its facts; the weighted mean of the parts is the score.

        Weights are in halves of what the cohort set, after sharing out for this twin.
        """
        return self.parts_of([(twin, host)])[0]

    def parts_of(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[Part, ...]]:
        """The parts of many pairs (twin, host), in their order; far quicker than one by one."""
        found: list[tuple[Part, ...]] = [()] * len(pairs)
        blocks: dict[int, list[int]] = {}
        for place, (twin, _) in enumerate(pairs):
            blocks.setdefault(twin // CHUNK, []).append(place)
        for places in blocks.values():
            twins, hosts = np.array([pairs[place] for place in places], dtype=np.int64).T
            first = int(twins.min())
            tables = [criterion.rows(slice(first, int(twins.max()) + 1)) for criterion, _ in self._used]
            looked_up = [(values[twins - first, hosts], known[twins - first, hosts]) for values, known in tables]
            for at in np.argsort(hosts, kind="stable").tolist():  # the words of a host are then read once
                found[places[at]] = tuple(
                    Part(
                        criterion.slug,
                        int(self._shares[number, twins[at]]),
                        int(values[at]),
                        bool(known[at]),
                        criterion.facts(int(twins[at]), int(hosts[at])),
                    )
                    for number, ((criterion, _), (values, known)) in enumerate(zip(self._used, looked_up, strict=True))
                )
        return found


def _facts_of(market: Market) -> tuple[object, ...]:
    """All of a market that a score can depend on."""
    rules = market.rules
    sides = market.twins, market.hosts, market.domains, market.levers, market.bands
    return *sides, rules.same_country, rules.same_language


def score_of(parts: tuple[Part, ...]) -> int:
    """The score that parts add up to; the same rounding as the table."""
    whole = sum(part.weight for part in parts)
    points = sum(part.weight * part.score for part in parts)
    return (2 * points + whole) // max(2 * whole, 1)
