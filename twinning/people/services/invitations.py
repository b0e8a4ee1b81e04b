"""Inviting: the only way to an account, and one way to a further role."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused
from twinning.mail.selectors import letters_about
from twinning.mail.services import cancel_letter, queue_mail
from twinning.mail.states import LetterState

from ..models import Invitation, User
from ..registry import GRANTS
from ..roles import PlatformRole
from ..secrets import hash_of, new_secret

logger = logging.getLogger(__name__)

OPEN_FOR = timedelta(days=30)


@transaction.atomic
def invite_person(
    email: str,
    *,
    by: User,
    now: datetime,
    name: str = "",
    platform_role: str = PlatformRole.NONE,
    grants: dict[str, dict] | None = None,
    purpose: str = "",
    language: str = "en",
    cohort_slug: str = "",
) -> Invitation:
    """Invite somebody by their address: to an account, to a role on the platform, to further roles (`grants`).

    Queues the letter with the link; the link's secret stands nowhere else. Journals it. Somebody who has an account
    already gets what the invitation gives when they sign in through it.
    Refused where the same is offered already, the account is deactivated, or `by` may not give the role.
    """
    email = email.strip().lower()
    grants = grants or {}
    unknown = grants.keys() - GRANTS.keys()
    if unknown:
        raise LookupError(f"Nobody registered how to give {', '.join(sorted(unknown))}.")
    _refuse_role_beyond(by, platform_role)
    _refuse_pointless(email, platform_role, grants, now)
    secret = new_secret()
    invitation = Invitation(
        email=email,
        name=name.strip(),
        platform_role=platform_role,
        grants=grants,
        purpose=purpose or _purpose_of(platform_role),
        language=language,
        cohort_slug=cohort_slug,
        invited_by=by,
        secret_hash=hash_of(secret),
        expires_at=now + OPEN_FOR,
    )
    invitation.full_clean(exclude=["code"])
    invitation.save()
    record(invitation, "people.invitation.sent", by=by, at=now, data={"purpose": invitation.purpose})
    _send_link(invitation, secret, now)
    return invitation


def _purpose_of(platform_role: str) -> str:
    return str(PlatformRole(platform_role).label) if platform_role else _("An account")


def _refuse_role_beyond(by: User, platform_role: str) -> None:
    """Nobody gives a role on the platform that is not theirs to give: administrators are made by administrators."""
    if platform_role == PlatformRole.ADMINISTRATOR and not by.is_administrator:
        raise Refused(_("Only administrators invite administrators."))
    if platform_role and not by.steers:
        raise Refused(_("Only administrators and coordinators give a role on the platform."))


def _refuse_pointless(email: str, platform_role: str, grants: dict, now: datetime) -> None:
    account = User.objects.filter(email__iexact=email).first()
    if account and not account.is_active:
        raise Refused(_("The account of %(person)s is deactivated.") % {"person": account})
    if account and platform_role and account.platform_role:
        raise Refused(
            _("%(person)s has an account already, as %(role)s. An administrator can change that on their page.")
            % {"person": account, "role": account.get_platform_role_display()}
        )
    if account and not platform_role and not grants:
        raise Refused(_("%(person)s has an account already.") % {"person": account})
    for invitation in Invitation.objects.open_at(now).for_address(email):
        if invitation.platform_role == platform_role and invitation.grants == grants:
            raise Refused(_("%(email)s is invited already. Send that invitation again instead.") % {"email": email})


def _send_link(invitation: Invitation, secret: str, now: datetime) -> None:
    account = User.objects.active().filter(email__iexact=invitation.email).first()
    queue_mail(
        "person_invited",
        to=account or invitation.email,
        about=invitation,
        now=now,
        cohort_slug=invitation.cohort_slug,
        language=invitation.language,
        context={
            "invitation": invitation,
            "has_account": account is not None,
            "url": settings.SITE_URL + reverse("people:invitation-open", args=[secret]),
        },
    )


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User, now: datetime) -> Invitation:
    """Send the letter again with a new link and a new term; the link of before is void. Journals it."""
    invitation = _locked(invitation)
    _refuse_settled(invitation)
    _cancel_waiting_letters(invitation, by=by, now=now)
    secret = new_secret()
    invitation.secret_hash, invitation.expires_at = hash_of(secret), now + OPEN_FOR
    invitation.save(update_fields=["secret_hash", "expires_at", "updated_at"])
    record(invitation, "people.invitation.sent_again", by=by, at=now)
    _send_link(invitation, secret, now)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User, now: datetime) -> Invitation:
    """Void an invitation that nobody accepted; a letter that has not left yet stays here. Journals it."""
    invitation = _locked(invitation)
    _refuse_settled(invitation)
    _cancel_waiting_letters(invitation, by=by, now=now)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at", "updated_at"])
    record(invitation, "people.invitation.withdrawn", by=by, at=now)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User, now: datetime) -> Invitation:
    """Give the account what the invitation promises: platform role, further roles. Journals it.

    A role on the platform that the account has already is never lowered. Refused where the invitation is no longer
    open or was sent to another address.
    """
    invitation = _locked(invitation)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if invitation.state_at(now) != "open":
        raise Refused(_("This invitation is no longer open. Ask for a new one."))
    if invitation.email.lower() != user.email.lower() or not user.is_active:
        raise Refused(_("This invitation was sent to another address."))
    if invitation.platform_role and not user.platform_role:
        user.platform_role = invitation.platform_role
        user.save(update_fields=["platform_role", "updated_at"])
    for kind, details in sorted(invitation.grants.items()):
        _give(kind, details, user=user, by=invitation.invited_by, now=now)
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
    data = {"person": str(user), "purpose": invitation.purpose}
    record(invitation, "people.invitation.accepted", by=user, at=now, data=data)
    record(user, "people.person.joined", by=user, at=now, data={"inviter": str(invitation.invited_by)})
    return invitation


def _give(kind: str, details: dict, *, user: User, by: User, now: datetime) -> None:
    """One further role. What the person has meanwhile by another way is not given twice."""
    try:
        with transaction.atomic():
            GRANTS[kind](user, details, by=by, now=now)
    except Refused as refusal:
        logger.info("An invitation of %s gave no %s: %s", user.code, kind, refusal)


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).select_related("invited_by").get(pk=invitation.pk)


def _refuse_settled(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise Refused(_("The invitation has been accepted meanwhile."))
    if invitation.withdrawn_at:
        raise Refused(_("The invitation has been withdrawn."))


def _cancel_waiting_letters(invitation: Invitation, *, by: User, now: datetime) -> None:
    for letter in letters_about(invitation).filter(state__in=[LetterState.QUEUED, LetterState.FAILED]):
        cancel_letter(letter, by=by, now=now)
