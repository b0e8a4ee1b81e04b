"""Kinds of letters about outputs."""

from django.utils.translation import gettext_lazy as _

from twinning.mail.registry import LetterKind

LETTERS = [
    LetterKind(
        "output_reminder",
        "outputs/mail/output_reminder",
        _("You get this letter because you write for your city and this output is still owed."),
    ),
    LetterKind(
        "output_submitted",
        "outputs/mail/output_submitted",
        _("You get this letter because you accompany this pairing."),
    ),
    LetterKind(
        "output_sent_back",
        "outputs/mail/output_sent_back",
        _("You get this letter because you write for your city."),
    ),
    LetterKind(
        "output_accepted",
        "outputs/mail/output_accepted",
        _("You get this letter because you write for your city."),
    ),
    LetterKind(
        "output_reopened",
        "outputs/mail/output_reopened",
        _("You get this letter because you write for your city."),
    ),
    LetterKind(
        "output_extended",
        "outputs/mail/output_extended",
        _("You get this letter because you write for your city."),
    ),
    LetterKind(
        "output_waived",
        "outputs/mail/output_waived",
        _("You get this letter because you write for your city."),
    ),
    LetterKind(
        "output_unwaived",
        "outputs/mail/output_unwaived",
        _("You get this letter because you write for your city."),
    ),
    LetterKind(
        "facts_asked",
        "outputs/mail/facts_asked",
        _("You get this letter because you speak for the host of this city."),
    ),
    LetterKind(
        "facts_checked",
        "outputs/mail/facts_checked",
        _("You get this letter because you write for this city or accompany its pairing."),
    ),
    LetterKind(
        "peer_invited",
        "outputs/mail/peer_invited",
        _("You get this letter because you write for a city of the same cohort."),
    ),
    LetterKind(
        "peer_commented",
        "outputs/mail/peer_commented",
        _(
            "You get this letter because you write for the city that was commented on, at most once a day for each guest."
        ),
    ),
]
