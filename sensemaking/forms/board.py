"""Joining a session, and how its board is run."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.models import City

from ..models import Board


class JoinForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=160)
    city = forms.ModelChoiceField(
        City.objects.none(), label=_("Your city"), required=False, empty_label=_("I speak for no city")
    )
    consents = forms.BooleanField(label=_("I agree"), required=False)

    def __init__(self, *args, board: Board, **kwargs):
        super().__init__(*args, **kwargs)
        session = board.session_id
        cities = City.objects.filter(participations__cohort__sessions=session) | City.objects.filter(
            hosts__hostings__cohort__sessions=session
        )
        self.fields["city"].queryset = cities.distinct().order_by("name", "pk")
        if board.consent_text:
            self.fields["consents"].help_text = board.consent_text
        else:
            del self.fields["consents"]


class JoiningForm(forms.ModelForm):
    """Whether people may join by the session's link, and what they agree to."""

    class Meta:
        model = Board
        fields = ("is_join_open", "consent_text")
        widgets = {"consent_text": forms.Textarea(attrs={"rows": 3})}
