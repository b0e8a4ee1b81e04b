"""Cohorts themselves: created from a programme, with their own dates, zone and reminder rule."""

from datetime import date, datetime

from django.db import transaction

from twinning.audit.services import record

from ..models import Cohort, Programme
from .calendar import plan_calendar

CHANGEABLE = (
    "title",
    "time_zone",
    "reminder_days",
    "facilitator_load",
    "answer_days",
    "twin_rule",
    "final_output_name",
    "call_opens_on",
    "call_closes_on",
)


@transaction.atomic
def create_cohort(
    *,
    slug: str,
    title: str,
    programme: Programme,
    host_kind: str,
    time_zone: str,
    kickoff_on: date | None,
    by,
    now: datetime,
) -> Cohort:
    """Open a new round of a programme. With a kick-off it has its calendar at once. Journals it.

    The reminder rule is copied from the programme and is the cohort's own from then on.
    """
    cohort = Cohort(
        slug=slug,
        title=title,
        programme=programme,
        host_kind=host_kind,
        time_zone=time_zone,
        length_months=programme.length_months,
        reminder_days=list(programme.reminder_days),
    )
    cohort.full_clean()
    cohort.save()
    record(cohort, "cohorts.cohort.created", by=by, at=now)
    if kickoff_on:
        cohort = plan_calendar(cohort, programme=programme, kickoff_on=kickoff_on, by=by, now=now)
    return cohort


@transaction.atomic
def change_cohort(cohort: Cohort, *, changes: dict, by, now: datetime) -> Cohort:
    """Set any of `CHANGEABLE`. Journals what changed; moves no date (see `plan_calendar`)."""
    unknown = changes.keys() - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"A cohort has no {', '.join(sorted(unknown))} to change here.")
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    changed = [name for name, value in changes.items() if getattr(cohort, name) != value]
    if not changed:
        return cohort
    for name in changed:
        setattr(cohort, name, changes[name])
    cohort.full_clean()
    cohort.save(update_fields=[*changed, "updated_at"])
    labels = ", ".join(str(Cohort._meta.get_field(name).verbose_name) for name in changed)
    record(cohort, "cohorts.cohort.changed", by=by, at=now, data={"fields": labels})
    return cohort
