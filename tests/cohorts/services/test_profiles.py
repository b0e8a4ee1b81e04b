"""Hosts and twins are described in the browser under the rules of the packages, with a trace."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import Host
from cohorts.models.vocabulary import DOMAINS, LEVERS
from cohorts.selectors.profiles import profile_of_host, profile_of_twin
from cohorts.services.packages import export_package, import_package, read_package_file
from cohorts.services.profiles import change_host, create_host, describe_participation
from tests.factories.cohorts import (
    CityFactory,
    HostFactory,
    HostingFactory,
    HostNeedFactory,
    HostTermFactory,
    MembershipFactory,
    ParticipationFactory,
    ParticipationTermFactory,
    TermFactory,
)
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)
PROFILE = {
    "kind": "mission_city",
    "title": "Lahti",
    "cities": ["lahti", "espoo"],
    "domains": ["mobility-transport", "energy-systems"],
    "levers_inferred": ["finance-funding"],
    "needs_domains": ["industry"],
    "needs_levers": ["finance-funding"],
    "offers": ["A heat network", "Winter cycling"],
    "expectations": ["Honest feedback"],
    "sources": ["The call page"],
}


@pytest.fixture
def ada():
    return UserFactory(administrator=True, name="Ada")


@pytest.fixture
def host(ada):
    for slug in ("espoo", "lahti"):
        CityFactory(slug=slug)
    return create_host(slug="lahti-host", values=PROFILE, by=ada, now=NOW)


def test_a_new_host_has_all_that_was_said_and_can_leave_in_a_package(host):
    profile = profile_of_host(host)
    assert {key: profile[key] for key in PROFILE} == PROFILE
    assert (profile["levers"], profile["challenges"], profile["acronym"]) == ([], [], None)
    data = export_package(HostingFactory(host=host).cohort)
    assert b'"id": "lahti-host"' in data
    assert b'"A heat network"' in data


def test_a_change_names_its_fields_and_leaves_the_rest_alone(host, ada):
    changes = {"domains": ["energy-systems", "industry"], "cities": ["espoo"], "offers": [], "title": "Lahti"}
    change_host(host, values=changes, by=ada, now=NOW)
    profile = profile_of_host(host)
    assert (profile["domains"], profile["cities"], profile["offers"]) == (
        ["energy-systems", "industry"],
        ["espoo"],
        [],
    )
    assert {key: profile[key] for key in PROFILE.keys() - changes.keys()} == {
        key: PROFILE[key] for key in PROFILE.keys() - changes.keys()
    }
    line = JournalEntry.objects.about(host).first()
    assert line.sentence == "Ada changed the record of Lahti: Domains, Cities, Offers"


def test_the_order_of_terms_is_no_change(host, ada):
    change_host(host, values={"domains": ["energy-systems", "mobility-transport"]}, by=ada, now=NOW)
    assert profile_of_host(host)["domains"] == ["mobility-transport", "energy-systems"]
    assert JournalEntry.objects.about(host).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"title": " "}, "title", "This must not be blank; write what it is called, or what it says."),
        ({"cities": [f"c-{n}" for n in range(10)]}, "cities", "This list has 10 entries; at most 9 are possible."),
        ({"cities": ["atlantis"]}, "cities", "There is no city “atlantis” in the register."),
        ({"domains": ["magic"]}, "domains", "“magic” is not in the list. Choose from it."),
        ({"needs_levers": ["magic"]}, "needs_levers", "“magic” is not in the list. Choose from it."),
        ({"offers": ["x", "y" * 4001]}, "offers", "Entry 2: This text has 4,001 characters; at most 4,000 can be kept, so shorten it."),
        ({"pilot_cohort": 0}, "pilot_cohort", "This must be at least 1, but it is the number 0."),
    ],
)  # fmt: skip
def test_what_no_package_could_say_is_refused_by_field(host, ada, changes, field, said):
    before = profile_of_host(host)
    with pytest.raises(ValidationError) as refused:
        change_host(host, values=changes, by=ada, now=NOW)
    assert refused.value.message_dict == {field: [said]}
    assert profile_of_host(Host.objects.get()) == before


def test_a_faulty_new_host_is_not_half_written(ada):
    with pytest.raises(ValidationError):
        create_host(slug="new", values=PROFILE, by=ada, now=NOW)  # its cities are not in the register
    assert not Host.objects.exists()


def test_what_a_host_wants_to_learn_survives_a_package_that_does_not_know_it(host, ada):
    data = export_package(HostingFactory(host=host).cohort)
    import_package(read_package_file(io.BytesIO(data)), by=ada, now=NOW)
    assert profile_of_host(host)["needs_domains"] == ["industry"]


# --- Twins --------------------------------------------------------------------------------------------------------------


def test_a_twin_says_what_it_seeks_and_can_teach_in_its_own_name():
    member = MembershipFactory(participation__city__name="Lahti", user__name="Otto")
    values = {
        "interests": "commuting",
        "domains": ["mobility-transport"],
        "levers": ["social-innovation"],
        "strength_domains": ["energy-systems"],
        "strength_levers": ["finance-funding"],
    }
    participation = describe_participation(member.participation, values=values, by=member.user, now=NOW)
    assert profile_of_twin(participation) == {"challenges": "", "offers": ""} | values
    line = JournalEntry.objects.about(participation).get()
    assert line.sentence.startswith("Otto for Lahti changed what Lahti brings and seeks: Wants to learn, Domains")


def test_what_was_inferred_stays_so_until_it_is_taken_away():
    participation = ParticipationFactory()
    mobility = TermFactory(vocabulary__slug=DOMAINS, code="mobility-transport")
    ParticipationTermFactory(participation=participation, term=mobility, is_inferred=True)
    coordinator = UserFactory(coordinator=True)

    def choose(*codes):
        describe_participation(participation, values={"domains": list(codes)}, by=coordinator, now=NOW)
        rows = participation.participation_terms.order_by("position")
        return list(rows.values_list("term__code", "is_inferred"))

    assert choose("mobility-transport", "industry") == [("mobility-transport", True), ("industry", False)]
    assert choose("industry") == [("industry", False)]
    assert choose("mobility-transport", "industry") == [("industry", False), ("mobility-transport", False)]


def test_a_term_of_another_list_is_refused_and_nothing_is_half_written():
    participation = ParticipationFactory(interests="before")
    values = {"interests": "after", "strength_domains": ["finance-funding"]}
    with pytest.raises(ValidationError):
        describe_participation(participation, values=values, by=UserFactory(coordinator=True), now=NOW)
    participation.refresh_from_db()
    assert participation.interests == "before"


def test_terms_of_different_lists_do_not_touch_one_another():
    host = HostFactory()
    HostTermFactory(host=host, term=TermFactory(vocabulary__slug=LEVERS, code="finance-funding"))
    HostNeedFactory(host=host, term=TermFactory(vocabulary__slug=DOMAINS, code="industry"))
    change_host(host, values={"levers": [], "domains": ["industry"]}, by=UserFactory(coordinator=True), now=NOW)
    profile = profile_of_host(host)
    assert (profile["levers"], profile["domains"], profile["needs_domains"]) == ([], ["industry"], ["industry"])
