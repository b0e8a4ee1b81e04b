"""Facts of a city: one value in each dimension, with its source, its date and a trace."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cohorts.models import ContextFact, Term
from cohorts.services.facts import remove_fact, state_fact
from cohorts.services.packages import export_package, import_package, read_package_file
from tests.factories.cohorts import CityFactory, ContextFactFactory, ParticipationFactory, TermFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)


def dimension(code):
    return Term.objects.get(vocabulary__slug="context_dimensions", code=code)


def state(city, code, value, *, by=None, source="The council", year=2024, **more):
    by = by or UserFactory(coordinator=True)
    return state_fact(city, dimension=dimension(code), value=value, source=source, year=year, by=by, now=NOW, **more)


def sentences(city):
    return [line.sentence for line in JournalEntry.objects.about(city)]


def test_a_new_value_takes_the_place_of_the_old_one_and_the_journal_keeps_both():
    city, cora = CityFactory(name="Lahti"), UserFactory(coordinator=True, name="Cora")
    state(city, "language", "fi", by=cora)
    state(city, "language", "fi; sv; fi", by=cora)
    state(city, "language", "fi; sv", by=cora)

    fact = city.facts.get()
    assert (fact.value, fact.stated_by, fact.stated_at) == ("fi; sv", cora, NOW)
    assert sentences(city) == [
        "Cora stated for Lahti: Language is “Finnish; Swedish”; before: “Finnish”",
        "Cora stated for Lahti: Language is “Finnish”; before: “not known”",
    ]


def test_a_removed_fact_is_unknown_again_and_leaves_a_line():
    city = CityFactory(name="Lahti")
    remove_fact(ContextFactFactory(city=city, dimension="climate", value="Dfc"), by=UserFactory(name="Cora"), now=NOW)
    assert not city.facts.exists()
    assert sentences(city) == [
        "Cora for Lahti removed a fact of Lahti: Climate zone was “Dfc, cold, no dry season, cold summer”"
    ]


def test_who_speaks_for_a_city_states_in_its_name_and_does_not_infer():
    city, officer = CityFactory(name="Lahti"), UserFactory(name="Otto")
    fact = state(city, "target_year", "2035", by=officer, confidence="inferred")
    assert fact.confidence == "stated"
    assert JournalEntry.objects.about(city).get().on_behalf_of == "Lahti"


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("climate", "Xyz", "“Xyz” is not in the list. Choose from it."),
        ("climate", "Cfb; Dfb", "Choose one."),
        ("maturity", "7", "“7” is not in the list. Choose from it."),
        ("target_year", "soon", "Write a year from 2000 to 2100."),
        ("target_year", "20355", "Write a year from 2000 to 2100."),
        ("target_year", "", "Write a year from 2000 to 2100."),
        ("language", "fi; xx", "“xx” is not in the list. Choose from it."),
        ("legal", " ; ", "Fill this in."),
    ],
)
def test_a_value_that_the_dimension_does_not_take_is_refused_by_name(code, value, said):
    city = CityFactory()
    with pytest.raises(ValidationError) as refused:
        state(city, code, value)
    assert refused.value.message_dict["value"] == [said]
    assert not city.facts.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"source": " "}, "Fill this in."),
        ({"year": None}, "Give the year of the source, or the day on which it was read."),
        ({"year": 1066}, "Write 1990 or more."),
    ],
)
def test_a_fact_names_its_source_and_its_date(fields, said):
    with pytest.raises(ValidationError) as refused:
        state(CityFactory(), "legal", "Finnish law", **fields)
    assert refused.value.messages == [said]


@pytest.mark.parametrize("fields", [{"value": ""}, {"source": ""}, {"year": None, "retrieved_on": None}])
def test_the_database_keeps_out_what_has_no_value_source_or_date(fields):
    fact = ContextFactFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContextFact.objects.filter(pk=fact.pk).update(**fields)


def test_the_database_keeps_one_value_in_a_dimension():
    fact = ContextFactFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ContextFactFactory(city=fact.city, dimension=fact.dimension)


@pytest.mark.parametrize("code", ["size", "kind"])
def test_what_stands_in_the_record_is_not_stated_twice(code):
    with pytest.raises(Refused, match="part of the city's record"):
        state(CityFactory(), code, "100000")


def test_a_dimension_that_an_administrator_adds_takes_words():
    city = CityFactory()
    TermFactory(vocabulary__slug="context_dimensions", code="heating-mix", label="Heating mix")
    assert state(city, "heating-mix", "gas;  District heating ;gas").value == "gas; District heating"


def test_a_package_says_nothing_of_stated_facts_and_leaves_them_as_they_are():
    cohort = ParticipationFactory(city__name="Lahti", city__slug="lahti").cohort
    without = export_package(cohort)
    city = cohort.participations.get().city
    fact = ContextFactFactory(city=city)

    assert export_package(cohort) == without
    renamed = without.replace(b'"name": "Lahti"', b'"name": "City of Lahti"')
    import_package(read_package_file(io.BytesIO(renamed)), by=UserFactory(administrator=True), now=NOW)

    assert city.facts.get() == fact
