"""Reads of sessions: the list of a cohort, one session, its people."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from cohorts.models import Cohort

from ..models import Cluster, Guest, Round, Session
from ..states import GuestRole, GuestState, Phase, SessionState


@dataclass
class RoundRow:
    """One round with its sessions; `title` is empty for sessions that belong to none."""

    title: str
    phase: str
    sessions: list[Session] = field(default_factory=list)


def rounds_of(cohort: Cohort) -> list[RoundRow]:
    """The rounds of a cohort in their order, with their sessions by day; then the sessions of no round. Two queries."""
    sessions = (
        Session.objects.in_cohort(cohort)
        .select_related("round", "format")
        .annotate(room_count=_count("rooms"), guest_count=_count("guests"))
        .order_by("held_on", "pk")
    )
    rows: dict[int | None, RoundRow] = {
        each.pk: RoundRow(str(each), each.get_phase_display())
        for each in Round.objects.filter(cohort=cohort).order_by("number")
    }
    loose = RoundRow("", "")
    for session in sessions:
        rows.get(session.round_id, loose).sessions.append(session)
    return [*rows.values(), loose] if loose.sessions else list(rows.values())


def _count(relation: str):
    """How many rows point at the session, by a subquery: two counts in one join would multiply."""
    model = Session._meta.get_field(relation).related_model
    counted = model.objects.filter(session=models.OuterRef("pk")).order_by().values("session")
    return models.functions.Coalesce(models.Subquery(counted.annotate(n=models.Count("pk")).values("n")), 0)


def clusters_of(cohort: Cohort) -> list[Cluster]:
    """Clusters with the names of their hosts and twins. Four queries."""
    return list(
        Cluster.objects.filter(cohort=cohort)
        .prefetch_related(
            "members__hosting__host__host_cities__city",
            "members__participation__city",
        )
        .order_by("number")
    )


PHASES = tuple(Phase.choices)


def timeline_of(rows: Iterable[RoundRow]) -> list[dict[str, Any]]:
    """Sessions by phase, for the strip of three phases."""
    strip = []
    for value, label in PHASES:
        sessions = [session for row in rows for session in row.sessions if row.phase == label]
        strip.append({"phase": value, "label": label, "sessions": sessions})
    return strip


def people_of(session: Session) -> list[Guest]:
    """Everybody on the list, guides first, then by city and name. One query."""
    role = models.Case(
        models.When(role=GuestRole.FACILITATOR, then=0),
        models.When(role=GuestRole.HARVESTER, then=1),
        models.When(role=GuestRole.SPEAKER, then=2),
        default=3,
    )
    guests = session.guests.select_related("city", "hosting__host", "participation", "user")
    return list(guests.order_by(role, "city__name", "name", "pk"))


def figures_of(session: Session, people: list[Guest]) -> list[dict[str, Any]]:
    """The figures at the head of a session's page."""
    cities = {guest.city_id for guest in people if guest.city_id and guest.state != GuestState.AWAY}
    countries = {guest.city.country.code for guest in people if guest.city_id and guest.state != GuestState.AWAY}
    here = sum(guest.state == GuestState.HERE for guest in people)
    figures = [
        {"label": _("People on the list"), "value": len(people)},
        {"label": _("Cities"), "value": len(cities), "note": _("from %(n)d countries") % {"n": len(countries)}},
    ]
    if session.state == SessionState.OPEN or here:
        figures.append({"label": _("Here"), "value": here})
    return figures
