"""Programmes as data: the editions that come with the application, and starting a new one from another."""

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from twinning.audit.services import record

from ..models import Programme, ProgrammeEvent, ProgrammeMilestone, ProgrammeModule, ProgrammeOutput

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "programmes.json"


@transaction.atomic
def load_programmes(*, by, now: datetime) -> list[Programme]:
    """Bring the editions that come with the application. One that is there already stays as it was edited.

    Returns those that are new; journals each.
    """
    present = set(Programme.objects.values_list("slug", flat=True))
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return [_load(row, by=by, now=now) for row in rows if row["slug"] not in present]


def _load(row: dict, *, by, now: datetime) -> Programme:
    programme = Programme.objects.create(
        slug=row["slug"],
        title=row["title"],
        length_months=row["length_months"],
        note=row["note"],
        reminder_days=row["reminder_days"],
    )
    modules = {
        position: ProgrammeModule.objects.create(
            programme=programme,
            position=position,
            title=module["title"],
            question=module["question"],
            **_offset(module),
        )
        for position, module in enumerate(row["modules"], start=1)
    }
    ProgrammeEvent.objects.bulk_create(
        ProgrammeEvent(
            programme=programme,
            module=modules[event["module"]],
            kind=event["kind"],
            number=event["number"],
            title=event["title"],
            scope=event["scope"],
            is_online=event["online"],
            **_offset(event),
        )
        for event in row["events"]
    )
    ProgrammeOutput.objects.bulk_create(
        ProgrammeOutput(
            programme=programme,
            module=modules[output["module"]],
            kind=output["kind"],
            position=position,
            label=output["label"],
            **_offset(output),
        )
        for position, output in enumerate(row["outputs"], start=1)
    )
    ProgrammeMilestone.objects.bulk_create(
        ProgrammeMilestone(
            programme=programme, number=milestone["number"], title=milestone["title"], **_offset(milestone)
        )
        for milestone in row["milestones"]
    )
    record(programme, "cohorts.programme.loaded", by=by, at=now)
    return programme


def _offset(row: dict) -> dict[str, int]:
    return {"offset_months": row["offset"]["months"], "offset_days": row["offset"].get("days", 0)}


@transaction.atomic
def copy_programme(programme: Programme, *, slug: str, title: str, by, now: datetime) -> Programme:
    """Start a new edition as a copy of `programme`, to be edited on its own. No cohort uses it yet."""
    copy = Programme.objects.create(
        slug=slug,
        title=title,
        length_months=programme.length_months,
        note=programme.note,
        reminder_days=programme.reminder_days,
    )
    modules = {}
    for module in programme.modules.order_by("position", "pk"):
        modules[module.pk] = _copied(module, programme=copy)
    for rows in (programme.events, programme.outputs):
        for row in rows.order_by("pk"):
            _copied(row, programme=copy, module=modules[row.module_id])
    for milestone in programme.milestones.order_by("pk"):
        _copied(milestone, programme=copy)
    record(copy, "cohorts.programme.copied", by=by, at=now, data={"source": str(programme)})
    return copy


def _copied(row, **changes: object):
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    values |= {f"{name}_id": value.pk for name, value in changes.items()}
    return type(row).objects.create(**values)
