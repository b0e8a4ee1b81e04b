"""Facts of cities on pages, and how far two cities of a pairing are apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..kinds import ALIKE, DIFFERENT, SEPARATOR, STRETCH, UNKNOWN, dimension_of, distance, verdict_on
from ..models import City, ContextFact, Pairing, Term
from ..models.vocabulary import DIMENSIONS
from ..states import FactConfidence

VERDICT_LABELS = {
    ALIKE: gettext_lazy("alike"),
    STRETCH: gettext_lazy("a stretch"),
    DIFFERENT: gettext_lazy("different"),
    UNKNOWN: gettext_lazy("not known"),
}


@dataclass(frozen=True)
class FactShown:
    """What is known about one city in one dimension. `value` as it is stored, `text` as people read it."""

    city: str
    value: str
    text: str
    source: str
    dated: str  # a year, or the day on which it was read; empty where the register has none
    confidence: str
    stated_by: str = ""

    @property
    def confidence_label(self) -> str:
        return str(FactConfidence(self.confidence).label)

    @property
    def is_sure(self) -> bool:
        return self.confidence == FactConfidence.STATED

    @property
    def where(self) -> str:
        """Source and date in one line."""
        return ", ".join(filter(None, [self.source, self.dated]))


@dataclass(frozen=True)
class ContextDifference:
    """One dimension of a pairing: the twin's city here, the host's nearest city there. Unknown has no other side."""

    dimension: str
    label: str
    here: FactShown | None
    there: FactShown | None
    verdict: str  # alike, stretch, different, unknown

    @property
    def verdict_label(self) -> str:
        return str(VERDICT_LABELS[self.verdict])


@dataclass(frozen=True)
class DimensionRow:
    """One dimension on the page of a city."""

    dimension: str
    label: str
    fact: FactShown | None
    is_of_register: bool


def context_differences(pairing: Pairing) -> list[ContextDifference]:
    """All dimensions of the list, in its order. Of a host of several cities the nearest counts, as in the matching.

    Wants the pairing with both sides. Three queries, however many dimensions and cities.
    """
    twin = pairing.participation.city
    hosts = [row.city for row in pairing.hosting.host.host_cities.all()]
    book = FactBook([twin, *hosts])
    return [_difference(dimension, book, twin, hosts) for dimension in book.dimensions]


def _difference(dimension: Term, book: "FactBook", twin: City, hosts: list[City]) -> ContextDifference:
    here = book.fact(twin, dimension)
    known = [fact for city in sorted(hosts, key=lambda city: city.slug) if (fact := book.fact(city, dimension))]
    if here is None:
        return ContextDifference(dimension.code, dimension.label, None, known[0] if known else None, UNKNOWN)
    apart = [(distance(dimension.code, here.value, fact.value), fact) for fact in known]
    measured = [(far, fact) for far, fact in apart if far is not None]
    if not measured:
        return ContextDifference(dimension.code, dimension.label, here, known[0] if known else None, UNKNOWN)
    far, nearest = min(measured, key=lambda pair: pair[0])
    return ContextDifference(dimension.code, dimension.label, here, nearest, verdict_on(far))


def facts_of_city(city: City) -> list[DimensionRow]:
    """All dimensions of the list for one city, also those in which nothing is known. Three queries."""
    book = FactBook([city])
    return [
        DimensionRow(
            dimension=dimension.code,
            label=dimension.label,
            fact=book.fact(city, dimension),
            is_of_register=dimension_of(dimension.code).is_of_register,
        )
        for dimension in book.dimensions
    ]


def dimensions_in_use() -> list[Term]:
    """The dimensions in the order of their list, without those retired."""
    return list(Term.objects.of(DIMENSIONS).in_use())


class FactBook:
    """The facts of some cities in words: dimensions, facts and the labels of their codes, one query each."""

    def __init__(self, cities: Iterable[City]) -> None:
        self.dimensions = dimensions_in_use()
        self._facts: dict[tuple[int, str], ContextFact] = {
            (fact.city_id, fact.dimension.code): fact
            for fact in ContextFact.objects.of(list(cities)).select_related("stated_by")
        }
        self._labels = self._labels_of_codes()

    def _labels_of_codes(self) -> dict[tuple[str, str], str]:
        lists = {dimension_of(dimension.code).vocabulary for dimension in self.dimensions} - {""}
        terms = Term.objects.filter(vocabulary__slug__in=lists).order_by("pk")
        return {(slug, code): label for slug, code, label in terms.values_list("vocabulary__slug", "code", "label")}

    def stored(self, city: City, dimension: str) -> ContextFact | None:
        """The row that states a dimension; what the register holds itself has none."""
        return self._facts.get((city.pk, dimension))

    def fact(self, city: City, dimension: Term) -> FactShown | None:
        """What is known, in words; None where nothing is."""
        if dimension.code == "size":
            return _size(city)
        if dimension.code == "kind":
            return _kind(city)
        fact = self.stored(city, dimension.code)
        if fact is None:
            return None
        return FactShown(
            city=city.name,
            value=fact.value,
            text=self.text_of(dimension.code, fact.value),
            source=fact.source,
            dated=fact.dated,
            confidence=fact.confidence,
            stated_by=str(fact.stated_by or ""),
        )

    def text_of(self, dimension: str, value: str) -> str:
        """A stored value as people read it: codes become the labels of their list."""
        vocabulary = dimension_of(dimension).vocabulary
        codes = [code.strip() for code in value.split(SEPARATOR)]
        return f"{SEPARATOR} ".join(self._labels.get((vocabulary, code), code) for code in codes)


def source_of_population(city: City) -> str:
    """Its own source, else those of the whole record."""
    return city.population_source or "; ".join(city.sources)


def _size(city: City) -> FactShown | None:
    if not city.population:
        return None
    return FactShown(
        city=city.name,
        value=str(city.population),
        text=_("%(people)s people") % {"people": f"{city.population:,}"},
        source=source_of_population(city),
        dated=str(city.population_year or ""),
        confidence=FactConfidence.STATED,
    )


def _kind(city: City) -> FactShown:
    return FactShown(
        city=city.name,
        value=city.kind,
        text=city.get_kind_display(),
        source="; ".join(city.sources),
        dated="",
        confidence=FactConfidence.STATED,
    )
