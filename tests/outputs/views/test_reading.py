import datetime
import re
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from outputs.models import Comment, Document
from outputs.selectors.reviews import versions_of
from outputs.services.documents import claim_document, finish_document
from outputs.services.reviewing import comment_on_output, send_back_output
from outputs.services.submitting import submit_output
from outputs.states import DocumentFormat, DocumentState, OutputState
from tests.factories.cohorts import FacilitatorAssignmentFactory, PairingFactory
from tests.factories.outputs import NOON, CommentFactory, DocumentFactory, OutputFactory, OutputVersionFactory
from tests.factories.rows import (
    ActionStepFactory,
    CandidateConditionFactory,
    PlanActionFactory,
    SessionGroupFactory,
    StakeholderFactory,
    TransferCandidateFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rendering(monkeypatch):
    monkeypatch.setattr("outputs.services.documents.hint_worker", lambda pk: None)


@pytest.fixture
def submitted(roadmap, world):
    submit_output(roadmap, by=world.lead_officer, now=NOON, message="Please read.")
    roadmap.refresh_from_db()
    return roadmap


def url(name, output, *arguments):
    return reverse(f"outputs:{name}", args=[output.code, *arguments])


def sign_in(client, person):
    client.force_login(person)
    return client


# --- Reviewing ----------------------------------------------------------------------------------------------------------


def test_the_facilitator_sends_back_with_a_letter_and_returns_to_the_queue(client, submitted, world):
    sign_in(client, world.facilitator)
    answer = client.post(url("output-send-back", submitted), {"letter": "Name the risks.", "version": 1})
    assert (answer.status_code, answer.url) == (302, reverse("outputs:review-queue"))
    submitted.refresh_from_db()
    assert submitted.state == OutputState.SENT_BACK


def test_sending_back_without_a_letter_says_so_beside_the_field(client, submitted, world):
    sign_in(client, world.facilitator)
    answer = client.post(url("output-send-back", submitted), {"letter": " ", "version": 1})
    assert answer.status_code == 422
    assert "Say what the city should change." in answer.content.decode()


@pytest.mark.parametrize("act", ["output-accept", "output-send-back"])
def test_who_decides_after_a_colleague_reads_why_not_and_keeps_the_letter(client, submitted, world, act):
    sign_in(client, world.coordinator)
    send_back_output(submitted, by=world.facilitator, now=NOON, letter="Again")
    answer = client.post(url(act, submitted), {"version": 1, "letter": "Half an hour of work"})
    assert answer.status_code == 422
    assert "the state has changed meanwhile" in answer.text
    assert "Half an hour of work" in answer.text


def test_accepting_an_older_version_is_refused_in_words(client, submitted, world):
    sign_in(client, world.facilitator)
    send_back_output(submitted, by=world.facilitator, now=NOON, letter="Again")
    submit_output(submitted, by=world.lead_officer, now=NOON)
    answer = client.post(url("output-accept", submitted), {"version": 1, "letter": ""})
    assert answer.status_code == 422
    assert "Version 2 was submitted meanwhile" in answer.content.decode()
    client.post(url("output-accept", submitted), {"version": 2, "letter": "Well done"})
    submitted.refresh_from_db()
    assert submitted.state == OutputState.ACCEPTED


@pytest.mark.parametrize(
    ("person", "status"),
    [("officer", 403), ("host_contact", 403), ("observer", 403), ("other_facilitator", 404), ("team_facilitator", 404)],
)
def test_only_assigned_facilitators_and_who_steers_decide(client, submitted, world, person, status):
    sign_in(client, getattr(world, person))
    for name in ("output-accept", "output-send-back"):
        assert client.post(url(name, submitted), {"letter": "x"}).status_code == status
    assert client.get(url("output-review", submitted)).status_code == status
    submitted.refresh_from_db()
    assert submitted.state == OutputState.SUBMITTED


def test_the_review_page_names_the_next_one_that_waits(client, submitted, world):
    pairing = PairingFactory(participation__cohort=world.cohort)
    FacilitatorAssignmentFactory(pairing=pairing, user=world.facilitator)
    waiting = OutputVersionFactory(output__pairing=pairing).output
    page = sign_in(client, world.facilitator).get(url("output-review", submitted)).content.decode()
    assert url("output-review", waiting) in page


def test_the_queue_holds_what_waits_for_me_alone(client, submitted, world):
    OutputVersionFactory(output__pairing=world.other_pairing)
    page = sign_in(client, world.facilitator).get(reverse("outputs:review-queue")).content.decode()
    assert page.count('<th scope="row"') == 1
    assert "Review the next" in page
    assert sign_in(client, world.officer).get(reverse("outputs:review-queue")).status_code == 200


@pytest.mark.parametrize("count", [1, 4])
def test_the_queue_asks_the_same_queries_for_one_and_for_four(client, world, count, django_assert_num_queries):
    for _ in range(count):
        pairing = PairingFactory(participation__cohort=world.cohort)
        FacilitatorAssignmentFactory(pairing=pairing, user=world.facilitator)
        OutputFactory(pairing=pairing, submitted=True)
    sign_in(client, world.facilitator).get(reverse("outputs:review-queue"))
    with django_assert_num_queries(QUEUE_QUERIES):
        client.get(reverse("outputs:review-queue"))


QUEUE_QUERIES = 4


# --- Comments -------------------------------------------------------------------------------------------------------------


def test_a_comment_stands_at_its_place_for_the_writer(client, submitted, world):
    sign_in(client, world.facilitator)
    add = url("comment-add", submitted)
    assert client.get(f"{add}?anchor=answer:plan").status_code == 200
    client.post(add, {"text": "Which one?", "anchor": "answer:plan", "audience": "shared"})
    send_back_output(submitted, by=world.facilitator, now=NOON, letter="See there")
    page = sign_in(client, world.officer).get(url("output-section", submitted, "starting-point")).content.decode()
    assert "Which one?" in page


def test_an_internal_comment_reaches_neither_city_nor_host(client, submitted, world):
    comment_on_output(submitted, text="Weak text", by=world.facilitator, now=NOON, audience="internal")
    comment_on_output(submitted, text="Fine text", by=world.facilitator, now=NOON)
    readers = {
        name: sign_in(client, getattr(world, name)).get(submitted.get_absolute_url()).content.decode()
        for name in ("officer", "host_contact", "facilitator", "coordinator")
    }
    assert {name for name, page in readers.items() if "Fine text" in page} == set(readers)
    assert {name for name, page in readers.items() if "Weak text" in page} == {"facilitator", "coordinator"}


def test_who_is_no_reviewer_cannot_make_a_comment_internal_nor_answer_one(client, submitted, world):
    internal = CommentFactory(output=submitted, internal=True)
    sign_in(client, world.officer)
    client.post(url("comment-add", submitted), {"text": "Mine", "audience": "internal"})
    assert Comment.objects.get(text="Mine").audience == "shared"
    assert client.post(url("comment-add", submitted), {"text": "x", "parent": internal.code}).status_code == 404
    assert client.post(url("comment-solve", submitted, internal.code)).status_code == 404


def test_solving_asks_first(client, submitted, world):
    comment = CommentFactory(output=submitted)
    sign_in(client, world.officer)
    assert client.get(url("comment-solve", submitted, comment.code)).status_code == 200
    comment.refresh_from_db()
    assert comment.solved_at is None
    answer = client.post(url("comment-solve", submitted, comment.code))
    assert answer.url == f"{submitted.get_absolute_url()}#comment-{comment.code}"


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "NaN", "😀", "../"])
def test_the_way_back_leads_to_a_page_of_ours_alone(client, submitted, world, next_page):
    sign_in(client, world.officer)
    solve = url("comment-solve", submitted, CommentFactory(output=submitted).code)
    for address, sent in (
        (solve, {"next": next_page}),
        (url("comment-add", submitted), {"next": next_page, "text": "x"}),
    ):
        answer = client.post(address, sent)
        assert answer.url.startswith(submitted.get_absolute_url())


