"""What a host is asked to check in a version, and what it said. What it said about the very same words of an earlier version still holds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef
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
WAITS_WHILE = OutputState.SUBMITTED  # then the facilitator waits for the host's word
CHECKED_WHILE = (OutputState.SUBMITTED, OutputState.SENT_BACK)


@dataclass(frozen=True)
class Fact:
    """One row to be checked, with all that it says about the host."""

    number: int  # from 1, as on the page on which they are checked
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
    """The rows of a version that the host can check, in their order; none in kinds that say nothing about it.

    A row that says what it said when it was checked carries that check. One query, and two more for each earlier version
    with checks, where rows of a later one are not checked yet.
    """
    facts = _facts_in(version)
    if version.number == 1 or all(fact.check for fact in facts):
        return facts
    before = version.output.versions.filter(number__lt=version.number).exclude(fact_checks=None)
    checked = before.select_related("output").distinct().order_by("-number").first()
    if checked is None:
        return facts
    earlier = {fact.anchor: fact for fact in facts_of(checked)}
    return [_carried(fact, earlier.get(fact.anchor)) for fact in facts]


def _carried(fact: Fact, earlier: Fact | None) -> Fact:
    is_same = fact.check is None and earlier is not None and (earlier.name, earlier.texts) == (fact.name, fact.texts)
    return replace(fact, check=earlier.check) if is_same else fact


def versions_to_check(participations: Iterable[int]) -> list[OutputVersion]:
    """The versions of these twins that wait for their host: submitted, the latest, with a row that it has not checked.

    One query, and those of `facts_of` for each version that waits.
    """
    newer = OutputVersion.objects.filter(output=OuterRef("output"), number__gt=OuterRef("number"))
    versions = OutputVersion.objects.filter(
        ~Exists(newer),
        output__participation__in=participations,
        output__kind__in=ABOUT_THE_HOST,
        output__state=WAITS_WHILE,
    ).select_related("output__participation__city")
    found = versions.order_by("submitted_at", "pk")
    return [version for version in found if any(fact.check is None for fact in facts_of(version))]


def _facts_in(version: OutputVersion) -> list[Fact]:
    wanted = ABOUT_THE_HOST.get(version.output.kind, {})
    if not wanted:
        return []
    tables = {table.anchor: table for section in writing_of(version.content) for table in section.tables}
    main, *others = [(tables.get(f"row:{slug}"), columns) for slug, columns in wanted.items()]
    checks = {check.anchor: check for check in version.fact_checks.select_related("checked_by").order_by("pk")}
    facts = []
    for number, row in enumerate(main[0].rows if main[0] else (), start=1):
        texts = [*_said(row, main[1]), *_said_below(row, others)]
        anchor = f"{main[0].anchor}:{row.code}"
        facts.append(Fact(number, anchor, row.name or str(_("Row without a name")), texts, checks.get(anchor)))
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
