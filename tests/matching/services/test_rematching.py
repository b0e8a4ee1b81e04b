"""Accepting an option ends and makes pairings with the reason; nobody is told before it is announced."""

import datetime

import pytest

from cohorts.models import Hosting, Pairing, PairingAnswer, Participation
from cohorts.services.pairings import announce_pairings
from cohorts.states import PairingState
from matching.selectors.rematching import options_of, situation_of
from matching.services.rematching import accept_option
from matching.states import Movable
from tests.factories.cohorts import (
    FacilitatorAssignmentFactory,
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


def test_a_swap_becomes_true_and_waits_to_be_announced(cohort):
    new = accept(cohort)
    assert len(new) == 2
    assert seated(cohort) == {"Twin 0": ("Host 1", "confirmed"), "Twin 1": ("Host 0", "confirmed")}
    ended = Pairing.objects.filter(state=PairingState.ENDED)
    assert {row.ended_reason for row in ended} == {"Twin 0 declined."}
    assert {row.decision_reason for row in new} == {"Twin 0 declined."}
    entry = JournalEntry.objects.about(cohort).first()
    assert (entry.verb, entry.data["kept"], entry.data["changed"]) == ("matching.rematch.accepted", 0, 2)


def test_no_side_gets_a_letter_before_the_announcement(cohort):
    for participation in Participation.objects.in_cohort(cohort):
        MembershipFactory(participation=participation)
    new = accept(cohort)
    assert not Letter.objects.exists()
    announce_pairings(cohort, pairings=new, by=UserFactory(), now=NOW)
    assert Letter.objects.filter(kind="pairing_announced").count() == 2


def test_the_facilitators_go_along(cohort):
    old = Pairing.objects.get(participation__city__name="Twin 0")
    guide = FacilitatorAssignmentFactory(pairing=old).user
    accept(cohort)
    fresh = Pairing.objects.open().get(participation__city__name="Twin 0")
    assert [row.user for row in fresh.assignments.current()] == [guide]


def test_keeping_all_others_leaves_the_declining_twin_without_a_host(cohort):
    assert accept(cohort, "A") == []
    assert seated(cohort) == {"Twin 1": ("Host 1", "announced")}


def test_a_reason_is_needed(cohort):
    with pytest.raises(Refused, match="Say why"):
        accept(cohort, reason=" ")
    assert Pairing.objects.filter(state=PairingState.ENDED).count() == 0


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
