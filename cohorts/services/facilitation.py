"""What ends in the cohorts when somebody stops facilitating."""

from datetime import datetime

from django.db import transaction

from ..models import CohortTeamMember, FacilitatorAssignment
from .memberships import remove_team_member
from .pairings import release_facilitator


@transaction.atomic
def end_facilitation(user, *, by, now: datetime) -> None:
    """Release somebody from every pairing and every cohort's team; each release is journalled on its own."""
    assignments = FacilitatorAssignment.objects.current().filter(user=user)
    for assignment in assignments.select_related("pairing__participation__city", "pairing__hosting__host").order_by(
        "pk"
    ):
        release_facilitator(assignment, by=by, now=now)
    for member in CohortTeamMember.objects.filter(user=user).select_related("cohort", "user").order_by("pk"):
        remove_team_member(member, by=by, now=now)
