"""How far the two cities of a pairing are apart, in the words that pages and the Transferability Assessment show."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.kinds import DIMENSIONS, distance, joined, verdict_on, words_of
from cohorts.models import Pairing, Term
from cohorts.selectors.facts import context_differences, facts_of_city
from matching.engine.context import profile
from matching.engine.types import Band, ContextFact, Host, Market, Place, Twin
from tests.factories.cohorts import CityFactory, ContextFactFactory, HostFactory, PairingFactory

IN_ENGLISH = {"alike": "similar"}  # what the engine calls it


def differences(pairing):
    return {row.dimension: row for row in context_differences(Pairing.objects.with_sides().get(pk=pairing.pk))}


def pairing_of(twin, *hosts):
    return PairingFactory(participation__city=twin, hosting__host=HostFactory(cities=list(hosts)))


@pytest.mark.django_db
def test_a_difference_names_both_values_with_source_and_date():
    twin = CityFactory(name="Lahti", population=120_000, population_year=2023, population_source="Statistics Finland")
    host = CityFactory(name="Umeå", population=1_200_000, sources=["a printed book"])
    ContextFactFactory(city=twin, value="Dfc", source="The climate atlas", year=2018)
    ContextFactFactory(
        city=host, value="Dfb", source="A reader", year=None, retrieved_on=datetime.date(2026, 11, 2), inferred=True
    )

    rows = differences(pairing_of(twin, host))

    climate, size = rows["climate"], rows["size"]
    assert (climate.label, climate.verdict, climate.verdict_label) == ("Climate zone", "stretch", "a stretch")
    assert climate.here.text == "Dfc, cold, no dry season, cold summer"
    assert (climate.here.city, climate.here.where, climate.here.is_sure) == ("Lahti", "The climate atlas, 2018", True)
    assert (climate.there.city, climate.there.where) == ("Umeå", "A reader, 2 November 2026")
    assert (climate.there.confidence_label, climate.there.is_sure) == ("Inferred by a reader", False)
    assert (size.verdict, size.here.where, size.there.where) == (
        "different",
        "Statistics Finland, 2023",
        "a printed book",
    )


@pytest.mark.django_db
def test_what_one_side_does_not_know_is_never_alike():
    twin, host = CityFactory(population=None), CityFactory(population=None)
    ContextFactFactory(city=twin, dimension="language", value="fi; sv")
    ContextFactFactory(city=host, dimension="legal", value="Finnish law")

    rows = differences(pairing_of(twin, host))

    assert {code for code, row in rows.items() if row.verdict == "unknown"} == set(rows) - {"kind"}
    assert (rows["language"].here.text, rows["language"].there) == ("Finnish; Swedish", None)
    assert (rows["legal"].here, rows["legal"].there.text) == (None, "Finnish law")
    assert rows["maturity"].verdict_label == "not known"


@pytest.mark.django_db
def test_of_a_host_of_several_cities_the_nearest_counts():
    twin, far, near, silent = (CityFactory(name=name) for name in ("Twin", "Far", "Near", "Silent"))
    for city, value in ((twin, "2035"), (far, "2050"), (near, "2037")):
        ContextFactFactory(city=city, dimension="target_year", value=value)

    row = differences(pairing_of(twin, far, silent, near))["target_year"]

    assert (row.there.city, row.verdict) == ("Near", "alike")


@pytest.mark.django_db
def test_a_dimension_that_an_administrator_adds_is_compared_in_words_and_a_retired_one_is_gone():
    twin, host = CityFactory(), CityFactory()
    for city, value in ((twin, "gas; district heating"), (host, "district heating; Gas")):
        ContextFactFactory(city=city, dimension="heating-mix", value=value)
    Term.objects.filter(vocabulary__slug="context_dimensions", code="legal").update(is_retired=True)

    rows = differences(pairing_of(twin, host))

    assert rows["heating-mix"].verdict == "alike"
    assert "legal" not in rows


@pytest.mark.django_db
def test_the_differences_of_many_cities_ask_no_more_than_those_of_two(django_assert_num_queries):
    cities = [CityFactory() for _number in range(9)]
    for city in cities:
        for code in ("climate", "legal", "language"):
            ContextFactFactory(city=city, dimension=code, value="Cfb")
    pairing = Pairing.objects.with_sides().get(pk=pairing_of(*cities).pk)

    with django_assert_num_queries(2):
        context_differences(pairing)
    with django_assert_num_queries(2):
        facts_of_city(cities[0])


VALUES = {
    "size": st.integers(1, 10**7).map(str),
    "kind": st.sampled_from(["city", "region", "district"]),
    "climate": st.sampled_from(["Cfb", "Cfa", "Csa", "Dfb", "ET", "BSk"]),
    "legal": st.sampled_from(["Flemish law", "Walloon law"]),
    "competences": st.lists(st.sampled_from(["heat", "waste", "water", "housing"]), min_size=1).map("; ".join),
    "language": st.lists(st.sampled_from(["fi", "sv", "nl"]), min_size=1).map("; ".join),
    "maturity": st.sampled_from("012345"),
    "target_year": st.integers(2025, 2060).map(str),
}
PAIRS = st.sampled_from(sorted(VALUES)).flatmap(lambda code: st.tuples(st.just(code), VALUES[code], VALUES[code]))


def place(identifier, code, value):
    return Place(
        identifier,
        identifier,
        kind=value if code == "kind" else "",
        population=int(value) if code == "size" else None,
        context=(ContextFact(code, value),),
    )


@given(PAIRS)
def test_the_page_and_the_matching_say_the_same_of_every_pair_of_values(pair):
    code, one, other = pair
    twin, host = Twin(place("a", code, one)), Host("h", "h", places=(place("b", code, other),))
    market = Market((twin,), (host,), bands=(Band(code, 0, 40),))

    said = verdict_on(distance(code, one, other))

    assert profile(market, twin, host)[0].verdict == IN_ENGLISH.get(said, said)
    assert said == verdict_on(distance(code, other, one))
    assert verdict_on(distance(code, one, one)) == "alike"
    assert verdict_on(distance(code, one, " ")) == "unknown"


def test_every_dimension_is_tried():
    assert set(VALUES) == set(DIMENSIONS)


@given(st.lists(st.text(alphabet="ab ;")))
def test_joining_the_parts_of_a_value_loses_none_and_doubles_none(parts):
    value = joined([part.replace(";", "") for part in parts])
    assert words_of(value) == {part.replace(";", "").strip() for part in parts} - {""}
    assert joined(value.split(";")) == value
