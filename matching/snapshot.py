"""The only translator between rows and the engine: what a run looks at, as a market with a fingerprint.

Pairings of earlier rounds, or brought by a package, are history. They take seats in a run over the twins without a
host, and never reach the score.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from cohorts.models import (
    City,
    Cohort,
    HostCity,
    Hosting,
    HostNeed,
    HostTerm,
    Pairing,
    Participation,
    ParticipationStrength,
    ParticipationTerm,
    Term,
    host_label,
)
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.selectors.facts import FactBook, source_of_population
from cohorts.states import FactConfidence, StatementKind

from .engine import types
from .engine.codec import as_json, market_from_json
from .engine.context import DIMENSIONS
from .models import Rule, Wish
from .selectors.criteria import bands_of
from .states import PAIR_RULES, VALUE_RULES, RuleKind, RunScope

__all__ = ["as_json", "fingerprint_of", "fingerprint_of_json", "market_from_json", "market_of", "name_of"]


def market_of(cohort: Cohort, *, scope: str = RunScope.OPEN) -> types.Market:
    """What the engine matches: the participating twins and receiving hosts of a cohort, by id.

    `open`: twins without a host, for the seats that are left. `all`: every twin and every seat, as if nothing were
    decided. The number of queries does not depend on the size of the cohort.
    """
    participations = _participations(cohort)
    hostings = _hostings(cohort)
    taken = Counter[int]()
    if scope == RunScope.OPEN:
        pairings = Pairing.objects.in_cohort(cohort).open()
        seated = dict(pairings.values_list("participation_id", "hosting_id"))
        participations = [row for row in participations if row.pk not in seated]
        taken = Counter(seated.values())
    book = FactBook(_cities(participations, hostings))
    rules = list(Rule.objects.in_cohort(cohort).current().select_related("participation__city", "hosting__host"))
    reserve = {rule.participation_id for rule in rules if rule.kind == RuleKind.RESERVE}
    twins = (_twin(row, book, reserve=row.pk in reserve) for row in participations)
    return types.Market(
        twins=tuple(sorted(twins, key=lambda twin: twin.id)),
        hosts=tuple(sorted((_host(row, taken[row.pk], book) for row in hostings), key=lambda host: host.id)),
        domains=_labels(DOMAINS),
        levers=_labels(LEVERS),
        rules=_rules(rules),
        bands=bands_of(cohort),
    )


def _rules(rows: list[Rule]) -> types.Rules:
    """The rules that hold now. Their names tell what they say, so that no row number reaches the fingerprint."""
    pairs = {
        kind: [(row.participation.city.slug, row.hosting.host.slug, row.reason) for row in rows if row.kind == kind]
        for kind in PAIR_RULES
    }
    shared = {row.kind: row.together for row in rows}
    return types.Rules(
        same_country=shared.get(RuleKind.COUNTRY) or "neutral",
        same_language=shared.get(RuleKind.LANGUAGE) or "neutral",
        vetoes=tuple(types.Veto(*pair) for pair in sorted(pairs[RuleKind.VETO])),
        locks=tuple(types.Lock(*pair) for pair in sorted(pairs[RuleKind.LOCK])),
        conflicts=tuple(types.Conflict(*pair) for pair in sorted(pairs[RuleKind.CONFLICT])),
        values=tuple(sorted((_value_rule(row) for row in rows if row.kind in VALUE_RULES), key=lambda one: one.name)),
        groups=tuple(sorted((_cap(row) for row in rows if row.kind == RuleKind.CAP), key=lambda one: one.name)),
    )


def name_of(rule: Rule) -> str:
    """What the engine calls a rule by value, or one with a number: it tells what the rule says."""
    if rule.kind in VALUE_RULES:
        return f"{rule.twin_field}={rule.twin_value} {rule.kind} {rule.host_field}={rule.host_value}"
    return f"{rule.most} of one {rule.group_by} at {rule.hosting.host.slug if rule.hosting else '*'}"


def _value_rule(rule: Rule) -> types.ValueRule:
    twins, hosts = types.Trait(rule.twin_field, rule.twin_value), types.Trait(rule.host_field, rule.host_value)
    return types.ValueRule(name_of(rule), rule.kind, twins, hosts, rule.reason)


def _cap(rule: Rule) -> types.GroupCap:
    host = rule.hosting.host.slug if rule.hosting else ""
    return types.GroupCap(name_of(rule), rule.group_by, rule.most, host, reason=rule.reason)


def _cities(participations: list[Participation], hostings: list[Hosting]) -> list[City]:
    places = {row.city for hosting in hostings for row in hosting.host.host_cities.all()}
    return [*places, *(row.city for row in participations)]


def _participations(cohort: Cohort) -> list[Participation]:
    """With `said_terms`, `said_strengths` and `said_wishes`: no more of each row than is read."""
    wishes = Wish.objects.select_related("hosting__host").order_by("rank")
    rows = Participation.objects.in_cohort(cohort).participating().select_related("city")
    return list(
        rows.prefetch_related(
            Prefetch("participation_terms", _terms(ParticipationTerm, "participation"), "said_terms"),
            Prefetch("strengths", _terms(ParticipationStrength, "participation"), "said_strengths"),
            Prefetch("wishes", wishes.only("participation", "rank", "evidence", "hosting__host__slug"), "said_wishes"),
        ).order_by("city__slug")
    )


def _hostings(cohort: Cohort) -> list[Hosting]:
    """With `said_terms`, `said_needs` and `said_texts` of the host."""
    rows = Hosting.objects.in_cohort(cohort).receiving().select_related("host")
    cities = HostCity.objects.select_related("city").order_by("position")
    return list(
        rows.prefetch_related(
            Prefetch("host__host_cities", cities),
            Prefetch("host__host_terms", _terms(HostTerm, "host"), "said_terms"),
            Prefetch("host__needs", _terms(HostNeed, "host"), "said_needs"),
            Prefetch("host__statements", to_attr="said_texts"),
        ).order_by("host__slug")
    )


def _terms(model: type[Model], owner: str) -> QuerySet:
    rows = model.objects.select_related("term__vocabulary").order_by("position", "pk")
    return rows.only(owner, "is_inferred", "position", "term__code", "term__vocabulary__slug")


def _labels(vocabulary: str) -> dict[str, str]:
    return dict(Term.objects.of(vocabulary).values_list("code", "label"))


def _twin(participation: Participation, book: FactBook, *, reserve: bool) -> types.Twin:
    terms, wishes = participation.said_terms, participation.said_wishes
    return types.Twin(
        place=_place(participation.city, book),
        domains=_tags(terms, DOMAINS),
        levers=_tags(terms, LEVERS),
        interests=participation.interests,
        challenges=participation.challenges,
        offers=participation.offers,
        preferences=tuple(wish.hosting.host.slug for wish in wishes),
        evidence={wish.hosting.host.slug: wish.evidence for wish in wishes if wish.evidence},
        strengths=_tags(participation.said_strengths, DOMAINS, LEVERS),
        reserve=reserve,
    )


def _host(hosting: Hosting, taken: int, book: FactBook) -> types.Host:
    host = hosting.host
    cities = [row.city for row in host.host_cities.all()]
    terms = host.said_terms
    statements = sorted(host.said_texts, key=lambda row: (row.kind, row.position))
    texts = {kind: tuple(row.text for row in statements if row.kind == kind) for kind in StatementKind.values}
    return types.Host(
        id=host.slug,
        name=host_label(host),
        places=tuple(_place(city, book) for city in cities),
        domains=_tags(terms, DOMAINS),
        levers=_tags(terms, LEVERS),
        title=host.title,
        summary=host.summary,
        offers=texts[StatementKind.OFFER],
        challenges=texts[StatementKind.CHALLENGE],
        expectations=texts[StatementKind.EXPECTATION],
        motivation=texts[StatementKind.MOTIVATION],
        minimum=max(hosting.capacity_minimum - taken, 0),
        maximum=max(hosting.capacity_maximum - taken, 0),
        needs=_tags(host.said_needs, DOMAINS, LEVERS),
    )


def _place(city: City, book: FactBook) -> types.Place:
    facts = (_fact(city, dimension.code, book) for dimension in book.dimensions if dimension.code in DIMENSIONS)
    context = tuple(sorted(filter(None, facts), key=lambda fact: fact.dimension))
    return types.Place(city.slug, city.name, city.country.code or "", city.kind, city.population, context)


def _fact(city: City, dimension: str, book: FactBook) -> types.ContextFact | None:
    """A dimension of the city with where it was read; None where nothing is known. Only what is stated counts in full."""
    if dimension == "size":
        source = source_of_population(city)
        if not city.population or not (source or city.population_year):
            return None
        return types.ContextFact("size", str(city.population), source, city.population_year)
    fact = book.stored(city, dimension)
    if fact is None:
        return None
    return types.ContextFact(
        dimension=dimension,
        value=fact.value,
        source=fact.source if fact.year else f"{fact.source}, {fact.retrieved_on.isoformat()}",
        year=fact.year,
        stated=fact.confidence == FactConfidence.STATED,
        label=book.text_of(dimension, fact.value),
    )


def _tags(
    terms: Iterable[HostTerm | HostNeed | ParticipationTerm | ParticipationStrength], *vocabularies: str
) -> tuple[types.Tag, ...]:
    tags = {
        types.Tag(row.term.code, stated=not row.is_inferred)
        for row in terms
        if row.term.vocabulary.slug in vocabularies
    }
    return tuple(sorted(tags, key=lambda tag: (tag.code, not tag.stated)))


def fingerprint_of(market: types.Market) -> str:
    """SHA-256 of everything a run looks at: the same facts give the same fingerprint in any database."""
    return fingerprint_of_json(as_json(market))


def fingerprint_of_json(values: Mapping[str, Any]) -> str:
    """The same, of a market as JSON values."""
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
