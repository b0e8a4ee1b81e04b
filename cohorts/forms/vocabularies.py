"""Editing controlled lists."""

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..models import Term, Vocabulary


class TermAddForm(forms.Form):
    label = forms.CharField(label=_("Label"), max_length=200)
    code = forms.SlugField(
        label=_("Code"),
        max_length=80,
        required=False,
        help_text=_("Stands in packages and never changes. Made from the label where you leave it empty."),
    )

    def __init__(self, *args: object, vocabulary: Vocabulary, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.vocabulary = vocabulary

    def clean(self) -> dict:
        data = super().clean()
        data["code"] = data.get("code") or slugify(data.get("label", ""))[:80]
        if not data["code"] and "label" in data:
            self.add_error("code", _now("Give a code in Latin letters."))
        elif self.vocabulary.terms.filter(code=data["code"]).exists():
            self.add_error("code", _now("The list has this code already."))
        return data


class TermForm(forms.ModelForm):
    class Meta:
        model = Term
        fields = ["label", "position", "is_retired"]
