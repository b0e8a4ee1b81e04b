"""When one city's output needs other rules than the programme's: extension, waiver, reopening. Each with a reason."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Output
from ..states import OUTPUT_MOVES, SETTLED
from .drafting import lock_output
from .submitting import day_in, officers_of, tell


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Give a reason; the city reads it."))
    return text[:500]


@transaction.atomic
def extend_output(output: Output, *, by, now: datetime, until: date, reason: str) -> Output:
    """Give this output alone more time. Due date and cut-off of the programme stay; reminders follow the new date.

    Also journals it and tells the officers.
    """
    output = lock_output(output)
    if output.state in SETTLED:
        raise Refused(_("Nothing is owed here any more."))
    if until <= output.due_on:
        raise Refused(_("An extension ends after the due date."))
    if until < day_in(output.participation.cohort, now):
        raise Refused(_("This day has passed."))
    output.extended_until, output.extension_reason = until, _reason(reason)
    output.full_clean(exclude=["code"])
    output.save(update_fields=["extended_until", "extension_reason", "updated_at"])
    data = {"until": until.isoformat(), "reason": output.extension_reason}
    record(output, "outputs.output.extended", by=by, at=now, data=data)
    _tell_officers("output_extended", output, by=by, now=now, reason=output.extension_reason)
    return output


@transaction.atomic
def waive_output(output: Output, *, by, now: datetime, reason: str) -> Output:
    """Release the city from this output. What was written stays; reminders stop. Also journals it and tells the officers."""
    output = lock_output(output)
    output.state = OUTPUT_MOVES.target("waive", state=output.state)
    output.waived_reason = _reason(reason)
    output.full_clean(exclude=["code"])
    output.save(update_fields=["state", "waived_reason", "updated_at"])
    record(output, "outputs.output.waived", by=by, at=now, data={"reason": output.waived_reason})
    _tell_officers("output_waived", output, by=by, now=now, reason=output.waived_reason)
    return output


@transaction.atomic
def unwaive_output(output: Output, *, by, now: datetime) -> Output:
    """Take the waiver back: the output is a draft again and owed. Also journals it and tells the officers."""
    output = lock_output(output)
    output.state = OUTPUT_MOVES.target("unwaive", state=output.state)
    output.waived_reason = ""
    output.full_clean(exclude=["code"])
    output.save(update_fields=["state", "waived_reason", "updated_at"])
    record(output, "outputs.output.unwaived", by=by, at=now)
    _tell_officers("output_unwaived", output, by=by, now=now)
    return output


@transaction.atomic
def reopen_output(output: Output, *, by, now: datetime, reason: str) -> Output:
    """Open an accepted output for changes. The accepted version stays as it is; the next submission is a new one.

    Also journals it and tells the officers: they have to do something again.
    """
    output = lock_output(output)
    output.state = OUTPUT_MOVES.target("reopen", state=output.state)
    output.accepted_at = None
    output.full_clean(exclude=["code"])
    output.save(update_fields=["state", "accepted_at", "updated_at"])
    reason = _reason(reason)
    record(output, "outputs.output.reopened", by=by, at=now, data={"reason": reason})
    _tell_officers("output_reopened", output, by=by, now=now, reason=reason)
    return output


def _tell_officers(kind: str, output: Output, *, by, now: datetime, reason: str = "") -> None:
    for person in officers_of(output):
        tell(person, kind, output, now=now, by=by, reason=reason)
