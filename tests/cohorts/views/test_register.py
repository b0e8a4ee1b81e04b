"""Cohorts, cities and hosts: found in any spelling, shown as far as the reader may know."""

import pytest
from django.urls import reverse

from cohorts.models import City
from tests.factories.cohorts import (
    CityFactory,
    CityNameFactory,
    CohortFactory,
    HostFactory,
    HostingFactory,
    HostStatementFactory,
    HostTermFactory,
    MembershipFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def names(response):
    return [row.name for row in response.context["page"]]


@pytest.mark.parametrize("typed", ["lodz", "ŁÓDŹ", "Łód", "lodsch"])
def test_a_city_is_found_in_any_spelling(client, typed):
    city = CityFactory(name="Łódź", slug="lodz-pl", country="PL")
    CityNameFactory(city=city, name="Lodsch")
    city.refresh_search_text(["Lodsch"])
    city.save()
    CityFactory(name="Braga")
    client.force_login(UserFactory())
    assert names(client.get(reverse("cohorts:city-list"), {"q": typed})) == ["Łódź"]


def test_cities_are_narrowed_by_country_kind_and_part(client):
    twin = ParticipationFactory(city__name="Twin", city__country="PT").city
    CityFactory(name="Mission", country="SE", is_mission_city=True)
    HostFactory(cities=[CityFactory(name="Host", country="DE", kind="district")])
    client.force_login(UserFactory(observer=True))
    address = reverse("cohorts:city-list")
    assert names(client.get(address, {"country": "PT"})) == [twin.name]
    assert names(client.get(address, {"kind": "district"})) == ["Host"]
    assert names(client.get(address, {"part": "mission"})) == ["Mission"]
    assert names(client.get(address, {"part": "twin"})) == ["Twin"]
    assert names(client.get(address, {"part": "host"})) == ["Host"]
    assert names(client.get(address, {"country": "nowhere", "q": "x" * 300})) == []


def test_a_city_shows_its_names_facts_and_sources(client):
    city = CityFactory(
        name="Izmir",
        slug="izmir",
        population=2_500_000,
        population_year=2021,
        population_source="The statistical office",
        sources=["https://example.org/izmir", "a printed book"],
    )
    CityNameFactory(city=city, name="İzmir", language="tr")
    client.force_login(UserFactory())
    page = client.get(city.get_absolute_url()).content.decode()
    for words in (
        "İzmir",
        "2,500,000",
        "(2021)",
        "The statistical office",
        "https://example.org/izmir",
        "a printed book",
    ):
        assert words in page


def test_what_a_city_does_elsewhere_is_hidden_until_it_is_announced(client):
    confirmed = PairingFactory(confirmed=True, participation__city__slug="hidden")
    officer = MembershipFactory(participation__cohort=confirmed.participation.cohort).user
    client.force_login(officer)
    address = reverse("cohorts:city-detail", args=["hidden"])
    assert client.get(address).context["parts"] == []
    client.force_login(UserFactory(coordinator=True))
    assert [part.role for part in client.get(address).context["parts"]] == ["Twin"]


def test_a_host_shows_what_it_offers_and_what_is_inferred(client):
    host = HostFactory(summary="Deep renovation of a quarter.", cities=[CityFactory(name="Umeå", slug="umea")])
    HostTermFactory(host=host, term__label="Energy systems")
    HostTermFactory(host=host, term__label="Mobility", is_inferred=True)
    HostStatementFactory(host=host, text="A one-stop shop")
    client.force_login(UserFactory())
    page = client.get(host.get_absolute_url()).content.decode()
    for words in (
        "Umeå",
        "Deep renovation of a quarter.",
        "Energy systems;",
        "Mobility",
        "(inferred)",
        "A one-stop shop",
    ):
        assert words in page


def test_a_host_names_no_twin_before_it_is_announced(client):
    pairing = PairingFactory(confirmed=True)
    officer = MembershipFactory(participation__cohort=pairing.participation.cohort).user
    client.force_login(officer)
    assert client.get(pairing.hosting.host.get_absolute_url()).context["shown"].pairings == []
    client.force_login(UserFactory(observer=True))
    assert client.get(pairing.hosting.host.get_absolute_url()).context["shown"].pairings == [pairing]


def test_hosts_stand_in_the_order_of_the_names_that_readers_know(client):
    HostFactory(title="Zero", cities=[CityFactory(name="Aachen")])
    HostFactory(title="Alpha", cities=[CityFactory(name="Zagreb")])
    HostFactory(title="Together", acronym="MIDDLE", cities=[CityFactory(), CityFactory()])
    client.force_login(UserFactory())
    rows = client.get(reverse("cohorts:host-list")).context["page"]
    assert [host.title for host in rows] == ["Zero", "Together", "Alpha"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_cohorts_asks_the_same_for_one_and_three(client, django_assert_num_queries, count):
    for _number in range(count):
        pairing = PairingFactory(participation__cohort=CohortFactory(planned=True))
        HostingFactory(cohort=pairing.participation.cohort)
    client.force_login(UserFactory(administrator=True))
    with django_assert_num_queries(5):  # session, user, cohorts of the shell, count, rows
        client.get(reverse("cohorts:cohort-list"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_cities_asks_the_same_for_one_and_three(client, django_assert_num_queries, count):
    for _number in range(count):
        PairingFactory()
    client.force_login(UserFactory(administrator=True))
    with django_assert_num_queries(6):  # session, user, cohorts of the shell, countries to choose, count, rows
        client.get(reverse("cohorts:city-list"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_hosts_asks_the_same_for_one_and_three(client, django_assert_num_queries, count):
    for _number in range(count):
        HostTermFactory(host=PairingFactory().hosting.host)
    client.force_login(UserFactory(administrator=True))
    with django_assert_num_queries(10):
        client.get(reverse("cohorts:host-list"))


def test_a_search_for_nothing_known_says_so(client):
    client.force_login(UserFactory())
    response = client.get(reverse("cohorts:city-list"), {"q": "Atlantis"})
    assert "No city fits" in response.content.decode()
    assert City.objects.count() == 0
