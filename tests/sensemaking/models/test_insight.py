import pytest
from django.db import IntegrityError, transaction

from sensemaking.models import LineageLink, Note
from sensemaking.models.insight import ENDS
from sensemaking.states import InsightState, LinkKind, NoteState
from tests.factories.sensemaking import (
    LONG_AGO,
    InsightFactory,
    LineageLinkFactory,
    NoteFactory,
    SessionReportFactory,
)

pytestmark = pytest.mark.django_db


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_every_kind_of_link_says_where_it_begins_and_ends():
    assert set(ENDS) == set(LinkKind)


def test_the_database_keeps_links_whole():
    link = LineageLinkFactory()
    refused(lambda: LineageLinkFactory(note=link.note, to_insight=link.to_insight))  # twice
    refused(lambda: LineageLinkFactory(note=None, to_insight=link.to_insight))  # no beginning
    refused(lambda: LineageLinkFactory(insight=InsightFactory()))  # two beginnings
    refused(lambda: LineageLinkFactory(kind=LinkKind.QUOTATION))  # ends elsewhere
    itself = {"note": None, "insight": link.to_insight, "to_insight": link.to_insight}
    refused(lambda: LineageLinkFactory(kind=LinkKind.CONTINUES, **itself))
    LineageLinkFactory(kind=LinkKind.QUOTATION, note=link.note, to_insight=None, to_report=SessionReportFactory())
    assert LineageLink.objects.count() == 2


def test_the_database_keeps_states_of_insights_true():
    insight = InsightFactory()
    refused(lambda: InsightFactory(statement=""))
    refused(lambda: InsightFactory(state=InsightState.CONFIRMED))  # by nobody
    refused(lambda: InsightFactory(state=InsightState.WITHDRAWN))  # at no time
    refused(lambda: InsightFactory(withdrawn_at=LONG_AGO))  # withdrawn, and still a draft
    assert InsightFactory(confirmed=True).stands
    assert insight.stands


def test_a_note_has_a_text_until_it_is_withdrawn_and_none_afterwards():
    note = NoteFactory()
    refused(lambda: Note.objects.update(text=""))
    refused(lambda: Note.objects.update(withdrawn_at=LONG_AGO))
    refused(lambda: Note.objects.update(text="", withdrawn_at=LONG_AGO))  # and would stand on the board
    Note.objects.filter(pk=note.pk).update(text="", withdrawn_at=LONG_AGO, state=NoteState.REMOVED)


def test_a_report_is_published_with_its_content_or_not_at_all():
    refused(lambda: SessionReportFactory(edition=1))
    refused(lambda: SessionReportFactory(state="published"))
    SessionReportFactory(state="published", edition=1, content={"title": "x"}, published_at=LONG_AGO)
