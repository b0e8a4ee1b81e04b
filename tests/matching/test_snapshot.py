import pytest

from cohorts.models import Participation
from cohorts.models.vocabulary import DOMAINS, LEVERS
from matching.engine.types import Place, Tag
from matching.snapshot import as_json, fingerprint_of, market_from_json, market_of
from tests.factories.cohorts import (
    CityFactory,
    HostFactory,
    HostingFactory,
    HostStatementFactory,
    HostTermFactory,
    PairingFactory,
    ParticipationFactory,
    ParticipationTermFactory,
    TermFactory,
)
from tests.factories.matching import cohort_to_match

pytestmark = pytest.mark.django_db


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

    with django_assert_num_queries(11):
        market_of(cohort)
