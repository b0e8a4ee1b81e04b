"""Rows of a draft: added, ordered, removed and brought back, whatever table they stand in."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from twinning.core.errors import Refused

from ..kinds import Table
from ..models import ROW_MODELS, Output, PlacedRow
from ..selectors.places import Draft
from .drafting import begin_output, lock_writable, stored_value


def rows_beside(table: Table, owner: dict[str, Any]) -> QuerySet:
    """All rows of a table below one output or parent row, removed ones too."""
    return ROW_MODELS[table.slug].objects.filter(**owner, **dict(table.fixed))


def _owner_of(output: Output, table: Table, parent: PlacedRow | None) -> dict[str, Any]:
    """What a row of this table hangs on. Raises `Refused` where the parent row was removed meanwhile."""
    if not table.parent:
        return {"output": output}
    parent_model = ROW_MODELS[table.parent]
    here = parent_model.objects.of_output(output).present().filter(pk=parent.pk if parent else None).first()
    if here is None:
        raise Refused(_("The row that this belongs to was removed meanwhile."))
    return {"parent": here}


def _refuse_full(table: Table, count: int) -> None:
    if count > table.most:
        raise Refused(
            _("%(label)s: there can be at most %(most)d. Remove one first.")
            % {"label": table.label, "most": table.most}
        )


@transaction.atomic
def add_row(
    output: Output,
    table: Table,
    *,
    by,
    now: datetime.datetime,
    parent: PlacedRow | None = None,
    values: Mapping[str, str] | None = None,
) -> PlacedRow:
    """A row at the end. `values`: texts of its columns, cleaned as `kinds.values` writes them."""
    output = lock_writable(output)
    return _append(output, table, parent, [values or {}], by=by, now=now)[0]


@transaction.atomic
def add_rows(
    output: Output, table: Table, rows: list[Mapping[str, str]], *, by, now: datetime.datetime, parent=None
) -> list[PlacedRow]:
    """Several rows at the end, all or none of them: what a pasted table becomes."""
    output = lock_writable(output)
    return _append(output, table, parent, rows, by=by, now=now)


def _append(output: Output, table: Table, parent, rows: list, *, by, now: datetime.datetime) -> list[PlacedRow]:
    owner = _owner_of(output, table, parent)
    beside = rows_beside(table, owner)
    _refuse_full(table, beside.filter(removed_at=None).count() + len(rows))
    last = beside.aggregate(last=Max("position"))["last"] or 0
    draft, model, added = Draft(output), ROW_MODELS[table.slug], []
    for position, values in enumerate(rows, start=last + 1):
        row = model(**owner, **dict(table.fixed), position=position, edited_by=by, edited_at=now)
        for column in table.columns:
            if text := values.get(column.slug, ""):
                setattr(row, column.slug, stored_value(draft, column, text))
        row.save()
        added.append(row)
    begin_output(output, by=by, now=now)
    return added


@transaction.atomic
def move_row(output: Output, table: Table, row: PlacedRow, *, to: int, by, now: datetime.datetime) -> None:
    """Put a row at a place of its table, counted from 1; what lies beyond the ends means the end."""
    output = lock_writable(output)
    owner = {"parent": row.parent_id} if table.parent else {"output": output}
    rows = list(rows_beside(table, owner).present())
    if row not in rows:
        raise Refused(_("This row was removed meanwhile."))
    here = rows.pop(rows.index(row))
    rows.insert(max(0, to - 1), here)
    for position, each in enumerate(rows, start=1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position", "updated_at"])
    begin_output(output, by=by, now=now)


@transaction.atomic
def remove_row(output: Output, row: PlacedRow, *, by, now: datetime.datetime) -> None:
    """Take a row out of the draft, with those that hang on it. Its text is kept: `restore_row` brings it back."""
    lock_writable(output)
    type(row).objects.filter(pk=row.pk, removed_at=None).update(removed_at=now, edited_by=by, edited_at=now)


@transaction.atomic
def restore_row(output: Output, table: Table, row: PlacedRow, *, by, now: datetime.datetime) -> None:
    """Bring back a row that was removed, where it stood."""
    output = lock_writable(output)
    owner = _owner_of(output, table, getattr(row, "parent", None))
    _refuse_full(table, rows_beside(table, owner).filter(removed_at=None).count() + 1)
    type(row).objects.filter(pk=row.pk).update(removed_at=None, edited_by=by, edited_at=now)
