from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership
from twinning.core.fields import DayField


class OfficerField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.participation.city}: {obj.user}"


class PeerForm(forms.Form):
    """`officers`: those who can be invited."""

    guest = OfficerField(
        label=_("Officer"), queryset=Membership.objects.none(), empty_label=_("Choose an officer of another city")
    )
    until = DayField(
        label=_("May read until"),
        error_messages={"invalid": _("Write the date like 2027-03-31.")},
    )
    note = forms.CharField(
        label=_("What you would like to hear"),
        help_text=_("Goes with the invitation."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, officers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guest"].queryset = officers
