"""Kinds of letters about matching."""

from django.utils.translation import gettext_lazy as _

from twinning.mail.registry import LetterKind

LETTERS = [
    LetterKind(
        "pairing_ended",
        "matching/mail/pairing_ended",
        _("You get this letter because you took part in the pairing that it is about."),
    ),
]
