"""Fields that several apps ask for in the same way."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

# As in packages. Beyond these, counting from a day (to a due date, into a time zone) leaves the calendar of the computer.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
OUT_OF_RANGE = _("This year cannot be right; it must lie between %(first)s and %(last)s.")


class DayField(forms.DateField):
    """A day that a cohort can have: never one that pages, reminders and calendars could not count from."""

    def __init__(self, **kwargs) -> None:
        first, last = FIRST_DAY.isoformat(), LAST_DAY.isoformat()
        widget = forms.DateInput(attrs={"type": "date", "min": first, "max": last}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget} | kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and not FIRST_DAY <= value <= LAST_DAY:
            years = {"first": FIRST_DAY.year, "last": LAST_DAY.year}
            raise forms.ValidationError(OUT_OF_RANGE, code="out_of_range", params=years)
