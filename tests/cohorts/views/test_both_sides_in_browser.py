"""What a side says, on a phone and by keyboard alone: declined with a reason, and how well it fits."""

import datetime

import pytest
from django.urls import reverse

from cohorts.models import FitStatement, PairingAnswer
from tests.factories.cohorts import MembershipFactory, PairingFactory
from tests.flows.test_keyboard import Keyboard
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pairing():
    return PairingFactory(asked=True, answer_by=datetime.date(2099, 1, 5))


@pytest.fixture
def phone(chromium, live_server, client, pairing):
    """A page of an officer of the pairing's twin, 390 px wide."""
    client.force_login(MembershipFactory(participation=pairing.participation).user)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)  # axe is ours to inject
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def faults(page):
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*accessibility_faults(page), *([f"{beyond} px too wide"] if beyond > 0 else [])]


def test_a_city_declines_by_keyboard_and_is_asked_for_its_reason(phone, live_server, pairing):
    phone.goto(live_server.url + reverse("cohorts:pairing-answer", args=[pairing.code]))
    assert faults(phone) == []
    keyboard = Keyboard(phone)
    keyboard.reach("We accept this pairing").press("ArrowDown").reach("Send the answer")
    with phone.expect_navigation():
        keyboard.press("Enter")
    assert phone.evaluate("document.activeElement.innerText").endswith("Reason: Say why you decline.")
    assert faults(phone) == []
    keyboard.reach("Reason").press("Enter")  # the summary leads to the field
    keyboard.type("Our council wants a harbour.").reach("Send the answer")
    with phone.expect_navigation():
        keyboard.press("Enter")
    said = PairingAnswer.objects.get()
    assert (said.pairing, said.side, said.answer) == (pairing, "twin", "declined")
    assert said.reason == "Our council wants a harbour."


def test_a_city_says_by_keyboard_how_well_it_fits(phone, live_server, pairing):
    phone.goto(live_server.url + reverse("cohorts:fit-state", args=[pairing.code]))
    keyboard = Keyboard(phone)
    keyboard.reach("1: not at all").press("ArrowDown").press("ArrowDown").press("ArrowDown")
    keyboard.reach("Why").type("Same questions.").reach("Save")
    with phone.expect_navigation():
        keyboard.press("Enter")
    said = FitStatement.objects.get()
    assert (said.side, said.score, said.note) == ("twin", 4, "Same questions.")
    phone.goto(live_server.url + reverse("cohorts:fit-state", args=[pairing.code]))
    assert "4 of 5" in phone.locator("main").inner_text()
    assert faults(phone) == []
