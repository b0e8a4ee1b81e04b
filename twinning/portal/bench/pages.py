"""Pages: queries, and time beside a bare Django view on the same server in the same run; at 1, 10 and 100 times the real cohort."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from django.conf import settings

from .figures import Figure
from .scratch import environment_for, folder_for, run_inside, run_python

SCALES = (1, 10, 100)
ROUNDS, WARM_UPS = 25, 3
MOST_QUERIES = {"list": 10, "dashboard": 20, "form": 15}
# A list must reach half of the throughput of the bare list of fifty rows, a form two fifths: so many times its time at most.
MOST_TIMES = {"list": 2.0, "dashboard": 2.0, "form": 2.5}
MOST_MILLISECONDS = 50
FLOOR = "/bare/rows"


def measure(scales: tuple[int, ...] = SCALES) -> Iterator[Figure]:
    first: dict[str, int] = {}
    for scale in scales:
        folder = folder_for(f"pages-{scale}x")
        environment = environment_for(folder)
        run_python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=environment)
        world = run_inside("world", scale, environment=environment)
        with served(environment) as port:
            for page in world["pages"]:
                yield from _measure_page(port, page, world["sessions"][page["as"]], f"{scale}x", first)


def _measure_page(port: int, page: dict, session: str, scale: str, first: dict[str, int]) -> Iterator[Figure]:
    client = Client(port, session)
    for _warm_up in range(WARM_UPS):
        client.get(FLOOR)
        client.get(page["url"])
    queries = client.count_queries(page["url"])
    floor, times = [], []
    for _round in range(ROUNDS):  # side by side, so that whatever else the machine does falls on both
        floor.append(client.get(FLOOR))
        times.append(client.get(page["url"]))
    name, kind = page["name"], page["kind"]
    yield Figure("pages", f"{name}: queries", queries, "queries", MOST_QUERIES[kind], scale)
    yield Figure("pages", f"{name}: more than at 1x", queries - first.setdefault(name, queries), "queries", 0, scale)
    ratio = median(times) / median(floor)
    note = f"{median(times) * 1000:.1f} ms, bare list {median(floor) * 1000:.1f} ms"
    yield Figure("pages", f"{name}: time", ratio, "x bare list", MOST_TIMES[kind], scale, note)
    yield Figure("pages", f"{name}: milliseconds", median(times) * 1000, "ms", MOST_MILLISECONDS, scale)


class Client:
    """One connection that stays open, signed in."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.headers = port, {"Cookie": f"sessionid={session}", "Host": "127.0.0.1"}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, url: str, **headers: str) -> float:
        """Seconds from the request to the last byte. Raises RuntimeError for anything but 200."""
        started = time.perf_counter()
        self.connection.request("GET", url, headers=self.headers | headers)
        self.answer = self.connection.getresponse()
        self.answer.read()
        seconds = time.perf_counter() - started
        if self.answer.status != 200:
            raise RuntimeError(f"{url} answered {self.answer.status}")
        return seconds

    def count_queries(self, url: str) -> int:
        self.get(url, **{"X-Bench-Count": "1"})
        return int(self.answer.headers["X-Bench-Queries"])


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """The application and the bare views behind gunicorn, one worker and one thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "gunicorn", "twinning.portal.bench.server:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "1", "--keep-alive", "60", "--log-level", "error"]
    process = subprocess.Popen(
        [sys.executable, *command, "--no-control-socket"], cwd=settings.BASE_DIR, env=environment
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")
