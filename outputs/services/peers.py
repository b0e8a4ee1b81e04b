"""Inviting an officer of another city of the cohort to read one version."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Membership
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Comment, OutputVersion, PeerInvitation
from ..selectors.peers import officers_to_invite
from .drafting import lock_output
from .submitting import day_in, officers_of, tell

FARTHEST = timedelta(days=183)


@transaction.atomic
def invite_peer(
    version: OutputVersion, *, guest: Membership, until: date, note: str = "", by, now: datetime
) -> PeerInvitation:
    """Open this version to an officer of another city until a day, and write to them. Journals it."""
    output = lock_output(version.output)
    today = day_in(output.participation.cohort, now)
    if not today <= until <= today + FARTHEST:
        raise Refused(_("Choose a day within the next six months."))
    if not officers_to_invite(output).filter(pk=guest.pk).exists():
        raise Refused(_("Choose an officer of another city of this cohort."))
    if version.peer_invitations.filter(guest=guest.user, ended_at=None, until__gte=today).exists():
        raise Refused(_("%(name)s is invited already.") % {"name": guest.user})
    version.peer_invitations.filter(guest=guest.user, ended_at=None).update(ended_at=now)  # its day has passed
    invitation = PeerInvitation(
        version=version,
        guest=guest.user,
        participation=guest.participation,
        until=until,
        note=note.strip(),
        invited_by=by,
        invited_at=now,
    )
    invitation.save()
    data = {"guest": str(guest.user), "city": str(guest.participation.city), "version": version.number}
    record(output, "outputs.peer.invited", by=by, at=now, data=data)
    tell(guest.user, "peer_invited", output, now=now, version=version, invitation=invitation, by=by)
    return invitation


def tell_of_guest(comment: Comment, invitation: PeerInvitation, *, now: datetime) -> None:
    """Write to the city's officers that their guest has commented: one letter a day, however much the guest writes."""
    version = invitation.version
    day = day_in(version.output.participation.cohort, now)
    for person in officers_of(version.output):
        tell(
            person,
            "peer_commented",
            version.output,
            now=now,
            once_key=f"peer-commented:{invitation.pk}:{person.pk}:{day}",
            version=version,
            invitation=invitation,
            comment=comment,
            by=comment.author,
        )


@transaction.atomic
def end_peer_invitation(invitation: PeerInvitation, *, by, now: datetime) -> PeerInvitation:
    """Take an invitation back: the guest reads nothing any more; comments stay. Doing it twice changes nothing."""
    invitation = PeerInvitation.objects.select_for_update(of=("self",)).select_related("guest").get(pk=invitation.pk)
    if invitation.ended_at is None:
        invitation.ended_at = now
        invitation.save(update_fields=["ended_at"])
        output = lock_output(invitation.version.output)
        record(output, "outputs.peer.ended", by=by, at=now, data={"guest": str(invitation.guest)})
    return invitation
