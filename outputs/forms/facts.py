from django import forms
from django.utils.translation import gettext_lazy as _

from ..services.facts import Checked
from ..states import FactVerdict


class FactsForm(forms.Form):
    """For each row: right, not right, or nothing said yet."""

    def __init__(self, *args, facts, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        for number, fact in enumerate(facts, start=1):
            self.fields[f"verdict_{number}"] = forms.ChoiceField(
                label=fact.name,
                choices=FactVerdict,
                required=False,
                initial=fact.check.verdict if fact.check else "",
                widget=forms.RadioSelect,
            )
            self.fields[f"remark_{number}"] = forms.CharField(
                label=_("Remark"),
                help_text=_("What is not right, and what would be."),
                max_length=2000,
                required=False,
                initial=fact.check.remark if fact.check else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict:
        data = super().clean()
        for number in range(1, len(self.facts) + 1):
            is_wrong = data.get(f"verdict_{number}") == FactVerdict.NOT_RIGHT
            if is_wrong and not data.get(f"remark_{number}", "").strip():
                self.add_error(f"remark_{number}", _("Say what is not right."))
        return data

    def rows(self) -> list[tuple]:
        """Each fact with its two fields."""
        return [
            (fact, self[f"verdict_{number}"], self[f"remark_{number}"])
            for number, fact in enumerate(self.facts, start=1)
        ]

    def checks(self) -> list[Checked]:
        return [
            Checked(fact.anchor, self.cleaned_data[f"verdict_{number}"], self.cleaned_data[f"remark_{number}"])
            for number, fact in enumerate(self.facts, start=1)
        ]
