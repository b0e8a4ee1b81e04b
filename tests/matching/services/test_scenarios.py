import datetime

import pytest

from cohorts.models import Pairing
from matching.models import Run
from matching.services.runs import confirm_run
from matching.services.scenarios import (
    comment_on,
    confirm_scenario,
    discard_scenario,
    redo_step,
    start_at_floor,
    start_scenario,
    take_step,
    undo_step,
)
from matching.states import Objective, ScenarioState
from tests.factories.matching import RuleFactory, cohort_to_match
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


def begin(by, twins=3, hosts=3, places=1, **changes):
    cohort = cohort_to_match(twins=twins, hosts=hosts, planned=True)
    cohort.hostings.update(capacity_maximum=places)
    return start_scenario(cohort, name="First", weights={"text": 100}, by=by, now=NOW, **changes)


def sides(scenario, twin, host):
    cohort = scenario.cohort
    found = cohort.hostings.get(host__acronym=f"Host {host}") if host is not None else None
    return {"participation": cohort.participations.get(city__name=f"Twin {twin}"), "hosting": found}


def step(scenario, action, twin, host, by, *, reason="Because"):
    return take_step(scenario, action=action, **sides(scenario, twin, host), reason=reason, by=by, now=NOW)


def plan(scenario):
    scenario.refresh_from_db()
    rows = scenario.run.proposals.order_by("participation__city__name").select_related("hosting__host")
    return [int(row.hosting.host.acronym[-1]) if row.hosting else None for row in rows]


def test_a_lock_solves_everything_else_anew_and_is_undone_and_done_again(by):
    scenario = begin(by)
    assert plan(scenario) == [0, 1, 2]

    step(scenario, "lock", 0, 1, by)
    assert plan(scenario)[0] == 1
    locked = plan(scenario)

    undo_step(scenario, by=by, now=NOW)
    assert plan(scenario) == [0, 1, 2]
    redo_step(scenario, by=by, now=NOW)
    assert plan(scenario) == locked
    verbs = list(JournalEntry.objects.about(scenario).order_by("pk").values_list("verb", flat=True))
    assert verbs == [f"matching.scenario.{verb}" for verb in ("started", "stepped", "undone", "redone")]


def test_what_was_undone_cannot_come_back_after_another_step(by):
    scenario = begin(by)
    step(scenario, "lock", 0, 1, by)
    undo_step(scenario, by=by, now=NOW)
    step(scenario, "veto", 2, 2, by)

    with pytest.raises(Refused, match="nothing to do again"):
        redo_step(scenario, by=by, now=NOW)
    undo_step(scenario, by=by, now=NOW)
    with pytest.raises(Refused, match="nothing to undo"):
        undo_step(scenario, by=by, now=NOW)
    assert plan(scenario) == [0, 1, 2]


def test_a_move_changes_one_twin_alone_and_keeps_what_the_engine_proposed(by):
    scenario = begin(by, places=2)
    step(scenario, "move", 0, 1, by, reason="They met")

    assert plan(scenario) == [1, 1, 2]
    proposal = scenario.run.proposals.get(participation__city__name="Twin 0")
    assert (proposal.changed_reason, proposal.changed_by, proposal.engine_hosting.host.acronym) == (
        "They met",
        by,
        "Host 0",
    )
    step(scenario, "release", 0, None, by)
    assert plan(scenario) == [0, 1, 2]


def test_a_move_to_a_full_or_forbidden_host_is_refused_and_writes_nothing(by):
    scenario = begin(by)
    with pytest.raises(Refused, match="Host 1 has no place for all of Twin 0, Twin 1"):
        step(scenario, "move", 0, 1, by)
    step(scenario, "veto", 0, 1, by)
    step(scenario, "move", 1, None, by)
    with pytest.raises(Refused, match="A rule forbids Twin 0 with Host 1"):
        step(scenario, "move", 0, 1, by)

    assert scenario.steps.count() == 2
    assert Run.objects.count() == 3
    assert plan(scenario)[1] is None


def test_a_forbidden_pair_is_allowed_again(by):
    scenario = begin(by)
    step(scenario, "veto", 0, 0, by)
    assert plan(scenario)[0] != 0

    step(scenario, "release", 0, 0, by, reason="")
    assert plan(scenario) == [0, 1, 2]


def test_a_lock_against_a_rule_of_the_cohort_is_refused_in_words(by):
    scenario = begin(by)
    RuleFactory(cohort=scenario.cohort, **sides(scenario, 0, 1))

    with pytest.raises(Refused, match="Twin 0 is locked to Host 1, and another rule forbids this pair"):
        step(scenario, "lock", 0, 1, by)
    assert not scenario.steps.exists()


def test_other_aims_are_a_step_that_can_be_undone(by):
    scenario = begin(by)
    aims = {"weights": {"context": 10}, "objective": Objective.LEXIMIN}
    take_step(scenario, action="aims", aims=aims, by=by, now=NOW)
    scenario.refresh_from_db()
    assert (scenario.run.weights["context"], scenario.run.objective) == (10, "leximin")

    undo_step(scenario, by=by, now=NOW)
    scenario.refresh_from_db()
    assert scenario.run.weights["text"] == 100


@pytest.mark.parametrize("action", ["lock", "veto", "move"])
def test_an_act_wants_a_reason(by, action):
    with pytest.raises(Refused, match="Say why"):
        step(begin(by), action, 0, 1, by, reason=" ")


def test_confirming_freezes_the_plan_with_its_reasons_and_tells_nobody(by):
    scenario = begin(by, places=2)
    step(scenario, "move", 0, 1, by, reason="They met")
    scenario.refresh_from_db()
    with pytest.raises(Refused, match="Say why"):
        confirm_scenario(scenario, reason=" ", by=by, now=NOW)
    with pytest.raises(Refused, match="Confirm the scenario"):
        confirm_run(scenario.run, by=by, now=NOW)
    assert not Pairing.objects.exists()

    confirmed = confirm_scenario(scenario, reason="Best for all", by=by, now=NOW)

    assert confirmed.state == ScenarioState.CONFIRMED
    assert confirmed.run.moves[0]["reason"] == "They met"
    assert Pairing.objects.in_cohort(scenario.cohort).count() == 3
    with pytest.raises(Refused, match="decided"):
        step(scenario, "lock", 0, 1, by)


def test_a_scenario_put_aside_stays_readable_and_changes_no_more(by):
    scenario = begin(by)
    assert discard_scenario(scenario, by=by, now=NOW).state == ScenarioState.DISCARDED
    with pytest.raises(Refused):
        undo_step(scenario, by=by, now=NOW)
    comment_on(scenario, text="Too far to travel", by=by, now=NOW)
    with pytest.raises(Refused):
        comment_on(scenario, text="  ", by=by, now=NOW)
    assert scenario.comments.get().text == "Too far to travel"


def test_a_name_stands_once_in_a_cohort(by):
    scenario = begin(by)
    with pytest.raises(Refused, match="of this name already"):
        start_scenario(scenario.cohort, name="First ", weights={"text": 1}, by=by, now=NOW)


def test_a_point_of_the_curve_begins_a_scenario_with_that_lowest_score(by):
    scenario = begin(by)
    floor = min(row.score for row in scenario.run.proposals.all())

    started = start_at_floor(scenario, floor=floor, name="Fair", by=by, now=NOW)

    assert min(row.score for row in started.run.proposals.all()) >= floor
    with pytest.raises(Refused, match="no such point"):
        start_at_floor(scenario, floor=9_999, name="Dream", by=by, now=NOW)
