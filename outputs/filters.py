"""Filters that a link can carry."""

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import City, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS

from .kinds import KINDS
from .models import LibraryEntry


class LibraryFilter(django_filters.FilterSet):
    """Narrows the library. Give it the reader's entries as `queryset`."""

    q = django_filters.CharFilter(label=_("Words"), method="filter_text")
    city = django_filters.CharFilter(label=_("City"), method="filter_city")
    kind = django_filters.ChoiceFilter(
        label=_("Output"),
        field_name="output__kind",
        choices=[(kind.slug, kind.label) for kind in KINDS.values()],
        empty_label=_("All outputs"),
    )
    domain = django_filters.ChoiceFilter(label=_("Domain"), method="filter_term", empty_label=_("All domains"))
    lever = django_filters.ChoiceFilter(label=_("Lever of change"), method="filter_term", empty_label=_("All levers"))

    class Meta:
        model = LibraryEntry
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, list[tuple[str, str]]] = {DOMAINS: [], LEVERS: []}
        terms = Term.objects.filter(vocabulary__slug__in=offered).select_related("vocabulary")
        for term in terms.order_by("position", "pk"):
            offered[term.vocabulary.slug].append((term.code, term.label))
        self.filters["domain"].extra["choices"] = offered[DOMAINS]
        self.filters["lever"].extra["choices"] = offered[LEVERS]

    def filter_text(self, entries: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return entries.saying(value)

    def filter_city(self, entries: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return entries.filter(output__participation__city__in=City.objects.named_like(value).values("pk"))

    def filter_term(self, entries: models.QuerySet, name: str, value: str) -> models.QuerySet:
        vocabulary = {"domain": DOMAINS, "lever": LEVERS}[name]
        return entries.filter(
            pk__in=LibraryEntry.objects.filter(terms__code=value, terms__vocabulary__slug=vocabulary).values("pk")
        )
