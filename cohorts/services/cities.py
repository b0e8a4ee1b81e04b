"""The register of cities: added and changed in the browser, under the same rules as packages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from twinning.audit.services import record

from ..models import City, CityName
from ..package_format import CityRow
from ..selectors.packages import city_row
from .package_rows import CITY_FIELDS
from .register_rules import refuse_what_no_package_can_say

CHANGEABLE = (
    "name",
    "country",
    "kind",
    "latitude",
    "longitude",
    "population",
    "population_source",
    "population_year",
    "is_mission_city",
    "sources",
)


@dataclass(frozen=True)
class Spelling:
    """Another name of a city; `language` is a code such as "fi", or empty."""

    kind: str
    name: str
    language: str = ""


@transaction.atomic
def create_city(*, slug: str, values: Mapping[str, Any], spellings: Sequence[Spelling] = (), by, now: datetime) -> City:
    """Add a city to the register; `values` are any of `CHANGEABLE`. Journals it.

    Raises ValidationError by field, also for what a cohort package could not say.
    """
    city = City(slug=slug, **_checked(values))
    _save(city, spellings)
    record(city, "cohorts.city.created", by=by, at=now)
    return city


@transaction.atomic
def change_city(
    city: City, *, values: Mapping[str, Any], spellings: Sequence[Spelling] | None = None, by, now: datetime
) -> City:
    """Set any of `CHANGEABLE`, and all other spellings where they are given. Journals what changed; the id stays."""
    city = City.objects.select_for_update(of=("self",)).get(pk=city.pk)
    before = sorted(city.names.values_list("kind", "name", "language"))
    wanted = before if spellings is None else sorted((one.kind, one.name, one.language) for one in spellings)
    changed = [name for name, value in _checked(values).items() if getattr(city, name) != value]
    if not changed and wanted == before:
        return city
    for name in changed:
        setattr(city, name, values[name])
    _save(city, [Spelling(*row) for row in wanted])
    labels = [str(City._meta.get_field(name).verbose_name) for name in changed]
    labels += [str(CityName._meta.verbose_name_plural)] if wanted != before else []
    record(city, "cohorts.city.changed", by=by, at=now, data={"fields": ", ".join(labels)})
    return city


def _checked(values: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = values.keys() - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"A city has no {', '.join(sorted(unknown))} to change here.")
    return values


def _save(city: City, spellings: Sequence[Spelling]) -> None:
    """Write the city with all its spellings; the search finds it by each."""
    refuse_what_no_package_can_say(CityRow, city_row(city), {"id": "slug", **CITY_FIELDS})
    city.full_clean()
    names = [CityName(city=city, kind=one.kind, name=one.name, language=one.language) for one in spellings]
    city.refresh_search_text([one.name for one in names])
    city.save()
    city.names.all().delete()
    for name in names:
        name.city = city
        name.full_clean()
        name.save()
