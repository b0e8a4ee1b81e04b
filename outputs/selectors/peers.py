"""Officers of other cities who were invited to read a version."""

from datetime import date

from django.db.models import QuerySet

from cohorts.models import Membership
from cohorts.states import PARTICIPATING

from ..models import Comment, Output, OutputVersion, PeerInvitation


def guest_invitation(user, output: Output) -> PeerInvitation | None:
    """The open invitation by which alone the person reads something of this output; None for those who see it anyway."""
    if Output.objects.visible_to(user).filter(pk=output.pk).exists():
        return None
    invitations = PeerInvitation.objects.open().filter(guest=user, version__output=output)
    return invitations.select_related("version__output").order_by("-version__number").first()


def comments_of_guest(user, output: Output) -> QuerySet[Comment]:
    """What a guest reads of the comments: the rows that they began, with the answers."""
    return Comment.objects.for_reader(user, is_reviewer=False).filter(output=output).begun_by(user)


def officers_to_invite(output: Output) -> QuerySet[Membership]:
    """Officers of the other cities that take part in the output's cohort, by city and name."""
    return (
        Membership.objects.current()
        .filter(
            participation__cohort=output.participation.cohort_id,
            participation__state__in=PARTICIPATING,
            user__is_active=True,
        )
        .exclude(participation=output.participation_id)
        .select_related("user", "participation__city")
        .order_by("participation__city__name", "user__name", "pk")
    )


def peers_of(version: OutputVersion, today: date) -> list[dict]:
    """Who was invited to read a version, newest first, each with what became of it. One query."""
    rows = version.peer_invitations.select_related("guest", "participation__city", "invited_by")
    return [
        {"invitation": row, "is_open": row.ended_at is None and row.until >= today}
        for row in rows.order_by("-invited_at", "-pk")
    ]


def invitations_to_read(user) -> list[PeerInvitation]:
    """What the person was invited to read and may read now. One query."""
    rows = user.peer_invitations.open().select_related(
        "version__output__participation__city", "version__output__participation__cohort", "invited_by"
    )
    return list(rows.defer("version__content").order_by("until", "pk"))
