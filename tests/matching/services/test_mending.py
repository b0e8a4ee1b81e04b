"""Rules that cannot hold together: what is said about them, and that each way out works when somebody takes it."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse

from matching.models import Rule
from matching.selectors.clashing import clash_in_words
from matching.services.runs import mend_run, start_run
from matching.services.scenarios import Clashing, confirm_scenario, start_scenario, take_step, undo_step
from matching.snapshot import market_from_json
from matching.states import RuleKind, RunState
from tests.factories.matching import RuleFactory, RunFactory, cohort_to_match
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


@pytest.fixture
def cohort():
    cohort = cohort_to_match(twins=3, hosts=3, planned=True)
    cohort.hostings.update(capacity_maximum=2)
    for participation in cohort.participations.select_related("city"):
        participation.city.country = "FI"
        participation.city.save()
    return cohort


def sides(cohort, twin, host):
    return {
        "participation": cohort.participations.get(city__name=f"Twin {twin}"),
        "hosting": cohort.hostings.get(host__acronym=f"Host {host}"),
    }


def rule(cohort, kind, twin=None, host=None, **values):
    pair = sides(cohort, twin, host) if twin is not None else {"participation": None, "hosting": None}
    return RuleFactory(cohort=cohort, kind=kind, reason=f"Because of {kind}", **(pair | values))


FOREIGN = {"twin_field": "country", "twin_value": "FI", "host_field": "country", "host_value": "SE"}
CLASHES = {
    "a lock and a veto": (
        lambda cohort: [rule(cohort, "lock", 0, 1), rule(cohort, "veto", 0, 1)],
        {"Twin 0 goes to Host 1", "Twin 0 must not go to Host 1"},
        {"Release Twin 0 from Host 1", "Allow Twin 0 with Host 1"},
    ),
    "a lock and a conflict of interest": (
        lambda cohort: [rule(cohort, "lock", 0, 1), rule(cohort, "conflict", 0, 1)],
        {"Twin 0 goes to Host 1", "Twin 0 and Host 1 have a conflict of interest"},
        {"Release Twin 0 from Host 1"},
    ),
    "two locks of one twin": (
        lambda cohort: [rule(cohort, "lock", 0, 1), rule(cohort, "lock", 0, 2)],
        {"Twin 0 goes to Host 1", "Twin 0 goes to Host 2"},
        {"Release Twin 0 from Host 1", "Release Twin 0 from Host 2"},
    ),
    "more locks than places": (
        lambda cohort: [rule(cohort, "lock", twin, 0) for twin in range(3)],
        {*(f"Twin {twin} goes to Host 0" for twin in range(3)), "Free places at Host 0: 2"},
        {*(f"Release Twin {twin} from Host 0" for twin in range(3)), "One place more at Host 0"},
    ),
    "a lock and a rule by value": (
        lambda cohort: [rule(cohort, "lock", 0, 1), rule(cohort, "must_not", **FOREIGN)],
        {"Twin 0 goes to Host 1", "Twins (country: Finland) never go to hosts (country: Sweden)"},
        {
            "Release Twin 0 from Host 1",
            "End the rule: Twins (country: Finland) never go to hosts (country: Sweden)",
        },
    ),
    "locks and a number": (
        lambda cohort: [
            rule(cohort, "lock", 0, 1),
            rule(cohort, "lock", 1, 1),
            rule(cohort, "cap", group_by="country", most=1),
        ],
        {
            "Twin 0 goes to Host 1",
            "Twin 1 goes to Host 1",
            "At most 1 twin of one country at any host",
        },
        {
            "Release Twin 0 from Host 1",
            "Release Twin 1 from Host 1",
            "At most 2 twins of one country at any host",
        },
    ),
    "a lock and one country": (
        lambda cohort: [
            rule(cohort, "lock", 0, 1),
            rule(cohort, "same_country", together="forbid"),
            cohort.hostings.get(host__acronym="Host 1").host.cities.update(country="FI"),
        ],
        {"Twin 0 goes to Host 1", "No pairs of one country"},
        {"Release Twin 0 from Host 1", "Avoid pairs of one country, but allow them"},
    ),
}


def failed_run(cohort, by):
    run = start_run(cohort, by=by, now=NOW, weights={"text": 100})
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    return run, clash_in_words(run.clash, market_from_json(run.snapshot))


@pytest.mark.parametrize("name", CLASHES)
def test_rules_that_clash_are_named_and_each_way_out_works(cohort, by, name):
    make, demands, ways = CLASHES[name]
    make(cohort)

    run, clash = failed_run(cohort, by)

    assert {sentence for sentence, _reason in clash.demands} == demands
    assert clash.is_smallest
    assert {" and ".join(way.words) for way in clash.ways} == ways
    conflicts = Rule.objects.current().filter(kind=RuleKind.CONFLICT).count()
    for way in clash.ways:
        with transaction.atomic():
            mended = mend_run(run, repair=way.key, reason="The mayors agreed", by=by, now=NOW)
            mended.refresh_from_db()
            assert (mended.state, mended.weights) == (RunState.STAGED, run.weights)
            assert Rule.objects.current().filter(kind=RuleKind.CONFLICT).count() == conflicts
            said = JournalEntry.objects.filter(verb__in=["matching.rule.gave_way", "matching.places.added"]).get()
            assert (said.data["reason"], said.by) == ("The mayors agreed", by)
            transaction.set_rollback(True)


def test_a_way_out_is_taken_with_a_reason_and_only_while_it_is_one(cohort, by):
    make, _demands, _ways = CLASHES["a lock and a veto"]
    lock, _veto = make(cohort)
    run, clash = failed_run(cohort, by)

    with pytest.raises(Refused, match="Say why"):
        mend_run(run, repair=clash.ways[0].key, reason=" ", by=by, now=NOW)
    lock.ended_at = NOW
    lock.save()
    with pytest.raises(Refused, match="have changed"):
        mend_run(run, repair=clash.ways[0].key, reason="Agreed", by=by, now=NOW)
    with pytest.raises(Refused, match="Only a run that failed"):
        mend_run(RunFactory(cohort=cohort), repair=clash.ways[0].key, reason="Agreed", by=by, now=NOW)


def test_what_gives_way_in_a_scenario_gives_way_there_alone_and_comes_back_with_undo(cohort, by):
    scenario = start_scenario(cohort, name="First", weights={"text": 100}, by=by, now=NOW)
    rule(cohort, "veto", 0, 1)
    act = {"action": "lock", **sides(cohort, 0, 1), "reason": "They met", "by": by, "now": NOW}

    with pytest.raises(Clashing, match="Twin 0 is locked to Host 1") as refusal:
        take_step(scenario, **act)
    ways = refusal.value.clash.ways
    assert [way.words for way in ways] == [("Allow Twin 0 with Host 1",)]
    assert not scenario.steps.exists()

    take_step(scenario, **act, repair=ways[0].key)

    scenario.refresh_from_db()
    assert scenario.run.proposals.get(participation__city__name="Twin 0").hosting.host.acronym == "Host 1"
    said = JournalEntry.objects.about(scenario).first().sentence
    assert said.endswith("Lock Twin 0 → Host 1 (They met). Gives way: Allow Twin 0 with Host 1")
    assert Rule.objects.current().filter(kind="veto").exists()
    undo_step(scenario, by=by, now=NOW)
    with pytest.raises(Clashing):
        take_step(scenario, **act)


def test_a_place_added_in_a_scenario_is_added_in_the_cohort_with_the_decision(cohort, by, client):
    cohort.hostings.update(capacity_maximum=1)
    scenario = start_scenario(cohort, name="First", weights={"text": 100}, by=by, now=NOW)
    act = {"action": "lock", "reason": "They met", "by": by, "now": NOW}
    take_step(scenario, **act, **sides(cohort, 0, 1))
    with pytest.raises(Clashing) as refusal:
        take_step(scenario, **act, **sides(cohort, 2, 1))
    (key,) = (way.key for way in refusal.value.clash.ways if way.words == ("One place more at Host 1",))
    take_step(scenario, **act, **sides(cohort, 2, 1), repair=key)
    hosting = cohort.hostings.get(host__acronym="Host 1")

    with pytest.raises(Refused, match=r"more twins than they have places: Host 1 \(2 > 1\)"):
        confirm_scenario(scenario, reason="Agreed", by=by, now=NOW)
    client.force_login(by)
    page = client.get(reverse("matching:scenario-confirm", args=[cohort.slug, scenario.code])).text
    assert "Host 1: 2 twins, 1 place." in page
    answer = client.post(reverse("matching:scenario-confirm", args=[cohort.slug, scenario.code]), {"reason": "Agreed"})
    assert answer.status_code == 422
    assert "Without these places the scenario cannot be confirmed." in answer.text
    assert not hosting.pairings.exists()

    ticked = {"reason": "The mayor agreed", "adds_places": "on"}
    client.post(reverse("matching:scenario-confirm", args=[cohort.slug, scenario.code]), ticked)

    hosting.refresh_from_db()
    assert (hosting.capacity_maximum, hosting.pairings.count()) == (2, 2)
    said = JournalEntry.objects.get(verb="matching.places.added")
    assert (said.data["reason"], said.by) == ("The mayor agreed", by)


def test_an_own_lock_of_a_scenario_gives_way_and_is_gone(cohort, by):
    cohort.hostings.update(capacity_maximum=1)
    scenario = start_scenario(cohort, name="First", weights={"text": 100}, by=by, now=NOW)
    act = {"action": "lock", "reason": "They met", "by": by, "now": NOW}
    take_step(scenario, **act, **sides(cohort, 0, 1))
    with pytest.raises(Clashing) as refusal:
        take_step(scenario, **act, **sides(cohort, 2, 1))

    ways = {way.words: way.key for way in refusal.value.clash.ways}
    assert set(ways) == {("Release Twin 0 from Host 1",), ("One place more at Host 1",)}
    take_step(scenario, **act, **sides(cohort, 2, 1), repair=ways["Release Twin 0 from Host 1",])

    scenario.refresh_from_db()
    hosts = {row.participation.city.name: row.hosting.host.acronym for row in scenario.run.proposals.all()}
    assert hosts["Twin 2"] == "Host 1"
    assert hosts["Twin 0"] != "Host 1"
