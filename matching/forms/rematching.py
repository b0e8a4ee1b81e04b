from django import forms
from django.utils.translation import gettext_lazy as _

from ..selectors.rematching import PRICES
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


class PricesForm(forms.Form):
    """What changing a pair counts, one field for each stage that it may have reached."""

    staged = forms.IntegerField(label=_("A pair that is not announced"), min_value=1, max_value=100)
    announced = forms.IntegerField(label=_("An announced pair that has not met"), min_value=1, max_value=100)
    met = forms.IntegerField(label=_("A pair that has met on a visit"), min_value=1, max_value=100)

    @property
    def prices(self) -> dict[str, int]:
        return {stage: self.cleaned_data[stage] for stage in PRICES}
