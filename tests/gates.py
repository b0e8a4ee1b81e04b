"""`manage.py test`: every gate that a change has to pass, one after another, with a table at the end.

A gate that cannot be tried says so loudly and why; the closing line adds up all tests that ran.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
GROUPS = ("lint", "checks", "sqlite", "postgres", "browser", "prodlike")
NEED_SQLITE, NEED_SERVERS = {"sqlite", "browser", "prodlike"}, {"postgres", "browser", "prodlike"}
TYPED_MODULES = (
    *("matching/engine", "sensemaking/grouping", "sensemaking/clustering"),
    *("cohorts/package_format", "outputs/compare.py"),
)
PLAIN_TESTS = "not browser and not prodlike"
ON_SQLITE_ALONE = "those marked `both`; scripts, layout and axe: on SQLite alone"
NO_TESTS_COLLECTED, NOTHING_SELECTED = 5, "no test was selected"


@dataclass
class Result:
    """What became of one gate."""

    name: str
    state: str  # ok, failed or skipped
    seconds: float = 0.0
    remark: str = ""


@dataclass
class Counts:
    """Tests of all runs together, and why some were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def add_report(self, report: Path) -> None:
        for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 pytest wrote it a moment ago
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
            elif skip is not None:
                self.skipped += 1
                self.reasons[skip.get("message", "no reason given")] += 1
            else:
                self.passed += 1

    @property
    def ran(self) -> int:
        return self.passed + self.failed + self.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


