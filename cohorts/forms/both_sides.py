"""What a side of a pairing says about it."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..states import AnswerKind, Side


class SideForm(forms.Form):
    """Which side speaks; asked only of somebody who stands on both."""

    side = forms.ChoiceField(label=_("You speak for"), widget=forms.RadioSelect)

    def __init__(self, *args: object, sides: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["side"]
        field.choices = [(side, Side(side).label) for side in sides]
        field.initial = sides[0]
        if len(sides) == 1:
            field.widget = forms.HiddenInput()
            field.required = False

    def clean_side(self) -> str:
        return self.cleaned_data["side"] or self.fields["side"].initial


class AnswerForm(SideForm):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[(AnswerKind.ACCEPTED, _("We accept this pairing")), (AnswerKind.DECLINED, _("We decline it"))],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you decline. It stands in the history; the other side and the team read it."),
    )

    def clean(self) -> dict:
        data = super().clean()
        if data.get("answer") == AnswerKind.DECLINED and not data.get("reason", "").strip():
            self.add_error("reason", _now("Say why you decline."))
        return data


class FitForm(SideForm):
    score = forms.TypedChoiceField(
        label=_("How well does the pairing fit?"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (1, _("1: not at all")),
            (2, _("2: little")),
            (3, _("3: in part")),
            (4, _("4: well")),
            (5, _("5: very well")),
        ],
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Interests, ambition, context: what fits, and what does not. Your side and the team read it."),
    )
