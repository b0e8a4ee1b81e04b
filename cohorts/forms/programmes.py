"""Editing a programme: its frame, and its modules, events, outputs and milestones as rows."""

from collections import Counter

from django import forms
from django.forms.models import BaseModelFormSet, modelformset_factory
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..models import Programme, ProgrammeEvent, ProgrammeMilestone, ProgrammeModule, ProgrammeOutput
from ..services.calendar import ProgrammeDraft
from ..states import EventKind
from .cohorts import ReminderDaysField


class ProgrammeForm(forms.ModelForm):
    reminder_days = ReminderDaysField(
        label=_("Reminders"),
        required=False,
        help_text=_("Days before a due date; negative numbers are days after it. New cohorts begin with this rule."),
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)  # fingerprint of the moves that were shown
    seen = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # when the programme that was shown was last changed

    class Meta:
        model = Programme
        fields = ["title", "length_months", "twin_trips", "host_trips", "reminder_days", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.changed_at = self.initial["seen"] = self.instance.updated_at.isoformat()

    def clean(self) -> dict:
        """The page holds every row of the programme: sent from an old tab it would undo what was changed since."""
        data = super().clean()
        if data.get("seen", self.changed_at) not in ("", self.changed_at):
            raise forms.ValidationError(
                _now("This programme was changed after you had opened this page. Open the page again, then change it.")
            )
        return data


class CopyForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name for addresses"), max_length=80, help_text=_("Small letters, digits and hyphens.")
    )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if Programme.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_now("Another programme has this short name already."))
        return slug


class RowForm(forms.ModelForm):
    """A row of a table: the head of the column is the label, each field carries it for those who do not see it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            kind = (
                "form-select form-select-sm"
                if isinstance(field.widget, forms.Select)
                else "form-control form-control-sm"
            )
            if isinstance(field.widget, forms.CheckboxInput):
                kind = "form-check-input"
            field.widget.attrs |= {"class": kind, "aria-label": f"{field.label}: {self.instance}".removesuffix(": ")}
            if name in ("offset_months", "offset_days", "cut_off_days"):
                field.widget.attrs |= {"min": 0, "max": 365}

    def clean_offset_days(self) -> int:
        days = self.cleaned_data["offset_days"]
        if days > 365:
            raise forms.ValidationError(_now("At most 365 days."))
        return days

    def clean_offset_months(self) -> int:
        months = self.cleaned_data["offset_months"]
        if months > 120:
            raise forms.ValidationError(_now("At most 120 months."))
        return months


class ModuleForm(RowForm):
    class Meta:
        model = ProgrammeModule
        fields = ["title", "question", "offset_months", "offset_days"]


class EventRowForm(RowForm):
    """Kind, number and scope say which events of the calendar a row stands for; they are chosen once."""

    class Meta:
        model = ProgrammeEvent
        fields = ["kind", "number", "scope", "title", "module", "offset_months", "offset_days", "is_online"]

    def __init__(self, *args: object, programme: Programme, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].queryset = programme.modules.order_by("position", "pk")
        self.fields["module"].empty_label = _("Choose a module")
        if self.instance.pk:
            for name in ("kind", "number", "scope"):
                del self.fields[name]
        else:
            self.fields["kind"].choices = [("", _("Choose a kind")), *EventKind.choices]


class OutputRowForm(RowForm):
    class Meta:
        model = ProgrammeOutput
        fields = ["label", "offset_months", "offset_days", "cut_off_days"]


class MilestoneRowForm(RowForm):
    class Meta:
        model = ProgrammeMilestone
        fields = ["title", "offset_months", "offset_days"]


class EventRows(BaseModelFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].widget.attrs |= {
            "class": "form-check-input",
            "aria-label": f"{_now('Remove')}: {form.instance}",
        }

    def clean(self) -> None:
        super().clean()
        kept = [
            form for form in self.forms if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        keys = Counter((form.instance.kind, form.instance.number) for form in kept)
        if any(count > 1 for count in keys.values()):
            raise forms.ValidationError(
                _now("Two events have the same kind and number. Give the new one another number.")
            )


ModuleRows = modelformset_factory(ProgrammeModule, ModuleForm, extra=0)
OutputRows = modelformset_factory(ProgrammeOutput, OutputRowForm, extra=0)
MilestoneRows = modelformset_factory(ProgrammeMilestone, MilestoneRowForm, extra=0)
EventRowSet = modelformset_factory(ProgrammeEvent, EventRowForm, formset=EventRows, extra=1, can_delete=True)


class ProgrammeEditor:
    """The programme's form and its four tables, as one thing that is valid or not."""

    def __init__(self, programme: Programme, data=None) -> None:
        self.programme = programme
        self.form = ProgrammeForm(data, instance=programme)
        self.modules = ModuleRows(data, prefix="modules", queryset=programme.modules.order_by("position", "pk"))
        self.events = EventRowSet(
            data,
            prefix="events",
            queryset=programme.events.order_by("offset_months", "offset_days", "pk"),
            form_kwargs={"programme": programme},
        )
        self.outputs = OutputRows(data, prefix="outputs", queryset=programme.outputs.order_by("position", "pk"))
        self.milestones = MilestoneRows(
            data, prefix="milestones", queryset=programme.milestones.order_by("number", "pk")
        )

    @property
    def parts(self) -> list:
        return [self.modules, self.events, self.outputs, self.milestones]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(part.is_valid() for part in self.parts)])

    @property
    def has_errors(self) -> bool:
        return self.form.is_bound and not self.is_valid()

    def draft(self) -> ProgrammeDraft:
        """The programme as the valid form says, nothing of it saved."""
        removed = [form.instance for form in self.events.deleted_forms if form.instance.pk]
        events = [
            form.instance
            for form in self.events.forms
            if form not in self.events.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        for event in events:
            event.programme = self.programme
        return ProgrammeDraft(
            programme=self.programme,
            modules=[form.instance for form in self.modules.forms],
            events=events,
            outputs=[form.instance for form in self.outputs.forms],
            milestones=[form.instance for form in self.milestones.forms],
            removed=removed,
        )
