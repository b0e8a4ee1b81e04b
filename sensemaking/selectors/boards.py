"""Reads of a board: the whole of it for one person, and what happened since; hidden is what that person may not see."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..models import Board, BoardEvent, Guest, Note, NoteGroup, NoteLink, Room, Vote
from ..states import NoteState
from .agenda import now_at

Data = dict[str, Any]
EVENTS_A_LOOK = 500


@dataclass(frozen=True)
class Viewer:
    """Whose eyes a board is shown to."""

    guest: str
    guides: bool

    @classmethod
    def of(cls, guest: Guest) -> "Viewer":
        return cls(guest.code, guest.guides)

    def sees_text(self, data: Data) -> bool:
        """While everybody writes alone, and while a note waits for a harvester, its text is for its writer and those who guide."""
        is_open = not data.get("private") and data.get("state") != NoteState.INBOX
        return is_open or self.guides or self.guest in (data.get("by"), data.get("writer"))


def shown_to(viewer: Viewer, act: str, data: Data) -> Data:
    """What one browser is told of an event: the text is left out where its owner does not see it yet."""
    if act == "undo":
        return data | {"data": shown_to(viewer, data["act"], data["data"])}
    if "text" in data and not viewer.sees_text(data):
        return data | {"text": "", "hidden": True}
    return data


@dataclass
class NoteRow:
    """A note as pages and canvases show it."""

    note: Note
    is_hidden: bool
    is_own: bool
    may_change: bool
    votes: int
    is_voted: bool
    linked: list[Note] = field(default_factory=list)


@dataclass
class Surface:
    """The notes of one room (or of the surface for all): those in groups by group, the others, and what waits."""

    room: Room | None
    groups: list[tuple[NoteGroup, list[NoteRow]]] = field(default_factory=list)
    loose: list[NoteRow] = field(default_factory=list)
    waiting: list[NoteRow] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.room.code if self.room else ""

    @property
    def count(self) -> int:
        return len(self.loose) + sum(len(rows) for _group, rows in self.groups)

    @property
    def rows(self) -> list[NoteRow]:
        return [*self.waiting, *(row for _group, rows in self.groups for row in rows), *self.loose]

    def row(self, code: str) -> NoteRow | None:
        """The note of this code, unless it is hidden or elsewhere."""
        return next((row for row in self.rows if row.note.code == code and not row.is_hidden), None)

    def connectable(self, chosen: NoteRow) -> list[Note]:
        """Notes of this surface with which the chosen one can be connected."""
        known = {chosen.note.pk} | {note.pk for note in chosen.linked}
        return [row.note for row in self.rows if row.note.pk not in known and not row.is_hidden]


def surfaces_of(board: Board, guest: Guest) -> list[Surface]:
    """The whole board for one person, the surface for all first, then room by room. Six queries."""
    rooms = list(board.session.rooms.order_by("part", "position"))
    surfaces = {None: Surface(None)} | {room.pk: Surface(room) for room in rooms}
    rows = note_rows(board, guest)
    groups: dict[int, list[NoteRow]] = {}
    for row in rows:
        surface = surfaces.get(row.note.room_id, surfaces[None])
        if row.note.state == NoteState.INBOX:
            surface.waiting.append(row)
        elif row.note.group_id:
            if row.note.group_id not in groups:
                groups[row.note.group_id] = []
                surface.groups.append((row.note.group, groups[row.note.group_id]))
            groups[row.note.group_id].append(row)
        else:
            surface.loose.append(row)
    return list(surfaces.values())


def note_rows(board: Board, guest: Guest) -> list[NoteRow]:
    """Standing notes in the order in which they were written. Four queries."""
    viewer = Viewer.of(guest)
    notes = list(
        board.notes.standing()
        .select_related("room", "group", "author", "written_by", "city")
        .order_by("written_at", "pk")
    )
    votes = Vote.objects.filter(note__board=board).order_by("pk").values_list("note", "guest")
    counted = Counter(note for note, _guest in votes)
    own_votes = {note for note, voter in votes if voter == guest.pk}
    by_pk = {note.pk: note for note in notes}
    rows = {}
    for note in notes:
        note.board = board
        is_own = guest.pk in (note.author_id, note.written_by_id)
        told = {
            "private": board.is_private,
            "state": note.state,
            "by": note.author.code if note.author else "",
            "writer": note.written_by.code if note.written_by else "",
        }
        is_hidden = not viewer.sees_text(told)
        may_change = guest.guides or (is_own and not board.is_locked)
        rows[note.pk] = NoteRow(note, is_hidden, is_own, may_change, counted[note.pk], note.pk in own_votes)
    for one, other in NoteLink.objects.filter(board=board).order_by("pk").values_list("one", "other"):
        if one in rows and other in rows:
            rows[one].linked.append(by_pk[other])
            rows[other].linked.append(by_pk[one])
    return list(rows.values())


def snapshot(board: Board, guest: Guest) -> Data:
    """The board as JSON values, with the number of the last event that is in it. Seven queries at most.

    The number is read first: what happens meanwhile comes again as an event, and doing it again changes nothing.
    """
    sequence = Board.objects.values_list("last_sequence", flat=True).get(pk=board.pk)
    rows = note_rows(board, guest)
    return {
        "sequence": sequence,
        "agenda": now_at(board.session).told,
        "notes": [
            {
                "note": row.note.code,
                "room": row.note.room.code if row.note.room else "",
                "topic": row.note.topic,
                "state": row.note.state,
                "x": row.note.x,
                "y": row.note.y,
                "group": row.note.group.code if row.note.group else "",
                "group_name": row.note.group.name if row.note.group else "",
                "text": "" if row.is_hidden else row.note.text,
                "hidden": row.is_hidden,
                "city": str(row.note.city) if row.note.city_id else "",
                "by": row.note.author.code if row.note.author else "",
                "writer": row.note.written_by.code if row.note.written_by else "",
                "votes": row.votes,
                "voted": row.is_voted,
                "linked": [other.code for other in row.linked],
            }
            for row in rows
        ],
    }


def events_after(board: int, sequence: int, *, most: int = EVENTS_A_LOOK) -> list[tuple[int, str, Data]]:
    """(number, act, data) of what happened behind `sequence`, in order. Numbers have no gaps: see `Board`."""
    events = BoardEvent.objects.filter(board=board, sequence__gt=sequence).order_by("sequence")
    return list(events.values_list("sequence", "act", "data")[:most])


def last_numbers(boards: list[int]) -> dict[int, int]:
    """Board -> number of its last event, of these boards. One query."""
    return dict(Board.objects.filter(pk__in=boards).order_by("pk").values_list("pk", "last_sequence"))


def news_of(known: dict[int, int | None]) -> dict[int, list[tuple[int, str, Data]]]:
    """What happened on each of these boards behind the number that is known, at most `EVENTS_A_LOOK` before now where none is."""
    news: dict[int, list[tuple[int, str, Data]]] = {}
    for board, number in last_numbers(list(known)).items():
        seen = known[board]
        seen = max(0, number - EVENTS_A_LOOK) if seen is None else seen
        while seen < number and (events := events_after(board, seen)):
            news.setdefault(board, []).extend(events)
            seen = events[-1][0]
    return news
