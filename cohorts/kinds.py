"""The dimensions in which two cities can be alike, as data: how a value is written, and how far two values are apart.

Plain functions over texts. A distance is 0 (the same) to 100 (as far as it goes), None where a value cannot be read:
unknown is never equal to anything. The arithmetic is the one that the matching scores with; a test holds both together.
A dimension that an administrator adds to the list has no entry here: it holds words and is compared by them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

ALIKE_UP_TO, STRETCH_UP_TO = 24, 62  # for size: twice as large, and 6.4 times
ALIKE, STRETCH, DIFFERENT, UNKNOWN = "alike", "stretch", "different", "unknown"
FIRST_YEAR, LAST_YEAR = 2000, 2100
SEPARATOR = ";"

Apart = Callable[[str, str], float | None]


def words_of(value: str) -> frozenset[str]:
    """The parts of a value that may hold several, "fi; sv", folded."""
    return frozenset(part.strip().casefold() for part in value.split(SEPARATOR)) - {""}


def joined(parts: list[str]) -> str:
    """Several parts as one value, each once, in their order."""
    kept: dict[str, str] = {}
    for part in map(str.strip, parts):
        if part:
            kept.setdefault(part.casefold(), part)
    return f"{SEPARATOR} ".join(kept.values())


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _on_a_line(reach: float, read: Callable[[str], float | None] = _number) -> Apart:
    """Values on a line, of which `reach` apart is as far as it goes."""

    def apart(one: str, other: str) -> float | None:
        here, there = read(one), read(other)
        if here is None or there is None:
            return None
        return min(100.0, 100.0 * abs(here - there) / reach)

    return apart


def _log(text: str) -> float | None:
    number = _number(text)
    return math.log(number) if number and number > 0 else None


def _one_in_common(one: str, other: str) -> float:
    return 0.0 if words_of(one) & words_of(other) else 100.0


def _share_not_in_common(one: str, other: str) -> float:
    mine, yours = words_of(one), words_of(other)
    return 100.0 * (1 - len(mine & yours) / max(len(mine | yours), 1))


def _climate(one: str, other: str) -> float:
    """Köppen classes: the same, the same group and rain, the same group, another group."""
    mine, yours = one.strip().casefold(), other.strip().casefold()
    for letters, distance in ((3, 0.0), (2, 33.0), (1, 67.0)):
        if mine[:letters] == yours[:letters]:
            return distance
    return 100.0


@dataclass(frozen=True)
class Dimension:
    """How one dimension is written: `words`, a `year`, or codes of a `vocabulary` (one, or `several`)."""

    apart: Apart
    vocabulary: str = ""
    is_several: bool = False
    is_year: bool = False
    is_of_register: bool = False  # read from the city's own record, not from a stated fact


DIMENSIONS: dict[str, Dimension] = {
    "size": Dimension(_on_a_line(math.log(20.0), _log), is_of_register=True),
    "kind": Dimension(_one_in_common, is_of_register=True),
    "climate": Dimension(_climate, vocabulary="climate_zones"),
    "legal": Dimension(_one_in_common),
    "competences": Dimension(_share_not_in_common, vocabulary="local_competences", is_several=True),
    "language": Dimension(_one_in_common, vocabulary="languages", is_several=True),
    "maturity": Dimension(_on_a_line(5.0), vocabulary="plan_stages"),
    "target_year": Dimension(_on_a_line(25.0), is_year=True),
}
IN_WORDS = Dimension(_share_not_in_common)


def dimension_of(code: str) -> Dimension:
    """How the dimension of this code is written and compared."""
    return DIMENSIONS.get(code, IN_WORDS)


def distance(code: str, here: str, there: str) -> float | None:
    """How far two values are apart; None where one of them is unknown."""
    if not here.strip() or not there.strip():
        return None
    return dimension_of(code).apart(here, there)


def verdict_on(apart: float | None) -> str:
    """A distance in one word. Unknown is none of alike, stretch and different."""
    if apart is None:
        return UNKNOWN
    return ALIKE if apart <= ALIKE_UP_TO else STRETCH if apart <= STRETCH_UP_TO else DIFFERENT
