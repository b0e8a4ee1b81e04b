"""What the engine is given and what it hands back: frozen dataclasses, ids are plain strings.

Nothing here knows where the facts come from. Scores are whole numbers from 0 to ``SCALE`` (fixed point),
so that totals are exact, compare equal on every machine and can be proven.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SCALE = 10_000

IntMatrix = NDArray[np.int32]
BoolMatrix = NDArray[np.bool_]
IntVector = NDArray[np.int64]

Objective = Literal["total", "worst_first", "leximin"]
Together = Literal["neutral", "avoid", "forbid"]
"""What a cohort thinks of a twin and a host that share a country or a language."""

Stop = Callable[[], bool]
Stage = Literal["score", "solve", "floor", "fair", "groups", "prove", "check", "prices", "trials", "weights", "curve"]
"""What a long question is at; pages have words for it."""
Progress = Callable[[float, Stage], None]
"""Is told the share that is done, 0..1 and never falling, and the stage."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One code of a vocabulary. ``stated`` is false when a reader inferred it: it then counts half."""

    code: str
    stated: bool = True


@dataclass(frozen=True, slots=True)
class ContextFact:
    """What is known about a place in one dimension, where it was read and from which year it is.

    ``label`` is the value as people read it. ``stated`` is false when a reader inferred it: it then counts half.
    """

    dimension: str
    value: str
    source: str = ""
    year: int | None = None
    stated: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """How far apart is good in one dimension: full value within ``centre`` ± ``width`` / 2, on a scale of 0..100.

    Nearer teaches little, farther does not transfer. ``weight`` is the share of the dimension in its criterion.
    """

    dimension: str
    centre: int
    width: int
    weight: int = 1


