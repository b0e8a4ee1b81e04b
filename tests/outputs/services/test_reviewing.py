import datetime

import pytest

from outputs.models import Decision, Document
from outputs.pdf.context import running_title
from outputs.services.exceptions import extend_output, reopen_output, unwaive_output, waive_output
from outputs.services.reviewing import accept_output, comment_on_output, send_back_output, solve_comment
from outputs.services.submitting import submit_output
from outputs.states import DocumentState, OutputState, Verdict
from tests.factories.outputs import NOON, CommentFactory, OutputFactory, OutputVersionFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Refused, TransitionRefused
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(roadmap, world, monkeypatch):
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda pk: None)
    submit_output(roadmap, by=world.lead_officer, now=NOON)
    roadmap.refresh_from_db()
    return roadmap


def test_sending_back_opens_this_output_alone_and_tells_its_officers(submitted, world):
    other = OutputFactory(pairing=world.pairing, submitted=True, kind="action_plan")
    send_back_output(submitted, by=world.facilitator, now=NOON, letter=" Name an owner. ")
    submitted.refresh_from_db()
    other.refresh_from_db()
    assert (submitted.state, other.state) == (OutputState.SENT_BACK, OutputState.SUBMITTED)
    letters = Letter.objects.filter(kind="output_sent_back")
    assert {letter.to for letter in letters} == {world.lead_officer, world.officer}
    assert all("Name an owner." in letter.body_text for letter in letters)
    decision = Decision.objects.get()
    assert (decision.verdict, decision.letter, decision.version.number) == (Verdict.SENT_BACK, "Name an owner.", 1)


def test_sending_back_without_a_letter_is_refused_and_changes_nothing(submitted, world):
    with pytest.raises(Exception, match="Say what the city should change"):
        send_back_output(submitted, by=world.facilitator, now=NOON, letter="  ")
    submitted.refresh_from_db()
    assert submitted.state == OutputState.SUBMITTED
    assert not Letter.objects.filter(kind="output_sent_back").exists()


def test_accepting_settles_it_and_tells_the_officers(submitted, world):
    accept_output(submitted, by=world.facilitator, now=NOON)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.accepted_at) == (OutputState.ACCEPTED, NOON)
    assert Letter.objects.filter(kind="output_accepted").count() == 2


def test_the_accepted_version_prints_as_accepted(submitted, world):
    version = submitted.versions.get()
    Document.objects.update(state=DocumentState.READY, file="documents/x.pdf", finished_at=NOON)
    assert running_title(version).endswith("Submitted")
    accept_output(submitted, by=world.facilitator, now=NOON)
    assert running_title(submitted.versions.get()).endswith("Accepted")
    assert Document.objects.get().state == DocumentState.QUEUED


def test_a_decision_about_an_older_version_is_refused(submitted, world):
    send_back_output(submitted, by=world.facilitator, now=NOON, letter="Again, please.")
    submit_output(submitted, by=world.lead_officer, now=NOON)
    with pytest.raises(Refused, match="Version 2"):
        accept_output(submitted, by=world.facilitator, now=NOON, version_number=1)
    accept_output(submitted, by=world.facilitator, now=NOON, version_number=2)
    assert [decision.verdict for decision in Decision.objects.order_by("pk")] == ["sent_back", "accepted"]


@pytest.mark.parametrize("trait", ["draft", "sent_back", "accepted", "waived"])
def test_only_what_is_submitted_can_be_decided(trait):
    output = OutputFactory(**{trait: True})
    for decide in (accept_output, send_back_output):
        with pytest.raises(TransitionRefused):
            decide(output, by=UserFactory(), now=NOON, letter="x")


def test_a_letter_shows_apostrophes_as_people_write_them(submitted, world):
    send_back_output(submitted, by=world.facilitator, now=NOON, letter="It's <b>O'Brien's</b> text & yours")
    letter = Letter.objects.filter(kind="output_sent_back").first()
    assert "It's <b>O'Brien's</b> text & yours" in letter.body_text
    assert "<b>O" not in letter.body_html


def test_a_comment_stands_at_its_place_and_an_answer_below_it(submitted, world):
    comment = comment_on_output(submitted, text="Which plan?", by=world.facilitator, now=NOON, anchor="answer:plan")
    answer = comment_on_output(submitted, text="That of 2024", by=world.officer, now=NOON, parent=comment)
    again = comment_on_output(submitted, text="Thank you", by=world.facilitator, now=NOON, parent=answer)
    assert (comment.version.number, answer.anchor, again.parent) == (1, "answer:plan", comment)


