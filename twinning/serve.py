"""The demo's processes: pages and streams on one port, a worker and a scheduler, all in the foreground and in one process group.

The parent loads Django once, brings data and static files up to date and forks; so a second start costs little more than one import
of Django. Afterwards it only watches: Ctrl-C, SIGTERM and a closed terminal end every child; a worker or scheduler that dies is
started again (its work lies in the database); if the pages die, everything ends with a non-zero status. Children die with a
parent that was killed, too.
"""

import ctypes
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from socket import socket

from setproctitle import setproctitle

GRACE_SECONDS = 8  # what runs longer is killed; the sweepers start it again next time
TOO_MANY_DEATHS, DEATHS_WITHIN_SECONDS = 3, 30
WORKER_QUEUES = ["celery", "pdf", "long"]  # served in turn: what is short waits for no queue of long ones
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
WATCHED_SIGNALS = {*STOP_SIGNALS, signal.SIGCHLD}


@dataclass
class Child:
    """One forked process: what it does, and when it was started."""

    name: str
    work: Callable[[], None]
    is_restarted: bool = True
    pid: int = 0
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            self.run()

    def run(self) -> None:
        """Do the work in the forked process and never return."""
        status = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED_SIGNALS)
            die_with_parent()
            setproctitle(f"twinning: {self.name}")
            self.work()
            status = 0
        except (KeyboardInterrupt, SystemExit):
            status = 0
        except BaseException:  # noqa: BLE001 the last frame of this process: report, then end it
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def dies_too_often(self, now: float) -> bool:
        self.deaths = [moment for moment in self.deaths if now - moment < DEATHS_WITHIN_SECONDS] + [now]
        return len(self.deaths) >= TOO_MANY_DEATHS


def serve_everything(listening: socket, *, on_started: Callable[[], None]) -> int:
    """Run all processes until one of the stop signals; returns the exit status of the whole."""
    children = [
        Child("pages and streams", lambda: serve_pages(listening), is_restarted=False),
        Child("worker", lambda: run_worker(listening)),
        Child("scheduler", lambda: run_scheduler(listening)),
    ]
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED_SIGNALS)
    for child in children:
        child.start()
    on_started()
    try:
        return watch(children)
    finally:
        stop(children)


def watch(children: list[Child]) -> int:
    """Wait for a stop signal (returns 0) or for a death that cannot be mended (returns 1)."""
    while signal.sigwait(WATCHED_SIGNALS) not in STOP_SIGNALS:
        for child in reap(children):
            if not child.is_restarted or child.dies_too_often(time.monotonic()):
                print(f"The {child.name} process ended by itself; stopping everything.", flush=True)
                return 1
            print(f"The {child.name} process ended by itself; starting it again.", flush=True)
            child.start()
    return 0


def reap(children: list[Child]) -> list[Child]:
    """The children that have ended since the last look."""
    ended = []
    for child in children:
        if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
            child.pid = 0
            ended.append(child)
    return ended


def stop(children: list[Child]) -> None:
    """End every child: politely, and after the grace period for certain."""
    tell(children, signal.SIGTERM)
    until = time.monotonic() + GRACE_SECONDS
    while any(child.pid for child in children):
        reap(children)
        if time.monotonic() > until:
            tell(children, signal.SIGKILL)
        time.sleep(0.05)


def tell(children: list[Child], number: signal.Signals) -> None:
    for child in children:
        if child.pid:
            os.kill(child.pid, number)


def die_with_parent() -> None:
    """On Linux: have the kernel end this process if its parent is killed, so that nothing is ever left behind."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def serve_pages(listening: socket) -> None:
    import uvicorn  # noqa: PLC0415 only this process needs it

    from twinning.asgi import everything_on_one_port  # noqa: PLC0415 only this process needs it

    config = uvicorn.Config(
        everything_on_one_port(),
        lifespan="off",
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,  # an open stream would hold up the end for ever
    )
    uvicorn.Server(config).run(sockets=[listening])


def run_worker(listening: socket) -> None:
    from celery import signals  # noqa: PLC0415 only this process needs it
    from celery.exceptions import SecurityWarning  # noqa: PLC0415 only this process needs it
    from celery.worker import state  # noqa: PLC0415 only this process needs it

    from twinning.celery import app  # noqa: PLC0415 only this process needs it

    listening.close()
    warnings.simplefilter("ignore", SecurityWarning)  # whoever runs a demo as root has been asked by others already

    @signals.worker_shutting_down.connect(weak=False)
    def leave_at_once_if_idle(**kwargs: object) -> None:
        # Celery's own way out of its polling loop takes five seconds, with or without work.
        if not state.reserved_requests:
            os._exit(0)

    worker = app.Worker(
        pool="threads",
        concurrency=2,
        queues=WORKER_QUEUES,
        loglevel="WARNING",
        hostname="worker@demo",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()


def run_scheduler(listening: socket) -> None:
    from twinning.celery import app  # noqa: PLC0415 only this process needs it

    listening.close()
    app.Beat(loglevel="WARNING", quiet=True).run()
