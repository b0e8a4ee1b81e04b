from django import forms
from django.utils.translation import gettext_lazy as _

from ..selectors.memberships import Acting


class ActingForm(forms.Form):
    """A choice among the roles that somebody holds now."""

    acting = forms.ChoiceField(label=_("I act for"), widget=forms.RadioSelect)

    def __init__(self, *args: object, options: list[Acting], present: Acting | None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.options = {option.key: option for option in options}
        field = self.fields["acting"]
        field.choices = [(option.key, f"{option.label} ({option.role})") for option in options]
        field.initial = present.key if present else None

    def clean_acting(self) -> Acting:
        return self.options[self.cleaned_data["acting"]]
