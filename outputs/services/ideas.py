"""Ideas noted on visits. They belong to the twin, not to one output: the assessment begins with them."""

import datetime

from django.db import transaction

from cohorts.models import Event, Participation

from ..models import VisitIdea


@transaction.atomic
def note_idea(
    participation: Participation, *, title: str, note: str, event: Event | None, by, now: datetime.datetime
) -> VisitIdea:
    return VisitIdea.objects.create(
        participation=participation, title=title, note=note, event=event, noted_by=by, noted_at=now
    )


@transaction.atomic
def remove_idea(idea: VisitIdea, *, now: datetime.datetime) -> None:
    """Take an idea off the list. A practice that was made of it keeps it."""
    VisitIdea.objects.filter(pk=idea.pk, removed_at=None).update(removed_at=now)
