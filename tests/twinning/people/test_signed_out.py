"""A form that comes after its session has ended: what was written is given back, and signing in leads to the page of the form."""

import pytest
from django.urls import reverse

from tests.factories.outputs import OutputFactory
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def output(world):
    return OutputFactory(pairing=world.pairing, submitted=True)


def address(name, output):
    return reverse(f"outputs:{name}", args=[output.code])


def test_a_letter_is_given_back_and_not_sent(client, output):
    page = address("output-review", output)
    data = {"letter": "Half an hour <b>of work</b>", "version": "1", "password": "two words"}
    answer = client.post(address("output-send-back", output), data, headers={"Referer": f"http://testserver{page}?a=1"})
    assert answer.status_code == 401
    assert "Half an hour &lt;b&gt;of work&lt;/b&gt;" in answer.text
    assert "two words" not in answer.text
    assert f"next={page}%3Fa%3D1" in answer.text
    output.refresh_from_db()
    assert (output.state, Letter.objects.count()) == ("submitted", 0)


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/outputs/", "/outputs/"),
        ("http://elsewhere.example/outputs/", "/"),
        ("", "/"),
        ("http://[", "/"),
    ],
)
def test_without_a_text_signing_in_leads_back_to_the_page_of_the_form(client, output, referer, back):
    answer = client.post(address("output-accept", output), {"version": "1"}, headers={"Referer": referer})
    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={back}")


@pytest.mark.parametrize("header", ["X-Requested-With", "HX-Request"])
def test_scripts_are_redirected(client, output, header):
    answer = client.post(address("output-autosave", output), {"text": "Two words"}, headers={header: "true"})
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_login"))