class Gates:
    """One run of the gates: `groups` are the ones wanted, `pytest_options` go to every run of pytest."""

    def __init__(self, groups: Iterable[str] = (), pytest_options: Iterable[str] = ()):
        self.groups = tuple(groups) or GROUPS
        self.pytest_options = list(pytest_options)
        self.results: list[Result] = []
        self.counts = Counts()
        self.stack = ExitStack()
        self.began = time.monotonic()
        self.waiting: list[tuple] | None = None  # commands for `at_once`

    def run(self) -> int:
        """Run everything, print the table; exit status 1 if anything failed."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are stopped and databases dropped
        with self.stack:
            self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="twinning-gates-")))
            for group in GROUPS:
                if group in self.groups:
                    getattr(self, group)()
        self.print_table()
        return 0 if self.has_proved else 1

    @property
    def has_proved(self) -> bool:
        """Nothing failed, and where tests were chosen there were some: words that fit none prove nothing."""
        is_empty = any(result.remark == NOTHING_SELECTED for result in self.results) and not self.counts.ran
        return not is_empty and all(result.state != "failed" for result in self.results)

    # --- the groups ---------------------------------------------------------------------------------------------------

    def lint(self) -> None:
        templates = sorted(map(str, (ROOT / "templates").rglob("*.html")))
        typed = [module for module in TYPED_MODULES if (ROOT / module).exists()]
        with self.at_once():
            self.command("types of the pure modules", TOOLS / "mypy", "--cache-dir", self.folder / "mypy", *typed)
            self.command("import contracts", TOOLS / "lint-imports", "--no-cache")
            self.command("ruff check", TOOLS / "ruff", "check", "--no-cache", ".")
            self.command("ruff format", TOOLS / "ruff", "format", "--check", "--no-cache", ".")
            self.command("template format", TOOLS / "djade", "--target-version", "5.2", "--check", *templates)
            self.command("container file", TOOLS / "hadolint", "Dockerfile")

    def checks(self) -> None:
        manage = (sys.executable, "manage.py")
        with_own_folder = {"VAR_DIR": str(self.folder / "checks"), "DATABASE_URL": "", "REDIS_URL": ""}
        production = {
            **with_own_folder,
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": "twinning.example",
            "SITE_URL": "https://twinning.example",
            "DATABASE_URL": "postgres://twinning@db/twinning",
            "REDIS_URL": "redis://redis:6379/0",
            "EMAIL_URL": "smtp+tls://post:secret@mail.example:587",
            "BEHIND_PROXY": "1",
        }
        with self.at_once():
            self.command("migrations up to date", *manage, "makemigrations", "--check", "--dry-run", **with_own_folder)
            self.command("check --deploy", *manage, "check", "--deploy", "--fail-level", "WARNING", **production)

    def sqlite(self) -> None:
        self.pytest("tests on SQLite", PLAIN_TESTS, self.on_sqlite)

    def postgres(self) -> None:
        self.with_servers("tests on PostgreSQL and Redis", PLAIN_TESTS)

    def browser(self) -> None:
        self.pytest("browser tests on SQLite", "browser", self.on_sqlite)
        self.with_servers("browser tests on PostgreSQL", "browser and both", remark=ON_SQLITE_ALONE)

    def prodlike(self) -> None:
        # By file: several tests of a file share the processes that it starts.
        self.with_servers("tests of the running processes", "prodlike", "--dist", "loadfile")

    # --- how they are run ---------------------------------------------------------------------------------------------

    @cached_property
    def servers(self):
        """Real servers, looked for once and kept until the end; the reason as text if there are none."""
        from tests.servers import NoServer, running_servers

        try:
            return self.stack.enter_context(running_servers())
        except NoServer as reason:
            return str(reason)

    @cached_property
    def migrated(self) -> dict[str, str]:
        """Where the databases are that were migrated once, side by side: each process of the tests begins with a copy."""
        folder, wanted = self.folder / "migrated", set(self.groups)
        migrate = (sys.executable, "manage.py", "migrate", "-v0")
        places = {}
        with self.at_once():
            if wanted & NEED_SQLITE:
                places["MIGRATED_SQLITE"] = str(folder / "twinning.sqlite3")
                embedded = {"VAR_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
                self.command("migrations on SQLite", *migrate, **embedded)
            if wanted & NEED_SERVERS and not isinstance(self.servers, str):
                from tests.servers import own_database

                url = self.stack.enter_context(own_database(self.servers.postgres))
                places["MIGRATED_POSTGRES"] = url.rpartition("/")[2]
                on_server = {"VAR_DIR": str(self.folder / "on-server"), "DATABASE_URL": url, "REDIS_URL": ""}
                self.command("migrations on PostgreSQL", *migrate, **on_server)
        return places

    @property
    def on_sqlite(self) -> dict[str, str]:
        return {"DATABASE_URL": "", "REDIS_URL": "", **self.migrated}

    @property
    def on_servers(self) -> dict[str, str]:
        return {**self.servers.environment, **self.migrated}

    def with_servers(self, name: str, marks: str, *options: str, remark: str = "") -> None:
        if isinstance(self.servers, str):
            self.add(Result(name, "skipped", remark=self.servers))
            return
        print(f"\n{self.servers.found}", flush=True)
        self.pytest(name, marks, self.on_servers, *options, remark=remark)

    def pytest(self, name: str, marks: str, environment: dict[str, str], *options: str, remark: str = "") -> None:
        report = self.folder / f"{len(self.results)}.xml"
        fixed = ("-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "worksteal", "-m", marks, f"--junit-xml={report}")
        result = self.command(
            name, sys.executable, "-m", "pytest", *fixed, *options, *self.pytest_options, **environment
        )
        if report.exists():
            self.counts.add_report(report)
        if result.remark == f"exit status {NO_TESTS_COLLECTED}":
            result.state, result.remark = "skipped", NOTHING_SELECTED
        result.remark = result.remark or remark

    @contextmanager
    def at_once(self):
        """Commands that are named inside the block run side by side, as many as there are processors; each speaks when it has ended."""
        self.waiting = []
        yield
        waiting, self.waiting = self.waiting, None
        with ThreadPoolExecutor(os.cpu_count()) as lanes:
            for ended in as_completed([lanes.submit(run_command, *each) for each in waiting]):
                result, said = ended.result()
                print(heading(result.name), said, sep="\n", flush=True)
                self.add(result)

    def command(self, name: str, *arguments: object, **environment: str) -> Result | None:
        """Run it now and say all that it says; inside `at_once` it is noted, and there is no result yet."""
        words = [str(argument) for argument in arguments]
        if self.waiting is not None:
            self.waiting.append((name, words, environment, True))
            return None
        print(heading(name), flush=True)
        result, _said = run_command(name, words, environment)
        return self.add(result)

    def add(self, result: Result) -> Result:
        self.results.append(result)
        return result

    def print_table(self) -> None:
        print("\n" + "=" * 101)
        for result in self.results:
            print(f"{result.name:<36} {result.seconds:7.1f} s  {result.state:<8} {result.remark}".rstrip())
        print(f"{'all together':<36} {time.monotonic() - self.began:7.1f} s")
        for result in self.results:
            if result.state == "skipped":
                print(f"NOT RUN: {result.name}: {result.remark}")
        for reason, number in self.counts.reasons.most_common():
            print(f"NOT RUN: {number} tests: {reason}")
        print(self.counts, flush=True)


def heading(name: str) -> str:
    return f"\n=== {name} " + "=" * max(1, 96 - len(name))


def run_command(name: str, words: list[str], environment: dict[str, str], quietly: bool = False) -> tuple[Result, str]:
    """Run one command in the project's folder. What became of it, and what it said if it was to be `quietly`."""
    if not shutil.which(words[0]):
        return Result(name, "failed", remark=f"{Path(words[0]).name} is not installed"), ""
    # The run's own folder keeps the tests of two runs apart; inherited settings would make a different test of each machine.
    env = {**os.environ, "TWINNING_BOOTSTRAP": "0", "PYTHONPATH": str(ROOT), **environment}
    for inherited in ("DJANGO_SETTINGS_MODULE", "PYTEST_ADDOPTS"):
        env.pop(inherited, None)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} if quietly else {}
    started = time.monotonic()
    ended = subprocess.run(words, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False, **streams)
    remark = f"exit status {ended.returncode}" if ended.returncode else ""
    return Result(name, "failed" if remark else "ok", time.monotonic() - started, remark), ended.stdout or ""
