"""Boards as a live source: one reader for each process looks for new events of the boards that somebody watches.

Events are numbered under the board's lock, so there are no gaps: who has seen number n has seen all before it. Looking is cheap (one
query for all watched boards). A hint, from this process itself or over Redis where there is one, only makes it sooner: without hints nothing is lost.
"""

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from sensemaking.selectors.boards import events_after, news_of
from sensemaking.services.boards import CHANNEL, WAKERS

logger = logging.getLogger(__name__)

QUEUE_LENGTH = 1_000


@dataclass(eq=False)
class Event:
    """Something that happened on a board. Its text is made once, however many listen."""

    number: int
    act: str
    data: dict[str, Any]

    @cached_property
    def text(self) -> str:
        return self.text_with(self.data)

    def text_with(self, told: dict[str, Any]) -> str:
        """The event as the text of a stream. `told`: its data as one listener may see it."""
        content = {"act": self.act, "data": told, "sequence": self.number}
        payload = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self.number}\nevent: board\ndata: {payload}\n\n"


class BoardTail:
    """Fans the events of boards out to listeners. `read` runs a function where the database may be used."""

    def __init__(self, read: Callable[..., Awaitable[Any]], *, every_s: float = 0.25, ping_s: float = 15.0) -> None:
        self.every_s, self.ping_s = every_s, ping_s
        self._read = read
        self._listeners: dict[int, set[asyncio.Queue]] = defaultdict(set)
        self._seen: dict[int, int] = {}
        self._hint = asyncio.Event()
        self._tasks: list[asyncio.Task] = []  # kept: asyncio may collect a task that nobody refers to

    async def listen(self, board: int, after: int) -> AsyncIterator[list[Event]]:
        """Yields every event of the board behind number `after`, in order and once, those that are there together; nothing as a sign of life.

        Ends where the listener is so slow that its queue overflows: it comes back with the number it has reached.
        """
        if not self._tasks:  # no await between the test and the assignment, else every listener starts a reader
            loop = asyncio.get_running_loop()
            self._tasks = [loop.create_task(self._follow()), loop.create_task(self._ping())]
            if settings.REDIS_URL:
                self._tasks.append(loop.create_task(self._take_hints()))
        queue: asyncio.Queue[Event | None] = asyncio.Queue(QUEUE_LENGTH)
        self._listeners[board].add(queue)
        try:
            reached = after
            while missed := await self._events_after(board, reached):
                yield missed
                reached = missed[-1].number
            while queue in self._listeners[board]:
                events = [await queue.get()]
                while not queue.empty():
                    events.append(queue.get_nowait())
                # What was read above may come again.
                fresh = [event for event in events if event and event.number > reached]
                if fresh or events == [None]:
                    yield fresh
                if fresh:
                    reached = fresh[-1].number
        finally:
            self._listeners[board].discard(queue)
            if not self._listeners[board]:
                del self._listeners[board]
                self._seen.pop(board, None)

    async def _events_after(self, board: int, number: int) -> list[Event]:
        return [Event(*row) for row in await self._read(events_after, board, number)]

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop may be closing while somebody writes
                loop.call_soon_threadsafe(self._hint.set)

        WAKERS.append(wake)
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._hint.wait(), self.every_s)
                self._hint.clear()  # before reading: a hint that comes while we read is for the next look
                try:
                    await self._look()
                except DatabaseError:
                    logger.warning("Boards cannot be read at the moment; live pages wait.", exc_info=True)
                    await asyncio.sleep(2)
        finally:
            WAKERS.remove(wake)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self.ping_s)
            for board in list(self._listeners):
                self._tell(board, None)

    async def _look(self) -> None:
        """Read what is new on all watched boards at once, and hand it out."""
        known = {board: self._seen.get(board) for board in self._listeners}
        if not known:
            return
        for board, rows in (await self._read(news_of, known)).items():
            for row in rows:
                self._tell(board, Event(*row))
            if board in self._listeners:
                self._seen[board] = rows[-1][0]

    def _tell(self, board: int, event: Event | None) -> None:
        for queue in list(self._listeners.get(board, ())):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._listeners[board].discard(queue)

    async def _take_hints(self) -> None:
        """Wake the reader as soon as another process says that something happened. Redis away costs time, not events."""
        import redis.asyncio as redis  # noqa: PLC0415 only where there is a Redis

        while True:
            try:
                async with redis.from_url(settings.REDIS_URL) as client, client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    async for _message in subscription.listen():
                        self._hint.set()
            except (redis.RedisError, OSError):
                await asyncio.sleep(2)
