"""Hosts and cities of the register join a cohort in the browser."""

import datetime

import pytest
from django.urls import reverse

from cohorts.models import Hosting
from cohorts.services.hostings import add_hosting
from cohorts.services.participations import add_participation
from tests.factories.cohorts import (
    CityFactory,
    CohortFactory,
    HostFactory,
    HostingFactory,
    ParticipationFactory,
)
from tests.factories.people import UserFactory
from twinning.core.errors import Refused

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def coordinator(client):
    user = UserFactory(coordinator=True)
    client.force_login(user)
    return user


def test_a_host_joins_with_its_places_and_is_offered_no_more(client, coordinator):
    cohort, host = CohortFactory(), HostFactory(slug="star", cities=[CityFactory(name="Umeå")])
    address = reverse("cohorts:hosting-add", args=[cohort.slug])
    page = client.post(address, {"host": "star", "fewest": "1", "most": "2"}, follow=True).content.decode()
    hosting = Hosting.objects.get()
    assert (hosting.cohort, hosting.host, hosting.capacity_minimum, hosting.capacity_maximum) == (cohort, host, 1, 2)
    assert "Umeå" in page
    assert list(client.get(address).context["form"].fields["host"].queryset) == []


def test_a_city_is_selected_as_the_last_twin(client, coordinator):
    cohort = ParticipationFactory(position=4).cohort
    CityFactory(slug="lahti", name="Lahti")
    address = reverse("cohorts:participation-add", args=[cohort.slug])
    assert "Lahti" in client.post(address, {"city": "lahti"}, follow=True).content.decode()
    joined = cohort.participations.get(city__slug="lahti")
    assert (joined.state, joined.position, joined.state_on is not None) == ("selected", 5, True)


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("hosting-add", {"host": "nowhere", "fewest": "0", "most": "3"}),
        ("hosting-add", {"host": "star", "fewest": "3", "most": "1"}),
        ("hosting-add", {"host": "star", "fewest": "", "most": "101"}),
        ("participation-add", {"city": "atlantis"}),
        ("participation-add", {"city": ""}),
    ],
)
def test_what_does_not_fit_comes_back_and_nothing_is_written(client, coordinator, page, data):
    cohort = CohortFactory()
    HostFactory(slug="star")
    assert client.post(reverse(f"cohorts:{page}", args=[cohort.slug]), data).status_code == 422
    assert not cohort.hostings.exists()
    assert not cohort.participations.exists()


def test_nobody_joins_twice(coordinator):
    hosting, participation = HostingFactory(), ParticipationFactory()
    with pytest.raises(Refused, match="in this cohort already"):
        add_hosting(hosting.cohort, host=hosting.host, fewest=0, most=1, by=coordinator, now=NOW)
    with pytest.raises(Refused, match="twin of this cohort already"):
        add_participation(participation.cohort, city=participation.city, by=coordinator, now=NOW)
