"""Accepting an option decides and changes no pairing; announcing it ends and makes pairings and tells both sides."""

import datetime

import pytest

from cohorts.models import Event, Hosting, Pairing, PairingAnswer, Participation
from cohorts.services.hostings import withdraw_hosting
from cohorts.services.pairings import end_pairing
from cohorts.states import PairingState
from matching.selectors.rematching import accepted_rematch, options_of, prices_of, situation_of
from matching.services.proposals import change_proposal
from matching.services.rematching import accept_option, announce_rematch, set_prices
from matching.services.runs import confirm_run, discard_run
from matching.states import Movable
from outputs.models import Output
from tests.factories.cohorts import (
    EventFactory,
    FacilitatorAssignmentFactory,
    HostContactFactory,
    HostingFactory,
    MembershipFactory,
    PairingAnswerFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.matching import cohort_to_match
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def cohort():
    """Two announced pairs and no free place; twin 0 has declined."""
    cohort = cohort_to_match()
    cohort.hostings.update(capacity_maximum=1)
    for number in range(2):
        PairingFactory(
            asked=True,
            participation=Participation.objects.get(city__name=f"Twin {number}"),
            hosting=Hosting.objects.get(host__acronym=f"Host {number}"),
        )
    PairingAnswerFactory(pairing=Pairing.objects.get(participation__city__name="Twin 0"), declined=True)
    return cohort


def digest(cohort, key, movable=Movable.ANNOUNCED):
    return {option.key: option.digest for option in options_of(situation_of(cohort), movable=movable)}[key]


def accept(cohort, key="B", *, reason="Twin 0 declined.", movable=Movable.ANNOUNCED, option=None):
    option = option or digest(cohort, key, movable)
    return accept_option(cohort, option=option, movable=movable, reason=reason, by=UserFactory(), now=NOW)


def seated(cohort):
    rows = Pairing.objects.in_cohort(cohort).open().with_sides()
    return {row.participation.city.name: (row.hosting.host.acronym, row.state) for row in rows}


def announce(run):
    return announce_rematch(run, by=UserFactory(), now=NOW)


def test_accepting_changes_no_pairing_and_leaves_a_proven_plan_to_announce(cohort):
    before = seated(cohort)
    run = accept(cohort)
    assert seated(cohort) == before
    assert accepted_rematch(cohort) == run
    plan = {row.participation.city.name: row.hosting.host.acronym for row in run.proposals.all()}
    assert plan == {"Twin 0": "Host 1", "Twin 1": "Host 0"}
    assert run.total <= run.bound
    assert [(move["before"] != move["host"], move["reason"]) for move in run.moves] == [(True, "Twin 0 declined.")] * 2
    entry = JournalEntry.objects.about(cohort).first()
    assert (entry.verb, entry.data["kept"], entry.data["changed"]) == ("matching.rematch.accepted", 0, 2)


def test_both_sides_see_the_same_before_and_after_acceptance(cohort):
    pairing = Pairing.objects.get(participation__city__name="Twin 1")
    officer = MembershipFactory(participation=pairing.participation).user
    contact = HostContactFactory(hosting=pairing.hosting).user
    EventFactory(cohort=cohort, pairing=pairing, kind="site_visit")

    def seen_by(person):
        pairings = list(Pairing.objects.visible_to(person).order_by("pk").values_list("pk", "state", "ended_reason"))
        events = list(Event.objects.visible_to(person).order_by("pk").values_list("pk", "state"))
        outputs = list(Output.objects.visible_to(person).order_by("pk").values_list("pk", "state"))
        lines = JournalEntry.objects.about(pairing).count()
        known = list(Pairing.objects.known_to(person).order_by("pk").values_list("pk", flat=True))
        return pairings, events, outputs, lines, known

    before = seen_by(officer), seen_by(contact)
    run = accept(cohort)
    assert (seen_by(officer), seen_by(contact)) == before
    assert not Letter.objects.exists()
    announce(run)
    assert [state for _pk, state, _reason in seen_by(officer)[0]] == ["ended", "announced"]
    taught = Pairing.objects.visible_to(contact).filter(state=PairingState.ANNOUNCED)
    assert [str(row.participation.city) for row in taught] == ["Twin 0"]


def test_announcing_carries_the_swap_out_and_tells_both_sides(cohort):
    for participation in Participation.objects.in_cohort(cohort):
        MembershipFactory(participation=participation)
    run = accept(cohort)
    new = announce(run)
    assert seated(cohort) == {"Twin 0": ("Host 1", "announced"), "Twin 1": ("Host 0", "announced")}
    ended = Pairing.objects.filter(state=PairingState.ENDED)
    assert {row.ended_reason for row in ended} == {"Twin 0 declined."}
    assert {row.decision_reason for row in new} == {"Twin 0 declined."}
    assert Letter.objects.filter(kind="pairing_announced").count() == 2
    run.refresh_from_db()
    assert (run.state, accepted_rematch(cohort)) == ("confirmed", None)
    assert {row.pairing for row in run.proposals.all()} == set(new)
    assert JournalEntry.objects.about(cohort).first().verb == "matching.rematch.announced"


def test_the_facilitators_go_along(cohort):
    old = Pairing.objects.get(participation__city__name="Twin 0")
    guide = FacilitatorAssignmentFactory(pairing=old).user
    announce(accept(cohort))
    fresh = Pairing.objects.open().get(participation__city__name="Twin 0")
    assert [row.user for row in fresh.assignments.current()] == [guide]


def test_keeping_all_others_ends_the_declined_pair_with_the_announcement(cohort):
    run = accept(cohort, "A")
    assert seated(cohort)["Twin 0"] == ("Host 0", "announced")
    assert announce(run) == []
    assert seated(cohort) == {"Twin 1": ("Host 1", "announced")}


def test_what_is_taken_back_changes_nothing_for_anybody(cohort):
    before = seated(cohort)
    discard_run(accept(cohort), by=UserFactory(), now=NOW)
    assert (seated(cohort), accepted_rematch(cohort)) == (before, None)


def test_a_second_acceptance_takes_the_place_of_the_first(cohort):
    first = accept(cohort, "A")
    second = accept(cohort, "B")
    first.refresh_from_db()
    assert (first.state, accepted_rematch(cohort)) == ("discarded", second)


def test_a_pair_that_the_team_ended_openly_meanwhile_is_no_obstacle(cohort):
    run = accept(cohort)
    end_pairing(Pairing.objects.get(participation__city__name="Twin 0"), by=UserFactory(), now=NOW, reason="Agreed.")
    announce(run)
    assert seated(cohort)["Twin 0"] == ("Host 1", "announced")


def test_a_host_that_leaves_meanwhile_refuses_the_announcement_and_nothing_happens(cohort):
    run = accept(cohort)
    before = seated(cohort)
    withdraw_hosting(Hosting.objects.get(host__acronym="Host 1"), by=UserFactory(), now=NOW, reason="No staff.")
    with pytest.raises(Refused, match="Host 1 has withdrawn"):
        announce(run)
    assert seated(cohort) == before


def test_a_twin_that_was_given_another_host_meanwhile_refuses_the_announcement(cohort):
    run = accept(cohort)
    pairing = Pairing.objects.get(participation__city__name="Twin 0")
    spare = HostingFactory(cohort=cohort)
    Pairing.objects.filter(pk=pairing.pk).update(hosting=spare)
    with pytest.raises(Refused, match="others were given another host: Twin 0"):
        announce(run)


def test_an_accepted_re_match_is_changed_by_no_other_door(cohort):
    run = accept(cohort)
    with pytest.raises(Refused, match="accepted re-match"):
        change_proposal(run.proposals.first(), hosting=None, reason="So.", by=UserFactory(), now=NOW)
    with pytest.raises(Refused):
        confirm_run(run, by=UserFactory(), now=NOW)


def test_a_reason_is_needed(cohort):
    with pytest.raises(Refused, match="Say why"):
        accept(cohort, reason=" ")
    assert accepted_rematch(cohort) is None


def test_an_option_of_another_day_is_refused_and_nothing_happens(cohort):
    option = digest(cohort, "B")
    ParticipationFactory(cohort=cohort)
    with pytest.raises(Refused, match="changed since"):
        accept(cohort, option=option)
    assert seated(cohort)["Twin 0"] == ("Host 0", "announced")


def test_what_is_locked_cannot_be_moved_by_a_known_fingerprint(cohort):
    with pytest.raises(Refused, match="changed since"):
        accept(cohort, option=digest(cohort, "B"), movable=Movable.STAGED)


def test_an_option_without_changes_is_refused(cohort):
    PairingAnswer.objects.all().delete()
    with pytest.raises(Refused, match="changes nothing"):
        accept(cohort, "A")


def test_what_a_change_counts_is_the_cohorts_own(cohort):
    assert prices_of(cohort) == {"staged": 1, "announced": 2, "met": 4}
    set_prices(cohort, prices={"staged": 1, "announced": 5, "met": 50}, by=UserFactory(), now=NOW)
    assert prices_of(cohort) == {"staged": 1, "announced": 5, "met": 50}
    assert situation_of(cohort).prices == prices_of(cohort)
    assert JournalEntry.objects.about(cohort).first().data["changed"] == {"announced": [2, 5], "met": [4, 50]}


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        ({"staged": 3, "announced": 2, "met": 4}, "come further"),
        ({"staged": 1, "announced": 2, "met": 101}, "100"),
    ],
)
def test_prices_that_make_no_sense_are_refused_and_nothing_is_kept(cohort, prices, words):
    with pytest.raises(Refused, match=words):
        set_prices(cohort, prices=prices, by=UserFactory(), now=NOW)
    assert prices_of(cohort) == {"staged": 1, "announced": 2, "met": 4}
