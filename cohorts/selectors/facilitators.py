"""Who accompanies how many pairings."""

from django.db import models

from twinning.people.models import User
from twinning.people.roles import STEERS, PlatformRole

from ..models import Cohort, FacilitatorAssignment, Pairing
from ..states import OPEN_PAIRING


def facilitators_with_load() -> models.QuerySet[User]:
    """Everybody who may accompany pairings, by name, with `load`: how many open ones they accompany in all cohorts."""
    load = models.Count(
        "assignments",
        filter=models.Q(assignments__ended_at=None, assignments__pairing__state__in=OPEN_PAIRING),
        distinct=True,
    )
    roles = (PlatformRole.FACILITATOR, *STEERS)
    return User.objects.active().with_role(*roles).annotate(load=load).order_by("name", "pk")


def open_assignments_of(user) -> models.QuerySet[FacilitatorAssignment]:
    """Somebody's assignments to open pairings: what `assigned_to(user).open()` rests on, for use inside other queries."""
    return FacilitatorAssignment.objects.current().filter(user=user, pairing__state__in=OPEN_PAIRING)


NAMED = 12  # pairings by name beside one facilitator; the list of pairings has the others


def facilitators_of_cohort(cohort: Cohort) -> models.QuerySet[User]:
    """The cohort's team and everybody assigned in it, by name.

    Each with `load` (open pairings in all cohorts), `here_count` (those of this one) and `here` (the first `NAMED`).
    """
    pairings = Pairing.objects.in_cohort(cohort).open().order_by()
    assigned = FacilitatorAssignment.objects.current().filter(pairing__in=pairings.values("pk"))
    team = cohort.team_members.values("user")
    here = (
        assigned.select_related("pairing__participation__city", "pairing__hosting__host")
        .prefetch_related("pairing__hosting__host__host_cities__city")
        .order_by("pairing__participation__city__name", "pk")
    )
    return (
        User.objects.filter(models.Q(pk__in=assigned.values("user")) | models.Q(pk__in=team))
        .annotate(
            load=_tally(FacilitatorAssignment.objects.current().filter(pairing__state__in=OPEN_PAIRING)),
            here_count=_tally(assigned),
        )
        .prefetch_related(models.Prefetch("assignments", here[:NAMED], to_attr="here"))
        .order_by("name", "pk")
    )


def _tally(assignments: models.QuerySet) -> models.functions.Coalesce:
    counted = assignments.filter(user=models.OuterRef("pk")).order_by().values("user").annotate(n=models.Count("pk"))
    return models.functions.Coalesce(models.Subquery(counted.values("n")), 0)


def unaccompanied_pairings(cohort: Cohort) -> models.QuerySet[Pairing]:
    """Open pairings of the cohort without a facilitator, by the twin's name."""
    accompanied = FacilitatorAssignment.objects.current().values("pairing")
    return (
        Pairing.objects.in_cohort(cohort)
        .open()
        .exclude(pk__in=accompanied)
        .with_sides()
        .order_by("participation__city__name", "pk")
    )
