"""What a person is here: their cohorts, and the cities and hosts that they speak for. Read once a request, used by shell and desks."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.db import models
from django.http import Http404, HttpRequest

from cohorts.models import Cohort, CohortTeamMember
from cohorts.selectors.memberships import Acting, acting_for

COHORT_IN_SESSION = "cohort"  # slug of the cohort that the person looked at last


@dataclass(frozen=True)
class Standing:
    """`cohort` is the one that the pages are about now; `acting` the city or host that the person speaks for, if any."""

    user: object
    cohorts: list[Cohort] = field(default_factory=list)
    options: list[Acting] = field(default_factory=list)
    cohort: Cohort | None = None
    acting: Acting | None = None

    @property
    def is_of_platform(self) -> bool:
        """Works for the programme rather than for a city or host."""
        return self.user.sees_all or self.user.is_facilitator

    @property
    def runs_cohort(self) -> bool:
        """Administrators and coordinators everywhere; facilitators where the cohort's team lists them."""
        return self.user.steers or bool(self.cohort and self.user.is_facilitator and self.cohort.has_reader_on_team)

    @property
    def sees_cohort_whole(self) -> bool:
        return self.user.sees_all or self.runs_cohort


def standing_of(request: HttpRequest) -> Standing:
    """The standing of whoever asks, read at most once.

    One query for those who work for the programme; for officers and host contacts at most five.
    """
    if not hasattr(request, "standing"):
        request.standing = _read_standing(request)
    return request.standing


def look_at_cohort(request: HttpRequest, slug: str) -> Standing:
    """Make this the cohort that the shell shows from now on. One that the reader does not see is 404. No query of its own."""
    standing = standing_of(request)
    cohort = next((cohort for cohort in standing.cohorts if cohort.slug == slug), None)
    if cohort is None:
        raise Http404
    if request.session.get(COHORT_IN_SESSION) != slug:
        request.session[COHORT_IN_SESSION] = slug
    request.standing = replace(standing, cohort=cohort)
    return request.standing


def _read_standing(request: HttpRequest) -> Standing:
    user = request.user
    cohorts = _cohorts(user)
    looked_at = request.session.get(COHORT_IN_SESSION)
    if user.sees_all or user.is_facilitator:
        return Standing(user, cohorts, cohort=_named(cohorts, looked_at))
    acting = acting_for(request)
    cohort = _named(cohorts, acting.cohort_slug if acting else looked_at)
    return Standing(user, cohorts, request.acting_options, cohort, acting)


def _cohorts(user) -> list[Cohort]:
    """The person's cohorts, the youngest first; for facilitators with `has_reader_on_team`."""
    cohorts = Cohort.objects.visible_to(user)
    if user.is_facilitator:  # of others nobody asks
        on_team = CohortTeamMember.objects.filter(cohort=models.OuterRef("pk"), user=user)
        cohorts = cohorts.annotate(has_reader_on_team=models.Exists(on_team))
    # They are few, and every page asks: cheaper put in order here than asked for in order.
    return sorted(
        cohorts, key=lambda cohort: (cohort.kickoff_on or date.min, cohort.starts or "", cohort.pk), reverse=True
    )


def _named(cohorts: list[Cohort], slug: str | None) -> Cohort | None:
    """The cohort of that slug, else the youngest."""
    return next((cohort for cohort in cohorts if cohort.slug == slug), cohorts[0] if cohorts else None)
