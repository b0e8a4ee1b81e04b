"""The stage: pages, worker and scheduler as real processes on a database of their own, with the first cohort in it."""

import json
import os
import socket
import sys
from contextlib import ExitStack
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from tests.helpers.processes import clean_environment, health, run_to_end, started, wait_until

from .stage import PASSWORD
from .visitor import Visitor


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """Where the application answers (`base`), its folder (`var`), and `manage(...)`, which gives what a command printed."""
    var, port = tmp_path_factory.mktemp("stage"), free_port()
    base = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        environment = clean_environment(
            VAR_DIR=str(var),
            SITE_URL=base,
            DJANGO_SETTINGS_MODULE="twinning.settings",
            **stack.enter_context(own_servers()),
        )
        run_to_end(sys.executable, "manage.py", "migrate", "--verbosity", "0", environment=environment)
        facts = json.loads(run_to_end(sys.executable, "-m", "tests.flows.stage", "build", environment=environment))
        for name, command in processes(port).items():
            stack.enter_context(started([sys.executable, "-m", *command], var / f"{name}.log", environment))
        wait_until(lambda: health(base)[0] == 200, 60, "pages, worker and scheduler")
        yield SimpleNamespace(
            base=base,
            var=var,
            facts=facts,
            manage=lambda *command: run_to_end(sys.executable, "manage.py", *command, environment=environment),
            pair=lambda twin, host: run_to_end(
                sys.executable, "-m", "tests.flows.stage", "pair", twin, host, environment=environment
            ),
            free=lambda: run_to_end(sys.executable, "-m", "tests.flows.stage", "free", environment=environment),
        )


def processes(port):
    threads = ["--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"]
    return {
        "pages": ["gunicorn", "twinning.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "6", "--no-control-socket"],
        "worker": ["celery", "-A", "twinning.celery", "worker", "-Q", "celery,pdf", *threads],
        "scheduler": ["celery", "-A", "twinning.celery", "beat", "--loglevel", "WARNING"],
    }


class own_servers:  # noqa: N801 used like a function
    """DATABASE_URL and REDIS_URL for the processes: a new database on the server that the run names, if it names one."""

    def __enter__(self):
        self.url = os.environ.get("DATABASE_URL", "")
        variables = {}
        if self.url:
            self.name = f"flows_{os.getpid()}"
            self._run(f'CREATE DATABASE "{self.name}"')
            variables["DATABASE_URL"] = urlsplit(self.url)._replace(path=f"/{self.name}").geturl()
        if redis := os.environ.get("REDIS_URL", ""):
            variables["REDIS_URL"] = urlsplit(redis)._replace(path="/7").geturl()
        return variables

    def __exit__(self, *exception):
        if self.url:
            self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _run(self, statement):
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture
def visitors(chromium, stage):
    """Call with a local part of an address: somebody who has signed in. What each browser showed last stays as a picture."""
    present = []

    def come(local_part):
        present.append(Visitor(chromium, stage.base, f"{local_part}@example.org", PASSWORD))
        return present[-1].sign_in()

    yield come
    for visitor in present:
        visitor.page.screenshot(path=stage.var / f"{visitor.email.partition('@')[0]}.png", full_page=True)
        visitor.context.close()
