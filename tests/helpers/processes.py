"""Processes that tests start: what they say, whether they answer, and what is left of them."""

import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
from django.conf import settings

# What a test process must not inherit from the machine or from the test settings.
INHERITED = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SECRET_KEY",
    "DEBUG",
    "HTTPS",
    "DEMO",
    "VAR_DIR",
    "DJANGO_SETTINGS_MODULE",
    "OIDC_PROVIDERS",
)


def clean_environment(**changes):
    inherited = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return {
        **inherited,
        "TWINNING_BOOTSTRAP": "0",
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONUNBUFFERED": "1",
        **changes,
    }


@contextmanager
def started(command, log, environment):
    """A process in a session of its own; whatever is left of its group at the end is killed."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for left in living(process.pid):
            left.kill()
        process.wait(10)


def run_to_end(*command, environment):
    """What a command printed; fails the test if the command does."""
    run = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"{command}: {run.stdout}{run.stderr}"
    return run.stdout


def migrate(environment):
    """Bring the database of processes up to date. `manage.py test` has migrated once: PostgreSQL was told to copy that, a file is copied here."""
    on_server = bool(environment.get("DATABASE_URL"))
    migrated = os.environ.get("MIGRATED_POSTGRES" if on_server else "MIGRATED_SQLITE")
    if not migrated:
        run_to_end(sys.executable, "manage.py", "migrate", "--verbosity", "0", environment=environment)
    elif not on_server:
        var = Path(environment["VAR_DIR"])
        var.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(migrated)) as source, closing(sqlite3.connect(var / "twinning.sqlite3")) as copy:
            source.backup(copy)


def living(group):
    """The processes of a group that are not dead yet."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def command_of(process):
    """What the process table shows for it, or "" if it has gone."""
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def health(base):
    """Status and report of /healthz; (None, None) while nobody answers."""
    try:
        with urllib.request.urlopen(f"{base}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
    except OSError:
        return None, None


def wait_until(holds, seconds, what):
    """Wait until `holds()` is true and return its value; fails the test after so many seconds."""
    until = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.1)
    return value
