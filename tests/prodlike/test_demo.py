"""`manage.py demo` as processes: up quickly, down without a rest, and alive after a worker's death."""

import http.cookiejar
import json
import os
import re
import signal
import sys
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest

from tests.helpers.processes import clean_environment, command_of, health, living, started, wait_until
from tests.servers import free_port

pytestmark = [pytest.mark.prodlike, pytest.mark.timeout(300)]


class Demo:
    """A running demo whose data lies in `var`."""

    def __init__(self, var):
        self.var = var
        self.port = free_port()
        self.log = var.with_suffix(".log")

    @contextmanager
    def running(self, seconds=120):
        command = [sys.executable, "manage.py", "demo", "--port", self.port]
        began = time.monotonic()
        with started(command, self.log, clean_environment(VAR_DIR=str(self.var))) as process:
            wait_until(lambda: health(self.base)[0] == 200 or process.poll() is not None, seconds, "healthy demo")
            assert process.poll() is None, self.log.read_text()
            process.seconds_to_health = time.monotonic() - began
            yield process

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def pid_of(self, process, words):
        return next((each.pid for each in living(process.pid) if words in command_of(each)), None)


class Visitor:
    """A browser without a picture: keeps cookies and fills in the sign-in form."""

    def __init__(self, base):
        self.base = base
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def get(self, path, data=None):
        """Status, address at the end of all redirections, and text of a page."""
        body = urllib.parse.urlencode(data).encode() if data else None
        with self.opener.open(urllib.request.Request(self.base + path, data=body), timeout=30) as answer:
            return answer.status, answer.url, answer.read().decode()

    def sign_in(self, email, password):
        _, _, page = self.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        self.get("/accounts/login/", {"csrfmiddlewaretoken": token, "login": email, "password": password})


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, started once already: what follows are second starts."""
    demo = Demo(tmp_path_factory.mktemp("demo") / "var")
    with demo.running() as process:
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 0, demo.log.read_text()
    return demo


@pytest.mark.parametrize(
    ("stop", "status"),
    [
        pytest.param(lambda process: os.killpg(process.pid, signal.SIGINT), 0, id="Ctrl-C in a terminal"),
        pytest.param(lambda process: process.send_signal(signal.SIGINT), 0, id="SIGINT to the parent alone"),
        pytest.param(lambda process: process.send_signal(signal.SIGTERM), 0, id="SIGTERM"),
        pytest.param(lambda process: process.send_signal(signal.SIGHUP), 0, id="the terminal is closed"),
    ],
)
def test_stop_signal_ends_every_process_within_seconds(demo, stop, status):
    with demo.running() as process:
        # Looking for a system's library starts a compiler for a moment, where there is one.
        wait_until(lambda: len(living(process.pid)) == 4, 20, "four processes")
        stop(process)

        assert process.wait(10) == status
        assert living(process.pid) == []


def test_second_start_is_quick_says_who_may_sign_in_and_dies_with_its_pages(demo):
    logins = json.loads((demo.var / "demo-logins.json").read_text())
    with demo.running() as process:
        # The bar is 5 s on a quiet machine; a machine that runs tests is not quiet.
        assert process.seconds_to_health < 10
        said = demo.log.read_text()
        assert f"Twinning runs at {demo.base}" in said
        assert logins
        assert all(login["email"] in said and login["password"] in said for login in logins.values())

        os.kill(demo.pid_of(process, "pages and streams"), signal.SIGKILL)

        assert process.wait(15) == 1
        assert living(process.pid) == []


def test_who_has_signed_in_stays_so_a_killed_worker_comes_back_and_a_killed_parent_takes_all_along(demo):
    logins = json.loads((demo.var / "demo-logins.json").read_text())
    with demo.running():
        visitors = {role: Visitor(demo.base) for role in logins}
        for role, login in logins.items():
            visitors[role].sign_in(login["email"], login["password"])
    with demo.running() as process:
        places = {role: visitor.get("/") for role, visitor in visitors.items()}
        assert logins
        assert all(status == 200 and "/accounts/" not in address for status, address, _ in places.values()), places

        killed = demo.pid_of(process, "celeryd")
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: demo.pid_of(process, "celeryd") not in (None, killed), 10, "a new worker")
        assert "The worker process ended by itself; starting it again." in demo.log.read_text()

        process.kill()
        process.wait(5)
        wait_until(lambda: not living(process.pid), 12, "all processes gone")
