"""Live streams (server-sent events) under /stream/, apart from Django's handler.

Django's own ASGI handler would hold a thread and a database connection for each open stream. This small ASGI
application checks session and access once on a bounded pool of threads and then only waits.

    /stream/outputs/<code>/     an event "changed" whenever something happens to the output

An event says that something happened, never what stands there: the page then fetches itself, by its own rights.
"""

import asyncio
import io
import re
from http import HTTPStatus
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest

from outputs.models import Output
from twinning.audit.tail import JournalTail, Subject

OUTPUT_PATH = re.compile(r"^/stream/outputs/(?P<code>[0-9A-Z]{8})/$")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

_tail: JournalTail | None = None


def journal_tail() -> JournalTail:
    """The process's one reader. Made on first use, inside the running loop."""
    global _tail  # noqa: PLW0603 one per process is the point
    if _tail is None:
        _tail = JournalTail()
    return _tail


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
    telling = asyncio.ensure_future(_tell(subject, send))
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


async def _disconnected(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _subject_of(scope: dict) -> Subject | HTTPStatus:
    """The object that the stream is about, or why there is none. Runs where the database may be used."""
    request = ASGIRequest(scope, io.BytesIO())
    try:
        request.get_host()
    except DisallowedHost:
        return HTTPStatus.BAD_REQUEST
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


async def _send_text(send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send, status: HTTPStatus) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": status.phrase.encode(), "more_body": False})
