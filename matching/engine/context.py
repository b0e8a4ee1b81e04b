"""How far apart two places are, one dimension at a time, and whether that is a good distance to learn across.

A distance is 0 (the same) to 100 (as far as it goes); where the direction matters it is negative when the host is
behind. A band turns it into a value: full inside, falling to nothing at 100; where the band begins above zero, being
the same gives half, because too close teaches little. Unknown on either side stays unknown and has no distance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .types import SCALE, Band, BoolMatrix, ContextFact, Fact, Host, Market, Place, Twin

TOO_CLOSE = 5_000
UNKNOWN = 5_000
"""What a pair earns where nothing is known; half of what it earns where a fact was inferred."""
SIMILAR, STRETCH = 24, 62
"""Distances up to which two places are called similar (for size: twice as large), and a stretch (6.4 times)."""

Verdict = Literal["similar", "stretch", "different", "unknown"]
Floats = NDArray[np.float64]

DIMENSIONS: Mapping[str, str] = {
    "size": "context",
    "kind": "context",
    "climate": "context",
    "legal": "context",
    "competences": "context",
    "language": "context",
    "maturity": "ambition",
    "target_year": "ambition",
}
"""Dimension -> the criterion it belongs to."""


def _number(text: str) -> float:
    """NaN where the text is no number of use: unknown rather than wrong."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _log(text: str) -> float:
    number = _number(text)
    return float(np.log(number)) if number > 0 else float("nan")


def words_of(text: str) -> frozenset[str]:
    """The values of a fact that may hold several, "fi; sv", folded."""
    return frozenset(part.strip().casefold() for part in text.split(";")) - {""}


def _same(one: str, other: str) -> float:
    return 0.0 if words_of(one) & words_of(other) else 100.0


def _overlap(one: str, other: str) -> float:
    """The share of what either side has that they do not have in common."""
    mine, yours = words_of(one), words_of(other)
    return 100.0 * (1 - len(mine & yours) / max(len(mine | yours), 1))


def _climate(one: str, other: str) -> float:
    """Köppen classes: 0 the same, 33 the same group and rain, 67 the same group, 100 another group."""
    mine, yours = one.strip().casefold(), other.strip().casefold()
    for letters, distance in ((3, 0.0), (2, 33.0), (1, 67.0)):
        if mine[:letters] == yours[:letters]:
            return distance
    return 100.0


@dataclass(frozen=True, slots=True)
class Numeric:
    """Values on a line: ``reach`` apart is as far as it goes. ``signed`` keeps whether the host is ahead."""

    read: Callable[[str], float]
    reach: float
    signed: bool = False


NUMERIC: Mapping[str, Numeric] = {
    "size": Numeric(_log, float(np.log(20.0))),
    "maturity": Numeric(_number, 5.0, signed=True),
    "target_year": Numeric(_number, 25.0),
}
WORDS: Mapping[str, Callable[[str, str], float]] = {
    "kind": _same,
    "climate": _climate,
    "legal": _same,
    "competences": _overlap,
    "language": _same,
}


def fact_of(place: Place, dimension: str) -> ContextFact | None:
    """What is known about a place in a dimension; a fact that cannot be read is unknown."""
    if dimension == "kind":
        return ContextFact("kind", place.kind) if place.kind else None
    fact = next((fact for fact in place.context if fact.dimension == dimension and fact.value.strip()), None)
    if dimension == "size" and fact is None and place.population:
        return ContextFact("size", str(place.population))
    if fact and dimension in NUMERIC and np.isnan(NUMERIC[dimension].read(fact.value)):
        return None
    return fact


def value_at(distance: Floats, band: Band) -> Floats:
    """0..SCALE for distances; NaN stays NaN."""
    low, high = band.centre - band.width / 2, band.centre + band.width / 2
    at, values = [-100.0], [0.0]
    if low > 0:
        at, values = [*at, 0.0], [*values, float(TOO_CLOSE)]
    at += [max(low, -99.0), max(high, max(low, -99.0) + 1e-9)]
    values += [float(SCALE)] * 2
    if at[-1] < 100:
        at, values = [*at, 100.0], [*values, 0.0]
    return np.where(np.isnan(distance), np.nan, np.rint(np.interp(distance, at, values)))


def halved(values: Floats, sure: BoolMatrix) -> Floats:
    """Where a fact was inferred, half of the value is what unknown earns."""
    return np.where(sure, values, np.floor((values + UNKNOWN) / 2))


