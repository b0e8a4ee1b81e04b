import datetime
import io
import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from docx import Document

from sensemaking.formats.word import render_word
from sensemaking.models import BoardEvent, Guest, Insight, LineageLink, Note, ReportFile, SessionReport
from sensemaking.pdf.report import render_report, report_html
from sensemaking.selectors.reports import read_report, report_content
from sensemaking.services import reports
from sensemaking.services.boards import act, open_board
from sensemaking.services.consent import withdraw_consent
from sensemaking.services.guests import remove_guest
from sensemaking.services.insights import make_insight, move_insight
from sensemaking.services.reports import (
    drop_recommendation,
    introduce_report,
    make_file,
    open_report,
    publish_report,
    quote_notes,
    recommend,
    redacted,
    revise_report,
    sweep_files,
)
from sensemaking.states import GuestRole, InsightState, NoteState
from tests.factories.people import UserFactory
from tests.factories.sensemaking import (
    AgendaItemFactory,
    AgendaRunFactory,
    GuestFactory,
    NoteFactory,
    RoomFactory,
    SessionFactory,
)
from twinning.core.errors import Refused

NOW = datetime.datetime(2026, 10, 21, 12, 0, tzinfo=datetime.UTC)
SECRET, SHARED = "The supplier cut us off over a late bill", "Banks want a guarantee of the city"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hints(monkeypatch):
    told = []
    monkeypatch.setattr(reports, "hint_worker", lambda job: told.append(job.pk))
    return told


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


@pytest.fixture
def session():
    return SessionFactory(title="Second all-cluster session")


@pytest.fixture
def speakers(session):
    """One who agreed to be named, one who was never asked."""
    return (
        GuestFactory(session=session, name="Ann Agreed", consented_at=NOW),
        GuestFactory(session=session, name="Nora Notasked"),
    )


@pytest.fixture
def report(session, speakers, by):
    """A report on a confirmed insight under which both have a note."""
    room, board = RoomFactory(session=session, theme="Finance"), open_board(session)
    told = [
        NoteFactory(board=board, room=room, author=speaker, text=text)
        for speaker, text in zip(speakers, (SECRET, SHARED), strict=True)
    ]
    insight = make_insight(session, told, by=by, now=NOW, statement="Small cities pay more for money")
    move_insight(insight, "confirm", by=by, now=NOW)
    report = open_report(session)
    recommend(report, "Pool the guarantees of small cities", [insight], by=by, now=NOW)
    return report


def published(report, by):
    return publish_report(report, by=by, now=NOW)


def said(session, speaker):
    return Note.objects.get(board__session=session, author=speaker)


def test_every_claim_of_an_edition_resolves_to_notes(report, by):
    content = published(report, by).content
    numbers = {note["n"] for note in content["notes"]}
    findings = {finding["n"] for finding in content["findings"]}
    assert numbers == {1, 2}
    for claim in (*content["findings"], *content["recommendations"]):
        assert claim["notes"]
        assert set(claim["notes"]) <= numbers
    assert content["recommendations"][0]["findings"] == [1]
    assert {n for room in content["rooms"] for n in room["findings"]} == findings
    html = report_html(content)
    for number in numbers:
        assert f'id="note-{number}"' in html
        assert f'href="#note-{number}"' in html
    assert [note["findings"] for note in read_report(content).notes] == [[1], [1]]


def test_people_are_named_and_quoted_only_if_they_agreed(report, session, speakers, by):
    agreed, unasked = speakers
    with pytest.raises(Refused, match="not agreed"):
        quote_notes(report, [said(session, unasked)], by=by, now=NOW)
    quote_notes(report, [said(session, agreed)], by=by, now=NOW)
    content = published(report, by).content
    html = report_html(content)
    assert "Ann Agreed" in html
    assert "Nora Notasked" not in html
    assert [each.text for each in Note.objects.filter(uses__to_report=report)] == [SECRET]
    assert content["quotations"] == [{"note": said_number(content, SECRET)}]


