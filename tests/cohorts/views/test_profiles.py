"""The forms of hosts and of what twins seek and bring."""

import pytest
from django.urls import reverse

from cohorts.models import Host
from cohorts.selectors.profiles import profile_of_host
from tests.factories.cohorts import (
    CityFactory,
    CityNameFactory,
    HostFactory,
    HostStatementFactory,
    HostTermFactory,
    MembershipFactory,
    TermFactory,
)
from tests.factories.people import UserFactory
from tests.helpers.axe import accessibility_faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    client.force_login(UserFactory(coordinator=True))


def given(**changes):
    return {"title": "Winter cities", "kind": "pilot_activity", "cities": "Umeå\nlahti"} | changes


@pytest.fixture
def cities():
    CityFactory(slug="umea", name="Umeå", search_text="umea")
    CityNameFactory(city=CityFactory(slug="lahti", name="Lahti", search_text="lahti lahtis"), name="Lahtis")
    for slug in ("springfield-1", "springfield-2"):
        CityFactory(slug=slug, name="Springfield")


def test_a_coordinator_adds_a_host_by_the_names_of_its_cities(client, coordinator, cities):
    data = given(cities="lahtis\nUMEA", offers="A heat network\n\nWinter cycling", needs_domains=["industry"])
    response = client.post(reverse("cohorts:host-create"), data)
    host = Host.objects.get()
    profile = profile_of_host(host)
    assert response.url == host.get_absolute_url()
    assert (host.slug, profile["cities"], profile["offers"]) == (
        "winter-cities",
        ["lahti", "umea"],
        ["A heat network", "Winter cycling"],
    )
    page = client.get(host.get_absolute_url()).content.decode()
    assert "Wants to learn" in page
    assert "added the host Winter cities" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Fill this in."),
        ({"cities": ""}, "Fill this in."),
        ({"cities": "Umeå\nAtlantis"}, "Line 2: there is no city “Atlantis” in the register."),
        ({"cities": "Springfield"}, "Write one of the ids springfield-1, springfield-2."),
        ({"cities": "Umeå\nLahti\numea"}, "Line 3: this city stands there already."),
        ({"cities": "Umeå\n" * 10}, "A host has at most nine cities; these are 10."),
        ({"kind": "village"}, "Choose from the list."),
        ({"domains": ["magic"]}, "Choose from the list."),
        ({"slug": "taken"}, "Another host has this id."),
        ({"summary": "x" * 10_001}, "At most 10000 characters fit here"),
        ({"offers": "\n".join(map(str, range(51)))}, "This list has 51 entries; at most 50 are possible."),
    ],
)
def test_a_faulty_host_comes_back_with_a_sentence_and_nothing_is_written(client, coordinator, cities, changes, said):
    HostFactory(slug="taken", cities=[])
    response = client.post(reverse("cohorts:host-create"), given(**changes))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Host.objects.count() == 1


def test_the_form_of_a_host_saved_untouched_changes_nothing(client, coordinator):
    host = HostFactory(cities=[CityFactory(name="Umeå", slug="umea"), CityFactory(name="Umeå", slug="umea-2")])
    HostTermFactory(host=host, term=TermFactory(code="industry"), is_inferred=True)
    HostStatementFactory(host=host, text="A one-stop shop", position=0)
    before = profile_of_host(host)
    address = reverse("cohorts:host-edit", args=[host.slug])
    form = client.get(address).context["form"]
    shown = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    data = {name: value for name, value in shown.items() if value is not None}

    assert client.post(address, data).status_code == 302

    assert profile_of_host(host) == before
    assert client.get(host.get_absolute_url()).context["history"] == []


def test_an_officer_writes_what_the_own_city_seeks_and_brings(client):
    member = MembershipFactory()
    client.force_login(member.user)
    address = reverse("cohorts:participation-describe", args=[member.participation.code])
    response = client.post(address, {"interests": "commuting", "strength_domains": ["industry"]}, follow=True)
    page = response.content.decode()
    assert "commuting" in page
    assert "Strengths" in page
    assert member.participation.strengths.get().term.code == "industry"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_forms_are_accessible_on_a_phone(chromium, live_server, client):
    member = MembershipFactory()
    host = HostFactory(cities=[CityFactory(name="Umeå")])
    client.force_login(UserFactory(coordinator=True))
    context = chromium.new_context(viewport={"width": 390, "height": 800}, bypass_csp=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    faults = []
    for address in (
        reverse("cohorts:host-edit", args=[host.slug]),
        reverse("cohorts:participation-describe", args=[member.participation.code]),
    ):
        page.goto(live_server.url + address)
        faults += accessibility_faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []
    context.close()
