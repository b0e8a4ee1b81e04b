"""The stage: pages, worker and scheduler as real processes on a database of their own, with the first cohort in it."""

import json
import os
import sys
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import pytest

from tests.helpers.processes import clean_environment, health, migrate, run_to_end, started, wait_until
from tests.servers import free_port, own_migrated_database, own_redis_database

from .stage import PASSWORD
from .visitor import Visitor


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
        migrate(environment)
        facts = json.loads(run_to_end(sys.executable, "-m", "tests.flows.stage", "build", environment=environment))
        for name, command in processes(port).items():
            stack.enter_context(started([sys.executable, "-m", *command], var / f"{name}.log", environment))
        wait_until(lambda: health(base)[0] == 200, 60, "pages, worker and scheduler")
        yield SimpleNamespace(
            base=base,
            var=var,
            environment=environment,
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


@contextmanager
def own_servers():
    """DATABASE_URL and REDIS_URL for the processes: databases of their own on the servers that the run names, if it names some."""
    variables = {}
    with ExitStack() as stack:
        if url := os.environ.get("DATABASE_URL", ""):
            variables["DATABASE_URL"] = stack.enter_context(own_migrated_database(url))
        if url := os.environ.get("REDIS_URL", ""):
            variables["REDIS_URL"] = stack.enter_context(own_redis_database(url))
        yield variables


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
