from django import forms
from django.utils.translation import gettext_lazy as _

from ..services.reviewing import MOST_CHARACTERS
from ..states import Audience


class SendBackForm(forms.Form):
    letter = forms.CharField(
        label=_("Letter to the city"),
        help_text=_("What should be changed, and by when. The officers get it by e-mail."),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say what the city should change.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AcceptForm(forms.Form):
    letter = forms.CharField(
        label=_("A word to the city"),
        help_text=_("Goes with the acceptance."),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CommentForm(forms.Form):
    """`with_audience`: reviewers decide who reads it; what others write is shared."""

    text = forms.CharField(label=_("Comment"), max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 4}))
    audience = forms.ChoiceField(
        label=_("Who reads it"), choices=Audience, initial=Audience.SHARED, widget=forms.RadioSelect
    )
    anchor = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput)
    parent = forms.CharField(max_length=8, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, with_audience: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not with_audience:
            del self.fields["audience"]
