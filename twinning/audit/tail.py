"""The journal as a live source: one reader per process tails it and wakes whoever listens to an object.

Every consequence leaves a journal line, so the journal is all that a page must watch. A listener learns only that
something happened to an object and the line's number; what it may see it then fetches as a page, by its own rights.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, close_old_connections, connection

from .models import JournalEntry

logger = logging.getLogger(__name__)

# Lines can be committed in another order than they were numbered: look back so far, and remember what was seen.
LOOK_BACK = 200
LINES_A_LOOK = 1000
QUEUE_LENGTH = 100

Subject = tuple[str, int]  # (object type, object id)


def newest_line() -> int:
    """The number of the newest line, 0 in an empty journal."""
    return JournalEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def lines_after(number: int) -> list[tuple[int, str, int, str]]:
    """(number, object type, object id, verb) of the lines behind `number`, oldest first."""
    lines = JournalEntry.objects.filter(pk__gt=number).order_by("pk")
    return list(lines.values_list("pk", "object_type", "object_id", "verb")[:LINES_A_LOOK])


class JournalTail:
    """Fans new journal lines out to listeners. All reading happens on `threads`, so that any number of listeners
    holds as many database connections as there are threads, and no more."""

    def __init__(self, *, every_s: float = 0.5, threads: int = 2) -> None:
        self.every_s = every_s
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="journal-tail")
        self._listeners: dict[Subject, set[asyncio.Queue]] = defaultdict(set)
        self._seen: set[int] = set()
        self._task: asyncio.Task | None = None  # kept: asyncio may collect a task that nobody refers to
        self._is_ready = asyncio.Event()

    async def read(self, function: Callable, *args: object) -> object:
        """Run a function that uses the database on one of our threads."""

        def with_fresh_connection() -> object:
            close_old_connections()
            try:
                return function(*args)
            finally:
                if connection.vendor != "sqlite":
                    connection.close()  # back to the pool

        return await asyncio.get_running_loop().run_in_executor(self._threads, with_fresh_connection)

    async def listen(self, subject: Subject, *, ping_s: float = 15.0) -> AsyncIterator[tuple[int, str] | None]:
        """Yields (line number, verb) for each new line about `subject`; None every `ping_s` seconds of silence.

        Ends where the listener is so slow that its queue overflows: it shall come back and fetch anew.
        """
        if self._task is None:  # no await between the test and the assignment, else every listener starts a reader
            self._task = asyncio.get_running_loop().create_task(self._follow())
        await self._is_ready.wait()
        queue: asyncio.Queue = asyncio.Queue(QUEUE_LENGTH)
        self._listeners[subject].add(queue)
        try:
            while queue in self._listeners[subject]:
                try:
                    yield await asyncio.wait_for(queue.get(), ping_s)
                except TimeoutError:
                    yield None
        finally:
            self._listeners[subject].discard(queue)
            if not self._listeners[subject]:
                del self._listeners[subject]

    async def _follow(self) -> None:
        last = None
        while True:
            try:
                if last is None:
                    last = await self.read(newest_line)
                    self._seen.update(range(max(0, last - LOOK_BACK), last + 1))
                    self._is_ready.set()
                for line in await self.read(lines_after, max(0, last - LOOK_BACK)):
                    number, object_type, object_id, verb = line
                    if number not in self._seen:
                        self._seen.add(number)
                        last = max(last, number)
                        self._wake((object_type, object_id), number, verb)
                self._seen = {number for number in self._seen if number > last - 2 * LOOK_BACK}
            except DatabaseError:
                logger.warning("The journal cannot be read at the moment; live pages wait.", exc_info=True)
                await asyncio.sleep(2)
            await asyncio.sleep(self.every_s)

    def _wake(self, subject: Subject, number: int, verb: str) -> None:
        for queue in list(self._listeners.get(subject, ())):
            try:
                queue.put_nowait((number, verb))
            except asyncio.QueueFull:
                with contextlib.suppress(KeyError):
                    self._listeners[subject].remove(queue)
