import datetime

import pytest

from cohorts.models import ContextFact, Participation, Term
from cohorts.models.vocabulary import DOMAINS, LEVERS
from matching.engine.context import DIMENSIONS, profile
from matching.engine.scoring import Scorer
from matching.engine.types import Place, Tag
from matching.selectors.reasons import sentence, sentences_of, source
from matching.snapshot import as_json, fingerprint_of, market_from_json, market_of
from tests.factories.cohorts import (
    CityFactory,
    ContextFactFactory,
    HostFactory,
    HostingFactory,
    HostNeedFactory,
    HostStatementFactory,
    HostTermFactory,
    PairingFactory,
    ParticipationFactory,
    ParticipationStrengthFactory,
    ParticipationTermFactory,
    TermFactory,
)
from tests.factories.matching import cohort_to_match

pytestmark = pytest.mark.django_db
READ_ON = datetime.date(2026, 11, 2)


def term(vocabulary, code):
    return TermFactory(vocabulary__slug=vocabulary, code=code)


def test_a_market_holds_what_both_sides_stated():
    participation = ParticipationFactory(
        city=CityFactory(slug="lahti", name="Lahti", country="FI", kind="city", population=120_000),
        interests="commuting", challenges="cars", offers="sports",
    )  # fmt: skip
    energy, finance = term(DOMAINS, "energy-systems"), term(LEVERS, "finance-funding")
    ParticipationTermFactory(participation=participation, term=energy)
    city = CityFactory(slug="umea", name="Umeå", country="SE", population=None)
    hosting = HostingFactory(
        cohort=participation.cohort, host=HostFactory(slug="star", acronym=None, summary="Lock-in", cities=[city])
    )
    HostTermFactory(host=hosting.host, term=finance, is_inferred=True)
    HostTermFactory(host=hosting.host, term=energy)
    HostStatementFactory(host=hosting.host, kind="expectation", text="Honest feedback")

    market = market_of(participation.cohort)

    twin, host = market.twins[0], market.hosts[0]
    assert twin.place == Place("lahti", "Lahti", "FI", "city", 120_000)
    assert (twin.domains, twin.levers) == ((Tag("energy-systems"),), ())
    assert (twin.interests, twin.challenges, twin.offers) == ("commuting", "cars", "sports")
    assert (host.id, host.name, host.minimum, host.maximum) == ("star", "Umeå", 0, 3)
    assert (host.domains, host.levers) == ((Tag("energy-systems"),), (Tag("finance-funding", stated=False),))
    assert (host.summary, host.expectations) == ("Lock-in", ("Honest feedback",))
    assert market.domains["energy-systems"] == energy.label


def test_those_who_left_take_no_part():
    cohort = cohort_to_match(twins=1, hosts=1)
    ParticipationFactory(cohort=cohort, withdrawn=True)
    HostingFactory(cohort=cohort, withdrawn_on="2026-09-01")

    market = market_of(cohort)

    assert (len(market.twins), len(market.hosts)) == (1, 1)


def test_a_run_over_the_open_twins_respects_the_seats_taken():
    cohort = cohort_to_match(twins=1, hosts=1)
    hosting = cohort.hostings.get()
    PairingFactory(participation__cohort=cohort, hosting=hosting)
    PairingFactory(participation__cohort=cohort, hosting=hosting, ended=True)

    market, what_if = market_of(cohort), market_of(cohort, scope="all")

    assert (len(market.twins), market.hosts[0].maximum) == (2, 2)
    assert (len(what_if.twins), what_if.hosts[0].maximum) == (3, 3)


def test_history_never_reaches_the_score():
    cohort = cohort_to_match(twins=3, hosts=3)
    before = fingerprint_of(market_of(cohort, scope="all"))
    for participation in cohort.participations.all():
        PairingFactory(participation=participation, hosting=cohort.hostings.order_by("-pk").first(), ended=True)
    PairingFactory(participation=cohort.participations.first(), hosting=cohort.hostings.first())

    assert fingerprint_of(market_of(cohort, scope="all")) == before


def test_the_frozen_data_give_the_same_market_back():
    market = market_of(cohort_to_match(twins=3, hosts=2))

    assert market_from_json(as_json(market)) == market


def test_any_fact_that_counts_changes_the_fingerprint():
    cohort = cohort_to_match()
    before = fingerprint_of(market_of(cohort))
    Participation.objects.filter(pk=cohort.participations.first().pk).update(interests="something else")

    assert fingerprint_of(market_of(cohort)) != before


@pytest.mark.parametrize("size", [3, 30])
def test_the_number_of_queries_does_not_grow(size, django_assert_num_queries):
    cohort = cohort_to_match(twins=size, hosts=size)

    with django_assert_num_queries(16):
        market_of(cohort)


# --- Facts: each reaches the score and its reason ----------------------------------------------------------------------

WEIGHTS = {"context": 1, "ambition": 1, "needs": 1, "offer": 1}
NEUTRAL = 5_000  # what a pair earns of which nothing is known


