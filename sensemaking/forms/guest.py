"""People and rooms of a session."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cohorts.models import City

from ..models import Guest, Room, Session
from ..models.room import LEAST, MOST
from ..states import GuestRole


class GuestForm(forms.ModelForm):
    class Meta:
        model = Guest
        fields = ("name", "city", "organisation", "role")

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        cities = City.objects.filter(participations__cohort__sessions=session) | City.objects.filter(
            hosts__hostings__cohort__sessions=session
        )
        self.fields["city"].queryset = cities.distinct().order_by("name", "pk")
        self.fields["city"].required = False
        self.fields["city"].empty_label = _("No city")
        self.fields["role"].initial = GuestRole.SPEAKER

    def clean(self) -> dict:
        data = super().clean()
        if not (data.get("name") or data.get("city") or data.get("organisation")):
            self.add_error("name", _now("Give a name, a city or an organisation."))
        return data


class NewRoomsForm(forms.Form):
    """One theme on each line; a number of rooms without themes where there is none."""

    themes = forms.CharField(
        label=_("Themes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One room on each line, with its theme."),
    )
    count = forms.IntegerField(
        label=_("Rooms without a theme"),
        required=False,
        min_value=1,
        max_value=40,
        help_text=_("Or simply so many rooms."),
    )
    least = forms.IntegerField(label=_("Fewest people in a room"), min_value=1, max_value=40, initial=LEAST)
    most = forms.IntegerField(label=_("Most people in a room"), min_value=1, max_value=60, initial=MOST)

    def clean(self) -> dict:
        data = super().clean()
        themes = [line.strip() for line in data.get("themes", "").splitlines() if line.strip()]
        long = next((number for number, theme in enumerate(themes, start=1) if len(theme) > 160), None)
        if long:
            self.add_error("themes", _now("Line %(n)d is too long: at most 160 characters.") % {"n": long})
        themes += [""] * (data.get("count") or 0)
        if not themes and not self.errors:
            self.add_error("themes", _now("Write a theme, or say how many rooms."))
        if not self.errors and data["least"] > data["most"]:
            self.add_error("most", _now("The fewest people may not be more than the most people."))
        data["rooms"] = themes
        return data


class RoomForm(forms.ModelForm):
    questions = forms.CharField(
        label=_("Questions of this room"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, besides those that every room has."),
    )

    link = forms.URLField(label=_("Link to the room"), required=False, assume_scheme="https")

    class Meta:
        model = Room
        fields = ("theme", "least", "most", "method", "link")

    def clean_questions(self) -> list[str]:
        return [line.strip()[:300] for line in self.cleaned_data["questions"].splitlines() if line.strip()][:20]

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and data["least"] > data["most"]:
            self.add_error("most", _now("The fewest people may not be more than the most people."))
        return data
