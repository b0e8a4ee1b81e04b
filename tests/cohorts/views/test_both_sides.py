"""The page on which a side accepts or declines, and where the answers are shown."""

import datetime

import pytest
from django.urls import reverse

from tests.factories.cohorts import PairingAnswerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world):
    world.pairing.answer_by = datetime.date(2099, 1, 5)
    world.pairing.save()
    return world


def address(pairing):
    return reverse("cohorts:pairing-answer", args=[pairing.code])


@pytest.mark.parametrize(("person", "side"), [("officer", "twin"), ("lead_officer", "twin"), ("host_contact", "host")])
def test_everybody_answers_for_their_own_side(client, asked, person, side):
    client.force_login(getattr(asked, person))
    response = client.post(address(asked.pairing), {"answer": "accepted"})
    assert response.url == asked.pairing.get_absolute_url()
    (given,) = asked.pairing.answers.all()
    assert (given.side, given.answer, given.by) == (side, "accepted", getattr(asked, person))


def test_nobody_answers_for_the_other_side(client, asked):
    client.force_login(asked.officer)
    response = client.post(address(asked.pairing), {"answer": "accepted", "side": "host"})
    assert response.status_code == 422
    assert not asked.pairing.answers.exists()


def test_a_decline_without_reason_is_asked_for_one(client, asked):
    client.force_login(asked.officer)
    response = client.post(address(asked.pairing), {"answer": "declined", "reason": " "})
    assert response.status_code == 422
    assert response.context["form"].errors["reason"] == ["Say why you decline."]


def test_the_same_answer_twice_is_refused_in_words(client, asked):
    PairingAnswerFactory(pairing=asked.pairing)
    client.force_login(asked.officer)
    response = client.post(address(asked.pairing), {"answer": "accepted"})
    assert response.context["form"].non_field_errors() == ["That is the answer that your side has given already."]


def test_a_pairing_that_asks_nobody_shows_no_form(client, world):
    client.force_login(world.officer)
    text = client.get(address(world.pairing)).content.decode()
    assert "Nobody is asked to answer" in text
    assert 'name="answer"' not in text


def test_the_page_of_the_pairing_shows_answers_and_asks_only_those_who_may(client, asked):
    PairingAnswerFactory(pairing=asked.pairing, side="host", declined=True)
    for person, may in (("officer", True), ("host_contact", True), ("coordinator", False), ("observer", False)):
        client.force_login(getattr(asked, person))
        response = client.get(asked.pairing.get_absolute_url())
        assert "The council wants a harbour city." in response.content.decode()
        assert (address(asked.pairing) in response.content.decode()) is may, person
        assert [row.answer and row.answer.answer for row in response.context["answers"]] == [None, "declined"]


def test_a_day_that_has_passed_is_named(client, asked):
    asked.pairing.answer_by = datetime.date(2026, 9, 15)
    asked.pairing.save()
    client.force_login(asked.coordinator)
    text = client.get(asked.pairing.get_absolute_url()).content.decode()
    assert text.count("No answer, and the day has passed") == 2


@pytest.mark.parametrize(("person", "partner"), [("officer", "host"), ("host_contact", "twin")])
def test_the_desk_asks_first_whether_the_side_accepts(client, asked, person, partner):
    names = {"host": str(asked.pairing.hosting), "twin": asked.pairing.participation.city.name}
    client.force_login(getattr(asked, person))
    step = client.get(reverse("portal:desk")).context["desk"].step
    assert step.title == f"Do you accept the pairing with {names[partner]}?"
    assert (step.url, step.due_on) == (address(asked.pairing), asked.pairing.answer_by)

    PairingAnswerFactory(pairing=asked.pairing, side="twin" if partner == "host" else "host")
    assert client.get(reverse("portal:desk")).context["desk"].step.url != address(asked.pairing)


@pytest.mark.parametrize("person", ["coordinator", "team_facilitator"])
def test_those_who_run_the_cohort_are_told_of_a_decline(client, asked, person):
    PairingAnswerFactory(pairing=asked.pairing, declined=True)
    client.force_login(getattr(asked, person))
    todos = client.get(reverse("portal:cohort", args=["here"])).context["todos"]
    assert todos[0].title == f"{asked.pairing.participation.city} declined: re-match"
    assert todos[0].detail == "The council wants a harbour city."
