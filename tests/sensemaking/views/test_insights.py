import datetime
import io
import zipfile

import pytest
from django.urls import reverse

from sensemaking.models import Insight, LineageLink, Note, SessionReport
from sensemaking.services import reports
from sensemaking.services.insights import add_notes, make_insight, move_insight
from sensemaking.states import InsightState, LinkKind
from tests.factories.cohorts import CohortFactory, MembershipFactory, PairingFactory
from tests.factories.outputs import OutputFactory
from tests.factories.people import UserFactory
from tests.factories.rows import PlanActionFactory
from tests.factories.sensemaking import (
    BoardFactory,
    GuestFactory,
    InsightFactory,
    NoteFactory,
    RoomFactory,
    RoundFactory,
    SessionFactory,
)

NOW = datetime.datetime(2026, 10, 21, 12, 0, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    monkeypatch.setattr(reports, "hint_worker", lambda job: None)


@pytest.fixture
def by(client):
    user = UserFactory(coordinator=True)
    client.force_login(user)
    return user


@pytest.fixture
def board():
    return BoardFactory()


def url(name, *args):
    return reverse(f"sensemaking:{name}", args=args)


def text_of(response):
    return response.content.decode()


def confirmed(board, by, count=1, **fields):
    notes = NoteFactory.create_batch(count, board=board)
    insight = make_insight(board.session, notes, by=by, now=NOW, **{"statement": "Banks want a guarantee"} | fields)
    return move_insight(insight, "confirm", by=by, now=NOW)


def test_from_notes_to_a_confirmed_insight_by_plain_forms(client, by, board):
    notes = NoteFactory.create_batch(3, board=board)
    bench = url("workbench", board.session.code)
    client.post(bench, {"note": [note.code for note in notes[:2]], "statement": "Banks want a guarantee"})
    insight = Insight.objects.get()
    client.post(bench, {"note": notes[2].code, "into": insight.code, "statement": "ignored"})
    assert LineageLink.objects.filter(to_insight=insight).count() == 3
    client.post(
        url("insight-edit", insight.code),
        {"statement": "Banks insist on a guarantee", "sureness": "firm", "is_advice": "on"},
    )
    client.post(url("insight-notes", insight.code), {"note": notes[0].code, "split": "1", "statement": "A part"})
    part = Insight.objects.exclude(pk=insight.pk).get()
    client.post(url("insight-merge", insight.code), {"other": part.code})
    client.post(url("insight-notes", insight.code), {"note": notes[1].code, "take": "1"})
    client.post(url("insight-move", insight.code, "confirm"))
    insight.refresh_from_db()
    assert (insight.statement, insight.state, insight.is_advice) == (
        "Banks insist on a guarantee",
        InsightState.CONFIRMED,
        True,
    )
    page = text_of(client.get(insight.get_absolute_url()))
    assert notes[0].text in page
    assert notes[1].text not in page
    assert "Merged from:" in page


def test_a_refused_act_is_a_sentence_on_the_page(client, by, board):
    page = client.post(url("workbench", board.session.code), {"statement": "Nothing under it"}, follow=True)
    assert "Choose at least one note" in text_of(page)
    insight = InsightFactory(session=board.session)
    page = client.post(url("insight-edit", insight.code), {"statement": "", "sureness": "open"})
    assert page.status_code == 422


def test_notes_are_narrowed_by_room_topic_words_and_use(client, by, board):
    room = RoomFactory(session=board.session, theme="Finance")
    loan = NoteFactory(board=board, room=room, topic="challenge", text="Kein Kredit für Schönefeld")
    NoteFactory(board=board, text="Night buses")
    bench = url("workbench", board.session.code)

    def shown(**chosen):
        page = text_of(client.get(bench, chosen))
        return {note.text for note in Note.objects.all() if f'value="{note.code}"' in page}

    assert shown(room=room.code) == shown(topic="challenge") == shown(q="schonefeld") == {loan.text}
    assert shown(show="used") == set()
    assert shown(room="no such room") == {loan.text, "Night buses"}
    assert "No note fits" in text_of(client.get(bench, {"q": "tram"}))


def test_a_suggested_cluster_is_confirmed_with_a_sentence_of_ones_own(client, by, board):
    for text in ("Banks want a guarantee", "No loan without a guarantee of banks"):
        NoteFactory(board=board, text=text)
    page = url("suggestions", board.session.code)
    shown = text_of(client.get(page))
    assert "guarantee" in shown
    codes = list(Note.objects.values_list("code", flat=True))
    client.post(page, {"note": codes, "statement": "Loans need a guarantee"})
    assert Insight.objects.get().origin == "suggested"
    assert "No loose notes share enough words" in text_of(client.get(page))


def test_drafts_are_for_the_team_and_confirmed_ones_for_the_cohort(client, by, board):
    cohort = board.session.cohorts.get()
    InsightFactory(session=board.session, statement="Only a draft")
    insight = confirmed(board, by)
    assert "Only a draft" in text_of(client.get(url("insight-list", cohort.slug)))
    client.force_login(MembershipFactory(participation__cohort=cohort).user)
    page = text_of(client.get(url("insight-list", cohort.slug)))
    assert insight.statement in page
    assert "Only a draft" not in page
    draft = Insight.objects.get(statement="Only a draft")
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_notes_leave_as_a_table_without_the_names_of_those_who_did_not_agree(client, by, board):
    agreed = GuestFactory(session=board.session, name="Ann Agreed", consented_at=NOW)
    insight = confirmed(board, by)
    NoteFactory(board=board, author=agreed, text="=1+1")
    unasked = insight.origins.get().note.author
    lines = client.get(url("note-csv", board.session.code)).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "code,room,topic,group,text,city,said by,votes,insights"
    assert [line.split(",")[4] for line in lines[1:]] == [insight.origins.get().note.text, "'=1+1"]
    assert "Ann Agreed" in lines[2]
    assert unasked.name not in lines[1]
    assert insight.statement in lines[1]


def test_a_link_says_that_a_later_round_says_the_same(client, by):
    cohort = CohortFactory()
    boards = [
        BoardFactory(
            session=SessionFactory(
                cohort=cohort, round=RoundFactory(cohort=cohort, number=n), held_on=datetime.date(2026, 9, n)
            )
        )
        for n in (1, 2)
    ]
    one, other = (confirmed(board, by) for board in boards)
    page = url("rounds-compared", cohort.slug)
    assert "Perhaps the same" in text_of(client.get(page))
    client.post(page, {"earlier": one.code, "later": other.code})
    assert LineageLink.objects.filter(kind=LinkKind.CONTINUES, insight=one, to_insight=other).exists()
    assert "Perhaps the same" not in text_of(client.get(page))
    assert one.statement in text_of(client.get(other.get_absolute_url()))


def test_rounds_are_compared_where_something_is_confirmed_and_not_the_empty_ones_after_them(client, by):
    cohort = CohortFactory()
    rounds = [RoundFactory(cohort=cohort, number=number) for number in (1, 2, 3, 4)]
    for each in rounds[:2]:
        session = SessionFactory(cohort=cohort, round=each, held_on=datetime.date(2026, 9, each.number))
        confirmed(BoardFactory(session=session), by)
    shown = client.get(url("rounds-compared", cohort.slug)).context
    assert [shown["earlier"], shown["later"]] == rounds[:2]
    named = client.get(url("rounds-compared", cohort.slug), {"earlier": 3, "later": 4})
    assert "No insight of the earlier round is confirmed." in text_of(named)


def test_coverage_without_a_note_says_so(client, by, board):
    page = text_of(client.get(url("coverage", board.session.code)))
    assert page.count("Nobody has written a note yet.") == 3


def test_the_report_is_written_published_and_read(client, by, board):
    session = board.session
    insight = confirmed(board, by, 2)
    edit = url("report-edit", session.code)
    assert client.post(edit, {"part": "recommendation", "text": "Pool them"}).status_code == 422
    client.post(edit, {"part": "introduction", "introduction": "How it went"})
    client.post(edit, {"part": "recommendation", "text": "Pool them", "insights": insight.pk})
    client.post(url("report-publish", session.code))
    report = SessionReport.objects.get()
    assert (report.edition, report.content["introduction"]) == (1, "How it went")
    client.force_login(UserFactory(observer=True))
    page = text_of(client.get(url("report", session.code)))
    for words in (
        "How it went",
        "Pool them",
        insight.statement,
        'href="#note-2"',
        "Queued",
    ):
        assert words in page
    assert ">Publish</button>" not in page
    from docx import Document

    file = client.get(url("report-word", session.code)).content
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert insight.origins.first().note.text in parts.read("word/media/board1.svg").decode()
        assert b"svgBlip" in parts.read("word/document.xml")
    word = Document(io.BytesIO(file))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert f"1. {insight.statement}" in texts
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert set(Note.objects.values_list("text", flat=True)) <= cells
    assert client.get(url("report-file", session.code)).status_code == 404  # not made yet


def test_a_report_is_not_there_for_others_before_it_is_published(client, board):
    client.force_login(UserFactory(observer=True))
    assert client.get(url("report", board.session.code)).status_code == 404


def test_the_holder_of_a_link_withdraws_their_words_without_an_account(client, board):
    guest = GuestFactory(session=board.session, consented_at=NOW)
    note = NoteFactory(board=board, author=guest, text="My secret")
    page = url("own-consent", guest.key)
    assert "for good" in text_of(client.get(page))
    note.refresh_from_db()
    assert note.text == "My secret"  # reading the page changes nothing
    client.post(page)
    note.refresh_from_db()
    assert note.text == ""
    assert "You withdrew your consent" in text_of(client.get(guest.get_absolute_url()))


def test_the_page_of_an_action_names_the_insight_it_grew_from_and_its_city_says_so(client, by, board):
    insight = confirmed(board, by, 2)
    pairing = PairingFactory(participation__cohort=board.session.cohorts.get())
    output = OutputFactory(pairing=pairing, kind="action_plan", draft=True)
    action = PlanActionFactory(output=output, name="A revolving fund")
    client.force_login(MembershipFactory(participation=output.participation).user)
    page = reverse("outputs:output-row", args=[output.code, "actions", "actions", action.code])
    assert "No insight of a session is named yet." in text_of(client.get(page))
    origins = url("row-origins", "action", action.code)
    assert origins in text_of(client.get(page))
    client.post(origins, {"insight": insight.code})
    shown = text_of(client.get(page))
    assert insight.get_absolute_url() in shown
    assert "2 notes, 2 cities" in shown
    assert "A revolving fund" in text_of(client.get(insight.get_absolute_url()))
    note = Note.objects.first()
    assert "1 action or practice grew from it" in text_of(client.get(url("note-detail", note.code)))
    client.post(origins, {"remove": insight.code})
    assert not LineageLink.objects.filter(to_action=action).exists()


def test_lists_ask_the_same_number_of_queries_for_one_row_and_three(client, by, board, django_assert_num_queries):
    session = board.session
    cohort = session.cohorts.get()
    GuestFactory(session=session)
    pages = {
        url("workbench", session.code): 15,
        url("suggestions", session.code): 6,
        url("insight-list", cohort.slug): 17,
        url("coverage", session.code): 8,
        url("advice-list", cohort.slug): 9,
        url("note-csv", session.code): 6,
        url("report", session.code) + "?draft=1": 33,
        url("report-edit", session.code): 11,
    }
    first = confirmed(board, by, is_advice=True)
    pages[first.get_absolute_url()] = 26
    client.get(url("report", session.code))  # makes the row of the report
    for page, count in pages.items():
        with django_assert_num_queries(count):
            client.get(page)
    for number in range(2):
        confirmed(board, by, 2, statement=f"Statement {number}", is_advice=True)
    add_notes(first, NoteFactory.create_batch(2, board=board), by=by, now=NOW)
    for page, count in pages.items():
        with django_assert_num_queries(count):
            client.get(page)
