import datetime

import pytest
from django.db import transaction

from cohorts.models import Pairing, Participation
from cohorts.states import PairingState
from matching.models import Run
from matching.selectors.criteria import weights_of
from matching.services import runs
from matching.services.criteria import set_weights
from matching.services.proposals import change_proposal
from matching.services.runs import cancel_run, confirm_run, discard_run, solve_run, start_run, sweep_runs
from matching.states import RunState
from tests.factories.cohorts import HostingFactory, PairingFactory, ParticipationFactory
from tests.factories.matching import RunFactory, cohort_to_match
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused, TransitionRefused

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


def verbs(obj):
    return [entry.verb for entry in JournalEntry.objects.about(obj)][::-1]


def hosts_of(run):
    rows = run.proposals.select_related("participation__city", "hosting__host")
    return {row.participation.city.name: row.hosting.host.acronym if row.hosting else None for row in rows}


def start(cohort, **options):
    return start_run(cohort, by=UserFactory(coordinator=True), now=NOW, weights=weights_of(cohort), **options)


def test_a_run_proposes_and_decides_nothing():
    cohort = cohort_to_match()

    run = start(cohort)

    run.refresh_from_db()
    assert run.state == RunState.STAGED
    assert hosts_of(run) == {"Twin 0": "Host 0", "Twin 1": "Host 1"}
    assert (run.is_optimal, run.total) == (True, run.bound)
    assert not Pairing.objects.exists()
    assert verbs(run) == ["matching.run.started", "matching.run.staged"]


def test_a_proposal_keeps_its_reasons_and_the_whole_ranking():
    run = start(cohort_to_match())

    proposal = run.proposals.get(participation__city__name="Twin 0")

    assert proposal.ranking[0] == [proposal.hosting.host.slug, proposal.score]
    assert len(proposal.ranking) == 2
    text = next(part for part in proposal.reasons if part["criterion"] == "text")
    assert {"code": "words_shared", "field": "twin.interests host.description", "values": ["heat"]} in text["facts"]
    assert proposal.criteria["text"] == text["score"]


def test_a_proposal_knows_whether_it_hangs_on_the_exact_weights():
    run = start(cohort_to_match())

    assert {row.firmness for row in run.proposals.all()} == {100}


def test_a_large_market_is_not_tried_again_and_again(monkeypatch):
    monkeypatch.setattr(runs, "TRIED", 3)

    assert {row.firmness for row in start(cohort_to_match()).proposals.all()} == {None}


def test_the_same_data_and_seed_give_the_same_plan():
    cohort = cohort_to_match(twins=6, hosts=6)
    Participation.objects.in_cohort(cohort).update(interests="")

    one, two, other = start(cohort), start(cohort), start(cohort, seed="7")

    assert one.certificate["plan"] == two.certificate["plan"]
    assert one.snapshot_hash == other.snapshot_hash
    assert one.certificate["plan"] != other.certificate["plan"]


def test_twins_beyond_the_seats_are_listed_with_the_reason():
    cohort = cohort_to_match(twins=3, hosts=1)
    cohort.hostings.update(capacity_maximum=2)

    run = start(cohort)

    assert [row["code"] for row in run.unmatched] == ["crowd"]
    assert (run.unmatched[0]["twins"], run.unmatched[0]["seats"], run.unmatched[0]["hosts"]) == (3, 2, ["Host 0"])


def test_a_minimum_of_a_host_is_kept():
    cohort = cohort_to_match(twins=2, hosts=2)
    cohort.hostings.filter(host__acronym="Host 1").update(capacity_minimum=2)

    assert hosts_of(start(cohort)) == {"Twin 0": "Host 1", "Twin 1": "Host 1"}


@pytest.mark.parametrize("missing", ["twins", "hosts"])
def test_a_run_without_one_side_is_refused_in_words(missing):
    cohort = cohort_to_match(**{missing: 0})

    with pytest.raises(Refused):
        start(cohort)
    assert not Run.objects.exists()


def test_a_run_without_any_weight_is_refused():
    with pytest.raises(Refused, match="weight above zero"):
        start_run(cohort_to_match(), by=None, now=NOW, weights={"text": 0})


