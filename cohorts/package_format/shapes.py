"""The parts of a package and what each value may be. Nothing is converted: `true` is no number, `"3"` neither.

A key that has a default may be left out. On import that means "the file says nothing about it", which is
not the same as an empty text or null; pydantic keeps the difference in `model_fields_set`.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from cohorts.package_format.countries import COUNTRY_CODES, USUAL_MISTAKES
from cohorts.package_format.faults import described, quoted

FORMAT = "twinning-cohort/1"
HOST_CITIES_MAX = 9
FIRST_YEAR, LAST_YEAR = 1990, 2100
LINE_BREAKS = "\r\n\t"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class KnownCodes:
    """The vocabulary codes that a package may use."""

    domains: frozenset[str]
    levers: frozenset[str]


def _refuse(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("said", "{sentence}", {"sentence": sentence})


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise _refuse(f"{quoted(text)} cannot be used here; write small letters a-z, digits and single hyphens only.")
    return text


def _storable(text: str, allowed: str) -> str:
    for character in text:
        if unicodedata.category(character) == "Cc" and character not in allowed:
            raise _refuse(f"This text holds the control character {quoted(character)}; remove it.")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise _refuse("This must not be blank; write what it is called, or what it says.")
    return text


def _line(text: str) -> str:
    return _storable(_not_blank(text), "")


def _text(text: str) -> str:
    return _storable(text, LINE_BREAKS)


def _country(code: str) -> str:
    if code in USUAL_MISTAKES:
        raise _refuse(f"{quoted(code)} is no ISO 3166 country code; write {quoted(USUAL_MISTAKES[code])}.")
    if code not in COUNTRY_CODES:
        raise _refuse(f'{quoted(code)} is no ISO 3166 country code; write the two capital letters, for example "FI".')
    return code


def _year_in_range(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _refuse(f"The year {year} cannot be right; it must lie between {FIRST_YEAR} and {LAST_YEAR}.")


def _day(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _refuse(f'This must be a date such as "2024-05-31", but it is {described(value)}.')
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise _refuse(f"There is no day {quoted(value)}; correct the date.") from None
    _year_in_range(day.year)
    return day


def _month(text: str) -> str:
    found = _MONTH.fullmatch(text)
    if not found:
        raise _refuse(f'This must be a year and month such as "2024-09", but it is {described(text)}.')
    _year_in_range(int(found[1]))
    return text


def _positive_zero(number: float) -> float:
    """-0.0 becomes 0.0, which is what databases make of it anyway."""
    return number + 0.0


def _distinct(items: list[str]) -> list[str]:
    doubled = sorted({item for item in items if items.count(item) > 1})
    if doubled:
        raise _refuse(f"{quoted(doubled[0])} stands here more than once; keep one of them.")
    return items


Slug = Annotated[str, Field(max_length=80), AfterValidator(_slug)]
CityName = Annotated[str, Field(max_length=160), AfterValidator(_line)]
CohortTitle = Annotated[str, Field(max_length=200), AfterValidator(_line)]
HostTitle = Annotated[str, Field(max_length=300), AfterValidator(_line)]
Acronym = Annotated[str, Field(max_length=80), AfterValidator(_line)]
Source = Annotated[str, Field(max_length=2000), AfterValidator(_line)]
Sources = Annotated[list[Source], Field(max_length=100)]
Text = Annotated[str, Field(max_length=10_000), AfterValidator(_text)]
ShortText = Annotated[str, Field(max_length=4000), AfterValidator(_not_blank), AfterValidator(_text)]
ShortTexts = Annotated[list[ShortText], Field(max_length=50)]
Country = Annotated[str, AfterValidator(_country)]
Day = Annotated[dt.date | None, BeforeValidator(_day)]
Month = Annotated[str, AfterValidator(_month)]
Code = Annotated[str, Field(max_length=80)]
Codes = Annotated[list[Code], Field(max_length=50), AfterValidator(_distinct)]
CitySlugs = Annotated[list[Slug], Field(max_length=HOST_CITIES_MAX), AfterValidator(_distinct)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False), AfterValidator(_positive_zero)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False), AfterValidator(_positive_zero)]

HostKind = Literal["pilot_activity", "mission_city"]
CityKind = Literal["city", "municipality", "metropolis", "district", "region", "grouping", "other"]
TwinStatus = Literal["selected", "confirmed", "active", "completed", "withdrawn", "declined"]
# "decided" is written for pairings that were made in this application; those read elsewhere have one of the others.
Confidence = Literal[
    "decided", "published", "inferred-cohort", "inferred-activity", "host-statement", "deliverable-mention"
]


class Part(BaseModel):
    """A part of a package: exact types, no unknown keys, not changed after reading."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Counts(Part):
    """How many cities applied, were selected, took part; null where it was never published."""

    applications: Count | None = None
    selected: Count | None = None
    participating: Count | None = None


class CohortRow(Part):
    """The cohort itself. Call dates are days, `starts` and `ends` are months."""

    id: Slug
    title: CohortTitle
    host_kind: HostKind
    length_months: Annotated[int, Field(ge=1, le=120)] | None
    call_opens_on: Day = None
    call_closes_on: Day = None
    announced_on: Day = None
    starts: Month | None = None
    ends: Month | None = None
    final_output_name: Annotated[str, Field(max_length=120), AfterValidator(_text)] = ""
    twin_rule: Text = ""
    counts: Counts = Counts()
    sources: Sources = []


class CityRow(Part):
    """A local authority; the same id is the same city in every package. Degrees are WGS 84."""

    id: Slug
    name: CityName
    country: Country
    kind: CityKind
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    population: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    mission_city: bool = False
    sources: Sources = []


class Capacity(Part):
    """How many twins a host takes."""

    minimum: Annotated[int, Field(ge=0, le=100)]
    maximum: Annotated[int, Field(ge=0, le=100)]


class HostRow(Part):
    """The side that is learned from. The lists ending in `_inferred` are a reader's judgement, not the source's word."""

    id: Slug
    kind: HostKind
    title: HostTitle
    acronym: Acronym | None = None
    pilot_cohort: Annotated[int, Field(ge=1, le=99)] | None = None
    cities: CitySlugs
    domains: Codes = []
    levers: Codes = []
    domains_inferred: Codes = []
    levers_inferred: Codes = []
    summary: Text = ""
    offers: ShortTexts = []
    challenges: ShortTexts = []
    expectations: ShortTexts = []
    motivation: ShortTexts = []
    capacity: Capacity = Capacity(minimum=0, maximum=3)
    sources: Sources = []


class TwinRow(Part):
    """A city's place in the cohort as the side that learns."""

    city: Slug
    status: TwinStatus
    interests: Text = ""
    challenges: Text = ""
    offers: Text = ""
    sources: Sources = []


class PairingRow(Part):
    """A twin and its host, as far as somebody has published or a reader has inferred it."""

    twin: Slug
    host: Slug
    confidence: Confidence
    source: Text
    note: Text | None = None


class CohortPackage(Part):
    """A whole package, checked."""

    format: Literal["twinning-cohort/1"]
    cohort: CohortRow
    cities: list[CityRow]
    hosts: list[HostRow]
    twins: list[TwinRow]
    pairings: list[PairingRow]


# The lists of a package and what stands in them.
ROW_PARTS: dict[str, type[Part]] = {"cities": CityRow, "hosts": HostRow, "twins": TwinRow, "pairings": PairingRow}
