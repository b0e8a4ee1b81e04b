"""What was agreed about an event: the day, the hour with its zone, the place or link, who travels."""

import zoneinfo
from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from twinning.core.fields import DayField
from twinning.people.forms import time_zone_choices

from ..models import Event
from ..states import EventKind, VisitDirection


class EventForm(forms.Form):
    """Hours are those of the event's own zone."""

    title = forms.CharField(label=_("Title"), max_length=200)
    planned_on = DayField(label=_("Day"))
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=14, help_text=_("Two days is usual for a visit."))
    starts = forms.TimeField(
        label=_("Begins at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave both hours empty until they are agreed."),
    )
    ends = forms.TimeField(
        label=_("Ends at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone of these hours"),
        choices=time_zone_choices,
        help_text=_("Everybody also reads the hours in their own zone."),
    )
    is_online = forms.BooleanField(label=_("Online"), required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    link = forms.URLField(label=_("Link to join"), required=False, assume_scheme="https")
    direction = forms.ChoiceField(
        label=_("Who travels"), choices=VisitDirection.choices, required=False, help_text=_("Visits come in any order.")
    )
    notes = forms.CharField(label=_("Notes for both sides"), required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: object, event: Event, **kwargs: object) -> None:
        zone = zoneinfo.ZoneInfo(event.time_zone)
        initial = {name: getattr(event, name) for name in self.base_fields if hasattr(event, name)}
        if event.starts_at:
            initial |= {
                "starts": event.starts_at.astimezone(zone).time(),
                "ends": event.ends_at.astimezone(zone).time(),
            }
        super().__init__(*args, initial=initial, **kwargs)
        if event.kind != EventKind.SITE_VISIT:
            del self.fields["direction"]

    def clean(self) -> dict:
        data = super().clean()
        starts, ends = data.get("starts"), data.get("ends")
        if bool(starts) != bool(ends):
            self.add_error("ends" if starts else "starts", _now("Give both hours, or neither."))
        if self.errors:
            return data
        data["starts_at"] = data["ends_at"] = None
        if starts and ends:
            last_day = data["planned_on"] + timedelta(days=data["days"] - 1)
            data["starts_at"] = self._moment("starts", datetime.combine(data["planned_on"], starts))
            data["ends_at"] = self._moment("ends", datetime.combine(last_day, ends))
            if not self.errors and data["ends_at"] <= data["starts_at"]:
                self.add_error("ends", _now("The event must end after it starts."))
        return data

    def _moment(self, field: str, wall: datetime) -> datetime:
        """The hour on the wall in the event's zone. An hour that the change to summer time leaves out is refused."""
        zone = zoneinfo.ZoneInfo(self.cleaned_data["time_zone"])
        moment = wall.replace(tzinfo=zone)
        if moment.astimezone(zoneinfo.ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != wall:
            self.add_error(field, _now("On that day the clocks go forward and this hour does not exist."))
        return moment

    @property
    def agreed(self) -> dict:
        """The valid form in the words of `change_event`."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("starts", "ends")}
