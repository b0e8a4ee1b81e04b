"""Kinds of letters about the shared world."""

from django.utils.translation import gettext_lazy as _

from twinning.mail.registry import LetterKind

LETTERS = [
    LetterKind(
        "pairing_announced",
        "cohorts/mail/pairing_announced",
        _("You get this letter because you take part in the pairing that it announces."),
    ),
    LetterKind(
        "pairing_ended",
        "cohorts/mail/pairing_ended",
        _("You get this letter because you took part in the pairing that it is about."),
    ),
    LetterKind(
        "pairing_declined",
        "cohorts/mail/pairing_declined",
        _("You get this letter because you accompany this pairing or run its cohort."),
    ),
    LetterKind(
        "facilitator_assigned",
        "cohorts/mail/facilitator_assigned",
        _("You get this letter because a pairing was assigned to you."),
    ),
]
