"""Facts of cities on pages, and how far two cities of a pairing are apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..kinds import ALIKE, DIFFERENT, SEPARATOR, STRETCH, UNKNOWN, dimension_of, distance, verdict_on
from ..kinds import DIMENSIONS as KINDS
from ..models import City, ContextFact, Pairing, Term, host_label
from ..models.vocabulary import DIMENSIONS
from ..states import FactConfidence

VERDICT_TONES = {ALIKE: "ok", STRETCH: "sent", DIFFERENT: "back", UNKNOWN: "none"}
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

    @property
    def tone(self) -> str:
        return VERDICT_TONES[self.verdict]


@dataclass(frozen=True)
class Partner:
    """Whom a city learns with: a host as seen from its twin, a twin as seen from a city of its host."""

    label: str
    url: str
    cities: tuple[City, ...]


@dataclass(frozen=True)
class DimensionRow:
    """One dimension on the page of a city, beside those whom it learns with."""

    dimension: str
    label: str
    fact: FactShown | None
    is_of_register: bool
    differences: list[ContextDifference]  # one for each partner


MOST_PARTNERS = 4  # more columns than that nobody can read


def context_differences(pairing: Pairing) -> list[ContextDifference]:
    """All dimensions of the list, in its order. Of a host of several cities the nearest counts, as in the matching.

    Wants the pairing with both sides. Two queries, however many dimensions and cities.
    """
    twin = pairing.participation.city
    hosts = [row.city for row in pairing.hosting.host.host_cities.all()]
    book = FactBook([twin, *hosts])
    return [_difference(dimension, book, twin, hosts) for dimension in book.dimensions]


def _difference(dimension: Term, book: "FactBook", city: City, others: Iterable[City]) -> ContextDifference:
    here = book.fact(city, dimension)
    known = [fact for other in sorted(others, key=lambda one: one.slug) if (fact := book.fact(other, dimension))]
    apart = [(distance(dimension.code, here.value if here else "", fact.value), fact) for fact in known]
    measured = [(far, fact) for far, fact in apart if far is not None]
    if not measured:
        return ContextDifference(dimension.code, dimension.label, here, known[0] if known else None, UNKNOWN)
    far, nearest = min(measured, key=lambda pair: pair[0])
    return ContextDifference(dimension.code, dimension.label, here, nearest, verdict_on(far))


def partners_of_city(city: City, user) -> list[Partner]:
    """Those with whom the city learns now, as far as the reader knows, the youngest pairing first. Three queries."""
    pairings = (
        Pairing.objects.known_to(user)
        .open()
        .filter(models.Q(participation__city=city) | models.Q(hosting__host__cities=city))
        .with_sides()
        .order_by("-confirmed_at", "-pk")
        .distinct()
    )
    return [_partner(pairing, city) for pairing in pairings[:MOST_PARTNERS]]


def _partner(pairing: Pairing, city: City) -> Partner:
    twin, host = pairing.participation.city, pairing.hosting.host
    if twin.pk != city.pk:
        return Partner(twin.name, twin.get_absolute_url(), (twin,))
    return Partner(host_label(host), host.get_absolute_url(), tuple(row.city for row in host.host_cities.all()))


def facts_of_city(city: City, partners: Iterable[Partner] = ()) -> list[DimensionRow]:
    """All dimensions of the list for one city, also those in which nothing is known. Two queries."""
    partners = list(partners)
    book = FactBook([city, *(other for partner in partners for other in partner.cities)])
    return [
        DimensionRow(
            dimension=dimension.code,
            label=dimension.label,
            fact=book.fact(city, dimension),
            is_of_register=dimension_of(dimension.code).is_of_register,
            differences=[_difference(dimension, book, city, partner.cities) for partner in partners],
        )
        for dimension in book.dimensions
    ]


def dimensions_to_state() -> models.QuerySet[Term]:
    """The dimensions in which a fact can be stated: all that the city's own record does not hold."""
    of_register = [code for code, kind in KINDS.items() if kind.is_of_register]
    return Term.objects.of(DIMENSIONS).in_use().exclude(code__in=of_register)


class FactBook:
    """The facts of some cities in words. Two queries: the lists, and the facts."""

    def __init__(self, cities: Iterable[City]) -> None:
        lists = {DIMENSIONS, *(kind.vocabulary for kind in KINDS.values() if kind.vocabulary)}
        terms = list(
            Term.objects.filter(vocabulary__slug__in=lists).select_related("vocabulary").order_by("position", "pk")
        )
        self.dimensions = [term for term in terms if term.vocabulary.slug == DIMENSIONS and not term.is_retired]
        self._labels = {(term.vocabulary.slug, term.code): term.label for term in terms}
        self._facts: dict[tuple[int, str], ContextFact] = {
            (fact.city_id, fact.dimension.code): fact
            for fact in ContextFact.objects.of(list(cities)).select_related("city", "stated_by")
        }

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
        text=_("%(people)s people") % {"people": intcomma(city.population)},
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
