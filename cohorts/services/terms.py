"""Editing the controlled lists. A term is retired, never deleted: data may stand on it."""

from datetime import datetime

from django.db import models, transaction

from twinning.audit.services import record

from ..models import Term, Vocabulary


@transaction.atomic
def add_term(vocabulary: Vocabulary, *, code: str, label: str, by, now: datetime) -> Term:
    """Add a term at the end of the list. Journals it."""
    last = vocabulary.terms.aggregate(last=models.Max("position"))["last"] or 0
    term = Term(vocabulary=vocabulary, code=code, label=label, position=last + 1)
    term.full_clean()
    term.save()
    record(term, "cohorts.term.added", by=by, at=now, data={"vocabulary": str(vocabulary)})
    return term


@transaction.atomic
def change_term(term: Term, *, label: str, position: int, is_retired: bool, by, now: datetime) -> Term:
    """Rename, move or retire a term, or offer it again. What uses it keeps it. Journals it."""
    term = Term.objects.select_for_update(of=("self",)).get(pk=term.pk)
    wanted = {"label": label, "position": position, "is_retired": is_retired}
    changed = [name for name, value in wanted.items() if getattr(term, name) != value]
    if not changed:
        return term
    before = term.label
    for name in changed:
        setattr(term, name, wanted[name])
    term.full_clean()
    term.save(update_fields=[*changed, "updated_at"])
    record(term, "cohorts.term.changed", by=by, at=now, data={"before": before, "fields": changed})
    return term
