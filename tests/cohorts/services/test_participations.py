"""Cities confirm, leave and come back; hosts withdraw; what follows follows."""

import datetime

import pytest

from cohorts.models import Participation
from cohorts.registry import FOLLOW_UPS, register_follow_up
from cohorts.services.hostings import change_capacity, readmit_hosting, withdraw_hosting
from cohorts.services.pairings import announce_pairings, confirm_pairing
from cohorts.services.participations import PARTICIPATION_SERVICES, withdraw_participation
from cohorts.states import NEEDS_REASON, PARTICIPATION_MOVES, PairingState, ParticipationState
from tests.factories.cohorts import (
    EventFactory,
    HostContactFactory,
    HostingFactory,
    MembershipFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused, TransitionRefused
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def admin():
    return UserFactory(administrator=True)


def test_every_move_of_the_table_has_its_service():
    assert {move.name for move in PARTICIPATION_MOVES.moves} == set(PARTICIPATION_SERVICES)


@pytest.mark.parametrize("state", ParticipationState)
@pytest.mark.parametrize("move", sorted(PARTICIPATION_SERVICES))
def test_a_move_does_what_the_table_says_or_is_refused(admin, state, move):
    reason = "Because." if state in NEEDS_REASON else ""
    participation = ParticipationFactory(state=state, state_reason=reason)
    act = PARTICIPATION_SERVICES[move]
    if not PARTICIPATION_MOVES.allows(move, state=state):
        with pytest.raises(TransitionRefused):
            act(participation, by=admin, now=NOW, reason="Because.")
        return
    act(participation, by=admin, now=NOW, reason="Because.")
    stored = Participation.objects.get(pk=participation.pk)
    assert stored.state == PARTICIPATION_MOVES.target(move, state=state)
    assert (stored.state_on, stored.state_reason) == (datetime.date(2026, 11, 21), "Because.")
    assert JournalEntry.objects.about(participation).get().verb == "cohorts.participation.moved"


def test_a_move_without_a_reason_is_a_whole_sentence_in_the_journal():
    participation = ParticipationFactory(state=ParticipationState.SELECTED)
    admin = UserFactory(administrator=True, name="Ada")
    PARTICIPATION_SERVICES["confirm"](participation, by=admin, now=NOW)
    assert JournalEntry.objects.about(participation).get().sentence == f"Ada set {participation} to “Confirmed”"


@pytest.mark.parametrize("move", ["withdraw", "decline"])
def test_nobody_leaves_without_a_reason_or_in_the_future(admin, move):
    participation = ParticipationFactory(state=ParticipationState.SELECTED)
    act = PARTICIPATION_SERVICES[move]
    with pytest.raises(Refused, match="why"):
        act(participation, by=admin, now=NOW, reason=" ")
    with pytest.raises(Refused, match="future"):
        act(participation, by=admin, now=NOW, reason="Because.", on=datetime.date(2026, 11, 22))
    participation.refresh_from_db()
    assert participation.state == ParticipationState.SELECTED


def test_who_withdraws_ends_its_pairing_and_its_plans(admin, monkeypatch):
    told = []
    monkeypatch.setitem(FOLLOW_UPS, "participation_left", [])

    def note(participation, *, by, now):
        told.append(participation)

    register_follow_up("participation_left", note)
    pairing = PairingFactory()
    visit = EventFactory(cohort=pairing.participation.cohort, pairing=pairing, kind="site_visit", number=1)
    held = EventFactory(cohort=pairing.participation.cohort, pairing=pairing, kind="workshop", number=1, state="held")

    withdraw_participation(pairing.participation, by=admin, now=NOW, reason="Elections.", on=datetime.date(2026, 11, 1))

    for row in (pairing, visit, held):
        row.refresh_from_db()
    assert (pairing.state, pairing.ended_reason) == (PairingState.ENDED, "Elections.")
    assert (visit.state, held.state) == ("cancelled", "held")
    assert told == [pairing.participation]
    assert pairing.participation.state_on == datetime.date(2026, 11, 1)


def test_announcing_makes_a_twin_take_part_and_writes_to_both_sides_once(admin):
    participation = ParticipationFactory(state=ParticipationState.SELECTED)
    hosting = HostingFactory(cohort=participation.cohort)
    officer = MembershipFactory(participation=participation).user
    contact = HostContactFactory(hosting=hosting).user
    MembershipFactory(participation=participation, over=True)
    MembershipFactory(participation=participation, user__is_active=False)
    pairing = confirm_pairing(participation, hosting=hosting, by=admin, now=NOW)
    assert not Letter.objects.exists()

    announce_pairings(participation.cohort, pairings=[pairing], by=admin, now=NOW)
    assert announce_pairings(participation.cohort, pairings=[pairing], by=admin, now=NOW) == []

    participation.refresh_from_db()
    assert participation.state == ParticipationState.ACTIVE
    assert sorted(Letter.objects.values_list("to", flat=True)) == sorted([officer.pk, contact.pk])
    assert {letter.kind for letter in Letter.objects.order_by("pk")} == {"pairing_announced"}


def test_a_host_that_leaves_names_the_twins_that_need_another(admin):
    pairing = PairingFactory()
    PairingFactory(ended=True, hosting=pairing.hosting, participation__cohort=pairing.participation.cohort)
    with pytest.raises(Refused, match="why"):
        withdraw_hosting(pairing.hosting, by=admin, now=NOW, reason="")
    assert withdraw_hosting(pairing.hosting, by=admin, now=NOW, reason="No staff.") == [pairing]
    with pytest.raises(Refused, match="already"):
        withdraw_hosting(pairing.hosting, by=admin, now=NOW, reason="No staff.")
    newcomer = ParticipationFactory(cohort=pairing.participation.cohort)
    with pytest.raises(Refused, match="withdrawn"):
        confirm_pairing(newcomer, hosting=pairing.hosting, by=admin, now=NOW)
    readmit_hosting(pairing.hosting, by=admin, now=NOW)
    assert confirm_pairing(newcomer, hosting=pairing.hosting, by=admin, now=NOW).state == PairingState.CONFIRMED


def test_a_capacity_stays_in_order_and_above_what_is_taken(admin):
    pairing = PairingFactory()
    hosting = change_capacity(pairing.hosting, fewest=1, most=2, by=admin, now=NOW)
    assert (hosting.capacity_minimum, hosting.capacity_maximum) == (1, 2)
    with pytest.raises(Refused, match="1 twin already"):
        change_capacity(hosting, fewest=0, most=0, by=admin, now=NOW)
