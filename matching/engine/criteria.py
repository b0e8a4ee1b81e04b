"""What makes a pair good, one class per criterion: values for whole rows at once, facts for one pair on demand.

Every value is 0..SCALE. Where one side has said nothing, the value is the criterion's ``unknown`` constant, about
what a host picked at random earns: an unknown is never a match and never a fault. Constants do not depend on the
other hosts, so that adding a host never changes the score of another pair through an unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .context import Nearness
from .lexicon import Lexicon, Reading
from .text import Embedder, Meaning, Similarity
from .types import SCALE, BoolMatrix, Fact, Host, Market, Tag, Twin

Values = NDArray[np.int32]


class Criterion(Protocol):
    """``rows`` gives values and knowledge, both [rows, hosts]; ``facts`` the reasons of one pair."""

    slug: str

    @property
    def in_play(self) -> bool:
        """Whether any pair of this market could be known at all."""
        ...

    def rows(self, rows: slice) -> tuple[Values, BoolMatrix]: ...

    def facts(self, twin: int, host: int) -> tuple[Fact, ...]: ...


class Preference:
    """The twin's own ranking of hosts: 1, .8, .6, .4, .2 for ranks one to five, else nothing.

    A wish without a word of reason keeps three quarters: a reason shows that somebody read what the host does.
    """

    slug = "preference"
    unknown = 0
    UNREASONED = 7_500

    def __init__(self, market: Market) -> None:
        self._column = {host.id: place for place, host in enumerate(market.hosts)}
        self._twins, self._hosts = market.twins, market.hosts

    @property
    def in_play(self) -> bool:
        return any(twin.preferences for twin in self._twins)

    def rows(self, rows: slice) -> tuple[Values, BoolMatrix]:
        twins = self._twins[rows]
        values = np.full((len(twins), len(self._hosts)), self.unknown, dtype=np.int32)
        known = np.zeros(values.shape, dtype=bool)
        for row, twin in enumerate(twins):
            known[row] = bool(twin.preferences)
            for rank, wanted in enumerate(twin.preferences[:5]):
                if wanted in self._column:
                    share = SCALE if twin.evidence.get(wanted, "").strip() else self.UNREASONED
                    values[row, self._column[wanted]] = share * (5 - rank) // 5
        return values, known

    def facts(self, twin: int, host: int) -> tuple[Fact, ...]:
        preferences, evidence = self._twins[twin].preferences, self._twins[twin].evidence
        if not preferences:
            return (Fact("preference_unknown", "twin.preferences"),)
        wanted = self._hosts[host].id
        if wanted not in preferences[:5]:
            return (Fact("preference_none", "twin.preferences"),)
        rank = Fact("preference_rank", "twin.preferences", (str(preferences.index(wanted) + 1),))
        reason = evidence.get(wanted, "").strip()
        why = (
            Fact("preference_reason", "twin.evidence", (reason,))
            if reason
            else Fact("preference_unreasoned", "twin.evidence")
        )
        return rank, why


class TagCover:
    """The share of the twin's choices that the host covers; what was inferred about the host counts half.

    A twin that states no choices is read from its interests and challenges. Such readings count half as well: by
    their weight, see ``stated`` and the scorer, since the same words already speak through the text.
    """

    unknown = 2_000

    def __init__(self, slug: str, market: Market, labels: Mapping[str, str]) -> None:
        self.slug = slug
        self._labels = labels
        lexicon = Lexicon(labels)
        self._readings: dict[int, Mapping[str, Reading]] = {}
        twins = market.twins
        asked = [self._choices(row, twin, lexicon) for row, twin in enumerate(twins)]
        offered = [self._tags(host) for host in market.hosts]
        codes = {code: place for place, code in enumerate(sorted({t.code for tags in asked + offered for t in tags}))}
        self._asked = (_halves(asked, codes) > 0).astype(np.int64)
        self._offered = _halves(offered, codes)
        self._codes = list(codes)
        self.stated = np.array([2 if self._tags(t) else 1 if tags else 0 for t, tags in zip(twins, asked, strict=True)])
        """[twins]: 2 where the twin chose itself, 1 where its text was read, 0 where nothing was found."""

    @property
    def in_play(self) -> bool:
        return bool(self._asked.any() and self._offered.any())

    def _tags(self, side: Twin | Host) -> tuple[Tag, ...]:
        return side.domains if self.slug == "domains" else side.levers

    def _choices(self, row: int, twin: Twin, lexicon: Lexicon) -> tuple[Tag, ...]:
        if tags := self._tags(twin):
            return tags
        readings = lexicon.read(f"{twin.interests}\n{twin.challenges}")
        self._readings[row] = {reading.code: reading for reading in readings}
        return tuple(Tag(reading.code, stated=False) for reading in readings)

    def rows(self, rows: slice) -> tuple[Values, BoolMatrix]:
        asked = self._asked[rows]
        choices = (asked > 0).sum(axis=1)[:, None]
        covered = asked @ self._offered.T
        full = 2 * np.maximum(choices, 1)
        values = (2 * SCALE * covered + full) // (2 * full)
        known = (choices > 0) & (self._offered.sum(axis=1) > 0)[None, :]
        return np.where(known, values, self.unknown).astype(np.int32), known

    def facts(self, twin: int, host: int) -> tuple[Fact, ...]:
        asked, offered = self._asked[twin], self._offered[host]
        if not asked.any():
            return (Fact("tags_unknown_twin", f"twin.{self.slug}"),)
        if not offered.any():
            return (Fact("tags_unknown_host", f"host.{self.slug}"),)
        shared = np.flatnonzero(asked * offered)
        if not shared.size:
            wanted = tuple(self._label(int(place)) for place in np.flatnonzero(asked))
            return (Fact("tags_none_shared", f"host.{self.slug}", wanted),)
        return tuple(self._shared(twin, int(place), stated=bool(offered[place] == 2)) for place in shared)

    def _shared(self, twin: int, place: int, *, stated: bool) -> Fact:
        source = f"host.{self.slug}" if stated else f"host.{self.slug}_inferred"
        reading = self._readings.get(twin, {}).get(self._codes[place])
        if reading is None:
            return Fact("tag_shared" if stated else "tag_shared_inferred", source, (self._label(place),))
        code = "tag_read" if stated else "tag_read_inferred"
        return Fact(code, source, (self._label(place), reading.word))

    def _label(self, place: int) -> str:
        code = self._codes[place]
        return self._labels.get(code, code)


def _halves(sides: Sequence[Sequence[Tag]], codes: Mapping[str, int]) -> NDArray[np.int64]:
    """[sides, codes]: 2 where stated, 1 where inferred."""
    matrix = np.zeros((len(sides), len(codes)), dtype=np.int64)
    for row, tags in enumerate(sides):
        for tag in tags:
            matrix[row, codes[tag.code]] = max(matrix[row, codes[tag.code]], 2 if tag.stated else 1)
    return matrix


class TextMatch:
    """How near the twin's words are to the host's. The root of the cosine, so that one shared topic already shows.

    With a text model the value is what that says, on a straight scale; the words shown are still those that match.
    """

    unknown = 1_500

    def __init__(
        self,
        slug: str,
        asked: Sequence[str],
        offered: Sequence[str],
        fields: tuple[str, str],
        embedder: Embedder | None = None,
    ) -> None:
        self.slug = slug
        self.has_asked = np.array([bool(text.strip()) for text in asked], dtype=bool)
        self._has_offered = np.array([bool(text.strip()) for text in offered], dtype=bool)
        self._similarity = Similarity(asked, offered)
        self._meaning = Meaning(asked, offered, embedder) if embedder else None
        self._fields = fields
        self._told: dict[tuple[int, int], tuple[Fact, ...]] = {}  # of pairs that were asked about: words cost the most

    @property
    def in_play(self) -> bool:
        return bool(self.has_asked.any() and self._has_offered.any())

    def rows(self, rows: slice) -> tuple[Values, BoolMatrix]:
        near = self._meaning.rows(rows) if self._meaning else np.sqrt(self._similarity.rows(rows))
        values = np.rint(SCALE * near).astype(np.int32)
        known = self.has_asked[rows][:, None] & self._has_offered[None, :]
        return np.where(known, values, self.unknown).astype(np.int32), known

    def facts(self, twin: int, host: int) -> tuple[Fact, ...]:
        asked, offered = self._fields
        if not self.has_asked[twin]:
            return (Fact("text_unknown_twin", asked),)
        if not self._has_offered[host]:
            return (Fact("text_unknown_host", offered),)
        if (twin, host) not in self._told:
            self._told[twin, host] = self._words(twin, host)
        return self._told[twin, host]

    def _words(self, twin: int, host: int) -> tuple[Fact, ...]:
        asked, offered = self._fields
        pairs = self._similarity.evidence(twin, host)
        if not pairs:
            return (Fact("text_by_model" if self._meaning else "text_none_shared", offered),)
        return tuple(
            Fact("words_shared", f"{asked} {offered}", (one,))
            if one.casefold() == other.casefold()
            else Fact("words_alike", f"{asked} {offered}", (one, other))
            for one, other in pairs
        )


class Needs:
    """Giving back: the share of what the host wants to learn that the twin can teach.

    Where a side has not chosen, its offers, or expectations and challenges, are read; a theme that was read on either
    side counts half.
    """

    slug = "needs"
    unknown = 2_000

    def __init__(self, market: Market) -> None:
        self._labels = {**market.domains, **market.levers}
        lexicon = Lexicon(self._labels)
        self._words: dict[tuple[str, int, str], str] = {}
        strong = [self._themes("twin", row, t.strengths, t.offers, lexicon) for row, t in enumerate(market.twins)]
        wanted = [
            self._themes("host", row, h.needs, "\n".join((*h.expectations, *h.challenges)), lexicon)
            for row, h in enumerate(market.hosts)
        ]
        self._codes = sorted({tag.code for tags in strong + wanted for tag in tags})
        places = {code: place for place, code in enumerate(self._codes)}
        self._strong, self._wanted = _halves(strong, places), _halves(wanted, places)

    def _themes(self, side: str, row: int, stated: Sequence[Tag], text: str, lexicon: Lexicon) -> Sequence[Tag]:
        if stated or not text.strip():
            return stated
        readings = lexicon.read(text)
        self._words.update({(side, row, reading.code): reading.word for reading in readings})
        return [Tag(reading.code, stated=False) for reading in readings]

    @property
    def in_play(self) -> bool:
        return bool(self._strong.any() and self._wanted.any())

    def rows(self, rows: slice) -> tuple[Values, BoolMatrix]:
        strong, needs = self._strong[rows], (self._wanted > 0).sum(axis=1)[None, :]
        both = (strong == 2).astype(np.int64) @ (self._wanted == 2).T.astype(np.int64)
        met = both + (strong > 0).astype(np.int64) @ (self._wanted > 0).T.astype(np.int64)
        full = 2 * np.maximum(needs, 1)
        values = (2 * SCALE * met + full) // (2 * full)
        known = (strong.sum(axis=1) > 0)[:, None] & (needs > 0)
        return np.where(known, values, self.unknown).astype(np.int32), known

    def facts(self, twin: int, host: int) -> tuple[Fact, ...]:
        strong, wanted = self._strong[twin], self._wanted[host]
        if not strong.any():
            return (Fact("needs_unknown_twin", "twin.strengths"),)
        if not wanted.any():
            return (Fact("needs_unknown_host", "host.needs"),)
        met = np.flatnonzero(strong * wanted)
        if not met.size:
            return (
                Fact("needs_none_met", "host.needs", tuple(self._label(k) for k in np.flatnonzero(wanted).tolist())),
            )
        return tuple(self._met(twin, host, int(place)) for place in met)

    def _met(self, twin: int, host: int, place: int) -> Fact:
        code = self._codes[place]
        read = [self._words.get(("twin", twin, code), ""), self._words.get(("host", host, code), "")]
        sources = ("twin.offers" if read[0] else "twin.strengths", "host.expectations" if read[1] else "host.needs")
        if any(read) or self._strong[twin, place] + self._wanted[host, place] < 4:
            return Fact("need_met_read", " ".join(sources), (self._label(place), ", ".join(filter(None, read))))
        return Fact("need_met", " ".join(sources), (self._label(place),))

    def _label(self, place: int) -> str:
        return self._labels.get(self._codes[place], self._codes[place])


def description_of(host: Host, labels: Mapping[str, str]) -> str:
    """All that a host says about itself, with the labels of what it states and what was inferred."""
    tags = (labels.get(tag.code, tag.code) for tag in (*host.domains, *host.levers))
    return "\n".join((host.title, host.summary, *host.offers, *tags))


def criteria_of(market: Market, embedder: Embedder | None = None) -> tuple[Criterion, ...]:
    """The criteria for which this market has anything at all; the others are left out of the weights."""
    twins, hosts = market.twins, market.hosts
    asked = [f"{twin.interests}\n{twin.challenges}" for twin in twins]
    wanted = ["\n".join((*host.expectations, *host.challenges)) for host in hosts]
    labels = {**market.domains, **market.levers}
    text_fields, offer_fields = ("twin.interests", "host.description"), ("twin.offers", "host.expectations")
    candidates: tuple[Criterion, ...] = (
        Preference(market),
        TagCover("domains", market, market.domains),
        TagCover("levers", market, market.levers),
        TextMatch("text", asked, [description_of(host, labels) for host in hosts], text_fields, embedder),
        Nearness("ambition", market),
        Nearness("context", market),
        TextMatch("offer", [twin.offers for twin in twins], wanted, offer_fields, embedder),
        Needs(market),
    )
    return tuple(criterion for criterion in candidates if criterion.in_play)
