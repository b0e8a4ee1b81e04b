"""Due dates and cut-offs as a programme has them."""

import datetime

import pytest

from cohorts.models import ProgrammeOutput
from outputs.services.planning import due_dates

KICKOFF = datetime.date(2026, 9, 7)  # a Monday


@pytest.mark.parametrize(
    ("days", "cut_off_days", "due_on", "cut_off_on"),
    [
        (7, None, "2026-09-14", None),
        (7, 0, "2026-09-14", "2026-09-14"),
        (7, 4, "2026-09-14", "2026-09-18"),
        (7, 5, "2026-09-14", "2026-09-21"),  # a Saturday, and so the Monday after
        (6, 7, "2026-09-14", "2026-09-21"),  # counted from the day on which it is due in the end
    ],
)
def test_due_date_and_cut_off_leave_the_weekend(days, cut_off_days, due_on, cut_off_on):
    template = ProgrammeOutput(offset_days=days, cut_off_days=cut_off_days)
    dates = [day and day.isoformat() for day in due_dates(template, KICKOFF)]
    assert dates == [due_on, cut_off_on]
