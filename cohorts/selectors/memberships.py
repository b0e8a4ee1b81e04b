"""For whom somebody acts. A person may write for several cities and speak for several hosts, in several cohorts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from twinning.people.models import Invitation
from twinning.people.registry import HeldRole

from ..models import (
    Cohort,
    CohortTeamMember,
    FacilitatorAssignment,
    HostContact,
    Hosting,
    Membership,
    Participation,
    host_cities,
    host_label,
)
from ..models.host import label_of_host
from ..states import PARTICIPATING, MemberRole, ParticipationState

TAKES_PART = (*PARTICIPATING, ParticipationState.COMPLETED)
SESSION_KEY = "acting_for"
# What invitations call the roles that they give here, and whom they give them for.
CITY_GRANT = ("cohorts.membership", "participation")
HOST_GRANT = ("cohorts.host_contact", "hosting")


@dataclass(frozen=True, slots=True)
class Acting:
    """One role that somebody holds now."""

    key: str  # "twin:AB7K2345" or "host:…": the public code of the participation or hosting
    name: str  # "Belfast"
    role: str  # in words: "Lead officer"
    cohort_slug: str
    cohort_title: str
    side: str  # "twin" or "host"
    subject_id: int  # of the participation or hosting

    @property
    def label(self) -> str:
        return f"{self.name}, {self.cohort_title}"


def acting_options(user) -> list[Acting]:
    """What somebody can act for now, in a stable order: cities first, then hosts; by name, then by cohort.

    One query. Cities that left their cohort and hosts that withdrew are no longer offered.
    """
    if not user.is_authenticated or not user.is_active:
        return []
    cities = _options_of(
        Membership.objects.filter(participation__state__in=TAKES_PART),
        user,
        side="twin",
        subject="participation",
        name=models.F("participation__city__name"),
        held=models.F("role"),
    )
    hosts = _options_of(
        HostContact.objects.filter(hosting__withdrawn_on=None),
        user,
        side="host",
        subject="hosting",
        name=label_of_host("hosting__host"),
        held=models.Value("", output_field=models.CharField()),
    )
    rows = sorted(cities.union(hosts, all=True), key=lambda row: (row["side"] == "host", row["name"], row["cohort"]))
    return [_as_acting(row) for row in rows]


def _options_of(
    roles: models.QuerySet,
    user,
    *,
    side: str,
    subject: str,
    name: models.expressions.Combinable,
    held: models.expressions.Combinable,
) -> models.QuerySet:
    """The roles that somebody holds of one side, as columns that both sides share."""
    return (
        roles.current()
        .filter(user=user)
        .order_by()
        .values(
            side=models.Value(side, output_field=models.CharField()),
            subject=models.F(subject),
            code=models.F(f"{subject}__code"),
            name=name,
            held=held,
            cohort=models.F(f"{subject}__cohort__slug"),
            cohort_title=models.F(f"{subject}__cohort__title"),
        )
    )


def _as_acting(row: dict) -> Acting:
    return Acting(
        key=f"{row['side']}:{row['code']}",
        name=row["name"],
        role=_("Host contact") if row["side"] == "host" else str(MemberRole(row["held"]).label),
        cohort_slug=row["cohort"],
        cohort_title=row["cohort_title"],
        side=row["side"],
        subject_id=row["subject"],
    )


def acting_for(request: HttpRequest) -> Acting | None:
    """For whom the person at `request` acts now: their choice, else the first option; None without any such role.

    Remembers its answer on the request, so that page and shell ask the database once.
    """
    if not hasattr(request, "acting_options"):
        request.acting_options = acting_options(request.user)
    options = request.acting_options
    chosen = request.session.get(SESSION_KEY) if options else None
    return next((option for option in options if option.key == chosen), options[0] if options else None)


def roles_held_by(users) -> dict[int, list[HeldRole]]:
    """The present roles of these people in cities, for hosts, with pairings and in cohorts' teams, by user id.

    Five queries, however many people.
    """
    ids = [user.pk for user in users]
    held: dict[int, list[HeldRole]] = defaultdict(list)
    for row in _memberships(ids):
        words = {"role": MemberRole(row.role).label, "name": row.participation.city, "cohort": row.participation.cohort}
        label = _("%(role)s of %(name)s, %(cohort)s") % words
        held[row.user_id].append(HeldRole(label, row.participation.get_absolute_url()))
    for row in _contacts(ids):
        words = {"name": host_label(row.hosting.host), "cohort": row.hosting.cohort}
        label = _("Contact of %(name)s, %(cohort)s") % words
        held[row.user_id].append(HeldRole(label, row.hosting.host.get_absolute_url()))
    for row in _team_members(ids):
        held[row.user_id].append(HeldRole(_("Runs %(cohort)s") % {"cohort": row.cohort}, row.cohort.get_absolute_url()))
    for row in _assignments(ids):
        label = _("Accompanies %(pairing)s") % {"pairing": row.pairing}
        held[row.user_id].append(HeldRole(label, row.pairing.get_absolute_url()))
    return held


def _memberships(user_ids):
    return (
        Membership.objects.current()
        .filter(user__in=user_ids)
        .select_related("participation__city", "participation__cohort")
        .order_by("participation__city__name", "participation__cohort__slug", "pk")
    )


def _contacts(user_ids):
    return (
        HostContact.objects.current()
        .filter(user__in=user_ids)
        .select_related("hosting__host", "hosting__cohort")
        .prefetch_related(host_cities("hosting__host__host_cities"))
        .order_by("hosting__host__title", "hosting__cohort__slug", "pk")
    )


def _team_members(user_ids):
    return CohortTeamMember.objects.filter(user__in=user_ids).select_related("cohort").order_by("cohort__slug", "pk")


def _assignments(user_ids):
    return (
        FacilitatorAssignment.objects.current()
        .filter(user__in=user_ids)
        .select_related("pairing__participation__city", "pairing__hosting__host")
        .order_by("pairing__participation__city__name", "pk")
    )


def open_invitations(user, subject: Participation | Hosting, *, now: datetime) -> list[Invitation]:
    """The open invitations to write for this city, or to speak for this host, that `user` may see; the newest first."""
    kind, key = CITY_GRANT if isinstance(subject, Participation) else HOST_GRANT
    invitations = Invitation.objects.visible_to(user).open_at(now).filter(**{f"grants__{kind}__{key}": subject.pk})
    return list(invitations.select_related("invited_by").order_by("-created_at", "-pk"))


def visible_cohort(user, slug: str) -> Cohort | None:
    """The cohort of that slug, if `user` may see it."""
    return Cohort.objects.visible_to(user).filter(slug=slug).first()
