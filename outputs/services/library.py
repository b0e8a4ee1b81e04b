"""The library: accepted versions go in, rows come out as starting points for others."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Term
from cohorts.models.city import fold
from cohorts.models.vocabulary import DOMAINS, LEVERS
from twinning.audit.services import record
from twinning.core.errors import Refused

from ..kinds import Table
from ..kinds.reuse import REUSABLE
from ..models import LibraryEntry, Output, OutputVersion, RowOrigin
from ..selectors.comparing import FRAME, writing_of
from ..selectors.places import Draft
from ..states import OutputState, Verdict
from .rows import add_rows

LONGEST_SUMMARY = 300


@transaction.atomic
def enter_library(version: OutputVersion, *, now: datetime) -> LibraryEntry:
    """Make an accepted version findable; it takes the place of an earlier one of the same output."""
    content = version.content
    texts = _texts(content)
    codes = set(_term_codes(content))
    entry, _is_new = LibraryEntry.objects.update_or_create(
        output=version.output,
        defaults={
            "version": version,
            "search_text": fold(
                " ".join([content["twin"]["name"], content["twin"]["country"], content["label"], *texts])
            ),
            "summary": _summary(version, texts)[:LONGEST_SUMMARY],
            "entered_at": now,
        },
    )
    entry.terms.set(Term.objects.filter(vocabulary__slug__in=(DOMAINS, LEVERS), code__in=codes))
    return entry


def enter_earlier_outputs(*, now: datetime) -> int:
    """Accepted outputs that are not in the library enter it with the version that was accepted last. Returns how many."""
    accepted = OutputVersion.objects.filter(
        decision__verdict=Verdict.ACCEPTED, output__state=OutputState.ACCEPTED, output__library_entry=None
    )
    latest: dict[int, OutputVersion] = {}
    for version in accepted.select_related("output__participation__city").order_by("number", "pk"):
        latest[version.output_id] = version
    for version in latest.values():
        enter_library(version, now=now)
    return len(latest)


def _texts(content: dict[str, Any]) -> list[str]:
    """Everything that the city wrote, in its order."""
    return [
        text.text
        for section in writing_of(content)
        if section.slug != FRAME
        for text in (*section.texts, *(each for table in section.tables for row in table.rows for each in row.texts))
        if text.text
    ]


def _summary(version: OutputVersion, texts: list[str]) -> str:
    """What is shown in the list: the names of its rows where others can take them, else where the text begins."""
    reusable = REUSABLE.get(version.output.kind)
    rows = frozen_rows(version.content, reusable.table) if reusable else []
    names = [row["values"].get("name", "") for row in rows]
    return "; ".join(filter(None, names)) or next((text for text in texts if len(text.split()) > 3), "")


def _term_codes(content: dict[str, Any]) -> Iterable[str]:
    """The codes of all domains and levers that the content names."""
    for section in content["sections"]:
        for name in ("domains", "levers"):
            yield from (term["code"] for term in section.get(name, []))
        for table in section.get("tables", []):
            columns = [column["slug"] for column in table["columns"] if column["control"] == "term"]
            yield from (row["values"][slug] for row in table["rows"] for slug in columns if row["values"].get(slug))


@transaction.atomic
def reuse_rows(version: OutputVersion, *, into: Output, codes: Iterable[str], by, now: datetime) -> list[RowOrigin]:
    """Add rows of an accepted version to a draft as starting points. Notes where each came from, and journals it.

    People, days and results stay behind (`kinds.reuse`). Raises `Refused` where the draft cannot take them.
    """
    reusable = REUSABLE.get(version.output.kind)
    table = into.form.table(reusable.table) if reusable and into.kind == version.output.kind else None
    if reusable is None or table is None:
        raise Refused(_("Nothing of this output can be reused."))
    wanted = set(codes)
    chosen = [row for row in frozen_rows(version.content, table.slug) if row["code"] in wanted]
    if not chosen:
        raise Refused(_("Choose at least one row."))
    source = f"{version.content['label']}, {version.content['twin']['name']}"
    draft = Draft(into)
    values = [_values(draft, table, row, reusable.columns) | _origin(table, source) for row in chosen]
    origins = []
    for row, new in zip(chosen, add_rows(into, table, values, by=by, now=now), strict=True):
        for slug, columns in reusable.below.items():
            child = into.form.table(slug)
            below = [each for each in frozen_rows(version.content, slug) if each["parent"] == row["code"]]
            if child and below:
                add_rows(
                    into, child, [_values(draft, child, each, columns) for each in below], parent=new, by=by, now=now
                )
        origins.append(
            RowOrigin.objects.create(
                output=into,
                table=table.slug,
                row=new.code,
                source=version,
                source_row=row["code"],
                taken_by=by,
                taken_at=now,
            )
        )
    record(into, "outputs.rows.reused", by=by, at=now, data={"count": len(origins), "source": source})
    return origins


def frozen_rows(content: dict[str, Any], slug: str) -> list[dict[str, Any]]:
    """The rows of a table of this content; none where it has no such table."""
    return [
        row
        for section in content["sections"]
        for table in section.get("tables", [])
        if table["slug"] == slug
        for row in table["rows"]
    ]


def _values(draft: Draft, table: Table, row: dict[str, Any], slugs: tuple[str, ...]) -> dict[str, str]:
    """The texts that are taken over; terms that are no longer offered are not."""
    values = {}
    for column in table.columns:
        text = row["values"].get(column.slug, "")
        if column.slug in slugs and text and (column.control != "term" or text in draft.offered(column)):
            values[column.slug] = text
    return values


def _origin(table: Table, source: str) -> dict[str, str]:
    """Where an action comes from stands in the action itself too."""
    return {"origin": source} if table.column("origin") else {}
