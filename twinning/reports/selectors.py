"""What the cohort workbook reads: one query per sheet, plus a constant number for what hangs on its rows."""

from django.db.models import Count, Prefetch, Q, QuerySet

from cohorts.models import (
    City,
    Cohort,
    ContextFact,
    Event,
    FacilitatorAssignment,
    HostCity,
    Hosting,
    HostNeed,
    HostStatement,
    HostTerm,
    Membership,
    Milestone,
    Pairing,
    Participation,
    ParticipationStrength,
    ParticipationTerm,
)
from cohorts.selectors.facts import FactBook
from cohorts.states import OPEN_PAIRING
from outputs.models import Output, Reminder


def cities_of(cohort: Cohort) -> QuerySet[City]:
    """Every city that is a twin or belongs to a host of the cohort, with `is_twin` and `is_host`."""
    twins = Participation.objects.in_cohort(cohort).values("city")
    hosts = HostCity.objects.filter(host__hostings__cohort=cohort).values("city")
    return (
        City.objects.filter(Q(pk__in=twins) | Q(pk__in=hosts))
        .annotate(is_twin=Q(pk__in=twins), is_host=Q(pk__in=hosts))
        .prefetch_related("names")
        .order_by("slug", "pk")
    )


def facts_of(cohort: Cohort) -> list[tuple[ContextFact, str]]:
    """What was stated about the cohort's cities by dimension, each with its value in words. Three queries."""
    cities = list(cities_of(cohort).prefetch_related(None))
    book = FactBook(cities)
    found = ((book.stored(city, dimension.code), dimension) for city in cities for dimension in book.dimensions)
    return [(fact, book.text_of(dimension.code, fact.value)) for fact, dimension in found if fact]


def hostings_of(cohort: Cohort) -> QuerySet[Hosting]:
    """The cohort's hosts with cities, terms and statements; `twins_now` counts open pairings."""
    return (
        Hosting.objects.in_cohort(cohort)
        .annotate(twins_now=Count("pairings", filter=Q(pairings__state__in=OPEN_PAIRING)))
        .select_related("host")
        .prefetch_related(
            Prefetch("host__host_cities", HostCity.objects.select_related("city").order_by("position")),
            Prefetch(
                "host__host_terms", HostTerm.objects.select_related("term__vocabulary").order_by("position", "pk")
            ),
            Prefetch("host__needs", HostNeed.objects.select_related("term").order_by("position", "pk")),
            Prefetch("host__statements", HostStatement.objects.order_by("kind", "position")),
        )
        .order_by("host__slug", "pk")
    )


def participations_of(cohort: Cohort) -> QuerySet[Participation]:
    """The cohort's twins, those who left included, with their officers and their hosts of today."""
    return (
        Participation.objects.in_cohort(cohort)
        .select_related("city")
        .prefetch_related(
            Prefetch("memberships", Membership.objects.current().select_related("user").order_by("role", "pk")),
            Prefetch(
                "participation_terms", ParticipationTerm.objects.select_related("term").order_by("position", "pk")
            ),
            Prefetch("strengths", ParticipationStrength.objects.select_related("term").order_by("position", "pk")),
            Prefetch("pairings", Pairing.objects.open().select_related("hosting__host").order_by("pk")),
        )
        .order_by("city__slug", "pk")
    )


def pairings_of(cohort: Cohort) -> QuerySet[Pairing]:
    """The cohort's pairings of every state with their facilitators and the proposal that they came from."""
    return (
        Pairing.objects.in_cohort(cohort)
        .select_related("participation__city", "hosting__host", "proposal")
        .prefetch_related(
            Prefetch(
                "assignments", FacilitatorAssignment.objects.current().select_related("user").order_by("-is_lead", "pk")
            )
        )
        .order_by("participation__city__slug", "confirmed_at", "pk")
    )


def events_of(cohort: Cohort) -> QuerySet[Event]:
    return Event.objects.in_cohort(cohort).with_sides().order_by("planned_on", "kind", "number", "pk")


def milestones_of(cohort: Cohort) -> QuerySet[Milestone]:
    return (
        Milestone.objects.filter(participation__cohort=cohort)
        .select_related("participation__city", "signed_off_by")
        .order_by("due_on", "participation__city__slug", "pk")
    )


def outputs_of(cohort: Cohort) -> QuerySet[Output]:
    """The cohort's outputs with their twin; `version_count` counts submissions."""
    return (
        Output.objects.in_cohort(cohort)
        .with_participation()
        .annotate(version_count=Count("versions"))
        .order_by("participation__city__slug", "position", "pk")
    )


def reminders_of(cohort: Cohort) -> QuerySet[Reminder]:
    return (
        Reminder.objects.filter(output__participation__cohort=cohort)
        .select_related("output__participation__city", "to", "letter")
        .order_by("sent_at", "pk")
    )
