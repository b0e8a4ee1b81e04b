"""The pairings of a cohort with both sides, for rows of a table and for the map.

Plain columns, not objects: fifty pairings would else be a few hundred objects with everything that is recorded of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import models

from twinning.core.addresses import addresses_of
from twinning.core.pictures import europe

from ..models import Cohort, FacilitatorAssignment, Hosting, Pairing, Participation
from ..states import PARTICIPATING, ParticipationState

TAKES_PART = (*PARTICIPATING, ParticipationState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Twin:
    """A city's place in a cohort. The fields are those of `TWIN`, in their order."""

    pk: int  # of the participation, like the code
    code: str
    city: str
    slug: str
    country: str
    longitude: float | None
    latitude: float | None


TWIN = ("pk", "code", "city__name", "city__slug", "city__country", "city__longitude", "city__latitude")


@dataclass(frozen=True, slots=True)
class Pair:
    """A pairing. `hosting` is the key under which `hosts_of` has the other side."""

    pk: int
    code: str
    state: str
    hosting: int
    is_accompanied: bool  # has a facilitator
    reader_sees: bool  # whether the reader may open it; else show the names alone
    twin: Twin


@dataclass(frozen=True, slots=True)
class HostSide:
    """A host's place in a cohort. `name` is its `host_label`."""

    pk: int  # of the hosting, like the code
    code: str
    slug: str
    title: str
    name: str
    receives: bool  # has not withdrawn
    places: tuple[europe.Place, ...]
    countries: tuple[str, ...]  # of its cities


def pairs_of(pairings: models.QuerySet[Pairing], user, *, opens_all: bool) -> list[Pair]:
    """These pairings, by the twin's name. One query. `opens_all`: whether the reader may open every one, which is then not asked."""
    assigned = FacilitatorAssignment.objects.current().filter(pairing=models.OuterRef("pk"))
    of_twin = (f"participation__{field}" for field in TWIN)
    rows = pairings.order_by("participation__city__name", "pk").values_list(
        "pk", "code", "state", "hosting", models.Exists(assigned), _reader_sees(user, opens_all=opens_all), *of_twin
    )
    return [Pair(*row[:6], Twin(*row[6:])) for row in rows]


def _reader_sees(user, *, opens_all: bool) -> models.expressions.Combinable:
    if opens_all:
        return models.Value(True, output_field=models.BooleanField())
    return models.Exists(Pairing.objects.visible_to(user).filter(pk=models.OuterRef("pk")))


def hosts_of(hostings: models.QuerySet[Hosting]) -> dict[int, HostSide]:
    """Key of the hosting -> the host with its cities, by title. One query."""
    cities = "host__host_cities__"
    rows = hostings.order_by("host__title", "pk", f"{cities}position").values_list(
        "pk",
        "code",
        "host__slug",
        "host__title",
        "host__acronym",
        "withdrawn_on",
        f"{cities}city__name",
        f"{cities}city__longitude",
        f"{cities}city__latitude",
        f"{cities}city__country",
    )
    return {pk: _host(list(of_host)) for pk, of_host in groupby(rows, key=lambda row: row[0])}


def _host(rows: list[tuple]) -> HostSide:
    """From one row for each city, or a single one without a city."""
    pk, code, slug, title, acronym, withdrawn_on, *_city = rows[0]
    cities = [row[6:] for row in rows if row[6] is not None]
    return HostSide(
        pk=pk,
        code=code,
        slug=slug,
        title=title,
        name=cities[0][0] if len(cities) == 1 else acronym or title,
        receives=withdrawn_on is None,
        places=tuple(europe.Place(*city[:3]) for city in cities),
        countries=tuple(city[3] for city in cities),
    )


def hosts_of_cohort(cohort: Cohort) -> dict[int, HostSide]:
    """`hosts_of` for a whole cohort, with those that have withdrawn."""
    return hosts_of(Hosting.objects.in_cohort(cohort))


def twins_of_cohort(cohort: Cohort, user, *, late: models.QuerySet) -> tuple[list[Twin], set[int]]:
    """The twins of the cohort that the reader knows of, by name; and the keys of those that are among `late`. One query."""
    twins = Participation.objects.known_to(user).in_cohort(cohort).filter(state__in=TAKES_PART)
    rows = list(twins.order_by("city__name", "pk").values_list(models.Q(pk__in=late), *TWIN))
    return [Twin(*row[1:]) for row in rows], {row[1] for row in rows if row[0]}


@dataclass(frozen=True)
class CohortMap:
    """Ready for `{% europe_map %}`. Keys: public codes of participations and hostings."""

    twins: tuple[europe.Twin, ...]
    hosts: tuple[europe.Host, ...]
    pairings: tuple[europe.Pairing, ...]


def cohort_map(
    pairs: list[Pair], hosts: dict[int, HostSide], *, twins: Iterable[Twin], late: set[int], warning: str, whole: bool
) -> CohortMap:
    """These pairings and twins in one picture, with the hosts that receive twins or, unless it is the whole cohort, all hosts.

    No query. `late`: keys of the participations whose mark carries the warning.
    """
    pairing_at, city_at, host_at = (addresses_of(f"cohorts:{noun}-detail") for noun in ("pairing", "city", "host"))
    opens = {pair.twin.pk: pairing_at(pair.code) for pair in pairs if pair.reader_sees}
    return CohortMap(
        twins=tuple(
            europe.Twin(
                twin.code,
                europe.Place(twin.city, twin.longitude, twin.latitude),
                opens.get(twin.pk) or city_at(twin.slug),
                warning=warning if twin.pk in late else "",
            )
            for twin in twins
        ),
        hosts=tuple(
            europe.Host(host.code, host.name, host.places, host_at(host.slug))
            for host in hosts.values()
            if host.receives or not whole
        ),
        pairings=tuple(
            europe.Pairing(pair.twin.code, hosts[pair.hosting].code) for pair in sorted(pairs, key=lambda pair: pair.pk)
        ),
    )
