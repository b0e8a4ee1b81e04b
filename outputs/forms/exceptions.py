from django import forms
from django.utils.translation import gettext_lazy as _

from twinning.core.fields import DayField


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The city reads it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give a reason; the city reads it.")},
    )


class ExtensionForm(ReasonForm):
    until = DayField(
        label=_("New date"),
        error_messages={"invalid": _("Write the date like 2027-03-31.")},
    )
    field_order = ["until", "reason"]
