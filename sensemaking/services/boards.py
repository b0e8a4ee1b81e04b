"""Everything that can be done on a board, each act one function; whoever calls, page without script or canvas, comes through `act`."""

import datetime
import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from twinning.core.errors import Refused

from ..models import Board, BoardEvent, Guest, Note, NoteGroup, NoteLink, Room, Session, Vote
from ..models.board import HEIGHT, MOST_CHARACTERS, WIDTH
from ..states import GuestRole, NoteState, SessionState, Topic
from .agenda import AGENDA_ACTS

logger = logging.getLogger(__name__)

Data = dict[str, Any]
CHANNEL = "twinning-boards"
WAKERS: list[Callable[[], object]] = []  # readers of boards in this process, from whatever thread they are called
MOST_NOTES = 5_000
MOST_VOTES, LONGEST_TIMER = 20, 180


@dataclass
class Act:
    """One act under way: the locked board, who acts, what they sent, and what undoing it needs."""

    board: Board
    guest: Guest | None
    sent: Data
    now: datetime.datetime
    before: Data | None = None

    def note(self, name: str = "note") -> Note:
        """The note that the act is about. Refused where it is gone."""
        code = str(self.sent.get(name, ""))
        found = (
            Note.objects.filter(board=self.board, code=code, withdrawn_at=None)
            .select_related("group", "room", "author", "written_by", "city")
            .first()
        )
        if found is None:
            raise Refused(_("This note is gone."))
        found.board = self.board
        return found

    def own_note(self) -> Note:
        """A note that this person may change: their own; any note for those who guide."""
        note = self.note()
        if not self.guest.guides and self.guest.pk not in (note.author_id, note.written_by_id):
            raise Refused(_("This is somebody else’s note."))
        return note

    def room(self) -> Room | None:
        """The room that was named; none is the surface for all."""
        code = str(self.sent.get("room") or "")
        if not code:
            return None
        found = Room.objects.filter(session=self.board.session_id, code=code).first()
        if found is None:
            raise Refused(_("There is no such room."))
        return found

    def text(self, name: str = "text", most: int = MOST_CHARACTERS) -> str:
        text = str(self.sent.get(name, "")).replace("\x00", "").strip()
        if not text:
            raise Refused(_("Write something first."))
        if len(text) > most:
            raise Refused(_("This is too long: at most %(most)d characters.") % {"most": most})
        return text

    def number(self, name: str, most: int) -> int:
        try:
            return min(max(int(self.sent.get(name, 0)), 0), most)
        except (TypeError, ValueError, OverflowError):
            raise Refused(_("Write a whole number, %(most)d at most.") % {"most": most}) from None

    def yes(self, name: str) -> bool:
        return self.sent.get(name) in (True, "1", "true", "on")


def open_board(session: Session) -> Board:
    """The session's board; made on first use."""
    return Board.objects.get_or_create(session=session)[0]


def board_of(guest: Guest) -> Board:
    """The board in front of which somebody sits."""
    return getattr(guest.session, "board", None) or open_board(guest.session)


@transaction.atomic
def act(guest: Guest, name: str, sent: Data, *, now: datetime.datetime, client_id: str = "") -> BoardEvent:
    """Do one act on the board of the guest's session and number it. The same `client_id` again gives the same event.

    Refused with a sentence where the person may not, where the session is over, or where what was sent makes no sense.
    """
    if name not in ACTS:
        raise Refused(_("This cannot be done on a board."))
    board = Board.objects.select_for_update(of=("self",)).select_related("session").get(session=guest.session_id)
    if client_id:
        done = BoardEvent.objects.filter(board=board, guest=guest, client_id=client_id).first()
        if done:
            return done
    _allowed(board, guest, name)
    under_way = Act(board, guest, sent, now)
    data = ACTS[name](under_way)
    return number_event(under_way, name, data, client_id=client_id)


