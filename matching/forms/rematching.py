from django import forms
from django.utils.translation import gettext_lazy as _

from ..states import Movable


class MovableForm(forms.Form):
    """How far a re-match may reach; what is locked stays locked unless somebody says so."""

    movable = forms.ChoiceField(label=_("What may move"), choices=Movable.choices, required=False)

    @property
    def chosen(self) -> str:
        return (self.is_valid() and self.cleaned_data["movable"]) or Movable.STAGED


class RematchForm(forms.Form):
    """The option that somebody accepts, with the reason that ends and begins pairings."""

    movable = forms.ChoiceField(choices=Movable.choices, widget=forms.HiddenInput)
    # A fingerprint. One that is no longer among the options is refused by the service, which says what happened.
    option = forms.CharField(label=_("Option"), max_length=64, error_messages={"required": _("Choose an option.")})
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the history of every pairing that ends or begins; both sides may read it."),
    )
