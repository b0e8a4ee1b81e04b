"""Moving a participation, and its people."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from twinning.core.fields import DayField

from ..states import NEEDS_REASON, PARTICIPATION_MOVES, MemberRole


class MoveForm(forms.Form):
    """The day and the reason of one move; the reason is required where a city leaves."""

    on = DayField(
        label=_("Since"),
        required=False,
        help_text=_("Today, unless you say otherwise."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: object, move: str, state: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if PARTICIPATION_MOVES.allows(move, state=state):
            self.fields["reason"].required = PARTICIPATION_MOVES.target(move, state=state) in NEEDS_REASON


class OfficerForm(forms.Form):
    """Whom to invite to write for the city."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=MemberRole.choices,
        initial=MemberRole.OFFICER,
        help_text=_("There is one lead officer. A new one makes the present one an officer."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)


class ContactForm(forms.Form):
    """Whom to invite to speak for a host."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)
