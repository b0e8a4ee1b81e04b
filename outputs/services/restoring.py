"""Bringing a frozen version back into the draft, as far as the person may write it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..kinds import Part, Table
from ..models import ROW_MODELS, Output, OutputVersion
from ..selectors.places import PERMISSIONS, Draft
from .drafting import lock_writable, save_place
from .rows import move_row, remove_row, restore_row


@transaction.atomic
def restore_version(version: OutputVersion, *, by, now: datetime, permissions: Collection[str]) -> list[str]:
    """Make the draft say what this version said. Rows added since are removed, removed ones come back; both can be undone.

    `permissions`: what the person may write (see `selectors.places`); the other side's part stays as it is. Returns the
    names of the places that could not be brought back, as a term that is no longer offered. Journals it.
    """
    output = lock_writable(version.output)
    rows = _frozen_rows(version.content)
    for table in output.form.tables:
        if table.slug in rows and not table.has_keys and PERMISSIONS[table.writer] in permissions:
            _arrange(output, table, list(rows[table.slug]), by=by, now=now)
    left = []
    for name, text in _frozen_texts(output, version.content, rows):
        place = Draft(output).find(name)
        if place is None:
            left.append(name)
        elif place.permission in permissions and place.control != "fact" and place.value != text:
            try:
                save_place(output, name, text=text, base=place.value, by=by, now=now)
            except Refused:
                left.append(name)
    record(output, "outputs.output.restored", by=by, at=now, data={"version": version.number})
    return left


def _frozen_rows(content: dict[str, Any]) -> dict[str, dict[str, dict[str, str]]]:
    """Table -> code -> column -> text, in the order of the version."""
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for section in content["sections"]:
        for table in section.get("tables", []):
            rows[table["slug"]] = {row["code"]: row["values"] for row in table["rows"]}
        if "objectives" in section:
            slug = "objectives" if section["part"] == Part.TWIN_OBJECTIVES else "host_objectives"
            rows[slug] = {row["code"]: _of_objective(row) for row in section["objectives"]}
    return rows


def _of_objective(row: dict[str, Any]) -> dict[str, str]:
    values = {slug: text for slug, text in row.items() if slug != "code"}
    return values | {"event": row["event"]["code"] if row["event"] else ""}


def _frozen_texts(output: Output, content: dict[str, Any], rows: dict) -> list[tuple[str, str]]:
    """The name of every place with the text that it had."""
    texts = []
    for section in content["sections"]:
        texts += [(f"answer:{field['slug']}", field["text"]) for field in section["fields"]]
        for name in ("domains", "levers"):
            if name in section:
                texts.append((f"terms:{name}", ",".join(sorted(term["code"] for term in section[name]))))
    for table in output.form.tables:
        for code, values in rows.get(table.slug, {}).items():
            texts += [
                (table.place(code, column.slug), values.get(column.slug, ""))
                for column in table.columns
                if column.control != "fact"
            ]
    return texts


def _arrange(output: Output, table: Table, codes: list[str], *, by, now: datetime) -> None:
    """Remove what the version does not have, bring back what it has, and put both in its order."""
    for row in Draft(output).rows(table):
        if row.code not in codes:
            remove_row(output, row, by=by, now=now)
    present = {row.code for row in Draft(output).rows(table)}
    every = ROW_MODELS[table.slug].objects.of_output(output).filter(**dict(table.fixed))
    for row in every.filter(code__in=set(codes) - present).order_by("pk"):
        restore_row(output, table, row, by=by, now=now)
    rows = Draft(output).rows(table)
    if [row.code for row in rows] == codes:
        return
    by_code = {row.code: row for row in rows}
    numbers: dict[int | None, int] = {}
    for row in (by_code[code] for code in codes if code in by_code):
        parent = getattr(row, "parent_id", None)
        numbers[parent] = numbers.get(parent, 0) + 1
        move_row(output, table, row, to=numbers[parent], by=by, now=now)
