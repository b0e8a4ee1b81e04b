"""The page of a city: its facts beside its partners', stated by those who may, and its record edited."""

import pytest
from django.urls import reverse

from cohorts.models import City
from tests.factories.cohorts import (
    CityFactory,
    CityNameFactory,
    ContextFactFactory,
    HostFactory,
    MembershipFactory,
    PairingFactory,
)
from tests.factories.people import UserFactory
from tests.helpers.axe import accessibility_faults

pytestmark = pytest.mark.django_db


def fact_page(city, code):
    return reverse("cohorts:fact-edit", args=[city.slug, code])


def test_an_officer_states_a_fact_of_the_own_city_and_the_page_shows_it_with_its_source(client):
    member = MembershipFactory(participation__city__name="Lahti", user__name="Otto")
    city = member.participation.city
    client.force_login(member.user)
    assert "Stated by Lahti" in client.get(fact_page(city, "language")).content.decode()

    data = {"value": ["fi", "sv"], "source": "Stated by Lahti", "year": "2026", "confidence": "inferred"}
    response = client.post(fact_page(city, "language"), data, follow=True)

    assert city.facts.get().confidence == "stated"
    page = response.content.decode()
    for words in ("Finnish; Swedish", "Stated by Lahti, 2026", "Otto for Lahti stated"):
        assert words in page


