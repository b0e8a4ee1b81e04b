"""What the database holds of a cohort, as the values of a cohort package."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from ..models import City, Cohort, Host, HostCity, Hosting, HostStatement, HostTerm, Pairing, Participation, Term
from ..models.vocabulary import DOMAINS, LEVERS
from ..package_format import FORMAT, CohortPackage, KnownCodes
from ..states import StatementKind

Row = dict[str, Any]

STATEMENT_LISTS = {
    "offers": StatementKind.OFFER,
    "challenges": StatementKind.CHALLENGE,
    "expectations": StatementKind.EXPECTATION,
    "motivation": StatementKind.MOTIVATION,
}
# list of a host -> vocabulary, whether a reader inferred it
TERM_LISTS = {
    "domains": (DOMAINS, False),
    "levers": (LEVERS, False),
    "domains_inferred": (DOMAINS, True),
    "levers_inferred": (LEVERS, True),
}


def package_of(cohort: Cohort) -> CohortPackage:
    """The cohort as a package, in canonical order.

    Cities by id; hosts in the order in which they joined; twins and pairings by position, then age. Only what is
    announced counts as a pairing; one that ended is history of this application and is not written.
    Raises pydantic's ValidationError where the database holds something that the format cannot say.
    """
    hostings = list(hostings_for_package(cohort))
    participations = list(participations_for_package(cohort))
    cities = {place.city for hosting in hostings for place in hosting.host.host_cities.all()}
    cities |= {participation.city for participation in participations}
    return CohortPackage.model_validate(
        {
            "format": FORMAT,
            "cohort": cohort_row(cohort),
            "cities": [city_row(city) for city in sorted(cities, key=lambda city: city.slug)],
            "hosts": [host_row(hosting.host, hosting) for hosting in hostings],
            "twins": [twin_row(participation) for participation in participations],
            "pairings": [pairing_row(pairing) for pairing in pairings_for_package(cohort).announced()],
        }
    )


def known_codes() -> KnownCodes:
    """The codes that a package may use: those of the two vocabularies, retired terms included."""
    terms = Term.objects.filter(vocabulary__slug__in=(DOMAINS, LEVERS)).values_list("vocabulary__slug", "code")
    codes: dict[str, set[str]] = {DOMAINS: set(), LEVERS: set()}
    for vocabulary, code in terms:
        codes[vocabulary].add(code)
    return KnownCodes(domains=frozenset(codes[DOMAINS]), levers=frozenset(codes[LEVERS]))


def hostings_for_package(cohort: Cohort) -> QuerySet[Hosting]:
    """The cohort's hosts with everything that their rows need."""
    return (
        Hosting.objects.in_cohort(cohort)
        .select_related("host")
        .prefetch_related(*_host_prefetches("host__"))
        .order_by("pk")
    )


def hosts_for_package(slugs: Iterable[str]) -> dict[str, Host]:
    """The hosts that are known already, by id, with everything that their rows need."""
    return Host.objects.prefetch_related(*_host_prefetches()).in_bulk(list(slugs), field_name="slug")


def _host_prefetches(prefix: str = "") -> list[Prefetch]:
    return [
        Prefetch(f"{prefix}host_cities", HostCity.objects.select_related("city").order_by("position")),
        Prefetch(f"{prefix}host_terms", HostTerm.objects.select_related("term__vocabulary").order_by("position", "pk")),
        Prefetch(f"{prefix}statements", HostStatement.objects.order_by("kind", "position")),
    ]


def participations_for_package(cohort: Cohort) -> QuerySet[Participation]:
    """The cohort's twins, those who left included."""
    return Participation.objects.in_cohort(cohort).select_related("city").order_by("position", "pk")


def pairings_for_package(cohort: Cohort) -> QuerySet[Pairing]:
    """The cohort's pairings of every state with the ids of both sides."""
    return (
        Pairing.objects.in_cohort(cohort)
        .select_related("participation__city", "hosting__host")
        .order_by("position", "pk")
    )


def cohort_row(cohort: Cohort) -> Row:
    return {
        "id": cohort.slug,
        "title": cohort.title,
        "host_kind": cohort.host_kind,
        "length_months": cohort.length_months,
        "call_opens_on": _day(cohort.call_opens_on),
        "call_closes_on": _day(cohort.call_closes_on),
        "announced_on": _day(cohort.announced_on),
        "starts": cohort.starts or None,
        "ends": cohort.ends or None,
        "final_output_name": cohort.final_output_name,
        "twin_rule": cohort.twin_rule,
        "counts": {
            "applications": cohort.applications_count,
            "selected": cohort.selected_count,
            "participating": cohort.participating_count,
        },
        "sources": cohort.sources,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def city_row(city: City) -> Row:
    return {
        "id": city.slug,
        "name": city.name,
        "country": city.country.code,
        "kind": city.kind,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "population": city.population,
        "mission_city": city.is_mission_city,
        "sources": city.sources,
    }


def host_row(host: Host, hosting: Hosting | None) -> Row:
    """The host as its row; without a hosting in the cohort its capacity is unknown."""
    terms = {name: [] for name in TERM_LISTS}
    names = {kind: name for name, kind in TERM_LISTS.items()}
    for entry in host.host_terms.all():
        name = names.get((entry.term.vocabulary.slug, entry.is_inferred))
        if name:
            terms[name].append(entry.term.code)
    statements = host.statements.all()
    return {
        "id": host.slug,
        "kind": host.kind,
        "title": host.title,
        "acronym": host.acronym or None,
        "pilot_cohort": host.pilot_cohort,
        "cities": [place.city.slug for place in host.host_cities.all()],
        **terms,
        "summary": host.summary,
        **{name: [said.text for said in statements if said.kind == kind] for name, kind in STATEMENT_LISTS.items()},
        "capacity": {
            "minimum": hosting.capacity_minimum if hosting else None,
            "maximum": hosting.capacity_maximum if hosting else None,
        },
        "sources": host.sources,
    }


def twin_row(participation: Participation) -> Row:
    return {
        "city": participation.city.slug,
        "status": participation.state,
        "interests": participation.interests,
        "challenges": participation.challenges,
        "offers": participation.offers,
        "sources": participation.sources,
    }


def pairing_row(pairing: Pairing) -> Row:
    return {
        "twin": pairing.participation.city.slug,
        "host": pairing.hosting.host.slug,
        "confidence": pairing.confidence,
        "source": pairing.source,
        "note": pairing.note,
    }
