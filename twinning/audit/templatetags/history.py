"""`{% history obj other … limit=20 %}`: who did what to these objects, newest first.

Whoever sees the page sees the lines: show the history of nothing that the reader may not see.
"""

from django import template
from django.db import models

from ..models import JournalEntry
from ..selectors import history_of

register = template.Library()


@register.inclusion_tag("components/journal.html")
def history(*objects: models.Model, limit: int = 20) -> dict[str, list[JournalEntry]]:
    return {"entries": history_of(*objects, limit=limit)}