@transaction.atomic
def act_of_team(session: Session, name: str, sent: Data, *, now: datetime.datetime) -> BoardEvent:
    """An act of somebody with an account who runs the session, or of its own: no place in front of the board is needed."""
    open_board(session)
    board = Board.objects.select_for_update(of=("self",)).select_related("session").get(session=session)
    under_way = Act(board, None, sent, now)
    return number_event(under_way, name, AGENDA_ACTS[name](under_way))


def _allowed(board: Board, guest: Guest, name: str) -> None:
    if board.session.state in (SessionState.CLOSED, SessionState.CANCELLED) and not guest.guides:
        raise Refused(_("This session is over: the board can only be read."))
    if name in GUIDING and not guest.guides:
        raise Refused(_("Only facilitators and harvesters do this."))
    if name in AGENDA_ACTS and guest.role != GuestRole.TEAM:
        raise Refused(_("Only the team of the session runs the agenda."))
    if guest.consent_withdrawn_at:
        raise Refused(_("You withdrew your consent: you read the board and write nothing."))
    if guest.role == GuestRole.OBSERVER:
        raise Refused(_("Observers read the board and write nothing."))
    if board.is_locked and not guest.guides and name not in ("vote", "unvote"):
        raise Refused(_("The board is locked at the moment."))


def _hint() -> None:
    """Tell readers, here and over Redis in other processes, that there is something to read. Without Redis those look by themselves."""
    for wake in WAKERS:
        wake()
    if not settings.REDIS_URL:
        return
    try:
        _redis().publish(CHANNEL, b"")
    except redis.RedisError:
        logger.warning("Redis is away: boards are a moment slower.")


@functools.cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def number_event(under_way: Act, name: str, data: Data, *, client_id: str = "") -> BoardEvent:
    """The next event of a board whose row is locked; readers are told once it is committed."""
    board = under_way.board
    board.last_sequence += 1
    board.save()
    transaction.on_commit(_hint)
    return BoardEvent.objects.create(
        board=board,
        sequence=board.last_sequence,
        act=name,
        data=data,
        before=under_way.before,
        guest=under_way.guest,
        client_id=client_id[:40],
        at=under_way.now,
    )


# --- notes ------------------------------------------------------------------------------------------------------------


def write_note(under_way: Act) -> Data:
    """A new note. Those who guide may write what somebody else said: `author` is that person's code."""
    board, guest = under_way.board, under_way.guest
    if board.notes.count() >= MOST_NOTES:
        raise Refused(_("A board holds at most %(most)d notes.") % {"most": MOST_NOTES})
    author = guest
    if guest.guides:
        said_by = str(under_way.sent.get("author") or "")
        author = board.session.guests.filter(code=said_by).first() if said_by else None
    note = Note.objects.create(
        board=board,
        room=under_way.room(),
        topic=_topic(under_way),
        text=under_way.text(),
        author=author,
        city_id=author.city_id if author else None,
        written_by=guest,
        state=NoteState.INBOX if board.is_moderated and not guest.guides else NoteState.PLACED,
        x=under_way.number("x", WIDTH),
        y=under_way.number("y", HEIGHT),
        written_at=under_way.now,
    )
    under_way.before = {"act": "remove_note", "sent": {"note": note.code}}
    return note_data(note)


def edit_note(under_way: Act) -> Data:
    note = under_way.own_note()
    under_way.before = {"act": "edit_note", "sent": {"note": note.code, "text": note.text, "topic": note.topic}}
    note.text = under_way.text()
    if "topic" in under_way.sent:
        note.topic = _topic(under_way)
    note.save(update_fields=["text", "topic", "updated_at"])
    return note_data(note)


def move_note(under_way: Act) -> Data:
    """Another place on the surface, or the surface of another room."""
    note = under_way.own_note()
    old = {"note": note.code, "x": note.x, "y": note.y, "room": note.room.code if note.room else ""}
    under_way.before = {"act": "move_note", "sent": old}
    note.x, note.y = under_way.number("x", WIDTH), under_way.number("y", HEIGHT)
    if "room" in under_way.sent:
        note.room = under_way.room()
    note.save(update_fields=["x", "y", "room", "updated_at"])
    return note_data(note)


