"""Two contents of one output side by side: what changed between versions, or since the last one. Asks no query."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..compare import Change, Difference, Row, Section, Table, Text, Writing, compare
from ..kinds import OBJECTIVES
from ..states import ActivityKind, LearningType, ObjectiveState
from ..tables import ColumnToRead, words_of

FRAME = "frame"  # the section of what stands around the text
DAY = ColumnToRead("day", "", "date")


def compare_contents(before: dict[str, Any], after: dict[str, Any]) -> Difference:
    """What changed from one content to the other, whatever format each was frozen in."""
    return compare(writing_of(before), writing_of(after))


def writing_of(content: dict[str, Any]) -> Writing:
    """Everything in a content that can differ, in words, each under the anchor that comments use."""
    return (_frame(content), *(_section(section) for section in content["sections"]))


def _frame(content: dict[str, Any]) -> Section:
    """Names, dates and people around the text."""
    host = content["host"] or {}
    facts = {
        "label": (_("Name"), content["label"]),
        "due_on": (_("Due"), _day(content["due_on"])),
        "language": (_("Language of the text"), content["language"]),
        "twin": (_("Twin"), content["twin"]["name"]),
        "host": (_("Host"), host.get("name", "")),
        "cohort": (_("Cohort"), _span(content["cohort"])),
        "writers": (_("Written by"), ", ".join(content["writers"])),
        "visits": (_("Visits"), "\n".join(f"{visit['label']}, {_day(visit['on'])}" for visit in content["visits"])),
    }
    reasons = [f"{answer['reason']} ({answer['by']})" for answer in content.get("reasons", [])]
    facts["reasons"] = (_("Reasons for leaving hints open"), "\n".join(reasons))
    texts = tuple(Text(f"{FRAME}:{name}", label, text) for name, (label, text) in facts.items())
    return Section(FRAME, _("Around the text"), texts)


def _day(text: str) -> str:
    """A stored day in words."""
    return words_of(DAY, text)


def _span(cohort: dict[str, str]) -> str:
    return ", ".join(filter(None, (cohort["title"], _day(cohort["starts_on"]), _day(cohort["ends_on"]))))


def _section(section: dict[str, Any]) -> Section:
    texts = [Text(f"answer:{field['slug']}", field["label"], field["text"]) for field in section["fields"]]
    for name, label in (("domains", _("Domains")), ("levers", _("Levers of change"))):
        if name in section:
            texts.append(Text(f"terms:{name}", label, ", ".join(term["label"] for term in section[name])))
    return Section(section["slug"], section["title"], tuple(texts), tuple(_tables(section)))


def _tables(section: dict[str, Any]) -> Iterator[Table]:
    if "objectives" in section:
        rows = tuple(_objective(row) for row in section["objectives"])
        yield Table("objective", section["title"], rows)
    for table in section.get("tables", ()):
        anchor = f"row:{table['slug']}"
        yield Table(anchor, table["label"], tuple(_row(row, table, anchor) for row in table["rows"]))


def _row(row: dict[str, Any], table: dict[str, Any], anchor: str) -> Row:
    texts = tuple(
        Text(f"{anchor}:{row['code']}:{column['slug']}", column["label"], _value(row, column))
        for column in table["columns"]
    )
    return Row(row["code"], texts, parent=row["parent"], label=row.get("label", ""))


def _value(row: dict[str, Any], column: dict[str, Any]) -> str:
    """A value in words, with its unit, as pages show it."""
    slug = column["slug"]
    words = row.get("labels", {}).get(slug)
    return words or words_of(
        ColumnToRead(slug, column["label"], column["control"], column.get("unit", "")), row["values"].get(slug, "")
    )


def _objective(row: dict[str, Any]) -> Row:
    enumerations = {"learning_type": LearningType, "activity": ActivityKind, "state": ObjectiveState}
    texts = []
    for field in OBJECTIVES.columns:
        value = row[field.slug]
        if field.slug == "event":
            value = value["label"] if value else ""
        elif field.slug == "due_on":
            value = _day(value)
        elif field.slug in enumerations and value in enumerations[field.slug].values:
            value = str(enumerations[field.slug](value).label)
        texts.append(Text(f"objective:{row['code']}:{field.slug}", str(field.label), value))
    return Row(row["code"], tuple(texts))


# --- For pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How much changed, to be said in one line."""

    texts: int
    added: int
    removed: int
    changed: int
    moved: int


def tally(difference: Difference) -> Tally:
    rows = Counter(row.change for row in difference.rows())
    return Tally(
        texts=sum(len(section.texts) for section in difference.sections),
        added=rows[Change.ADDED],
        removed=rows[Change.REMOVED],
        changed=rows[Change.CHANGED],
        moved=sum(row.is_moved for row in difference.rows()),
    )
