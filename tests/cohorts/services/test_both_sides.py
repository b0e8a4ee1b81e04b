"""Both sides answer an announced pairing; a decline tells the team and ends nothing."""

import datetime

import pytest
from django.db import IntegrityError

from cohorts.services.both_sides import answer_pairing
from cohorts.services.pairings import announce_pairings, end_pairing
from cohorts.states import PairingState
from tests.factories.cohorts import (
    CohortTeamMemberFactory,
    FacilitatorAssignmentFactory,
    MembershipFactory,
    PairingAnswerFactory,
    PairingFactory,
)
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db
THURSDAY = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


def announce(pairing, now=THURSDAY):
    (told,) = announce_pairings(pairing.participation.cohort, pairings=[pairing], by=UserFactory(), now=now)
    return told


def answer(pairing, side="twin", said="accepted", **more):
    return answer_pairing(pairing, side=side, answer=said, by=UserFactory(), now=THURSDAY, **more)


@pytest.mark.parametrize(
    ("days", "last"),
    [(10, datetime.date(2026, 10, 15)), (1, datetime.date(2026, 10, 2)), (2, datetime.date(2026, 10, 5))],
)
def test_an_announcement_sets_the_day_of_the_answer_in_working_days(days, last):
    pairing = PairingFactory(confirmed=True, participation__cohort__answer_days=days)
    assert announce(pairing).answer_by == last


def test_the_day_is_counted_in_the_zone_of_the_cohort():
    late_evening = datetime.datetime(2026, 10, 1, 23, 0, tzinfo=datetime.UTC)  # Friday already in Brussels
    pairing = PairingFactory(confirmed=True, participation__cohort__answer_days=1)
    assert announce(pairing, late_evening).answer_by == datetime.date(2026, 10, 5)


def test_a_cohort_may_ask_for_no_answer():
    pairing = announce(PairingFactory(confirmed=True, participation__cohort__answer_days=0))
    assert pairing.answer_by is None
    with pytest.raises(Refused, match="Nobody is asked"):
        answer(pairing)


def test_the_letter_of_the_announcement_names_the_day():
    pairing = PairingFactory(confirmed=True)
    MembershipFactory(participation=pairing.participation)
    announce(pairing)
    letter = Letter.objects.get(kind="pairing_announced")
    assert "Please say by Thursday 15 October 2026" in letter.body_text
    assert "Please say by Thursday 15 October 2026" in letter.body_html


def test_pairings_of_a_package_ask_for_nothing():
    with pytest.raises(Refused, match="Nobody is asked"):
        answer(PairingFactory())


def test_a_pairing_that_is_not_announced_or_has_ended_asks_for_nothing():
    with pytest.raises(Refused, match="Nobody is asked"):
        answer(PairingFactory(confirmed=True))
    ended = announce(PairingFactory(confirmed=True))
    end_pairing(ended, by=UserFactory(), now=THURSDAY, reason="The host left.")
    with pytest.raises(Refused, match="Nobody is asked"):
        answer(ended)


def test_each_side_answers_for_itself():
    pairing = PairingFactory(asked=True)
    answer(pairing, "twin")
    answer(pairing, "host", "declined", reason="No staff this year.")
    assert dict(pairing.answers.values_list("side", "answer")) == {"twin": "accepted", "host": "declined"}
    verbs = JournalEntry.objects.about(pairing).values_list("verb", flat=True)
    assert list(verbs) == ["cohorts.pairing.declined", "cohorts.pairing.accepted"]


def test_a_decline_needs_a_reason_and_ends_nothing():
    pairing = PairingFactory(asked=True)
    with pytest.raises(Refused, match="Say why"):
        answer(pairing, said="declined", reason="  ")
    assert not pairing.answers.exists()
    answer(pairing, said="declined", reason="We wanted a harbour.")
    pairing.refresh_from_db()
    assert pairing.state == PairingState.ANNOUNCED
    assert list(type(pairing).objects.declined()) == [pairing]


def test_a_decline_tells_who_accompanies_and_who_runs_the_cohort_once():
    pairing = PairingFactory(asked=True)
    guide = FacilitatorAssignmentFactory(pairing=pairing).user
    runner = CohortTeamMemberFactory(cohort=pairing.participation.cohort).user
    CohortTeamMemberFactory(cohort=pairing.participation.cohort, user=guide)
    CohortTeamMemberFactory()
    answer(pairing, said="declined", reason="We wanted a harbour.")
    letters = Letter.objects.filter(kind="pairing_declined").order_by("pk")
    assert [letter.to for letter in letters] == [guide, runner]
    assert "We wanted a harbour." in letters[0].body_text


def test_an_acceptance_sends_no_letter():
    pairing = FacilitatorAssignmentFactory(pairing=PairingFactory(asked=True)).pairing
    answer(pairing)
    assert not Letter.objects.exists()


def test_a_side_may_change_its_mind_and_not_repeat_itself():
    pairing = PairingFactory(asked=True)
    answer(pairing, said="declined", reason="We wanted a harbour.")
    with pytest.raises(Refused, match="already"):
        answer(pairing, said="declined", reason="Again.")
    answer(pairing)
    assert list(pairing.answers.values_list("answer", "reason")) == [("accepted", "")]
    assert not type(pairing).objects.declined().exists()


def test_the_database_refuses_a_decline_without_reason():
    with pytest.raises(IntegrityError):
        PairingAnswerFactory(answer="declined", reason="")


def test_the_database_refuses_a_second_answer_of_a_side():
    given = PairingAnswerFactory()
    with pytest.raises(IntegrityError):
        PairingAnswerFactory(pairing=given.pairing)
