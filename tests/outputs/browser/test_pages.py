"""Every page of an output, on a desk and on a phone: nothing that axe-core finds, nothing that scrolls sideways."""

import pytest
from django.test import Client

from outputs.services.reviewing import comment_on_output, send_back_output
from outputs.services.submitting import submit_output
from tests.factories.outputs import NOON, CommentFactory
from tests.helpers.axe import accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITERS = [
    *("", "write/starting-point/", "write/domains/", "write/objectives/", "write/host-objectives/", "write/check/"),
    *("word/", "publish/"),
]
REVIEWERS = ["", "review/", "extend/", "comments/add/?anchor=answer:plan", "versions/2/?with=1", "versions/2/print/"]


@pytest.fixture
def second_round(roadmap, world, monkeypatch):
    """A roadmap that was sent back once, changed and submitted again, with comments of both kinds."""
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda pk: None)
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    send_back_output(roadmap, by=world.facilitator, now=NOON, letter="Which plan?")
    roadmap.answers.filter(field="plan").update(text="The plan of 2024.")
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    for anchor in ("", "answer:plan", "answer:baseline"):
        CommentFactory(output=roadmap, anchor=anchor)
    comment_on_output(roadmap, text="Weak", by=world.facilitator, now=NOON, audience="internal")
    return roadmap


def faults_of(chromium, live_server, person, addresses, screen):
    width, scheme = screen
    client = Client()
    client.force_login(person)
    context = chromium.new_context(
        bypass_csp=True, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    for address in addresses:
        page.goto(live_server.url + address)
        faults += [f"{address}: {fault}" for fault in accessibility_faults(page)]
        surplus = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if surplus > 0:
            faults.append(f"{address} scrolls sideways by {surplus} px")
    context.close()
    return faults


@pytest.mark.parametrize("screen", [(1440, "light"), (390, "dark")])
def test_the_pages_of_a_writer(chromium, live_server, roadmap, world, screen):
    CommentFactory(output=roadmap, anchor="answer:plan")
    CommentFactory(output=roadmap, anchor="answer:baseline")
    addresses = ["/outputs/", *(roadmap.get_absolute_url() + path for path in WRITERS)]
    assert faults_of(chromium, live_server, world.officer, addresses, screen) == []


@pytest.mark.parametrize("screen", [(1440, "dark"), (390, "light")])
def test_the_pages_of_a_reviewer(chromium, live_server, second_round, world, screen):
    addresses = ["/outputs/review/", *(second_round.get_absolute_url() + path for path in REVIEWERS)]
    assert faults_of(chromium, live_server, world.facilitator, addresses, screen) == []
