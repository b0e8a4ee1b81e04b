"""Folders, processes and environments of their own, so that measuring never touches the data of whoever measures."""

import json
import os
import resource
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

# What a measured process must not inherit: it would measure somebody else's servers.
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "VAR_DIR", "DEBUG", "HTTPS", "DEMO")


def folder_for(name: str) -> Path:
    """An empty folder below `var/bench`."""
    folder = settings.VAR_DIR / "bench" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def environment_for(folder: Path) -> dict[str, str]:
    """Settings as in production, on SQLite and files in `folder`."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return inherited | {
        "TWINNING_BOOTSTRAP": "0",
        "DJANGO_SETTINGS_MODULE": "twinning.settings",
        "VAR_DIR": str(folder),
        "DEBUG": "0",
        "DEMO": "1",
        "HTTPS": "0",
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "PYTHONWARNINGS": "ignore",
    }


@dataclass(frozen=True)
class Run:
    """What one process cost. Megabytes: the most that it held at once."""

    output: str
    seconds: float
    megabytes: float


def run_python(*arguments: str, environment: dict[str, str]) -> Run:
    """One Python process to its end; raises RuntimeError with what it said if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)}:\n{output}")
    return Run(output, time.perf_counter() - started, _megabytes(used))


def _megabytes(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def run_inside(part: str, *arguments: object, environment: dict[str, str]) -> dict:
    """One part of the measuring inside a process with its own settings and data; what it found."""
    words = [part, *(str(argument) for argument in arguments)]
    output = run_python("manage.py", "bench", "--inside", *words, environment=environment).output
    return json.loads(output.strip().splitlines()[-1])