# --- On behalf of the city ------------------------------------------------------------------------------------------------


def test_who_checks_on_behalf_of_a_city_is_led_to_pages_that_open_for_them(client, world):
    output = OutputFactory(pairing=world.pairing, draft=True)
    page = sign_in(client, world.facilitator).get(url("output-section", output, "check")).content.decode()
    links = set(re.findall(r'href="(/outputs/[^"#?]+)', page))
    assert links >= {output.get_absolute_url()}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    places = set(re.findall(rf'href="{output.get_absolute_url()}#(read-[^"]+)"', page))
    read = client.get(output.get_absolute_url()).content.decode()
    assert places
    assert [place for place in sorted(places) if f'id="{place}"' not in read] == []


# --- Exceptions -----------------------------------------------------------------------------------------------------------


def test_an_extension_with_a_bad_day_is_refused_beside_the_form(client, roadmap, world):
    sign_in(client, world.facilitator)
    for until in ("2026-12-01", "never", ""):
        answer = client.post(url("output-extend", roadmap), {"until": until, "reason": "Elections"})
        assert answer.status_code == 422
    answer = client.post(url("output-extend", roadmap), {"until": "2099-01-01", "reason": "Elections"})
    assert answer.url == roadmap.get_absolute_url()
    page = client.get(roadmap.get_absolute_url()).content.decode()
    assert "1 January 2099: Elections" in page


