"""Forms beside the rows of a draft: an idea from a visit, a pasted table."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Event


class IdeaForm(forms.Form):
    """An idea in a few words; `events` are the visits that it may come from."""

    title = forms.CharField(label=_("Idea"), max_length=160, help_text=_("In one line, as you would tell a colleague."))
    note = forms.CharField(
        label=_("What you saw"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    event = forms.ModelChoiceField(
        label=_("Visit"),
        queryset=Event.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("No visit: it came up elsewhere"),
    )

    def __init__(self, *args: object, events, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = events


class PasteForm(forms.Form):
    """A table copied from elsewhere."""

    text = forms.CharField(
        label=_("The table"),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "data-tw-paste": ""}),
        help_text=_(
            "Copy the cells in your spreadsheet or text program and paste them here. Colours and fonts are left behind."
        ),
    )
