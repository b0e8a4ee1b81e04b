"""The Celery application, and the heartbeats by which /healthz knows that worker and scheduler live."""

import os
import threading
import time

from celery import Celery, signals
from celery.beat import PersistentScheduler

from .broker import use_whole_messages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")

use_whole_messages()
app = Celery("twinning")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_stop_beating = threading.Event()


def beat_heart(who: str) -> None:
    """Say in the shared cache that `who` ("worker" or "scheduler") is alive now."""
    from django.core.cache import cache  # noqa: PLC0415 settings are not ready when Celery loads this module

    cache.set(f"heartbeat:{who}", time.time(), timeout=24 * 3600)


@signals.worker_ready.connect
def start_beating(**kwargs: object) -> None:
    from django.conf import settings  # noqa: PLC0415 settings are not ready when Celery loads this module

    def beat() -> None:
        while True:
            beat_heart("worker")
            if _stop_beating.wait(settings.HEARTBEAT_SECONDS):
                return

    threading.Thread(target=beat, name="heartbeat", daemon=True).start()


@signals.worker_shutting_down.connect
def stop_beating(**kwargs: object) -> None:
    _stop_beating.set()


@signals.worker_process_init.connect
def close_inherited_connections(**kwargs: object) -> None:
    """A forked worker must not share the parent's database connections."""
    from django.db import connections  # noqa: PLC0415 settings are not ready when Celery loads this module

    for connection in connections.all(initialized_only=True):
        close_pool = getattr(connection, "close_pool", None)
        connection.close()
        if close_pool:
            close_pool()


class HeartbeatScheduler(PersistentScheduler):
    """Celery beat that says every few seconds that it lives."""

    _last_beat = 0.0

    def tick(self, *args: object, **kwargs: object) -> float:
        from django.conf import settings  # noqa: PLC0415 settings are not ready when Celery loads this module

        if time.time() - self._last_beat >= settings.HEARTBEAT_SECONDS:
            beat_heart("scheduler")
            self._last_beat = time.time()
        return min(super().tick(*args, **kwargs), float(settings.HEARTBEAT_SECONDS))
