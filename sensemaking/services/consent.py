"""Withdrawn consent, all the way down: nobody is named or quoted any more, and what they said is erased.

What is decided: the text of a withdrawn note is erased for good, on the board, in its events and in reports that were
published; files are made anew. The note itself stays as an empty row, so that links and counts keep telling how much an
insight once rested on. A statement that somebody else wrote stays, and is marked to be read again. One that the person proposed goes,
unless the team made it its own by confirming it: then it is read again, too, and nobody is named with it.
"""

import datetime

from django.db import transaction

from twinning.audit.services import record

from ..models import Board, BoardEvent, Guest, Insight, LineageLink, Note
from ..states import InsightState, LinkKind, NoteState
from .boards import note_data
from .proposals import withdraw_proposals
from .reports import redact_reports
from .sessions import lock_session


@transaction.atomic
def withdraw_consent(guest: Guest, *, by, now: datetime.datetime) -> int:
    """Erase what this person said and stop naming them; returns how many notes lost their text. Once done, it stays done.

    Confirmed insights under which no readable note is left are drafts again. `by` is None for the person themselves.
    """
    lock_session(guest.session)
    guest = Guest.objects.select_for_update(of=("self",)).get(pk=guest.pk)
    if guest.consent_withdrawn_at is None:
        guest.consent_withdrawn_at = now
        guest.save(update_fields=["consent_withdrawn_at", "updated_at"])
        record(guest.session, "sensemaking.consent.withdrawn", by=by, at=now)
    said = Note.objects.filter(author=guest, withdrawn_at=None)
    notes = list(said.select_related("board", "room", "author", "written_by", "city", "group").order_by("pk"))
    for board in {note.board_id: note.board for note in notes}.values():
        locked = Board.objects.select_for_update(of=("self",)).get(pk=board.pk)
        erased = [note for note in notes if note.board_id == board.pk]
        _erase(locked, erased, now=now)
    links = LineageLink.objects.filter(note__in=notes)
    links.filter(kind=LinkKind.QUOTATION).delete()
    _reread(Insight.objects.filter(origins__in=links.filter(kind=LinkKind.EVIDENCE)).distinct(), now=now)
    withdraw_proposals(guest, now=now)
    redact_reports(guest, notes, now=now)
    return len(notes)


def _erase(board: Board, notes: list[Note], *, now: datetime.datetime) -> None:
    codes = {note.code for note in notes}
    Note.objects.filter(pk__in=[note.pk for note in notes]).update(
        text="", state=NoteState.REMOVED, withdrawn_at=now, group=None, updated_at=now
    )
    for event in BoardEvent.objects.filter(board=board).order_by("pk").iterator():
        about = event.data.get("data", event.data)  # of an undo, what it did
        if about.get("note") not in codes:
            continue
        if about.get("text"):
            about["text"] = ""
        event.before = None  # nothing brings the text back
        event.save(update_fields=["data", "before"])
    for note in notes:  # browsers that are open now take the note off
        note.text, note.state, note.group = "", NoteState.REMOVED, None
        board.last_sequence += 1
        BoardEvent.objects.create(
            board=board, sequence=board.last_sequence, act="remove_note", data=note_data(note), at=now
        )
    board.save(update_fields=["last_sequence", "updated_at"])


def _reread(insights, *, now: datetime.datetime) -> None:
    for insight in insights.order_by("pk"):
        insight.to_reread_since = now
        rests = insight.origins.filter(kind=LinkKind.EVIDENCE, note__state=NoteState.PLACED).exists()
        if insight.state == InsightState.CONFIRMED and not rests:
            insight.state, insight.confirmed_by, insight.confirmed_at = InsightState.DRAFT, None, None
        insight.save()
