"""The shell: the places of each role, the cohort or city that the pages are about, and what it costs."""

import json

import pytest
from django.test import RequestFactory
from django.urls import reverse

from tests.factories.cohorts import (
    CityFactory,
    CohortFactory,
    CohortTeamMemberFactory,
    MembershipFactory,
    ParticipationFactory,
)
from twinning.portal.context_processors import shell, short_title
from twinning.portal.navigation import places_for
from twinning.portal.standing import standing_of


def request_of(user, client, path="/"):
    client.force_login(user)
    request = RequestFactory().get(path)
    request.user, request.session, request.resolver_match = user, client.session, None
    return request


@pytest.mark.parametrize(
    ("person", "labels"),
    [
        (
            "administrator",
            ["Today", "Cohort", "Pairings", "Outputs", "Matching", "Calendar", "Sensemaking", "Letters", "People"],
        ),
        (
            "coordinator",
            ["Today", "Cohort", "Pairings", "Outputs", "Matching", "Calendar", "Sensemaking", "Letters", "People"],
        ),
        ("observer", ["Today", "Cohort", "Pairings", "Outputs", "Matching", "Calendar", "Sensemaking", "Letters"]),
        (
            "team_facilitator",
            ["Today", "Cohort", "Pairings", "Outputs", "Matching", "Calendar", "Sensemaking", "Letters"],
        ),
        ("facilitator", ["Today", "Cohort", "Pairings", "Outputs", "Calendar", "Sensemaking"]),
        ("officer", ["My desk", "Our pairing", "Outputs", "Calendar", "Sensemaking", "Cohort"]),
        ("host_contact", ["My desk", "Our twins", "Outputs", "Calendar", "Sensemaking", "Cohort"]),
        ("outsider", ["My desk"]),
    ],
)
def test_each_role_has_its_places(world, client, person, labels):
    standing = standing_of(request_of(getattr(world, person), client))

    assert [str(place.label) for place in places_for(standing, "portal:desk")] == labels


@pytest.mark.parametrize(
    ("view", "place"),
    [
        ("portal:desk", "Today"),
        ("portal:cohort", "Cohort"),
        ("cohorts:pairing-detail", "Pairings"),
        ("cohorts:host-detail", "Cohort"),
        ("outputs:output-review", "Outputs"),
        ("matching:run-detail", "Matching"),
        ("mail:letter-list", "Letters"),
    ],
)
def test_the_place_of_a_page_is_marked_as_the_present_one(world, client, view, place):
    standing = standing_of(request_of(world.coordinator, client))

    assert [str(entry.label) for entry in places_for(standing, view) if entry.is_current] == [place]


def test_a_page_that_belongs_nowhere_marks_no_place(world, client):
    standing = standing_of(request_of(world.coordinator, client))

    assert not [entry for entry in places_for(standing, "account_login") if entry.is_current]


@pytest.mark.parametrize(
    ("person", "queries"),
    [("administrator", 1), ("team_facilitator", 1), ("officer", 2), ("host_contact", 2), ("outsider", 2)],
)
def test_the_shell_costs_few_queries(world, client, django_assert_num_queries, person, queries):
    request = request_of(getattr(world, person), client)
    request.session.get("cohort")  # the session itself is read by every page

    with django_assert_num_queries(queries):
        shell(request)


def test_the_shell_costs_nothing_before_sign_in(db, django_assert_num_queries, rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()

    with django_assert_num_queries(0):
        assert shell(request)["nav_items"] == []


def test_the_cohort_looked_at_last_is_the_present_one(world, client):
    client.force_login(world.coordinator)
    client.get(reverse("portal:cohort", args=["here"]))
    client.get(reverse("portal:cohort", args=["elsewhere"]))

    response = client.get(reverse("portal:desk"))

    assert response.context["where"] == {"label": "Elsewhere", "url": reverse("cohorts:cohort-list")}


@pytest.mark.parametrize("name", ["cohorts:calendar", "cohorts:cohort-edit", "matching:run-list", "mail:letter-list"])
def test_a_page_of_another_cohort_makes_that_the_present_one(world, client, name):
    client.force_login(world.coordinator)
    client.get(reverse("portal:cohort", args=["here"]))

    page = client.get(reverse(name, args=["elsewhere"]))
    desk = client.get(reverse("portal:desk"))

    assert [page.context["where"]["label"], desk.context["where"]["label"]] == ["Elsewhere", "Elsewhere"]


def test_a_city_of_the_register_is_no_cohort(world, client):
    CityFactory(slug="elsewhere")
    client.force_login(world.coordinator)
    client.get(reverse("portal:cohort", args=["here"]))

    assert client.get(reverse("cohorts:city-detail", args=["elsewhere"])).context["where"]["label"] == "Here"


def test_a_facilitator_with_one_cohort_has_nothing_to_choose(world, client):
    assert shell(request_of(world.team_facilitator, client))["where"] == {"label": "Here", "url": ""}


def test_an_officer_of_two_cities_chooses_for_whom_they_act(world, client):
    MembershipFactory(user=world.officer, participation__cohort=world.cohort)

    where = shell(request_of(world.officer, client))["where"]

    assert where["url"] == reverse("cohorts:act-for")


def test_running_a_cohort_depends_on_its_team(world, client):
    other = CohortFactory(slug="other")
    CohortTeamMemberFactory(cohort=other, user=world.facilitator)
    ParticipationFactory(cohort=other)
    client.force_login(world.facilitator)
    client.get(reverse("portal:cohort", args=["other"]))

    runs_other = standing_of(request_of(world.facilitator, client)).runs_cohort
    client.get(reverse("portal:cohort", args=["here"]))
    runs_here = standing_of(request_of(world.facilitator, client)).runs_cohort

    assert (runs_other, runs_here) == (True, False)


def test_a_demo_says_so_on_every_page(world, client):
    world.cohort.is_demo = True
    world.cohort.save()

    assert "invented" in shell(request_of(world.officer, client))["demo_notice"]
    assert shell(request_of(world.administrator, client))["demo_notice"] == ""


def test_log_ins_are_told_in_the_demo_alone(client, db, settings, tmp_path):
    (tmp_path / "demo-logins.json").write_text(json.dumps({"officer": {"email": "o@example.org", "password": "p"}}))
    settings.VAR_DIR = tmp_path

    settings.DEMO = False
    assert "o@example.org" not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True
    assert "o@example.org" in client.get(reverse("account_login")).content.decode()


def test_short_titles():
    assert short_title("Twinning Learning Programme, cohort 1") == "Cohort 1"
    assert short_title("Here") == "Here"
