"""Kinds of letters about accounts. Those that carry a link which opens a door are confidential."""

from django.utils.translation import gettext_lazy as _

from twinning.mail.registry import LetterKind

LETTERS = [
    LetterKind(
        "person_invited",
        "people/mail/person_invited",
        _("You get this letter because somebody who runs Twinning invited you by this address."),
        name=_("Invitation"),
        is_confidential=True,
    ),
    # The sign-in library writes these itself (templates/account/email/…); see `adapters.AccountAdapter.send_mail`.
    LetterKind(
        "sign_in_asked",
        "account/email",
        _("You get this letter because somebody, probably you, asked for it at the sign-in page."),
        name=_("Sign-in: link or code"),
        is_confidential=True,
    ),
    LetterKind(
        "account_changed",
        "account/email",
        _("You get this letter because something about how you sign in has changed."),
        name=_("Sign-in: something changed"),
    ),
]
