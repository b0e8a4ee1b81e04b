"""GET /healthz: what should be there, and whether it is."""

import os
import time
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

MISSED_BEATS = 3


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """JSON with one entry a part: {"ok": bool, ...}. 503 where one that should be there is not.

    A missing PDF engine is said and does not count as ill: everything else works without it.
    """
    parts = {
        "database": _database(),
        "broker": _broker(),
        "worker": heartbeat("worker"),
        "scheduler": heartbeat("scheduler"),
    }
    healthy = all(part["ok"] for part in parts.values())
    report = {"status": "ok" if healthy else "ill", **parts, "pdf": _pdf_engine()}
    return JsonResponse(report, status=200 if healthy else 503)


def _database() -> dict:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return {"ok": False, "vendor": connection.vendor, "error": type(error).__name__}
    return {"ok": True, "vendor": connection.vendor}


def _broker() -> dict:
    kind = settings.CELERY_BROKER_URL.split(":", 1)[0]
    if kind == "filesystem":
        return _folders(kind)
    try:
        with current_app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=0, timeout=2)
    except Exception as error:  # noqa: BLE001 every transport has its own errors; all mean: not there
        return {"ok": False, "kind": kind, "error": type(error).__name__}
    return {"ok": True, "kind": kind}


def _folders(kind: str) -> dict:
    """The broker of files: its transport connects to anything, so the folders themselves are asked."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    folders = [Path(options[name]) for name in ("data_folder_in", "control_folder", "processed_folder")]
    lost = [folder.name for folder in folders if not os.access(folder, os.R_OK | os.W_OK | os.X_OK)]
    return {"ok": False, "kind": kind, "missing": lost} if lost else {"ok": True, "kind": kind}


def heartbeat(who: str) -> dict:
    """Alive when its last beat is at most three intervals old."""
    try:
        beat = cache.get(f"heartbeat:{who}")
    except Exception as error:  # noqa: BLE001 every cache has its own errors; all mean: nobody can tell
        return {"ok": False, "seconds_ago": None, "error": type(error).__name__}
    if beat is None:
        return {"ok": False, "seconds_ago": None}
    seconds_ago = round(max(0.0, time.time() - beat), 1)
    return {"ok": seconds_ago <= settings.HEARTBEAT_SECONDS * MISSED_BEATS, "seconds_ago": seconds_ago}


def _pdf_engine() -> dict:
    from outputs.pdf.engine import missing_libraries  # noqa: PLC0415 slow: only this answer needs it

    missing = missing_libraries()
    return {"ok": not missing, "missing": missing}
