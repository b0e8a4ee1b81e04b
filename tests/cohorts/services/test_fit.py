"""Both sides say how well the pairing fits, and only their own side reads it."""

import datetime

import pytest
from django.db import IntegrityError
from django.urls import reverse

from cohorts.services.both_sides import state_fit
from tests.factories.cohorts import FitStatementFactory, PairingFactory
from tests.factories.people import UserFactory
from twinning.core.errors import Refused

pytestmark = pytest.mark.django_db
KICKOFF = datetime.date(2026, 9, 7)


def at(*day):
    return datetime.datetime(*day, 12, 0, tzinfo=datetime.UTC)


def state(pairing, score=4, *, side="twin", now, **more):
    return state_fit(pairing, side=side, score=score, by=UserFactory(), now=now, **more)


@pytest.mark.parametrize(
    ("kickoff", "now", "month"),
    [
        (KICKOFF, at(2026, 12, 7), 3),
        (KICKOFF, at(2026, 12, 6), 2),
        (KICKOFF, at(2027, 9, 7), 12),
        (None, at(2026, 12, 1), 3),
        (datetime.date(2027, 9, 7), at(2026, 10, 1), 1),
    ],
)
def test_the_month_counts_from_the_kick_off_or_else_from_the_announcement(kickoff, now, month):
    pairing = PairingFactory(participation__cohort__kickoff_on=kickoff)
    assert state(pairing, now=now).month == month


def test_a_second_statement_in_a_month_replaces_the_first_and_sides_stand_beside_each_other():
    pairing = PairingFactory()
    state(pairing, 2, now=at(2026, 12, 1), note="Too large.")
    state(pairing, 4, now=at(2026, 12, 3))
    state(pairing, 5, side="host", now=at(2026, 12, 3))
    assert list(pairing.fit_statements.order_by("side").values_list("side", "score", "note")) == [
        ("host", 5, ""),
        ("twin", 4, ""),
    ]


def test_a_pairing_that_nobody_knows_of_is_not_judged():
    with pytest.raises(Refused, match="not announced"):
        state(PairingFactory(confirmed=True), now=at(2026, 12, 1))


@pytest.mark.parametrize("score", [0, 6])
def test_the_database_knows_one_to_five(score):
    with pytest.raises(IntegrityError):
        FitStatementFactory(score=score)


def test_a_side_reads_its_own_words_and_not_those_of_the_other(client, world):
    FitStatementFactory(pairing=world.pairing, side="host", note="They never answer.")
    client.force_login(world.officer)
    address = reverse("cohorts:fit-state", args=[world.pairing.code])
    answer = client.post(address, {"score": "3", "note": "Good visits."})
    assert answer.url == world.pairing.get_absolute_url()
    text = client.get(address).content.decode() + client.get(answer.url).content.decode()
    assert "Good visits." in text
    assert "They never answer." not in text


def test_a_number_that_is_none_is_named(client, world):
    client.force_login(world.officer)
    response = client.post(reverse("cohorts:fit-state", args=[world.pairing.code]), {"score": "9"})
    assert response.status_code == 422
    assert not world.pairing.fit_statements.exists()
