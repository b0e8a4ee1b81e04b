"""Live streams (server-sent events) under /stream/, apart from Django's handler.

Django's own ASGI handler would hold a thread and a database connection for each open stream. This small ASGI
application checks session and access once on a bounded pool of threads and then only waits.

    /stream/outputs/<code>/     an event "changed" whenever something happens to the output
    /stream/boards/<key>/       every event of the board, for the holder of this key (a guest's own link)

An event of an output says that something happened, never what stands there: the page then fetches itself, by its own rights. Events of
boards carry what happened, without the texts that this guest may not see yet; `Last-Event-ID` or `?after=` says where to go on, and
`?about=agenda` leaves out all but what happens to the agenda.
"""

import asyncio
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest

from outputs.models import Output
from sensemaking.models import Guest
from sensemaking.selectors.boards import Viewer, shown_to
from sensemaking.services.agenda import AGENDA_ACTS
from twinning.audit.tail import JournalTail, Subject

from .board_tail import BoardTail

BOARD_PATH = re.compile(r"^/stream/boards/(?P<key>[\w-]{16,32})/$")
OUTPUT_PATH = re.compile(r"^/stream/outputs/(?P<code>[0-9A-Z]{8})/$")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

_tail: JournalTail | None = None
_boards: BoardTail | None = None


@dataclass(frozen=True)
class BoardSeat:
    """A place in front of a board."""

    board: int
    viewer: Viewer
    after: int
    acts: Collection[str] | None = None  # all of them where none are named


def journal_tail() -> JournalTail:
    """The process's one reader. Made on first use, inside the running loop."""
    global _tail  # noqa: PLW0603 one per process is the point
    if _tail is None:
        _tail = JournalTail()
    return _tail


def board_tail() -> BoardTail:
    """The process's one reader of boards, on the threads of the other."""
    global _boards  # noqa: PLW0603 one per process is the point
    if _boards is None:
        _boards = BoardTail(journal_tail().read)
    return _boards


async def application(scope: dict, receive, send) -> None:
    """The ASGI application. Anything but a GET of a known stream by somebody who may see its object is refused."""
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    if scope["method"] != "GET":
        await _refuse(send, HTTPStatus.METHOD_NOT_ALLOWED)
        return
    subject = await journal_tail().read(_subject_of, scope)
    if isinstance(subject, HTTPStatus):
        await _refuse(send, subject)
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    telling = asyncio.ensure_future(
        _tell_board(subject, send) if isinstance(subject, BoardSeat) else _tell(subject, send)
    )
    leaving = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait([telling, leaving], return_when=asyncio.FIRST_COMPLETED)
    finally:
        telling.cancel()
        leaving.cancel()
        await asyncio.gather(telling, leaving, return_exceptions=True)


async def _tell(subject: Subject, send) -> None:
    """Pass on what happens to the object, until the listener is too slow to follow."""
    await _send_text(send, "retry: 3000\n\n")
    async for line in journal_tail().listen(subject):
        if line is None:
            await _send_text(send, ": still here\n\n")
        else:
            number, verb = line
            await _send_text(send, f"id: {number}\nevent: changed\ndata: {verb}\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _tell_board(seat: BoardSeat, send) -> None:
    """Pass on what happens on the board behind what this browser has seen."""
    await _send_text(send, "retry: 1000\n\n")
    async for events in board_tail().listen(seat.board, seat.after):
        texts = []
        for event in events:
            if seat.acts is not None and event.act not in seat.acts:
                continue
            told = shown_to(seat.viewer, event.act, event.data)
            texts.append(event.text if told is event.data else event.text_with(told))
        if texts or not events:
            await _send_text(send, "".join(texts) or ": still here\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _subject_of(scope: dict) -> Subject | BoardSeat | HTTPStatus:
    """The object that the stream is about, or why there is none. Runs where the database may be used."""
    request = ASGIRequest(scope, io.BytesIO())
    try:
        request.get_host()
    except DisallowedHost:
        return HTTPStatus.BAD_REQUEST
    if place := BOARD_PATH.match(request.path):
        return _board_seat(request, place["key"])
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(
        request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    )
    user = get_user(request)
    if not user.is_authenticated:
        return HTTPStatus.UNAUTHORIZED
    place = OUTPUT_PATH.match(request.path)
    output = place and Output.objects.visible_to(user).filter(code=place["code"]).first()
    if not output:
        return HTTPStatus.NOT_FOUND
    return output._meta.label_lower, output.pk


def _board_seat(request: ASGIRequest, key: str) -> BoardSeat | HTTPStatus:
    """The board of the guest who holds this key, from the number on that their browser names."""
    guest = Guest.objects.select_related("session__board").filter(key=key, session__board__isnull=False).first()
    if guest is None:
        return HTTPStatus.NOT_FOUND
    board = guest.session.board
    named = request.headers.get("Last-Event-ID") or request.GET.get("after") or str(board.last_sequence)
    after = int(named) if named.isdecimal() else board.last_sequence
    acts = AGENDA_ACTS if request.GET.get("about") == "agenda" else None
    return BoardSeat(board.pk, Viewer.of(guest), min(after, board.last_sequence), acts)


async def _send_text(send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send, status: HTTPStatus) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": status.phrase.encode(), "more_body": False})
