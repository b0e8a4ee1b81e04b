"""The report over a round or a cohort: what its sessions found, every claim with its notes."""

import datetime
import io
import re

import page as page_validation
import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from sensemaking.services.consent import withdraw_consent
from sensemaking.services.insights import make_insight, move_insight
from sensemaking.services.lineage import continue_insight
from tests.factories.cohorts import CohortFactory, MembershipFactory, TermFactory
from tests.factories.people import UserFactory
from tests.factories.sensemaking import BoardFactory, GuestFactory, NoteFactory, RoundFactory, SessionFactory

NOW = datetime.datetime(2026, 10, 21, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def by():
    return UserFactory(coordinator=True)


@pytest.fixture
def reader(client, cohort):
    client.force_login(MembershipFactory(participation__cohort=cohort).user)
    return client


@pytest.fixture
def rounds(cohort):
    return [RoundFactory(cohort=cohort, number=number, title=f"Round {number}") for number in (1, 2)]


def session_in(cohort, chosen, title, day):
    session = SessionFactory(cohort=cohort, round=chosen, title=title, held_on=datetime.date(2026, 10, day))
    return BoardFactory(session=session).session


def found(session, by, statement, *texts, **fields):
    """A confirmed insight on notes with these texts."""
    notes = [NoteFactory(board=session.board, text=text) for text in texts]
    insight = make_insight(session, notes, by=by, now=NOW, statement=statement, **fields)
    return move_insight(insight, "confirm", by=by, now=NOW)


@pytest.fixture
def world(cohort, rounds, by):
    """Two rounds: one finding said again, one new and meant as advice, one gone."""
    first = session_in(cohort, rounds[0], "First session", 1)
    second, third = (session_in(cohort, rounds[1], title, day) for title, day in (("Second", 5), ("Third", 6)))
    before = found(first, by, "Money is short", "No bank lends")
    found(first, by, "Nobody has time", "Three people for a town")
    again = found(second, by, "Money is still short", "The bank said no again")
    found(third, by, "Start with the schools", "Parents came along", is_advice=True)
    continue_insight(before, again, by=by, now=NOW)
    return {"first": first, "second": second, "third": third}


def url(name, cohort, number=""):
    return reverse(f"sensemaking:{name}", args=[cohort.slug]) + (f"?round={number}" if number else "")


def text(answer):
    return " ".join(answer.content.decode().split())


def section(page, name):
    return page.split(f'id="{name}"')[1].split("</section>")[0]


def test_a_round_tells_what_was_said_again_what_is_new_and_what_nobody_says_any_more(reader, cohort, world):
    short = section(text(reader.get(url("gathered", cohort, 2))), "about")
    places = [short.index(words) for words in ("Said again", "Money is still short", "New in this round")]
    places += [short.index(words) for words in ("Start with the schools", "Not said any more", "Nobody has time")]
    assert places == sorted(places)
    assert "Compared with: Round 1" in short


def test_the_first_round_and_the_whole_cohort_are_compared_with_nothing(reader, cohort, world):
    first, whole = (text(reader.get(url("gathered", cohort, number))) for number in (1, ""))
    assert "Said again" not in first + whole
    assert "Start with the schools" not in first
    for statement in ("Money is short", "Nobody has time", "Money is still short", "Start with the schools"):
        assert statement in whole


def test_every_claim_leads_to_its_notes_and_every_reference_leads_somewhere(reader, cohort, world):
    page = text(reader.get(url("gathered", cohort, 2)))
    ids, references = set(re.findall(r'id="([\w-]+)"', page)), set(re.findall(r'href="#([\w-]+)"', page))
    assert references <= ids
    for statement, words in (("Money is still short", "The bank said no again"), ("Nobody has time", "Three people")):
        articles = [each.split("</article>")[0] for each in page.split("<article")[1:]]
        finding = next(each for each in articles if statement in each.split("</h3>")[0])
        (note,) = re.findall(r'href="#(note-\d+)"', finding)
        assert words in page.split(f'<tr id="{note}">')[1].split("</tr>")[0]


def test_advice_and_whose_voice_reached_it_are_told(reader, cohort, world):
    NoteFactory(board=world["third"].board, author=GuestFactory(session=world["third"], city__name="Silentville"))
    page = text(reader.get(url("gathered", cohort, 2)))
    assert "Start with the schools" in section(page, "advice")
    assert "2 of 3 notes stand under a finding." in section(page, "coverage")
    assert "Silentville" in section(page, "coverage")


def test_themes_stand_against_the_sessions_that_spoke_of_them(reader, cohort, world, by):
    theme, other = (TermFactory(label=label) for label in ("Zeal", "Air"))
    for name, themes in (("second", [theme]), ("third", [theme, other])):
        world[name].insights.get().themes.set(themes)
    rows = section(text(reader.get(url("gathered", cohort, 2))), "themes").split("<tr>")
    assert [re.findall(r'"(?:col|row)"[^>]*>([^<]+)<', row) for row in rows[1:]] == [
        ["Theme", "Second", "Third"],
        ["Zeal"],
        ["Air"],
    ]
    assert [len(re.findall("#finding", row)) for row in rows[2:]] == [2, 1]


def test_a_session_that_was_not_held_yet_is_not_told_of(reader, cohort, rounds, world):
    session_in(cohort, rounds[1], "In spring", 30)
    assert "In spring" not in text(reader.get(url("gathered", cohort, 2)))


def test_the_pdf_conforms_to_ua_1(reader, cohort, world):
    pdf = reader.get(url("gathered-file", cohort, 2)).content
    report = page_validation.validate_pdf_bytes(pdf, profile=page_validation.ValidationProfile.PDF_UA_1)
    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []


def test_a_session_whose_notes_are_not_revealed_is_left_out_and_named(reader, cohort, world):
    world["second"].board.is_private = True
    world["second"].board.save()
    page = text(reader.get(url("gathered", cohort, 2)))
    assert "Left out: Second." in page
    assert "Money is still short" not in page
    assert "The bank said no again" not in page


def test_what_is_withdrawn_is_gone_at_once_and_waits_to_be_read_again(reader, cohort, world):
    note = world["second"].board.notes.get()
    note2 = NoteFactory(board=world["second"].board)
    note.uses.get().to_insight.origins.create(kind="evidence", note=note2, made_at=NOW)
    withdraw_consent(note.author, by=None, now=NOW)
    page = text(reader.get(url("gathered", cohort, 2)))
    assert "The bank said no again" not in page
    assert "1 insight is left out until it was read again" in page


@pytest.mark.parametrize("number", ["9", "x", "٣", "99999999999999999999"])
def test_a_round_that_is_none_of_the_cohort_is_not_found(reader, cohort, world, number):
    assert reader.get(url("gathered", cohort, number)).status_code == 404


def test_the_pdf_and_the_word_file_hold_the_same_findings(reader, cohort, world):
    answer = reader.get(url("gathered-file", cohort, 2))
    assert answer["Content-Type"] == "application/pdf"
    pdf = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    document = Document(io.BytesIO(reader.get(url("gathered-word", cohort, 2)).content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for words in ("Money is still short", "Start with the schools", "Nobody has time", "Three people for a town"):
        assert words in pdf
        assert words in word


def test_a_cohort_in_which_nothing_was_found_yet_says_so(reader, cohort):
    assert "No insight is confirmed yet." in text(reader.get(url("gathered", cohort)))
    assert reader.get(url("gathered-word", cohort)).status_code == 200


def test_the_report_asks_the_same_number_of_queries_for_one_finding_and_four(
    reader, cohort, world, by, django_assert_num_queries
):
    page = url("gathered", cohort, 2)
    reader.get(page)
    with django_assert_num_queries(38):
        reader.get(page)
    for number in range(3):
        found(world["third"], by, f"Statement {number}", f"Note {number}", f"Other {number}")
    with django_assert_num_queries(38):
        reader.get(page)
