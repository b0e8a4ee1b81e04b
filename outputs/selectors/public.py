"""What of an output the public sees: the named fields and columns, nothing else. Nobody's name is among them."""

from dataclasses import dataclass
from typing import Any

from ..models import Output, OutputVersion
from ..states import Verdict
from ..tables import Cell, tables_of

FIELDS = ("vision", "not_transferable")
TABLES = {
    "candidates": ("name", "verdict", "verdict_reason"),
    "actions": ("name", "description", "domain", "lever", "status", "early_change", "late_outcome", "emissions"),
    "messages": ("text",),
}


@dataclass(frozen=True)
class PublicRow:
    number: int
    title: str
    cells: list[Cell]


@dataclass(frozen=True)
class PublicTable:
    label: str
    rows: list[PublicRow]


def newest_accepted(output: Output) -> OutputVersion | None:
    return output.versions.filter(decision__verdict=Verdict.ACCEPTED).order_by("-number").first()


def public_part(content: dict[str, Any]) -> dict[str, Any]:
    """{"terms", "questions", "texts", "tables"} of a content, as far as they are for the public."""
    terms, questions, texts = [], [], []
    for section in content["sections"]:
        terms += [term["label"] for name in ("domains", "levers") for term in section.get(name, [])]
        questions += [row["question"] for row in section.get("objectives", []) if row["question"]]
        texts += [field for field in section["fields"] if field["slug"] in FIELDS and field["text"]]
    tables = tables_of(content)
    shown = [
        PublicTable(
            tables[slug].label,
            [
                PublicRow(
                    row.number,
                    row.title,
                    [row.by_column[c] for c in columns[1:] if c in row.by_column and row.value(c)],
                )
                for row in tables[slug].rows
                if row.title
            ],
        )
        for slug, columns in TABLES.items()
        if slug in tables
    ]
    return {"terms": terms, "questions": questions, "texts": texts, "tables": [table for table in shown if table.rows]}