def place_note(under_way: Act) -> Data:
    """A harvester takes a waiting note onto the board."""
    note = under_way.note()
    note.state = NoteState.PLACED
    note.save(update_fields=["state", "updated_at"])
    return note_data(note)


def remove_note(under_way: Act) -> Data:
    """Take a note off the board; it can be brought back."""
    note = under_way.own_note()
    under_way.before = {"act": "restore_note", "sent": {"note": note.code}}
    note.state = NoteState.REMOVED
    note.save(update_fields=["state", "updated_at"])
    return note_data(note)


def restore_note(under_way: Act) -> Data:
    note = under_way.own_note()
    under_way.before = {"act": "remove_note", "sent": {"note": note.code}}
    note.state = NoteState.PLACED
    note.save(update_fields=["state", "updated_at"])
    return note_data(note)


# --- groups and connections ---------------------------------------------------------------------------------------------


def group_note(under_way: Act) -> Data:
    """Put a note into a group: one that is there (`group`), a new one (`name`), or none."""
    note = under_way.note()
    under_way.before = {
        "act": "group_note",
        "sent": {"note": note.code, "group": note.group.code if note.group else ""},
    }
    code, name = str(under_way.sent.get("group") or ""), str(under_way.sent.get("name") or "").strip()
    if code:
        note.group = NoteGroup.objects.filter(board=under_way.board, code=code).first()
        if note.group is None:
            raise Refused(_("This group is gone."))
    elif name:
        named = under_way.text("name", 120)
        note.group = NoteGroup.objects.filter(board=under_way.board, room=note.room, name=named).first()
        note.group = note.group or NoteGroup.objects.create(board=under_way.board, room=note.room, name=named)
    else:
        note.group = None
    note.save(update_fields=["group", "updated_at"])
    return note_data(note)


def name_group(under_way: Act) -> Data:
    group = NoteGroup.objects.filter(board=under_way.board, code=str(under_way.sent.get("group", ""))).first()
    if group is None:
        raise Refused(_("This group is gone."))
    under_way.before = {"act": "name_group", "sent": {"group": group.code, "name": group.name}}
    group.name = under_way.text("name", 120)
    group.save(update_fields=["name", "updated_at"])
    return {"group": group.code, "name": group.name}


def connect_notes(under_way: Act) -> Data:
    one, other = _pair(under_way)
    NoteLink.objects.get_or_create(board=under_way.board, one=one, other=other)
    sent = {"note": one.code, "other": other.code}
    under_way.before = {"act": "disconnect", "sent": sent}
    return sent


def disconnect_notes(under_way: Act) -> Data:
    one, other = _pair(under_way)
    NoteLink.objects.filter(one=one, other=other).delete()
    sent = {"note": one.code, "other": other.code}
    under_way.before = {"act": "connect", "sent": sent}
    return sent


def _pair(under_way: Act) -> tuple[Note, Note]:
    one, other = sorted((under_way.note(), under_way.note("other")), key=lambda note: note.pk)
    if one == other:
        raise Refused(_("A note is not connected with itself."))
    return one, other


# --- votes --------------------------------------------------------------------------------------------------------------


def vote(under_way: Act) -> Data:
    """One vote for a note, as long as the person has votes left."""
    board, note = under_way.board, under_way.note()
    if not board.votes_each:
        raise Refused(_("No vote is open."))
    given = Vote.objects.filter(guest=under_way.guest, note__board=board).exclude(note=note)
    if given.exclude(note__state=NoteState.REMOVED).count() >= board.votes_each:
        raise Refused(_("You have given all your %(n)d votes. Take one back first.") % {"n": board.votes_each})
    Vote.objects.get_or_create(note=note, guest=under_way.guest)
    under_way.before = {"act": "unvote", "sent": {"note": note.code}}
    return {"note": note.code, "votes": note.votes.count()}


