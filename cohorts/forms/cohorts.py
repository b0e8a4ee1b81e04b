"""Creating and changing cohorts, their calendar, team and hosts."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from twinning.core.fields import DayField
from twinning.people.forms import time_zone_choices
from twinning.people.models import User

from ..models import Cohort, Hosting, Programme
from ..models.cohort import validate_reminder_days
from ..selectors.facilitators import facilitators_with_load
from ..states import HostKind


class ReminderDaysField(forms.CharField):
    """ "14, 3, -1, -7" as a list of whole numbers, the earliest reminder first."""

    def prepare_value(self, value: object) -> object:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[int]:
        words = str(value or "").replace(";", ",").replace("−", "-").split(",")
        try:
            days = {int(word) for word in words if word.strip()}
        except ValueError as fault:
            raise ValidationError(_now("Write whole numbers with commas, for example 14, 3, -1, -7.")) from fault
        return sorted(days, reverse=True)

    def validate(self, value: object) -> None:
        super().validate(value or None if self.required else value)
        validate_reminder_days(value)

    def has_changed(self, initial: object, data: object) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class CohortCreateForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name for addresses"),
        max_length=80,
        required=False,
        help_text=_("Small letters, digits and hyphens. Made from the title where you leave it empty."),
    )
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a programme"),
    )
    host_kind = forms.ChoiceField(label=_("Kind of host"), choices=HostKind.choices)
    kickoff_on = DayField(
        label=_("Kick-off"),
        required=False,
        help_text=_("With a date the calendar stands at once. It can be set and moved later."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices, initial="Europe/Brussels")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.order_by("-length_months", "title", "pk")

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("slug") and data.get("title"):
            data["slug"] = slugify(data["title"])[:80]
            if not data["slug"]:
                self.add_error("slug", _now("Give a short name in Latin letters."))
        if data.get("slug") and Cohort.objects.filter(slug=data["slug"]).exists():
            self.add_error("slug", _now("Another cohort has this short name already."))
        return data


class CohortEditForm(forms.Form):
    """What a cohort's own rules are. Dates move on the page of the kick-off."""

    title = forms.CharField(label=_("Title"), max_length=200)
    reminder_days = ReminderDaysField(
        label=_("Reminders"),
        required=False,
        help_text=_("Days before a due date; negative numbers are days after it. 14, 3, -1, -7 is proposed."),
    )
    facilitator_load = forms.IntegerField(
        label=_("Pairings for one facilitator"),
        min_value=1,
        max_value=200,
        help_text=_("Above this number the pages warn; nothing is forbidden."),
    )
    answer_days = forms.IntegerField(
        label=_("Working days to answer a pairing"),
        min_value=0,
        max_value=120,
        help_text=_(
            "Until then both sides accept or decline what was announced; 10 is proposed. 0 asks for no answer."
        ),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    call_opens_on = DayField(label=_("Call opens"), required=False)
    call_closes_on = DayField(label=_("Call closes"), required=False)
    final_output_name = forms.CharField(label=_("Name of the last document"), max_length=120, required=False)
    twin_rule = forms.CharField(label=_("Who may be a twin"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, cohort: Cohort, **kwargs: object) -> None:
        initial = {name: getattr(cohort, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict:
        data = super().clean()
        opens, closes = data.get("call_opens_on"), data.get("call_closes_on")
        if opens and closes and closes < opens:
            self.add_error("call_closes_on", _now("The call may not close before it opens."))
        return data


class KickoffForm(forms.Form):
    programme = forms.ModelChoiceField(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a programme"),
    )
    kickoff_on = DayField(label=_("Kick-off"))
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, cohort: Cohort, **kwargs: object) -> None:
        initial = {"kickoff_on": cohort.kickoff_on, "programme": cohort.programme and cohort.programme.slug}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["programme"].queryset = Programme.objects.order_by("-length_months", "title", "pk")


class TeamForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("Facilitator"),
        queryset=User.objects.none(),
        to_field_name="code",
        empty_label=_("Choose a facilitator"),
        help_text=_("Sees the whole cohort, matches, confirms and announces in it."),
    )

    def __init__(self, *args: object, cohort: Cohort, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        present = cohort.team_members.values("user")
        self.fields["person"].queryset = facilitators_with_load().exclude(pk__in=present)


class CapacityForm(forms.Form):
    fewest = forms.IntegerField(label=_("Fewest twins"), min_value=0, max_value=100)
    most = forms.IntegerField(label=_("Most twins"), min_value=0, max_value=100)

    def __init__(self, *args: object, hosting: Hosting, **kwargs: object) -> None:
        initial = {"fewest": hosting.capacity_minimum, "most": hosting.capacity_maximum}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("fewest") is not None and data.get("most") is not None and data["fewest"] > data["most"]:
            self.add_error("most", _now("The most may not be less than the fewest."))
        return data


class WithdrawForm(forms.Form):
    on = DayField(label=_("Since"), required=False, help_text=_("Today, unless you say otherwise."))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AnnounceForm(forms.Form):
    """Which of the waiting pairings to announce; all of them to begin with."""

    pairings = forms.MultipleChoiceField(
        label=_("Pairings to announce"), error_messages={"required": _("Choose at least one pairing.")}
    )

    def __init__(self, *args: object, waiting: list, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = {pairing.code: pairing for pairing in waiting}
        self.fields["pairings"].choices = [(code, str(pairing)) for code, pairing in self.waiting.items()]

    @property
    def chosen(self) -> list:
        return [self.waiting[code] for code in self.cleaned_data["pairings"]]
