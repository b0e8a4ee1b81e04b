"""Stating one fact of a city."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from twinning.core.fields import DayField

from ..kinds import FIRST_YEAR, LAST_YEAR, SEPARATOR, dimension_of
from ..models import City, ContextFact, Term
from ..states import FactConfidence


class FactForm(forms.Form):
    """The value as its dimension takes it, where it was read and from when. Who speaks for the city states, no more."""

    value = forms.CharField(label=_("Value"), max_length=300)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("A document, a page, an office: where somebody can look it up."),
    )
    year = forms.IntegerField(
        label=_("Year of the source"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=_("The year that the fact is true for. Where there is none, the day on which you read it."),
    )
    retrieved_on = DayField(label=_("Read on"), required=False)
    confidence = forms.ChoiceField(
        label=_("How sure"),
        choices=FactConfidence.choices,
        widget=forms.RadioSelect,
        initial=FactConfidence.STATED,
        help_text=_("Only what was stated counts in full in the matching; the others count half."),
    )

    def __init__(
        self, *args: object, city: City, dimension: Term, fact: ContextFact | None, steers: bool, today: date, **kwargs
    ) -> None:
        initial = {"retrieved_on": today}
        if fact:
            names = ("value", "source", "year", "retrieved_on", "confidence")
            initial = {name: getattr(fact, name) for name in names}
            if dimension_of(dimension.code).is_several:
                initial["value"] = _parts(fact)
        elif not steers:
            initial["source"] = _now("Stated by %(city)s") % {"city": city}
        super().__init__(*args, initial=initial, **kwargs)
        self.today = today
        self.fields["value"] = _value_field(dimension, fact)
        if not steers:
            del self.fields["confidence"]

    def clean_value(self) -> str:
        value = self.cleaned_data["value"]
        return f"{SEPARATOR} ".join(value) if isinstance(value, list) else str(value)

    def clean_retrieved_on(self) -> date | None:
        day = self.cleaned_data["retrieved_on"]
        if day and day > self.today:
            raise forms.ValidationError(_now("The day lies in the future."))
        return day

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not data.get("year") and not data.get("retrieved_on"):
            self.add_error("year", _now("Give the year of the source, or the day on which it was read."))
        return data


def _parts(fact: ContextFact) -> list[str]:
    return fact.value.split(f"{SEPARATOR} ")


def _value_field(dimension: Term, fact: ContextFact | None) -> forms.Field:
    """The field that fits a dimension; it carries the dimension's name."""
    kind = dimension_of(dimension.code)
    if kind.is_year:
        return forms.IntegerField(label=dimension.label, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    if not kind.vocabulary:
        several = _("Short words. Several with a semicolon between: the more both sides have in common, the nearer.")
        return forms.CharField(label=dimension.label, max_length=300, help_text=several)
    present = _parts(fact) if fact else []
    choices = [
        (term.code, term.label)
        for term in Term.objects.of(kind.vocabulary)
        if not term.is_retired or term.code in present
    ]
    if kind.is_several:
        return forms.MultipleChoiceField(label=dimension.label, choices=choices, widget=forms.CheckboxSelectMultiple)
    return forms.ChoiceField(label=dimension.label, choices=[("", _("Choose")), *choices])
