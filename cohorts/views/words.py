"""What the moves of a participation are called on buttons and questions."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    verb: str | Promise  # on the button
    question: str | Promise  # above the form; names the city
    effect: str | Promise  # what will happen


MOVE_WORDS = {
    "confirm": Words(_("Has confirmed"), _("Has %(city)s confirmed?"), _("The city can be matched, as before.")),
    "decline": Words(
        _("Has declined"), _("Has %(city)s declined?"), _("A pairing that was prepared ends. Nothing is owed any more.")
    ),
    "activate": Words(
        _("Takes part"), _("Does %(city)s take part now?"), _("Announcing its pairing does this by itself.")
    ),
    "complete": Words(
        _("Has completed"), _("Has %(city)s completed the programme?"), _("Its pages stay open to both sides.")
    ),
    "withdraw": Words(
        _("Has withdrawn"),
        _("Does %(city)s leave the cohort?"),
        _("Its pairing ends with this reason, planned visits are cancelled, and no reminders go out any more."),
    ),
    "return": Words(
        _("Is back"),
        _("Is %(city)s back?"),
        _("The city is selected again and needs a pairing. Its outputs are as it left them."),
    ),
}
