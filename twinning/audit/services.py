"""Writing the journal."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from .models import JournalEntry
from .registry import VERBS

BATCH = 500


def record(
    obj: models.Model, verb: str, *, by, at: datetime, on_behalf_of: str = "", data: dict | None = None
) -> JournalEntry:
    """Write one journal line about `obj`.

    `by` is the acting user or None for the platform itself; `on_behalf_of` names the city or host spoken for;
    `data` holds JSON values, which the verb's sentence may name. Raises LookupError for a verb nobody registered.
    """
    entry = _line(obj, verb, data, by=by, at=at, on_behalf_of=on_behalf_of)
    entry.save(force_insert=True)
    return entry


def record_many(lines: Iterable[tuple[models.Model, dict]], verb: str, *, by, at: datetime) -> None:
    """One line with this verb for each object with its details, written together."""
    JournalEntry.objects.bulk_create((_line(obj, verb, data, by=by, at=at) for obj, data in lines), batch_size=BATCH)


def _line(obj: models.Model, verb: str, data: dict | None, *, by, at: datetime, on_behalf_of: str = "") -> JournalEntry:
    if verb not in VERBS:
        raise LookupError(f"The journal verb {verb!r} has no sentence. Register it in the app's audit_verbs.py.")
    return JournalEntry(
        at=at,
        by=by,
        on_behalf_of=on_behalf_of,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=str(obj)[:200],
        data=data or {},
    )
