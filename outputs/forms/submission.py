from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

# The languages in which cities of the programme write; their own names stand in Django's register.
LANGUAGES = ("bg cs da de el en es et fi fr ga hr hu is it lt lv mk nb nl pl pt ro sk sl sq sr sv tr uk").split()


def language_choices() -> list[tuple[str, str]]:
    return sorted(((code, LANG_INFO[code]["name_local"]) for code in LANGUAGES), key=lambda pair: pair[1].casefold())


class SubmissionForm(forms.Form):
    """What goes along with a submission."""

    language = forms.ChoiceField(
        label=_("Language of the text"), choices=language_choices, help_text=_("For hyphenation and screen readers.")
    )
    message = forms.CharField(
        label=_("Message to the facilitator"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HintForm(forms.Form):
    """Why a hint is left open; empty takes the answer back."""

    rule = forms.SlugField(max_length=60, widget=forms.HiddenInput)
    anchor = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
