"""Cities are added and changed in the browser under the rules of the packages, with a trace."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import City
from cohorts.services.cities import Spelling, change_city, create_city
from cohorts.services.packages import export_package
from tests.factories.cohorts import CityFactory, CityNameFactory, ParticipationFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)
LODZ = {"name": "Łódź", "country": "PL", "kind": "city", "population": 670_000, "sources": ["Statistics Poland"]}


def add(**changes):
    return create_city(slug="lodz", values=LODZ | changes, by=UserFactory(coordinator=True), now=NOW)


def test_a_new_city_is_found_by_every_spelling_and_can_leave_in_a_package():
    spellings = [Spelling("former", "Litzmannstadt"), Spelling("english", "Lodz", "en")]
    city = create_city(slug="lodz", values=LODZ, spellings=spellings, by=UserFactory(coordinator=True), now=NOW)
    assert [City.objects.named_like(typed).get() for typed in ("łodz", "LITZMANN")] == [city, city]
    assert JournalEntry.objects.about(city).get().verb == "cohorts.city.created"
    assert '"id": "lodz"' in export_package(ParticipationFactory(city=city).cohort).decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Two\nlines"}, "name"),
        ({"country": "XX"}, "country"),
        ({"latitude": 51.0}, "__all__"),
        ({"latitude": 95.0, "longitude": 1.0}, "latitude"),
        ({"population": -1}, "population"),
        ({"sources": ["x" * 2001]}, "sources"),
    ],
)
def test_what_no_package_could_say_is_refused_by_field(changes, field):
    with pytest.raises(ValidationError) as refused:
        add(**changes)
    assert field in refused.value.message_dict
    assert not City.objects.exists()


@pytest.mark.parametrize("slug", ["Lodz", "lodz_pl", "lodz--pl"])
def test_an_id_is_one_that_packages_may_carry(slug):
    with pytest.raises(ValidationError) as refused:
        create_city(slug=slug, values=LODZ, by=UserFactory(coordinator=True), now=NOW)
    assert "slug" in refused.value.message_dict


def test_a_change_names_its_fields_and_nothing_changed_leaves_no_line():
    city = CityFactory(name="Izmir")
    CityNameFactory(city=city, name="Smyrna", kind="former")
    ada = UserFactory(administrator=True, name="Ada")
    change_city(city, values={"name": "Izmir"}, by=ada, now=NOW)
    change_city(
        city, values={"population": 5, "population_source": "A census"}, spellings=[Spelling("local", "İzmir", "tr")],
        by=ada, now=NOW,
    )  # fmt: skip
    assert [line.sentence for line in JournalEntry.objects.about(city)] == [
        "Ada changed the record of Izmir: population, source of the population, spellings"
    ]
    assert list(city.names.values_list("name", flat=True)) == ["İzmir"]
    assert City.objects.named_like("smyrna").count() == 0
    assert City.objects.named_like("izmir").get() == city
