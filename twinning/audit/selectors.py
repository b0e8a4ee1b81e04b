"""Reading the journal."""

from django.db import models

from .models import JournalEntry


def history_of(*objects: models.Model, limit: int = 50) -> list[JournalEntry]:
    """The newest lines about these objects, newest first. Access is the caller's: show it on the object's page.

    One query. Nothing asked about, nothing told.
    """
    matches = models.Q(pk__in=[])
    for obj in objects:
        matches |= models.Q(object_type=obj._meta.label_lower, object_id=obj.pk)
    return list(JournalEntry.objects.filter(matches).select_related("by").order_by("-at", "-pk")[:limit])
