"""Working days: people meet, and are asked for answers, from Monday to Friday."""

from datetime import date

from dateutil.relativedelta import MO, relativedelta

SATURDAY = 5  # as `date.weekday` counts


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day if is_working_day(day) else day + relativedelta(weekday=MO)