def test_a_large_cohort_is_left_to_a_worker_after_the_commit(monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 3)
    cohort = cohort_to_match()

    with transaction.atomic():
        run = start(cohort)
        assert Run.objects.get(pk=run.pk).state == RunState.QUEUED

    assert Run.objects.get(pk=run.pk).state == RunState.STAGED


def test_a_run_is_solved_once_however_often_the_message_comes():
    run = RunFactory(cohort=cohort_to_match(), solved=True)

    solve_run(run, now=NOW)

    assert run.proposals.count() == 2
    assert verbs(run) == ["matching.run.staged"]


def test_a_run_whose_worker_died_is_solved_after_all():
    run = RunFactory(cohort=cohort_to_match())
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, updated_at=NOW)

    assert sweep_runs(now=NOW + datetime.timedelta(minutes=5)) == 0
    assert sweep_runs(now=NOW + datetime.timedelta(minutes=11)) == 1
    assert Run.objects.get(pk=run.pk).state == RunState.STAGED


def test_a_clash_of_rules_fails_the_run_with_its_reason():
    run = RunFactory(cohort=cohort_to_match())
    run.snapshot["hosts"][0]["minimum"] = 9
    run.save()

    solve_run(run, now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "minimum of 9" in run.error
    assert verbs(run) == ["matching.run.failed"]


def test_confirming_makes_the_pairings_and_tells_nobody(mailoutbox):
    cohort = cohort_to_match()
    run, coordinator = start(cohort), UserFactory(coordinator=True)

    confirm_run(run, by=coordinator, now=NOW)

    run.refresh_from_db()
    pairings = {row.participation.city.name: row.hosting.host.acronym for row in Pairing.objects.in_cohort(cohort)}
    assert pairings == {"Twin 0": "Host 0", "Twin 1": "Host 1"}
    assert (run.state, run.decided_by, run.decided_at) == (RunState.CONFIRMED, coordinator, NOW)
    assert {row.state for row in Pairing.objects.in_cohort(cohort)} == {PairingState.CONFIRMED}
    assert all(row.pairing for row in run.proposals.all())
    assert verbs(run)[-1] == "matching.run.confirmed"


def test_confirming_is_all_or_nothing_and_names_every_obstacle():
    cohort = cohort_to_match(twins=3, hosts=3)
    run = start(cohort)
    for name in ("Twin 0", "Twin 2"):
        PairingFactory(
            participation=cohort.participations.get(city__name=name), hosting=HostingFactory(cohort=cohort)
        )  # fmt: skip

    with pytest.raises(Refused, match=r"Twin 0 already has a host.*Twin 2 already has a host"):
        confirm_run(run, by=UserFactory(coordinator=True), now=NOW)

    run.refresh_from_db()
    assert run.state == RunState.STAGED
    assert Pairing.objects.in_cohort(cohort).count() == 2


def test_a_what_if_is_never_confirmed():
    run = start(cohort_to_match(), scope="all")

    with pytest.raises(Refused, match="what if"):
        confirm_run(run, by=UserFactory(coordinator=True), now=NOW)


def test_a_run_is_decided_once():
    run, coordinator = start(cohort_to_match()), UserFactory(coordinator=True)
    discard_run(run, by=coordinator, now=NOW)

    with pytest.raises(TransitionRefused):
        confirm_run(run, by=coordinator, now=NOW)
    assert verbs(run)[-1] == "matching.run.discarded"


def test_a_cancelled_run_is_not_solved_by_a_late_worker():
    run, coordinator = RunFactory(cohort=cohort_to_match()), UserFactory(coordinator=True)
    cancel_run(run, by=coordinator, now=NOW)

    solve_run(run, now=NOW)

    run.refresh_from_db()
    assert (run.state, run.decided_by, run.decided_at) == (RunState.CANCELLED, coordinator, NOW)
    assert not run.proposals.exists()
    assert verbs(run) == ["matching.run.cancelled"]


def test_a_change_by_hand_keeps_what_the_engine_proposed():
    cohort = cohort_to_match()
    run, person = start(cohort), UserFactory(coordinator=True)
    proposal = run.proposals.get(participation__city__name="Twin 0")
    other = cohort.hostings.get(host__acronym="Host 1")

    changed = change_proposal(proposal, hosting=other, reason=" They know each other. ", by=person, now=NOW)

    assert (changed.hosting, changed.engine_hosting) == (other, proposal.engine_hosting)
    assert changed.score == dict(changed.ranking)[other.host.slug]
    assert (changed.changed_reason, changed.changed_by) == ("They know each other.", person)
    entry = JournalEntry.objects.about(run).first()
    assert entry.sentence.endswith("changed the proposal for Twin 0 from Host 0 to Host 1: They know each other.")


def test_the_reason_of_a_change_stays_with_the_pairing():
    run, person = start(cohort_to_match()), UserFactory(coordinator=True)
    other = run.cohort.hostings.get(host__acronym="Host 1")
    proposal = run.proposals.get(participation__city__name="Twin 0")
    change_proposal(proposal, hosting=other, reason="Same river.", by=person, now=NOW)

    confirm_run(run, by=person, now=NOW)

    assert Pairing.objects.get(participation__city__name="Twin 0").decision_reason == "Same river."


def test_a_twin_can_be_left_without_a_host():
    run, person = start(cohort_to_match()), UserFactory(coordinator=True)
    proposal = run.proposals.get(participation__city__name="Twin 0")

    changed = change_proposal(proposal, hosting=None, reason="They asked to wait.", by=person, now=NOW)
    confirm_run(run, by=person, now=NOW)

    assert (changed.hosting, changed.score, changed.reasons) == (None, 0, [])
    assert [row.participation.city.name for row in Pairing.objects.all()] == ["Twin 1"]


def test_a_full_host_refuses_and_names_who_sits_there():
    cohort = cohort_to_match()
    cohort.hostings.update(capacity_maximum=1)
    run = start(cohort)
    proposal = run.proposals.get(participation__city__name="Twin 0")

    with pytest.raises(Refused, match="Host 1 has no free place; it is taken by Twin 1"):
        change_proposal(
            proposal, hosting=cohort.hostings.get(host__acronym="Host 1"), reason="Why not", by=None, now=NOW
        )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "same_host", "words"),
    [("  ", False, "Say why"), ("Good", True, "proposed already")],
)
def test_a_change_needs_a_reason_and_must_change_something(reason, same_host, words):
    run = start(cohort_to_match())
    proposal = run.proposals.get(participation__city__name="Twin 0")
    hosting = proposal.hosting if same_host else run.cohort.hostings.get(host__acronym="Host 1")

    with pytest.raises(Refused, match=words):
        change_proposal(proposal, hosting=hosting, reason=reason, by=UserFactory(coordinator=True), now=NOW)


