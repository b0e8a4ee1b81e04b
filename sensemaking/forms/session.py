"""Planning a session: what, when, with whom, in which format, with which agenda and questions."""

import re
import zoneinfo
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from twinning.core.fields import DayField
from twinning.people.forms import time_zone_choices

from ..models import Cluster, Round, Session, SessionFormat
from ..models.session import MOST_PARTS
from ..states import RoomMode, SessionKind

LAST_MINUTES = re.compile(r"^(?P<title>.*?)[\s,;:]+(?P<minutes>\d{1,3})(?:\s*min\w*\.?)?$")
MOST_LINES = 40


class SessionForm(forms.Form):
    """Agenda and questions are written as lines: quick to type, and to paste from an e-mail."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices)
    round = forms.ModelChoiceField(Round.objects.none(), label=_("Round"), required=False, empty_label=_("In no round"))
    cohorts = forms.ModelMultipleChoiceField(
        Cohort.objects.none(), label=_("Cohorts"), widget=forms.CheckboxSelectMultiple
    )
    clusters = forms.ModelMultipleChoiceField(
        Cluster.objects.none(),
        label=_("Clusters"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none to invite everybody."),
    )
    held_on = DayField(label=_("Day"))
    starts = forms.TimeField(
        label=_("Begins at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave it empty until the hour is agreed."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=10, max_value=600)
    time_zone = forms.ChoiceField(label=_("Time zone of this hour"), choices=time_zone_choices)
    link = forms.URLField(label=_("Link to the call"), required=False, assume_scheme="https")
    format = forms.ModelChoiceField(
        SessionFormat.objects.none(), label=_("Format"), required=False, empty_label=_("Not decided yet")
    )
    room_mode = forms.ChoiceField(label=_("Rooms"), choices=RoomMode.choices)
    parts = forms.IntegerField(
        label=_("Rounds of rooms"),
        min_value=1,
        max_value=MOST_PARTS,
        help_text=_("In each round everybody sits in one room."),
    )
    pairings_together = forms.BooleanField(
        label=_("Seat a twin and its host together"),
        required=False,
        help_text=_("Otherwise they are seated apart where possible: they know each other already."),
    )
    purpose = forms.CharField(label=_("Purpose"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One point on each line, its minutes at the end: “Welcome, 10”."),
    )
    questions = forms.CharField(
        label=_("Guiding questions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One question on each line. Every room has them."),
    )

    def __init__(self, *args, cohort: Cohort, cohorts, session: Session | None = None, **kwargs):
        super().__init__(*args, initial=_initial(session, cohort), **kwargs)
        self.fields["cohorts"].queryset = cohorts
        self.fields["round"].queryset = Round.objects.filter(cohort=cohort).order_by("number")
        self.fields["clusters"].queryset = Cluster.objects.filter(cohort=cohort).order_by("number")
        self.fields["format"].queryset = SessionFormat.objects.order_by("position", "pk")

    def clean_agenda(self) -> list[tuple[str, int | None, None]]:
        rows = []
        for line in _lines(self.cleaned_data["agenda"]):
            match = LAST_MINUTES.match(line)
            title, minutes = (match["title"], int(match["minutes"])) if match and match["title"] else (line, None)
            rows.append((title[:200], minutes, None))
        return rows

    def clean_questions(self) -> list[str]:
        lines = _lines(self.cleaned_data["questions"])
        long = next((number for number, line in enumerate(lines, start=1) if len(line) > 300), None)
        if long:
            raise forms.ValidationError(_now("Line %(n)d is too long: at most 300 characters.") % {"n": long})
        return lines

    def clean(self) -> dict:
        data = super().clean()
        data["starts_at"] = None
        if data.get("starts") and not data.get("minutes"):
            self.add_error("minutes", _now("Say how many minutes the session lasts."))
        if not self.errors and data["starts"]:
            zone = zoneinfo.ZoneInfo(data["time_zone"])
            data["starts_at"] = datetime.combine(data["held_on"], data["starts"], tzinfo=zone)
        return data

    @property
    def row(self) -> dict:
        """What the services want to know, besides the cohorts."""
        names = ("title", "kind", "round", "format", "held_on", "starts_at", "minutes", "time_zone")
        more = ("link", "purpose", "room_mode", "parts", "pairings_together", "clusters", "agenda", "questions")
        return {name: self.cleaned_data[name] for name in (*names, *more)}


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise forms.ValidationError(_now("At most %(most)d lines.") % {"most": MOST_LINES})
    return lines


def _initial(session: Session | None, cohort: Cohort) -> dict:
    if session is None:
        return {"cohorts": [cohort.pk], "time_zone": cohort.time_zone, "parts": 1, "room_mode": RoomMode.CHOICE}
    names = (
        "title",
        "kind",
        "round",
        "format",
        "held_on",
        "minutes",
        "time_zone",
        "link",
        "purpose",
        "room_mode",
        "parts",
    )
    initial = {name: getattr(session, name) for name in (*names, "pairings_together")}
    if session.starts_at:
        initial["starts"] = session.starts_at.astimezone(zoneinfo.ZoneInfo(session.time_zone)).time()
    agenda = [f"{item.title}, {item.minutes}" if item.minutes else item.title for item in session.agenda.all()]
    return initial | {
        "cohorts": list(session.cohorts.order_by("pk").values_list("pk", flat=True)),
        "clusters": list(session.clusters.order_by("pk").values_list("pk", flat=True)),
        "agenda": "\n".join(agenda),
        "questions": "\n".join(row.text for row in session.questions.filter(room=None)),
    }
