"""The register of cities, and what each did in which cohort."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from ..models import City, Cohort, Host, Hosting, Pairing, Participation, host_cities, host_label
from ..states import HostKind


def cities_for_list(user) -> models.QuerySet[City]:
    """All cities by name, with the numbers of cohorts in which each is twin and of its hosts, as far as known to the reader."""
    twins = Participation.objects.known_to(user).filter(city=models.OuterRef("pk")).order_by().values("city")
    return (
        City.objects.visible_to(user)
        .annotate(
            twin_count=models.functions.Coalesce(models.Subquery(twins.annotate(n=models.Count("pk")).values("n")), 0),
            host_count=models.Count("host_cities"),
        )
        .order_by("name", "pk")
    )


def cities_to_join(cohort: Cohort) -> models.QuerySet[City]:
    """The cities that are no twin of the cohort yet, by name."""
    return City.objects.exclude(participations__cohort=cohort).order_by("name", "pk")


@dataclass(frozen=True)
class Part:
    """What a city did in one cohort."""

    cohort: Cohort
    role: str
    state: str  # of a participation; empty for a host
    state_label: str
    url: str
    partner: str  # "with Galway", "for Belfast and Braga"
    is_open: bool  # whether the reader may open `url`


def parts_of_city(city: City, user) -> list[Part]:
    """The city's history over the cohorts, youngest first: as twin, and as city of a host. Nine queries at most."""
    return sorted(
        [*_as_twin(city, user), *_as_host(city, user)],
        key=lambda part: (str(part.cohort.kickoff_on or part.cohort.starts or ""), part.cohort.pk),
        reverse=True,
    )


def _as_twin(city: City, user) -> list[Part]:
    visible = Participation.objects.visible_to(user).filter(pk=models.OuterRef("pk"))
    participations = (
        Participation.objects.known_to(user)
        .filter(city=city)
        .select_related("cohort")
        .annotate(reader_sees=models.Exists(visible))
        .order_by("pk")
    )
    known = (
        Pairing.objects.known_to(user)
        .open()
        .filter(participation__city=city)
        .select_related("hosting__host")
        .prefetch_related(host_cities("hosting__host__host_cities"))
        .order_by("pk")
    )
    hosts = {pairing.participation_id: host_label(pairing.hosting.host) for pairing in known}
    return [
        Part(
            cohort=row.cohort,
            role=_("Twin"),
            state=row.state,
            state_label=row.get_state_display(),
            url=row.get_absolute_url() if row.reader_sees else "",
            partner=_("learns with %(host)s") % {"host": hosts[row.pk]} if row.pk in hosts else "",
            is_open=row.reader_sees,
        )
        for row in participations
    ]


def _as_host(city: City, user) -> list[Part]:
    hostings = (
        Hosting.objects.visible_to(user)
        .filter(host__cities=city)
        .select_related("cohort", "host")
        .prefetch_related(host_cities("host__host_cities"))
        .order_by("pk")
    )
    return [
        Part(
            cohort=hosting.cohort,
            role=_("Host"),
            state="withdrawn" if hosting.withdrawn_on else "",
            state_label=_("Withdrawn") if hosting.withdrawn_on else "",
            url=hosting.host.get_absolute_url(),
            partner=_("through %(host)s") % {"host": host_label(hosting.host)},
            is_open=True,
        )
        for hosting in hostings
    ]


def hosts_of_city(city: City) -> list[Host]:
    """The hosts that the city belongs to, whatever the cohort."""
    return list(city.hosts.prefetch_related(host_cities()).order_by("title", "pk"))


def kind_of_host(host: Host) -> str:
    return str(HostKind(host.kind).label)
