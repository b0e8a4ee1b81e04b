"""Who is to be reminded of what, now. The rule itself is a pure function over plain values.

Each cohort has one list of days, for example 14, 3, -1, -7: so many days before the date that counts (negative: after).
- The date that counts is the extension where there is one; with a new date the rule starts anew.
- Whether a day has come is judged in the reader's own time zone.
- A day that was missed (no worker ran) is caught up within three days. If more than one was missed, only the latest one
  is sent; a reminder older than one already sent is never sent. So nobody ever gets a burst.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from cohorts.models import Cohort, Membership
from cohorts.states import PARTICIPATING, PairingState

from ..models import Output, Reminder

CATCH_UP = timedelta(days=3)
FARTHEST = timedelta(days=366)  # the longest rule a cohort may have; see `validate_reminder_days`


@dataclass(frozen=True)
class DueReminder:
    """One letter that is due: `days` names the rule, `due_on` the date that counts."""

    output: Output
    to: object
    due_on: date
    days: int


def rule_due(rules: Iterable[int], *, due_on: date, today: date, sent: Iterable[int] = ()) -> int | None:
    """The rule that is to be applied today, None where there is none. `sent`: rules applied already for this date."""
    come = [days for days in rules if due_on - timedelta(days=days) <= today]
    if not come:
        return None
    latest = min(come)  # the fewest days before is the latest day
    if today - (due_on - timedelta(days=latest)) > CATCH_UP:
        return None
    return None if any(days <= latest for days in sent) else latest


def reminders_due(now: datetime, *, cohort: Cohort | None = None) -> list[DueReminder]:
    """Every reminder that is due at `now`. Three queries, however many outputs."""
    return [due for output in outputs_to_remind_of(now, cohort=cohort) for due in reminders_of(output, now)]


def outputs_to_remind_of(now: datetime, *, cohort: Cohort | None = None) -> list[Output]:
    """Outputs that are owed by twins who take part and whose pairing is announced, with all that `reminders_of` reads."""
    outputs = _with_readers(Output.objects.owed())
    if cohort is not None:
        outputs = outputs.in_cohort(cohort)
    today = now.date()
    return list(
        outputs.filter(effective_due_on__range=(today - FARTHEST, today + FARTHEST)).order_by("effective_due_on", "pk")
    )


def output_to_remind_of(output: Output) -> Output | None:
    """The same output as it stands now; None where nothing is owed any more."""
    return _with_readers(Output.objects.owed()).filter(pk=output.pk).order_by("pk").first()


def _with_readers(outputs):
    members = Membership.objects.current().filter(user__is_active=True).select_related("user").order_by("pk")
    return (
        outputs.with_effective_due()
        .with_participation()
        .filter(
            participation__state__in=PARTICIPATING,
            participation__pairings__state=PairingState.ANNOUNCED,
        )
        .prefetch_related(
            Prefetch("participation__memberships", queryset=members, to_attr="current_members"),
            Prefetch("reminders", queryset=Reminder.objects.order_by("pk"), to_attr="sent_reminders"),
        )
    )


def reminders_of(output: Output, now: datetime) -> list[DueReminder]:
    """What is due for one output that came from here. No query."""
    due_on, rules = output.due, output.participation.cohort.reminder_days
    due = []
    for member in output.participation.current_members:
        person = member.user
        sent = [row.days for row in output.sent_reminders if row.to_id == person.pk and row.due_on == due_on]
        days = rule_due(rules, due_on=due_on, today=now.astimezone(ZoneInfo(person.time_zone)).date(), sent=sent)
        if days is not None:
            due.append(DueReminder(output, person, due_on, days))
    return due
