"""Writing the journal."""

from datetime import datetime

from django.db import models

from .models import JournalEntry
from .registry import VERBS


def record(
    obj: models.Model, verb: str, *, by, at: datetime, on_behalf_of: str = "", data: dict | None = None
) -> JournalEntry:
    """Write one journal line about `obj`.

    `by` is the acting user or None for the platform itself; `on_behalf_of` names the city or host spoken for;
    `data` holds JSON values, which the verb's sentence may name. Raises LookupError for a verb nobody registered.
    """
    if verb not in VERBS:
        raise LookupError(f"The journal verb {verb!r} has no sentence. Register it in the app's audit_verbs.py.")
    return JournalEntry.objects.create(
        at=at,
        by=by,
        on_behalf_of=on_behalf_of,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=str(obj)[:200],
        data=data or {},
    )
