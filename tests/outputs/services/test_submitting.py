import copy
import datetime
import hashlib
import json

import pytest

from outputs.models import Document, OutputVersion
from outputs.services.drafting import save_place
from outputs.services.reviewing import send_back_output
from outputs.services.submitting import NotReady, submit_output
from outputs.states import DocumentState, OutputState
from tests.factories.cohorts import FacilitatorAssignmentFactory
from tests.factories.outputs import NOON, OutputFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused, TransitionRefused
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rendering(monkeypatch):
    """The PDF has its own tests; here a queued row is what is asked for."""
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda pk: None)


def test_submitting_freezes_the_content_with_its_fingerprint(roadmap, world):
    version = submit_output(roadmap, by=world.lead_officer, now=NOON, language="pt", message="Please read.")
    roadmap.refresh_from_db()
    assert (roadmap.state, roadmap.submitted_at) == (OutputState.SUBMITTED, NOON)
    assert (version.number, version.language, version.message, version.on_behalf_of) == (1, "pt", "Please read.", "")
    text = json.dumps(version.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert version.content_hash == hashlib.sha256(text.encode()).hexdigest()
    assert version.content["twin"]["name"] == roadmap.participation.city.name
    rows = [row for section in version.content["sections"] for row in section.get("objectives", [])]
    assert len(rows) == 4
    assert all(row["owner"] == "Head of housing" for row in rows)


def test_a_frozen_version_does_not_follow_later_changes(roadmap, world):
    version = submit_output(roadmap, by=world.lead_officer, now=NOON)
    before = copy.deepcopy(version.content)
    send_back_output(roadmap, by=world.facilitator, now=NOON, letter="More, please.")
    save_place(roadmap, "answer:plan", text="Changed", base="About plan.", by=world.officer, now=NOON)
    roadmap.participation.city.name = "Renamed"
    roadmap.participation.city.save()
    assert OutputVersion.objects.get(pk=version.pk).content == before


def test_only_the_assigned_facilitators_get_a_letter(roadmap, world):
    second = FacilitatorAssignmentFactory(pairing=world.pairing, is_lead=False).user
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    letters = Letter.objects.filter(kind="output_submitted")
    assert {letter.to for letter in letters} == {world.facilitator, second}
    assert all("version 1" in letter.body_text and "/review/" in letter.body_html for letter in letters)


def test_a_document_is_queued_once_and_the_journal_says_who(roadmap, world):
    version = submit_output(roadmap, by=world.lead_officer, now=NOON)
    assert [document.state for document in version.documents.all()] == [DocumentState.QUEUED]
    line = JournalEntry.objects.get(verb="outputs.output.submitted")
    assert line.sentence == f"Lea Lead submitted {roadmap}, version 1"


def test_submitting_on_behalf_is_marked_in_version_and_journal(roadmap, world):
    version = submit_output(roadmap, by=world.facilitator, now=NOON, on_behalf=True)
    city = roadmap.participation.city.name
    assert version.on_behalf_of == city
    assert JournalEntry.objects.get(verb="outputs.output.submitted").who == f"Fay Facilitator for {city}"
    assert not Letter.objects.filter(to=world.facilitator).exists()


def test_what_is_not_complete_is_refused_with_the_places(roadmap, world):
    roadmap.answers.filter(field="risks").delete()
    with pytest.raises(NotReady) as caught:
        submit_output(roadmap, by=world.lead_officer, now=NOON)
    assert [check.anchor for check in caught.value.checks] == ["answer:risks"]
    roadmap.refresh_from_db()
    assert roadmap.state == OutputState.DRAFT
    assert not OutputVersion.objects.exists()
    assert not Document.objects.exists()


def test_submitting_twice_is_refused(roadmap, world):
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    with pytest.raises(TransitionRefused):
        submit_output(roadmap, by=world.lead_officer, now=NOON)
    assert roadmap.versions.count() == 1


def at(text):
    return datetime.datetime.fromisoformat(text)


def test_after_the_cut_off_nothing_is_taken_for_the_first_time(roadmap, world):
    roadmap.cut_off_on = datetime.date(2026, 12, 21)
    roadmap.save()
    with pytest.raises(Refused, match="21 December 2026"):
        submit_output(roadmap, by=world.lead_officer, now=at("2026-12-21T23:30:00+00:00"))  # 00:30 in Brussels
    assert submit_output(roadmap, by=world.lead_officer, now=at("2026-12-21T22:30:00+00:00")).number == 1


def test_an_extension_moves_the_cut_off(roadmap, world):
    roadmap.cut_off_on = datetime.date(2026, 12, 21)
    roadmap.extended_until, roadmap.extension_reason = datetime.date(2027, 1, 15), "Elections"
    roadmap.save()
    assert submit_output(roadmap, by=world.lead_officer, now=at("2027-01-15T12:00:00+00:00")).number == 1


def test_what_was_sent_back_may_come_back_after_the_cut_off(roadmap, world):
    roadmap.cut_off_on = datetime.date(2026, 12, 21)
    roadmap.save()
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    send_back_output(roadmap, by=world.facilitator, now=NOON, letter="Name the risks.")
    assert submit_output(roadmap, by=world.lead_officer, now=at("2027-02-01T12:00:00+00:00")).number == 2


def test_a_city_that_left_cannot_submit(roadmap, world):
    participation = roadmap.participation
    participation.state, participation.state_reason = "withdrawn", "The council decided so."
    participation.save()
    with pytest.raises(Refused, match="no longer takes part"):
        submit_output(roadmap, by=world.lead_officer, now=NOON)


def test_an_untouched_output_cannot_be_submitted(world):
    with pytest.raises(TransitionRefused):
        submit_output(OutputFactory(pairing=world.pairing), by=world.lead_officer, now=NOON)