DEFAULT_BANDS = (
    Band("size", 0, 48, 2),
    Band("kind", 0, 0, 1),
    Band("climate", 0, 60, 2),
    Band("legal", 0, 0, 1),
    Band("competences", 0, 60, 1),
    Band("language", 0, 0, 1),
    Band("maturity", 30, 40, 1),
    Band("target_year", 0, 40, 1),
)
"""Proposed bands. A host somewhat ahead teaches most; in the other dimensions alike is best, as far as we know."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city as the engine sees it. Empty text and ``None`` mean unknown, and unknown is never equal to anything.

    ``population`` and ``kind`` are read as the dimensions size and kind; the others stand in ``context``. A fact on the
    size there says where the population is from.
    """

    id: str
    name: str
    country: str = ""
    kind: str = ""
    population: int | None = None
    context: tuple[ContextFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """A city that looks for a host. ``preferences`` are host ids, the dearest first.

    ``evidence`` says, by host id, what the twin gave as reason for a wish. ``strengths`` are what it can teach.
    A twin in ``reserve`` gets seats that are left over when all others have been placed.
    """

    place: Place
    domains: tuple[Tag, ...] = ()
    levers: tuple[Tag, ...] = ()
    interests: str = ""
    challenges: str = ""
    offers: str = ""
    preferences: tuple[str, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    strengths: tuple[Tag, ...] = ()
    reserve: bool = False

    @property
    def id(self) -> str:
        return self.place.id


@dataclass(frozen=True, slots=True)
class Host:
    """The side that is learned from, with the seats it has left in this run. ``needs`` are what it wants to learn."""

    id: str
    name: str
    places: tuple[Place, ...] = ()
    domains: tuple[Tag, ...] = ()
    levers: tuple[Tag, ...] = ()
    title: str = ""
    summary: str = ""
    offers: tuple[str, ...] = ()
    challenges: tuple[str, ...] = ()
    expectations: tuple[str, ...] = ()
    motivation: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 3
    needs: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Veto:
    """This twin must not go to this host."""

    twin: str
    host: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """This twin goes to this host, whatever the score."""

    twin: str
    host: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A declared conflict of interest. It forbids the pair as a veto does, under its own name."""

    twin: str
    host: str
    reason: str = ""


TraitField = Literal["any", "id", "country", "language", "kind", "domain", "lever"]


@dataclass(frozen=True, slots=True)
class Trait:
    """A question to one side that a fact answers; ``any`` is always true, an unknown fact never passes."""

    field: TraitField
    value: str = ""


@dataclass(frozen=True, slots=True)
class ValueRule:
    """A rule by value. ``must``: twins that pass go only to hosts that pass; ``must_not``: never to hosts that pass."""

    name: str
    kind: Literal["must", "must_not"]
    twins: Trait
    hosts: Trait
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GroupCap:
    """At most ``most`` twins of one value at a host (at every host when ``host`` is empty).

    ``by`` names the value; with ``list``, ``members`` gives each listed twin its label. Twins without a value are free.
    """

    name: str
    by: Literal["country", "language", "kind", "domain", "list"]
    most: int
    host: str = ""
    members: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """``everyone``: a twin without a host is a clash. ``minimums``: a host below its minimum is a clash, or reported."""

    same_country: Together = "neutral"
    same_language: Together = "neutral"
    vetoes: tuple[Veto, ...] = ()
    locks: tuple[Lock, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    values: tuple[ValueRule, ...] = ()
    groups: tuple[GroupCap, ...] = ()
    everyone: bool = False
    minimums: Literal["wish", "must"] = "wish"


@dataclass(frozen=True, slots=True)
class Market:
    """Everything a run looks at. ``domains`` and ``levers`` map the codes of a vocabulary to the words people read."""

    twins: tuple[Twin, ...]
    hosts: tuple[Host, ...]
    rules: Rules = field(default_factory=Rules)
    domains: Mapping[str, str] = field(default_factory=dict)
    levers: Mapping[str, str] = field(default_factory=dict)
    bands: tuple[Band, ...] = DEFAULT_BANDS


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason, traceable to a field. ``code`` names the sentence, ``values`` fill it, ``field`` is its source."""

    code: str
    field: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What one criterion gives a pair. ``score`` is 0..SCALE; without data on both sides ``known`` is false."""

    criterion: str
    weight: int
    score: int
    known: bool
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A side constraint: of the twins (rows) in ``members``, at most ``most[j]`` sit at host j."""

    name: str
    members: tuple[int, ...]
    most: IntVector


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """The bare assignment problem: n twins (rows), m hosts (columns), everything in whole numbers.

    ``reserve`` lists the rows that get only seats which the others leave. ``keep`` is a plan of before (one place per
    row): among plans of equal value the one that keeps most of it is taken, instead of a draw by the seed.
    """

    twin_ids: tuple[str, ...]
    host_ids: tuple[str, ...]
    score: IntMatrix
    allowed: BoolMatrix
    minimum: IntVector
    maximum: IntVector
    locks: tuple[tuple[int, int], ...] = ()
    seed: str = ""
    groups: tuple[Group, ...] = ()
    reserve: tuple[int, ...] = ()
    keep: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes where. ``host_of[i]`` is a column, or -1 for a twin without a host.

    ``unmet`` counts the minimum seats that stay empty, ``floor`` is the lowest score the objective allowed
    (0 for the best total). Order of aims: unmet, then matched, then (floor, for worst-first), then total. Leximin
    compares scores from the lowest upwards; ``bands`` says into how many steps they were cut (0: exact). ``proven``
    is false for the best plan found when time ran out.
    """

    host_of: tuple[int, ...]
    unmet: int
    matched: int
    total: int
    objective: Objective = "total"
    floor: int = 0
    bands: int = 0
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault of the input, with the ids it concerns. All faults are reported at once."""

    code: str
    ids: tuple[str, ...]
    message: str


class UnsolvableRules(ValueError):
    """The rules contradict each other or the input is malformed; ``issues`` says where."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__("; ".join(issue.message for issue in issues))
        self.issues = issues


class Cancelled(Exception):
    """Somebody asked to stop. Nothing was changed."""


def check(stop: Stop | None) -> None:
    """Raise Cancelled when asked to stop."""
    if stop is not None and stop():
        raise Cancelled