@pytest.mark.parametrize(
    ("person", "words"),
    [("officer", "Ask your facilitator for an extension"), ("facilitator", "unless this output is extended")],
)
def test_after_the_cut_off_pages_say_so_instead_of_asking_to_submit(client, roadmap, world, person, words):
    roadmap.cut_off_on = datetime.date(2026, 12, 21)
    roadmap.save()
    check = url("output-section", roadmap, "check")
    with time_machine.travel("2026-12-21T22:30:00+00:00", tick=False):  # in Brussels the last day is not over
        sign_in(client, getattr(world, person))
        assert "Submit to the facilitator" in client.get(check).text
        assert "The cut-off was on" not in client.get(roadmap.get_absolute_url()).text
    with time_machine.travel("2026-12-21T23:30:00+00:00", tick=False):
        sign_in(client, getattr(world, person))
        pages = [client.get(check).text, client.get(roadmap.get_absolute_url()).text]
        assert "Submit to the facilitator" not in pages[0]
        for page in pages:
            assert "The cut-off was on 21 December 2026" in page
            assert words in page
            assert (url("output-extend", roadmap) in page) == (person == "facilitator")
    roadmap.extended_until, roadmap.extension_reason = datetime.date(2027, 1, 15), "Elections"
    roadmap.save()
    with time_machine.travel("2027-01-15T12:00:00+00:00", tick=False):
        sign_in(client, getattr(world, person))
        assert "Submit to the facilitator" in client.get(check).text


def test_a_coordinator_waives_and_takes_it_back(client, roadmap, world):
    sign_in(client, world.coordinator)
    assert client.post(url("output-waive", roadmap), {"reason": ""}).status_code == 422
    client.post(url("output-waive", roadmap), {"reason": "The mayor resigned."})
    assert "The mayor resigned." in client.get(roadmap.get_absolute_url()).content.decode()
    client.post(url("output-unwaive", roadmap))
    roadmap.refresh_from_db()
    assert roadmap.state == OutputState.DRAFT


def test_a_page_that_nobody_can_answer_any_more_leads_back(client, world):
    sign_in(client, world.coordinator)
    waived = OutputFactory(pairing=world.pairing, waived=True)
    for name in ("output-waive", "output-reopen"):
        answer = client.get(url(name, waived), follow=True)
        assert answer.redirect_chain == [(waived.get_absolute_url(), 302)]
        assert "Nothing was changed. The state is now: Waived." in answer.text


