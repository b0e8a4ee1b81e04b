"""Who writes for a city, who speaks for a host, who runs a cohort."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused
from twinning.people.services.invitations import invite_person

from ..models import Cohort, CohortTeamMember, HostContact, Hosting, Membership, Participation
from ..states import MemberRole


@transaction.atomic
def add_member(participation: Participation, *, user, role: str, by, now: datetime) -> Membership:
    """Make somebody officer or lead officer of a city's participation; the lead of before becomes an officer."""
    if role == MemberRole.LEAD_OFFICER:
        participation.memberships.current().filter(role=role).update(role=MemberRole.OFFICER)
    present = participation.memberships.current().filter(user=user).first()
    if present and present.role == role:
        raise Refused(_("%(person)s has this role already.") % {"person": user})
    if present:
        present.role = role
        present.save(update_fields=["role", "updated_at"])
        membership = present
    else:
        membership = Membership.objects.create(participation=participation, user=user, role=role, since=now)
    data = {"person": str(user), "role": str(MemberRole(role).label)}
    record(participation, "cohorts.member.joined", by=by, at=now, data=data)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by, now: datetime) -> None:
    """End an officer's role; what they wrote stays."""
    membership.ended_at = now
    membership.save(update_fields=["ended_at", "updated_at"])
    record(membership.participation, "cohorts.member.left", by=by, at=now, data={"person": str(membership.user)})


@transaction.atomic
def add_host_contact(hosting: Hosting, *, user, by, now: datetime) -> HostContact:
    """Let somebody speak for a host in a cohort."""
    if hosting.contacts.current().filter(user=user).exists():
        raise Refused(_("%(person)s speaks for this host already.") % {"person": user})
    contact = HostContact.objects.create(hosting=hosting, user=user, since=now)
    record(hosting, "cohorts.contact.joined", by=by, at=now, data={"person": str(user)})
    return contact


@transaction.atomic
def end_host_contact(contact: HostContact, *, by, now: datetime) -> None:
    contact.ended_at = now
    contact.save(update_fields=["ended_at", "updated_at"])
    record(contact.hosting, "cohorts.contact.left", by=by, at=now, data={"person": str(contact.user)})


@transaction.atomic
def add_team_member(cohort: Cohort, *, user, by, now: datetime) -> CohortTeamMember:
    """Let a facilitator run a cohort: see it whole, match, confirm and announce in it."""
    if not (user.is_facilitator or user.steers):
        raise Refused(_("%(person)s is no facilitator.") % {"person": user})
    member, is_new = CohortTeamMember.objects.get_or_create(cohort=cohort, user=user, defaults={"since": now})
    if is_new:
        record(cohort, "cohorts.team.joined", by=by, at=now, data={"person": str(user)})
    return member


@transaction.atomic
def remove_team_member(member: CohortTeamMember, *, by, now: datetime) -> None:
    record(member.cohort, "cohorts.team.left", by=by, at=now, data={"person": str(member.user)})
    member.delete()


def give_membership(user, details: dict, *, by, now: datetime) -> None:
    """What an invitation as officer gives on arrival: {"participation": id, "role": role}."""
    participation = Participation.objects.get(pk=details["participation"])
    add_member(participation, user=user, role=details["role"], by=by, now=now)


def give_host_contact(user, details: dict, *, by, now: datetime) -> None:
    """What an invitation as host contact gives on arrival: {"hosting": id}."""
    add_host_contact(Hosting.objects.get(pk=details["hosting"]), user=user, by=by, now=now)


@transaction.atomic
def invite_officer(
    participation: Participation, *, email: str, role: str, by, now: datetime, name: str = "", language: str = "en"
):
    """Invite somebody to write for the city. Queues the letter with the link; the role begins when they come through it."""
    words = {"role": str(MemberRole(role).label), "city": str(participation.city)}
    return invite_person(
        email,
        by=by,
        now=now,
        name=name,
        language=language,
        grants={"cohorts.membership": {"participation": participation.pk, "role": role}},
        purpose=_("%(role)s of %(city)s") % words,
        cohort_slug=participation.cohort.slug,
    )


@transaction.atomic
def invite_host_contact(hosting: Hosting, *, email: str, by, now: datetime, name: str = "", language: str = "en"):
    """Invite somebody to speak for the host in the cohort. Queues the letter with the link."""
    return invite_person(
        email,
        by=by,
        now=now,
        name=name,
        language=language,
        grants={"cohorts.host_contact": {"hosting": hosting.pk}},
        purpose=_("Contact of %(host)s") % {"host": hosting},
        cohort_slug=hosting.cohort.slug,
    )
