"""Packages that an administrator has uploaded and not yet confirmed. They wait in the file storage, a day at most."""

import secrets
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER = "package-uploads"
KEPT = timedelta(days=1)


def keep_upload(data: bytes, *, by, now: datetime) -> str:
    """Put the file aside for its uploader; returns the token that finds it again. Clears away their old ones."""
    _clear_old(by=by, now=now)
    token = secrets.token_hex(16)
    default_storage.save(_path(token, by), ContentFile(data))
    return token


def open_upload(token: str, *, by):
    """The open file, or None where this person has no such upload (any more)."""
    path = _path(token, by)
    return default_storage.open(path, "rb") if default_storage.exists(path) else None


def discard_upload(token: str, *, by) -> None:
    default_storage.delete(_path(token, by))


def _path(token: str, by) -> str:
    return f"{FOLDER}/{by.code}/{token}.json"


def _clear_old(*, by, now: datetime) -> None:
    folder = f"{FOLDER}/{by.code}"
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        path = f"{folder}/{name}"
        if default_storage.get_created_time(path) < now - KEPT:
            default_storage.delete(path)
