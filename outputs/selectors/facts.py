"""What a host is asked to check in a version, and what it said. Asks one query."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..compare import Row, Text
from ..models import FactCheck, OutputVersion
from ..states import FactVerdict, OutputState
from .comparing import writing_of

# Kind of output -> table -> the columns that say something about the host. Tables that hang on the first are read with it.
ABOUT_THE_HOST = {
    "transferability_assessment": {
        "candidates": ("components", "host_result", "evidence"),  # its name stands above
        "conditions": ("at_host",),
    }
}
CHECKED_WHILE = (OutputState.SUBMITTED, OutputState.SENT_BACK)


@dataclass(frozen=True)
class Fact:
    """One row to be checked, with all that it says about the host."""

    anchor: str
    name: str
    texts: list[tuple[str, str]]  # label, text
    check: FactCheck | None

    @property
    def is_wrong(self) -> bool:
        return self.check is not None and self.check.verdict == FactVerdict.NOT_RIGHT


def has_facts(kind: str) -> bool:
    return kind in ABOUT_THE_HOST


def facts_of(version: OutputVersion) -> list[Fact]:
    """The rows of a version that the host can check, in their order; none in kinds that say nothing about it."""
    wanted = ABOUT_THE_HOST.get(version.output.kind, {})
    if not wanted:
        return []
    tables = {table.anchor: table for section in writing_of(version.content) for table in section.tables}
    main, *others = [(tables.get(f"row:{slug}"), columns) for slug, columns in wanted.items()]
    checks = {check.anchor: check for check in version.fact_checks.select_related("checked_by").order_by("pk")}
    facts = []
    for row in main[0].rows if main[0] else ():
        texts = [*_said(row, main[1]), *_said_below(row, others)]
        anchor = f"{main[0].anchor}:{row.code}"
        facts.append(Fact(anchor, row.name or str(_("Row without a name")), texts, checks.get(anchor)))
    return facts


def _said(row: Row, columns: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(text.label, text.text) for text in row.texts if _column(text) in columns and text.text]


def _said_below(parent: Row, others: list) -> list[tuple[str, str]]:
    """The texts of the rows that hang on this one, under the name of each."""
    return [
        (f"{row.label}: {text.label}" if row.label else text.label, text.text)
        for table, columns in others
        if table
        for row in table.rows
        if row.parent == parent.code
        for text in row.texts
        if _column(text) in columns and text.text
    ]


def _column(text: Text) -> str:
    return text.anchor.rpartition(":")[2]
