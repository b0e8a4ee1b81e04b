"""Requests written by hand: whatever stands in an address or a form, nobody gets a 500."""

import pytest
from django.db import DataError
from django.urls import reverse

from tests.factories.outputs import OutputFactory
from tests.factories.sensemaking import SessionFactory

pytestmark = pytest.mark.django_db

NUL = "\0"
DIGITS = "9" * 5000


@pytest.fixture
def coordinator(client, world):
    client.force_login(world.coordinator)
    return client


@pytest.fixture
def officer(client, world):
    client.force_login(world.officer)
    return client


def test_a_character_that_no_database_stores_is_a_bad_request_and_no_fault(coordinator, officer, world):
    output = OutputFactory(pairing=world.pairing)
    code, section = output.code, output.form.sections[0].slug
    found = [coordinator.get(reverse("outputs:output-list"), {"participation": NUL})]
    found += [
        officer.post(reverse("outputs:output-autosave", args=[code]), {"place": place, "text": NUL, "base": ""})
        for place in (NUL, "answer:baseline", f"objective:{NUL}:question")
    ]
    found.append(officer.get(reverse("outputs:comment-add", args=[code]), {"parent": NUL}))
    found.append(officer.get(reverse("outputs:output-section", args=[code, section]), {"open": NUL}))
    assert max(answer.status_code for answer in found) < 500


def test_the_page_says_that_nothing_was_changed(coordinator, monkeypatch):
    def refuse(request):
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")

    monkeypatch.setattr("twinning.portal.views.desk.standing_of", refuse)
    answer = coordinator.get(reverse("portal:desk"))
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()


def test_any_other_fault_of_the_database_stays_one(coordinator, monkeypatch):
    def refuse(request):
        raise DataError("value too long")

    monkeypatch.setattr("twinning.portal.views.desk.standing_of", refuse)
    with pytest.raises(DataError):
        coordinator.get(reverse("portal:desk"))


def test_a_number_too_long_to_be_meant_is_no_page(coordinator, world):
    session = SessionFactory(cohort=world.cohort)
    csv = reverse("sensemaking:room-csv", args=[session.code])
    assert coordinator.get(csv, {"part": DIGITS}).status_code == 404
    pin = reverse("sensemaking:seat-pin", args=[session.code, "NOBODY"])
    assert coordinator.post(pin, {"part": DIGITS, "pinned": "1"}).status_code == 404


@pytest.mark.parametrize("there", ["NaN", "https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_a_way_back_that_is_no_page_of_ours_leads_to_the_desk(client, world, there):
    client.force_login(world.officer)
    options = client.get(reverse("cohorts:act-for")).wsgi_request.acting_options
    answer = client.post(reverse("cohorts:act-for"), {"acting": options[0].key, "next": there})
    assert answer.status_code == 302
    assert answer.url == reverse("portal:desk")