def test_a_city_is_never_moved_to_its_own_activity():
    cohort = cohort_to_match(twins=1, hosts=1)
    own = ParticipationFactory(cohort=cohort, city=cohort.hostings.get().host.cities.get())
    run = start(cohort)

    with pytest.raises(Refused, match="Host 0 is a city of Host 0 itself"):
        change_proposal(
            run.proposals.get(participation=own), hosting=cohort.hostings.get(), reason="x", by=None, now=NOW
        )  # fmt: skip


def test_a_host_of_another_cohort_is_refused():
    run = start(cohort_to_match())

    with pytest.raises(Refused, match="takes no part"):
        change_proposal(run.proposals.first(), hosting=HostingFactory(), reason="x", by=None, now=NOW)


def test_a_decided_run_cannot_be_changed():
    run, person = start(cohort_to_match()), UserFactory(coordinator=True)
    discard_run(run, by=person, now=NOW)

    with pytest.raises(Refused, match="decided"):
        change_proposal(run.proposals.first(), hosting=None, reason="x", by=person, now=NOW)


def test_weights_are_kept_for_the_cohort_and_journalled_once():
    cohort, person = cohort_to_match(), UserFactory(coordinator=True)

    set_weights(cohort, weights={"text": 50, "context": 10}, by=person, now=NOW)
    set_weights(cohort, weights={"text": 50}, by=person, now=NOW)

    assert (weights_of(cohort)["text"], weights_of(cohort)["domains"]) == (50, 20)
    entry = JournalEntry.objects.about(cohort).get(verb="matching.criteria.changed")
    assert entry.data == {"changed": {"text": [15, 50]}}