def unvote(under_way: Act) -> Data:
    note = under_way.note()
    if not under_way.board.votes_each:
        raise Refused(_("No vote is open."))
    Vote.objects.filter(note=note, guest=under_way.guest).delete()
    under_way.before = {"act": "vote", "sent": {"note": note.code}}
    return {"note": note.code, "votes": note.votes.count()}


# --- leading the board ----------------------------------------------------------------------------------------------------


def set_board(under_way: Act) -> Data:
    """Switches of the board, those that were sent: `moderated`, `private`, `locked`, `votes_each`."""
    board, sent = under_way.board, under_way.sent
    for name, attribute in (("moderated", "is_moderated"), ("private", "is_private"), ("locked", "is_locked")):
        if name in sent:
            setattr(board, attribute, under_way.yes(name))
    if "votes_each" in sent:
        board.votes_each = under_way.number("votes_each", MOST_VOTES)
    return board_data(board)


def set_timer(under_way: Act) -> Data:
    """Minutes from now; 0 stops the timer."""
    minutes = under_way.number("minutes", LONGEST_TIMER)
    board = under_way.board
    board.timer_ends_at = under_way.now + datetime.timedelta(minutes=minutes) if minutes else None
    return board_data(board)


def call_everybody(under_way: Act) -> Data:
    """Ask everybody to look at this room; the surface for all where none is named."""
    under_way.board.called_to = under_way.room()
    return board_data(under_way.board) | {"called": under_way.board.called_to.code if under_way.board.called_to else ""}


def undo(under_way: Act) -> Data:
    """Take back the last own act that is not taken back yet."""
    mine = BoardEvent.objects.filter(board=under_way.board, guest=under_way.guest, undone=False)
    last = mine.exclude(before=None).exclude(act="undo").order_by("-sequence").first()
    if last is None:
        raise Refused(_("There is nothing of yours to take back."))
    last.undone = True
    last.save(update_fields=["undone"])
    inverse = Act(under_way.board, under_way.guest, last.before["sent"], under_way.now)
    return {"act": last.before["act"], "data": ACTS[last.before["act"]](inverse), "undoes": last.sequence}


ACTS: dict[str, Callable[[Act], Data]] = {
    "write_note": write_note,
    "edit_note": edit_note,
    "move_note": move_note,
    "place_note": place_note,
    "remove_note": remove_note,
    "restore_note": restore_note,
    "group_note": group_note,
    "name_group": name_group,
    "connect": connect_notes,
    "disconnect": disconnect_notes,
    "vote": vote,
    "unvote": unvote,
    "set_board": set_board,
    "set_timer": set_timer,
    "call": call_everybody,
    "undo": undo,
    **AGENDA_ACTS,
}
GUIDING = ("place_note", "set_board", "set_timer", "call", "name_group")


def _topic(under_way: Act) -> str:
    topic = str(under_way.sent.get("topic") or Topic.OTHER)
    if topic not in Topic.values:
        raise Refused(_("Choose one of the topics."))
    return topic


def note_data(note: Note) -> Data:
    """What browsers are told of a note. `private` holds what others may not see before it is revealed."""
    return {
        "note": note.code,
        "room": note.room.code if note.room else "",
        "topic": note.topic,
        "state": note.state,
        "x": note.x,
        "y": note.y,
        "group": note.group.code if note.group else "",
        "group_name": note.group.name if note.group else "",
        "text": note.text,
        "city": str(note.city) if note.city_id else "",
        "by": note.author.code if note.author else "",
        "writer": note.written_by.code if note.written_by else "",
        "private": note.board.is_private,
    }


def board_data(board: Board) -> Data:
    return {
        "moderated": board.is_moderated,
        "private": board.is_private,
        "locked": board.is_locked,
        "votes_each": board.votes_each,
        "timer": board.timer_ends_at.isoformat() if board.timer_ends_at else "",
    }
