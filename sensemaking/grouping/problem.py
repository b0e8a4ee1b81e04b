"""What is asked of a plan of rooms, and what a plan is.

A plan is a table of rounds and people: the room in which each sits; who is away has none. All dataclasses are frozen; ids are texts.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

AWAY = -1
HARD = 100_000  # what a broken hard rule weighs in a search: more than all soft rules of any session together
PREVIEW_MOVES, FINAL_MOVES = 30_000, 150_000


@dataclass(frozen=True, slots=True)
class Weights:
    """What each soft rule costs, in points for each time it is broken. Proposed; a session may have its own."""

    again: int = 10  # two people who have met before, in an earlier session or round
    country: int = 6  # two people of one country in one room
    theme: int = 6  # a seat in a room whose theme the person did not wish for
    theme_again: int = 4  # a theme that the person has had in this session
    guide_again: int = 3  # a facilitator or harvester whom the person has had
    pairing: int = 8  # a twin and its host in one room (or, where they are wanted together, in two)


@dataclass(frozen=True, slots=True)
class Person:
    """One seat to give in each round. `group`: a pilot of several cities, whose cities never share a room."""

    id: str
    role: str = "speaker"
    country: str = ""
    group: str = ""
    wishes: frozenset[str] = frozenset()  # themes; nothing wished for means that every theme is welcome
    away: frozenset[int] = frozenset()  # rounds

    @property
    def guides(self) -> bool:
        return self.role in ("facilitator", "harvester")


@dataclass(frozen=True, slots=True)
class Room:
    """A room of one round. `least` and `most` count those who speak, not those who guide."""

    id: str
    theme: str = ""
    least: int = 3
    most: int = 8


@dataclass(frozen=True)
class Problem:
    """Everything that decides the seats. Pairs are of ids, in any order.

    `rounds`: the rooms of each round. `pins`: (round, person) -> room, kept whatever it costs. `apart`: never in one room.
    `pairings` are kept apart as far as possible, or together where `pairings_together` says so. `met`: encounters before this session.
    """

    people: tuple[Person, ...]
    rounds: tuple[tuple[Room, ...], ...]
    weights: Weights = Weights()
    pins: Mapping[tuple[int, str], str] = field(default_factory=dict)
    apart: frozenset[frozenset[str]] = frozenset()
    pairings: frozenset[frozenset[str]] = frozenset()
    pairings_together: bool = False
    met: frozenset[frozenset[str]] = frozenset()

    def speakers(self, r: int) -> list[Person]:
        """Those who are there in round `r` and do not guide."""
        return [person for person in self.people if not person.guides and r not in person.away]

    def limits(self, r: int) -> list[tuple[int, int]]:
        """How many may speak in each room of round `r`, at least and at most; who is pinned there counts."""
        pinned = Counter(self.pins.get((r, person.id)) for person in self.speakers(r))
        return [(max(room.least, pinned[room.id]), room.most) for room in self.rounds[r]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs by rule, in points; `bound` is what no plan that keeps the hard rules can go below (`Least.total`)."""

    again: int
    country: int
    theme: int
    theme_again: int
    guide_again: int
    pairing: int
    bound: int = 0

    @property
    def total(self) -> int:
        return self.again + self.country + self.theme + self.theme_again + self.guide_again + self.pairing

    def parts(self) -> dict[str, int]:
        names = ("again", "country", "theme", "theme_again", "guide_again", "pairing")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Least:
    """What every plan that keeps the hard rules costs at least, by rule; the two rules about themes together: less of one can mean more of the other."""

    again: int
    country: int
    themes: int
    guide_again: int
    pairing: int

    @property
    def total(self) -> int:
        return self.again + self.country + self.themes + self.guide_again + self.pairing


@dataclass(frozen=True)
class Plan:
    """`seats[r][person id]` is the room's id; who is away in a round has no entry. `broken`: hard rules that do not hold, in no case hidden."""

    seats: tuple[Mapping[str, str], ...]
    cost: Cost
    broken: tuple["Broken", ...] = ()
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """A hard rule that a plan breaks: `size`, `apart`, `group` or `pin`, in which round and room, between whom."""

    rule: str
    round: int
    room: str
    people: tuple[str, ...]


class Unsolvable(Exception):
    """There are not enough seats, or too few people to fill the rooms. `round_number` counts from 0."""

    def __init__(self, kind: str, *, round_number: int, people: int, seats: int):
        super().__init__(f"{kind}: round {round_number + 1}, {people} people, {seats} seats")
        self.kind, self.round_number, self.people, self.seats = kind, round_number, people, seats


@dataclass(frozen=True, slots=True)
class Change:
    """One person moves in one round; `before` is empty for somebody who comes late."""

    round: int
    person: str
    before: str
    after: str
