import datetime

import pytest

from matching.models import Rule
from matching.services.rules import add_rule, end_rule, set_wishes
from matching.services.runs import start_run
from matching.snapshot import as_json, fingerprint_of, market_from_json, market_of
from matching.states import RunState
from tests.factories.cohorts import HostingFactory
from tests.factories.matching import RuleFactory, cohort_to_match
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


def sides(cohort, number=0):
    return cohort.participations.get(city__name=f"Twin {number}"), cohort.hostings.get(host__acronym=f"Host {number}")


def pair_rule(cohort, kind, number=0, reason="Because"):
    twin, host = sides(cohort, number)
    return Rule(cohort=cohort, kind=kind, participation=twin, hosting=host, reason=reason)


def host_of(run, number=0):
    proposal = run.proposals.get(participation__city__name=f"Twin {number}")
    return proposal.hosting.host.acronym if proposal.hosting else None


def run_of(cohort, by, **changes):
    run = start_run(cohort, by=by, now=NOW, weights={"text": 100}, **changes)
    run.refresh_from_db()
    return run


def test_a_veto_forbids_the_pair_from_now_on_and_an_ended_one_no_more(by):
    cohort = cohort_to_match()
    assert host_of(run_of(cohort, by)) == "Host 0"

    rule = add_rule(pair_rule(cohort, "veto"), by=by, now=NOW)
    assert host_of(run_of(cohort, by)) == "Host 1"

    end_rule(rule, by=by, now=NOW)
    assert host_of(run_of(cohort, by)) == "Host 0"
    verbs = JournalEntry.objects.about(rule).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["matching.rule.added", "matching.rule.ended"]


def test_a_twin_in_reserve_takes_only_a_place_that_all_others_leave(by):
    cohort = cohort_to_match(twins=2, hosts=1)
    cohort.hostings.update(capacity_maximum=1)
    assert host_of(run_of(cohort, by)) == "Host 0"
    twin = cohort.participations.get(city__name="Twin 0")

    rule = add_rule(Rule(cohort=cohort, kind="reserve", participation=twin, reason="Applied late"), by=by, now=NOW)

    run = run_of(cohort, by)
    assert [host_of(run, number) for number in (0, 1)] == [None, "Host 0"]
    assert run.is_optimal
    assert JournalEntry.objects.about(rule).get().data["rule"].startswith("Twin 0 is in reserve")
    with pytest.raises(Refused, match="in reserve already"):
        add_rule(Rule(cohort=cohort, kind="reserve", participation=twin, reason="Again"), by=by, now=NOW)
    with pytest.raises(Refused, match="Choose a twin"):
        add_rule(Rule(cohort=cohort, kind="reserve", reason="Nobody"), by=by, now=NOW)
    cohort.hostings.update(capacity_maximum=2)
    assert host_of(run_of(cohort, by)) == "Host 0"


def test_a_lock_holds_against_the_score(by):
    cohort = cohort_to_match()
    twin, _host = sides(cohort)
    other = cohort.hostings.get(host__acronym="Host 1")
    add_rule(Rule(cohort=cohort, kind="lock", participation=twin, hosting=other, reason="Agreed"), by=by, now=NOW)

    assert host_of(run_of(cohort, by)) == "Host 1"


def test_a_rule_by_value_keeps_twins_of_a_country_from_hosts_of_another(by):
    cohort = cohort_to_match()
    country = sides(cohort)[0].city.country.code
    values = {"twin_field": "country", "twin_value": country, "host_field": "country", "host_value": "SE"}
    add_rule(Rule(cohort=cohort, kind="must_not", reason="Travel", **values), by=by, now=NOW)

    assert [host_of(run_of(cohort, by), number) for number in (0, 1)] == [None, None]


def test_a_cap_spreads_twins_of_one_country(by):
    cohort = cohort_to_match(twins=3, hosts=3)
    for participation in cohort.participations.select_related("city"):
        participation.interests = "heat networks 0"
        participation.save()
        participation.city.country = "FI"
        participation.city.save()
    add_rule(Rule(cohort=cohort, kind="cap", group_by="country", most=1, reason="Spread"), by=by, now=NOW)

    run = run_of(cohort, by)

    assert sorted(host_of(run, number) for number in range(3)) == ["Host 0", "Host 1", "Host 2"]