def said_number(content, text):
    return next(note["n"] for note in content["notes"] if note["text"] == text)


def test_what_would_rest_on_nothing_is_not_published(session, by, report):
    insight = session.insights.get()
    move_insight(insight, "reopen", by=by, now=NOW)
    with pytest.raises(Refused, match=r"No insight of this session is confirmed yet\. Recommendation 1 rests on no"):
        published(report, by)
    move_insight(insight, "confirm", by=by, now=NOW)
    board = open_board(session)
    board.is_private = True
    board.save()
    with pytest.raises(Refused, match="Reveal"):
        published(report, by)
    with pytest.raises(Refused, match="at least one insight"):
        recommend(report, "Do more", [], by=by, now=NOW)


def test_a_published_edition_stays_as_it_is_until_the_next(report, session, by, hints):
    first = published(report, by)
    with pytest.raises(Refused, match="next edition"):
        introduce_report(first, "Words", by=by, now=NOW)
    revised = revise_report(first, by=by, now=NOW)
    introduce_report(revised, "How it went", by=by, now=NOW)
    drop_recommendation(revised.recommendations.get(), by=by, now=NOW)
    revised.refresh_from_db()
    assert (revised.edition, revised.content["introduction"], len(revised.content["recommendations"])) == (1, "", 1)
    second = published(revised, by)
    assert (second.edition, second.content["introduction"], second.content["recommendations"]) == (2, "How it went", [])
    assert ReportFile.objects.count() == 1


