"""Narrowing the outbox."""

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Letter
from .registry import KINDS
from .states import LetterState


def kind_choices() -> list[tuple[str, str]]:
    return sorted(((kind.slug, str(kind.label)) for kind in KINDS.values()), key=lambda choice: choice[1])


class LetterFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(
        label=_("To, subject or about"), method="filter_search", widget=forms.TextInput(attrs={"type": "search"})
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=LetterState.choices, empty_label=_("All states"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kind_choices, empty_label=_("All kinds"))

    class Meta:
        model = Letter
        fields = ["search", "state", "kind"]

    def filter_search(self, letters: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return letters.filter(
            models.Q(to_address__icontains=value)
            | models.Q(to__name__icontains=value)
            | models.Q(subject__icontains=value)
            | models.Q(about_label__icontains=value)
        )