class Dimension:
    """One dimension over a market: distances of all pairs, the nearest city of a host counting."""

    def __init__(self, market: Market, band: Band) -> None:
        self.band, self.name = band, band.dimension
        self._twins = [fact_of(twin.place, self.name) for twin in market.twins]
        self._hosts = [[fact_of(place, self.name) for place in host.places] for host in market.hosts]
        widest = max([1, *(len(places) for places in self._hosts)])
        padded = [[*places, *([None] * (widest - len(places)))] for places in self._hosts]
        self._columns = [[row[place] for row in padded] for place in range(widest)]
        self._tables = [self._table(column) for column in self._columns]
        self._own_sure, self._sure = _stated(self._twins), [_stated(column) for column in self._columns]

    @property
    def in_play(self) -> bool:
        known = any(fact is not None for places in self._hosts for fact in places)
        return self.band.weight > 0 and known and any(fact is not None for fact in self._twins)

    def _table(self, column: Sequence[ContextFact | None]) -> Callable[[slice], Floats]:
        """Distances of some twins to one city of each host, NaN where unknown."""
        numeric = NUMERIC.get(self.name)
        if numeric:
            own, theirs = _read(self._twins, numeric), _read(column, numeric)
            return lambda rows: _apart(own[rows][:, None], theirs[None, :], numeric)
        mine, yours = _index(self._twins), _index(column)
        far = WORDS[self.name]
        grid = np.full((len(mine.words) + 1, len(yours.words) + 1), np.nan)
        for row, one in enumerate(mine.words):
            grid[row, : len(yours.words)] = [far(one, other) for other in yours.words]
        return lambda rows: grid[np.ix_(mine.place[rows], yours.place)]

    def distances(self, rows: slice) -> list[Floats]:
        """One matrix [rows, hosts] per city of a host."""
        return [table(rows) for table in self._tables]

    def values(self, rows: slice) -> Floats:
        """[rows, hosts], the best over the cities of each host; NaN where unknown."""
        best = self._value(0, rows)
        for place in range(1, len(self._tables)):
            best = np.fmax(best, self._value(place, rows))
        return best

    def _value(self, place: int, rows: slice) -> Floats:
        values = value_at(self._tables[place](rows), self.band)
        own, theirs = self._own_sure[rows], self._sure[place]
        return values if own.all() and theirs.all() else halved(values, own[:, None] & theirs[None, :])


def _stated(facts: Sequence[ContextFact | None]) -> NDArray[np.bool_]:
    return np.array([fact is None or fact.stated for fact in facts], dtype=np.bool_)


def _read(facts: Sequence[ContextFact | None], numeric: Numeric) -> Floats:
    return np.array([numeric.read(fact.value) if fact else np.nan for fact in facts], dtype=np.float64)


def _apart(own: Floats, theirs: Floats, numeric: Numeric) -> Floats:
    gap = (theirs - own) if numeric.signed else np.abs(own - theirs)
    return np.clip(100.0 * gap / numeric.reach, -100.0, 100.0)


@dataclass(frozen=True, slots=True)
class _Index:
    words: tuple[str, ...]
    place: NDArray[np.int64]