def test_waiving_twice_says_that_the_state_has_changed(client, world):
    output = OutputFactory(pairing=world.pairing, waived=True)
    answer = sign_in(client, world.coordinator).post(url("output-waive", output), {"reason": "Again"})
    assert answer.status_code == 422
    assert "the state has changed meanwhile" in answer.content.decode()


# --- Versions and documents -----------------------------------------------------------------------------------------------


def test_a_version_shows_what_was_frozen(client, submitted, world):
    send_back_output(submitted, by=world.facilitator, now=NOON, letter="More")
    submitted.answers.filter(field="plan").update(text="Another plan.")
    second = submit_output(submitted, by=world.lead_officer, now=NOON)
    sign_in(client, world.officer)
    first = client.get(url("version-detail", submitted, 1)).content.decode()
    assert "About plan." in first
    assert "Another plan." not in first
    assert second.content_hash in client.get(url("version-detail", submitted, 2)).content.decode()


def test_a_version_that_cannot_be_is_not_found(client, submitted, world):
    sign_in(client, world.officer)
    for number in (0, 2, 10**30):
        assert client.get(url("version-detail", submitted, number)).status_code == 404


def test_the_print_view_is_there_without_any_pdf(client, submitted, world):
    page = sign_in(client, world.officer).get(url("version-print", submitted, 1)).content.decode()
    assert "<h1>Learning Roadmap</h1>" in page
    assert "version 1 · Submitted" in page


def test_a_ready_document_comes_as_an_attachment_in_a_sandbox(client, submitted, world):
    document = Document.objects.get()
    address = reverse("outputs:document-download", args=[document.code])
    sign_in(client, world.officer)
    assert client.get(address).status_code == 404
    finish_document(claim_document(document.pk, now=NOON), content=b"%PDF-1.7", pages=4, now=NOON)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer["Content-Disposition"].startswith('attachment; filename="learning-roadmap-')
    assert answer["Content-Security-Policy"] == "sandbox"
    assert sign_in(client, world.other_officer).get(address).status_code == 404


def test_a_file_that_the_disk_does_not_give_is_said_on_the_page(client, submitted, world, caplog):
    document = Document.objects.get()
    finish_document(claim_document(document.pk, now=NOON), content=b"%PDF-1.7", pages=4, now=NOON)
    document.refresh_from_db()
    path = Path(document.file.path)
    path.unlink()
    path.mkdir()  # as where the folder of documents is not what it was
    try:
        answer = sign_in(client, world.officer).get(
            reverse("outputs:document-download", args=[document.code]), follow=True
        )
    finally:
        path.rmdir()
    assert answer.redirect_chain == [(submitted.get_absolute_url(), 302)]
    assert "This file cannot be read now." in answer.text
    assert "is ready and cannot be read" in caplog.text  # for those who run the machine


def test_a_failed_document_says_why_and_is_tried_again(client, submitted, world):
    document = Document.objects.get()
    Document.objects.update(state=DocumentState.FAILED, format="pdfa", error="The disk is full")
    retry = reverse("outputs:document-retry", args=[document.code])
    assert sign_in(client, world.host_contact).post(retry).status_code == 403
    assert sign_in(client, world.other_officer).post(retry).status_code == 404
    assert "Try again" not in sign_in(client, world.host_contact).get(submitted.get_absolute_url()).text
    page = sign_in(client, world.officer).get(submitted.get_absolute_url()).content.decode()
    assert "The disk is full" in page
    assert "It could not be made. Try again" in page
    assert '<span class="small">PDF for the archive</span>' in page
    assert retry in page
    client.post(retry)
    document.refresh_from_db()
    assert (document.state, document.error) == ("queued", "")


def test_without_the_engine_the_page_explains_and_offers_the_print_view(client, submitted, world):
    Document.objects.update(error="This machine cannot make PDFs yet. As root: apt-get install libpango-1.0-0")
    page = sign_in(client, world.officer).get(submitted.get_absolute_url()).content.decode()
    assert "apt-get install libpango-1.0-0" in page
    assert url("version-print", submitted, 1) in page


