"""The questions that reviewers ask in one programme."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cohorts.models import Programme
from twinning.audit.services import record

from ..models import Checklist
from ..selectors.summary import questions_of


@transaction.atomic
def change_checklists(programme: Programme, *, by, now: datetime, questions: Mapping[str, list[str]]) -> list[str]:
    """Set the questions of each kind; those equal to what holds already stay as they are. Answers given keep their words.

    Without any question the proposal holds again. Returns the kinds that changed, journalled in one line.
    """
    present = {row.kind: row for row in programme.checklists.select_for_update(of=("self",)).order_by("pk")}
    changed = []
    for kind, wanted in questions.items():
        own = present.get(kind)
        if wanted == questions_of(own, kind):
            continue
        if wanted:
            Checklist.objects.update_or_create(programme=programme, kind=kind, defaults={"questions": wanted})
        elif own:
            own.delete()
        else:
            continue
        changed.append(kind)
    if changed:
        record(programme, "outputs.checklist.changed", by=by, at=now, data={"kinds": changed})
    return changed
