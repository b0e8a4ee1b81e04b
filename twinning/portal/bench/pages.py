"""Pages: queries, and processor time beside a bare Django view on the same server in the same run.

At 1, 10 and 100 times the real cohort.
"""

import http.client
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from statistics import median
from urllib.parse import urlencode

from django.conf import settings

from .figures import Figure
from .scratch import environment_for, folder_for, run_inside, run_python

SCALES = (1, 10, 100)
ROUNDS, WARM_UPS = 25, 3
MOST_QUERIES = {"list": 10, "dashboard": 20, "form": 15}
# The floor of each kind of page, and at most so many times its time: a list must reach half of the throughput of the bare
# list of fifty rows, a form two fifths of that of a bare form of the same fields, an autosave a quarter of that of one query.
# A dashboard with map and calendar is no list: its ratio is told and has no bar; its bars are queries and milliseconds.
FLOORS = {"list": "/bare/rows", "dashboard": "/bare/rows", "form": "/bare/form?{fields}", "save": "/bare/one"}
MOST_TIMES = {"list": 2.0, "form": 2.5, "save": 4.0}
FLOOR_NAMES = {"list": "bare list", "dashboard": "bare list", "form": "bare form", "save": "bare query"}
MOST_MILLISECONDS = 50


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
    name, kind = page["name"], page["kind"]
    ask = Saving(client, page) if kind == "save" else lambda **headers: client.get(page["url"], **headers)
    ask()
    floor_url = FLOORS[kind].format(fields=fields_of(client.text))
    for _warm_up in range(WARM_UPS):
        client.get(floor_url)
        ask()
    ask(**{"X-Bench-Count": "1"})
    queries = int(client.answer.headers["X-Bench-Queries"])
    used = []
    for _round in range(ROUNDS):  # side by side, so that whatever else the machine does falls on both
        used += [client.get(floor_url), ask()]
    used.append(client.get(floor_url))
    costs = [after - before for before, after in pairwise(used)]
    floor, times = costs[::2], costs[1::2]
    yield Figure("pages", f"{name}: queries", queries, "queries", MOST_QUERIES.get(kind), scale)
    yield Figure("pages", f"{name}: more than at 1x", queries - first.setdefault(name, queries), "queries", 0, scale)
    ratio = median(times) / median(floor)
    note = f"{median(times) * 1000:.1f} ms, {FLOOR_NAMES[kind]} {median(floor) * 1000:.1f} ms"
    yield Figure("pages", f"{name}: time", ratio, f"x {FLOOR_NAMES[kind]}", MOST_TIMES.get(kind), scale, note)
    yield Figure("pages", f"{name}: milliseconds", median(times) * 1000, "ms", MOST_MILLISECONDS, scale)


def fields_of(html: str) -> str:
    """How many fields of each kind a page has, as the bare form wants to know it."""
    lists = re.findall(r"<select.*?</select>", html, re.DOTALL)
    lines = re.findall(r'<input[^>]* type="(?:text|date|url)"', html)
    counts = {"texts": html.count("<textarea"), "lines": len(lines)}
    return urlencode(counts | {"choices": ",".join(str(each.count("<option")) for each in lists)})


class Client:
    """One connection that stays open, signed in."""

    def __init__(self, port: int, session: str) -> None:
        token = secrets.token_hex(16)
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token, "Host": "127.0.0.1"}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, url: str, **headers: str) -> float:
        return self._ask("GET", url, None, headers)

    def post(self, url: str, fields: dict[str, str], **headers: str) -> float:
        return self._ask(
            "POST", url, urlencode(fields), headers | {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def _ask(self, method: str, url: str, body: str | None, headers: dict[str, str]) -> float:
        """The processor time that the server had used before this request. Raises RuntimeError for anything but 200."""
        self.connection.request(method, url, body, self.headers | headers)
        self.answer = self.connection.getresponse()
        self.text = self.answer.read().decode()
        if self.answer.status != 200:
            raise RuntimeError(f"{url} answered {self.answer.status}")
        return float(self.answer.headers["X-Bench-Used"])


class Saving:
    """One writer who saves the same place again and again, each time with a new text."""

    def __init__(self, client: Client, page: dict) -> None:
        self.client, self.page, self.text = client, page, page["text"]

    def __call__(self, **headers: str) -> float:
        fields = {"place": self.page["place"], "base": self.text, "text": f"Written at {time.perf_counter()}."}
        used = self.client.post(self.page["url"], fields, **headers)
        self.text = fields["text"]
        return used


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
