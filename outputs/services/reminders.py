"""Sending reminders: once for each output, person, date and rule, however often and in parallel this runs."""

import logging
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from cohorts.models import Cohort
from twinning.audit.services import record
from twinning.mail.models import Letter
from twinning.mail.services import queue_mail

from ..models import Output, Reminder
from ..selectors.reminders import DueReminder, output_to_remind_of, outputs_to_remind_of, reminders_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SentReminder:
    to: str  # address
    about: str
    rule: int  # days before the date that counts; negative: after
    due: date
    output: str  # code
    cohort: str  # slug
    letter: str  # code


def send_reminders(*, now: datetime, cohort: Cohort | None = None) -> list[SentReminder]:
    """One pass: queue every reminder that is due at `now`. Returns those that this pass wrote.

    Each output is looked at once more under its lock, in a transaction of its own: whoever submitted a moment ago gets
    none, and a fault in one output is logged and leaves the letters of the others. The unique constraint on `Reminder` is
    what makes a second one impossible; the letter is queued in the same transaction as its row.
    """
    sent = []
    for output in outputs_to_remind_of(now, cohort=cohort):
        try:
            if reminders_of(output, now):
                sent += _remind_of(output, now)
        except Exception:
            logger.exception("The reminders of output %s could not be sent", output.code)
    return sent


def _remind_of(output: Output, now: datetime) -> list[SentReminder]:
    try:
        with transaction.atomic():
            Output.objects.select_for_update(of=("self",)).get(pk=output.pk)
            fresh = output_to_remind_of(output)
            return [_send(due, now) for due in reminders_of(fresh, now)] if fresh else []
    except IntegrityError:
        return []  # another pass wrote the same row first; its letters are on their way


def _send(due: DueReminder, now: datetime) -> SentReminder:
    output, cohort = due.output, due.output.participation.cohort
    row = Reminder.objects.create(output=output, to=due.to, due_on=due.due_on, days=due.days, sent_at=now)
    letter: Letter | None = queue_mail(
        "output_reminder",
        to=due.to,
        about=output,
        now=now,
        cohort_slug=cohort.slug,
        context={"output": output, "days": due.days, "due_on": due.due_on, "extended": bool(output.extended_until)},
        once_key=f"output_reminder:{output.code}:{due.to.code}:{due.due_on.isoformat()}:{due.days}",
    )
    if letter is None:
        raise IntegrityError("This reminder was written before.")
    row.letter = letter
    row.save(update_fields=["letter"])
    record(output, "outputs.reminder.sent", by=None, at=now, data={"person": str(due.to), "rule": due.days})
    return SentReminder(
        to=due.to.email,
        about=str(output),
        rule=due.days,
        due=due.due_on,
        output=output.code,
        cohort=cohort.slug,
        letter=letter.code,
    )