def test_forbidding_pairs_of_one_country_leaves_such_twins_out(by):
    cohort = cohort_to_match(twins=1)
    city = cohort.participations.get().city
    city.country = "SE"
    city.save()
    add_rule(Rule(cohort=cohort, kind="same_country", together="forbid", reason="Abroad"), by=by, now=NOW)

    assert host_of(run_of(cohort, by)) is None


def test_rules_and_wishes_are_in_the_fingerprint_and_come_back(by):
    cohort = cohort_to_match()
    before = fingerprint_of(market_of(cohort))
    add_rule(pair_rule(cohort, "conflict"), by=by, now=NOW)
    twin, host = sides(cohort, 1)
    set_wishes(twin, wishes=[(host, "Its winter cycling")], by=by, now=NOW)

    market = market_of(cohort)

    assert fingerprint_of(market) != before
    assert market_from_json(as_json(market)) == market
    assert market.rules.conflicts[0].reason == "Because"
    assert [one.evidence for one in market.twins if one.preferences] == [{host.host.slug: "Its winter cycling"}]


def test_a_wish_decides_where_only_wishes_count(by):
    cohort = cohort_to_match()
    twin, other = sides(cohort)[0], cohort.hostings.get(host__acronym="Host 1")
    set_wishes(twin, wishes=[(other, "")], by=by, now=NOW)

    run = start_run(cohort, by=by, now=NOW, weights={"preference": 100})

    assert host_of(run) == "Host 1"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "Reason: Fill this in."),
        ({"hosting": None}, "Choose a twin and a host"),
        ({"kind": "must", "participation": None, "hosting": None}, "which twins and which hosts"),
        ({"kind": "same_country"}, "what sharing it means"),
        ({"kind": "cap"}, "how many twins"),
        ({"kind": "whim"}, "not a valid choice"),
    ],
)
def test_a_rule_that_says_too_little_is_refused(by, changes, words):
    rule = pair_rule(cohort_to_match(), "veto")
    for name, value in changes.items():
        setattr(rule, name, value)

    with pytest.raises(Refused, match=words):
        add_rule(rule, by=by, now=NOW)
    assert not Rule.objects.exists()


def test_the_same_rule_stands_once_and_sides_belong_to_the_cohort(by):
    cohort = cohort_to_match()
    add_rule(pair_rule(cohort, "veto"), by=by, now=NOW)

    with pytest.raises(Refused, match="stands already"):
        add_rule(pair_rule(cohort, "veto"), by=by, now=NOW)
    rule = pair_rule(cohort, "veto", 1)
    rule.hosting = HostingFactory()
    with pytest.raises(Refused, match="takes no part"):
        add_rule(rule, by=by, now=NOW)


def test_an_ended_rule_does_not_end_twice(by):
    rule = RuleFactory()
    end_rule(rule, by=by, now=NOW)

    with pytest.raises(Refused, match="ended already"):
        end_rule(rule, by=by, now=NOW)


def test_contradictions_are_said_with_names(by):
    cohort = cohort_to_match()
    for kind in ("lock", "veto"):
        add_rule(pair_rule(cohort, kind), by=by, now=NOW)

    run = run_of(cohort, by)

    assert run.state == RunState.FAILED
    assert "Twin 0 is locked to Host 0, and another rule forbids this pair" in run.error


def test_a_host_is_wished_for_once_and_within_the_cohort(by):
    cohort = cohort_to_match()
    twin, host = sides(cohort)

    with pytest.raises(Refused, match="named twice"):
        set_wishes(twin, wishes=[(host, ""), (host, "")], by=by, now=NOW)
    with pytest.raises(Refused, match="no part"):
        set_wishes(twin, wishes=[(HostingFactory(), "")], by=by, now=NOW)
    set_wishes(twin, wishes=[(host, "Heat")], by=by, now=NOW)
    set_wishes(twin, wishes=[], by=by, now=NOW)
    assert not twin.wishes.exists()
