"""The sign-in library's doors: an account only by invitation, a provider only for a known or invited address.

All its letters go through the outbox, and secrets of second factors are stored sealed.
"""

import logging
from types import SimpleNamespace

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from twinning.core.errors import Refused
from twinning.mail.services import queue_written_mail

from .browsers import browser_words
from .models import Invitation, User
from .secrets import sealed, unsealed
from .services.invitations import accept_invitation

logger = logging.getLogger(__name__)

SESSION_KEY = "invitation"
# Letters without any link that opens a door. Every other one of the library counts as confidential.
NOTICES = {
    "account/email/email_changed",
    "account/email/email_confirm",
    "account/email/email_deleted",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "account/email/account_already_exists",
    "account/email/unknown_account",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "socialaccount/email/account_connected",
    "socialaccount/email/account_disconnected",
}


def redeem(request: HttpRequest, invitation: Invitation) -> None:
    """Remember in the session that this browser came through the invitation's link.

    The link was sent to the invited address alone, so whoever holds it has proved that the address is theirs.
    """
    request.session[SESSION_KEY] = invitation.code


def redeemed_invitation(request: HttpRequest) -> Invitation | None:
    """The open invitation through whose link this browser came, if any."""
    code = request.session.get(SESSION_KEY)
    return Invitation.objects.open_at(timezone.now()).filter(code=code).first() if code else None


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return redeemed_invitation(request) is not None

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        invitation = redeemed_invitation(request)
        return invitation is not None and invitation.email.lower() == email.lower()

    def clean_email(self, email: str) -> str:
        """An account begins with the invited address; it can be changed afterwards, with a letter to the new one."""
        request = current.request
        invitation = redeemed_invitation(request)
        if invitation and not request.user.is_authenticated and invitation.email.lower() != email.lower():
            raise ValidationError(_("The invitation was sent to %(email)s.") % {"email": invitation.email})
        return email

    def new_user(self, request: HttpRequest) -> User:
        """A new person reads pages in the language of the invitation."""
        user = super().new_user(request)
        if invitation := redeemed_invitation(request):
            user.language, user.name = invitation.language, invitation.name
        return user

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **details: object) -> HttpResponse:
        """Give what invitations promise: the one whose link was opened; to a new account all that its address has."""
        invitation = redeemed_invitation(request)
        invitations = [invitation] if invitation and invitation.email.lower() == user.email.lower() else []
        if signup:
            invitations = list(Invitation.objects.open_at(timezone.now()).for_address(user.email).order_by("pk"))
        for invitation in invitations:
            self._accept(request, user, invitation)
        return super().post_login(request, user, signup=signup, **details)

    def _accept(self, request: HttpRequest, user: User, invitation: Invitation) -> None:
        try:
            accept_invitation(invitation, user=user, now=timezone.now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("You are in: %(purpose)s.") % {"purpose": invitation.purpose})
        request.session.pop(SESSION_KEY, None)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Write the letter in its reader's language and put it into the outbox."""
        user = User.objects.active().filter(email__iexact=email).first()
        language = user.language if user else translation.get_language() or settings.LANGUAGE_CODE
        site = SimpleNamespace(name=settings.SITE_NAME, domain=settings.SITE_URL.split("://", 1)[-1])
        words = {"request": current.request, "email": email, "current_site": site, **context}
        if "user_agent" in words:
            words["user_agent"] = browser_words(words["user_agent"])
        with translation.override(language):
            message = self.render_mail(template_prefix, email, words)
        queue_written_mail(
            "account_changed" if template_prefix in NOTICES else "sign_in_asked",
            to=user or email,
            now=timezone.now(),
            subject=message.subject,
            body_text=message.body,
            language=language,
        )


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A provider's word counts only where it says that the address is verified."""

    def authenticate_by_email(self, sociallogin):
        for address in sociallogin.email_addresses:
            address.verified = _means_true(address.verified)
        return super().authenticate_by_email(sociallogin)

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        return self._invitation(sociallogin) is not None

    def populate_user(self, request: HttpRequest, sociallogin, data: dict) -> User:
        """Name and language of a new account; the provider's name stands behind the one of the invitation."""
        user = super().populate_user(request, sociallogin, data)
        invitation = self._invitation(sociallogin)
        given = [data.get("first_name") or "", data.get("last_name") or ""]
        said = data.get("name") or " ".join(given).strip() or user.email.split("@", 1)[0]
        user.name = ((invitation.name if invitation else "") or said)[: User._meta.get_field("name").max_length]
        if invitation:
            user.language = invitation.language
        return user

    def _invitation(self, sociallogin) -> Invitation | None:
        """An open invitation to an address that the provider has verified."""
        verified = [address.email for address in sociallogin.email_addresses if _means_true(address.verified)]
        for email in verified:
            if invitation := Invitation.objects.open_at(timezone.now()).for_address(email).order_by("pk").first():
                return invitation
        return None


def _means_true(claim: object) -> bool:
    """Some providers send the claim `email_verified` as text; "false" is then a true value to Python."""
    return claim is True or str(claim).strip().lower() == "true"


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text)