def test_the_page_asks_for_the_state_of_the_pdf_only_while_one_is_made(client, submitted, world):
    sign_in(client, world.officer)
    assert 'hx-trigger="every 3s"' in client.get(submitted.get_absolute_url()).content.decode()
    Document.objects.update(state=DocumentState.FAILED, error="x")
    assert 'hx-trigger="every 3s"' not in client.get(submitted.get_absolute_url()).content.decode()


# --- Lists ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "seen"),
    [("officer", 1), ("host_contact", 1), ("facilitator", 1), ("coordinator", 2), ("observer", 2), ("outsider", 0)],
)
def test_the_list_shows_what_one_may_see(client, world, person, seen):
    for pairing in (world.pairing, world.other_pairing):
        OutputFactory(pairing=pairing)
    page = sign_in(client, getattr(world, person)).get(reverse("outputs:output-list")).content.decode()
    assert page.count('<th scope="row"') == seen


def test_a_host_sees_a_plan_only_after_it_was_submitted_once(client, world):
    plan = OutputFactory(pairing=world.pairing, kind="action_plan", draft=True)
    sign_in(client, world.host_contact)
    assert client.get(plan.get_absolute_url()).status_code == 404
    plan.state, plan.submitted_at = OutputState.SUBMITTED, NOON
    plan.save()
    assert client.get(plan.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_queries_for_one_city_and_for_three(client, world, count, django_assert_num_queries):
    for _ in range(count):
        OutputFactory(pairing=PairingFactory(participation__cohort=world.cohort))
    sign_in(client, world.observer).get(reverse("outputs:output-list"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("outputs:output-list"))


@pytest.mark.parametrize("person", ["lead_officer", "facilitator", "host_contact", "administrator"])
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_an_output_asks_the_same_queries_for_one_version_and_for_three(
    client, submitted, world, *, person, count, django_assert_num_queries
):
    for number in range(1, count + 1):
        if number > 1:
            submit_output(submitted, by=world.lead_officer, now=NOON)
        send_back_output(submitted, by=world.facilitator, now=NOON, letter="Name the risks.")
        DocumentFactory(version=submitted.versions.get(number=number), format=DocumentFormat.ARCHIVAL)
        CommentFactory(output=submitted)
    sign_in(client, getattr(world, person)).get(submitted.get_absolute_url())
    with django_assert_num_queries(DETAIL_QUERIES):
        page = client.get(submitted.get_absolute_url()).content.decode()
    assert page.count('id="document-') == 2 * count


LIST_QUERIES, DETAIL_QUERIES = 7, 15


@pytest.mark.parametrize(
    ("kind", "row", "below", "queries"),
    [
        ("stakeholder_plan", StakeholderFactory, None, 14),
        ("transferability_assessment", TransferCandidateFactory, CandidateConditionFactory, 16),
        ("action_plan", PlanActionFactory, ActionStepFactory, 19),
        ("info_session", SessionGroupFactory, None, 17),
    ],
)
@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_each_other_kind_asks_the_same_queries_for_one_row_and_for_three(
    client, world, *, kind, row, below, queries, count, django_assert_num_queries
):
    output = OutputFactory(pairing=world.pairing, kind=kind, draft=True)
    for parent in row.create_batch(count, output=output, edited_by=world.officer, edited_at=NOON):
        if below:
            below(parent=parent)
    sign_in(client, world.lead_officer).get(output.get_absolute_url())
    with django_assert_num_queries(queries):
        client.get(output.get_absolute_url())


def test_versions_come_with_the_files_that_each_has_in_one_query(roadmap, django_assert_num_queries):
    first, second, _third = (OutputVersionFactory(output=roadmap, number=number) for number in (1, 2, 3))
    archived = DocumentFactory(version=first, format=DocumentFormat.ARCHIVAL)
    printed, other = DocumentFactory(version=first), DocumentFactory(version=second, format=DocumentFormat.ARCHIVAL)
    with django_assert_num_queries(1):
        versions = versions_of(roadmap)
    assert [(version.number, version.files) for version in versions] == [
        (3, []),
        (2, [other]),
        (1, [printed, archived]),
    ]
