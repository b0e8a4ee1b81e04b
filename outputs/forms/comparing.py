from django import forms
from django.utils.translation import gettext_lazy as _

DRAFT = "draft"


class CompareForm(forms.Form):
    """Which two to compare: numbers of versions, or the present draft."""

    before = forms.ChoiceField(label=_("From"), error_messages={"invalid_choice": _("Choose one of the versions.")})
    after = forms.ChoiceField(label=_("To"), error_messages={"invalid_choice": _("Choose one of the versions.")})

    def __init__(self, *args, versions: list, **kwargs) -> None:
        """`versions`: newest first. Without a choice the newest is compared with what stands now."""
        super().__init__(*args, **kwargs)
        self.versions = versions
        numbered = [(str(version.number), _("Version %(n)d") % {"n": version.number}) for version in versions]
        choices = [(DRAFT, _("What stands now")), *numbered]
        for field in self.fields.values():
            field.choices = choices
        if numbered:
            self.initial = {"before": numbered[0][0], "after": DRAFT}

    def chosen(self) -> tuple[str, str] | None:
        """The two that are to be shown; None where the choice is faulty or there is nothing to compare."""
        if not self.versions:
            return None
        if not self.is_bound:
            return self.initial["before"], self.initial["after"]
        return (self.cleaned_data["before"], self.cleaned_data["after"]) if self.is_valid() else None

    def label(self, which: str) -> str:
        return str(dict(self.fields["before"].choices)[which])