def test_an_answer_to_an_internal_comment_stays_internal_and_unjournalled(submitted, world):
    comment = comment_on_output(submitted, text="Weak", by=world.facilitator, now=NOON, audience="internal")
    answer = comment_on_output(submitted, text="Yes", by=world.coordinator, now=NOON, parent=comment, audience="shared")
    assert answer.audience == "internal"
    solve_comment(comment, by=world.facilitator, now=NOON)
    assert not JournalEntry.objects.filter(verb__startswith="outputs.comment").exists()


def test_solving_twice_keeps_who_was_first():
    comment, first = CommentFactory(), UserFactory()
    solve_comment(comment, by=first, now=NOON)
    solve_comment(comment, by=UserFactory(), now=NOON + datetime.timedelta(days=1))
    comment.refresh_from_db()
    assert (comment.solved_by, comment.solved_at) == (first, NOON)


def test_an_extension_needs_a_later_day_and_a_reason():
    output, by = OutputFactory(), UserFactory()
    until = datetime.date(2027, 1, 15)
    for bad in ({"until": output.due_on, "reason": "x"}, {"until": until, "reason": "  "}):
        with pytest.raises(Refused):
            extend_output(output, by=by, now=NOON, **bad)
    with pytest.raises(Refused, match="has passed"):
        extend_output(output, by=by, now=datetime.datetime(2027, 2, 1, tzinfo=datetime.UTC), until=until, reason="x")
    extend_output(output, by=by, now=NOON, until=until, reason="Elections")
    output.refresh_from_db()
    assert (output.due_on, output.due, output.extension_reason) == (datetime.date(2026, 12, 7), until, "Elections")
    assert output.days_late(datetime.date(2027, 1, 15)) == 0
    assert output.days_late(datetime.date(2027, 1, 17)) == 2


def test_a_waiver_needs_a_reason_and_can_be_taken_back():
    output, by = OutputFactory(draft=True), UserFactory()
    with pytest.raises(Refused):
        waive_output(output, by=by, now=NOON, reason=" ")
    waive_output(output, by=by, now=NOON, reason="The mayor resigned.")
    output.refresh_from_db()
    assert (output.state, output.waived_reason) == (OutputState.WAIVED, "The mayor resigned.")
    unwaive_output(output, by=by, now=NOON)
    output.refresh_from_db()
    assert (output.state, output.waived_reason) == (OutputState.DRAFT, "")


def test_reopening_tells_the_officers_why(world):
    output = OutputFactory(pairing=world.pairing, accepted=True)
    reopen_output(output, by=world.coordinator, now=NOON, reason=" A new law. ")
    letters = Letter.objects.filter(kind="output_reopened")
    assert {letter.to for letter in letters} == {world.lead_officer, world.officer}
    for letter in letters:
        assert letter.subject.startswith("Open again: Learning Roadmap")
        assert "A new law." in letter.body_text
        assert "A new law." in letter.body_html


def test_more_time_and_a_waiver_are_told_to_the_officers_with_the_reason(world):
    output = OutputFactory(pairing=world.pairing, draft=True)
    extend_output(output, by=world.coordinator, now=NOON, until=datetime.date(2027, 1, 15), reason="Elections")
    waive_output(output, by=world.coordinator, now=NOON, reason="The mayor resigned.")
    unwaive_output(output, by=world.coordinator, now=NOON)
    for kind, subject, words in (
        ("output_extended", "More time: Learning Roadmap", ["15 January 2027", "Elections"]),
        ("output_waived", "No longer owed: Learning Roadmap", ["released your city", "The mayor resigned."]),
        ("output_unwaived", "Owed again: Learning Roadmap", ["owed again", "15 January 2027"]),
    ):
        letters = Letter.objects.filter(kind=kind)
        assert {letter.to for letter in letters} == {world.lead_officer, world.officer}
        for letter in letters:
            assert letter.subject.startswith(subject)
            for word in words:
                assert word in letter.body_text
                assert word in letter.body_html


def test_reopening_keeps_the_accepted_version():
    version = OutputVersionFactory(output__accepted=True, output__submitted=False)
    reopen_output(version.output, by=UserFactory(), now=NOON, reason="New law")
    version.output.refresh_from_db()
    assert (version.output.state, version.output.accepted_at) == (OutputState.SENT_BACK, None)
    assert version.output.versions.get() == version
    with pytest.raises(TransitionRefused):
        reopen_output(version.output, by=UserFactory(), now=NOON, reason="Again")
