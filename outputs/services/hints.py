"""Answering the hints of the quality rules: a hint may stay open for a reason, which is frozen with the version."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.core.errors import Refused

from ..models import HintAnswer, Output
from ..quality import Level, check_content
from ..selectors.content import draft_content
from .drafting import begin_output, lock_writable


@transaction.atomic
def answer_hint(output: Output, *, rule: str, anchor: str, reason: str, by, now: datetime.datetime) -> None:
    """Say why a hint is left open; an empty reason takes the answer back. Raises `Refused` for a hint that is not there."""
    output = lock_writable(output)
    reason = " ".join(reason.split())
    answers = HintAnswer.objects.filter(output=output, rule=rule, anchor=anchor)
    if not reason:
        answers.delete()
        return
    hints = {
        check.key for check in check_content(draft_content(output)) if check.level == Level.HINT and not check.is_met
    }
    if (rule, anchor) not in hints:
        raise Refused(_("This hint has been solved meanwhile."))
    HintAnswer.objects.update_or_create(
        output=output, rule=rule, anchor=anchor, defaults={"reason": reason, "answered_by": by, "answered_at": now}
    )
    begin_output(output, by=by, now=now)
