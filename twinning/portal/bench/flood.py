"""150 plans queued at once on two workers, one of them killed on the way: all come out, none twice, and short documents that are
asked for meanwhile do not wait behind them.

BENCH_PLANS makes it smaller. Runs on SQLite and the broker of files; with BENCH_DATABASE_URL and BENCH_REDIS_URL on those (a database that may be filled).
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from outputs.models import Document, Output, OutputVersion
from outputs.selectors.content import fingerprint
from outputs.services.documents import FOLDER, queue_document
from outputs.states import DocumentState
from twinning.audit.models import JournalEntry

from .contents import example_content
from .figures import Figure
from .pdfs import plan_version
from .scratch import environment_for, folder_for, run_inside, run_python

PLANS = 150
KILLED_AFTER = 0.1  # of the plans
SHORT_EVERY = 10  # seconds
MOST_MINUTES = 90


def measure() -> Iterator[Figure]:
    plans = int(os.environ.get("BENCH_PLANS", PLANS))
    folder = folder_for("flood")
    environment = environment_for(folder) | {
        name: os.environ[f"BENCH_{name}"] for name in ("DATABASE_URL", "REDIS_URL") if f"BENCH_{name}" in os.environ
    }
    run_python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", environment=environment)
    run_inside("world", 1, environment=environment)
    watch = _start(["manage.py", "bench", "--inside", "flood", str(plans)], environment, folder / "flood.log")
    workers = [_worker(name, environment, folder) for name in ("one", "two")]
    beat = _start(
        ["-m", "celery", "-A", "twinning", "beat", "-l", "ERROR", "--pidfile="], environment, folder / "beat.log"
    )
    try:
        _kill_one(workers, folder, int(plans * KILLED_AFTER), watch)
        workers.append(_worker("three", environment, folder))
        while watch.poll() is None:
            time.sleep(1)
        megabytes = max(_most_memory(worker.pid) for worker in workers if worker.poll() is None)
    finally:
        for process in (watch, beat, *workers):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    told = json.loads((folder / "flood.log").read_text().strip().splitlines()[-1])
    yield from _figures(plans, told, megabytes)


def _figures(plans: int, told: dict, megabytes: float) -> Iterator[Figure]:
    note = f"{told['seconds']:.0f} s in all; one plan {told['median']:.1f} s, the longest {told['longest']:.1f} s"
    yield Figure("flood", "plans not made", plans - told["ready"], "of " + str(plans), 0, note=note)
    note = f"{told['again']} begun again after the kill; {told['files']} files"
    yield Figure("flood", "plans made twice", told["lines"] - told["ready"], "", 0, note=note)
    note = (
        f"{len(told['waits'])} asked for meanwhile, median {median(told['waits']):.1f} s; bar: twice the longest plan"
    )
    yield Figure("flood", "longest wait of a short one", max(told["waits"]), "s", 2 * told["longest"], note=note)
    yield Figure("flood", "memory of a worker", megabytes, "MB at most")


def _worker(name: str, environment: dict[str, str], folder: Path) -> subprocess.Popen:
    words = [
        "-m",
        "celery",
        "-A",
        "twinning",
        "worker",
        "--pool",
        "prefork",
        "--concurrency",
        "1",
        "-n",
        f"{name}@bench",
    ]
    return _start([*words, "-Q", "celery,pdf,long", "-l", "WARNING"], environment, folder / f"worker-{name}.log")


def _start(words: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen:
    with log.open("w") as output:
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _kill_one(workers: list[subprocess.Popen], folder: Path, after: int, watch: subprocess.Popen) -> None:
    """End the first worker with all its children, as a power cut would, when so many files are there."""
    while watch.poll() is None and len(list(folder.glob(f"**/{FOLDER}/*.pdf"))) < after:
        time.sleep(0.5)
    os.killpg(workers[0].pid, signal.SIGKILL)
    workers[0].wait()


def _most_memory(pid: int) -> float:
    """The most that a process of this session has held, in megabytes."""
    most = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == pid:
                lines = (folder / "status").read_text().splitlines()
                most = max(most, *(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")))
        except (OSError, ProcessLookupError):
            continue
    return most


# --- Inside a process with its own settings and data ---------------------------------------------------------------------


def queue_and_watch(plans: int) -> dict:
    """Queue the plans at once, ask for a short document every few seconds, and tell how it went."""
    Document.objects.filter(state=DocumentState.QUEUED).delete()  # those of the demo would stand before ours
    started = time.monotonic()
    long = [queue_document(plan_version(number=number), now=timezone.now()).pk for number in range(plans)]
    short: list[int] = []
    while _left(long) and time.monotonic() - started < MOST_MINUTES * 60:
        short.append(queue_document(_short_version(len(short)), now=timezone.now()).pk)
        time.sleep(SHORT_EVERY)
    while _left(short) and time.monotonic() - started < MOST_MINUTES * 60:
        time.sleep(1)
    ready = Document.objects.filter(pk__in=long, state=DocumentState.READY)
    times = [(row.finished_at - row.claimed_at).total_seconds() for row in ready]
    waits = [
        (row.finished_at - row.queued_at).total_seconds()
        for row in Document.objects.filter(pk__in=short, state=DocumentState.READY)
    ]
    names = default_storage.listdir(FOLDER)[1]
    output = ready.first().version.output
    lines = JournalEntry.objects.about(output).filter(verb="outputs.document.ready").count()
    return {
        "seconds": time.monotonic() - started,
        "ready": len(times),
        "again": ready.filter(attempts__gt=1).count(),
        "lines": lines,
        "files": len([name for name in names if name in {row.file_name for row in ready}]),
        "median": median(times),
        "longest": max(times),
        "waits": waits,
    }


def _left(documents: list[int]) -> bool:
    moving = [DocumentState.QUEUED, DocumentState.RENDERING]
    return Document.objects.filter(pk__in=documents, state__in=moving).exists()


def _short_version(number: int) -> OutputVersion:
    """A record of an info session: three pages."""
    content = example_content("info_session")
    return OutputVersion.objects.create(
        output=Output.objects.filter(kind="info_session").order_by("pk").first(),
        number=2000 + number,
        content=content,
        content_hash=fingerprint(content),
        language="en",
        submitted_at=timezone.now(),
        submitted_by_id=OutputVersion.objects.values_list("submitted_by", flat=True).first(),
    )
