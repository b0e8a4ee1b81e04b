from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Output


class DraftField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Output) -> str:
        return f"{obj.label}, {obj.participation.city}"


class ReuseForm(forms.Form):
    """Which rows, into which draft. `drafts`: the person's own that can take them."""

    rows = forms.MultipleChoiceField(
        label=_("Rows"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one row.")},
    )
    into = DraftField(label=_("Your draft"), queryset=Output.objects.none(), empty_label=None)

    def __init__(self, *args, rows, drafts, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = [(row.code, row.title) for row in rows]
        self.fields["into"].queryset = drafts