def _index(facts: Sequence[ContextFact | None]) -> _Index:
    """The distinct values in order and each fact's place among them; unknown stands after the last."""
    words = sorted({fact.value for fact in facts if fact})
    place = {word: number for number, word in enumerate(words)}
    return _Index(tuple(words), np.array([place[f.value] if f else len(words) for f in facts], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Distance:
    """One dimension of one pair, with the facts of both sides. ``distance`` and ``value`` are None where unknown."""

    dimension: str
    verdict: Verdict
    distance: int | None
    value: int | None
    twin: ContextFact | None
    host: ContextFact | None
    place: str = ""


def profile(market: Market, twin: Twin, host: Host) -> tuple[Distance, ...]:
    """All dimensions of one pair, in the order of the bands; the city of the host that is nearest counts."""
    return tuple(_distance(twin.place, host.places, band) for band in market.bands)


def _distance(own: Place, places: Sequence[Place], band: Band) -> Distance:
    mine = fact_of(own, band.dimension)
    theirs = [(fact, place) for place in places if (fact := fact_of(place, band.dimension))]
    if mine is None or not theirs:
        fact, where = (theirs[0][0], theirs[0][1].name) if theirs else (None, "")
        return Distance(band.dimension, "unknown", None, None, mine, fact, where)
    ranked = []
    for fact, place in theirs:
        apart = _one_distance(mine.value, fact.value, band.dimension)
        sure = np.array([mine.stated and fact.stated])
        value = int(halved(value_at(np.array([apart]), band), sure)[0])
        ranked.append((-value, abs(apart), place.id, apart, fact, place.name))
    best = min(ranked, key=lambda row: row[:3])
    apart = best[3]
    verdict: Verdict = "similar" if abs(apart) <= SIMILAR else "stretch" if abs(apart) <= STRETCH else "different"
    return Distance(band.dimension, verdict, round(apart), -best[0], mine, best[4], best[5])


def _one_distance(mine: str, theirs: str, dimension: str) -> float:
    if numeric := NUMERIC.get(dimension):
        own, other = np.array([numeric.read(mine)]), np.array([numeric.read(theirs)])
        return float(_apart(own, other, numeric)[0])
    return WORDS[dimension](mine, theirs)


class Nearness:
    """A criterion over dimensions: the mean of their values by the weights of the bands, over what is known."""

    unknown = UNKNOWN

    def __init__(self, slug: str, market: Market) -> None:
        self.slug = slug
        self._market = market
        bands = [band for band in market.bands if DIMENSIONS.get(band.dimension) == slug]
        self._dimensions = [one for band in bands if (one := Dimension(market, band)).in_play]
        rules = market.rules
        self._avoided: dict[str, BoolMatrix] = {}
        self._country = shared(market, "country") if slug == "context" else None
        if slug == "context" and rules.same_country == "avoid" and self._country is not None:
            self._avoided["country"] = self._country
        if slug == "context" and rules.same_language == "avoid":
            self._avoided["language"] = shared(market, "language")

    @property
    def in_play(self) -> bool:
        return bool(self._dimensions)

    def rows(self, rows: slice) -> tuple[NDArray[np.int32], BoolMatrix]:
        shape = (len(self._market.twins[rows]), len(self._market.hosts))
        points, weight = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for dimension in self._dimensions:
            values = dimension.values(rows)
            known = ~np.isnan(values)
            points += dimension.band.weight * np.where(known, values, 0).astype(np.int64)
            weight += dimension.band.weight * known
        known = weight > 0
        value = np.where(known, points // np.maximum(weight, 1), self.unknown)
        for together in self._avoided.values():
            value = np.where(together[rows], value // 2, value)
        return value.astype(np.int32), known

    def facts(self, twin: int, host: int) -> tuple[Fact, ...]:
        city, places = self._market.twins[twin].place, self._market.hosts[host].places
        facts = [
            _sentence(_distance(city, places, dimension.band), city)
            for dimension in self._dimensions
            if dimension.name != "kind" or fact_of(city, "kind")
        ]
        if self.slug == "context" and not any(dimension.name == "size" for dimension in self._dimensions):
            facts.insert(0, Fact("size_unknown", "city.population"))
        if self._country is not None and self._country[twin, host]:
            code = "country_same_avoided" if "country" in self._avoided else "country_same"
            facts.append(Fact(code, "city.country", (city.country,)))
        if "language" in self._avoided and self._avoided["language"][twin, host]:
            facts.append(Fact("language_same_avoided", "city.language", (_value(city, "language"),)))
        return tuple(facts)


FIELD_OF = {"size": "city.population", "kind": "city.kind"}


def _sentence(distance: Distance, city: Place) -> Fact:
    field = FIELD_OF.get(distance.dimension, f"city.{distance.dimension}")
    if distance.verdict == "unknown" or distance.twin is None or distance.host is None:
        code = "size_unknown" if distance.dimension == "size" else "context_unknown"
        return Fact(code, field, () if distance.dimension == "size" else (distance.dimension,))
    sources = tuple(", ".join(filter(None, (f.source, str(f.year or "")))) for f in (distance.twin, distance.host))
    sources = sources if any(sources) else ()
    if distance.dimension == "size":
        return Fact("size", field, (city.name, distance.twin.value, distance.place, distance.host.value, *sources))
    if distance.dimension == "kind":
        return Fact("kind_same" if distance.distance == 0 else "kind_differs", field, (distance.twin.value,))
    twin, host = (fact.label or fact.value for fact in (distance.twin, distance.host))
    inferred = "" if distance.twin.stated and distance.host.stated else "_inferred"
    code = f"context_{distance.verdict}{inferred}"
    return Fact(code, field, (distance.dimension, twin, distance.place, host, *sources))


def _value(place: Place, what: str) -> str:
    if what == "country":
        return place.country
    fact = fact_of(place, what)
    return fact.value if fact else ""


def shared(market: Market, what: Literal["country", "language"]) -> BoolMatrix:
    """[twins, hosts]: some city of the host has the twin's country, or one of its languages."""
    own = [words_of(_value(twin.place, what)) for twin in market.twins]
    theirs = [frozenset().union(*(words_of(_value(place, what)) for place in host.places)) for host in market.hosts]
    words = {word: place for place, word in enumerate(sorted({w for some in (*own, *theirs) for w in some}))}
    return np.asarray((_flags(own, words) @ _flags(theirs, words).T) > 0)


def _flags(sides: Sequence[frozenset[str]], words: Mapping[str, int]) -> NDArray[np.float32]:
    table = np.zeros((len(sides), len(words)), dtype=np.float32)
    for row, some in enumerate(sides):
        table[row, [words[word] for word in some]] = 1
    return table