@pytest.mark.parametrize(
    ("code", "data", "field"),
    [
        ("climate", {"value": "Cfz", "source": "x", "year": "2024"}, "value"),
        ("target_year", {"value": "later", "source": "x", "year": "2024"}, "value"),
        ("legal", {"value": "Finnish law", "source": "", "year": "2024"}, "source"),
        ("legal", {"value": "Finnish law", "source": "x"}, "year"),
        ("legal", {"value": "Finnish law", "source": "x", "retrieved_on": "2999-01-01"}, "retrieved_on"),
        ("legal", {"value": "x" * 301, "source": "x", "year": "2024"}, "value"),
        ("competences", {"value": ["waste", "magic"], "source": "x", "year": "2024"}, "value"),
    ],
)
def test_bad_input_comes_back_with_the_field_named_and_nothing_is_written(client, code, data, field):
    city = CityFactory()
    client.force_login(UserFactory(coordinator=True))
    response = client.post(fact_page(city, code), data | {"confidence": "stated"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not city.facts.exists()


@pytest.mark.parametrize(
    ("code", "value", "data"),
    [
        ("competences", "waste; housing", ["waste", "housing"]),
        ("climate", "Cfb", "Cfb"),
        ("legal", "Finnish law", "Finnish law"),
        ("target_year", "2035", "2035"),
    ],
)
def test_the_form_shows_what_stands_there_and_saved_untouched_changes_nothing(client, code, value, data):
    fact = ContextFactFactory(dimension=code, value=value)
    client.force_login(UserFactory(coordinator=True))
    form = client.get(fact_page(fact.city, code)).context["form"]
    assert form["value"].value() == data

    client.post(fact_page(fact.city, code), {name: form[name].value() or "" for name in form.fields})

    present = fact.city.facts.get()
    assert (present.value, present.stated_at) == (value, fact.stated_at)


@pytest.mark.parametrize("code", ["size", "nowhere"])
def test_there_is_no_page_for_what_is_no_dimension_to_state(client, code):
    client.force_login(UserFactory(coordinator=True))
    assert client.get(fact_page(CityFactory(), code)).status_code == 404


def test_a_city_stands_beside_its_host_and_a_host_beside_its_twins(client):
    twin, host = CityFactory(name="Lahti"), CityFactory(name="Umeå")
    PairingFactory(participation__city=twin, hosting__host=HostFactory(cities=[host]))
    ContextFactFactory(city=twin, value="Dfc")
    ContextFactFactory(city=host, value="Dfb", inferred=True)
    client.force_login(UserFactory(observer=True))

    for city, partner in ((twin, "Umeå"), (host, "Lahti")):
        response = client.get(city.get_absolute_url())
        assert [one.label for one in response.context["partners"]] == [partner]
        row = next(row for row in response.context["dimensions"] if row.dimension == "climate")
        assert [difference.verdict for difference in row.differences] == ["stretch"]
    page = client.get(twin.get_absolute_url()).content.decode()
    assert "(inferred by a reader)" in page
    assert "a stretch" in page


def test_a_partner_is_not_shown_before_the_pairing_is_announced(client):
    pairing = PairingFactory(confirmed=True)
    client.force_login(MembershipFactory(participation=pairing.participation).user)
    response = client.get(pairing.participation.city.get_absolute_url())
    assert response.context["partners"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_city_asks_the_same_for_one_and_three_partners(client, django_assert_num_queries, count):
    city = CityFactory()
    for _number in range(count):
        pairing = PairingFactory(hosting__host=HostFactory(cities=[city]))
        ContextFactFactory(city=pairing.participation.city)
    client.force_login(UserFactory(administrator=True))
    with django_assert_num_queries(16):
        client.get(city.get_absolute_url())


# --- The record -----------------------------------------------------------------------------------------------------------


def record(**changes):
    rows = [("", "local", ""), ("", "local", "")]
    spellings = changes.pop("spellings", [])
    data = {"name": "Łódź", "country": "PL", "kind": "city", "sources": "Statistics Poland\nA book"} | changes
    for number, (name, kind, language) in enumerate([*spellings, *rows]):
        data |= {f"spellings-{number}-{key}": value for key, value in zip(("name", "kind", "language"), (name, kind, language), strict=True)}  # fmt: skip
    return data | {"spellings-TOTAL_FORMS": len(spellings) + 2, "spellings-INITIAL_FORMS": 0}


def test_a_coordinator_adds_a_city_with_its_spellings(client):
    client.force_login(UserFactory(coordinator=True))
    data = record(population="670000", population_year="2023", spellings=[("Lodsch", "former", "de")])
    response = client.post(reverse("cohorts:city-create"), data)
    city = City.objects.get()
    assert response.url == city.get_absolute_url()
    assert (city.slug, city.population_year, city.sources) == ("lodz", 2023, ["Statistics Poland", "A book"])
    assert City.objects.named_like("lodsch").get() == city


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "???"}, "Give an id in Latin letters."),
        ({"slug": "braga"}, "Another city has this id."),
        ({"slug": "Łódź 1"}, "cannot be used here; write small letters"),
        ({"latitude": "51.7"}, "Give latitude and longitude, or neither."),
        ({"latitude": "north", "longitude": "19"}, "Write a number, such as 12.5."),
        ({"population": "5", "sources": ""}, "Say where the number is from."),
        ({"population": "-5"}, "Write 0 or more."),
        ({"country": "XX"}, "Choose from the list."),
        ({"spellings": [("Lodsch", "former", "German!")]}, "Write a language code, for example fi."),
        ({"spellings": [("Lodsch", "former", ""), ("Lodsch", "local", "")]}, "stands there twice"),
    ],
)
def test_a_faulty_record_comes_back_with_a_sentence_and_nothing_is_written(client, changes, said):
    CityFactory(slug="braga")
    client.force_login(UserFactory(administrator=True))
    response = client.post(reverse("cohorts:city-create"), record(**changes))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert City.objects.count() == 1


def test_an_emptied_row_removes_the_spelling(client):
    city = CityFactory(slug="lodz", name="Łódź", country="PL")
    CityNameFactory(city=city, name="Lodsch")
    client.force_login(UserFactory(coordinator=True))
    address = reverse("cohorts:city-edit", args=["lodz"])
    assert "Lodsch" in client.get(address).content.decode()
    client.post(address, record(spellings=[("", "local", "")]))
    assert not city.names.exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_facts_and_records_are_accessible_on_a_phone(chromium, live_server, client):
    twin = CityFactory(name="Lahti")
    PairingFactory(participation__city=twin)
    fact = ContextFactFactory(city=twin, dimension="legal", value="Finnish law")
    client.force_login(UserFactory(coordinator=True))
    context = chromium.new_context(viewport={"width": 390, "height": 800}, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    faults = []
    edit = reverse("cohorts:city-edit", args=[twin.slug])
    for address in (twin.get_absolute_url(), fact_page(twin, fact.dimension.code), edit):
        page.goto(live_server.url + address)
        faults += accessibility_faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []
    context.close()
