"""What a person is here: their cohorts, and the cities and hosts that they speak for. Read once a request, used by shell and desks."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import models
from django.http import Http404, HttpRequest

from cohorts.models import Cohort, CohortTeamMember
from cohorts.selectors.memberships import Acting, acting_for

COHORT_IN_SESSION = "cohort"  # slug of the cohort that the person looked at last
PAGE_OF_COHORT = re.compile(r"(manage/)?cohorts/<slug:slug>/")


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

    One query for those who work for the programme; two for officers and host contacts.
    """
    if not hasattr(request, "standing"):
        request.standing = _read_standing(request)
    return request.standing


def look_at_cohort(request: HttpRequest, slug: str) -> Standing:
    """Show this cohort, whoever the reader acts for. One that the reader does not see is 404. No query of its own."""
    standing = standing_of(request)
    cohort = next((cohort for cohort in standing.cohorts if cohort.slug == slug), None)
    if cohort is None:
        raise Http404
    request.standing = replace(standing, cohort=cohort)
    return request.standing


def _read_standing(request: HttpRequest) -> Standing:
    user = request.user
    cohorts = _cohorts(user)
    cohort = _looked_at(request, cohorts)
    if user.sees_all or user.is_facilitator:
        return Standing(user, cohorts, cohort=cohort)
    acting = acting_for(request)
    if acting:
        cohort = next((each for each in cohorts if each.slug == acting.cohort_slug), cohort)
    return Standing(user, cohorts, request.acting_options, cohort, acting)


def _looked_at(request: HttpRequest, cohorts: list[Cohort]) -> Cohort | None:
    """The cohort that the address names, remembered where it is another one; else the one looked at last, else the youngest."""
    by_slug = {cohort.slug: cohort for cohort in cohorts}
    match = request.resolver_match
    last = by_slug.get(request.session.get(COHORT_IN_SESSION)) or next(iter(cohorts), None)
    here = by_slug.get(match.kwargs["slug"]) if match and PAGE_OF_COHORT.match(match.route) else None
    if here and here != last:
        request.session[COHORT_IN_SESSION] = here.slug
    return here or last


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
