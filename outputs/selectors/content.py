"""The content of a draft as plain data: what is checked, frozen, printed and compared.

Shape (`twinning-output/2`): {"format", "kind", "label", "purpose", "language", "is_example", "due_on", "twin": {"name",
"country"}, "host": {"name", "cities": [{"name", "country"}]} or null, "cohort": {"title", "starts_on", "ends_on"},
"writers": [name], "visits": [{"code", "label", "on"}], "reasons": [{"rule", "anchor", "reason", "by"}], "sections":
[{"slug", "title", "part", "fields": [{"slug", "label", "text"}], "tables": [table], and by part "domains"/"levers":
[{"code", "label"}] or "objectives": [row]}]}. Dates are ISO texts.

A table: {"slug", "label", "parent": slug of the parent table or "", "is_record", "columns": [{"slug", "label", "control",
"unit"?}], "rows": [{"code", "parent": code of the parent row or "", "position", "label": name of a row that is
there by its key, else "", "values": {column: text}, "labels": {column: text in words, of choices, references and facts
alone}}]}. The code of a row that is there by its key is the key, behind the parent's code and a point where it has one. Values are texts as `kinds.values` writes them.
Versions frozen as `twinning-output/1` have neither "tables" nor "reasons"; everything that reads content takes both.
"""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.utils import translation

from cohorts.models import Event, Pairing
from cohorts.models.vocabulary import DOMAINS, LEVERS

from ..kinds import Column, Part, Section, Table
from ..models import LearningObjective, Output
from ..states import LearnerSide
from .rows import IN_WORDS, DraftRows, label_in, value_in

FORMAT = "twinning-output/2"
SIDES = {Part.TWIN_OBJECTIVES: LearnerSide.TWIN, Part.HOST_OBJECTIVES: LearnerSide.HOST}


def draft_content(output: Output, *, language: str = "", rows: DraftRows | None = None) -> dict[str, Any]:
    """The present draft, complete. `language` is that of the texts; labels are taken in it too.

    `rows`: what a page has read of this draft already.
    """
    rows = rows or DraftRows(output)
    cohort, city = output.participation.cohort, output.participation.city
    has_visits = output.form.section_with(Part.TWIN_OBJECTIVES) is not None
    language = language or settings.LANGUAGE_CODE
    with translation.override(language):
        sections = [_section(section, rows) for section in output.form.sections]
        return {
            "format": FORMAT,
            "kind": output.kind,
            "label": output.label,
            "purpose": str(output.form.purpose),
            "language": language,
            "is_example": output.is_example,
            "due_on": output.due.isoformat(),
            "twin": {"name": city.name, "country": str(city.country.name)},
            "host": _host(rows.pairing),
            "cohort": {
                "title": cohort.title,
                "starts_on": cohort.kickoff_on.isoformat() if cohort.kickoff_on else "",
                "ends_on": cohort.ends_on.isoformat() if cohort.ends_on else "",
            },
            "writers": sorted({str(each.edited_by) for each in rows.written() if each.edited_by_id}),
            "visits": [_visit(event) for event in rows.visits] if has_visits else [],
            "reasons": [_reason(answer) for answer in rows.hint_answers.values()],
            "sections": sections,
        }


def _section(section: Section, rows: DraftRows) -> dict[str, Any]:
    content: dict[str, Any] = {
        "slug": section.slug,
        "title": str(section.title),
        "part": str(section.part),
        "fields": [
            {
                "slug": field.slug,
                "label": str(field.label),
                "text": rows.answers[field.slug].text if field.slug in rows.answers else "",
            }
            for field in section.fields
        ],
        "tables": [_table(table, rows) for table in section.tables if section.part not in SIDES],
    }
    if section.part == Part.TERMS:
        for name, vocabulary in (("domains", DOMAINS), ("levers", LEVERS)):
            content[name] = [{"code": term.code, "label": term.label} for term in rows.chosen_terms[vocabulary]]
    if section.part in SIDES:
        content["objectives"] = [_objective(row) for table in section.tables for row in rows.rows(table)]
    return content


def _table(table: Table, rows: DraftRows) -> dict[str, Any]:
    counted: dict[str, int] = {}
    written = []
    for row in rows.rows(table):
        parent = row.parent.code if table.parent else ""
        counted[parent] = counted.get(parent, 0) + 1
        written.append(_row(row, table, parent, counted[parent]))
    return {
        "slug": table.slug,
        "label": str(table.label),
        "parent": table.parent,
        "is_record": table.is_record,
        "columns": [_column(column) for column in table.columns],
        "rows": written,
    }


def _column(column: Column) -> dict[str, str]:
    content = {"slug": column.slug, "label": str(column.label), "control": column.control}
    return content | ({"unit": str(column.unit)} if column.unit else {})


def _row(row: Any, table: Table, parent: str, position: int) -> dict[str, Any]:
    return {
        "code": row.code,
        "parent": parent,
        "position": position,
        "label": row.label if table.has_keys else "",
        "values": {column.slug: value_in(row, column) for column in table.columns},
        "labels": {column.slug: label_in(row, column) for column in table.columns if column.control in IN_WORDS},
    }


def _reason(answer: Any) -> dict[str, str]:
    return {"rule": answer.rule, "anchor": answer.anchor, "reason": answer.reason, "by": str(answer.answered_by)}


def _objective(row: LearningObjective) -> dict[str, Any]:
    event = row.event
    return {
        "code": row.code,
        "question": row.question,
        "learning_type": row.learning_type,
        "why_it_matters": row.why_it_matters,
        "offer": row.offer,
        "activity": row.activity,
        "activity_note": row.activity_note,
        "event": {"code": event.code, "label": event.title, "on": _event_day(event)} if event else None,
        "learners": row.learners,
        "owner": row.owner,
        "evidence": row.evidence,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "state": row.state,
    }


def _host(pairing: Pairing | None) -> dict[str, Any] | None:
    if pairing is None:
        return None
    rows = sorted(pairing.hosting.host.host_cities.all(), key=lambda row: row.position)
    cities = [{"name": row.city.name, "country": str(row.city.country.name)} for row in rows]
    host = pairing.hosting.host
    name = cities[0]["name"] if len(cities) == 1 else host.short_name
    return {"name": name, "title": host.title, "cities": cities}


def _visit(event: Event) -> dict[str, str]:
    return {"code": event.code, "label": event.title, "on": _event_day(event)}


def _event_day(event: Event) -> str:
    return (event.starts_at.date() if event.starts_at else event.planned_on).isoformat()


def canonical_json(content: dict[str, Any]) -> str:
    """The one text of this content: keys in order, no spaces, characters as they are."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