def test_the_pdf_is_tagged_and_made_by_the_queue_and_the_old_one_thrown_away(
    report, by, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = published(report, by)
    job = ReportFile.objects.get()
    assert make_file(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    old = Path(default_storage.path(job.file.name))
    data = old.read_bytes()
    import page
    from pypdf import PdfReader

    conformity = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
    assert [f"{failure.rule_id}: {failure.message}" for failure in conformity.failures] == []
    reader = PdfReader(io.BytesIO(data))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert (job.state, job.pages) == ("ready", len(reader.pages))
    assert SHARED in text
    with django_capture_on_commit_callbacks(execute=True):
        published(revise_report(first, by=by, now=NOW), by)
    job.refresh_from_db()
    assert (job.state, job.file.name, old.exists()) == ("queued", "", False)
    assert sweep_files(now=NOW + datetime.timedelta(minutes=5))["hinted"] == 1


def everything_stored():
    """All texts of the tables that could hold what somebody said."""
    models = (Note, BoardEvent, SessionReport, LineageLink, Insight)
    return json.dumps([list(model.objects.values()) for model in models], default=str)


def test_a_withdrawn_consent_goes_all_the_way_down(report, session, speakers, by, django_capture_on_commit_callbacks):
    agreed, unasked = speakers
    act(agreed, "edit_note", {"note": said(session, agreed).code, "text": SECRET}, now=NOW)  # stands in the events too
    act(agreed, "edit_note", {"note": said(session, agreed).code, "text": SECRET + "!"}, now=NOW)
    act(agreed, "undo", {}, now=NOW)
    quote_notes(report, [said(session, agreed)], by=by, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        published(report, by)
    job = ReportFile.objects.get()
    make_file(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    old = Path(default_storage.path(job.file.name))
    assert SECRET in everything_stored()

    with django_capture_on_commit_callbacks(execute=True):
        assert withdraw_consent(agreed, by=None, now=NOW) == 1

    assert SECRET not in everything_stored()
    assert not old.exists()
    report.refresh_from_db()
    html = report_html(report.content)
    assert ("Ann Agreed" in html, "Withdrawn by its author" in html, report.content["quotations"]) == (False, True, [])
    insight = session.insights.get()
    assert insight.state == InsightState.CONFIRMED  # the other note still carries it
    assert insight.to_reread_since == NOW
    with pytest.raises(Refused, match="read again"):
        published(revise_report(report, by=by, now=NOW), by)
    make_file(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    with job.file.open("rb") as file:
        from pypdf import PdfReader

        text = " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())
    assert SHARED in text
    assert SECRET[:25] not in text

    withdraw_consent(unasked, by=by, now=NOW)
    insight.refresh_from_db()
    assert insight.state == InsightState.DRAFT  # nothing carries it any more
    assert LineageLink.objects.filter(to_insight=insight).count() == 2  # and it is still known on how much it stood


def test_after_withdrawing_one_writes_nothing_and_nothing_comes_back(session, speakers):
    agreed, _unasked = speakers
    open_board(session)
    harvester = GuestFactory(session=session, role=GuestRole.HARVESTER)
    act(agreed, "write_note", {"text": SECRET}, now=NOW)
    act(harvester, "write_note", {"text": SHARED, "author": agreed.code}, now=NOW)  # on behalf of
    mine = Note.objects.filter(author=agreed)
    codes = list(mine.order_by("pk").values_list("code", flat=True))
    assert withdraw_consent(agreed, by=None, now=NOW) == 2
    assert set(mine.values_list("text", "state")) == {("", NoteState.REMOVED)}
    for guest, name in ((agreed, "write_note"), (agreed, "undo")):
        with pytest.raises(Refused, match="withdrew"):
            act(Guest.objects.get(pk=guest.pk), name, {"text": "Again"}, now=NOW)
    with pytest.raises(Refused, match="gone"):
        act(harvester, "restore_note", {"note": codes[0]}, now=NOW)
    removed = BoardEvent.objects.filter(act="remove_note").order_by("sequence")
    assert [event.data["note"] for event in removed] == codes  # open browsers take them off
    assert withdraw_consent(agreed, by=None, now=NOW) == 0


def test_whoever_said_something_stays_on_the_list_and_can_still_withdraw_it(report, speakers, by):
    for speaker in speakers:
        with pytest.raises(Refused, match="withdraw"):
            remove_guest(speaker, by=by, now=NOW)


def test_redacting_what_is_not_in_an_edition_changes_nothing(report, by):
    content = published(report, by).content
    before = json.dumps(content)
    assert redacted(content, "NOBODY", {"NONE"}) is False
    assert json.dumps(content) == before


def test_a_report_tells_the_agenda_as_it_happened_in_the_hours_of_the_session(report, session):
    session.time_zone = "Europe/Brussels"
    welcome = AgendaItemFactory(session=session, position=1, title="Welcome", minutes=10)
    AgendaItemFactory(session=session, position=2, title="Left out", minutes=10)
    AgendaRunFactory(item=welcome, started_at=NOW, ended_at=NOW + datetime.timedelta(minutes=14))
    content = report_content(report, edition=1, now=NOW)
    assert content["agenda"] == [{"title": "Welcome", "minutes": 10, "began": "14:00", "took": 14}]
    assert "Agenda, as it happened" in report_html(content)
    words = "\n".join(cell.text for table in read_word(content).tables for row in table.rows for cell in row.cells)
    assert "Welcome\n14:00\n10\n14" in words


def test_an_edition_from_before_there_were_agendas_is_still_read(report):
    content = report_content(report, edition=1, now=NOW)
    del content["agenda"]
    assert "Agenda, as it happened" not in report_html(content)
    assert read_word(content).paragraphs


def read_word(content):
    return Document(io.BytesIO(render_word(content)))


def test_an_edition_asks_the_same_number_of_queries_for_one_note_and_five(
    report, session, speakers, by, django_assert_num_queries
):
    with django_assert_num_queries(27):
        report_content(report, edition=1, now=NOW)
    for _n in range(4):
        note = NoteFactory(board=open_board(session), author=speakers[0])
        move_insight(make_insight(session, [note], by=by, now=NOW, statement="S"), "confirm", by=by, now=NOW)
    with django_assert_num_queries(27):
        report_content(report, edition=1, now=NOW)


def test_a_report_of_a_session_with_nothing_in_it_can_still_be_drawn(session):
    content = report_content(open_report(session), edition=1, now=NOW)
    assert render_report(content)[1] >= 2