def a_pair(**fields):
    """A cohort of one twin and one host; kind of authority and size are not known to be the same."""
    participation = ParticipationFactory(city__slug="lahti", city__name="Lahti", city__kind="city", **fields)
    city = CityFactory(slug="umea", name="Umeå", country="SE", kind="region")
    hosting = HostingFactory(cohort=participation.cohort, host=HostFactory(slug="star", cities=[city]))
    return participation, hosting.host


def part_of(cohort, criterion):
    """What the criterion gives the only pair, through the frozen data, as a run sees it."""
    market = market_from_json(as_json(market_of(cohort)))
    parts = {part.criterion: part for part in Scorer(market, WEIGHTS).parts(0, 0)}
    return parts.get(criterion)


def distance_in(cohort, dimension):
    market = market_of(cohort)
    rows = {row.dimension: row for row in profile(market, market.twins[0], market.hosts[0])}
    return rows[dimension]


ALIKE = {
    "climate": ("Dfc", "Dfc"),
    "legal": ("Nordic law", "nordic law"),
    "competences": ("waste; housing", "housing; waste"),
    "language": ("fi; sv", "sv"),
    "maturity": ("2", "4"),
    "target_year": ("2035", "2035"),
}


@pytest.mark.parametrize("dimension", ALIKE)
def test_every_fact_reaches_the_score_and_its_reason_with_source_and_year(dimension):
    participation, host = a_pair()
    criterion = DIMENSIONS[dimension]
    before = part_of(participation.cohort, criterion)
    here, there = ALIKE[dimension]
    ContextFactFactory(city=participation.city, dimension=dimension, value=here, source="The council", year=2024)
    ContextFactFactory(
        city=host.cities.get(), dimension=dimension, value=there, source="A survey", year=None, retrieved_on=READ_ON
    )

    part = part_of(participation.cohort, criterion)

    assert part.known
    assert part.score > (before.score if before else NEUTRAL)
    fact = next(fact for fact in part.facts if fact.field == f"city.{dimension}")
    assert fact.values[4:] == ("The council, 2024", "A survey, 2026-11-02")
    assert source(fact).endswith("(The council, 2024; A survey, 2026-11-02)")


def test_a_reason_speaks_in_the_words_of_the_list():
    participation, host = a_pair()
    ContextFactFactory(city=participation.city, dimension="language", value="fi; sv")
    ContextFactFactory(city=host.cities.get(), dimension="language", value="sv", inferred=True)

    sentences = sentences_of(part_of(participation.cohort, "context"))

    assert "language: similar, Finnish; Swedish and Swedish in Umeå; inferred (counts half)" in sentences


def test_the_size_says_where_it_is_from():
    participation, host = a_pair(
        city__population=100_000, city__population_source="Statistics", city__population_year=2023
    )
    host.cities.update(population=150_000)

    fact = next(fact for fact in part_of(participation.cohort, "context").facts if fact.code == "size")

    assert (sentence(fact), source(fact)) == (
        "of like size: Lahti 100,000, Umeå 150,000 people",
        "population in the city register (Statistics, 2023)",
    )


@pytest.mark.parametrize("dimension", ALIKE)
def test_a_fact_of_one_side_alone_counts_neither_for_nor_against(dimension):
    participation, _host = a_pair()
    before = part_of(participation.cohort, "context")
    ContextFactFactory(city=participation.city, dimension=dimension, value=ALIKE[dimension][0])

    assert distance_in(participation.cohort, dimension).verdict == "unknown"
    assert part_of(participation.cohort, "context") == before
    assert part_of(participation.cohort, "ambition") is None


@pytest.mark.parametrize("value", ["2035", "2060"])
@pytest.mark.parametrize("confidence", ["inferred", "example"])
def test_what_was_inferred_counts_half_as_far_from_the_middle(confidence, value):
    participation, host = a_pair()
    ContextFactFactory(city=participation.city, dimension="target_year", value="2035")
    fact = ContextFactFactory(city=host.cities.get(), dimension="target_year", value=value)
    stated = part_of(participation.cohort, "ambition").score

    ContextFact.objects.filter(pk=fact.pk).update(confidence=confidence)

    assert part_of(participation.cohort, "ambition").score - NEUTRAL == (stated - NEUTRAL) // 2 != 0


def test_strengths_of_the_twin_meet_needs_of_the_host():
    participation, host = a_pair()
    energy, finance = term(DOMAINS, "energy-systems"), term(LEVERS, "finance-funding")
    HostNeedFactory(host=host, term=energy)
    HostNeedFactory(host=host, term=finance)
    assert part_of(participation.cohort, "needs") is None

    ParticipationStrengthFactory(participation=participation, term=energy)
    stated = part_of(participation.cohort, "needs")
    participation.strengths.update(is_inferred=True)
    inferred = part_of(participation.cohort, "needs")

    assert (stated.score, inferred.score) == (5_000, 2_500)
    assert sentences_of(stated) == [f"{energy.label}: wanted by the host, a strength of the twin"]


def test_a_retired_dimension_no_longer_counts():
    participation, host = a_pair()
    for city in (participation.city, host.cities.get()):
        ContextFactFactory(city=city, dimension="climate")
    Term.objects.filter(vocabulary__slug="context_dimensions", code="climate").update(is_retired=True)

    assert distance_in(participation.cohort, "climate").verdict == "unknown"
