"""Bringing the notes of a file onto a board, as one act that can be taken back as one."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..imports import Table
from ..models import Board, BoardEvent, Note, NoteGroup, Room, Session
from ..selectors.imports import IMPORT, plan_of
from ..states import NoteState
from .boards import MOST_NOTES, Act, number_event, open_board
from .rooms import add_rooms
from .sessions import lock_session

BATCH = 500


@transaction.atomic
def import_notes(session: Session, table: Table, *, fingerprint: str, by, now: datetime.datetime) -> int:
    """Write the rooms and notes of a file that are not there yet; returns how many notes. All of it, or nothing.

    Refused with faults, where it would do something else than what was shown, and where a board cannot hold so much.
    """
    session = lock_session(session)
    board = Board.objects.select_for_update(of=("self",)).get(pk=open_board(session).pk)
    plan = plan_of(session, table)
    if plan.faults:
        raise Refused(_("The file has faults. Nothing was written."))
    if plan.fingerprint != fingerprint:
        raise Refused(_("The board or the rooms were changed meanwhile. Look at it again, then confirm."))
    if not plan.new:
        return 0
    if board.notes.count() + len(plan.new) > MOST_NOTES:
        raise Refused(_("A board holds at most %(most)d notes.") % {"most": MOST_NOTES})
    made: list[Room] = []
    for part in sorted({part for part, _theme in plan.new_rooms}):
        themes = [theme for in_part, theme in plan.new_rooms if in_part == part]
        made += add_rooms(session, themes, parts=[part], by=by, now=now)
    rooms = plan.rooms if not made else plan_of(session, table).rooms
    groups: dict[tuple[int | None, str], NoteGroup] = {}
    notes = []
    for planned in plan.new:
        note, room = planned.note, rooms.get(planned.place)
        group = _group(board, room, note.group, groups) if note.group else None
        notes.append(
            Note(
                board=board,
                room=room,
                topic=note.topic,
                text=note.text,
                author_id=planned.author,
                city=planned.city,
                group=group,
                written_at=now,
            )
        )
    Note.objects.bulk_create(notes, batch_size=BATCH)
    under_way = Act(board, None, {}, now)
    under_way.before = {"notes": [note.code for note in notes], "rooms": [room.code for room in made]}
    number_event(under_way, IMPORT, {"count": len(notes)})
    record(session, "sensemaking.notes.imported", by=by, at=now, data={"count": len(notes)})
    return len(notes)


@transaction.atomic
def end_import(session: Session, number: int, *, by, now: datetime.datetime) -> int:
    """Take an import back: its notes leave the board, and rooms that it made and that are still empty go. Returns how many notes."""
    session = lock_session(session)
    board = Board.objects.select_for_update(of=("self",)).get(pk=open_board(session).pk)
    event = BoardEvent.objects.filter(board=board, act=IMPORT, sequence=number, undone=False).first()
    if event is None:
        raise Refused(_("This import was taken back already."))
    event.undone = True
    event.save(update_fields=["undone"])
    codes = event.before["notes"]
    count = 0
    for start in range(0, len(codes), BATCH):
        notes = Note.objects.filter(board=board, code__in=codes[start : start + BATCH]).standing()
        count += notes.update(state=NoteState.REMOVED, updated_at=now)
    for room in session.rooms.filter(code__in=event.before["rooms"], seats=None).order_by("pk"):
        if not room.notes.standing().exists():
            room.notes.update(room=None)
            room.delete()
    number_event(Act(board, None, {}, now), "end_import", {"count": count})
    record(session, "sensemaking.notes.import_ended", by=by, at=now, data={"count": count})
    return count


def _group(board: Board, room: Room | None, name: str, known: dict[tuple[int | None, str], NoteGroup]) -> NoteGroup:
    key = (room.pk if room else None, name)
    if key not in known:
        known[key] = NoteGroup.objects.filter(board=board, room=room, name=name).order_by(
            "pk"
        ).first() or NoteGroup.objects.create(board=board, room=room, name=name)
    return known[key]
