"""People in front of one board, each with a stream of their own and acts sent like a browser sends them. Plain sockets, one thread.

A stream that ends is opened again after a second with the number that was seen last; an act without an answer is sent again under its name.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PAUSE = 8.0  # seconds between two acts of one person, on average
WRITING = 0.35  # of the acts; the others move a note of one's own
BACK_AFTER, AGAIN_AFTER = 1.0, 0.5  # seconds until a stream is opened again, until an act is sent again
DRAIN_SECONDS = 120  # a starved machine still answers; what is not answered then counts as lost
TOKEN = "bench" * 6 + "32"

Address = tuple[str, int]
Disturbance = tuple[float, str, Callable[[], None]]  # after which part of the time, what, and what to do


@dataclass
class Seen:
    """What one event met: how many have it, and when the last of them got it."""

    people: int = 0
    last: float = 0.0


@dataclass
class Told:
    """What happened, in seconds of one clock."""

    opened: list[float] = field(default_factory=list)  # how long each waited for the page and the notes
    sent: dict[str, float] = field(default_factory=dict)  # act -> first sent
    numbers: dict[str, int] = field(default_factory=dict)  # act -> number of its event
    seen: dict[int, Seen] = field(default_factory=dict)  # number -> who saw it
    refused: list[str] = field(default_factory=list)
    sent_again: int = 0
    doubled: int = 0
    troubles: list[tuple[str, float, float]] = field(default_factory=list)  # what, from, until everybody was back
    gaps: int = 0  # events that somebody saw without those before them
    pictures: int = 1  # different boards in the browsers at the end


class Person:
    """One participant: listens to the board and acts on it."""

    def __init__(self, crowd: "Crowd", key: str, room: str, number: int) -> None:
        self.crowd, self.key, self.room = crowd, key, room
        self.dice = random.Random(number)
        self.is_listening = False
        self.reached = 0
        self.own_notes: list[str] = []
        self.places: dict[str, tuple[int, int]] = {}  # every note of the board, as this browser would draw it
        self._acts = 0

    async def open(self) -> None:
        """The page and the notes, as a browser asks for them."""
        began = time.monotonic()
        for path in ("?as=canvas", "state/"):
            status, _content = await self._ask("GET", path)
            if status != 200:
                raise RuntimeError(f"The board's {path} answers {status}.")
        self.crowd.told.opened.append(time.monotonic() - began)

    async def listen(self) -> None:
        while True:
            try:
                await self._follow()
            except (OSError, asyncio.IncompleteReadError, ValueError):
                pass
            self.is_listening = False
            await asyncio.sleep(BACK_AFTER)

    async def _follow(self) -> None:
        reader, writer = await asyncio.open_connection(*self.crowd.streams)
        try:
            request = (
                f"GET /stream/boards/{self.key}/ HTTP/1.1\r\nHost: {self.crowd.streams[0]}:{self.crowd.streams[1]}\r\n"
            )
            writer.write(f"{request}Last-Event-ID: {self.reached}\r\n\r\n".encode())
            status = await reader.readline()
            if b" 200 " not in status:
                return
            while text := await reader.readuntil(b"\n\n"):
                self.is_listening = True
                _before, found, data = text.partition(b"\ndata: ")
                if found:
                    self._take(json.loads(data), time.monotonic())
        finally:
            writer.close()

    def _take(self, event: dict, now: float) -> None:
        number, data = event["sequence"], event["data"]
        told = self.crowd.told
        if number <= self.reached:
            told.doubled += 1
            return
        if number != self.reached + 1:
            told.gaps += 1
        self.reached = number
        seen = told.seen.setdefault(number, Seen())
        seen.people += 1
        seen.last = now
        self.places[data["note"]] = (data["x"], data["y"])

    async def act(self, until: float) -> None:
        await asyncio.sleep(self.dice.uniform(0, PAUSE))
        while time.monotonic() < until:
            if not self.own_notes or self.dice.random() < WRITING:
                text = f"A remark of {self.dice.randrange(10**6)} about what we saw"
                name, data = "write_note", {"text": text, "topic": "challenge", "room": self.room}
            else:
                name, data = "move_note", {"note": self.dice.choice(self.own_notes)}
            data |= {"x": self.dice.randrange(1, 2400), "y": self.dice.randrange(1, 1600)}
            answer = await self._send(name, data)
            if answer and name == "write_note":
                self.own_notes.append(answer["data"]["note"])
            await asyncio.sleep(self.dice.expovariate(1 / PAUSE))

    async def _send(self, name: str, data: dict) -> dict | None:
        """The answer to one act, sent until there is one."""
        told = self.crowd.told
        self._acts += 1
        client_id = f"{self.key[:20]}-{self._acts}"
        body = json.dumps({"act": name, "data": data, "client_id": client_id}).encode()
        told.sent[client_id] = time.monotonic()
        while True:
            try:
                status, answer = await self._post(body)
            except (OSError, asyncio.IncompleteReadError, IndexError, ValueError):
                status, answer = 0, {}
            if status == 200:
                told.numbers[client_id] = answer["sequence"]
                return answer
            if 400 <= status < 500:
                told.refused.append(str(answer))
                return None
            told.sent_again += 1
            await asyncio.sleep(AGAIN_AFTER)

    async def _post(self, body: bytes) -> tuple[int, dict]:
        status, content = await self._ask("POST", "act/", body)
        if status >= 400:
            return status, {"answer": content.decode(errors="replace")}
        start, end = content.find(b"{"), content.rfind(b"}")  # in a chunk, or half of it if the server was killed
        return status, json.loads(content[start : end + 1])

    async def _ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        host, port = self.crowd.pages
        reader, writer = await asyncio.open_connection(host, port)
        try:
            head = (
                f"{method} /room/{self.key}/board/{path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                f"Cookie: csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = await asyncio.wait_for(reader.read(), 30)
        finally:
            writer.close()
        headers, _, content = answer.partition(b"\r\n\r\n")
        return int(headers.split(b" ", 2)[1]), content


class Crowd:
    """Everybody in front of one board. `people`: (key, code of the room) of each."""

    def __init__(self, people: list[tuple[str, str]], *, pages: Address, streams: Address) -> None:
        self.pages, self.streams = pages, streams
        self.told = Told()
        self.people = [Person(self, key, room, number) for number, (key, room) in enumerate(people)]

    def run(self, seconds: float, disturbances: list[Disturbance]) -> Told:
        asyncio.run(self._run(seconds, disturbances))
        return self.told

    async def _run(self, seconds: float, disturbances: list[Disturbance]) -> None:
        await asyncio.gather(*(person.open() for person in self.people))
        listening = [asyncio.create_task(person.listen()) for person in self.people]
        await self._everybody(lambda person: person.is_listening)
        started = time.monotonic()
        acting = [asyncio.create_task(person.act(started + seconds)) for person in self.people]
        for part, what, do in disturbances:
            await asyncio.sleep(max(0, started + part * seconds - time.monotonic()))
            began = time.monotonic()
            await asyncio.to_thread(do)
            await asyncio.sleep(BACK_AFTER)
            await self._everybody(lambda person: person.is_listening)
            self.told.troubles.append((what, began, time.monotonic() + BACK_AFTER))
        _done, unanswered = await asyncio.wait(acting, timeout=DRAIN_SECONDS)
        for task in unanswered:
            task.cancel()
        last = max(self.told.numbers.values(), default=0)
        await self._everybody(lambda person: person.reached >= last)
        self.told.pictures = len({frozenset(person.places.items()) for person in self.people})
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)

    async def _everybody(self, is_so: Callable[[Person], bool]) -> None:
        until = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < until and not all(is_so(person) for person in self.people):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
