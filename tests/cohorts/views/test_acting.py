"""Choosing for whom one acts."""

import pytest
from django.urls import reverse

from cohorts.models import Hosting
from cohorts.selectors.memberships import SESSION_KEY, acting_options
from tests.factories.cohorts import CityFactory, HostContactFactory, MembershipFactory, ParticipationFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    ann = UserFactory(name="Ann")
    client.force_login(ann)
    return ann


def names(options):
    return [option.name for option in options]


def test_options_are_cities_first_then_hosts_by_name(ann):
    MembershipFactory(user=ann, participation__city__name="Porto")
    MembershipFactory(user=ann, participation__city__name="Belfast", lead=True)
    HostContactFactory(user=ann, hosting__host__acronym="Aarhus plan", hosting__host__cities=[])
    options = acting_options(ann)
    assert names(options) == ["Belfast", "Porto", "Aarhus plan"]
    assert [option.role for option in options] == ["Lead officer", "Officer", "Host contact"]


def test_ended_roles_and_cities_that_left_are_not_offered(ann):
    MembershipFactory(user=ann, over=True)
    MembershipFactory(user=ann, participation=ParticipationFactory(withdrawn=True))
    assert acting_options(ann) == []
    assert acting_options(UserFactory(deactivated=True)) == []


@pytest.mark.parametrize("roles", [1, 3])
def test_options_cost_one_query_however_many(ann, roles, django_assert_num_queries):
    for _number in range(roles):
        MembershipFactory(user=ann)
        HostContactFactory(user=ann)
    with django_assert_num_queries(1):
        acting_options(ann)


def test_a_host_is_offered_under_the_name_that_readers_know(ann):
    HostContactFactory(user=ann, hosting__host__acronym="WARM", hosting__host__cities=[CityFactory(name="Turin")])
    HostContactFactory(user=ann, hosting__host__acronym=None, hosting__host__title="Heat", hosting__host__cities=[])
    HostContactFactory(user=ann, hosting__host__acronym="Zero", hosting__host__cities=[CityFactory(), CityFactory()])
    options = acting_options(ann)
    assert names(options) == ["Heat", "Turin", "Zero"]
    hostings = {row.pk: row for row in Hosting.objects.with_host()}
    assert [str(hostings[option.subject_id]) for option in options] == names(options)


def test_choice_is_remembered_and_leads_back(client, ann):
    MembershipFactory(user=ann, participation__city__name="Belfast")
    porto = MembershipFactory(user=ann, participation__city__name="Porto").participation
    form = {"acting": f"twin:{porto.code}", "next": reverse("people:own-settings")}
    answer = client.post(reverse("cohorts:act-for"), form)
    assert answer.url == reverse("people:own-settings")
    assert client.session[SESSION_KEY] == f"twin:{porto.code}"
    assert client.get(reverse("cohorts:act-for")).context["form"]["acting"].value() == f"twin:{porto.code}"


def test_nobody_acts_for_a_city_that_is_not_theirs(client, ann):
    MembershipFactory(user=ann)
    foreign = MembershipFactory().participation
    assert client.post(reverse("cohorts:act-for"), {"acting": f"twin:{foreign.code}"}).status_code == 422
    assert SESSION_KEY not in client.session


def test_choice_that_is_no_longer_ones_own_falls_back_to_the_first(client, ann):
    MembershipFactory(user=ann, participation__city__name="Belfast")
    session = client.session
    session[SESSION_KEY] = "twin:GONE2345"
    session.save()
    assert client.get(reverse("cohorts:act-for")).context["form"]["acting"].value() == acting_options(ann)[0].key


def test_choosing_leads_to_no_other_site(client, ann):
    own = MembershipFactory(user=ann).participation
    form = {"acting": f"twin:{own.code}", "next": "https://evil.example/"}
    assert client.post(reverse("cohorts:act-for"), form).url == reverse("portal:desk")
