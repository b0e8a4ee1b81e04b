"""Participations in lists, and everything that stands on the page of one."""

from dataclasses import dataclass

from django.db import models

from twinning.audit.models import JournalEntry
from twinning.audit.selectors import history_of

from ..models import Cohort, Membership, Milestone, Pairing, Participation
from ..models.vocabulary import DOMAINS, LEVERS
from .calendar import milestones_of
from .hosts import TermShown, terms_shown


def participations_for_manage(cohort: Cohort, user) -> models.QuerySet[Participation]:
    """The twins of a cohort that the reader sees, with their open pairing (`open_pairings`) and the number of officers."""
    officers = (
        Membership.objects.current()
        .filter(participation=models.OuterRef("pk"))
        .order_by()
        .values("participation")
        .annotate(n=models.Count("pk"))
        .values("n")
    )
    pairings = Pairing.objects.visible_to(user).open().select_related("hosting__host").order_by("pk")
    return (
        Participation.objects.visible_to(user)
        .in_cohort(cohort)
        .select_related("city")
        .annotate(officer_count=models.functions.Coalesce(models.Subquery(officers), 0))
        .prefetch_related(
            models.Prefetch(
                "pairings", pairings.prefetch_related("hosting__host__host_cities__city"), to_attr="open_pairings"
            )
        )
        .order_by("city__name", "pk")
    )


@dataclass(frozen=True)
class ParticipationPage:
    officers: list[Membership]
    former: list[Membership]
    pairings: list[Pairing]
    milestones: list[Milestone]
    domains: list[TermShown]
    levers: list[TermShown]
    strengths: list[TermShown]
    history: list[JournalEntry]


def participation_page(participation: Participation, user) -> ParticipationPage:
    """What the page of a participation shows besides the participation itself. Eight queries."""
    rows = list(participation.participation_terms.select_related("term__vocabulary").order_by("pk"))
    strengths = list(participation.strengths.select_related("term__vocabulary").order_by("pk"))
    members = list(participation.memberships.select_related("user").order_by("-role", "since", "pk"))
    milestones = milestones_of(participation, user)
    return ParticipationPage(
        officers=sorted((row for row in members if row.ended_at is None), key=lambda row: row.role != "lead_officer"),
        former=[row for row in members if row.ended_at is not None],
        pairings=list(
            Pairing.objects.visible_to(user)
            .filter(participation=participation)
            .with_sides()
            .order_by("-confirmed_at", "-pk")
        ),
        milestones=milestones,
        domains=terms_shown(rows, DOMAINS),
        levers=terms_shown(rows, LEVERS),
        strengths=terms_shown(strengths, DOMAINS) + terms_shown(strengths, LEVERS),
        history=history_of(participation, *milestones),
    )
