from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.transitions import Table


class LetterState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


# What a person may do; claiming and sending are the worker's own conditional updates.
LETTER_MOVES = Table.of(
    ("retry", [LetterState.FAILED, LetterState.CANCELLED], LetterState.QUEUED),
    ("cancel", [LetterState.QUEUED, LetterState.FAILED], LetterState.CANCELLED),
)
